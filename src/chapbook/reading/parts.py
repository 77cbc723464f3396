"""The chapters and parts of a content folder, read and put in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.front_matter import parse_front_matter
from chapbook.model.contents import Chapter, Item, Part, check_weights, in_order, parse_weight
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.names import readable
from chapbook.reading.content_folder import MOST_TEXT_BYTES, decode_text, read_bytes
from chapbook.reading.navigation import Entry, Project
from chapbook.reading.roles import Roles, roles_of
from chapbook.reading.walk import FolderListing, is_markdown

__all__ = ["FolderItems", "PartReader", "in_first_place"]

_TITLE = re.compile(r"\n(?: {0,3}#[ \t]+\S|[^\n]+\n=+[ \t]*\n)")
"""A first-level heading, or what looks like one."""
_MOST_BESIDE = 10
"""Files beside one index.md that are named one by one."""


class FolderItems(Struct, frozen=True, kw_only=True):
    """What a folder contains, in order, and its opening."""

    opening: Chapter | None = None
    items: tuple[Item, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    """In the order of the book, the opening's first."""


class _Sibling(Struct, frozen=True, kw_only=True):
    """A chapter or part that was read, whether it goes into the book, and what is wrong in it."""

    item: Item
    kept: bool = True
    diagnostics: tuple[Diagnostic, ...] = ()
    inner: tuple[Diagnostic, ...] = ()
    """Those of what a part contains; they follow its own."""

    @property
    def opening(self) -> Chapter:
        return self.item.opening if isinstance(self.item, Part) else self.item


class PartReader(Struct, frozen=True, kw_only=True):
    """Reads the folders of one walk."""

    root: Path
    folders: Mapping[str, FolderListing]
    drafts: bool = False
    hugo: bool = True
    """Whether an ``index.md`` makes its folder one chapter, whatever lies beside it."""

    def by_navigation(self, project: Project) -> FolderItems | None:
        """The chapters in the order of a navigation file; ``None`` where one of them has a weight, which goes first."""
        navigated = _Navigated(self, project)
        items = navigated.items(project.entries)
        if navigated.has_weight or not items:
            return None
        return FolderItems(items=items, diagnostics=(*navigated.diagnostics, *navigated.left_out()))

    def read(self, path: str) -> FolderItems:
        """What the folder `path` contains: the book itself for the empty path."""
        listing = self.folders[path]
        roles = self._roles(listing)
        return self._contents(listing, roles, self._opening(listing, roles))

    def _roles(self, listing: FolderListing) -> Roles:
        below = (inside for path, inside in self.folders.items() if path.startswith(f"{listing.path}/"))
        has_more = not self.hugo and any(is_markdown(name) for inside in below for name in inside.files)
        return roles_of(listing, hugo=self.hugo, has_chapters_below=has_more)

    def _opening(self, listing: FolderListing, roles: Roles) -> _Sibling | None:
        return self.chapter(listing.inside(roles.opening)) if roles.opening else None

    def _contents(self, listing: FolderListing, roles: Roles, opening: _Sibling | None) -> FolderItems:
        siblings = [self.chapter(listing.inside(name)) for name in roles.chapters]
        for name in listing.folders:
            inside = self.folders.get(listing.inside(name))
            if inside is not None and not name.startswith("_"):
                siblings.append(self._folder(inside))
        ordered = _ordered(siblings)
        notes = [*listing.diagnostics, *roles.diagnostics, *(opening.diagnostics if opening else ())]
        return FolderItems(
            opening=opening.opening if opening and opening.kept else None,
            items=tuple(each.item for each in ordered if each.kept),
            diagnostics=(*notes, *_with_weights(ordered)),
        )

    def _folder(self, listing: FolderListing) -> _Sibling:
        """A folder as a part, or as the one chapter that its index.md makes it."""
        roles = self._roles(listing)
        if roles.bundle:
            chapter = self.chapter(listing.inside(roles.bundle))
            beside = tuple(self._beside(listing, roles))
            return replace(chapter, diagnostics=(*listing.diagnostics, *chapter.diagnostics, *beside))
        first = self._opening(listing, roles)
        if first is not None and first.opening.draft and not self.drafts:
            return first
        inner = self._contents(listing, roles, first)
        opening = inner.opening or Chapter(path=listing.inside("_index.md"))
        if not opening.title and not opening.text.strip():
            opening = replace(opening, title=readable(listing.path))
        kept = bool(inner.items) or bool(opening.text.strip())
        part = Part(opening=opening, contents=inner.items, path=listing.path)
        return _Sibling(item=part, kept=kept, inner=inner.diagnostics)

    def chapter(self, path: str) -> _Sibling:
        """The chapter of one file, and whether it goes into the book."""
        try:
            text = decode_text(read_bytes(self.root, path, MOST_TEXT_BYTES), path)
        except ChapbookError as error:
            return _Sibling(item=Chapter(path=path), kept=False, diagnostics=error.diagnostics)
        read = parse_front_matter(text, path)
        if read.chapter.draft and not self.drafts:
            return _Sibling(item=read.chapter, kept=False, diagnostics=(_draft(read.chapter),))
        return _Sibling(item=read.chapter, diagnostics=read.diagnostics)

    def _beside(self, listing: FolderListing, roles: Roles) -> Iterator[Diagnostic]:
        """A warning for each Markdown file that a leaf bundle keeps out of the book; many are told by their number."""
        bundle = listing.inside(roles.bundle)
        paths = list(self._below(listing, bundle))
        for path in paths[:_MOST_BESIDE]:
            yield _left_beside(path, bundle)
        if len(paths) > _MOST_BESIDE:
            yield _left_beside(paths[_MOST_BESIDE], bundle, len(paths) - _MOST_BESIDE)

    def _below(self, listing: FolderListing, bundle: str) -> Iterator[str]:
        open_ = [listing]
        while open_:
            folder = open_.pop()
            for name in folder.files:
                path = folder.inside(name)
                if is_markdown(name) and not name.startswith("_") and path != bundle:
                    yield path
            below = (self.folders.get(folder.inside(name)) for name in reversed(folder.folders))
            open_.extend(each for each in below if each is not None)


