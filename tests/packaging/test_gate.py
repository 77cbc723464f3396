"""The gate itself: a book is spoilt in one way, and the gate says so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from chapbook.model.metadata import Contributor, Identifier, Metadata, Series
from chapbook.packaging.claims import Evidence
from chapbook.packaging.package import write_publication
from support.epubcheck import EpubCheck
from support.gate import check_epub
from support.gate_references import check_references
from support.opened import Opened
from support.publications import chapter, picture, publication

OPF = "EPUB/package.opf"
NAV = "EPUB/nav.xhtml"
NCX = "EPUB/toc.ncx"
ONE = "EPUB/text/one.xhtml"
CSS = "EPUB/styles/theme.css"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    metadata = Metadata(
        title="Book",
        authors=(Contributor(name="Ann"),),
        series=Series(name="Row", index="1"),
        identifier=Identifier(scheme="isbn", value="urn:isbn:9783161484100"),
    )
    text = '<p id="p"><a href="two.xhtml">Two</a> <img src="../images/a.jpg" alt="A"/></p>'
    chapters = (chapter("text/one.xhtml", text=text), chapter("text/two.xhtml"))
    book = publication(metadata, chapters, more=(picture("images/a.jpg"),), evidence=Evidence(images_described=1))
    path = tmp_path_factory.mktemp("whole") / "book.epub"
    write_publication(book, path)
    return path


def rewritten(whole: Path, folder: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    """The book with some entries changed, everything else as it was; a new name adds an entry."""
    path = folder / "spoilt.epub"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        files = {info.filename: old.read(info) for info in old.infolist()}
        for name in changes:
            files.setdefault(name, b"")
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(info, changes[name](content) if name in changes else content)
    return path


def swap(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return change


def into_cmyk(content: bytes) -> bytes:
    made = io.BytesIO()
    Image.open(io.BytesIO(content)).convert("CMYK").save(made, "JPEG")
    return made.getvalue()


SPOILT: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "stray file": ("EPUB/text/zoo.txt", lambda _: b"x", "not in the manifest"),
    "space in a name": ("EPUB/a b.xhtml", lambda _: b"<a/>", "no portable name"),
    "not well-formed": (ONE, swap("</p>", ""), "not well-formed"),
    "entity": (ONE, swap("<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY a "b">]>'), "DTD subset"),
    "no package language": (OPF, swap(' xml:lang="en"', ""), "no xml:lang"),
    "check digit": (OPF, swap("9783161484100", "9783161484101"), "no ISBN-13"),
    "time with an offset": (OPF, swap("12:30:15Z", "12:30:15+00:00"), "dcterms:modified"),
    "role": (OPF, swap(">aut<", ">author<"), "role is 'author'"),
    "title type": (OPF, swap(">main<", ">big<"), "title-type is 'big'"),
    "refinement of nothing": (OPF, swap('refines="#title-1"', 'refines="title-1"'), "refinement of 'title-1'"),
    "refinement elsewhere": (OPF, swap('refines="#title-1"', 'refines="#series"'), "does not stand beside it"),
    "place in words": (OPF, swap('group-position">1<', 'group-position">one<'), "group-position is 'one'"),
    "series once": (OPF, swap("calibre:series", "calibre:row"), "belongs-to-collection"),
    "cover by path": (OPF, swap('content="i-images_-cover.jpg"', 'content="images/cover.jpg"'), "the cover is"),
    "content before name": (OPF, swap('name="cover" content="i', 'content="i" name="cover" id="i'), "before its name"),
    "generator": (OPF, swap('name="cover"', 'name="generator"'), "a generator is named"),
    "media type": (OPF, swap('media-type="image/jpeg"', 'media-type="image/jpg"'), "listed as image/jpg"),
    "id by position": (OPF, swap('id="i-text_-two.xhtml"', 'id="chapter_2"'), "does not come of its name"),
    "conformance": (OPF, swap("schema:accessibilitySummary", "dcterms:conformsTo"), "conformance is claimed 1 times"),
    "feature": (OPF, swap(">readingOrder<", ">bookmarks<"), "accessibilityFeature is"),
    "hazard": (OPF, swap(">none<", ">noFlashingHazard<"), "accessibilityHazard is"),
    "sight alone": (OPF, swap(">textual,visual<", ">visual<"), "accessModeSufficient is"),
    "alternative text": (ONE, swap('alt="A"', 'alt=""'), "alternativeText claimed"),
    "ncx label": (NCX, swap("Chapter 1", "Chapter I"), "NCX differs"),
    "ncx depth": (NCX, swap('"dtb:depth" content="1"', '"dtb:depth" content="0"'), "dtb:depth"),
    "ncx uid": (NCX, swap("978316", "978317"), "dtb:uid"),
    "toc target": (NAV, swap("text/two.xhtml", "text/two.xhtml#x"), "which is not there"),
    "toc order": (NAV, swap("text/two.xhtml", "cover.xhtml"), "order of the spine"),
    "shown landmarks": (NAV, swap(' hidden="hidden"', ""), "not hidden"),
    "no bodymatter": (NAV, swap('"bodymatter"', '"loi"'), "the landmarks are only"),
    "script": (ONE, swap("<p ", "<script>1</script><p "), "<script> ships"),
    "event": (ONE, swap("<p ", '<p onclick="x" '), "event handler"),
    "javascript": (ONE, swap('href="two.xhtml"', 'href="javascript:x"'), "no relative reference"),
    "absolute": (ONE, swap('href="two.xhtml"', 'href="/two.xhtml"'), "no relative reference"),
    "dead link": (ONE, swap('href="two.xhtml"', 'href="three.xhtml"'), "leads nowhere"),
    "style attribute": (ONE, swap("<p ", '<p style="color:red" '), "ships"),
    "sheet without type": (ONE, swap(' type="text/css"', ""), "without its type"),
    "closed span": (ONE, swap("<p ", "<span/><p "), "closed in itself"),
    "comment": (ONE, swap("<p ", "<!-- a --><p "), "a comment ships"),
    "id twice": (ONE, swap('id="p"', 'id="title"'), "2 times"),
    "languages differ": (ONE, swap('xml:lang="en"', 'xml:lang="de"'), "xml:lang is de"),
    "no title": (ONE, swap("<title>One</title>", "<title/>"), "no title"),
    "cmyk": ("EPUB/images/a.jpg", into_cmyk, "colours are CMYK"),
    "import": (CSS, lambda old: b"@import 'a.css';" + old, "@import"),
    "latin-1": (CSS, lambda old: old + b"/* \xe9 */", "not UTF-8"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_book_is_found(fault: str, whole: Path, tmp_path: Path) -> None:
    name, change, words = SPOILT[fault]
    problems = check_epub(rewritten(whole, tmp_path, {name: change}))
    assert any(words in problem for problem in problems), problems


OUTSIDE: dict[str, tuple[str, str, str]] = {
    "picture": (ONE, 'src="../images/a.jpg"', 'src="https://out.example/a.jpg"'),
    "picture of a host": (ONE, 'src="../images/a.jpg"', 'src="//out.example/a.jpg"'),
    "picture with a tab": (ONE, 'src="../images/a.jpg"', 'src="ht&#9;tps://out.example/a.jpg"'),
    "picture by backslashes": (ONE, 'src="../images/a.jpg"', 'src="\\\\out.example\\a.jpg"'),
    "picture above the book": (ONE, 'src="../images/a.jpg"', 'src="../../../a.jpg"'),
    "picture in the address": (ONE, 'src="../images/a.jpg"', 'src="data:image/svg+xml,&lt;svg/&gt;"'),
    "set of pictures": (ONE, 'src="../images/a.jpg"', 'src="../images/a.jpg" srcset="https://out.example/a.jpg 2x"'),
    "link that runs": (ONE, 'href="two.xhtml"', 'href="javascript:alert(1)"'),
    "link that is pinged": (ONE, 'href="two.xhtml"', 'href="two.xhtml" ping="https://out.example/"'),
    "any attribute": (ONE, "<p ", '<p lowsrc="https://out.example/" '),
    "base": (ONE, "<p ", '<p xml:base="https://out.example/" '),
    "refresh": (ONE, "<head>", '<head><meta http-equiv="refresh" content="0;url=https://out.example/"/>'),
    "style": (ONE, "<p ", '<p style="mask: u\\72l(https://out.example/)" '),
    "sheet": (ONE, "<head>", "<head><style>p { background: url(https://out.example/) }</style>"),
    "sheet before the root": (ONE, "<!DOCTYPE html>", '<?xml-stylesheet href="a.css"?><!DOCTYPE html>'),
    "document type": (ONE, "<!DOCTYPE html>", '<!DOCTYPE html SYSTEM "https://out.example/a.dtd">'),
    "drawing": (ONE, "</p>", '<svg xmlns="http://www.w3.org/2000/svg"><use href="https://out.example/#a"/></svg></p>'),
    "paint": (ONE, "</p>", '<svg xmlns="http://www.w3.org/2000/svg" fill="url(//out.example/#a)"/></p>'),
    "animation": (ONE, "</p>", '<svg xmlns="http://www.w3.org/2000/svg"><set to="https://out.example/"/></svg></p>'),
    "linked sheet": (ONE, 'href="../styles/theme.css"', 'href="https://out.example/theme.css"'),
    "record": (OPF, "</metadata>", '<link rel="record" href="https://out.example/"/></metadata>'),
    "file of the manifest": (OPF, 'href="images/a.jpg"', 'href="https://out.example/a.jpg"'),
    "import": (CSS, "h1", "@import 'https://out.example/a.css'; h1"),
    "font": (CSS, "h1", "@font-face { font-family: a; src: url(https://out.example/a.woff) } h1"),
    "set of pictures in a sheet": (CSS, "h1", "p { background: image-set('https://out.example/a' 1x) } h1"),
    "escapes": (CSS, "h1", "p { background: \\75\\72\\6c(https://out.example/a) } h1"),
    "what a variable says": (CSS, "h1", "p { background: src(var(--a)) } h1"),
    "file that is not there": (CSS, "h1", "p { background: url(a.png) } h1"),
}


@pytest.mark.parametrize("fault", OUTSIDE)
def test_what_is_outside_the_book_is_found(fault: str, whole: Path, tmp_path: Path) -> None:
    name, old, new = OUTSIDE[fault]
    assert list(check_references(Opened(rewritten(whole, tmp_path, {name: swap(old, new)}))))


INSIDE: dict[str, tuple[str, str, str]] = {
    "link that is clicked": (ONE, 'href="two.xhtml"', 'href="https://out.example/"'),
    "mail": (ONE, 'href="two.xhtml"', 'href="mailto:ann@out.example"'),
    "fragment": (ONE, 'href="two.xhtml"', 'href="#p"'),
    "words": (ONE, "<p ", '<p title="https://out.example/" class="a//b" '),
    "text": (ONE, "<p ", "<p>https://out.example/ and url(https://out.example/)</p><p "),
    "shape": (ONE, "</p>", '<svg xmlns="http://www.w3.org/2000/svg"><path id="a" d="M0 0" fill="url(#a)"/></svg></p>'),
    "content": (CSS, "h1", "p::before { content: 'https://out.example/' attr(title) } h1"),
    "comment": (CSS, "h1", "/* url(https://out.example/) */ h1"),
    "namespace": (CSS, "h1", "@namespace svg 'http://www.w3.org/2000/svg'; h1"),
    "local font": (CSS, "h1", "@font-face { font-family: a; src: local('https://out.example/') } h1"),
}


@pytest.mark.parametrize("plain", INSIDE)
def test_what_no_reader_fetches_passes(plain: str, whole: Path, tmp_path: Path) -> None:
    name, old, new = INSIDE[plain]
    assert list(check_references(Opened(rewritten(whole, tmp_path, {name: swap(old, new)})))) == []


def test_a_book_rewritten_without_change_is_clean(whole: Path, tmp_path: Path) -> None:
    assert check_epub(rewritten(whole, tmp_path, {})) == []


def test_an_archive_as_zipfile_makes_it_is_found(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "plain.epub"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(name, old.read(name))
    problems = "\n".join(check_epub(path))
    for words in ("does not begin with a stored mimetype", "dated", "out of order"):
        assert words in problems


def test_data_descriptors_are_found(whole: Path, tmp_path: Path) -> None:
    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

        tell = seek

    made = Stream()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name))
    (tmp_path / "stream.epub").write_bytes(made.getvalue())
    assert any("data descriptor" in problem for problem in check_epub(tmp_path / "stream.epub"))


def test_epubcheck_tells_what_is_wrong_and_where(whole: Path, tmp_path: Path, epubcheck: EpubCheck) -> None:
    spoilt = rewritten(whole, tmp_path, {ONE: swap('href="two.xhtml"', 'href="three.xhtml"')})
    found = {(each.id, each.severity, each.path) for each in epubcheck.messages(spoilt)}
    assert ("RSC-007", "ERROR", ONE) in found
    assert epubcheck.messages(whole) == []
    with pytest.raises(AssertionError, match="RSC-007"):
        epubcheck.assert_valid(spoilt)
