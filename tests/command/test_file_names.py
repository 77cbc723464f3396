"""File names: UTF-8 in every locale, and as long as the system has them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from chapbook import Book, build_many
from chapbook.model.names import file_name

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are UTF-8 anyway")

OLD = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A locale in which Python takes file names for ASCII, and its own remedies turned off."""
COMMANDS = [[str(Path(sys.executable).with_name("chapbook"))], [sys.executable, "-I", "-m", "chapbook"]]
LONG = "x" * 300


def run(
    *words: str, cwd: Path, command: Sequence[str] = COMMANDS[0], environment: Mapping[str, str] = {}
) -> tuple[int, str, str]:
    done = subprocess.run(
        [*command, *words],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """A series in a folder that is not called by ASCII, with one link that leads nowhere."""
    return write(
        tmp_path / "całość",
        {
            "volumes.yaml": "title: Całość\nauthor: Ann\nlanguage: pl\nvolumes: [tom-ą, 二]\n",
            "tom-ą/book.yaml": "title: Łódź\ncss: ół.css\n",
            "tom-ą/ół.css": "p { text-indent: 3em }\n",
            "tom-ą/ü.md": "# Ü\n\n[b](część/ß.md) and [none](żółw.md)\n",
            "tom-ą/część/ß.md": "# ß\n",
            "二/book.yaml": "title: 第二\n",
            "二/一.md": "# 一\n",
        },
    )


@pytest.mark.parametrize("command", COMMANDS, ids=["script", "module"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_names_are_utf_8_in_every_locale(tmp_path: Path, series: Path, command: list[str], jobs: str) -> None:
    words = ["build", series.name, "--no-cache", "-j", jobs, "-q", "-o"]
    plain = run(*words, "plain/", cwd=tmp_path, environment={"PYTHONUTF8": "1"})
    old = run(*words, "stare-ó/", cwd=tmp_path, command=command, environment=OLD)
    assert old == plain
    assert "całość/tom-ą/ü.md:3:21: warning: " in old[2]
    assert sorted(each.name for each in (tmp_path / "stare-ó").iterdir()) == ["łódź.epub", "第二.epub"]
    for each in (tmp_path / "plain").iterdir():
        assert each.read_bytes() == (tmp_path / "stare-ó" / each.name).read_bytes()


def test_arguments_are_utf_8_in_every_locale(tmp_path: Path, series: Path) -> None:
    write(tmp_path, {"własny.css": "p { text-indent: 5em }\n"})
    words = ["całość/tom-ą", "--css", "własny.css", "-o", "książka.epub"]
    code, out, _ = run("build", *words, cwd=tmp_path, environment=OLD)
    assert (code, out) == (0, "książka.epub\n")
    assert zipfile.is_zipfile(tmp_path / "książka.epub")
    assert run("cover", str(series / "二"), cwd=tmp_path, environment=OLD)[:2] == (0, "第二.jpg\n")
    code, _, error = run("check", "nie-ma-ż", cwd=tmp_path, environment=OLD)
    assert (code, "'nie-ma-ż'" in error) == (2, True)


def test_a_name_that_is_not_utf_8_is_refused_in_every_locale(tmp_path: Path) -> None:
    book = os.fsencode(write(tmp_path / "book", {"book.yaml": "title: B\nlanguage: en\n", "a.md": "# A\n"}))
    Path(os.fsdecode(book + b"/caf\xe9.md")).write_text("# C\n")
    old = run("check", "book", cwd=tmp_path, environment=OLD)
    assert old == run("check", "book", cwd=tmp_path, environment={"PYTHONUTF8": "1"})
    assert old[2].startswith(r"book/caf\xe9.md: error: the name has characters that aren't text")


def test_the_library_says_how_to_start_python(tmp_path: Path, series: Path) -> None:
    program = (
        "import sys\n"
        "from chapbook import ChapbookError, Chapter, Book, build_many\n"
        "for report in build_many([sys.argv[1]], 'out'):\n"
        "    print(*(ascii(f'{each.code} {each.hint}') for each in report.errors), sep='\\n')\n"
        "book = Book(title='T', language='en', authors=['A'])\n"
        "book.add(Chapter(title='A', text='A'))\n"
        "try: book.write('\\xfc.epub')\n"
        "except ChapbookError as error: print(ascii(str(error)))\n"
    )
    command = [sys.executable, "-c", program]
    code, out, error = run(str(series / "tom-ą"), cwd=tmp_path, command=command, environment=OLD)
    assert (code, error) == (0, "")
    *names, written = out.splitlines()
    assert "'file-unreadable start Python with -X utf8, or set PYTHONUTF8=1'" in names
    assert "use -X utf8 [output-unwritable]" in written
    code, out, error = run(str(series / "tom-ą"), cwd=tmp_path, command=[sys.executable, "-X", "utf8", "-c", program])
    assert (code, out.strip(), error) == (0, "", "")
    assert (tmp_path / "ü.epub").exists()


@pytest.mark.parametrize("command", ["build", "cover"])
@pytest.mark.parametrize(
    "output", [f"{LONG}.epub", f"{LONG}.jpg", f"{LONG}/", f"{LONG}/x.epub", f"{LONG}/x.jpg", f"new/{LONG}/deep/", LONG]
)
def test_an_output_that_is_too_long(tmp_path: Path, command: str, output: str) -> None:
    write(tmp_path / "book", {"book.yaml": "title: B\nlanguage: en\n", "a.md": "# A\n"})
    code, out, error = run(command, "book", "-o", output, cwd=tmp_path)
    wrong_suffix = command == "cover" and output.endswith(".epub")
    no_epub = command == "build" and not output.endswith((".epub", "/"))
    assert (code, out) == (2 if no_epub else 1, "")
    assert no_epub or wrong_suffix or ": the name is too long [output-unwritable]\n" in error
    assert "Traceback" not in error
    assert [each.name for each in tmp_path.iterdir()] == ["book"]


@pytest.mark.parametrize("option", ["--css", "--cover", "--theme", "SOURCE"])
@pytest.mark.parametrize("path", [LONG, f"./{LONG}", f"{LONG}/x.md"])
def test_anything_else_that_is_too_long(tmp_path: Path, option: str, path: str) -> None:
    write(tmp_path / "book", {"book.yaml": "title: B\nlanguage: en\n", "a.md": "# A\n"})
    words = [path] if option == "SOURCE" else ["book", option, path]
    code, out, error = run("check", *words, cwd=tmp_path)
    assert (code, out) == (1 if option == "--theme" else 2, "")
    assert "Traceback" not in error
    assert "[unexpected]" not in error


def test_a_name_in_the_settings_that_is_too_long(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "book/book.yaml": f"title: B\nlanguage: en\ncover: {LONG}.jpg\ncss: {LONG}.css\ntheme: ./{LONG}\n",
            "book/a.md": f"# A\n\n[x]({LONG}.md) ![x]({LONG}.png)\n",
            "volumes.yaml": f"title: S\nlanguage: en\ncover: {LONG}.jpg\nvolumes: [book, {LONG}]\n",
        },
    )
    code, _, error = run("build", ".", "-o", "out/", cwd=tmp_path)
    assert (code, "Traceback" in error, "[unexpected]" in error) == (1, False, False)


def test_the_library_takes_names_that_are_too_long(tmp_path: Path) -> None:
    for report in build_many([LONG, f"{LONG}.md", f"{LONG}/x"], tmp_path):
        assert [each.code for each in report.errors] in (["source-missing"], ["output-clash"])


@pytest.mark.parametrize("letter", ["a", "é", "ł", "日", "𐐨", "o\u0308\u0323", "Ł-"])
def test_a_long_title_makes_a_name_that_fits(tmp_path: Path, letter: str) -> None:
    title = letter * 300
    assert len(f"{file_name(title)}.epub".encode()) <= 255
    write(tmp_path / "book", {"book.yaml": f"title: {title}\nlanguage: en\n", "a.md": "# A\n"})
    report = next(build_many([tmp_path / "book"], tmp_path / "out"))
    assert report.ok
    assert [each.name for each in (tmp_path / "out").iterdir()] == [f"{file_name(title)}.epub"]
    assert Book.from_folder(tmp_path / "book").title == title
