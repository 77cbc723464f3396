"""The pictures, sounds and films that chapters show: finds them, makes them fit for the book and names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from hashlib import sha256
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from chapbook.building.cache_entries import fitted_image
from chapbook.building.inputs import BuildContext, GivenFiles
from chapbook.building.workers import Lost, is_worker
from chapbook.cache import Cache
from chapbook.markup.page import Fault, ImageUse
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.marks import looks_of
from chapbook.model.names import image_name
from chapbook.model.near import NearNames
from chapbook.model.settings import ImageLimits
from chapbook.model.urls import as_read, scheme_of
from chapbook.packaging.publication import Resource
from chapbook.passes.resources import ruled_name

__all__ = ["Picture", "PictureFinder", "fit_pictures", "known_pictures", "missing_picture"]

_WORTH_WORKERS = 8
"""The number of pictures from which worker processes save time."""
_MEDIA = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg; codecs=opus",
    ".opus": "audio/ogg; codecs=opus",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt",
}
"""Core media types of EPUB 3.3, section 3.2, and video formats that reading systems play."""
_RECORDINGS = {
    **dict.fromkeys((".wav", ".flac", ".aif", ".aiff", ".aac", ".wma", ".oga", ".mid"), "save it as MP3 or M4A"),
    **dict.fromkeys((".mov", ".avi", ".mkv", ".ogv", ".wmv", ".mpg", ".mpeg", ".3gp"), "save it as MP4"),
}
"""Suffixes of other audio and video formats, with what to do about them."""


class Picture(Struct, frozen=True, kw_only=True):
    """A file of the content folder as it goes into the publication, or the reason why it can't."""

    path: str
    name: str = ""
    media_type: str = ""
    content: Callable[[], bytes] | None = None
    """Returns the bytes; ``None`` if the file ships unchanged and is read again when the book is written."""
    digest: bytes = b""
    """The SHA-256 of a file that was checked and ships unchanged."""
    animated: bool = False
    moving: bool = False
    """Whether it is audio or video."""
    looks: tuple[str, ...] = ()
    """Classes that describe its look."""
    fault: Fault | None = None
    warnings: tuple[Diagnostic, ...] = ()

    def resource(self, files: Files) -> Resource:
        """The publication resource; it reads its bytes when the book is written."""
        return Resource(
            name=self.name,
            media_type=self.media_type,
            data=self.content or partial(_read_again, self.path, files, self.digest),
        )


def _read_again(path: str, files: Files, digest: bytes) -> bytes:
    """The file's bytes. Raises ChapbookError (``file-changed``) for others than those of that `digest`."""
    try:
        data = files.read(path)
    except ChapbookError as error:
        raise _changed(path) from error
    if digest and sha256(data).digest() != digest:
        raise _changed(path)
    return data


def _changed(path: str) -> ChapbookError:
    message = f"'{path}' changed while the book was built"
    return ChapbookError(Diagnostic.of("file-changed", message, path=path, hint="build the book again"))


class PictureFinder:
    """The files that chapters can show, by all the ways they can be referred to."""

    def __init__(self, names: frozenset[str], prefixes: Iterable[tuple[str, str]] = ()) -> None:
        """Takes the `names` of all files, and `prefixes` of site paths with the folder that each stands for."""
        self.names = names
        self.near = NearNames(names)
        self._prefixes = tuple(prefixes)

    def find(self, use: ImageUse) -> str | None:
        """The file that `use` means: the first of its candidates that exists."""
        for path in use.candidates:
            if path in self.names:
                return path
        for prefix, meant in self._prefixes:
            for path in use.candidates:
                if path.startswith(prefix) and meant + path.removeprefix(prefix) in self.names:
                    return meant + path.removeprefix(prefix)
        if use.by_name:
            return self._by_name.get(use.candidates[0].rpartition("/")[2].casefold())
        return None

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        """For each name, the file that is the least deep."""
        found: dict[str, str] = {}
        for path in sorted(self.names, key=lambda each: (-each.count("/"), each), reverse=True):
            found[path.rpartition("/")[2].casefold()] = path
        return found


def known_pictures(
    uses: Sequence[ImageUse], pictures: Mapping[str, Picture], files: PictureFinder
) -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, Fault]]:
    """What a document must know about its pictures: their names, looks and errors, in the form of `Known`."""
    images: dict[str, str] = {}
    looks: dict[str, tuple[str, ...]] = {}
    missing: dict[str, Fault] = {}
    for use in uses:
        path = files.find(use)
        picture = pictures[path] if path is not None else None
        if picture is None:
            missing[use.written] = missing_picture(use, files.near)
        elif picture.fault:
            missing[use.written] = picture.fault
        else:
            if picture.name != ruled_name(use.candidates[0], use.kind):
                images[use.candidates[0]] = picture.name
            if picture.looks:
                looks[use.candidates[0]] = picture.looks
    return images, looks, missing


