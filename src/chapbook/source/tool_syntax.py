"""What MkDocs (with its theme Material), mdBook, Docusaurus and Obsidian add to Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from chapbook.model.urls import BY_NAME
from chapbook.source.foreign_syntax import PICTURE_NAME
from chapbook.source.lines import (
    Box,
    blank,
    box_mark,
    division_mark,
    fenced_lines,
    fences_changed,
    in_boxes,
    width_of,
    words_of_link,
)
from chapbook.source.positions import Changed, Locator, SourceText, outside_code

__all__ = ["read_admonitions", "read_keys", "read_marks", "read_mdbook", "read_mdx", "read_obsidian"]

_ADMONITION = re.compile(r"([ ]*)(?:!!!|\?\?\?\+?)[ ]?([\w-]+)((?:[ ]+[\w-]+)*)(?:[ ]+\"(.*)\")?[ \t]*")
_TAB = re.compile(r"([ ]*)===[!+]*[ ]+\"(.*)\"[ \t]*")
_INDENT = 4


def read_admonitions(source: SourceText) -> Changed:
    """Turns ``!!! note "Title"``, ``???`` and ``=== "Tab"``, with the indented lines below, into boxes."""
    lines = source.text.split("\n")
    boxes = list(_admonitions(lines))
    return ("\n".join(in_boxes(lines, boxes)) if boxes else source.text), ()


def _admonitions(lines: Sequence[str]) -> Iterator[Box]:
    """The boxes, in the order of their first lines."""
    in_fence = fenced_lines(lines)
    for nth, line in enumerate(lines):
        found = _ADMONITION.fullmatch(line) or _TAB.fullmatch(line)
        if found is None or in_fence[nth]:
            continue
        width = len(found[1])
        end = _end_of_box(lines, nth, width)
        mark = (
            division_mark(".tab", found[2]) if found[0].lstrip().startswith("=") else box_mark(found[2], found[4] or "")
        )
        yield Box(start=nth, end=end, mark=mark, indent=width, cut=_INDENT, closes=False)


def _end_of_box(lines: Sequence[str], start: int, width: int) -> int:
    """The line after the last one indented below the line `start`."""
    end = start + 1
    for nth in range(start + 1, len(lines)):
        line = lines[nth].expandtabs(_INDENT)
        if not line.strip():
            continue
        if width_of(line) < width + _INDENT:
            break
        end = nth + 1
    return end


_KEYS = re.compile(r"(?<![+\w])\+\+((?:\"[^\"\n]+\"|[a-z0-9-]+)(?:\+(?:\"[^\"\n]+\"|[a-z0-9-]+))*)\+\+(?![+\w])")
_NAMES_OF_KEYS = {
    "ctrl": "Ctrl", "alt": "Alt", "shift": "Shift", "cmd": "Cmd", "command": "Cmd", "win": "Win", "enter": "Enter",
    "esc": "Esc", "del": "Del", "ins": "Ins", "tab": "Tab", "space": "Space", "backspace": "Backspace",
    "page-up": "Page Up", "page-down": "Page Down", "home": "Home", "end": "End", "up": "Up", "down": "Down",
    "left": "Left", "right": "Right", "arrow-up": "Up", "arrow-down": "Down", "arrow-left": "Left",
    "arrow-right": "Right", "print-screen": "Print Screen", "caps-lock": "Caps Lock", "meta": "Meta", "fn": "Fn",
}  # fmt: skip
_ICON = re.compile(r"(?<![\w:]):(?:material|octicons|fontawesome|simple)-[a-z0-9-]+:(?:\{[^{}\n]*\})?[ ]?")


def read_keys(source: SourceText) -> Changed:
    """Turns ``++ctrl+c++`` into keys, and removes icons (``:material-check:``), whose pictures are the theme's."""
    text = outside_code(source, _KEYS, lambda found: _keys(found[1]))
    icons = list(_ICON.finditer(text)) if _ICON.search(text) else []
    places = Locator(text, source.first_line)
    icons = [found for found in icons if not places.is_code(found.start())]
    if not icons:
        return text, ()
    name = icons[0][0].strip()
    what = (
        f"chapbook removed the icon '{name}'"
        if len(icons) == 1
        else f"chapbook removed {len(icons)} icons, first '{name}'"
    )
    said = source.fault(
        "syntax-unread",
        f"{what}: {'it is a picture' if len(icons) == 1 else 'they are pictures'} of the site's theme",
        places.offset(icons[0].start()),
        "say it in words, or use a picture of your own",
    )
    return outside_code(source, _ICON, lambda _: "", text), (said,)


