"""What style sheets refer to: found in the folder, checked, packed once each, named for the publication."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from urllib.parse import unquote, unquote_to_bytes

from chapbook.assets.media import refusal, sniff_asset
from chapbook.assets.sources import Asset, Source, resolve
from chapbook.model.diagnostics import ChapbookError
from chapbook.model.names import portable
from chapbook.styling.fonts import embedding_refusal

__all__ = ["Assets", "Refused", "find_file"]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_REMOTE = re.compile(r"(https?:|ftp:)?//|https?:", re.IGNORECASE)
_DATA = re.compile(r"data:(image/(?:png|jpeg|gif))((?:;[a-z0-9=-]+)*?)(;base64)?,(.*)", re.IGNORECASE | re.DOTALL)
_LARGEST_INLINE = 64 * 1024
"""Characters of a ``data:`` picture: an ornament has some hundreds."""
_MOST_ASSETS = 500
_LARGEST_TOGETHER = 200_000_000


class Refused(Exception):  # noqa: N818 - no error: what a reference comes to
    """A reference that does not ship: the code of its diagnostic, the message, the way out."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint


class Assets:
    """The files that the style sheets of one book refer to, gathered while the sheets are read."""

    def __init__(self) -> None:
        self._packed: dict[str, Asset] = {}
        self._known: dict[str, Asset | Refused] = {}
        """What became of each path: a sheet may refer to one file a thousand times."""
        self._size = 0

    def packed(self) -> tuple[Asset, ...]:
        """The files, by name."""
        return tuple(self._packed[name] for name in sorted(self._packed))

    def rewrite(self, reference: str, source: Source, sheet: str) -> str:
        """The URL for `reference` of the sheet at path `sheet` of `source`, relative to the publication's styles.

        Raises Refused for what does not ship.
        """
        text = reference.strip()
        if text[:5].lower() == "data:":
            return _checked_inline(text)
        path, fragment = find_file(text, source, sheet)
        if path not in self._known:
            self._known[path] = self._packed_or_refused(path, source)
        asset = self._known[path]
        if isinstance(asset, Refused):
            raise asset
        name = asset.name.removeprefix("styles/")
        return f"{name}#{fragment}" if asset.media_type == "image/svg+xml" and _FRAGMENT.fullmatch(fragment) else name

    def _packed_or_refused(self, path: str, source: Source) -> Asset | Refused:
        try:
            return self._pack(path, source)
        except Refused as refused:
            return refused

    def _pack(self, path: str, source: Source) -> Asset:
        try:
            content = source.read(path)
        except ChapbookError as error:
            raise Refused("css-reference-missing", error.diagnostics[0].message) from error
        if (reasons := refusal(content) or embedding_refusal(content)) is not None:
            raise Refused("css-not-supported", f"'{_short(path)}' is {reasons[0]}", reasons[1])
        kind = sniff_asset(content)
        assert kind is not None  # noqa: S101 - a content of no kind was refused
        stem = path.rpartition("/")[2].rpartition(".")[0] or path
        name = f"styles/assets/{portable(stem)}-{hashlib.sha256(content).hexdigest()[:8]}{kind.suffix}"
        if name not in self._packed:
            self._size += len(content)
            if len(self._packed) >= _MOST_ASSETS or self._size > _LARGEST_TOGETHER:
                hint = f"at most {_MOST_ASSETS} files of {_LARGEST_TOGETHER // 1_000_000} MB ship with a sheet"
                raise Refused("css-not-supported", f"'{_short(path)}' is one file too many", hint)
            self._packed[name] = Asset(name=name, media_type=kind.media_type, data=content)
        return self._packed[name]


_FRAGMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def find_file(reference: str, source: Source, sheet: str) -> tuple[str, str]:
    """The path in `source` of the file that a sheet at path `sheet` refers to, and the fragment.

    Raises Refused for what is none of the source's files. A query, which no file has, is left out.
    """
    text = reference.strip()
    if not text:
        raise Refused("css-invalid", "an empty url()")
    if _REMOTE.match(text):
        raise Refused("css-reference-remote", f"'{_short(text)}' lies on the network", "put the file beside the sheet")
    if text.startswith("#"):
        raise Refused("css-not-supported", f"'{_short(text)}' refers into the sheet itself")
    if _SCHEME.match(text):
        raise Refused("css-not-supported", f"'{_short(text)}' is no path", "give a path relative to the sheet")
    address, _, fragment = text.partition("#")
    return _find(address.partition("?")[0], source, sheet), fragment


def _find(address: str, source: Source, sheet: str) -> str:
    """The path of the file that is meant. One from the root is looked up under ``static/`` too."""
    candidates = [address, unquote(address)]
    if address.startswith("/"):
        candidates += ["/static" + each for each in candidates]
    for candidate in candidates:
        path = resolve(sheet, candidate)
        if path is not None and source.has(path):
            return path
    path = resolve(sheet, unquote(address))
    if path is None:
        hint = "nothing outside of the folder is read"
        raise Refused("css-reference-missing", f"'{_short(address)}' leads out of the folder", hint)
    near = source.near(path)
    raise Refused("css-reference-missing", f"no file '{_short(path)}'", f"perhaps '{near}' is meant" if near else None)


def _checked_inline(text: str) -> str:
    """A ``data:`` picture as it is, where it is small and what it says."""
    if len(text) > _LARGEST_INLINE:
        raise Refused("css-not-supported", "a 'data:' URL of more than 64 KB", "put the picture in a file of its own")
    match = _DATA.fullmatch(text)
    if match is None:
        hint = "put it in a file of its own; PNG, JPEG and GIF pictures may stand in the sheet"
        raise Refused("css-not-supported", f"'{_short(text)}' does not ship", hint)
    try:
        raw = unquote_to_bytes(match[4])
        content = base64.b64decode(re.sub(rb"\s", b"", raw), validate=True) if match[3] else raw
    except binascii.Error:
        content = b""
    kind = sniff_asset(content)
    if kind is None or kind.media_type != match[1].lower():
        raise Refused("css-not-supported", f"'{_short(text)}' holds no {match[1].lower()}")
    return f"data:{kind.media_type};base64,{base64.b64encode(content).decode('ascii')}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "…"  # noqa: PLR2004 - characters a message has room for
