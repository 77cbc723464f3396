"""Content folders are untrusted: nothing outside is read, nothing hangs, nothing ends in a traceback."""

import os
import stat
import sys
from pathlib import Path

import pytest

from chapbook.model.contents import Part
from chapbook.model.diagnostics import ChapbookError
from chapbook.reading import content_folder, walk
from chapbook.reading.content_folder import ContentFolder, read_bytes
from chapbook.reading.folder import FolderContents, read_folder
from chapbook.reading.volumes import LibraryFiles

posix = pytest.mark.skipif(sys.platform == "win32", reason="links and FIFOs of POSIX")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "book.yaml").write_text("title: T\nlanguage: en\n")
    (folder / "a.md").write_text("a")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "p.png").write_bytes(b"p")
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "s.md").write_text("secret")
    return folder


def told(read: FolderContents) -> list[tuple[str, str | None]]:
    return [(each.code, each.path) for each in read.diagnostics]


def refusal(root: Path, path: str) -> str:
    with pytest.raises(ChapbookError) as error:
        ContentFolder.at(root).read(path)
    str(error.value).encode("utf-8")
    return error.value.diagnostics[0].code


@pytest.mark.parametrize(
    "path", ["../secret.md", "/etc/passwd", "pictures/../../secret.md", "..", ".", "", "a.md\0", "//etc/passwd"]
)
def test_paths_that_lead_out_are_not_read(root: Path, path: str) -> None:
    assert refusal(root, path) == "file-outside"


@pytest.mark.parametrize("path", ["none.md", "pictures", ".git/config", "x" * 5000, "\ud800.md", "a.md/b"])
def test_what_is_no_file_is_not_read(root: Path, path: str) -> None:
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("token")
    assert refusal(root, path) == "file-unreadable"


def test_a_path_within_is_read(root: Path) -> None:
    files = ContentFolder.at(root)
    assert files.read("pictures/../a.md") == b"a"
    assert files.names() == {"a.md", "book.yaml", "pictures/p.png"}


@posix
def test_links_that_lead_out_or_round_are_not_followed(root: Path) -> None:
    (root / "out.md").symlink_to(root.parent / "secret.md")
    (root / "outside").symlink_to(root.parent / "secrets")
    (root / "up").symlink_to("..")
    (root / "here").symlink_to(".")
    (root / "pictures" / "back").symlink_to("../pictures")
    (root / "itself.md").symlink_to("itself.md")
    (root / "nowhere.md").symlink_to("gone.md")
    read = read_folder(root)
    assert sorted(told(read)) == sorted(
        ("file-outside", path)
        for path in ("out.md", "outside", "up", "here", "pictures/back", "itself.md", "nowhere.md")
    )
    assert [item.path for item in read.items] == ["a.md"]
    assert not any("secret" in name for name in read.files.names())
    assert refusal(root, "out.md") == "file-outside"
    assert refusal(root, "outside/s.md") == "file-outside"


@posix
def test_links_within_the_folder_are_followed(root: Path) -> None:
    (root / "b.md").symlink_to("a.md")
    (root / "more").symlink_to("pictures")
    (root / "part").mkdir()
    (root / "part" / "c.md").symlink_to("../a.md")
    (root / "copy").symlink_to("part")
    read = read_folder(root)
    assert read.diagnostics == ()
    assert [item.path for item in read.items] == ["a.md", "b.md", "copy", "part"]
    assert read.files.read("more/p.png") == b"p"


@posix
def test_a_link_put_in_place_of_a_file_later_reads_nothing(root: Path) -> None:
    files = ContentFolder.at(root)
    (root / "a.md").unlink()
    (root / "a.md").symlink_to(root.parent / "secret.md")
    with pytest.raises(ChapbookError) as error:
        files.read("a.md")
    assert error.value.diagnostics[0].code == "file-outside"


