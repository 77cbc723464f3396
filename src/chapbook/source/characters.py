"""Finds problem characters in a chapter: those that XML can't contain, and encoding damage.

XML 1.0 (section 2.2) excludes most control characters, surrogates, U+FFFE and U+FFFF. It only discourages U+007F to
U+009F, but they are invisible, and in UTF-8 text they are nearly always Windows-1252 bytes read as Latin-1. All these
are dropped and reported. Damage is only reported: the text stays as it was written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chapbook.model.diagnostics import Diagnostic, Edit, Position
from chapbook.model.xml_text import CONTROLS, EXCLUDED
from chapbook.source.positions import Changed, Locator, SourceText

if TYPE_CHECKING:
    from chapbook.source.mojibake import Damage

__all__ = ["check_text"]

_NOT_XML = re.compile(f"[{EXCLUDED}{CONTROLS}\r\x85]")
_FINE = bytes(
    byte
    for byte in range(256)
    if (byte not in b"\xc2\xed\xef" if byte > 127 else not _NOT_XML.match(chr(byte)))  # noqa: PLR2004 - ASCII
)
"""Bytes of UTF-8 that none of those has, for a check that takes a third of the time of a search."""
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,10}));")
_LAST = 0x10FFFF
_LINE_END = re.compile("\r\n?")
_UNSEEN = {"\u00a0": "a no-break space", "\u202f": "a narrow no-break space", "\ufeff": "a byte order mark"}
_MOST_LINES = 20
"""Lines reported one by one for each problem; a binary file would give thousands."""
_MOST_NAMES = 4
"""Characters of one line that are named one by one."""


def check_text(source: SourceText) -> Changed:
    """The text without characters that XML 1.0 can't contain, and what was dropped or looks damaged.

    Line breaks become line feeds. There is at most one diagnostic per line for each problem, and about twenty in all.
    """
    text = source.text
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    referred = tuple(_references(text)) if "&#" in text else ()
    may_drop = bool(text.encode("utf-8", "surrogatepass").translate(None, _FINE))
    if text.isascii() and not referred and not may_drop:
        return text, ()
    from chapbook.source.mojibake import find_damage  # noqa: PLC0415 - plain ASCII needs none of it

    locator = Locator(text, source.first_line)
    place = locator.offset
    damages = find_damage(text)
    inside = {index for damage in damages for index in range(damage.start, damage.end)}
    excluded = _NOT_XML.finditer(text) if may_drop else ()
    dropped = [found.start() for found in excluded if found.start() not in inside]
    diagnostics = [
        *_controls(source, text, dropped, place),
        *_damages(source, damages, locator),
        *_referred(source, referred, locator),
    ]
    shown = _NOT_XML.sub("", text) if may_drop else text
    return shown, tuple(sorted(diagnostics, key=lambda each: (each.line or 0, each.column or 0)))


def _references(text: str) -> Iterator[re.Match[str]]:
    """Numeric references to characters that XML can't contain, outside or inside code."""
    for found in _REFERENCE.finditer(text):
        number = int(found[1], 16) if found[1] else int(found[2])
        if number > _LAST or _NOT_XML.match(chr(number)):
            yield found


def _referred(source: SourceText, found: Sequence[re.Match[str]], locator: Locator) -> Iterable[Diagnostic]:
    outside = [each for each in found if not any(start <= each.start() < end for start, end in locator.code)]
    for each in outside[:_MOST_LINES]:
        yield source.fault(
            "control-character",
            f"'{each[0]}' stands for a character that books can't hold",
            at=locator.offset(each.start()),
            hint="delete it, or write the right character",
        )


def _controls(
    source: SourceText, text: str, dropped: Sequence[int], place: Callable[[int], Position]
) -> Iterable[Diagnostic]:
    hint = "delete it, or write the right character"
    lines = [
        source.fault(
            "control-character",
            f"dropped {_names(text[at] for at in found)}",
            at=place(found[0]),
            hint=hint,
            fix=tuple(Edit(place(at), text[at], _meant(text[at])) for at in found if _meant(text[at])),
        )
        for found in _by_line(dropped, place).values()
    ]
    return _few(lines, "chapbook dropped control characters")


def _by_line(starts: Iterable[int], place: Callable[[int], Position]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for start in starts:
        found.setdefault(place(start).line, []).append(start)
    return found


def _few(lines: Sequence[Diagnostic], what: str) -> Iterator[Diagnostic]:
    """The first diagnostics, one per line, and one for the rest; `what` names the problem."""
    yield from lines[:_MOST_LINES]
    rest = lines[_MOST_LINES:]
    if rest:
        fix = tuple(edit for each in rest for edit in each.fix)
        yield replace(rest[0], message=f"{what} on {len(rest)} more lines", hint=None, fix=fix)


def _names(characters: Iterable[str]) -> str:
    """The characters by number, with their counts: ``U+0000 (3 times), U+0093 (probably '“')``."""
    names = []
    counted = Counter(characters).most_common()
    for character, times in counted[:_MOST_NAMES]:
        notes = [f"{times} times"] if times > 1 else []
        meant = _meant(character)
        notes += [f"probably '{meant}'"] if meant else []
        names.append(f"U+{ord(character):04X}" + (f" ({', '.join(notes)})" if notes else ""))
    more = len(counted) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _meant(character: str) -> str:
    if not "\x80" <= character <= "\x9f":
        return ""
    return bytes([ord(character)]).decode("cp1252", "ignore")


def _damages(source: SourceText, damages: Sequence[Damage], locator: Locator) -> Iterable[Diagnostic]:
    place = locator.offset
    starting = {damage.start: damage for damage in damages}
    lines = [[starting[at] for at in found] for found in _by_line(starting, place).values()]
    faults = (
        source.fault(
            "encoding-damage",
            _said(found),
            at=place(found[0].start),
            hint=_way_out(found[0]),
            # In code it may be what the author wants to show.
            fix=tuple(
                Edit(place(each.start), each.text, _put_right(each))
                for each in found
                if each.is_sure and not locator.is_code(each.start)
            ),
        )
        for found in lines
    )
    return _few(tuple(faults), "encoding damage")


def _said(found: Sequence[Damage]) -> str:
    first = found[0]
    shown = first.text if first.text.isprintable() else ascii(first.text)[1:-1]
    meant = _UNSEEN.get(first.meant) or f"'{first.meant}'"
    words = f"'{shown}' is probably {meant}" if first.meant else f"'{shown}' marks a lost character"
    return words if len(found) == 1 else f"{words}, and {len(found) - 1} more on this line"


def _put_right(damage: Damage) -> str:
    """What the damage was; a byte order mark within a text is of no use to anybody."""
    return damage.meant.replace("\ufeff", "")


def _way_out(damage: Damage) -> str:
    if not damage.meant:
        return "write the right character; the file doesn't say which one it was"
    return f"correct it, or save the file again: its UTF-8 was once read as {damage.encoding}"
