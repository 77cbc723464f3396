"""Emphasis in the ``markdown`` dialect: Python-Markdown's, but where it would lose words.

Python-Markdown 3.11.1 to 3.11.3 pairs some signs of different lengths wrongly, and what stands behind them is gone:
of ``*a**b*c`` no ``c`` is left. What it makes of signs is held against what stood there; where that is not all of it,
the signs stay as they are.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

from markdown import Markdown, inlinepatterns
from markdown.extensions.attr_list import AttrListTreeprocessor

from chapbook.dialects.commonmark import ATTRIBUTE

__all__ = ["AttributeLists", "keep_words"]

_Found = tuple[ET.Element | None, int | None, int | None]


def keep_words(md: Markdown) -> None:
    """Has emphasis that would lose words left as it was written."""
    pattern: Any = md.inlinePatterns["em_strong"]
    if type(pattern) is getattr(inlinepatterns, "DelimiterProcessor", None):  # other releases have none
        pattern.handleMatch = _checked(pattern, pattern.handleMatch)


def _checked(pattern: Any, find: Callable[[re.Match[str], str], _Found]) -> Callable[[re.Match[str], str], _Found]:  # noqa: ANN401 - a class that not every release has
    def found(match: re.Match[str], data: str) -> _Found:
        element, start, end = find(match, data)
        if element is None or _is_whole(element, data[start:end], pattern.tokens):
            return element, start, end
        pattern.reset()  # what else it found in this text rests on the same pairs
        return None, match.start(), match.end()

    return found


def _is_whole(element: ET.Element, written: str, signs: list[str]) -> bool:
    without = str.maketrans(dict.fromkeys("".join(signs), ""))
    return "".join(element.itertext()).translate(without) == written.translate(without)


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
