"""Small books with the messages and documents that are expected of them.

A case is a folder ``tests/cases/<what>/`` with the content folder ``in/`` and what is ``expected/``:
``messages.txt``, as the command prints them, and the content documents as they ship. A case with
``dialects.txt`` is built in each dialect named there, and expects a folder of each.

``pytest tests/test_cases.py --rewrite`` writes the expected files anew, and nothing else: read the
difference before you commit it. Every book is held against EPUBCheck and our own gate.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chapbook import Book, ChapbookError, Diagnostic
from chapbook.command.printing import format_diagnostic

CASES = Path(__file__).parent / "cases"


def cases() -> Iterator[tuple[str, str]]:
    """Every case, with the dialect to be built in; an empty one is the book's own."""
    for folder in sorted(each for each in CASES.iterdir() if (each / "in").is_dir()):
        dialects = folder / "dialects.txt"
        for dialect in dialects.read_text("utf-8").split() if dialects.is_file() else [""]:
            yield folder.name, dialect


@pytest.mark.parametrize(
    ("name", "dialect"), [pytest.param(*case, id="-".join(filter(None, case))) for case in cases()]
)
def test_case(
    name: str,
    dialect: str,
    tmp_path: Path,
    assert_clean: Callable[[Path], None],
    request: pytest.FixtureRequest,
) -> None:
    made = built(CASES / name / "in", dialect, tmp_path / "book.epub")
    expected = CASES / name / "expected" / dialect
    if request.config.getoption("--rewrite"):
        rewrite(expected, made)
    assert made == {
        path.relative_to(expected).as_posix(): path.read_text("utf-8")
        for path in sorted(expected.rglob("*"))
        if path.is_file()
    }
    if (tmp_path / "book.epub").exists():
        assert_clean(tmp_path / "book.epub")


def built(folder: Path, dialect: str, target: Path) -> dict[str, str]:
    """What comes of the book in `folder`: its messages, and its documents by their names."""
    try:
        book = Book.from_folder(folder)
    except ChapbookError as error:
        return {"messages.txt": messages(error.diagnostics)}
    if dialect:
        book.dialect = dialect  # type: ignore[assignment]
    report = book.write(target)
    made = {"messages.txt": messages(report.diagnostics)}
    if report.output:
        with zipfile.ZipFile(target) as archive:
            for entry in archive.namelist():
                if entry.startswith("EPUB/text/"):
                    made[entry.removeprefix("EPUB/text/")] = archive.read(entry).decode()
    return made


def messages(diagnostics: tuple[Diagnostic, ...]) -> str:
    return "".join(format_diagnostic(each, "") + "\n" for each in diagnostics)


def rewrite(folder: Path, made: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8", newline="")
