"""Highlights code with Pygments and its short classes; the theme sets the colours.

The elements are made from the tokens, and the text of a block stays exactly the same: if a lexer would change it, the
block stays plain.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import add_class, is_blank, make, replace
from chapbook.model.marks import FENCE_INFO

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

__all__ = ["highlight_code"]

_LARGEST = 100_000
"""The most characters in a highlighted block; spans make it ten times as long."""
_PREFIXES = ("language-", "lang-")
_NAME = re.compile(r"\{?[.#]?([A-Za-z0-9+#_./*-]+)")


def highlight_code(page: Page) -> None:
    """Highlights each ``pre > code`` whose language Pygments knows; code in right-to-left text runs left to right."""
    drawn: Counter[str] = Counter()
    for pre in list(page.body.iter("pre")):
        code = _only_code(pre)
        if code is None:
            continue
        add_class(pre, "highlight")
        title, lines = _said_beside(code)
        language = _language(code)
        if language:
            _highlight(code, language)
            drawn[language] += language.lower() in _DIAGRAMS
        if lines:
            _mark_lines(code, lines)
        if title:
            pre.addprevious(_titled(title))
    _name_diagrams(page, drawn)
    _keep_left_to_right(page)


_CODE = "descendant::*[self::pre or self::code or self::kbd or self::samp]"
_IN_RTL = etree.XPath(f"{_CODE}[ancestor::*[@dir][1]/@dir = 'rtl']")
_NOT_IN_LTR = etree.XPath(f"{_CODE}[not(ancestor::*[@dir]) or ancestor::*[@dir][1]/@dir = 'rtl']")


def _keep_left_to_right(page: Page) -> None:
    """Sets the direction of code in right-to-left text, and isolates inline code from the words beside it."""
    for code in (_NOT_IN_LTR if page.direction == "rtl" else _IN_RTL)(page.body):
        if code.get("dir") is None:
            code.set("dir", "ltr")
        around = code.getparent()
        if code.tag != "pre" and around is not None and around.tag not in {"bdi", "pre"}:
            isolated = make("bdi")
            replace(code, isolated)
            isolated.append(code)


_DIAGRAMS = frozenset({"mermaid", "plantuml", "puml", "dot", "graphviz", "d2", "vega-lite", "abc"})


def _name_diagrams(page: Page, drawn: Counter[str]) -> None:
    """Reports blocks of code that are diagrams in another tool."""
    for language, number in drawn.items():
        if number:
            blocks = "a block stays" if number == 1 else f"{number} blocks stay"
            message = f"chapbook doesn't draw {language} diagrams: {blocks} code"
            at = page.locator.fence(language)
            page.report(
                "diagram-code", message, at=at, hint="save each one as a picture (SVG or PNG), and show the picture"
            )


def _said_beside(code: etree._Element) -> tuple[str, frozenset[int]]:
    """The title and the highlighted line numbers, which are removed from the class of `code`."""
    names = code.get("class", "").split()
    for nth, name in enumerate(names):
        language, is_said, said = name.partition(FENCE_INFO)
        if not is_said:
            continue
        names[nth] = language
        code.set("class", " ".join(names))
        try:
            title, numbers = bytes.fromhex(said).decode().split("\n")
        except ValueError:
            return "", frozenset()
        ranges = (each.partition("-") for each in numbers.split(",") if each)
        return title, frozenset(
            line for first, _, last in ranges for line in range(int(first), min(int(last or first), _MOST_LINES) + 1)
        )
    return "", frozenset()


_MOST_LINES = 10_000


def _titled(title: str) -> etree._Element:
    """The title of a code block, usually a file name."""
    paragraph = make("p", class_="code-title", style="text-indent: 0; margin-bottom: 0; page-break-after: avoid")
    etree.SubElement(paragraph, "code").text = title
    return paragraph


def _mark_lines(code: etree._Element, lines: frozenset[int]) -> None:
    """Wraps the lines with those numbers, counted from 1, in ``strong``; elements are split at line ends."""
    if any(len(child) for child in code):
        return
    pieces = [("", code.text or "")]
    for child in code:
        pieces += [(child.get("class", ""), child.text or ""), ("", child.tail or "")]
    code[:] = []
    code.text = ""
    number, place = 1, code
    for name, text in pieces:
        for piece in re.findall(r"[^\n]+|\n", text):
            if piece == "\n":
                number, place = number + 1, code
                _append(code, piece)
                continue
            if number in lines and place is code:
                place = etree.SubElement(code, "strong", {"class": "hll"})
            if name:
                etree.SubElement(place, "span", {"class": name}).text = piece
            else:
                _append(place, piece)


def _append(code: etree._Element, text: str) -> None:
    if len(code):
        code[-1].tail = (code[-1].tail or "") + text
    else:
        code.text = (code.text or "") + text


def _only_code(pre: etree._Element) -> etree._Element | None:
    """The ``code`` if it is all that `pre` contains; otherwise ``None``."""
    if len(pre) != 1 or pre[0].tag != "code" or not is_blank(pre.text) or not is_blank(pre[0].tail):
        return None
    return pre[0]


def _language(code: etree._Element) -> str:
    """The language of a block, also from ``rust,ignore`` and ``{.python}``; changes the class to ``language-x``."""
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
    runs = _runs(lexer(), text)  # a new lexer for each block: some keep state
    if "".join(run for _, run in runs) == text:
        _fill(code, runs)


@lru_cache(maxsize=64)
def _lexer(language: str) -> type[Lexer] | None:
    """Pygments's own lexer class of that name; other packages' lexers would make the book depend on the machine."""
    from pygments.lexers import LEXERS, find_lexer_class_by_name  # noqa: PLC0415 - a book without code needs none of it

    if not any(language in aliases for _, _, aliases, _, _ in LEXERS.values()) or language in {"text", "output"}:
        return None
    return find_lexer_class_by_name(language)


def _runs(lexer: Lexer, text: str) -> list[tuple[str, str]]:
    """The text in order, in runs of one class each; adds a final line break, which many lexers want."""
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
        if value != "\n":  # otherwise the line break was a run of its own
            runs.append((name, value.removesuffix("\n")))
    return runs


@lru_cache(maxsize=512)
def _class(kind: _TokenType) -> str:
    """Pygments's short class for a token; ``None`` for plain text, white space and unrecognised text."""
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
