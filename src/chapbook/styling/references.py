"""The files that style sheets refer to: finds, checks, packs (once each) and names them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from urllib.parse import unquote, unquote_to_bytes

from msgspec.structs import replace

from chapbook.assets.file_formats import Fit, FittedImage, Format, ImageError, sniff
from chapbook.assets.sfnt import RESTRICTED, RESTRICTED_HINT, read_font
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.names import portable
from chapbook.model.settings import ImageLimits
from chapbook.styling.style_folders import Asset, Source, resolve

__all__ = ["Assets", "Refused", "find_file", "leads_elsewhere"]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_REMOTE = re.compile(r"(https?:|ftp:)?//|https?:", re.IGNORECASE)
_DATA = re.compile(r"data:(image/(?:png|jpeg|gif))((?:;[a-z0-9=-]+)*?)(;base64)?,(.*)", re.IGNORECASE | re.DOTALL)
_LARGEST_INLINE = 64 * 1024
"""The most characters of a ``data:`` picture; an ornament has some hundreds."""
_LARGEST_FONT = 30_000_000
_MOST_ASSETS = 500
_LARGEST_TOGETHER = 200_000_000


class Refused(Exception):  # noqa: N818 - no error: what a reference comes to
    """Raised for a reference that can't ship: the diagnostic's code, message and hint."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint


class Assets:
    """The files that one book's style sheets refer to, collected while the sheets are read."""

    def __init__(self, fit: Fit | None = None) -> None:
        self._fit = fit or _within_default_limits
        self._packed: dict[str, Asset] = {}
        self._known: dict[str, Asset | Refused] = {}
        """The result for each path: a sheet may refer to one file a thousand times."""
        self._size = 0

    def packed(self) -> tuple[Asset, ...]:
        """The files, sorted by name."""
        return tuple(self._packed[name] for name in sorted(self._packed))

    def rewrite(self, reference: str, source: Source, sheet: str, warn: Callable[[Diagnostic], None]) -> str:
        """The URL for `reference` in the sheet at path `sheet` of `source`, relative to the publication's styles.

        `warn` is called once for each change that a file needed. Raises Refused for what can't ship.
        """
        text = reference.strip()
        if text[:5].lower() == "data:":
            return self._inline(text, warn)
        path, fragment = find_file(text, source, sheet)
        if path not in self._known:
            self._known[path] = self._packed_or_refused(path, source, warn)
        asset = self._known[path]
        if isinstance(asset, Refused):
            raise asset
        name = asset.name.removeprefix("styles/")
        return f"{name}#{fragment}" if asset.media_type == "image/svg+xml" and _FRAGMENT.fullmatch(fragment) else name

    def _packed_or_refused(self, path: str, source: Source, warn: Callable[[Diagnostic], None]) -> Asset | Refused:
        try:
            content = source.read(path)
        except ChapbookError as error:
            return Refused("css-reference-missing", error.diagnostics[0].message)
        try:
            return self._pack(path, *self._shipped(_short(path), content, warn))
        except Refused as refused:
            return refused

    def _shipped(self, shown: str, content: bytes, warn: Callable[[Diagnostic], None]) -> tuple[str, str, bytes]:
        """The media type, suffix and bytes of a picture or font as it ships. Raises Refused."""
        kind = sniff(content)
        if kind is None:
            what = "neither a picture nor a font" if content else "empty"
            hint = "use PNG, JPEG, GIF, SVG, TTF, OTF, WOFF or WOFF2"
            raise Refused("css-not-supported", f"'{shown}' is {what}", hint)
        if kind.role == "foreign":
            raise Refused("css-not-supported", f"'{shown}' is {kind.described}", kind.way_out)
        if kind.role == "font":
            _check_font(shown, kind, content)
            return kind.media_type, kind.suffix, content
        try:
            image = self._fit(content)
        except ImageError as error:
            fault = error.diagnostic
            raise Refused(fault.code, f"'{shown}': {fault.message}", fault.hint) from error
        for each in image.warnings:
            warn(replace(each, message=f"'{shown}': {each.message}"))
        return image.media_type, image.suffix, image.data

    def _pack(self, path: str, media_type: str, suffix: str, data: bytes) -> Asset:
        stem = path.rpartition("/")[2].rpartition(".")[0] or path
        name = f"styles/assets/{portable(stem)}-{hashlib.sha256(data).hexdigest()[:8]}{suffix}"
        if name not in self._packed:
            self._size += len(data)
            if len(self._packed) >= _MOST_ASSETS or self._size > _LARGEST_TOGETHER:
                hint = f"at most {_MOST_ASSETS} files of {_LARGEST_TOGETHER // 1_000_000} MB ship with a sheet"
                raise Refused("css-not-supported", f"'{_short(path)}' is one file too many", hint)
            self._packed[name] = Asset(name=name, media_type=media_type, data=data)
        return self._packed[name]

    def _inline(self, text: str, warn: Callable[[Diagnostic], None]) -> str:
        """A ``data:`` picture, checked like a file; it must be small and have its declared type."""
        media_type, content = _decoded(text)
        kind = sniff(content)
        if kind is None or kind.media_type != media_type:
            raise Refused("css-not-supported", f"'{_short(text)}' holds no {media_type}")
        media_type, _, data = self._shipped(_short(text), content, warn)
        return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _check_font(shown: str, kind: Format, content: bytes) -> None:
    """Raises Refused for a font that may not ship; WOFF2 isn't read."""
    if len(content) > _LARGEST_FONT:
        message = f"'{shown}' is larger than {_LARGEST_FONT // 1_000_000} MB"
        raise Refused("css-not-supported", message, "make it smaller")
    try:
        restricted = kind.name != "WOFF2 font" and read_font(content).restricted
    except ValueError as error:
        raise Refused("css-not-supported", f"'{shown}' is a font that is {error}") from error
    if restricted:
        raise Refused("css-not-supported", f"'{shown}' is {RESTRICTED}", RESTRICTED_HINT)


