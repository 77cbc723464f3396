"""The command's process: how Ctrl-C ends it, and standard streams that never raise."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn, TextIO

    from _typeshed import ReadableBuffer

__all__ = ["answer_in_run", "end_at_once", "mention", "prepare_streams", "settle_streams"]

_INTERRUPTED = 130
"""The exit code: 128 plus the number of SIGINT, like shells."""


def answer_in_run() -> None:
    """Makes the first Ctrl-C raise KeyboardInterrupt, and the second end the process at once.

    The first one also ends the process at once if an exception could get lost: Cython modules drop exceptions while
    they are imported, and Python only prints those raised while it frees an object. Nothing changes if the command was
    started with Ctrl-C ignored, as shells do for background jobs.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _answer)
        sys.unraisablehook = _end_if_interrupted


def end_at_once(_number: int = 0, _frame: FrameType | None = None) -> NoReturn:
    """Prints one line and ends the process at once, without Python's clean-up.

    An unfinished output file has no name yet. Workers end by themselves, but Python would wait for them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):  # bypass `sys.stderr`, which may be closed already
        os.write(2, (_AFTER_BAR if _is_terminal() else b"") + b"chapbook: stopped\n")
    os._exit(_INTERRUPTED)


def _is_terminal() -> bool:
    return os.name == "posix" and os.isatty(2) and os.environ.get("TERM", "dumb") != "dumb"


_AFTER_BAR = b"\r\x1b[K"
"""Removes a progress bar from the terminal's last line (ECMA-48)."""


def _answer(_number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGINT, end_at_once)
    while frame:
        if frame.f_globals.get("__name__") == "importlib._bootstrap":
            end_at_once()
        frame = frame.f_back
    raise KeyboardInterrupt


def _end_if_interrupted(unraisable: sys.UnraisableHookArgs) -> None:
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        end_at_once()
    sys.__unraisablehook__(unraisable)


_OURS = {errno.EBADF: "it isn't open for writing", errno.EPIPE: "the program that reads it has ended"}
"""Errors that only matter for output the user asked for."""


class _Sink(io.RawIOBase):
    """Accepts all bytes. Bytes that the system refuses are lost, and `fault` says why."""

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
        """Waits until a full, non-blocking pipe accepts more."""
        import select  # noqa: PLC0415 - hardly ever needed

        select.select((), (self._raw,), ())


class _Output(io.TextIOWrapper):
    """A stream that writes what it can. Characters that its encoding lacks become escapes."""

    def __init__(self, stream: TextIO | None, descriptor: int) -> None:
        """Replaces `stream`, or opens `descriptor` if Python found no stream at start."""
        buffer = getattr(stream, "buffer", None) or io.FileIO(descriptor, "w", closefd=False)
        self._sink = _Sink(getattr(buffer, "raw", buffer))
        self.unmentioned: OSError | None = None
        """The reason of a loss that needn't be reported."""
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
        """Writes a line about what was done; does nothing if that fails."""
        self.flush()
        before = self.fault
        self.write(line)
        self.flush()
        if before is None:
            self._sink.fault, self.unmentioned = None, self.fault or self.unmentioned


def prepare_streams() -> None:
    """Replaces standard output and error by streams that never raise.

    Closed descriptors are opened; otherwise the next file would get their number and receive everything printed. They
    can't be written to, so that the loss is noticed.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDONLY if descriptor else os.O_WRONLY), True)  # noqa: FBT003
    sys.stdout = _Output(sys.stdout, 1)
    sys.stderr = _Output(sys.stderr, 2)


def mention(line: str) -> None:
    """Writes a line about what was done to standard output; does nothing if that fails."""
    if isinstance(sys.stdout, _Output):
        sys.stdout.mention(line)
    else:
        sys.stdout.write(line)


def settle_streams(code: int) -> int:
    """The exit code: `code`, but 1 instead of 0 if standard output was lost."""
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
