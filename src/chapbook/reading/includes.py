"""Inserts other files into a chapter, as the author's tool does: includes of mdBook, MkDocs, GitBook, Jekyll and
Quarto, notes embedded by Obsidian, partials of Docusaurus.

Each line's file and line number stay known, for messages.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from chapbook.model.contents import Chapter, Origin
from chapbook.model.diagnostics import Diagnostic, Position
from chapbook.model.limits import MOST_MESSAGES
from chapbook.reading.included_parts import Line, part_of

__all__ = ["Includer"]

_MOST_LEVELS = 8
_MOST_CHARACTERS = 4_000_000
"""Of one chapter with all that it takes in."""
_MOST_TOGETHER = 64_000_000
"""The most characters that all chapters of a folder include together."""
_MOST_READ = 200_000_000
"""Characters of the files that are looked through for what chapters take in, which may be a line of each."""
_MOST_LINES = 1_000_000
"""Of a chapter that takes in something, and of a file that is taken in: each becomes a value."""
_COST_OF_LINE = 30
"""Characters that take as long to look through as one line more."""
_PATTERNS = {
    "mdbook": re.compile(
        r"(?<!\\)\{\{#(?:include|rustdoc_include|playground|playpen)[ ]+(?P<path>[^\s{}]+)[^{}\n]*\}\}"
    ),
    "mkdocs": re.compile(r"^[ \t]*-{1,}8<-{1,}[ ]+[\"'](?P<path>[^\"'\n]+)[\"'][ \t]*$"),
    "gitbook": re.compile(r"\{%-?\s*include\s+[\"'](?P<path>[^\"'{}\n]+)[\"']\s*-?%\}"),
    "jekyll": re.compile(
        r"\{%-?\s*include(?P<relative>_relative)?\s+(?P<path>[^\s{}%]+\.(?:md|markdown))\b[^{}\n]*%\}"
    ),
    "quarto": re.compile(r"^[ \t]*\{\{<[ ]*include[ ]+(?P<path>[^\s{}<>]+)[ ]*>\}\}[ \t]*$"),
    "obsidian": re.compile(r"!\[\[(?P<path>[^\[\]|\n]+?)(?:\\?\|[^\[\]\n]*)?\]\]"),
    "docusaurus": re.compile(r"^[ \t]*<(?P<path>[A-Z]\w*)[ ]*/>[ \t]*$"),
}
_SIGNS = {
    "mdbook": "{{#", "mkdocs": "8<", "gitbook": "include", "jekyll": "include", "quarto": "include", "obsidian": "![[",
    "docusaurus": "import",
}  # fmt: skip
_IMPORT = re.compile(r"^import[ ]+([A-Z]\w*)[ ]+from[ ]+[\"'](\.{1,2}/[^\"'\n]+\.mdx?)[\"']", re.MULTILINE)


_IN_CODE = frozenset({"mdbook", "mkdocs"})
"""Tools that also include files in code."""
_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?(`{3,}|~{3,})([^`]*)$")
_RAW, _END_OF_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}"), re.compile(r"\{%-?\s*endraw\s*-?%\}")


class Includer(Struct, frozen=True, kw_only=True, dict=True):
    """Inserts other files of the folder into chapters."""

    syntax: tuple[str, ...]
    paths: frozenset[str]
    folder: str
    """The folder of the project's pages."""
    read: Callable[[str], str]
    """Returns a file's text; empty if it can't be read."""

    def taken_in(self, chapter: Chapter) -> tuple[Chapter, tuple[Diagnostic, ...]]:
        """The chapter with its included files, and what is wrong with them."""
        if not any(_SIGNS[each] in chapter.text for each in self.syntax if each in _SIGNS):
            return chapter, ()
        work = _Work(self)
        if chapter.text.count("\n") > _MOST_LINES:
            message = f"the chapter has more than {_MOST_LINES:,} lines, so chapbook includes nothing"
            fault = Diagnostic.of("include-invalid", message, path=chapter.path, hint="split the chapter")
            return chapter, (fault,)
        lines = [
            Line(text, chapter.path, number) for number, text in enumerate(chapter.text.split("\n"), chapter.first_line)
        ]
        made = work.expanded(lines, (chapter.path,))
        if len(made) == len(lines) and all(each is line for each, line in zip(made, lines, strict=True)):
            return chapter, ()
        text = "\n".join(each.text for each in made)
        origins = tuple(_origins(made, chapter.first_line))
        return replace(chapter, text=text, origins=origins), tuple(work.faults)

    @cached_property
    def together(self) -> Counter[str]:
        """How many characters were ``taken`` in so far, and how many were ``read`` for it."""
        return Counter()

    @cached_property
    def notes(self) -> dict[str, str]:
        """For each name, the Markdown file that is the least deep."""
        found = {}
        for path in sorted(self.paths, key=lambda each: (-each.count("/"), each), reverse=True):
            stem, _, suffix = path.rpartition(".")
            if suffix.lower() in {"md", "markdown"}:
                found[stem.rpartition("/")[2].casefold()] = path
                found[stem.casefold()] = path
        return found


