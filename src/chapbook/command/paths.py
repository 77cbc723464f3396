"""What paths on the command line mean: where books go, which theme, and the patterns that Windows leaves alone."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from chapbook.series.planning import Choices

__all__ = ["Output", "expanded", "given_files", "output_of", "theme_of"]


def theme_of(word: str | None) -> str | Path | None:
    """A theme as it was chosen: a folder's path where it is one or looks like one, else a name."""
    if word is None or not ("/" in word or os.sep in word or os.path.isdir(word)):  # noqa: PTH112 - which raises nothing
        return word
    return Path(word)


class Output(NamedTuple):
    """Where books go."""

    file: Path | None = None
    """One file; ``None``: a file for each book, in `folder`."""
    folder: Path = Path()
    is_stream: bool = False
    """Whether the book goes to standard output."""


def output_of(word: str | None, suffix: str = "") -> Output:
    """What `-o` names. With a `suffix`, a file that ends otherwise raises UsageError, unless it is a device or pipe."""
    if word is None:
        return Output()
    if word == "-" and suffix:
        return Output(is_stream=True)
    if word.endswith(("/", os.sep)) or os.path.isdir(word):  # noqa: PTH112 - which raises nothing
        return Output(folder=Path(word))
    # What is there and no file is a device or a pipe; these functions raise nothing for a name that is too long.
    if suffix and Path(word).suffix.lower() != suffix and (not os.path.exists(word) or os.path.isfile(word)):  # noqa: PTH110, PTH113
        raise click.UsageError(_refusal(word, suffix))
    return Output(file=Path(word))


_FORMAT = re.compile(r"\.[a-z][a-z0-9]{1,4}", re.IGNORECASE)
"""A suffix that names a format, and is no part of the name (``v1.2``)."""


def _refusal(word: str, suffix: str) -> str:
    path = Path(word)
    named = path.with_suffix(suffix) if _FORMAT.fullmatch(path.suffix) else path.with_name(path.name + suffix)
    folder = "" if path.suffix else f", or '{word}/' for a folder"
    return f"chapbook writes EPUB only: name it '{named}'{folder}"


def expanded(words: Sequence[str]) -> list[str]:
    """The `words` with files' names for those that have `*` or `?`, as every shell but those of Windows does it."""
    found: list[str] = []
    for word in words:
        pattern = word.replace("[", "[[]")
        is_pattern = not word.startswith("-") and ("*" in word or "?" in word)
        named = sorted(glob(pattern)) if is_pattern else []  # noqa: PTH207 - as the user wrote it
        found += named or [word]
    return found


def given_files(choices: Choices) -> frozenset[str]:
    """The files that were named by options, as they were named."""
    return frozenset(map(str, filter(None, (choices.cover, *choices.css))))
