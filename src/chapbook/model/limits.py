"""What a build may take: the limits that whoever builds sets, over all that a content folder asks for."""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import Annotated

from chapbook.model.fields import Checked, Flag, Kind, above, optional, whole

__all__ = ["DEFAULTS", "LIMITS", "MOST_MESSAGES", "UNTRUSTED", "Limits"]

MOST_MESSAGES = 10_000
"""Warnings and notes about one chapter; of more, the rest is counted."""
_SECONDS = above(0, 1_000_000)
_MEMORY = whole(64_000_000)


def _some(most: int) -> Kind:
    return whole(1, most)


class Limits(Checked, frozen=True, kw_only=True):
    """The most that one build may take, and that its content may hold or ask for."""

    max_seconds: Annotated[float | None, optional(_SECONDS)] = None
    """Seconds by the clock for the whole build; ``None``: as long as it takes."""
    max_memory: Annotated[int | None, optional(_MEMORY)] = None
    """Bytes of memory of all processes of the build together; ``None``: no limit. Linux only."""
    render_seconds: Annotated[float, above(0, 3600)] = 3600.0
    """Seconds of processor time that a book may ask for, for a chapter."""
    chapter_memory: Annotated[int, _MEMORY] = 800_000_000
    """Bytes that a chapter or picture may take in its worker process. Linux only."""
    read_pixels: Annotated[int, _some(200_000_000)] = 200_000_000
    """Pixels of a picture that chapbook reads; formats that take more memory have limits of their own below it."""
    written_pixels: Annotated[int, whole(10_000, 24_000_000)] = 24_000_000
    """Pixels of a picture that chapbook writes, whatever `images.max_pixels` of a book says."""
    files: Annotated[int, _some(50_000)] = 50_000
    """Files of a book's folder."""
    characters: Annotated[int, _some(1_000_000_000)] = 500_000_000
    """Characters of all chapters of a book together, with what they include."""
    links: Annotated[int, _some(10_000_000)] = 1_000_000
    """Links and pictures in the text of a book."""
    messages: Annotated[int, _some(1_000_000)] = 50_000
    """Warnings and notes about a book; errors are all kept."""
    output_bytes: Annotated[int, _some(0xFFFFFFFF)] = 0xFFFFFFFF
    """Bytes of a book's file."""
    host_fonts: Flag = True
    """Whether a drawn cover may use the machine's fonts for a script that chapbook's own lack."""
    foreign_extensions: Flag = True
    """Whether a content folder may name Markdown extensions other than Python-Markdown's own and PyMdown's."""
    folders_above: Flag = True
    """Whether a volumes.yaml above the source may say that it is a volume."""

    @property
    def needs_process(self) -> bool:
        """Whether only another process can watch that they are kept."""
        return self.max_seconds is not None or self.max_memory is not None


DEFAULTS = Limits()
"""The limits of every build for which nothing else was chosen."""
UNTRUSTED = Limits(
    max_seconds=120.0,
    max_memory=1_500_000_000 if sys.platform == "linux" else None,
    render_seconds=10.0,
    chapter_memory=500_000_000,
    read_pixels=50_000_000,
    written_pixels=5_600_000,
    files=5_000,
    characters=20_000_000,
    links=100_000,
    messages=2_000,
    output_bytes=200_000_000,
    host_fonts=False,
    foreign_extensions=False,
    folders_above=False,
)
"""The limits for books of people whom nobody knows: ``--untrusted``."""
LIMITS = MappingProxyType(
    {
        "max_seconds": ("seconds by the clock, for the whole run", "build-time"),
        "max_memory": ("memory of all processes of the run together, on Linux", "build-memory"),
        "render_seconds": ("processor time that a book may ask for, for a chapter", "setting-limited"),
        "chapter_memory": ("memory that a chapter or picture takes in its worker process, on Linux", "memory-exceeded"),
        "read_pixels": ("pixels of a picture", "image-too-large"),
        "written_pixels": ("pixels that `images.max_pixels` may ask for", "setting-limited"),
        "files": ("files of a folder", "too-many-files"),
        "characters": ("characters of all chapters, with what they include", "book-too-large"),
        "links": ("links and pictures in the text of a book", "book-too-large"),
        "messages": ("warnings and notes about a book", "messages-left-out"),
        "output_bytes": ("bytes of the book's file", "book-too-large"),
        "host_fonts": ("the machine's fonts on a drawn cover", "cover-font-missing"),
        "foreign_extensions": ("extensions that aren't Python-Markdown's own or PyMdown's", "extension-refused"),
        "folders_above": ("a `volumes.yaml` above the source", ""),
    }
)
"""What each limit bounds, in words, and the code of the message where it is met."""
