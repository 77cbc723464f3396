from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from chapbook.assets.file_formats import FittedImage, ImageError
from chapbook.assets.image import fit_image
from support.counting import assert_linear, steps
from support.pictures import LIMITS, drawing, saved
from support.pictures import limits as small_limits

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PIXEL = "data:image/png;base64," + b64encode(saved(drawing(), "PNG")).decode()


def svg(inside: str, attributes: str = "") -> bytes:
    return f"<svg {NS} {attributes}>{inside}</svg>".encode()


def fit(inside: str, attributes: str = "") -> FittedImage:
    return fit_image(svg(inside, attributes), LIMITS)


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0L9 9"/>',
        "<title>A map</title><desc>Of the harbour</desc><text>words</text>",
        '<defs><linearGradient id="g"/></defs><rect width="1" height="1" fill="url(#g)" style="stroke:url(\'#g\')"/>',
        "<style>.a { fill: red; } /* url(#b) */ .b { clip-path: url(#c) }</style>",
        '<use href="#a"/><use xlink:href="#a"/>',
        f'<image href="{PIXEL}" width="1" height="1"/>',
        '<a href="https://example.org/"><text>a link</text></a>',
        '<animate attributeName="cx" values="1;2" dur="1s"/>',
        "<metadata><x:r xmlns:x='urn:x'>kept</x:r></metadata>",
        "<!-- a comment --><?editor settings?><g/>",
        '<text font-family="Curlew">the word url in curled words</text>',
    ],
)
def test_a_clean_one_ships_byte_for_byte(inside: str) -> None:
    data = svg(inside)
    made = fit_image(data, LIMITS)
    assert made.data is data
    assert (made.suffix, made.media_type, made.changed, made.warnings) == (".svg", "image/svg+xml", False, ())


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\ufeff",
        '<?xml version="1.0"?>',
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- made by hand -->\n',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    ],
)
def test_what_may_stand_before_the_root_stays(before: str) -> None:
    data = before.encode() + svg("<g/>")
    assert fit_image(data, LIMITS).data is data


@pytest.mark.parametrize(
    "before",
    [
        b'<?xml version="1.0" encoding="iso-8859-1"?>',
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.0//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">',
        b'<!DOCTYPE svg SYSTEM "http://example.org/my.dtd">',
        b'<!DOCTYPE svg [<!ENTITY unused "x">]>',
    ],
)
def test_what_epub_does_not_allow_there_goes_in_silence(before: bytes) -> None:
    made = fit_image(
        before + svg("<text>caf\u00e9</text>").decode().encode("latin-1" if b"8859" in before else "utf-8"), LIMITS
    )
    assert made.changed
    assert made.warnings == ()
    assert b"DOCTYPE" not in made.data
    assert "caf\u00e9" in made.data.decode("utf-8")


def test_utf_16_becomes_utf_8() -> None:
    made = fit_image(svg("<text>ж</text>").decode().encode("utf-16"), LIMITS)
    assert "ж" in made.data.decode("utf-8")


def test_a_missing_namespace_is_put_there() -> None:
    made = fit_image(b'<svg viewBox="0 0 4 3"><g><path d="M0 0"/></g></svg>', LIMITS)
    assert made.changed
    assert made.warnings == ()
    tree = etree.fromstring(made.data)
    assert [etree.QName(each).namespace for each in tree.iter()] == ["http://www.w3.org/2000/svg"] * 3
    assert b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><g><path' in made.data


