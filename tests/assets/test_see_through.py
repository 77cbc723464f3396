"""Which pictures a dark page would hide."""

from __future__ import annotations

import io

import pytest
from lxml import etree
from PIL import Image, ImageDraw

from chapbook.assets.image import fit_image
from chapbook.assets.svg_appearance import has_ground
from chapbook.model.marks import looks_of
from chapbook.model.settings import ImageLimits


def drawn(mode: str, ground: tuple[int, ...], ink: tuple[int, ...], format_: str = "PNG") -> bytes:
    image = Image.new(mode, (200, 200), ground)
    ImageDraw.Draw(image).rectangle((20, 20, 120, 60), fill=ink)
    target = io.BytesIO()
    image.save(target, format_)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (drawn("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)), True),
        (drawn("LA", (0, 0), (0, 255)), True),
        (drawn("RGBA", (0, 0, 0, 0), (0, 0, 0, 255), "GIF"), True),
        (drawn("RGBA", (0, 0, 0, 0), (0, 0, 0, 255), "WEBP"), True),  # becomes a PNG
        (drawn("RGBA", (255, 255, 255, 255), (0, 0, 0, 255)), False),  # an alpha channel without a use
        (drawn("RGBA", (0, 0, 0, 0), (250, 250, 250, 255)), False),  # light on nothing is for dark pages
        (drawn("RGBA", (0, 0, 0, 0), (0, 0, 0, 0)), False),
        (drawn("RGB", (0, 0, 0), (255, 255, 255)), False),
    ],
    ids=["rgba", "grey", "gif", "webp", "opaque", "light", "nothing", "no-alpha"],
)
def test_dark_pixels_on_nothing_are_hidden(data: bytes, expected: bool) -> None:  # noqa: FBT001 - a parameter
    assert fit_image(data, ImageLimits()).see_through is expected


def test_a_palette_may_have_a_transparent_colour() -> None:
    image = Image.new("P", (64, 64), 1)
    image.putpalette([0, 0, 0, 255, 255, 255])
    ImageDraw.Draw(image).line((0, 0, 63, 63), fill=0, width=5)
    for transparency, expected in ((1, True), (0, False)):
        target = io.BytesIO()
        image.save(target, "PNG", transparency=transparency)
        assert fit_image(target.getvalue(), ImageLimits()).see_through is expected


@pytest.mark.parametrize(
    ("attributes", "shapes", "expected"),
    [
        ('viewBox="0 0 100 100"', '<circle r="40"/>', False),
        ('viewBox="0 0 100 100"', "", False),
        ('viewBox="0 0 100 100"', '<rect width="100" height="100" fill="white"/>', True),
        ('viewBox="0 0 100 100"', '<defs><rect width="100" height="100"/></defs><circle r="40"/>', False),
        ('viewBox="0 0 100 100"', '<rect width="100%" height="100%" style="fill:#eee"/>', True),
        ('viewBox="0 0 100 100"', '<rect width="100" height="100" fill="none" stroke="#000"/>', False),
        ('viewBox="0 0 100 100"', '<rect width="100" height="100" style="fill: none"/>', False),
        ('viewBox="0 0 100 100"', '<rect width="100" height="100" fill-opacity="0"/>', False),
        ('viewBox="0 0 100 100"', '<g fill="none"><rect width="100" height="100"/></g>', False),
        ('viewBox="0 0 100 100"', '<g fill="none"><rect width="100" height="100" fill="#fff"/></g>', True),
        ('viewBox="0 0 100 100"', '<rect width="20" height="100"/>', False),
        (
            'width="100" height="100"',
            '<image width="100" height="100" href="data:image/png;base64,iVBORw0KGgo="/>',
            True,
        ),
        ('style="background: #fff"', "<path/>", True),
        ('viewBox="0 0 24 24"', '<path fill="none" d="M0 0h24v24H0z"/><path d="M1 1"/>', False),
        # Matplotlib, Graphviz, R
        (
            'width="460.8pt" height="345.6pt" viewBox="0 0 460.8 345.6"',
            '<g id="patch_1"><path d="M 0 345.6 \nL 460.8 345.6 \nL 460.8 0 \nL 0 0 \nz\n" style="fill: #ffffff"/></g>',
            True,
        ),
        (
            'width="206pt" height="116pt" viewBox="0 0 206 116"',
            '<g transform="translate(4 112)"><polygon fill="white" points="-4,4 -4,-112 202,-112 202,4 -4,4"/></g>',
            True,
        ),
        ('viewBox="0 0 504 504"', "<rect width='100%' height='100%' style='stroke: none; fill: #FFFFFF;'/>", True),
        ('viewBox="0 0 10 10"', '<path d="M0 0H10V10H0z"/>', True),
        ('viewBox="0 0 10"', '<path d="M"/>', False),
        ('viewBox="a b c d"', '<rect width="1e999" height="x"/>', False),
    ],
)
def test_the_ground_of_a_drawing_is_its_first_shape(attributes: str, shapes: str, expected: bool) -> None:  # noqa: FBT001
    root = etree.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{shapes}</svg>')
    assert has_ground(root) is expected
    assert fit_image(etree.tostring(root), ImageLimits()).see_through is not expected


def test_tall_pictures_fall_into_six_kinds() -> None:
    sizes = ((400, 300), (300, 400), (300, 600), (200, 600), (200, 900), (100, 800), (50, 800), (0, 0))
    assert [looks_of(*size) for size in sizes] == [
        (),
        ("tall-1",),
        ("tall-2",),
        ("tall-3",),
        ("tall-4",),
        ("tall-5",),
        ("tall-6",),
        (),
    ]
    assert looks_of(24, 24, see_through=True) == ("on-white", "small-picture")
    assert looks_of(120, 20) == ()
