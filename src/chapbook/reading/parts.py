"""The chapters and parts of a content folder, read and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.front_matter import parse_front_matter
from chapbook.model.contents import Chapter, Item, Part, check_weights, in_order, parse_weight
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.names import readable
from chapbook.reading.content_folder import MOST_TEXT_BYTES, decode_text, read_bytes
from chapbook.reading.roles import Roles, roles_of
from chapbook.reading.walk import FolderListing, is_markdown

__all__ = ["FolderItems", "PartReader", "in_first_place"]

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

    def read(self, path: str) -> FolderItems:
        """What the folder `path` contains: the book itself for the empty path."""
        listing = self.folders[path]
        roles = roles_of(listing)
        return self._contents(listing, roles, self._opening(listing, roles))

    def _opening(self, listing: FolderListing, roles: Roles) -> _Sibling | None:
        return self._chapter(listing.inside(roles.opening)) if roles.opening else None

    def _contents(self, listing: FolderListing, roles: Roles, opening: _Sibling | None) -> FolderItems:
        siblings = [self._chapter(listing.inside(name)) for name in roles.chapters]
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
        roles = roles_of(listing)
        if roles.bundle:
            chapter = self._chapter(listing.inside(roles.bundle))
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

    def _chapter(self, path: str) -> _Sibling:
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
