"""Draws the pictures of the two example volumes into their folders: `python examples/artwork/make_artwork.py`.

The same bytes each time. The lighthouse (`harbour-year/images/lighthouse.svg`) is drawn by hand.
"""

from __future__ import annotations

from pathlib import Path

from diagrams import moon_phases, tide_curve
from harbour_map import harbour_map
from seascape import seascape
from star_chart import orion, star_chart

EXAMPLES = Path(__file__).parent.parent


def main() -> None:
    """Writes them all."""
    harbour, sky = EXAMPLES / "harbour-year" / "images", EXAMPLES / "winter-sky" / "images"
    for folder in (harbour, sky):
        folder.mkdir(parents=True, exist_ok=True)
    harbour_map().save(harbour / "harbour-map.png", optimize=True)
    seascape().save(harbour / "seascape.jpg", quality=80, optimize=True)
    star_chart().save(sky / "star-chart.png", optimize=True)
    for path, drawn in (
        (harbour / "tide-curve.svg", tide_curve()),
        (sky / "orion.svg", orion()),
        (sky / "moon-phases.svg", moon_phases()),
    ):
        path.write_bytes(drawn.encode("utf-8"))


if __name__ == "__main__":
    main()
