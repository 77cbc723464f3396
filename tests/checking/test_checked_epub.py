"""`check BOOK.epub`: books by other makers, with what EPUBCheck and our rules say of them, at lines of the source."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypandoc  # type: ignore[import-untyped]
import pytest
from ebooklib import epub as ebooklib  # type: ignore[import-untyped]

from chapbook.book import Book
from chapbook.checking import checked_epub
from chapbook.checking.checked_epub import check_epub
from chapbook.checking.epub_rules import BASIC, BEYOND
from chapbook.command.cli import run
from chapbook.model.diagnostics import Diagnostic
from support.epubcheck import EpubCheck
from support.libraries import write_files
from support.made_epubs import epub2, epub3, packed, page, picture

SOURCE = {
    "book.yaml": "title: The Tides\nauthor: Ann\nlanguage: en\nidentifier: 9780306406157\n",
    "one.md": (
        "# The harbour\n\nBoats lie in the harbour through the winter, and nobody paints them.\n\n"
        "See [the table of the tides](#no-such-place), or the drawing.\n\n"
        "![A drawing of boats](boats.png)\n"
    ),
    "two.md": "# The open sea\n\nBeyond the last lamp the water is black and slow.\n\nIt never freezes there.\n",
}
MARKDOWN = "".join(f"{SOURCE[name]}\n" for name in ("one.md", "two.md"))
META = ["--metadata=title:The Tides", "--metadata=lang:en", "--metadata=author:Ann"]


def by_pandoc(place: Path, form: str, *more: str) -> Path:
    write_files(place, {"all.md": MARKDOWN})
    pypandoc.convert_file(str(place / "all.md"), form, outputfile=str(place / "b.epub"), extra_args=[*META, *more])
    return place / "all.md"


def by_ebooklib(place: Path, *, faulty: bool) -> Path:
    """One document for each file, its body made by Pandoc, as programs do it."""
    write_files(place / "src", SOURCE)
    book = ebooklib.EpubBook()
    book.set_identifier("urn:uuid:12345678-1234-4234-8234-123456789abc")
    book.set_title("The Tides")
    book.set_language("en")
    pages = []
    for name in ("one", "two"):
        html = pypandoc.convert_text(SOURCE[f"{name}.md"], "html", format="markdown")
        html = html if faulty else html.replace('href="#no-such-place"', 'href="two.xhtml"').replace("figure", "div")
        html = html if faulty else html[: html.find("<img")] + html[html.find("/>") + 2 :] if "<img" in html else html
        each = ebooklib.EpubHtml(title=name, file_name=f"{name}.xhtml", content=html)
        book.add_item(each)
        pages.append(each)
    book.toc = tuple(pages)
    book.add_item(ebooklib.EpubNcx())
    book.add_item(ebooklib.EpubNav())
    book.spine = ["nav", *pages]
    ebooklib.write_epub(str(place / "b.epub"), book)
    return place / "src"


def by_chapbook(place: Path) -> Path:
    write_files(place / "src", {**SOURCE, "boats.png": ""})
    (place / "src" / "boats.png").write_bytes(picture())
    Book.from_folder(place / "src").write(place / "b.epub")
    return place / "src"


def after_an_editor(place: Path) -> Path:
    """A book of chapbook's that a program broke: a link without a target, and a picture that is gone."""
    source = by_chapbook(place)
    out = io.BytesIO()
    with zipfile.ZipFile(place / "b.epub") as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            data = old.read(each)
            if each.filename.endswith("text/two.xhtml"):
                data = data.replace(b"slow.</p>", b'slow. <a href="gone.xhtml">More</a></p>')
            if not each.filename.endswith("boats.png"):
                new.writestr(each, data)
    (place / "b.epub").write_bytes(out.getvalue())
    return source


def by_hand(make: Callable[[], bytes]) -> Callable[[Path], Path | None]:
    def made_in(place: Path) -> None:
        (place / "b.epub").write_bytes(make())

    return made_in


PAGE = page('<h1 id="a">One</h1><p>Words.</p><p><img src="p.png"/></p>')
POINT = '<navPoint id="n" playOrder="1"><navLabel><text>One</text></navLabel><content src="a.xhtml"/></navPoint>'
NAV = '<li><a href="a.xhtml">One</a></li>'