@posix
def test_fifos_and_devices_are_never_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "fifo.md")
    os.mkfifo(root / "p.png")
    waiting: list[str] = []
    open_ = os.open

    def watched(path: str, flags: int, *, dir_fd: int | None = None) -> int:
        mode = os.stat(path, dir_fd=dir_fd, follow_symlinks=False).st_mode
        if stat.S_ISFIFO(mode) and not flags & os.O_NONBLOCK:
            waiting.append(path)  # it would return when somebody writes: never
            raise InterruptedError
        return open_(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", watched)
    read = read_folder(root)
    assert [item.path for item in read.items] == ["a.md"]
    files = ContentFolder(root, frozenset({"fifo.md"}))
    with pytest.raises(ChapbookError, match="isn't a regular file"):
        files.read("fifo.md")
    assert not waiting


@posix
def test_book_yaml_that_is_a_link_out_is_not_read(root: Path) -> None:
    (root / "book.yaml").unlink()
    (root.parent / "other.yaml").write_text("title: Stolen")
    (root / "book.yaml").symlink_to(root.parent / "other.yaml")
    read = read_folder(root)
    assert read.metadata.title == "Book"
    assert ("file-outside", "book.yaml") in told(read)


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes no such name")
def test_names_that_are_no_text_are_told_with_escapes(root: Path) -> None:
    for name in (b"caf\xe9.md", b"line\nbreak.md", b"bell\x07.md", b"pic\xff.png"):
        (Path(os.fsdecode(os.fsencode(root) + b"/" + name))).write_bytes(b"x")
    os.mkdir(os.fsencode(root) + b"/part\xff")  # noqa: PTH102 - a name of bytes
    read = read_folder(root)
    assert sorted(told(read)) == [
        ("file-unreadable", "bell\\x07.md"),
        ("file-unreadable", "caf\\xe9.md"),
        ("file-unreadable", "line\\n" + "break.md"),
        ("file-unreadable", "part\\xff"),
    ]
    assert [item.path for item in read.items] == ["a.md"]


def test_a_dozen_levels_are_parts(root: Path) -> None:
    deep = root.joinpath(*"abcdefghijkl")
    deep.mkdir(parents=True)
    (deep / "x.md").write_text("x")
    item = read_folder(root).items[0]
    levels = 0
    while isinstance(item, Part):
        item, levels = item.contents[0], levels + 1
    assert (levels, item.path) == (12, "a/b/c/d/e/f/g/h/i/j/k/l/x.md")


@posix
def test_thousands_of_levels_are_refused_by_name(root: Path) -> None:
    here = os.open(root, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    try:
        read = read_folder(root)
        assert [code for code, _ in told(read)] == ["too-deep"]
        assert [item.path for item in read.items] == ["a.md"]
    finally:  # level by level, from above: pytest's own way to clean up gives in before us
        for _ in range(2999):
            (root / "d" / "d").rename(root / "e")
            (root / "d").rmdir()
            (root / "e").rename(root / "d")


def test_too_many_files_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_FILES", 5)
    for number in range(10):
        (root / "pictures" / f"{number}.png").write_bytes(b"")
    assert told(read_folder(root)) == [("too-many-files", None)]


def test_a_file_that_is_too_large_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_folder, "MOST_BYTES", 3)
    (root / "pictures" / "p.png").write_bytes(b"1234")
    assert ContentFolder.at(root).read("a.md") == b"a"
    assert refusal(root, "pictures/p.png") == "file-too-large"


def test_a_chapter_that_is_too_large_is_refused_without_being_read(root: Path) -> None:
    with (root / "huge.md").open("wb") as file:
        file.truncate(content_folder.MOST_TEXT_BYTES + 1)
    assert told(read_folder(root)) == [("file-too-large", "huge.md")]


@posix
@pytest.mark.usefixtures("as_ordinary_user")
def test_a_folder_that_may_not_be_listed_is_named(root: Path) -> None:
    (root / "pictures").chmod(0)
    read = read_folder(root)
    (root / "pictures").chmod(0o700)
    assert told(read) == [("file-unreadable", "pictures")]


@posix
def test_a_library_gives_its_own_files_only(root: Path) -> None:
    library = LibraryFiles(root)
    (root / "out.css").symlink_to(root.parent / "secret.md")
    assert library.find("a.md") == Path(os.path.realpath(root / "a.md"))
    assert [library.find(each) for each in ("../secret.md", "out.css", "pictures", "none", "a\0")] == [None] * 5


@pytest.fixture
def beside(root: Path) -> Path:
    """A folder beside the book's, whose name begins as the book's does; the book has links into it."""
    folder = root.parent / "book-secret"
    folder.mkdir()
    (folder / "s.md").write_text("secret")
    (root / "file.md").symlink_to(folder / "s.md")
    (root / "folder").symlink_to(folder)
    return folder


@posix
@pytest.mark.usefixtures("beside")
def test_a_folder_whose_name_only_begins_as_the_book_s_is_outside(root: Path) -> None:
    read = read_folder(root)
    assert sorted(told(read)) == [("file-outside", "file.md"), ("file-outside", "folder")]
    assert [item.path for item in read.items] == ["a.md"]
    assert read.files.names() == {"a.md", "book.yaml", "pictures/p.png"}
    assert LibraryFiles(root).find("file.md") is None


@posix
@pytest.mark.usefixtures("beside")
def test_nor_is_it_read_where_the_link_came_after_the_folder_was_listed(root: Path) -> None:
    files = ContentFolder(root, frozenset({"file.md", "folder/s.md"}))
    for path in ("file.md", "folder/s.md"):
        with pytest.raises(ChapbookError) as error:
            files.read(path)
        assert error.value.diagnostics[0].code == "file-outside"


@posix
def test_everything_lies_within_the_root_of_the_file_system(root: Path) -> None:
    top = Path(root.anchor)
    path = os.path.realpath(root / "a.md")
    within = Path(path).relative_to(top).as_posix()
    assert ContentFolder(top, frozenset({within})).read(within) == b"a"
    assert walk._why_not(path, root.anchor, ()) == ""


@pytest.mark.skipif(os.open not in os.supports_dir_fd, reason="the system opens no file relative to a folder")
def test_a_folder_that_becomes_a_link_while_a_file_is_opened_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, outside = tmp_path / "book", tmp_path / "secret"
    for folder in (root / "part", outside):
        folder.mkdir(parents=True)
        (folder / "a.md").write_text(f"Of {folder.name}.")
    open_ = os.open

    def swapped(path: str, flags: int, *, dir_fd: int | None = None) -> int:
        descriptor = open_(path, flags, dir_fd=dir_fd)
        if path == str(root) and (root / "part").is_dir() and not (root / "part").is_symlink():
            (root / "part").rename(root / "was")
            (root / "part").symlink_to(outside)
        return descriptor

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(ChapbookError) as told:
        read_bytes(root, "part/a.md", 1_000)
    assert told.value.diagnostics[0].code == "file-outside"


def test_links_that_stay_inside_are_read(tmp_path: Path) -> None:
    (tmp_path / "real" / "deep").mkdir(parents=True)
    (tmp_path / "real" / "deep" / "a.md").write_text("Words.")
    (tmp_path / "one").symlink_to("real")
    (tmp_path / "real" / "two").symlink_to("deep")
    (tmp_path / "b.md").symlink_to("one/two/a.md")
    for path in ("b.md", "one/deep/a.md", "one/two/a.md", "real/two/a.md"):
        assert read_bytes(tmp_path, path, 1_000) == b"Words."


def test_the_deepest_folder_is_as_many_levels_down_as_is_said(root: Path) -> None:
    deepest = root.joinpath(*["d"] * walk.MOST_LEVELS)
    deepest.mkdir(parents=True)
    (deepest / "x.md").write_text("x")
    assert told(read_folder(root)) == []
    (deepest / "d").mkdir()
    assert told(read_folder(root)) == [("too-deep", "/".join(["d"] * (walk.MOST_LEVELS + 1)))]


def test_files_and_folders_are_counted_one_by_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_FILES", 4)
    assert told(read_folder(root)) == []
    (root / "pictures" / "q.png").write_bytes(b"q")
    assert told(read_folder(root)) == [("too-many-files", None)]


def test_a_file_may_be_as_large_as_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_folder, "MOST_BYTES", 3)
    path = root / "pictures" / "p.png"
    path.write_bytes(b"123")
    assert ContentFolder.at(root).read("pictures/p.png") == b"123"
    path.write_bytes(b"1234")
    with pytest.raises(ChapbookError, match="larger than 0 MB"):
        ContentFolder.at(root).read("pictures/p.png")


@posix
def test_what_grows_while_it_is_read_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_folder, "MOST_BYTES", 9)
    monkeypatch.setattr(os, "read", lambda _descriptor, most: b"x" * most)
    assert refusal(root, "a.md") == "file-too-large"
