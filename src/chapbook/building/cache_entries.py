"""Stores content documents and pictures as cache entries: plain data, never code."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from msgspec import DecodeError, Struct, msgpack
from msgspec.structs import replace

from chapbook.assets.file_formats import FittedImage
from chapbook.building.cache_versions import tool_versions
from chapbook.cache import Cache, key_of
from chapbook.model.hooks import Hooks
from chapbook.model.metadata import Metadata
from chapbook.model.settings import ImageLimits, Settings

__all__ = ["drawn_cover", "entry_of", "fitted_image", "is_drawn_alike", "kept_cover", "value_of"]

Value = TypeVar("Value", bound=Struct)


def entry_of(value: Struct) -> bytes | None:
    """Encodes a value; the same value gives the same bytes. ``None`` if it contains anything but plain data."""
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError):  # an object, a lone surrogate, a number too large
        return None


def value_of(entry: bytes, kind: type[Value]) -> Value | None:
    """Decodes an entry as a value of the type `kind`; ``None`` if it isn't one."""
    try:
        return msgpack.decode(entry, type=kind)
    except (DecodeError, RecursionError):
        return None


_ENCODER = msgpack.Encoder(order="deterministic")


_COMMON = re.compile(r"[\x20-\u024f\u0391-\u03c9\u0410-\u0451\u2010-\u2026]*")
"""Letters of Latin, Greek and Cyrillic, and punctuation."""


def fitted_image(data: bytes, limits: ImageLimits, cache: Cache | None) -> FittedImage:
    """Like `image.fit_image`, but caches the pictures that it had to change. Raises ImageError."""
    key = key_of("picture", tool_versions(), repr(limits), data) if cache else ""
    kept = _image_of(cache.read(key), data) if cache else None
    if kept:
        return kept
    from chapbook.assets.image import fit_image  # noqa: PLC0415 - Pillow is heavy; many books have no picture

    image = fit_image(data, limits)
    _keep(cache, key, image)
    return image


def drawn_cover(
    metadata: Metadata,
    shown: Metadata,
    settings: Settings,
    hooks: Hooks,
    cache: Cache | None,
    *,
    host_fonts: bool = True,
) -> FittedImage:
    """Like `cover.draw_cover` for the book's theme, but cached where `kept_cover` can return it."""
    kept = kept_cover(metadata, shown, settings, hooks, cache)
    if kept:
        return kept
    from chapbook.covers.cover import draw_cover  # noqa: PLC0415 - Pillow is heavy, and the cover may be kept

    theme, accent = _theme(settings), settings.accent
    folders: dict[str, Any] = {} if host_fonts else {"font_folders": ()}
    image = draw_cover(metadata, shown=shown, theme=theme, accent=accent, hooks=hooks, **folders)
    if hooks.is_own() and is_drawn_alike(repr(shown)):
        _keep(cache, _cover_key(metadata, shown, settings, hooks), image)
    return image


def kept_cover(
    metadata: Metadata, shown: Metadata, settings: Settings, hooks: Hooks, cache: Cache | None
) -> FittedImage | None:
    """The drawn cover from the cache, or ``None``.

    Only covers whose letters are all in chapbook's own fonts are cached: other scripts depend on the machine's fonts.
    """
    if cache is None or not hooks.is_own() or not is_drawn_alike(repr(shown)):
        return None
    return _image_of(cache.read(_cover_key(metadata, shown, settings, hooks)), b"")


def is_drawn_alike(words: str) -> bool:
    """Whether a cover with these `words` looks the same on all machines: chapbook's own fonts have all the letters."""
    return _COMMON.fullmatch(words) is not None


def _cover_key(metadata: Metadata, shown: Metadata, settings: Settings, hooks: Hooks) -> str:
    drawing = hooks.covers.get(_theme(settings), hooks.plain_cover)
    return key_of("cover", tool_versions(), repr(metadata), repr(shown), _theme(settings), drawing, settings.accent)


def _theme(settings: Settings) -> str:
    """The theme's name; empty if the theme is the user's own folder."""
    return settings.theme if isinstance(settings.theme, str) else ""


def _keep(cache: Cache | None, key: str, image: FittedImage) -> None:
    entry = entry_of(image if image.changed else replace(image, data=b""))
    if cache and entry:
        cache.write(key, entry)


def _image_of(entry: bytes | None, given: bytes) -> FittedImage | None:
    """The picture of an entry; a picture that ships unchanged (`given`) isn't stored again."""
    image = None if entry is None else value_of(entry, FittedImage)
    return image if image is None or image.changed else replace(image, data=given)
