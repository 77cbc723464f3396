"""Messages that the author or the user doesn't want: `messages` in book.yaml, `--select` and `--ignore`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chapbook.book import Book
from chapbook.model.codes import CODES, Severity
from chapbook.model.diagnostics import ChapbookError
from support.command import run
from support.libraries import write_files

SETTINGS = "title: T\nauthor: A\nlanguage: en\n"
TEXT = "---\ntype: rant\n---\n# A\n\n[x](no.md) ![](p.png) [y](none.md)\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_files(tmp_path / "book", {"book.yaml": SETTINGS, "a.md": TEXT})
    return tmp_path


def settings(place: Path, more: str) -> None:
    (place / "book" / "book.yaml").write_text(SETTINGS + more, "utf-8")


def told(place: Path, *words: str) -> dict[str, Any]:
    book: dict[str, Any] = json.loads(run("check", "book", "--json", *words, cwd=place).stdout)["books"][0]
    return book


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(each["code"] for each in rows)


ALL = ["image-missing", "link-target-missing", "link-target-missing", "type-unknown"]


def test_without_a_wish_all_is_reported(place: Path) -> None:
    book = told(place)
    assert (codes(book["diagnostics"]), book["ignored"]) == (ALL, [])


def test_book_yaml_ignores_with_a_reason(place: Path) -> None:
    settings(place, "messages:\n  link-target-missing: they are in the next volume\n")
    book = told(place)
    assert codes(book["diagnostics"]) == ["image-missing", "type-unknown"]
    assert [each["reason"] for each in book["ignored"]] == ["they are in the next volume"] * 2
    assert [each["line"] for each in book["ignored"]] == [6, 6]
    done = run("check", "book", cwd=place)
    assert "link-target-missing" not in done.stderr.replace("ignored, as book.yaml says: 2 link-target-missing\n", "")
    assert "ignored, as book.yaml says" not in run("check", "book", "-q", cwd=place).stderr


def test_what_is_ignored_stops_no_strict_build(place: Path) -> None:
    assert run("build", "book", "--strict", cwd=place).returncode == 1
    settings(place, "messages: {link-target-missing: later, image-missing: later}\n")
    done = run("build", "book", "--strict", cwd=place)
    assert (done.returncode, done.stdout) == (0, "t.epub\n")


@pytest.mark.parametrize("cache", [(), ("--no-cache",)])
def test_a_changed_wish_is_heard_with_a_cache(place: Path, cache: tuple[str, ...]) -> None:
    keep = cache or ("--cache-dir", str(place / "cache"))
    assert codes(told(place, *keep)["diagnostics"]) == ALL
    assert codes(told(place, *keep, "--ignore", "link-target-missing")["diagnostics"]) == [ALL[0], ALL[3]]
    settings(place, "messages: {image-missing: later}\n")
    assert codes(told(place, *keep)["diagnostics"]) == ALL[1:]
    assert codes(told(place, *keep)["ignored"]) == ["image-missing"]


@pytest.mark.parametrize(
    ("line", "words", "hint"),
    [
        ("image-misssing: later", "no message with the code 'image-misssing'", "write 'image-missing'"),
        ("nothing-like-it: later", "no message with the code 'nothing-like-it'", "'chapbook explain' lists the codes"),
        ("value-type: later", "'value-type' is an error, which chapbook never ignores", "correct what is wrong"),
        ("image-missing:", "'image-missing' is ignored without a reason", "write the reason"),
        ("image-missing: ''", "'image-missing' is ignored without a reason", "write the reason"),
    ],
)
def test_what_cannot_be_ignored_is_said_and_reported(place: Path, line: str, words: str, hint: str) -> None:
    settings(place, f"messages:\n  {line}\n")
    said = told(place)["diagnostics"]
    (fault,) = (each for each in said if each["code"] == "ignore-invalid")
    assert (fault["path"], fault["line"], fault["column"], fault["severity"]) == ("book.yaml", 5, 3, "warning")
    assert words in fault["message"]
    assert hint in fault["hint"]
    assert codes(said) == sorted([*ALL, "ignore-invalid"])


@pytest.mark.parametrize("value", ["[image-missing]", "image-missing", "3"])
def test_messages_that_are_no_mapping_are_an_error(place: Path, value: str) -> None:
    settings(place, f"messages: {value}\n")
    (fault,) = (each for each in told(place)["diagnostics"] if each["code"] == "value-type")
    assert "'messages' takes codes of messages, each with a reason" in fault["message"]


def test_what_nothing_causes_is_noted(place: Path) -> None:
    settings(place, "messages:\n  image-missing: later\n  image-no-alt: later\n")
    said = told(place)["diagnostics"]
    (note,) = (each for each in said if each["code"] == "ignore-unused")
    assert (note["severity"], note["path"], note["line"]) == ("note", "book.yaml", 6)
    assert "'image-no-alt'" in note["message"]
    assert codes(told(place, "--ignore", "ignore-unused")["diagnostics"]) == ALL[1:]
    (place / "book" / "a.md").write_text("[x](b.md)\n---\n", "utf-8")
    settings(place, "toc_depth: 9\nmessages: {image-no-alt: later}\n")
    assert "ignore-unused" not in codes(told(place)["diagnostics"])  # an error: not all was looked at


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["--ignore", "image-missing"], ALL[1:]),
        (["--ignore", "image-missing,type-unknown"], ALL[1:3]),
        (["--ignore", "image-missing", "--ignore", "[type-unknown]"], ALL[1:3]),
        (["--select", "image-missing"], ALL[:1]),
        (["--select", "image-missing,type-unknown"], [ALL[0], ALL[3]]),
        (["--select", "image-missing,type-unknown", "--ignore", "type-unknown"], ALL[:1]),
        (["--select", "value-type"], []),
    ],
)
def test_options_choose_messages(place: Path, words: list[str], left: list[str]) -> None:
    book = told(place, *words)
    assert codes(book["diagnostics"]) == left
    assert codes(book["diagnostics"] + book["ignored"]) == ALL
    assert {each["reason"] for each in book["ignored"]} == {""}


def test_errors_are_reported_whatever_is_selected(place: Path) -> None:
    settings(place, "toc_depth: 9\n")
    assert codes(told(place, "--select", "image-missing")["diagnostics"]) == ["image-missing", "value-invalid"]
    assert run("build", "book", "--select", "image-missing", cwd=place).returncode == 1
    assert not (place / "t.epub").exists()


@pytest.mark.parametrize("command", ["build", "check"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ignore", "image-misssing"], "--ignore: there is no message with the code 'image-misssing': did you mean"),
        (["--select", "abc"], "--select: there is no message with the code 'abc': 'chapbook explain' lists all codes"),
        (["--ignore", "value-type"], "--ignore: 'value-type' is an error, which chapbook never ignores"),
    ],
)
def test_wrong_codes_are_a_fault_of_the_command_line(place: Path, command: str, words: list[str], said: str) -> None:
    done = run(command, "book", *words, cwd=place)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def test_what_is_said_before_a_book_is_read_is_chosen_too(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "volumes.yaml": "title: S\nauthor: A\nlanguage: en\nvolumes: [one]\nmessages: {image-no-alt: drawn}\n",
            "one/book.yaml": "title: One\n",
            "one/a.md": "# A\n\nWords.\n",
        },
    )
    assert "volume-listed" in run("check", "one", cwd=tmp_path).stderr
    assert run("check", "one", "--ignore", "volume-listed", cwd=tmp_path).stderr == ""
    assert "ignore-unused" not in run("check", ".", cwd=tmp_path).stderr  # another volume may cause it


def test_python_code_chooses_messages_too(place: Path) -> None:
    settings(place, "messages: {link-target-missing: later}\n")
    book = Book.from_folder(place / "book")
    assert book.messages == {"link-target-missing": "later"}
    book.messages["image-missing"] = "a placeholder"
    report = book.check()
    assert [each.code for each in report.diagnostics] == ["type-unknown"]
    assert sorted(each.reason for each in report.ignored) == ["a placeholder", "later", "later"]
    with pytest.raises(ChapbookError, match="value-type"):
        book.messages = {"value-type": "never"}
    with pytest.raises(ChapbookError, match=r"Book\.messages"):
        book.messages = ["image-missing"]  # type: ignore[assignment]


def test_no_error_can_be_named() -> None:
    assert any(row.severity is Severity.ERROR for row in CODES.values())