def test_entities_of_an_editor_are_resolved() -> None:
    data = (
        b'<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg"><!ENTITY name "Harbour">]>'
        b'<svg xmlns="&ns_svg;"><text>&name;</text></svg>'
    )
    made = fit_image(data, LIMITS)
    assert b"<text>Harbour</text>" in made.data
    assert b"ENTITY" not in made.data


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<script>alert(1)</script>", "'script'"),
        ('<x:script xmlns:x="http://www.w3.org/2000/svg" href="a.js"/>', "'script'"),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", "'foreignObject'"),
        ("<p xmlns='http://www.w3.org/1999/xhtml'>x</p>", "'p'"),
        ('<rect onclick="x()"/>', "'onclick'"),
        ('<rect xml:base="http://example.org/"/>', "'base'"),
        ('<image href="other.png"/>', "a reference to 'other.png'"),
        ('<image xlink:href="http://example.org/a.png"/>', "a reference to 'http://example.org/a.png'"),
        ('<image href="data:image/svg+xml;base64,AAAA"/>', "a reference to 'data:image/svg+xml;base64,AAAA'"),
        ('<use href="sprites.svg#a"/>', "a reference to 'sprites.svg#a'"),
        ('<linearGradient xlink:href="file:///etc/passwd#a"/>', "a reference to 'file:///etc/passwd#a'"),
        ('<a href="javascript:alert(1)"><text>x</text></a>', "a reference to 'javascript:alert(1)'"),
        ('<a href=" java&#10;script:alert(1)"><text>x</text></a>', "a reference to 'java script:alert(1)'"),
        ('<set attributeName="onload" to="x()"/>', "'set'"),
        ('<animate attributeName="xlink:href" values="javascript:x()"/>', "'animate'"),
        ("<style>@import url(http://example.org/a.css); .a{fill:red}</style>", "@import"),
        ("<style>.a{background:url(http://example.org/a.png)}</style>", "a reference to 'http://example.org/a.png'"),
        ("<style>.a{fill:u\\72l(//example.org/a)}</style>", "a reference to '//example.org/a'"),
        ("<style>@font-face{font-family:x;src:url('x.woff')}</style>", "a reference to 'x.woff'"),
        ("<rect style=\"fill:url('other.svg#g') red\"/>", "a reference to 'other.svg#g'"),
        ('<rect fill="url(http://example.org/#g)"/>', "a reference to 'http://example.org/#g'"),
        ("<style>a{b:c}<!-- c -->i{fill:url(//example.org/a)}</style>", "a reference to '//example.org/a'"),
        ("<style><!-- c -->@import url(http://example.org/a.css);</style>", "@import"),
        ("<style>a{b:c}<?x y?>i{fill:url(//example.org/a)}</style>", "a reference to '//example.org/a'"),
        ("<style>a{b:c}<g/>i{fill:u<g/>rl(//example.org/a)}</style>", "'g', a reference to '//example.org/a'"),
        ("<style>i{fill:u<!-- c -->rl(//example.org/a)}</style>", "a reference to '//example.org/a'"),
        ("<style>i{fill:src('//example.org/a')}</style>", "a reference to '//example.org/a'"),
        ("<style>i{fill:newest('#a', '//example.org/a')}</style>", "a reference to '//example.org/a'"),
        ("<style>i{--a:'//example.net/a';fill:src(var(--a))}</style>", "a reference to 'src()'"),
        ("<style>i{fill:image('//example.org/a', red)}</style>", "a reference to '//example.org/a'"),
        ("<style>i{fill:image-set('#a' 1x, '//example.org/a' 2x)}</style>", "a reference to '//example.org/a'"),
        ("<style>i{cursor:url(//example.org/a) 1 2, auto}</style>", "a reference to '//example.org/a'"),
        ("<rect style=\"fill:image-set('//example.org/a' 1x)\"/>", "a reference to '//example.org/a'"),
        ("<rect mask=\"image-set('//example.org/a' 1x)\"/>", "a reference to '//example.org/a'"),
        ('<rect filter="ur\\6c(//example.org/a)"/>', "a reference to '//example.org/a'"),
        ('<rect clip-path="\\75 rl(//example.org/a#b)"/>', "a reference to '//example.org/a#b'"),
        ('<rect cursor="url(//example.org/a), auto"/>', "a reference to '//example.org/a'"),
        ('<rect xlink:hr=";http://example.org/a"/>', "'xlink:hr'"),
        ("<rect mask=\"é-sé('//example.org/a' 1x)\"/>", "a reference to '//example.org/a'"),
        ('<animate attributeName="fill" to="url(//example.org/a#b)"/>', "a reference to '//example.org/a#b'"),
        ('<animate attributeName="fill" values="red;src(\'//example.org/a\')"/>', "a reference to '//example.org/a'"),
    ],
)
def test_what_may_not_ship_goes_and_is_named(inside: str, words: str) -> None:
    made = fit(f"{inside}<circle r='1'/>")
    assert made.changed
    (warning,) = made.warnings
    assert warning.code == "markup-removed"
    assert words.strip("'") in warning.message
    text = made.data.decode()
    for gone in ("script", "onclick", "example.org", "other.", "sprites", "passwd", "onload", "woff", "<p", "foreign"):
        assert gone not in text
    assert "circle" in text
    assert fit_image(made.data, LIMITS).data is made.data


