"""Repairs raw HTML that would swallow the text after it.

A browser reads an unclosed comment, ``<title>`` or quotation mark up to the end of the page; in a book, one slip would
cost a chapter. Only constructs that are never closed are changed; closed ones follow HTML's rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from types import MappingProxyType

from msgspec import Struct

from chapbook.markup.page import Page
from chapbook.markup.tags import LOWER, MOST_ATTRIBUTES, Tag, settle_tags

__all__ = ["RawHtml", "read_as_meant", "report_faults"]

_OPENING = re.compile(
    r"<(?:(?P<comment>!--)|(?P<cdata>!\[CDATA\[)|(?P<instruction>\?)|(?P<tag>/?[A-Za-z][^\s/><]*))", re.IGNORECASE
)
_ATTRIBUTES = re.compile(r"""(?:[^=<>]|=\s*"[^"]*"|=\s*'[^']*'|=(?!\s*["']))*+>""")
_ADDRESS = re.compile(
    r"""<((?:https?://|mailto:|tel:)[^\s<>"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>""", re.ASCII | re.IGNORECASE
)
"""An address in angle brackets: a link in Markdown, and usually meant as one in raw HTML."""
_VALUE = re.compile(r"""=\s*("[^"]*"|'[^']*')""")
_RUNAWAY = re.compile(r"\n\s*\n|\n[^\n]*</?[A-Za-z]|</?[A-Za-z][^\n]*\n")
"""What a value contains if its closing quotation mark was forgotten: a blank line, or tags on several lines."""
_RAW_TEXT = frozenset({"script", "style", "textarea", "title", "xmp", "iframe"})
_FOREIGN = frozenset({"math", "svg"})
_TRANSPARENT = frozenset({"noembed", "noframes", "plaintext", "template"})
"""Elements whose tags are removed early: a browser would hide their content, which may be words."""

_STRAY = re.compile(
    r"(</(?:caption|dd|dt|figcaption|li|option|summary|t[dhr])\s*>|<(?:table|tbody|tfoot|thead|tr)(?:\s[^<>]*)?>)(?=[^\s<])",
    re.IGNORECASE,
)
"""Where stray words begin between items or cells; a browser shows them separately."""

_MANY, _NEAR = 50, 2_000
"""After so many unclosed tags, a closing one is searched for only so many characters ahead, to avoid quadratic time."""


class RawHtml(Struct, frozen=True, kw_only=True):
    """HTML without comments and processing instructions, and without constructs that swallow the rest."""

    text: str
    faults: tuple[tuple[str, str, int], ...] = ()
    """What to report: kind, element name as written, and number. ``unclosed`` tags were removed or became text, because
    they would have swallowed the rest; the others are those of `settle_tags`.
    """


def read_as_meant(html: str) -> RawHtml:
    """Repairs `html` to mean what its author meant."""
    reading = _Reading(html)
    text = _STRAY.sub(r"\1 ", reading.text())
    faults = {"unclosed": Counter(dict.fromkeys(reading.unclosed, 1)), **reading.said}
    listed = [(kind, name, count) for kind, names in faults.items() for name, count in names.items()]
    return RawHtml(text=text, faults=tuple(listed))


def _runs_away(attributes: str) -> bool:
    return any(_RUNAWAY.search(value[1]) for value in _VALUE.finditer(attributes))


