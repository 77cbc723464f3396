"""Converts from the colour spaces of CSS Color 4 to sRGB, through CIE XYZ and Oklab (section 17, sample code).

RGB channels run from 0 to 1 and hues are in degrees; lightness is 0 to 1 in Oklab and 0 to 100 in Lab.
"""

from __future__ import annotations

from collections.abc import Callable
from colorsys import hls_to_rgb
from math import atan2, cos, degrees, hypot, radians, sin

__all__ = ["Triple", "in_gamut", "oklch_to_srgb", "srgb_decode", "srgb_to_oklch", "to_srgb"]

Triple = tuple[float, float, float]
_Matrix = tuple[Triple, Triple, Triple]

_XYZ_TO_RGB: _Matrix = (
    (3.2409699419045226, -1.537383177570094, -0.4986107602930034),
    (-0.9692436362808796, 1.8759675015077202, 0.04155505740717559),
    (0.05563007969699366, -0.20397695888897652, 1.0569715142428786),
)
_D50_TO_D65: _Matrix = (
    (0.955473421488075, -0.02309845494876471, 0.06325924320057072),
    (-0.0283697093338637, 1.0099953980813041, 0.021041441191917323),
    (0.012314014864481998, -0.020507649298898964, 1.330365926242124),
)
_TO_XYZ: dict[str, _Matrix] = {
    "display-p3": (
        (0.4865709486482162, 0.26566769316909306, 0.1982172852343625),
        (0.2289745640697488, 0.6917385218365064, 0.079286914093745),
        (0.0, 0.04511338185890264, 1.043944368900976),
    ),
    "a98-rgb": (
        (0.5766690429101305, 0.1855582379065463, 0.1882286462349947),
        (0.29734497525053605, 0.6273635662554661, 0.07529145849399788),
        (0.02703136138641234, 0.07068885253582723, 0.9913375368376388),
    ),
    "prophoto-rgb": (
        (0.7977666449006423, 0.13518129740053308, 0.0313477341283922),
        (0.2880748288194013, 0.711835234241873, 0.00008993693872564),
        (0.0, 0.0, 0.8251046025104602),
    ),
    "rec2020": (
        (0.6369580483012914, 0.14461690358620832, 0.1688809751641721),
        (0.2627002120112671, 0.6779980715188708, 0.05930171646986196),
        (0.0, 0.028072693049087428, 1.060985057710791),
    ),
}
_RGB_TO_LMS: _Matrix = (
    (0.4122214694707629, 0.5363325372617349, 0.0514459932675022),
    (0.2119034958178251, 0.6806995506452344, 0.1073969535369405),
    (0.0883024591900564, 0.2817188391361215, 0.6299787016738222),
)
_LMS_TO_RGB: _Matrix = (
    (4.076741636075959, -3.307711539258062, 0.2309699031821041),
    (-1.2684379732850313, 2.6097573492876882, -0.3413193760026569),
    (-0.0041960761386754, -0.7034186179359362, 1.7076146940746116),
)
_LMS_TO_OKLAB: _Matrix = (
    (0.2104542683093140, 0.7936177747023054, -0.0040720430116193),
    (1.9779985324311684, -2.4285922420485799, 0.4505937096174110),
    (0.0259040424655478, 0.7827717124575296, -0.8086757549230774),
)
_OKLAB_TO_LMS: _Matrix = (
    (1.0, 0.3963377773761749, 0.2158037573099136),
    (1.0, -0.1055613458156586, -0.0638541728258133),
    (1.0, -0.0894841775298119, -1.2914855480194092),
)
_D50: Triple = (0.3457 / 0.3585, 1.0, (1 - 0.3457 - 0.3585) / 0.3585)
_KAPPA, _EPSILON = 24389 / 27, 216 / 24389
_SRGB_LINEAR = 0.0031308
"""Linear light up to which sRGB is a straight line."""
_SLACK = 1e-5
"""How far outside 0 to 1 a channel may be by rounding."""
_FARTHEST = 1e6
"""Larger coordinates aren't real colours; this keeps squares and cubes within a float's range."""


def to_srgb(space: str, coordinates: Triple) -> Triple:
    """Converts `coordinates` from a CSS colour space (its name in ``color()``, ``lab``, ``hsl``…) to sRGB, in gamut."""
    coordinates = _each(_bounded, coordinates)
    first, second, third = coordinates
    if space == "srgb":
        return _clipped(coordinates)
    if space == "hsl":
        return _clipped(hls_to_rgb(first / 360, _unit(third / 100), _unit(second / 100)))
    if space == "hwb":
        return _from_hwb(first, _unit(second / 100), _unit(third / 100))
    if space == "oklch":
        return _mapped((_unit(first), max(0.0, second), third))
    if space == "oklab":
        return _mapped((_unit(first), *_polar(second, third)))
    return _mapped(srgb_to_oklch(_gamma_rgb(_linear_srgb(space, coordinates))))


def _linear_srgb(space: str, coordinates: Triple) -> Triple:
    """Linear-light sRGB of a colour in a space defined through XYZ; may be out of gamut."""
    if space == "srgb-linear":
        return coordinates
    if space == "lch":
        lightness, chroma, hue = coordinates
        space, coordinates = "lab", (lightness, *_cartesian(max(0.0, chroma), hue))
    if space == "lab":
        space, coordinates = "xyz-d50", _lab_to_xyz(coordinates)
    elif space in _TO_XYZ:
        xyz = _times(_TO_XYZ[space], _each(_DECODE[space], coordinates))
        space, coordinates = ("xyz-d50" if space == "prophoto-rgb" else "xyz-d65"), xyz
    if space == "xyz-d50":
        coordinates = _times(_D50_TO_D65, coordinates)
    return _times(_XYZ_TO_RGB, coordinates)


