"""`check BOOK.epub`: EPUBs by any maker, checked and printed as content folders are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from chapbook.checking.epub import check_epub
from chapbook.command.running import RunOptions, show_reports
from chapbook.model.diagnostics import Report, sifted
from chapbook.series.requests import unwanted

if TYPE_CHECKING:
    from chapbook.series.planning import Choices

__all__ = ["check_epubs", "epubs_of"]


def epubs_of(sources: Sequence[Path], source: Path | None) -> tuple[Path, ...]:
    """The EPUBs among the `sources`; raises UsageError where other sources stand beside them.

    `source` is that of `--source`, which is of use for one EPUB only.
    """
    epubs = tuple(each for each in sources if each.suffix.lower() == ".epub" and each.is_file())
    if epubs and len(epubs) < len(sources):
        raise click.UsageError("check EPUBs and content folders in two runs")
    if source is not None and len(epubs) != 1:
        raise click.UsageError("--source names the source of one EPUB: chapbook check book.epub --source my-book")
    return epubs


def check_epubs(epubs: Sequence[Path], source: Path | None, choices: Choices, options: RunOptions) -> int:
    """Checks EPUBs, prints what is wrong with them, and gives the exit code as `run` does."""

    def reports() -> Iterator[Report]:
        for epub in epubs:
            report = check_epub(epub, source=None if source is None else str(source), strict=choices.strict)
            said, ignored = sifted(report.diagnostics, unwanted(choices))
            yield replace(report, diagnostics=said, ignored=ignored)

    return show_reports(reports(), len(epubs), options)
