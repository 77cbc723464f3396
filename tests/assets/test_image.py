from __future__ import annotations

import io
import random
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageStat, JpegImagePlugin

from chapbook.assets.file_formats import ImageError
from chapbook.assets.image import fit_image
from chapbook.assets.pixels import encode_jpeg, encode_png, size_within
from chapbook.model.settings import ImageLimits
from support.pictures import (
    LIMITS,
    drawing,
    exif,
    located_exif,
    opened,
    photograph,
    saved,
    transparent,
    with_chunk,
)
from support.pictures import (
    limits as small_limits,
)

_SMALL = small_limits(max_pixels=20_000, max_bytes=6_000)


def _mean_difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.parametrize(
    ("data", "suffix", "media_type"),
    [
        (saved(photograph(), "JPEG"), ".jpg", "image/jpeg"),
        (saved(photograph(), "JPEG", progressive=True), ".jpg", "image/jpeg"),
        (saved(photograph(mode="L"), "JPEG"), ".jpg", "image/jpeg"),
        (saved(photograph(), "JPEG", exif=exif({0x010F: "A camera"})), ".jpg", "image/jpeg"),
        (saved(photograph(), "PNG"), ".png", "image/png"),
        (saved(transparent(), "PNG"), ".png", "image/png"),
        (saved(drawing().quantize(4), "PNG", transparency=0), ".png", "image/png"),
        (saved(Image.new("I;16", (40, 40), 40_000), "PNG"), ".png", "image/png"),
        (with_chunk(saved(drawing(), "PNG"), b"tEXt", b"Comment\0" + b"x" * 2_000_000), ".png", "image/png"),
        (with_chunk(saved(drawing(), "PNG"), b"zTXt", b"Comment\0\0 no zlib stream"), ".png", "image/png"),
        (saved(drawing(), "GIF"), ".gif", "image/gif"),
    ],
)
def test_what_is_within_the_limits_ships_byte_for_byte(data: bytes, suffix: str, media_type: str) -> None:
    made = fit_image(data, LIMITS)
    assert made.data is data
    assert (made.suffix, made.media_type, made.changed, made.animated) == (suffix, media_type, False, False)
    assert (made.width, made.height) == opened(data).size


_LOSSLESS: dict[str, dict[str, object]] = {
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
    "ICO": {"sizes": [(200, 120), (120, 80)]},
}


@pytest.mark.parametrize(
    ("form", "image", "suffix"),
    [
        pytest.param(form, image, suffix, id=f"{form}-{image.mode}-{suffix}")
        for form in ("WEBP", "BMP", "TIFF", "AVIF", "ICO")
        for image, suffix in ((photograph(200, 120), ".jpg"), (drawing(), ".png"), (transparent(), ".png"))
        if form != "BMP" or image.mode != "RGBA"  # Pillow writes no BMP with transparency
    ],
)
def test_other_formats_become_jpeg_or_png(form: str, image: Image.Image, suffix: str) -> None:
    made = fit_image(saved(image, form, **_LOSSLESS.get(form, {})), LIMITS)
    assert (made.suffix, made.changed) == (suffix, True)
    assert opened(made.data).size == image.size == (made.width, made.height)
    assert _mean_difference(opened(made.data), image) < 3
    assert opened(made.data).has_transparency_data == (image.mode == "RGBA")


@pytest.mark.parametrize("orientation", range(2, 9))
def test_orientation_is_applied(orientation: int) -> None:
    image = photograph(96, 64)
    data = saved(image, "JPEG", quality=95, exif=exif({0x0112: orientation}))
    made = fit_image(data, LIMITS)
    with Image.open(io.BytesIO(data)) as turned:
        from PIL import ImageOps  # noqa: PLC0415 - the reference that the test compares with

        expected = ImageOps.exif_transpose(turned)
    assert made.changed
    assert b"Exif" not in made.data
    assert (made.width, made.height) == expected.size
    assert _mean_difference(opened(made.data), expected) < 4


def test_a_place_is_removed_and_pixels_stay() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(photograph(), "JPEG", exif=located_exif(), icc_profile=profile)
    made = fit_image(data, LIMITS)
    assert made.changed
    assert b"A camera" in data
    assert b"Exif" not in made.data
    assert opened(made.data).info["icc_profile"] == profile
    assert ImageChops.difference(opened(data), opened(made.data)).getbbox() is None


