"""Reduces a font to the characters that a book uses, with fontTools. Needs the extra ``chapbook[fonts]``."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable

from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position

__all__ = ["characters_of", "need_font_tools", "subset_font"]

_LARGEST = 30_000_000
"""The most bytes of a font that is subset."""
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
