"""The fonts of a drawn cover: two families from chapbook's dependencies, and the host's for other scripts.

EB Garamond and Inter (SIL Open Font Licence) have Latin, Greek and Cyrillic, so such covers are the same on all
machines. For other scripts chapbook searches the usual font folders in a fixed order.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace
from PIL import ImageFont, features

from chapbook.assets.sfnt import Coverage, package_fonts, read_coverages

__all__ = ["FONT_FOLDERS", "Cut", "Face", "FontCase"]

FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path("C:/Windows/Fonts"),
)
_PACKAGES = (
    "fontpkg_noto_serif",
    "fontpkg_noto_sans",
    "fontpkg_noto_sans_arabic",
    "fontpkg_noto_sans_devanagari",
    "fontpkg_noto_sans_tamil",
    "fontpkg_noto_sans_telugu",
    "fontpkg_noto_sans_khmer",
    "fontpkg_noto_sans_thai",
)
"""Python packages with fonts, searched before the host's folders if installed."""
_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_MAX_FILES = 20_000
_MAX_SEARCHED = 1000
"""The most fonts examined for one cover, best first: a missing emoji must not cost a minute."""
_UNFIT = ("emoji", "mono", "italic", "oblique", "condensed", "narrow", "lastresort", "fallback", "symbol", "thin")
"""Words in a file name that make the font a last choice for a title."""
_KNOWN = MappingProxyType(
    {
        "serif": (
            "notoserif",
            "sourcehanserif",
            "hiraginomincho",
            "yumin",
            "batang",
            "simsun",
            "notosans",
            "dejavuserif",
        ),
        "sans": (
            "notosans",
            "sourcehansans",
            "hiragino",
            "yugoth",
            "malgun",
            "msyh",
            "nirmala",
            "notoserif",
            "dejavusans",
        ),
    }
)
"""Beginnings of names of families that go well with each of chapbook's, best first."""
_FORMS = re.compile(r"(?:JP|KR|SC|TC|HK)(?![a-z])")
_BOLD = 600
_HAN = (
    ("ja", ("JP", 0)),
    ("ko", ("KR", 1)),
    ("zh-hant", ("TC", 3)),
    ("zh-tw", ("TC", 3)),
    ("zh-hk", ("HK", 4)),
    ("zh", ("SC", 2)),
)
"""For each language, the word in a font's name for its forms of Chinese characters, and the index in Noto's collections
(Japanese, Korean, simplified, Taiwan, Hong Kong).
"""


class Cut(Struct, frozen=True):
    """A cut of one of the two families; `weight` is 400 to 800 (serif) or 100 to 900 (sans)."""

    family: str
    """``serif`` or ``sans``."""
    weight: int = 400
    italic: bool = False


class Face(Struct, frozen=True):
    """A face in a font file, with its position on the variation axes (none for a static font)."""

    path: Path
    index: int = 0
    axes: tuple[float, ...] = ()
    coverage: Coverage = Coverage((), ())

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The face at `size` pixels per em. Raises OSError if FreeType can't use the file at that size."""
        engine = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
        font = ImageFont.truetype(self.path, size, index=self.index, layout_engine=engine)
        if self.axes:
            font.set_variation_by_axes(list(self.axes))
        return font


_FILES = {
    ("serif", False): ("fontpkg_eb_garamond", "EBGaramond[wght].ttf"),
    ("serif", True): ("fontpkg_eb_garamond", "EBGaramond-Italic[wght].ttf"),
    ("sans", False): ("fontpkg_inter", "Inter[opsz,wght].ttf"),
    ("sans", True): ("fontpkg_inter", "Inter-Italic[opsz,wght].ttf"),
}
_DISPLAY_SIZE = 32.0
"""Inter's optical size for large letters."""


