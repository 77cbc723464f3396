"""The input and output of rendering, and the page that the passes work on."""

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
    """What a chapter's document depends on besides the chapter; all of it is part of the cache key."""

    dialect: str = "markdown"
    extensions: tuple[ExtensionSpec, ...] = ()
    syntax: tuple[str, ...] = ()
    """The tools whose syntax is read beside the dialect's own."""
    smart: bool = True
    language: str = "en"
    """The book's language; a chapter's own takes precedence."""
    book_title: str = ""
    accent: str = ""
    stylesheets: tuple[str, ...] = ()
    """The publication's names of the sheets that every document links (``styles/theme.css``), in order."""
    level: int = 1
    """The heading level of the chapter's title: 1, plus one for each part above it; at most 6."""
    kind: Literal["chapter", "part"] = "chapter"
    render_seconds: float = 20.0
    piece_mark: str = ""
    """Part of the names of a divided chapter's further documents if they would clash with others."""
    definitions: str = ""
    """Notes, references and abbreviations that other chapters of the file define and this one uses."""
    addresses: tuple[str, ...] = ()
    """The web addresses of the project's site and repository: links to their pages are links into the book."""
    root: str = ""
    """The folder that addresses with a leading slash start from: a volume's folder in an omnibus."""
    target: str = "generic"
    """The store or reading system that the book is for (model/targets.py)."""


Fault = tuple[str, str, str]
"""The code, message and hint for a link or picture that doesn't work."""


class Known(Struct, frozen=True, kw_only=True):
    """What rendering must know about the rest of the book; empty in the first pass.

    For a link or picture not listed here, the rule applies: the document or image name of its source path.
    """

    links: Mapping[str, str] = field(default_factory=dict)
    """By the target as written: the real ``document#fragment``, relative to the publication's root."""
    words: Mapping[str, str] = field(default_factory=dict)
    """By the target as written: the text of a reference by number."""
    images: Mapping[str, str] = field(default_factory=dict)
    """By the path in the content folder: the picture's real name in the publication (``images/a.jpg``)."""
    looks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the path in the content folder: the classes for the picture's look (see model/marks.py)."""
    dead: Mapping[str, Fault] = field(default_factory=dict)
    """By the target as written: what is wrong with a dead link. Each such link is reported; its text stays."""
    missing_images: Mapping[str, Fault] = field(default_factory=dict)
    """By the target as written: what is wrong with a picture. Each use is reported; its alternative text stays."""


class LinkUse(Struct, frozen=True, kw_only=True):
    """A link from a content document into the book."""

    written: str
    """The target as the author wrote it (``../two/b.md#c``)."""
    source: str
    """The Markdown path it means by rule (``two/b.md``); ``""`` for a place in the chapter itself. Starts with ``../``
    if it leaves the content folder.
    """
    fragment: str
    """Decoded, without ``#``; empty for the whole document."""
    others: tuple[str, ...] = ()
    """Other paths it may mean, likeliest first: the site address ``/two/`` is ``two.md``, or ``two/_index.md`` and so
    on. If one of these is right, `Known` must say so.
    """
    by_name: bool = False
    """Whether it may mean a file of that name in any folder, and a heading by its words: ``ref:harbour``."""
    anywhere: bool = False
    """Whether it means an id in any chapter."""
    on_web: bool = False
    """Whether it was written as a web address; it stays one if none of these files is in the book."""


class ImageUse(Struct, frozen=True, kw_only=True):
    """A picture (or embedded sound or film) that a content document shows."""

    written: str
    candidates: tuple[str, ...]
    """Paths in the content folder where it may be, likeliest first: beside the chapter, under the root, under
    ``static/``. The document's reference was made from the first.
    """
    alt: Literal["text", "decorative", "missing"] = "text"
    kind: Literal["image", "audio", "video"] = "image"
    by_name: bool = False
    """Whether a file of that name in any folder is fine."""


class Heading(Struct, frozen=True, kw_only=True):
    """A heading below the chapter's title, for the table of contents."""

    level: int
    """1 for the first level below the title, 2 below that, whatever the element."""
    text: str
    id: str


class Marked(Struct, frozen=True, kw_only=True):
    """What a document's markup has that concerns accessibility."""

    headings: int = 0
    """All of them, the title included."""
    tables: int = 0
    formulas: int = 0
    languages: tuple[str, ...] = ()
    """The BCP 47 tags of the document and its passages, as they are written, each once."""


