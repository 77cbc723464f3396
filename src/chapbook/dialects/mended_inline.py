"""Inline fixes in the ``markdown`` dialect: emphasis, attribute lists, tags and addresses.

Python-Markdown 3.11.1 to 3.11.3 pairs some emphasis signs of different lengths wrongly and drops the text after them:
``*a**b*c`` loses its ``c``. `keep_words` compares the result with the source; if text is missing, the signs stay as
written.

As in CommonMark, text in a tag or an address isn't markup. Python-Markdown searches for one kind of markup after the
other, and for raw HTML almost last, so it finds formulas, notes, code and links inside attributes and addresses.
`Verbatim` reads the text once from its beginning, like CommonMark (0.31.2, sections 6.3 to 6.6): what begins first
wins. Markup signs inside a tag or address are escaped, in the form that later steps know.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any, Final

from markdown import Markdown
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.inlinepatterns import (
    AUTOLINK_RE,
    BACKTICK_RE,
    LINK_RE,
    BacktickInlineProcessor,
    LinkInlineProcessor,
)
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX, AtomicString

from chapbook.dialects.commonmark import ATTRIBUTE

__all__ = ["AttributeLists", "Verbatim", "keep_words"]

_Found = tuple[ET.Element | None, int | None, int | None]


def keep_words(md: Markdown) -> None:
    """Leaves emphasis as it was written if it would lose words."""
    pattern: Any = md.inlinePatterns["em_strong"]
    pattern.handleMatch = _checked(pattern, pattern.handleMatch)


def _checked(pattern: Any, find: Callable[[re.Match[str], str], _Found]) -> Callable[[re.Match[str], str], _Found]:  # noqa: ANN401 - its class has no types
    def found(match: re.Match[str], data: str) -> _Found:
        element, start, end = find(match, data)
        if element is None or _is_whole(element, data[start:end], pattern.tokens):
            return element, start, end
        pattern.reset()  # its other matches in this text rest on the same pairs
        return None, match.start(), match.end()

    return found


def _is_whole(element: ET.Element, written: str, signs: list[str]) -> bool:
    without = str.maketrans(dict.fromkeys("".join(signs), ""))
    return "".join(element.itertext()).translate(without) == written.translate(without)


_LIST = rf"\{{(?=:|[ ]*{ATTRIBUTE}(?:[ ]+{ATTRIBUTE})*[ ]*\}})\:?[ ]*([^\}}\n ][^\n]*)\}}"


class AttributeLists(AttrListTreeprocessor):
    """``{#id .class key=value}``, or anything after ``{:``.

    Python-Markdown reads any braces at the end of a heading or paragraph as attributes, which loses the words in them.
    """

    # The stubs say that these are final, but Python-Markdown's own code reads them from the instance.
    BASE_RE = _LIST  # type: ignore[misc]
    HEADER_RE = re.compile(rf"[ ]+{_LIST}[ ]*$")  # type: ignore[misc]
    BLOCK_RE = re.compile(rf"\n[ ]*{_LIST}[ ]*$")  # type: ignore[misc]
    INLINE_RE = re.compile(rf"^{_LIST}")  # type: ignore[misc]


_ATTRIBUTE: Final = r"""\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?+"""
_TAG: Final = re.compile(
    rf"<(?:[A-Za-z][A-Za-z0-9-]*+(?:{_ATTRIBUTE})*+\s*+/?|\?(?:(?!\?>|<\?).)*+\?)>|{AUTOLINK_RE}", re.ASCII | re.DOTALL
)
"""An opening tag, a processing instruction, or an address in angle brackets."""
_CONCERNED: Final = re.compile(
    r"""<(?:\?|[A-Za-z](?:[^<>$`\[\]"']|"[^"<$`\[\]]*+"|'[^'<$`\[\]]*+')*+[^>])|\]\([^()$`\[]*+[($`\[]"""
)
"""A tag or address that may contain markup signs; most don't, and are skipped."""
_SIGN: Final = re.compile(r"\\.|`+|<|\$|\[|\]\(?", re.DOTALL)
_IN_TAG: Final = re.compile(r"(?!\A)<|[$`\[\]]")
_IN_ADDRESS: Final = re.compile(r"\\.|[$`\[]", re.DOTALL)

_LONGEST: Final = 2_000
"""The most characters in which the end of an address with its title is looked for."""

_End = Callable[[str, int], int]
"""Returns where something that begins at a position ends; 0 if nothing begins there."""


class _Link(LinkInlineProcessor):
    """Links, whose addresses are read before other patterns replace parts of them."""

    def unescape(self, text: str) -> str:
        return text


class Verbatim(Treeprocessor):
    """Escapes markup signs in tags and addresses. `note` and `formula` find note references and formulas."""

    def __init__(self, md: Markdown, *, note: _End, formula: _End) -> None:
        super().__init__(md)
        # The stubs say that these return nothing.
        self._code: Any = BacktickInlineProcessor(BACKTICK_RE)
        self._link: Any = _Link(LINK_RE, md)
        self._ends: dict[str, _End] = {"`": self._code_end, "$": formula, "<": _tag_end, "[": note}

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            text, tail = element.text, element.tail
            if text and _is_concerned(text):
                element.text = self._marked(text)
            if tail and _is_concerned(tail):
                element.tail = self._marked(tail)

    def _marked(self, text: str) -> str:
        parts: list[str] = []
        written = at = brackets = 0
        while found := _SIGN.search(text, at):
            start, sign, at = found.start(), found[0], found.end()
            find = self._ends.get(sign[0])
            if find is not None:
                end = find(text, start)
                at = end or at
                brackets += sign == "[" and not end
                if sign == "<" and end:
                    parts += [text[written:start], _IN_TAG.sub(_escaped, text[start:end])]
                    written = end
            elif sign[0] == "]":
                end = self._address_end(text, start + 1) if brackets and sign == "](" else 0
                brackets -= bool(brackets)
                if end:
                    parts += [text[written:start], "]", _IN_ADDRESS.sub(_escaped, text[start + 1 : end])]
                    written = at = end
        return "".join([*parts, text[written:]])

    def _code_end(self, text: str, start: int) -> int:
        begin, end = self._code.find_code_spans(start, text)
        return int(begin if end is None else end + begin - start)

    def _address_end(self, text: str, start: int) -> int:
        _, _, length, is_address = self._link.getLink(text[start : start + _LONGEST], 0)
        return start + int(length) if is_address else 0


def _is_concerned(text: str) -> bool:
    return ("<" in text or "](" in text) and not isinstance(text, AtomicString) and _CONCERNED.search(text) is not None


def _tag_end(text: str, start: int) -> int:
    tag = _TAG.match(text, start)
    return tag.end() if tag else 0


def _escaped(sign: re.Match[str]) -> str:
    """`sign` in Python-Markdown's form of an escaped character; an existing backslash escape stays."""
    return sign[0] if len(sign[0]) > 1 else f"{STX}{ord(sign[0])}{ETX}"
