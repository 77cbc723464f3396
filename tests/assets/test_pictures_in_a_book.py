"""What imaging gives, held against EPUBCheck in a real book."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chapbook.assets.image import fit_image
from chapbook.model.metadata import Metadata
from chapbook.packaging.package import write_publication
from chapbook.packaging.publication import Resource
from support.pictures import LIMITS, drawing, exif, located_exif, photograph, saved, transparent
from support.publications import chapter, publication

INKSCAPE = b"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape (http://www.inkscape.org/) -->
<svg width="64mm" height="48mm" viewBox="0 0 64 48" version="1.1" id="svg1"
   inkscape:version="1.3" sodipodi:docname="a.svg"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
   xmlns="http://www.w3.org/2000/svg" xmlns:svg="http://www.w3.org/2000/svg"
   xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://creativecommons.org/ns#"
   xmlns:dc="http://purl.org/dc/elements/1.1/">
  <sodipodi:namedview id="namedview1" pagecolor="#ffffff" inkscape:zoom="0.7"/>
  <metadata id="m"><rdf:RDF><cc:Work rdf:about=""><dc:format>image/svg+xml</dc:format></cc:Work></rdf:RDF></metadata>
  <defs id="defs1"/><g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1">
  <path style="fill:#000080;-inkscape-stroke:none" d="M 0,0 H 9 V 9 Z" id="p1" sodipodi:nodetypes="cccc"/></g>
</svg>
"""

SKETCH = b"""<svg width="9" height="9" viewBox="0 0 9 9" version="1.1" xmlns="http://www.w3.org/2000/svg"
  xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:sketch="http://www.bohemiancoding.com/sketch/ns">
  <title>Icon</title><desc>Drawn</desc><defs><rect id="r" width="4" height="4"></rect></defs>
  <g id="Page-1" stroke="none" sketch:type="MSPage"><use xlink:href="#r"></use></g></svg>"""

HOSTILE = b"""<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script>
  <foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>
  <style>@import "a.css"; rect { fill: url(http://example.org/a) }</style>
  <image href="http://example.org/a.png"/><rect width="9" height="9"/></svg>"""


def test_every_picture_passes_epubcheck(tmp_path: Path, assert_valid: Callable[[Path], None]) -> None:
    moving = saved(drawing(), "GIF", save_all=True, append_images=[drawing().rotate(180)])
    sources = [
        saved(photograph(), "JPEG"),
        saved(photograph(), "JPEG", progressive=True, exif=located_exif()),
        saved(photograph(), "JPEG", exif=exif({0x0112: 6})),
        saved(photograph().convert("CMYK"), "JPEG"),
        saved(transparent(), "PNG"),
        saved(photograph(), "WEBP"),
        saved(drawing(), "TIFF"),
        moving,
        INKSCAPE,
        SKETCH,
        HOSTILE,
        b'<svg viewBox="0 0 9 9"><circle r="4"/></svg>',
    ]
    fitted = [fit_image(source, LIMITS) for source in sources]
    assert fitted[-4].data is INKSCAPE
    assert fitted[-3].data is SKETCH
    pictures = [
        Resource(name=f"images/p{number}{each.suffix}", media_type=each.media_type, data=each.data)
        for number, each in enumerate(fitted)
    ]
    text = "".join(f'<p><img src="../{each.name}" alt="a picture"/></p>' for each in pictures)
    write_publication(
        publication(Metadata(title="Pictures"), (chapter("text/one.xhtml", text=text),), more=pictures),
        tmp_path / "book.epub",
    )
    assert_valid(tmp_path / "book.epub")
