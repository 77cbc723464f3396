"""Two editions of a book compared: chapters, words, metadata, pictures, style."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Literal

from chapbook.inspecting.alignment import Known, matched
from chapbook.inspecting.changes import BookFile, ChapterChange, Comparison, FileChange, ValueChange
from chapbook.inspecting.edition import Edition, EditionChapter, Source, read_edition
from chapbook.inspecting.text import Text, text_changes
from chapbook.packaging.edition_changes import rising
from chapbook.series.requests import AS_THEY_ARE, Choices

__all__ = ["compare_books", "compared_editions"]


def compare_books(before: Source, after: Source, *, choices: Choices = AS_THEY_ARE) -> Comparison:
    """What differs between two editions of a book, each a `Book`, a content folder, a Markdown file or an EPUB.

    The text is what a reader gets, so a folder and the EPUB that is made of it are the same. The date of modification
    isn't compared. `choices` are for what has to be built. Raises ChapbookError where an edition has errors, isn't
    there, or is several books.
    """
    old, new = read_edition(before, choices), read_edition(after, choices)
    return compared_editions(old, new)


def compared_editions(old: Edition, new: Edition) -> Comparison:
    """What differs between two editions that were read."""
    style = tuple(_values((name, getattr(old, name), getattr(new, name)) for name in ("theme", "accent")))
    metadata = tuple(_values(_metadata(old, new)))
    return Comparison(
        before=old.source,
        after=new.source,
        metadata=metadata,
        chapters=tuple(_Chapters(old.chapters, new.chapters).changes()),
        cover=_cover(old, new),
        files=tuple(_files(old, new)),
        style=style,
        diagnostics=(*old.diagnostics, *new.diagnostics),
    )


def _values(values: Iterable[tuple[str, str, str]]) -> Iterator[ValueChange]:
    return (ValueChange(name=name, before=old, after=new) for name, old, new in values if old != new)


def _metadata(old: Edition, new: Edition) -> Iterator[tuple[str, str, str]]:
    names = dict.fromkeys((*old.statements, *new.statements))
    yield from ((name, old.statements.get(name, ""), new.statements.get(name, "")) for name in names)
    for name in ("direction", "writing_mode"):
        yield name, str(getattr(old.metadata, name) or ""), str(getattr(new.metadata, name) or "")


def _cover(old: Edition, new: Edition) -> FileChange | None:
    before, after = _cover_of(old), _cover_of(new)
    if before and after:
        return None if before.digest == after.digest else _changed(before, after)
    return _added(after) if after else _removed(before) if before else None


def _cover_of(edition: Edition) -> BookFile | None:
    return next((each for each in edition.files if each.name == edition.cover), None)


_THEME, _ACCENTS, _MODERN, _FONTS = "styles/theme.css", "styles/accents.css", "styles/modern.css", "styles/fonts.css"
"""The sheets that chapbook makes, in `packaging/` and `styling/`."""


def _derived(old: Edition, new: Edition) -> AbstractSet[str]:
    """The sheets that differ because something else does, which is said by itself."""
    made = {_THEME, _ACCENTS, _MODERN} if _looks(old) != _looks(new) else set[str]()
    accents = [{each.chapter.accent for each in edition.chapters} for edition in (old, new)]
    made |= {_ACCENTS, _MODERN} if accents[0] != accents[1] else set()
    fonts = [{(each.name, each.digest) for each in edition.files if each.kind == "font"} for edition in (old, new)]
    return made | ({_FONTS} if fonts[0] != fonts[1] else set())


def _looks(edition: Edition) -> tuple[str, str, str]:
    return edition.theme, edition.accent, edition.metadata.writing_mode


def _files(old: Edition, new: Edition) -> Iterator[FileChange]:
    """What became of each file but the cover, by name."""
    derived = _derived(old, new)
    before, after = (
        {each.name: each for each in edition.files if each.name != edition.cover and each.name not in derived}
        for edition in (old, new)
    )
    gone = {each.digest: each for name, each in sorted(before.items(), reverse=True) if name not in after}
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was and now:
            if was.digest != now.digest:
                yield _changed(was, now)
        elif now:
            other = gone.pop(now.digest, None)
            yield _changed(other, now, renamed=True) if other else _added(now)
    yield from (_removed(each) for each in sorted(gone.values(), key=lambda each: each.name))


def _added(file: BookFile) -> FileChange:
    return FileChange(change="added", kind=file.kind, name=file.name, after=file)


def _removed(file: BookFile) -> FileChange:
    return FileChange(change="removed", kind=file.kind, name=file.name, before=file)


def _changed(before: BookFile, after: BookFile, *, renamed: bool = False) -> FileChange:
    change: Literal["renamed", "changed"] = "renamed" if renamed else "changed"
    return FileChange(change=change, kind=after.kind, name=after.name, before=before, after=after)


class _Texts:
    """The texts of the chapters, each read once."""

    def __init__(self, old: Sequence[EditionChapter], new: Sequence[EditionChapter]) -> None:
        self._chapters = (old, new)
        self._read: dict[tuple[int, int], Text] = {}

    def old(self, place: int, renamed: Mapping[str, str]) -> Text:
        """The text of an old chapter, whose links lead where the chapters that were `renamed` are now."""
        if not renamed:
            return self._kept(0, place)
        return self._chapters[0][place].text(lambda path: renamed.get(path, path))

    def new(self, at: int) -> Text:
        """The text of a new chapter."""
        return self._kept(1, at)

    def _kept(self, edition: int, at: int) -> Text:
        key = (edition, at)
        if key not in self._read:
            self._read[key] = self._chapters[edition][at].text()
        return self._read[key]


class _Chapters:
    """The chapters of two editions, and which of the old ones are which of the new."""

    def __init__(self, old: Sequence[EditionChapter], new: Sequence[EditionChapter]) -> None:
        self._old, self._new = old, new
        self._texts = _Texts(old, new)
        self._found = _matched(old, new, self._texts)
        self._new_names = {old[place].name: new[at].name for at, place in self._found.items()}
        self._renamed = {one: other for one, other in self._new_names.items() if one != other}
        self._moved = frozenset(self._all_moved())

    def changes(self) -> Iterator[ChapterChange]:
        """The chapters that differ, in the order of the new edition; those that are gone stand where they were."""
        gone = [at for at in range(len(self._old)) if self._old[at].name not in self._new_names]
        for at in range(len(self._new)):
            place = self._found.get(at)
            if place is None:
                yield self._alone("added", self._new[at])
                continue
            while gone and gone[0] < place:
                yield self._alone("removed", self._old[gone.pop(0)])
            changed = self._difference(place, at)
            if changed:
                yield changed
        yield from (self._alone("removed", self._old[each]) for each in gone)

    def _alone(self, change: Any, chapter: EditionChapter) -> ChapterChange:  # noqa: ANN401 - one of two words
        return ChapterChange(
            change=change,
            name=chapter.shown,
            title=chapter.chapter.title,
            words=chapter.text().count,
            is_part=chapter.is_part,
        )

    def _difference(self, place: int, at: int) -> ChapterChange | None:
        old, new = self._old[place], self._new[at]
        is_renamed = (old.source != new.source) if old.source and new.source else old.name != new.name
        is_retitled = old.chapter.title != new.chapter.title
        found: dict[str, Any] = {
            "old_name": old.shown if is_renamed else "",
            "old_title": old.chapter.title if is_retitled else "",
            "moved": at in self._moved,
            "values": tuple(_chapter_values(old, new)),
        }
        if old.chapter.text != new.chapter.text:
            texts = self._texts.old(place, self._renamed), self._texts.new(at)
            found |= text_changes(*texts, retitled=is_retitled)
        if not any(found.values()):
            return None
        return ChapterChange(
            change="changed",
            name=new.shown,
            title=new.chapter.title,
            words=self._texts.new(at).count,
            is_part=new.is_part,
            follows=self._new[at - 1].shown if found["moved"] and at else "",
            **found,
        )

    def _all_moved(self) -> Iterator[int]:
        """The places in the new edition of those that stand in another part, or elsewhere among its chapters."""
        old_homes = _homes(self._old, self._new_names.keys())
        new_homes = _homes(self._new, frozenset(self._new_names.values()))
        siblings: dict[str, list[int]] = {}
        for at, place in self._found.items():
            home = old_homes[place]
            if (self._new_names[home] if home else "") == new_homes[at]:
                siblings.setdefault(new_homes[at], []).append(at)
            else:
                yield at
        for those in siblings.values():
            order = [self._found[at] for at in sorted(those)]
            kept = rising(order)
            yield from (at for at in those if self._found[at] not in kept)


def _homes(chapters: Sequence[EditionChapter], kept: AbstractSet[str]) -> list[str]:
    """Of each chapter the nearest part around it whose opening is in both editions; empty for the book itself.

    So a part that comes or goes moves none of the chapters in it.
    """
    parts = {each.name: each.part for each in chapters if each.is_part}
    homes = []
    for each in chapters:
        home = each.part
        while home and home not in kept:
            home = parts[home]
        homes.append(home)
    return homes


def _chapter_values(old: EditionChapter, new: EditionChapter) -> Iterator[ValueChange]:
    for name in ("type", "language", "accent", "in_toc"):
        before, after = (getattr(each.chapter, name) for each in (old, new))
        if before != after:
            yield ValueChange(name=name, before=_said(before), after=_said(after))


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _matched(old: Sequence[EditionChapter], new: Sequence[EditionChapter], texts: _Texts) -> dict[int, int]:
    """By places in `new`, the places in `old` of the same chapters: first those that are the same to the letter."""
    places = {(each.name, each.chapter.title, each.chapter.text): at for at, each in enumerate(old)}
    keys = [(each.name, each.chapter.title, each.chapter.text) for each in new]
    found = {at: places[key] for at, key in enumerate(keys) if key in places}
    taken = frozenset(found.values())
    old_left = [at for at in range(len(old)) if at not in taken]
    new_left = [at for at in range(len(new)) if at not in found]
    pairs = matched(
        [_known(old[at], texts.old(at, {})) for at in old_left], [_known(new[at], texts.new(at)) for at in new_left]
    )
    return found | {new_left[at]: old_left[place] for at, place in pairs.items()}


def _known(chapter: EditionChapter, text: Text) -> Known:
    return Known(name=chapter.name, title=chapter.chapter.title, words=tuple(each.text for each in text.words))
