"""Hugo's shortcodes, expanded in the text before a dialect reads it; the number of lines never changes.

What is served becomes Markdown or HTML in its place. An unknown shortcode is warned of and goes; the text between
its opening and closing stays. mdBook's ``{{#include …}}`` and Liquid's tags are warned of
and stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from chapbook.model.diagnostics import Diagnostic
from chapbook.model.settings import DialectName
from chapbook.source.positions import Locator
from chapbook.source.shortcode_syntax import Fault, Literal, Tag, find_templates, read_tags
from chapbook.source.shortcodes import (
    ALERTS,
    FIGURES,
    LINKS,
    alert_kind,
    embedded,
    figure,
    link_target,
    picture,
)

__all__ = ["expand_shortcodes"]

_MOST, _MOST_ALIKE = 100, 5
"""Diagnostics of one chapter, and of one shortcode in it, that are told one by one."""
_DEEPEST = 8
"""Boxes within boxes that become alerts; the text of deeper ones stays without its own."""
_BEFORE_TARGET = re.compile(r"(?:\]\(<?|=[\"']?|<|\]:[ \t]*)$")
_CONTAINER = re.compile(r"[ \t>]*")


_WAYS_OUT = {
    "mdBook": "paste what it takes in; chapbook reads no other file into a chapter",
    "Liquid": "write in Markdown what it shows; templates of Jekyll and GitBook mean nothing in a book",
}


def expand_shortcodes(
    text: str, *, dialect: DialectName, path: str, first_line: int
) -> tuple[str, tuple[Diagnostic, ...]]:
    """Gives `text` with its shortcodes expanded for `dialect`, and what is wrong with them.

    `first_line` is the line of the file `path` on which `text` begins. Shortcodes in code stay as they are.
    """
    if "{{" not in text and "{%" not in text:
        return text, ()
    expansion = _Expansion(text, dialect)
    if "{{<" in text or "{{%" in text:
        expansion.expand(read_tags(text, dialect))
    for at, template, tool in find_templates(text, dialect):
        expansion.say(at, "shortcode-unknown", f"'{template}' is {tool}'s, and stays as text", _WAYS_OUT[tool], tool)
    return expansion.text(), expansion.diagnostics(path, first_line)


def _closings(tags: Iterable[Tag]) -> dict[int, Tag]:
    """By the start of an opening shortcode, its closing one: the nearest of its name that none within it takes."""
    open_: dict[str, list[Tag]] = {}
    found = {}
    for tag in tags:
        if not tag.closing and not tag.lone:
            open_.setdefault(tag.name, []).append(tag)
        elif tag.closing and open_.get(tag.name):
            found[open_[tag.name].pop().start] = tag
    return found


class _Said(NamedTuple):
    """What is wrong at a place of the text."""

    at: int
    code: str
    words: str
    hint: str
    kind: str
    """Of one kind, only the first few are told one by one."""


class _Expansion:
    """The changes that are made to one text, and what there is to say of them."""

    def __init__(self, text: str, dialect: DialectName) -> None:
        self._text = text
        self._dialect = dialect
        self._edits: list[tuple[int, int, str]] = []
        self._said: list[_Said] = []
        self._alerts: list[int] = []

    def text(self) -> str:
        """The text after all changes."""
        parts, at = [], 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            parts += [self._text[at:start], new]
            at = max(at, end)
        return "".join([*parts, self._text[at:]])

    def say(self, at: int, code: str, words: str, hint: str, kind: str = "") -> None:
        """Notes what is wrong at a place of the text; of one `kind`, or of the same `words`, a few are told."""
        self._said.append(_Said(at, code, words, hint, kind or words))

    def diagnostics(self, path: str, first_line: int) -> tuple[Diagnostic, ...]:
        """What was noted, in the order of the text."""
        locator, said = Locator(self._text, first_line), _few_alike(sorted(self._said))
        if len(said) > _MOST:
            words = f"{len(said) - _MOST} more shortcodes are unknown or cannot be read"
            said[_MOST:] = [said[_MOST]._replace(words=words, hint="")]
        return tuple(
            Diagnostic.of(each.code, each.words, path=path or None, at=locator.offset(each.at), hint=each.hint or None)
            for each in said
        )

    def expand(self, marks: Iterable[Tag | Literal | Fault]) -> None:
        """Decides what stands for each shortcode."""
        marks = list(marks)
        closings = _closings(mark for mark in marks if isinstance(mark, Tag))
        closed = {closing.start for closing in closings.values()}
        for mark in marks:
            if isinstance(mark, Literal):
                self._edits.append((mark.start, mark.end, mark.text))
            elif isinstance(mark, Fault):
                words = f"the shortcode '{mark.text}' cannot be read or never closes"
                self.say(mark.start, "shortcode-invalid", words, "end it with '>}}' or '%}}', and close its quotes")
            elif not mark.closing:
                self._expand(mark, closings.get(mark.start))
            elif mark.start not in closed:
                self._replace(mark, "")
                words = f"the shortcode '/{mark.name}' closes none that is open"
                self.say(mark.start, "shortcode-invalid", words, "delete it, or open it before")

    def _expand(self, tag: Tag, closing: Tag | None) -> None:
        at_end = ""
        if tag.name in LINKS:
            self._link(tag)
        elif tag.name == "figure" or (tag.name in FIGURES and tag.value("src", 0)):
            self._figure(tag)
        elif closing and tag.name == "comment":
            self._drop(tag, closing)
            return
        elif closing and tag.name == "highlight":
            at_end = self._open_code(tag, closing)
        elif closing and tag.name == "details":
            self._replace(tag, _title(tag.value("summary", 0) or tag.value("title")))
        elif closing and tag.name in ALERTS:
            self._open_alert(tag, closing)
        else:
            self._embedded_or_unknown(tag)
        if closing:
            self._replace(closing, at_end)

    def _replace(self, tag: Tag, new: str) -> None:
        """Puts `new`, which is one line, in the place of `tag`; the lines below keep their numbers."""
        self._edits.append((tag.start, tag.end, new + "\n" * self._text.count("\n", tag.start, tag.end)))

    def _drop(self, tag: Tag, closing: Tag) -> None:
        lines = self._text.count("\n", tag.start, closing.end)
        self._edits.append((tag.start, closing.end, "\n" * lines))

    def _link(self, tag: Tag) -> None:
        target = link_target(tag)
        if not target:
            self.say(tag.start, "shortcode-invalid", f"the shortcode '{tag.name}' names no chapter",
                     'write the chapter\'s path in it: {{< ref "one/arrival.md" >}}')  # fmt: skip
        is_target = _BEFORE_TARGET.search(self._text, max(0, tag.start - 10), tag.start)
        shown = re.sub(r"([\[\]\\`*_<])", r"\\\1", tag.value("path", 0))
        self._replace(tag, target if is_target or not target else f"[{' '.join(shown.split())}]({target})")

    def _figure(self, tag: Tag) -> None:
        new = figure(tag, self._dialect) if self._alone(tag) else picture(tag)
        if not new:
            self.say(tag.start, "shortcode-invalid", f"the shortcode '{tag.name}' names no picture",
                     "give the picture's file as src=\"…\"; its caption stays")  # fmt: skip
            new = " ".join(" ".join(tag.value(key) for key in ("title", "caption", "alt")).split())
        self._replace(tag, new)

    def _embedded_or_unknown(self, tag: Tag) -> None:
        new = embedded(tag)
        if new is None:
            words = f"the shortcode '{tag.name}' is unknown"
            hint = "the text inside it stays; write in Markdown what it shows, or '{{</* … */>}}' to show the shortcode"
            self.say(tag.start, "shortcode-unknown", words, hint)
        elif not new:
            words = f"the shortcode '{tag.name}' does not say what it shows"
            self.say(tag.start, "shortcode-invalid", words, "give its id")
        self._replace(tag, new or "")

    def _open_code(self, tag: Tag, closing: Tag) -> str:
        """Opens a block of code, and gives what closes it: fences where both shortcodes have lines of their own."""
        language = "".join(re.findall(r"[\w+#.-]", tag.value("lang", 0)))
        inner = self._text[tag.end : closing.start]
        ticks = "`" * max([2, *(len(run) for run in re.findall("`+", inner))])
        if self._alone(tag) and self._alone(closing) and "\n" in inner:
            self._replace(tag, f"{ticks}`{language}")
            return f"{ticks}`"
        if "\n" not in inner and inner.strip():
            ticks = "`" * (1 + max([0, *(len(run) for run in re.findall("`+", inner))]))
            space = " " if "`" in inner else ""
            self._replace(tag, ticks + space)
            return space + ticks
        self._replace(tag, f'<pre><code class="language-{language}">')
        for found in re.finditer("[&<>]", inner):
            at = tag.end + found.start()
            self._edits.append((at, at + 1, {"&": "&amp;", "<": "&lt;", ">": "&gt;"}[found[0]]))
        return "</code></pre>"

    def _open_alert(self, tag: Tag, closing: Tag) -> None:
        """Makes the lines between a quotation that is an alert, where both shortcodes have lines of their own."""
        title = " ".join(tag.value("title", 1 if tag.name == "notice" else None).split())
        self._alerts = [end for end in self._alerts if end > tag.start]
        if len(self._alerts) >= _DEEPEST or not (self._alone(tag) and self._alone(closing)):
            self._replace(tag, "")
            return
        self._alerts.append(closing.end)
        self._replace(tag, f"> [!{alert_kind(tag)}] {title}".rstrip())
        container = _CONTAINER.match(self._line(self._line_start(tag.start)))
        prefix = container[0] if container else ""
        for start in self._lines_between(tag, closing):
            at = start + len(prefix) if self._text.startswith(prefix, start) else start
            self._edits.append((at, at, "> "))

    def _lines_between(self, tag: Tag, closing: Tag) -> list[int]:
        last = self._line_start(closing.start)
        first = self._text.find("\n", tag.end) + 1
        return (
            [first, *(found.end() for found in re.compile("\n").finditer(self._text, first, last - 1))]
            if (first and first < last)
            else []
        )

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _line(self, start: int) -> str:
        end = self._text.find("\n", start)
        return self._text[start : end if end >= 0 else None]

    def _alone(self, tag: Tag) -> bool:
        """Whether `tag` has its lines to itself, but for the marks of a quotation and spaces."""
        end = self._text.find("\n", tag.end)
        after = self._text[tag.end : end if end >= 0 else None]
        return bool(_CONTAINER.fullmatch(self._text, self._line_start(tag.start), tag.start)) and not after.strip()


def _title(words: str) -> str:
    """A line in bold; the two spaces at its end keep the text below on its own line."""
    return f"**{' '.join(words.split())}**  " if words.strip() else ""


def _few_alike(said: list[_Said]) -> list[_Said]:
    """`said` with the sixth and further of one kind told at once, where the sixth stands."""
    kinds = [(each.code, each.kind) for each in said]
    times, seen = Counter(kinds), Counter[tuple[str, str]]()
    few = []
    for each, kind in zip(said, kinds, strict=True):
        seen[kind] += 1
        more = times[kind] - _MOST_ALIKE - 1
        if seen[kind] <= _MOST_ALIKE or (seen[kind] == _MOST_ALIKE + 1 and not more):
            few.append(each)
        elif seen[kind] == _MOST_ALIKE + 1:
            few.append(each._replace(words=f"{each.words}; {more} more like it follow"))
    return few
