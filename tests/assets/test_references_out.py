"""Nothing of CSS that ships refers to anything outside the book, wherever the CSS stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.assets.image import fit_image
from chapbook.markup.page import RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.settings import ContentFile, ImageLimits
from chapbook.rendering.document import render_chapter
from chapbook.styling.stylesheet import pack_stylesheet
from support.css_addresses import css_addresses
from support.gate_references import outside_references
from support.outside_css import OUTSIDE_RULES, OUTSIDE_VALUES
from support.pictures import LIMITS, drawing, saved

_PROPERTIES = ("fill", "filter", "mask", "clip-path", "cursor", "marker-end", "stroke", "background", "list-style")
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}<rect id="a" width="1" height="1"{}/></svg>'


def svg_files(inside: str, attributes: str = "") -> dict[str, bytes]:
    picture = _SVG.format(inside, attributes).encode()
    return {"EPUB/images/a.svg": fit_image(picture, ImageLimits()).data}


def of_svg_style(css: str) -> dict[str, bytes]:
    return svg_files(f"<style>{escape(css)}</style>")


def of_parted_style(css: str) -> dict[str, bytes]:
    middle = len(css) // 2
    return svg_files(f"<style>{escape(css[:middle])}<!-- --><?x?>{escape(css[middle:])}</style>")


def of_svg_attribute(css: str) -> dict[str, bytes]:
    return svg_files("", f' style="{escape(css)}"')


def of_drawing(css: str) -> dict[str, bytes]:
    text = _SVG.format("<title>x</title>", f' style="{escape(css)}"').replace("\n", "&#10;")
    return document(text)


def document(text: str) -> dict[str, bytes]:
    made = render_chapter(Chapter(text=text, path="a.md"), name="text/a.xhtml", settings=RenderSettings())
    return {"EPUB/text/a.xhtml": made.data}


def of_style_attribute(css: str) -> dict[str, bytes]:
    return document(f'<p style="{escape(css)}">words</p>'.replace("\n", "&#10;"))


class Folder:
    def __init__(self, css: str) -> None:
        self.css = css

    def names(self) -> frozenset[str]:
        return frozenset({"s.css", "x.svg"})

    def read(self, path: str) -> bytes:
        return self.css.encode() if path == "s.css" else saved(drawing(), "PNG")


def of_sheet(css: str) -> dict[str, bytes]:
    packed = pack_stylesheet(ContentFile("s.css"), Folder(css))
    return {"EPUB/styles/s.css": packed.css.encode(), **{f"EPUB/{each.name}": each.data for each in packed.assets}}


def presented(css: str) -> Iterator[tuple[str, dict[str, bytes]]]:
    """`css`, a value, as presentation attributes of a file and of a drawing."""
    for name in _PROPERTIES:
        given = f' {name}="{escape(css)}"'
        yield f"{name} of a file", svg_files("", given)
        yield f"{name} of a drawing", document(_SVG.format("<title>x</title>", given.replace("\n", "&#10;")))


DECLARED: dict[str, Callable[[str], dict[str, bytes]]] = {
    "style of a drawing": of_drawing,
    "style attribute": of_style_attribute,
    "style of a file": of_svg_attribute,
}
SHEETS: dict[str, Callable[[str], dict[str, bytes]]] = {
    "sheet of a file": of_svg_style,
    "parted sheet of a file": of_parted_style,
    "style sheet": of_sheet,
}


@pytest.mark.parametrize("value", OUTSIDE_VALUES)
def test_no_value_refers_out(value: str) -> None:
    assert list(css_addresses(value)), "the scan must see what it is to find"
    made = [(where, of(f"{name}: {value}")) for name in _PROPERTIES for where, of in DECLARED.items()]
    made += [(where, of(f"rect {{ {name}: {value} }}")) for name in _PROPERTIES for where, of in SHEETS.items()]
    for where, files in [*made, *presented(value)]:
        found = list(outside_references(files))
        assert not found, (where, found)


@pytest.mark.parametrize("rule", OUTSIDE_RULES)
def test_no_rule_refers_out(rule: str) -> None:
    assert list(css_addresses(rule)), "the scan must see what it is to find"
    for where, of in SHEETS.items():
        found = list(outside_references(of(rule)))
        assert not found, (where, found)


_PIECES = st.sampled_from(
    (
        *("url(", "u\\72l(", "image-set(", "src(", "cross-fade(", "x(", "var(", "attr(", "(", ")", "[", "]", "{", "}"),
        *("https://out.example/x", "//out.example", "#a", "'", '"', "\\", "\\\n", "\n", "\\7 ", "\\0 ", "/*", "*/"),
        *(" ", ",", ";", ":", "red", "1x", "@import ", "\\", "!", "<!--", "-->", "&", "é", "\\d800 ", "fill", "a.png"),
    )
)


@given(st.lists(_PIECES, max_size=25).map("".join))
@settings(max_examples=300)
def test_no_css_at_all_refers_out(css: str) -> None:
    for of in (*DECLARED.values(), *SHEETS.values()):
        assert not list(outside_references(of(css)))


def test_what_stays_inside_ships_as_it_was_written() -> None:
    css = "rect { fill: url(#a); filter: blur(1px); font-family: 'https://a' } a::after { content: '//' }"
    picture = _SVG.format(f"<style>{css}</style>", ' mask="url(#a)"').encode()
    assert fit_image(picture, LIMITS).data == picture
