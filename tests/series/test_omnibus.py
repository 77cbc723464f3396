"""The volumes of a library as one book."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from PIL import Image

from chapbook import Book, ChapbookError, Chapter, Report
from chapbook.series.build_many import build_book
from chapbook.series.planning import plan_omnibuses
from support.command import run
from support.libraries import write_files
from support.opened import Opened
from support.pictures import saved

EXAMPLES = Path(__file__).parents[2] / "examples"
SERIES = "title: The Series\nauthor: Ann\nlanguage: en\nvolumes: [one, two]\n"


def png(colour: tuple[int, int, int]) -> bytes:
    return saved(Image.new("RGB", (8, 8), colour), "PNG")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two volumes that lead to each other, show pictures of their own and differ in all that a volume may."""
    return write_files(
        tmp_path / "library",
        {
            "volumes.yaml": SERIES,
            "one/book.yaml": "title: The First\nsubtitle: A Beginning\nauthor: Bea\n",
            "one/b.md": '---\nweight: 2\n---\n# B\n\n"Quoted"[^1] -- see [a](a.md), [over there](../two/a.md#deep).\n\n'
            "[^1]: A note.\n",
            "one/a.md": "---\nweight: 1\naliases: [/old/]\n---\n# A\n\n![r](images/x.png) ![rooted](/images/x.png)\n\n"
            "[root](/b.md) [home](/) [old](/old/)\n",
            "one/images/x.png": png((200, 20, 20)),
            "two/book.yaml": "title: Le Second\nlanguage: fr\ndialect: commonmark\nsmart: false\n"
            "authors: [Cid, {name: Dee, role: translator}]\n",
            "two/a.md": '# A\n\n## Deep\n\n"Quoted" ![blue](/images/x.png)\n\n[first](../one/b.md)\n',
            "two/part/_index.md": "---\ntitle: Part\n---\n",
            "two/part/c.md": "# C\n\nText.\n",
            "two/static/images/x.png": png((20, 20, 200)),
        },
    )


def joined(library: Path) -> tuple[Opened, Report]:
    target = library.parent / "omnibus.epub"
    report = Book.from_library(library).write(target)
    assert report.ok, report.diagnostics
    return Opened(target), report


def document(opened: Opened, name: str) -> str:
    return opened.files[f"EPUB/text/{name}"].decode()


def test_every_volume_is_a_part_with_its_own_order(library: Path, assert_clean: Callable[[Path], None]) -> None:
    opened, report = joined(library)
    assert_clean(library.parent / "omnibus.epub")
    assert report.diagnostics == ()
    listed = re.findall(r'href="text/([^"]*)"', opened.files["EPUB/nav.xhtml"].decode().split("landmarks")[0])
    assert listed == [
        "one.xhtml", "one/a.xhtml", "one/b.xhtml",
        "two.xhtml", "two/a.xhtml", "two/a.xhtml#deep", "two/part/_index.xhtml", "two/part/c.xhtml",
    ]  # fmt: skip
    page = document(opened, "one.xhtml")
    assert all(words in page for words in ("The First", "A Beginning", "Bea"))
    assert (report.title, report.chapters, report.size) == ("The Series", 4, len(opened.raw))


def test_links_within_and_between_volumes_lead_there(library: Path) -> None:
    opened, _ = joined(library)
    assert re.findall(r'<a href="([^"]*)">', document(opened, "one/a.xhtml")) == ["b.xhtml", "../one.xhtml", "a.xhtml"]
    assert 'href="../two/a.xhtml#deep"' in document(opened, "one/b.xhtml")
    assert 'href="../one/b.xhtml"' in document(opened, "two/a.xhtml")


def test_each_volume_shows_its_own_pictures(library: Path) -> None:
    opened, _ = joined(library)
    shown = re.findall(r'src="\.\./\.\./([^"]*)"', document(opened, "one/a.xhtml"))
    assert len(shown) == 2
    assert len(set(shown)) == 1
    (other,) = re.findall(r'src="\.\./\.\./([^"]*)"', document(opened, "two/a.xhtml"))
    assert opened.files[f"EPUB/{shown[0]}"] == png((200, 20, 20))
    assert opened.files[f"EPUB/{other}"] == png((20, 20, 200))


def test_dialect_punctuation_and_language_are_each_volume_s_own(library: Path) -> None:
    opened, _ = joined(library)
    assert "“Quoted”" in document(opened, "one/b.xhtml")
    assert '"Quoted"' in document(opened, "two/a.xhtml")
    assert 'xml:lang="fr"' in document(opened, "two/part/c.xhtml")
    assert 'xml:lang="fr"' in document(opened, "two.xhtml")
    assert 'xml:lang="en"' in document(opened, "one/a.xhtml")


