"""How `check` prints messages, and what is built where no source is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from chapbook.command.check_formats import github_lines
from chapbook.model.diagnostics import Diagnostic, Report, Severity
from chapbook.model.xml_text import printable
from chapbook.series.planning import book_in
from support.command import run
from support.libraries import write_files

SETTINGS = "title: T\nauthor: A\nlanguage: en\n"
COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^:,\s]*(?: [^:,]*)?,?)+)::(.*)")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_files(
        tmp_path / "book",
        {
            "book.yaml": SETTINGS,
            "one/a, b.md": "---\nwieght: 2\n---\n# 100%: a\n\n[x](no%20way,%0A::error::x.md)\n",
            "c.md": "---\ndraft: true\n---\n# C\n",
        },
    )
    return tmp_path


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner reads it."""
    match = COMMAND.fullmatch(line)
    assert match, line
    named = dict(each.split("=", 1) for each in match[2].split(","))
    return match[1], {name: plain(value) for name, value in named.items()}, plain(match[3])


def plain(text: str) -> str:
    for escape, sign in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escape, sign)
    return text


def test_annotations_name_file_line_and_column_as_json_does(place: Path) -> None:
    done = run("check", "book", "--format", "github", cwd=place)
    told = [read(line) for line in done.stdout.splitlines()]
    document = json.loads(run("check", "book", "--json", cwd=place).stdout)["books"][0]["diagnostics"]
    assert (done.returncode, done.stderr) == (0, "")
    assert len(told) == len(document) > 2
    for (severity, named, words), each in zip(told, document, strict=True):
        assert severity == {"note": "notice"}.get(each["severity"], each["severity"])
        assert named["file"] == f"book/{each['path']}"
        assert named["title"] == f"chapbook: {each['code']}"
        assert (named.get("line"), named.get("col")) == (str(each["line"]), str(each["column"]))
        assert words == printable(each["message"]) + (f"\nhint: {each['hint']}" if each["hint"] else "")


def test_errors_are_annotations_and_the_exit_code(place: Path) -> None:
    (place / "book" / "book.yaml").write_text(f"{SETTINGS}toc_depth: 9\n", "utf-8")
    done = run("check", "book", "--format", "github", "-q", cwd=place)
    assert done.returncode == 1
    assert [read(line)[0] for line in done.stdout.splitlines()] == ["error", "warning", "warning"]


def test_paths_are_those_of_the_repository(place: Path) -> None:
    done = run("check", ".", "--format", "github", cwd=place / "book", GITHUB_WORKSPACE=str(place))
    files = {read(line)[1]["file"] for line in done.stdout.splitlines()}
    assert files == {"book/one/a, b.md", "book/c.md"}
    elsewhere = run("check", ".", "--format", "github", cwd=place / "book", GITHUB_WORKSPACE=str(place / "other"))
    assert {read(line)[1]["file"] for line in elsewhere.stdout.splitlines()} == {"one/a, b.md", "c.md"}


def test_signs_that_mean_something_to_github_are_escaped() -> None:
    note = Diagnostic(severity=Severity.NOTE, code="draft", message="50%\r\n::error::a\x1b", path="a:b,c%.md")
    said = replace(note, line=3, column=4, hint="x\ny")
    of_book = Diagnostic(severity=Severity.WARNING, code="title-missing", message="no title")
    lines = list(github_lines(Report(source="book", diagnostics=(said, of_book)), quiet=False))
    place, words = (
        "file=book/a%3Ab%2Cc%25.md,line=3,col=4,title=chapbook%3A draft",
        r"50%25\r\n::error::a\x1b%0Ahint: x\ny",
    )
    assert lines == [f"::notice {place}::{words}\n", "::warning title=chapbook%3A title-missing::book: no title\n"]


def test_json_and_text_have_two_names_each(place: Path) -> None:
    one, two = (
        json.loads(run("check", "book", *words, cwd=place).stdout) for words in (["--json"], ["--format", "json"])
    )
    for each in (one, two):
        each["books"][0].pop("seconds")
    assert one == two
    assert run("check", "book", "--format", "text", cwd=place).stderr == run("check", "book", cwd=place).stderr != ""


