"""What a book has where its book.yaml says nothing: what the author's own tool says, the folder's name, a language."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from chapbook.keys.settings import BookFields
from chapbook.model.diagnostics import Diagnostic
from chapbook.reading.navigation import Project
from chapbook.reading.scripts import guess_language, is_written_in

__all__ = ["with_defaults", "with_project"]


def with_project(fields: BookFields, project: Project, *, is_ordered: bool) -> BookFields:
    """The fields with those that the author's own tool has and book.yaml lacks, and a note of what comes from there."""
    taken = {name: value for name, value in project.values.items() if not fields.values.get(name)}
    told = [f"the order is that of '{project.file}'"] if is_ordered else []
    told += [f"{', '.join(sorted(taken))} come from '{project.settings_file}'"] if taken else []
    if not told:
        return fields
    path = project.file if is_ordered else project.settings_file
    hint = "write book.yaml, and 'weight' into the chapters, to have it otherwise"
    note = Diagnostic.of("navigation", " and ".join(told), path=path, hint=hint)
    return replace(fields, values={**taken, **fields.values}, diagnostics=(*fields.diagnostics, note))


def with_defaults(fields: BookFields, title: str, texts: Sequence[str]) -> tuple[BookFields, list[Diagnostic]]:
    """The fields with the language of the `texts`' script where they say none, and what is said of defaults.

    Nothing is said where nothing could be read.
    """
    if fields.unread:
        return fields, []
    said: list[Diagnostic] = []
    if _is_missing(fields, "title"):
        said.append(_default(fields, "title", f"the book has no title; '{title}' is taken", title))
    if not _is_missing(fields, "language"):
        language = str(fields.values.get("language", ""))
        fits = not language or is_written_in(language, texts)
        return fields, said if fits else [*said, _other_script(fields, language)]
    guess = guess_language(texts)
    if guess is None:
        return fields, [*said, _default(fields, "language", "the book has no language; 'en' is taken", "en")]
    likely = guess.languages[0]
    if len(guess.languages) > 1:
        choice = f"{', '.join(guess.languages[:-1])} or {guess.languages[-1]}"
        message = f"the book has no language, so chapbook uses 'en'; its {guess.script} script is that of {choice}"
        return fields, [*said, _default(fields, "language", message, likely)]
    message = f"the book has no language, so chapbook uses '{likely}', that of its script ({guess.script})"
    said.append(_default(fields, "language", message, likely))
    return replace(fields, values={**fields.values, "language": likely}), said


def _is_missing(fields: BookFields, key: str) -> bool:
    """Whether nothing says it; what is wrong has its message already."""
    at = fields.positions.get(key)
    return not fields.values.get(key) and not (at and any(each.line == at.line for each in fields.diagnostics))


def _other_script(fields: BookFields, language: str) -> Diagnostic:
    return Diagnostic.of(
        "language-script",
        f"the book's language is '{language}', and its text is in another script",
        path=fields.source,
        at=fields.positions.get("language"),
        hint="correct the language: hyphenation, quotation marks and voices go by it",
    )


def _default(fields: BookFields, key: str, message: str, value: str) -> Diagnostic:
    hint = f"write '{key}: {value}' into {fields.source}"
    return Diagnostic.of(f"{key}-missing", message, path=fields.source, at=fields.positions.get(key), hint=hint)
