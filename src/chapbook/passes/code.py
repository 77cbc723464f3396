"""Code is highlighted by Pygments, with its short classes; the theme has the colours.

The elements are made from the tokens themselves, and the text of a block is the same letter by letter
afterwards: where a lexer would change it, the block stays plain.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import add_class, is_blank

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

__all__ = ["highlight_code"]

_LARGEST = 100_000
"""Characters of a block that is highlighted: a larger one is no example, and spans make it tenfold."""
_PREFIXES = ("language-", "lang-")
_NAME = re.compile(r"\{?[.#]?([A-Za-z0-9+#_./*-]+)")


def highlight_code(page: Page) -> None:
    """Highlights every ``pre > code`` of a language Pygments has; in a right-to-left book all code is left to right."""
    for pre in page.body.iter("pre"):
        code = _only_code(pre)
        if code is None:
            continue
        add_class(pre, "highlight")
        language = _language(code)
        if language:
            _highlight(code, language)
    if page.settings.direction == "rtl":
        for code in page.body.iter("pre", "code", "kbd", "samp"):
            if code.get("dir") is None:
                code.set("dir", "ltr")


def _only_code(pre: etree._Element) -> etree._Element | None:
    """The ``code`` that `pre` consists of; ``None`` where other text or elements stand beside it."""
    if len(pre) != 1 or pre[0].tag != "code" or not is_blank(pre.text) or not is_blank(pre[0].tail):
        return None
    return pre[0]


def _language(code: etree._Element) -> str:
    """The language a block names, its class made ``language-x``: of ``rust,ignore`` and ``{.python}`` too."""
    names = code.get("class", "").split()
    others = [each for each in names if not each.startswith(_PREFIXES)]
    for name in names:
        prefix = next((each for each in _PREFIXES if name.startswith(each)), None)
        found = _NAME.match(name.removeprefix(prefix)) if prefix else None
        if found:
            code.set("class", " ".join([f"language-{found[1]}", *(each for each in others if each.isidentifier())]))
            return found[1]
    if len(others) < len(names):
        del code.attrib["class"]
        if others:
            code.set("class", " ".join(others))
    return ""


def _highlight(code: etree._Element, language: str) -> None:
    text = code.text or ""
    if len(code) or not text or len(text) > _LARGEST:
        return
    lexer = _lexer(language.lower())
    if lexer is None:
        return
    runs = _runs(lexer(), text)  # one for each block: some lexers keep what they have read
    if "".join(run for _, run in runs) == text:
        _fill(code, runs)


@lru_cache(maxsize=64)
def _lexer(language: str) -> type[Lexer] | None:
    """Pygments's own lexer class of that name: those of other packages would make a book depend on the machine."""
    from pygments.lexers import LEXERS, find_lexer_class_by_name  # noqa: PLC0415 - a book without code needs none of it

    if not any(language in aliases for _, _, aliases, _, _ in LEXERS.values()) or language in {"text", "output"}:
        return None
    return find_lexer_class_by_name(language)


def _runs(lexer: Lexer, text: str) -> list[tuple[str, str]]:
    """The text in order, in runs of one class each; many lexers want a line end at the end."""
    whole = text if text.endswith("\n") else text + "\n"
    runs: list[tuple[str, str]] = []
    for _, kind, value in lexer.get_tokens_unprocessed(whole):
        name = _class(kind)
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + value)
        elif value:
            runs.append((name, value))
    if whole is not text and runs:
        name, value = runs.pop()
        if value != "\n":  # else the line end was a run of its own
            runs.append((name, value.removesuffix("\n")))
    return runs


@lru_cache(maxsize=512)
def _class(kind: _TokenType) -> str:
    """Pygments's short class of a token; none for plain text, white space and what a lexer did not know."""
    from pygments.token import STANDARD_TYPES, Token  # noqa: PLC0415 - see above

    line: list[_TokenType] = []
    each: _TokenType | None = kind
    while each is not None:
        line.append(each)
        each = each.parent
    if any(each is Token.Error or each is Token.Text for each in line):
        return ""
    return next((STANDARD_TYPES[each] for each in line if each in STANDARD_TYPES), "")


def _fill(code: etree._Element, runs: list[tuple[str, str]]) -> None:
    code.text = ""
    last: etree._Element | None = None
    for name, run in runs:
        if name:
            last = etree.SubElement(code, "span", {"class": name})
            last.text = run
        elif last is None:
            code.text += run
        else:
            last.tail = (last.tail or "") + run