class _Reading:
    """One pass over the text, from construct to construct; it looks for each end only once."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._lower = html.translate(LOWER)
        self._parts: list[str | Tag] = []
        self._absent: set[str] = set()
        self._foreign_until = 0
        self.unclosed: list[str] = []
        self.said: dict[str, Counter[str]] = {}

    def text(self) -> str:
        html, at = self._html, 0
        while (match := _OPENING.search(html, at)) is not None:
            self._parts.append(html[at : match.start()])
            at = self._after(match)
        self._parts.append(html[at:])
        self.said = settle_tags([part for part in self._parts if isinstance(part, Tag)])
        return "".join(part if isinstance(part, str) else part.text for part in self._parts)

    def _after(self, match: re.Match[str]) -> int:
        """Writes what remains of the construct at `match`, and returns where to continue."""
        start, end = match.span()
        if match["comment"]:
            return self._after_comment(end)
        if match["cdata"]:
            close = self._find("]]>", end)
            self._parts.append(escape(self._html[end:close], quote=False) if close >= 0 else "")
            return close + 3 if close >= 0 else end
        if match["instruction"]:
            close = self._find("?>", end)
            self._parts.append("" if close >= 0 else "&lt;?")
            return close + 2 if close >= 0 else end
        return self._after_tag(match["tag"], start, end)

    def _after_comment(self, end: int) -> int:
        for short in (">", "->"):
            if self._html.startswith(short, end):
                return end + len(short)
        closes = [(self._find(sign, end), len(sign)) for sign in ("-->", "--!>")]
        found = [at + length for at, length in closes if at >= 0]
        return min(found) if found else end

    def _after_tag(self, written: str, start: int, end: int) -> int:
        address = _ADDRESS.match(self._html, start)
        if address:
            href = address[1] if ":" in address[1] else f"mailto:{address[1]}"
            self._parts.append(f'<a href="{escape(href)}">{escape(address[1])}</a>')
            return address.end()
        close = self._end_of_tag(end)
        if close is None:
            self.unclosed.append(written)
            self._parts.append("&lt;" + self._html[start + 1 : end])
            return end
        name = written.translate(LOWER)
        if name.removeprefix("/") in _TRANSPARENT:
            return close
        tag = Tag(written, self._html[start:close], foreign=start < self._foreign_until)
        if name in _RAW_TEXT and not tag.foreign:
            last = self._find(f"</{name}", close)
            if last < 0:
                self.unclosed.append(written)
                return close
            self._parts += (tag, self._html[close:last])
            return last
        if name in _FOREIGN and not tag.foreign:
            self._foreign_until = self._find(f"</{name}", close)
        self._parts.append(tag)
        return close

    def _end_of_tag(self, at: int) -> int | None:
        """Where the tag whose name ends at `at` is closed; ``None`` if a value runs over a blank line."""
        if self._find(">", at) < 0:
            return None
        reach = len(self._html) if len(self.unclosed) < _MANY else at + _NEAR
        match = _ATTRIBUTES.match(self._html, at, reach)
        if match is None or ("\n" in match[0] and _runs_away(match[0])):
            return None
        return match.end()

    def _find(self, sign: str, start: int) -> int:
        if sign in self._absent:
            return -1
        found = self._lower.find(sign, start)
        if found < 0:
            self._absent.add(sign)
        return found


def report_faults(page: Page, faults: Sequence[tuple[str, str, int]]) -> None:
    """Reports the faults found in raw HTML (see `RawHtml`), once for each name."""
    for kind, name, count in faults:
        code, message, hint = _FAULTS[kind]
        times = f" ({count} times)" if count > 1 else ""
        page.report(code, f"'<{name}>' {message}{times}", at=page.locator.element(name), hint=hint.format(name=name))


_FAULTS = MappingProxyType(
    {
        "unclosed": (
            "markup-unwrapped",
            "never closes and would swallow what follows",
            "its text stays. Close it, or put it in backticks to show the tag itself",
        ),
        "open": (
            "markup-unwrapped",
            "never closes, so chapbook shows it as text",
            "write '</{name}>' where it ends, or put it in backticks to show the tag itself",
        ),
        "ended": (
            "markup-unwrapped",
            "never closes, so chapbook ends it with its block",
            "write '</{name}>' where it ends",
        ),
        "shown": (
            "markup-unwrapped",
            "isn't an HTML element, so chapbook shows it as text",
            "to keep it as text, write '\\<{name}>' or put it in backticks",
        ),
        "unwrapped": (
            "markup-unwrapped",
            "isn't an HTML element",
            "its text stays. To show the tag itself, write '\\<{name}>'",
        ),
        "stripped": (
            "markup-removed",
            f"has more than {MOST_ATTRIBUTES} attributes, so chapbook removed them",
            "its text stays; keep only the attributes that the book needs",
        ),
    }
)
"""The code, message and hint of each kind of fault."""
