"""The package document's metadata about the book, as statements (EPUB 3.3, section 5.5, appendix D)."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from chapbook.model.diagnostics import MetadataEntry
from chapbook.model.hyphenation import plain
from chapbook.model.labels import label
from chapbook.model.metadata import AccessibilityStatement, Contributor, Identifier, Metadata, Series, Subject
from chapbook.model.names import item_id
from chapbook.model.targets import TARGETS
from chapbook.packaging.publication import Accessibility, OwnMeta, Publication
from chapbook.packaging.xhtml import clean, plain_line

__all__ = [
    "IDENTIFIER_ID",
    "creators_of",
    "described",
    "ibooks_version",
    "moment",
    "statements",
]

IDENTIFIER_ID = "pub-id"
_IDENTIFIER_TYPES = {"isbn": "15", "doi": "06"}
"""ONIX code list 5: ISBN-13 and DOI."""


class Statement(Struct, frozen=True, kw_only=True):
    """One metadata element: of Dublin Core (``dc``), a ``meta`` or a ``link``; it always has a value."""

    vocabulary: Literal["dc", "meta", "link"] = "meta"
    name: str = "meta"
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    """In writing order: old Nooks expect ``name`` before ``content``."""


def statements(publication: Publication) -> Iterator[Statement]:
    """All statements about `publication`, each followed by its refinements. Text is clean.

    The identifier and the time of modification aren't included; other code writes them.
    """
    metadata = publication.metadata
    yield from _identifier_type(publication.identifier)
    yield from _titles(metadata)
    yield _dc("language", metadata.language)
    yield from _people(metadata)
    lines = {"publisher": metadata.publisher, "date": metadata.date, "rights": metadata.rights}
    texts = {name: plain_line(text) for name, text in lines.items()} | {
        "description": plain(clean(metadata.description))
    }
    yield from (_dc(name, text) for name, text in texts.items() if text)
    yield from _subjects(metadata)
    yield from _publishing(metadata)
    if metadata.series and plain_line(metadata.series.name):
        yield from _series(metadata.series)
    yield from _accessibility(publication.accessibility, metadata.language)
    if metadata.accessibility:
        yield from _conformance(metadata.accessibility)
    if any(each.media_type.startswith("font/") for each in publication.resources):
        # Without it, Apple Books ignores the book's fonts; in a book without fonts it would only override the reader's
        # own.
        yield _property("ibooks:specified-fonts", "true")
    if TARGETS[publication.target].needs_version and (version := ibooks_version(metadata.edition)):
        yield _property("ibooks:version", version)
    if metadata.writing_mode != "horizontal-tb":
        yield _named("primary-writing-mode", metadata.writing_mode)  # for Kindle
    if publication.cover_image:
        yield _named("cover", item_id(publication.cover_image))
    yield from map(_own, publication.own.statements)


def ibooks_version(edition: str) -> str:
    """The `edition` as Apple Books takes it, one to three numbers of up to four digits; empty for another one."""
    edition = plain_line(edition)
    return edition if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,4}){0,2}", edition) else ""


def _own(said: OwnMeta) -> Statement:
    """The statement for one that the user added."""
    refines = f"#{said.refines}" if said.refines else ""
    more = {"id": said.id, "refines": refines, "scheme": said.scheme, _XML_LANG: said.language}
    given = {name: value for name, value in more.items() if value}
    if said.name.startswith("dc:"):
        return Statement(vocabulary="dc", name=said.name[3:], text=said.value, attributes=tuple(given.items()))
    return _property(said.name, said.value, **given)


def described(publication: Publication) -> tuple[MetadataEntry, ...]:
    """All that the package document says about `publication`, each statement with its refinements."""
    said = (
        _dc("identifier", plain_line(publication.identifier.value), IDENTIFIER_ID),
        *statements(publication),
        _property("dcterms:modified", moment(publication.modified)),
    )
    refining: dict[str, list[Statement]] = defaultdict(list)
    for each in said:
        refining[dict(each.attributes).get("refines", "")].append(each)
    return tuple(_entry(each, refining) for each in refining[""])


def _entry(said: Statement, refining: Mapping[str, list[Statement]]) -> MetadataEntry:
    more = dict(said.attributes)
    name = more.get("property") or more.get("rel") or more.get("name", "")
    return MetadataEntry(
        name=f"dc:{said.name}" if said.vocabulary == "dc" else name,
        value=said.text or more.get("href") or more.get("content", ""),
        language=more.get(_XML_LANG, ""),
        refinements=tuple(_entry(each, refining) for each in refining.get(f"#{more.get('id', '')}", ())),
    )


def moment(time: dt.datetime) -> str:
    """The time as in EPUB 3.3, section 5.5.4. (ebooklib's ``strftime`` writes the year 900 with three digits.)"""
    return f"{time.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def creators_of(metadata: Metadata) -> tuple[Contributor, ...]:
    """The book's creators: its authors, or else all contributors with the first one's role."""
    named = [each for each in metadata.people if plain_line(each.name)]
    roles = {"aut", "cre"} if any(each.role in {"aut", "cre"} for each in named) else {each.role for each in named[:1]}
    return tuple(each for each in named if each.role in roles)


def _dc(name: str, text: str, id_: str = "") -> Statement:
    return Statement(vocabulary="dc", name=name, text=text, attributes=(("id", id_),) if id_ else ())


def _property(name: str, text: str, **attributes: str) -> Statement:
    return Statement(text=text, attributes=(("property", name), *attributes.items()))


def _refinement(id_: str, name: str, text: str, **attributes: str) -> Statement:
    return Statement(text=text, attributes=(("refines", f"#{id_}"), ("property", name), *attributes.items()))


def _link(rel: str, href: str, **attributes: str) -> Statement:
    """A link from the package document to something on the web (EPUB 3.3, section 5.5.5)."""
    return Statement(vocabulary="link", name="link", attributes=(*attributes.items(), ("rel", rel), ("href", href)))


def _named(name: str, content: str) -> Statement:
    """The same statement in EPUB 2's form, for old reading systems and calibre."""
    return Statement(attributes=(("name", name), ("content", content)))


def _identifier_type(identifier: Identifier) -> Iterator[Statement]:
    if code := _IDENTIFIER_TYPES.get(identifier.scheme):
        yield _refinement(IDENTIFIER_ID, "identifier-type", code, scheme="onix:codelist5")


def _titles(metadata: Metadata) -> Iterator[Statement]:
    titles = {"main": plain_line(metadata.title) or label("untitled", metadata.language)}
    if subtitle := plain_line(metadata.subtitle):
        titles["subtitle"] = subtitle
    for place, (kind, text) in enumerate(titles.items(), start=1):
        yield _dc("title", text, f"title-{place}")
        yield _refinement(f"title-{place}", "title-type", kind)
        if len(titles) > 1:
            yield _refinement(f"title-{place}", "display-seq", str(place))


def _people(metadata: Metadata) -> Iterator[Statement]:
    creators = creators_of(metadata)
    others = (each for each in metadata.people if each not in creators and plain_line(each.name))
    for name, people in (("creator", creators), ("contributor", others)):
        for place, each in enumerate(people, start=1):
            id_ = f"{name}-{place}"
            yield _dc(name, plain_line(each.name), id_)
            yield _refinement(id_, "role", each.role, scheme="marc:relators")
            if file_as := plain_line(each.file_as):
                yield _refinement(id_, "file-as", file_as)


def _subjects(metadata: Metadata) -> Iterator[Statement]:
    """Subjects in words, and those of a scheme with authority and term (EPUB 3.3, sections D.3.2 and D.3.12)."""
    told: set[tuple[str, str, str]] = set()
    for place, each in enumerate(metadata.subjects, start=1):
        subject = each if isinstance(each, Subject) else Subject(name=each)
        code, scheme = plain_line(subject.code), plain_line(subject.scheme)
        name = plain_line(subject.name) or code
        if not name or (name, code, scheme) in told:
            continue
        told.add((name, code, scheme))
        yield _dc("subject", name, f"subject-{place}" if code else "")
        if code:
            yield _refinement(f"subject-{place}", "authority", scheme)
            yield _refinement(f"subject-{place}", "term", code)


def _publishing(metadata: Metadata) -> Iterator[Statement]:
    """Publishers' data. Dublin Core's terms come first, then schema.org's, whose prefix EPUB 3.3 reserves."""
    if metadata.isbn_print:
        # Don't use `source-of`: it would say that the print edition's pages are marked in the text.
        yield _dc("source", plain_line(metadata.isbn_print).replace("-", ""), "print-edition")
        yield _refinement("print-edition", "identifier-type", _IDENTIFIER_TYPES["isbn"], scheme="onix:codelist5")
    if title := plain_line(metadata.original_title):
        language = metadata.original_language
        own = ((_XML_LANG, language),) if language else ()
        yield Statement(vocabulary="dc", name="source", text=title, attributes=(("id", "original"), *own))
        if language:
            yield _refinement("original", "dcterms:language", language)
    if edition := plain_line(metadata.edition):
        yield _property("schema:bookEdition", edition)
    if imprint := plain_line(metadata.imprint):
        yield _property("schema:publisherImprint", imprint)
    # Dublin Core's term takes words; schema.org's takes an object with properties.
    yield from (_property("dcterms:audience", words) for words in map(plain_line, metadata.audience) if words)
    if metadata.rights_uri:
        yield _link("dcterms:license", metadata.rights_uri)


def _series(series: Series) -> Iterator[Statement]:
    name, index = plain_line(series.name), plain_line(series.index)
    yield _property("belongs-to-collection", name, id="series")
    yield _refinement("series", "collection-type", "series")
    if index:
        yield _refinement("series", "group-position", index)
    yield _named("calibre:series", name)
    if index:
        yield _named("calibre:series_index", index)


def _accessibility(accessibility: Accessibility, language: str) -> Iterator[Statement]:
    lists = {
        "accessMode": accessibility.access_modes,
        "accessModeSufficient": accessibility.access_modes_sufficient,
        "accessibilityFeature": accessibility.features,
        "accessibilityHazard": accessibility.hazards,
    }
    for name, values in lists.items():
        yield from (_property(f"schema:{name}", value) for value in values)
    if summary := plain_line(accessibility.summary):
        tag = accessibility.summary_language
        own = {_XML_LANG: tag} if tag and tag != language else {}
        yield _property("schema:accessibilitySummary", summary, **own)


def _conformance(said: AccessibilityStatement) -> Iterator[Statement]:
    """What a person claims (EPUB Accessibility 1.1, sections 4.1 to 4.3); the certifier refines the claim."""
    if not (said.conforms_to and (certifier := plain_line(said.certified_by))):
        return
    if said.conforms_to.startswith("http"):
        yield _link("dcterms:conformsTo", said.conforms_to, id="conformance")
    else:
        yield _property("dcterms:conformsTo", said.conforms_to, id="conformance")
    yield _refinement("conformance", "a11y:certifiedBy", certifier, id="certifier")
    if credential := plain_line(said.certifier_credential):
        if credential.startswith(("https://", "http://")) and " " not in credential:
            yield _link("a11y:certifierCredential", credential, refines="#certifier")
        else:
            yield _refinement("certifier", "a11y:certifierCredential", credential)
    if said.certifier_report:
        yield _link("a11y:certifierReport", said.certifier_report, refines="#certifier")


_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
