"""The cache changes nothing but time, whatever state it is in."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from inspect import unwrap
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook import Book, Chapter, ExtensionSpec
from chapbook.building.cache_entries import entry_of, value_of
from chapbook.building.cache_versions import tool_versions
from chapbook.cache import Cache, key_of
from chapbook.markup.page import ContentDocument, RenderSettings
from chapbook.rendering.deadline import Overdue
from chapbook.rendering.document import render_chapter
from support.counting import assert_linear

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links are POSIX")
EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-year"


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    target = tmp_path_factory.mktemp("cold") / "x.epub"
    Book.from_folder(EXAMPLE).write(target)
    return target.read_bytes()


def built(cache: Path, target: Path) -> tuple[bytes, list[str]]:
    report = Book.from_folder(EXAMPLE).write(target, cache=cache)
    return target.read_bytes(), [str(each) for each in report.diagnostics]


@pytest.fixture
def warm(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    built(folder, tmp_path / "first.epub")
    assert any(path.is_file() for path in folder.rglob("*"))
    return folder


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/*") if path.is_file())


def test_a_warm_cache_gives_the_same_bytes_and_renders_nothing(
    cold: bytes, warm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("rendered though it was kept")

    monkeypatch.setattr("chapbook.rendering.document.render_chapter", refuse)
    assert built(warm, tmp_path / "x.epub")[0] == cold


def _garbage(path: Path) -> None:
    path.write_bytes(b"garbage")


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _foreign(path: Path) -> None:
    """A whole entry of another program: its checksum is right and its content means nothing here."""
    cache = Cache(path.parent.parent)
    cache.write(path.parent.name + path.name, b'{"name": 3, "ids": 7}\nnothing')


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    """Opening it would wait for somebody who writes."""
    path.unlink()
    os.mkfifo(path)


def _link(path: Path) -> None:
    elsewhere = path.parent / f"{path.name}-elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _of_another(path: Path) -> None:
    """A whole document, under this entry's own key, that is another chapter's."""
    document = render_chapter(_chapter(), name="text/another.xhtml", settings=RenderSettings())
    Cache(path.parent.parent).write(path.parent.name + path.name, entry_of(document) or b"")


@pytest.mark.parametrize("spoil", [_garbage, _truncated, _flipped, _foreign, _empty, _folder, _pipe, _of_another])
def test_a_spoilt_entry_is_a_miss(cold: bytes, warm: Path, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    for path in entries(warm):
        spoil(path)
    assert built(warm, tmp_path / "x.epub")[0] == cold


def test_a_link_in_the_place_of_an_entry_is_not_followed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.write(key_of("a"), b"content")
    (path,) = entries(tmp_path)
    _link(path)
    assert cache.read(key_of("a")) is None


@posix
def test_an_entry_in_a_folder_that_is_a_link_is_not_read_nor_written(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    cache.write(key_of("a"), b"content")
    shelf = entries(cache.folder)[0].parent
    shelf.rename(tmp_path / "elsewhere")
    shelf.symlink_to(tmp_path / "elsewhere")
    assert cache.read(key_of("a")) is None
    (tmp_path / "elsewhere" / key_of("a")[2:]).unlink()
    cache.write(key_of("a"), b"content")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@posix
def test_nobody_else_can_read_or_write_what_is_kept(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        cache = Cache(tmp_path / "cache")
        cache.write(key_of("a"), bytes(200_000))
    finally:
        os.umask(before)
    kept = [cache.folder, *cache.folder.rglob("*")]
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept if each.is_dir()} == {0o700}
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept if each.is_file()} == {0o600}
    assert cache.folder / "written" in kept


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_an_entry_that_others_may_write_is_a_miss(tmp_path: Path, mode: int) -> None:
    cache = Cache(tmp_path)
    cache.write(key_of("a"), b"content")
    (path,) = entries(tmp_path)
    path.chmod(mode)
    assert cache.read(key_of("a")) is None
    cache.write(key_of("a"), b"content")
    assert cache.read(key_of("a")) == b"content"


@posix
def test_an_entry_of_another_user_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.write(key_of("a"), b"content")
    assert cache.read(key_of("a")) == b"content"
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.read(key_of("a")) is None


@posix
def test_a_file_that_an_entry_is_another_name_of_is_not_written_to(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    (tmp_path / "own").write_bytes(b"own")
    for spoil in (os.link, os.symlink):
        cache.write(key_of("a"), b"content")
        (path,) = entries(cache.folder)
        path.unlink()
        spoil(tmp_path / "own", path)
        cache.write(key_of("a"), b"content")
        assert (tmp_path / "own").read_bytes() == b"own"
        assert cache.read(key_of("a")) == b"content"


@posix
@pytest.mark.parametrize("stop", [0, 1, 20, 40, 600])
def test_an_entry_of_which_half_was_written_is_a_miss_and_no_other_file_is_left(tmp_path: Path, stop: int) -> None:
    """As a process leaves it that is killed, or has no room, while it writes."""
    program = (
        "import resource, signal, sys; from pathlib import Path; from chapbook.cache import Cache, key_of\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))\n"
        "Cache(Path(sys.argv[1])).write(key_of('a'), bytes(1_000))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path), str(stop)], check=False)
    assert done.returncode == -signal.SIGXFSZ
    cache = Cache(tmp_path)
    assert cache.read(key_of("a")) is None
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == [key_of("a")[2:]]
    cache.write(key_of("a"), bytes(1_000))
    assert cache.read(key_of("a")) == bytes(1_000)


def test_what_finds_no_room_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "")

    cache = Cache(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("chapbook.cache._write_all", full)
        cache.write(key_of("a"), b"content")
    assert entries(tmp_path) == []
    assert cache.read(key_of("a")) is None


@posix
@pytest.mark.parametrize("spoil", [_pipe, _link])
def test_marks_that_are_no_file_are_made_anew(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    cache = Cache(tmp_path)
    cache.write(key_of("a"), bytes(200_000))
    spoil(tmp_path / "written")
    cache.write(key_of("b"), bytes(200_000))
    assert stat.S_ISREG((tmp_path / "written").lstat().st_mode)
    assert cache.read(key_of("a")) is not None


def test_what_is_too_large_is_neither_written_nor_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    cache.write(key_of("before"), bytes(2_000))
    monkeypatch.setattr("chapbook.cache._LARGEST", 1_000)
    cache.write(key_of("after"), bytes(2_000))
    assert len(entries(tmp_path)) == 1
    assert cache.read(key_of("before")) is None


def test_entries_that_changed_places_are_misses(cold: bytes, warm: Path, tmp_path: Path) -> None:
    """Each is whole, but lies under another's name: believed, it would ship another text in silence."""
    paths = entries(warm)
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(content)
    assert built(warm, tmp_path / "x.epub")[0] == cold


