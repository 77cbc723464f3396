"""The command: ``chapbook`` is this module's `main`, and so is ``python -m chapbook``.

Next to nothing is imported before a Ctrl-C has an answer.
"""

from __future__ import annotations

import os
import sys

from chapbook._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Runs the command and exits: 0 built, 1 something is wrong with the content, 2 with the command line."""
    try:
        _use_utf8()
        code = _run()
    except KeyboardInterrupt:
        from chapbook.command.stopping import end_at_once  # noqa: PLC0415 - see the module's docstring

        end_at_once()
    # Python would take every value apart first, which a process that ends needs no more.
    os._exit(code)


def _use_utf8() -> None:
    """Starts the program anew in Python's UTF-8 mode where Python reads file names in the encoding of an old locale."""
    if os.name != "posix" or sys.getfilesystemencoding() == "utf-8":
        return
    words, line = sys.argv[1:], sys.orig_argv[1:]
    # Not where it was tried already, nor where another program calls `main` with words of its own.
    if sys.executable and line[:2] != _UTF8_MODE and line[len(line) - len(words) :] == words:
        os.execv(sys.executable, [sys.executable, *_UTF8_MODE, *line])  # noqa: S606 - this very program


def _run() -> int:
    from chapbook.command.stopping import answer_in_run  # noqa: PLC0415 - see the module's docstring

    answer_in_run()
    from chapbook.command.streams import prepare_streams, settle_streams  # noqa: PLC0415 - as above

    prepare_streams()
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"chapbook {__version__}\n")
        return settle_streams(0)
    from chapbook.command.cli import run  # noqa: PLC0415 - as above

    return settle_streams(run(sys.argv[1:]))


_UTF8_MODE = ["-X", "utf8"]


if __name__ == "__main__":
    main()
