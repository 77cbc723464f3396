"""Obsidian's syntax: wikilinks and embeds, highlights, comments and block names."""

from __future__ import annotations

import re
from urllib.parse import quote

from chapbook.model.diagnostics import Diagnostic
from chapbook.model.urls import BY_NAME
from chapbook.source.edits import outside_code
from chapbook.source.positions import SourceText

__all__ = ["read_marks", "read_obsidian"]

_Changed = tuple[str, tuple[Diagnostic, ...]]

_REMARK = re.compile(r"%%(?:(?!%%).)*%%", re.DOTALL)
_WIKILINK = re.compile(r"(!?)\[\[([^\[\]|\n\\]*)(?:\\?\|([^\[\]\n]*))?\]\]")
_BLOCK = re.compile(r"(?<=\S)[ \t]+\^([A-Za-z0-9-]+)[ \t]*$|^\^([A-Za-z0-9-]+)[ \t]*$", re.MULTILINE)
_SIZE = re.compile(r"\s*(\d{1,5})(?:x(\d{1,5}))?\s*")
_PICTURE = re.compile(r"\.(?:apng|avif|bmp|gif|jpe?g|jfif|png|svg|tiff?|webp)\Z", re.IGNORECASE)
_SOUND = re.compile(r"\.(?:mp3|m4a|ogg|opus|wav|flac|3gp)\Z", re.IGNORECASE)
_FILM = re.compile(r"\.(?:mp4|m4v|webm|mov|mkv|ogv)\Z", re.IGNORECASE)
_NOT_A_LINK = frozenset({"TOC", "_TOC_", "toc"})


def read_obsidian(source: SourceText) -> _Changed:
    """Removes ``%%comments%%``; turns ``[[wikilinks]]``, ``![[embeds]]`` and block names (``^name``) into Markdown."""
    text = outside_code(source, _REMARK, lambda found: "\n" * found[0].count("\n"))
    text = outside_code(source, _WIKILINK, _link, text)
    return outside_code(source, _BLOCK, lambda found: f'<a id="block-{found[1] or found[2]}"></a>', text), ()


def _link(found: re.Match[str]) -> str:
    target, words = found[2].strip(), (found[3] or "").strip()
    if not target or target in _NOT_A_LINK:
        return found[0]
    path, _, place = target.partition("#")
    address = BY_NAME + quote(path.strip()) + (f"#{_fragment(place)}" if place else "")
    if found[1] and (embedded := _embedded(path.strip(), address, words)):
        return embedded
    shown = words or (f"{path} > {place.replace('#', ' > ')}" if path and place else path or place.rpartition("#")[2])
    return f"[{_escaped(shown)}]({address})"


def _fragment(place: str) -> str:
    """The last of nested headings, which is found by its words; a block has an id."""
    last = place.rpartition("#")[2].strip()
    return f"block-{last[1:]}" if last.startswith("^") else quote(last)


def _embedded(path: str, address: str, words: str) -> str:
    """A picture, sound or film as Markdown; empty for anything else."""
    if _PICTURE.search(path):
        *alts, last = words.split("|")
        size = _SIZE.fullmatch(last)
        alt = "|".join(alts if size else [*alts, last]).strip()
        sides = zip(("width", "height"), size.groups(), strict=True) if size else ()
        attributes = " ".join(f"{name}={side}" for name, side in sides if side)
        return f"![{_escaped(alt)}]({address}){f'{{{attributes}}}' if attributes else ''}"
    if _SOUND.search(path):
        return f'<audio src="{address}" controls="controls"></audio>'
    if _FILM.search(path):
        return f'<video src="{address}" controls="controls"></video>'
    return ""


def _escaped(words: str) -> str:
    return re.sub(r"([\[\]\\`*_<])", r"\\\1", words)


_MARK = re.compile(r"(?<![=\\])==(?![=\s])((?:[^=\n]|=(?!=)|\n(?![ \t]*\n))+?)(?<![=\s])==(?!=)")
_INSERTED = re.compile(r"(?<![\^\\])\^\^(?![\^\s])([^^\n]+?)(?<!\s)\^\^(?!\^)")


def read_marks(source: SourceText) -> _Changed:
    """Turns ``==highlighted==`` words, and MkDocs' ``^^inserted^^`` ones, into elements."""
    text = outside_code(source, _MARK, lambda found: f"<mark>{found[1]}</mark>")
    return outside_code(source, _INSERTED, lambda found: f"<ins>{found[1]}</ins>", text), ()
