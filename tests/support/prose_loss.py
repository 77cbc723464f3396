"""Which paragraphs of a content folder are not in the book that was built of it.

``python tests/support/prose_loss.py FOLDER BOOK.epub`` lists them. Only letters and digits are compared, without regard
to case and compatibility forms (NFKC), so that punctuation, white space and markup play no part. What is no text in a
book by right is taken from the Markdown first: front matter, comments, link targets, tags, shortcodes, formulas, labels
of notes. A paragraph falls into fragments there; they have to stand in its chapter's document in their order, near
each other.
"""

from __future__ import annotations

import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from lxml import etree

from chapbook.model.names import document_name
from chapbook.reading.source import read_source

__all__ = ["Loss", "lost_paragraphs"]

_XHTML = "{http://www.w3.org/1999/xhtml}"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_GAP = 150
"""Letters that may stand between two fragments: a formula's, a note's sign, what an unknown shortcode left."""
_MOST_PLACES = 200
_CUT = "\0"
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})([^`]*)$")
_FRONT = re.compile(r"\ufeff?(?:---[ \t]*\n.*?\n(?:---|\.\.\.)|\+\+\+[ \t]*\n.*?\n\+\+\+)[ \t]*(?:\n|\Z)", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_NO_WORDS = tuple(
    re.compile(pattern, re.DOTALL | re.MULTILINE)
    for pattern in (
        r"\{\{[<%]\s*comment\s*[>%]\}\}.*?\{\{[<%]\s*/\s*comment\s*[>%]\}\}",
        r"\{\{[<%].*?[>%]\}\}",
        r"<(?P<gone>script|style|math)\b.*?</(?P=gone)\s*>",
        r"^[ \t]*\*\[[^\]\n]+\]:.*$",
        (
            r"^[ \t]*\[(?!\^)[^\]\n]+\]:[ \t]*\n?[ \t]*\S+"
            r"(?:[ \t]*\n?[ \t]*(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$"
        ),
        r"\[\^[^\]\n]+\]:?",
        r"^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)+(?:\[[ xX]\][ \t])?",
        r"^[ \t>]*\[![A-Za-z]+\]",
        (
            r"\]\(\s*(?:<[^<>\n]*>|(?:[^\s()]|\((?:[^\s()]|\([^\s()]*\))*\))*)"
            r"(?:\s+(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|\([^()]*\)))?\s*\)"
        ),
        r"\][ \n]?\[[^\]\[]*\]",
        r"\{[ \t]*:?[ \t]*(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"\n]*\"|[^\s}]+))(?:[ \t]+[^}\n]*)?\}",
        r"</?[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
        r"<[!?][^<>]*>",
        r"\$\$.*?\$\$",
        r"(?<![\\$\w])\$(?=\S)[^$\n]*?(?<=\S)\$(?!\d)",
    )
)
_ADDRESS = re.compile(r"<((?:https?|ftp|mailto):[^<>\s]*|[^<>\s@/]+@[^<>\s]+)>")
_GONE = re.compile(
    r"^[ \t]*<(script|style)\b(?!.*</\1)|^[ \t>]*\{\{[<%]\s*(comment)\s*[>%]\}\}(?!.*/\s*comment)", re.IGNORECASE
)
"""Opens what is no text in a book, where it does not close on the same line."""
_QUOTED = re.compile(r"^[ \t]*(?:>(?!\}\})[ \t]?)+", re.MULTILINE)
_DEFINITION = re.compile(r"\n(?=[ \t>]*\[\^[^\]\n]+\]:)")
_UNDERSCORES = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A paragraph whose words are not all in the book."""

    path: str
    line: int
    missing: str
    """The first fragment that is not there, or ``the whole chapter``."""
    paragraph: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.missing!r} is lost from {self.paragraph[:300]!r}"


def lost_paragraphs(folder: Path, book: Path, *, left_out: Iterable[str] = ()) -> list[Loss]:
    """The paragraphs under `folder` that the EPUB file `book` lacks, in the order of the paths.

    `left_out` names the Markdown files that are not of the book. A file has to be UTF-8.
    """
    documents = dict(_documents(book))
    whole = "".join(documents.values())
    passed = frozenset(left_out)
    losses: list[Loss] = []
    for path in _markdown(folder):
        if path in passed:
            continue
        text = (folder / path).read_text("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        shown = "".join(_of_chapter(documents, "EPUB/" + document_name(path))) or whole
        losses += _lost(path, text, shown)
    return losses


def _of_chapter(documents: dict[str, str], name: str) -> Iterator[str]:
    """The text of a chapter's document, and of those that follow it where its file is parted or divided."""
    if name in documents:
        stem = name.removesuffix(".xhtml")
        pieces = re.compile(rf"{re.escape(stem)}(?:-x)*-(\d+)(?:(?:-x)*-(\d+))?\.xhtml")
        found = {each: pieces.fullmatch(each) for each in documents}
        more = {each: (int(match[1]), int(match[2] or 0)) for each, match in found.items() if match}
        yield from (documents[each] for each in (name, *sorted(more, key=lambda each: more[each])))


def _markdown(folder: Path) -> list[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.suffix.lower() in {".md", ".markdown"})
    return sorted(
        path.as_posix()
        for path in found
        if not any(part.startswith(".") or part == "node_modules" for part in path.parts)
        and not any(part.startswith("_") and part != "_index.md" for part in path.parts)
    )


def _documents(book: Path) -> Iterator[tuple[str, str]]:
    """The letters of every content document, its pictures' words among them and without its formulas."""
    with zipfile.ZipFile(book) as archive:
        for name in archive.namelist():
            if name.startswith("EPUB/text/"):
                body = etree.fromstring(archive.read(name)).find(f"{_XHTML}body")
                yield name, letters("".join(_words(body)))


def _words(body: etree._Element | None) -> Iterator[str]:
    depth = 0
    for event, each in etree.iterwalk(body, events=("start", "end")) if body is not None else ():
        formula = each.tag == _MATH
        if event == "start":
            depth += formula
            if not depth:
                yield from (each.get("alt", ""), each.get("aria-label", "") if each.tag == f"{_XHTML}a" else "")
                yield each.text or ""
        else:
            depth -= formula
            if not depth:
                yield each.tail or ""


def letters(text: str) -> str:
    """The letters and digits of `text`, folded."""
    return _UNDERSCORES.sub("", unicodedata.normalize("NFKC", text).casefold())


def _lost(path: str, text: str, shown: str) -> Iterator[Loss]:
    for line, paragraph, is_code in paragraphs(text):
        for part in [paragraph] if is_code else _DEFINITION.split(paragraph):
            fragments = [letters(part)] if is_code else list(fragments_of(part))
            missing = _missing(fragments, shown)
            if missing:
                yield Loss(path=path, line=line, missing=missing, paragraph=" ".join(part.split()))


def _missing(fragments: list[str], shown: str) -> str:
    """The first of `fragments` that does not stand in `shown` in its place; empty where all do."""
    if not fragments or "".join(fragments) in shown:
        return ""
    worst, reached = fragments[0], -1
    start = shown.find(fragments[0])
    for _ in range(_MOST_PLACES):
        if start < 0:
            break
        count, end = 1, start + len(fragments[0])
        for fragment in fragments[1:]:
            at = shown.find(fragment, end, end + _GAP + len(fragment))
            if at < 0:
                break
            count, end = count + 1, at + len(fragment)
        if count == len(fragments):
            return ""
        if count > reached:
            worst, reached = fragments[count], count
        start = shown.find(fragments[0], start + 1)
    return worst


def paragraphs(text: str) -> Iterator[tuple[int, str, bool]]:
    """The paragraphs of a Markdown text with their lines, and whether they are fenced code; comments are gone."""
    front = _FRONT.match(text)
    start = text.count("\n", 0, front.end()) if front else 0
    reading = _Reading()
    for number, line in enumerate(text.split("\n")[start:], start + 1):
        yield from reading.take(number, line)
    yield from reading.done()


class _Reading:
    """What is open while a text is read line by line."""

    def __init__(self) -> None:
        self._block: list[str] = []
        self._first = 0
        self._fence, self._column = "", 0
        self._in_comment = False
        self._gone = ""
        """The name of the element or shortcode that holds no text and has not closed."""

    def take(self, number: int, line: str) -> Iterator[tuple[int, str, bool]]:
        """Reads the next line; gives the paragraph that it ends."""
        mark = None if self._in_comment or self._gone else _FENCE.match(line)
        if self._fence:
            closes = mark and mark[1].startswith(self._fence) and mark.start(1) < self._column + 4
            if closes and mark and not mark[2].strip():
                yield from self.done()
            else:
                self._add(number, line)
        elif mark:
            yield from self.done()
            self._fence, self._column = mark[1], mark.start(1)
        else:
            words = self._words(line)
            if self._is_blank(words):
                yield from self.done()
            else:
                self._add(number, words)

    def _is_blank(self, line: str) -> bool:
        """A line of a quotation that holds its mark alone is blank; that mark may also end a tag of raw HTML."""
        in_quotation = not self._block or self._block[0].lstrip().startswith(">")
        return not line.strip(" \t>" if in_quotation else None)

    def _add(self, number: int, line: str) -> None:
        self._first = self._first if self._block else number
        self._block.append(line)

    def done(self) -> Iterator[tuple[int, str, bool]]:
        """Gives the paragraph that is open, if one is."""
        if self._block:
            yield self._first, "\n".join(self._block), bool(self._fence)
        self._block, self._fence = [], ""

    def _words(self, line: str) -> str:
        """`line` without comments and what else is no text."""
        line, self._in_comment = _without_comments(line, within=self._in_comment)
        if self._gone:
            closing = rf"</{self._gone}|/\s*{self._gone}\s*[>%]\}}\}}"
            self._gone = "" if re.search(closing, line, re.IGNORECASE) else self._gone
            return ""
        opening = _GONE.search(line)
        if opening is None:
            return line
        self._gone = (opening[1] or opening[2]).lower()
        return line[: opening.start()]


def _without_comments(line: str, *, within: bool) -> tuple[str, bool]:
    """`line` without its comments, and whether one goes on after it. Code spans hold none."""
    kept, at = "", 0
    while at < len(line):
        if within:
            end = line.find("-->", at)
            at = end + 3 if end >= 0 else len(line)
            within = end < 0
            continue
        span = _CODE_SPAN.search(line, at)
        opening = line.find("<!--", at)
        if span and (opening < 0 or span.start() < opening):
            kept, at = kept + line[at : span.end()], span.end()
        elif opening >= 0:
            kept, at, within = kept + line[at:opening] + " ", opening + 4, True
        else:
            kept, at = kept + line[at:], len(line)
    return kept, within


def fragments_of(paragraph: str) -> Iterator[str]:
    """The letters that a book shows of a Markdown paragraph, cut where markup stood between them."""
    spans: list[str] = []

    def kept(match: re.Match[str]) -> str:
        spans.append(match[2])
        return f"\1{len(spans) - 1}\2"

    quoted = _QUOTED.match(paragraph) is not None
    text = _CODE_SPAN.sub(kept, _QUOTED.sub("", paragraph) if quoted else paragraph)
    text = _ADDRESS.sub(r"\1", text)
    for pattern in _NO_WORDS:
        text = pattern.sub(_CUT, text)
    text = unescape(text.replace("\\", ""))
    for piece in text.split(_CUT):
        found = letters(re.sub("\1(\\d+)\2", lambda match: spans[int(match[1])], piece))
        if found:
            yield found


def main(folder: str, book: str) -> int:
    losses = lost_paragraphs(Path(folder), Path(book), left_out=read_source(folder).left_out)
    sys.stdout.writelines(f"{loss}\n" for loss in losses)
    return bool(losses)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
