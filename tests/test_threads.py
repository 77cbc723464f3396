"""Builds share nothing: threads build many books at once, whatever the process is like that they run in."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chapbook import Book
from support.corpus import write_corpus
from support.libraries import write_files
from support.pictures import drawing, saved

EIGHT = 8
THREADS = 32
PROGRAM = """
import hashlib, io, locale, os, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from chapbook import Book

def built(folder):
    stream = io.BytesIO()
    Book.from_folder(folder).write(stream)
    return hashlib.sha256(stream.getvalue()).hexdigest()

SETTING
folders = sorted(Path(sys.argv[1]).iterdir())
with ThreadPoolExecutor(8) as threads:
    for each in threads.map(built, folders):
        print(each)
"""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Eight books, of both dialects and of different languages, with pictures, formulas, code and notes."""
    folder = tmp_path_factory.mktemp("books")
    languages = ("en", "de", "tr", "ar", "ja", "fr", "he", "pl")
    text = (
        '# Straße\n\n"Quoted" -- I i ı İ... $a^2$ `code` x[^n].\n\n```python\nprint(1)\n```\n\n![d](p.bmp)\n\n'
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n[^n]: A note.\n"
    )
    for at, language in enumerate(languages):
        book = write_corpus(folder / f"b{at}", chapters=2, size=1_500, seed=at)
        dialect = ("markdown", "commonmark")[at % 2]
        settings = f"title: Book {at}\nauthor: A\nlanguage: {language}\ndialect: {dialect}\ntheme: modern\n"
        write_files(book, {"book.yaml": settings, "z.md": text, "p.bmp": saved(drawing(40, 40 + at), "BMP")})
        (book / "book.yaml").write_text(f"{settings}cover: c.png\n")
        (book / "c.png").write_bytes(saved(drawing(60, 90), "PNG"))
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def alone(books: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """What each book is when it is built alone."""
    out = tmp_path_factory.mktemp("alone")
    return [_built(each, out / f"{at}.epub") for at, each in enumerate(books)]


def _built(folder: Path, target: Path, cache: Path | None = None) -> bytes:
    Book.from_folder(folder).write(target, cache=cache)
    return target.read_bytes()


@pytest.mark.parametrize("cached", [False, True], ids=["no cache", "one cache"])
def test_many_threads_build_the_same_bytes(
    books: list[Path], alone: list[bytes], tmp_path: Path, *, cached: bool
) -> None:
    """32 threads build 8 books, 4 of them each; the files of each four are one and the same."""
    cache = tmp_path / "cache" if cached else None

    def build(number: int) -> bytes:
        at = number % EIGHT
        return _built(books[at], tmp_path / f"{at}.epub", cache)

    with ThreadPoolExecutor(THREADS) as threads:
        made = list(threads.map(build, range(THREADS)))
    assert made == alone * (THREADS // EIGHT)
    assert sorted(each.name for each in tmp_path.glob("*.epub")) == [f"{at}.epub" for at in range(EIGHT)]
    assert not list(tmp_path.glob(".*"))


SETTINGS = {
    "plain": "",
    "locale": "for each in ('tr_TR.UTF-8', 'de_DE.UTF-8', 'C.UTF-8', 'C'):\n"
    "    try: locale.setlocale(locale.LC_ALL, each)\n"
    "    except locale.Error: pass\n",
    "umask": "os.umask(0o077)",
    "recursion limit": "sys.setrecursionlimit(5_000)",
    "low recursion limit": "sys.setrecursionlimit(400)",
    "switches": "sys.setswitchinterval(1e-6)",
    "time zone": "import time; os.environ['TZ'] = 'Pacific/Apia'; time.tzset()",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_whatever_the_process_has_set(books: list[Path], alone: list[bytes], setting: str) -> None:
    assert _hashes(books, SETTINGS[setting]) == [hashlib.sha256(each).hexdigest() for each in alone]


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONOPTIMIZE": "2"},
        {"PYTHONDEVMODE": "1"},
    ],
    ids=" ".join,
)
def test_whatever_the_environment_says(books: list[Path], alone: list[bytes], environment: dict[str, str]) -> None:
    assert _hashes(books, "", environment) == [hashlib.sha256(each).hexdigest() for each in alone]


def _hashes(books: list[Path], setting: str, environment: dict[str, str] | None = None) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("SETTING", setting), str(books[0].parent)],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
