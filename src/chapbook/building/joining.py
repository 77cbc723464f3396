"""The one step in which documents meet: links and pictures that the rule got wrong are found and told.

Each chapter was rendered alone, by rule. Here every link is held against the documents that there are and
every picture against the files; only the documents concerned are rendered again, told the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chapbook.building.link_targets import LinkIndex
from chapbook.building.pictures import Picture, find_picture, missing_picture
from chapbook.building.plan import PlannedDocument
from chapbook.markup.page import ContentDocument, ImageUse, Known
from chapbook.model.near import NearNames
from chapbook.passes.resources import ruled_name

__all__ = ["aliases_of", "known_of", "used_pictures"]


def aliases_of(planned: Iterable[PlannedDocument]) -> dict[str, str]:
    """Where a site would serve each chapter beside its own path: its ``aliases`` and its ``slug``."""
    aliases: dict[str, str] = {}
    for document in planned:
        chapter = document.chapter
        for alias in chapter.aliases:
            aliases.setdefault(alias.strip("/"), chapter.path)
        if chapter.slug:
            folder = chapter.path.rpartition("/")[0]
            aliases.setdefault(f"{folder}/{chapter.slug}".strip("/"), chapter.path)
    return aliases


def used_pictures(documents: Iterable[ContentDocument], names: frozenset[str]) -> tuple[str, ...]:
    """The files that the documents show, in the book's order, each once."""
    found: dict[str, None] = {}
    for document in documents:
        for use in document.images:
            path = find_picture(use, names)
            if path is not None:
                found[path] = None
    return tuple(found)


def known_of(
    document: ContentDocument,
    index: LinkIndex,
    pictures: Mapping[str, Picture],
    names: frozenset[str],
    near: NearNames,
) -> Known:
    """What `document` has to be told; equal to ``Known()`` where the rule was right throughout."""
    links: dict[str, str] = {}
    dead = {}
    for link in document.links:
        resolved = index.resolve(link, document)
        if resolved.fault:
            dead[link.written] = resolved.fault
        elif resolved.target:
            links[link.written] = resolved.target
    images, missing = _pictures(document.images, pictures, names, near)
    return Known(links=links, dead=dead, images=images, missing_images=missing)


def _pictures(
    uses: Sequence[ImageUse], pictures: Mapping[str, Picture], names: frozenset[str], near: NearNames
) -> tuple[dict[str, str], dict[str, tuple[str, str, str]]]:
    images: dict[str, str] = {}
    missing = {}
    for use in uses:
        path = find_picture(use, names)
        picture = pictures[path] if path is not None else None
        if picture is None:
            missing[use.written] = missing_picture(use, near)
        elif picture.fault:
            missing[use.written] = picture.fault
        elif picture.name != ruled_name(use.candidates[0], use.kind):
            images[use.candidates[0]] = picture.name
    return images, missing
