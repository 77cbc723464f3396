"""A cover drawn from the book's words, for a book that has none: 1562 × 2500 pixels, the same each time."""

from __future__ import annotations

from pathlib import Path

from chapbook.diagnostics import Diagnostic
from chapbook.imaging.commission import Commission, Wording
from chapbook.imaging.compositions import COMPOSITIONS, patterned_paper
from chapbook.imaging.sheet import Chance
from chapbook.imaging.encoding import encode_jpeg
from chapbook.imaging.fitted import FittedImage, fitted
from chapbook.imaging.fonts import FONT_FOLDERS, Cut, FontCase
from chapbook.imaging.lettering import Compositor
from chapbook.imaging.palette import palette_of
from chapbook.imaging.runs import shown_text
from chapbook.metadata import Metadata

__all__ = ["draw_cover"]

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
    written = {
        "title": metadata.title,
        "subtitle": metadata.subtitle,
        "authors": _authors(metadata),
        "series": _series(metadata),
    }
    shown: dict[str, str] = {}
    missing: dict[str, None] = {}
    for key, text in written.items():
        shown[key], lacking = shown_text(text[:_LONGEST], Cut("serif"), case)
        missing.update(dict.fromkeys(lacking))
    return Wording(**shown), _warnings("".join(missing))


def _authors(metadata: Metadata) -> str:
    written = [each.name for each in metadata.authors if each.role == "aut"]
    names = [" ".join(name.split()) for name in written or [each.name for each in metadata.authors]]
    comma = "、" if metadata.language.lower().startswith(("ja", "zh")) else ", "
    return comma.join(name for name in names[:_MOST_AUTHORS] if name) + (" …" if len(names) > _MOST_AUTHORS else "")


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
