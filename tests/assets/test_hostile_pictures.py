from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from chapbook.assets import raster
from chapbook.assets.file_formats import ImageError
from chapbook.assets.image import fit_image
from chapbook.assets.pixels import brought_near
from chapbook.model.settings import ImageLimits
from support.counting import assert_constant
from support.pictures import (
    LIMITS,
    chunk,
    drawing,
    opened,
    photograph,
    png_header,
    saved,
)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "ICO"])
def test_a_picture_that_is_cut_off_is_a_fault(form: str) -> None:
    data = saved(photograph(256, 256), form)
    for length in (len(data) // 2, len(data) // 8, 40):
        with pytest.raises(ImageError) as caught:
            fit_image(data[:length], LIMITS)
        assert caught.value.diagnostic.code == "image-damaged"
        assert caught.value.diagnostic.hint


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the picture is an empty file"),
        (b"just words", "the file isn't a picture that chapbook knows"),
        (b"%PDF-1.7\n", "the file is a PDF file, not a picture for books"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "the file is a HEIC file, not a picture for books"),
        (b"<!DOCTYPE html><html></html>", "the file is an HTML file, not a picture for books"),
        (b"\x1f\x8b\x08\0", "the file is a gzip file, not a picture for books"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, words: str) -> None:
    with pytest.raises(ImageError) as caught:
        fit_image(data, LIMITS)
    assert (caught.value.diagnostic.code, caught.value.diagnostic.message) == ("image-damaged", words)


def test_a_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(ImageError) as caught:
        fit_image(png_header(60_000, 60_000), LIMITS)
    assert caught.value.diagnostic.code == "image-too-large"
    assert "60000 × 60000" in caught.value.diagnostic.message


@pytest.mark.parametrize(("mode", "made"), [("RGBA", "RGBA"), ("P", "RGB"), ("1", "L"), ("I;16", "L"), ("F", "F")])
def test_what_is_huge_is_made_smaller_in_strips(mode: str, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.assets.pixels._MOST_WHOLE", 5_000)
    monkeypatch.setattr("chapbook.assets.pixels._STRIP", 1_000)
    whole = photograph(160, 101).convert("RGB")
    given = Image.new(mode, whole.size, 1) if mode in {"I;16", "F"} else whole.convert(mode)
    near = brought_near(given, (40, 25))
    assert near.mode == made
    assert near.size == ((160, 101) if mode == "F" else (80, 51))
    if mode == "RGBA":
        expected = whole.convert("RGBA").reduce(2)
        assert max(ImageStat.Stat(ImageChops.difference(near, expected)).rms) < 1


def test_a_book_cannot_ask_for_pictures_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.assets.image._MAX_WRITTEN", 10_000)
    made = fit_image(saved(photograph(200, 200), "BMP"), ImageLimits(max_pixels=100_000_000))
    assert made.width * made.height <= 10_000
    kept = fit_image(saved(photograph(200, 200), "PNG"), ImageLimits(max_pixels=100_000_000))
    assert (kept.width, kept.changed) == (200, False)


@pytest.mark.parametrize("place", ["decode", "_encode_within"])
def test_a_picture_without_memory_is_too_large(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> object:
        raise MemoryError

    monkeypatch.setattr(f"chapbook.assets.image.{place}", fail)
    with pytest.raises(ImageError) as caught:
        fit_image(saved(photograph(200, 200), "BMP"), LIMITS)
    assert caught.value.diagnostic.code == "image-too-large"
    assert caught.value.diagnostic.message == "the picture needs more memory than chapbook may use"


def test_a_picture_that_pillow_would_warn_of_is_taken_in_silence() -> None:
    huge = Image.new("1", (10_000, 9_500))
    made = fit_image(saved(huge, "PNG"), ImageLimits(max_pixels=10_000))
    assert made.width * made.height <= 10_000


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    data = saved(photograph(2000, 2000), "JPEG", progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    with pytest.raises(ImageError) as caught:
        fit_image(data[:-2] + scan[:40] * 3000 + b"\xff\xd9", LIMITS)
    assert caught.value.diagnostic.code == "image-too-large"


def test_a_gif_whose_frame_is_larger_than_its_screen_is_bounded() -> None:
    data = bytearray(saved(drawing(), "GIF"))
    start = data.index(b"\x2c", 13)
    data[start + 5 : start + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(ImageError):
        fit_image(bytes(data), LIMITS)


@pytest.mark.parametrize(
    ("before", "part", "after"),
    [
        (b"\xff\xd8", b"\xff", b""),
        (b"\xff\xd8", b"\xff\xe5\0\2", b""),
        (b"\x89PNG\r\n\x1a\n", chunk(b"teSt", b""), b""),
        (saved(drawing(), "GIF")[:-1], b"\x21\xfe\1a\0", b";"),
    ],
    ids=["fill bytes", "segments", "chunks", "blocks"],
)
def test_a_file_of_endless_parts_is_not_read_to_its_end(
    before: bytes, part: bytes, after: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("_MOST_SEGMENTS", "_MOST_CHUNKS", "_MOST_BLOCKS"):
        monkeypatch.setattr(f"chapbook.assets.picture_metadata.{limit}", 100)

    def refuse(parts: int) -> None:
        with pytest.raises(ImageError) as caught:
            fit_image(before + part * parts + after, LIMITS)
        assert caught.value.diagnostic.code == "image-damaged"

    assert_constant(refuse, 200)


_FORMS = {
    form: saved(photograph(48, 32), form) for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "ICO")
}


@given(st.sampled_from(sorted(_FORMS)), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12))
def test_any_damage_gives_a_picture_or_a_fault(form: str, damage: list[tuple[int, int]]) -> None:
    data = bytearray(_FORMS[form])
    for place, value in damage:
        data[place % len(data)] = value
    with suppress(ImageError):
        made = fit_image(bytes(data), ImageLimits(max_pixels=100_000))
        assert opened(made.data).size == (made.width, made.height)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_fault(noise: bytes) -> None:
    for beginning in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0" * 13), b"GIF89a", b"II*\0"):
        with pytest.raises(ImageError):
            fit_image(beginning + noise, LIMITS)


@pytest.mark.parametrize(
    ("limit", "part", "parts"),
    [
        ("_MOST_SEGMENTS", lambda data, count: data[:2] + b"\xff\xe5\0\2" * count + data[2:], "JPEG"),
        (
            "_MOST_CHUNKS",
            lambda data, count: data[:33] + chunk(b"teSt", b"") * count + data[33:],
            "PNG",
        ),
        ("_MOST_BLOCKS", lambda data, count: data[:-1] + b"\x21\xfe\1a\0" * count + b";", "GIF"),
    ],
    ids=["segments", "chunks", "blocks"],
)
def test_parts_are_counted_one_by_one(
    limit: str, part: Callable[[bytes, int], bytes], parts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"chapbook.assets.picture_metadata.{limit}", 40)
    data = saved(drawing(), parts)
    taken = [count for count in range(45) if _is_taken(part(data, count))]
    assert taken == list(range(len(taken)))
    assert 20 < len(taken) <= 40


def _is_taken(data: bytes) -> bool:
    with suppress(ImageError):
        return bool(fit_image(data, LIMITS).data)
    return False


@pytest.mark.parametrize(
    ("name", "size", "scans", "code"),
    [
        ("JPEG", (96, 64), 1_000, ""),  # a small one may have as many as it likes
        ("JPEG", (10_000, 10_000), 40, ""),
        ("JPEG", (10_000, 10_000), 41, "image-too-large"),
        ("JPEG", (10_900, 10_900), 33, ""),
        ("JPEG", (10_900, 10_900), 34, "image-too-large"),
        ("JPEG", (14_000, 14_000), 1, ""),
        ("JPEG", (14_000, 14_000), 2, "image-too-large"),
        ("WebP", (6_000, 5_000), 0, ""),
        ("WebP", (6_000, 5_001), 0, "image-too-large"),
        ("AVIF", (10_000, 6_000), 0, ""),
        ("AVIF", (10_000, 6_001), 0, "image-too-large"),
        ("JPEG", (20_000, 10_001), 1, "image-too-large"),
        ("JPEG", (20_000, 10_000), 1, ""),
        ("PNG", (10_000, 10_000), 0, ""),
        ("PNG", (10_000, 10_001), 0, "image-too-large"),
        ("PNG", (0, 7), 0, "image-damaged"),
        ("PNG", (7, 0), 0, "image-damaged"),
        ("PNG", (1, 1), 0, ""),
    ],
)
def test_what_is_decoded_at_all(name: str, size: tuple[int, int], scans: int, code: str) -> None:
    said = ""
    try:
        raster._check_size(name, b"\xff\xda" * scans, *size, 200_000_000)
    except ImageError as error:
        said = error.diagnostic.code
    assert said == code