class _Work:
    """The state while files are included in one chapter."""

    def __init__(self, includer: Includer) -> None:
        self._includer = includer
        self._size = 0
        self._over = ""
        """Why nothing more is taken in."""
        self.faults: list[Diagnostic] = []

    def expanded(self, lines: list[Line], open_: tuple[str, ...]) -> list[Line]:
        """The lines, with included files in place; `open_` are the files being read."""
        imports = {}
        if "docusaurus" in self._includer.syntax:
            imports = dict(_IMPORT.findall("\n".join(each.text for each in lines)))
        made: list[Line] = []
        shown = self._shown_as_code(lines)
        for line, is_shown in zip(lines, shown, strict=True):
            found = self._found(line.text, is_shown=is_shown)
            if found is None:
                made.append(line)
            else:
                made += self._replaced(line, found, imports, open_)
        return made

    def _shown_as_code(self, lines: list[Line]) -> list[bool]:
        """For each line, whether it is code, or between ``{% raw %}`` and its end."""
        shown, sign, is_raw = [], "", False
        for line in lines:
            fence = _FENCE.match(line.text)
            if fence and (not sign or (fence[1].startswith(sign) and not fence[2].strip())):
                sign = "" if sign else fence[1]
            is_raw = is_raw or _RAW.search(line.text) is not None
            shown.append(bool(sign) or fence is not None or is_raw)
            is_raw = is_raw and _END_OF_RAW.search(line.text) is None
        return shown

    def _found(self, text: str, *, is_shown: bool) -> tuple[str, re.Match[str]] | None:
        for each in self._includer.syntax:
            if is_shown and each not in _IN_CODE:
                continue
            if each in _SIGNS and (_SIGNS[each] in text or (each == "docusaurus" and "<" in text)):
                found = _PATTERNS[each].search(text)
                if found:
                    return each, found
        return None

    def _replaced(
        self, line: Line, found: tuple[str, re.Match[str]], imports: dict[str, str], open_: tuple[str, ...]
    ) -> list[Line]:
        syntax, match = found
        written = match["path"].strip()
        path, part = self._target(syntax, match, written, imports, line.path)
        if not path:
            if syntax in {"obsidian", "docusaurus"}:  # a picture or component, handled elsewhere
                return [line]
            return self._without(line, match, f"'{written}' isn't in the content folder")
        inner, why = self._lines_of(path, part, line, open_)
        if why:
            return self._without(line, match, why)
        inner = self.expanded(inner, (*open_, path + part))
        before, after = line.text[: match.start()], line.text[match.end() :]
        if before.strip() or after.strip():
            one = " ".join(each.text.strip() for each in inner)
            return [replace(line, text=f"{before}{one}{after}")]
        return [replace(each, text=f"{before}{each.text}" if each.text else "") for each in inner]

    def _lines_of(self, path: str, part: str, by: Line, open_: tuple[str, ...]) -> tuple[list[Line], str]:
        """The lines of a file, or of a part of it, that the line `by` includes; or else why there are none."""
        if why := self._refused(path, part, open_):
            return [], why
        text, together = self._includer.read(path), self._includer.together
        lines = text.count("\n")
        together["read"] += len(text) + _COST_OF_LINE * lines
        if lines > _MOST_LINES:
            return [], f"'{path}' has more than {_MOST_LINES:,} lines"
        inner = part_of(text, path, part)
        if inner is None:
            return [], f"'{path}' has no part '{part}'"
        if path == by.path and any(each.number == by.number for each in inner):
            return [], f"'{path}' includes itself"
        size = sum(len(each.text) + 1 for each in inner)
        self._size += size
        together["taken"] += size
        why = self._too_much()
        return ([], why) if why else (inner, "")

    def _refused(self, path: str, part: str, open_: tuple[str, ...]) -> str:
        """Why a file is not read; empty where it is."""
        if path + part in open_:
            return f"'{path}' includes itself"
        if len(open_) > _MOST_LEVELS:
            return f"files include each other more than {_MOST_LEVELS} levels deep"
        return self._too_much()

    def _too_much(self) -> str:
        """Why no file is taken in any more; empty where there is room."""
        if self._size > _MOST_CHARACTERS:
            return f"the chapter would be longer than {_MOST_CHARACTERS:,} characters"
        if self._includer.together["taken"] > _MOST_TOGETHER:
            return f"all chapters would include more than {_MOST_TOGETHER:,} characters"
        much = self._includer.together["read"] > _MOST_READ
        return f"all chapters would include from more than {_MOST_READ:,} characters" if much else ""

    def _target(
        self, syntax: str, match: re.Match[str], written: str, imports: dict[str, str], here: str
    ) -> tuple[str, str]:
        """The included file and the part of it; an empty path if there is none."""
        folder = posixpath.dirname(here)
        if syntax == "obsidian":
            name, _, part = written.partition("#")
            path = self._includer.notes.get(name.strip().removesuffix(".md").casefold(), "")
            return path, f"#{part}" if part else ""
        if syntax == "docusaurus":
            written = imports.get(written, "")
            return (self._there(written, (folder,)), "") if written else ("", "")
        path, _, part = written.partition(":")
        root = self._includer.folder
        places = {
            "mkdocs": ("", root, folder),
            "jekyll": (folder,) if syntax == "jekyll" and match.groupdict().get("relative") else ("_includes",),
            "gitbook": (folder, root, ""),
        }.get(syntax, (folder,))
        return self._there(path, places), part

    def _there(self, path: str, folders: Iterable[str]) -> str:
        names = (posixpath.normpath(posixpath.join(folder, path)).lstrip("/") for folder in folders)
        return next((each for each in names if each in self._includer.paths), "")

    def _without(self, line: Line, match: re.Match[str], why: str) -> list[Line]:
        """The line without what it names, which is said; of a limit that is met, once."""
        self._over, told = why if why == self._too_much() else "", why == self._over
        if not told and len(self.faults) < MOST_MESSAGES:
            self._say(line, match, why)
        return [replace(line, text=line.text[: match.start()] + line.text[match.end() :])]

    def _say(self, line: Line, match: re.Match[str], why: str) -> None:
        self.faults.append(
            Diagnostic.of(
                "include-invalid",
                f"'{match[0].strip()}' includes nothing: {why}",
                path=line.path,
                at=Position(line.number, match.start() + 1),
                hint="correct the path, or paste the text; chapbook reads nothing outside the content folder",
            )
        )


def _origins(lines: list[Line], first_line: int) -> Iterable[Origin]:
    """Where each run of lines comes from, beginning with the first that isn't in its original place."""
    before: Line | None = None
    for line, each in enumerate(lines, first_line):
        if before is None or each.path != before.path or each.number != before.number + 1:
            yield Origin(line=line, path=each.path, first_line=each.number)
        before = each
