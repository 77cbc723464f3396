"""A book's messages for the page: beside the words they refer to, with the lines of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.xml_text import printable
from chapbook.preview.live_book import Archive, Edition

__all__ = ["EDITORS", "Editor", "messages_of"]

EDITORS = {
    "cursor": "cursor://file/{path}:{line}:{column}",
    "idea": "idea://open?file=/{path}&line={line}",
    "sublime": "subl://open?url=file:///{path}&line={line}",
    "textmate": "txmt://open?url=file:///{path}&line={line}",
    "vscode": "vscode://file/{path}:{line}:{column}",
    "vscodium": "vscodium://file/{path}:{line}:{column}",
    "zed": "zed://file/{path}:{line}:{column}",
}
"""The addresses with which installed editors open a file."""
_ADDRESS = re.compile(r"(?!(?:https?|ftp|file|data|blob|about)\b)(?!javascript)[a-z][a-z0-9+.-]+://\S*\{path\}\S*")
_MARKUP = re.compile(r"\]\([^)]*\)|\]\[[^\]]*\]|\{[^}]*\}|<[^>]*>|`")
_WORDS = re.compile(r"[^\W_]+(?:,? [^\W_]+)*")
_AROUND = 3
"""Lines shown above and below the one that a message refers to."""
_HIGHER = 12
"""How many lines above it are searched for words that show its place."""
_TELLING = 8
"""Words of so many letters probably occur only once."""
_BEFORE = 4
"""Words before a place count as this many characters further away."""
_MOST_TRIED = 4
_MOST = 1_000
"""The most messages that get a place."""


class Editor(Struct, frozen=True):
    """How to open a file in an editor: the browser goes to `address`. chapbook itself starts no program."""

    address: str

    @classmethod
    def of(cls, words: str) -> Editor:
        """The editor for a name or an address. Raises ValueError for anything else."""
        address = EDITORS.get(words, words)
        if not _ADDRESS.fullmatch(address):
            names = ", ".join(EDITORS)
            raise ValueError(f"name one of {names}, or an address such as 'vscode://file/{{path}}:{{line}}'")
        return cls(address)

    def link(self, path: str, line: int, column: int) -> str:
        """The address of a position; `path` is absolute."""
        plain = quote(path.replace("\\", "/").lstrip("/"), safe="/:")
        address = self.address.replace("{path}", plain)
        return address.replace("{line}", str(line)).replace("{column}", str(column))


def messages_of(edition: Edition, folder: str, editor: Editor | None) -> list[dict[str, Any]]:
    """The data sent to the page for each message; `folder` is the absolute path of the content folder."""
    sources = _Sources(edition)
    return [_message(each, edition, sources, folder, editor) for each in edition.diagnostics[:_MOST]]


class _Sources:
    """The lines of the book's files, each file read once."""

    def __init__(self, edition: Edition) -> None:
        self._files = edition.files
        self._read: dict[str, list[str]] = {}

    def lines(self, path: str | None) -> list[str]:
        """The file's lines; empty if it isn't a file of the book or can't be read."""
        if path is None or self._files is None:
            return []
        if path not in self._read:
            try:
                self._read[path] = self._files.read(path).decode("utf-8", "replace").splitlines()
            except ChapbookError:
                self._read[path] = []
        return self._read[path]


def _message(
    each: Diagnostic, edition: Edition, sources: _Sources, folder: str, editor: Editor | None
) -> dict[str, Any]:
    lines, at = sources.lines(each.path), each.line or 0
    if at > len(lines):
        lines, at = [], 0
    first = max(1, at - _AROUND)
    document = edition.document_of(each.path, each.line) if edition.archive else ""
    if edition.archive and document not in edition.archive.stamps:
        document = ""
    found = None
    if edition.archive and document and at:
        found = _place(lines, at, each.column or 1, document, edition.archive)
    return {
        "severity": str(each.severity),
        "code": each.code,
        "message": printable(each.message),
        "hint": printable(each.hint or ""),
        "path": printable(each.path or each.chapter_title or ""),
        "line": each.line or 0,
        "document": found[0] if found else document,
        "words": found[1] if found else "",
        "first": first,
        "lines": [_seen(line) for line in lines[first - 1 : at + _AROUND]] if at else [],
        "edit": editor.link(f"{folder}/{each.path}", at, each.column or 1) if editor and at and folder else "",
    }


def _seen(line: str) -> str:
    """A line of the file with escapes for what isn't seen; tabs stay, of which it may have many."""
    return "\t".join(map(printable, line.split("\t")))


def _place(lines: list[str], at: int, column: int, document: str, archive: Archive) -> tuple[str, str] | None:
    """The document (of the pieces of a long chapter) and the words in it that show the line `at`."""
    texts = {name: archive.text(name).casefold() for name in _pieces(document, archive)}
    for above, line in enumerate(lines[max(0, at - _HIGHER) : at][::-1]):
        for words in _candidates(line, 0 if above else column - 1):
            for name, text in texts.items():
                if words.casefold() in text:
                    return name, words
    return None


def _candidates(line: str, column: int) -> list[str]:
    """Words of a line that may appear unchanged in the document: nearest to `column` first, single short words last."""
    found = _WORDS.finditer(_MARKUP.sub(lambda each: "\n" * len(each[0]), line))
    away = {each[0]: max(0, column - each.end() + _BEFORE, each.start() - column) for each in found}
    return sorted(away, key=lambda words: (len(words) < _TELLING, away[words]))[:_MOST_TRIED]


def _pieces(document: str, archive: Archive) -> Iterator[str]:
    stem = document.removesuffix(".xhtml")
    after = archive.spine[archive.spine.index(document) :] if document in archive.spine else ()
    for name in after:
        if name != document and not re.fullmatch(r"-[\dx-]+\.xhtml", name.removeprefix(stem)):
            return
        yield name