class ContentDocument(Struct, frozen=True, kw_only=True):
    """A chapter or part opening as it goes into the publication. Plain values, so any process can make it."""

    name: str
    """In the publication: ``text/one/arrival.xhtml``."""
    source: str
    """The chapter's path in the content folder; empty for a chapter made in Python."""
    packed: Deflated
    """UTF-8 XHTML, checked well-formed, compressed where it was made."""
    title: str
    """The chapter's title in plain text, never empty."""
    label: str = ""
    """The plain text of its ``heading``, which comes before the title in the table of contents."""
    contents_title: str = ""
    """See `Chapter`."""
    type: str = "chapter"
    properties: tuple[str, ...] = ()
    """The manifest's: ``mathml``, ``svg``, sorted."""
    headings: tuple[Heading, ...] = ()
    ids: frozenset[str] = frozenset()
    links: tuple[LinkUse, ...] = ()
    images: tuple[ImageUse, ...] = ()
    undescribed_drawings: int = 0
    """Inline SVG without a title or words; these have no ImageUse."""
    accent: str = ""
    """The chapter's accent as ``#rrggbb``; empty for none or a wrong one."""
    words: int = 0
    reading_seconds: int = 0
    """How long it takes to read: see `words_and_seconds` in model/reading_speed.py."""
    marked: Marked = Marked()
    described_math: bool = False
    """Whether there are formulas and all have ``alttext``."""
    diagnostics: tuple[Diagnostic, ...] = ()
    embedded: Mapping[str, bytes] = field(default_factory=dict)
    """Pictures from ``data:`` addresses, by their made-up paths in `images`."""
    changes: Mapping[str, int] = field(default_factory=dict)
    """How often a pass for the target changed something, by the name that model/targets.py has for it."""
    numbered: Mapping[str, str] = field(default_factory=dict)
    """The name that references use for a place in the chapter, by its id: ``Figure 2``."""
    divided: Mapping[str, str] = field(default_factory=dict)
    """For a divided chapter: which further document an id is in."""
    following: tuple[ContentDocument, ...] = ()
    """Those documents in order, with only their bytes and properties."""

    @property
    def data(self) -> bytes:
        """The XHTML; for a divided chapter, that of its first document."""
        return self.packed.content()

    def place_of(self, id_: str) -> str:
        """The name of the document that has that id."""
        other = self.divided.get(id_)
        return f"{self.name.rpartition('/')[0]}/{other}" if other else self.name


class Page(Struct, kw_only=True):
    """One chapter while it is rendered: its tree, and what the passes collect.

    `body` is a ``<section>`` without namespace that contains the chapter's text; SVG and MathML elements in it have
    their own namespaces. A pass changes the tree in place and appends to the lists.
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
    """The heading with the title, if it stays in its place (in a chapter of HTML)."""
    headings: list[Heading] = field(default_factory=list)
    listed: list[tuple[int, etree._Element]] = field(default_factory=list)
    """The elements of the headings for the table of contents, with their levels, until all passes are done."""
    links: list[LinkUse] = field(default_factory=list)
    images: list[ImageUse] = field(default_factory=list)
    undescribed_drawings: int = 0
    diagnostics: list[Diagnostic] = field(default_factory=list)
    embedded: dict[str, bytes] = field(default_factory=dict)
    """See `ContentDocument`."""
    divided: dict[str, str] = field(default_factory=dict)
    """See `ContentDocument`."""
    changes: dict[str, int] = field(default_factory=dict)
    """As `ContentDocument` has it."""
    numbered: dict[str, str] = field(default_factory=dict)
    """See `ContentDocument`."""

    @property
    def language(self) -> str:
        return self.chapter.language or self.settings.language

    @property
    def direction(self) -> Direction:
        """The direction of the text."""
        return text_direction(self.language)

    def warn(self, message: str, *, hint: str | None = None, at: Position | None = None) -> None:
        """Adds a warning from code that isn't chapbook's own (``extension-said``)."""
        self.report("extension-said", message, at=at, hint=hint)

    def report(self, code: str, message: str, *, at: Position | None = None, hint: str | None = None) -> None:
        """Adds a diagnostic for this chapter's file."""
        self.diagnostics.append(Diagnostic.of(code, message, path=self.chapter.path or None, at=at, hint=hint))
