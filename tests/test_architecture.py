"""The rooms of docs/architecture.md, held against the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.measure import measure

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "chapbook"

BENEATH: dict[str, set[str]] = {
    "_version": set(),
    "model": set(),
    "colour": set(),
    "opening": set(),
    "cache": {"opening"},
    "keys": {"model"},
    "reading": {"keys", "model", "opening"},
    "assets": {"model"},
    "dialects": {"model"},
    "source": {"dialects", "model"},
    "markup": {"assets", "model", "source"},
    "passes": {"assets", "markup", "model"},
    "rendering": {"colour", "dialects", "markup", "model", "passes", "source"},
    "covers": {"assets", "colour", "model"},
    "styling": {"assets", "colour", "model", "opening"},
    "packaging": {"model", "opening"},
    "building": {
        *("_version", "assets", "cache", "colour", "covers", "dialects", "markup", "model", "opening", "packaging"),
        *("passes", "rendering", "source", "styling"),
    },
    "book": {"assets", "building", "keys", "model", "packaging", "reading"},
    "series": {"book", "building", "cache", "keys", "model", "opening", "packaging", "reading"},
    "inspecting": {"assets", "book", "building", "model", "packaging", "reading", "series"},
    "starting": {"dialects", "keys", "markup", "model", "packaging", "reading", "rendering"},
    "checking": {"keys", "model", "packaging", "reading", "source"},
    "preview": {"building", "model", "series", "styling"},
    "command": {
        *("_version", "cache", "checking", "covers", "inspecting", "keys", "model", "preview", "series", "starting"),
        "styling",
    },
    "__init__": {
        *("_version", "assets", "book", "building", "inspecting", "markup", "model", "reading", "series", "starting"),
    },
    "__main__": {"_version", "command"},
}
"""What each room imports, beside itself: no less, so that a row is as short as it can be."""


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Every module that `path` imports, also within functions and for type checking."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            whole = [f"chapbook.{alias.name}" for alias in node.names] if node.module == "chapbook" else []
            yield from whole or [node.module or ""]


def test_rooms_import_what_the_table_says() -> None:
    found: dict[str, set[str]] = {room(path): set() for path in modules()}
    for path in modules():
        names = (name.split(".") for name in imported(path))
        found[room(path)] |= {name[1] for name in names if name[0] == "chapbook" and len(name) > 1}
    assert {room: names - {room} for room, names in found.items()} == BENEATH


def test_rooms_do_not_import_each_other_in_a_circle() -> None:
    placed: set[str] = set()
    for room_, beneath in BENEATH.items():
        assert beneath <= placed, f"{room_} stands above what it imports"
        placed.add(room_)


def test_no_two_modules_import_each_other() -> None:
    graph = {
        ".".join(("chapbook", *path.relative_to(SOURCE).with_suffix("").parts)): {
            name for name in imported(path) if name.startswith("chapbook.")
        }
        for path in modules()
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, "a circle: " + " -> ".join((*above, name))
        if name not in done and name in graph:
            for each in sorted(graph[name]):
                visit(each, (*above, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_only_one_module_knows_ebooklib() -> None:
    knowing = [path.name for path in modules() if any(name.split(".")[0] == "ebooklib" for name in imported(path))]
    assert knowing == ["package.py"]


def test_only_the_book_and_what_it_inherits_are_dataclasses() -> None:
    """A class of dataclasses takes half a millisecond to make, and `dataclasses.replace` fails on a Struct."""
    using = [path.name for path in modules() if "dataclasses" in imported(path)]
    assert using == ["book.py", "additions.py", "given.py"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_rooms_keep_their_measure(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        assert not isinstance(node, ast.Global)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 40, f"{path.name}:{node.lineno} {node.name}: {length} lines"


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_no_test_looks_at_a_clock(path: Path) -> None:
    """A busy machine must fail none: work is counted (`support/counting.py`), and events are waited for."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        used: set[str] = set()
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("time"):
            used = {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            used = {alias.name for alias in node.names if alias.name.startswith("time")} - {"time"}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time":
            used = {node.attr}
        assert used <= {"sleep"}, f"{path.name} uses {used}"


def test_the_house_does_not_grow() -> None:
    found = measure()
    assert found.files <= 280
    assert found.lines <= 35_300
    assert found.tiny == (), "join each to the module that imports it"
