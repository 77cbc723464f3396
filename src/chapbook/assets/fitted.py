"""FittedImage, a picture ready for the book, and ImageError, which says why a picture can't be used."""

from __future__ import annotations

from collections.abc import Callable

from chapbook.assets.sniff import FORMATS
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.value import Value

__all__ = ["Fit", "FittedImage", "ImageError", "damaged", "fitted", "too_large"]


class FittedImage(Value, frozen=True, kw_only=True):
    """A picture as it goes into the book. Its size is in pixels (0 × 0 for an SVG without a size)."""

    data: bytes
    suffix: str
    """``.jpg``, ``.png``, ``.gif`` or ``.svg``: that of the content."""
    media_type: str
    changed: bool
    """Whether `data` differs from what was given."""
    width: int
    height: int
    animated: bool = False
    """Whether it is animated; KDP refuses such pictures."""
    see_through: bool = False
    """Whether it is transparent and dark, so that a dark page would hide it."""
    warnings: tuple[Diagnostic, ...] = ()
    """What the author should know, without a place; the caller adds it."""


Fit = Callable[[bytes], FittedImage]
"""Makes a picture of a file's bytes. Raises ImageError."""


class ImageError(ChapbookError):
    """Raised if the bytes can't be made into a picture; has one diagnostic, without a place."""

    @property
    def diagnostic(self) -> Diagnostic:
        return self.diagnostics[0]


def damaged(message: str, hint: str) -> ImageError:
    """The error for bytes that aren't a picture or can't be decoded."""
    return ImageError(Diagnostic.of("image-damaged", message, hint=hint))


def too_large(message: str, hint: str) -> ImageError:
    """The error for a picture that exceeds a limit and can't be made small enough."""
    return ImageError(Diagnostic.of("image-too-large", message, hint=hint))


def fitted(
    name: str,
    data: bytes,
    size: tuple[int, int],
    *,
    changed: bool,
    animated: bool = False,
    see_through: bool = False,
    warnings: tuple[Diagnostic, ...] = (),
) -> FittedImage:
    """Makes a FittedImage of `data`, of the format `name` (a key of FORMATS) and of `size` pixels."""
    kind = FORMATS[name]
    return FittedImage(
        data=data,
        suffix=kind.suffix,
        media_type=kind.media_type,
        changed=changed,
        animated=animated,
        see_through=see_through,
        width=size[0],
        height=size[1],
        warnings=warnings,
    )
