"""Which way a language is written."""

from __future__ import annotations

from typing import Literal

from chapbook.metadata import Metadata, text_direction

__all__ = ["page_direction", "text_direction"]


def page_direction(metadata: Metadata) -> Literal["ltr", "rtl"]:
    """The direction in which pages turn: the author's, else that of the language (EPUB 3.3, section 5.7.1)."""
    return metadata.direction or text_direction(metadata.language)
