"""Code chunks of Quarto and knitr: shown as their options say, never run here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chapbook.model.diagnostics import Diagnostic
from chapbook.source.edits import fences_changed
from chapbook.source.positions import Locator, SourceText

__all__ = ["read_chunks"]

_OPENING = re.compile(r"([ \t>]*)(`{3,}|~{3,})[ \t]*\{([A-Za-z][\w+-]*)((?:[ ,][^{}\n]*)?)\}[ \t]*")
_OPTION = re.compile(r"[ \t>]*(?:#|//|%%|--|;)\|[ \t]?(.*)")
_HIDES = re.compile(r"(?<![\w.-])(?:echo|include)[ ]*[=:][ ]*(?:false|F)\b", re.IGNORECASE)
_CAPTION = re.compile(r"(?<![\w-])(?:fig-cap|fig\.cap|tbl-cap)[ ]*[=:][ ]*(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^,\n]+))")
_PART = re.compile(r"^# \((?:PART|APPENDIX)\\?\*?\)[^\n]*$", re.MULTILINE)
_FIRST = re.compile(_OPENING.pattern + "$", re.MULTILINE)


def read_chunks(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
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
