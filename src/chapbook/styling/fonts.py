"""The fonts that the book embeds: which ones are allowed, their ``@font-face`` rules, and subsets of them.

Subsets need fontTools, from the extra ``chapbook[fonts]``.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from chapbook.assets.file_formats import sniff
from chapbook.assets.sfnt import RESTRICTED, RESTRICTED_HINT, FontNames, read_font
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.names import portable
from chapbook.model.settings import FileRef, FontFile
from chapbook.styling.references import Refused
from chapbook.styling.style_folders import Asset, source_of

__all__ = ["EmbeddedFonts", "Subset", "characters_of", "embed_fonts", "need_font_tools", "subset_font"]

_FORMATS = {"font/ttf": "truetype", "font/otf": "opentype", "font/woff": "woff"}


class Subset(Struct, frozen=True, kw_only=True):
    """A font to be subset, and the place that asks for it."""

    asset: str
    """Its name in the publication, from the whole font: other text doesn't change it."""
    shown: str
    path: str | None
    at: Position | None


class EmbeddedFonts(Struct, frozen=True, kw_only=True):
    """The fonts of the ``fonts`` setting, as they go into the publication."""

    css: str = ""
    """``@font-face`` rules for a sheet in ``styles/``. They name the families that the author's sheets use."""
    assets: tuple[Asset, ...] = ()
    subsets: tuple[Subset, ...] = ()
    """Fonts to subset once the book's characters are known."""
    diagnostics: tuple[Diagnostic, ...] = ()


def embed_fonts(
    fonts: Iterable[tuple[FileRef | FontFile, Position | None]], files: Files | None, path: str | None
) -> EmbeddedFonts:
    """Packs `fonts`, each with its place in the settings file at `path`, and writes a rule for each.

    Family, weight and style come from the font. A file that isn't a font, is damaged or whose licence forbids embedding
    gives ``font-invalid``; a missing file gives ``setting-file-missing``. The font's licence is reported in a note
    (``font-licence``).
    """
    packed: list[_Packed] = []
    diagnostics: list[Diagnostic] = []
    for given, at in fonts:
        font = given if isinstance(given, FontFile) else FontFile(file=given)
        try:
            packed.append(_packed(font, files, path, at))
        except ChapbookError as error:
            diagnostics += error.diagnostics
        except Refused as error:
            diagnostics.append(Diagnostic.of(error.code, error.message, path=path, at=at, hint=error.hint))
        else:
            diagnostics += _licence_note(packed[-1].names, path, at)
    whole = {each.asset.name for each in packed if each.subset is None}
    subsets = {each.asset.name: each.subset for each in packed if each.subset and each.asset.name not in whole}
    assets = {each.asset.name: each.asset for each in packed}
    return EmbeddedFonts(
        css="".join(dict.fromkeys(_rule(each.names, each.asset) for each in packed)),
        assets=tuple(assets[name] for name in sorted(assets)),
        subsets=tuple(subsets.values()),
        diagnostics=tuple(dict.fromkeys(diagnostics)),
    )


class _Packed(Struct, frozen=True, kw_only=True):
    names: FontNames
    asset: Asset
    subset: Subset | None


def _packed(font: FontFile, files: Files | None, path: str | None, at: Position | None) -> _Packed:
    shown, content = _read(font.file, files)
    names, asset = _checked(shown, content)
    if not font.subset:
        return _Packed(names=names, asset=asset, subset=None)
    _check_subset(shown, names, asset)
    need_font_tools(path, at)
    return _Packed(names=names, asset=asset, subset=Subset(asset=asset.name, shown=shown, path=path, at=at))


def _read(reference: FileRef, files: Files | None) -> tuple[str, bytes]:
    source, path = source_of(reference, files)
    if not source.has(path):
        raise Refused("setting-file-missing", f"no file '{source.shown(path)}'")
    return source.shown(path), source.read(path)


def _checked(shown: str, content: bytes) -> tuple[FontNames, Asset]:
    kind = sniff(content)
    if kind is None or kind.role != "font":
        raise Refused("font-invalid", f"'{shown}' isn't a font", "give a TTF, OTF or WOFF file")
    if kind.media_type not in _FORMATS:
        raise Refused(
            "font-invalid", f"'{shown}' is WOFF2, which some stores don't accept", "give it as TTF, OTF or WOFF"
        )
    try:
        names = read_font(content)
    except ValueError as error:
        raise Refused("font-invalid", f"'{shown}' is {error}") from error
    if names.restricted:
        raise Refused("font-invalid", f"'{shown}' is {RESTRICTED}", RESTRICTED_HINT)
    stem = f"{portable(names.family)}-{names.weight}{'-italic' if names.italic else ''}"
    name = f"styles/assets/{stem}-{hashlib.sha256(content).hexdigest()[:8]}{kind.suffix}"
    return names, Asset(name=name, media_type=kind.media_type, data=content)


