"""What other tools read and neither dialect does, put into the form that both read, on as many lines as before."""

from __future__ import annotations

import re
from collections.abc import Callable

from chapbook.model.diagnostics import Diagnostic
from chapbook.source.positions import Locator, SourceText

__all__ = ["read_picture_addresses", "read_tex_brackets"]

_Changed = tuple[str, tuple[Diagnostic, ...]]

_PICTURE = re.compile(r"(!\[[^\]\n]*\]\()[ \t]*([^()<>\n]*?[ \t][^()<>\n]*?)[ \t]*\)(\{[^{}\n]*\})?")
_TITLE = re.compile(r"""[ \t]+("[^"\n]*"|'[^'\n]*')""")
_SIZE = re.compile(r"[ \t]+=(\d{0,5})(?:x(\d{0,5}))?(?=[ \t]|\Z)", re.IGNORECASE)
_NAMES_PICTURE = re.compile(r"\.(?:apng|avif|bmp|gif|jpe?g|jfif|png|svg|tiff?|webp)\Z", re.IGNORECASE)


def read_picture_addresses(source: SourceText) -> _Changed:
    """Takes sizes after an address (``![…](a.png =200x100)``), and addresses with spaces, which CommonMark doesn't."""
    return _outside_code(source, _PICTURE, lambda found: _picture(found, source.dialect)), ()


def _picture(found: re.Match[str], dialect: str) -> str:
    inner = found[2]
    title = _TITLE.search(inner)
    address = inner[: title.start()] + inner[title.end() :] if title else inner
    size = _SIZE.search(address)
    if size is not None:
        address = address[: size.start()] + address[size.end() :]
    address = address.strip()
    spaced = " " in address or "\t" in address
    if spaced and (_NAMES_PICTURE.search(address) is None or dialect == "markdown"):
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


def read_tex_brackets(source: SourceText) -> _Changed:
    r"""Takes formulas in ``\(…\)`` and ``\[…\]`` as those between dollar signs.

    Markdown escapes brackets the same way: what holds words, and no sign of TeX, is no formula.
    """
    text = _outside_code(source, _INLINE, lambda found: _formula(found, "$"))
    return _outside_code(source, _DISPLAY, lambda found: _formula(found, "$$"), text), ()


def _formula(found: re.Match[str], sign: str) -> str:
    tex = found[1].strip()
    is_tex = _OF_TEX.search(tex) is not None or (sign == "$" and _WORD.search(tex) is None)
    if not tex or not is_tex:
        return found[0]
    lost = found[1].count("\n") - tex.count("\n")
    return f"{sign}{tex}{sign}" + "\n" * lost


def _outside_code(
    source: SourceText, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str], text: str | None = None
) -> str:
    """The text, `source`'s where none is given, with `new` in place of each match that isn't in code."""
    text = source.text if text is None else text
    if pattern.search(text) is None:
        return text
    places = Locator(text)
    return pattern.sub(lambda found: found[0] if places.is_code(found.start()) else new(found), text)
