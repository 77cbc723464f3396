"""Writes new files: never over existing ones, never outside the folder, all or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.reading.walk import shown

__all__ = ["Content", "refuse_files", "write_new_files"]

Content = bytes | Callable[[], bytes]
"""A file's bytes, or a function that returns them when it is written."""

_MOST_NAMED = 10
_ONLY_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def refuse_files(folder: Path, named: str) -> None:
    """Raises ChapbookError (``files-in-the-way``) if `folder`, which messages call `named`, isn't empty.

    Hidden names such as ``.git`` don't count: no book reads them.
    """
    if not os.path.lexists(folder):
        return
    if not os.path.isdir(folder):  # noqa: PTH112 - which raises nothing
        raise _in_the_way(named, f"'{shown(named)}' is a file")
    try:
        names = sorted(each for each in os.listdir(folder) if not each.startswith("."))  # noqa: PTH208 - names are wanted
    except OSError as error:
        raise _unwritable(named, error) from error
    if names:
        raise _in_the_way(named, f"'{shown(named)}' isn't empty: {_listed(names)}")


def write_new_files(folder: Path, files: Mapping[str, Content], named: str) -> None:
    """Writes `files` by their paths in `folder`, and creates the folder if needed.

    Raises ChapbookError if a file exists already (``files-in-the-way``) or can't be written (``output-unwritable``).
    Files written before that are removed again.
    """
    there = [path for path in files if os.path.lexists(folder / path)]
    if there:
        raise _in_the_way(named, f"'{shown(named)}' has these files already: {_listed(there)}")
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        for path, content in files.items():
            at = folder / path
            if not at.resolve().is_relative_to(folder.resolve()):
                raise _in_the_way(named, f"'{shown(path)}' leads out of '{shown(named)}'")
            _make_folder(at.parent, made)
            with os.fdopen(os.open(at, _ONLY_NEW, 0o666), "wb") as file:
                made.append(at)
                file.write(content if isinstance(content, bytes) else content())
    except (OSError, ChapbookError) as error:
        _remove(made)
        raise (error if isinstance(error, ChapbookError) else _unwritable(named, error)) from error


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Creates `folder` and missing ones above it, and records them in `made`."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, made)
    folder.mkdir()
    made.append(folder)


def _remove(made: list[Path]) -> None:
    for path in reversed(made):
        try:
            path.rmdir() if path.is_dir() else path.unlink()
        except OSError:  # someone else's file is in the folder by now, or it is gone
            continue


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(shown(each) for each in names[:_MOST_NAMED]) + more


def _in_the_way(named: str, message: str) -> ChapbookError:
    hint = "give a new folder, or move the files away: chapbook doesn't write over them"
    return ChapbookError(Diagnostic.of("files-in-the-way", message, path=shown(named), hint=hint))


def _unwritable(named: str, error: OSError) -> ChapbookError:
    reason = (error.strerror or "the system refuses").lower()
    message = f"'{shown(named)}' cannot be written: {reason}"
    return ChapbookError(Diagnostic.of("output-unwritable", message, path=shown(named), hint="give another folder"))
