"""The fonts that the book embeds: which ones are allowed, and their ``@font-face`` rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct

from chapbook.assets.sfnt import FontNames, read_font
from chapbook.assets.sniff import sniff
from chapbook.assets.sources import Asset, source_of
from chapbook.assets.subsetting import need_font_tools
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.names import portable
from chapbook.model.settings import FileRef, FontFile

__all__ = ["EmbeddedFonts", "Subset", "embed_fonts", "embedding_refusal"]

_LARGEST = 30_000_000
"""The most bytes of a font in a style sheet."""
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
    families: tuple[str, ...] = ()
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
        except _Unusable as error:
            diagnostics.append(Diagnostic.of(error.code, str(error), path=path, at=at, hint=error.hint))
        else:
            diagnostics += _licence_note(packed[-1].names, path, at)
    whole = {each.asset.name for each in packed if each.subset is None}
    subsets = {each.asset.name: each.subset for each in packed if each.subset and each.asset.name not in whole}
    assets = {each.asset.name: each.asset for each in packed}
    return EmbeddedFonts(
        css="".join(dict.fromkeys(_rule(each.names, each.asset) for each in packed)),
        families=tuple(dict.fromkeys(each.names.family for each in packed)),
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


class _Unusable(Exception):  # noqa: N818 - becomes a diagnostic
    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


def embedding_refusal(content: bytes) -> tuple[str, str | None] | None:
    """Why the font `content` of a style sheet may not ship; ``None`` if it may, or if it is WOFF2, which isn't read."""
    if len(content) > _LARGEST:
        return f"larger than {_LARGEST // 1_000_000} MB", "make it smaller"
    kind = sniff(content)
    if kind is None or kind.media_type not in _FORMATS:
        return None
    try:
        return (_FORBIDDEN, _LICENCE) if read_font(content).restricted else None
    except ValueError as error:
        return f"a font that is {error}", None


_FORBIDDEN = "a font whose licence forbids embedding (OS/2 fsType)"
_LICENCE = "ask its maker for a licence that allows it, or use another font"


def _read(reference: FileRef, files: Files | None) -> tuple[str, bytes]:
    source, path = source_of(reference, files)
    if not source.has(path):
        raise _Unusable("setting-file-missing", f"no file '{source.shown(path)}'")
    return source.shown(path), source.read(path)


def _checked(shown: str, content: bytes) -> tuple[FontNames, Asset]:
    kind = sniff(content)
    if kind is None or kind.role != "font":
        raise _Unusable("font-invalid", f"'{shown}' isn't a font", "give a TTF, OTF or WOFF file")
    if kind.media_type not in _FORMATS:
        raise _Unusable(
            "font-invalid", f"'{shown}' is WOFF2, which some stores don't accept", "give it as TTF, OTF or WOFF"
        )
    try:
        names = read_font(content)
    except ValueError as error:
        raise _Unusable("font-invalid", f"'{shown}' is {error}") from error
    if names.restricted:
        raise _Unusable("font-invalid", f"'{shown}' is {_FORBIDDEN}", _LICENCE)
    stem = f"{portable(names.family)}-{names.weight}{'-italic' if names.italic else ''}"
    name = f"styles/assets/{stem}-{hashlib.sha256(content).hexdigest()[:8]}{kind.suffix}"
    return names, Asset(name=name, media_type=kind.media_type, data=content)


def _check_subset(shown: str, names: FontNames, asset: Asset) -> None:
    """Raises _Unusable for a font that must be packed whole."""
    if names.whole:
        raise _Unusable(
            "font-invalid",
            f"the licence of '{shown}' forbids embedding a part of it (OS/2 fsType)",
            "remove 'subset' to pack the whole font",
        )
    if asset.media_type == "font/woff":
        raise _Unusable(
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
