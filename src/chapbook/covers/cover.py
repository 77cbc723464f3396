"""The cover: fits the author's own for the stores, or draws one.

Stores ask for RGB, JPEG or PNG, at most 5.6 million pixels inside the book (Apple), at least 1,400 pixels on the short
side, taller than wide.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from PIL import Image

from chapbook.assets.encoding import Bounds, encode_jpeg, encode_within, is_drawing
from chapbook.assets.fitted import FittedImage, ImageError, fitted
from chapbook.assets.image import picture_format
from chapbook.assets.pixels import flattened, has_transparency, normalised, size_within, upright
from chapbook.assets.raster import Raster, decode, read_raster
from chapbook.assets.sniff import Format
from chapbook.covers.breaking import shown_text
from chapbook.covers.brief import CoverBrief, Wording, palette_of
from chapbook.covers.lettering import Compositor
from chapbook.covers.sheet import SeededNumbers
from chapbook.covers.typefaces import FONT_FOLDERS, Cut, FontCase
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.hooks import HOOKS, Hooks, load
from chapbook.model.labels import label
from chapbook.model.metadata import Metadata
from chapbook.model.settings import ImageLimits

__all__ = ["draw_cover", "fit_cover"]


_MAX_PIXELS = 5_600_000
_MAX_SIDE = 4096
_SHORT_SIDE = 1400
_GIVEN = frozenset({"JPEG", "PNG"})


def fit_cover(data: bytes, limits: ImageLimits) -> FittedImage:
    """Returns the cover `data` as it goes into the book: unchanged if stores accept it, else converted or scaled down.

    Its warnings are ``cover-small`` and ``cover-shape``; covers are never enlarged. Raises ImageError
    (``cover-invalid``) if `data` isn't a readable pixel image.
    """
    try:
        kind = picture_format(data)
        if kind.name == "SVG":
            raise _invalid(
                "the cover is an SVG, and stores don't accept those", "save it as JPEG or PNG, 1600 × 2560 pixels"
            )
        raster = read_raster(kind.name, data, limits.read_pixels)
        made = _as_it_is(raster, kind, limits) or _converted(raster, limits)
    except ImageError as error:
        raise _as_cover(error) from error
    return replace(made, warnings=_warnings(raster))


def _as_cover(error: ImageError) -> ChapbookError:
    """The same error as an error of the cover, which stops the book."""
    fault = error.diagnostic
    message = fault.message.replace("the picture", "the cover").replace("the file", "the cover")
    return _invalid(message, fault.hint or "") if fault.code != "cover-invalid" else error


def _invalid(message: str, hint: str) -> ImageError:
    return ImageError(Diagnostic.of("cover-invalid", message, hint=hint))


def _as_it_is(raster: Raster, kind: Format, limits: ImageLimits) -> FittedImage | None:
    size = (raster.width, raster.height)
    upright_rgb = raster.exif.orientation == 1 and raster.mode == "RGB" and not raster.animated
    if kind.name not in _GIVEN or not upright_rgb or size_within(size, **_extent(limits)) != size:
        return None
    data = raster.bare if raster.exif.located or len(raster.data) > limits.max_bytes else raster.data
    if len(data) > limits.max_bytes or has_transparency(decode(raster)):
        return None
    return fitted(kind.name, data, size, changed=data is not raster.data)


def _extent(limits: ImageLimits) -> dict[str, int]:
    return {"max_pixels": min(_MAX_PIXELS, limits.max_pixels), "max_side": _MAX_SIDE}


def _converted(raster: Raster, limits: ImageLimits) -> FittedImage:
    size = size_within((raster.width, raster.height), **_extent(limits))
    decoded = decode(raster, at_least=size)
    image = flattened(normalised(upright(decoded, raster.exif.orientation)))
    bounds = Bounds(max_bytes=limits.max_bytes, quality=limits.quality, **_extent(limits))
    return encode_within(image, bounds, drawing=is_drawing(raster.name, image))


def _warnings(raster: Raster) -> tuple[Diagnostic, ...]:
    turned = raster.exif.orientation > 4  # noqa: PLR2004 - orientations 5 to 8 lie on their side
    width, height = (raster.height, raster.width) if turned else (raster.width, raster.height)
    found = []
    if min(width, height) < _SHORT_SIDE:
        message = f"the cover is {width} × {height} pixels; stores ask for at least {_SHORT_SIDE} on the short side"
        found.append(Diagnostic.of("cover-small", message, hint="use one of 1600 × 2560 pixels"))
    if width > height:
        message = f"the cover is wider than tall: {width} × {height} pixels"
        found.append(Diagnostic.of("cover-shape", message, hint="use one of 1600 × 2560 pixels"))
    return tuple(found)


_QUALITIES = (90, 86, 82, 78, 74, 70, 66, 60)
_LIGHT = 350_000
"""Bytes: a store charges delivery by the megabyte, and the cover is most of a novel's size."""
_LONGEST = 400
"""The most characters of each text on a cover."""
_MOST_AUTHORS = 12