def test_what_is_changed_in_python_holds_for_every_volume(library: Path) -> None:
    book = Book.from_library(library)
    book.smart = not book.smart
    book.add(Chapter(title="After All", text="Words."))
    assert book.write(library.parent / "omnibus.epub").ok
    opened = Opened(library.parent / "omnibus.epub")
    assert '"Quoted"' in document(opened, "one/b.xhtml")
    assert "EPUB/text/after-all.xhtml" in opened.files


def test_the_metadata_is_the_series_own(library: Path) -> None:
    opened, _ = joined(library)
    package = opened.files["EPUB/package.opf"].decode()
    assert re.findall(r"<dc:title[^>]*>([^<]*)<", package) == ["The Series"]
    assert re.findall(r"<dc:creator[^>]*>([^<]*)<", package) == ["Ann"]
    assert re.findall(r"<dc:contributor[^>]*>([^<]*)<", package) == ["Dee"]
    assert "belongs-to-collection" not in package
    assert "calibre:series" not in package
    alone = {Book.from_folder(library / name).check().title for name in ("one", "two")}
    assert alone == {"The First", "Le Second"}


def test_text_is_vertical_where_all_volumes_are_or_the_library_says_it(library: Path) -> None:
    for name, mode, expected in (
        ("one/book.yaml", "vertical-rl", "horizontal-tb"),
        ("two/book.yaml", "vertical-rl", "vertical-rl"),
        ("volumes.yaml", "horizontal-tb", "horizontal-tb"),
    ):
        file = library / name
        file.write_text(f"{file.read_text('utf-8')}writing_mode: {mode}\n", "utf-8")
        assert Book.from_library(library).writing_mode == expected


def test_without_people_in_volumes_yaml_those_of_the_volumes_are_named_once(library: Path) -> None:
    (library / "volumes.yaml").write_text("title: S\nlanguage: en\nvolumes: [one, two]\n")
    assert [each.name for each in Book.from_library(library).authors if not isinstance(each, str)] == [
        "Bea",
        "Cid",
        "Dee",
    ]


def test_it_has_an_identifier_of_its_own_and_volumes_yaml_may_give_it(library: Path) -> None:
    made = identifier(joined(library)[0])
    volumes = [Book.from_folder(library / name) for name in ("one", "two")]
    for volume in volumes:
        volume.write(library.parent / "volume.epub")
        assert identifier(Opened(library.parent / "volume.epub")) != made
    given = "urn:uuid:5d980d71-085e-4db0-8a8b-092ffc432f09"
    (library / "volumes.yaml").write_text(SERIES + f"identifier: {given}\n")
    assert identifier(joined(library)[0]) == given


def identifier(opened: Opened) -> str:
    found = re.search(r"<dc:identifier[^>]*>([^<]*)<", opened.files["EPUB/package.opf"].decode())
    assert found
    return found[1]


def test_a_setting_that_a_book_has_once_is_that_of_volumes_yaml_and_what_is_lost_is_said(library: Path) -> None:
    write_files(library, {"one/own.css": "p { color: red }\n", "volumes.yaml": SERIES + "theme: verse\n"})
    settings = "title: The First\ntheme: modern\ncss: own.css\ntoc_depth: 2\n"
    (library / "one" / "book.yaml").write_text(settings)
    book = Book.from_library(library)
    assert (book.theme, book.css) == ("verse", [])
    notes = [(each.severity, each.code, each.path, each.line) for each in book.check().diagnostics]
    assert notes == [
        ("note", "omnibus-setting", "one/book.yaml", 2),
        ("note", "omnibus-setting", "one/book.yaml", 3),
    ]


def test_where_volumes_yaml_says_nothing_what_all_volumes_agree_on_holds(library: Path) -> None:
    for name in ("one", "two"):
        with (library / name / "book.yaml").open("a") as file:
            file.write("theme: modern\n")
    book = Book.from_library(library)
    assert book.theme == "modern"
    assert book.check().diagnostics == ()


def test_every_message_names_the_file_as_it_lies_in_the_library(library: Path) -> None:
    write_files(
        library, {"one/c.md": "# C\n\n[gone](nowhere.md) ![gone](/none.png)\n", "two/d.md": "---\nweight: x\n---\n"}
    )
    with pytest.raises(ChapbookError) as raised:
        Book.from_library(library)
    assert [(each.path, each.line) for each in raised.value.diagnostics] == [("two/d.md", 2)]
    (library / "two" / "d.md").unlink()
    report = Book.from_library(library).check()
    assert [(each.code, each.path, each.line) for each in report.diagnostics] == [
        ("link-target-missing", "one/c.md", 3),
        ("image-missing", "one/c.md", 3),
    ]