def _keys(written: str) -> str:
    return "+".join(f"<kbd>{_key(each)}</kbd>" for each in re.findall(r"\"[^\"]+\"|[a-z0-9-]+", written))


def _key(name: str) -> str:
    """The label of a key; letters are capitals, also that of ``f5``."""
    return name.strip('"') if name[0] == '"' else _NAMES_OF_KEYS.get(name) or name.capitalize()


_RUST = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[ ]*(?:rust|rs|should_panic|no_run|ignore|edition\d+)\b.*")
_HIDDEN = re.compile(r"[ \t>]*#(?:[ \t].*)?")
_ESCAPED = re.compile(r"([ \t>]*)##")
_TITLE = re.compile(r"(?<!\\)\{\{#title[^{}\n]*\}\}[ \t]*")
_LITERAL = re.compile(r"\\\{\{#")


def read_mdbook(source: SourceText) -> Changed:
    """Removes lines of Rust code that begin with ``# ``, like rustdoc, and titles for the browser's window.

    Includes were inserted while the folder was read.
    """
    text = outside_code(source, _TITLE, lambda _: "")
    text = outside_code(source, _LITERAL, lambda _: "&#123;{#", text).replace("\\{{#", "{{#")
    return fences_changed(text, _without_hidden), ()


def _without_hidden(lines: Sequence[str]) -> list[str] | None:
    """The block without hidden lines, which become empty lines below it; the whole block if nothing else remains."""
    if _RUST.fullmatch(lines[0]) is None:
        return None
    code = [_ESCAPED.sub(r"\1#", line, count=1) for line in lines[1:-1] if not _HIDDEN.fullmatch(line)]
    if not any(map(str.strip, code)):
        return None
    before = lines[0][: len(lines[0]) - len(lines[0].lstrip(" \t>"))].rstrip()
    return [lines[0], *code, lines[-1], *[before] * (len(lines) - 2 - len(code))]


_MODULE = re.compile(
    r"^(?:import[ \t]+(?:[^\n;]*?[ \t]from[ \t]+)?[\"'][^\"'\n]*[\"'];?"
    r"|import[ \t]*\{[^{}]*\}[ \t]*from[ \t]*[\"'][^\"'\n]*[\"'];?"
    r"|export[ \t]+(?:const|let|var|function|default)\b(?:[^\n]*\n)*?(?=\n|\Z))",
    re.MULTILINE,
)
_MDX_REMARK = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
_COMPONENT = re.compile(r"([ ]*)<(/?)(Tabs|TabItem|CodeGroup|Steps?|Columns?|Details)\b([^<>]*)>[ \t]*")
_LABEL = re.compile(r"(?<![\w-])(?:label|title|summary)=(?:\"([^\"]*)\"|'([^']*)'|\{\"([^\"]*)\"\})")
_VALUE_OF_TAB = re.compile(r"(?<![\w-])value=(?:\"([^\"]*)\"|'([^']*)')")


def read_mdx(source: SourceText) -> Changed:
    """Removes imports, exports and comments, and turns tabs into divisions."""
    text = outside_code(source, _MODULE, blank)
    text = outside_code(source, _MDX_REMARK, blank, text)
    text = outside_code(source, _CLASS_NAME, lambda found: f"{found[1]}class=", text)
    lines = text.split("\n")
    in_fence = fenced_lines(lines)
    boxes, open_ = [], list[tuple[int, re.Match[str]]]()
    for nth, line in enumerate(lines):
        found = None if in_fence[nth] or "<" not in line else _COMPONENT.fullmatch(line)
        if found is None or found[4].endswith("/"):
            continue
        if not found[2]:
            open_.append((nth, found))
        elif open_ and open_[-1][1][3] == found[3]:
            start, opening = open_.pop()
            width = len(opening[1])
            boxes.append(
                Box(
                    start=start,
                    end=nth + 1,
                    mark=_mark_of_tab(opening),
                    indent=width,
                    cut=_cut_of_tab(lines, start, nth, width),
                )
            )
    return ("\n".join(in_boxes(lines, boxes)) if boxes else text), ()


