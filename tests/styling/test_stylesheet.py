"""Author's style sheets: what ships, what is left out, and that every fault is named with its place."""

from __future__ import annotations

import base64
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.assets.image import fit_image
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.settings import ContentFile, ImageLimits
from chapbook.styling.style_folders import resolve
from chapbook.styling.stylesheet import PackedStylesheet, pack_stylesheet
from support.counting import assert_linear
from support.pictures import opened, photograph, saved


def png(side: int = 1) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80" * side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


PNG = png()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path id="a" d="M0 0h1v1z"/></svg>'


class Folder:
    """A content folder in memory."""

    def __init__(self, files: dict[str, bytes | str]) -> None:
        self._files = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}

    def names(self) -> frozenset[str]:
        return frozenset(self._files)

    def read(self, path: str) -> bytes:
        if self._files[path] == b"unreadable":
            raise ChapbookError(Diagnostic.of("file-unreadable", f"cannot open '{path}'", path=path))
        return self._files[path]


def packed(css: str | bytes, **files: bytes | str) -> PackedStylesheet:
    """The sheet ``style/book.css`` beside a picture, and `files` (``__`` is a slash, a last ``_`` a dot)."""
    named = {re.sub(r"_(?=[a-z0-9]+$)", ".", name.replace("__", "/")): content for name, content in files.items()}
    folder = Folder({"style/book.css": css, "style/a.png": PNG, "root.png": png(2), **named})
    return pack_stylesheet(ContentFile("style/book.css"), folder)


def said(sheet: PackedStylesheet) -> list[str]:
    return [f"{each.path}:{each.line}:{each.column}: {each.code}" for each in sheet.diagnostics]


# What ships as it is

KEPT = """\
/* A comment, and "quotes" in it. */
@media (min-width: 30em) and (400px <= width) { p.a > b ~ i + u::before { content: "\\201C"; } }
@supports not (display: grid) { p { width: calc(1em + (2px * 3)); } }
@layer base, theme;
@layer base { p:is(.a, #b):not([lang|="en"]):nth-child(2n+1 of li)::first-line { color: rgb(1 2 3 / 50%); } }
@container (min-width: 1em) { p { inset: 0; } }
@keyframes fade { from { color: red; } 50%, to { color: blue; } }
@property --x { syntax: "*"; inherits: false; }
@media amzn-kf8 { p { -epub-hyphens: none; adobe-hyphenate: none; } }
:root { --gap: 1.5em; --empty:; }
p { margin: -.5em var(--gap, 1em) !important; font: 1em/1.5 "A \\"b\\"", serif; quotes: "«" "»"; }
.é, .\\31 a, p\\:x, *|*, svg|a, a[href^='x'], a[title] { color: #abcdef; }
p:lang(de), p:has(> a), ::selection { grid-template-areas: "a b" "c d"; }
"""


def test_what_readers_take_ships_as_it_was_written() -> None:
    sheet = packed(KEPT)
    assert sheet.diagnostics == ()
    assert sheet.css == KEPT.replace("'x'", '"x"').replace("\\201C", "\u201c").replace("; }", "; }")


def test_doubled_and_missing_semicolons_are_put_right_without_a_word() -> None:
    sheet = packed("p{color:red;;margin:0}")
    assert (sheet.css, sheet.diagnostics) == ("p{color:red;margin:0;}", ())


def test_crlf_and_a_byte_order_mark_are_fine() -> None:
    sheet = packed(b"\xef\xbb\xbfp { color: red; }\r\nq { *zoom: 1 }\r\n")
    assert sheet.css.startswith("p { color: red; }\n")
    assert said(sheet) == ["style/book.css:2:5: css-invalid"]


# Forty and more faults, each named where it stands (§) and left out