def _check_subset(shown: str, names: FontNames, asset: Asset) -> None:
    """Raises Refused for a font that must be packed whole."""
    if names.whole:
        raise Refused(
            "font-invalid",
            f"the licence of '{shown}' forbids embedding a part of it (OS/2 fsType)",
            "remove 'subset' to pack the whole font",
        )
    if asset.media_type == "font/woff":
        raise Refused(
            "font-invalid",
            f"'{shown}' is WOFF, and chapbook can't make a subset of those",
            "use TTF or OTF, or remove 'subset'",
        )


def _licence_note(names: FontNames, path: str | None, at: Position | None) -> Iterator[Diagnostic]:
    if names.licence:
        text = names.licence if len(names.licence) <= _LONGEST_LICENCE else f"{names.licence[:_LONGEST_LICENCE]}…"
        message = f"the font '{names.family}' says of its licence: '{text}'"
        yield Diagnostic.of("font-licence", message, path=path if at else None, at=at)


_LONGEST_LICENCE = 300


def _rule(names: FontNames, asset: Asset) -> str:
    family = names.family.replace("\\", "").replace('"', "'").replace("<", "")
    return (
        f'@font-face {{\n  font-family: "{family}";\n  font-weight: {names.weight};\n'
        f"  font-style: {'italic' if names.italic else 'normal'};\n"
        f'  src: url({asset.name.removeprefix("styles/")}) format("{_FORMATS[asset.media_type]}");\n}}\n'
    )


_LARGEST = 30_000_000
"""The most bytes of a font that is made smaller."""
_ALWAYS = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\u00a0\u00ad\u2010\u2011–—‘’‚“”„«»‹›…•◦▪·")
"""What reading systems add themselves (list numbers and signs, hyphens, quotation marks), and Basic Latin, so that a
title shown in the font has all its letters.
"""
_FEATURES = ("smcp", "c2sc", "onum", "lnum", "pnum", "tnum")
"""Features that style sheets can request, besides those on by default."""
_DROPPED = ("SVG ", "CBDT", "CBLC", "sbix", "EBDT", "EBLC", "EBSC", "JSTF", "DSIG", "LTSH", "PCLT", "FFTM", "meta")
_CSS_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{1,6})")
_LAST = 0x10FFFF


def need_font_tools(path: str | None, at: Position | None) -> None:
    """Raises ChapbookError (``extra-missing``, at the place that asks for subsetting) if fontTools isn't installed."""
    try:
        import fontTools.subset  # type: ignore[import-untyped]  # noqa: F401, PLC0415 - an optional package
    except ImportError as error:
        message = "fontTools, which makes subsets of fonts, is not installed"
        hint = "pip install 'chapbook[fonts]', or leave 'subset' out"
        raise ChapbookError(Diagnostic.of("extra-missing", message, path=path, at=at, hint=hint)) from error


def characters_of(pages: Iterable[bytes], sheets: Iterable[str]) -> frozenset[str]:
    """The characters in the XHTML documents `pages`, in upper and lower case, and in the CSS texts `sheets`."""
    found = set(_ALWAYS)
    for page in pages:
        found.update(html.unescape(page.decode("utf-8")))
    for sheet in sheets:
        found.update(sheet)
        found.update(chr(number) for each in _CSS_ESCAPE.findall(sheet) if (number := int(each, 16)) <= _LAST)
    # Style sheets can turn text into capitals and small capitals.
    found.update("".join(found).upper(), "".join(found).lower())
    return frozenset(found)


def subset_font(content: bytes, characters: frozenset[str]) -> bytes:
    """Reduces the TrueType or OpenType font `content` to `characters`; gives the same bytes each time.

    Keeps the font's names and licence. Raises ValueError, worded for the author.
    """
    from fontTools import subset  # noqa: PLC0415 - an optional package
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

    if len(content) > _LARGEST:
        raise ValueError(f"larger than {_LARGEST:,} bytes")
    options = subset.Options(
        name_IDs=["*"],
        name_languages=["*"],
        name_legacy=True,
        notdef_outline=True,
        recalc_timestamp=False,
        layout_features=[*subset.Options().layout_features, *_FEATURES],
    )
    options.drop_tables = [*options.drop_tables, *_DROPPED]
    try:
        font = TTFont(io.BytesIO(content), recalcTimestamp=False, lazy=True)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(each) for each in characters])
        subsetter.subset(font)
        made = io.BytesIO()
        font.save(made, reorderTables=True)
    except Exception as error:  # a damaged font makes fontTools raise all sorts of errors
        raise ValueError(f"chapbook can't make a subset of this font ({type(error).__name__})") from error
    return made.getvalue()
