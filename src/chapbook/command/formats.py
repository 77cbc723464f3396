"""What `check` prints for other programs: GitHub's annotations and JUnit's XML here, SARIF and Markdown beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from lxml import etree
from msgspec.structs import replace

from chapbook.command.console import base_of, in_repository, shown_path
from chapbook.command.markdown_report import markdown_report, without_notes
from chapbook.command.sarif import sarif_document
from chapbook.model.codes import Severity
from chapbook.model.diagnostics import Diagnostic, Report
from chapbook.model.xml_text import printable

__all__ = ["document_of", "github_lines", "junit_document"]


def document_of(
    form: str, reports: Sequence[Report], *, quiet: bool, ungrouped: bool, given: Collection[str] = ()
) -> str:
    """All `reports` as one document: ``sarif``, ``junit`` or ``markdown``. `quiet` leaves the notes out.

    Of messages that repeat, Markdown has the first few unless they are to be `ungrouped`; the others have all.
    """
    if form == "markdown":
        return markdown_report(reports, given, quiet=quiet, ungrouped=ungrouped)
    if quiet:
        reports = [replace(each, diagnostics=without_notes(each)) for each in reports]
    if form == "sarif":
        return sarif_document(reports, given)
    return junit_document(reports, given)


_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def github_lines(report: Report, *, quiet: bool, given: Collection[str] = ()) -> Iterator[str]:
    """A report as workflow commands, a line each, by which GitHub shows every message beside its line.

    See "Workflow commands for GitHub Actions" in GitHub's documentation. Paths are those of the repository.
    """
    for each in report.diagnostics:
        if quiet and each.severity is Severity.NOTE:
            continue
        place: list[tuple[str, str | int | None]] = []
        if each.path:
            place = [("file", printable(in_repository(shown_path(each.path, base_of(report), given))))]
        place += [("line", each.line), ("col", each.column)] if each.path and each.line else []
        named = (*place, ("title", f"chapbook: {each.code}"))
        said = ",".join(f"{name}={_property(str(value))}" for name, value in named if value is not None)
        words = each.message if each.path else f"{report.source}: {each.message}"
        hint = f"\nhint: {printable(each.hint)}" if each.hint else ""
        yield f"::{_LEVELS[each.severity]} {said}::{_data(printable(words) + hint)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def junit_document(reports: Sequence[Report], given: Collection[str] = ()) -> str:
    """The reports in the form of JUnit's XML that Jenkins and GitLab read: a suite for each book, a case for a message.

    A message that stops the book is a failure. Others are cases that pass, with their words as the output.
    """
    suites = etree.Element("testsuites", name="chapbook")
    for report in reports:
        _suite(suites, report, given)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + etree.tostring(suites, encoding="unicode", pretty_print=True)


def _suite(suites: etree._Element, report: Report, given: Collection[str]) -> None:
    name = printable(report.title or report.source)
    stopping = {Severity.ERROR, Severity.WARNING} if report.strict else {Severity.ERROR}
    said = report.diagnostics
    suite = etree.SubElement(
        suites,
        "testsuite",
        name=name,
        tests=str(len(said) or 1),
        failures=str(sum(each.severity in stopping for each in said)),
        errors="0",
        skipped="0",
        time=f"{report.seconds:.3f}",
    )
    if not said:
        etree.SubElement(suite, "testcase", classname=name, name="no problems", time="0")
    for each in said:
        place, words = _place(each, report, given), printable(each.message)
        label = f"{place}: {words} [{each.code}]"
        case = etree.SubElement(suite, "testcase", classname=name, name=label, time="0")
        output = f"{place}: {each.severity}: {words} [{each.code}]"
        output += f"\nhint: {printable(each.hint)}" if each.hint else ""
        if each.severity in stopping:
            etree.SubElement(case, "failure", message=words, type=each.code).text = output
        else:
            etree.SubElement(case, "system-out").text = output


def _place(each: Diagnostic, report: Report, given: Collection[str]) -> str:
    base = base_of(report)
    file = in_repository(base if each.path is None else shown_path(each.path, base, given))
    return ":".join(str(part) for part in (printable(file), each.line, each.column) if part is not None)
