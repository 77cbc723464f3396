"""What two books of one run must not share, and how their files are named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from chapbook import ChapbookError, Choices, build_many
from chapbook.model.names import check_pattern, name_by
from chapbook.series.planning import plan_books
from chapbook.series.requests import BookRequest
from support.command import run
from support.libraries import write_files, write_library

ISBN = "identifier: 978-3-16-148410-0\n"


def library(root: Path, shared: str = "", **volumes: str) -> Path:
    """A library whose volumes have these lines in book.yaml, below the title."""
    files = {"volumes.yaml": f"title: Saga\nauthor: Ann\nlanguage: en\n{shared}volumes: [{', '.join(volumes)}]\n"}
    for name, lines in volumes.items():
        files |= {f"{name}/book.yaml": f"title: {name.title()}\n{lines}", f"{name}/a.md": "# A\n\nWords.\n"}
    return write_files(root, files)


def said(requests: tuple[BookRequest, ...]) -> list[list[str]]:
    return [[each.code for each in request.said] for request in requests]


def test_an_identifier_of_two_books_is_an_error_that_names_both(tmp_path: Path) -> None:
    library(tmp_path / "lib", one=ISBN, two="identifier: urn:isbn:9783161484100\n", three="")
    for words in (["check", "lib"], ["build", "lib", "-o", "out/"]):
        done = run(*words, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stderr.count("[identifier-doubled]") == 2
        assert "lib/one/book.yaml:2:1: error: the identifier 'urn:isbn:9783161484100'" in done.stderr
        assert "is also that of 'lib/two/book.yaml:2'" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["three.epub"]


def test_an_identifier_is_shared_across_sources_and_by_a_markdown_file(tmp_path: Path) -> None:
    library(tmp_path / "lib", one=ISBN)
    write_files(tmp_path, {"story.md": f"---\ntitle: Story\n{ISBN}---\nOnce.\n"})
    done = run("build", "lib/one", "story.md", "-o", "out/", cwd=tmp_path)
    assert "story.md:3:1: error: " in done.stderr
    assert "'story.md:3'" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("one", "two", "clashes"),
    [
        ("identifier: https://example.org/A\n", "identifier: https://example.org/a\n", False),
        ("identifier: doi:10.1000/ABC\n", "identifier: doi:10.1000/abc\n", True),
        ("", "", False),
    ],
)
def test_identifiers_are_compared_as_their_scheme_has_it(tmp_path: Path, one: str, two: str, *, clashes: bool) -> None:
    requests = plan_books([library(tmp_path, one=one, two=two)], None)
    assert said(requests) == [["identifier-doubled"] * clashes] * 2


@pytest.mark.parametrize(
    ("lines", "clashes"),
    [("", True), ("author: Bob\n", False), ("language: fr\n", False), ("series: {name: S, index: 2}\n", False)],
)
def test_an_identifier_that_chapbook_would_make_twice(tmp_path: Path, lines: str, *, clashes: bool) -> None:
    write_files(tmp_path / "one", {"book.yaml": "title: The  Book\nauthor: Ann\nlanguage: en\ndate: 2023\n"})
    other = "" if "author" in lines else "author: ANN\n"
    other += "" if "language" in lines else "language: EN\n"
    write_files(tmp_path / "two", {"book.yaml": f"title: the book\ndate: 2024\n{other}{lines}"})
    for name in ("one", "two"):
        write_files(tmp_path / name, {"a.md": "# A\n\nWords.\n"})
    sources, choices = [tmp_path / "one", tmp_path / "two"], Choices(name="{date}")
    assert said(plan_books(sources, tmp_path, choices=choices)) == [["identifier-doubled"] * clashes] * 2
    assert said(plan_books(sources, tmp_path)) == [["output-clash"]] * 2
    if not clashes:
        one, two = build_many(sources, tmp_path, choices=choices, in_order=True)
        assert one.identifier != two.identifier


@pytest.mark.parametrize(
    ("index", "language", "clashes"),
    [("2", "en", False), ("1.0", "en", True), ("01", "en", True), ("1", "de", False)],
)
def test_a_place_in_a_series_is_of_one_book(tmp_path: Path, index: str, language: str, *, clashes: bool) -> None:
    lines = f"language: {language}\nseries: {{name: saga, index: {index}}}\n"
    requests = plan_books([library(tmp_path, one="", two="", three=lines)], None)
    assert said(requests) == [
        ["series-place-doubled"] * clashes,
        ["series-place-doubled"] * (index == "2"),
        ["series-place-doubled"] * (clashes or index == "2"),
    ]


def test_a_check_says_what_else_is_wrong_too(tmp_path: Path) -> None:
    folder = library(tmp_path / "lib", one="title2: x\n", two="")
    (folder / "two" / "book.yaml").write_text("title: One\n", "utf-8")
    done = run("check", "lib", cwd=tmp_path)
    assert done.returncode == 1
    assert (done.stderr.count("[output-clash]"), done.stderr.count("[key-unknown]")) == (2, 1)


def test_the_message_names_a_few_of_many(tmp_path: Path) -> None:
    requests = plan_books([library(tmp_path, **{f"v{number}": ISBN for number in range(9)})], None)
    assert requests[0].said[0].message.endswith("book.yaml:2' and 3 more")


# Names


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{series}-{index:02}-{slug}.epub", "the-saga-03-a-day"),
        ("{index:03} {title}", "003-a-day"),
        ("{author}_{date}_{language}.EPUB", "ann-lee-2024-10-fr"),
        ("{identifier}", "9783161484100"),
        ("{{x}} {slug}", "x-a-day"),
        ("con", "con-book"),
        ("...", "book"),
    ],
)
def test_a_pattern_names_a_file(pattern: str, name: str) -> None:
    values = {"series": "The Saga", "index": "3", "title": "A Day", "slug": "a-day", "author": "Ann Lee"}
    values |= {"date": "2024-10", "language": "fr", "identifier": "9783161484100"}
    assert name_by(check_pattern(pattern), values) == name
    assert name_by("{index:02}", {"index": "2.5"}) == "02-5"
    assert name_by("{series}-{index:02}-{slug}", {"slug": "a"}) == "a"


@pytest.mark.parametrize(
    "pattern",
    [
        *("{title.__class__}", "{title[0]}", "{0}", "{}", "{titel}", "{title!r}", "{index:999999999}", "{index:2}"),
        *("{index:{title}}", "{title:>99}", "{", "}", "", " ", "a/{title}", "..\\{title}", "x" * 300),
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"pattern|field|format|brace"):
        check_pattern(pattern)
    if pattern:
        with pytest.raises(ChapbookError, match=r"Choices.name takes a file name with the fields {series}, {index}"):
            Choices(name=pattern)
    write_files(tmp_path / "b", {"a.md": "# A\n"})
    assert run("build", "b", "--name", pattern, cwd=tmp_path).returncode == 2
    (tmp_path / "volumes.yaml").write_text(f"title: S\noutput: {json.dumps(pattern)}\nvolumes: [b]\n", "utf-8")
    *faults, book = plan_books([tmp_path], tmp_path / "out")
    said = [(each.code, each.line, each.column) for fault in faults for each in fault.said if each.path]
    assert said == [("value-invalid", 2, 9)] * bool(pattern.strip())
    assert book.output == tmp_path / "out" / "b.epub"


def test_files_are_named_by_the_pattern_of_the_library_or_of_the_command(tmp_path: Path) -> None:
    library(tmp_path / "lib", shared='output: "{series}-{index:02}-{slug}.epub"\n', one="", two="")
    assert run("build", "lib", "-o", "out/", cwd=tmp_path).stdout == "out/saga-01-one.epub\nout/saga-02-two.epub\n"
    assert run("build", "lib/two", cwd=tmp_path).stdout == "saga-02-two.epub\n"
    assert run("build", "lib", "--name", "{index}", "-o", "out/", cwd=tmp_path).stdout == "out/1.epub\nout/2.epub\n"
    assert run("cover", "lib", "-o", "c/", cwd=tmp_path).stdout == "c/saga-01-one.jpg\nc/saga-02-two.jpg\n"
    done = run("build", "lib", "--name", "{series}", "-o", "out/", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("[output-clash]")) == (1, 2)


def test_output_is_a_key_of_a_library_alone_and_given_once(tmp_path: Path) -> None:
    folder = library(tmp_path, shared='output: "{slug}"\n', one="output: x\n")
    (request,) = plan_books([folder], tmp_path / "out")
    assert request.output == tmp_path / "out" / "one.epub"
    assert "output" not in (request.shared.values if request.shared else {})
    (folder / "volumes.yaml").write_text("title: S\noutput: [a]\nvolumes: [one]\n", "utf-8")
    assert [each.code for each in plan_books([folder], None)[0].said] == ["value-type"]


# What is written again


def test_what_has_not_changed_keeps_its_time_unless_it_is_forced(tmp_path: Path) -> None:
    library(tmp_path / "lib", one="", two="")
    run("build", "lib", "-o", "out/", cwd=tmp_path)
    file = tmp_path / "out" / "one.epub"
    os.utime(file, (1, 1))
    data = file.read_bytes()
    for words in ([], ["--no-cache"], ["--only", "one"]):
        done = run("build", "lib", "-o", "out/", "--json", *words, cwd=tmp_path)
        assert json.loads(done.stdout)["books"][0]["unchanged"] is True
        assert file.stat().st_mtime == 1
    forced = run("build", "lib", "-o", "out/", "--json", "--force", cwd=tmp_path)
    assert [book["unchanged"] for book in json.loads(forced.stdout)["books"]] == [False, False]
    assert file.stat().st_mtime > 1
    assert file.read_bytes() == data


def test_fail_fast_stops_at_the_first_broken_book(tmp_path: Path) -> None:
    folder = write_library(tmp_path / "lib", 5)
    (folder / "v002" / "c1.md").write_text("---\nweight: heavy\n---\n# X\n", "utf-8")
    for jobs in ("1", "2"):
        done = run("build", "lib", "-o", f"out{jobs}/", "--fail-fast", "-j", jobs, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, f"out{jobs}/volume-1.epub\n")
        assert "stopped at the first broken book (--fail-fast): 3 left\n" in done.stderr
    assert [path.name for path in (tmp_path / "out1").iterdir()] == ["volume-1.epub"]
    told = json.loads(run("build", "lib", "-o", "out/", "--fail-fast", "--json", cwd=tmp_path).stdout)
    assert [book["ok"] for book in told["books"]] == [True, False]
    going = run("build", "lib", "-o", "out/", "--keep-going", cwd=tmp_path)
    assert len(going.stdout.splitlines()) == 4


def test_reports_tell_what_publishers_ask_for(tmp_path: Path) -> None:
    folder = library(tmp_path / "lib", one=ISBN, two="language: ja\n")
    (folder / "one" / "a.md").write_text("# A\n\n" + "word " * 1150, "utf-8")
    (folder / "two" / "a.md").write_text("# 章\n\n" + "本を読む時間。" * 500, "utf-8")
    one, two = build_many([folder], tmp_path / "out", in_order=True)
    assert (one.identifier, one.series, one.place, one.minutes) == ("urn:isbn:9783161484100", "Saga", "1", 6)
    assert (two.series, two.place, two.minutes) == ("Saga", "2", 7)