BOOKS: dict[str, Callable[[Path], Path | None]] = {
    "pandoc, EPUB 3": lambda place: by_pandoc(place, "epub3"),
    "pandoc, EPUB 2": lambda place: by_pandoc(place, "epub2"),
    "pandoc, divided, with a contents": lambda place: by_pandoc(place, "epub3", "--split-level=2", "--toc"),
    "ebooklib, with faults": lambda place: by_ebooklib(place, faulty=True),
    "ebooklib, in order": lambda place: by_ebooklib(place, faulty=False),
    "chapbook": by_chapbook,
    "chapbook, and then an editor": after_an_editor,
    "an EPUB 2 by hand": by_hand(lambda: epub2({"a.xhtml": PAGE}, spine=["a.xhtml"], points=POINT)),
    "an EPUB 3 by hand": by_hand(
        lambda: epub3({"a.xhtml": PAGE, "p.png": picture()}, spine=["a.xhtml", "nav.xhtml"], nav=NAV)
    ),
    "broken documents": by_hand(
        lambda: epub3(
            {"a.xhtml": "<html><p>One<p></html>", "b.xhtml": page("<p id='x'>&nbsp;</p><p id='x'/><blink/>")},
            spine=["a.xhtml", "b.xhtml", "c.xhtml"],
            nav='<li><a href="d.xhtml#e">One</a></li>',
        )
    ),
    "no mimetype": by_hand(lambda: packed(_files(_whole()), mimetype=False)),
}


def _files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return {name: whole.read(name) for name in whole.namelist() if name != "mimetype"}


def _whole() -> bytes:
    return epub3({"a.xhtml": PAGE}, spine=["a.xhtml"], nav=NAV)


@pytest.mark.parametrize("name", BOOKS)
def test_the_findings_are_those_of_epubcheck(name: str, tmp_path: Path, epubcheck: EpubCheck) -> None:
    BOOKS[name](tmp_path)
    said = [each for each in epubcheck.messages(tmp_path / "b.epub") if each.severity not in {"USAGE", "INFO"}]
    report = check_epub(tmp_path / "b.epub")
    ours = [each for each in report.diagnostics if each.code.startswith("epubcheck-")]
    assert sorted(_row(each) for each in ours) == sorted(
        (
            "epubcheck-warning" if each.severity == "WARNING" else "epubcheck-error",
            f"EPUBCheck {each.id}: {' '.join(each.message.split())}".rstrip("."),
            f"b.epub/{each.path}" if each.path and not each.path.endswith("b.epub") else "b.epub",
            max(each.line, 0),
            max(each.column, 1) if each.line > 0 else 0,
        )
        for each in said
    )


def _row(each: Diagnostic) -> tuple[str, str, str, int, int]:
    return each.code, each.message, each.path or "", each.line or 0, each.column or 0


