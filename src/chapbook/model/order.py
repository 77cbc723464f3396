"""Sorts chapters and parts by their weights and in natural order (``ch2`` before ``ch10``), and iterates over them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from msgspec.structs import replace

from chapbook.model.contents import Chapter, Item, Part, parse_weight
from chapbook.model.diagnostics import Diagnostic

__all__ = ["changed_items", "check_order", "check_weights", "every_chapter", "in_order", "iter_chapters", "opening_of"]

_SUFFIX = re.compile(r"\.(md|markdown|mkd|mdown|mdx|qmd|rmd)$", re.IGNORECASE)


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Siblings in the book's order: by weight, then those without a weight; ties in natural order of the path.

    Siblings without a path (made in Python) keep their order among themselves.
    """
    by_weight: dict[Decimal | None, list[Item]] = defaultdict(list)
    for item in items:
        by_weight[parse_weight(opening_of(item).weight)].append(item)
    if all(len(equal) == 1 for equal in by_weight.values()):
        words: AbstractSet[str] = frozenset()  # no two to compare
    else:
        words = _words_before_romans(_stem(item).rpartition("/")[2] for equal in by_weight.values() for item in equal)
    weights = sorted(by_weight, key=lambda weight: (weight is None, weight or 0))
    return tuple(item for weight in weights for item in _in_natural_order(by_weight[weight], words))


def _in_natural_order(equal: list[Item], words: AbstractSet[str]) -> list[Item]:
    return sorted(equal, key=lambda item: (_natural_key(_stem(item), words), item.path)) if len(equal) > 1 else equal


def _stem(item: Item) -> str:
    return item.path if isinstance(item, Part) else _SUFFIX.sub("", item.path)


def opening_of(item: Item) -> Chapter:
    """The chapter itself, or the opening of a part."""
    return item.opening if isinstance(item, Part) else item


def iter_chapters(items: Iterable[Item]) -> Iterator[Chapter]:
    """All chapters except part openings, in the book's order."""
    for item in in_order(items):
        if isinstance(item, Part):
            yield from iter_chapters(item.contents)
        else:
            yield item


def every_chapter(items: Iterable[Item]) -> Iterator[Chapter]:
    """All chapters and part openings, in their original order."""
    for item in items:
        yield opening_of(item)
        if isinstance(item, Part):
            yield from every_chapter(item.contents)


def changed_items(items: Iterable[Item], change: Callable[[Chapter], Chapter | None]) -> Iterator[Item]:
    """The items, with each chapter and part opening replaced by what `change` returns.

    ``None`` removes a chapter; for a part's opening it leaves the title. A part left empty is removed.
    """
    for item in items:
        if isinstance(item, Chapter):
            changed = change(item)
            if changed is not None:
                yield changed
            continue
        contents = tuple(changed_items(item.contents, change))
        opening = change(item.opening)
        if opening is not None or contents:
            yield replace(item, opening=opening or replace(item.opening, text=""), contents=contents)


def check_weights(siblings: Sequence[Item]) -> Iterator[Diagnostic]:
    """Warns about siblings of equal weight: names then decide their order, which is rarely intended."""
    by_weight: dict[Decimal, list[Item]] = defaultdict(list)
    for item in in_order(siblings):
        weight = parse_weight(opening_of(item).weight)
        if weight is not None:
            by_weight[weight].append(item)
    for weight, items in by_weight.items():
        if len(items) > 1:
            yield _equal_weights(weight, items)


def _equal_weights(weight: Decimal, items: Sequence[Item]) -> Diagnostic:
    second = opening_of(items[1])
    names = ", ".join(f"'{opening_of(item).path or opening_of(item).title or item.path}'" for item in items)
    return Diagnostic.of(
        "weight-equal",
        f"equal weight {weight}: {names}",
        path=second.path or None,
        at=second.positions.get("weight"),
        hint="give each chapter its own weight",
    )


def check_order(items: Iterable[Item]) -> Iterator[Diagnostic]:
    """Warns about equal weights among `items` and inside their parts."""
    siblings = tuple(items)
    yield from check_weights(siblings)
    for item in siblings:
        if isinstance(item, Part):
            yield from check_order(item.contents)


_NUMBERS = re.compile(r"(\d+|[〇零一二三四五六七八九十百]+)")
"""Digits of all scripts, and Chinese numerals."""
_CHINESE = {numeral: value for value, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0}
_ROMAN = re.compile(
    r"(?P<word>(?:\D*[\s_.-])?)(?P<roman>c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))(?=[\s_.-]|\Z)", re.IGNORECASE
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_WORD_BEFORE = re.compile(r"(?:\D*[\s_.-])?")


def _words_before_romans(names: Iterable[str]) -> AbstractSet[str]:
    """The words before a Roman numeral in two or more `names`, and only there: ``Chapter``."""
    counts: dict[str, int] = {}
    others: set[str] = set()
    for name in names:
        found = _ROMAN.match(name)
        if found and found["roman"]:
            counts[found["word"].casefold()] = counts.get(found["word"].casefold(), 0) + 1
        else:
            others.add(_WORD_BEFORE.match(name.casefold())[0])  # type: ignore[index]  # it matches anything
    return {word for word, count in counts.items() if count > 1 and word not in others}


def _natural_key(path: str, words: AbstractSet[str]) -> list[list[tuple[int, str]]]:
    """A key for sorting paths naturally; Roman numerals count as numbers after `words` (see `_words_before_romans`)."""
    *folders, name = path.split("/")
    roman = _ROMAN.match(name) if words else None
    if roman and roman["roman"] and roman["word"].casefold() in words:
        name = f"{roman['word']}{_roman(roman['roman'])}{name[roman.end() :]}"
    return [_natural(each) for each in (*folders, name)]


def _roman(numeral: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in numeral.lower()]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def _natural(name: str) -> list[tuple[int, str]]:
    """A sort key that puts ``ch2`` before ``ch10``: digits by value, letters ignoring case.

    Call it without the file's suffix, so that ``intro.md`` comes before ``intro2.md``.
    """
    return [
        (int(part) if part.isdecimal() else _chinese(part), "") if at % 2 else (-1, part.casefold())
        for at, part in enumerate(_NUMBERS.split(name))
    ]


def _chinese(numeral: str) -> int:
    """The value of 一 to 九百九十九; plain figures (二〇) are read as digits."""
    if not {"十", "百"}.intersection(numeral):
        return int("".join(str(_CHINESE[each]) for each in numeral))
    total = 0
    hundreds, has_hundreds, rest = numeral.rpartition("百")
    if has_hundreds:
        total += 100 * (_CHINESE.get(hundreds[-1:], 1) if hundreds else 1)
    tens, has_tens, ones = rest.rpartition("十")
    if has_tens:
        total += 10 * (_CHINESE.get(tens[-1:], 1) or 1)
    return total + (_CHINESE.get(ones[-1:], 0) if ones else 0)