class FontCase(Struct):
    """The faces for one cover; remembers what it has looked up."""

    language: str = "en"
    folders: tuple[Path, ...] = FONT_FOLDERS
    _cuts: dict[Cut, Face] = field(default_factory=dict)
    _spare: dict[tuple[str, bool], _Search] = field(default_factory=dict)
    _found: dict[tuple[str, Cut], Face | None] = field(default_factory=dict)

    def face(self, cut: Cut) -> Face:
        """The face of `cut`."""
        if cut not in self._cuts:
            package, name = _FILES[cut.family, cut.italic]
            path = package_fonts(package) / name
            axes = (_DISPLAY_SIZE, float(cut.weight)) if cut.family == "sans" else (float(cut.weight),)
            self._cuts[cut] = Face(path, 0, axes, read_coverages(path)[0])
        return self._cuts[cut]

    def face_for(self, character: str, cut: Cut) -> Face | None:
        """A face that has `character`: that of `cut`, else the host's first; ``None`` if no face has it."""
        key = (character, cut)
        if key not in self._found:
            self._found[key] = self._look(character, cut)
        return self._found[key]

    def _look(self, character: str, cut: Cut) -> Face | None:
        for each in (cut, replace(cut, italic=False), *_elsewhere(cut)):
            if self.face(each).coverage.has(character):
                return self.face(each)
        kind = (cut.family, cut.weight >= _BOLD)
        if kind not in self._spare:
            self._spare[kind] = _Search(_spare_faces(self.folders, self.language, *kind))
        return self._spare[kind].find(character)


def _elsewhere(cut: Cut) -> tuple[Cut, ...]:
    """The nearest cut of the other family, which has a few characters that this one lacks."""
    if cut.family == "sans":
        return (Cut("serif", min(800, max(400, cut.weight))),)
    return (Cut("sans", cut.weight),)


class _Search(Struct):
    """The host's faces in the order in which they are tried; remembers the ones already read."""

    unseen: Iterator[Face]
    seen: list[Face] = field(default_factory=list)

    def find(self, character: str) -> Face | None:
        for face in self.seen:
            if face.coverage.has(character) and _usable(face):
                return face
        for face in self.unseen:
            self.seen.append(face)
            if face.coverage.has(character) and _usable(face):
                return face
        return None


def _spare_faces(folders: tuple[Path, ...], language: str, family: str, bold: bool) -> Iterator[Face]:  # noqa: FBT001 - a kind is a pair
    forms, place = next((words for tag, words in _HAN if language.lower().startswith(tag)), ("SC", 2))
    for path in islice(_spare_files(folders, lambda path: _preference(path, forms, family, bold=bold)), _MAX_SEARCHED):
        coverages = read_coverages(path)
        faces = [Face(path, index, (), coverage) for index, coverage in enumerate(coverages)]
        yield from sorted(faces, key=lambda face: face.index != place)


def _spare_files(folders: tuple[Path, ...], preference: Callable[[Path], tuple[object, ...]]) -> Iterator[Path]:
    for package in _PACKAGES:
        if find_spec(package) is not None:
            yield from sorted(package_fonts(package).glob("*.ttf"), key=lambda path: "Italic" in path.name)
    for folder in folders:
        yield from sorted(_font_files(folder), key=preference)


def _font_files(folder: Path) -> Iterator[Path]:
    count = 0
    for place, _, names in os.walk(folder):
        for name in names:
            if Path(name).suffix.lower() in _SUFFIXES:
                count += 1
                if count > _MAX_FILES:
                    return
                yield Path(place, name)


def _preference(path: Path, forms: str, family: str, *, bold: bool) -> tuple[object, ...]:
    """The sort key for trying fonts: text fonts first, then known families, then by name."""
    stem = path.stem.lower().replace("-", "")
    known = _KNOWN[family]
    rank = next((place for place, name in enumerate(known) if stem.startswith(name)), len(known))
    own_forms = _FORMS.search(path.stem)
    other_forms = own_forms is not None and own_forms[0] != forms
    right_weight = ("bold" in stem and "semi" not in stem and "extra" not in stem) if bold else "regular" in stem
    return (any(word in stem for word in _UNFIT), other_forms, rank, not right_weight, path.name, str(path))


def _usable(face: Face) -> bool:
    """Whether FreeType can draw the face at all sizes; it can't for bitmap fonts (colour emoji)."""
    try:
        face.at(97)
    except OSError:
        return False
    return True