INVALID = [
    ("p { §*zoom: 1; margin: 0; }", "p {  margin: 0; }"),
    ("p { §color red; margin: 0; }", "p {  margin: 0; }"),
    ("p { §color: ; margin: 0; }", "p {  margin: 0; }"),
    ("p { §: red; margin: 0; }", "p {  margin: 0; }"),
    ("p { margin: 0; §// no\n }", "p { margin: 0; }"),
    ("p { §c; margin: 0; }", "p {  margin: 0; }"),
    ("p { color: red §! ie; margin: 0; }", "p {  margin: 0; }"),
    ("p { color: a(b§;c); margin: 0; }", "p {  margin: 0; }"),
    ("p:has(> §/ a) { color: red; }", ""),
    ("p:has(a, §> b) { color: red; }", ""),
    ("@media (a) §!important { p { color: red; } }", ""),
    ("p { color: §@x; margin: 0; }", "p {  margin: 0; }"),
    ("p { color: a§)b; margin: 0; }", "p {  margin: 0; }"),
    ("p { color: a§]; margin: 0; }", "p {  margin: 0; }"),
    ("p { color: §-->; margin: 0; }", "p {  margin: 0; }"),
    ("p { width: §20-->%; margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(''); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(a b.png); margin: 0; }", "p {  margin: 0; }"),
    ("§.1a { color: red; }", ""),
    ("p§#1a { color: red; }", ""),
    ("p§, { color: red; }", ""),
    ("§, p { color: red; }", ""),
    ("§> p { color: red; }", ""),
    ("p > §> a { color: red; }", ""),
    ("p §> { color: red; }", ""),
    ("p§: { color: red; }", ""),
    ("p§.. { color: red; }", ""),
    ("p:§is() { color: red; }", ""),
    ("p:not(§.2) { color: red; }", ""),
    ("p§% { color: red; }", ""),
    ("p§[] { color: red; }", ""),
    ("p§[a=1] { color: red; }", ""),
    ("p§[=x] { color: red; }", ""),
    ("svg§| { color: red; }", ""),
    ("§{ color: red; }", ""),
    ("§; p { color: red; }", ""),
    ("§} p { color: red; }", ""),
    ("§// a comment\np { color: red; }", ""),
    ("§$x: 1;", ""),
    ("q { color: red; } §rest", "q { color: red; }"),
    ("§@media print", ""),
    ("§@media print;", ""),
    ("@media print { §p }", ""),
    ("@media print { §@import 'a.css'; }", ""),
    ("@keyframes x { §half { color: red; } }", ""),
    ("@keyframes x { from §to { color: red; } }", ""),
    ("p { color: red; } §@import 'a.css';", "p { color: red; }"),
    ("§@import;", ""),
    ("@import §a;", ""),
    ("§@import 'book.css';", ""),
    ("§@font-face { }", ""),
    ("§@font-face { font-family: x }", ""),
    ("§@font-face;", ""),
    ("§@namespace x;", ""),
    ("p §{ color: red;", "p { color: red;}"),
    ("@media print §{ p { color: red; }", "@media print { p { color: red; }}"),
    ("p { color: red; } §/* never", "p { color: red; } /* never*/"),
    ("§" + "p:is(" * 40 + "a" + ")" * 40 + " { color: red; }", ""),
]

UNSUPPORTED = [
    ("p { --a: 'http://example.org/'; background: §image-set(var(--a) 1x); }", 'p { --a: "http://example.org/";  }'),
    ("p { background: §src(attr(title)); margin: 0; }", "p {  margin: 0; }"),
    ("p { §direction: rtl; margin: 0; }", "p {  margin: 0; }"),
    ("p { §DIRECTION: rtl; margin: 0; }", "p {  margin: 0; }"),
    ("p { §unicode-bidi: embed; margin: 0; }", "p {  margin: 0; }"),
    ("p { §position: fixed; margin: 0; }", "p {  margin: 0; }"),
    ("p { §behavior: url(a.htc); margin: 0; }", "p {  margin: 0; }"),
    ("p { §-moz-binding: url(a.xml#b); margin: 0; }", "p {  margin: 0; }"),
    ("p { width: §expression(alert(1)); margin: 0; }", "p {  margin: 0; }"),
    ("p { width: calc(1px + §expression(1)); margin: 0; }", "p {  margin: 0; }"),
    ("p { §filter: progid:DXImageTransform.Microsoft.Alpha(Opacity=50); margin: 0; }", "p {  margin: 0; }"),
    ("p { §-webkit-text-size-adjust: none; margin: 0; }", "p {  margin: 0; }"),
    ("p { margin: 0; §&:hover { color: red } }", "p { margin: 0; }"),
    ("p { margin: 0; §a { color: red } }", "p { margin: 0; }"),
    ("p { margin: 0; §@media print { color: red } }", "p { margin: 0; }"),
    ("p { --x: §{ a: b }; margin: 0; }", "p {  margin: 0; }"),
    ("p § & { color: red; }".replace(" § ", " §"), ""),
    ("a§||b { color: red; }", ""),
    ("p:nth-child(2n of §.a) { color: red; }", ""),
    ("p:lang(de§, fr) { color: red; }", ""),
    ("p:-webkit-any(§.a) { color: red; }", ""),
    ("§|* { color: red; }", ""),
    ("a[href='x' §i] { color: red; }", ""),
    ("§@page { margin: 1em; }", ""),
    ("§@viewport { width: 1px; }", ""),
    ("§@tailwind base;", ""),
    ("§@namespace 'http://example.org/';", ""),
    ("p { background: §url(#a); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url('javascript:alert(1)'); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(file:///etc/passwd); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(data:text/html,x); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(data:image/svg+xml,x); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(data:image/png;base64,AAAA); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(data:image/png;base64,A); margin: 0; }", "p {  margin: 0; }"),
]

