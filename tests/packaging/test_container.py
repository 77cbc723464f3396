"""The ZIP: what it holds at most, and that it holds exactly what was given."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import ChapbookError
from chapbook.packaging import container
from chapbook.packaging.container import Entry, write_archive

MOST_FILES = 65_535
FOUR_GB = 1 << 32
NOTHING = Deflated.of(b"")


class Counting(io.BytesIO):
    """A file that keeps the length of what it is given, and nothing else."""

    length = 0

    def write(self, data: Any, /) -> int:
        self.length += len(data)
        return len(data)


def files(count: int, content: bytes | Deflated) -> Iterator[Entry]:
    return (Entry(name=f"{number}", media_type="text/plain", content=content) for number in range(count))


def claiming(size: int) -> Deflated:
    """A short stream that says it unpacks to `size` bytes."""
    return Deflated(stream=b"x", size=size, crc=0)


def test_it_holds_as_many_files_as_a_zip_can() -> None:
    file = io.BytesIO()
    write_archive(files(MOST_FILES - 2, NOTHING), file)
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
    assert names[:3] == ["mimetype", "META-INF/container.xml", "0"]
    assert len(set(names)) == MOST_FILES


@pytest.mark.parametrize(
    ("entries", "least", "most"),
    [
        (files(MOST_FILES - 1, NOTHING), 0, 10_000_000),
        (files(5_000, Deflated(stream=bytes(1 << 20), size=1 << 20, crc=0)), FOUR_GB - (2 << 20), FOUR_GB),
        (files(1, claiming(FOUR_GB)), 0, 1_000),
    ],
    ids=["files", "bytes", "one file"],
)
def test_what_no_zip_holds_is_refused_in_words(entries: Iterator[Entry], least: int, most: int) -> None:
    file = Counting()
    with pytest.raises(ChapbookError) as raised:
        write_archive(entries, file)
    (said,) = raised.value.diagnostics
    assert said.code == "output-unwritable"
    assert said.message == "the book has more than 65,535 files or 4 GB, the most that an EPUB can hold"
    assert said.hint == "split it into volumes"
    assert least <= file.length < most


def test_the_directory_counts_towards_what_a_zip_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name stands in the file twice: before the content, and in the directory at the end."""
    monkeypatch.setattr(container, "_MOST_BYTES", 1_000_000)
    file = Counting()
    entries = (Entry(name=f"{number}".zfill(1_000), media_type="text/plain", content=NOTHING) for number in range(999))
    with pytest.raises(ChapbookError, match="output-unwritable"):
        write_archive(entries, file)
    assert 450_000 < file.length < 500_000


def test_every_byte_comes_out_as_it_went_in() -> None:
    contents: dict[str, bytes | Deflated | Callable[[], bytes]] = {
        "a.xhtml": b"text " * 99,
        "b.png": b"\0\1\2" * 99,
        "c.css": Deflated.of(b"p {}"),
        "d.otf": lambda: b"f",
    }
    types = ["application/xhtml+xml", "image/png", "text/css", "font/otf"]
    entries = [Entry(name=n, media_type=t, content=c) for (n, c), t in zip(contents.items(), types, strict=True)]
    file = io.BytesIO()
    write_archive(entries, file)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        read = {each.filename: (archive.read(each), each.compress_type) for each in archive.infolist()}
    assert read.pop("mimetype") == (b"application/epub+zip", zipfile.ZIP_STORED)
    assert b'full-path="EPUB/package.opf"' in read.pop("META-INF/container.xml")[0]
    assert read == {
        "a.xhtml": (b"text " * 99, zipfile.ZIP_DEFLATED),
        "b.png": (b"\0\1\2" * 99, zipfile.ZIP_STORED),
        "c.css": (b"p {}", zipfile.ZIP_DEFLATED),
        "d.otf": (b"f", zipfile.ZIP_DEFLATED),
    }


@pytest.mark.parametrize("second", ["a.xhtml", "A.xhtml"])
def test_two_files_of_one_name_are_refused(second: str) -> None:
    entries = [Entry(name=name, media_type="text/plain", content=b"") for name in ("a.xhtml", second)]
    with pytest.raises(ValueError, match="are named"):
        write_archive(entries, io.BytesIO())


def test_a_file_that_went_away_is_named_as_what_could_not_be_read() -> None:
    def gone() -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    with pytest.raises(ChapbookError, match=r"'p\.png' cannot be read: No such file") as raised:
        write_archive([Entry(name="p.png", media_type="image/png", content=gone)], io.BytesIO())
    assert raised.value.diagnostics[0].code == "file-unreadable"
