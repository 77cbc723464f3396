"""Attribute lists in the ``markdown`` dialect: Python-Markdown's, but for braces that hold words."""

from __future__ import annotations

import re

from markdown.extensions.attr_list import AttrListTreeprocessor

from chapbook.rendering.dialects.commonmark import ATTRIBUTE

__all__ = ["AttributeLists"]

_LIST = rf"\{{(?=:|[ ]*{ATTRIBUTE}(?:[ ]+{ATTRIBUTE})*[ ]*\}})\:?[ ]*([^\}}\n ][^\n]*)\}}"


class AttributeLists(AttrListTreeprocessor):
    """``{#id .class key=value}``, or anything after ``{:``.

    Python-Markdown takes every brace at the end of a heading or paragraph for attributes, and the words in it
    are lost.
    """

    # The stubs say that these are final; Python-Markdown's own code reads them from the instance.
    BASE_RE = _LIST  # type: ignore[misc]
    HEADER_RE = re.compile(rf"[ ]+{_LIST}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{_LIST}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(rf"^{_LIST}")  # type: ignore[misc]
