"""Sorts chapters and parts by their weights, and iterates over them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from msgspec.structs import replace

from chapbook.model.contents import Chapter, Item, Part, parse_weight
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.natural_order import natural_key, words_before_romans

__all__ = ["changed_items", "check_order", "check_weights", "every_chapter", "in_order", "iter_chapters"]

_SUFFIX = re.compile(r"\.(md|markdown|mkd|mdown|mdx|qmd|rmd)$", re.IGNORECASE)


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Siblings in the book's order: by weight, then those without a weight; ties in natural order of the path.

    Siblings without a path (made in Python) keep their order among themselves.
    """
    by_weight: dict[Decimal | None, list[Item]] = defaultdict(list)
    for item in items:
        by_weight[parse_weight(_opening(item).weight)].append(item)
    if all(len(equal) == 1 for equal in by_weight.values()):
        words: AbstractSet[str] = frozenset()  # no two to compare
    else:
        words = words_before_romans(_stem(item).rpartition("/")[2] for equal in by_weight.values() for item in equal)
    weights = sorted(by_weight, key=lambda weight: (weight is None, weight or 0))
    return tuple(item for weight in weights for item in _in_natural_order(by_weight[weight], words))


def _in_natural_order(equal: list[Item], words: AbstractSet[str]) -> list[Item]:
    return sorted(equal, key=lambda item: (natural_key(_stem(item), words), item.path)) if len(equal) > 1 else equal


def _stem(item: Item) -> str:
    return item.path if isinstance(item, Part) else _SUFFIX.sub("", item.path)


def _opening(item: Item) -> Chapter:
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
        yield _opening(item)
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
        weight = parse_weight(_opening(item).weight)
        if weight is not None:
            by_weight[weight].append(item)
    for weight, items in by_weight.items():
        if len(items) > 1:
            yield _equal_weights(weight, items)


def _equal_weights(weight: Decimal, items: Sequence[Item]) -> Diagnostic:
    second = _opening(items[1])
    names = ", ".join(f"'{_opening(item).path or _opening(item).title or item.path}'" for item in items)
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