REMOTE = [
    ("p { background: red §url(http://example.org/a.png); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url('HTTPS://example.org/a.png'); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(//example.org/a.png); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §u\\72l(https://example.org/a.png); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(h\\74tps://example.org/a.png); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: image-set(§'https://example.org/a.png' 1x); margin: 0; }", "p {  margin: 0; }"),
    ("§@import 'https://example.org/a.css';", ""),
    ("§@import url(//fonts.example.org/css?family=A);", ""),
    ("@font-face { font-family: x; src: §url(https://example.org/a.woff); }", ""),
]

MISSING = [
    ("p { background: §url(no.png); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(../../a.png); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url('/etc/passwd'); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(C\\:\\\\a.png); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: §url(%2e%2e/%2e%2e/etc/passwd); margin: 0; }", "p {  margin: 0; }"),
    ("p { background: src(§'no.png'); margin: 0; }", "p {  margin: 0; }"),
    ("§@import 'no.css';", ""),
    ("§@import url(../../no.css) screen;", ""),
    ("@font-face { font-family: x; src: §url(no.ttf); }", ""),
]


@pytest.mark.parametrize(
    ("code", "marked", "expected"),
    [
        *(("css-invalid", *case) for case in INVALID),
        *(("css-not-supported", *case) for case in UNSUPPORTED),
        *(("css-reference-remote", *case) for case in REMOTE),
        *(("css-reference-missing", *case) for case in MISSING),
    ],
)
def test_every_fault_is_named_where_it_stands(code: str, marked: str, expected: str) -> None:
    before, _, after = marked.partition("§")
    lines = "q { color: blue; }\n\n"  # what came before still ships
    sheet = packed(f"{lines}{before}{after}") if "@" not in before + after else packed(f"\n\n{before}{after}")
    line, column = 3 + before.count("\n"), len(before) - before.rfind("\n")
    assert said(sheet) == [f"style/book.css:{line}:{column}: {code}"]
    (fault,) = sheet.diagnostics
    assert not fault.message.endswith(".")
    assert fault.message[0].islower() or fault.message[0] in "'("
    assert sheet.css.split() == (("q { color: blue; }" if "@" not in before + after else "") + " " + expected).split()


def test_no_code_of_the_author_is_in_a_message_without_bound() -> None:
    sheet = packed("p { background: url(" + "x" * 9999 + "); " + "y" * 9999 + " }")
    assert len(sheet.diagnostics) == 2
    assert all(len(each.message) < 120 for each in sheet.diagnostics)


def test_after_two_hundred_faults_the_rest_is_one_message() -> None:
    sheet = packed("p { *zoom: 1; }\n" * 300)
    assert len(sheet.diagnostics) == 201
    assert sheet.diagnostics[-1].message.startswith("there are more than 200 problems")


# Bytes


def test_bytes_that_are_no_utf8_are_an_error_with_their_place() -> None:
    sheet = packed("p { color: red; }\n/* é ".encode() + b"\xe9 */")
    assert said(sheet) == ["style/book.css:2:6: not-utf8"]
    assert sheet.css == ""


def test_utf16_with_its_mark_is_read_and_named() -> None:
    sheet = packed("p { content: 'é'; }".encode("utf-16"))
    assert said(sheet) == ["style/book.css:1:1: css-not-supported"]
    assert sheet.css == 'p { content: "é"; }'


def test_a_charset_is_dropped_and_a_wrong_one_named() -> None:
    assert packed('@charset "utf-8";p{a:b}').diagnostics == ()
    sheet = packed('@charset "iso-8859-1";p{a:b}')
    assert (sheet.css, said(sheet)) == ("p{a:b;}", ["style/book.css:1:1: css-not-supported"])


