"""Reads the chapters and parts of a content folder and puts them in order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.front_matter import parse_front_matter
from chapbook.keys.tree import keys_of, word_of
from chapbook.model.contents import Chapter, Item, Part, parse_weight
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.names import readable
from chapbook.model.order import check_weights, in_order, opening_of
from chapbook.reading.content_folder import MOST_TEXT_BYTES, MemoryFolder, decode_text, read_bytes
from chapbook.reading.includes import Includer
from chapbook.reading.navigation_settings import yaml_of
from chapbook.reading.roles import Roles, roles_of
from chapbook.reading.walk import FolderListing, is_markdown

__all__ = ["FolderItems", "PartReader", "in_first_place"]

_WITH_CODE = frozenset({"qmd", "rmd"})
_CATEGORIES = ("_category_.json", "_category_.yml", "_category_.yaml")
_MOST_BESIDE = 10
"""Files beside one index.md that are reported one by one."""


class FolderItems(Struct, frozen=True, kw_only=True):
    """The content of a folder in order, and its opening."""

    opening: Chapter | None = None
    items: tuple[Item, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    """In the order of the book, the opening's first."""


class _Sibling(Struct, frozen=True, kw_only=True):
    """A chapter or part that was read, whether it belongs in the book, and what is wrong in it."""

    item: Item
    kept: bool = True
    diagnostics: tuple[Diagnostic, ...] = ()
    inner: tuple[Diagnostic, ...] = ()
    """The diagnostics of a part's content, which follow its own."""

    @property
    def opening(self) -> Chapter:
        return opening_of(self.item)


class PartReader(Struct, frozen=True, kw_only=True):
    """Reads the folders of one walk."""

    root: Path | MemoryFolder
    folders: Mapping[str, FolderListing]
    paths: frozenset[str]
    """Every file of the walk."""
    drafts: bool = False
    hugo: bool = True
    """Whether an ``index.md`` always makes its folder one chapter."""
    suffixes: tuple[str, ...] = ()
    """Further suffixes of chapters in the author's tool: ``.qmd``."""
    position_key: str = ""
    """A front matter key that replaces a missing ``weight``: ``sidebar_position``."""
    weights: bool = True
    """Whether weights count."""
    includer: Includer | None = None
    """Inserts other files into chapters, if their syntax asks for it."""

    def page_paths(self) -> frozenset[str]:
        """The files that would be chapters."""
        return frozenset(path for path in self.paths if is_markdown(path, self.suffixes))

    def rendered(self, path: str) -> str:
        """The Markdown that Quarto or knitr made of `path`, with its code's results; empty if there is none."""
        stem, _, suffix = path.rpartition(".")
        if suffix.lower() not in _WITH_CODE:
            return ""
        kept = (f"_freeze/{stem}/execute-results/{kind}.json" for kind in ("epub", "html", "docx", "tex"))
        names = (f"{stem}.epub.md", f"{stem}.html.md", f"{stem}.md", *kept)
        return next((name for name in names if name in self.paths), "")

    def read(self, path: str) -> FolderItems:
        """The content of the folder `path`: the book itself for the empty path."""
        listing = self.folders[path]
        roles = self._roles(listing)
        return self._contents(listing, roles, self._opening(listing, roles))

    def _roles(self, listing: FolderListing) -> Roles:
        below = (inside for path, inside in self.folders.items() if path.startswith(f"{listing.path}/"))
        has_more = not self.hugo and any(is_markdown(name, self.suffixes) for inside in below for name in inside.files)
        made = frozenset(filter(None, (self.rendered(listing.inside(name)) for name in listing.files)))
        files = [name for name in listing.files if listing.inside(name) not in made] if made else listing.files
        listing = replace(listing, files=files) if made else listing
        return roles_of(listing, hugo=self.hugo, has_chapters_below=has_more, suffixes=self.suffixes)

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
        """A folder as a part, or as a single chapter if its index.md makes it one."""
        roles = self._roles(listing)
        if roles.bundle:
            chapter = self.chapter(listing.inside(roles.bundle))
            beside = tuple(self._beside(listing, roles))
            return replace(chapter, diagnostics=(*listing.diagnostics, *chapter.diagnostics, *beside))
        first = self._opening(listing, roles)
        if first is not None and first.opening.draft and not self.drafts:
            return first
        inner = self._contents(listing, roles, first)
        title, weight = self._category(listing)
        opening = inner.opening or Chapter(path=listing.inside("_index.md"), title=title)
        opening = opening if opening.weight is not None else replace(opening, weight=weight)
        if not opening.title and not opening.text.strip():
            opening = replace(opening, title=readable(listing.path))
        kept = bool(inner.items) or bool(opening.text.strip())
        part = Part(opening=opening, contents=inner.items, path=listing.path)
        return _Sibling(item=part, kept=kept, inner=inner.diagnostics)

    def chapter(self, path: str) -> _Sibling:
        """The chapter of one file, and whether it belongs in the book."""
        try:
            read = parse_front_matter(self._text(path), path)
        except ChapbookError as error:
            return _Sibling(item=Chapter(path=path), kept=False, diagnostics=error.diagnostics)
        chapter = read.chapter
        if chapter.draft and not self.drafts:
            return _Sibling(item=chapter, kept=False, diagnostics=(_draft(chapter),))
        if not self.weights:
            chapter = replace(chapter, weight=None)
        elif self.position_key:
            keys = keys_of(read.mapping)
            weight = chapter.weight if chapter.weight is not None else _number(word_of(keys.get(self.position_key)))
            chapter = replace(chapter, weight=weight, contents_title=word_of(keys.get("sidebar_label")))
        chapter, said = self.includer.taken_in(chapter) if self.includer else (chapter, ())
        return _Sibling(item=chapter, diagnostics=(*read.diagnostics, *said))

    def _text(self, path: str) -> str:
        rendered = self.rendered(path)
        text = decode_text(read_bytes(self.root, rendered or path, MOST_TEXT_BYTES), path)
        return _frozen(text) if rendered.endswith(".json") else text

    def _category(self, listing: FolderListing) -> tuple[str, object]:
        """The title and weight that Docusaurus' ``_category_.json`` gives its folder."""
        name = next((each for each in _CATEGORIES if each in listing.files), "") if self.position_key else ""
        if not name:
            return "", None
        try:
            text = decode_text(read_bytes(self.root, listing.inside(name), MOST_TEXT_BYTES), name)
        except ChapbookError:
            return "", None
        keys = keys_of(yaml_of(text))
        return word_of(keys.get("label")), _number(word_of(keys.get("position")))

    def _beside(self, listing: FolderListing, roles: Roles) -> Iterator[Diagnostic]:
        """A warning for each Markdown file that a leaf bundle keeps out of the book; many are reported as a number."""
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
                if is_markdown(name, self.suffixes) and not name.startswith("_") and path != bundle:
                    yield path
            below = (self.folders.get(folder.inside(name)) for name in reversed(folder.folders))
            open_.extend(each for each in below if each is not None)


