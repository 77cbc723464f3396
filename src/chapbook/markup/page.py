"""The values that rendering takes and gives, and the page that the passes work on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from lxml import etree
from msgspec import Struct, field

from chapbook.model.contents import Chapter
from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.metadata import Direction, text_direction
from chapbook.model.settings import ExtensionSpec

if TYPE_CHECKING:
    from chapbook.source.positions import Locator

__all__ = ["ContentDocument", "Fault", "Heading", "ImageUse", "Known", "LinkUse", "Marked", "Page", "RenderSettings"]


class RenderSettings(Struct, frozen=True, kw_only=True):
    """What a chapter's document depends on besides the chapter: all of it goes into the cache's key."""

    dialect: str = "markdown"
    extensions: tuple[ExtensionSpec, ...] = ()
    syntax: tuple[str, ...] = ()
    """The tools whose syntax is read beside the dialect's own."""
    smart: bool = True
    language: str = "en"
    """The book's; a chapter's own goes before it."""
    book_title: str = ""
    accent: str = ""
    stylesheets: tuple[str, ...] = ()
    """The publication's names of the sheets that every document links (``styles/theme.css``), in order."""
    level: int = 1
    """The heading level of the chapter's title: 1, and one more for each part above it; 6 at the most."""
    kind: Literal["chapter", "part"] = "chapter"
    render_seconds: float = 20.0
    piece_mark: str = ""
    """Stands in the names of a divided chapter's further documents where others would be called the same."""
    definitions: str = ""
    """Notes, references and abbreviations that other chapters of the file define and this one uses."""
    addresses: tuple[str, ...] = ()
    """Where on the web the project's site and its repository are: links to their pages are links into the book."""
    root: str = ""
    """The folder in the content folder from which an address that begins with a slash counts: a volume's, where
    several are joined in one book."""
    target: str = "generic"
    """The store or reading system that the book is for (model/targets.py)."""


Fault = tuple[str, str, str]
"""The code, message and hint of a link or picture that is not to be had."""


class Known(Struct, frozen=True, kw_only=True):
    """What a first rendering could not know of the rest of the book; empty then.

    A link or picture that is not here is taken by rule: the document or image name of its source path.
    """

    links: Mapping[str, str] = field(default_factory=dict)
    """By the link's target as the author wrote it: the real ``document#fragment`` relative to the
    publication's root."""
    words: Mapping[str, str] = field(default_factory=dict)
    """By the link's target as written: what stands for its text, of a reference by number."""
    images: Mapping[str, str] = field(default_factory=dict)
    """By the picture's path in the content folder: its real name in the publication (``images/a.jpg``)."""
    looks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the picture's path in the content folder: the classes of what it looks like (model/looks.py)."""
    dead: Mapping[str, Fault] = field(default_factory=dict)
    """By the target as written: what is wrong with a link that leads nowhere. Every such link is
    reported where it stands; its text stays and the link goes."""
    missing_images: Mapping[str, Fault] = field(default_factory=dict)
    """By the target as written: what is wrong with a picture. Each use is
    reported where it stands; its alternative text stays."""


class LinkUse(Struct, frozen=True, kw_only=True):
    """A link from a content document into the book."""

    written: str
    """The target as the author wrote it (``../two/b.md#c``)."""
    source: str
    """The Markdown source path it means by rule (``two/b.md``); ``""`` for a place in the chapter itself.
    One that climbs out of the content folder starts with ``../``."""
    fragment: str
    """Decoded, without ``#``; empty for the whole document."""
    others: tuple[str, ...] = ()
    """Further paths that it may mean, the likeliest first: the site's form ``/two/`` is ``two.md``, else
    ``two/_index.md`` and so on. Where one of these is the right one, the link has to be known."""
    by_name: bool = False
    """Whether it may mean a file of that name in any folder, and a heading by its words: ``ref:harbour``."""
    anywhere: bool = False
    """Whether it means the place of that name in whichever chapter has it."""
    on_web: bool = False
    """Whether it was written as an address on the web, which it stays where none of these files is of the book."""


class ImageUse(Struct, frozen=True, kw_only=True):
    """A picture (or packed sound or film) that a content document shows."""

    written: str
    candidates: tuple[str, ...]
    """Paths in the content folder where it may lie, the likeliest first: beside the chapter, under the
    root, under ``static/``. The first is the one that the document's reference was made from by rule."""
    alt: Literal["text", "decorative", "missing"] = "text"
    kind: Literal["image", "audio", "video"] = "image"
    by_name: bool = False
    """Whether a file of that name in any folder will do."""


class Heading(Struct, frozen=True, kw_only=True):
    """A heading below the chapter's title, for the table of contents."""

    level: int
    """1 for the first level below the title, 2 below that, whatever the element is."""
    text: str
    id: str