def test_control_characters_and_endless_numbers_go() -> None:
    sheet = packed(f"p {{ width: {'1' * 5000}px; content: 'a\x00b'; }}")
    assert [each.code for each in sheet.diagnostics] == ["css-invalid", "css-invalid"]
    assert sheet.css == 'p { width: 0px; content: "a b"; }'


def test_a_sheet_of_more_than_a_megabyte_is_refused() -> None:
    assert said(packed("/*" + "x" * 1_000_000 + "*/")) == ["style/book.css:None:None: file-too-large"]


# References


@pytest.mark.parametrize(
    "reference",
    [
        "url(a.png)",
        "url( 'a.png' )",
        'URL("a.png")',
        "u\\72 l(a.png)",
        "url(./a.png)",
        "url(../style/a.png)",
        "url(/style/a.png)",
        "url(%61.png)",
        "url(a.png?v=3)",
        "url(a.png#x)",
        "url(\\61.png)",
    ],
)
def test_a_picture_is_packed_and_its_url_rewritten(reference: str) -> None:
    sheet = packed(f"p {{ background: red {reference} no-repeat; }}")
    assert sheet.diagnostics == ()
    (asset,) = sheet.assets
    assert re.fullmatch(r"styles/assets/a-[0-9a-f]{8}\.png", asset.name)
    assert (asset.media_type, asset.data) == ("image/png", PNG)
    url = asset.name.removeprefix("styles/")
    assert sheet.css == f'p {{ background: red url("{url}") no-repeat; }}'


def test_references_are_found_wherever_they_stand() -> None:
    css = """
    @media screen { @supports (a: b) { p { list-style: url(a.png); } } }
    p { background-image: linear-gradient(red, blue), url(a.png), image-set("../root.png" 1x, url(a.png) 2x); }
    p { --x: url(a.png); cursor: url(a.png), auto; content: url(a.png) / "alt"; }
    @counter-style x { symbols: url(a.png); }
    """
    sheet = packed(css)
    assert sheet.diagnostics == ()
    assert len(sheet.assets) == 2
    assert sheet.css.count('url("assets/a-') == 7
    assert sheet.css.count('url("assets/root-') == 1


def test_a_path_from_the_root_is_looked_up_under_static_too() -> None:
    sheet = packed("p { background: url(/images/x.png); }", static__images__x_png=PNG)
    assert (sheet.diagnostics, len(sheet.assets)) == ((), 1)


def test_one_content_ships_once_and_one_name_twice() -> None:
    sheet = packed(
        "p { background: url(a.png); } q { background: url(b/a.png); } i { background: url(c/a.png); }",
        style__b__a_png=PNG,
        style__c__a_png=png(3),
    )
    assert len(sheet.assets) == 2
    assert len({asset.name for asset in sheet.assets}) == 2


def test_a_name_that_differs_in_case_is_hinted_at() -> None:
    (fault,) = packed("p { background: url(A.PNG); }").diagnostics
    assert fault.hint == "did you mean 'style/a.png'?"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "css-not-supported"),
        (b"no picture", "css-not-supported"),
        (b"%PDF-1.7", "css-not-supported"),
        (b"\0" * 8 + b"\1\0\2\0" + b"\0" * 22 + b"LP" + b"\0" * 60, "css-not-supported"),
        (b"ttcf" + b"\0" * 60, "css-not-supported"),
        (b"\x00\x01\x00\x00damaged", "css-not-supported"),
        (b"OTTO" + b"\xff" * 40, "css-not-supported"),
        (b"wOFF" + b"\xff" * 60, "css-not-supported"),
        (b"OTTO" + b"\0" * 30_000_000, "css-not-supported"),
        (PNG[:8] + b"junk" * 40, "image-damaged"),
        (PNG[:20], "image-damaged"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image-damaged"),
        (b"BM" + b"\0" * 12 + b"\x28" + b"\0" * 60, "image-damaged"),
        (b"II*\0" + b"\0" * 60, "image-damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>", "image-damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 300 + b"</g>" * 300 + b"</svg>", "image-too-large"),
    ],
    ids=range(16),
)
def test_what_may_not_ship_is_named(content: bytes, code: str) -> None:
    sheet = packed("p { color: red; background: url(x.bin); }", style__x_bin=content)
    assert said(sheet) == [f"style/book.css:1:29: {code}"]
    assert "'style/x.bin'" in sheet.diagnostics[0].message
    assert (sheet.css, sheet.assets) == ("p { color: red;  }", ())


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>1</script>",
        b"<g onload='x()'/>",
        b"<use href='other.svg#a'/>",
        b"<path fill='url(http://example.org/#a)' d=''/>",
        b"<path fill='u\\72l(http://example.org/#a)' d=''/>",
        b"<style><!-- c -->@import 'http://example.org';</style>",
        b"<style>path{fill:src('http://example.org/#a')}</style>",
    ],
)
def test_what_may_not_ship_in_an_svg_is_taken_out_of_it_and_told_once_where_it_is_named(inside: bytes) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'>" + inside + b"</svg>"
    sheet = packed("p { color: red; background: url(x.svg); }\nq { background: url(x.svg); }", style__x_svg=svg)
    assert said(sheet) == ["style/book.css:1:29: markup-removed"]
    assert sheet.diagnostics[0].message.startswith("'style/x.svg': removed from the SVG: ")
    (asset,) = sheet.assets
    for gone in (b"script", b"onload", b"other.svg", b"example.org"):
        assert gone not in asset.data


