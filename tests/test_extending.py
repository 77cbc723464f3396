"""What Python code adds of its own: passes, constructs, shortcodes, dialects, keys, metadata, files, plug-ins."""

from __future__ import annotations

import importlib.metadata
import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from chapbook import Book, ChapbookError, Chapter, Construct, Page, Pass, ShortcodeCall
from chapbook.model.hooks import HOOKS
from support.gate import check_epub

ALLOWED = ("declares prefixes: my: https://example.org/my#", "tides.json: listed as application/json")
"""What books of chapbook's own never have."""
PAGE = Path(__file__).parents[1] / "docs/extending.md"


def book(text: str = "Words.", **values: object) -> Book:
    return Book(title="T", authors="A", contents=Chapter(title="One", text=text), **values)  # type: ignore[arg-type]


def body(made: Book, tmp_path: Path, name: str = "one") -> str:
    """The chapter's section, of a book that nothing is wrong with."""
    made.write(tmp_path / "book.epub")
    assert [each for each in check_epub(tmp_path / "book.epub") if not each.endswith(ALLOWED)] == []
    with zipfile.ZipFile(tmp_path / "book.epub") as archive:
        text = archive.read(f"EPUB/text/{name}.xhtml").decode()
    return text.partition("</h1></header>")[2].partition("</section>")[0]


def sign(page: Page) -> None:
    end = etree.SubElement(page.body, "p", {"class": "end", "onclick": "x()"})
    end.text = '"The end" '
    etree.SubElement(end, "a", href="one.md").text = "again"
    etree.SubElement(end, "script").text = "x()"


def test_what_a_pass_makes_is_treated_as_the_authors_own(tmp_path: Path) -> None:
    made = book()
    made.passes.append(sign)
    assert '<p class="end">“The end” <a href="one.xhtml">again</a></p>' in body(made, tmp_path).replace("#one", "")
    assert {each.code for each in made.check().diagnostics} == {"markup-removed"}


def seen(name: str, order: list[str]) -> Callable[[Page], None]:
    def look(page: Page) -> None:
        order.append(f"{name}: {page.title}")

    look.__name__ = name
    return look


def test_passes_run_in_their_places() -> None:
    order: list[str] = []
    made = book()
    made.passes = [
        Pass(code=seen("last", order), after="place_page_breaks"),
        seen("first", order),
        Pass(code=seen("titled", order), after="take_title"),
        Pass(code=seen("before_titled", order), before="titled"),
        seen("second", order),
    ]
    made.check()
    assert order == ["first: ", "second: ", "before_titled: One", "titled: One", "last: One"]


