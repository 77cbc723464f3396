"""The files that a chapter shows: where each may be in the content folder, and its name in the book."""

from __future__ import annotations

import re
from base64 import b64decode
from collections import Counter
from hashlib import sha256
from typing import Literal
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from chapbook.markup.page import Fault, ImageUse, Page
from chapbook.markup.trees import add_class
from chapbook.model.names import image_name
from chapbook.model.urls import BY_NAME, clean, local_path, path_and_fragment, relative, resolve, scheme_of

__all__ = ["Alt", "Kind", "Shown", "place_resource", "ruled_name"]

Kind = Literal["image", "audio", "video"]
Alt = Literal["text", "decorative", "missing"]
Shown = Counter[str]
"""How often each target was seen so far, to tell its uses apart."""

_KEPT = {
    "image": frozenset({"png", "gif", "svg", "jpg"}),
    "audio": frozenset({"mp3", "m4a", "mp4", "ogg", "opus"}),
    "video": frozenset({"mp4", "m4v", "webm"}),
}
_MADE = {"image": "jpg", "audio": "mp3", "video": "mp4"}
"""The assumed format of a converted file, until its real name is known."""
_REMOTE = frozenset({"http", "https", "ftp", "//"})
_FOLDERS = ("static", "assets")
"""Where Hugo keeps files that pages refer to from the root."""
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})$")


def place_resource(
    page: Page, element: etree._Element, attribute: str, shown: Shown, *, kind: Kind = "image", alt: Alt = "decorative"
) -> bool:
    """Points the `attribute` of `element` to the file in the publication, and records its use.

    False, with a diagnostic, for a file that can't ship: missing, remote, outside the content folder, or embedded.
    """
    given = written = element.get(attribute, "")
    nth = shown[given]
    shown[given] += 1
    root = page.settings.root
    embedded = _embedded(written) if kind == "image" else None
    if embedded:
        written = embedded[0]
        page.embedded[written] = embedded[1]
    # Obsidian finds a file by name if the path is wrong, also in Markdown links.
    by_name = written.startswith(BY_NAME) or "obsidian" in page.settings.syntax
    local = local_path(clean(written), page.settings.addresses, root)
    target = f"/{local}" if local else clean(written.removeprefix(BY_NAME))
    own_root = "" if local else root
    fault = page.known.missing_images.get(written) or (
        None if embedded else _fault(target, page.chapter.path, own_root)
    )
    if fault:
        path = path_and_fragment(target)[0]
        outside = _outside(target, path, page.chapter.path, own_root) if fault[0] == "image-missing" else None
        code, message, hint = outside or fault
        page.report(code, message, at=page.locator.image(given, nth), hint=hint)
        return False
    path = path_and_fragment(target)[0]
    candidates = (written,) if embedded else _candidates(path, page.chapter.path, own_root)
    whole = unquote(target)
    if not embedded and whole != path and ("#" in whole or "?" in whole):  # a file may have such a name
        candidates += _candidates(whole, page.chapter.path, own_root)
    name = next(filter(None, map(page.known.images.get, candidates)), "") or ruled_name(candidates[0], kind)
    element.set(attribute, relative(name, page.name))
    if element.tag == "img":
        add_class(element, *page.known.looks.get(candidates[0], ()))
    page.images.append(ImageUse(written=written, candidates=candidates, alt=alt, kind=kind, by_name=by_name))
    return True


_EMBEDDED = re.compile(r"\s*data:image/([a-z0-9.+-]+)((?:;[^,;]*)*),", re.IGNORECASE)
_SUFFIXES = {"jpeg": ".jpg", "svg+xml": ".svg", "x-icon": ".ico", "vnd.microsoft.icon": ".ico"}


def _embedded(written: str) -> tuple[str, bytes] | None:
    """A path that stands for the picture in a ``data:`` address (RFC 2397), and its bytes."""
    found = _EMBEDDED.match(written)
    if found is None:
        return None
    try:
        data = unquote_to_bytes(written[found.end() :])
        if found[2].lower().endswith(";base64"):
            data = b64decode(data)
    except ValueError:
        return None
    kind = found[1].lower()
    return (f"data:{sha256(data).hexdigest()[:16]}{_SUFFIXES.get(kind, f'.{kind}')}", data) if data else None


def _fault(written: str, chapter: str, root: str) -> Fault | None:
    """What is wrong with a target, without looking for the file."""
    target = clean(written)
    scheme = scheme_of(target)
    if scheme in _REMOTE:
        return (
            "resource-remote",
            f"'{target}' is on the network, and a book has to hold its files",
            "put the file into the content folder",
        )
    if scheme == "data":
        message = f"chapbook can't read an image that is embedded in the text ('{target[:24]}…')"
        return "image-damaged", message, "save it as a file in the content folder"
    if scheme:
        return "image-outside", f"'{target}' is outside the content folder", "put the file into the content folder"
    path = path_and_fragment(target)[0]
    place = resolve(path, chapter.rpartition("/")[0], root)
    if not path or not place or path.endswith("/"):
        message = f"'{target}' names no file" if target else "an image or recording has no address"
        return "image-missing", message, "write the path of a file"
    outside = _outside(target, path, chapter, root)
    if outside and resolve(path, chapter.rpartition(".")[0], root).startswith(".."):
        return outside
    return None


def _outside(target: str, path: str, chapter: str, root: str) -> Fault | None:
    """What is wrong with a path that, seen from the chapter's own, leads outside the content folder."""
    if not resolve(path, chapter.rpartition("/")[0], root).startswith(".."):
        return None
    hint = "put the file into the content folder, or correct the path, which starts at the chapter's own folder"
    return "image-outside", f"'{target}' is outside the content folder", hint


def _candidates(path: str, chapter: str, root: str) -> tuple[str, ...]:
    """Where the file may be: beside the chapter, under the root, in Hugo's folders, or where the page is served."""
    beside = resolve(path, chapter.rpartition("/")[0], root)
    places = [beside] if path.startswith("/") else [beside, resolve(path, root)]
    found = places + [_served(folder, place, root) for folder in _FOLDERS for place in places]
    if root:  # Hugo's static/ is beside content/, and so may be folders that the user names
        within = [place.removeprefix(f"{root}/") for place in places]
        found += [f"{folder}{place}" for folder in (*(f"{each}/" for each in _FOLDERS), "") for place in within]
    if not path.startswith("/"):
        # A site generator serves one/arrival.md as /one/arrival/, and relative addresses start there.
        found.append(resolve(path, chapter.rpartition(".")[0]))
    return tuple(dict.fromkeys(place for place in found if ".." not in place.split("/")))


def _served(folder: str, place: str, root: str) -> str:
    """The path of `place` under `folder`, which is beside the chapters of `root`."""
    within = place.removeprefix(f"{root}/") if root else place
    return f"{root}/{folder}/{within}" if within != place else f"{folder}/{place}"


def ruled_name(source: str, kind: Kind) -> str:
    """The name in the publication that the rule gives to a file of the content folder, before it is looked at."""
    match = _SUFFIX.search(source)
    suffix = match[1].lower() if match else ""
    return image_name(source, "." + (suffix if suffix in _KEPT[kind] else _MADE[kind]))
