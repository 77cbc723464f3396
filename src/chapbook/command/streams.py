"""Standard output and error of the command: they never raise, whether closed, full or of an old encoding."""

from __future__ import annotations

import errno
import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer

__all__ = ["mention", "prepare_streams", "settle_streams"]

_OURS = {errno.EBADF: "it isn't open for writing", errno.EPIPE: "the program that reads it has ended"}
"""What only the user can have meant, so that it is said only where it matters."""


class _Sink(io.RawIOBase):
    """Takes all bytes. Those that the system refuses are lost, and `fault` says why."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.fault: OSError | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def isatty(self) -> bool:
        return self._raw.isatty()

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            while (taken := self._raw.write(data)) is None:
                self._wait()
        except OSError as error:
            self.fault = self.fault or error
            return memoryview(data).nbytes
        return taken

    def _wait(self) -> None:
        """Waits until a pipe that is full and does not block takes more."""
        import select  # noqa: PLC0415 - hardly ever needed

        select.select((), (self._raw,), ())


class _Output(io.TextIOWrapper):
    """A stream that writes what it can. Characters that its encoding lacks become escapes."""

    def __init__(self, stream: TextIO | None, descriptor: int) -> None:
        """In the place of `stream`; of `descriptor` where Python found none when it started."""
        buffer = getattr(stream, "buffer", None) or io.FileIO(descriptor, "w", closefd=False)
        self._sink = _Sink(getattr(buffer, "raw", buffer))
        self.unmentioned: OSError | None = None
        """Why something was lost that need not be said."""
        super().__init__(
            io.BufferedWriter(self._sink),
            encoding=stream.encoding if stream else "utf-8",
            errors="backslashreplace",
            line_buffering=descriptor == 2 or self._sink.isatty(),  # noqa: PLR2004 - standard error
        )

    @property
    def fault(self) -> OSError | None:
        """Why something was lost."""
        return self._sink.fault

    def mention(self, line: str) -> None:
        """Writes what the run did, which is done all the same where it cannot be said."""
        self.flush()
        before = self.fault
        self.write(line)
        self.flush()
        if before is None:
            self._sink.fault, self.unmentioned = None, self.fault or self.unmentioned


def prepare_streams() -> None:
    """Puts streams that never raise in the place of standard output and error.

    Descriptors that are closed are opened, or the next file would get their number, and whatever is printed.
    Nothing can be written to them, so that it shows that they were closed.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDONLY if descriptor else os.O_WRONLY), True)  # noqa: FBT003
    sys.stdout = _Output(sys.stdout, 1)
    sys.stderr = _Output(sys.stderr, 2)


def mention(line: str) -> None:
    """Writes to standard output what the run did, which is no less done where it cannot be said."""
    if isinstance(sys.stdout, _Output):
        sys.stdout.mention(line)
    else:
        sys.stdout.write(line)


def settle_streams(code: int) -> int:
    """The exit code of a run that would end with `code`: 1 instead of 0 where standard output was lost."""
    output = sys.stdout
    sys.stderr.flush()
    output.flush()
    if not isinstance(output, _Output):
        return code
    fault = output.fault or output.unmentioned
    if fault and (output.fault or fault.errno not in _OURS):
        reason = _OURS.get(fault.errno or 0) or str(fault.strerror or fault).lower()
        sys.stderr.write(f"chapbook: cannot write to standard output: {reason}\n")
    return code or int(output.fault is not None)
