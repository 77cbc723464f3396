"""HTML for notebooks, showing a book or a report. Builds don't import it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from chapbook.model.xml_text import printable

__all__ = ["Entry", "Message", "book_html", "report_html"]

_MOST_MESSAGES = 50
_MOST_ENTRIES = 60
_MOST_CHARACTERS = 300
_COVER = (160, 256)
"""The largest width and height of the cover, in pixels."""
_LEFT = ' style="text-align: left"'


class Entry(NamedTuple):
    """A line of the table of contents, with its sublines."""

    title: str
    below: tuple[Entry, ...] = ()


class Message(NamedTuple):
    """A row of the table of messages."""

    severity: str
    place: str
    message: str
    hint: str


def book_html(title: str, authors: Iterable[object], cover: bytes, contents: Sequence[Entry]) -> str:
    """A book's cover (an image, or no bytes), title, authors and contents (at most 60 lines)."""
    image = f'<img src="{_small(cover)}" alt="" style="float: left; margin: 0 1em 0 0"/>' if cover else ""
    people = _text(", ".join(map(str, authors)))
    head = f"<p><strong>{_text(title)}</strong>{f'<br/>{people}' if people else ''}</p>"
    lines = sum(map(_count, contents))
    more = f"<p>and {lines - _MOST_ENTRIES:,} more</p>" if lines > _MOST_ENTRIES else ""
    listed = _listed(contents, iter(range(_MOST_ENTRIES)))
    return f'<div style="overflow: auto">{image}<div style="overflow: auto">{head}{listed}{more}</div></div>'


def report_html(title: str, facts: str, *, ok: bool, messages: Sequence[Message]) -> str:
    """Whether a book is ok, `facts` about it, and a table of its messages (at most 50)."""
    head = f"<p><strong>{_text(title)}</strong>: {'ok' if ok else '<strong>not ok</strong>'}{_text(facts)}</p>"
    if not messages:
        return f"<div>{head}</div>"
    names = "".join(f"<th{_LEFT}>{name}</th>" for name in Message._fields)
    rows = "".join(
        f"<tr>{''.join(f'<td{_LEFT}>{_text(cell)}</td>' for cell in each)}</tr>" for each in messages[:_MOST_MESSAGES]
    )
    left = len(messages) - _MOST_MESSAGES
    more = f"<p>and {left:,} more</p>" if left > 0 else ""
    return f"<div>{head}<table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table>{more}</div>"


def _text(text: str) -> str:
    cut = text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"
    return html.escape(printable(cut))


def _count(entry: Entry) -> int:
    return 1 + sum(map(_count, entry.below))


def _listed(entries: Iterable[Entry], left: Iterator[int]) -> str:
    """The entries as a nested list; each takes a number from `left` until none remains."""
    items = "".join(
        f"<li>{_text(each.title)}{_listed(each.below, left)}</li>" for each, _ in zip(entries, left, strict=False)
    )
    return f"<ul>{items}</ul>" if items else ""


def _small(cover: bytes) -> str:
    """A picture scaled to `_COVER` as a data: address, in a format that suits photographs."""
    from PIL import Image  # noqa: PLC0415 - a report needs none

    with Image.open(io.BytesIO(cover)) as image:
        image.thumbnail(_COVER)
        held = io.BytesIO()
        image.convert("RGB").save(held, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(held.getvalue()).decode()}"