def draw_cover(
    metadata: Metadata,
    *,
    shown: Metadata | None = None,
    theme: str,
    accent: str = "",
    hooks: Hooks = HOOKS,
    font_folders: tuple[Path, ...] = FONT_FOLDERS,
) -> FittedImage:
    """Draws the cover for the book that `metadata` describes, with the code in `hooks` for `theme`.

    `shown` is the metadata with the words as readers see them; pattern and colour depend only on `metadata`. An unknown
    theme gets a neutral cover. If `accent` isn't a colour, the title decides. Latin, Greek and Cyrillic look the same
    on all machines; for other scripts chapbook searches `font_folders`, and leaves out letters that no font has, with a
    warning (``cover-font-missing``).
    """
    case = FontCase(metadata.language, font_folders)
    wording, warnings = _wording(shown or metadata, case)
    names = "\n".join(author.name for author in metadata.authors)
    numbers = SeededNumbers(f"{metadata.title}\n{metadata.subtitle}\n{names}")
    family = SeededNumbers(metadata.series.name if metadata.series else metadata.title)
    brief = CoverBrief(
        wording=wording,
        palette=palette_of(accent, numbers),
        compositor=Compositor(case),
        numbers=numbers,
        series_numbers=family,
    )
    image = load(hooks.covers.get(theme, hooks.plain_cover))(brief)
    return fitted("JPEG", _encoded(image), image.size, changed=True, warnings=warnings)


def _encoded(image: Image.Image) -> bytes:
    """`image` as a JPEG of the best quality that is small enough; only fine patterns need a lower one."""
    for quality in _QUALITIES:
        data = encode_jpeg(image, quality)
        if len(data) <= _LIGHT:
            break
    return data


def _wording(metadata: Metadata, case: FontCase) -> tuple[Wording, tuple[Diagnostic, ...]]:
    texts = (metadata.title, metadata.subtitle, _series(metadata), *_authors(metadata))
    shown = [shown_text(text[:_LONGEST], Cut("serif"), case) for text in texts]
    title, subtitle, series, *authors = (text for text, _ in shown)
    wording = Wording(
        title=title,
        subtitle=subtitle,
        series=series,
        authors=tuple(name for name in authors if name),
        comma=label("list-comma", metadata.language),
    )
    missing = dict.fromkeys(character for _, lacking in shown for character in lacking)
    return wording, _missing_letters("".join(missing))


def _authors(metadata: Metadata) -> tuple[str, ...]:
    """The book's authors; if it has none, its other contributors."""
    written = [each.name for each in metadata.people if each.role == "aut"]
    names = written or [each.name for each in metadata.people]
    return (*names[:_MOST_AUTHORS], "…") if len(names) > _MOST_AUTHORS else tuple(names)


def _series(metadata: Metadata) -> str:
    if metadata.series is None:
        return ""
    return " · ".join(part for part in (metadata.series.name.strip(), metadata.series.index.strip()) if part)


def _missing_letters(missing: str) -> tuple[Diagnostic, ...]:
    if not missing:
        return ()
    some = " ".join(f"'{character}'" for character in missing[:6]) + (" …" if len(missing) > 6 else "")  # noqa: PLR2004
    return (
        Diagnostic.of(
            "cover-font-missing",
            f"no installed font has {some} of the cover's letters, so chapbook leaves them out",
            hint="install a font for the script (for example from the Noto family), or give a cover",
        ),
    )