def test_a_style_sheet_before_the_root_goes() -> None:
    made = fit_image(b'<?xml-stylesheet href="http://example.org/a.css"?>' + svg("<g/>"), LIMITS)
    assert b"xml-stylesheet" not in made.data
    assert "xml-stylesheet" in made.warnings[0].message


def test_the_text_around_what_goes_stays() -> None:
    made = fit("<text>one<script/> two <tspan>three</tspan><script/> four</text>")
    assert "".join(etree.fromstring(made.data).itertext()) == "one two three four"


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="40" height="30"', (40, 30)),
        ('width="10mm" height="1in"', (38, 96)),
        ('width="100%" viewBox="0 0 640 480"', (640, 480)),
        ('viewBox="0,0,64.4,48.6"', (64, 49)),
        ('viewBox="0 0 inf nan"', (0, 0)),
        ('viewBox="0 0 x y"', (0, 0)),
        ("", (0, 0)),
    ],
)
def test_its_size_is_what_it_says(attributes: str, size: tuple[int, int]) -> None:
    made = fit("<g/>", attributes)
    assert (made.width, made.height) == size


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><g></svg>', "image-damaged"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><use xlink:href="#a"/></svg>', "image-damaged"),
        (b'<svg xmlns="http://example.org/other"/>', "image-damaged"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">&undefined;</svg>', "image-damaged"),
        (svg("x" * 200), "image-too-large"),
        (svg("<g>" * 5000 + "</g>" * 5000), "image-too-large"),
    ],
)
def test_what_cannot_be_read_is_a_fault(data: bytes, code: str) -> None:
    limits = small_limits(max_bytes=250) if data == svg("x" * 200) else LIMITS
    with pytest.raises(ImageError) as caught:
        fit_image(data, limits)
    assert caught.value.diagnostic.code == code
    assert "\n" not in caught.value.diagnostic.message


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda size: "<g/>" * size, "image-too-large"),
        (lambda size: "<g " + " ".join(f'a{nth}="url(x)"' for nth in range(size)) + "/>", "image-too-large"),
        (lambda size: "<style>url(x)" + "{(" * size + "</style>", "markup-removed"),
        (lambda size: "<style>" + "a{fill:url(x)}" * size + "</style>", "markup-removed"),
    ],
    ids=["elements", "attributes", "nesting", "rules"],
)
def test_what_would_take_minutes_is_not_looked_into(
    made: Callable[[int], str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chapbook.assets.svg_files._MOST_ELEMENTS", 100)
    monkeypatch.setattr("chapbook.assets.svg_files._MOST_ATTRIBUTES", 100)
    monkeypatch.setattr("chapbook.assets.svg_policy._LONGEST_CSS", 1_000)

    def refuse(size: int) -> None:
        try:
            told = fit(made(size)).warnings[0].code
        except ImageError as error:
            told = error.diagnostic.code
        assert told == code

    assert_linear(refuse, 200)
    assert "tokenizer.py" not in " ".join(steps(lambda: refuse(200), "tinycss2"))


@pytest.mark.parametrize("value", ["url(#g)", "url('#g') red", "rgb(1 2 3)", "matrix(1 0 0 1 0 0)"])
def test_what_plainly_stays_in_the_picture_is_not_parsed(value: str) -> None:
    inside = f'<linearGradient id="g"/><rect width="1" height="1" fill="{value}" style="fill:{value}"/>'
    assert "tokenizer.py" not in " ".join(steps(lambda: fit(inside), "tinycss2"))


@pytest.mark.parametrize("levels", [6, 12])  # 14 MB, which an unbounded parser would still give, and 14 TB
def test_entities_that_grow_are_refused_before_they_have(levels: int) -> None:
    grown = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(levels))
    subset = f'[<!ENTITY e0 "boom boom boom">{grown}]'
    with pytest.raises(ImageError) as caught:
        fit_image(f"<!DOCTYPE svg {subset}><svg {NS}><text>&e{levels};</text></svg>".encode(), LIMITS)
    assert caught.value.diagnostic.message == "the entities in the SVG unfold to more than chapbook reads"


def test_an_entity_that_is_a_file_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret", encoding="utf-8")
    data = f'<!DOCTYPE svg [<!ENTITY f SYSTEM "{secret}">]><svg {NS}><text>&f;</text></svg>'.encode()
    try:
        made = fit_image(data, LIMITS)
    except ImageError:
        return
    assert b"a secret" not in made.data
    assert b"&f;" not in made.data


def shown(inside: str) -> str:
    return re.sub(r".*?<svg[^>]*>|</svg>\n$", "", fit(inside).data.decode(), flags=re.DOTALL)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<g id="1"/><use href="#1"/>', '<g id="i-1"/><use href="#i-1"/>'),
        ('<g id="a b"/>', "<g/>"),
        ('<g id="Line"/><g id="Line"/>', '<g id="Line"/><g/>'),
        ('<g id="7"/><g id="i-7"/><g fill="url(#7)"/>', '<g id="i-7-2"/><g id="i-7"/><g fill="url(#i-7-2)"/>'),
        ('<g id="1"/><g aria-labelledby="1 x"/>', '<g id="i-1"/><g aria-labelledby="i-1 x"/>'),
        ("<style>.a{fill:url('#1')}</style><g id='1'/>", '<style>.a{fill:url(#i-1)}</style><g id="i-1"/>'),
        ('<g stroke-linejoin="arcs" style="fill:red;"/>', '<g style="stroke-linejoin:arcs;fill:red"/>'),
        ('<path d="" paint-order="stroke" data-x="1"/>', '<path d="" style="paint-order:stroke"/>'),
        ('<g content="x" class="a" clip-rule="winding}"/>', '<g class="a"/>'),
        ('<style class="a">b{}</style>', "<style>b{}</style>"),
        ('<rect width="1"/><ellipse rx="2"/>', '<rect width="1" height="0"/><ellipse rx="2" ry="2"/>'),
        ('<text><a href="#b">c</a></text>', "<text><tspan>c</tspan></text>"),
        ('<a target="_blank"><g/></a>', "<g><g/></g>"),
        (
            "<style>@font-face{font-family:A;src:url(/a.woff)}b{fill:red}</style>",
            "<style>b{fill:red}</style>",
        ),
    ],
)
def test_what_svg_1_1_has_not_is_mended_without_a_word(inside: str, expected: str) -> None:
    assert shown(inside) == expected


