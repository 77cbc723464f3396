"""What a book claims of its accessibility and why: in the report, printed, and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chapbook import Book, Chapter, Report
from chapbook.command.book_metadata import accessibility_text
from support.pictures import drawing, saved

ANIMATED = "p { animation: pulse 1s infinite }\n@keyframes pulse { from { opacity: 1 } to { opacity: 0.9 } }\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.yaml").write_text("title: A Book\nlanguage: en\n", encoding="utf-8")
    (book / "sea.png").write_bytes(saved(drawing(), "PNG"))
    (book / "one.md").write_text(
        "# One\n\n![The sea](sea.png)\n\n![](sea.png)\n\n![](sea.png){.decorative}\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nHe said <i lang='fr'>bonjour</i>: $x^2$.\n",
        encoding="utf-8",
    )
    return book


def claims(report: Report) -> dict[str, tuple[bool, str]]:
    assert report.accessibility is not None
    return {f"{each.property} {each.value}": (each.made, each.because) for each in report.accessibility.claims}


def with_css(folder: Path, css: str) -> Report:
    (folder / "book.css").write_text(css, encoding="utf-8")
    book = Book.from_folder(folder)
    book.css = [folder / "book.css"]
    return book.check()


def test_each_claim_has_its_evidence_in_numbers(folder: Path) -> None:
    report = Book.from_folder(folder).check()
    found = claims(report)
    assert found["accessMode visual"] == (True, "2 pictures carry information (1 marked as decoration)")
    assert found["accessModeSufficient textual"] == (False, "1 of 2 pictures has no description")
    assert found["accessibilityFeature alternativeText"] == (False, "1 of 2 pictures has no description")
    assert found["accessibilityFeature MathML"] == (True, "1 formula")
    assert found["accessibilityFeature structuralNavigation"] == (True, "1 heading")
    assert found["accessibilityHazard none"] == (True, "nothing moves or sounds")


def test_what_a_person_must_look_at_is_what_is_there(folder: Path) -> None:
    report = Book.from_folder(folder).check()
    assert report.accessibility is not None
    listed = "\n".join(report.accessibility.to_check)
    for words in ("1 table ", "1 formula ", "(fr are marked)", "description of 1 picture say", "1 picture marked"):
        assert words.replace("description of", "descriptions of") in listed
    assert "contrast" not in listed
    plain = Book(title="T", language="en")
    plain.add(Chapter(title="A", text="Text."))
    quiet = plain.check().accessibility
    assert quiet is not None
    assert len(quiet.to_check) == 2


def test_it_is_the_same_as_what_the_book_says(folder: Path, tmp_path: Path) -> None:
    report = Book.from_folder(folder).write(tmp_path / "a.epub")
    assert report.accessibility is not None
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        package = archive.read("EPUB/package.opf").decode()
    for claim in report.accessibility.claims:
        assert (f'"schema:{claim.property}">{claim.value}<' in package) == claim.made, claim


@pytest.mark.parametrize(
    ("css", "fixed"),
    [
        ("p { font-size: 12px }", True),
        ("p { font: italic 12PT/1.2 serif }", True),
        ("@media screen { p { line-height: 20px } }", True),
        (":root { --a: 12px; --b: var(--a) } p { font-size: var(--b, 1em) }", True),
        ("p { font-size: max(12px, 1em) }", True),
        ("p { font-size: 1.2em; border: 1px solid; margin: 12px }", False),
        ("p { font-size: 0px }", False),
        ("p { font-family: 'font-size: 12px' } /* p { font-size: 12px } */", False),
        (":root { --a: 12px } p { margin: var(--a); font-size: 90% }", False),
    ],
)
def test_absolute_sizes_of_text_take_a_claim_away(folder: Path, css: str, fixed: bool) -> None:  # noqa: FBT001 - a table
    made, because = claims(with_css(folder, css))["accessibilityFeature displayTransformability"]
    assert made is not fixed
    assert because.startswith("1 declaration" if fixed else "no style sheet"), because


@pytest.mark.parametrize(
    ("css", "moves"),
    [(ANIMATED, True), ("p { -webkit-animation-name: a }", True), ("p { animation: none }", False)],
)
def test_what_moves_by_css_is_a_hazard_not_known(folder: Path, css: str, moves: bool) -> None:  # noqa: FBT001 - a table
    found = claims(with_css(folder, css))
    assert ("accessibilityHazard unknown" in found) is moves
    assert ("accessibilityHazard none" in found) is not moves


def test_colours_of_ones_own_are_to_be_looked_at(folder: Path) -> None:
    report = with_css(folder, "p { color: #ccc; background: none } h1 { background-color: silver }")
    assert report.accessibility is not None
    assert any("contrast of 2 colours" in each for each in report.accessibility.to_check)


def test_an_own_theme_is_looked_at_too(folder: Path) -> None:
    (folder / "look").mkdir()
    (folder / "look" / "theme.css").write_text("p { font-size: 12px }", encoding="utf-8")
    book = Book.from_folder(folder)
    book.theme = "look"
    made, _ = claims(book.check())["accessibilityFeature displayTransformability"]
    assert not made


def test_a_long_chain_of_variables_is_followed_in_time(folder: Path) -> None:
    chain = "".join(f"--v{at}: var(--v{at + 1});" for at in range(20_000))
    made, _ = claims(with_css(folder, f":root {{ {chain} --v20000: 3px }} p {{ font-size: var(--v0) }}"))[
        "accessibilityFeature displayTransformability"
    ]
    assert not made


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chapbook", *words], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_command_prints_it_with_the_places_of_what_is_missing(folder: Path) -> None:
    done = run("check", "--a11y", "--no-cache", str(folder))
    assert done.returncode == 0
    assert "A Book: accessibility metadata, and the reason for each claim" in done.stdout
    assert "not claimed:\n" in done.stdout
    assert f"pictures without a description:\n  {folder}/one.md:5:1: " in done.stdout.replace("\\", "/")
    assert "accessibility" not in run("check", "--no-cache", str(folder)).stdout


def test_the_command_gives_it_as_json(folder: Path) -> None:
    (book,) = json.loads(run("check", "--a11y", "--json", "--no-cache", str(folder)).stdout)["books"]
    features = {each["value"]: each["because"] for each in book["accessibility"]["claimed"]}
    assert features["MathML"] == "1 formula"
    assert "alternativeText" in {each["value"] for each in book["accessibility"]["not_claimed"]}
    (plain,) = json.loads(run("check", "--json", "--no-cache", str(folder)).stdout)["books"]
    assert "accessibility" not in plain


def test_nothing_is_claimed_of_a_book_with_errors(folder: Path) -> None:
    (folder / "two.md").write_text("---\nweight: heavy\n---\n# Two\n", encoding="utf-8")
    done = run("check", "--a11y", "--no-cache", str(folder))
    assert done.returncode == 1
    assert "A Book: a book with errors claims nothing" in done.stdout


def test_what_is_printed_cannot_write_to_the_terminal() -> None:
    report = Report(source="x", title="A \x1b[31m title\n")
    assert accessibility_text(report, "x") == "A \\x1b[31m title\\n: a book with errors claims nothing\n"