def _number(word: str) -> object:
    """A weight; ``None`` if it isn't a number."""
    try:
        return parse_weight(word)
    except ValueError:
        return None


def _frozen(text: str) -> str:
    """The Markdown in what Quarto keeps of a page under ``_freeze``."""
    try:
        return str(json.loads(text)["result"]["markdown"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def in_first_place(opening: Chapter | None, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The root's opening, if it has text, as the first chapter: its weight is below all siblings'."""
    if opening is None or not opening.text.strip():
        return items
    weights = [parse_weight(opening_of(item).weight) for item in items]
    least = min((each for each in weights if each is not None), default=Decimal(0))
    kind = opening.type if "type" in opening.positions else "introduction"
    return (replace(opening, weight=least - max(Decimal(1), abs(least)), type=kind), *items)


def _ordered(siblings: Iterable[_Sibling]) -> list[_Sibling]:
    by_path = {each.item.path: each for each in siblings}
    return [by_path[item.path] for item in in_order(each.item for each in by_path.values())]


def _with_weights(siblings: list[_Sibling]) -> Iterator[Diagnostic]:
    """The siblings' diagnostics in order, with those about equal weights at the file they name."""
    weights = list(check_weights([each.item for each in siblings if each.kept]))
    for each in siblings:
        yield from each.diagnostics
        yield from (warning for warning in weights if warning.path == each.opening.path)
        yield from each.inner


def _draft(chapter: Chapter) -> Diagnostic:
    return Diagnostic.of(
        "draft",
        f"'{chapter.title or readable(chapter.path)}' is a draft, so chapbook leaves it out",
        path=chapter.path,
        at=chapter.positions.get("draft"),
        hint="use --drafts to include it",
    )


def _left_beside(path: str, bundle: str, number: int = 1) -> Diagnostic:
    """The warning for `path`, or for it and the others of `number`."""
    folder = bundle.rpartition("/")[0]
    which, what = ("left out", "this file") if number == 1 else (f"this and {number - 1} more left out", "them")
    message = f"{which}: '{bundle}' makes its folder one chapter"
    hint = f"rename '{bundle}' to '{folder}/_index.md' to make the folder a part, or move {what} out of it"
    return Diagnostic.of("beside-bundle", message, path=path, hint=hint)