class Marked(Struct, frozen=True, kw_only=True):
    """What of accessibility's concern is marked up in a document."""

    headings: int = 0
    """All of them, the title included."""
    tables: int = 0
    formulas: int = 0
    languages: tuple[str, ...] = ()
    """The BCP 47 tags of the document and its passages, as they are written, each once."""


class ContentDocument(Struct, frozen=True, kw_only=True):
    """A chapter or part opening as it goes into the publication. Plain values: any process may make it."""

    name: str
    """In the publication: ``text/one/arrival.xhtml``."""
    source: str
    """The chapter's path in the content folder; empty for one made in Python."""
    packed: Deflated
    """UTF-8 XHTML, checked well-formed, compressed where it was made."""
    title: str
    """The chapter's title in plain text, never empty."""
    label: str = ""
    """The plain text of its ``heading``, which stands before the title in the table of contents."""
    contents_title: str = ""
    """As `Chapter` has it."""
    type: str = "chapter"
    properties: tuple[str, ...] = ()
    """The manifest's: ``mathml``, ``svg``, sorted."""
    headings: tuple[Heading, ...] = ()
    ids: frozenset[str] = frozenset()
    links: tuple[LinkUse, ...] = ()
    images: tuple[ImageUse, ...] = ()
    undescribed_drawings: int = 0
    """Inline SVG without a title or words, which no ImageUse stands for."""
    accent: str = ""
    """The chapter's accent as ``#rrggbb``; empty for none or a wrong one."""
    words: int = 0
    reading_seconds: int = 0
    """How long it takes to read: see `reading_seconds` in rendering/document.py."""
    marked: Marked = Marked()
    described_math: bool = False
    """Whether there is mathematics and all of it has ``alttext``."""
    diagnostics: tuple[Diagnostic, ...] = ()
    embedded: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures in ``data:`` addresses, by what stands for their paths in `images`."""
    changes: Mapping[str, int] = field(default_factory=dict)
    """How often a pass for the target changed something, by the name that model/targets.py has for it."""
    numbered: Mapping[str, str] = field(default_factory=dict)
    """What a reference calls a place of the chapter, by its id: ``Figure 2``."""
    divided: Mapping[str, str] = field(default_factory=dict)
    """Of a chapter too long for one document: which of its further documents an id is in, by the id."""
    following: tuple[ContentDocument, ...] = ()
    """Those documents, in order, with their bytes and properties alone."""

    @property
    def data(self) -> bytes:
        """The XHTML; of a divided chapter that of the first document."""
        return self.packed.content()

    def place_of(self, id_: str) -> str:
        """The name of the document in which that id is."""
        other = self.divided.get(id_)
        return f"{self.name.rpartition('/')[0]}/{other}" if other else self.name


class Page(Struct, kw_only=True):
    """One chapter while it is rendered: the tree, and what the passes note of it.

    `body` is a ``<section>`` without namespace that holds the chapter's text; SVG and MathML elements in
    it are in their own namespaces. A pass changes the tree in place and appends to the lists.
    """

    chapter: Chapter
    settings: RenderSettings
    known: Known
    name: str
    body: etree._Element
    locator: Locator
    title: str = ""
    label: str = ""
    heading: etree._Element | None = None
    """The heading that says the title, where it stays in its place: in a chapter of HTML."""
    headings: list[Heading] = field(default_factory=list)
    listed: list[tuple[int, etree._Element]] = field(default_factory=list)
    """The elements of the headings for the table of contents, with their levels, until all passes are done."""
    links: list[LinkUse] = field(default_factory=list)
    images: list[ImageUse] = field(default_factory=list)
    undescribed_drawings: int = 0
    diagnostics: list[Diagnostic] = field(default_factory=list)
    embedded: dict[str, bytes] = field(default_factory=dict)
    """As `ContentDocument` has it."""
    divided: dict[str, str] = field(default_factory=dict)
    """As `ContentDocument` has it."""
    changes: dict[str, int] = field(default_factory=dict)
    """As `ContentDocument` has it."""
    numbered: dict[str, str] = field(default_factory=dict)
    """As `ContentDocument` has it."""

    @property
    def language(self) -> str:
        return self.chapter.language or self.settings.language

    @property
    def direction(self) -> Direction:
        """Of the text."""
        return text_direction(self.language)

    def warn(self, message: str, *, hint: str | None = None, at: Position | None = None) -> None:
        """Notes a warning of code that isn't chapbook's own (``extension-said``)."""
        self.report("extension-said", message, at=at, hint=hint)

    def report(self, code: str, message: str, *, at: Position | None = None, hint: str | None = None) -> None:
        """Notes a diagnostic of this chapter's file."""
        self.diagnostics.append(Diagnostic.of(code, message, path=self.chapter.path or None, at=at, hint=hint))
