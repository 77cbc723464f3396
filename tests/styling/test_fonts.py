"""Fonts that the book embeds: named by their own tables, refused where they are damaged or may not be embedded."""

from __future__ import annotations

import struct
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from chapbook.assets.sfnt import FontNames, read_font
from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.settings import ContentFile
from chapbook.styling.fonts import EmbeddedFonts, embed_fonts
from chapbook.styling.stylesheet import pack_stylesheet
from support.made_fonts import font

AT = Position(9, 5)


class Folder:
    def __init__(self, **files: bytes) -> None:
        self._files = {name.replace("_", "."): content for name, content in files.items()}

    def names(self) -> frozenset[str]:
        return frozenset(self._files)

    def read(self, path: str) -> bytes:
        return self._files[path]


def embedded(**files: bytes) -> EmbeddedFonts:
    names = [name.replace("_", ".") for name in files]
    return embed_fonts([(ContentFile(name), AT) for name in names], Folder(**files), "book.yaml")


def fault(fonts: EmbeddedFonts) -> Diagnostic:
    (found,) = fonts.diagnostics
    assert fonts.css == ""
    assert fonts.assets == ()
    return found


@pytest.mark.parametrize(
    ("content", "suffix", "kind"),
    [
        (font(), ".ttf", "truetype"),
        (font(cff=True), ".otf", "opentype"),
        (font(flavor="woff"), ".woff", "woff"),
    ],
    ids=["truetype", "opentype", "woff"],
)
def test_a_font_gets_a_rule_of_its_own(content: bytes, suffix: str, kind: str) -> None:
    fonts = embedded(a_ttf=content)
    (asset,) = fonts.assets
    assert asset.name.startswith("styles/assets/sample-serif-400-")
    assert asset.name.endswith(suffix)
    assert asset.media_type == f"font/{suffix[1:]}"
    assert asset.data == content
    assert fonts.css == (
        '@font-face {\n  font-family: "Sample Serif";\n  font-weight: 400;\n  font-style: normal;\n'
        f'  src: url({asset.name.removeprefix("styles/")}) format("{kind}");\n}}\n'
    )


def test_weight_and_style_are_the_fonts_own() -> None:
    fonts = embedded(a_ttf=font(), b_ttf=font(weight=700, italic=True), c_ttf=font())
    assert fonts.css.count("@font-face") == 2
    assert "font-weight: 700;\n  font-style: italic;" in fonts.css
    assert len(fonts.assets) == 2


def test_a_family_name_cannot_leave_its_string() -> None:
    fonts = embedded(a_ttf=font('A"; } body { display: none } \\ </style>'))
    assert fonts.css.count('"') == 4
    assert "\\" not in fonts.css
    assert "<" not in fonts.css


def test_our_reader_agrees_with_fonttools() -> None:
    for content in (
        font("Ü \u4e66", weight=300),
        font(weight=950, italic=True, cff=True),
        font(flavor="woff", weight=700),
    ):
        known = TTFont(BytesIO(content))
        assert read_font(content) == FontNames(
            family=known["name"].getBestFamilyName(),
            weight=known["OS/2"].usWeightClass,
            italic=bool(known["OS/2"].fsSelection & 1),
            restricted=False,
        )


@pytest.mark.parametrize(
    ("fs_type", "refused"), [(0, False), (2, True), (4, False), (8, False), (6, False), (0x200, True), (0x100, False)]
)
def test_a_licence_that_forbids_embedding_is_respected(fs_type: int, refused: bool) -> None:  # noqa: FBT001 - a table
    fonts = embedded(a_ttf=font(fs_type=fs_type))
    if refused:
        found = fault(fonts)
        assert (found.code, found.path, found.line, found.column) == ("font-invalid", "book.yaml", 9, 5)
        assert "licence forbids embedding" in found.message
    else:
        assert fonts.diagnostics == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text",
        b"\x89PNG\r\n\x1a\n",
        b"\x00\x01\x00\x00",
        b"\x00\x01\x00\x00" + b"\xff" * 200,
        b"wOFF" + b"\xff" * 200,
        b"wOF2" + b"\0" * 200,
        b"ttcf" + b"\0" * 200,
        font()[:300],
    ],
    ids=["empty", "text", "png", "cut", "truetype", "woff", "woff2", "collection", "half"],
)
def test_what_is_no_font_is_named(content: bytes) -> None:
    found = fault(embedded(a_ttf=content))
    assert (found.code, found.path, found.line) == ("font-invalid", "book.yaml", 9)
    assert "'a.ttf'" in found.message


