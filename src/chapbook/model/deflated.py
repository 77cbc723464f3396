"""Bytes compressed for a ZIP entry by the process that has them: compressing is slow, and workers do it in parallel."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from msgspec import Struct

__all__ = ["Deflated", "PutAside"]

_LEVEL = 4
"""Level 6 takes twice as long on chapters of prose, and makes them three per cent smaller."""


class Deflated(Struct, frozen=True, kw_only=True):
    """A raw DEFLATE stream (RFC 1951), and the size and checksum of its content for a ZIP."""

    stream: bytes
    size: int
    """Bytes of the uncompressed content."""
    crc: int
    """The content's CRC-32."""

    @classmethod
    def of(cls, content: bytes) -> Deflated:
        """Compresses `content`; with one version of zlib, the same content gives the same stream."""
        return cls(stream=zlib.compress(content, _LEVEL, -zlib.MAX_WBITS), size=len(content), crc=zlib.crc32(content))

    def content(self) -> bytes:
        """The uncompressed content. Raises zlib.error if the stream is damaged."""
        return zlib.decompress(self.compressed(), -zlib.MAX_WBITS, max(self.size, 1))

    def compressed(self) -> bytes:
        """The stream, wherever it is."""
        return self.stream


class PutAside(Deflated, frozen=True, kw_only=True):
    """One whose stream isn't in memory: `stream` is empty."""

    read: Callable[[], bytes]

    def compressed(self) -> bytes:
        return self.read()
