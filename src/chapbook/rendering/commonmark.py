"""The ``commonmark`` dialect: CommonMark and GitHub's additions, as pulldown-cmark reads them.

Tables, footnotes, strikethrough, task lists, alerts, mathematics and heading attributes are on. Definition
lists are off: ``: text`` means nothing in CommonMark, GitHub's Markdown or mdBook's default, and would change
texts written for them.
"""

from __future__ import annotations

import pyromark
from pyromark import Options

__all__ = ["OPTIONS", "render_commonmark"]

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_GFM
    | Options.ENABLE_MATH
    | Options.ENABLE_HEADING_ATTRIBUTES
)


def render_commonmark(text: str) -> str:
    """The HTML of `text`."""
    return pyromark.html(text, options=OPTIONS)