def test_a_volume_within_another_is_an_error_with_its_line(library: Path) -> None:
    (library / "volumes.yaml").write_text("title: S\nvolumes:\n  - two\n  - two/part\n")
    with pytest.raises(ChapbookError, match=r"volumes.yaml:4:\d+: error: the volume 'two/part' is inside"):
        Book.from_library(library)


def test_a_folder_without_volumes_yaml_is_no_library(library: Path) -> None:
    with pytest.raises(ChapbookError, match="isn't a folder with a volumes"):
        Book.from_library(library / "one")


def test_the_extension_of_one_volume_is_not_the_other_s(library: Path) -> None:
    with (library / "one" / "book.yaml").open("a") as file:
        file.write("extensions: [admonition]\n")
    for name in ("one/e.md", "two/e.md"):
        (library / name).write_text("# E\n\n!!! note\n    Words.\n")
    opened, _ = joined(library)
    assert "!!!" not in document(opened, "one/e.xhtml")
    assert "!!!" in document(opened, "two/e.xhtml")


class Shouting(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return [line.upper() for line in lines]


class ShoutingExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - its name in Python-Markdown
        md.preprocessors.register(Shouting(md), "shouting", 1)


def test_a_refused_extension_is_said_once_with_the_volume_s_own_line(library: Path) -> None:
    with (library / "one" / "book.yaml").open("a") as file:
        file.write("extensions: [no_such_thing]\n")
    report = Book.from_library(library).check()
    assert [(each.code, each.path, each.line) for each in report.errors] == [("extension-refused", "one/book.yaml", 4)]


def test_an_extension_that_python_gives_is_every_volume_s(library: Path) -> None:
    book = Book.from_library(library)
    book.extensions = [ShoutingExtension()]
    book.dialect = "markdown"
    book.write(library.parent / "omnibus.epub")
    opened = Opened(library.parent / "omnibus.epub")
    book.dialect = "markdown"
    assert "QUOTED" in document(opened, "one/b.xhtml")


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_bytes_with_a_cache_and_any_number_of_jobs(library: Path, jobs: int, tmp_path: Path) -> None:
    joined(library)
    for _ in range(2):
        Book.from_library(library).write(tmp_path / "again.epub", jobs=jobs, cache=tmp_path / "cache")
        assert (tmp_path / "again.epub").read_bytes() == (library.parent / "omnibus.epub").read_bytes()


def test_the_command_joins_a_library_under_the_series_name(library: Path) -> None:
    done = run("build", "library", "--omnibus", cwd=library.parent)
    assert (done.returncode, done.stdout, done.stderr) == (0, "the-series.epub\n", "")
    named = run("build", "library", "--omnibus", "-o", "x.epub", "--theme", "verse", cwd=library.parent)
    assert named.returncode == 0
    assert (library.parent / "x.epub").read_bytes() != (library.parent / "the-series.epub").read_bytes()


def test_the_command_says_what_is_no_library(library: Path) -> None:
    done = run("build", "library/one", "--omnibus", cwd=library.parent)
    assert done.returncode == 1
    assert "[source-missing]" in done.stderr
    assert list(library.parent.glob("*.epub")) == []


def test_a_broken_volume_is_named_and_no_omnibus_is_written(library: Path) -> None:
    (library / "two" / "d.md").write_text("---\nweight: heavy\n---\n")
    done = run("build", "library", "--omnibus", cwd=library.parent)
    assert done.returncode == 1
    assert "library/two/d.md:2:9: error: " in done.stderr
    assert list(library.parent.glob("*.epub")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_nothing_outside_a_volume_is_read_through_it(library: Path) -> None:
    write_files(library, {"secret.md": "# Secret\n", "secret.png": png((1, 2, 3))})
    (library / "one" / "out.png").symlink_to(library / "secret.png")
    (library / "one" / "e.md").write_text(
        "# E\n\n![x](../secret.png) ![y](out.png) ![z](/../../x.png) [s](../secret.md)\n"
    )
    report = Book.from_library(library).check()
    assert {each.code for each in report.warnings} == {
        "file-outside",
        "image-missing",
        "image-outside",
        "link-target-missing",
    }


def test_the_omnibus_of_the_examples(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    done = run("build", EXAMPLES, "--omnibus", "-o", tmp_path / "almanac.epub", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    assert_clean(tmp_path / "almanac.epub")


def test_a_link_to_a_chapter_that_cannot_be_read_is_no_fault_of_its_own_in_a_library_either(library: Path) -> None:
    write_files(library, {"two/a.md": b"# \xff\n"})
    (request,) = plan_omnibuses([library], None)
    assert [(each.code, each.path) for each in build_book(request).diagnostics] == [("not-utf8", "two/a.md")]