def test_a_picture_of_a_sheet_is_made_fit_as_those_of_chapters_are() -> None:
    leaf = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path id="1. leaf" d="M0 0h9"/><rect/></svg>'
    webp, large = saved(photograph(40, 30), "WEBP"), saved(photograph(400, 300), "PNG")
    css = "p { background: url(a.svg), url(b.webp), url(c.png); }"
    sheet = pack_stylesheet(
        ContentFile("s.css"),
        Folder({"s.css": css, "a.svg": leaf, "b.webp": webp, "c.png": large}),
        fit=lambda data: fit_image(data, ImageLimits(max_pixels=30_000)),
    )
    assert sheet.diagnostics == ()
    fitted = {asset.name.partition("-")[0]: asset for asset in sheet.assets}
    assert b"leaf" not in fitted["styles/assets/a"].data
    assert fitted["styles/assets/b"].media_type in {"image/jpeg", "image/png"}
    made = opened(fitted["styles/assets/c"].data)
    assert made.width * made.height <= 30_000
    assert all(asset.name.removeprefix("styles/") in sheet.css for asset in sheet.assets)


def test_a_picture_in_the_sheet_itself_is_looked_into() -> None:
    junk = base64.b64encode(PNG[:8] + b"junk" * 40).decode()
    assert said(packed(f"p {{ background: url(data:image/png;base64,{junk}); }}")) == [
        "style/book.css:1:17: image-damaged"
    ]


def test_a_plain_svg_ships_with_its_fragment() -> None:
    sheet = packed("p { background: url(x.svg#a); }", style__x_svg=SVG)
    assert sheet.diagnostics == ()
    assert re.search(r'url\("assets/x-[0-9a-f]{8}\.svg#a"\)', sheet.css)


