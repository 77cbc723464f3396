"""Attributes in braces, ``{.class #id width=50%}``, that a dialect left as text after an element."""

from __future__ import annotations

import re

from lxml import etree

__all__ = ["taken_braces"]

_WRITTEN = r"""[.#][\w-]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"'=]+)"""
_BRACES = re.compile(rf"\{{:? *((?:(?:{_WRITTEN}) *)+)\}}")
_ONE = re.compile(_WRITTEN)


def taken_braces(element: etree._Element) -> list[tuple[str, str]]:
    """Removes the braces after `element` and returns their attributes: ``{.wide width=50%}``.

    A class has the name ``class``, an id ``id``.
    """
    tail = element.tail or ""
    written = _BRACES.match(tail) if tail.startswith("{") else None
    if written is None:
        return []
    element.tail = tail[written.end() :]
    found = []
    for word in _ONE.findall(written[1]):
        name, is_value, value = word.partition("=")
        if is_value:
            found.append((name.lower(), value.strip("\"'")))
        else:
            found.append(("id" if word[0] == "#" else "class", word[1:]))
    return found
