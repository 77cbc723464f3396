"""Prepares TeX for the converter: sets words aside and replaces commands that it doesn't know.

The converter knows most of LaTeX's and amsmath's commands; what it misreads is changed here into forms that it reads
correctly. Each step is one pass over a formula of limited length.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["MARKS", "TAG", "WORDS", "Mark", "TexError", "normal_form"]

WORDS = range(0xE000, 0xE400)
"""Private-use characters that stand for the words of a formula during conversion."""
MARKS = range(0xE400, 0xE500)
"""Private-use characters that stand for its `Mark`s."""

_LONGEST = 10_000
_DEEPEST = 60


class TexError(Exception):
    """Raised for a formula that chapbook can't read; the message says why."""


class Mark(NamedTuple):
    """A command that numbers a formula or refers to a number."""

    command: str
    """``tag``, ``tag*``, ``label``, ``ref`` or ``eqref``."""
    text: str


_DEFINITIONS = re.compile(r"\\(?:(?:re)?new(?:command|environment)|providecommand|[egx]?def|let|DeclareMathOperator)\b")
_TEXT = re.compile(
    r"\\(text|textrm|textnormal|textup|textmd|textsc|mbox|hbox|emph|textbf|textit|textsf|texttt"
    r"|operatorname\*?|mathrm|mathbf|mathsf|mathtt|mathit)\s*\{"
)
_TEXT_OR_BRACE = re.compile(rf"{_TEXT.pattern}|\\.|(?P<brace>[{{}}])", re.DOTALL)
_PLAIN_TEXT = re.compile("text|textrm|textnormal|textup|textmd|textsc|mbox|hbox")
_NAME = re.compile(r"(?:[A-Za-z0-9.-]|\\[ ,;:!]|[\s~])*[A-Za-z](?:[A-Za-z0-9.-]|\\[ ,;:!]|[\s~])*")
_ESCAPED = re.compile(r"\\([%$&#_{}])|\\textbackslash\b|\\[,;: ]|~|\\!|\\(?=[a-zA-Z])")
_FONTS = MappingProxyType(
    {"mathrm": "text", "mathbf": "textbf", "mathsf": "textsf", "mathtt": "texttt", "mathit": "textit", "emph": "textit"}
)
_ENVIRONMENTS = MappingProxyType(
    {
        "aligned": "align*",
        "align": "align*",
        "alignat": "align*",
        "alignat*": "align*",
        "alignedat": "align*",
        "flalign": "align*",
        "flalign*": "align*",
        "split": "align*",
        "gather": "matrix",
        "gather*": "matrix",
        "gathered": "matrix",
        "multline": "matrix",
        "multline*": "matrix",
        "multlined": "matrix",
        "subarray": "matrix",
        "dcases": "cases",
        "cases*": "cases",
    }
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+\*?)\}")
_PLACED = re.compile(r"(\\begin\s*\{(?:aligned|alignedat|gathered|multlined|array|split)\})\s*\[[tbc]\]")
_AT_COLUMNS = re.compile(r"(\\begin\s*\{(?:alignat\*?|alignedat)\})\s*\{\d+\}")
_EQUATION = re.compile(r"\\(?:begin|end)\s*\{(?:equation|displaymath|math)\*?\}")
_UNSEEN = re.compile(r"\\(?:nonumber|notag)(?![a-zA-Z])|(?<!\\)%[^\n]*")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
TAG = re.compile(r"\\tag(\*?)\s*\{([^{}]*)\}")
_NUMBERING = re.compile(r"\\(tag\*?|label|ref|eqref)\s*\{([^{}]*)\}")
_ROW_SPACE = re.compile(r"\\\\(?:\*?\s*\[\s*-?[\d.]+\s*(?:pt|pc|em|ex|mu|cm|mm|in|bp|sp|(?:\\[a-zA-Z]+))\s*\]|\*)?")
"""The end of a row, with the extra space that LaTeX adds below."""
_ARRAY = re.compile(r"\\begin\s*\{array\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_BETWEEN_COLUMNS = re.compile(r"[@!<>]\s*\{[^{}]*\}")
_REPEATED = re.compile(r"\*\s*\{(\d{1,3})\}\s*\{([^{}]*)\}")
_MOST_REPEATED = 50
_MOST_COLUMNS = 200
_OUTER_LINE = re.compile(
    r"(\\begin\{array\}\{[lcr|]+\})(?: ?\\hline(?![a-zA-Z]))+|(?:\\hline(?![a-zA-Z]) ?)+(\\end ?\{array\})?"
)
"""MathML has lines only between rows, not at the table's edge."""
_STARRED = re.compile(r"\\(begin|end)\s*\{([pbBvV])matrix\*\}")
_STARRED_AS = MappingProxyType(
    {
        f"{which}{kind}": rf"\left{left}\begin{{matrix*}}" if which == "begin" else rf"\end{{matrix*}}\right{right}"
        for kind, left, right in (
            ("p", "(", ")"),
            ("b", "[", "]"),
            ("B", r"\{", r"\}"),
            ("v", "|", "|"),
            ("V", r"\Vert ", r"\Vert "),
        )
        for which in ("begin", "end")
    }
)
_NEGATED = MappingProxyType({"=": r"\neq ", "<": "≮ ", ">": "≯ "})
_NOT = re.compile(r"\\not\s*([=<>])")
_LINE_END = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")
"""A backslash at the end of a line: a space."""
_BARE_SUPERSCRIPT = re.compile(r"(\\[,;:! ]|~)\s*(?=[\^_])")
_SYNONYM = re.compile(
    r"\\\\|\\(sim|setminus|arg\s*\\max|arg\s*\\min|arg|AA|qed|copyright|P|hdots|pounds|iddots|ensuremath"
    r"|degree|celsius|colonequals|eqqcolon|bigstar|mathds|boldmath|newline)(?![a-zA-Z])"
)
_SYNONYMS = MappingProxyType(
    {
        "sim": "∼ ",
        "setminus": "∖ ",
        "arg\\max": "\\argmax ",
        "arg\\min": "\\argmin ",
        "arg": "\\operatorname{arg}",
        "AA": "Å ",
        "qed": "∎ ",
        "copyright": "© ",
        "P": "¶ ",
        "hdots": "\\dots ",
        "pounds": "£ ",
        "iddots": "⋰ ",
        "ensuremath": "",
        "degree": "°",
        "celsius": "℃",
        "colonequals": "≔ ",
        "eqqcolon": "≕ ",
        "bigstar": "★ ",
        "mathds": "\\mathbb ",
        "boldmath": "",
        "newline": "\\\\ ",
    }
)


def normal_form(tex: str, *, display: bool) -> tuple[str, tuple[str, ...], tuple[Mark, ...]]:
    """The formula for the converter, and what the characters `WORDS` and `MARKS` in it stand for, in order.

    An inline formula (not `display`) has no number; a tag in it is shown as words. Raises TexError if it is too long,
    too deep, or defines commands.
    """
    _check(tex)
    words: list[str] = []
    marks: list[Mark] = []
    tex = _UNSEEN.sub("", tex)
    if not display:
        tex = TAG.sub(lambda found: rf"\qquad\text{{{found[2] if found[1] else f'({found[2]})'}}}", _LABEL.sub("", tex))
    tex = _NUMBERING.sub(lambda found: _marked(found, marks), tex)
    tex = _set_words_aside(tex, words)
    tex = _SYNONYM.sub(lambda found: _SYNONYMS.get(re.sub(r"\s", "", found[1] or ""), found[0]), tex)
    tex = _LINE_END.sub(r"\1\\ ", tex)
    tex = _NOT.sub(lambda found: _NEGATED[found[1]], tex)
    tex = _BARE_SUPERSCRIPT.sub(r"\1{}", tex)
    return _environments(tex), tuple(words), tuple(marks)


def _marked(found: re.Match[str], marks: list[Mark]) -> str:
    """A placeholder for a command: a text of its own, or a character inside an existing text."""
    if len(marks) == len(MARKS):
        raise TexError("it holds more numbers than chapbook reads")
    marks.append(Mark(found[1], " ".join(found[2].split())))
    character = chr(MARKS[len(marks) - 1])
    return character if "ref" in found[1] and _is_in_text(found.string, found.start()) else rf"\text{{{character}}}"


def _is_in_text(tex: str, at: int) -> bool:
    """Whether the innermost open brace at that place belongs to a text."""
    opened: list[bool] = []
    for found in _TEXT_OR_BRACE.finditer(tex, 0, at):
        if found["brace"] == "}":
            opened[-1:] = []
        elif found["brace"] or found[1]:
            opened.append(bool(found[1]))
    return bool(opened) and opened[-1]


def _check(tex: str) -> None:
    if len(tex) > _LONGEST:
        raise TexError(f"it is longer than {_LONGEST:,} characters")
    depth = deepest = 0
    for brace in re.findall(r"\\.|[{}]", tex, re.DOTALL):
        depth += (brace == "{") - (brace == "}")
        deepest = max(deepest, depth)
        if depth < 0:
            raise TexError("a brace closes that was never opened")
    if depth:
        raise TexError("a brace isn't closed")
    if deepest > _DEEPEST:
        raise TexError(f"its braces nest deeper than {_DEEPEST}")
    if _DEFINITIONS.search(tex):
        raise TexError("it defines commands, and chapbook doesn't read those")
    if any(ord(character) in WORDS or ord(character) in MARKS for character in tex):
        raise TexError("it holds private-use characters")


def _set_words_aside(tex: str, words: list[str]) -> str:
    """Replaces text and names of several letters by one private-use character each, so that none is misread."""
    parts, start = [], 0
    while found := _TEXT.search(tex, start):
        end = _closing(tex, found.end())
        parts += [tex[start : found.start()], _word(found[1], tex[found.end() : end], words)]
        start = end + 1
    return "".join([*parts, tex[start:]])


def _closing(tex: str, start: int) -> int:
    depth = 1
    for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(tex, start):
        depth += (found[0] == "{") - (found[0] == "}")
        if not depth:
            return found.start()
    raise TexError("a brace isn't closed")


def _word(command: str, content: str, words: list[str]) -> str:
    if command.startswith("operatorname"):
        if not _NAME.fullmatch(content):
            return rf"\mathrm{{{_set_words_aside(content, words)}}}"
        if re.fullmatch("[A-Za-z]+", content):
            return rf"\{command}{{{content}}}"
        return rf"\mathop{{{_aside('text', content, words)}}}"
    if command.startswith("math"):
        several = _NAME.fullmatch(content) and len(re.findall("[A-Za-z]", content)) > 1 and "\\" not in content
        inner = re.sub(r"[\s~]", "", content)
        return (
            _aside(_FONTS[command], inner, words) if several else rf"\{command}{{{_set_words_aside(content, words)}}}"
        )
    pieces = re.split(r"(?<!\\)\$", content)
    if len(pieces) % 2 == 0:
        raise TexError("a dollar sign in its text has no partner")
    font = "text" if _PLAIN_TEXT.fullmatch(command) else _FONTS.get(command, command)
    made = [
        f"{{{_set_words_aside(piece, words)}}}" if nth % 2 else _aside(font, piece, words)
        for nth, piece in enumerate(pieces)
        if piece
    ]
    return f"{{{''.join(made)}}}" if len(made) != 1 else made[0]


def _aside(font: str, text: str, words: list[str]) -> str:
    if len(words) == len(WORDS):
        raise TexError("it holds more words than chapbook reads")
    plain = _ESCAPED.sub(lambda found: found[1] or ("" if found[0] in {"\\!", "\\"} else " "), text)
    plain = plain.replace("{", "").replace("}", "")
    words.append(re.sub(r"^\s+|\s+$", "\u00a0", re.sub(r"\s+", " ", plain)))
    return rf"\{font}{{{chr(WORDS[len(words) - 1])}}}"


def _columns(spec: str) -> str:
    """The columns of an array for the converter: the letters l, c and r, with single bars between."""
    spec = _REPEATED.sub(lambda found: found[2] * min(int(found[1]), _MOST_REPEATED), _BETWEEN_COLUMNS.sub("", spec))
    spec = re.sub(r"[^lcr|]", "c", re.sub(r"\s+", "", re.sub(r"[pmb]\s*\{[^{}]*\}", "l", spec)).replace(":", "|"))
    return re.sub(r"\|+", "|", spec[:_MOST_COLUMNS]).strip("|") or "c"


def _environments(tex: str) -> str:
    tex = re.sub(r"[ \t\r\n]+", " ", tex)
    tex = _EQUATION.sub("", _AT_COLUMNS.sub(r"\1", _PLACED.sub(r"\1", tex)))
    tex = _ROW_SPACE.sub(lambda found: found[0] if found[0] == r"\\" else r"\\", tex)
    tex = _ARRAY.sub(lambda found: rf"\begin{{array}}{{{_columns(found[1])}}}", tex)
    tex = _OUTER_LINE.sub(lambda found: found[1] or found[2] or r"\hline ", tex)
    tex = _STARRED.sub(lambda found: _STARRED_AS[found[1] + found[2]], tex)
    tex = re.sub(r"\\begin\s*\{eqnarray\*?\}", r"\\begin{array}{rcl}", tex)
    tex = re.sub(r"\\end\s*\{eqnarray\*?\}", r"\\end{array}", tex)
    tex = re.sub(r"\\begin\s*\{rcases\}", r"\\left.\\begin{array}{ll}", tex)
    tex = re.sub(r"\\end\s*\{rcases\}", r"\\end{array}\\right\\}", tex)
    tex = re.sub(r"(\\begin\s*\{subarray\})\s*\{[lcr]\}", r"\1", tex)
    tex = _ENVIRONMENT.sub(lambda found: rf"\{found[1]}{{{_ENVIRONMENTS.get(found[2], found[2])}}}", tex)
    if r"\\" in tex and r"\begin" not in tex and not re.search(r"\\(?:substack|cases|[a-zA-Z]?matrix)\b", tex):
        name = "align*" if re.search(r"(?<!\\)&", tex) else "matrix"
        tex = rf"\begin{{{name}}}{tex}\end{{{name}}}"
    return tex
