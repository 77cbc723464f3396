from __future__ import annotations

import pytest
from PIL import Image, ImageStat

from chapbook.assets.file_formats import ImageError
from chapbook.assets.image import fit_cover
from chapbook.model.diagnostics import Severity
from chapbook.model.settings import ImageLimits
from support.pictures import LIMITS, drawing, exif, opened, photograph, png_header, saved, transparent


def _codes(data: bytes) -> list[str]:
    return [each.code for each in fit_cover(data, LIMITS).warnings]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_good_cover_ships_byte_for_byte(form: str) -> None:
    data = saved(photograph(1600, 2560), form)
    made = fit_cover(data, LIMITS)
    assert made.data is data
    assert (made.width, made.height, made.warnings) == (1600, 2560, ())


@pytest.mark.parametrize(
    "data",
    [
        saved(photograph(300, 480), "WEBP"),
        saved(photograph(300, 480), "TIFF"),
        saved(photograph(300, 480), "GIF"),
        saved(photograph(300, 480, "L"), "JPEG"),
        saved(photograph(300, 480, "CMYK"), "JPEG"),
        saved(transparent(300, 480), "PNG"),
        saved(drawing(300, 480).quantize(4), "PNG"),
        saved(photograph(480, 300), "JPEG", exif=exif({0x0112: 6})),
    ],
)
def test_any_other_picture_becomes_rgb_in_a_jpeg_or_png(data: bytes) -> None:
    made = fit_cover(data, LIMITS)
    assert made.changed
    assert made.suffix in {".jpg", ".png"}
    shown = opened(made.data)
    assert shown.convert("RGB").size == (300, 480) == (made.width, made.height)
    assert not shown.has_transparency_data
    assert [each.code for each in made.warnings] == ["cover-small"]


def test_what_is_transparent_shows_white() -> None:
    image = Image.new("RGBA", (1500, 2000), (0, 0, 0, 0))
    assert ImageStat.Stat(opened(fit_cover(saved(image, "PNG"), LIMITS).data).convert("RGB")).mean == [255, 255, 255]


@pytest.mark.parametrize(("size", "longest"), [((5000, 6000), 2592), ((1500, 9000), 4096)])
def test_a_large_cover_is_made_smaller(size: tuple[int, int], longest: int) -> None:
    made = fit_cover(saved(photograph(50, 60).resize(size), "JPEG"), LIMITS)
    assert made.height == pytest.approx(longest, abs=2)
    assert made.width * made.height <= 5_600_000
    assert made.width / made.height == pytest.approx(size[0] / size[1], rel=0.01)


def test_a_heavy_cover_is_made_lighter() -> None:
    data = saved(photograph(1400, 2000), "PNG")
    made = fit_cover(data, ImageLimits(max_bytes=100_000))
    assert len(made.data) <= 100_000


def test_a_small_cover_is_warned_of_and_not_enlarged() -> None:
    data = saved(photograph(1399, 2000), "JPEG")
    made = fit_cover(data, LIMITS)
    assert made.data is data
    (warning,) = made.warnings
    assert (warning.code, warning.severity) == ("cover-small", Severity.WARNING)
    assert "1399 × 2000" in warning.message


def test_a_cover_that_is_wider_than_tall_is_warned_of() -> None:
    assert _codes(saved(photograph(2000, 1500), "JPEG")) == ["cover-shape"]
    assert _codes(saved(photograph(2000, 2000), "JPEG")) == []
    assert _codes(saved(photograph(2000, 1500), "JPEG", exif=exif({0x0112: 8}))) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"words",
        b"%PDF-1.4",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        png_header(60_000, 60_000),
        saved(drawing(), "PNG")[:60],
    ],
)
def test_what_is_no_cover_is_an_error(data: bytes) -> None:
    with pytest.raises(ImageError) as caught:
        fit_cover(data, LIMITS)
    fault = caught.value.diagnostic
    assert (fault.code, fault.severity, fault.path) == ("cover-invalid", Severity.ERROR, None)
    assert "cover" in fault.message
    assert fault.hint