@pytest.mark.parametrize(
    ("marker", "content"),
    [
        (b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta exif:GPSLatitude='54,11N'/>"),
        (b"\xff\xed", b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x0b\x1c\x02\x5a\0\6Kalkar"),
        (b"\xff\xe1", b"Exif\0\0??"),
    ],
)
def test_a_place_in_other_metadata_is_removed(marker: bytes, content: bytes) -> None:
    plain = saved(photograph(), "JPEG")
    segment = marker + (2 + len(content)).to_bytes(2, "big") + content
    made = fit_image(plain[:2] + segment + plain[2:], LIMITS)
    assert made.changed
    assert made.data == plain


def test_what_a_camera_appends_goes_with_the_place() -> None:
    data = saved(photograph(), "JPEG", progressive=True, exif=located_exif())
    made = fit_image(data + b"\0\0\0\x18ftypmp42 and a film of where it was", LIMITS)
    assert made.data.endswith(b"\xff\xd9")
    assert made.data == fit_image(data, LIMITS).data


def test_a_place_in_a_png_is_removed() -> None:
    plain = saved(drawing(), "PNG")
    located = with_chunk(with_chunk(plain, b"eXIf", located_exif()[6:]), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0 GPS")
    made = fit_image(located, LIMITS)
    assert made.changed
    assert made.data == plain


def test_cmyk_becomes_rgb() -> None:
    image = photograph()
    made = fit_image(saved(image.convert("CMYK"), "JPEG", quality=95), LIMITS)
    assert (made.suffix, opened(made.data).mode) == (".jpg", "RGB")
    assert _mean_difference(opened(made.data), image) < 6


def test_a_profile_that_is_none_does_not_stop_a_conversion() -> None:
    made = fit_image(saved(photograph(), "TIFF", icc_profile=b"no profile" * 30), LIMITS)
    assert opened(made.data).mode == "RGB"


@pytest.mark.parametrize("mode", ["I;16", "I", "F", "1", "L", "LA", "PA", "CMYK", "YCbCr", "LAB"])
def test_every_colour_space_of_a_tiff_is_taken(mode: str) -> None:
    image = Image.linear_gradient("L").resize((64, 64))
    if mode == "I;16":
        source = Image.frombytes("I;16", (64, 64), b"".join((v * 257).to_bytes(2, "little") for v in image.tobytes()))
    elif mode == "PA":
        source = image.convert("LA")
    else:
        source = image.convert("RGB").convert(mode) if mode in {"LAB", "CMYK", "YCbCr"} else image.convert(mode)
    made = opened(fit_image(saved(source, "TIFF"), LIMITS).data).convert("L")
    if mode not in {"1", "LAB"}:
        assert _mean_difference(made, image) < 4
    low, high = made.getextrema()
    assert (low, high) == pytest.approx((0, 255), abs=14)


def test_too_many_pixels_are_scaled_down() -> None:
    made = fit_image(saved(photograph(600, 300), "JPEG", quality=95), _SMALL)
    assert (made.width, made.height) == (200, 100)
    assert opened(made.data).size == (200, 100)
    assert made.suffix == ".jpg"
    assert len(made.data) <= _SMALL.max_bytes


def test_too_many_bytes_cost_quality_before_size() -> None:
    image = photograph(160, 120)
    limits = small_limits(max_pixels=20_000, max_bytes=4_000)
    data = saved(image, "JPEG", quality=98, subsampling=0)
    assert len(data) > limits.max_bytes
    made = fit_image(data, limits)
    assert (made.width, made.height) == (160, 120)
    assert len(made.data) <= limits.max_bytes


def test_metadata_alone_may_be_what_is_too_much() -> None:
    plain = saved(photograph(100, 80), "JPEG", quality=60)
    comment = b"\xff\xfe" + (60_002).to_bytes(2, "big") + b"c" * 60_000
    made = fit_image(plain[:2] + comment + plain[2:], small_limits(max_bytes=30_000))
    assert made.data == plain


def test_a_transparent_picture_stays_a_png_when_it_shrinks() -> None:
    made = fit_image(saved(transparent(400, 300), "PNG"), _SMALL)
    assert made.suffix == ".png"
    assert opened(made.data).mode == "RGBA"
    assert len(made.data) <= _SMALL.max_bytes
    assert made.width * made.height <= _SMALL.max_pixels


def screen(lines: int, colour: str) -> Image.Image:
    """What a screenshot has: sharp edges on plain ground, and a picture among them."""
    shot = Image.new("RGB", (1200, 900), "white")
    draw = ImageDraw.Draw(shot)
    for at in range(lines):
        draw.line((at * 7 % 1200, 0, at * 13 % 1200, 900), fill=colour)
    shot.paste(photograph(300, 300), (400, 300))
    return shot


def test_a_screenshot_whose_png_would_be_larger_than_it_was_becomes_a_jpeg_that_looks_the_same() -> None:
    data = saved(screen(60, "dimgrey"), "PNG")
    made = fit_image(data, small_limits(max_pixels=800_000))
    assert (made.suffix, made.media_type) == (".jpg", "image/jpeg")
    whole = opened(data).resize((made.width, made.height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    assert len(made.data) < len(saved(whole, "PNG"))
    assert max(ImageStat.Stat(ImageChops.difference(opened(made.data), whole)).rms) <= 2.5


def test_one_that_would_not_look_the_same_as_a_jpeg_stays_a_png() -> None:
    made = fit_image(saved(screen(200, "magenta"), "PNG"), small_limits(max_pixels=800_000))
    assert made.suffix == ".png"


def test_noise_becomes_a_jpeg_of_any_quality() -> None:
    noise = Image.frombytes("RGB", (400, 400), random.Random(1).randbytes(480_000))
    made = fit_image(saved(noise, "BMP"), ImageLimits(quality=92))
    assert opened(made.data).size == (400, 400)


def test_a_drawing_stays_a_png_when_it_shrinks() -> None:
    made = fit_image(saved(drawing(400, 300), "PNG"), small_limits(max_pixels=20_000))
    assert made.suffix == ".png"


def test_a_photograph_in_a_png_becomes_a_jpeg_where_it_is_too_large() -> None:
    data = saved(photograph(500, 400), "PNG")
    made = fit_image(data, small_limits(max_bytes=len(data) // 3))
    assert made.suffix == ".jpg"
    assert (made.width, made.height) == (500, 400)


@pytest.mark.parametrize("size", [(4000, 1), (1, 4000), (3000, 7)])
def test_long_thin_pictures_keep_a_pixel(size: tuple[int, int]) -> None:
    made = fit_image(saved(Image.new("RGB", size), "BMP"), small_limits(max_pixels=1000))
    assert 0 < made.width * made.height <= 1000
    assert min(made.width, made.height) >= 1


def test_nothing_that_fits_is_a_fault() -> None:
    with pytest.raises(ImageError) as caught:
        fit_image(saved(photograph(), "BMP"), small_limits(max_bytes=20))
    assert caught.value.diagnostic.code == "image-too-large"


def _moving(form: str, **options: object) -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], form, save_all=True, append_images=frames[1:], duration=80, loop=0, **options)


def test_a_moving_gif_ships_and_says_so() -> None:
    data = _moving("GIF")
    made = fit_image(data, LIMITS)
    assert made.data is data
    assert made.animated


def test_a_moving_png_ships_and_says_so() -> None:
    data = _moving("PNG")
    made = fit_image(data, LIMITS)
    assert made.data is data
    assert made.animated


@pytest.mark.parametrize(
    ("data", "limits"),
    [(_moving("GIF"), small_limits(max_pixels=400)), (_moving("WEBP"), LIMITS), (_moving("AVIF"), LIMITS)],
    ids=["GIF", "WEBP", "AVIF"],  # an AVIF's own bytes hold the time of day: pytest-xdist takes no such name
)
def test_other_moving_pictures_become_still_ones(data: bytes, limits: ImageLimits) -> None:
    made = fit_image(data, limits)
    assert [each.code for each in made.warnings] == ["image-still"]
    assert not made.animated
    shown = opened(made.data)
    assert _mean_difference(shown, Image.new("RGB", shown.size, "red")) < 20


def test_a_gif_comment_of_a_place_goes_where_it_is_too_much() -> None:
    plain = saved(drawing(), "GIF")
    start = plain.index(b"\x2c", 13)
    comment = b"\x21\xfe" + b"\xff" + b"c" * 255 + b"\0"
    made = fit_image(plain[:start] + comment * 40 + plain[start:], small_limits(max_bytes=len(plain) + 40))
    assert len(made.data) <= len(plain)
    assert ImageChops.difference(opened(made.data).convert("RGB"), drawing()).getbbox() is None


def test_the_same_picture_gives_the_same_bytes() -> None:
    sources = [saved(photograph(500, 400), form) for form in ("WEBP", "TIFF", "PNG", "JPEG")]
    sources.append(saved(transparent(), "TIFF"))

    def fit(data: bytes) -> bytes:
        return fit_image(data, _SMALL).data

    first = [fit(data) for data in sources]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(fit, sources * 3)) == first * 3


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_profile_leaves_no_time_of_day_in_a_picture(form: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    target = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(target, form, icc_profile=profile, lossless=True)
    made = fit_image(target.getvalue(), small_limits(max_pixels=10_000))
    assert made.suffix == ".png"
    assert b"iCCP" not in made.data


def test_the_programs_own_warning_filters_stay() -> None:
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda data: fit_image(data, LIMITS), [saved(drawing(), "TIFF")] * 16))
    assert list(warnings.filters) == before


def test_what_a_png_says_of_its_colours_under_a_wrong_checksum_goes() -> None:
    plain = saved(drawing(), "PNG")
    spoilt = with_chunk(plain, b"gAMA", b"\0\0\xb1\x8f").replace(b"\0\0\xb1\x8f", b"\0\0\xb1\x8e")
    assert fit_image(spoilt, LIMITS).data == plain


def test_words_in_a_png_whose_checksum_is_wrong_go() -> None:
    plain = saved(drawing(), "PNG")
    whole = with_chunk(plain, b"tEXt", b"Comment\0a")
    spoilt = whole.replace(b"Comment\0a", b"Comment\0b")
    assert fit_image(whole, LIMITS).data is whole
    assert fit_image(spoilt, LIMITS).data == plain


def test_a_photograph_in_shades_of_grey_stays_a_jpeg() -> None:
    grey = Image.effect_noise((400, 300), 60).convert("RGB")
    assert grey.getcolors(256) is not None
    assert fit_image(saved(grey, "JPEG"), small_limits(max_pixels=10_000)).suffix == ".jpg"


_TIFF = b"MM\0*\0\0\0\x08"
"""The header of an Exif block whose directory comes right after it."""


@pytest.mark.parametrize(
    "block",
    [
        _TIFF[:6],
        _TIFF,
        b"II*\0\xff\xff\xff\xff" + bytes(20),
        _TIFF + b"\0\2" + b"\x01\x12\0\3\0\0\0\1\0\1\0\0",
        _TIFF + b"\0\2" + b"\x01\x12\0\3\0\0\0\1\0\1\0\0" + b"\x88\x25\0\4\0",
    ],
    ids=["no offset", "no directory", "a directory nowhere", "an entry that is not there", "half an entry"],
)
def test_exif_that_cannot_be_read_goes_as_a_place_does(block: bytes) -> None:
    plain = saved(photograph(), "JPEG")
    content = b"Exif\0\0" + block
    segment = b"\xff\xe1" + (2 + len(content)).to_bytes(2, "big") + content
    made = fit_image(plain[:2] + segment + plain[2:], LIMITS)
    assert made.changed
    assert made.data == plain
    png = saved(drawing(), "PNG")
    assert fit_image(with_chunk(png, b"eXIf", block), LIMITS).data == png


def test_one_place_among_several_blocks_of_exif_is_enough() -> None:
    without, located = exif({0x010F: "A camera"}), located_exif()
    plain, png = saved(photograph(), "JPEG"), saved(drawing(), "PNG")
    for blocks in ((without, located), (located, without)):
        segments = b"".join(b"\xff\xe1" + (2 + len(each)).to_bytes(2, "big") + each for each in blocks)
        assert fit_image(plain[:2] + segments + plain[2:], LIMITS).data == plain
        first, second = (each[6:] for each in blocks)
        assert fit_image(with_chunk(with_chunk(png, b"eXIf", first), b"eXIf", second), LIMITS).data == png


@pytest.mark.parametrize("form", ["TIFF", "WEBP", "JPEG"])
@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_an_orientation_that_there_is_not_turns_nothing(form: str, orientation: int) -> None:
    image = photograph(96, 64)
    block = Image.Exif()
    block[0x0112] = orientation
    options = {"lossless": True} if form == "WEBP" else {}
    made = fit_image(saved(image, form, exif=block.tobytes(), **options), LIMITS)
    assert _mean_difference(opened(made.data), image) < 4


def _with_red_and_blue_exchanged(profile: bytes) -> bytes:
    """The ICC profile with its two primaries called by each other's name, so that what is red is shown blue."""
    mark = b"\0" * 4
    for tag in (b"XYZ", b"TRC"):
        profile = profile.replace(b"r" + tag, mark).replace(b"b" + tag, b"r" + tag).replace(mark, b"b" + tag)
    return profile


@pytest.mark.parametrize("form", ["TIFF", "WEBP"])
def test_the_colours_of_another_profile_are_those_that_it_means(form: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = _with_red_and_blue_exchanged(profile)
    red = Image.new("RGB", (40, 30), (250, 20, 20))
    options = {"lossless": True} if form == "WEBP" else {}
    for given, meant in ((profile, red), (exchanged, Image.new("RGB", red.size, (20, 20, 250)))):
        made = fit_image(saved(red, form, icc_profile=given, **options), LIMITS)
        assert _mean_difference(opened(made.data), meant) < 4


def test_few_colours_are_packed_as_a_palette_and_none_is_lost() -> None:
    shades = Image.new("RGB", (256, 4))
    shades.putdata([(at, 255 - at, at * 7 % 256) for at in range(256)] * 4)
    for image, mode in ((drawing(), "P"), (shades, "P"), (photograph(), "RGB")):
        made = opened(encode_png(image))
        assert made.mode == mode
        assert ImageChops.difference(made.convert("RGB"), image).getbbox() is None


def test_a_transparent_palette_stays_transparent_when_it_shrinks() -> None:
    palette = drawing(400, 300).quantize(4)
    clear = palette.getpixel((0, 0))
    made = fit_image(saved(palette, "PNG", transparency=clear), _SMALL)
    assert made.suffix == ".png"
    alpha = opened(made.data).convert("RGBA").getchannel("A")
    assert (alpha.getpixel((0, 0)), alpha.getpixel((made.width // 4, made.height // 2))) == (0, 255)


def test_a_palette_with_half_transparent_colours_shrinks_without_a_word() -> None:
    palette = drawing(400, 300).quantize(4)
    made = fit_image(saved(palette, "PNG", transparency=bytes([0, 120, 255, 255])), _SMALL)
    assert sum(opened(made.data).convert("RGBA").getchannel("A").histogram()[:255])


@pytest.mark.parametrize(
    ("size", "most", "expected"),
    [
        ((4000, 1), 1000, (1000, 1)),
        ((1, 4000), 1000, (1, 1000)),
        ((3000, 7), 1000, (654, 1)),
        ((600, 300), 20_000, (200, 100)),
        ((100, 100), 10_000, (100, 100)),
        ((100, 101), 10_000, (99, 100)),
        ((70_000, 2), 10**9, (32_767, 1)),
    ],
)
def test_a_size_is_the_largest_that_fits(size: tuple[int, int], most: int, expected: tuple[int, int]) -> None:
    assert size_within(size, max_pixels=most, max_side=32_767) == expected


@pytest.mark.parametrize(("quality", "sampling"), [(89, 2), (90, 0), (100, 0), (60, 2)])
def test_colours_have_full_resolution_from_a_quality_on(quality: int, sampling: int) -> None:
    assert JpegImagePlugin.get_sampling(opened(encode_jpeg(photograph(), quality))) == sampling


def test_the_first_block_of_exif_that_turns_a_jpeg_decides() -> None:
    plain = saved(photograph(96, 64), "JPEG")
    turned, other = exif({0x0112: 6}), exif({0x010F: "A camera"})
    for blocks in ((turned, other), (other, turned)):
        segments = b"".join(b"\xff\xe1" + (2 + len(each)).to_bytes(2, "big") + each for each in blocks)
        made = fit_image(plain[:2] + segments + plain[2:], LIMITS)
        assert (made.width, made.height) == (64, 96)


def test_a_gif_that_loses_its_comments_still_moves_as_often() -> None:
    plain = _moving("GIF")
    comment = b"\x21\xfe" + b"\xff" + b"c" * 255 + b"\0"
    made = fit_image(plain[:-1] + comment * 40 + b";", small_limits(max_bytes=len(plain) + 40))
    assert made.data == plain
    assert b"NETSCAPE2.0" in plain


@pytest.mark.parametrize("end", [b"", b"lRIFFIEND\xaeB`\x82", b"\0\0\0\1IEND\xaeB`\x82"])
def test_a_png_without_its_last_chunk_ships_with_one(end: bytes) -> None:
    whole = saved(drawing(), "PNG")
    picture = fit_image(whole[:-12] + end, LIMITS)
    assert (picture.changed, picture.data) == (True, whole)
