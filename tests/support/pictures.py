"""Pictures for the tests, made by Pillow or by hand."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping

from msgspec.structs import force_setattr
from PIL import Image, ImageFilter

from chapbook.model.settings import ImageLimits

LIMITS = ImageLimits()


def limits(**values: int) -> ImageLimits:
    """Limits that may be smaller than those that an author may set, so that small pictures reach them."""
    made = ImageLimits()
    for name, value in values.items():
        force_setattr(made, name, value)
    return made


def photograph(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    """Soft colours of more shades than a palette holds."""
    red = Image.linear_gradient("L").resize((width, height))
    green = Image.radial_gradient("L").resize((width, height))
    blue = Image.effect_mandelbrot((width, height), (-2.2, -1.2, 0.9, 1.2), 40).filter(ImageFilter.GaussianBlur(2))
    return Image.merge("RGB", (red, green, blue)).convert(mode)


def drawing(width: int = 120, height: int = 80) -> Image.Image:
    """Two colours."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((20, 40, 90), (10, 10, width // 2, height - 10))
    return image


def transparent(width: int = 120, height: int = 80) -> Image.Image:
    image = photograph(width, height).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((width, height)))
    return image


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def exif(entries: Mapping[int, object]) -> bytes:
    """An Exif block as Pillow takes it for `exif=`."""
    block = Image.Exif()
    for tag, value in entries.items():
        block[tag] = value
    return block.tobytes()


def located_exif() -> bytes:
    block = Image.Exif()
    block.get_ifd(0x8825)[1] = "N"
    block.get_ifd(0x8825)[2] = (54.0, 11.0, 2.0)
    block[0x010F] = "A camera"
    return block.tobytes()


def chunk(name: bytes, content: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def with_chunk(png: bytes, name: bytes, content: bytes) -> bytes:
    """`png` with another chunk after its header."""
    return png[:33] + chunk(name, content) + png[33:]


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
