"""What was checked is what ships: files and folders are exchanged at each moment between check and use."""

from __future__ import annotations

import io
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO
from unittest import mock

import pytest
from PIL import Image, PngImagePlugin

from chapbook import Book
from chapbook.model.diagnostics import ChapbookError
from chapbook.packaging.destination import destination_of
from chapbook.packaging.output import write_file
from support.libraries import write_files
from support.made_fonts import font
from support.pictures import saved

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="asks /proc which folder is open")

SECRET = "Nobody may read this"
COLOUR = (255, 0, 254)
"""That of the pictures outside, which may be converted."""
SCRIPT = "<script>alert(1)</script>"


def book_of(words: str, colour: tuple[int, int, int]) -> dict[str, str | bytes]:
    """A folder with a file of each kind that a book is made of; every one holds the `words` or the `colour`."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", words)
    picture = Image.new("RGB", (40, 40), colour)
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>{words}</title><path d="M0 0h9"/></svg>'
    return {
        "book.yaml": f"title: T\nlanguage: en\nauthor: A\nrights: {words}\ncover: art/cover.png\nsyntax: mkdocs\n"
        "css: look/own.css\nfonts: [{file: look/own.ttf}]\n",
        "part/_index.md": f"---\ntitle: Part\n---\n{words}\n",
        "part/deep/a.md": f'# A\n\n{words}\n\n--8<-- "shared/include.txt"\n\n![a](p.png) ![b](b.bmp) ![c](v.svg)\n',
        "part/deep/p.png": saved(picture, "PNG", pnginfo=said),
        "part/deep/b.bmp": saved(picture, "BMP"),
        "part/deep/v.svg": drawn,
        "shared/include.txt": f"{words}\n",
        "art/cover.png": saved(Image.new("RGB", (60, 90), colour), "PNG", pnginfo=said),
        "look/own.css": f'@import "more/more.css"; p {{ background: url(bg.png); content: "{words}" }}\n',
        "look/more/more.css": f'b {{ content: "{words}" }}\n',
        "look/bg.png": saved(picture, "PNG", pnginfo=said),
        "look/own.ttf": font(words),
    }


class _Opener:
    """`os.open` as `chapbook.opening` calls it: before the call of that number, `swap` gets what it would open."""

    def __init__(self, root: Path, call: int, swap: Callable[[Path], object]) -> None:
        self._root, self._call, self._swap = root, call, swap
        self.opened: list[Path] = []
        self._open = os.open

    def __call__(self, path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if dir_fd is not None and sys._getframe(1).f_globals["__name__"] == "chapbook.opening":
            folder = Path(os.readlink(f"/proc/self/fd/{dir_fd}"))  # noqa: PTH115 - of a descriptor
            if folder.is_relative_to(self._root):
                self.opened.append(folder / path)
                if len(self.opened) == self._call:
                    self._swap(folder / path)
        return self._open(path, flags, mode, dir_fd=dir_fd)


@contextmanager
def opener(root: Path, call: int, swap: Callable[[Path], object]) -> Iterator[_Opener]:
    watched = _Opener(root, call, swap)
    in_one_process = mock.patch("chapbook.building.inputs.may_fork", return_value=False)
    with mock.patch("os.open", watched), in_one_process:
        yield watched


def swaps(tmp_path: Path, swap: Callable[[Path], object]) -> Iterator[tuple[Path, dict[str, bytes]]]:
    """What comes of the book when what the n-th call would open is exchanged before it, for each n."""
    whole = write_files(tmp_path / "whole", book_of("Words", (10, 20, 30)))
    write_files(tmp_path / "outside", book_of(SECRET, COLOUR))
    root, call = tmp_path / "root", 0
    while True:
        call += 1
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(whole, root)
        output = tmp_path / f"{call}.epub"
        with opener(root, call, swap) as watched, suppress(ChapbookError):
            Book.from_folder(root).write(output)
        if len(watched.opened) < call:
            assert output.exists(), "nothing was exchanged"
            return
        yield watched.opened[call - 1].relative_to(root), _entries(output)


def _entries(path: Path) -> dict[str, bytes]:
    if not path.exists():
        return {}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_nothing_outside_is_read_through_a_link_that_comes_between(tmp_path: Path) -> None:
    def swap(path: Path) -> None:
        """Puts a link to the like of it outside in the place of a file or folder."""
        path.rename(path.with_name(f".{path.name}"))
        path.symlink_to(tmp_path / "outside" / path.relative_to(tmp_path / "root"))

    swapped, built = set(), 0
    for path, entries in swaps(tmp_path, swap):
        swapped.add(path.as_posix())
        built += bool(entries)
        for name, content in entries.items():
            assert SECRET.encode() not in content, f"{name} after a link was put at {path}"
            if name.endswith((".png", ".jpg")):
                with Image.open(io.BytesIO(content)) as picture:
                    assert picture.convert("RGB").getpixel((0, 0)) != COLOUR, f"{name}, {path}"
    assert built
    assert swapped >= {*book_of("", (0, 0, 0)), "part", "part/deep", "shared", "art", "look", "look/more"}


def test_no_bytes_ship_that_were_not_checked(tmp_path: Path) -> None:
    def swap(path: Path) -> None:
        """Puts a script in the place of a file."""
        if path.is_file():
            path.unlink()
            path.write_text(SCRIPT)

    swapped = []
    for path, entries in swaps(tmp_path, swap):
        swapped.append(path.as_posix())
        for name, content in entries.items():
            assert b"alert(1)" not in content, f"{name} after a script was put at {path}"
    assert swapped.count("part/deep/p.png") == 2, "once to check it, once to ship it"
    assert {*book_of("", (0, 0, 0))} <= {*swapped}


def test_a_picture_that_is_another_when_it_ships_is_told(tmp_path: Path) -> None:
    root = write_files(tmp_path / "root", book_of("Words", (10, 20, 30)))
    other = saved(Image.new("RGB", (40, 40), COLOUR), "PNG")
    with opener(root, 0, print) as watched:
        Book.from_folder(root).write(tmp_path / "first.epub")
    last = max(n for n, each in enumerate(watched.opened, 1) if each.name == "p.png")
    with (
        opener(root, last, lambda path: path.write_bytes(other)),
        pytest.raises(ChapbookError, match=r"'part/deep/p\.png' changed while the book was built.*\[file-changed\]"),
    ):
        Book.from_folder(root).write(tmp_path / "second.epub")
    assert not (tmp_path / "second.epub").exists()


# The output


def write_places(folder: Path) -> Path:
    """An old output, two folders below `folder`, and the like of it in `elsewhere`."""
    write_files(folder, {"out/deep/x.epub": "old", "elsewhere/out/deep/x.epub": "other's"})
    return folder / "out" / "deep" / "x.epub"


def put_link(folder: Path, name: str) -> None:
    """Puts a link to the like of it in `elsewhere` in the place of a folder or file of `folder`."""
    (folder / name).rename(folder / f"{name}.was")
    (folder / name).symlink_to(folder / "elsewhere" / name)


def elsewhere(folder: Path) -> dict[str, str]:
    """All that lies in `elsewhere`, folders too."""
    found = sorted((folder / "elsewhere").rglob("*"))
    return {str(each.relative_to(folder)): each.read_text() if each.is_file() else "" for each in found}


@pytest.mark.parametrize("swapped", ["out", "out/deep", "out/deep/x.epub"])
@pytest.mark.parametrize("name", ["x.epub", "new.epub", "new/y.epub"])
def test_a_link_that_comes_into_the_path_of_the_output_is_not_written_through(
    tmp_path: Path, swapped: str, name: str
) -> None:
    target = write_places(tmp_path).parent / name
    write_files(tmp_path, {"book/a.md": "# A\n"})
    before = elsewhere(tmp_path)
    exchanged: list[str] = []

    def swap(stage: str, _done: int, _total: int) -> None:
        if stage == "chapters" and not exchanged:
            exchanged.append(stage)
            put_link(tmp_path, swapped)

    with suppress(ChapbookError):
        Book.from_folder(tmp_path / "book").write(target, progress=swap)
    assert exchanged
    assert elsewhere(tmp_path) == before


@pytest.mark.parametrize("swapped", ["out", "out/deep", "out/deep/x.epub"])
def test_nor_is_one_that_comes_at_any_call_while_it_is_written(tmp_path: Path, swapped: str) -> None:
    for call in count(1):
        folder = tmp_path / str(call)
        target = write_places(folder)
        before = elsewhere(folder)
        given = destination_of(target)
        with exchanging(call, partial(put_link, folder, swapped)), suppress(ChapbookError):
            write_file(given, _write)
        assert elsewhere(folder) == before, f"at call {call}"
        if not (folder / f"{swapped}.was").exists():
            assert target.read_text() == "new"
            assert call > 8, "nothing was exchanged"
            break


def _write(file: IO[bytes]) -> None:
    file.write(b"new")


@contextmanager
def exchanging(call: int, swap: Callable[[], object]) -> Iterator[None]:
    """Calls `swap` before that call of a function of the system."""
    calls = count(1)

    def watched(function: Callable[..., object]) -> Callable[..., object]:
        def called(*args: object, **named: object) -> object:
            if next(calls) == call:
                swap()
            return function(*args, **named)

        return called

    names = ("open", "stat", "lstat", "link", "replace", "unlink", "fsync", "access", "listdir", "fstat", "readlink")
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(mock.patch.object(os, name, watched(getattr(os, name))))
        yield
