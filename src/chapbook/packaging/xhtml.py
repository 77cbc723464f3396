"""The frame of the content documents that chapbook writes itself, and the escaping of their text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from html import escape

from chapbook.model.hyphenation import LONG_WORD, long_words, plain
from chapbook.model.metadata import text_direction
from chapbook.model.urls import encoded_fragment
from chapbook.model.xml_text import CONTROLS, EXCLUDED, NONCHARACTERS, single_spaced

__all__ = ["clean", "displayed", "escaped", "one_line", "page", "plain_line", "reference"]


def escaped(text: str) -> str:
    """`text` on one line, clean, for use as XML text or an attribute's value."""
    return escape(one_line(text))


def reference(href: str) -> str:
    """A resource's name, optionally with a fragment, as the escaped value of an ``href``.

    Names are portable already; a fragment is an id in a document and may contain anything. Its non-ASCII letters stay,
    because epub.js looks up the id as written, without decoding.
    """
    name, mark, fragment = href.partition("#")
    return escape(name + mark + encoded_fragment(fragment))


def page(*, title: str, language: str, body_class: str, body: str, stylesheets: Iterable[str]) -> bytes:
    """An XHTML content document at the publication's root (EPUB 3.3, section 6.1), as UTF-8.

    `body` is markup; `title` is plain text; `stylesheets` are the publication's names.
    """
    tag = escaped(language)
    direction = ' dir="rtl"' if text_direction(language) == "rtl" else ""
    # Amazon's converter ignores style sheets whose link has no type.
    links = "".join(f'<link rel="stylesheet" type="text/css" href="{reference(name)}"/>\n' for name in stylesheets)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{tag}" xml:lang="{tag}"{direction}>\n'
        f"<head>\n<title>{escaped(title)}</title>\n{links}</head>\n"
        f'<body class="{body_class}">\n{body}\n</body>\n</html>\n'
    ).encode()


_PLAIN = re.compile("[\t\n\r -~\xa0-\u2027]*")
"""Text in which nothing has to be removed; most text is like this."""


def clean(text: str) -> str:
    """`text` without control characters, lone surrogates and noncharacters, and without surrounding white space."""
    return (text if _PLAIN.fullmatch(text) else _forbidden().sub("", text)).strip()


@cache
def _forbidden() -> re.Pattern[str]:
    """Characters outside XML 1.0's Char, and the control characters and noncharacters that it discourages."""
    planes = "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    return re.compile(f"[{EXCLUDED}{CONTROLS}{NONCHARACTERS}{planes}]")


def one_line(text: str) -> str:
    """`clean` text with each run of white space as one space; special spaces (no-break, narrow, wide) stay."""
    return single_spaced(clean(text))


def plain_line(text: str) -> str:
    """`text` on one line for software, without soft hyphens, which count as letters there."""
    return plain(one_line(text))


def displayed(text: str, language: str) -> str:
    """`text` as the XML text of a title on one line; elements around its long words let them break only if needed."""
    parts = long_words(one_line(text), language)
    return "".join(
        f'<span class="{LONG_WORD}">{escape(part)}</span>' if is_long else escape(part) for part, is_long in parts
    )
