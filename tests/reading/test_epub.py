"""EPUBs read as books: by other makers, broken ones, and chapbook's own, which are written again as they were."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ebooklib import epub as ebooklib_epub  # type: ignore[import-untyped]
from msgspec.structs import replace

from chapbook import Book, ChapbookError, Chapter, ContentFile, Contributor, Part
from chapbook.model.order import in_order
from chapbook.reading import epub_archive
from support.counting import assert_linear
from support.made_epubs import CONTAINER, epub2, epub3, packed, page, picture
from support.opened import XHTML, Opened

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ("harbour-year", "winter-sky")
_LEVELS = 7
"""Of a chapter that lies deeper, HTML has no levels left that would say which heading is below which."""
CASES = sorted(each.name for each in (ROOT / "tests" / "cases").iterdir() if (each / "in").is_dir())


def read(data: bytes) -> Book:
    return Book.from_epub(io.BytesIO(data))


def said(book: Book) -> list[tuple[str, str | None]]:
    return [(each.code, each.path) for each in book.check().diagnostics]


def tree(book: Book) -> list[object]:
    """Titles, parts as pairs of their title and what is in them."""

    def of(items: object) -> list[object]:
        return [
            (each.opening.title, of(each.contents)) if isinstance(each, Part) else each.title
            for each in in_order(items)  # type: ignore[arg-type]
        ]

    return of(book.contents)


def contents(path: Path) -> list[tuple[str, int]]:
    """The lines of the table of contents with their depths."""
    opened = Opened(path)
    nav = next(each for each in opened.tree("EPUB/nav.xhtml").iter(f"{XHTML}nav"))
    lines = [("".join(map(str, a.itertext())), len(list(a.iterancestors(f"{XHTML}ol")))) for a in nav.iter(f"{XHTML}a")]
    return [(label, depth) for label, depth in lines if depth <= _LEVELS]


def words(path: Path) -> Iterator[str]:
    """The letters of every chapter in the order of the spine, cover, title page and the like left out."""
    opened = Opened(path)
    for item in opened.package.iter("{http://www.idpf.org/2007/opf}itemref"):
        name = next(each.get("href") for each in opened.package.iter("{*}item") if each.get("id") == item.get("idref"))
        if str(name).startswith("text/"):
            yield "".join("".join(map(str, opened.tree(f"EPUB/{name}")[1].itertext())).split())


def pictures(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return sorted(archive.read(each) for each in archive.namelist() if each.startswith("EPUB/images/"))


def round_trip(book: Book, tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    """What is read from the written `book` is written again as the same book, time after time."""
    first, second, third = (tmp_path / f"{n}.epub" for n in "abc")
    assert book.write(first).ok
    again = Book.from_epub(first)
    assert again.write(second).ok
    assert_clean(second)
    assert list(words(second)) == list(words(first))
    assert contents(second) == contents(first)
    assert pictures(second) == pictures(first)
    for name in ("title", "subtitle", "authors", "language", "publisher", "date", "rights", "description", "subjects"):
        value = getattr(book, name)
        if name == "authors":
            value = [each if isinstance(each, Contributor) else Contributor(name=each) for each in value]
            assert {each.name for each in again.authors} == {each.name for each in value}  # type: ignore[union-attr]
        else:
            assert getattr(again, name) == value
    assert Book.from_epub(second).write(third).ok
    with zipfile.ZipFile(second) as one, zipfile.ZipFile(third) as other:
        assert [name for name in one.namelist() if "/text/" in name] == [n for n in other.namelist() if "/text/" in n]
        for name in one.namelist():
            if "/text/" in name and "images/" not in one.read(name).decode():
                assert one.read(name) == other.read(name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_read_and_written_again(name: str, tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    round_trip(Book.from_folder(ROOT / "examples" / name), tmp_path, assert_clean)
    with zipfile.ZipFile(tmp_path / "a.epub") as one, zipfile.ZipFile(tmp_path / "b.epub") as other:
        assert one.namelist() == [each.replace("images/images/images", "images/images") for each in other.namelist()]
        for each in (
            each
            for each in one.namelist()
            if "/text/" in each or each.endswith(("theme.css", "accents.css", "nav.xhtml"))
        ):
            assert one.read(each) == other.read(each).replace(b"images/images/images", b"images/images")


@pytest.mark.parametrize("name", CASES)
def test_the_cases_read_and_written_again(name: str, tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    try:
        book = Book.from_folder(ROOT / "tests" / "cases" / name / "in")
    except ChapbookError:  # a case of what is wrong: nothing is built of it
        return
    if book.check().ok:
        round_trip(book, tmp_path, assert_clean)


def small() -> bytes:
    files: dict[str, bytes | str] = {
        "text/one.xhtml": page(
            '<section epub:type="chapter" id="s"><h2>One</h2><p>First <a epub:type="noteref" href="#n">1</a> '
            '<a href="two.xhtml#p">two</a> <img src="../pictures/a%20b.png" alt="A picture"/></p>'
            '<aside epub:type="footnote" id="n"><p>The note</p></aside></section>',
            head='<link rel="stylesheet" href="../style.css"/><style>p { color: navy }</style>',
        ),
        "text/two.xhtml": page('<h1>Two</h1><p id="p">Second <a href="one.xhtml#s">one</a></p>', title="T"),
        "pictures/a b.png": picture(),
        "style.css": "h2 { margin: 1em }",
    }
    nav = '<li><a href="text/one.xhtml">The first</a></li><li><a href="text/two.xhtml">Two</a></li>'
    return epub3(files, spine=["text/one.xhtml", "text/two.xhtml"], nav=nav)


def test_a_book_by_another_maker(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    book = read(small())
    assert (book.title, book.authors, book.language) == ("Made", [Contributor(name="Ann Author")], "en")
    assert str(book.modified) == "2020-02-03 04:05:06+00:00"
    assert tree(book) == ["The first", "Two"]
    one = book.chapters[0]
    assert (one.path, one.dialect) == ("text/one.xhtml", "html")
    assert one.text.startswith("<?xml")
    report = book.write(tmp_path / "a.epub")
    assert report.diagnostics == ()
    assert_clean(tmp_path / "a.epub")
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        text = archive.read("EPUB/text/one.xhtml").decode()
        sheets = [archive.read(each).decode() for each in archive.namelist() if "/own-" in each]
    assert '<a epub:type="noteref" href="#n">1</a> <a href="two.xhtml#p">two</a>' in text
    assert '<aside epub:type="footnote" id="n">' in text
    assert "<h1" in text
    assert [each.split("{")[0].strip() for each in sheets] == ["h2", "p"]
    assert pictures(tmp_path / "a.epub") == [picture()]


def test_a_book_is_changed_and_written_again(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    book = read(small())
    book.title = "Changed"
    one, two = book.contents
    assert isinstance(one, Chapter)
    book.contents[0] = replace(one, title="Renamed", text=one.text.replace("First", "Premier"))
    book.contents.remove(two)
    book.add(Chapter(title="Between", text="*New* words, and [the first](one.xhtml).", path="text/new.md", weight=15))
    report = book.write(tmp_path / "a.epub")
    assert_clean(tmp_path / "a.epub")
    assert contents(tmp_path / "a.epub") == [("Renamed", 1), ("Between", 1)]
    first, second = words(tmp_path / "a.epub")
    assert first == "OnePremier1twoThenote"
    assert second == "BetweenNewwords,andthefirst."
    assert [each.code for each in report.diagnostics] == ["link-target-missing"]
    assert Book.from_epub(tmp_path / "a.epub").title == "Changed"


def test_an_epub_2(tmp_path: Path, assert_valid: Callable[[Path], None]) -> None:
    point = '<navPoint><navLabel><text>{}</text></navLabel><content src="{}"/>{}</navPoint>'
    points = (
        point.format("Part I", "part.html", point.format("Eins", "a.html", "") + point.format("Zwei", "b.html", ""))
        + point.format("Part II", "c.html#x", point.format("Drei", "c.html#y", ""))
        + point.format("Part III", "", point.format("Vier", "d.html", ""))
    )
    files: dict[str, bytes | str] = {
        "cover.html": page('<div><img src="cover.jpg" alt=""/></div>'),
        "part.html": page("<h1>Part I</h1>"),
        "a.html": page("<h2>Eins&nbsp;!</h2><p>a</p>"),
        "a-2.html": page("<p>more of a</p>"),
        "b.html": page("<p>b</p>", title="Titel"),
        "c.html": page('<h2 id="x">Part II</h2><p>c</p><h3 id="y">Drei</h3><p>cc</p>'),
        "d.html": page("<p>d</p>"),
        "cover.jpg": picture((1600, 2400), "JPEG"),
    }
    spine = [each for each in files if each.endswith(".html")]
    data = epub2(files, spine=spine, points=points, guide='<reference type="cover" href="cover.html"/>')
    book = read(data)
    assert tree(book) == [("Part I", ["Eins", "A page", "Zwei"]), "Part II", ("Part III", ["Vier"])]
    assert (book.title, book.language, book.date) == ("Old", "de-AT", "1999-05")
    assert book.identifier.value == "urn:isbn:9780306406157"  # type: ignore[union-attr]
    assert [(each.name, each.role) for each in book.authors] == [("Ann Author", "aut"), ("Tom Trans", "trl")]  # type: ignore[union-attr]
    assert (book.series.name, book.series.index) == ("Olden", "2")  # type: ignore[union-attr]
    assert book.cover.path == "cover.jpg"  # type: ignore[union-attr]
    assert book.write(tmp_path / "a.epub").ok
    assert_valid(tmp_path / "a.epub")
    listed = [label for label, _ in contents(tmp_path / "a.epub")]
    assert listed == ["Part I", "Eins", "Zwei", "Part II", "Drei", "Part III", "Vier"]
    assert sorted(words(tmp_path / "a.epub")) == sorted(
        ["PartI", "Eins!a", "moreofa", "b", "PartIIcDreicc", "PartIII", "d"]
    )


def test_a_book_by_ebooklib(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    old = ebooklib_epub.EpubBook()
    old.set_identifier("id-123")
    old.set_title("By ebooklib")
    old.set_language("en")
    old.add_author("Ann Author")
    old.set_cover("cover.png", picture((1500, 2000)))
    one = ebooklib_epub.EpubHtml(title="One", file_name="one.xhtml", content="<h1>One</h1><p>a</p>")
    two = ebooklib_epub.EpubHtml(title="Two", file_name="sub/two.xhtml", content='<p><a href="../one.xhtml">b</a></p>')
    for each in (one, two, ebooklib_epub.EpubNcx(), ebooklib_epub.EpubNav()):
        old.add_item(each)
    old.toc = (one, (ebooklib_epub.Section("Part"), (two,)))
    old.spine = ["cover", "nav", one, two]
    ebooklib_epub.write_epub(str(tmp_path / "old.epub"), old)
    book = Book.from_epub(tmp_path / "old.epub")
    assert tree(book) == ["One", ("Part", ["Two"])]
    assert book.identifier == ""
    assert book.cover is not None
    assert book.write(tmp_path / "a.epub").ok
    assert_clean(tmp_path / "a.epub")
    assert list(words(tmp_path / "a.epub")) == ["Onea", "Part", "b"]


def test_what_is_broken_is_read_as_far_as_it_can_be_and_named(
    tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    package = (
        '\ufeff<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Broken &amp; <b>read</b></dc:title>'
        "<dc:language>english</dc:language><dc:date>last year</dc:date><dc:source>elsewhere</dc:source>"
        '<meta property="rendition:layout">pre-paginated</meta></metadata><manifest>'
        '<item id="a" href="Text\\a%20b.html" media-type="text/html"/><item id="w" href="wide.xhtml" media-type="x/y"/>'
        '<item id="l" href="latin.xhtml" media-type="application/xhtml+xml"/><item id="g" href="gone.xhtml"/>'
        '<item id="e" href="empty.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="s" href="run.js" media-type="text/javascript"/>'
        '<item id="p" href="p.png" media-type="image/png"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="gone"/><itemref idref="g"/><itemref idref="w"/><itemref idref="l"/>'
        '<itemref idref="e"/><itemref idref="p"/></spine></package>'
    )
    data = packed(
        {
            "book.opf": package,
            "TEXT/a b.html": "<html><body><h1>A&nbsp;&eacute;<br>x</h1><p>unclosed<p>soup"
            "<img src='..\\p.png' alt='P'></body>",
            "wide.xhtml": page("<h1>Wide \u2603</h1>").replace("utf-8", "utf-16").encode("utf-16"),
            "latin.xhtml": page("<h1>Caf\xe9</h1>").encode("latin-1"),
            "empty.xhtml": "",
            "run.js": "x()",
            "p.png": picture(),
            "../outside.txt": "x",
        },
        mimetype=False,
    )
    book = read(data)
    assert tree(book) == ["A\xa0\xe9x", "Wide \u2603", "Caf\xe9"]
    assert book.title == "Broken & read"
    found = said(book)
    assert sorted(set(found), key=str) == sorted(
        {
            ("epub-unread", "../outside.txt"),
            ("epub-mended", "META-INF/container.xml"),
            ("epub-unread", "book.opf"),
            ("epub-left", "book.opf"),
            ("epub-left", None),
            ("epub-mended", "book.opf"),
            ("language-missing", "book.opf"),
            ("date-invalid", "book.opf"),
            ("epub-mended", "latin.xhtml"),
            ("epub-unread", "empty.xhtml"),
            ("epub-unread", "p.png"),
            ("epub-mended", None),
        },
        key=str,
    )
    assert book.write(tmp_path / "a.epub").ok
    assert_clean(tmp_path / "a.epub")
    assert list(words(tmp_path / "a.epub")) == ["A\xe9xunclosedsoup", "Wide\u2603", "Caf\xe9"]
    assert pictures(tmp_path / "a.epub") == [picture()]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "epub-invalid"),
        (b"PK\x03\x04 no archive", "epub-invalid"),
        (packed({"a.txt": "x"}), "epub-invalid"),
        (packed({"META-INF/container.xml": CONTAINER.format("a.opf"), "a.opf": "no package"}), "epub-invalid"),
        (packed({"a.opf": "<package/>"}), "no-chapters"),
    ],
    ids=["nothing", "no archive", "no container", "no package", "no chapters"],
)
def test_what_is_no_epub(data: bytes, code: str) -> None:
    with pytest.raises(ChapbookError) as raised:
        read(data)
    assert code in [each.code for each in raised.value.diagnostics]


def test_what_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.epub"):
        with pytest.raises(ChapbookError) as raised:
            Book.from_epub(path)
        assert [each.code for each in raised.value.diagnostics] == ["source-missing"]
    with pytest.raises(TypeError):
        Book.from_epub(io.StringIO("x"))  # type: ignore[arg-type]


ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><e:EncryptedData '
    'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptionMethod Algorithm="{}"/><e:CipherData>'
    '<e:CipherReference URI="{}"/></e:CipherData></e:EncryptedData></encryption>'
)


def with_encryption(algorithm: str, path: str) -> bytes:
    out = io.BytesIO(small())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("OPS/font.otf", b"hidden")
        archive.writestr("META-INF/encryption.xml", ENCRYPTION.format(algorithm, path))
    return out.getvalue()


def test_a_locked_book_is_an_error_and_an_obfuscated_font_is_left_out() -> None:
    with pytest.raises(ChapbookError) as raised:
        read(with_encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OPS/text/one.xhtml"))
    assert [each.code for each in raised.value.diagnostics] == ["epub-encrypted"]
    book = read(with_encryption("http://www.idpf.org/2008/embedding", "OPS/font.otf"))
    assert ("epub-unread", "OPS/font.otf") in said(book)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = small()
    for name, value in (("_MOST_FILES", 3), ("_MOST_TOGETHER", 1000)):
        with monkeypatch.context() as patched:
            patched.setattr(epub_archive, name, value)
            with pytest.raises(ChapbookError) as raised:
                read(data)
        assert [each.code for each in raised.value.diagnostics] == ["file-too-large"]
    bomb = {"META-INF/container.xml": CONTAINER.format("a.opf"), "a.opf": "<package/>", "bomb.txt": "0" * 2000}
    monkeypatch.setattr(epub_archive, "MOST_BYTES", 1000)
    with pytest.raises(ChapbookError) as error:
        read(packed(bomb))
    assert ("epub-unread", "bomb.txt") in [(each.code, each.path) for each in error.value.diagnostics]


def test_a_damaged_entry_is_left_out() -> None:
    data = bytearray(small())
    at = data.index(b"<h1>Two</h1>")
    data[at : at + 4] = b"<h9>"
    book = read(bytes(data))
    assert tree(book) == ["The first"]
    assert ("epub-unread", "OPS/text/two.xhtml") in said(book)


def test_an_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    declared = f'<!DOCTYPE html [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY lol "{"ha" * 100}">]>'
    text = page("<h1>&e;&lol;</h1><p>x</p>").replace("<!DOCTYPE html>", declared)
    book = read(epub3({"a.xhtml": text}, spine=["a.xhtml"], nav='<li><a href="a.xhtml">A</a></li>'))
    assert book.write(tmp_path / "a.epub").ok
    assert "hidden" not in "".join(words(tmp_path / "a.epub"))


def test_the_spine_rules_where_the_contents_have_another_order() -> None:
    files: dict[str, bytes | str] = {f"{n}.xhtml": page(f"<h1>{n}</h1>") for n in "abcd"}
    nav = (
        '<li><span>P</span><ol><li><a href="c.xhtml">c</a></li><li><a href="a.xhtml">a</a></li></ol></li>'
        '<li><a href="b.xhtml">b</a></li><li><a href="none.xhtml">none</a></li><li><a href="c.xhtml#x">place</a></li>'
    )
    book = read(epub3(files, spine=["a.xhtml", "b.xhtml", "c.xhtml", "d.xhtml"], nav=nav))
    assert [each.title for each in book.chapters] == ["a", "b", "c", "d"]
    assert tree(book) == [("P", ["a"]), "b", "c", "d"]
    assert ("epub-left", None) in said(book)


def test_pages_with_words_beside_the_cover_or_the_contents_are_chapters() -> None:
    files: dict[str, bytes | str] = {
        "cover.xhtml": page('<img src="c.jpg" alt=""/><p>Words</p>', attributes=' epub:type="cover"'),
        "a.xhtml": page("<h1>A</h1>"),
        "c.jpg": picture((1500, 2000), "JPEG"),
    }
    nav = '<li><a href="a.xhtml">A</a></li></ol></nav><p>An epigraph</p><nav><ol>'
    data = epub3(files, spine=["cover.xhtml", "nav.xhtml", "a.xhtml"], nav=nav, properties={"c.jpg": "cover-image"})
    book = read(data)
    assert [each.path for each in book.chapters] == ["cover.xhtml", "nav.xhtml", "a.xhtml"]
    assert book.cover.path == "c.jpg"  # type: ignore[union-attr]
    quiet = page('<section><img src="c.jpg" alt="Cover"/></section>')
    data = epub3(
        {**files, "cover.xhtml": quiet}, spine=["cover.xhtml", "nav.xhtml", "a.xhtml"],
        nav='<li><a href="a.xhtml">A</a></li>', properties={"c.jpg": "cover-image"},
    )  # fmt: skip
    assert [each.path for each in read(data).chapters] == ["a.xhtml"]


def test_writing_over_the_file_that_was_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes(small())
    with pytest.raises(ChapbookError) as raised:
        Book.from_epub(path).write(path)
    assert [each.code for each in raised.value.diagnostics] == ["output-is-source"]


def test_an_ordinary_build_does_not_read_epubs() -> None:
    code = (
        "import sys, io; from chapbook import Book, Chapter; b = Book(title='T'); b.add(Chapter(title='A', text='a')); "
        "b.write(io.BytesIO()); print([m for m in sys.modules if 'reading.epub' in m or m == 'chapbook.dialects.html'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_links_to_pages_that_chapbook_makes_lead_to_its_own(
    tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    text = page(
        '<h1><a href="../nav.xhtml#x">A</a></h1><p><a href="../cover.xhtml">c</a> <a href="b.xhtml#p">b</a></p>'
    )
    files: dict[str, bytes | str] = {
        "cover.xhtml": page('<p><img src="c.jpg" alt=""/></p>', attributes=' epub:type="cover"'),
        "text/a.xhtml": text,
        "text/b.xhtml": page('<h1>B</h1><p id="p">b</p>'),
        "c.jpg": picture((1500, 2000), "JPEG"),
    }
    nav = '<li><a href="text/a.xhtml">A</a></li><li><a href="text/b.xhtml">B</a></li>'
    spine = ["cover.xhtml", "nav.xhtml", "text/a.xhtml", "text/b.xhtml"]
    book = read(epub3(files, spine=spine, nav=nav))
    report = book.write(tmp_path / "a.epub")
    assert [each.code for each in report.diagnostics] == ["epub-left"]
    assert_clean(tmp_path / "a.epub")
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        made = archive.read("EPUB/text/a.xhtml").decode()
    assert '<a href="../nav.xhtml">A</a>' in made
    assert '<a href="../cover.xhtml">c</a> <a href="b.xhtml#p">b</a>' in made


def test_chapters_are_changed_in_their_parts(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {f"{n}.xhtml": page(f"<h1>{n}</h1>") for n in "pabq"}
    nav = (
        '<li><a href="p.xhtml">P</a><ol><li><a href="a.xhtml">a</a></li><li><a href="b.xhtml">b</a></li></ol></li>'
        '<li><a href="q.xhtml">q</a></li>'
    )
    book = read(epub3(files, spine=list(files), nav=nav))
    book.change_chapters(
        lambda each: None if each.title in "bP" else replace(each, text=each.text.replace("a<", "A!<"))
    )
    assert tree(book) == [("P", ["a"]), "q"]
    assert book.write(tmp_path / "a.epub").ok
    assert list(words(tmp_path / "a.epub")) == ["", "A!", "q"]
    book.change_chapters(lambda each: None if each.title in "aP" else each)
    assert tree(book) == ["q"]


def test_hostile_tables_and_entities(tmp_path: Path) -> None:
    deep = '<ol><li><a href="a.xhtml#x">B</a>' * 2000 + "</li></ol>" * 2000
    laughs = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 100}">' for before, name in zip("abcdef", "bcdefg", strict=True)
    )
    declared = f'<!DOCTYPE html [<!ENTITY a "{"a" * 100}">{laughs}]>'
    text = page('<h1 title="&g;">A &g;</h1>').replace("<!DOCTYPE html>", declared)
    data = epub3({"a.xhtml": text}, spine=["a.xhtml"], nav=f'<li><a href="a.xhtml">A</a>{deep}</li>')
    book = read(data)
    assert tree(book) == ["A"]
    assert book.write(tmp_path / "a.epub").ok
    assert list(words(tmp_path / "a.epub")) == ["A&g;"]
    point = '<navPoint><navLabel><text>B</text></navLabel><content src="a.html#x"/>' * 200 + "</navPoint>" * 200
    assert tree(read(epub2({"a.html": page("<h1>A</h1>")}, spine=["a.html"], points=point))) == ["B"]


POINT = '<navPoint><navLabel><text>{}</text></navLabel><content src="{}"/>{}</navPoint>'


def test_several_chapters_in_one_document_stay_in_the_contents(
    tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    files: dict[str, bytes | str] = {
        "h-0.html": page('<h2 id="c1">I.</h2><p>a</p><h2 id="c2">II.</h2><p>b</p><p id="c3">no heading</p>'),
        "h-1.html": page('<h2 id="c4">IV.</h2><p>c</p>'),
    }
    targets = (("I.", "h-0.html#c1"), ("II.", "h-0.html#c2"), ("III.", "h-0.html#c3"), ("IV.", "h-1.html#c4"))
    points = "".join(POINT.format(label, target, "") for label, target in targets)
    book = read(epub2(files, spine=list(files), points=points))
    report = book.write(tmp_path / "a.epub")
    assert_clean(tmp_path / "a.epub")
    assert contents(tmp_path / "a.epub") == [("I.", 1), ("II.", 2), ("IV.", 1)]
    assert [each.message for each in report.diagnostics if each.code == "epub-left"] == [
        "an entry of the old contents leads to no heading ('III.')"
    ]


def test_a_book_without_headings_shows_none(tmp_path: Path, assert_valid: Callable[[Path], None]) -> None:
    """As converters make them: titles are paragraphs, and a document goes on in the next one."""
    files: dict[str, bytes | str] = {
        "split_000.html": page(
            '<p class="c1"><a id="pos1"></a><b>Chapter 1</b></p><p>Text<a href="split_001.html#fn" id="r">[1]</a></p>',
            attributes=' class="calibre"',
            head='<link rel="stylesheet" href="s.css"/><link rel="stylesheet" href="gone.css"/>',
        ),
        "split_001.html": page('<p id="fn"><a href="split_000.html#r">[1]</a> note</p>', title="Unknown"),
        "s.css": ".calibre { margin: 0 1em }",
    }
    spine = ["split_000.html", "split_001.html"]
    book = read(epub2(files, spine=spine, points=POINT.format("Chapter 1", "split_000.html#pos1", "")))
    assert [(each.title, each.in_toc) for each in book.chapters] == [("Chapter 1", True), ("Unknown", False)]
    assert said(book) == [("epub-unread", "split_000.html")]
    assert book.write(tmp_path / "a.epub").ok
    assert_valid(tmp_path / "a.epub")
    assert list(words(tmp_path / "a.epub")) == ["Chapter1Text[1]", "[1]note"]
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        made = [archive.read(each).decode() for each in archive.namelist() if "/text/" in each]
    assert 'aria-label="Chapter 1" class="chapter calibre"><p class="c1">' in made[0]
    assert 'href="split_001-' in made[0]


def test_a_long_chapter_is_whole_again(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    sections = "\n\n".join(f"## Section {n}\n\n{'word ' * 2000}\n\n[on](#section-{n + 1})" for n in range(60))
    book = Book(title="Long", authors=["Ann Author"])
    book.add(
        Chapter(title="The long one", text=f"{sections}\n\n## Section 60"),
        Chapter(title="Another", text="See [fifty](the-long-one.md#section-50)."),
    )
    assert book.write(tmp_path / "a.epub").ok
    again = Book.from_epub(tmp_path / "a.epub")
    assert tree(again) == ["The long one", "Another"]
    assert again.write(tmp_path / "b.epub").diagnostics == again.check().diagnostics
    assert [each.code for each in again.check().diagnostics] == ["epub-left"]
    assert_clean(tmp_path / "b.epub")
    with zipfile.ZipFile(tmp_path / "a.epub") as one, zipfile.ZipFile(tmp_path / "b.epub") as other:
        pieces = [name for name in one.namelist() if "/text/" in name]
        assert len(pieces) > 2
        assert all(one.read(name) == other.read(name) for name in pieces)
        assert one.read("EPUB/nav.xhtml") == other.read("EPUB/nav.xhtml")


@pytest.mark.parametrize(
    "formula",
    [
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}",
        r"\cancel{x}",
    ],
)
def test_a_formula_stays_as_it_is(formula: str, tmp_path: Path) -> None:
    book = Book(title="Formulas", authors=["Ann Author"])
    book.add(Chapter(title="One", text=f"$${formula}$$"))
    assert book.write(tmp_path / "a.epub").ok
    assert Book.from_epub(tmp_path / "a.epub").write(tmp_path / "b.epub").ok
    with zipfile.ZipFile(tmp_path / "a.epub") as one, zipfile.ZipFile(tmp_path / "b.epub") as other:
        assert b"<math" in one.read("EPUB/text/one.xhtml")
        assert one.read("EPUB/text/one.xhtml").replace(b"<mi></mi>", b"<mi/>") == other.read("EPUB/text/one.xhtml")


@pytest.mark.parametrize("theme", ["classic", "modern", "academic", "minimal", "verse"])
def test_the_theme_is_found(theme: str, tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text("p { color: navy }")
    book = Book(title="T", authors=["Ann Author"], theme=theme, accent="navy", css=[tmp_path / "own.css"])
    book.add(Chapter(title="One", text="a", accent="teal"))
    assert book.write(tmp_path / "a.epub").ok
    again = Book.from_epub(tmp_path / "a.epub")
    assert (again.theme, again.accent, [each.path for each in again.css]) == (theme, "#000080", ["styles/own-1.css"])  # type: ignore[union-attr]
    assert again.chapters[0].accent == "#008080"


def test_a_theme_of_one_s_own_becomes_sheets(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "theme.css").write_text("p { color: navy }")
    book = Book(title="T", authors=["Ann Author"], theme=tmp_path / "own")
    book.add(Chapter(title="One", text="a"))
    assert book.write(tmp_path / "a.epub").ok
    again = Book.from_epub(tmp_path / "a.epub")
    assert again.theme == "minimal"
    assert ContentFile("styles/theme.css") in again.css
    assert again.write(tmp_path / "b.epub").ok
    assert_clean(tmp_path / "b.epub")


def test_the_work_grows_with_the_book() -> None:
    def book_of(size: int) -> Book:
        files: dict[str, bytes | str] = {f"{n}.xhtml": page(f"<h1>{n}</h1><p>a</p>") for n in range(size)}
        nav = "".join(f'<li><a href="{n}">{n}</a><ol><li><a href="{n}#x">x</a></li></ol></li>' for n in files)
        return read(epub3(files, spine=list(files), nav=nav))

    assert len(book_of(3).chapters) == 3
    assert_linear(book_of, 40)


def test_vertical_text_stays_vertical() -> None:
    book = Book(title="港", language="ja", authors="A", writing_mode="vertical-rl")
    book.add(Chapter(title="港", text="港"))
    file = io.BytesIO()
    assert book.write(file).ok
    file.seek(0)
    again = Book.from_epub(file)
    assert (again.writing_mode, again.direction) == ("vertical-rl", "rtl")
