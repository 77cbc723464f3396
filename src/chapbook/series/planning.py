"""Plans which books a run builds, and into which files, before the first is begun."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chapbook.model.diagnostics import ChapbookError, Diagnostic, has_errors
from chapbook.model.metadata import Identifier, Series
from chapbook.model.names import VOLUMES_NAME, file_name, folders_above, name_by
from chapbook.model.near import NearWords, nearest
from chapbook.model.targets import TARGETS
from chapbook.series.clashes import BookHead, clashes
from chapbook.series.requests import AS_THEY_ARE, OMNIBUS, BookRequest, Choices, StrPath, current_folder

if TYPE_CHECKING:
    from chapbook.keys.settings_file import BookFields
    from chapbook.reading.volumes import VolumesFile

__all__ = [
    "book_in",
    "plan_books",
    "plan_omnibuses",
    "plan_one_book",
]


def plan_books(
    sources: Iterable[StrPath], folder: Path | None, *, choices: Choices = AS_THEY_ARE
) -> tuple[BookRequest, ...]:
    """A request for each book of `sources`, each with its own file in `folder` (``None``: only check).

    At most the book.yaml of each book is read. Two books that would have the same name, identifier or position in a
    series get an error each, and aren't built. Raises ChapbookError (``volume-unknown``) if `choices` name a volume
    that no source has.
    """
    titles: dict[str, tuple[str, ...]] = {}
    planned = [each for source in sources for each in _requests(os.fspath(source), choices, titles)]
    if choices.only:
        planned = _chosen(planned, choices.only)
    return _with_files(planned, folder, choices)


def plan_one_book(source: StrPath, choices: Choices) -> BookRequest:
    """The one book of `source`.

    Raises ChapbookError (``volume-unknown``) where there are more, or `choices` name a volume that isn't there.
    """
    books = [each for each in plan_books([source], None, choices=choices) if not each.is_library]
    if len(books) != 1:
        names = ", ".join(each.folder for each in books[:_MOST_NAMED]) or "none that can be read"
        message = f"'{source}' has {len(books)} books ({names})"
        raise ChapbookError(Diagnostic.of("volume-unknown", message, hint="choose one with --only"))
    return books[0]


def plan_omnibuses(
    sources: Iterable[StrPath], folder: Path | None, *, choices: Choices = AS_THEY_ARE
) -> tuple[BookRequest, ...]:
    """Like `plan_books`, but each of `sources` is a library whose volumes make one book."""
    planned = [BookRequest(source=os.fspath(each), reader=OMNIBUS, choices=choices) for each in sources]
    return _with_files(planned, folder, choices)


def book_in(folder: Path) -> str:
    """Where in `folder` a book or library is: ``.`` for the folder itself, or a folder below; empty if there is none.

    It is the folder itself if it has a settings file, or chapters at most `_LEVELS` deep and no settings file in those
    folders: chapbook shouldn't make a book of a home folder, or of a folder with several books.
    """
    from chapbook.reading.projects import SUFFIXES_OF_SYNTAX  # noqa: PLC0415 - see _library
    from chapbook.reading.walk import is_markdown  # noqa: PLC0415 - see _library

    also = tuple(each for suffixes in SUFFIXES_OF_SYNTAX.values() for each in suffixes)
    seen, has_chapters = 0, False
    for above, folders, files in os.walk(folder):
        inside = Path(above).relative_to(folder)
        if not _SETTINGS_NAMES.isdisjoint(files):
            return inside.as_posix()
        chapters = [name for name in files if is_markdown(name, also) and not name.startswith(".")]
        if not inside.parts:
            chapters = [name for name in chapters if name.lower().partition(".")[0] not in _OF_A_REPOSITORY]
        has_chapters = has_chapters or bool(chapters)
        seen += len(files) + len(folders)
        kept = sorted(each for each in folders if not each.startswith(".") and each != "node_modules")
        folders[:] = [] if seen > _MOST_SEEN or len(inside.parts) == _LEVELS else kept
    return "." if has_chapters else ""


_SETTINGS_NAMES = frozenset({"book.yaml", "book.yml", VOLUMES_NAME})
_OF_A_REPOSITORY = frozenset({"readme", "license", "changelog", "contributing", "code_of_conduct", "security"})
"""Markdown files at the root that usually aren't chapters."""
_LEVELS = 3
_MOST_SEEN = 5_000


def _requests(source: str, choices: Choices, titles: dict[str, tuple[str, ...]]) -> Iterator[BookRequest]:
    """The books of a `source`; `titles` remembers the volumes' titles of each library."""
    library = _library(source)
    if library is None:
        yield from _one_book(source, choices, titles)
        return
    from chapbook.reading.source import volume_folders, volume_titles  # noqa: PLC0415 - see _library

    if library.diagnostics or not library.volumes:
        yield _of_library(source, library.diagnostics)
    folders = volume_folders(source, library)
    volumes = volume_titles(source, library, drafts=choices.drafts)
    for folder, volume in zip(folders, library.volumes, strict=True):
        shared = library.fields(volume)
        yield BookRequest(
            source=folder,
            choices=choices,
            shared=shared,
            volumes=volumes,
            library=source,
            folder=volume.folder,
            pattern=library.output,
        )


def _of_library(source: str, said: tuple[Diagnostic, ...]) -> BookRequest:
    """A separate request for the errors in volumes.yaml, so that they are reported once and stop no volume."""
    return BookRequest(source=source, said=said, is_library=True)


