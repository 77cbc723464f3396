"""A picture made fit for the book, from the cache where it was before."""

from __future__ import annotations

from dataclasses import asdict

from chapbook.building.entries import diagnostics_of, joined_entry, split_entry, tool_versions
from chapbook.cache import Cache, key_of
from chapbook.imaging.fitted import FittedImage
from chapbook.settings import ImageLimits

__all__ = ["fitted_image"]


def fitted_image(data: bytes, limits: ImageLimits, cache: Cache | None) -> FittedImage:
    """As imaging's fit_image; what it had to change is kept. Raises ImageError."""
    key = key_of("picture", tool_versions(), repr(limits), data) if cache else ""
    entry = cache.read(key) if cache else None
    kept = _image_of(entry, data) if entry is not None else None
    if kept:
        return kept
    from chapbook.imaging.image import fit_image  # noqa: PLC0415 - Pillow is heavy; many books have no picture

    image = fit_image(data, limits)
    if cache:
        values = asdict(image)
        made = values.pop("data") if image.changed else b""
        cache.write(key, joined_entry({key: value for key, value in values.items() if key != "data"}, made))
    return image


def _image_of(entry: bytes, given: bytes) -> FittedImage | None:
    """The picture of an entry: one that ships as it was `given` is not kept twice."""
    try:
        values, data = split_entry(entry)
        warnings = diagnostics_of(values.pop("warnings"))
        return FittedImage(**values, data=data if values["changed"] else given, warnings=warnings)  # type: ignore[arg-type]  # as they were written
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