_CLASS_NAME = re.compile(r"(<[a-z][^<>]{0,200}?\s)className=(?=[\"'])")


def _mark_of_tab(opening: re.Match[str]) -> str:
    said = _LABEL.search(opening[4]) or _VALUE_OF_TAB.search(opening[4])
    title = next(filter(None, said.groups()), "") if said else ""
    return division_mark(f".{opening[3].lower()}", title) if title else ""


def _cut_of_tab(lines: list[str], start: int, end: int, width: int) -> int:
    """How much more than the tag all lines inside are indented."""
    widths = [width_of(line) for line in lines[start + 1 : end] if line.strip()]
    return max(0, min(widths, default=width) - width)


_REMARK = re.compile(r"%%(?:(?!%%).)*%%", re.DOTALL)
_WIKILINK = re.compile(r"(!?)\[\[([^\[\]|\n\\]*)(?:\\?\|([^\[\]\n]*))?\]\]")
_BLOCK = re.compile(r"(?<=\S)[ \t]+\^([A-Za-z0-9-]+)[ \t]*$|^\^([A-Za-z0-9-]+)[ \t]*$", re.MULTILINE)
_SIZE = re.compile(r"\s*(\d{1,5})(?:x(\d{1,5}))?\s*")
_SOUND = re.compile(r"\.(?:mp3|m4a|ogg|opus|wav|flac|3gp)\Z", re.IGNORECASE)
_FILM = re.compile(r"\.(?:mp4|m4v|webm|mov|mkv|ogv)\Z", re.IGNORECASE)
_NOT_A_LINK = frozenset({"TOC", "_TOC_", "toc"})


def read_obsidian(source: SourceText) -> Changed:
    """Removes ``%%comments%%``; turns ``[[wikilinks]]``, ``![[embeds]]`` and block names (``^name``) into Markdown."""
    text = outside_code(source, _REMARK, blank)
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
    return f"[{words_of_link(shown)}]({address})"


def _fragment(place: str) -> str:
    """The last of nested headings, which is found by its words; a block has an id."""
    last = place.rpartition("#")[2].strip()
    return f"block-{last[1:]}" if last.startswith("^") else quote(last)


def _embedded(path: str, address: str, words: str) -> str:
    """A picture, sound or film as Markdown; empty for anything else."""
    if PICTURE_NAME.search(path):
        *alts, last = words.split("|")
        size = _SIZE.fullmatch(last)
        alt = "|".join(alts if size else [*alts, last]).strip()
        sides = zip(("width", "height"), size.groups(), strict=True) if size else ()
        attributes = " ".join(f"{name}={side}" for name, side in sides if side)
        return f"![{words_of_link(alt)}]({address}){f'{{{attributes}}}' if attributes else ''}"
    if _SOUND.search(path):
        return f'<audio src="{address}" controls="controls"></audio>'
    if _FILM.search(path):
        return f'<video src="{address}" controls="controls"></video>'
    return ""


_MARK = re.compile(r"(?<![=\\])==(?![=\s])((?:[^=\n]|=(?!=)|\n(?![ \t]*\n))+?)(?<![=\s])==(?!=)")
_INSERTED = re.compile(r"(?<![\^\\])\^\^(?![\^\s])([^^\n]+?)(?<!\s)\^\^(?!\^)")


def read_marks(source: SourceText) -> Changed:
    """Turns ``==highlighted==`` words, and MkDocs' ``^^inserted^^`` ones, into elements."""
    text = outside_code(source, _MARK, lambda found: f"<mark>{found[1]}</mark>")
    return outside_code(source, _INSERTED, lambda found: f"<ins>{found[1]}</ins>", text), ()