def test_there_are_ten_books_and_most_are_of_other_tools() -> None:
    assert len([name for name in BOOKS if "chapbook" not in name]) >= 9
    assert len(BOOKS) >= 10


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("pandoc, EPUB 3", {("all.md", 5), ("all.md", 7)}),
        ("pandoc, EPUB 2", {("all.md", 5), ("all.md", 7)}),
        ("ebooklib, with faults", {("src/one.md", 5), ("src/one.md", 7)}),
        ("chapbook, and then an editor", {("src/two.md", 3)}),
    ],
)
def test_findings_have_the_lines_of_the_source(
    name: str, places: set[tuple[str, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = BOOKS[name](Path())
    report = check_epub(Path("b.epub"), source=str(source))
    found = {(each.path, each.line) for each in report.diagnostics if each.code == "epubcheck-error"}
    assert places <= found, "\n".join(map(str, report.diagnostics))
    assert all("(EPUB/" in each.message for each in report.diagnostics if (each.path or "").endswith(".md"))


def test_what_the_package_says_has_the_line_of_book_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(Path("src"), {**SOURCE, "book.yaml": SOURCE["book.yaml"].replace("6157", "6157")})
    metadata = (
        '<dc:identifier id="id">urn:isbn:9780306406150</dc:identifier><dc:title>The Tides</dc:title>'
        '<dc:language>en_US</dc:language><meta property="dcterms:modified">2020-02-03T04:05:06Z</meta>'
    )
    Path("b.epub").write_bytes(epub3({"a.xhtml": PAGE}, spine=["a.xhtml"], nav=NAV, metadata=metadata))
    monkeypatch.setattr(checked_epub, "epubcheck_command", lambda: None)
    found = {each.code: each for each in check_epub(Path("b.epub"), source="src").diagnostics}
    assert (found["epub-doubtful"].path, found["epub-doubtful"].line) == ("src/book.yaml", 4)


def without_epubcheck(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Diagnostic]:
    monkeypatch.setattr(checked_epub, "epubcheck_command", lambda: None)
    (tmp_path / "b.epub").write_bytes(data)
    return [each for each in check_epub(tmp_path / "b.epub").diagnostics if each.code != "epubcheck-missing"]


GOOD = page('<h1 id="a">One</h1><p>Words.</p>').replace("<html ", '<html lang="en" xml:lang="en" ')
LEVEL = (
    '<dc:identifier id="id">urn:uuid:12345678-1234-4234-8234-123456789abc</dc:identifier><dc:title>Made</dc:title>'
    '<dc:language>en</dc:language><meta property="dcterms:modified">2020-02-03T04:05:06Z</meta>'
    '<meta property="schema:accessMode">textual</meta><meta property="schema:accessibilityHazard">none</meta>'
    '<meta property="schema:accessibilityFeature">tableOfContents</meta>'
)


def made(
    body: str = "", *, metadata: str = LEVEL, files: dict[str, bytes | str] | None = None, nav: str = NAV
) -> bytes:
    document = GOOD.replace("</body>", f"{body}</body>")
    return epub3({"a.xhtml": document, **(files or {})}, spine=["a.xhtml", "nav.xhtml"], nav=nav, metadata=metadata)


def changed(data: bytes, old: str, new: str) -> bytes:
    """The EPUB with other words in its documents."""
    return packed({name: each.replace(old.encode(), new.encode()) for name, each in _files(data).items()})


def in_order() -> bytes:
    data = changed(made(), '<package xmlns="http', '<package xml:lang="en" xmlns="http')
    return changed(data, '<html xmlns="', '<html lang="en" xmlns="')


FAULTS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "picture is gone": (lambda: made('<img src="no.png" alt="x"/>'), "epub-link", "'no.png' leads to no file"),
    "link to nothing": (lambda: made('<a href="b.xhtml">x</a>'), "epub-link", "'b.xhtml' leads to no file"),
    "no such id": (lambda: made('<a href="#b">x</a>'), "epub-link", "'#b' leads to an id that isn't there"),
    "bad address": (lambda: made('<a href="http://[">x</a>'), "epub-link", "'http://[' is no address"),
    "no alt": (lambda: made('<img src="p.png"/>', files={"p.png": picture()}), "epub-accessibility", "has no alt text"),
    "two ids": (lambda: made('<p id="a">x</p>'), "epub-content", "the id 'a' appears 2 times"),
    "not well-formed": (lambda: made("<p>"), "epub-content", "isn't well-formed"),
    "entity": (lambda: made("<p>&nbsp;</p>"), "epub-content", "the entity '&nbsp;' isn't known"),
    "declared": (
        lambda: changed(made(), "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY x "y">]>'),
        "epub-content",
        "declares entities",
    ),
    "no language": (lambda: changed(made(), 'lang="en" xml:lang="en"', ""), "epub-accessibility", "its language"),
    "no title": (lambda: changed(made(), "<title>A page", "<title>"), "epub-accessibility", "has no title"),
    "no claims": (
        lambda: made(metadata=LEVEL.replace("schema:access", "schema:excess")),
        "epub-accessibility",
        "doesn't say schema:accessMode, schema:accessibilityFeature, schema:accessibilityHazard",
    ),
    "no identifier": (
        lambda: made(metadata=LEVEL.replace("dc:identifier", "dc:source")),
        "epub-package",
        "the metadata has no dc:identifier",
    ),
    "ISBN": (
        lambda: made(metadata=LEVEL.replace("urn:uuid:12345678-1234-4234-8234-123456789abc", "urn:isbn:9780306406150")),
        "epub-doubtful",
        "'urn:isbn:9780306406150' is no ISBN",
    ),
    "role": (
        lambda: made(
            metadata=LEVEL + '<dc:creator id="c">A</dc:creator><meta refines="#c" property="role" '
            'scheme="marc:relators">author</meta>'
        ),
        "epub-doubtful",
        "'author' isn't a MARC relator",
    ),
    "refines": (
        lambda: made(metadata=LEVEL + '<dc:creator id="c">A</dc:creator><meta refines="c" property="role">aut</meta>'),
        "epub-doubtful",
        "'refines' names 'c'",
    ),
    "not listed": (
        lambda: packed({**_files(made()), "notes.txt": "x"}),
        "epub-doubtful",
        "the manifest doesn't list 'notes.txt'",
    ),
    "listed and gone": (
        lambda: changed(made(), "</manifest>", '<item id="z" href="z.css" media-type="text/css"/></manifest>'),
        "epub-package",
        "'z.css' is listed but isn't in the EPUB",
    ),
    "spine": (
        lambda: changed(made(), "</spine>", '<itemref idref="zz"/></spine>'),
        "epub-package",
        "the spine names 'zz'",
    ),
    "version": (lambda: changed(made(), 'version="3.0" unique', 'version="3.1" unique'), "epub-package", "'3.1'"),
    "no nav": (lambda: changed(made(), 'properties="nav"', ""), "epub-navigation", "the property 'nav'"),
    "no mimetype": (
        lambda: packed(_files(_whole()), mimetype=False),
        "epub-container",
        "the first file of the archive isn't 'mimetype'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_rule_finds_its_fault(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, code, words = FAULTS[name]
    found = without_epubcheck(make(), tmp_path, monkeypatch)
    assert any(each.code == code and words in each.message for each in found), "\n".join(map(str, found))
    assert words not in "".join(map(str, without_epubcheck(in_order(), tmp_path, monkeypatch)))


def test_a_book_in_order_has_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert without_epubcheck(in_order(), tmp_path, monkeypatch) == []


def test_a_compressed_mimetype_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(in_order())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    (fault,) = without_epubcheck(out.getvalue(), tmp_path, monkeypatch)
    assert (fault.code, fault.message) == ("epub-container", "'mimetype' is compressed")


def test_what_epubcheck_reports_is_said_once(tmp_path: Path) -> None:
    data = made('<img src="no.png" alt="x"/><a href="#b">x</a>')
    (tmp_path / "b.epub").write_bytes(data)
    if checked_epub.epubcheck_command() is None:
        pytest.skip("EPUBCheck or Java is not installed: pip install epubcheck")
    codes = [each.code for each in check_epub(tmp_path / "b.epub").diagnostics]
    assert "epub-link" not in codes
    assert codes.count("epubcheck-error") == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"no JSON", "it failed"),
        (b'{"messages": [{"ID": 1}]}', "it failed"),
        (subprocess.TimeoutExpired("x", 1), "it took more than 300 seconds"),
        (OSError(), "it failed"),
    ],
)
def test_an_epubcheck_that_fails_is_a_note_and_our_rules_go_on(
    answer: bytes | Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_words: object, **_options: object) -> subprocess.CompletedProcess[bytes]:
        if isinstance(answer, Exception):
            raise answer
        return subprocess.CompletedProcess([], 0, answer, b"")

    monkeypatch.setattr(checked_epub, "epubcheck_command", lambda: ["epubcheck"])
    monkeypatch.setattr(subprocess, "run", asked)
    (tmp_path / "b.epub").write_bytes(made('<a href="#b">x</a>'))
    found = {each.code: each for each in check_epub(tmp_path / "b.epub").diagnostics}
    assert said in found["epubcheck-missing"].message
    assert "epub-link" in found


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "no ZIP": b"PK\x03\x04" + b"\0" * 200,
    "climbing": packed({"../../evil.xhtml": "x", "META-INF/container.xml": "x"}),
    "entities": changed(
        made(), "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    ),
    "file of the machine": changed(
        made(), "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "escape sequences": made('<a href="\x9b31m.xhtml">x</a><img src="&#x1b;[31m.png"/>'),
    "deep": made("<div>" * 5_000 + "</div>" * 5_000),
    "many links": made('<a href="#x">x</a>' * 5_000),
    "no package": packed({"META-INF/container.xml": "<container/>"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_a_file_is_trusted(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = without_epubcheck(HOSTILE[name], tmp_path, monkeypatch)
    assert found
    assert not any("root:" in str(each) for each in found)


def test_the_command_prints_epubs_in_each_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(checked_epub, "epubcheck_command", lambda: None)
    Path("b.epub").write_bytes(made('<a href="#b">x</a>'))
    assert run(["check", "b.epub"]) == 1
    said = capfd.readouterr().err
    assert "b.epub/OPS/a.xhtml:3: error: '#b' leads to an id that isn't there [epub-link]" in said
    assert said.endswith("b.epub: not in order: 1 error and 2 warnings\n")
    assert run(["check", "b.epub", "--json", "--ignore", "epub-accessibility"]) == 1
    (book,) = json.loads(capfd.readouterr().out)["books"]
    assert (book["source"], book["title"], len(book["ignored"])) == ("b.epub", "Made", 2)
    assert run(["check", "b.epub", "--format", "sarif"]) == 1
    assert '"uri": "b.epub/OPS/a.xhtml"' in capfd.readouterr().out
    Path("b.epub").write_bytes(in_order())
    assert run(["check", "b.epub", "--strict", "-q"]) == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["b.epub", "src"], "check EPUBs and content folders in two runs"),
        (["src", "--source", "src"], "--source names the source of one EPUB"),
        (["b.epub", "b.epub", "--source", "src"], "--source names the source of one EPUB"),
        (["b.epub", "--a11y"], "--a11y explains what chapbook claims of a book that it builds, not of an EPUB"),
        (["b.epub", "--fix"], "--fix puts right a book's source, not an EPUB"),
    ],
)
def test_options_that_do_not_go_together(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(Path("src"), SOURCE)
    Path("b.epub").write_bytes(made())
    assert run(["check", *words]) == 2
    assert said in " ".join(capfd.readouterr().err.split())


def test_every_rule_is_in_one_list() -> None:
    assert not set(BASIC) & set(BEYOND)