@pytest.mark.parametrize("form", ["github", "text"])
def test_two_formats_are_refused(place: Path, form: str) -> None:
    done = run("check", "book", "--json", "--format", form, cwd=place)
    assert done.returncode == 2
    assert f"--json does not go with --format {form}" in done.stderr
    assert run("check", "book", "--json", "--format", "json", cwd=place).returncode == 0


def test_build_without_a_source_builds_the_current_folder(place: Path) -> None:
    done = run("build", cwd=place / "book")
    assert (done.returncode, done.stdout) == (0, "t.epub\n")
    assert done.stderr.splitlines()[0] == "building the current folder, 'book'"
    assert "\none/a, b.md:2:1: warning: " in done.stderr
    named = run("build", "book", "-o", "named.epub", cwd=place)
    assert named.returncode == 0
    assert (place / "named.epub").read_bytes() == (place / "book" / "t.epub").read_bytes()


def test_check_without_a_source_checks_the_current_folder(place: Path) -> None:
    done = run("check", cwd=place / "book")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("checking the current folder, 'book'\n")
    assert sorted(each.name for each in (place / "book").iterdir()) == ["book.yaml", "c.md", "one"]


@pytest.mark.parametrize(
    "words", [("build", "-q"), ("check", "-q"), ("build", "--json"), ("check", "--format", "github")]
)
def test_nothing_is_said_of_the_folder_where_nothing_was_asked(place: Path, words: tuple[str, ...]) -> None:
    done = run(*words, cwd=place / "book")
    assert done.returncode == 0
    assert "current folder" not in done.stderr


def test_a_library_and_a_volume_are_current_folders_too(tmp_path: Path) -> None:
    volume = {"a.md": "# A\n\nWords.\n"}
    write_files(tmp_path, {"volumes.yaml": "title: S\nauthor: A\nlanguage: en\nvolumes: [one, two]\n"})
    write_files(tmp_path / "one", volume)
    write_files(tmp_path / "two", volume)
    assert run("build", cwd=tmp_path).stdout.splitlines() == ["one.epub", "two.epub"]
    done = run("build", "-o", "../again.epub", cwd=tmp_path / "two")
    assert done.returncode == 0
    assert (tmp_path / "again.epub").read_bytes() == (tmp_path / "two.epub").read_bytes()


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_folder_without_chapters_is_refused_with_the_way_out(command: str, tmp_path: Path) -> None:
    write_files(
        tmp_path / "some", {"notes.txt": "x", ".git/a.md": "x", "node_modules/b.md": "x", "1/2/3/4/deep.md": "x"}
    )
    before = sorted(tmp_path.rglob("*"))
    done = run(command, cwd=tmp_path / "some")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the current folder, 'some', has no book.yaml and no chapters (.md files)" in done.stderr
    assert f"name it: chapbook {command} my-book" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["book.yaml", "volumes.yaml", "a.md", "one/A.MARKDOWN", "1/2/3/a.md", "a.qmd"])
def test_what_makes_a_folder_one_of_a_book(name: str, tmp_path: Path) -> None:
    assert book_in(tmp_path) == ""
    write_files(tmp_path, {name: ""})
    assert book_in(tmp_path) == "."


def test_beside_a_book_nothing_is_built_and_the_book_is_named(place: Path) -> None:
    write_files(place, {"README.md": "About.\n", "notes/a.md": "A note.\n"})
    (place / "book").rename(place / "my book")
    done = run("build", cwd=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no book.yaml, but its folder 'my book' has one: write 'chapbook build 'my book''" in done.stderr
    assert list(place.rglob("*.epub")) == []
    assert run("build", "my book", cwd=place).returncode == 0


def test_the_readme_of_a_repository_makes_no_book(tmp_path: Path) -> None:
    write_files(tmp_path, {"README.md": "About.", "CHANGELOG.md": "New."})
    assert book_in(tmp_path) == ""
    write_files(tmp_path, {"chapters/README.md": "The opening."})
    assert book_in(tmp_path) == "."


def test_a_library_goes_before_its_volumes(tmp_path: Path) -> None:
    write_files(tmp_path, {"volumes.yaml": "", "one/book.yaml": ""})
    assert book_in(tmp_path) == "."


def test_a_folder_of_very_many_files_is_not_searched_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chapbook.series.planning._MOST_SEEN", 3)
    write_files(tmp_path, {**{f"{each}.txt": "" for each in range(4)}, "one/a.md": ""})
    assert book_in(tmp_path) == ""