def test_an_entry_of_the_text_before_is_a_miss(tmp_path: Path) -> None:
    def document(text: str) -> bytes:
        book = Book(title="T", language="en", authors=["A"])
        book.add(Chapter(title="A", text=text, path="a.md"))
        book.write(tmp_path / "x.epub", cache=tmp_path / "cache")
        with zipfile.ZipFile(tmp_path / "x.epub") as archive:
            return archive.read(next(name for name in archive.namelist() if name.endswith("a.xhtml")))

    document("The old text.")
    (old,) = set(entries(tmp_path / "cache")) - set(_covers(tmp_path / "cache"))
    document("The new text.")
    (new,) = set(entries(tmp_path / "cache")) - set(_covers(tmp_path / "cache")) - {old}
    new.write_bytes(old.read_bytes())
    assert b"The new text." in document("The new text.")


def _covers(folder: Path) -> list[Path]:
    """The entries of covers drawn, which are the large ones."""
    return [path for path in entries(folder) if path.stat().st_size > 100_000]


@pytest.mark.parametrize("spoil", [_garbage, _empty, _folder, _pipe, _link, Path.unlink])
def test_a_spoilt_count_of_what_was_written_harms_nothing(
    cold: bytes, warm: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(warm / "written")
    for path in entries(warm):
        path.unlink()
    assert built(warm, tmp_path / "x.epub")[0] == cold
    assert entries(warm)


def test_a_cache_that_cannot_be_written_is_none(cold: bytes, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    assert built(in_the_way / "cache", tmp_path / "x.epub")[0] == cold
    assert in_the_way.read_text() == "no folder"


def test_an_edit_shows(warm: Path, tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "book.yaml").write_text("title: T\nlanguage: en\n")
    (folder / "a.md").write_text("# A\n\nBefore.\n")
    Book.from_folder(folder).write(tmp_path / "1.epub", cache=warm)
    (folder / "a.md").write_text("# A\n\nAfter.\n")
    Book.from_folder(folder).write(tmp_path / "2.epub", cache=warm)
    Book.from_folder(folder).write(tmp_path / "3.epub")
    assert (tmp_path / "2.epub").read_bytes() == (tmp_path / "3.epub").read_bytes()
    assert (tmp_path / "1.epub").read_bytes() != (tmp_path / "2.epub").read_bytes()


def test_a_hit_replays_its_messages(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "book.yaml").write_text("title: T\nlanguage: en\n")
    (folder / "a.md").write_text("# A\n\n![](none.png) [x](none.md) [^n] â€™\n")
    first = Book.from_folder(folder).check(cache=tmp_path / "cache").diagnostics
    assert len(first) >= 4
    assert Book.from_folder(folder).check(cache=tmp_path / "cache").diagnostics == first


def test_ten_processes_at_once(cold: bytes, tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    words = [sys.executable, "-m", "chapbook", "build", str(EXAMPLE), "-q", "-o"]
    running = [subprocess.Popen([*words, str(tmp_path / f"{number}.epub")], env=environment) for number in range(10)]
    assert [each.wait(timeout=120) for each in running] == [0] * 10
    assert {(tmp_path / f"{number}.epub").read_bytes() for number in range(10)} == {cold}


def test_threads_share_one_cache(cold: bytes, tmp_path: Path) -> None:
    made: dict[int, bytes] = {}

    def build(number: int) -> None:
        made[number] = built(tmp_path / "cache", tmp_path / f"{number}.epub")[0]

    threads = [threading.Thread(target=build, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert set(made.values()) == {cold}
    assert len(made) == 4


def test_the_folder_is_bounded_and_the_least_used_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most=5_500)
    keys = [key_of(str(number)) for number in range(10)]
    for at, key in enumerate(keys):
        cache.write(key, b"x" * 1000)
        path = tmp_path / key[:2] / key[2:]
        os.utime(path, (1_000_000 + at, 1_000_000 + at))
    cache.touch(keys[:1])
    cache.prune()
    left = [key for key in keys if cache.read(key) is not None]
    assert left == [keys[0], *keys[-3:]]


def test_pruning_is_linear_in_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at every entry again and again would cost the square of a large cache."""
    looked = 0
    scandir = os.scandir

    class Counting:
        def __init__(self, path: str) -> None:
            self._entries = scandir(path)

        def __enter__(self) -> Iterator[os.DirEntry[str]]:
            return self._listed()

        def __exit__(self, *_: object) -> None:
            self._entries.close()

        def _listed(self) -> Iterator[os.DirEntry[str]]:
            nonlocal looked
            for entry in self._entries:
                looked += entry.is_file()
                yield entry

    monkeypatch.setattr("chapbook.cache.os.scandir", Counting)

    def looked_at(writes: int) -> int:
        nonlocal looked
        looked = 0
        cache = Cache(tmp_path / str(writes), most=writes * 2_000)
        for number in range(writes):
            cache.write(key_of(str(number)), bytes(4_000))
        size = sum(path.stat().st_size for path in entries(cache.folder))
        assert size <= cache.most * 1.3
        return looked

    once, twice = looked_at(1_000), looked_at(2_000)
    assert 0 < once < twice < 2.5 * once
    assert twice < 8 * 2_000


def test_a_cache_that_has_room_is_not_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path)
    for number in range(300):
        cache.write(key_of(str(number)), bytes(1_000))
    monkeypatch.setattr(Cache, "prune", lambda _: pytest.fail("looked through"))
    for number in range(300, 1_000):
        cache.write(key_of(str(number)), bytes(1_000))
    assert len(entries(tmp_path)) == 1_000


def test_pruning_takes_as_many_steps_for_each_entry_however_many_there_are(tmp_path: Path) -> None:
    def prune(entries: int) -> None:
        cache = Cache(tmp_path / str(entries), most=entries * 1_000)
        for number in range(entries):
            key = key_of(str(number))
            path = cache.folder / key[:2] / key[2:]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(1_200))
        cache.prune()

    assert_linear(prune, 300)


def test_pruning_follows_no_link_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "letter.txt").write_bytes(b"x" * 10_000)
    cache = Cache(tmp_path / "cache", most=5_000)
    cache.write(key_of("a"), bytes(1_000))
    (cache.folder / "zz").symlink_to(tmp_path / "own")
    cache.prune()
    assert (tmp_path / "own" / "letter.txt").exists()


def test_keys_do_not_run_into_each_other() -> None:
    assert key_of("ab", "c") != key_of("a", "bc") != key_of("abc")


@given(st.text(max_size=300), st.sampled_from(["markdown", "commonmark"]))
def test_a_document_comes_back_as_it_went(text: str, dialect: str) -> None:
    settings = RenderSettings(dialect=dialect)
    document = render_chapter(Chapter(title="T", text=text, path="a.md"), name="text/a.xhtml", settings=settings)
    assert value_of(entry_of(document) or b"", ContentDocument) == document


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_none(entry: bytes) -> None:
    assert value_of(entry, ContentDocument) is None


def test_an_entry_is_data() -> None:
    document = render_chapter(_chapter(), name="text/a.xhtml", settings=RenderSettings())
    values = msgspec.msgpack.decode(entry_of(document) or b"")
    assert values["name"] == "text/a.xhtml"
    assert values["packed"]["stream"] == document.packed.stream


@pytest.mark.parametrize("strange", [object(), 1 << 70, "\ud800"], ids=["object", "large number", "surrogate"])
def test_what_no_entry_can_hold_is_rendered_each_time(strange: object, tmp_path: Path) -> None:
    extension = ExtensionSpec(extension="markdown.extensions.toc", options={"slugify": strange})
    for _ in range(2):
        book = Book(title="T", language="en", authors=["A"], extensions=[extension])
        book.add(_chapter())
        assert not book.check(cache=tmp_path / "cache").errors


def _chapter() -> Chapter:
    return Chapter(title="A", text="*b* [c](d.md) ![e](f.png)")


# What an entry depends on, and what is never kept


def _key_with(folder: Path, *distributions: str) -> str:
    """The key of the tools where these distributions, each with its version, are found first."""
    for each in distributions:
        name, _, version = each.partition("-")
        metadata = folder / f"{each}.dist-info" / "METADATA"
        metadata.parent.mkdir(parents=True)
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        return str(unwrap(tool_versions)())


@pytest.mark.parametrize(
    "name",
    [
        "ebooklib",
        "fontpkg_inter",
        "latex2mathml",
        "lxml",
        "Markdown",
        "pillow",
        "pygments",
        "pymdown_extensions",
        "pyromark",
        "selectolax",
        "tinycss2",
    ],
)
def test_an_entry_depends_on_the_version_of_each_library(name: str, tmp_path: Path) -> None:
    keys = [_key_with(tmp_path / version, f"{name}-{version}") for version in ("97.1", "97.2", "97.2.post1")]
    assert len(set(keys)) == 3


def test_an_entry_does_not_depend_on_other_libraries(tmp_path: Path) -> None:
    keys = {_key_with(tmp_path / version, f"click-{version}", f"my_lxml-{version}") for version in ("97.1", "97.2")}
    assert len(keys) == 1


def test_an_entry_depends_on_the_version_of_chapbook(monkeypatch: pytest.MonkeyPatch) -> None:
    before = unwrap(tool_versions)()
    monkeypatch.setattr("chapbook.building.cache_versions.__version__", "97.1")
    assert unwrap(tool_versions)() != before


def _overdue(_page: object) -> None:
    raise Overdue


def _failing(_page: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("markup.cleaning.clean_markup", _overdue, "render-time"),
        ("passes.headings.take_title", _failing, "render-failed"),
    ],
)
def test_a_chapter_that_was_not_rendered_is_rendered_the_next_time(
    name: str, value: object, code: str, tmp_path: Path
) -> None:
    book = Book(title="T", language="en", authors=["A"])
    book.add(Chapter(title="A", text="Words."))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"chapbook.{name}", value)
        assert [each.code for each in book.check(cache=tmp_path, jobs=1).diagnostics] == [code]
    kept = entries(tmp_path)  # the cover
    assert book.check(cache=tmp_path, jobs=1).diagnostics == ()
    assert len(entries(tmp_path)) == len(kept) + 1
