"""Raw HTML that would swallow what follows it, made to hold only what its author meant.

A browser reads an unclosed comment, ``<title>`` or quotation mark to the end of the page; in a book that is a
chapter lost to one slip. Only a construct that never closes is changed; what closes is read as HTML has it.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from string import ascii_uppercase

from msgspec import Struct

__all__ = ["MOST_ATTRIBUTES", "RawHtml", "read_as_meant"]

_OPENING = re.compile(
    r"<(?:(?P<comment>!--)|(?P<cdata>!\[CDATA\[)|(?P<instruction>\?)|(?P<tag>/?[A-Za-z][^\s/>]*))", re.IGNORECASE
)
_ATTRIBUTES = re.compile(r"""(?:[^=>]|=\s*"[^"]*"|=\s*'[^']*'|=(?!\s*["']))*+>""")
_ATTRIBUTE = re.compile(r"""[^\s/>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?""")
MOST_ATTRIBUTES = 256
"""Of one element; the time that the HTML parser takes grows with their square."""
_ADDRESS = re.compile(r"""<((?:https?://|mailto:)[^\s<>"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>""", re.ASCII | re.IGNORECASE)
"""An address in angle brackets: a link in Markdown, and in raw HTML what its author meant for one."""
_VALUE = re.compile(r"""=\s*("[^"]*"|'[^']*')""")
_RUNAWAY = re.compile(r"\n\s*\n|\n[^\n]*</?[A-Za-z]|</?[A-Za-z][^\n]*\n")
"""What a value holds whose quotation mark was forgotten: a blank line, or tags on more lines than one."""
_RAW_TEXT = frozenset({"script", "style", "textarea", "title", "xmp", "iframe"})
_TRANSPARENT = frozenset({"noembed", "noframes", "plaintext", "template"})
"""Elements whose tags go at once: a browser keeps their content apart, and what is in them are words all the same."""

_VOID_OR_IMPLIED = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody "
        "tfoot caption colgroup option optgroup rt rp rb rtc html head body frame"
    ).split()
)
_FORMATTING = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "a b big code em font i nobr s small strike strong tt u"
    ).split()
)
"""Elements that HTML opens anew in every block until they close (section 13.2.4.3)."""
_LOWER = {ord(letter): letter.lower() for letter in ascii_uppercase}
_DEEPEST = 500
_MOST_COPIES = 200_000
"""Formatting elements left open, times the tags that may copy them; beyond, further ones are left out."""

_MANY, _NEAR = 50, 2_000
"""After so many tags that never close, a tag is only looked for so many characters ahead, or time were squared."""


class RawHtml(Struct, frozen=True, kw_only=True):
    """HTML without comments and processing instructions, and with nothing in it that swallows the rest."""

    text: str
    unclosed: tuple[str, ...]
    """The names of the elements, in order, whose tag was dropped or became text for that."""
    stripped: tuple[str, ...]
    """The names of the elements, in order, that had more than `MOST_ATTRIBUTES` and lost them."""


def read_as_meant(html: str) -> RawHtml:
    """`html` as its author meant it."""
    reading = _Reading(html)
    text = reading.text()
    unclosed, stripped = (tuple(dict.fromkeys(names)) for names in (reading.unclosed, reading.stripped))
    return RawHtml(text=text, unclosed=unclosed, stripped=stripped)


def _runs_away(attributes: str) -> bool:
    return any(_RUNAWAY.search(value[1]) for value in _VALUE.finditer(attributes))


class _Reading:
    """One walk over the text, from construct to construct; each search for an end is made once."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._lower = html.translate(_LOWER)  # `lower` makes two characters of one, U+0130
        self._parts: list[str] = []
        self._absent: set[str] = set()
        self.unclosed: list[str] = []
        self.stripped: list[str] = []
        self._open: Counter[str] = Counter()
        self._depth = 0
        self._formatting = 0
        self._most_formatting = max(3, min(_DEEPEST, _MOST_COPIES // (html.count("<") + 1)))

    def text(self) -> str:
        html, at = self._html, 0
        while (match := _OPENING.search(html, at)) is not None:
            self._parts.append(html[at : match.start()])
            at = self._after(match)
        self._parts.append(html[at:])
        return "".join(self._parts)

    def _after(self, match: re.Match[str]) -> int:
        """Writes what stays of the construct at `match`, and gives where reading goes on."""
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
        return self._after_tag(match["tag"].lower(), start, end)

    def _after_comment(self, end: int) -> int:
        for short in (">", "->"):
            if self._html.startswith(short, end):
                return end + len(short)
        closes = [(self._find(sign, end), len(sign)) for sign in ("-->", "--!>")]
        found = [at + length for at, length in closes if at >= 0]
        return min(found) if found else end

    def _after_tag(self, name: str, start: int, end: int) -> int:
        address = _ADDRESS.match(self._html, start)
        if address:
            href = address[1] if ":" in address[1] else f"mailto:{address[1]}"
            self._parts.append(f'<a href="{escape(href)}">{escape(address[1])}</a>')
            return address.end()
        close = self._end_of_tag(end)
        if close is None:
            self.unclosed.append(name)
            self._parts.append("&lt;" + self._html[start + 1 : end])
            return end
        if name.removeprefix("/") in _TRANSPARENT:
            return close
        tag = self._html[start:close]
        if self._has_too_many(tag):
            self.stripped.append(name)
            tag = f"<{name}>"
        if name in _RAW_TEXT:
            last = self._find(f"</{name}", close)
            if last < 0:
                self.unclosed.append(name)
                return close
            self._parts += (tag, self._html[close:last])
            return last
        if self._fits(name):
            self._parts.append(tag)
        return close

    @staticmethod
    def _has_too_many(tag: str) -> bool:
        """Whether a tag has more attributes than an element may have; few are long enough to be counted."""
        return len(tag) > 2 * MOST_ATTRIBUTES and sum(1 for _ in _ATTRIBUTE.finditer(tag)) > MOST_ATTRIBUTES

    def _fits(self, name: str) -> bool:
        """Counts a tag as open or closed. Gives False where it would open too much at once."""
        if name.startswith("/"):
            if self._open[name[1:]]:
                self._count(name[1:], -1)
        elif name not in _VOID_OR_IMPLIED:
            if self._depth >= _DEEPEST or (name in _FORMATTING and self._formatting >= self._most_formatting):
                return False
            self._count(name, 1)
        return True

    def _count(self, name: str, step: int) -> None:
        self._open[name] += step
        self._depth += step
        self._formatting += step * (name in _FORMATTING)

    def _end_of_tag(self, at: int) -> int | None:
        """Where the tag closes whose name ends at `at`: not at all, if a value runs over a blank line."""
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
