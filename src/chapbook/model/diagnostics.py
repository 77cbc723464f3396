"""Problems of a book as values: created where a problem is seen, collected, and shown once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from chapbook.model.accessibility import AccessibilityReport
from chapbook.model.codes import CODES, Severity
from chapbook.model.value import Value
from chapbook.model.xml_text import printable, single_spaced

__all__ = [
    "Changes",
    "ChapbookError",
    "Diagnostic",
    "Edit",
    "FieldTypeError",
    "FieldValueError",
    "IgnoredMessage",
    "ListedDocument",
    "MetadataEntry",
    "Position",
    "Report",
    "Severity",
    "has_errors",
    "most_of",
    "sifted",
]


def _on_one_line(text: str) -> str:
    return single_spaced(text) if "\n" in text or "\r" in text else text


class Position(Value, frozen=True, order=True):
    """A place in a text file: 1-based line and column (in characters), front matter included."""

    line: int
    column: int = 1


class Edit(Value, frozen=True):
    """A change to a text file: at a place, `old` becomes `new`. Line ends are line feeds in both."""

    at: Position
    old: str
    new: str


class Diagnostic(Value, frozen=True, kw_only=True):
    """One message to the author.

    ``path`` is relative to the content folder, with slashes; a file from outside the folder is shown as it was given,
    and ``None`` means a chapter made in Python (see `chapter`) or the book as a whole. ``line`` and ``column`` are
    1-based over the whole file, or over such a chapter's text. ``message`` is lower case without a full stop; ``hint``
    says what to do.
    """

    severity: Severity
    code: str
    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    chapter: str | None = None
    """For a chapter made in Python, its name in links and in the book (``the-long-way``)."""
    chapter_title: str | None = None
    """The title of that chapter."""
    trace: str | None = None
    """Python's traceback, if code failed."""
    fix: tuple[Edit, ...] = ()
    """What puts the file right, where only one thing can be meant."""

    @classmethod
    def of(
        cls,
        code: str,
        message: str,
        *,
        path: str | None = None,
        at: Position | None = None,
        hint: str | None = None,
        fix: tuple[Edit, ...] = (),
    ) -> Diagnostic:
        """Makes the diagnostic of `code`, with the severity that the table gives it.

        `message` and `hint` stay on one line: the author's words in them may have line ends.
        """
        return cls(
            severity=CODES[code].severity,
            code=code,
            message=_on_one_line(message),
            path=path or None,
            line=at.line if at else None,
            column=at.column if at else None,
            hint=hint and _on_one_line(hint),
            fix=fix,
        )

    def __str__(self) -> str:
        """``PATH:LINE:COLUMN: warning: words [code]``; a chapter made in Python has the path ``<chapter 'Title'>``."""
        place = self._place()
        words = f"{self.severity}: {self.message} [{self.code}]"
        return printable(f"{place}: {words}" if place else words)

    def _place(self) -> str:
        where = self.path or (f"<chapter '{self.chapter_title}'>" if self.chapter is not None else None)
        parts = (where, self.line, self.column)
        return ":".join(str(part) for part in parts if part is not None)

    def in_file(self, path: str) -> Diagnostic:
        """The same diagnostic with `path`, if it has none yet (callers add context as an error passes up)."""
        return self if self.path is not None else replace(self, path=path)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of `diagnostics` is an error."""
    return any(each.severity is Severity.ERROR for each in diagnostics)


class IgnoredMessage(Value, frozen=True, kw_only=True):
    """A warning or note that isn't reported, since the author or the user has said so."""

    diagnostic: Diagnostic
    reason: str = ""
    """The reason in book.yaml; empty where an option says it."""


