"""The table of limits in docs/scale.md: those that can be set, and those that are the same for every book."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from chapbook.model.limits import DEFAULTS, LIMITS, UNTRUSTED
from chapbook.model.settings import ImageLimits, Settings

__all__ = ["FIXED", "HEAD", "rows"]

HEAD = ("what", "most", "with `--untrusted`", "name", "message")
_MEMORY = frozenset({"max_memory", "chapter_memory", "output_bytes"})
_SECONDS = frozenset({"max_seconds", "render_seconds"})
FIXED = (
    ("bytes of a text file", "chapbook.reading.content_folder:MOST_TEXT_BYTES", "file-too-large"),
    ("bytes of another file", "chapbook.reading.content_folder:MOST_BYTES", "file-too-large"),
    ("characters of front matter", "chapbook.keys.front_matter:_MOST", "file-too-large"),
    ("values in front matter or settings", "chapbook.keys.tree:MAX_NODES", "too-deep"),
    ("levels of folders", "chapbook.reading.walk:MOST_LEVELS", "too-deep"),
    (
        "addresses and titles that references repeat in a chapter",
        "chapbook.dialects.added_syntax:_MOST_UNFOLDED",
        "unfolded",
    ),
    ("characters of a chapter with what it includes", "chapbook.reading.includes:_MOST_CHARACTERS", "include-invalid"),
    ("characters that all chapters include", "chapbook.reading.includes:_MOST_TOGETHER", "include-invalid"),
    (
        "characters of the files that are looked through for it",
        "chapbook.reading.includes:_MOST_READ",
        "include-invalid",
    ),
    ("lines of a chapter that includes something", "chapbook.reading.includes:_MOST_LINES", "include-invalid"),
    ("chapters in one file; a file of more stays one", "chapbook.source.chapters_of_file:_MOST_CHAPTERS", ""),
    ("levels of markup", "chapbook.markup.parsing:DEEPEST", "nesting-deep"),
    ("attributes of an element", "chapbook.markup.tags:MOST_ATTRIBUTES", "markup-removed"),
    ("messages about a chapter", "chapbook.model.limits:MOST_MESSAGES", "messages-left-out"),
    ("style sheets of your own", "chapbook.building.style:_MOST_SHEETS", "too-many-files"),
    ("bytes of those together", "chapbook.building.style:_MOST_CSS", "file-too-large"),
    ("bytes of one style sheet", "chapbook.styling.syntax:LARGEST_SHEET", "file-too-large"),
    ("imports of one style sheet", "chapbook.styling.stylesheet:_MOST_IMPORTS", "file-too-large"),
    ("files that style sheets refer to", "chapbook.styling.references:_MOST_ASSETS", "css-not-supported"),
    ("bytes of those together", "chapbook.styling.references:_LARGEST_TOGETHER", "css-not-supported"),
    ("bytes of a picture", "chapbook.assets.image:_MAX_BYTES", "image-too-large"),
    ("pixels of a progressive JPEG", "chapbook.assets.raster:_MAX_PROGRESSIVE", "image-too-large"),
    ("pixels of a WebP", "chapbook.assets.raster:MAX_PIXELS[WebP]", "image-too-large"),
    ("pixels of an AVIF", "chapbook.assets.raster:MAX_PIXELS[AVIF]", "image-too-large"),
    ("pixels of other pictures than JPEG", "chapbook.assets.raster:_MAX_PIXELS", "image-too-large"),
    ("elements of an SVG", "chapbook.assets.svg_files:_MOST_ELEMENTS", "image-too-large"),
    ("elements of an SVG with all that it repeats", "chapbook.assets.svg_appearance:MOST_DRAWN", "image-too-large"),
    ("files of a book", "chapbook.packaging.container:_MOST_FILES", "output-unwritable"),
)
"""What each bounds, where its number is in the code, and the code of the message; none where nothing is lost."""


def rows() -> Iterator[tuple[str, ...]]:
    """The rows, each a cell for each of HEAD."""
    for name, (what, code) in LIMITS.items():
        usual, tight = (_shown(name, getattr(each, name)) for each in (DEFAULTS, UNTRUSTED))
        yield what, usual, tight, f"`{name}`", _code(code)
    seconds, pixels = Settings().render_seconds, ImageLimits().max_pixels
    yield (
        "the same, where a book asks for nothing",
        f"{seconds:g} seconds",
        f"{min(seconds, UNTRUSTED.render_seconds):g} seconds",
        "`render_seconds` of `book.yaml`",
        _code("render-time"),
    )
    yield (
        "pixels above which a picture is made smaller",
        _number(pixels),
        _number(pixels),
        "`images.max_pixels` of `book.yaml`",
        "–",
    )
    for what, place, code in FIXED:
        yield what, _number(_value(place)), "the same", "–", _code(code)


def _value(place: str) -> int:
    module, _, name = place.partition(":")
    name, _, key = name.rstrip("]").partition("[")
    value = getattr(import_module(module), name)
    return int(value[key] if key else value)


def _shown(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "allowed" if value else "refused"
    if value is None:
        return "no limit"
    assert isinstance(value, int | float)
    if name in _SECONDS:
        return f"{value:,g} seconds"
    return f"{value // 1_000_000:,} MB" if name in _MEMORY else _number(int(value))


def _number(value: int) -> str:
    """``4 million``, ``50,000``, ``1.5 million``."""
    return f"{value / 1_000_000:g} million" if value >= 1_000_000 and value % 100_000 == 0 else f"{value:,}"


def _code(code: str) -> str:
    return f"`{code}`" if code else "–"
