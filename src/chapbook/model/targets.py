"""The one table of targets: what each store or reading system breaks on, and what chapbook then does.

A pass for a target is a row in model/hooks.py; what concerns the whole book is a field here. The docs print the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

__all__ = ["CHANGES", "GENERIC", "TARGETS", "Rule", "Target", "TargetName"]

TargetName = Literal["generic", "kindle", "kobo", "apple", "google"]


class Rule(Struct, frozen=True):
    """Something that a target breaks on, what chapbook does about it, and who says so."""

    breaks: str
    does: str
    source: str


class Target(Struct, frozen=True, kw_only=True):
    """A store or reading system that a book is built for."""

    title: str
    """As people call it."""
    rules: tuple[Rule, ...] = ()
    mark: str = ""
    """What the names of its files have after the book's own name."""
    suffix: str = ".epub"
    toc_levels: int = 0
    """The most levels of the table of contents; 0: as many as there are."""
    most_bytes: int = 0
    """Of the whole file; 0: no limit is known."""
    max_side: int = 0
    """Pixels of a picture's longer side; 0: only the book's own limits hold."""
    svg: bool = True
    """Whether it shows SVG; otherwise drawings become PNG."""
    animations: bool = True
    """Whether it takes pictures that move."""
    needs_version: bool = False
    """Whether the package document gives the edition as ``ibooks:version``."""
    has_spans: bool = False
    """Whether the file is a KEPUB."""


CHANGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "scene-break": ("scene break as text ('* * *')", "scene breaks as text ('* * *')"),
        "formula-text": ("formula as text", "formulas as text"),
        "formula-picture": ("formula as a picture", "formulas as pictures"),
        "drawing": ("drawing as a picture", "drawings as pictures"),
    }
)
"""What passes change, by its name: the words for one and for several."""

_KDP = "KDP help"
_KPG = "Kindle Publishing Guidelines 2019.2"
_KOBO = "kobolabs/epub-spec, 25 August 2025"
_KEPUBIFY = "kepubify 4, `kepub/transform.go`"
_AAG = "Apple Books Asset Guide 5.3"
_GPB = "Google Play Books partner help"

GENERIC = Target(title="any reading system")

TARGETS: Mapping[TargetName, Target] = MappingProxyType(
    {
        "generic": GENERIC,
        "kindle": Target(
            title="Kindle",
            mark="-kindle",
            toc_levels=2,
            most_bytes=650_000_000,
            svg=False,
            animations=False,
            rules=(
                Rule(
                    "menus show two levels of the table of contents",
                    "deeper entries move up to the second level, in the navigation document and the NCX; none goes",
                    f"{_KPG}, section 5.2",
                ),
                Rule(
                    "MathML is shown in part",
                    "a simple formula becomes text (`x<sub>i</sub> = a/b`), any other a PNG with its TeX as alt text",
                    _KPG,
                ),
                Rule(
                    "Enhanced Typesetting takes GIF, JPEG and PNG, and no words in SVG",
                    "SVG, as a file and within the text, becomes PNG",
                    _KPG,
                ),
                Rule("pictures that move are refused", "a GIF becomes a still picture", f"{_KDP}, G75V4YX5X8GRGXWV"),
                Rule(
                    "a rule between scenes is drawn by a style sheet that the reader's app may not follow",
                    "a scene break becomes the text `* * *`",
                    "chapbook's own choice",
                ),
                Rule(
                    "style sheets that show each row of a wide table as a block have no effect",
                    "a table stays a table, which the reader can open on its own; one of the class `cards` is still "
                    "written as cards",
                    f"{_KDP}, GZ8BAXASXKB5JVML",
                ),
                Rule(
                    "tables of more than 100 rows or 10 columns, and tables within tables",
                    "a warning (`target-doubtful`)",
                    f"{_KDP}, GZ8BAXASXKB5JVML",
                ),
                Rule("alt text of more than 140 characters", "a warning (`target-doubtful`)", _KPG),
                Rule(
                    "audio, video and negative margins turn Enhanced Typesetting off",
                    "a warning (`target-doubtful`)",
                    _KPG,
                ),
                Rule("a file of more than 650 MB", "a warning (`target-doubtful`)", _KDP),
            ),
        ),
        "kobo": Target(
            title="Kobo",
            suffix=".kepub.epub",
            most_bytes=1_000_000_000,
            has_spans=True,
            rules=(
                Rule(
                    "a side-loaded file opens in Kobo's own engine only by its name",
                    "the file is named `TITLE.kepub.epub`",
                    _KOBO,
                ),
                Rule(
                    "highlights, bookmarks and the place in the book hang on Kobo's spans",
                    "each sentence and each picture stands in a `span.koboSpan` with the id `kobo.P.S`",
                    _KEPUBIFY,
                ),
                Rule(
                    "pages are laid out in two divisions around the text",
                    "`div#book-columns` and `div#book-inner` enclose the body, with kepubify's style sheet for them",
                    _KEPUBIFY,
                ),
                Rule("a book of more than 1 GB", "a warning (`target-doubtful`)", _KOBO),
            ),
        ),
        "apple": Target(
            title="Apple Books",
            mark="-apple",
            most_bytes=2_000_000_000,
            needs_version=True,
            rules=(
                Rule(
                    "readers are told of a new edition by `ibooks:version`, which always has to rise",
                    "an `edition` of one to three numbers (`2`, `1.2.0`) is given as `ibooks:version`; another one is "
                    "named (`target-doubtful`)",
                    f"{_AAG}, itc511891543",
                ),
                Rule(
                    "embedded fonts are ignored without `ibooks:specified-fonts`",
                    "a book with fonts has it (in the generic book too)",
                    _AAG,
                ),
                Rule(
                    "pictures of more than 5.6 million pixels",
                    "larger ones are made smaller (in the generic book too)",
                    f"{_AAG}, itca71ad3c33",
                ),
                Rule("a file of more than 2 GB", "a warning (`target-doubtful`)", _AAG),
            ),
        ),
        "google": Target(
            title="Google Play Books",
            mark="-google",
            most_bytes=2_000_000_000,
            max_side=3200,
            animations=False,
            rules=(
                Rule(
                    "SVG of more than 3,200 pixels a side, and pictures in it",
                    "larger files are made smaller, other pictures too; the cover may have up to 7,200",
                    f"{_GPB}, 3316879",
                ),
                Rule("pictures that move", "a GIF becomes a still picture", f"{_GPB}, 3316879"),
                Rule(
                    "a book without its cover inside",
                    "the cover is in the file (in the generic book too)",
                    f"{_GPB}, 3424254",
                ),
                Rule("a file of more than 2 GB", "a warning (`target-doubtful`)", f"{_GPB}, 3424254"),
            ),
        ),
    }
)
