"""What Python code can add to a book: plug-ins, code, files and metadata statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chapbook.building.inputs import WITHIN
from chapbook.building.own_code import CODE, Construct, OwnCodes, Pass, Shortcode, function
from chapbook.markup.page import Page
from chapbook.model.contents import Chapter, Part
from chapbook.model.diagnostics import ChapbookError, Diagnostic, FieldValueError
from chapbook.model.fields import CONTENT, Kind, checked, instance, list_of
from chapbook.model.names import readable
from chapbook.model.near import nearest
from chapbook.model.order import in_order
from chapbook.model.targets import TargetName
from chapbook.model.value import LIST, Several
from chapbook.packaging.publication import OwnMeta, OwnParts, Resource
from chapbook.packaging.xhtml import clean

if TYPE_CHECKING:
    from chapbook.model.notebook import Entry

__all__ = ["ADDITION_KINDS", "Additions"]


@dataclass(kw_only=True)
class Additions:
    """The part of `Book` with the attributes and methods for adding code, files and statements."""

    passes: Several[Pass | Callable[[Page], None]] = field(default_factory=LIST)
    """Functions that change the tree of each chapter, in order."""
    constructs: Several[Construct] = field(default_factory=LIST)
    """Syntax read in each chapter's text besides the dialect's, in order."""
    shortcodes: dict[str, Shortcode] = field(default_factory=dict)
    """By name; they take precedence over chapbook's own."""
    prefixes: dict[str, str] = field(default_factory=dict)
    """Prefixes for metadata names that EPUB doesn't reserve, with their vocabularies' addresses."""
    messages: dict[str, str] = field(default_factory=dict)
    """The warnings and notes that aren't reported: the code of each, and the reason."""
    target: TargetName = "generic"
    """The store or reading system that the book is built for: ``kindle``, ``kobo``, ``apple`` or ``google``."""
    extra: dict[str, object] = field(default_factory=dict)
    """Keys of book.yaml that chapbook doesn't know."""
    _statements: list[OwnMeta] = field(default_factory=list, init=False, repr=False)
    _items: dict[str, Resource] = field(default_factory=dict, init=False, repr=False)
    _added: dict[str, bytes] = field(default_factory=dict, repr=False, init=False)
    """The files given to `add_file`, by path."""
    _versions: dict[int, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Versions of plug-ins, by the id of the code that they added."""

    def use(self, plugin: str | Callable[[Any], None]) -> None:
        """Lets a plug-in change the book: a function that takes the book, or the name of an installed plug-in.

        Installed plug-ins are entry points of the group ``chapbook.plugins``; the cache depends on their versions.
        Raises ChapbookError (``plugin-missing``) if no plug-in of that name is installed.
        """
        code, version = _plugin(plugin) if isinstance(plugin, str) else (checked(CODE, "plugin", plugin), "")
        before = {id(each) for each in self._code()}
        code(self)
        self._versions.update({id(each): version for each in self._code() if id(each) not in before})

    def _repr_html_(self) -> str:
        """What a notebook shows: cover, title, authors and contents; as much as possible for a book with errors."""
        from chapbook.model.notebook import book_html  # noqa: PLC0415 - only a notebook asks

        book: Any = self
        try:
            image = book.check_cover().image
        except ChapbookError:  # the book's report has these errors
            image = None
        authors = (getattr(each, "name", each) for each in book.authors)
        return book_html(book.title, authors, image.data if image else b"", _entries(book.contents))

    def _code(self) -> list[object]:
        passes = (each.code if isinstance(each, Pass) else each for each in self.passes)
        return [*passes, *self.constructs, *self.shortcodes.values(), getattr(self, "dialect", "")]

    def meta(self, name: str, value: str, *, refines: str = "", language: str = "", scheme: str = "") -> str:
        """Adds a statement about the book to the package document (EPUB 3.3, section 5.5) and returns its id.

        `name` is a property (``schema:educationalUse``), with a prefix that is reserved by EPUB or defined in
        `prefixes`, or an element of Dublin Core (``dc:relation``). `refines` is the id from an earlier call, or
        ``title``, ``author``, ``series`` or ``identifier``. Raises FieldValueError for an invalid name or id.
        """
        prefix = name.partition(":")[0] if ":" in name else ""
        known = (*_RESERVED, *self.prefixes)
        if not _PROPERTY.fullmatch(name) or (prefix and prefix not in known) or not (prefix or refines):
            hint = f"prefixes that need no address: {', '.join(_RESERVED)}; others go into 'prefixes' first"
            raise _wrong(f"'{name}' is not the name of a property", hint)
        if not clean(value).strip():
            raise _wrong(f"'{name}' has no value", "give text")
        ids = {**_REFINED, **{each.id: each.id for each in self._statements}}
        if refines and refines not in ids:
            raise _wrong(f"nothing has the id '{refines}'", "give what another call of meta gave, or 'title'")
        made = OwnMeta(
            name=name,
            value=clean(value),
            id=f"own-{len(self._statements) + 1}",
            refines=ids.get(refines, ""),
            language=language,
            scheme=scheme,
        )
        self._statements.append(made)
        return made.id

    def add_item(self, path: str, content: object, media_type: str) -> None:
        """Adds a file that ships unchanged, under ``own/`` and its `path`, outside the reading order.

        `content` is bytes or a binary file open for reading. HTML, SVG, CSS and scripts are refused, because chapbook
        must check them; the message says how to add them.
        """
        name = checked(WITHIN, "path", path)
        if not _MEDIA_TYPE.fullmatch(media_type):
            raise _wrong(f"'{media_type}' is not a media type", "write it as 'application/json'")
        for part, way in _CHECKED.items():
            if part in media_type.lower():
                raise _wrong(f"'{path}' can't be added as it is: {media_type}", way)
        data = checked(CONTENT, f"the content of '{path}'", content)
        self._items[name] = Resource(name=f"own/{name}", media_type=media_type, data=data)

    def add_file(self, path: str, content: object) -> None:
        """Adds a picture, recording or font that chapters and style sheets can refer to by `path`, from the book's
        root.

        `path` has slashes (``maps/harbour.png``); `content` is bytes, a Pillow image, or a binary file open for
        reading. It replaces a file with that path in the content folder. Raises FieldValueError for a path that leads
        outside the book, and FieldTypeError for other content.
        """
        self._added[checked(WITHIN, "path", path)] = checked(CONTENT, f"the content of '{path}'", content)

    def own_codes(self, dialects: Mapping[str, Callable[[str], str]]) -> OwnCodes:
        """The code that was added, including the `dialects` that chapters use."""
        return OwnCodes(
            passes=tuple(each if isinstance(each, Pass) else Pass(code=each) for each in self.passes),
            constructs=tuple(self.constructs),
            shortcodes=self.shortcodes,
            dialects=dialects,
            versions=self._versions,
        )

    def own_parts(self) -> OwnParts:
        """The statements and files added with `meta` and `add_item`."""
        prefixes = tuple((name, address) for name, address in self.prefixes.items() if name not in _RESERVED)
        used = {each.name.partition(":")[0] for each in self._statements}
        return OwnParts(
            statements=tuple(self._statements),
            prefixes=tuple(each for each in prefixes if each[0] in used),
            resources=tuple(self._items[name] for name in sorted(self._items)),
        )


_RESERVED = ("a11y", "dc", "dcterms", "marc", "media", "onix", "rendition", "schema", "xsd")
"""Prefixes that EPUB 3.3 reserves (appendix D.1.4), and Dublin Core's elements."""
_PROPERTY = re.compile(r"(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*", re.ASCII)
_REFINED = {"title": "title-1", "author": "creator-1", "series": "series", "identifier": "pub-id"}
_MEDIA_TYPE = re.compile(r"[a-z]+/[\w.+-]+(?:; ?[\w-]+=[\w.\"-]+)?", re.ASCII | re.IGNORECASE)
_CHECKED = {
    "html": "add it as a chapter: Chapter(text=..., dialect='html')",
    "svg": "use add_file, and show it in a chapter",
    "css": "append it to 'css'",
    "script": "books can't hold scripts",
}


_HEADING = re.compile(r"^# +(\S.*?)[ #]*$", re.MULTILINE)


def _entries(items: Iterable[object]) -> tuple[Entry, ...]:
    """The table of contents for a notebook, made before anything is rendered."""
    from chapbook.model.notebook import Entry  # noqa: PLC0415 - as above

    made = []
    for item in in_order(each for each in items if isinstance(each, Chapter | Part)):
        chapter, below = (item.opening, item.contents) if isinstance(item, Part) else (item, ())
        found = _HEADING.search(chapter.text)
        title = chapter.contents_title or chapter.title or (found[1] if found else readable(chapter.path)) or "…"
        made.append(Entry(f"{chapter.heading}: {title}" if chapter.heading else title, _entries(below)))
    return tuple(made)


def _plugin(name: str) -> tuple[Callable[[Any], None], str]:
    """The installed plug-in of that name, and its version (empty if its package has none)."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - most books use none, and it is slow

    found = entry_points(group="chapbook.plugins")
    for each in found:
        if each.name == name:
            has_version = each.dist is not None and "Version" in each.dist.metadata
            return each.load(), f"{each.dist.name} {each.dist.version}" if each.dist and has_version else ""
    near = nearest(name, [each.name for each in found])
    listed = ", ".join(sorted({f"'{each.name}'" for each in found}))
    hint = (
        f"did you mean '{near}'?"
        if near
        else f"installed are {listed}"
        if listed
        else "install the package that has it"
    )
    raise ChapbookError(Diagnostic.of("plugin-missing", f"no plug-in is called '{name}'", hint=hint))


def _named_code(value: object) -> object:
    if isinstance(value, Mapping) and all(isinstance(name, str) and callable(code) for name, code in value.items()):
        return value
    raise TypeError


def _is_construct(value: object) -> object:
    if isinstance(value, Construct):
        return value
    raise TypeError


_NAMED = Kind(takes="a mapping of names to functions", check=_named_code)
ADDITION_KINDS: Mapping[str, Kind] = {
    "passes": list_of(Kind(takes="", check=lambda value: value if isinstance(value, Pass) else function(value)),
                      takes="a function, a Pass, or a list of these"),
    "constructs": list_of(Kind(takes="", check=_is_construct),
                          takes="a Construct, or a list of these"),
    "shortcodes": _NAMED,
    "prefixes": instance(dict, takes="a mapping of prefixes to addresses"),
    "extra": instance(dict, takes="a mapping"),
}  # fmt: skip


def _wrong(message: str, hint: str) -> FieldValueError:
    return FieldValueError(Diagnostic.of("value-invalid", message, hint=hint))