def _one_book(source: str, choices: Choices, titles: dict[str, tuple[str, ...]]) -> Iterator[BookRequest]:
    """A book named by its own path; if a volumes.yaml above lists it, it is that volume."""
    alone = BookRequest(source=source, choices=choices)
    listing = (f"{above}/{VOLUMES_NAME}" for above in folders_above(source))
    if not choices.limits.folders_above or not os.path.isdir(source) or not any(map(os.path.lexists, listing)):  # noqa: PTH112 - which raises nothing
        yield alone
        return
    from chapbook.reading.source import volume_titles  # noqa: PLC0415 - see _library
    from chapbook.reading.volumes import find_listed  # noqa: PLC0415 - see _library

    try:
        found = find_listed(source)
    except ChapbookError as error:
        yield _of_library(source, error.diagnostics)
        return
    if found is None:
        yield alone
        return
    if found.faults:
        yield _of_library(found.library, found.faults)
    # A user may name many volumes one by one; read all titles only once.
    if found.library not in titles:
        titles[found.library] = volume_titles(found.library, found.listed, drafts=choices.drafts)
    yield replace(
        alone,
        shared=found.listed.fields(found.volume),
        volumes=titles[found.library],
        said=(found.note,),
        library=found.library,
        folder=found.volume.folder,
        pattern=found.listed.output,
    )


def _chosen(requests: Sequence[BookRequest], names: Sequence[str]) -> list[BookRequest]:
    """The `requests` for volumes in `names`, and the errors of their volumes.yaml."""
    known = [(each, _names(each)) for each in requests if each.folder]
    unread = {each.source for each in requests if each.is_library and has_errors(each.said)}
    wanted = {id(each) for name in names for each in _named(known, name, may_be_missing=bool(unread))}
    libraries = {each.library for each in requests if id(each) in wanted} | unread
    return [each for each in requests if id(each) in wanted or (each.is_library and each.source in libraries)]


def _names(volume: BookRequest) -> tuple[str, ...]:
    """The names by which a volume can be chosen, those that no other volume has first."""
    title = str(volume.reader.head(volume).values["title"])
    return (volume.folder, volume.folder.rpartition("/")[2], title, file_name(title))


def _named(
    known: Sequence[tuple[BookRequest, tuple[str, ...]]], name: str, *, may_be_missing: bool
) -> list[BookRequest]:
    plain = name.strip("/") or name
    found = [each for each, names in known if names[0] == plain] or [each for each, names in known if plain in names]
    if found or may_be_missing:
        return found
    if not known:
        message, hint = (
            f"there is no volume '{name}': no source has a {VOLUMES_NAME}",
            "name the folder that contains it",
        )
    else:
        words = list(dict.fromkeys(word for _, names in known for word in names))
        near = nearest(plain, words) or NearWords(words).like(plain)
        listed = ", ".join(f"'{names[0]}'" for _, names in known[:_MOST_NAMED])
        more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
        message = f"there is no volume '{name}'"
        hint = f"did you mean '{near}'?" if near else f"the volumes are {listed}{more}"
    raise ChapbookError(Diagnostic.of("volume-unknown", message, hint=hint))


_MOST_NAMED = 10


def _library(source: str) -> VolumesFile | None:
    """The volumes.yaml in `source`, if there is one."""
    if not os.path.lexists(os.path.join(source, VOLUMES_NAME)):  # noqa: PTH118 - as the user wrote it
        return None
    # A single unchanged book isn't read at all.
    from chapbook.reading.volumes import read_volumes  # noqa: PLC0415 - see above

    return read_volumes(source)


def _with_files(requests: Sequence[BookRequest], folder: Path | None, choices: Choices) -> tuple[BookRequest, ...]:
    """The requests with the files of their books, for each target, and with what is wrong between them."""
    books = [each for each in requests if not each.is_library]
    of_each = [requests, *([books] * (len(choices.targets) - 1))]
    return tuple(
        request
        for target, each in zip(choices.targets, of_each, strict=True)
        for request in _for_one_target(each, folder, replace(choices, targets=(target,)))
    )


def _for_one_target(requests: Sequence[BookRequest], folder: Path | None, choices: Choices) -> tuple[BookRequest, ...]:
    base, choices = current_folder(), replace(choices, only=())
    requests = [replace(each, base=base, choices=choices) for each in requests]
    books = [each for each in requests if not each.is_library]
    if folder is None and len(books) < 2:  # noqa: PLR2004 - nothing to compare
        return tuple(requests)
    heads = [_head(each, folder or Path()) for each in books]
    found = iter(zip(heads, clashes(heads), strict=True))
    return tuple(
        each if each.is_library else _placed(each, *next(found), writes=folder is not None) for each in requests
    )


def _head(request: BookRequest, folder: Path) -> BookHead:
    fields = request.reader.head(request)
    pattern = request.choices.name or request.pattern
    name = name_by(pattern, _name_values(fields)) if pattern else file_name(str(fields.values["title"]))
    target = TARGETS[request.choices.targets[0]]
    return BookHead(source=request.source, fields=fields, output=folder / f"{name}{target.mark}{target.suffix}")


def _name_values(fields: BookFields) -> dict[str, str]:
    """The values of a pattern's fields."""
    values = fields.values
    series, identifier, authors = values.get("series"), values.get("identifier"), values.get("authors") or ()
    names = [each.name for each in authors if each.role == "aut"]  # type: ignore[attr-defined]  # a tuple of Contributors
    said = {
        "series": series.name if isinstance(series, Series) else "",
        "index": series.index if isinstance(series, Series) else "",
        "identifier": identifier.value.removeprefix("urn:isbn:") if isinstance(identifier, Identifier) else "",
        "author": next(iter(names), ""),
        "slug": file_name(str(values["title"])),
    }
    return {**{key: str(values.get(key) or "") for key in ("title", "language", "date")}, **said}


def _placed(request: BookRequest, head: BookHead, faults: tuple[Diagnostic, ...], *, writes: bool) -> BookRequest:
    return replace(request, output=head.output if writes else None, said=(*request.said, *faults))