def srgb_to_oklch(srgb: Triple) -> Triple:
    """Lightness (0 to 1), chroma and hue of an sRGB colour."""
    cubes = _times(_RGB_TO_LMS, _each(srgb_decode, srgb))
    lightness, green_red, blue_yellow = _times(_LMS_TO_OKLAB, _each(_cube_root, cubes))
    return (lightness, *_polar(green_red, blue_yellow))


def oklch_to_srgb(oklch: Triple) -> Triple:
    """The sRGB colour of an Oklch one; may be out of gamut."""
    lightness, chroma, hue = oklch
    roots = _times(_OKLAB_TO_LMS, (lightness, *_cartesian(chroma, hue)))
    return _gamma_rgb(_times(_LMS_TO_RGB, (roots[0] ** 3, roots[1] ** 3, roots[2] ** 3)))


def in_gamut(oklch: Triple) -> Triple:
    """Reduces the chroma of `oklch` until sRGB can show it (CSS Color 4, section 13, simplified)."""
    lightness, chroma, hue = oklch
    if _fits(oklch):
        return oklch
    least, most = 0.0, chroma
    for _ in range(20):
        middle = (least + most) / 2
        least, most = (middle, most) if _fits((lightness, middle, hue)) else (least, middle)
    return (lightness, least, hue)


def _mapped(oklch: Triple) -> Triple:
    return _clipped(oklch_to_srgb(in_gamut(oklch)))


def _fits(oklch: Triple) -> bool:
    return all(-_SLACK <= channel <= 1 + _SLACK for channel in oklch_to_srgb(oklch))


def _from_hwb(hue: float, white: float, black: float) -> Triple:
    if white + black >= 1:
        grey = white / (white + black)
        return (grey, grey, grey)
    red, green, blue = (channel * (1 - white - black) + white for channel in hls_to_rgb(hue / 360, 0.5, 1))
    return (red, green, blue)


def _lab_to_xyz(lab: Triple) -> Triple:
    lightness, a, b = max(0.0, min(100.0, lab[0])), lab[1], lab[2]
    middle = (lightness + 16) / 116
    first, last = a / 500 + middle, middle - b / 200
    x = first**3 if first**3 > _EPSILON else (116 * first - 16) / _KAPPA
    y = middle**3 if lightness > _KAPPA * _EPSILON else lightness / _KAPPA
    z = last**3 if last**3 > _EPSILON else (116 * last - 16) / _KAPPA
    return (x * _D50[0], y * _D50[1], z * _D50[2])


def srgb_decode(channel: float) -> float:
    """The linear light of an sRGB channel (IEC 61966-2-1)."""
    size = abs(channel)
    linear = size / 12.92 if size <= _SRGB_LINEAR * 12.92 else ((size + 0.055) / 1.055) ** 2.4
    return linear if channel >= 0 else -linear


def _srgb_encode(channel: float) -> float:
    size = abs(channel)
    encoded = 12.92 * size if size <= _SRGB_LINEAR else 1.055 * size ** (1 / 2.4) - 0.055
    return encoded if channel >= 0 else -encoded


def _a98_decode(channel: float) -> float:
    return _signed_power(channel, 563 / 256)


def _prophoto_decode(channel: float) -> float:
    return channel / 16 if abs(channel) <= 16 / 512 else _signed_power(channel, 1.8)


def _rec2020_decode(channel: float) -> float:
    """The linear light of a Rec. 2020 channel (ITU-R BT.2020-2, table 4)."""
    alpha, beta = 1.09929682680944, 0.018053968510807
    size = abs(channel)
    linear = size / 4.5 if size < beta * 4.5 else ((size + alpha - 1) / alpha) ** (1 / 0.45)
    return linear if channel >= 0 else -linear


_DECODE = {
    "display-p3": srgb_decode,
    "a98-rgb": _a98_decode,
    "prophoto-rgb": _prophoto_decode,
    "rec2020": _rec2020_decode,
}


def _signed_power(number: float, exponent: float) -> float:
    power: float = abs(number) ** exponent
    return power if number >= 0 else -power


def _cube_root(number: float) -> float:
    return _signed_power(number, 1 / 3)


def _gamma_rgb(linear: Triple) -> Triple:
    return _each(_srgb_encode, linear)


def _polar(a: float, b: float) -> tuple[float, float]:
    return (hypot(a, b), degrees(atan2(b, a)))


def _cartesian(chroma: float, hue: float) -> tuple[float, float]:
    return (chroma * cos(radians(hue)), chroma * sin(radians(hue)))


def _bounded(number: float) -> float:
    return max(-_FARTHEST, min(_FARTHEST, number))


def _unit(number: float) -> float:
    return max(0.0, min(1.0, number))


def _clipped(triple: Triple) -> Triple:
    return _each(_unit, triple)


def _each(function: Callable[[float], float], triple: Triple) -> Triple:
    return (function(triple[0]), function(triple[1]), function(triple[2]))


def _times(matrix: _Matrix, vector: Triple) -> Triple:
    x, y, z = (row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2] for row in matrix)
    return (x, y, z)
