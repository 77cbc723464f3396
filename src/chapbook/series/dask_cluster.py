"""Builds books with the workers of a Dask cluster. Needs the extra ``chapbook[dask]``."""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chapbook.building.workers import available_processors
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Report
from chapbook.series.requests import BookRequest

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["as_seen_from_here", "dask_executor"]

_LOCAL = "local"
_LEAVE_INTERRUPTS = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Run by workers first: Ctrl-C reaches all processes of the terminal, and only the first may answer it."""
_PATIENCE = 10
"""Seconds that a scheduler may take to answer."""
_WAITS = (0.0, 0.1, 0.3, 1.0, 3.0)
"""Seconds to wait before each check for a file written on another machine: network file systems lag."""
_HINT = "workers need a file system that all of them and this machine share, under the same paths"


@contextmanager
def dask_executor(address: str, *, workers: int = 0) -> Iterator[Executor]:
    """The executor of the cluster whose scheduler is at `address` (``tcp://host:8786``), for `build_many`.

    ``local`` starts a cluster of `workers` processes on this machine (0: one for each processor) and ends it
    afterwards. If a worker is lost, only its current task is repeated by another. Raises ChapbookError:
    ``extra-missing`` without Dask, ``cluster-unreachable`` if there is no answer.
    """
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - an optional package, and a heavy one
    except ImportError as error:
        fault = Diagnostic.of("extra-missing", "Dask is not installed", hint="pip install 'chapbook[dask]'")
        raise ChapbookError(fault) from error
    # Each book's result is in its report; Dask's own log isn't meant for authors.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if address == _LOCAL:
        with (
            LocalCluster(  # type: ignore[no-untyped-call]  # distributed is typed in parts
                n_workers=workers or available_processors(),
                threads_per_worker=1,
                host="127.0.0.1",
                scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                silence_logs=logging.CRITICAL,
                preload=[_LEAVE_INTERRUPTS],
            ) as cluster,
            Client(cluster) as client,  # type: ignore[no-untyped-call]  # see above
        ):
            yield client.get_executor(pure=False)
        return
    with _connected(partial(Client, address, timeout=_PATIENCE), address) as client:
        yield client.get_executor(pure=False)


def _connected(connect: Callable[[], Client], address: str) -> Client:
    """The client of a cluster. Raises ChapbookError (``cluster-unreachable``)."""
    with suppress(Exception):  # an invalid address fails in many ways, even with an AssertionError
        return connect()
    # A half-made client takes Dask's locks when it is collected, so collect it before the next one has them.
    gc.collect()
    message = f"there is no Dask scheduler at '{address}'"
    hint = "give its address as tcp://HOST:PORT, or 'local'"
    raise ChapbookError(Diagnostic.of("cluster-unreachable", message, hint=hint))


def as_seen_from_here(request: BookRequest, report: Report) -> Report:
    """A worker's report, with an error (``worker-apart``) if it didn't see the source or wrote no file here."""
    source = os.path.join(request.base, request.source)  # noqa: PTH118 - either may be absolute
    if any(each.code == "source-missing" for each in report.diagnostics) and os.path.exists(source):  # noqa: PTH110
        return _apart(report, f"the worker can't see '{request.source}', which exists")
    if request.output is None or report.output is None:
        return report
    written = os.path.join(request.base, request.output)  # noqa: PTH118 - as above
    if not _is_there(written, report.size):
        return _apart(report, f"the worker wrote '{request.output}', but this machine can't see it")
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