def drawn(inside: str, attributes: str = "", before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


@pytest.mark.parametrize(
    "content",
    [
        drawn("<g/>", before='<?xml version="1.0" encoding="iso-8859-1"?>'),
        drawn("<g/>", before="<?xml-stylesheet href='http://e.org/a.css'?>"),
        drawn("<style><!-- a -->@import 'http://e.org';</style>"),
        drawn("<style>@IMPORT 'http://e.org';</style>"),
        drawn(r"<style>@\69mport 'http://e.org';</style>"),
        drawn("<style>p { fill: URL(http://e.org) }</style>"),
        drawn("<g style='fill: url(#a); mask: url(http://e.org/#a)'/>"),
        drawn("<g fill='URL( &quot;http://e.org/#a&quot; )'/>"),
        drawn(r"<g style='fill: \75rl(http://e.org)'/>"),
        drawn("<image href='data:image/svg+xml,x'/>"),
        drawn("<a ONCLICK='x()'/>"),
        drawn("<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>"),
    ],
    ids=range(12),
)
def test_no_svg_reaches_out_by_another_way(content: bytes) -> None:
    sheet = packed("p { background: url(x.svg); }", style__x_svg=content)
    removed = b"iso-8859-1" not in content  # that one is only written anew, in UTF-8
    assert said(sheet) == ["style/book.css:1:17: markup-removed"] * removed
    (asset,) = sheet.assets
    for gone in (b"e.org", b"import", b"script", b"svg+xml", b"ONCLICK", b"iso-8859-1"):
        assert gone not in asset.data.replace(b"http://www.w3.org", b"")


@pytest.mark.parametrize(
    "content",
    [
        drawn("<g/>", before='<?xml version="1.0" encoding="US-ASCII" standalone="no"?>'),
        drawn("<g fill='url(#a)' mask='url(&quot;#b&quot;)' style=\"fill: url( '#a' ); clip-path: url('#b')\"/>"),
        drawn("<g/>", r"xmlns:i='urn:i' i:export-filename='C:\a.png'"),
        drawn("<style>.a { fill: red }</style><use href='#b'/><image href='data:image/png;base64,'/>"),
    ],
    ids=range(4),
)
def test_what_stays_within_an_svg_ships(content: bytes) -> None:
    sheet = packed("p { background: url(x.svg); }", style__x_svg=content)
    assert sheet.diagnostics == ()
    (asset,) = sheet.assets
    assert asset.data == content or b"<image" in content  # one that SVG 1.1 finds incomplete is completed
    for kept in (b"#a", b"#b", b"data:image/png;base64,", b"C:"):
        assert (kept in asset.data) is (kept in content)


@pytest.mark.parametrize(("name", "content"), [("x_png", PNG), ("x_svg", SVG)])
def test_a_picture_is_no_font(name: str, content: bytes) -> None:
    file = name.replace("_", ".")
    sheet = packed(f"@font-face {{ font-family: G; src: url({file}) }}", **{f"style__{name}": content})
    assert said(sheet) == ["style/book.css:1:35: css-not-supported"]
    assert "font-face" not in sheet.css


def test_a_small_picture_may_stand_in_the_sheet() -> None:
    inline = base64.b64encode(PNG).decode()
    sheet = packed(f"p {{ background: url('data:image/png;base64,{inline}'); }}")
    assert (sheet.diagnostics, sheet.assets) == ((), ())
    assert f'url("data:image/png;base64,{inline}")' in sheet.css
    large = base64.b64encode(PNG + b"\0" * 65536).decode()
    assert said(packed(f"p {{ background: url(data:image/png;base64,{large}); }}")) == [
        "style/book.css:1:17: css-not-supported"
    ]


def test_a_file_that_cannot_be_read_is_missing() -> None:
    assert said(packed("p { background: url(x.png); }", style__x_png="unreadable")) == [
        "style/book.css:1:17: css-reference-missing"
    ]


def test_a_font_face_loses_only_the_sources_that_do_not_ship() -> None:
    sources = "src: url(no.eot); src: local(X), url(no.ttf) format('truetype');"
    sheet = packed(f"@font-face {{ font-family: X; {sources} font-weight: 700 }}")
    assert said(sheet) == ["style/book.css:1:35: css-reference-missing", "style/book.css:1:63: css-reference-missing"]
    assert " ".join(sheet.css.split()) == "@font-face { font-family: X; src: local(X); font-weight: 700 ; }"


# Imports


def test_imports_are_put_in_their_place() -> None:
    second = "@import url('sub/b.css') layer(x) supports(display: grid) screen and (min-width: 1em);"
    sheet = packed(
        f"@import 'a.css';\n{second}\np{{a:b}}",
        style__a_css="a{b:c}",
        style__sub__b_css="@import '../a.css' layer; b{background:url(../a.png)}",
    )
    assert sheet.diagnostics == ()
    assert "@import" not in sheet.css
    assert re.sub(r"\s+", "", sheet.css).replace("-" + sheet.assets[0].name[-12:-4], "") == (
        "a{b:c;}@mediascreenand(min-width:1em){@supports(display:grid){@layerx{@layer{a{b:c;}}"
        'b{background:url("assets/a.png");}}}}p{a:b;}'
    )


def test_faults_of_an_imported_sheet_name_its_file() -> None:
    sheet = packed("@import 'a.css';", style__a_css="\n\np { direction: rtl }")
    assert said(sheet) == ["style/a.css:3:5: css-not-supported"]


def test_circles_of_imports_end() -> None:
    sheet = packed("@import 'a.css'; p{a:b}", style__a_css="@import 'book.css'; q{a:b}")
    assert said(sheet) == ["style/a.css:1:1: css-invalid"]
    assert sheet.css.split() == ["q{a:b;}", "p{a:b;}"]


def test_imports_are_followed_eight_deep_and_sixty_four_wide() -> None:
    deep: dict[str, bytes | str] = {f"style__s{at}_css": f"@import 's{at + 1}.css'; p{at}{{a:b}}" for at in range(20)}
    sheet = packed("@import 's0.css';", **deep)
    assert [each.code for each in sheet.diagnostics] == ["css-not-supported"]
    assert "p7{" in sheet.css
    assert "p9{" not in sheet.css
    wide = packed("@import 'a.css';" * 70, style__a_css="p{a:b}")
    assert wide.css.count("p{a:b;}") == 64
    assert len(wide.diagnostics) == 6


def test_an_import_that_is_no_utf8_is_named_and_the_rest_ships() -> None:
    sheet = packed("@import 'a.css'; p{a:b}", style__a_css=b"\xff")
    assert said(sheet) == ["style/a.css:1:1: not-utf8"]
    assert sheet.css.strip() == "p{a:b;}"


def test_namespaces_move_to_the_head_where_they_are_read() -> None:
    sheet = packed(
        "@import 'a.css'; @namespace epub 'http://www.idpf.org/2007/ops'; @namespace url(http://www.w3.org/1999/xhtml);"
        "[epub|type~='x']{a:b}",
        style__a_css="p{a:b}",
    )
    assert sheet.diagnostics == ()
    assert sheet.css.startswith('@namespace epub "http://www.idpf.org/2007/ops";\n')


# Where sheets come from


def test_a_sheet_that_is_not_there_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    for reference in (ContentFile("no.css"), tmp_path / "no.css", tmp_path):
        sheet = pack_stylesheet(reference, Folder({}), path="book.yaml", at=Position(7, 3))
        assert [(each.code, each.path, each.line) for each in sheet.diagnostics] == [
            ("css-file-missing", "book.yaml", 7)
        ]


def test_a_users_sheet_reads_its_own_folder_and_no_other(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (inside / "a.png").write_bytes(png(2))
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    sheet_path = inside / "s.css"
    urls = (
        "a.png",
        "../secret.png",
        "link.png",
        tmp_path / "secret.png",
        "in/../../secret.png",
        "a.png/x",
        "\\0",
        "x" * 999,
    )
    sheet_path.write_text("\n".join(f"p {{ background: url('{url}') }}" for url in urls), encoding="utf-8")
    sheet = pack_stylesheet(sheet_path)
    assert [each.data for each in sheet.assets] == [png(2)]
    assert [each.line for each in sheet.diagnostics] == [2, 3, 4, 5, 6, 7, 8]
    assert {each.code for each in sheet.diagnostics} == {"css-reference-missing"}
    assert {each.path for each in sheet.diagnostics} == {sheet_path.as_posix()}


def test_a_folder_whose_name_only_begins_as_the_sheet_s_does_is_another(tmp_path: Path) -> None:
    inside, beside = tmp_path / "in", tmp_path / "in-secret"
    for folder in (inside, beside):
        folder.mkdir()
    (beside / "secret.png").write_bytes(PNG)
    (inside / "link.png").symlink_to(beside / "secret.png")
    (inside / "s.css").write_text("p { background: url('link.png') }\nq { background: url('../in-secret/secret.png') }")
    sheet = pack_stylesheet(inside / "s.css")
    assert sheet.assets == ()
    assert [(each.code, each.line) for each in sheet.diagnostics] == [
        ("css-reference-missing", line) for line in (1, 2)
    ]


# Laws

SCRAPS = st.sampled_from(
    [
        *"{}()[];:,.#@!&|>+~*/\\\"' \n-%$=<?",
        *("p", "a:b", "url(", "url(a.png)", "@media x", "@import 'x'", "/*", "*/", "é", "1a", "@font-face", "src:"),
        *("!important", "--x:", ":is(", "<!--", "-->", "U+26", "\\61", "&:hover", "@layer a", "'a'"),
    ]
)


@given(st.lists(SCRAPS, max_size=40).map("".join) | st.text(max_size=80))
def test_what_ships_would_ship_again_and_stays_the_same(css: str) -> None:
    first = packed(css)
    known = {asset.name.removeprefix("styles/assets/"): asset.data for asset in first.assets}
    again = pack_stylesheet(
        ContentFile("s.css"), Folder({"s.css": first.css, **{f"assets/{name}": body for name, body in known.items()}})
    )
    assert again.diagnostics == ()
    assert re.sub(r"assets/a-[0-9a-f-]+", "", again.css) == re.sub(r"assets/a-[0-9a-f-]+", "", first.css)


@pytest.mark.parametrize(
    "piece", ["(", "{", "a[", "a{", ":is(", "url(", "/*", '"', "\\", "@media x{", "p{*a:b}", "a,", "<!--"]
)
def test_no_sheet_holds_the_build_up(piece: str) -> None:
    assert_linear(lambda size: packed(piece * size), 150, "tinycss2")


def test_epubcheck_takes_what_is_left_of_every_fault(tmp_path: Path, assert_valid: Callable[[Path], None]) -> None:
    cases = [marked.replace("§", "") for group in (INVALID, UNSUPPORTED, REMOTE, MISSING) for marked, _ in group]
    made = [packed(case) for case in (*cases, KEPT, "p { background: url(a.png) }")]
    book = tmp_path / "sheets.epub"
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        links, items = [], ['<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>']
        for number, sheet in enumerate(made):
            archive.writestr(f"EPUB/styles/s{number}.css", sheet.css)
            items.append(f'<item id="s{number}" href="styles/s{number}.css" media-type="text/css"/>')
            links.append(f'<link rel="stylesheet" type="text/css" href="styles/s{number}.css"/>')
        for asset in {asset.name: asset for sheet in made for asset in sheet.assets}.values():
            archive.writestr(f"EPUB/{asset.name}", asset.data)
            items.append(f'<item id="a" href="{asset.name}" media-type="{asset.media_type}"/>')
        archive.writestr("EPUB/nav.xhtml", NAV.format(links="".join(links)))
        archive.writestr("EPUB/package.opf", PACKAGE.format(items="".join(items)))
    assert_valid(book)


CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
NAV = (
    '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    '<head><title>Contents</title>{links}</head><body><nav epub:type="toc"><ol><li>'
    '<a href="nav.xhtml">Contents</a></li></ol></nav></body></html>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u" xml:lang="en">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Sheets</dc:title><dc:language>en</dc:language>'
    '<dc:identifier id="u">urn:uuid:12345678-1234-4234-8234-123456789012</dc:identifier>'
    '<meta property="dcterms:modified">2025-01-01T00:00:00Z</meta></metadata>'
    '<manifest>{items}</manifest><spine><itemref idref="nav"/></spine></package>'
)


@pytest.mark.parametrize(
    ("base", "reference", "path"),
    [
        ("css/s.css", "a.png", "css/a.png"),
        ("css/s.css", "../a.png", "a.png"),
        ("css/s.css", "/a.png", "a.png"),
        ("s.css", "./b/../a.png", "a.png"),
        *[("css/s.css", outside, None) for outside in ("../../a.png", "..", "/../a.png", "", "/", "../")],
        *[("css/s.css", unfit, None) for unfit in ("a\0.png", "a\\b.png", "..\\a.png")],
    ],
)
def test_what_a_reference_means(base: str, reference: str, path: str | None) -> None:
    assert resolve(base, reference) == path


@pytest.mark.parametrize(("limit", "most"), [("_MOST_ASSETS", 2), ("_LARGEST_TOGETHER", 2 * len(PNG))])
def test_the_files_of_a_sheet_are_bounded_in_number_and_size(
    limit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    three = {f"{at}_png": PNG[:-1] + bytes((at,)) for at in range(3)}
    css = "".join(f"p {{ background: url('/{at}.png') }}\n" for at in (0, 1, 0, 1, 2))
    assert len(packed(css, **three).assets) == 3
    monkeypatch.setattr(f"chapbook.styling.references.{limit}", most)
    sheet = packed(css, **three)
    assert len(sheet.assets) == 2
    assert [(each.code, each.line) for each in sheet.diagnostics] == [("css-not-supported", 5)]
    assert "one file too many" in sheet.diagnostics[0].message


def test_a_picture_in_the_sheet_is_what_it_says() -> None:
    inline = base64.b64encode(PNG).decode()
    sheet = packed(
        f"p {{ background: url('data:image/png;base64,{inline}') }}\n"
        f"q {{ background: url('data:image/jpeg;base64,{inline}') }}\n"
    )
    assert sheet.css.count("data:image/png") == 1
    assert [(each.code, each.line) for each in sheet.diagnostics] == [("css-not-supported", 2)]
    assert "holds no image/jpeg" in sheet.diagnostics[0].message


def test_a_file_that_is_referred_to_a_thousand_times_is_read_once() -> None:
    reads: list[str] = []

    class Counted(Folder):
        def read(self, path: str) -> bytes:
            reads.append(path)
            return super().read(path)

    css = "p { background: url(a.png) }\nq { background: url(none.png) }\nb { background: url(t.png) }\n" * 1_000
    sheet = pack_stylesheet(ContentFile("s.css"), Counted({"s.css": css, "a.png": PNG, "t.png": "text"}))
    assert sorted(reads) == ["a.png", "s.css", "t.png"]
    assert len(sheet.assets) == 1
