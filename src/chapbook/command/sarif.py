"""The report of a check as SARIF 2.1.0, which GitHub's code scanning and editors read (OASIS Standard, 2020)."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chapbook._version import __version__
from chapbook.command.console import base_of, in_repository, shown_path
from chapbook.model.codes import CODES, Severity
from chapbook.model.diagnostics import Diagnostic, Report
from chapbook.model.xml_text import printable

__all__ = ["sarif_document"]

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


def sarif_document(reports: Sequence[Report], given: Collection[str] = ()) -> str:
    """All `reports` as one run of a SARIF log. Messages that book.yaml ignores are in it as suppressed ones."""
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
