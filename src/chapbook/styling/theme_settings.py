"""What a theme says of itself: its ``theme.toml``."""

from __future__ import annotations

import tomllib

from msgspec import Struct

__all__ = ["ThemeSettings", "parse_theme_toml"]

_LONGEST_TOML = 10_000


class ThemeSettings(Struct, frozen=True, kw_only=True):
    """What ``theme.toml`` says."""

    description: str = ""
    base: bool = True
    """Whether the theme stands on the shared base."""


def parse_theme_toml(text: str) -> ThemeSettings:
    """What a ``theme.toml`` says. Raises ValueError, with words for the author, for what is none."""
    if len(text) > _LONGEST_TOML:
        raise ValueError("longer than 10,000 characters")
    table = tomllib.loads(text)
    description, base = table.get("description", ""), table.get("base", True)
    if not isinstance(description, str):
        raise ValueError("'description' is no text")
    if not isinstance(base, bool):
        raise ValueError("'base' is neither true nor false")
    return ThemeSettings(description=" ".join(description.split()), base=base)
