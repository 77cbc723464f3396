"""Syntax of Pandoc and Quarto: divisions (also Docusaurus's), verse, raw passages, marks in a line, code chunks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from chapbook.model.marks import ALERT_KINDS
from chapbook.source.lines import Box, box_mark, division_mark, fenced_lines, fences_changed, in_boxes, width_of
from chapbook.source.positions import Changed, Locator, SourceText, outside_code

__all__ = ["read_chunks", "read_divisions", "read_marks_of_pandoc", "read_raw", "read_verse"]

_BRACES = r"\{((?:[^{}\"\n]|\"[^\"\n]*\")*)\}"
_FENCE = re.compile(
    rf"([ ]*)(:{{3,}})[ \t]*(?:{_BRACES}|([\w-]+)?(?:\[([^\]\n]*)\])?[ \t]*([^{{}}\n:]*?)(?:{_BRACES})?)[ \t]*:*[ \t]*"
)
_HEADING = re.compile(r"[ ]*#{1,6}[ \t]+(.*?)[ \t]*(?:\{[^{}\n]*\})?[ \t]*")
_TITLE = re.compile(r"title=(?:\"([^\"]*)\"|'([^']*)'|(\S+))")
_CLASS = re.compile(r"(?<![\w=\"'])\.([\w-]+)")
_ID = re.compile(r"(?<![\w=\"'])#([\w.:-]+)")
_BOXES = frozenset({*ALERT_KINDS, "message"})
"""Names of divisions that are boxes in Docusaurus, VitePress or Zenn."""
_WITHOUT_BOX = frozenset(
    ("cell", "cell-output", "cell-output-display", "cell-output-stdout", "code-group", "raw", "content-visible")
)


def read_divisions(source: SourceText) -> Changed:
    """Turns the text between ``:::`` lines into boxes and divisions."""
    lines = source.text.split("\n")
    boxes = list(_divisions(lines))
    return ("\n".join(in_boxes(lines, boxes)) if boxes else source.text), ()


def _divisions(lines: list[str]) -> Iterator[Box]:
    in_fence = fenced_lines(lines)
    open_: list[tuple[int, re.Match[str]]] = []
    for nth, line in enumerate(lines):
        found = None if in_fence[nth] or ":::" not in line else _FENCE.fullmatch(line)
        if found is None:
            continue
        says_more = any(found[each] for each in (3, 4, 5, 6, 7))
        if says_more:
            open_.append((nth, found))
        elif open_:
            start, opening = open_.pop()
            yield Box(start=start, end=nth + 1, mark=_mark(lines, start, nth, opening), indent=len(opening[1]))


def _mark(lines: list[str], start: int, end: int, opening: re.Match[str]) -> str:
    """The kind of the division. The first heading in a callout becomes its title and is removed."""
    attributes = opening[3] or opening[7] or ""
    classes = _CLASS.findall(attributes)
    word = opening[4] or next(iter(classes), "")
    said = _TITLE.search(attributes)
    title = next(filter(None, said.groups()), "") if said else opening[5] or (opening[6] or "").strip()
    callout = next((each.removeprefix("callout-") for each in classes if each.startswith("callout-")), "")
    if callout or (opening[4] and word.lower() in _BOXES):
        if callout and not title:
            title = _heading(lines, start, end)
        return box_mark(callout or word, title)
    if word in _WITHOUT_BOX and not _ID.search(attributes):
        return ""
    names = [f".{each}" for each in dict.fromkeys([*([word] if opening[4] else []), *classes])]
    place = _ID.search(attributes)
    return division_mark(" ".join([*names, *([f"#{place[1]}"] if place else [])]) or ".division", title)


def _heading(lines: list[str], start: int, end: int) -> str:
    for nth in range(start + 1, end):
        if lines[nth].strip():
            found = _HEADING.fullmatch(lines[nth])
            if found:
                lines[nth] = ""
                return found[1]
            break
    return ""


_VERSE = re.compile(r"^[ ]{0,3}\|(?: (.*)|)$")


def read_verse(source: SourceText) -> Changed:
    """Turns Pandoc's lines that begin with a bar and a space into verse, but not tables."""
    lines = source.text.split("\n")
    in_fence = fenced_lines(lines)
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and not in_fence[end] and _VERSE.match(lines[end]):
            end += 1
        if end - at > 1 and not any(_is_row(line) for line in lines[at:end]):
            lines[at:end] = [_verse(line, is_last=nth == end - 1) for nth, line in enumerate(lines[at:end], at)]
        at = max(end, at + 1)
    return "\n".join(lines), ()


def _is_row(line: str) -> bool:
    return line.rstrip().endswith("|") and line.count("|") > 1


def _verse(line: str, *, is_last: bool) -> str:
    words = line.lstrip().removeprefix("|").removeprefix(" ")
    indent = width_of(words)
    return "&nbsp;" * indent + (words.strip() or "&nbsp;") + ("" if is_last else "  ")


_RAW_BLOCK = re.compile(r"([ ]*)(?:`{3,}|~{3,})[ ]*\{=([\w+-]+)\}[ \t]*")
_RAW_INLINE = re.compile(r"(`+)([^`\n]+)\1\{=([\w+-]+)\}")
_OF_BOOKS = frozenset({"html", "html5", "html4", "epub", "epub3"})