class _Navigated:
    """The chapters of one navigation file, as they are read."""

    def __init__(self, reader: PartReader, project: Project) -> None:
        self._reader = reader
        self._project = project
        listings = reader.folders.values()
        self._paths = {listing.inside(name) for listing in listings for name in listing.files if is_markdown(name)}
        self._seen: set[str] = set()
        self.has_weight = False
        self.diagnostics: list[Diagnostic] = []

    def items(self, entries: Iterable[Entry]) -> tuple[Item, ...]:
        """The chapters and parts of `entries`, with weights that keep their order."""
        items: list[Item] = []
        for number, entry in enumerate(entries, 1):
            chapter = self._chapter(entry) if entry.path else None
            contents = self.items(entry.children)
            if contents:
                opening = chapter or Chapter(title=entry.title)
                items.append(Part(opening=replace(opening, weight=number), contents=contents))
            elif chapter is not None:
                items.append(replace(chapter, weight=number))
        return tuple(items)

    def _chapter(self, entry: Entry) -> Chapter | None:
        if entry.path not in self._paths:
            message = f"'{entry.path}' is listed and not there"
            hint = "correct the path, or delete the line"
            at = Position(entry.line)
            fault = Diagnostic.of("navigation-missing", message, path=self._project.file, at=at, hint=hint)
            self.diagnostics.append(fault)
            return None
        if entry.path in self._seen:
            return None
        self._seen.add(entry.path)
        read = self._reader.chapter(entry.path)
        self.diagnostics += read.diagnostics
        self.has_weight = self.has_weight or read.opening.weight is not None
        if not read.kept:
            return None
        chapter = replace(read.opening, contents_title=entry.title)
        has_title = chapter.title or _TITLE.search(f"\n{chapter.text}")
        return chapter if has_title or not entry.title else replace(chapter, title=entry.title)

    def left_out(self) -> Iterator[Diagnostic]:
        """Says how many files the navigation file doesn't list."""
        folder = f"{self._project.folder}/" if self._project.folder else ""
        others = sorted(path for path in self._paths - self._seen - {self._project.file} if path.startswith(folder))
        if others:
            more = f" and {len(others) - 1} more" if len(others) > 1 else ""
            message = f"'{self._project.file}' doesn't list '{others[0]}'{more}: left out of the book"
            yield Diagnostic.of("left-out", message, path=self._project.file, hint="list what belongs to the book")


def in_first_place(opening: Chapter | None, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The root's opening, where it has text, as a first chapter: its weight is below that of every sibling."""
    if opening is None or not opening.text.strip():
        return items
    weights = [parse_weight(_weight(item)) for item in items]
    least = min((each for each in weights if each is not None), default=Decimal(0))
    kind = opening.type if "type" in opening.positions else "introduction"
    return (replace(opening, weight=least - max(Decimal(1), abs(least)), type=kind), *items)


def _weight(item: Item) -> object:
    return item.opening.weight if isinstance(item, Part) else item.weight


def _ordered(siblings: Iterable[_Sibling]) -> list[_Sibling]:
    by_path = {each.item.path: each for each in siblings}
    return [by_path[item.path] for item in in_order(each.item for each in by_path.values())]


def _with_weights(siblings: list[_Sibling]) -> Iterator[Diagnostic]:
    """The siblings' diagnostics in their order, that of an equal weight at the file that it names."""
    weights = list(check_weights([each.item for each in siblings if each.kept]))
    for each in siblings:
        yield from each.diagnostics
        yield from (warning for warning in weights if warning.path == each.opening.path)
        yield from each.inner


def _draft(chapter: Chapter) -> Diagnostic:
    return Diagnostic.of(
        "draft",
        f"'{chapter.title or readable(chapter.path)}' is a draft and left out",
        path=chapter.path,
        at=chapter.positions.get("draft"),
        hint="take it in with --drafts",
    )


def _left_beside(path: str, bundle: str, number: int = 1) -> Diagnostic:
    """Says it of `path`, or of it and the others of `number`."""
    folder = bundle.rpartition("/")[0]
    which, what = ("left out", "this file") if number == 1 else (f"this and {number - 1} more left out", "them")
    message = f"{which}: '{bundle}' makes its folder one chapter"
    hint = f"rename '{bundle}' to '{folder}/_index.md' to make the folder a part, or move {what} out of it"
    return Diagnostic.of("beside-bundle", message, path=path, hint=hint)
