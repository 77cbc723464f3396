"""The tide's curve and the phases of the moon, as SVG."""

from __future__ import annotations

from math import cos, pi

__all__ = ["moon_phases", "tide_curve"]

M2, S2 = 12.42, 12.0
"""Hours between two high waters that the moon raises, and two that the sun does."""
MOON, SUN = 1.9, 0.7
"""How high each lifts the sea, in metres."""


def height(hours: float, *, spring: bool) -> float:
    """The water above its mean, in metres: sun and moon pull together at springs, across each other at neaps."""
    turn = 0.0 if spring else pi
    return MOON * cos(2 * pi * (hours - 6) / M2) + SUN * cos(2 * pi * (hours - 6) / S2 + turn)


def tide_curve() -> str:
    """A day of the tide, at springs and at neaps."""
    left, width, mean, metre = 84, 680, 214, 52
    curves = {
        spring: " ".join(
            f"{left + width * step / 96:.1f},{mean - metre * height(step / 4, spring=spring):.1f}" for step in range(97)
        )
        for spring in (True, False)
    }
    hours = "\n".join(
        f'    <line x1="{left + width * hour / 24:.1f}" y1="56" x2="{left + width * hour / 24:.1f}" y2="372"/>'
        for hour in range(0, 25, 3)
    )
    metres = "\n".join(
        f'    <line x1="{left}" y1="{mean - metre * up}" x2="{left + width}" y2="{mean - metre * up}"/>'
        for up in range(-3, 4)
    )
    hour_names = "\n".join(
        f'    <text x="{left + width * hour / 24:.1f}" y="398" text-anchor="middle">{hour}</text>'
        for hour in range(0, 25, 3)
    )
    metre_names = "\n".join(
        f'    <text x="{left - 14}" y="{mean - metre * up + 6}" text-anchor="end">{_signed(up)}</text>'
        for up in range(-3, 4)
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 440" role="img" aria-labelledby="title">
  <title id="title">The height of the tide over a day, at springs and at neaps</title>
  <defs>
    <linearGradient id="sea" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#7fb0bd"/>
      <stop offset="1" stop-color="#1f5566"/>
    </linearGradient>
  </defs>
  <rect width="820" height="440" fill="#fbf8f0"/>
  <g stroke="#d9d2c0" stroke-width="1">
{hours}
{metres}
  </g>
  <polygon points="{left},372 {curves[True]} {left + width},372" fill="url(#sea)" fill-opacity="0.88"/>
  <polyline points="{curves[True]}" fill="none" stroke="#12404f" stroke-width="3.5"/>
  <polyline points="{curves[False]}" fill="none" stroke="#b5532f" stroke-width="3" stroke-dasharray="9 6"/>
  <line x1="{left}" y1="{mean}" x2="{left + width}" y2="{mean}" stroke="#5c5646" stroke-width="1.4"/>
  <path d="M{left},52V372H{left + width}" fill="none" stroke="#3c382e" stroke-width="2"/>
  <g font-family="Georgia, 'Times New Roman', serif" font-size="18" fill="#3c382e">
{hour_names}
{metre_names}
    <text x="{left + width}" y="426" text-anchor="end" font-style="italic">hours</text>
    <text x="{left - 14}" y="40" text-anchor="end" font-style="italic">m</text>
  </g>
  <g font-family="Georgia, 'Times New Roman', serif" font-size="20" font-style="italic">
    <path d="M470,28h44" stroke="#12404f" stroke-width="3.5"/>
    <text x="524" y="34" fill="#12404f">springs</text>
    <path d="M622,28h44" stroke="#b5532f" stroke-width="3" stroke-dasharray="9 6"/>
    <text x="676" y="34" fill="#9b4526">neaps</text>
  </g>
</svg>
"""


def _signed(number: int) -> str:
    return "0" if number == 0 else f"{'+' if number > 0 else chr(0x2212)}{abs(number)}"


def moon_phases() -> str:
    """The eight phases as they are seen from the northern half of the earth, from new moon to waning crescent."""
    radius, gap = 41, 100
    moons = "\n".join(_moon((60 + gap * eighth, 92), radius, eighth) for eighth in range(8))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 184" role="img" aria-labelledby="title">
  <title id="title">The phases of the moon: new, waxing, full, waning</title>
  <defs>
    <radialGradient id="light" cx="42%" cy="40%" r="70%">
      <stop offset="0" stop-color="#fffdf2"/>
      <stop offset="1" stop-color="#e2d6b0"/>
    </radialGradient>
    <clipPath id="disc"><circle r="{radius}"/></clipPath>
    <g id="seas" fill="#b9ab84" fill-opacity="0.5" clip-path="url(#disc)">
      <ellipse cx="-12" cy="-14" rx="13" ry="11"/>
      <ellipse cx="8" cy="-12" rx="9" ry="8"/>
      <ellipse cx="16" cy="-1" rx="9" ry="7"/>
      <ellipse cx="-20" cy="6" rx="11" ry="15"/>
      <ellipse cx="-4" cy="17" rx="8" ry="6"/>
      <ellipse cx="28" cy="-9" rx="4" ry="5"/>
      <circle cx="2" cy="32" r="3"/>
    </g>
  </defs>
  <rect width="820" height="184" rx="10" fill="#16233f"/>
  <rect x="9" y="9" width="802" height="166" rx="6" fill="none" stroke="#e3c88b" stroke-width="1.4"/>
{moons}
</svg>
"""


def _moon(centre: tuple[int, int], radius: int, eighth: int) -> str:
    """The moon an `eighth` of a month after another: the lit part is a half disc and half an ellipse."""
    x, y = centre
    wide = radius * abs(cos(pi * eighth / 4))
    dark = f'    <circle r="{radius}" fill="#24345a" stroke="#5d7299" stroke-width="0.8"/>'
    if eighth == 0:
        lit = ""
    elif eighth == 4:
        lit = f'\n    <circle r="{radius}" fill="url(#light)"/>\n    <use href="#seas"/>'
    else:
        outer = 1 if eighth < 4 else 0
        gibbous = eighth in {3, 5}
        inner = outer if gibbous else 1 - outer
        path = f"M0,{-radius}A{radius},{radius} 0 0 {outer} 0,{radius}A{wide:.2f},{radius} 0 0 {inner} 0,{-radius}Z"
        lit = (
            f'\n    <path d="{path}" fill="url(#light)"/>'
            f'\n    <clipPath id="lit{eighth}"><path d="{path}"/></clipPath>'
            f'\n    <g clip-path="url(#lit{eighth})"><use href="#seas"/></g>'
        )
    return f'  <g transform="translate({x},{y})">\n{dark}{lit}\n  </g>'
