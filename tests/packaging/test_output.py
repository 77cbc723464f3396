"""Writing in one step: whatever happens, the old file stays until the new one is whole, and nothing beside it."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import pytest

from chapbook.model.diagnostics import ChapbookError
from chapbook.opening import Place
from chapbook.packaging import replacing as temporary
from chapbook.packaging.output import write_file
from support.processes import PATIENCE, start

posix_only = pytest.mark.skipif(os.name != "posix", reason="permissions and signals are POSIX's")


def writing(content: bytes) -> Callable[[IO[bytes]], None]:
    def write(file: IO[bytes]) -> None:
        file.write(content)

    return write


def failing(file: IO[bytes]) -> None:
    file.write(b"half")
    file.flush()
    raise RuntimeError("stopped")


def hidden_name(path: Path) -> Path:
    """A name that the new file at `path` may have for a moment."""
    return path.with_name(temporary._hidden_name(Place(path.name, None)).path)


@pytest.fixture(params=["anonymous", "hidden"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With anonymous files, where the system has them, and as on a system that has none."""
    if request.param == "hidden":
        monkeypatch.setattr(temporary, "_ANONYMOUS", 0)
    elif not temporary._ANONYMOUS:
        pytest.skip("the system has no anonymous files")
    return str(request.param)


@pytest.mark.usefixtures("way")
class TestEitherWay:
    def test_a_new_file_is_alone_with_what_the_umask_leaves(self, tmp_path: Path) -> None:
        write_file(tmp_path / "book.epub", writing(b"new"))
        (tmp_path / "other").write_bytes(b"")
        assert sorted(each.name for each in tmp_path.iterdir()) == ["book.epub", "other"]
        assert (tmp_path / "book.epub").read_bytes() == b"new"
        assert (tmp_path / "book.epub").stat().st_mode == (tmp_path / "other").stat().st_mode

    @posix_only
    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
    def test_an_old_file_keeps_its_permissions(self, tmp_path: Path, mode: int) -> None:
        path = tmp_path / "book.epub"
        path.write_bytes(b"old and longer")
        path.chmod(mode)
        write_file(path, writing(b"new"))
        assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", mode)
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("length", [0, 3, 1 << 20, (5 << 20) + 1])
    def test_an_old_file_of_the_same_bytes_is_left_alone(
        self, tmp_path: Path, length: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither make nor a synchronised folder sees a change, and nobody waits for the disk."""
        path = tmp_path / "book.epub"
        path.write_bytes(b"x" * length)
        os.utime(path, ns=(5, 5))
        before = path.stat()
        monkeypatch.setattr(os, "fsync", lambda _: pytest.fail("synced"))
        assert not write_file(path, writing(b"x" * length))
        after = path.stat()
        assert (after.st_ino, after.st_mtime_ns, after.st_ctime_ns) == (
            before.st_ino,
            before.st_mtime_ns,
            before.st_ctime_ns,
        )
        assert path.read_bytes() == b"x" * length
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("at", [0, 1 << 20, 5 << 20])
    def test_an_old_file_that_differs_in_one_byte_is_replaced(self, tmp_path: Path, at: int) -> None:
        path = tmp_path / "book.epub"
        new = bytearray((5 << 20) + 1)
        path.write_bytes(new)
        new[at] = 1
        assert write_file(path, writing(bytes(new)))
        assert path.read_bytes() == new

    @posix_only
    def test_a_link_to_a_file_of_the_same_bytes_stays_and_so_does_the_file(self, tmp_path: Path) -> None:
        link, real = tmp_path / "book.epub", tmp_path / "real.epub"
        link.symlink_to("real.epub")
        real.write_bytes(b"same")
        before = real.stat().st_ino
        assert not write_file(link, writing(b"same"))
        assert link.is_symlink()
        assert real.stat().st_ino == before

    @posix_only
    @pytest.mark.usefixtures("as_ordinary_user")
    def test_an_old_file_that_cannot_be_read_is_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "book.epub"
        path.write_bytes(b"same")
        path.chmod(0o200)
        assert write_file(path, writing(b"same"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o200

    @pytest.mark.parametrize("error", [failing, lambda _: os.kill(os.getpid(), signal.SIGINT)])
    def test_what_fails_or_is_interrupted_changes_nothing(
        self, tmp_path: Path, error: Callable[[IO[bytes]], None]
    ) -> None:
        path = tmp_path / "book.epub"
        path.write_bytes(b"old")
        with pytest.raises((RuntimeError, KeyboardInterrupt)):
            write_file(path, error)
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]

    def test_folders_are_made_and_go_again_when_nothing_came_of_it(self, tmp_path: Path) -> None:
        with pytest.raises(RuntimeError):
            write_file(tmp_path / "a" / "b" / "book.epub", failing)
        assert list(tmp_path.iterdir()) == []
        write_file(tmp_path / "a" / "b" / "book.epub", writing(b"new"))
        assert (tmp_path / "a" / "b" / "book.epub").read_bytes() == b"new"

    @posix_only
    def test_a_symbolic_link_stays_and_its_file_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        link, broken = tmp_path / "book.epub", tmp_path / "broken.epub"
        link.symlink_to("real/book.epub")
        (tmp_path / "real" / "book.epub").write_bytes(b"old")
        broken.symlink_to("real/new.epub")
        for each in (link, broken):
            write_file(each, writing(b"new"))
            assert each.is_symlink()
            assert each.resolve().read_bytes() == b"new"
        assert sorted(each.name for each in (tmp_path / "real").iterdir()) == ["book.epub", "new.epub"]

    def test_a_name_as_long_as_names_can_be(self, tmp_path: Path) -> None:
        path = tmp_path / f"{'n' * 250}.epub"
        write_file(path, writing(b"old"))
        write_file(path, writing(b"new"))
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(path.name, b"new")]

    def test_writers_at_once_leave_one_whole_file(self, tmp_path: Path) -> None:
        path = tmp_path / "book.epub"
        contents = [bytes([n]) * 100_000 for n in range(8)]
        threads = [threading.Thread(target=write_file, args=(path, writing(each))) for each in contents]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert path.read_bytes() in contents
        assert list(tmp_path.iterdir()) == [path]

    @posix_only
    def test_what_a_killed_writer_left_goes_next_time(self, tmp_path: Path) -> None:
        path = tmp_path / "book.epub"
        left = hidden_name(path)
        left.write_bytes(b"left")
        other = hidden_name(tmp_path / "another.epub")
        other.write_bytes(b"somebody else's")
        write_file(path, writing(b"new"))
        assert sorted(tmp_path.iterdir()) == sorted([path, other])

    @posix_only
    def test_what_a_living_writer_is_at_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "book.epub"

        def write(file: IO[bytes]) -> None:
            write_file(path, writing(b"second"))
            file.write(b"first")

        write_file(path, write)
        assert path.read_bytes() == b"first"
        assert list(tmp_path.iterdir()) == [path]


def test_a_file_system_that_links_no_anonymous_file_gets_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"old")
    path.chmod(0o640)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "")

    monkeypatch.setattr(os, "link", refuse)
    write_file(path, writing(b"new"))
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
    assert list(tmp_path.iterdir()) == [path]


def without_renaming_over(number: int) -> Callable[..., None]:
    """`os.replace` as on a network file system that says `number` instead of replacing a file."""
    real = os.replace

    def replace(source: str, target: str, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        with suppress(FileNotFoundError):
            os.stat(target, dir_fd=dst_dir_fd, follow_symlinks=False)
            raise OSError(number, os.strerror(number))
        real(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    return replace


@posix_only
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("number", [errno.EEXIST, errno.EPERM, errno.EOPNOTSUPP])
def test_a_file_system_that_does_not_rename_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", without_renaming_over(number))
    write_file(path, writing(b"new"))
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@posix_only
@pytest.mark.parametrize("then", ["written", "not written"])
def test_killed_between_two_renames_the_old_file_comes_back(tmp_path: Path, then: str) -> None:
    path = tmp_path / "book.epub"
    aside = hidden_name(path).with_suffix(".old")
    aside.write_bytes(b"old")
    hidden_name(path).write_bytes(b"half")
    if then == "written":
        write_file(path, writing(b"new"))
    else:
        with pytest.raises(RuntimeError):
            write_file(path, failing)
    assert path.read_bytes() == (b"new" if then == "written" else b"old")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EXDEV, "another device"),
        (errno.EBUSY, "a mount of its own"),
        (errno.EROFS, "read-only"),
        (errno.EDQUOT, "quota is used up"),
        (errno.ENOSPC, "no space is left"),
        (errno.EIO, "input/output error"),
    ],
)
@pytest.mark.parametrize("function", ["replace", "fsync"])
def test_a_renaming_or_syncing_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str, function: str
) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"old")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, function, refuse)
    assert words in _refusal(path).lower()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@posix_only
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("old", [True, False])
def test_the_content_is_synced_before_the_name_and_the_folder_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, old: bool
) -> None:
    path = tmp_path / "a" / "b" / "book.epub"
    if old:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"old")
    done: list[str] = []

    def watched(name: str) -> None:
        real = getattr(os, name)

        def function(*args: object, **named: object) -> object:
            of = name
            if name == "fsync":
                kept = os.fstat(args[0])  # type: ignore[arg-type]  # a descriptor
                of = "sync folder" if stat.S_ISDIR(kept.st_mode) else f"sync {kept.st_size} bytes"
            done.append(of)
            return real(*args, **named)

        monkeypatch.setattr(os, name, function)

    for name in ("fsync", "link", "replace"):
        watched(name)
    write_file(path, writing(b"new"))
    named = max(at for at, each in enumerate(done) if each in {"link", "replace"})
    assert "sync 3 bytes" in done[:named]
    assert done[named + 1 :] == ["sync folder"] * (1 if old else 3), "the folders that were made have new names too"


def _refusal(path: Path) -> str:
    with pytest.raises(ChapbookError) as caught:
        write_file(path, writing(b"new"))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.path) == ("output-unwritable", str(path))
    return diagnostic.message


def test_what_is_no_place_for_a_file_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    assert "it is a folder" in _refusal(tmp_path / "folder")
    assert "isn't a folder" in _refusal(tmp_path / "file" / "book.epub")
    assert "name is too long" in _refusal(tmp_path / ("n" * 300))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


@posix_only
def test_links_in_a_circle_are_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert "in a circle" in _refusal(tmp_path / "a")


@posix_only
@pytest.mark.usefixtures("as_ordinary_user")
def test_what_may_not_be_written_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"old")
    path.chmod(0o444)
    assert "permission is denied" in _refusal(path)
    assert path.read_bytes() == b"old"
    tmp_path.chmod(0o555)
    try:
        assert "permission is denied" in _refusal(tmp_path / "new.epub")
    finally:
        tmp_path.chmod(0o755)


@posix_only
@pytest.mark.usefixtures("way", "as_ordinary_user")
def test_a_folder_into_which_one_may_write_but_not_look(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "old.epub").write_bytes(b"old")
    (tmp_path / "in").chmod(0o300)
    try:
        for name in ("old.epub", "new.epub"):
            write_file(tmp_path / "in" / name, writing(b"new"))
    finally:
        (tmp_path / "in").chmod(0o700)
    assert {each.name: each.read_bytes() for each in (tmp_path / "in").iterdir()} == {
        "old.epub": b"new",
        "new.epub": b"new",
    }


@posix_only
def test_a_file_that_grows_beyond_what_is_allowed_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"old")
    program = (
        "import resource, sys; from pathlib import Path; from chapbook.packaging.output import write_file\n"
        "from chapbook.model.diagnostics import ChapbookError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: write_file(Path(sys.argv[1]), lambda file: file.write(bytes(1 << 20)))\n"
        "except ChapbookError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert "the file is too large for that file system [output-unwritable]" in run.stdout
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("old", [True, False])
def test_a_full_disk_changes_nothing(small_disk: Path, *, old: bool) -> None:
    path = small_disk / "book.epub"
    if old:
        path.write_bytes(b"old")
    before = sorted(small_disk.iterdir())
    with pytest.raises(ChapbookError, match="no space is left on the device"):
        write_file(path, writing(bytes(1 << 20)))
    assert sorted(small_disk.iterdir()) == before
    assert not old or path.read_bytes() == b"old"
    write_file(path, writing(b"new"))
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(not temporary._ANONYMOUS, reason="the system has no anonymous files")
def test_a_folder_in_which_nothing_changed_keeps_its_time_too(tmp_path: Path) -> None:
    (tmp_path / "book.epub").write_bytes(b"same")
    os.utime(tmp_path, ns=(5, 5))
    assert not write_file(tmp_path / "book.epub", writing(b"same"))
    assert tmp_path.stat().st_mtime_ns == 5


@posix_only
@pytest.mark.skipif(not temporary._ANONYMOUS, reason="the system has no anonymous files")
def test_a_writer_that_is_killed_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"old")
    program = (
        "import sys; from pathlib import Path; from chapbook.packaging.output import write_file\n"
        "def write(file):\n file.write(bytes(1 << 20)); file.flush(); print('half', flush=True); sys.stdin.read()\n"
        "write_file(Path(sys.argv[1]), write)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.kill()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@posix_only
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"])
@pytest.mark.parametrize("old", ["old", ""])
def test_stopped_at_any_call_of_a_function_the_file_is_whole(tmp_path: Path, old: str, how: str) -> None:
    """The link and the rename among them, which no kill from outside ever hits."""
    path = tmp_path / "book.epub"
    done = start(Path(__file__).parent.parent / "support" / "killed_writer.py", path, old, how)
    out, error = done.communicate(timeout=PATIENCE)
    assert not error
    assert int(out) > 80
    assert list(tmp_path.iterdir()) == [path]
