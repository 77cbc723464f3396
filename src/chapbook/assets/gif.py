"""Reads the blocks of a GIF file (GIF89a), its frames and its metadata, without decoding pixels."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

__all__ = ["count_frames", "strip_gif"]

_EXTENSION, _FRAME, _TRAILER = 0x21, 0x2C, 0x3B
_COMMENT, _APPLICATION = 0xFE, 0xFF
_MOST_BLOCKS = 50_000
_LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})


class Block(Struct, frozen=True):
    """A block from `start` to `end`: a frame, or an extension (metadata or not)."""

    start: int
    end: int
    frame: bool
    metadata: bool


def count_frames(data: bytes) -> int:
    """The number of frames in a GIF. Raises ValueError if the file ends inside a block or has an unknown block."""
    return sum(block.frame for block in _blocks(data))


def strip_gif(data: bytes) -> bytes:
    """Removes comments and XMP; keeps the frames and the loop count."""
    blocks = tuple(_blocks(data))
    if not any(block.metadata for block in blocks):
        return data
    kept = (data[block.start : block.end] for block in blocks if not block.metadata)
    return data[: blocks[0].start] + b"".join(kept) + bytes((_TRAILER,))


def _blocks(data: bytes) -> Iterator[Block]:
    at = 13 + _table(data, 10)
    frames = count = 0
    while at < len(data) and data[at] != _TRAILER:
        count += 1
        if count > _MOST_BLOCKS:
            raise ValueError("it has more blocks than any picture needs")
        start, frame, metadata = at, data[at] == _FRAME, False
        if frame:
            frames += 1
            at = _past_blocks(data, at + 10 + _table(data, at + 9) + 1)
        elif data[at] == _EXTENSION:
            metadata = _is_metadata(data, at)
            at = _past_blocks(data, at + 2)
        elif frames:
            return  # some programs add bytes after the last frame
        else:
            raise ValueError("it holds something that isn't a GIF block")
        yield Block(start, at, frame, metadata)


def _is_metadata(data: bytes, at: int) -> bool:
    kind = data[at + 1 : at + 2]
    return kind == bytes((_COMMENT,)) or (kind == bytes((_APPLICATION,)) and data[at + 3 : at + 14] not in _LOOPS)


def _table(data: bytes, at: int) -> int:
    """The length in bytes of the colour table that the flags at `at` describe."""
    if at >= len(data):
        raise ValueError("the file ends early")
    return 3 << ((data[at] & 7) + 1) if data[at] & 0x80 else 0


def _past_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += data[at] + 1
    if at >= len(data):
        raise ValueError("the file ends early")
    return at + 1
