"""Builds several books at once: from several sources, or the volumes of a series."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chapbook.building.inputs import Progress
from chapbook.building.workers import Lost, WorkerPool, available_processors, may_fork
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Report
from chapbook.model.limits import DEFAULTS, Limits
from chapbook.series.planning import plan_books
from chapbook.series.requests import AS_THEY_ARE, BookRequest, Choices, StrPath, said_before, where_it_lies
from chapbook.series.unchanged import keep_report, kept_report, state_of

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

__all__ = ["build_book", "build_many", "build_requests"]


def build_many(
    sources: Iterable[StrPath],
    out: StrPath,
    *,
    executor: Executor | None = None,
    choices: Choices = AS_THEY_ARE,
    in_order: bool = False,
) -> Iterator[Report]:
    """Builds each book of `sources` into the folder `out`, and yields its report when it is finished.

    A source is a content folder, a folder with volumes.yaml, or a Markdown file. `executor` is a
    ``concurrent.futures.Executor``; without one, the books are built here, one after the other or in as many processes
    as `choices` say. With `in_order`, reports come in the order of the sources. A broken book doesn't stop the others:
    its report isn't `ok`. Content errors, missing sources and dead workers are errors in the reports and aren't raised.
    """
    requests = plan_books(sources, Path(out), choices=choices)
    yield from build_requests(requests, executor=executor, in_order=in_order)


def build_requests(
    requests: Sequence[BookRequest],
    *,
    executor: Executor | None = None,
    in_order: bool = True,
    progress: Progress | None = None,
) -> Generator[Report, None, None]:
    """Builds planned books, all with the same choices, like `build_many`.

    `progress` is called with the chapters of a single book, or with the books where there are several. Raises
    ChapbookError (``value-invalid``) for limits that can't be kept here.
    """
    limits = requests[0].choices.limits if requests else DEFAULTS
    if not limits.needs_process:
        finished = _finished(requests, executor, progress)
    elif executor is None:
        finished = _reports_within(limits, requests, progress)
    else:
        message = "'max_seconds' and 'max_memory' can't be used together with an executor"
        raise ChapbookError(Diagnostic.of("value-invalid", message, hint="set the limits of the executor's processes"))
    yield from _in_order(finished) if in_order else (report for _, report in finished)


def _reports_within(
    limits: Limits, requests: Sequence[BookRequest], progress: Progress | None
) -> Iterator[tuple[int, Report]]:
    """As `_finished`, in a process that is held to `limits`. Where it is ended, the books it didn't finish say so."""
    from chapbook.building.bounded import results_within, within_process  # noqa: PLC0415 - seldom used

    left = within_process(limits)
    asked = [replace(each, choices=replace(each.choices, limits=left)) for each in requests]
    unfinished = dict(enumerate(requests))
    outputs = [each.output for each in map(where_it_lies, requests) if each.output]
    try:
        for kind, value in results_within(limits, _send_finished, asked, progress is not None, outputs=outputs):
            if kind == "report":
                del unfinished[value[0]]
                yield value
            elif progress is not None:
                progress(*value)
    except ChapbookError as error:
        for at, each in unfinished.items():
            said = (*each.said, *error.diagnostics)
            yield at, Report(source=each.source, diagnostics=said, strict=each.choices.strict)


def _send_finished(
    send: Callable[[object], None],
    requests: Sequence[BookRequest],
    shows: bool,  # noqa: FBT001 - sent
) -> None:
    from chapbook.building.bounded import progress_by  # noqa: PLC0415 - as above

    for each in _finished(requests, None, progress_by(send) if shows else None):
        send(("report", each))


def _finished(
    requests: Sequence[BookRequest], executor: Executor | None, progress: Progress | None
) -> Iterator[tuple[int, Report]]:
    """The reports with their places in `requests`, as they are finished."""
    work = [at for at, request in enumerate(requests) if not request.is_settled]
    several = len(work) > 1
    # An unchanged book takes hardly any work; starting a process would take longer.
    unchanged = _unchanged(requests, work) if executor is None and several else {}
    work = [at for at in work if at not in unchanged]
    processes = min(requests[0].choices.jobs or _processes_that_pay(len(work)), len(work)) if work else 0
    if executor is not None:
        done = _by_executor(requests, work, executor)
    elif len(work) > 1 and processes > 1:
        done = _by_processes(requests, work, processes)
    else:
        done = _here(requests, work, None if several else progress)
    told = _told(chain(unchanged.items(), done), len(unchanged) + len(work), progress if several else None)
    settled = ((at, build_book(request)) for at, request in enumerate(requests) if request.is_settled)
    return chain(settled, told)


