"""Converts syntax that many tools read but neither dialect does, keeping the number of lines."""

from __future__ import annotations

import re

from chapbook.dialects.commonmark import ATTRIBUTE
from chapbook.model.marks import FENCE_INFO, INLINE_NOTE, PAGE_BREAK
from chapbook.source.lines import code_ranges
from chapbook.source.positions import Changed, SourceText, outside_code

__all__ = [
    "PICTURE_NAME",
    "read_contents",
    "read_fences",
    "read_inline_notes",
    "read_page_breaks",
    "read_picture_addresses",
    "read_spans",
    "read_tex_brackets",
]

_PICTURE = re.compile(
    r"(!\[[^\[\]\n]{0,2000}(?:\[[^\[\]\n]{0,200}\][^\[\]\n]{0,200})?\]\()"
    r"[ \t]*+([^()<>\n]{0,2000}?[ \t][^()<>\n]{0,2000}?)[ \t]*\)(\{[^{}\n]*\})?"
)
_TITLE = re.compile(r"""[ \t]+("[^"\n]*"|'[^'\n]*')""")
_SIZE = re.compile(r"[ \t]+=(\d{0,5})(?:x(\d{0,5}))?(?=[ \t]|\Z)", re.IGNORECASE)
PICTURE_NAME = re.compile(r"\.(?:apng|avif|bmp|gif|jpe?g|jfif|png|svg|tiff?|webp)\Z", re.IGNORECASE)


def read_picture_addresses(source: SourceText) -> Changed:
    """Reads sizes after an address (``![…](a.png =200x100)``) and addresses with spaces, which CommonMark doesn't."""
    return outside_code(source, _PICTURE, lambda found: _picture(found, source.dialect)), ()


def _picture(found: re.Match[str], dialect: str) -> str:
    inner = found[2]
    title = _TITLE.search(inner)
    address = inner[: title.start()] + inner[title.end() :] if title else inner
    size = _SIZE.search(address)
    if size is not None:
        address = address[: size.start()] + address[size.end() :]
    address = address.strip()
    spaced = " " in address or "\t" in address
    if spaced and (PICTURE_NAME.search(address) is None or dialect == "markdown"):
        return found[0]
    if size is None and not spaced:
        return found[0]
    sides = zip(("width", "height"), size.groups() if size else ("", ""), strict=True)
    attributes = " ".join([*(f"{name}={side}" for name, side in sides if side), (found[3] or "").strip("{} ")]).strip()
    made = f"{found[1]}{f'<{address}>' if spaced else address}{f' {title[1]}' if title else ''})"
    return f"{made}{{{attributes}}}" if attributes else made


_INLINE = re.compile(r"(?<!\\)\\\(((?:[^\\\n$]|\\[^()\[\]\n]|\n(?!\s*\n))+?)\\\)")
_DISPLAY = re.compile(r"(?<!\\)\\\[((?:[^\\\n$]|\\[^()\[\]\n]|\\\\\[|\n(?!\s*\n))+?)\\\](?![(\[:])")
_OF_TEX = re.compile(r"\\[A-Za-z]|[\^_=+<>{}]")
_WORD = re.compile(r"[^\W\d_]{3}")


def read_tex_brackets(source: SourceText) -> Changed:
    r"""Reads formulas in ``\(…\)`` and ``\[…\]`` like those between dollar signs.

    Markdown escapes brackets the same way, so words without TeX signs aren't a formula.
    """
    text = outside_code(source, _INLINE, lambda found: _formula(found, "$"))
    return outside_code(source, _DISPLAY, lambda found: _formula(found, "$$"), text), ()


def _formula(found: re.Match[str], sign: str) -> str:
    tex = found[1].strip()
    is_tex = _OF_TEX.search(tex) is not None or (sign == "$" and _WORD.search(tex) is None)
    if not tex or not is_tex:
        return found[0]
    lost = found[1].count("\n") - tex.count("\n")
    return f"{sign}{tex}{sign}" + "\n" * lost


_NOTE = re.compile(
    r"(?<![\\!\]^])\^\[((?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\](?:\([^()\n]*\)|\{[^{}\n]*\})?|\n(?![ \t]*\n))++)\](?!\()"
)


def read_inline_notes(source: SourceText) -> Changed:
    """Marks inline notes, ``^[words]``, for the pass that numbers notes."""
    return outside_code(source, _NOTE, lambda found: _inline_note(found[1]) or found[0]), ()


def _inline_note(words: str) -> str:
    return f'<span class="{INLINE_NOTE}">{words}</span>' if any(map(str.isalpha, words)) else ""


_SPAN = re.compile(
    r"(?<![\]\\!^])\[((?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\](?:\([^()\n]*\))?|\n(?![ \t]*\n))++)\]\{([^{}\n]+)\}"
)
_ATTRIBUTES = re.compile(rf"[ ]*{ATTRIBUTE}(?:[ ]+{ATTRIBUTE})*[ ]*")
_ELEMENTS = {"underline": "u", "ul": "u", "mark": "mark", "kbd": "kbd", "strike": "s", "sub": "sub", "sup": "sup"}
_SMALL_CAPS = frozenset({"smallcaps", "sc", "small-caps"})


