"""Slips in an author's files put right: of the same diagnostics that a build gives, those that have a fix.

A file is read again by the functions that a build reads it with, since a fault may hide others: the keys of front
matter that isn't YAML are known only when it is. Nothing is written before all is known.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from msgspec import Struct

from chapbook.keys.front_matter import normal_lines, parse_front_matter
from chapbook.keys.settings_file import parse_settings, read_book_fields, settings_mapping
from chapbook.keys.table import VOLUMES_KEYS
from chapbook.keys.tree import Findings
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Edit
from chapbook.model.names import VOLUMES_NAME
from chapbook.packaging.output import write_file
from chapbook.reading.content_folder import MOST_TEXT_BYTES, decode_text, place_of, read_bytes
from chapbook.reading.walk import is_markdown
from chapbook.source.characters import check_text
from chapbook.source.positions import SourceText

__all__ = ["FixedFile", "fixed_files", "with_edits", "write_fixed"]

_MOST_ROUNDS = 10
_ALSO = (".qmd", ".rmd", ".mdx")
"""Chapters of other tools, as `reading.projects` has them."""
_SETTINGS = {"book.yaml", "book.yml", VOLUMES_NAME}
_LINE_END = re.compile(r"\r\n?|\n")


class FixedFile(Struct, frozen=True, kw_only=True):
    """A file of a content folder, as it was read and as it would be written."""

    root: Path
    path: str
    """In the folder, with slashes."""
    before: bytes
    after: bytes


def fixed_files(
    root: Path, diagnostics: Iterable[Diagnostic], wanted: Callable[[Diagnostic], bool]
) -> Iterator[FixedFile]:
    """Those of the folder's files, of all that `diagnostics` name, in which something can be put right.

    What is put right are the faults that are `wanted`. A file that can't be read is left alone: a build says so.
    """
    for path in sorted({each.path for each in diagnostics if each.path and _is_ours(each.path)}):
        try:
            before = read_bytes(root, path, MOST_TEXT_BYTES)
            text = decode_text(before, path)
        except ChapbookError:
            continue
        after = _fixed(path, text, wanted).encode()
        if after != before:
            yield FixedFile(root=root, path=path, before=before, after=after)


def _is_ours(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return not os.path.isabs(path) and ".." not in path.split("/") and (is_markdown(name, _ALSO) or name in _SETTINGS)  # noqa: PTH117 - which raises nothing


def _fixed(path: str, text: str, wanted: Callable[[Diagnostic], bool]) -> str:
    """The text of a file with all fixes, those too that are known only after others."""
    now = text
    for _ in range(_MOST_ROUNDS):
        edits = [edit for each in _said(path, now) if wanted(each) for edit in each.fix]
        before, now = now, with_edits(now, edits)
        if now == before:
            return now
    return text  # each round would change something again


def _said(path: str, text: str) -> Sequence[Diagnostic]:
    """What a build says of the file alone."""
    name = path.rpartition("/")[2].lower()
    if name == VOLUMES_NAME:
        found = Findings(path=path, source=normal_lines(text))
        return read_book_fields(settings_mapping(found), found, known=VOLUMES_KEYS).diagnostics
    if name in _SETTINGS:
        return parse_settings(text, path).diagnostics
    read = parse_front_matter(text, path)
    return (*read.diagnostics, *check_text(SourceText(text=read.source, path=path))[1])


def with_edits(text: str, edits: Iterable[Edit]) -> str:
    """`text` with those of `edits` whose old words stand at their places; of two that overlap, with the first.

    Its byte order mark and its line ends stay; new lines end as the first line does.
    """
    starts = [int(text.startswith("\ufeff")), *(found.end() for found in _LINE_END.finditer(text))]
    ends = next((found[0] for found in _LINE_END.finditer(text)), "\n")
    pieces, done = list[str](), 0
    for edit in sorted(edits, key=lambda each: each.at):
        line = edit.at.line - 1
        place = starts[line] + edit.at.column - 1 if line < len(starts) else len(text)
        old = re.compile(f"(?:{_LINE_END.pattern})".join(map(re.escape, edit.old.split("\n"))))
        found = old.match(text, place) if place >= done else None
        if found is not None and found[0]:
            pieces += (text[done:place], edit.new.replace("\n", ends))
            done = found.end()
    return "".join(pieces) + text[done:]


def write_fixed(file: FixedFile) -> None:
    """Writes a file in one step, with the permissions that it had, if it still is what was read.

    Raises ChapbookError: ``file-changed`` where it isn't, ``file-outside`` where a link leads out of the folder by now,
    ``output-unwritable``.
    """
    if read_bytes(file.root, file.path, MOST_TEXT_BYTES) != file.before:
        message = "the file changed while chapbook looked for what to put right, so it is left alone"
        raise ChapbookError(Diagnostic.of("file-changed", message, path=file.path, hint="run the command again"))

    def write(target: IO[bytes]) -> None:
        target.write(file.after)

    write_file(place_of(file.root, file.path), write)
