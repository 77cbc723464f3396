"""The command `diff`: how two editions of a book differ, as lines for a person or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from chapbook.command.options import JSON, READING, choosing
from chapbook.command.printing import (
    book_file,
    book_file_json,
    counted,
    diagnostic_json,
    print_diagnostics,
    print_error,
    print_json,
    wants_colour,
)
from chapbook.model.diagnostics import ChapbookError
from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from chapbook.inspecting.changes import ChapterChange, Comparison, FileChange, ValueChange
    from chapbook.inspecting.text import Passage
    from chapbook.series.requests import Choices

__all__ = ["diff"]


@click.command()
@click.argument("old", metavar="OLD", type=click.Path(exists=True, path_type=Path))
@click.argument("new", metavar="NEW", type=click.Path(exists=True, path_type=Path))
@click.option("--words", "shows_words", is_flag=True, help="Show the words that changed, with some around them.")
@JSON
@choosing(*READING)
def diff(old: Path, new: Path, *, choices: Choices, shows_words: bool, as_json: bool) -> int:
    """Compare two editions of a book.

    OLD and NEW are content folders, Markdown files or EPUBs. chapbook compares what readers get: chapters, words,
    metadata, pictures, cover and style. The exit code is 0 if nothing differs, 1 if something does, and 2 if a book
    can't be read or built.
    """
    from chapbook.inspecting.comparing import compare_books  # noqa: PLC0415 - see cli

    try:
        found = compare_books(old, new, choices=choices)
    except ChapbookError as error:
        print_error(error)
        return 2
    print_diagnostics(found.diagnostics, "chapbook")
    if as_json:
        print_json(_json(found, shows_words=shows_words))
    else:
        lines = _comparison(found, shows_words=shows_words, colour=wants_colour(sys.stdout))
        sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0 if found.same else 1


_GONE, _COME, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_WORD = 8
"""Columns for `changed` and its like."""


def _comparison(found: Comparison, *, shows_words: bool, colour: bool) -> Iterator[str]:
    """The lines to print. Control characters are shown as escapes; of a terminal's own there are only colours."""
    if found.same:
        yield printable(f"no difference between '{found.before}' and '{found.after}'")
        return
    yield printable(f"from '{found.before}' to '{found.after}'")
    yield from _headed("metadata", map(_value, found.metadata))
    yield from _headed("chapters", (line for each in found.chapters for line in _chapter(each, shows_words, colour)))
    yield from _headed("cover", [_file(found.cover)] if found.cover else [])
    for head, kind in _KINDS:
        yield from _headed(head, (_file(each) for each in found.files if each.kind == kind))
    yield from _headed("style", map(_value, found.style))


_KINDS = (
    ("pictures", "picture"),
    ("recordings", "recording"),
    ("style sheets", "style sheet"),
    ("fonts", "font"),
    ("other files", "file"),
)


def _headed(head: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines below what they are about; nothing where there are none."""
    listed = list(lines)
    if listed:
        yield f"{head}:"
        yield from (f"  {line}" for line in listed)


def _value(change: ValueChange) -> str:
    before, after = (f"'{each}'" if each else "nothing" for each in (change.before, change.after))
    return printable(f"{change.name}: {before} → {after}")


def _chapter(change: ChapterChange, shows_words: bool, colour: bool) -> Iterator[str]:  # noqa: FBT001 - private
    count = f" ({counted(change.words, 'word')})" if change.change != "changed" else ""
    yield printable(f"{change.change:{_WORD}} {change.name or change.title}: {change.title}{count}")
    indented = " " * (_WORD + 1)
    yield from (printable(f"{indented}{line}") for line in _details(change))
    if shows_words:
        yield from (f"{indented}{_passage(each, colour=colour)}" for each in change.passages)


def _details(change: ChapterChange) -> Iterator[str]:
    """What changed in a chapter, a line each matter."""
    if change.old_name:
        yield f"renamed: '{change.old_name}' → '{change.name}'"
    if change.old_title:
        yield f"title: '{change.old_title}' → '{change.title}'"
    if change.moved:
        yield f"moved: now after '{change.follows}'" if change.follows else "moved: now the first"
    numbers = (
        (change.words_added, "word", "added"),
        (change.words_removed, "word", "removed"),
        (change.notes_added, "note", "added"),
        (change.notes_removed, "note", "removed"),
        (change.links, "link", "changed"),
        (change.descriptions, "picture", "described in other words"),
        (change.formatting, "place", "formatted in another way"),
    )
    told = [f"{counted(number, noun)} {what}" for number, noun, what in numbers if number]
    if told:
        yield ", ".join(told)
    for what, names in (("added", change.pictures_added), ("removed", change.pictures_removed)):
        if names:
            yield f"pictures {what}: {', '.join(names)}"
    yield from map(_value, change.values)


def _passage(passage: Passage, *, colour: bool) -> str:
    """The words of a place that differs: ``the old [-quay-] {+pier+} was``."""
    marks = ((_GONE, _PLAIN), (_COME, _PLAIN)) if colour else (("[-", "-]"), ("{+", "+}"))
    changed = zip((passage.removed, passage.added), marks, strict=True)
    shown = (f"{begin}{printable(text)}{end}" if text else "" for text, (begin, end) in changed)
    return " ".join(filter(None, (printable(passage.before), *shown, printable(passage.after))))


def _file(change: FileChange) -> str:
    before, after = change.before, change.after
    if change.change == "renamed" and before:
        return printable(f"{'renamed':{_WORD}} '{before.name}' → '{change.name}'")
    sizes = [book_file(each) for each in (before, after) if each]
    told = sizes[0] if len(set(sizes)) == 1 else " → ".join(sizes)
    return printable(f"{change.change:{_WORD}} {change.name} ({told})")


def _json(found: Comparison, *, shows_words: bool) -> dict[str, Any]:
    """The same as a JSON document; the passages where `shows_words`."""
    chapters: list[dict[str, Any]] = to_builtins(found.chapters)
    if not shows_words:
        for each in chapters:
            del each["passages"]
    return {
        "before": found.before,
        "after": found.after,
        "same": found.same,
        "metadata": to_builtins(found.metadata),
        "chapters": chapters,
        "cover": _file_json(found.cover) if found.cover else None,
        "files": [_file_json(each) for each in found.files],
        "style": to_builtins(found.style),
        "diagnostics": [diagnostic_json(each) for each in found.diagnostics],
    }


def _file_json(change: FileChange) -> dict[str, Any]:
    before, after = (book_file_json(each) if each else None for each in (change.before, change.after))
    return {"change": change.change, "kind": change.kind, "name": change.name, "before": before, "after": after}