def missing_picture(use: ImageUse, near: NearNames) -> Fault:
    """The error for a picture that doesn't exist; `near` finds files with a similar name."""
    if scheme_of(use.written) in {"http", "https"}:
        return (
            "resource-remote",
            f"'{use.written}' is on the network, and a book has to hold its files",
            "put the file into the content folder",
        )
    hint = near.hint(use.candidates) or "put the file there, or correct the path"
    what = {"audio": "recording", "video": "film"}.get(use.kind, "picture")
    return ("image-missing", f"{what} not found: '{as_read(use.written)}'", hint)


def fit_pictures(
    paths: Sequence[str],
    files: Files,
    limits: ImageLimits,
    context: BuildContext,
    embedded: Mapping[str, bytes] = MappingProxyType({}),
) -> Mapping[str, Picture]:
    """Makes each of `paths` fit for the book; returns the pictures by path. Bytes of changed pictures go to the spool.

    `embedded` has the bytes of pictures that aren't files.
    """
    options = context.options
    fitted: dict[str, Picture] = {}
    most = options.limits.chapter_memory
    work = partial(_fit, files=files, limits=limits, cache=options.cache, memory=most)
    pays = options.jobs or len(paths) >= _WORTH_WORKERS
    held = getattr(files, "held", embedded.get)
    given = [(path, embedded.get(path) or held(path)) for path in paths]
    if all(data is not None for _, data in given):  # a worker gets the bytes of its pictures
        work = partial(work, files=GivenFiles({}))
    done = context.workers.map(work, given) if pays else map(work, given)
    for path, each in zip(paths, done, strict=True):
        picture, data = (_lost(path, each), None) if isinstance(each, Lost) else each
        data = embedded.get(path) if data is None and not picture.fault else data
        fitted[path] = picture if data is None else replace(picture, content=context.spool.put(data))
        if options.progress:
            options.progress("pictures", len(fitted), len(paths))
    return _with_unique_names(fitted.values())


def _fit(
    given: tuple[str, bytes | None], *, files: Files, limits: ImageLimits, cache: Cache | None, memory: int
) -> tuple[Picture, bytes | None]:
    """As `_fitted`; in a worker process within so many bytes of memory."""
    if not is_worker():
        return _fitted(given, files=files, limits=limits, cache=cache)
    from chapbook.rendering.deadline import memory_bound  # noqa: PLC0415 - many books have no picture

    with memory_bound(memory):
        return _fitted(given, files=files, limits=limits, cache=cache)


def _fitted(
    given: tuple[str, bytes | None], *, files: Files, limits: ImageLimits, cache: Cache | None
) -> tuple[Picture, bytes | None]:
    """The picture, and its bytes if they had to change."""
    path, embedded = given
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _MEDIA:
        return Picture(path=path, name=image_name(path, suffix), media_type=_MEDIA[suffix], moving=True), None
    if suffix in _RECORDINGS:
        message = f"'{path}' is a kind of recording that books can't hold"
        return Picture(path=path, fault=("image-damaged", message, _RECORDINGS[suffix])), None
    try:
        data = files.read(path) if embedded is None else embedded
        image = fitted_image(data, limits, cache)
    except ChapbookError as error:
        first = error.diagnostics[0]
        named = "a picture in a 'data:' address" if path.startswith("data:") else f"'{path}'"
        return Picture(path=path, fault=(first.code, f"{named}: {first.message}", first.hint or _HINT)), None
    picture = Picture(
        path=path,
        name=image_name(path, image.suffix),
        media_type=image.media_type,
        digest=b"" if image.changed else sha256(data).digest(),
        animated=image.animated,
        looks=looks_of(image.width, image.height, see_through=image.see_through),
        warnings=tuple(each.in_file(path) for each in image.warnings),
    )
    return picture, image.data if image.changed else None


_HINT = "check that it is a file which you may read"


def _lost(path: str, lost: Lost) -> Picture:
    if lost.signal:
        message = f"'{path}': the process that converts it was ended twice ({lost.signal}), perhaps for want of memory"
        return Picture(path=path, fault=("image-too-large", message, "make it smaller"))
    hint = "save it again in another program; if that doesn't help, please report it with the picture"
    return Picture(path=path, fault=("image-damaged", f"'{path}' crashed the process that converts images", hint))


def _with_unique_names(pictures: Iterable[Picture]) -> dict[str, Picture]:
    """Makes sure that no two paths have the same name (their hashes make that very unlikely)."""
    taken: set[str] = set()
    unique = {}
    for picture in pictures:
        name = picture.name
        while name and name in taken:
            stem, dot, suffix = name.rpartition(".")
            name = f"{stem}-x{dot}{suffix}"
        taken.add(name)
        unique[picture.path] = replace(picture, name=name)
    return unique
