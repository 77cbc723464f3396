"""What is wrong with a book, as values: made where a fault is seen, gathered, shown once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from chapbook.model.accessibility import AccessibilityReport
from chapbook.model.codes import CODES, Severity
from chapbook.model.value import Value
from chapbook.model.xml_text import printable

__all__ = [
    "Changes",
    "ChapbookError",
    "Diagnostic",
    "FieldTypeError",
    "FieldValueError",
    "MetadataEntry",
    "Position",
    "Report",
    "Severity",
    "has_errors",
    "most_of",
]


class Position(Value, frozen=True, order=True):
    """A place in a text file: 1-based line and column (in characters), front matter included."""

    line: int
    column: int = 1


class Diagnostic(Value, frozen=True, kw_only=True):
    """One message to the author.

    ``path`` is relative to the content folder, with slashes; a file given from outside it stands as it was
    given, and ``None`` means a chapter made in Python (see `chapter`) or the book as a whole. ``line`` and ``column``
    are 1-based over the whole file, or over such a chapter's text. ``message`` is lower case without a full stop;
    ``hint`` says the way out.
    """

    severity: Severity
    code: str
    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    chapter: str | None = None
    """Of a chapter made in Python, the name by which links and the book call it (``the-long-way``)."""
    chapter_title: str | None = None
    """The title of that chapter."""
    trace: str | None = None
    """Python's traceback, where code failed."""

    @classmethod
    def of(
        cls,
        code: str,
        message: str,
        *,
        path: str | None = None,
        at: Position | None = None,
        hint: str | None = None,
    ) -> Diagnostic:
        """Makes the diagnostic of `code`, with the severity that the table gives it."""
        return cls(
            severity=CODES[code].severity,
            code=code,
            message=message,
            path=path or None,
            line=at.line if at else None,
            column=at.column if at else None,
            hint=hint,
        )

    def __str__(self) -> str:
        """``PATH:LINE:COLUMN: warning: words [code]``; ``<chapter 'Title'>`` is the path of one made in Python."""
        place = self._place()
        words = f"{self.severity}: {self.message} [{self.code}]"
        return printable(f"{place}: {words}" if place else words)

    def _place(self) -> str:
        where = self.path or (f"<chapter '{self.chapter_title}'>" if self.chapter is not None else None)
        parts = (where, self.line, self.column)
        return ":".join(str(part) for part in parts if part is not None)

    def in_file(self, path: str) -> Diagnostic:
        """The same diagnostic with `path`, where it has none yet (context is added as a fault climbs)."""
        return self if self.path is not None else replace(self, path=path)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of `diagnostics` stops the book."""
    return any(each.severity is Severity.ERROR for each in diagnostics)


def most_of(said: Sequence[Diagnostic], most: int, of: str, path: str = "") -> tuple[Diagnostic, ...]:
    """All errors of `said`, `most` of the others, and a note that counts those left out; `of` says what they are about.

    A hostile chapter causes a message with every second letter.
    """
    over = sum(map(_may_be_left_out, said)) - most
    if over <= 0:
        return tuple(said)
    left, kept, last = most, list[Diagnostic](), said[0]
    for each in said:
        if left or not _may_be_left_out(each):
            left -= _may_be_left_out(each)
            kept.append(each)
            last = each
    at = Position(last.line, last.column or 1) if path and last.line else None
    message = f"chapbook left out {over:,} more warnings and notes about {of}"
    return (*kept, Diagnostic.of("messages-left-out", message, path=path, at=at, hint="correct these first"))


def _may_be_left_out(each: Diagnostic) -> bool:
    return each.severity is not Severity.ERROR and each.code != "messages-left-out"


class ChapbookError(Exception):
    """The root of every error that chapbook raises; carries the diagnostics that say what is wrong."""

    def __init__(self, *diagnostics: Diagnostic, report: Report | None = None) -> None:
        super().__init__(*diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = diagnostics
        self.report = report
        """All that was said of the book, warnings and notes too; ``None`` where it wasn't built."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class FieldTypeError(ChapbookError, TypeError):
    """Python code gave an attribute or argument a value of the wrong type."""