def sifted(
    said: Iterable[Diagnostic], messages: Mapping[str, str]
) -> tuple[tuple[Diagnostic, ...], tuple[IgnoredMessage, ...]]:
    """What of `said` is reported, and what isn't: warnings and notes whose codes `messages` has. Errors always are."""
    kept, ignored = [], []
    for each in said:
        if each.severity is not Severity.ERROR and each.code in messages:
            ignored.append(IgnoredMessage(diagnostic=each, reason=messages[each.code]))
        else:
            kept.append(each)
    return tuple(kept), tuple(ignored)


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
    """The base class of all errors that chapbook raises; its diagnostics say what is wrong."""

    def __init__(self, *diagnostics: Diagnostic, report: Report | None = None) -> None:
        super().__init__(*diagnostics)
        self.diagnostics: tuple[Diagnostic, ...] = diagnostics
        self.report = report
        """The whole report, with warnings and notes; ``None`` if the book wasn't built."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class FieldTypeError(ChapbookError, TypeError):
    """Raised if Python code gives an attribute or argument a value of the wrong type."""


class FieldValueError(ChapbookError, ValueError):
    """Raised if Python code gives an attribute or argument a value of the right type that isn't allowed."""


class Changes(Value, frozen=True, kw_only=True):
    """The chapters that differ from those in the previous file, by their names in the publication."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    """Chapters whose order changed; as few as explain the difference."""
    removed: tuple[str, ...] = ()


class MetadataEntry(Value, frozen=True, kw_only=True):
    """One statement of the package document about the book (EPUB 3.3, section 5.5)."""

    name: str
    """With its prefix: ``dc:title``, ``schema:accessMode``, ``title-type`` of a refinement."""
    value: str
    language: str = ""
    """The BCP 47 tag of the value, if it has one."""
    refinements: tuple[MetadataEntry, ...] = ()
    """Statements that refine this one."""


class ListedDocument(Value, frozen=True, kw_only=True):
    """A chapter, or the opening of a part, in the order of the book."""

    title: str
    path: str = ""
    """Its file in the content folder; empty for one made in Python."""


class Report(Value, frozen=True, kw_only=True):
    """The result of one build or check."""

    source: str
    """The content folder or file as given; the title for a book made in Python."""
    output: Path | None = None
    """The file that was written; ``None`` if nothing was, or if it went to a file object."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """In the order of the book."""
    ignored: tuple[IgnoredMessage, ...] = ()
    """What isn't among the diagnostics because it is ignored, in the order of the book."""
    strict: bool = False
    """Whether warnings count as errors."""
    title: str = ""
    """The book's; empty where it could not be read."""
    chapters: int = 0
    """How many chapters were rendered, without part openings."""
    order: tuple[ListedDocument, ...] = ()
    """The chapters and openings of parts that were rendered, in the book's order."""
    words: int = 0
    """The words in all chapters and openings."""
    minutes: int = 0
    """The reading time: 230 words a minute, or 500 Chinese and Japanese characters."""
    identifier: str = ""
    """The publication's identifier as a URI; empty for a book with errors, like the next two."""
    series: str = ""
    """The name of its series."""
    place: str = ""
    """Its position in the series: ``2``."""
    size: int = 0
    """The size of the written file in bytes."""
    changes: Changes | None = None
    """The differences from the previous file; ``None`` if there was none, or none was written."""
    unchanged: bool = False
    """Whether the old file had the same bytes and was left untouched, with its time."""
    accessibility: AccessibilityReport | None = None
    """The book's accessibility claims and the reasons; ``None`` for a book with errors."""
    metadata: tuple[MetadataEntry, ...] = ()
    """All metadata in the package document, in order; empty for a book with errors."""
    seconds: float = 0.0
    """The elapsed time; ignored when reports are compared."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(each for each in self.diagnostics if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(each for each in self.diagnostics if each.severity is Severity.WARNING)

    @property
    def ok(self) -> bool:
        """Whether the book can be written: it has no errors and, with `strict`, no warnings."""
        return not (self.errors or (self.strict and self.warnings))

    def raise_for_errors(self) -> None:
        """Raises ChapbookError with this report and its errors, unless the report is `ok`."""
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
