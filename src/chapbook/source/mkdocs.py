"""The syntax of MkDocs and its theme Material: admonitions, tabs, keys and icons (PyMdown Extensions)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chapbook.model.diagnostics import Diagnostic
from chapbook.source.edits import Box, box_mark, division_mark, fenced_lines, in_boxes, outside_code
from chapbook.source.positions import Locator, SourceText

__all__ = ["read_admonitions", "read_keys"]

_ADMONITION = re.compile(r"([ ]*)(?:!!!|\?\?\?\+?)[ ]?([\w-]+)((?:[ ]+[\w-]+)*)(?:[ ]+\"(.*)\")?[ \t]*")
_TAB = re.compile(r"([ ]*)===[!+]*[ ]+\"(.*)\"[ \t]*")
_CUT = 4


def read_admonitions(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
    """Turns ``!!! note "Title"``, ``???`` and ``=== "Tab"``, with the indented lines below, into boxes."""
    lines = source.text.split("\n")
    boxes = list(_boxes(lines))
    return ("\n".join(in_boxes(lines, boxes)) if boxes else source.text), ()


def _boxes(lines: Sequence[str]) -> Iterator[Box]:
    """The boxes, in the order of their first lines."""
    in_fence = fenced_lines(lines)
    for nth, line in enumerate(lines):
        found = _ADMONITION.fullmatch(line) or _TAB.fullmatch(line)
        if found is None or in_fence[nth]:
            continue
        width = len(found[1])
        end = _end(lines, nth, width)
        mark = (
            division_mark(".tab", found[2]) if found[0].lstrip().startswith("=") else box_mark(found[2], found[4] or "")
        )
        yield Box(start=nth, end=end, mark=mark, indent=width, cut=_CUT, closes=False)


def _end(lines: Sequence[str], start: int, width: int) -> int:
    """The line after the last one indented below the line `start`."""
    end = start + 1
    for nth in range(start + 1, len(lines)):
        line = lines[nth].expandtabs(_CUT)
        if not line.strip():
            continue
        if len(line) - len(line.lstrip(" ")) < width + _CUT:
            break
        end = nth + 1
    return end


_KEYS = re.compile(r"(?<![+\w])\+\+((?:\"[^\"\n]+\"|[a-z0-9-]+)(?:\+(?:\"[^\"\n]+\"|[a-z0-9-]+))*)\+\+(?![+\w])")
_NAMES = {
    "ctrl": "Ctrl", "alt": "Alt", "shift": "Shift", "cmd": "Cmd", "command": "Cmd", "win": "Win", "enter": "Enter",
    "esc": "Esc", "del": "Del", "ins": "Ins", "tab": "Tab", "space": "Space", "backspace": "Backspace",
    "page-up": "Page Up", "page-down": "Page Down", "home": "Home", "end": "End", "up": "Up", "down": "Down",
    "left": "Left", "right": "Right", "arrow-up": "Up", "arrow-down": "Down", "arrow-left": "Left",
    "arrow-right": "Right", "print-screen": "Print Screen", "caps-lock": "Caps Lock", "meta": "Meta", "fn": "Fn",
}  # fmt: skip
_ICON = re.compile(r"(?<![\w:]):(?:material|octicons|fontawesome|simple)-[a-z0-9-]+:(?:\{[^{}\n]*\})?[ ]?")


def read_keys(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
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
    return name.strip('"') if name[0] == '"' else _NAMES.get(name) or name.capitalize()
