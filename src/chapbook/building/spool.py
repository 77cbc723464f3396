"""Keeps parts of the book in a temporary file until it is written, so they needn't all be in memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import IO, Self

from chapbook.model.diagnostics import ChapbookError, Diagnostic

__all__ = ["Spool"]

_HELD = 8 << 20
"""Bytes of documents that stay in memory: those of most books."""


class Spool:
    """A temporary file without a name, made when first needed; the system removes it however the process ends.

    Use it from one thread only. What was put in can be read until the `with` block ends.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            with suppress(OSError):  # a failure to write was reported already
                self._file.close()

    def reserve(self, size: int) -> bool:
        """Counts `size` bytes more as held in memory. Returns whether they may be; if not, they aren't counted."""
        if self._held + size > _HELD:
            return False
        self._held += size
        return True

    def put(self, data: bytes) -> Callable[[], bytes]:
        """Stores `data` and returns a function that reads it back.

        Raises ChapbookError (``output-unwritable``) if there is no space.
        """
        start = self._end
        try:
            self._write(data)
        except OSError as error:
            message = f"chapbook can't write a temporary file: {(error.strerror or 'the system refuses').lower()}"
            hint = "free some room in the folder for temporary files, or set TMPDIR to another"
            raise ChapbookError(Diagnostic.of("output-unwritable", message, hint=hint)) from error
        self._end += len(data)
        return partial(self._read, start, len(data))

    def _write(self, data: bytes) -> None:
        if self._file is None:
            from tempfile import TemporaryFile  # noqa: PLC0415 - most books need none

            self._file = TemporaryFile()  # noqa: SIM115 - closed when the spool is left
        self._file.seek(self._end)
        self._file.write(data)
        self._file.flush()

    def _read(self, start: int, length: int) -> bytes:
        if self._file is None:
            raise ValueError("nothing was put aside")
        self._file.seek(start)
        return self._file.read(length)
