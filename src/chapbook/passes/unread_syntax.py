"""Reports text that looks like Markdown but was read as plain text, or has no effect; authors wouldn't notice
otherwise.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from lxml import etree

from chapbook.markup.page import Page
from chapbook.passes.foreign_signs import FOREIGN_SIGNS, ForeignSign

__all__ = ["name_foreign", "name_lists", "name_references"]

_ITEM = re.compile(r"\n[ \t]*((?:[-+*]|\d{1,9}[.)])[ \t]+[^\s].*)")
_ITEM_BELOW = re.compile(r"\n(?<=[^\n]\n)[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+\S")
_LINES = etree.XPath("descendant::p/text()[contains(., '\n')] | descendant::li/text()[contains(., '\n')]")
_ALL_TEXT = etree.XPath("string()", smart_strings=False)
_SHOWN = 30


def name_lists(page: Page) -> None:
    """Reports paragraph lines that begin like list items: the first one, with their number."""
    if _ITEM_BELOW.search(page.chapter.text) is None:
        return
    found = [line.strip() for text in _LINES(page.body) for line in _ITEM.findall(text)]
    if found:
        more = f" ({len(found)} such lines)" if len(found) > 1 else ""
        shown = found[0] if len(found[0]) <= _SHOWN else f"{found[0][:_SHOWN]}…"
        page.report(
            "list-unread",
            f"'{shown}' looks like a list item, but is part of a paragraph{more}",
            at=page.locator.text(found[0]),
            hint="for a list, put an empty line before it; otherwise join it to the line above",
        )


_DEFINITION = re.compile(r"\n[ ]{0,3}\[(?!\^)((?:[^\[\]\\\n]|\\.)+)\]:[ \t]*\S")
_COMMENT = re.compile(r"\n[ ]{0,3}\[[^\]\n]*\]:[ \t]*(?:#|<>)[ \t]*(?:[\"'(]|$)", re.MULTILINE)
"""``[//]: # (words)``, which authors use as a comment."""
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\](?!:)")


def name_references(page: Page) -> None:
    """Reports reference definitions (``[label]: address``) that are given twice or never used."""
    text = f"\n{page.chapter.text}"
    if "]:" not in text:
        return
    defined: dict[str, list[int]] = {}
    for found in _DEFINITION.finditer(text):
        if page.locator.is_code(found.start()) or _COMMENT.match(text, found.start()):
            continue
        defined.setdefault(_folded(found[1]), []).append(found.start(1) - 2)
    if not defined:
        return
    used = {_folded(found[1]) for found in _LABEL.finditer(text)}
    for places in defined.values():
        if len(places) > 1:
            page.report(
                "reference-doubled",
                f"the link reference '[{_written(page, places[0])}]' has {len(places)} definitions; the first counts",
                at=page.locator.offset(places[1]),
                hint="give the others another label, or delete them",
            )
    unused = [places[0] for label, places in defined.items() if label not in used]
    if unused:
        name = _written(page, unused[0])
        more = f", nor {len(unused) - 1} more" if len(unused) > 1 else ""
        page.report(
            "reference-unused",
            f"the link reference '[{name}]' is defined but never used{more}",
            at=page.locator.offset(unused[0]),
            hint=f"write '[words][{name}]' where it belongs, or delete it",
        )


def _written(page: Page, at: int) -> str:
    text = page.chapter.text
    return text[at + 1 : text.index("]", at)]


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()


def _rarest(sign: str) -> str:
    return next((each for each in sign if not each.isalnum() and not each.isspace()), sign[0])


_SIGNS = tuple(dict.fromkeys(sign for each in FOREIGN_SIGNS for sign in each.signs))
_BY_RAREST = MappingProxyType(
    {rarest: tuple(sign for sign in _SIGNS if _rarest(sign) == rarest) for rarest in map(_rarest, _SIGNS)}
)
"""The signs of all constructs by their rarest characters, which are found ten times as fast."""
_LONGEST = 20
"""More characters than any sign has."""
_FEW = 50


def _around(text: str, character: str) -> str:
    """What of `text` is next to the `character`: all that a sign with it can be in."""
    parts = text.split(character)
    return character.join(
        part if len(part) < 2 * _LONGEST else f"{part[:_LONGEST]}\0{part[-_LONGEST:]}" for part in parts
    )


def _signs_in(text: str) -> set[str]:
    """The signs that `text` has. They are looked for only where their rarest characters are."""
    found: set[str] = set()
    for rarest, signs in _BY_RAREST.items():
        if rarest in text:
            around = _around(text, rarest) if text.count(rarest) < _FEW else text
            found.update(sign for sign in signs if sign in around)
    return found


def _is_shown(page: Page, at: int, *, on_fence: bool) -> bool:
    """Whether a place is in code; `on_fence` also counts code that begins above its line."""
    if not page.locator.is_code(at):
        return False
    line = page.chapter.text.rfind("\n", 0, at) + 1
    return not on_fence or (line > 0 and page.locator.is_code(line - 1))


def _places(text: str, construct: ForeignSign) -> list[int]:
    """Where the construct occurs; only lines with one of its signs are searched."""
    found: set[int] = set()
    pattern = construct.pattern
    for sign in construct.signs:
        at = text.find(sign)
        while at >= 0:
            start = text.rfind("\n", 0, at + 1) + 1
            end = text.find("\n", at + len(sign))
            end = len(text) if end < 0 else end
            below = text.find("\n", end + 1)
            within = pattern.finditer(text, start, len(text) if below < 0 else below)
            found.update(match.start() for match in within if match.start() <= end)
            at = text.find(sign, end)
    return sorted(found)


def name_foreign(page: Page) -> None:
    """Reports each kind of another tool's construct that stays text: once a chapter, with the number and what to do."""
    text = page.chapter.text
    signs = _signs_in(text)
    for each in FOREIGN_SIGNS if signs else ():
        if signs.isdisjoint(each.signs) or not set(each.named_by).isdisjoint(page.settings.syntax):
            continue
        found = [at for at in _places(text, each) if not _is_shown(page, at, on_fence=each.on_fence)]
        shown = str(_ALL_TEXT(page.body)) if found and each.is_seen else ""
        if not found or (shown and not any(sign.strip() in shown for sign in each.signs)):
            continue  # an extension has read it
        first = each.pattern.match(text, found[0])
        shown = " ".join((first[0] if first else "").split())
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        what = f"{each.name} stays" if len(found) == 1 else f"{len(found)} {each.names} stay"
        choices = " or ".join(f"'syntax: [{word}]'" for word in each.syntax)
        page.report(
            "syntax-unread",
            f"{what} text: '{shown}'",
            at=page.locator.offset(found[0]),
            hint=each.hint or f"add {choices} to book.yaml to have {'it' if len(found) == 1 else 'them'} read",
        )
