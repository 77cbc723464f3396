"""Standard streams that are closed, full, or not UTF-8: the book is built, and nothing ends in a traceback."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the shell closes descriptors")

COMMAND = shlex.quote(str(Path(sys.executable).with_name("chapbook")))
LOST = "chapbook: cannot write to standard output: "


def shell(line: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What the shell makes of `line`, in which @ is the command."""
    return subprocess.run(
        ["bash", "-c", line.replace("@", COMMAND)],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a book in it, whose build has something to say."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "book.yaml").write_text("title: Łódź\nauthor: Ann\nlanguage: pl\n", encoding="utf-8")
    (book / "a.md").write_text("# A\n\n[nothing](łódź.md)\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_closed_stream_stops_no_book(folder: Path, closed: str, jobs: str) -> None:
    done = shell(f"@ build book -o x.epub --no-cache -j {jobs} {closed}", folder)
    assert done.returncode == 0
    with zipfile.ZipFile(folder / "x.epub") as archive:
        assert archive.testzip() is None
    assert done.stdout == (b"" if ">&-" in closed.split() else b"x.epub\n")
    assert (b"[link-target-missing]" in done.stderr) == ("2>&-" not in closed)
    assert b"Traceback" not in done.stderr
    assert LOST.encode() not in done.stderr, "whoever closed it knows"


def test_what_is_printed_to_a_closed_stream_goes_into_no_file(folder: Path) -> None:
    """A file that is opened gets the lowest number that is free: 1 is standard output's."""
    hooks = folder / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(
        "import builtins, os\n"
        "def printing(*args, real=os.fsync):\n"
        "    for number in (1, 2):\n"
        "        try: os.write(number, b'stray')\n"
        "        except OSError: pass\n"
        "    real(*args)\n"
        "os.fsync = printing\n"
    )
    shell("@ build book -o plain.epub", folder)
    done = shell("@ build book -o x.epub <&- >&- 2>&-", folder, PYTHONPATH=str(hooks))
    assert done.returncode == 0
    assert (folder / "x.epub").read_bytes() == (folder / "plain.epub").read_bytes()


@pytest.mark.parametrize(
    ("redirected", "reason"),
    [
        (">/dev/full", "no space left on device"),
        (">&-", "it isn't open for writing"),
        ("</dev/null >&0", "it isn't open for writing"),
    ],
)
@pytest.mark.parametrize("words", ["build book -o x.epub --json", "themes", "--help", "--version", "check book --a11y"])
def test_a_document_that_is_lost_is_an_error(folder: Path, words: str, redirected: str, reason: str) -> None:
    done = shell(f"@ {words} {redirected}", folder)
    told = [line for line in done.stderr.decode().splitlines() if line.startswith(LOST)]
    assert (done.returncode, len(told)) == (1, 1)
    assert reason in told[0]
    assert b"Traceback" not in done.stderr
    assert (folder / "x.epub").exists() == ("build" in words), "the book is no less built"


@pytest.mark.parametrize("words", ["build book -o x.epub", "cover book -o x.jpg"])
def test_a_name_that_is_lost_is_none(folder: Path, words: str) -> None:
    done = shell(f"@ {words} >/dev/full", folder)
    assert (done.returncode, done.stderr.decode().splitlines()[-1]) == (0, f"{LOST}no space left on device")
    assert (folder / words.rsplit(maxsplit=1)[-1]).exists()


def test_messages_that_are_lost_change_nothing(folder: Path) -> None:
    done = shell("@ build book -o x.epub 2>/dev/full", folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"x.epub\n", b"")
    done = shell("@ build book --strict 2>/dev/full", folder)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("build book -q -o x.epub", 0, ""),
        ("build book -o x.epub", 0, ""),
        ("build book book -o out/", 1, ""),
        ("build book --json -o x.epub", 1, f"{LOST}the program that reads it has ended\n"),
        ("themes", 1, f"{LOST}the program that reads it has ended\n"),
    ],
)
def test_a_reader_that_has_gone(folder: Path, words: str, code: int, told: str) -> None:
    (folder / "book" / "a.md").write_text("# A\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [Path(sys.executable).with_name("chapbook"), *words.split()],
        cwd=folder,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )
    os.close(writing)
    assert done.returncode == code
    assert done.stderr == told or "[output-clash]" in done.stderr


def test_a_pipe_that_does_not_block_takes_it_all(folder: Path) -> None:
    (folder / "book" / "a.md").write_text("# A\n\n" + "".join(f"[x](none-{at}.md)\n" for at in range(2_000)))
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    read = bytearray()

    def take() -> None:
        while chunk := os.read(reading, 4096):
            read.extend(chunk)

    taker = threading.Thread(target=take)
    with subprocess.Popen(
        [Path(sys.executable).with_name("chapbook"), "check", "book", "--json"], cwd=folder, stdout=writing
    ) as checking:
        os.close(writing)
        taker.start()
        assert checking.wait(timeout=120) == 0
    taker.join(timeout=120)
    assert len(json.loads(read)["books"][0]["diagnostics"]) == 2_000


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", r"\u0142ód\u017a"), ("ascii", r"\u0142\xf3d\u017a")])
def test_what_the_encoding_lacks_is_escaped(folder: Path, encoding: str, name: str) -> None:
    other = folder / "other"
    other.mkdir()
    (other / "a.md").write_text("# A\n")
    done = shell("@ build book other -o out/", folder, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stdout) == (0, f"out/{name}.epub\nout/other.epub\n".encode(encoding))
    assert f"'{name}.md'".encode(encoding) in done.stderr
    assert sorted(each.name for each in (folder / "out").iterdir()) == ["other.epub", "łódź.epub"]


def test_json_is_utf_8_in_every_encoding(folder: Path) -> None:
    done = shell("@ build book -o łódź.epub --json", folder, PYTHONIOENCODING="cp1252")
    assert (done.returncode, json.loads(done.stdout)["books"][0]["output"]) == (0, "łódź.epub")
