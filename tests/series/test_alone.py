"""A volume is one book, byte for byte: built with its library, by its own path, by its name, or in Python."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapbook import Book, ChapbookError, Choices, build_many
from chapbook.reading import content_folder, volumes
from chapbook.series.build_many import build_book
from chapbook.series.planning import plan_books
from support.command import run
from support.libraries import write_files, write_library

LIBRARY = {
    "volumes.yaml": "title: Saga\nauthor: Ann\nlanguage: fr\ntheme: modern\nvolumes: [one, shelf/two]\n",
    "one/book.yaml": "title: One\n",
    "one/a.md": "# A\n\nWords.\n",
    "shelf/two/book.yaml": "title: Two\n",
    "shelf/two/a.md": "# A\n\nWords.\n",
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return write_files(tmp_path / "lib", LIBRARY)


def codes(folder: Path) -> list[str]:
    (request,) = plan_books([folder], None)
    return [each.code for each in build_book(request).diagnostics]


@pytest.mark.parametrize(("name", "folder"), [("one", "one"), ("two", "shelf/two")])
def test_a_volume_is_the_same_book_however_it_is_built(library: Path, name: str, folder: str) -> None:
    above = library.parent
    assert run("build", "lib", "-o", "out/", cwd=above).returncode == 0
    whole = (above / "out" / f"{name}.epub").read_bytes()
    alone = run("build", f"lib/{folder}", "-o", "alone.epub", cwd=above)
    assert (above / "alone.epub").read_bytes() == whole
    assert alone.stderr.startswith("lib/volumes.yaml:5:")
    assert "[volume-listed]" in alone.stderr
    here = run("build", ".", "-o", above / "here.epub", cwd=library / folder)
    assert (above / "here.epub").read_bytes() == whole
    assert here.stderr.startswith(f"{os.path.relpath(library, library / folder)}/volumes.yaml:5:")
    for word in (name, folder, name.title()):
        only = run("build", "lib", "--only", word, "-o", "only.epub", cwd=above)
        assert only.stderr == ""
        assert (above / "only.epub").read_bytes() == whole
        (above / "only.epub").unlink()
    book = Book.from_folder(library / folder)
    book.write(above / "python.epub")
    assert (above / "python.epub").read_bytes() == whole


def test_the_cover_alone_is_the_one_that_ships(library: Path) -> None:
    assert run("cover", "lib", "-o", "covers/", cwd=library.parent).stdout == "covers/one.jpg\ncovers/two.jpg\n"
    assert run("cover", "lib/one", "-o", "one.jpg", cwd=library.parent).returncode == 0
    assert (library.parent / "one.jpg").read_bytes() == (library.parent / "covers" / "one.jpg").read_bytes()
    assert run("cover", "lib", "-o", "lib.jpg", cwd=library.parent).returncode == 2
    only = run("cover", "lib", "--only", "Two", "-o", "two.jpg", cwd=library.parent)
    assert (only.returncode, only.stdout) == (0, "two.jpg\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lib", "--only", "on"], "did you mean 'one'?"),
        (["lib", "--only", "seven"], "the volumes are 'one', 'shelf/two'"),
        (["lib/one", "lib", "--only", "one", "--only", "x"], "there is no volume 'x'"),
        (["plain", "--only", "one"], "no source has a volumes.yaml"),
        (["lib", "--only", "one", "--omnibus"], "--only and --omnibus can't be used together"),
    ],
)
def test_a_name_that_no_volume_has_is_a_wrong_command_line(library: Path, words: list[str], said: str) -> None:
    write_files(library.parent / "plain", {"a.md": "# A\n"})
    done = run("build", *words, "-o", "out/", cwd=library.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (library.parent / "out").exists()


def test_several_names_of_several_libraries(library: Path) -> None:
    write_library(library.parent / "more", 3)
    done = run("build", "lib", "more", "--only", "two", "--only", "v003", "-o", "out/", cwd=library.parent)
    assert done.stdout == "out/two.epub\nout/volume-3.epub\n"


def test_python_takes_the_names_too(library: Path) -> None:
    out = library.parent / "out"
    assert [each.title for each in build_many([library], out, choices=Choices(only=("two",)))] == ["Two"]
    with pytest.raises(ChapbookError, match="volume-unknown"):
        list(build_many([library], out, choices=Choices(only=("three",))))


@pytest.mark.parametrize("text", ["title: [Saga\n", "- one\n", "title: Saga\nvolumes: [one\n"])
def test_a_volumes_yaml_that_cannot_be_read_stops_the_book_below_it(library: Path, text: str) -> None:
    (library / "volumes.yaml").write_text(text, "utf-8")
    for folder in ("one", "shelf/two"):
        done = run("build", f"lib/{folder}", "-o", "x.epub", cwd=library.parent)
        assert done.returncode == 1
        assert done.stderr.startswith("lib/volumes.yaml:")
        assert not (library.parent / "x.epub").exists()
    only = run("build", "lib", "--only", "one", "-o", "out/", cwd=library.parent)
    assert (only.returncode, "[settings-invalid]" in only.stderr) == (1, True)
    with pytest.raises(ChapbookError, match="settings-invalid"):
        Book.from_folder(library / "one")


def test_what_is_wrong_with_the_series_is_said_and_stops_no_volume(library: Path) -> None:
    (library / "volumes.yaml").write_text(f"{LIBRARY['volumes.yaml']}toc_depth: 9\n", "utf-8")
    done = run("build", "lib/one", "-o", "x.epub", cwd=library.parent)
    assert (done.returncode, done.stdout) == (1, "x.epub\n")
    assert "lib/volumes.yaml:6:12: error: " in done.stderr
    with pytest.raises(ChapbookError, match=r"\.\./volumes.yaml:6:12: error: "):
        Book.from_folder(library / "one")


def test_another_volume_that_is_missing_is_no_matter_of_this_one(library: Path) -> None:
    for file in (library / "shelf" / "two").iterdir():
        file.unlink()
    (library / "shelf" / "two").rmdir()
    done = run("build", "lib/one", "-o", "x.epub", cwd=library.parent)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert Book.from_folder(library / "one").theme == "modern"


@pytest.mark.parametrize("folder", ["three", "one/part", "shelf"])
def test_a_folder_that_is_not_listed_is_a_book_of_its_own(library: Path, folder: str) -> None:
    write_files(library / folder, {"book.yaml": "title: T\nlanguage: en\n", "b.md": "# B\n"})
    assert "volume-listed" not in codes(library / folder)
    assert Book.from_folder(library / folder).series is None


def test_the_nearest_list_counts_and_only_so_far_up(tmp_path: Path) -> None:
    write_files(tmp_path, {"volumes.yaml": "title: Far\nvolumes: [a/b/c/d, a/b/c/d/e]\n"})
    deep = write_files(tmp_path / "a/b/c/d", {"book.yaml": "title: T\nlanguage: en\n", "a.md": "# A\n"})
    series = Book.from_folder(deep).series
    assert series is not None
    assert series.name == "Far"
    write_files(tmp_path / "a/b/c/d/e", {"book.yaml": "title: T\nlanguage: en\n", "a.md": "# A\n"})
    assert Book.from_folder(tmp_path / "a/b/c/d/e").series is None
    write_files(tmp_path / "a", {"volumes.yaml": "title: Near\nvolumes: [b/c/d]\n"})
    series = Book.from_folder(deep).series
    assert series is not None
    assert series.name == "Near"


def test_a_list_that_a_link_brings_from_elsewhere_is_not_read(library: Path) -> None:
    (library / "volumes.yaml").rename(library.parent / "elsewhere.yaml")
    (library / "volumes.yaml").symlink_to(library.parent / "elsewhere.yaml")
    assert Book.from_folder(library / "one").series is None


def test_nothing_above_is_looked_at_but_volumes_yaml(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, str]] = []
    read_bytes = content_folder.read_bytes

    def watched(root: Path, path: str, most: int) -> bytes:
        read.append((root.name, path))
        return read_bytes(root, path, most)

    monkeypatch.setattr(volumes, "read_bytes", watched)
    volumes.find_listed(library / "shelf" / "two")
    assert read == [("lib", "volumes.yaml")]


def test_a_change_of_the_series_is_a_change_of_the_volume_alone(library: Path) -> None:
    choices = Choices(cache=library.parent / "cache")

    def built() -> bytes:
        (report,) = build_many([library / "one"], library.parent / "out", choices=choices)
        assert report.output
        return report.output.read_bytes()

    first = built()
    assert built() == first
    for name, old, new in (
        ("volumes.yaml", "theme: modern", "theme: verse"),
        ("shelf/two/book.yaml", "Two", "Second"),
        ("volumes.yaml", "volumes: [one, shelf/two]", "volumes: [shelf/two, one]"),
    ):
        file = library / name
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
        second = built()
        assert second != first
        first = second


WORDS = st.sampled_from(["One", "Zwei", "Trois", "Cuatro", "Pięć"])
SHARED = st.fixed_dictionaries(
    {},
    optional={
        "author": WORDS,
        "language": st.sampled_from(["en", "de", "ja", "ar"]),
        "theme": st.sampled_from(["classic", "modern", "verse"]),
        "accent": st.sampled_from(["teal", "maroon"]),
        "publisher": WORDS,
        "smart": st.sampled_from(["true", "false"]),
        "toc_depth": st.sampled_from(["1", "3"]),
        "css": st.just("shared.css"),
        "title": WORDS,
    },
)
VOLUME = st.fixed_dictionaries(
    {},
    optional={
        "author": WORDS,
        "language": st.sampled_from(["en", "fr"]),
        "theme": st.sampled_from(["classic", "minimal"]),
        "series": st.sampled_from(["{name: One, index: 7}", "{name: Two}"]),
        "subtitle": WORDS,
    },
)


def yaml(keys: dict[str, str]) -> str:
    return "".join(f"{key}: {value}\n" for key, value in keys.items())


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(shared=SHARED, books=st.lists(VOLUME, min_size=1, max_size=3), nested=st.booleans(), titled=st.booleans())
def test_random_libraries(shared: dict[str, str], books: list[dict[str, str]], *, nested: bool, titled: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        names = [f"{'shelf/' if nested else ''}v{number}" for number in range(len(books))]
        files = {"volumes.yaml": f"{yaml(shared)}volumes: [{', '.join(names)}]\n", "shared.css": "p { color: teal }\n"}
        for number, (name, keys) in enumerate(zip(names, books, strict=True)):
            title = {"title": f"Book {number}"} if titled else {}
            own = {key: value.replace("7", f"7.{number}") for key, value in keys.items()}
            files[f"{name}/book.yaml"] = yaml({**own, **title}) or "# none\n"
            files[f"{name}/a.md"] = "# A\n\nIt's said.\n"
        write_files(root / "lib", files)
        for number, report in enumerate(build_many([root / "lib"], root / "out", in_order=True)):
            if report.source == str(root / "lib"):
                continue
            assert report.output, report.diagnostics
            whole = report.output.read_bytes()
            name = os.path.relpath(report.source, root / "lib")
            alone = [each for each in build_many([report.source], root / f"alone{number}") if each.output]
            only = list(build_many([root / "lib"], root / f"only{number}", choices=Choices(only=(name,))))
            assert [each.output.read_bytes() for each in (*alone, *only) if each.output] == [whole, whole]


def test_volumes_alone_are_in_order(library: Path, assert_clean: Callable[[Path], None]) -> None:
    for name in ("one", "shelf/two"):
        (report,) = build_many([library / name], library.parent / "out")
        assert report.output
        assert_clean(report.output)
