"""Whether a worker that built a book sees the files that this process sees: it may be on another machine."""

from __future__ import annotations

import os
import time

from msgspec.structs import replace

from chapbook.diagnostics import Diagnostic, Report
from chapbook.planning import BookRequest

__all__ = ["as_seen_from_here"]

_WAITS = (0.0, 0.1, 0.3, 1.0, 3.0)
"""Seconds to wait before each look at a file that was just written elsewhere: network file systems lag behind."""
_HINT = "workers need a file system that all of them and this machine share, under the same paths"


def as_seen_from_here(request: BookRequest, report: Report) -> Report:
    """The report of a worker, with an error (``worker-apart``) where it did not see the source, or left no file."""
    source = os.path.join(request.base, request.source)  # noqa: PTH118 - either may be absolute
    if any(each.code == "source-missing" for each in report.diagnostics) and os.path.exists(source):  # noqa: PTH110
        return _apart(report, f"the worker does not see '{request.source}', which is there")
    if request.output is None or report.output is None:
        return report
    written = os.path.join(request.base, request.output)  # noqa: PTH118 - as above
    if not _is_there(written, report.size):
        return _apart(report, f"the worker wrote '{request.output}', which is not to be seen from here")
    return report


def _is_there(path: str, size: int) -> bool:
    for seconds in _WAITS:
        time.sleep(seconds)
        try:
            if os.stat(path).st_size == size:  # noqa: PTH116 - a string is as good
                return True
        except OSError:
            continue
    return False


def _apart(report: Report, message: str) -> Report:
    kept = tuple(each for each in report.diagnostics if each.code != "source-missing")
    return replace(report, output=None, diagnostics=(*kept, Diagnostic.of("worker-apart", message, hint=_HINT)))
