"""The entry point: the ``chapbook`` command and ``python -m chapbook`` both run this module's `main`.

It imports almost nothing until Ctrl-C is handled.
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
    """Runs the command and exits: 0 if it worked, 1 for errors in the content, 2 for errors on the command line."""
    try:
        _use_utf8()
        code = _run()
    except KeyboardInterrupt:
        from chapbook.command.process import end_at_once  # noqa: PLC0415 - see the module's docstring

        end_at_once()
    # Skip Python's own clean-up, which would free each value one by one: the process ends anyway.
    os._exit(code)


def _use_utf8() -> None:
    """Restarts the program in UTF-8 mode if Python would decode file names with an old locale's encoding."""
    if os.name != "posix" or sys.getfilesystemencoding() == "utf-8":
        return
    words, line = sys.argv[1:], sys.orig_argv[1:]
    # Don't restart twice, and don't restart when another program calls `main` with its own arguments.
    if sys.executable and line[:2] != _UTF8_MODE and line[len(line) - len(words) :] == words:
        os.execv(sys.executable, [sys.executable, *_UTF8_MODE, *line])  # noqa: S606 - this very program


def _run() -> int:
    from chapbook.command.process import answer_in_run  # noqa: PLC0415 - see the module's docstring

    answer_in_run()
    from chapbook.command.process import prepare_streams, settle_streams  # noqa: PLC0415 - as above

    prepare_streams()
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"chapbook {__version__}\n")
        return settle_streams(0)
    from chapbook.command.cli import run  # noqa: PLC0415 - as above

    return settle_streams(run(sys.argv[1:]))


_UTF8_MODE = ["-X", "utf8"]


if __name__ == "__main__":
    main()