def _here(
    requests: Sequence[BookRequest], work: Sequence[int], progress: Progress | None
) -> Iterator[tuple[int, Report]]:
    """Builds books one after the other in this process."""
    for number, at in enumerate(work):
        if number == 1:  # a single book's worker does this beside the text, but each of several would do it again
            from chapbook.building.generated_pages import prepare_covers  # noqa: PLC0415 - unchanged books need none

            prepare_covers()
        yield at, build_book(requests[at], progress)


def _unchanged(requests: Sequence[BookRequest], work: Sequence[int]) -> dict[int, Report]:
    """The reports of unchanged books, by their index in `work`."""
    reports: dict[int, Report] = {}
    for at in work:
        request = requests[at]
        if request.output and request.output.exists() and not request.choices.force:
            begun = time.perf_counter()
            report = kept_report(request, state_of(request))
            if report is not None:
                reports[at] = replace(report, seconds=time.perf_counter() - begun)
    return reports


def _processes_that_pay(books: int) -> int:
    """The number of processors, if that is worth it; processes that can't be forked start slowly."""
    return available_processors() if may_fork() or books > _DEAR * available_processors() else 1


_DEAR = 3
"""Books for each process from which starting one without forking saves time."""


def _by_processes(requests: Sequence[BookRequest], work: Sequence[int], processes: int) -> Iterator[tuple[int, Report]]:
    """Builds the books with the indexes `work` in `requests`, each whole in one of `processes`."""
    alone = [_with_one_job(requests[at]) for at in work]
    with WorkerPool(processes, fork=may_fork()) as workers:
        for nth, report in workers.as_finished(build_book, alone):
            at = work[nth]
            yield at, _told_of(report, requests[at]) if isinstance(report, Lost) else report


def _told_of(lost: Lost, request: BookRequest) -> Report:
    """The report for a book whose worker died. Builds it again here to find a chapter that ran too long."""
    if lost.overdue:
        return build_book(_with_one_job(request))
    return _lost(request, "the worker process crashed twice while building this book")


def _by_executor(
    requests: Sequence[BookRequest], work: Sequence[int], executor: Executor
) -> Iterator[tuple[int, Report]]:
    """Like `_by_processes`, but with `executor`. If that breaks, builds the rest here, in processes."""
    from concurrent.futures import BrokenExecutor, CancelledError, as_completed  # noqa: PLC0415 - heavy, and seldom used

    from chapbook.series.dask_cluster import as_seen_from_here  # noqa: PLC0415 - as above

    futures: dict[Future[Report], int] = {}
    broken: list[int] = []
    for nth, at in enumerate(work):
        try:
            futures[executor.submit(build_book, _with_one_job(requests[at]))] = at
        except BrokenExecutor:
            broken.extend(work[nth:])
            break
    try:
        for future in as_completed(futures):
            at = futures[future]
            try:
                yield at, as_seen_from_here(requests[at], future.result())
            except BrokenExecutor:
                broken.append(at)
            except (Exception, CancelledError) as error:  # noqa: BLE001 - a cluster has errors of its own for a lost worker
                yield at, _lost(requests[at], f"the book's worker was lost: {str(error) or type(error).__name__}")
    finally:
        for future in futures:
            future.cancel()
    if broken:
        yield from _by_processes(requests, sorted(broken), available_processors())


def _with_one_job(request: BookRequest) -> BookRequest:
    """The request for a worker: processes are used for whole books."""
    return replace(request, choices=replace(request.choices, jobs=1))


def _lost(request: BookRequest, message: str) -> Report:
    fault = Diagnostic.of(
        "worker-lost", message, hint="perhaps the system ran out of memory: build with fewer jobs (-j)"
    )
    return Report(source=request.source, diagnostics=(*request.said, fault), strict=request.choices.strict)


def _told(done: Iterator[tuple[int, Report]], books: int, progress: Progress | None) -> Iterator[tuple[int, Report]]:
    for count, finished in enumerate(done, 1):
        if progress:
            progress("books", count, books)
        yield finished


def _in_order(finished: Iterable[tuple[int, Report]]) -> Iterator[Report]:
    """The reports in order, each as soon as all before it are finished."""
    waiting: dict[int, Report] = {}
    at = 0
    for place, report in finished:
        waiting[place] = report
        while at in waiting:
            yield waiting.pop(at)
            at += 1


def build_book(request: BookRequest, progress: Progress | None = None) -> Report:
    """Builds or checks one book, unless nothing has changed since it was last built.

    All content errors are in the report; none is raised.
    """
    if request.is_settled:
        return said_before(request)
    begun = time.perf_counter()
    state = state_of(request)
    report = None if request.choices.force else kept_report(request, state)
    if report is None:
        # An unchanged book needs none of the libraries.
        from chapbook.series.one_book import build_one  # noqa: PLC0415 - see above

        report, is_the_same = build_one(request, progress)
        if is_the_same:
            keep_report(request, state, report)
    return replace(report, seconds=time.perf_counter() - begun)
