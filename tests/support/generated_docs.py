"""The parts of the docs that are printed from the code: `make docs` rewrites them, a test holds them up to date.

A part stands between ``<!-- NAME: begin … -->`` and ``<!-- NAME: end -->``; all around it is written by hand.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from chapbook.command.explain import said
from chapbook.command.message_examples import EXAMPLES, WITHOUT
from chapbook.markup.allowlist import ELEMENTS, GLOBAL_ATTRIBUTES, Element, Fate
from chapbook.model.codes import CODES
from chapbook.model.targets import GENERIC, TARGETS, Target
from support import limits_table
from support.dependencies import EXTRAS, LIBRARIES, modules_that_use

__all__ = ["CACHE", "PARTS", "up_to_date"]

DOCS = Path(__file__).resolve().parents[2] / "docs"
CACHE = Path(tempfile.gettempdir()) / "chapbook-message-examples"
"""Keeps what the examples of the messages were rendered to."""


def codes_table() -> str:
    """Every code with its severity and meaning, in the order of the table in the code: that of a build.

    Beside it stands an example with what is said of it, which is run here; or what it takes instead.
    """
    rows = [(f"`{name}`", str(code.severity), code.meaning, *_example(name)) for name, code in CODES.items()]
    return _table(("code", "severity", "meaning", "an example", "the message"), rows)


def _example(code: str) -> tuple[str, str]:
    found = said(code, CACHE) if code in EXAMPLES else None
    if found is None:
        return f"(needs {WITHOUT[code]})", "–"
    place = ":".join(str(part) for part in (found.path, found.line, found.column) if part is not None)
    return _code(EXAMPLES[code].shown()), _code(f"{place}: {found.message}")


def _code(text: str) -> str:
    """A code span."""
    ticks = "``" if "`" in text else "`"
    return f"{ticks}{text}{ticks}"


def kept_table() -> str:
    """The elements that go into the book, with the attributes of their own."""
    by_attributes: dict[str, list[str]] = {}
    for name, element in sorted(ELEMENTS.items()):
        if element.fate is Fate.KEPT and not _is_renamed(element):
            by_attributes.setdefault(_codes(sorted(element.attributes)), []).append(name)
    rows = [(_codes(names), attributes or "–") for attributes, names in sorted(by_attributes.items())]
    return _table(("element", "its own attributes"), rows)


def renamed_table() -> str:
    """The elements that become others."""
    rows = [
        (f"`{name}`", f"`{element.name}`" + (f" with the class `{element.added_class}`" if element.added_class else ""))
        for name, element in sorted(ELEMENTS.items())
        if element.fate is Fate.KEPT and _is_renamed(element)
    ]
    return _table(("element", "becomes"), rows)


def gone_table() -> str:
    """The elements that go, by what becomes of what is in them."""
    rows = [
        (_codes(sorted(name for name, element in ELEMENTS.items() if element.fate is fate)), words)
        for fate, words in _FATES.items()
    ]
    return _table(("element", "what chapbook does"), rows)


def global_attributes() -> str:
    """The attributes that any element may have."""
    return _codes(sorted(GLOBAL_ATTRIBUTES)) + ", `epub:type`, `aria-*` and `data-*`."


def libraries_table() -> str:
    """What is depended on, extras too: in how many modules each is imported, and from which version on, and why."""
    listed = (*LIBRARIES, *(each for extra in EXTRAS.values() for each in extra))
    rows = [(f"`{each.name}`", str(modules_that_use(each.name)), each.lowest, each.why) for each in listed]
    return _table(("library", "modules", "from version", "because"), rows)


def target_table(target: Target) -> str:
    """What a store or reading system breaks on, and what chapbook does about it."""
    rows = [(each.breaks, each.does, each.source) for each in target.rules]
    return _table((f"{target.title} breaks on", "chapbook", "source"), rows)


def limits() -> str:
    """What chapbook bounds, those that can be set first."""
    return _table(limits_table.HEAD, limits_table.rows())


_FATES: Mapping[Fate, str] = MappingProxyType(
    {
        Fate.UNWRAPPED: "chapbook removes the element and keeps its content, without a message",
        Fate.DISARMED: "chapbook removes the element with a warning (`markup-removed`) and keeps its words",
        Fate.LINKED: "a link to what it showed replaces it, with a warning (`markup-removed`)",
        Fate.REMOVED: "chapbook removes the element and its content, with a warning (`markup-removed`)",
        Fate.DROPPED: "chapbook removes the element and its content, which readers don't see, without a message",
    }
)

PARTS: Mapping[tuple[str, str], Callable[[], str]] = MappingProxyType(
    {
        ("messages.md", "codes"): codes_table,
        ("allowlist.md", "kept"): kept_table,
        ("allowlist.md", "renamed"): renamed_table,
        ("allowlist.md", "gone"): gone_table,
        ("allowlist.md", "global"): global_attributes,
        ("dependencies.md", "libraries"): libraries_table,
        **{
            ("stores.md", name): partial(target_table, target)
            for name, target in TARGETS.items()
            if target is not GENERIC
        },
        ("scale.md", "limits"): limits,
    }
)
"""What prints each part, by the page in docs/ and the part's name."""


def up_to_date(page: str, text: str) -> str:
    """The text of the page `page` with its parts printed anew. Raises ValueError where a part has no place."""
    for (its_page, name), printed in PARTS.items():
        if its_page == page:
            places = re.split(rf"(<!-- {name}: begin[^>]*-->\n|<!-- {name}: end -->)", text)
            if len(places) != 5:  # before, begin, the part, end, after
                raise ValueError(f"{page} has not one place for '{name}'")
            text = "".join((*places[:2], f"\n{printed()}\n\n", *places[3:]))
    return text


def _is_renamed(element: Element) -> bool:
    return bool(element.name)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def main() -> None:
    """Rewrites the pages in which something is out of date."""
    for page in dict.fromkeys(page for page, _ in PARTS):
        path = DOCS / page
        old = path.read_text(encoding="utf-8")
        new = up_to_date(page, old)
        if new != old:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"rewritten: docs/{page}\n")


if __name__ == "__main__":
    main()
