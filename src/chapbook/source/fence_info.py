"""Reads the title and highlighted lines beside a fence's language, in the forms that many tools use."""

from __future__ import annotations

import re

from chapbook.model.diagnostics import Diagnostic
from chapbook.model.marks import FENCE_INFO
from chapbook.source.code_ranges import code_ranges
from chapbook.source.positions import SourceText

__all__ = ["read_fences"]

_OPENING = re.compile(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\n]+\]:|:)[ \t]+){0,4}(?:`{3,}|~{3,}))[ \t]*([^`\n]*)")
_TITLE = re.compile(
    r"""(?<![\w-])(?:title|filename|file|name|caption)[ ]*=[ ]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s,}"']+))"""
)
_LINES = re.compile(
    r"""(?<![\w-])(?:hl_lines|highlight|code-line-numbers|hl)[ ]*=[ ]*["'\[]?([\d\s,"'-]+)|\{([\d,\s-]+)\}"""
)
_LANGUAGE = re.compile(r"\{?[ ]*[.=]?([\w#+-][\w#+.-]*)")
_SAYS_MORE = re.compile(r"(?:```|~~~)[^\n`]*[={:]")
_FILE_AFTER_COLON = re.compile(r"\{?\.?[\w#+-]+:((?:[\w.-]+/)*[\w-]+\.[\w.]+)")


def read_fences(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
    """Encodes titles and lines in the one word that all dialects pass on, for the pass on code."""
    text = source.text
    if _SAYS_MORE.search(text) is None:
        return text, ()
    parts, at = [], 0
    for start, _ in code_ranges(text, source.dialect):
        opening = _OPENING.match(text, start)
        made = _word(opening[2]) if opening else ""
        if opening and made:
            parts += [text[at : opening.end(1)], made]
            at = opening.end()
    return "".join([*parts, text[at:]]), ()


def _word(info: str) -> str:
    """The language combined with what is beside it; empty if there is nothing."""
    title, lines, after = _TITLE.search(info), _LINES.search(info), _FILE_AFTER_COLON.match(info)
    name = next(filter(None, title.groups()), "") if title else after[1] if after else ""
    numbers = ",".join(re.findall(r"\d+-\d+|\d+", (lines[1] or lines[2]) if lines else ""))
    if not name and not numbers:
        return ""
    language = _LANGUAGE.match(info)
    said = f"{name}\n{numbers}".encode().hex()
    is_attribute = language is None or info[language.end() : language.end() + 1] == "="
    return f"{'text' if is_attribute or language is None else language[1]}{FENCE_INFO}{said}"