def read_spans(source: SourceText) -> Changed:
    """Turns Pandoc's ``[words]{.smallcaps}`` into elements, but not reference links."""
    return outside_code(source, _SPAN, lambda found: _span(found, source.text)), ()


def _span(found: re.Match[str], text: str) -> str:
    written = found[2]
    if _ATTRIBUTES.fullmatch(written) is None or f"[{found[1]}]:" in text:
        return found[0]
    classes = re.findall(r"(?<![\w=\"'])\.([\w-]+)", written)
    name = next((_ELEMENTS[each] for each in classes if each in _ELEMENTS), "span")
    kept = ["small-caps" if each in _SMALL_CAPS else each for each in classes if each not in _ELEMENTS]
    attributes = f' class="{" ".join(kept)}"' if kept else ""
    for key, pattern in (
        ("id", r"(?<![\w=\"'])#([\w.:-]+)"),
        ("lang", r"\blang=[\"']?([\w-]+)"),
        ("dir", r"\bdir=[\"']?(\w+)"),
    ):
        value = re.search(pattern, written)
        attributes += f' {key}="{value[1]}"' if value else ""
    return f"<{name}{attributes}>{found[1]}</{name}>"


_CONTENTS = re.compile(r"^(?:[-*+]|1\.)[ \t]+\S[^\n]*\n[ ]*\{:\s*toc\s*\}[ \t]*$", re.MULTILINE | re.IGNORECASE)


def read_contents(source: SourceText) -> Changed:
    """Reads kramdown's list with ``{:toc}`` as the mark for a chapter's contents."""
    return outside_code(source, _CONTENTS, lambda _: "\n[TOC]"), ()


_PAGE_BREAK = re.compile(
    r"^[ ]{0,3}(?:\\(?:newpage|pagebreak|clearpage|cleardoublepage)(?:\{\})?|\{pagebreak\}|\{\{<[ ]*pagebreak[ ]*>\}\})"
    r"[ \t]*$",
    re.MULTILINE,
)


def read_page_breaks(source: SourceText) -> Changed:
    r"""Turns ``\\newpage`` on its own line, and other tools' forms of it, into a page break."""
    made = f'<div class="{PAGE_BREAK}"></div>'
    return outside_code(source, _PAGE_BREAK, lambda _: f"<!---->{made}" if source.dialect == "commonmark" else made), ()


_OPENING = re.compile(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\n]+\]:|:)[ \t]+){0,4}(?:`{3,}|~{3,}))[ \t]*([^`\n]*)")
_NAME_OF_CODE = re.compile(
    r"""(?<![\w-])(?:title|filename|file|name|caption)[ ]*=[ ]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s,}"']+))"""
)
_LINES_OF_CODE = re.compile(
    r"""(?<![\w-])(?:hl_lines|highlight|code-line-numbers|hl)[ ]*=[ ]*["'\[]?([\d\s,"'-]+)|\{([\d,\s-]+)\}"""
)
_LANGUAGE = re.compile(r"\{?[ ]*[.=]?([\w#+-][\w#+.-]*)")
_SAYS_MORE = re.compile(r"(?:```|~~~)[^\n`]*[={:]")
_FILE_AFTER_COLON = re.compile(r"\{?\.?[\w#+-]+:((?:[\w.-]+/)*[\w-]+\.[\w.]+)")


def read_fences(source: SourceText) -> Changed:
    """Encodes titles and lines in the one word that all dialects pass on, for the pass on code."""
    text = source.text
    if _SAYS_MORE.search(text) is None:
        return text, ()
    parts, at = [], 0
    for start, _ in code_ranges(text, source.dialect):
        opening = _OPENING.match(text, start)
        made = _info_word(opening[2]) if opening else ""
        if opening and made:
            parts += [text[at : opening.end(1)], made]
            at = opening.end()
    return "".join([*parts, text[at:]]), ()


def _info_word(info: str) -> str:
    """The language combined with what is beside it; empty if there is nothing."""
    title, lines, after = _NAME_OF_CODE.search(info), _LINES_OF_CODE.search(info), _FILE_AFTER_COLON.match(info)
    name = next(filter(None, title.groups()), "") if title else after[1] if after else ""
    numbers = ",".join(re.findall(r"\d+-\d+|\d+", (lines[1] or lines[2]) if lines else ""))
    if not name and not numbers:
        return ""
    language = _LANGUAGE.match(info)
    said = f"{name}\n{numbers}".encode().hex()
    is_attribute = language is None or info[language.end() : language.end() + 1] == "="
    return f"{'text' if is_attribute or language is None else language[1]}{FENCE_INFO}{said}"
