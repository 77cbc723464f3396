"""Reads an EPUB as a book: each document of its spine becomes a chapter of HTML, with its files in memory."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from os import PathLike
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree
from msgspec.structs import replace

from chapbook.keys.languages import parse_language
from chapbook.model.contents import CHAPTER_TYPES, Chapter
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.hooks import HOOKS
from chapbook.model.names import readable
from chapbook.model.settings import ContentFile, Settings
from chapbook.reading.content_folder import MOST_TEXT_BYTES
from chapbook.reading.epub_archive import EpubFiles, decoded, local_name, open_archive, parsed
from chapbook.reading.epub_contents import (
    Entry,
    arranged,
    every_entry,
    levels_within,
    nav_entries,
    nav_targets,
    ncx_entries,
)
from chapbook.reading.epub_package import Item, Package, read_package
from chapbook.reading.epub_pages import (
    PICTURES,
    XML_LANG,
    Page,
    compared,
    parsed_page,
    read_page,
    with_pieces,
    with_volumes,
)
from chapbook.reading.folder import FolderContents
from chapbook.reading.walk import shown

__all__ = ["read_epub"]

_SHEET = re.compile(r"""<\?xml-stylesheet[^>]{0,300}?href\s*=\s*["']([^"']{1,1000})["']""")
_ACCENT = re.compile(r"accent-([0-9a-f]{6})")
_MADE = {"titlepage": "title-page", "copyright-page": "copyright-page made", "backmatter": "series-page"}
"""The types and classes of pages that chapbook makes from the metadata, and makes again."""
_OWN_SHEETS = frozenset({"styles/theme.css", "styles/accents.css", "styles/modern.css"})
_BOOK_ACCENT = re.compile(r"^/\* Accents .* The book's own is (#[0-9a-f]{6})\. \*/")
_THEME = re.compile(r"^/\* (\w+)(?:: a paragraph is a stanza)? \*/", re.MULTILINE)
"""How a theme's sheet begins, after the shared sheet, which mentions verse too."""
_MISSED = "open the old book to see what it was; the rest of the book is there"
_GUIDE = {"acknowledgements": "acknowledgments", "title-page": "titlepage"}
_NOT_TAKEN = frozenset({"application/smil+xml", "application/pdf", "text/javascript", "application/javascript"})


def read_epub(source: str | PathLike[str] | BinaryIO) -> FolderContents:
    """The book in the EPUB `source`, a path or a binary file object.

    Raises ChapbookError like `open_archive`; other problems are in the diagnostics, with paths in the EPUB.
    """
    archive = open_archive(source)
    said = list(archive.diagnostics)
    package = read_package(archive, said)
    return _Epub(package, archive.contents, archive.package, said).book(archive.source)


