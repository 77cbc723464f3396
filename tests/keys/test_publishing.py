"""What publishers hold of a book, from book.yaml, volumes.yaml and Python code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook import AccessibilityStatement, Book, Chapter, Contributor, MetadataEntry, Report, Series, Subject
from chapbook.keys.given import GivenValues
from chapbook.keys.settings_file import parse_settings
from chapbook.model.metadata import licence_name, licence_uri, web_address
from chapbook.packaging.pages import copyright_page
from chapbook.series.build_many import build_book
from chapbook.series.planning import plan_books
from support.opened import DC, XHTML, Opened

CC = "https://creativecommons.org"


def read(text: str) -> tuple[dict[str, object], list[tuple[str, int | None]]]:
    fields = parse_settings(f"title: T\n{text}")
    return dict(fields.values), [(each.code, each.line) for each in fields.diagnostics]


def built(**values: object) -> Report:
    book = Book(title="T", authors=["A"], **values)  # type: ignore[arg-type]
    book.add(Chapter(title="One", text="Words."))
    return book.check()


def said(report: Report) -> dict[str, list[str]]:
    names = dict.fromkeys(each.name for each in report.metadata)
    return {name: [each.value for each in report.metadata if each.name == name] for name in names}


@pytest.mark.parametrize(
    ("written", "uri", "name"),
    [
        ("CC BY 4.0", f"{CC}/licenses/by/4.0/", "CC BY 4.0"),
        ("cc-by-sa_4.0", f"{CC}/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
        ("CC BY-SA-NC 3.0 de", f"{CC}/licenses/by-nc-sa/3.0/de/", "CC BY-NC-SA 3.0 DE"),
        ("Creative Commons Attribution-ND 2.5", f"{CC}/licenses/by-nd/2.5/", "CC BY-ND 2.5"),
        ("CC BY 4.0 International", f"{CC}/licenses/by/4.0/", "CC BY 4.0"),
        ("CC BY-NC 4", f"{CC}/licenses/by-nc/4.0/", "CC BY-NC 4.0"),
        ("CC0", f"{CC}/publicdomain/zero/1.0/", "CC0 1.0"),
        ("cc0-1.0", f"{CC}/publicdomain/zero/1.0/", "CC0 1.0"),
        ("Public Domain Mark 1.0", f"{CC}/publicdomain/mark/1.0/", "Public Domain Mark 1.0"),
        (f"{CC}/licenses/by/4.0/legalcode.de", f"{CC}/licenses/by/4.0/legalcode.de", "CC BY 4.0"),
        ("https://example.org/a?b=1&c#d", "https://example.org/a?b=1&c#d", ""),
    ],
)
def test_a_licence_is_an_address_or_a_known_name(written: str, uri: str, name: str) -> None:
    assert licence_uri(written) == uri
    assert licence_uri(uri) == uri
    assert licence_name(uri) == name


@pytest.mark.parametrize(
    "written",
    ["CC BY", "CC BY 5.0", "CC BY-SA-ND 4.0", "CC BY-NC-NC 4.0", "MIT", "javascript:alert(1)", "https://", "ftp://a.b",
     "https://exa mple.org", 'https://a.b/"x', "https://a.b/%zz", "https://a.b/é", "//a.b", "https://a.b/#x#y"],
)  # fmt: skip
def test_what_is_no_licence_is_an_error_at_its_line(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        licence_uri(written)
    values, told = read(f"rights_uri: '{written}'\n")
    assert "rights_uri" not in values
    assert told == [("value-invalid", 2)]


@given(st.text(max_size=40), st.text(alphabet='ab.:/?#%-é" <', max_size=30))
def test_an_address_on_the_web_holds_nothing_that_an_href_cannot(text: str, tail: str) -> None:
    for each in (text, f"https://{tail}", f"https://a.b/{tail}"):
        try:
            address = web_address(each)
        except ValueError:
            continue
        assert address.isascii()
        assert not set(' "<>\\^`{|}').intersection(address)
        assert address.lower().startswith(("https://", "http://"))


@pytest.mark.parametrize(
    ("written", "code", "scheme"),
    [
        ("{name: N, code: fic000000, scheme: Bisac}", "FIC000000", "BISAC"),
        ("{name: N, code: fba, scheme: THEMA}", "FBA", "Thema"),
        ("{name: N, code: JBSF1, scheme: thema}", "JBSF1", "Thema"),
        ("{name: N, code: 1DDF-FR-B, scheme: thema}", "1DDF-FR-B", "Thema"),
        ("{name: N, code: 3MPBGH, scheme: thema}", "3MPBGH", "Thema"),
        ("{name: N, code: sh 85123456, scheme: lcsh}", "sh85123456", "LCSH"),
        ("{name: N, code: sh2001000147, scheme: lcsh}", "sh2001000147", "LCSH"),
        ("{name: N, code: Harbors -- England, scheme: lcsh}", "Harbors -- England", "LCSH"),
        ("{name: N, scheme: lcsh}", "N", "LCSH"),
    ],
)
def test_a_code_is_held_to_the_form_of_its_scheme(written: str, code: str, scheme: str) -> None:
    values, told = read(f"subjects: [{written}, plain]\n")
    assert (values["subjects"], told) == ((Subject(name="N", code=code, scheme=scheme), "plain"), [])


@pytest.mark.parametrize(
    "written",
    [
        "{code: FIC00000, scheme: BISAC}",
        "{code: FI0000000, scheme: BISAC}",
        "{name: N, scheme: BISAC}",
        "{code: ZZZ, scheme: Thema}",
        "{code: ABCDEFGHI, scheme: Thema}",
        "{code: 7AB, scheme: Thema}",
        "{code: sh123, scheme: LCSH}",
        "{name: N, code: FIC000000}",
        "{name: N, code: 823, scheme: DDC}",
    ],
)
def test_a_code_of_another_form_is_an_error_at_its_line(written: str) -> None:
    values, told = read(f"subjects:\n- plain\n- {written}\n")
    assert (values["subjects"], told) == (("plain",), [("value-invalid", 4)])


def test_a_subject_of_a_wrong_type_is_an_error_and_a_single_one_is_a_list() -> None:
    assert read("subjects: [[a]]\n")[1] == [("value-type", 2)]
    assert read("subject: {name: N}\n") == ({"title": "T", "subjects": ("N",)}, [])
    assert read("subjects: {title: N}\n")[1] == [("key-unknown", 2)]


def test_contributors_are_given_by_role_or_in_a_list() -> None:
    two = (Contributor(name="Ann", role="trl"), Contributor(name="Bo", role="ill"))
    for written in (
        "{translator: Ann, ill: Bo}",
        "[{translator: Ann}, {name: Bo, role: illustrator}]",
        "\n  Translator: [Ann]\n  illustrator: {name: Bo}",
    ):
        assert read(f"contributors: {written}\n") == ({"title": "T", "contributors": two}, [])
    assert read("contributors: Ann\n")[0]["contributors"] == (Contributor(name="Ann", role="ctb"),)
    assert read("contributors: {translater: Ann}\n")[1] == [("role-unknown", 2)]
    assert read("contributors: {role: editor}\n")[1] == [("value-invalid", 2)]
    assert read("contributors: {editor: }\n") == ({"title": "T"}, [])


def test_contributors_in_python_have_roles_by_code_or_word() -> None:
    given_ = [Contributor(name="Ann", role="translator"), Contributor(name="Bo", role="aut"), "Cy"]
    report = built(contributors=given_)
    people = [(each.name, each.value, each.refinements[0].value) for each in report.metadata if "or" in each.name[-3:]]
    assert people == [
        ("dc:creator", "A", "aut"),
        ("dc:creator", "Bo", "aut"),
        ("dc:contributor", "Ann", "trl"),
        ("dc:contributor", "Cy", "ctb"),
    ]
    wrong = built(contributors=[Contributor(name="Ann", role="wizard")])
    assert [each.code for each in wrong.errors] == ["role-unknown"]


@pytest.mark.parametrize(
    ("written", "claim"),
    [
        ("WCAG 2.1 AA", "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"),
        ("wcag 2.2 level a", "EPUB Accessibility 1.1 - WCAG 2.2 Level A"),
        ("EPUB Accessibility 1.1 – WCAG 2.0 Level AAA", "EPUB Accessibility 1.1 - WCAG 2.0 Level AAA"),
        (
            "EPUB Accessibility 1.0: WCAG 2.0 AA",
            "http://www.idpf.org/epub/a11y/accessibility-20170105.html#wcag-aa",
        ),
    ],
)
def test_a_claim_is_written_as_the_standard_has_it(written: str, claim: str) -> None:
    report = built(accessibility=AccessibilityStatement(conforms_to=written, certified_by="Ann"))
    (entry,) = (each for each in report.metadata if each.name == "dcterms:conformsTo")
    assert entry.value == claim
    assert [(each.name, each.value) for each in entry.refinements] == [("a11y:certifiedBy", "Ann")]
    again = built(accessibility=AccessibilityStatement(conforms_to=claim, certified_by="Ann"))
    assert again.metadata == report.metadata
    assert report.accessibility is not None
    assert [each.value for each in report.accessibility.made if each.property == "conformsTo"] == [claim]


@pytest.mark.parametrize(
    "written",
    [
        "{conforms_to: WCAG 2.1 AA}",
        "{certified_by: Ann}",
        "{certifier_report: 'https://a.b'}",
        "{conforms_to: WCAG 3.0 AA, certified_by: Ann}",
        "{conforms_to: EPUB Accessibility 1.0 - WCAG 2.1 AA, certified_by: Ann}",
        "{conforms_to: WCAG 2.1 AA, certified_by: Ann, certifier_report: see my site}",
    ],
)
def test_half_a_claim_or_a_wrong_one_is_one_error(written: str) -> None:
    assert read(f"accessibility: {written}\n")[1] == [("value-invalid", 2)]


def test_python_code_is_held_to_the_same_rules() -> None:
    wrong = built(
        isbn_print="978-3-16-148410-1",
        rights_uri="MIT",
        original_language="klingon",
        subjects=[Subject(name="N", code="X", scheme="BISAC")],
        accessibility=AccessibilityStatement(conforms_to="WCAG 2.1 AA"),
        contributors=[Contributor(name="B", role="hero")],
    )
    assert sorted(each.code for each in wrong.errors) == [
        "identifier-invalid",
        "language-invalid",
        "role-unknown",
        "value-invalid",
        "value-invalid",
        "value-invalid",
    ]


def test_the_same_isbn_for_both_editions_and_a_language_of_nothing_are_said(tmp_path: Path) -> None:
    isbn = "978-3-16-148410-0"
    text = f"title: T\nlanguage: en\nidentifier: {isbn}\nisbn_print: {isbn}\noriginal_language: fr\n"
    (tmp_path / "book.yaml").write_text(text)
    (tmp_path / "a.md").write_text("Words.")
    found = Book.from_folder(tmp_path).check().diagnostics
    assert [(each.code, each.path, each.line) for each in found] == [
        ("identifier-invalid", "book.yaml", 4),
        ("setting-unused", "book.yaml", 5),
    ]
    assert [each.code for each in built(identifier=isbn, isbn_print=isbn).errors] == ["identifier-invalid"]
    assert [each.code for each in built(original_language="fr").diagnostics] == ["setting-unused"]


def test_a_summary_replaces_the_made_one_and_a_doubtful_claim_is_said(tmp_path: Path) -> None:
    text = "accessibility: {summary: Sound., conforms_to: WCAG 2.1 A, certified_by: Ann}\ntitle: T\nlanguage: en\n"
    (tmp_path / "book.yaml").write_text(text)
    (tmp_path / "a.md").write_text("![](p.svg)\n\nWords.")
    (tmp_path / "p.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    )
    report = Book.from_folder(tmp_path).check()
    assert [(each.code, each.line) for each in report.diagnostics] == [("image-no-alt", 1), ("claim-doubtful", 1)]
    assert said(report)["schema:accessibilitySummary"] == ["Sound."]
    (tmp_path / "a.md").write_text("![A line](p.svg)\n\nWords.")
    assert Book.from_folder(tmp_path).check().diagnostics == ()


EVERYTHING = {
    "edition": 2,
    "imprint": "Kestrel",
    "publisher": "Hawk & Sons",
    "identifier": "978-3-16-148410-0",
    "isbn_print": "0-306-40615-2",
    "subjects": [
        "Sea",
        Subject(name="FICTION / Sea", code="FIC047000", scheme="BISAC"),
        Subject(code="FBA", scheme="thema"),
    ],
    "contributors": [Contributor(name="Tom", role="trl", file_as="Hat, Tom"), Contributor(name="Pru", role="pfr")],
    "audience": ["Adults", "Teachers"],
    "original_title": "L'année <du> port",
    "original_language": "fr",
    "rights": "© Ann",
    "rights_uri": "CC BY 4.0",
    "series": Series(name="Row", index="2.5"),
    "accessibility": AccessibilityStatement(
        conforms_to="WCAG 2.1 AA",
        certified_by="Ann & Co",
        certifier_credential="https://example.org/credential",
        certifier_report="https://example.org/report?a=1&b=2",
        summary="Everything is described.",
    ),
}


def test_a_book_with_all_of_it_says_so_and_is_clean(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    book = Book(title="T", authors=["A"], **EVERYTHING)  # type: ignore[arg-type]
    book.add(Chapter(title="One", text="Words."))
    report = book.write(tmp_path / "book.epub")
    assert report.diagnostics == ()
    assert_clean(tmp_path / "book.epub")
    metadata = Opened(tmp_path / "book.epub").package[0]
    lines = [
        (etree.QName(each).localname, each.get("property") or each.get("rel"), each.text or each.get("href"))
        for each in metadata
        if each.get("property", "").startswith(("dcterms", "a11y", "term", "authority", "schema:b", "schema:p"))
        or etree.QName(each).localname in {"link", "source", "subject"}
    ]
    assert lines == [
        ("subject", None, "Sea"),
        ("subject", None, "FICTION / Sea"),
        ("meta", "authority", "BISAC"),
        ("meta", "term", "FIC047000"),
        ("subject", None, "FBA"),
        ("meta", "authority", "Thema"),
        ("meta", "term", "FBA"),
        ("source", None, "urn:isbn:9780306406157"),
        ("source", None, "L'année <du> port"),
        ("meta", "dcterms:language", "fr"),
        ("meta", "dcterms:modified", "2000-01-01T00:00:00Z"),
        ("meta", "schema:bookEdition", "2"),
        ("meta", "schema:publisherImprint", "Kestrel"),
        ("meta", "dcterms:audience", "Adults"),
        ("meta", "dcterms:audience", "Teachers"),
        ("meta", "dcterms:conformsTo", "EPUB Accessibility 1.1 - WCAG 2.1 Level AA"),
        ("meta", "a11y:certifiedBy", "Ann & Co"),
        ("link", "a11y:certifierCredential", "https://example.org/credential"),
        ("link", "a11y:certifierReport", "https://example.org/report?a=1&b=2"),
        ("link", "dcterms:license", "https://creativecommons.org/licenses/by/4.0/"),
    ]


def test_what_a_report_has_is_what_the_package_document_says(tmp_path: Path) -> None:
    book = Book(title="T", authors=["A"], **EVERYTHING)  # type: ignore[arg-type]
    book.add(Chapter(title="One", text="Words."))
    report = book.write(tmp_path / "book.epub")

    def flat(entries: Iterable[MetadataEntry]) -> Iterator[tuple[str, str, str]]:
        for each in entries:
            yield each.name, each.value, each.language
            yield from flat(each.refinements)

    metadata = Opened(tmp_path / "book.epub").package[0]
    written = [
        (
            f"dc:{etree.QName(each).localname}"
            if str(each.tag).startswith(DC)
            else each.get("property") or each.get("rel") or each.get("name"),
            each.text or each.get("href") or each.get("content"),
            each.get("{http://www.w3.org/XML/1998/namespace}lang", ""),
        )
        for each in metadata
    ]
    assert sorted(flat(report.metadata)) == sorted(written)


def test_the_copyright_page_shows_it_in_the_books_language() -> None:
    book = Book(title="T", authors=["A"], language="fr", **EVERYTHING)  # type: ignore[arg-type]
    book.original_language = "ar"
    page = copyright_page(GivenValues().metadata(book))
    assert page is not None
    assert isinstance(page.data, bytes)
    (section,) = etree.fromstring(page.data).iter(f"{XHTML}section")
    assert [(each.get("class"), "".join(each.itertext())) for each in section] == [
        ("title", "T"),
        ("rights", "© Ann"),
        ("rights", "CC BY 4.0"),
        ("publisher", "Publié par Kestrel, Hawk & Sons"),
        ("edition", "Édition 2"),
        ("original", "Titre original\u202f: L'année <du> port"),
        ("contributor", "Correction\u202f: Pru"),
        ("identifier", "ISBN 978-3-16-148410-0"),
        ("identifier", "ISBN 9780306406157 (édition imprimée)"),
    ]
    (link,) = section.iter(f"{XHTML}a")
    assert link.get("href") == "https://creativecommons.org/licenses/by/4.0/"
    (cite,) = (each for each in section.iter(f"{XHTML}cite") if each.get("lang"))
    assert (cite.get("lang"), cite.get("dir")) == ("ar", "rtl")


def test_what_the_copyright_page_shows_makes_one_and_nothing_else_does() -> None:
    shown = {"edition", "identifier", "imprint", "isbn_print", "original_title", "publisher", "rights", "rights_uri"}
    for name, value in EVERYTHING.items():
        page = copyright_page(GivenValues().metadata(Book(title="T", **{name: value})))  # type: ignore[arg-type]
        assert (page is not None) == (name in shown), name


def test_volumes_share_what_is_not_one_books_alone(tmp_path: Path) -> None:
    shared = (
        "title: Row\nlanguage: en\nauthor: A\nimprint: Kestrel\nedition: 3\nisbn_print: 0306406152\n"
        "original_title: X\ncontributors: {translator: Tom}\nvolumes: [one, two]\n"
    )
    (tmp_path / "volumes.yaml").write_text(shared)
    for name, own in (("one", "imprint: Own\n"), ("two", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "book.yaml").write_text(f"title: {name}\n{own}")
        (tmp_path / name / "a.md").write_text("Words.")
    requests = plan_books([tmp_path], None)
    found = [said(build_book(each)) for each in requests]
    assert [each["schema:publisherImprint"] for each in found] == [["Own"], ["Kestrel"]]
    assert [each["schema:bookEdition"] for each in found] == [["3"], ["3"]]
    assert [each["dc:contributor"] for each in found] == [["Tom"], ["Tom"]]
    assert all("dc:source" not in each for each in found)
    whole = Book.from_library(tmp_path).check()
    assert said(whole)["dc:source"] == ["urn:isbn:9780306406157", "X"]
    assert said(whole)["dc:contributor"] == ["Tom"]


def test_an_isbn_of_any_form_is_one_and_nothing_else_is() -> None:
    for written in ("0-306-40615-2", "urn:isbn:9780306406157", "ISBN-13: 9780306406157", "978 0306406157"):
        assert read(f"isbn_print: '{written}'\n")[0]["isbn_print"] == "urn:isbn:9780306406157"
    assert read("isbn_print: 'ISBN 978-0-306-40615-7'\n")[0]["isbn_print"] == "urn:isbn:978-0-306-40615-7"
    assert read("isbn_print: '1034567896'\n")[0]["isbn_print"] == "urn:isbn:9781034567899"
    for written in ("doi:10.1000/1", "x", "978", "9780306406158"):
        assert read(f"isbn_print: '{written}'\n")[1] == [("identifier-invalid", 2)]


def test_a_half_claim_that_volumes_share_is_said_once_and_a_language_of_some_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "volumes.yaml").write_text(
        "title: R\nlanguage: en\noriginal_language: fr\naccessibility: {certified_by: A}\nvolumes: [one]\n"
    )
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "book.yaml").write_text("title: One\n")
    (tmp_path / "one" / "a.md").write_text("Words.")
    found = [[each.code for each in build_book(request).diagnostics] for request in plan_books([tmp_path], None)]
    assert found == [["value-invalid"], []]
