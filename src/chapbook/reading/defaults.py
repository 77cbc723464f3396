"""Defaults for what book.yaml doesn't set: from the author's own tool, the folder's name, or the text's language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from chapbook.keys.settings import BookFields
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.settings import ContentFile
from chapbook.reading.navigation import plain_title
from chapbook.reading.project_files import Project
from chapbook.reading.scripts import guess_language, is_written_in

__all__ = ["is_readme", "with_cover", "with_defaults", "with_project", "with_readme"]


def with_project(fields: BookFields, project: Project, *, order: str) -> BookFields:
    """The fields, with what book.yaml lacks taken from the author's tool, and a note that says so.

    `order` is the source of the order; empty for chapbook's own rule.
    """
    taken = {name: value for name, value in project.values.items() if not fields.values.get(name)}
    told = [f"the order comes from '{order}'"] if order else []
    verb = "comes" if len(taken) == 1 else "come"
    told += [f"{_joined(sorted(taken))} {verb} from '{project.settings_file}'"] if taken else []
    values = {**taken, **fields.values}
    if project.syntax and "syntax" not in values:
        values["syntax"] = project.syntax
        if "hugo" not in project.syntax:  # its shortcodes are always read
            told.append(f"chapters may use the syntax of {_joined(project.syntax)}")
    if project.dialect and "dialect" not in values:
        values["dialect"] = project.dialect
        told.append(f"chapters are read in the dialect '{project.dialect}', as that tool reads them")
    addresses = tuple(each for each in project.addresses if "://" in each)
    if addresses:
        own = values.get("link_prefix") or ()
        values["link_prefix"] = (*own, *addresses)  # type: ignore[misc]  # a tuple
    if not told:
        return replace(fields, values=values)
    hint = "to change this, use 'order', 'title', 'authors', 'language', 'syntax' or 'dialect' in book.yaml"
    path = project.file or project.settings_file or fields.source
    note = Diagnostic.of("navigation", "; ".join(told), path=path, hint=hint)
    return replace(fields, values=values, diagnostics=(*fields.diagnostics, note))


def _joined(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


_README = re.compile(r"readme(?:\.md|\.markdown)?\Z", re.IGNORECASE)
_HEADING = re.compile(r"^(?:#[ \t]+(\S[^\n]*?)[ \t]*#*|(\S[^\n]*)\n=+)[ \t]*$", re.MULTILINE)
_MARKUP = re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])|<[^<>\n]*>|:[a-z0-9_+-]+:|\[\]\([^)\n]*\)", re.ASCII)
_LINK = re.compile(r"\[([^\]\n]+)\](?:\([^)\n]*\)|\[[^\]\n]*\])")


def is_readme(name: str) -> bool:
    """Whether a file at the root describes the repository."""
    return _README.match(name) is not None


def with_readme(fields: BookFields, texts: Mapping[str, str]) -> BookFields:
    """The fields, with the first heading of one of the READMEs `texts` (by name) as the title."""
    for name, text in texts.items():
        heading = _HEADING.search(text)
        words = _LINK.sub(r"\1", _MARKUP.sub("", _MARKUP.sub("", heading[1] or heading[2]))) if heading else ""
        title = " ".join(plain_title(words).split())
        if title:
            hint = "add 'title: …' to book.yaml to change it"
            note = Diagnostic.of(
                "navigation", f"chapbook takes the title from the heading of '{name}'", path=name, hint=hint
            )
            values = {**fields.values, "title": title}
            return replace(fields, values=values, diagnostics=(*fields.diagnostics, note))
    return fields


_COVERS = ("cover.jpg", "cover.jpeg", "cover.png")


def with_cover(fields: BookFields, project: Project, paths: Collection[str]) -> BookFields:
    """The fields, with a cover found beside the book if no setting names one.

    That is a ``cover.jpg``, ``cover.jpeg`` or ``cover.png``, in this order and in either case, in the folder of the
    `project`'s pages, at the root, or in Hugo's ``static``, whose files are at the root of its site. `paths` are all
    files of the content folder.
    """
    if not _is_missing(fields, "cover"):
        return fields
    lower = {path.lower(): path for path in sorted(paths, reverse=True)}  # of two names that differ in case, the first
    folders = (project.folder, "", *(("static",) if "hugo" in project.syntax else ()))
    named = (f"{folder}/{name}".lstrip("/").lower() for folder in folders for name in _COVERS)
    cover = next((lower[name] for name in named if name in lower), None)
    if cover is None:
        return fields
    positions = {key: at for key, at in fields.positions.items() if key != "cover"}  # an empty one names nothing
    return replace(fields, values={**fields.values, "cover": ContentFile(cover)}, positions=positions)


def with_defaults(fields: BookFields, title: str, texts: Sequence[str]) -> tuple[BookFields, list[Diagnostic]]:
    """The fields, with the language of the `texts`' script if none is set, and diagnostics about defaults.

    There are no diagnostics if nothing could be read.
    """
    if fields.unread:
        return fields, []
    said: list[Diagnostic] = []
    if _is_missing(fields, "title"):
        said.append(
            _default(fields, "title", f"the book has no title, so chapbook uses the folder's name, '{title}'", title)
        )
    if not _is_missing(fields, "language"):
        language = str(fields.values.get("language", ""))
        fits = not language or is_written_in(language, texts)
        return fields, said if fits else [*said, _other_script(fields, language)]
    guess = guess_language(texts)
    if guess is None:
        return fields, [*said, _default(fields, "language", "no language is set, so chapbook assumes English", "en")]
    likely = guess.languages[0]
    if len(guess.languages) > 1:
        choice = f"{', '.join(guess.languages[:-1])} or {guess.languages[-1]}"
        message = f"the book has no language, so chapbook uses 'en'; its {guess.script} script is that of {choice}"
        return fields, [*said, _default(fields, "language", message, likely)]
    message = f"no language is set, so chapbook assumes '{likely}' from its script ({guess.script})"
    said.append(_default(fields, "language", message, likely))
    return replace(fields, values={**fields.values, "language": likely}), said


def _is_missing(fields: BookFields, key: str) -> bool:
    """Whether the key isn't set; a wrong value has its own message already."""
    at = fields.positions.get(key)
    return not fields.values.get(key) and not (at and any(each.line == at.line for each in fields.diagnostics))


def _other_script(fields: BookFields, language: str) -> Diagnostic:
    return Diagnostic.of(
        "language-script",
        f"the book's language is '{language}', and its text is in another script",
        path=fields.source,
        at=fields.positions.get("language"),
        hint="correct the language: it decides hyphenation, quotation marks and voices",
    )


def _default(fields: BookFields, key: str, message: str, value: str) -> Diagnostic:
    hint = f"add '{key}: {value}' to {fields.source}"
    return Diagnostic.of(f"{key}-missing", message, path=fields.source, at=fields.positions.get(key), hint=hint)
