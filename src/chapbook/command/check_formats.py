"""What `check` prints for other programs: GitHub's annotations, JUnit's XML, SARIF; and Markdown, made beside it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lxml import etree

from chapbook._version import __version__
from chapbook.command.markdown_report import in_repository, markdown_report, place_in_repository, without_notes
from chapbook.command.printing import base_of, shown_path
from chapbook.model.codes import CODES, Severity
from chapbook.model.diagnostics import Diagnostic, Report
from chapbook.model.xml_text import printable

__all__ = ["document_of", "github_lines"]


def document_of(
    form: str, reports: Sequence[Report], *, quiet: bool, ungrouped: bool, given: Collection[str] = ()
) -> str:
    """All `reports` as one document: ``sarif``, ``junit`` or ``markdown``. `quiet` leaves the notes out.

    Of messages that repeat, Markdown has the first few unless they are to be `ungrouped`; the others have all.
    """
    if form == "markdown":
        return markdown_report(reports, given, quiet=quiet, ungrouped=ungrouped)
    if quiet:
        reports = [each.replace(diagnostics=without_notes(each)) for each in reports]
    if form == "sarif":
        return _sarif_document(reports, given)
    return _junit_document(reports, given)


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


def _junit_document(reports: Sequence[Report], given: Collection[str]) -> str:
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
        place, words = printable(place_in_repository(each, report, given)), printable(each.message)
        label = f"{place}: {words} [{each.code}]"
        case = etree.SubElement(suite, "testcase", classname=name, name=label, time="0")
        output = f"{place}: {each.severity}: {words} [{each.code}]"
        output += f"\nhint: {printable(each.hint)}" if each.hint else ""
        if each.severity in stopping:
            etree.SubElement(case, "failure", message=words, type=each.code).text = output
        else:
            etree.SubElement(case, "system-out").text = output


_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
"""The name of the folder that paths count from: where the repository was checked out (SARIF 2.1.0, section 3.14.14)."""
_WEIGHS = {
    Severity.ERROR: "chapbook doesn't build the book until this is dealt with.",
    Severity.WARNING: "chapbook builds the book, unless it is told to be strict.",
    Severity.NOTE: "chapbook did this on purpose, and builds the book.",
}
_LINE = re.compile(r"\b(lines?) \d+(?:(?:, | and )\d+)*")
"""Numbers of lines within a message, which move with the text."""


def _sarif_document(reports: Sequence[Report], given: Collection[str]) -> str:
    """All `reports` as one run of a log in SARIF 2.1.0, which GitHub's code scanning and editors read (OASIS, 2020).

    Messages that book.yaml ignores are in it as suppressed ones.
    """
    run = _Run(given)
    for report in reports:
        run.add(report)
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run.described(ok=all(each.ok for each in reports))]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


class _Run:
    """The results of one run of chapbook, and the rules that they belong to."""

    def __init__(self, given: Collection[str]) -> None:
        self._given = given
        self._rules: dict[str, int] = {}
        self._results: list[dict[str, Any]] = []
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def add(self, report: Report) -> None:
        """Adds what is said of one book."""
        self._results += [self._result(each, report) for each in report.diagnostics]
        for each in report.ignored:
            reason = {"justification": printable(each.reason)} if each.reason else {}
            suppression = {"kind": "external", "status": "accepted", **reason}
            self._results.append({**self._result(each.diagnostic, report), "suppressions": [suppression]})

    def described(self, *, ok: bool) -> dict[str, Any]:
        """The run as SARIF has it (section 3.14)."""
        driver = {"name": "chapbook", "semanticVersion": __version__, "rules": list(map(_rule, self._rules))}
        return {
            "tool": {"driver": driver},
            "invocations": [{"executionSuccessful": True, "exitCode": 0 if ok else 1}],
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
            "columnKind": "unicodeCodePoints",
            "results": self._results,
        }

    def _result(self, each: Diagnostic, report: Report) -> dict[str, Any]:
        base = base_of(report)
        file = in_repository(shown_path(each.path, base, self._given) if each.path else _of_book(base))
        words = printable(each.message) + (f"\nhint: {printable(each.hint)}" if each.hint else "")
        place: dict[str, Any] = {"artifactLocation": _artifact(file)}
        if each.path and each.line:
            place["region"] = {"startLine": each.line, **({"startColumn": each.column} if each.column else {})}
        return {
            "ruleId": each.code,
            "ruleIndex": self._rules.setdefault(each.code, len(self._rules)),
            "level": str(each.severity),
            "message": {"text": words},
            "locations": [{"physicalLocation": place}],
            "partialFingerprints": {"chapbookMessage/v1": self._fingerprint(each, file)},
        }

    def _fingerprint(self, each: Diagnostic, file: str) -> str:
        """What is the same for a message that only moved to another line; the nth of equal ones has its own."""
        said = (each.code, file, _LINE.sub(r"\1", each.message))
        self._seen[said] += 1
        return hashlib.sha256("\0".join((*said, str(self._seen[said]))).encode("utf-8", "replace")).hexdigest()[:32]


def _rule(code: str) -> dict[str, Any]:
    row = CODES[code]
    meaning = f"{row.meaning[0].upper()}{row.meaning[1:]}."
    more = f"'chapbook explain {code}' shows an example."
    return {
        "id": code,
        "shortDescription": {"text": meaning},
        "help": {"text": f"{meaning} {_WEIGHS[row.severity]} {more}"},
        "defaultConfiguration": {"level": str(row.severity)},
    }


def _of_book(base: str) -> str:
    """The file beside which a message about the whole book is shown: its settings, where it has any."""
    settings = os.path.join(base, "book.yaml")  # noqa: PTH118 - as the user wrote it
    return settings if os.path.isfile(settings) else base  # noqa: PTH113 - which raises nothing


def _artifact(file: str) -> dict[str, str]:
    """The address of a file, relative to the root; one outside of it has an absolute address (section 3.4.3)."""
    if file.startswith("../") or os.path.isabs(file):  # noqa: PTH117 - which raises nothing
        return {"uri": Path(os.path.abspath(file)).as_uri()}  # noqa: PTH100 - no link is followed
    return {"uri": quote(file.encode("utf-8", "surrogateescape"), safe="/"), "uriBaseId": _ROOT}
