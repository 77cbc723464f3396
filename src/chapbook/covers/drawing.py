"""A cover drawn from the book's words, for a book that has none: 1562 × 2500 pixels, the same each time."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from chapbook.assets.encoding import encode_jpeg
from chapbook.assets.fitted import FittedImage, fitted
from chapbook.covers.academic import academic
from chapbook.covers.breaking import shown_text
from chapbook.covers.brief import Commission, Composition, Wording, palette_of
from chapbook.covers.classic import classic
from chapbook.covers.fonts import FONT_FOLDERS, Cut, FontCase
from chapbook.covers.lettering import Compositor
from chapbook.covers.minimal import minimal
from chapbook.covers.modern import modern
from chapbook.covers.paper import patterned_paper
from chapbook.covers.sheet import Chance
from chapbook.covers.verse import verse
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.metadata import Metadata

__all__ = ["COMPOSITIONS", "draw_cover"]

COMPOSITIONS: MappingProxyType[str, Composition] = MappingProxyType(
    {"classic": classic, "modern": modern, "academic": academic, "minimal": minimal, "verse": verse}
)
"""By the name of the theme that a cover goes with."""

_QUALITY = 90
_LONGEST = 400
"""Characters of each text that a cover tries to show."""
_MOST_AUTHORS = 12


def draw_cover(
    metadata: Metadata, *, theme: str, accent: str = "", font_folders: tuple[Path, ...] = FONT_FOLDERS
) -> FittedImage:
    """The cover of the book that `metadata` describes, in the manner of `theme`, in shades of `accent`.

    A theme that chapbook does not know gets a neutral one, an accent that is no colour one by the title.
    Latin, Greek and Cyrillic look the same on every machine; for other scripts `font_folders` are searched,
    and what no font there has is left out with a warning (``cover-font-missing``).
    """
    case = FontCase(metadata.language, font_folders)
    wording, warnings = _wording(metadata, case)
    names = "\n".join(author.name for author in metadata.authors)
    chance = Chance(f"{metadata.title}\n{metadata.subtitle}\n{names}")
    family = Chance(metadata.series.name if metadata.series else metadata.title)
    commission = Commission(
        wording=wording,
        palette=palette_of(accent, chance),
        compositor=Compositor(case),
        chance=chance,
        family_chance=family,
    )
    image = COMPOSITIONS.get(theme, patterned_paper)(commission)
    return fitted("JPEG", encode_jpeg(image, _QUALITY), image.size, changed=True, warnings=warnings)


def _wording(metadata: Metadata, case: FontCase) -> tuple[Wording, tuple[Diagnostic, ...]]:
    texts = (metadata.title, metadata.subtitle, _series(metadata), *_authors(metadata))
    shown = [shown_text(text[:_LONGEST], Cut("serif"), case) for text in texts]
    title, subtitle, series, *authors = (text for text, _ in shown)
    comma = "、" if metadata.language.lower().startswith(("ja", "zh")) else ", "
    wording = Wording(
        title=title, subtitle=subtitle, series=series, authors=tuple(name for name in authors if name), comma=comma
    )
    missing = dict.fromkeys(character for _, lacking in shown for character in lacking)
    return wording, _warnings("".join(missing))


def _authors(metadata: Metadata) -> tuple[str, ...]:
    """Who wrote the book; where nobody is said to have, whoever made it."""
    written = [each.name for each in metadata.authors if each.role == "aut"]
    names = written or [each.name for each in metadata.authors]
    return (*names[:_MOST_AUTHORS], "…") if len(names) > _MOST_AUTHORS else tuple(names)


def _series(metadata: Metadata) -> str:
    if metadata.series is None:
        return ""
    return " · ".join(part for part in (metadata.series.name.strip(), metadata.series.index.strip()) if part)


def _warnings(missing: str) -> tuple[Diagnostic, ...]:
    if not missing:
        return ()
    some = " ".join(f"'{character}'" for character in missing[:6]) + (" …" if len(missing) > 6 else "")  # noqa: PLR2004
    return (
        Diagnostic.of(
            "cover-font-missing",
            f"no font here has {some} of the drawn cover; they are left out",
            hint="install a font for the script (the Noto family has every one), or give a cover",
        ),
    )
