"""What the letters of a text say of its language."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook.reading.defaults import guess_language, is_written_in
from chapbook.reading.folder import read_folder

JAPANESE = "\u6e2f\u306e\u671d\u306f\u65e9\u3044\u3002" * 9
RUSSIAN = "\u041c\u043e\u0440\u0435 \u0431\u044b\u043b\u043e \u0442\u0438\u0445\u0438\u043c. " * 5


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        (JAPANESE, ("ja",)),
        (RUSSIAN, ("ru", "uk", "bg", "sr")),
        ("\u05e9\u05dc\u05d5\u05dd " * 9, ("he",)),
        ("\u6e2f\u53e3\u7684\u65e9\u6668" * 9, ("zh", "ja")),
        ("The sea was calm. " * 9, ()),
        (f"{RUSSIAN} {'The sea was calm. ' * 20}", ()),
        ("\u05e9", ()),
    ],
)
def test_a_guess(text: str, languages: tuple[str, ...]) -> None:
    guess = guess_language([text])
    assert (guess.languages if guess else ()) == languages


@pytest.mark.parametrize(
    ("language", "text", "fits"),
    [
        ("en", RUSSIAN, False),
        ("ru", RUSSIAN, True),
        ("ru", "The sea was calm. " * 9, False),
        ("sr", "More je bilo mirno. " * 9, True),
        ("ja", JAPANESE, True),
        ("zh-Hant", "The sea was calm. " * 9, False),
        ("en-GB", "The sea. " + RUSSIAN[:20], True),
        ("tlh", RUSSIAN, True),
    ],
)
def test_whether_a_language_is_written_so(language: str, text: str, fits: bool) -> None:  # noqa: FBT001 - a column
    assert is_written_in(language, [text]) is fits


def test_a_book_without_a_language_has_that_of_its_script(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: T\n", "utf-8")
    (tmp_path / "a.md").write_text(f"# A\n\n{JAPANESE}\n", "utf-8")
    read = read_folder(tmp_path)
    (said,) = read.diagnostics
    assert (read.metadata.language, said.code) == ("ja", "language-missing")
    (tmp_path / "a.md").write_text(f"# A\n\n{RUSSIAN}\n", "utf-8")
    (said,) = read_folder(tmp_path).diagnostics
    assert "'en'" in said.message
    assert "ru, uk, bg or sr" in said.message
    (tmp_path / "book.yaml").write_text("title: T\nlanguage: en\n", "utf-8")
    assert [each.code for each in read_folder(tmp_path).diagnostics] == ["language-script"]


def test_files_of_other_tools_are_counted_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: T\nlanguage: en\n", "utf-8")
    for name in ("a.md", "b.qmd", "c.Rmd", "d/e.qmd", "layouts/f.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# A\n", "utf-8")
    (said,) = read_folder(tmp_path).diagnostics
    assert said.code == "files-unread"
    assert "3 files of other kinds: 2 .qmd, 1 .Rmd" in said.message