def test_a_font_in_the_picture_stays() -> None:
    assert not fit("<style>@font-face{font-family:A;src:url(data:image/png;base64,AAAA)}</style>").changed


def test_many_ids_take_no_square() -> None:
    assert_linear(lambda size: fit("".join(f'<g id="{n}"/><use href="#{n}"/><g id="x"/>' for n in range(size))), 200)
    alike = [f"7{chr(0x2200 + n)}" for n in range(400)]  # in XML 1.0 each is to be called i-7
    assert_linear(lambda size: fit("".join(f'<g id="{id_}"/><use href="#{id_}"/>' for id_ in alike[:size])), 200)


def test_a_font_without_a_sign_for_what_it_lacks_gets_one() -> None:
    font = '<font id="F" horiz-adv-x="500"><font-face font-family="F"/><glyph unicode="a" d="M0 0"/></font>'
    assert b'<font-face font-family="F"/><missing-glyph/><glyph' in fit(f"<defs>{font}</defs>").data


@pytest.mark.parametrize(
    ("inside", "moves"),
    [
        ('<rect width="5" height="5"><animate attributeName="x" values="0;1" dur="1s"/></rect>', True),
        ("<style>@keyframes a { to { opacity: 0 } } rect { animation: a 1s infinite }</style>", True),
        ('<rect width="5" height="5" style="animation-name: a"/>', True),
        ('<rect width="5" height="5"/><style>rect { fill: red }</style>', False),
    ],
)
def test_a_drawing_that_moves_says_so(inside: str, moves: bool) -> None:  # noqa: FBT001 - a column of the table
    assert fit(inside).animated is moves


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_an_svg_that_says_another_encoding_than_it_has_is_written_anew(encoding: str, mark: bytes) -> None:
    made = fit_image(mark + f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + svg("<g/>"), LIMITS)
    assert made.changed == (encoding != "utf-8")


