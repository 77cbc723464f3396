"""Sounds and films: their files, or what is said in the place of one that does not ship."""

from __future__ import annotations

from lxml import etree

from chapbook.rendering.page import Page
from chapbook.rendering.passes.resources import Kind, Shown, place_resource
from chapbook.rendering.passes.targets import clean, path_and_fragment, scheme_of
from chapbook.rendering.trees import is_blank, make, remove, unwrap

__all__ = ["place_recording"]

_GONE = ("autoplay", "preload", "crossorigin", "playsinline", "controlslist", "loop", "muted")


def place_recording(page: Page, recording: etree._Element, shown: Shown) -> None:
    """Refers an ``audio`` or ``video`` to its files.

    Where none of them ships, a link to the first one on the network, or else what the author wrote for reading
    systems that cannot play it, stands in its place.
    """
    kind: Kind = "audio" if recording.tag == "audio" else "video"
    sources = [each for each in (recording, *recording.findall("source")) if "src" in each.attrib]
    written = [each.get("src", "") for each in sources]
    for track in recording.findall("track"):
        remove(track)
    placed = [place_resource(page, each, "src", shown, kind=kind, alt="text") for each in sources]
    for source, ships in zip(sources, placed, strict=True):
        if not ships and source is not recording:
            remove(source)
        elif not ships:
            del source.attrib["src"]
    if not any(placed):
        _replace(recording, written)
        return
    for name in _GONE:
        recording.attrib.pop(name, None)
    recording.set("controls", "controls")
    if "poster" in recording.attrib and not place_resource(page, recording, "poster", shown):
        del recording.attrib["poster"]


def _replace(recording: etree._Element, written: list[str]) -> None:
    """Leaves what is in `recording`, after a link to the first file that lies on the network."""
    name = recording.get("title") or recording.get("aria-label") or ""
    address = next((each for each in map(clean, written) if scheme_of(each) in {"http", "https", "//"}), "")
    if address and next(recording.iterancestors("a"), None) is None:
        link = make("a", href=address, text=name or path_and_fragment(address)[0].rpartition("/")[2] or address)
        link.tail, recording.text = f" {recording.text or ''}", None
        recording.insert(0, link)
    elif name and is_blank("".join(recording.itertext())):
        recording.text = name
    unwrap(recording)
