"""The command, as a user runs it: what it writes, what it prints, how it exits."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from chapbook import __version__
from chapbook.command.printing import print_report, reports_json
from chapbook.model.diagnostics import Diagnostic, Report, Severity
from chapbook.series.build_many import build_book
from chapbook.series.planning import plan_books
from support.command import run


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "my-book"
    folder.mkdir()
    (folder / "book.yaml").write_text("title: Ann's Book\nauthor: Ann\nlanguage: en\n")
    (folder / "one.md").write_text("---\nweight: 1\n---\n# One\n\nText.\n")
    (folder / "two.md").write_text("---\nweight: 2\n---\n# Two\n\nSee [one](one.md).\n")
    return folder


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "book.yaml").write_text("title: Broken\nauthor: Ann\nlanguage: en\nseries: 3\n")
    (folder / "a.md").write_text("---\nweight: heavy\n---\n# A\n")
    (folder / "b.md").write_text("# B\n\nSee [nothing](none.md).\n")
    return folder


def test_the_version() -> None:
    done = run("--version", cwd=Path.cwd())
    assert (done.returncode, done.stdout) == (0, f"chapbook {__version__}\n")


def test_help_names_every_command() -> None:
    done = run("--help", cwd=Path.cwd())
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("build", "check", "themes", "cover"))


def test_no_words_print_the_help() -> None:
    done = run(cwd=Path.cwd())
    assert done.returncode == 2
    assert "Usage:" in done.stdout + done.stderr


def test_themes_are_listed_with_a_line_each() -> None:
    done = run("themes", cwd=Path.cwd())
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert names == ["academic", "classic", "minimal", "modern", "verse"]
    assert all(len(line.split()) > 4 for line in done.stdout.splitlines())


def test_without_output_the_title_names_the_file(book: Path, tmp_path: Path) -> None:
    done = run("build", book, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "anns-book.epub\n", "")
    assert zipfile.is_zipfile(tmp_path / "anns-book.epub")


def test_a_file_or_a_folder_may_be_given_and_missing_folders_are_made(book: Path, tmp_path: Path) -> None:
    assert run("build", book, "-o", "deep/er/x.epub", cwd=tmp_path).returncode == 0
    assert run("build", book, "-o", "out/", cwd=tmp_path).returncode == 0
    (tmp_path / "there").mkdir()
    assert run("build", book, "-o", "there", cwd=tmp_path).returncode == 0
    same = {
        path.read_bytes()
        for path in (tmp_path / "deep/er/x.epub", tmp_path / "out/anns-book.epub", tmp_path / "there/anns-book.epub")
    }
    assert len(same) == 1


def test_a_single_markdown_file_is_a_book(tmp_path: Path) -> None:
    (tmp_path / "story.md").write_text("---\ntitle: A Story\nlanguage: en\n---\n\nOnce.\n")
    done = run("build", "story.md", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "a-story.epub\n")


@pytest.mark.usefixtures("broken")
def test_every_wrong_file_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = run("build", "broken", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "broken/book.yaml:4:9: error: " in done.stderr
    assert "broken/a.md:2:9: error: " in done.stderr
    assert "broken/b.md:3:5: warning: " in done.stderr
    assert "[link-target-missing]\n  hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_one_broken_book_stops_no_other(book: Path, broken: Path, tmp_path: Path) -> None:
    done = run("build", broken, book, "-o", "out/", cwd=tmp_path)
    assert done.returncode == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["anns-book.epub"]


def test_strict_makes_a_warning_stop_the_book(book: Path, tmp_path: Path) -> None:
    (book / "two.md").write_text("# Two\n\n[nothing](none.md)\n")
    assert run("build", book, cwd=tmp_path).returncode == 0
    (tmp_path / "anns-book.epub").unlink()
    assert run("build", book, "--strict", cwd=tmp_path).returncode == 1
    assert not (tmp_path / "anns-book.epub").exists()


def test_check_says_the_same_and_writes_nothing(book: Path, broken: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = run("check", book, broken, cwd=tmp_path)
    assert done.returncode == 1
    assert "broken/a.md:2:9: error: " in done.stderr
    assert run("check", book, cwd=tmp_path).returncode == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_drafts_are_said_and_taken_in_on_request(book: Path, tmp_path: Path) -> None:
    (book / "three.md").write_text("---\ntitle: Three\ndraft: true\n---\n\nDraft.\n")
    done = run("build", book, "--strict", cwd=tmp_path)
    assert done.returncode == 0
    assert "my-book/three.md:" in done.stderr
    assert "[draft]" in done.stderr
    with zipfile.ZipFile(tmp_path / "anns-book.epub") as archive:
        assert "EPUB/text/three.xhtml" not in archive.namelist()
    run("build", book, "--drafts", cwd=tmp_path)
    with zipfile.ZipFile(tmp_path / "anns-book.epub") as archive:
        assert "EPUB/text/three.xhtml" in archive.namelist()


def test_json_is_one_document_on_standard_output(book: Path, broken: Path, tmp_path: Path) -> None:
    done = run("build", book, broken, "-o", "out/", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == ""
    document = json.loads(done.stdout)
    first, second = document["books"]
    facts = {
        "title": "Ann's Book",
        "chapters": 2,
        "unchanged": False,
        "minutes": 1,
        "series": None,
        "changes": None,
        "bytes": (tmp_path / "out/anns-book.epub").stat().st_size,
    }
    assert first.pop("seconds") > 0
    assert first.pop("words") >= 5
    assert first.pop("identifier").startswith("urn:uuid:")
    assert first == {
        "source": str(book),
        "output": "out/anns-book.epub",
        "ok": True,
        "diagnostics": [],
        "ignored": [],
        **facts,
    }
    assert (second["output"], second["ok"]) == (None, False)
    assert set(second["diagnostics"][0]) == {"severity", "code", "message", "path", "line", "column", "hint"}
    assert ("a.md", 2, "error") in {(each["path"], each["line"], each["severity"]) for each in second["diagnostics"]}


def test_two_books_of_one_name_are_refused_before_anything_is_written(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "book.yaml").write_text("title: ANN'S BOOK\nlanguage: en\n")
    (other / "a.md").write_text("# A\n")
    done = run("build", book, other, "-o", "out/", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("[output-clash]") == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["build"],
        ["build", "no-such-folder"],
        ["build", "my-book", "--no-such-option"],
        ["build", "my-book", "--css", "none.css"],
        ["build", "my-book", "--cover", "none.png"],
        ["build", "my-book", "-j", "many"],
        ["build", "my-book", "my-book", "-o", "one.epub"],
        ["nonsense"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("book")
def test_a_wrong_command_line_exits_with_two(words: list[str], tmp_path: Path) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("**/*.epub")) == []


def test_quiet_says_nothing_of_a_book_in_order(book: Path, tmp_path: Path) -> None:
    done = run("build", book, "-q", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_control_characters_of_the_content_reach_no_terminal(book: Path, tmp_path: Path) -> None:
    (book / "two.md").write_text("# Two\n\n[x](none\x1b]0;owned\x07.md) and \x9b31m\n")
    done = run("build", book, cwd=tmp_path)
    assert "\x1b" not in done.stderr
    assert "\x07" not in done.stderr
    assert "\x9b" not in done.stderr


def test_choices_of_the_command_go_over_the_book_s_own(book: Path, tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text("p { text-indent: 3em }\n")
    done = run("build", book, "--theme", "verse", "--css", "own.css", "-o", "x.epub", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "x.epub") as archive:
        sheets = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".css"))
        assert "text-indent: 3em" in sheets


def test_an_unknown_theme_is_an_error_that_lists_them(book: Path, tmp_path: Path) -> None:
    done = run("build", book, "--theme", "clasic", cwd=tmp_path)
    assert done.returncode == 1
    assert "clasic" in done.stderr
    assert "classic" in done.stderr


def test_the_cover_is_written_as_a_picture(book: Path, tmp_path: Path) -> None:
    done = run("cover", book, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "anns-book.jpg\n")
    assert (tmp_path / "anns-book.jpg").read_bytes()[:3] == b"\xff\xd8\xff"


def test_an_unwritable_place_is_named(book: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("build", book, "-o", "file/x.epub", cwd=tmp_path)
    assert done.returncode == 1
    assert "[output-unwritable]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("book")
def test_the_library_of_a_series_is_built_whole(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "a.md").write_text("# A\n")
    (tmp_path / "second" / "book.yaml").write_text("title: The Second\n")
    (tmp_path / "volumes.yaml").write_text("title: The Series\nlanguage: fr\nvolumes: [my-book, second, third]\n")
    done = run("build", ".", "-o", "out/", cwd=tmp_path)
    assert done.returncode == 1
    assert "volumes.yaml:3:" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["anns-book.epub", "the-second.epub"]
    with zipfile.ZipFile(tmp_path / "out" / "the-second.epub") as archive:
        package = archive.read("EPUB/package.opf").decode()
    assert "<dc:language>fr</dc:language>" in package
    assert '<meta name="calibre:series_index" content="2"/>' in package


@pytest.mark.parametrize("command", ["build", "cover"])
@pytest.mark.parametrize(("source", "output"), [("my-book", "my-book/one.md"), ("my-book/one.md", "my-book/one.md")])
@pytest.mark.usefixtures("book")
def test_no_command_writes_over_its_source(tmp_path: Path, command: str, source: str, output: str) -> None:
    before = (tmp_path / output).read_bytes()
    done = run(command, source, "-o", output, cwd=tmp_path)
    if command == "build":
        assert (done.returncode, "chapbook writes EPUB only" in done.stderr) == (2, True)
    else:
        assert done.returncode == 1
        assert "[output-is-source]" in done.stderr or "[output-unwritable]" in done.stderr
        assert f"'{output}'" in done.stderr
    assert (tmp_path / output).read_bytes() == before


def test_a_picture_of_the_folder_is_no_place_for_a_cover(book: Path, tmp_path: Path) -> None:
    (book / "map.jpg").write_bytes(b"mine")
    done = run("cover", book, "-o", "my-book/map.jpg", cwd=tmp_path)
    assert (done.returncode, "[output-is-source]" in done.stderr) == (1, True)
    assert (book / "map.jpg").read_bytes() == b"mine"
    for _ in range(2):
        assert run("cover", ".", "-o", "drawn.jpg", cwd=book).returncode == 0, "the same cover is no loss"


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ("title: B\nlanguage: en\ntheme: nope\ncover: nope.png\n", {"theme-unknown", "setting-file-missing"}),
        ("title: [\n", {"settings-invalid"}),
        ("title: B\nlanguage: en\ncss: nope.css\nrender_seconds: x\n", set()),
    ],
)
def test_the_cover_says_what_check_says_of_it(book: Path, tmp_path: Path, settings: str, codes: set[str]) -> None:
    (book / "book.yaml").write_text(settings)
    done = run("cover", book, "-o", "z.jpg", cwd=tmp_path)
    told = [line for line in done.stderr.splitlines() if "error:" in line and line.endswith("]")]
    assert {line.rpartition("[")[2][:-1] for line in told} == codes
    assert set(told) <= set(run("check", book, cwd=tmp_path).stderr.splitlines())
    assert (done.returncode, (tmp_path / "z.jpg").exists()) == (1 if codes else 0, not codes)


def test_a_cover_goes_into_a_folder_and_has_its_own_suffix(book: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for output in ("new/", "there"):
        done = run("cover", book, "-o", output, cwd=tmp_path)
        assert (done.returncode, (tmp_path / output / "anns-book.jpg").is_file()) == (0, True)
    done = run("cover", book, "-o", "c.png", cwd=tmp_path)
    assert (done.returncode, (tmp_path / "c.png").exists()) == (1, False)
    assert "hint: write 'c.jpg'" in done.stderr


def test_a_cover_that_is_no_picture_is_not_told_to_be_an_svg(book: Path, tmp_path: Path) -> None:
    (tmp_path / "c.jpg").write_text("no picture")
    done = run("check", book, "--cover", "c.jpg", cwd=tmp_path)
    assert "[cover-invalid]" in done.stderr
    assert "JPEG or PNG" in done.stderr
    assert "SVG" not in done.stderr


def test_neither_volumes_yaml_nor_what_lies_beside_it_is_written_over(book: Path, tmp_path: Path) -> None:
    library = "title: S\nlanguage: en\nvolumes: [my-book]\n"
    (tmp_path / "volumes.yaml").write_text(library)
    assert run("build", tmp_path, "-o", tmp_path / "volumes.yaml", cwd=book).returncode == 2
    for source in (tmp_path, book):
        (request,) = plan_books([source], None)
        report = build_book(replace(request, output=tmp_path / "volumes.yaml"))
        assert [each.code for each in report.errors] == ["output-is-source"]
    assert (tmp_path / "volumes.yaml").read_text() == library


UNSHOWN = "a\x1b[31m\x07\x9b2J\x7f\u202e\udcff\u2028\nb"


def unshown(severity: Severity, **places: str | int) -> Diagnostic:
    return Diagnostic(severity=severity, code="left-out", message=f"{UNSHOWN} é 本 \U000e0001", **places)  # type: ignore[arg-type]


def test_nothing_in_a_message_reaches_the_terminal_as_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    said = (unshown(Severity.WARNING, path=UNSHOWN, line=1, hint=UNSHOWN), unshown(Severity.ERROR))
    print_report(Report(source=UNSHOWN, output=Path(UNSHOWN), diagnostics=said), quiet=False)
    written = capsys.readouterr()
    lines = [*written.out.splitlines(), *written.err.split("\n")]
    assert all(line.isprintable() for line in lines)
    assert [line.count(r"a\x1b[31m\x07\x9b2J\x7f\u202e\udcff\u2028\nb") for line in lines] == [1, 3, 1, 2, 1, 0]
    assert "é 本" in written.err


def test_nothing_in_json_reaches_the_terminal_as_a_command() -> None:
    said = unshown(Severity.WARNING, path=UNSHOWN, hint=UNSHOWN)
    written = reports_json([Report(source=UNSHOWN, title=UNSHOWN, diagnostics=(said,))])
    assert all(line.isprintable() for line in written.split("\n"))
    assert "é 本" in written
    (book,) = json.loads(written)["books"]
    assert book["source"] == book["title"] == UNSHOWN
    assert book["diagnostics"][0]["message"] == said.message


def test_kinds_that_repeat_are_grouped_and_counted(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: T\nlanguage: en\n", "utf-8")
    for name in ("a", "b"):
        links = "\n\n".join(f"[x](gone-{name}-{number}.md)" for number in range(100))
        (tmp_path / f"{name}.md").write_text(f"# {name}\n\n{links}\n\n![](no.png)\n", "utf-8")
    told = run("check", tmp_path, cwd=tmp_path).stderr.splitlines()
    assert len(told) < 24
    assert "  and 197 more of this kind in 2 files; --all lists them [link-target-missing]" in told
    assert told[-1] == "202 warnings: 200 link-target-missing, 2 image-missing"
    every = run("check", "--all", tmp_path, cwd=tmp_path).stderr
    assert every.count("[link-target-missing]") == 200
    books = json.loads(run("check", "--json", tmp_path, cwd=tmp_path).stdout)["books"]
    assert len(books[0]["diagnostics"]) == 202
