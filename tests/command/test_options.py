"""Where books go, what the command's options take, and how paths stand in its messages."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from unittest import mock

import pytest

from chapbook.command import cli
from chapbook.command.cli import expanded
from chapbook.command.options import cache_of
from support.command import run
from support.libraries import write_files, write_library

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_files(tmp_path / "book", {"book.yaml": "title: T\nauthor: A\nlanguage: en\n", "a.md": "# A\n\nWords.\n"})
    return tmp_path


@pytest.mark.parametrize(
    ("output", "instead"),
    [
        ("book.pdf", "'book.epub'"),
        ("out/book.mobi", "'out/book.epub'"),
        ("new", "'new.epub', or 'new/' for a folder"),
        ("v1.2", "'v1.2.epub'"),
        (".hidden", "'.hidden.epub', or '.hidden/' for a folder"),
    ],
)
def test_a_file_that_is_not_named_as_an_epub_is_refused(place: Path, output: str, instead: str) -> None:
    before = sorted(place.rglob("*"))
    done = run("build", "book", "-o", output, cwd=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"chapbook writes EPUB only: name it {instead}\n" in done.stderr
    assert sorted(place.rglob("*")) == before


def test_what_is_an_epub_or_no_file_of_a_name_is_taken(place: Path) -> None:
    (place / "there").mkdir()
    for output, written in (("X.EPUB", "X.EPUB"), ("there", "there/t.epub"), ("new/", "new/t.epub")):
        assert run("build", "book", "-o", output, cwd=place).stdout == f"{written}\n"
    assert run("build", "book", "-o", os.devnull, cwd=place).returncode == 0


def bytes_of(*words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "chapbook", *words], cwd=cwd, capture_output=True, check=False)


def test_a_dash_is_standard_output(place: Path) -> None:
    (place / "book" / "a.md").write_text("# A\n\n[gone](no.md)\n", "utf-8")
    run("build", "book", "-o", "x.epub", cwd=place)
    done = bytes_of("build", "book", "-o", "-", cwd=place)
    assert (done.returncode, done.stdout) == (0, (place / "x.epub").read_bytes())
    assert b"book/a.md:3:1: warning: " in done.stderr
    assert not (place / "-").exists()
    broken = bytes_of("build", "book", "-o", "-", "--strict", cwd=place)
    assert (broken.returncode, broken.stdout) == (1, b"")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lib"], "standard output can take only one book, but there are 2 books"),
        (["book", "--json"], "-o - and --json can't be used together"),
        (["book", "--watch"], "--watch and -o - can't be used together"),
        (["book", "--dask", "local"], "-o - and --dask can't be used together"),
    ],
)
def test_standard_output_takes_one_book_and_nothing_else(place: Path, words: list[str], said: str) -> None:
    write_library(place / "lib", 2)
    done = run("build", *words, "-o", "-", cwd=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_no_book_is_written_to_a_terminal(place: Path) -> None:
    ours, theirs = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "chapbook", "build", "book", "-o", "-"],
            cwd=place,
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 2
    assert b"standard output is a terminal" in done.stderr


# Paths


def test_paths_are_those_that_the_user_gave(place: Path) -> None:
    write_files(
        place, {"c.svg": SVG, "book/c.svg": SVG, "s.css": "p { color: red }}\n", "some/a.docx": "x", "n.txt": "x"}
    )
    assert run("build", "book", "--cover", "c.svg", cwd=place).stderr.startswith("c.svg: error: ")
    assert run("build", ".", "--cover", "../c.svg", cwd=place / "book").stderr.startswith("../c.svg: error: ")
    assert run("build", "book", "--css", "s.css", cwd=place).stderr.startswith("s.css:1:")
    docx = run("build", "some/a.docx", cwd=place)
    assert docx.stderr.startswith("some/a.docx: error: ")
    assert "pandoc 'some/a.docx' -o 'some/a.md'" in docx.stderr
    assert "name the file 'n.md'" in run("build", "n.txt", cwd=place).stderr
    unwritable = run("build", "book", "-o", "n.txt/x.epub", cwd=place)
    assert unwritable.stderr.startswith("n.txt/x.epub: error: ")


def test_a_file_that_volumes_share_is_named_from_here(place: Path) -> None:
    write_library(place / "lib", 1)
    shared = (place / "lib" / "volumes.yaml").read_text("utf-8")
    write_files(place / "lib", {"volumes.yaml": f"{shared}css: s.css\n", "s.css": "p { color: red }}\n"})
    for source in ("lib", "lib/v001"):
        assert "\nlib/s.css:1:" in f"\n{run('check', source, cwd=place).stderr}"
    assert f"\n{place}/lib/s.css:1:" in f"\n{run('check', place / 'lib', cwd=place).stderr}"


# Around the command


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete -o nosort"), ("zsh", "#compdef chapbook"), ("fish", "complete --no-files")]
)
def test_shells_are_told_how_to_complete(place: Path, shell: str, sign: str) -> None:
    if shell == "bash":
        assert shutil.which("bash")
    done = run(cwd=place, _CHAPBOOK_COMPLETE=f"{shell}_source")
    assert (done.returncode, sign in done.stdout) == (0, True)
    words = {"bash": {"COMP_WORDS": "chapbook b", "COMP_CWORD": "1"}}.get(
        shell, {"COMP_WORDS": "chapbook b", "COMP_CWORD": "b" if shell == "fish" else "1"}
    )
    told = run(cwd=place, _CHAPBOOK_COMPLETE=f"{shell}_complete", **words)
    assert re.search(r"\bbuild\b", told.stdout)
    assert "themes" not in told.stdout


def test_the_shell_s_patterns_are_read_where_the_shell_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_files(tmp_path, {"a.md": "", "b.md": "", "[c] one.md": "", "[c] two.md": ""}))
    assert expanded(["build", "?.md", "-q*", "none*", "[c]*", "--css=*"]) == [
        *("build", "a.md", "b.md", "-q*", "none*", "[c] one.md", "[c] two.md", "--css=*")
    ]


def test_the_cache_lies_where_it_is_told_to(place: Path) -> None:
    for words, environment in ((["--cache-dir", "one"], {}), ([], {"CHAPBOOK_CACHE_DIR": "two"})):
        run("build", "book", *words, cwd=place, **environment)
    assert any((place / "one").rglob("*"))
    assert any((place / "two").rglob("*"))
    run("build", "book", "--cache-dir", "three", "--no-cache", cwd=place)
    assert not (place / "three").exists()
    assert zipfile.is_zipfile(place / "t.epub")


# The folder of the cache


@pytest.mark.parametrize(
    ("system", "environment", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/caches", "HOME": "/home/ada"}, "/caches/chapbook"),
        ("linux", {"XDG_CACHE_HOME": "caches", "HOME": "/home/ada"}, "/home/ada/.cache/chapbook"),
        ("linux", {"HOME": "/home/ada"}, "/home/ada/.cache/chapbook"),
        ("linux", {}, "/people/ada/.cache/chapbook"),
        ("linux", {"HOME": ""}, "/people/ada/.cache/chapbook"),
        ("freebsd14", {"HOME": "ada"}, "/people/ada/.cache/chapbook"),
        ("darwin", {"HOME": "/Users/ada"}, "/Users/ada/Library/Caches/chapbook"),
        ("darwin", {"HOME": "/Users/ada", "XDG_CACHE_HOME": "/caches"}, "/caches/chapbook"),
        ("win32", {"LOCALAPPDATA": "/Users/ada/AppData/Local"}, "/Users/ada/AppData/Local/chapbook/Cache"),
        ("win32", {"HOME": "/Users/ada"}, "/Users/ada/AppData/Local/chapbook/Cache"),
    ],
)
def test_each_system_has_its_place_for_the_cache(
    system: str, environment: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pwd.getpwuid", lambda _: mock.Mock(pw_dir="/people/ada"))
    for name in ("XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert cache_of(no_cache=False, cache_dir=None) == Path(folder)


def test_a_user_without_a_home_has_no_cache(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pwd.getpwuid", mock.Mock(side_effect=KeyError))
    for name in ("XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(place)
    assert cache_of(no_cache=False, cache_dir=None) is None
    assert cache_of(no_cache=False, cache_dir=place / "own") == place / "own"
    assert cli.run(["build", "book", "-o", "x.epub"]) == 0
    assert cli.run(["doctor"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"\n  folder +–  .*\n?.*To get it: set\s+HOME", told)
