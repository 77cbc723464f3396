"""The cover that chapbook draws for a book without one: words and colours, drawn by the composition of its theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageDraw

from chapbook.assets.file_formats import FittedImage
from chapbook.assets.pixels import encode_jpeg
from chapbook.colour.colour import Colour, Palette, parse_colour
from chapbook.covers.breaking import shown_text
from chapbook.covers.lettering import Align, Compositor, SetText, Style
from chapbook.covers.sheet import SeededNumbers
from chapbook.covers.typefaces import FONT_FOLDERS, Cut, FontCase
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.hooks import HOOKS, Hooks, load
from chapbook.model.labels import label
from chapbook.model.metadata import Metadata

__all__ = ["Column", "Composition", "CoverBrief", "Wording", "draw_cover", "palette_of", "small_capitals"]

_NO_BREAK = "\u00a0"
_ONE_LINE = 0.62
"""Share of the largest size down to which the names stay on one line."""


class Wording(Struct, frozen=True, kw_only=True):
    """The words on a cover; empty ones are left out."""

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    series: str = ""
    comma: str = ", "
    """The separator between two authors."""


class CoverBrief(Struct, frozen=True, kw_only=True):
    """Everything that decides how a cover looks, except its composition."""

    wording: Wording
    palette: Palette
    compositor: Compositor
    numbers: SeededNumbers
    """Random numbers for this book."""
    series_numbers: SeededNumbers
    """The same for all volumes of a series."""

    def title(self, style: Style, width: float, height: float) -> SetText:
        """The title, set in `width` × `height` pixels."""
        return self.compositor.fit(self.wording.title, style, width, height)

    def subtitle(self, style: Style, width: float, height: float) -> SetText:
        """The subtitle, set in `width` × `height` pixels."""
        return self.compositor.fit(self.wording.subtitle, style, width, height)

    def series(self, style: Style, width: float, height: float) -> SetText:
        """The series and the number in it, set in `width` × `height` pixels."""
        return self.compositor.fit(self.wording.series, style, width, height)

    def authors(self, style: Style, width: float, height: float) -> SetText:
        """The authors: on one line if that isn't too small, else broken between names."""
        names = [name.replace(" ", _NO_BREAK) for name in self.wording.authors]
        text = self.wording.comma.join(names)
        least = max(style.smallest, round(style.largest * _ONE_LINE))
        one_line = replace(style, most_lines=1, smallest=least, comfortable=least)
        found = self.compositor.fit_whole(text, one_line, width, height)
        found = found or self.compositor.fit_whole(text, replace(style, comfortable=style.smallest), width, height)
        return found or self.compositor.fit(text.replace(_NO_BREAK, " "), style, width, height)


Composition = Callable[[CoverBrief], Image.Image]


class Column(Struct, frozen=True):
    """A column for text: its left edge or middle is at `x`, its width is `width` pixels."""

    image: Image.Image
    compositor: Compositor
    x: float
    width: float
    align: Align

    def put(self, text: SetText, top: float, colour: Colour) -> float:
        """Draws `text` with the top of its ink at `top`. Returns the y below its ink."""
        align, x = self.align, self.x
        if align == "left" and text.right_to_left:
            align, x = "right", x + self.width
        self.compositor.draw(ImageDraw.Draw(self.image), text, (x, top), colour.hex, align)
        return top + text.height

    def put_up(self, text: SetText, bottom: float, colour: Colour) -> None:
        """Draws `text` with the bottom of its ink at `bottom`."""
        self.put(text, bottom - text.height, colour)


def small_capitals(family: str, largest: int, weight: int) -> Style:
    """A style of widely spaced capitals, for names and series."""
    cut = Cut(family, weight)
    return Style(cut=cut, largest=largest, smallest=largest // 2, capitals=True, tracking=0.11, leading=1.42)


_ACCENTS = (
    "#1f4e5f",
    "#7a2e35",
    "#27406b",
    "#3c5a40",
    "#5b3a66",
    "#a05a1c",
    "#37474f",
    "#8a3b57",
    "#1d6a5b",
    "#6b4a2f",
)
"""Colours for books without an accent, chosen by title."""


def palette_of(accent: str, numbers: SeededNumbers) -> Palette:
    """The palette of `accent`, a CSS colour; if it isn't one, `numbers` picks a colour."""
    given = parse_colour(accent) if accent else None
    picked = parse_colour(_ACCENTS[numbers.whole(0, len(_ACCENTS) - 1)])
    return Palette(given or picked or Colour(0x27, 0x40, 0x6B))


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
    return FittedImage.of("JPEG", _encoded(image), image.size, changed=True, warnings=warnings)


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
