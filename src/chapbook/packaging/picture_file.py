"""A picture as a file of its own: the cover, for a shop or a site."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.packaging.output import write_file

__all__ = ["write_picture"]

_SUFFIXES = {".jpg": (".jpg", ".jpeg")}


def write_picture(path: Path, data: bytes, suffix: str, check: Callable[[Path], None]) -> Path:
    """Writes the picture `data`, whose files end in `suffix`, to `path`, and gives the path of the file.

    A path without a suffix gets that one. `check` may raise for a path at which nothing may be replaced; it is
    not asked where the same picture is there already. Raises ChapbookError (``output-unwritable``) for a path
    with the suffix of something else, and where the system refuses.
    """
    path = _suffixed(path, suffix)
    if not _holds(path, data):
        check(path)
        write_file(path, partial(_write, data=data))
    return path


def _suffixed(path: Path, suffix: str) -> Path:
    # A device or pipe; these functions raise nothing for a name that is too long.
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        return path
    if not path.suffix:
        return path.with_suffix(suffix)
    if path.suffix.lower() in _SUFFIXES.get(suffix, (suffix,)):
        return path
    message = f"'{path}' cannot be written: the cover is a '{suffix}' picture and no '{path.suffix}' one"
    hint = f"write '{path.with_suffix(suffix)}'"
    raise ChapbookError(Diagnostic.of("output-unwritable", message, hint=hint))


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _write(file: IO[bytes], *, data: bytes) -> None:
    file.write(data)