def read_raw(source: SourceText) -> Changed:
    """Reads raw HTML as HTML; removes raw passages in other formats (LaTeX) and reports them."""
    dropped: Counter[str] = Counter()

    def block(lines: Sequence[str]) -> list[str] | None:
        opening = _RAW_BLOCK.fullmatch(lines[0])
        if opening is None:
            return None
        if opening[2] in _OF_BOOKS:
            return ["", *lines[1:-1], ""]
        dropped[opening[2]] += 1
        return [""] * len(lines)

    def inline(found: re.Match[str]) -> str:
        if found[3] in _OF_BOOKS:
            return found[2]
        dropped[found[3]] += 1
        return ""

    text = _RAW_INLINE.sub(inline, fences_changed(source.text, block))
    if not dropped:
        return text, ()
    places = Locator(source.text, source.first_line)
    said = tuple(
        source.fault(
            "syntax-unread",
            f"{'a passage' if number == 1 else f'{number} passages'} for {kind} alone: left out of the book",
            places.offset(max(0, source.text.find(f"{{={kind}}}"))),
            "write what readers of the book should see in Markdown",
        )
        for kind, number in dropped.items()
    )
    return text, said


_SUB = re.compile(r"(?<![~\\])~(?![~\s])((?:[^\s~\\]|\\.)+)~(?!~)")
_SUP = re.compile(r"(?<![\^\\])\^(?![\^\s\[])((?:[^\s^\\\[\]]|\\.)+)\^(?!\^)")
_EXAMPLE = re.compile(r"^([ ]{0,3})\(@([\w-]*)\)(?=[ \t])", re.MULTILINE)
_COUNTED = re.compile(r"^([ ]{0,3})#\.(?=[ \t])", re.MULTILINE)


def read_marks_of_pandoc(source: SourceText) -> Changed:
    """Turns ``H~2~O`` and ``x^2^`` into elements, and ``(@)`` and ``#.`` into numbers."""
    text = outside_code(source, _SUB, lambda found: f"<sub>{_spaced(found[1])}</sub>")
    text = outside_code(source, _SUP, lambda found: f"<sup>{_spaced(found[1])}</sup>", text)
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        number = len(numbers) + 1
        numbers[found[2] or f"\0{number}"] = number
        return f"{found[1]}{number}."

    text = outside_code(source, _EXAMPLE, numbered, text)
    text = outside_code(source, _EXAMPLE_NAMED, lambda found: _number_of(found, numbers), text) if numbers else text
    return outside_code(source, _COUNTED, lambda found: f"{found[1]}1.", text), ()


_EXAMPLE_NAMED = re.compile(r"(?<![\w@])\(?@([\w-]+)\b\)?")


def _number_of(found: re.Match[str], numbers: Mapping[str, int]) -> str:
    number = numbers.get(found[1])
    return f"({number})" if number else found[0]


def _spaced(words: str) -> str:
    return words.replace("\\ ", "\N{NO-BREAK SPACE}")


_OPENING = re.compile(r"([ \t>]*)(`{3,}|~{3,})[ \t]*\{([A-Za-z][\w+-]*)((?:[ ,][^{}\n]*)?)\}[ \t]*")
_OPTION = re.compile(r"[ \t>]*(?:#|//|%%|--|;)\|[ \t]?(.*)")
_HIDES = re.compile(r"(?<![\w.-])(?:echo|include)[ ]*[=:][ ]*(?:false|F)\b", re.IGNORECASE)
_CAPTION = re.compile(r"(?<![\w-])(?:fig-cap|fig\.cap|tbl-cap)[ ]*[=:][ ]*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^,\n]+))")
_PART = re.compile(r"^# \((?:PART|APPENDIX)\\?\*?\)[^\n]*$", re.MULTILINE)
_FIRST = re.compile(_OPENING.pattern + "$", re.MULTILINE)


def read_chunks(source: SourceText) -> Changed:
    """Turns chunks into code blocks without options; removes hidden ones. Reports once that results are missing."""
    languages: list[str] = []
    text = fences_changed(_PART.sub("", source.text), lambda lines: _shown(lines, languages)).replace("`r ''`", "")
    if not languages:
        return text, ()
    first = _FIRST.search(source.text)
    number = len(languages)
    said = source.fault(
        "code-not-run",
        f"{'a chunk' if number == 1 else f'{number} chunks'} of {languages[-1]} {'is' if number == 1 else 'are'} shown "
        "without results: chapbook runs no code",
        Locator(source.text, source.first_line).offset(first.start() if first else 0),
        "render with 'keep-md: true' or 'freeze: true': chapbook uses the rendered file beside it, or under _freeze",
    )
    return text, (said,)


def _shown(lines: Sequence[str], languages: list[str]) -> list[str] | None:
    opening = _OPENING.fullmatch(lines[0])
    if opening is None:
        return None
    languages.append(opening[3].lower())
    inner = lines[1:-1]
    said = [each[1] for line in inner if (each := _OPTION.fullmatch(line))]
    options = "\n".join([opening[4], *said])
    code = [line for line in inner if not _OPTION.fullmatch(line)]
    if _HIDES.search(options) or not any(map(str.strip, code)):
        caption = _CAPTION.search(options)
        words = next(filter(None, caption.groups()), "").strip() if caption else ""
        made = [f"{opening[1]}*{words}*" if words else opening[1].rstrip()]
    else:
        made = [f"{opening[1]}{opening[2]}{opening[3].lower()}", *code, lines[-1]]
    return [*made, *[opening[1].rstrip()] * (len(lines) - len(made))]