def _within_default_limits(content: bytes) -> FittedImage:
    from chapbook.assets.image import fit_image  # noqa: PLC0415 - Pillow is heavy; many sheets name no picture

    return fit_image(content, ImageLimits())


_FRAGMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def leads_elsewhere(reference: str) -> bool:
    """Whether `reference` is an address on the network, or of another scheme, and not a path."""
    return bool(_REMOTE.match(reference.strip()) or _SCHEME.match(reference.strip()))


def find_file(reference: str, source: Source, sheet: str) -> tuple[str, str]:
    """The path in `source` of the file that the sheet at path `sheet` refers to, and the fragment.

    Raises Refused if it isn't one of the source's files. A query is dropped, because files don't have queries.
    """
    text = reference.strip()
    if not text:
        raise Refused("css-invalid", "an empty url()")
    if _REMOTE.match(text):
        raise Refused("css-reference-remote", f"'{_short(text)}' is on the network", "put the file beside the sheet")
    if text.startswith("#"):
        raise Refused("css-not-supported", f"'{_short(text)}' refers to the sheet itself")
    if _SCHEME.match(text):
        raise Refused("css-not-supported", f"'{_short(text)}' isn't a path", "give a path relative to the sheet")
    address, _, fragment = text.partition("#")
    return _find(address.partition("?")[0], source, sheet), fragment


def _find(address: str, source: Source, sheet: str) -> str:
    """The path of the file. A path from the root is also looked up under ``static/``."""
    candidates = [address, unquote(address)]
    if address.startswith("/"):
        candidates += ["/static" + each for each in candidates]
    for candidate in candidates:
        path = resolve(sheet, candidate)
        if path is not None and source.has(path):
            return path
    path = resolve(sheet, unquote(address))
    if path is None:
        hint = "chapbook reads nothing outside the folder"
        raise Refused("css-reference-missing", f"'{_short(address)}' is outside the folder", hint)
    near = source.near(path)
    raise Refused("css-reference-missing", f"no file '{_short(path)}'", f"did you mean '{near}'?" if near else None)


def _decoded(text: str) -> tuple[str, bytes]:
    """The declared media type of a ``data:`` URL, and its bytes. Raises Refused if it may not ship."""
    if len(text) > _LARGEST_INLINE:
        raise Refused("css-not-supported", "a 'data:' URL of more than 64 KB", "put the picture in a file of its own")
    match = _DATA.fullmatch(text)
    if match is None:
        hint = "put it in a file of its own; PNG, JPEG and GIF pictures may stand in the sheet"
        raise Refused("css-not-supported", f"a book can't hold '{_short(text)}'", hint)
    try:
        raw = unquote_to_bytes(match[4])
        content = base64.b64decode(re.sub(rb"\s", b"", raw), validate=True) if match[3] else raw
    except binascii.Error:
        content = b""
    return match[1].lower(), content


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "…"  # noqa: PLR2004 - characters a message has room for