def test_a_font_that_is_not_there_is_named(tmp_path: Path) -> None:
    fonts = embed_fonts([(ContentFile("no.ttf"), AT), (tmp_path / "no.otf", None)], Folder(), "book.yaml")
    assert [(each.code, each.line) for each in fonts.diagnostics] == [
        ("setting-file-missing", 9),
        ("setting-file-missing", None),
    ]


def test_one_bad_font_does_not_cost_the_others() -> None:
    fonts = embedded(a_ttf=b"no", b_ttf=font())
    assert (len(fonts.assets), len(fonts.diagnostics)) == (1, 1)


def test_a_restricted_font_of_a_style_sheet_does_not_ship() -> None:
    css = b"@font-face { font-family: x; src: url(a.ttf), url(b.ttf) }"
    sheet = pack_stylesheet(ContentFile("s.css"), Folder(s_css=css, a_ttf=font(fs_type=2), b_ttf=font()))
    assert [(each.code, each.line, each.column) for each in sheet.diagnostics] == [("css-not-supported", 1, 35)]
    assert [each.media_type for each in sheet.assets] == ["font/ttf"]


def sfnt(*, name: bytes, head: bytes = bytes(54), os2: bytes = b"") -> bytes:
    """A TrueType file of these tables."""
    tables = {b"name": name, b"head": head, **({b"OS/2": os2} if os2 else {})}
    at = 12 + 16 * len(tables)
    directory = b""
    for tag, content in tables.items():
        directory += struct.pack(">4s4xII", tag, at, len(content))
        at += len(content)
    return b"\0\1\0\0" + struct.pack(">H6x", len(tables)) + directory + b"".join(tables.values())


def names(count: int, text: bytes) -> bytes:
    """A name table of `count` names, all of them the one `text`."""
    records = b"".join(struct.pack(">6H", 3, 1, 0x409, 1, len(text), 0) for _ in range(count))
    return struct.pack(">HHH", 0, count, 6 + len(records)) + records + text


def test_names_that_unfold_a_short_text_are_refused() -> None:
    text = "é".encode("utf-16-be") * 20_000
    assert read_font(sfnt(name=names(50, text))).family == "é" * 20_000
    with pytest.raises(ValueError, match="damaged: its names take more than 2 MB"):
        read_font(sfnt(name=names(51, text)))


def test_a_font_without_os2_says_its_style_in_its_head() -> None:
    for style in range(4):
        head = bytes(44) + struct.pack(">H", style) + bytes(8)
        read = read_font(sfnt(name=names(1, b"\0A"), head=head))
        assert (read.weight, read.italic) == ((400, 700)[style & 1], bool(style & 2))


@pytest.mark.parametrize(("given", "weight"), [(0, 1), (1, 1), (1000, 1000), (1001, 1000), (65_535, 1000)])
def test_a_weight_is_one_that_css_has(given: int, weight: int) -> None:
    os2 = bytes(4) + struct.pack(">H", given) + bytes(72)
    assert read_font(sfnt(name=names(1, b"\0A"), os2=os2)).weight == weight


@pytest.mark.parametrize("flavor", ["", "woff"])
def test_a_table_ends_before_the_file_does(flavor: str) -> None:
    content = font(flavor=flavor)
    first, size, place = (44, 20, 4) if flavor else (12, 16, 8)
    at = next(at for at in range(first, 999, size) if content[at : at + 4] == b"name") + place
    offset, length = struct.unpack_from(">II", content, at)
    for shifted in (len(content) - length + 1, len(content), 2**32 - 1):
        damaged = content[:at] + struct.pack(">I", shifted) + content[at + 4 :]
        with pytest.raises(ValueError, match="beyond the end of the file"):
            read_font(damaged)
    assert offset + length <= len(content)


WHOLE, PACKED = font(), font(flavor="woff")


@given(st.sampled_from([WHOLE, PACKED]), st.integers(0, 2000), st.binary(min_size=1, max_size=8))
def test_no_damage_breaks_the_reader(content: bytes, place: int, damage: bytes) -> None:
    place %= len(content)
    with suppress(ValueError):
        assert read_font(content[:place] + damage + content[place + len(damage) :]).family
