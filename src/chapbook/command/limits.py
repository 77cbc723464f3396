"""The options that limit what a run may take, for services that build books of people they don't know."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from chapbook.model.limits import Limits

__all__ = ["BOUNDS", "limits_of"]


def _memory(_context: click.Context, _option: click.Parameter, word: str | None) -> int | None:
    """Bytes from ``800M`` or ``2G``. Raises BadParameter."""
    if word is None:
        return None
    found = _SIZE.fullmatch(word)
    if found is None:
        raise click.BadParameter(f"'{word}' isn't a size: write 800M or 2G")
    return int(float(found[1]) * _UNITS[found[2].upper()])


_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([KMG]?)B?", re.ASCII | re.IGNORECASE)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
BOUNDS = (
    click.option("--untrusted", is_flag=True, help="Use the tighter limits for content of people you don't know."),
    click.option("--max-seconds", type=float, metavar="N", help="Stop the whole run after so many seconds."),
    click.option("--max-memory", metavar="SIZE", callback=_memory, help="Stop the run above this memory (800M, 2G)."),
    click.option("--limit", "limited", multiple=True, metavar="NAME=N", help="Set another limit, such as links=5000."),
)
"""The options, for a command that builds or checks."""


def limits_of(
    *,
    untrusted: bool,
    max_seconds: float | None,
    max_memory: int | None,
    limited: Sequence[str],
    refused: Mapping[str, object],
) -> Limits:
    """The limits that the options of `BOUNDS` set.

    Raises UsageError for a wrong one, and where one of the `refused` options was given together with `--untrusted`.
    """
    from chapbook.model.diagnostics import ChapbookError  # noqa: PLC0415 - see cli
    from chapbook.model.limits import DEFAULTS, UNTRUSTED  # noqa: PLC0415 - see cli

    for option, given in refused.items():
        if untrusted and given:
            raise click.UsageError(f"--untrusted and {option} can't be used together")
    said: dict[str, object] = {}
    for each in limited:
        name, _, number = each.partition("=")
        if name not in DEFAULTS.__struct_fields__ or not _NUMBER.fullmatch(number):
            known = ", ".join(DEFAULTS.__struct_fields__)
            raise click.UsageError(f"--limit '{each}' isn't NAME=N with one of these names: {known}")
        said[name] = int(number)
    given_by_name = {"max_seconds": max_seconds, "max_memory": max_memory}
    said |= {name: value for name, value in given_by_name.items() if value is not None}
    try:
        return (UNTRUSTED if untrusted else DEFAULTS).replace(**said)
    except ChapbookError as error:
        raise click.UsageError(error.diagnostics[0].message) from error
