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
    wrong = {each.line for each in fields.diagnostics}
    missing = [
        key
        for key in ("title", "language")
        if not fields.values.get(key) and not ((at := fields.positions.get(key)) and at.line in wrong)
    ]
    said = [_default(fields, "title", "title-missing", f"the book has no title; '{title}' is taken", title)]
    guess = guess_language(texts) if "language" in missing else None
    language = guess.languages[0] if guess and len(guess.languages) == 1 else "en"
    message = f"the book has no language; '{language}' is taken"
    if guess and language == "en":
        choice = " or ".join(f"'{each}'" for each in guess.languages)
        message = f"the book has no language; 'en' is taken, and its text in {guess.script} script is likely {choice}"
        said.append(_default(fields, "language", "language-missing", message, guess.languages[0]))
    else:
        because = f", the language of its script ({guess.script})" if guess else ""
        said.append(_default(fields, "language", "language-missing", message + because, language))
    told = [each for key, each in zip(("title", "language"), said, strict=True) if key in missing]
    own = str(fields.values.get("language", ""))
    if own and not is_written_in(own, texts):
        hint = "correct the language, which hyphenation, quotation marks and voices go by"
        text = f"the book's language is '{own}', and its text is in another script"
        told.append(
            Diagnostic.of("language-script", text, path=fields.source, at=fields.positions.get("language"), hint=hint)
        )
    return (
        replace(fields, values={**fields.values, "language": language}) if guess and language != "en" else fields
    ), told


def _default(fields: BookFields, key: str, code: str, message: str, value: str) -> Diagnostic:
    hint = f"write '{key}: {value}' into {fields.source}"
    return Diagnostic.of(code, message, path=fields.source, at=fields.positions.get(key), hint=hint)
