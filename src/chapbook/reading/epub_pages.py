"""Reads one document of an EPUB and what can be seen of it before it becomes a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from chapbook.model.metadata import Metadata
from chapbook.model.xml_text import single_spaced
from chapbook.reading.epub_archive import DECLARATION, decoded, local_name, parsed

__all__ = [
    "PICTURES",
    "XML_LANG",
    "Page",
    "body_of",
    "compared",
    "parsed_page",
    "read_page",
    "types_of",
    "with_pieces",
    "with_volumes",
    "words_of",
]

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PICTURES = frozenset({"img", "image", "svg", "object"})
"""Elements that show a picture."""
_UNSEEN = frozenset({"script", "style", "title"})
_PIECE = re.compile(r"(.+?)(?:-x)*-\d+\.xhtml", re.ASCII)
_SECTION = re.compile(r"<section [^>]{0,2000}?\baria-label=[^>]{0,4000}>")


class Page(Struct, frozen=True, kw_only=True):
    """A document of the spine, and what can be seen of it."""

    path: str
    """As the chapter has it."""
    text: str
    root: etree._Element
    title: str
    """The title in its head."""
    types: frozenset[str]
    """The types of its body and of sections that contain everything."""
    classes: frozenset[str]
    headings: tuple[str, ...]

    @property
    def is_picture(self) -> bool:
        """Whether it shows only pictures."""
        body = body_of(self.root)
        return not words_of(body) and any(local_name(each) in PICTURES for each in body.iter(etree.Element))

    @property
    def is_contents(self) -> bool:
        """Whether it contains only tables of contents."""
        return not words_of(body_of(self.root), but=_UNSEEN | {"nav"})


def read_page(path: str, data: bytes) -> tuple[Page | None, bool]:
    """The document (``None`` if it has no markup), and whether it is in the encoding it declares."""
    text, is_said = decoded(data)
    root = parsed_page(text)
    if root is None:
        return None, is_said
    types, classes = _outer(body_of(root))
    named = next((each for each in root.iter(etree.Element) if local_name(each) == "title"), None)
    page = Page(
        path=path,
        text=text.removeprefix("\ufeff").replace("\r\n", "\n"),
        root=root,
        title="" if named is None else single_spaced("".join(map(str, named.itertext()))),
        types=types,
        classes=classes,
        headings=tuple(filter(None, _headings(root))),
    )
    return page, is_said


def with_pieces(pages: Iterable[Page]) -> tuple[list[Page], dict[str, str]]:
    """The pages of a book made by chapbook, with divided chapters joined; and for each further piece its first page.

    A piece has its first page's name with a number, and its title.
    """
    whole: list[Page] = []
    first: dict[str, str] = {}
    for page in pages:
        before = whole[-1] if whole else None
        named, begins = _PIECE.fullmatch(page.path), _SECTION.search(page.text)
        if before and named and begins and f"{named[1]}.xhtml" == before.path and page.title == before.title:
            inside = page.text[begins.end() : page.text.rindex("</section>")]
            at = before.text.rindex("</section>")
            text = before.text[:at] + inside + before.text[at:]
            whole[-1] = replace(before, text=text, headings=(*before.headings, *page.headings))
            first[page.path] = before.path
        else:
            whole.append(page)
    return whole, first


def parsed_page(text: str) -> etree._Element | None:
    """The root of a document: read as XML or, if it isn't well-formed, as HTML, whose names have no namespaces."""
    root = parsed(text, strict=True)
    if root is not None or not text.strip():
        return root
    try:
        return etree.fromstring(DECLARATION.sub("", text), etree.HTMLParser(no_network=True, huge_tree=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def types_of(element: etree._Element) -> list[str]:
    """The terms of an element's ``epub:type``."""
    return (element.get(_EPUB_TYPE) or element.get("epub:type") or "").split()


def body_of(root: etree._Element) -> etree._Element:
    """The body of a document, or all of it."""
    return next((each for each in root.iter(etree.Element) if local_name(each) == "body"), root)


def _outer(body: etree._Element) -> tuple[frozenset[str], frozenset[str]]:
    """The types and classes of `body` and of sections in it that contain everything."""
    types, classes = set[str](), set[str]()
    at: etree._Element | None = body
    while at is not None:
        types |= set(types_of(at))
        classes |= set(at.get("class", "").split())
        inside = [each for each in at if isinstance(each.tag, str)]
        at = inside[0] if len(inside) == 1 and local_name(inside[0]) in {"section", "article", "div"} else None
    return frozenset(types), frozenset(classes)


def words_of(element: etree._Element, but: frozenset[str] = _UNSEEN) -> str:
    """The words that `element` shows, on one line, without those of the elements named in `but`."""
    parts = [element.text or ""]
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, each in walk:
        if each is element:
            continue
        if event == "start" and local_name(each) in but:
            walk.skip_subtree()
        elif event == "start":
            parts.append(each.text or "")
        else:
            parts.append(each.tail or "")
    return single_spaced("".join(parts))


def _headings(root: etree._Element) -> Iterator[str]:
    """The words of the headings, without those of nested headings."""
    walk = etree.iterwalk(root, events=("start",))
    for _, each in walk:
        if local_name(each) in _HEADINGS:
            walk.skip_subtree()
            yield words_of(each)


def compared(text: str) -> str:
    """The form in which a heading is compared with an entry of the contents."""
    return re.sub(r"\W+", "", text).casefold()


def with_volumes(metadata: Metadata, listing: Iterable[Page]) -> Metadata:
    """The metadata, with the titles of the series' volumes if chapbook's page `listing` them exists."""
    titles = tuple(words_of(each) for page in listing for each in page.root.iter("{*}cite"))
    return metadata.replace(series=metadata.series.replace(volumes=titles)) if metadata.series and titles else metadata
