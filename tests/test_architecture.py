"""The rooms of docs/architecture.md, held against the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "chapbook"

VALUES = {
    "accessibility",
    "codes",
    "diagnostics",
    "metadata",
    "settings",
    "contents",
    "names",
    "labels",
    "deflated",
    "_version",
}
"""Modules that anything may import; among themselves they are ordered by `BENEATH`."""

BENEATH = {
    "codes": set(),
    "_version": set(),
    "deflated": set(),
    "names": set(),
    "labels": set(),
    "accessibility": set(),
    "diagnostics": {"codes", "accessibility"},
    "metadata": {"diagnostics"},
    "settings": {"diagnostics"},
    "contents": {"diagnostics", "metadata"},
    "reading": VALUES,
    "rendering": VALUES | {"styling"},
    "styling": VALUES,
    "imaging": VALUES | {"styling"},
    "packaging": VALUES,
    "building": VALUES | {"rendering", "styling", "imaging", "packaging", "cache"},
    "cache": VALUES,
    "book": VALUES | {"reading", "building", "imaging", "packaging", "cache"},
    "planning": VALUES | {"reading"},
    "crew": set(),
    "sharing": VALUES | {"planning"},
    "volumes": VALUES | {"reading", "building", "packaging", "book", "planning", "crew", "sharing"},
    "dask_cluster": VALUES | {"building"},
    "console": VALUES,
    "summary": VALUES | {"console"},
    "watching": set(),
    "a11y_report": VALUES | {"console"},
    "running": VALUES | {"a11y_report", "console", "planning", "summary", "volumes", "watching"},
    "cli": VALUES | {"console", "dask_cluster", "planning", "running", "styling", "volumes"},
    "__init__": VALUES | {"book", "planning", "volumes"},
    "__main__": {"cli"},
}
"""What each room may import, beside itself."""


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
            yield node.module or ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_one_way(path: Path) -> None:
    assert room(path) in BENEATH, "a new room: say in this table what it may import"
    allowed = BENEATH[room(path)] | {room(path)}
    for name in imported(path):
        if name.split(".")[0] == "chapbook" and "." in name:
            assert name.split(".")[1] in allowed, f"{path.name} imports {name}"


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


def test_only_the_book_is_a_dataclass() -> None:
    """A class of dataclasses takes half a millisecond to make, and `dataclasses.replace` fails on a Struct."""
    using = [path.name for path in modules() if "dataclasses" in imported(path)]
    assert using == ["book.py"]


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