def test_the_docs_list_the_passes_in_their_order() -> None:
    listed = [line.split("`")[1] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    passes = [each.code.rpartition(":")[2] for each in HOOKS.constructs if each.place == "tree"]  # type: ignore[union-attr]
    assert [each for each in listed if each in passes] == passes


@pytest.mark.parametrize(
    ("passes", "words"),
    [
        ([Pass(code=sign, after="take_titel")], "there is no pass 'take_titel'"),
        ([sign, sign], "two passes are called 'sign'"),
        ([Pass(code=sign, name="take_title")], "two passes are called 'take_title'"),
    ],
)
def test_a_place_that_there_is_not_raises(passes: list[Pass], words: str) -> None:
    made = book()
    made.passes = passes
    with pytest.raises(ValueError, match=words):
        made.check()


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
def test_a_construct_leaves_code_alone_and_lines_where_they_are(dialect: str, tmp_path: Path) -> None:
    made = book("@@one `@@two`\n\n    @@three\n\n@@[\nfour](gone.md)\n\n[there](gone.md)\n", dialect=dialect)
    made.constructs = [
        Construct(pattern=r"@@(\w+)", replacement=r"**\1**\n\n"),
        Construct(pattern=r"@@\[\n", replacement=lambda _: "["),
    ]
    text = body(made, tmp_path)
    assert "<strong>one</strong>" in text
    assert "<code>@@two</code>" in text
    assert "@@three" in text
    assert [each.line for each in made.check().diagnostics] == [5, 8]


def test_a_pattern_that_is_none_raises() -> None:
    with pytest.raises(ValueError, match=r"Construct\.pattern takes a regular expression"):
        Construct(pattern="(", replacement="")


def box(call: ShortcodeCall) -> tuple[str, str] | str:
    if not call.has_end:
        return f"*{call.values[0]}\n!*"
    return f'<aside class="{call.named["kind"]}">', "</aside>"


def test_a_shortcode_goes_before_chapbooks_own(tmp_path: Path) -> None:
    made = book('{{< figure "lone" >}} `{{< figure "x" >}}`')
    made.shortcodes["figure"] = box
    assert "<em>lone !</em> <code>{{&lt; figure" in body(made, tmp_path)


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
@pytest.mark.parametrize("space", ["\n", "\n\n"])
def test_markdown_between_the_ends_of_a_shortcode_is_read(space: str, dialect: str, tmp_path: Path) -> None:
    made = book(f'{{{{< tip kind="a" >}}}}{space}in *it*{space}{{{{< /tip >}}}}\n\n[x](gone.md)', dialect=dialect)
    made.shortcodes["tip"] = box
    assert '<aside class="a"><p>in <em>it</em></p></aside>' in body(made, tmp_path).replace("\n", "")
    (said,) = made.check().diagnostics
    assert said.line == 3 + 2 * len(space)


def shout(text: str) -> str:
    return f"<h1>{text.upper()}</h1><p onclick='x'>[&nbsp;<a href='two.md'>two</a>]</p>"


def test_a_dialect_of_a_book_and_of_a_chapter(tmp_path: Path) -> None:
    made = book("loud", dialect=shout)
    made.add(
        Chapter(title="Two", text="*quiet*", dialect="commonmark"), Chapter(title="Three", text="x", dialect=shout)
    )
    text = body(made, tmp_path)
    assert '<h2 id="loud">LOUD</h2>' in text
    assert '<a href="two.xhtml">two</a>' in text
    assert "<em>quiet</em>" in body(made, tmp_path, "two")
    assert '<h2 id="x">X</h2>' in body(made, tmp_path, "three")
    with pytest.raises(ValueError, match=r"Book\.dialect takes 'markdown', 'commonmark', or a function"):
        made.dialect = "shout"  # type: ignore[assignment]


def rendered(made: Book, cache: Path) -> int:
    """How many chapters were rendered, and not taken from the cache: none has fewer than one stage of progress."""
    times: list[str] = []

    def count(page: Page) -> None:
        times.append(page.name)

    made.passes = [*made.passes, Pass(code=count, name="count", version="1")]
    made.check(cache=cache)
    made.passes = made.passes[:-1]
    return len(times)


@pytest.mark.parametrize(("version", "times"), [("", [1, 1]), ("1", [1, 0])])
def test_only_what_has_a_version_is_kept(version: str, times: list[int], tmp_path: Path) -> None:
    made = book()
    made.passes = [Pass(code=sign, version=version)]
    assert [rendered(made, tmp_path), rendered(made, tmp_path)] == times
    made.passes = [Pass(code=sign, version="2")]
    assert rendered(made, tmp_path) == 1


def bad(_page: Page) -> None:
    raise RuntimeError("no tide")


def worse(_call: ShortcodeCall) -> str:
    raise KeyError("tide")


def test_what_fails_is_named_with_its_traceback_and_stops_no_other_chapter() -> None:
    made = book("Words.")
    made.add(Chapter(title="Two", text="{{< tide >}}"))
    made.passes, made.shortcodes = [Pass(code=bad, name="tides")], {"tide": worse}
    first, second = made.check().errors
    assert (
        str(first)
        == "<chapter 'One'>:1:1: error: 'tides' failed in the chapter 'One': RuntimeError: no tide [extension-failed]"
    )
    assert str(second).startswith("<chapter 'Two'>:1:1: error: 'tide' failed in the chapter 'Two': KeyError")
    assert "in bad" in (first.trace or "")
    with pytest.raises(ChapbookError) as raised:
        made.write(io.BytesIO())
    assert pickle.loads(pickle.dumps(raised.value)).report.errors == (first, second)


@pytest.mark.parametrize("jobs", [1, 2])
def test_code_that_cannot_be_pickled_is_run_here(jobs: int) -> None:
    names: list[str] = []
    made = book()
    made.add(*(Chapter(title=f"C{number}", text="Words.") for number in range(3)))
    made.passes = [lambda page: names.append(page.chapter.title)]
    made.check(jobs=jobs)
    assert names == ["One", "C0", "C1", "C2"]


def test_keys_of_ones_own_are_kept_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: T\nauthor: A\nlanguage: en\nx-shelf: 7\nshelf_mark: [a, 1]\n", "utf-8")
    (tmp_path / "a.md").write_text("---\ntitle: A\nplaces:\n  bar: true\nx-wieght: 2.5\n---\nWords.\n", "utf-8")
    read = Book.from_folder(tmp_path)
    assert read.extra == {"x-shelf": 7, "shelf_mark": ["a", 1]}
    (chapter,) = read.chapters
    assert chapter.extra == {"places": {"bar": True}, "x-wieght": 2.5}
    assert chapter.positions["places"].line == 3
    assert [(each.code, each.line) for each in read.check().diagnostics] == [("key-unknown", 5)]
    told: list[object] = []
    read.passes = [lambda page: told.append(page.chapter.extra["places"])]
    read.check()
    assert told == [{"bar": True}]


def package(made: Book) -> str:
    held = io.BytesIO()
    made.write(held)
    with zipfile.ZipFile(held) as archive:
        return archive.read("EPUB/package.opf").decode()


def test_metadata_of_ones_own(tmp_path: Path) -> None:
    made = book()
    made.prefixes = {"my": "https://example.org/my#", "unused": "https://example.org/unused#"}
    tide = made.meta("my:tide", "spring & neap", language="en-GB")
    made.meta("my:height", "4.2", refines=tide, scheme="my:metres")
    made.meta("schema:about", "the sea", refines="title")
    made.meta("dc:relation", "another")
    text = package(made)
    assert 'prefix="my: https://example.org/my#"' in text
    assert '<meta property="my:tide" id="own-1" xml:lang="en-GB">spring &amp; neap</meta>' in text
    assert '<meta property="my:height" id="own-2" refines="#own-1" scheme="my:metres">4.2</meta>' in text
    assert '<meta property="schema:about" id="own-3" refines="#title-1">the sea</meta>' in text
    assert '<dc:relation id="own-4">another</dc:relation>' in text
    body(made, tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "refines", "words"),
    [
        ("tide", "x", "", "is not the name of a property"),
        ("my:tide", "x", "", "is not the name of a property"),
        ('schema:a" b="', "x", "", "is not the name of a property"),
        ("schema:about", " \0", "", "has no value"),
        ("schema:about", "x", "own-9", "nothing has the id 'own-9'"),
    ],
)
def test_metadata_that_would_break_the_package_raises(name: str, value: str, refines: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        book().meta(name, value, refines=refines)


def test_files_ship_as_they_are(tmp_path: Path) -> None:
    made = book()
    made.add_item("data/tides.json", b"[1]", "application/json")
    made.add_item("data/tides.json", io.BytesIO(b"[2]"), "application/json")
    body(made, tmp_path)
    with zipfile.ZipFile(tmp_path / "book.epub") as archive:
        assert archive.read("EPUB/own/data/tides.json") == b"[2]"


@pytest.mark.parametrize(
    ("path", "media_type", "words"),
    [
        ("../a", "application/json", "a relative path within the book"),
        ("a.xhtml", "application/xhtml+xml", "add it as a chapter"),
        ("a.js", "text/JavaScript", "books can't hold scripts"),
        ("a.svg", "image/svg+xml", "use add_file"),
        ("a", "json", "is not a media type"),
    ],
)
def test_files_that_chapbook_must_check_are_refused(path: str, media_type: str, words: str) -> None:
    with pytest.raises(ChapbookError) as raised:
        book().add_item(path, b"", media_type)
    (said,) = raised.value.diagnostics
    assert words in f"{said.message}; {said.hint}"


def test_a_plug_in_is_used_by_name_or_as_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    def plugin(made: Book) -> None:
        made.passes.append(sign)

    class Found:
        name = "harbour"
        dist = type("Dist", (), {"name": "harbours", "version": "1.2", "metadata": {"Version": "1.2"}})

        def load(self) -> Callable[[Book], None]:
            return plugin

    monkeypatch.setattr(importlib.metadata, "entry_points", lambda *, group: [Found()] if "plugins" in group else [])
    made, other = book(), book()
    made.use("harbour")
    other.use(plugin)
    assert made.passes == other.passes == [sign]
    with pytest.raises(ChapbookError, match=r"no plug-in is called 'harbor'"):
        made.use("harbor")
    with pytest.raises(TypeError, match="plugin takes a function"):
        made.use(5)  # type: ignore[arg-type]


def test_without_code_of_ones_own_the_hooks_are_chapbooks() -> None:
    assert book()._values().hooks is HOOKS


@pytest.mark.parametrize("name", ["passes", "constructs", "shortcodes", "prefixes"])
@pytest.mark.parametrize("value", [5, None, "x", [5]])
def test_additions_of_another_type_raise_at_the_attribute(name: str, value: object) -> None:
    made = book()
    with pytest.raises(TypeError, match=rf"Book\.{name} takes "):
        setattr(made, name, value)
