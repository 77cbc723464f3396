"""Two editions of a book compared: chapters, words, metadata, pictures, style."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Literal

from chapbook.inspecting.changes import Comparison, FileChange, ValueChange
from chapbook.inspecting.chapter_changes import chapter_changes
from chapbook.inspecting.edition import BookFile, Edition, Source, read_edition
from chapbook.series.planning import AS_THEY_ARE, Choices

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
        chapters=chapter_changes(old.chapters, new.chapters),
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
