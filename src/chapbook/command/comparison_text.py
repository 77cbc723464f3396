"""How two editions differ, as lines for a person and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import to_builtins

from chapbook.command.console import diagnostic_json
from chapbook.command.summaries import shown_size
from chapbook.inspecting.changes import ChapterChange, Comparison, FileChange, Passage, ValueChange
from chapbook.inspecting.edition import BookFile
from chapbook.model.xml_text import printable

__all__ = ["comparison_json", "comparison_lines", "file_json", "sized"]

_GONE, _COME, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"
_WORD = 8
"""Columns for `changed` and its like."""


def comparison_lines(found: Comparison, *, shows_words: bool, colour: bool) -> Iterator[str]:
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
    count = f" ({_count(change.words, 'word')})" if change.change != "changed" else ""
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
    counted = (
        (change.words_added, "word", "added"),
        (change.words_removed, "word", "removed"),
        (change.notes_added, "note", "added"),
        (change.notes_removed, "note", "removed"),
        (change.links, "link", "changed"),
        (change.descriptions, "picture", "described in other words"),
        (change.formatting, "place", "formatted in another way"),
    )
    told = [f"{_count(number, noun)} {what}" for number, noun, what in counted if number]
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
    sizes = [sized(each) for each in (before, after) if each]
    told = sizes[0] if len(set(sizes)) == 1 else " → ".join(sizes)
    return printable(f"{change.change:{_WORD}} {change.name} ({told})")


def sized(file: BookFile) -> str:
    """A file's size: ``1,200 × 900 pixels, 69.6 KB``."""
    pixels = f"{file.width:,} × {file.height:,} pixels, " if file.width else ""
    return pixels + shown_size(file.bytes)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def comparison_json(found: Comparison, *, shows_words: bool) -> dict[str, Any]:
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
        "cover": _change_json(found.cover) if found.cover else None,
        "files": [_change_json(each) for each in found.files],
        "style": to_builtins(found.style),
        "diagnostics": [diagnostic_json(each) for each in found.diagnostics],
    }


def _change_json(change: FileChange) -> dict[str, Any]:
    before, after = (file_json(each) if each else None for each in (change.before, change.after))
    return {"change": change.change, "kind": change.kind, "name": change.name, "before": before, "after": after}


def file_json(file: BookFile) -> dict[str, Any]:
    """A file as a member of a JSON document."""
    told: dict[str, Any] = {
        "name": file.name,
        "media_type": file.media_type,
        "bytes": file.bytes,
        "digest": file.digest,
    }
    if file.kind == "picture":
        told |= {"width": file.width, "height": file.height}
    if file.font:
        told |= {"family": file.font.family, "weight": file.font.weight, "italic": file.font.italic}
    return told
