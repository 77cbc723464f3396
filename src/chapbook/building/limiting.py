"""A book held to the limits of whoever builds it: its settings, what it has in all, what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from chapbook.building.inputs import BookValues
from chapbook.markup.page import ContentDocument
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.limits import DEFAULTS, Limits
from chapbook.model.order import iter_chapters
from chapbook.model.settings import ExtensionSpec, Settings

__all__ = ["STOPPING", "limited", "too_many_links"]

STOPPING = ("extension-", "book-too-large")
"""What codes begin with after which no chapter is rendered."""


def limited(book: BookValues, limits: Limits) -> BookValues:
    """`book` with settings that ask for no more than `limits` allow, and with what there is to say of that."""
    said: list[Diagnostic] = []
    settings = _limited(book.settings, limits, said)
    volumes = tuple(replace(each, settings=_limited(each.settings, limits, said)) for each in book.volumes)
    said += _too_large(book, limits)
    if limits == DEFAULTS and not said:
        return book
    diagnostics = (*book.diagnostics, *dict.fromkeys(said))
    return replace(book, settings=settings, volumes=volumes, diagnostics=diagnostics, host_fonts=limits.host_fonts)


def _limited(settings: Settings, limits: Limits, said: list[Diagnostic]) -> Settings:
    images = settings.images
    for key, asked, plain, most in (
        ("render_seconds", settings.render_seconds, _PLAIN.render_seconds, limits.render_seconds),
        ("images.max_pixels", images.max_pixels, _PLAIN.images.max_pixels, limits.written_pixels),
    ):
        if asked > most and asked != plain:
            said.append(
                _of_setting(settings, key, f"'{key}' is {_number(asked)}, but the limit here is {_number(most)}")
            )
    foreign = [] if limits.foreign_extensions else [each for each in settings.extensions if _is_foreign(each)]
    said += [_refused(settings, each) for each in foreign]
    within = replace(
        images,
        max_pixels=min(images.max_pixels, limits.written_pixels),
        read_pixels=min(images.read_pixels, limits.read_pixels),
    )
    return replace(
        settings,
        images=within,
        render_seconds=min(settings.render_seconds, limits.render_seconds),
        extensions=tuple(each for each in settings.extensions if each not in foreign),
    )


_PLAIN = Settings()


def _number(value: float) -> str:
    return f"{value:,}".removesuffix(".0")


def _of_setting(settings: Settings, key: str, message: str) -> Diagnostic:
    at = settings.positions.get(key)
    hint = f"set '{key}' to that, or remove it"
    return Diagnostic.of("setting-limited", message, path=settings.source if at else None, at=at, hint=hint)


def _is_foreign(spec: ExtensionSpec) -> bool:
    if not isinstance(spec.extension, str) or spec.trusted:
        return False
    from chapbook.dialects.python_markdown import is_foreign  # noqa: PLC0415 - with Python-Markdown, which few books need

    return is_foreign(spec.extension)


def _refused(settings: Settings, spec: ExtensionSpec) -> Diagnostic:
    at = settings.positions.get("extensions")
    message = f"the Markdown extension '{spec.extension}' may not be loaded: only Python-Markdown's own may, here"
    return Diagnostic.of("extension-refused", message, path=settings.source if at else None, at=at, hint="remove it")


def _too_large(book: BookValues, limits: Limits) -> Iterator[Diagnostic]:
    files = len(book.files.names())
    if files > limits.files:
        message = f"the folder has {files:,} files; the limit here is {limits.files:,}"
        yield Diagnostic.of("too-many-files", message, hint="give the folder of the book alone")
    characters = sum(len(each.text) for each in iter_chapters(book.items))
    if characters > limits.characters:
        message = f"the chapters have {characters:,} characters together; the limit here is {limits.characters:,}"
        yield Diagnostic.of("book-too-large", message, hint="divide the book into volumes")


def too_many_links(documents: Iterable[ContentDocument], limits: Limits) -> tuple[Diagnostic, ...]:
    """The error of a book that has more links and pictures than it may."""
    count = sum(len(each.links) + len(each.images) for each in documents)
    if count <= limits.links:
        return ()
    message = f"the book has {count:,} links and pictures; the limit here is {limits.links:,}"
    return (Diagnostic.of("book-too-large", message, hint="divide the book into volumes"),)