class FieldValueError(ChapbookError, ValueError):
    """Python code gave an attribute or argument a value of the right type that it doesn't take."""


class Changes(Value, frozen=True, kw_only=True):
    """The chapters that differ from those of the file that was there before, by their names in the publication."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    """Those that stand elsewhere in the order; as few as explain it."""
    removed: tuple[str, ...] = ()


class MetadataEntry(Value, frozen=True, kw_only=True):
    """One statement of the package document about the book (EPUB 3.3, section 5.5)."""

    name: str
    """With its prefix: ``dc:title``, ``schema:accessMode``, ``title-type`` of a refinement."""
    value: str
    language: str = ""
    """The BCP 47 tag of the value where it is marked with one."""
    refinements: tuple[MetadataEntry, ...] = ()
    """What is said of this statement."""


class Report(Value, frozen=True, kw_only=True):
    """What came of one build or check."""

    source: str
    """The content folder or file as it was given; the title for a book made in Python."""
    output: Path | None = None
    """The file that was written; ``None`` where nothing was, or where it went to a file object."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """In the order of the book."""
    strict: bool = False
    """Whether a warning counts as an error does."""
    title: str = ""
    """The book's; empty where it could not be read."""
    chapters: int = 0
    """How many chapters were rendered, the openings of parts not counted."""
    words: int = 0
    """Of the text of all chapters and openings."""
    minutes: int = 0
    """How long it takes to read: 230 words a minute, 500 characters of Chinese and Japanese."""
    identifier: str = ""
    """The publication's, as a URI; empty where the book has errors, as are the two that follow."""
    series: str = ""
    """The name of the series that it belongs to."""
    place: str = ""
    """Its place in the series: ``2``."""
    size: int = 0
    """Of the file that was written, in bytes."""
    changes: Changes | None = None
    """What differs from the book that was there before; ``None`` where there was none, or none was written."""
    unchanged: bool = False
    """Whether `output` had the same bytes before, and so was left as it was, with its time."""
    accessibility: AccessibilityReport | None = None
    """What the book claims of its accessibility and why; ``None`` where it has errors."""
    metadata: tuple[MetadataEntry, ...] = ()
    """All that the package document says of the book, in its order; empty where it has errors."""
    seconds: float = 0.0
    """How long it took, by the wall. It is told and nothing else."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(each for each in self.diagnostics if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(each for each in self.diagnostics if each.severity is Severity.WARNING)

    @property
    def ok(self) -> bool:
        """Whether nothing stops the book: no error, and no warning either where it is `strict`."""
        return not (self.errors or (self.strict and self.warnings))

    def raise_for_errors(self) -> None:
        """Raises ChapbookError, with this report and what stops the book, where the report isn't `ok`."""
        if not self.ok:
            raise ChapbookError(*self.errors, *(self.warnings if self.strict else ()), report=self)

    def _repr_html_(self) -> str:
        """What a notebook shows: whether the book is ok, and the messages, errors first."""
        from chapbook.model.notebook import Message, report_html  # noqa: PLC0415 - only a notebook asks

        ranks = list(Severity)
        ordered = sorted(self.diagnostics, key=lambda each: ranks.index(each.severity))
        rows = [
            Message(each.severity, each._place(), f"{each.message} [{each.code}]", each.hint or "")  # noqa: SLF001
            for each in ordered
        ]
        counts = {"error": len(self.errors), "warning": len(self.warnings), "chapter": self.chapters}
        facts = [f"{count:,} {name}{'s' * (count != 1)}" for name, count in counts.items() if count]
        facts += [str(self.output)] if self.output else []
        return report_html(self.title or self.source, "".join(f", {each}" for each in facts), ok=self.ok, messages=rows)
