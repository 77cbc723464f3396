"""Whole books of many shapes: EPUBCheck and our own checks find nothing in any of them."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from lxml import etree
from msgspec.structs import replace

from chapbook.model.metadata import Contributor, Identifier, Metadata, Series
from chapbook.packaging.claims import Evidence
from chapbook.packaging.package import package_document, write_publication
from chapbook.packaging.publication import NAV_NAME, Publication, Resource, TocEntry
from support.opened import DC, OPF, Opened
from support.publications import chapter, picture, publication

ODD = "A <b> & \"c\" 'd' ]]> \N{GRINNING FACE} \x00\x0b\x1b\ud800\ufffe\u2028\u0085 &amp; \u200f end"
MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x squared"><msup><mi>x</mi><mn>2</mn></msup></math>'
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" role="img" aria-label="a circle">'
    '<linearGradient id="fade"/><circle cx="4" cy="4" r="3"/></svg>'
)


def nested(depth: int) -> tuple[TocEntry, ...]:
    """A table of contents `depth` levels deep, all in one chapter."""
    entry = TocEntry(label=f"Level {depth}", href="text/one.xhtml")
    for level in range(depth - 1, 0, -1):
        entry = TocEntry(label=f"Level {level}", href="text/one.xhtml", children=(entry,))
    return (entry,)


def odd_everywhere() -> Metadata:
    people = (Contributor(name=ODD, file_as=ODD), Contributor(name=ODD, role="trl"))
    return Metadata(
        title=ODD,
        subtitle=ODD,
        authors=people,
        publisher=ODD,
        rights=ODD,
        description=ODD,
        subjects=(ODD, ODD),
        series=Series(name=ODD, index="2.5"),
        date="2024-02",
    )


SIX = tuple(Contributor(name=f"Author {n}", file_as=f"{n}, Author") for n in range(6))
ISBN = Identifier(scheme="isbn", value="urn:isbn:9783161484100")
FRAGMENTS = ("plain", "größe", "第一章", "a%20b", "a[1]", "a|b", "a'b", "1st", "a:b", "x.y")
BOOKS: dict[str, Callable[[], Publication]] = {
    "least": lambda: publication(Metadata(title="Book")),
    "no words in the title": lambda: publication(Metadata(title="\x00", authors=(Contributor(name=" \x01 "),))),
    "six authors": lambda: publication(Metadata(title="Book", authors=SIX)),
    "only an editor": lambda: publication(Metadata(title="Book", authors=(Contributor(name="Ed", role="edt"),))),
    "isbn": lambda: publication(Metadata(title="Book", identifier=ISBN)),
    "doi": lambda: publication(Metadata(title="Book", identifier=Identifier(scheme="doi", value="doi:10.1000/182"))),
    "uri": lambda: publication(
        Metadata(title="Book", identifier=Identifier(scheme="uri", value="https://example.org/a?b=1&c=2"))
    ),
    "odd characters": lambda: publication(odd_everywhere(), toc=(TocEntry(label=ODD, href="text/one.xhtml"),)),
    "empty label": lambda: publication(Metadata(title="B"), toc=(TocEntry(label="\x07", href="text/one.xhtml"),)),
    "arabic": lambda: publication(
        Metadata(title="كتاب", language="ar", authors=(Contributor(name="كاتبة"),), subtitle="فرعي")
    ),
    "vertical japanese": lambda: publication(
        Metadata(title="本", language="ja", writing_mode="vertical-rl", authors=(Contributor(name="著者"),))
    ),
    "unknown language": lambda: publication(Metadata(title="Kirja", language="fi")),
    "mathematics and svg": lambda: publication(
        Metadata(title="Book"),
        (chapter("text/one.xhtml", text=f"<p>{MATH}</p>{SVG}", properties=("svg", "mathml")),),
        evidence=Evidence(formulas=1, math_described=True, images_undescribed=1),
    ),
    "deep": lambda: publication(Metadata(title="Book"), toc=nested(40)),
    "deeper than parsers go": lambda: publication(Metadata(title="Book"), toc=nested(400)),
    "fragments": lambda: publication(
        Metadata(title="Book"),
        (chapter("text/one.xhtml", text="".join(f'<h2 id="{each}">H</h2>' for each in FRAGMENTS)),),
        toc=tuple(TocEntry(label=each, href=f"text/one.xhtml#{each}") for each in FRAGMENTS),
    ),
    "pictures": lambda: publication(
        Metadata(title="Book"),
        (
            chapter(
                "text/one.xhtml",
                text='<p><img src="../images/a.jpg" alt="A"/><img src="../images/b.jpg" alt=""/></p>',
            ),
        ),
        more=(picture("images/a.jpg"), picture("images/b.jpg")),
        evidence=Evidence(images_described=1, images_undescribed=1),
    ),
    "300 chapters": lambda: publication(
        Metadata(title="Book"), [chapter(f"text/part-{n // 50}/chapter-{n}.xhtml", f"C {n}") for n in range(300)]
    ),
}


@pytest.mark.parametrize("name", BOOKS)
def test_every_shape_is_clean(name: str, tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    path = tmp_path / "book.epub"
    write_publication(BOOKS[name](), path)
    assert_clean(path)


@pytest.mark.parametrize("name", ["least", "odd characters", "pictures", "300 chapters"])
def test_the_same_publication_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    made = io.BytesIO()
    write_publication(BOOKS[name](), tmp_path / "book.epub")
    write_publication(BOOKS[name](), made)
    assert made.getvalue() == (tmp_path / "book.epub").read_bytes()


def test_neither_hash_seed_nor_time_zone_nor_locale_changes_a_byte(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; import test_package\n"
        "test_package.write_publication(test_package.BOOKS['odd characters'](), Path(sys.argv[1]))"
    )
    digests = set()
    for place, settings in enumerate(
        ({"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "2", "TZ": "UTC"})
    ):
        path = tmp_path / f"{place}" / "book.epub"
        here = os.pathsep.join((str(Path(__file__).parent), str(Path(__file__).parents[1])))
        subprocess.run(
            [sys.executable, "-c", program, str(path)], check=True, env={**os.environ, **settings, "PYTHONPATH": here}
        )
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_mod_time_is_the_given_one_in_utc() -> None:
    book = replace(publication(Metadata(title="Book")), modified=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC))
    root = etree.fromstring(package_document(book))
    assert root.findtext(f".//{OPF}meta[@property='dcterms:modified']") == "2020-01-02T03:04:05Z"


def test_a_year_has_four_digits() -> None:
    book = replace(publication(Metadata(title="Book", date="0800")), modified=datetime(900, 1, 2, tzinfo=UTC))
    root = etree.fromstring(package_document(book))
    assert root.findtext(f".//{OPF}meta[@property='dcterms:modified']") == "0900-01-02T00:00:00Z"
    assert root.findtext(f".//{DC}date") == "0800"


def test_metadata_reads_as_it_was_given() -> None:
    people = (
        Contributor(name="Ann Author", file_as="Author, Ann"),
        Contributor(name="Tom Translator", role="trl"),
        Contributor(name="Bea Author"),
    )
    metadata = Metadata(
        title="Main",
        subtitle="Sub",
        language="de",
        authors=people,
        identifier=ISBN,
        series=Series(name="Row", index="2.5"),
        description="One.\n\nTwo.",
        subjects=("a", "b", "a"),
    )
    root = etree.fromstring(package_document(publication(metadata)))
    said = root.find(f"{OPF}metadata")
    assert said is not None
    assert [each.text for each in said.iterfind(f"{DC}title")] == ["Main", "Sub"]
    assert [each.text for each in said.iterfind(f"{DC}creator")] == ["Ann Author", "Bea Author"]
    assert [each.text for each in said.iterfind(f"{DC}contributor")] == ["Tom Translator"]
    assert [each.text for each in said.iterfind(f"{DC}subject")] == ["a", "b"]
    assert said.findtext(f"{DC}description") == "One.\n\nTwo."
    assert said.findtext(f"{OPF}meta[@refines='#creator-1'][@property='file-as']") == "Author, Ann"
    assert said.findtext(f"{OPF}meta[@refines='#contributor-1'][@property='role']") == "trl"
    assert said.findtext(f"{OPF}meta[@refines='#pub-id'][@property='identifier-type']") == "15"
    assert said.findtext(f"{OPF}meta[@refines='#series'][@property='group-position']") == "2.5"


def test_right_to_left_metadata_and_pages_are_two_things() -> None:
    arabic = etree.fromstring(package_document(BOOKS["arabic"]()))
    japanese = etree.fromstring(package_document(BOOKS["vertical japanese"]()))
    for root in (arabic, japanese):
        assert root.xpath("string(*/@page-progression-direction)") == "rtl"
    assert (arabic.get("dir"), japanese.get("dir")) == ("rtl", None)
    modes = [root.xpath("string(//*[@name='primary-writing-mode']/@content)") for root in (arabic, japanese)]
    assert modes == ["", "vertical-rl"]


def test_a_chapter_in_front_leaves_the_other_ids_alone(tmp_path: Path) -> None:
    chapters = [chapter("text/b.xhtml"), chapter("text/c.xhtml")]
    ids = []
    for number, given in enumerate((chapters, [chapter("text/a.xhtml"), *chapters])):
        path = tmp_path / f"{number}.epub"
        write_publication(publication(Metadata(title="Book"), given), path)
        ids.append({each.name: each.id for each in Opened(path).items})
    assert ids[0].items() <= ids[1].items()


def test_a_chapter_ships_byte_for_byte(tmp_path: Path) -> None:
    one = chapter("text/one.xhtml", text=f"<pre><code>\n  x</code></pre><p><em>a</em><strong>b</strong></p>{SVG}")
    write_publication(publication(Metadata(title="Book"), (one,)), tmp_path / "book.epub")
    assert Opened(tmp_path / "book.epub").files["EPUB/text/one.xhtml"] == one.data


def test_bytes_are_asked_for_one_file_at_a_time_while_writing(tmp_path: Path) -> None:
    asked: list[int] = []

    def drawn(number: int) -> bytes:
        asked.append(number)
        return bytes(number)

    pictures = [
        Resource(name=f"images/{number}.png", media_type="image/png", data=partial(drawn, number))
        for number in range(3)
    ]
    book = publication(Metadata(title="Book"), more=pictures)
    package_document(book)
    assert asked == []
    write_publication(book, tmp_path / "book.epub")
    assert asked == [0, 1, 2]


def test_pictures_are_stored_and_text_is_deflated(tmp_path: Path) -> None:
    write_publication(BOOKS["pictures"](), tmp_path / "book.epub")
    methods = {each.filename: each.compress_type for each in Opened(tmp_path / "book.epub").infos}
    assert methods["EPUB/images/a.jpg"] == zipfile.ZIP_STORED
    assert methods["EPUB/text/one.xhtml"] == zipfile.ZIP_DEFLATED


def test_two_files_of_one_name_are_refused_before_anything_is_there(tmp_path: Path) -> None:
    book = publication(Metadata(title="Book"), more=(picture("images/a.jpg"), picture("images/A.jpg")))
    with pytest.raises(ValueError, match=r"images/a\.jpg"):
        write_publication(book, tmp_path / "book.epub")
    assert list(tmp_path.iterdir()) == []


def test_a_book_without_its_contents_in_the_spine_has_no_landmark_to_them(
    tmp_path: Path, assert_valid: Callable[[Path], None]
) -> None:
    book = publication(Metadata(title="Book"))
    book = replace(book, spine=tuple(each for each in book.spine if each != NAV_NAME))
    write_publication(book, tmp_path / "book.epub")
    assert_valid(tmp_path / "book.epub")
    assert b'epub:type="toc" href' not in Opened(tmp_path / "book.epub").files["EPUB/nav.xhtml"]


def test_each_of_two_titles_has_its_kind_and_place() -> None:
    def said(metadata: Metadata) -> list[tuple[str | None, list[tuple[str | None, str | None]]]]:
        root = etree.fromstring(package_document(publication(metadata)))
        titles = [(each, f"{OPF}meta[@refines='#{each.get('id')}']") for each in root.iter(f"{DC}title")]
        return [
            (title.text, [(each.get("property"), each.text) for each in root.iterfind(f".//{path}")])
            for title, path in titles
        ]

    assert said(Metadata(title="Book")) == [("Book", [("title-type", "main")])]
    assert said(Metadata(title="Book", subtitle="A Tale")) == [
        ("Book", [("title-type", "main"), ("display-seq", "1")]),
        ("A Tale", [("title-type", "subtitle"), ("display-seq", "2")]),
    ]


def test_the_authors_are_creators_whoever_comes_first() -> None:
    people = (Contributor(name="Ed", role="edt"), Contributor(name="Ann"), Contributor(name="Tr", role="trl"))
    for authors, creators in ((people, ["Ann"]), (people[:1], ["Ed"]), (people[2:] + people[:1], ["Tr"])):
        root = etree.fromstring(package_document(publication(Metadata(title="Book", authors=authors))))
        assert [each.text for each in root.iter(f"{DC}creator")] == creators
        named = [each.text for tag in ("creator", "contributor") for each in root.iter(f"{DC}{tag}")]
        assert sorted(map(str, named)) == sorted(each.name for each in authors)


def test_a_package_document_says_that_it_is_xml_in_utf_8() -> None:
    assert package_document(publication(Metadata(title="Book"))).startswith(b"<?xml version='1.0' encoding='utf-8'?>\n")