def test_what_grows_while_it_is_cleaned_is_held_to_the_limit_too() -> None:
    data = f'<!DOCTYPE svg [<!ENTITY e "{"x" * 400}">]><svg {NS}><text>&e;&e;&e;&e;</text></svg>'.encode()
    assert len(fit_image(data, small_limits(max_bytes=2_000)).data) > 1_600
    with pytest.raises(ImageError) as caught:
        fit_image(data, small_limits(max_bytes=1_000))
    assert len(data) < 1_000
    assert caught.value.diagnostic.code == "image-too-large"


@pytest.mark.parametrize("most", ["_LONGEST_CSS", "_DEEPEST_CSS"])
def test_css_is_taken_apart_up_to_a_length_and_a_depth(most: str, monkeypatch: pytest.MonkeyPatch) -> None:
    css = ".a { fill: url(#a) } @media (a: ((b))) { .b { fill: url(http://e.org) } }"
    monkeypatch.setattr(f"chapbook.assets.svg_policy.{most}", len(css) if most == "_LONGEST_CSS" else 3)
    made = fit(f"<style>{css}</style>")
    assert b"url(#a)" in made.data
    assert b"e.org" not in made.data
    monkeypatch.setattr(f"chapbook.assets.svg_policy.{most}", len(css) - 1 if most == "_LONGEST_CSS" else 2)
    made = fit(f"<style>{css}</style>")
    assert b"url" not in made.data
    assert "too long or nests too deep" in made.warnings[0].message


@pytest.mark.parametrize(
    "value", [r"fill:\75rl(http://e.org/a)", r"fill:u\72 l(http://e.org/a)", "fill:URL(http://e.org/a)"]
)
def test_a_reference_that_is_written_with_escapes_is_one(value: str) -> None:
    for inside in (f"<g style='{value}'/>", f"<style>a {{ {value} }}</style>", f"<g fill='{value[5:]}'/>"):
        made = fit(inside)
        assert b"e.org" not in made.data
        assert [each.code for each in made.warnings] == ["markup-removed"]


@pytest.mark.parametrize(("subset", "changed"), [("", False), (" []", True), ("[<!ATTLIST g a CDATA 'b'>]", True)])
def test_a_document_type_ships_without_declarations_of_its_own(subset: str, changed: bool) -> None:  # noqa: FBT001 - a table
    public = '"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
    made = fit_image(f"<!DOCTYPE svg PUBLIC {public}{subset}>".encode() + svg("<g/>"), LIMITS)
    assert made.changed == changed
    assert (b"DOCTYPE" in made.data) != changed


def test_an_attribute_that_svg_does_not_have_refers_to_nothing_outside() -> None:
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><odd ref="https://out.example/"/></svg>'
    made = fit_image(picture, LIMITS)
    assert b"out.example" not in made.data
    assert [each.message for each in made.warnings] == ["removed from the SVG: a reference to 'https://out.example/'"]


def test_an_escaped_control_character_stays_one_where_something_else_goes() -> None:
    style = b"fill: a\\7 b(1); mask: url(https://out.example/)"
    made = fit_image(b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1" style="' + style + b'"/>', LIMITS)
    assert b'style="fill: a\\7 b(1); mask: none"' in made.data


def test_what_is_changed_is_as_well_formed_as_what_was_read() -> None:
    picture = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:a="http://###www.w).org" width="1" height="1">'
        b'<foreignObject><p xmlns="odd/:/name">x</p></foreignObject></svg>'
    )
    with pytest.raises(ImageError) as caught:
        fit_image(picture, LIMITS)
    assert caught.value.diagnostic.code == "image-damaged"