class _Epub:
    """The state while one EPUB becomes a book."""

    def __init__(self, package: Package, contents: Mapping[str, bytes], place: str, said: list[Diagnostic]) -> None:
        self._package = package
        self._place = place
        self._said = said
        folder = posixpath.dirname(place)
        paths = [each.path for each in package.items.values()]
        self._root = f"{folder}/" if folder and all(each.startswith(f"{folder}/") for each in paths) else ""
        self._files = {
            path.removeprefix(self._root): data for path, data in contents.items() if path.startswith(self._root)
        }
        self._folded = {path.casefold(): path for path in self._files}

    def book(self, source: str) -> FolderContents:
        """The whole book."""
        entries, targets, nav = self._contents()
        pages = [page for item in self._package.spine if (page := self._page(item)) is not None]
        kinds = {page.path: self._kind(page, targets, nav) for page in pages}
        kept = [page for page in pages if not kinds[page.path]]
        self._say_made([path for path, kind in kinds.items() if kind])
        own = not _MADE.keys().isdisjoint(kinds.values())
        kept, pieces = with_pieces(kept) if own else (kept, {})
        theme = self._theme() if own else ""
        sheets = self._sheets(kept, own=bool(theme))
        lines: dict[str, list[Entry]] = {}
        for each in every_entry(entries):
            each.path = pieces.get(each.path, each.path)
            lines.setdefault(each.path, []).append(each)
        chapters = [self._chapter(page, lines, targets) for page in kept]
        if pieces:  # links to pieces lead to the whole chapter
            names = [tuple(each for each, whole in pieces.items() if whole == chapter.path) for chapter in chapters]
            chapters = [replace(each, aliases=aliases) for each, aliases in zip(chapters, names, strict=True)]
        self._say_unlisted(kept, lines)
        self._say_not_taken()
        if not chapters:
            message = "the spine has no document that chapbook can read"
            self._say("no-chapters", message, "", "see the messages about its documents")
        return FolderContents(
            metadata=with_volumes(self._package.metadata, (page for page in pages if kinds[page.path] == "backmatter")),
            settings=self._settings(sheets, self._cover(pages, kinds), entries, theme),
            items=arranged(chapters, entries),
            files=EpubFiles({path: data for path, data in self._files.items() if path not in kinds}),
            source=source,
            made={path: kind for path, kind in (*kinds.items(), (nav, "nav")) if path and kind},
            diagnostics=tuple(self._said),
        )

    def _settings(self, sheets: Iterable[str], cover: str, entries: Sequence[Entry], theme: str) -> Settings:
        """How to make the book: like the old one; `theme` is chapbook's theme that it used, if any."""
        return Settings(
            theme=theme or "minimal",
            accent=self._accent() if theme else "",
            css=tuple(map(ContentFile, sheets)),
            cover=ContentFile(cover) if cover else None,
            toc_depth=min(3, 1 + (levels_within(entries) if entries else 1)),
            source="",
        )

    def _say(self, code: str, message: str, path: str, hint: str | None = None) -> None:
        self._said.append(Diagnostic.of(code, message, path=shown(path), hint=hint))

    def _inner(self, path: str) -> str:
        """A path of the archive in the form that chapters use."""
        return path.removeprefix(self._root)

    def _find(self, href: str, base: str) -> str:
        """The file that a reference in the file `base` means; empty if there is none."""
        for each in (unquote(href), href):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(base), each.replace("\\", "/"))).lstrip("/")
            if path in self._files:
                return path
        return self._folded.get(path.casefold(), "")

    def _contents(self) -> tuple[list[Entry], Mapping[str, frozenset[str]], str]:
        """The table of contents, the landmark and guide types of each document, and the navigation document's path."""
        nav, ncx = self._inner(self._package.nav), self._inner(self._package.ncx)
        place = self._inner(self._place)
        targets = [
            (_GUIDE.get(kind, kind), self._find(href.partition("#")[0], place)) for kind, href in self._package.guide
        ]
        entries: list[Entry] = []
        root = parsed_page(decoded(self._files[nav])[0]) if nav else None
        if root is not None:
            entries = nav_entries(root, lambda href: self._find(href, nav))
            targets = [(kind, self._find(href.partition("#")[0], nav)) for kind, href in nav_targets(root)] + targets
        if not entries and ncx in self._files:
            root = parsed(self._files[ncx])
            entries = [] if root is None else ncx_entries(root, lambda href: self._find(href, ncx))
        if not entries:
            message = "there is no table of contents, so chapbook makes one from the headings"
            self._say("epub-mended", message, nav or ncx, "give the chapters the titles that they should have")
        types: dict[str, frozenset[str]] = {}
        for kind, path in targets:
            types[path] = types.get(path, frozenset()) | {kind}
        return entries, types, nav

    def _page(self, item: Item) -> Page | None:
        """The document; ``None`` if it can't be read, which is reported."""
        path = self._inner(item.path)
        data = self._files[path]
        if item.media_type.startswith(("image/", "audio/", "video/")) or len(data) > MOST_TEXT_BYTES:
            message = f"chapbook leaves out '{shown(path)}': it isn't an XHTML document, or it is too long"
            self._say("epub-unread", message, path, _MISSED)
            return None
        page, is_said = read_page(path, data)
        if not is_said:
            message = f"'{shown(path)}' isn't in the encoding that it says, so some characters may be wrong"
            self._say("epub-mended", message, path, "compare its letters with the old book's")
        if page is None:
            self._say("epub-unread", f"chapbook leaves out '{shown(path)}': it has no markup", path, _MISSED)
        return page

    def _kind(self, page: Page, targets: Mapping[str, frozenset[str]], nav: str) -> str:
        """Whether chapbook generates such a page itself: ``cover``, ``nav`` or one of `_MADE`; empty for a chapter."""
        types = page.types | targets.get(page.path, frozenset())
        for kind, classes in _MADE.items():
            if kind in page.types and set(classes.split()) <= page.classes:
                return kind
        if page.path == nav and page.is_contents:
            return "nav"
        cover = self._inner(self._package.cover)
        shows_cover = bool(cover) and cover in self._pictures(page)
        return "cover" if page.is_picture and ("cover" in types or shows_cover) else ""

    def _pictures(self, page: Page) -> Iterator[str]:
        for each in page.root.iter(etree.Element):
            if local_name(each) in PICTURES:
                for name, value in each.attrib.items():
                    if name.rpartition("}")[2] in {"src", "href", "data"} and (found := self._find(value, page.path)):
                        yield found

    def _cover(self, pages: Sequence[Page], kinds: Mapping[str, str]) -> str:
        """The path of the cover image: as the package says, or else the image on the cover page."""
        said = self._inner(self._package.cover)
        shown_ = (path for page in pages if kinds[page.path] == "cover" for path in self._pictures(page))
        return said or next(shown_, "")

    def _chapter(
        self, page: Page, listed: Mapping[str, Sequence[Entry]], targets: Mapping[str, frozenset[str]]
    ) -> Chapter:
        """The chapter; `listed` has the contents entries by the documents they lead to."""
        lines = listed.get(page.path, ())
        title = next((each.label for each in (*(e for e in lines if not e.fragment), *lines) if each.label), "")
        title = title or next(iter(page.headings), "") or page.title or readable(page.path)
        types = page.types | targets.get(page.path, frozenset())
        said = page.root.get("lang") or page.root.get(XML_LANG) or ""
        language = parse_language(said) or ""
        accent = next((found[1] for each in page.classes if (found := _ACCENT.fullmatch(each))), "")
        return Chapter(
            title=title,
            text=page.text,
            dialect="html",
            path=page.path,
            type=next((each for each in CHAPTER_TYPES if each in types and each != "chapter"), "chapter"),
            language=language if language != self._package.metadata.language else "",
            accent=f"#{accent}" if accent else "",
            show_title=False,
            in_toc=bool(lines) or not listed,
        )

    def _sheets(self, pages: Iterable[Page], *, own: bool) -> list[str]:
        """The style sheets that the pages link or contain, in order, except those of a chapbook theme (`own`)."""
        found: dict[str, None] = {}
        held: dict[str, str] = {}
        linked: dict[str, str] = {}
        for page in pages:
            links = [each for each in page.root.iter(etree.Element) if local_name(each) in {"link", "style"}]
            for each in links:
                if local_name(each) == "style":
                    text = "".join(map(str, each.itertext()))
                    found[held.setdefault(text, f"styles/held-{len(held) + 1}.css")] = None
                elif "stylesheet" in each.get("rel", "").lower().split():
                    linked.setdefault(each.get("href", ""), page.path)
                    found[self._find(each.get("href", ""), page.path)] = None
            for href in map(unescape, _SHEET.findall(page.text)):
                linked.setdefault(href, page.path)
                found[self._find(href, page.path)] = None
        for href, path in linked.items():
            if href and not self._find(href, path):
                self._say("epub-unread", f"there is no style sheet '{shown(href)}'", path, _MISSED)
        self._files.update((path, text.encode()) for text, path in held.items())
        return [each for each in found if each and not (own and each in _OWN_SHEETS)]

    def _theme(self) -> str:
        """The theme of a book made by chapbook, from the name at the start of its sheet's own part; empty for the
        author's own.
        """
        names = _THEME.findall(decoded(self._files.get("styles/theme.css", b""))[0])
        return next((each.lower() for each in reversed(names) if each.lower() in HOOKS.covers), "")

    def _accent(self) -> str:
        """The accent of a book made by chapbook."""
        found = _BOOK_ACCENT.search(decoded(self._files.get("styles/accents.css", b""))[0])
        return found[1] if found else ""

    def _say_made(self, paths: Sequence[str]) -> None:
        if paths:
            listed = ", ".join(f"'{shown(each)}'" for each in paths)
            self._say(
                "epub-left", f"chapbook makes its own cover page, title page and contents instead of {listed}", ""
            )

    def _say_unlisted(self, pages: Iterable[Page], lines: Mapping[str, Sequence[Entry]]) -> None:
        """Reports how many entries of the old contents lead to places without a heading; a first entry is the title."""
        lost = []
        for page in pages:
            headings = set(map(compared, page.headings))
            further = (each for each in lines.get(page.path, ())[1:] if each.fragment and each.label)
            lost += [each.label for each in further if compared(each.label) not in headings]
        if lost:
            many = (
                "an entry of the old contents leads"
                if len(lost) == 1
                else f"{len(lost)} entries of the old contents lead"
            )
            message = f"{many} to no heading ('{shown(lost[0])}')"
            self._say("epub-left", message, "", "make a heading of the words there")

    def _say_not_taken(self) -> None:
        items = self._package.items.values()
        listed = [shown(self._inner(each.path)) for each in items if each.media_type in _NOT_TAKEN]
        if listed:
            message = f"chapbook doesn't keep scripts, recordings of speech or PDF: {', '.join(listed)}"
            self._say("epub-left", message, "")
