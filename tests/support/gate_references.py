"""Whether a book refers to anything outside itself, but in links that the reader follows.

It shares no code with chapbook: XML is read by Expat, CSS by a tokenizer of the tests' own, addresses as a browser
reads them (URL Standard, section 4.4).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from urllib.parse import unquote
from xml.parsers import expat

from support.css_addresses import css_addresses
from support.opened import Opened

__all__ = ["check_references", "outside_references"]

_XHTML = "http://www.w3.org/1999/xhtml"
_SVG = "http://www.w3.org/2000/svg"
_READ = frozenset(
    {
        "",
        _XHTML,
        _SVG,
        "http://www.w3.org/1998/Math/MathML",
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/XML/1998/namespace",
    }
)
"""Namespaces of attributes that a reading system acts on. Others are notes of drawing programs and libraries."""
_WORDS = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "abbr alt alttext arcrole class content datetime id label lang requiredExtensions requiredFeatures role "
        "summary title"
    ).split()
)
"""Attributes of words, and of addresses that are names."""
_REFERENCES = frozenset({"href", "src", "poster", "data", "action", "formaction", "background", "cite", "longdesc"})
_CLICKED = re.compile(r"(?:https?|mailto|tel|sms|urn|doi|geo|xmpp|irc|ircs|ftp|news|magnet|isbn):", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif)(?:;[a-z0-9=-]+)*(?:;base64)?,", re.IGNORECASE)
_ANYWHERE = re.compile(
    r"(?:^|[\s,;])(?:https?|ftp|file|javascript|vbscript|blob|data|filesystem|wss?|about|jar|chrome):|^\s*[/\\]{2}",
    re.IGNORECASE,
)
_OF_NOTE = re.compile(r"[(\\:/]")
_DOCUMENT_TYPES = frozenset(
    {
        (None, None),
        ("-//W3C//DTD SVG 1.1//EN", "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"),
        ("-//NISO//DTD ncx 2005-1//EN", "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd"),
    }
)
"""Those that EPUB 3.3, section 3.9, names: readers have them by name."""
_XML = frozenset({"xhtml", "html", "opf", "ncx", "svg", "xml"})


def check_references(book: Opened) -> Iterator[str]:
    """What in the book refers to something that isn't in it, or runs."""
    yield from outside_references(book.files)


def outside_references(files: Mapping[str, bytes]) -> Iterator[str]:
    """The same for the files of a book, by name."""
    for name, content in files.items():
        for what, reference in _references(name.rpartition(".")[2], content):
            if (problem := _problem(name, what, reference, files)) is not None:
                yield f"{name}: {what} refers to '{reference[:100]}': {problem}"


def _problem(name: str, what: str, reference: str, files: Collection[str]) -> str | None:
    """What is wrong with a reference in the file `name`; ``None`` where nothing is."""
    plain = re.sub(r"[\t\n\r]", "", reference).strip("".join(map(chr, range(33)))).replace("\\", "/")
    if what == "a link that is clicked":
        if _CLICKED.match(plain):
            return None
    elif _PICTURE.match(plain):
        return None if name.endswith((".css", ".svg")) else "a picture in an address"
    if plain.endswith("("):
        return "it runs, or what it loads can't be seen"
    if _SCHEME.match(plain) or plain.startswith("/"):
        return "it is outside the book"
    path = unquote(re.split(r"[?#]", plain)[0])
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    return None if target in files else "it isn't in the book"


def _references(suffix: str, content: bytes, known: dict[bytes, list[tuple[str, str]]] = {}) -> list[tuple[str, str]]:  # noqa: B006 - a memo
    """What refers, in words, and to what. The same sheets are in many books of the tests: `known` has them."""
    if suffix == "css":
        digest = sha256(content).digest()
        if digest not in known:
            known[digest] = [("CSS", each) for each in css_addresses(content.decode("utf-8-sig", "replace"))]
        return known[digest]
    return _Scan(content).found if suffix in _XML else []


class _Scan:
    """All references of one XML file."""

    def __init__(self, content: bytes) -> None:
        self.found: list[tuple[str, str]] = []
        self._sheet: list[str] | None = None
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartDoctypeDeclHandler = self._document_type
        parser.EntityDeclHandler = lambda *declared: self.found.append(("an entity", f"{declared[0]}("))
        parser.Parse(content, True)  # noqa: FBT003 - Expat takes it by place

    def _instruction(self, target: str, data: str) -> None:
        if target == "xml-stylesheet":
            self.found.append((f"<?{target}?>", f"{data}("))

    def _document_type(self, _name: str, system: str | None, public: str | None, subset: int) -> None:
        if (public, system) not in _DOCUMENT_TYPES or subset:
            self.found.append(("the document type", f"{system}"))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition("}")
        if name == "style" and self._sheet is None:
            self._sheet = []
        for attribute, value in attributes.items():
            space, _, local = attribute.rpartition("}")
            if space in _READ:
                self._attribute(namespace, name, local, value, attributes)

    def _attribute(self, namespace: str, element: str, name: str, value: str, beside: Mapping[str, str]) -> None:
        what = f"{name} of <{element}>"
        if name.lower().startswith("on") or name == "base" or (name == "content" and "http-equiv" in beside):
            self.found.append((what, f"{value}("))
        elif name in _WORDS or name.startswith(("aria-", "data-")) or _is_a_name(element, name, beside):
            return
        elif name in _REFERENCES:
            clicked = element == "a" and name == "href" and namespace in {_XHTML, _SVG}
            self.found.append(("a link that is clicked" if clicked else what, value))
        elif name in {"srcset", "ping", "imagesrcset"}:
            self.found += [(what, each.split()[0]) for each in value.split(",") if each.strip()]
        elif _OF_NOTE.search(value):
            addresses = list(css_addresses(value))
            self.found += [(what, each) for each in addresses]
            if name != "style" and "(" not in value and _ANYWHERE.search(value):
                self.found.append((what, value))

    def _text(self, text: str) -> None:
        if self._sheet is not None:
            self._sheet.append(text)

    def _end(self, tag: str) -> None:
        if self._sheet is not None and tag.rpartition("}")[2] == "style":
            self.found += [("<style>", each) for each in css_addresses("".join(self._sheet))]
            self._sheet = None


def _is_a_name(element: str, attribute: str, beside: Mapping[str, str]) -> bool:
    """Whether an address is the name of a vocabulary or of a standard, which nobody opens."""
    if element == "package":
        return attribute in {"prefix", "unique-identifier"}
    # In a package document the link of a property with a prefix is a statement, not a resource.
    return element == "link" and ":" in beside.get("rel", "")
