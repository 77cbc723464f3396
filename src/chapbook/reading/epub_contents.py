"""The table of contents of an EPUB, and the chapters and parts that it makes of the spine's documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from lxml import etree
from msgspec import Struct, field
from msgspec.structs import replace

from chapbook.model.contents import Chapter, Item, Part
from chapbook.model.hyphenation import plain
from chapbook.model.xml_text import single_spaced
from chapbook.reading.epub_archive import local_name
from chapbook.reading.epub_pages import types_of

__all__ = ["Entry", "arranged", "every_entry", "levels_within", "nav_entries", "nav_targets", "ncx_entries"]

_DEEPEST = 40
"""The most levels of a table of contents; deeper entries go on the last level."""
_STEP = 10
"""Between the weights of siblings, so that another can be inserted."""

Find = Callable[[str], str]
"""Returns the path of the document for a reference in the table; empty if there is none."""


class Entry(Struct, eq=False):
    """An entry of the table of contents."""

    label: str
    path: str = ""
    """The document's path; empty for an entry without a target."""
    fragment: str = ""
    children: list[Entry] = field(default_factory=list)

    def groups(self) -> bool:
        """Whether other documents are below it, which makes it a part."""
        return any(each.path != self.path and each.path for each in every_entry(self.children))


def every_entry(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yields the entries and all below them, in order."""
    for each in entries:
        yield each
        yield from every_entry(each.children)


def levels_within(entries: Iterable[Entry]) -> int:
    """How many levels of entries are below each document's first entry: 0 if no document has a second."""
    first: dict[str, int] = {}
    most = 0
    waiting = [(each, 0) for each in reversed(list(entries))]
    while waiting:
        entry, depth = waiting.pop()
        if entry.path in first:
            most = max(most, depth - first[entry.path], 1)
        elif entry.path:
            first[entry.path] = depth
        waiting += [(each, depth + 1) for each in reversed(entry.children)]
    return most


def nav_entries(root: etree._Element, find: Find) -> list[Entry]:
    """The table of contents in the navigation document `root` (EPUB 3.3, section 7.4), or else its first ``nav``."""
    tables = [each for each in root.iter(etree.Element) if local_name(each) == "nav"]
    contents = [each for each in tables if "toc" in types_of(each) or each.get("role") == "doc-toc"]
    return _of_list(next(iter((*contents, *tables)), root), find, 0)


def nav_targets(root: etree._Element) -> list[tuple[str, str]]:
    """The types and references of the landmarks."""
    tables = (each for each in root.iter(etree.Element) if "landmarks" in types_of(each))
    links = (link for table in tables for link in table.iter(etree.Element) if local_name(link) == "a")
    return [(kind, link.get("href", "")) for link in links for kind in types_of(link)]


def _of_list(holder: etree._Element, find: Find, depth: int) -> list[Entry]:
    entries: list[Entry] = []
    for item in _items(holder):
        line = _line_of(item)
        made = _entry(_words(item if line is None else line), "" if line is None else line.get("href", ""), find)
        if depth < _DEEPEST:
            made.children += _of_list(item, find, depth + 1)
        else:
            links = (each for each in item.iter(etree.Element) if local_name(each) == "a" and each is not line)
            made.children += [_entry(_words(each), each.get("href", ""), find) for each in links]
        entries.append(made)
    return [each for each in entries if each.label or each.children]


def _line_of(item: etree._Element) -> etree._Element | None:
    """The link or text of an item, which comes before its nested list."""
    for each in item.iter(etree.Element):
        if local_name(each) in {"a", "span"}:
            return each
        if local_name(each) in {"ol", "ul"}:
            return None
    return None


def _items(holder: etree._Element) -> Iterator[etree._Element]:
    """The items of the lists in `holder`, also inside other elements, but not inside items."""
    waiting = list(reversed(holder))
    while waiting:
        each = waiting.pop()
        if local_name(each) == "li":
            yield each
        elif local_name(each) not in {"a", "span"}:
            waiting += reversed(each)


def _entry(label: str, href: str, find: Find) -> Entry:
    path, _, fragment = href.partition("#")
    return Entry(label, find(path) if path else "", unquote(fragment))


def ncx_entries(root: etree._Element, find: Find) -> list[Entry]:
    """The entries of the NCX `root` (OPF 2.0.1, section 2.4.1)."""
    return [each for table in root.iter("{*}navMap") for each in _of_points(table, find, 0)]


def _of_points(holder: etree._Element, find: Find, depth: int) -> list[Entry]:
    entries: list[Entry] = []
    for point in holder if depth <= _DEEPEST else list(holder.iter(etree.Element)):
        if local_name(point) != "navpoint":
            continue
        name = next((each for each in point if local_name(each) == "navlabel"), None)
        content = next((each for each in point if local_name(each) == "content"), None)
        made = _entry("" if name is None else _words(name), "" if content is None else content.get("src", ""), find)
        if depth <= _DEEPEST:
            made.children += _of_points(point, find, depth + 1)
        entries.append(made)
    return [each for each in entries if each.label or each.children]


def _words(element: etree._Element) -> str:
    words = [*element.itertext()] if local_name(element) != "li" else [element.text or ""]
    pictures = (each.get("alt", "") for each in element.iter(etree.Element) if local_name(each) == "img")
    return single_spaced(plain("".join(map(str, words)))) or " ".join(pictures)


class _Node:
    """A part while documents are added to it."""

    def __init__(self, opening: Chapter) -> None:
        self.opening = opening
        self.contents: list[Chapter | _Node] = []


def arranged(chapters: Sequence[Chapter], entries: Sequence[Entry]) -> tuple[Item, ...]:
    """Sorts the `chapters`, which are in spine order, into the parts of the table of contents.

    An entry with other documents below it is a part; its own document, if any, is the part's opening. Weights keep the
    spine's order; a document that isn't listed goes with the one before it.
    """
    homes = _homes(entries)
    top: list[Chapter | _Node] = []
    open_: list[tuple[Entry, _Node]] = []
    opened: set[int] = set()
    chain: tuple[Entry, ...] = ()
    for chapter in chapters:
        above, line = homes.get(chapter.path, (chain, None))
        chain = above
        is_opening = line is not None and id(line) not in opened
        wanted = (*above, line) if line is not None and is_opening else above
        common = 0
        while common < min(len(open_), len(wanted)) and open_[common][0] is wanted[common]:
            common += 1
        del open_[common:]
        for entry in wanted[common:]:
            if id(entry) in opened:  # the spine returns to a part that has ended
                break
            opened.add(id(entry))
            node = _Node(chapter if entry is line else Chapter(title=entry.label))
            (open_[-1][1].contents if open_ else top).append(node)
            open_.append((entry, node))
        if is_opening and line is not None and open_ and open_[-1][0] is line:
            chain = wanted
        else:
            (open_[-1][1].contents if open_ else top).append(chapter)
    return _weighed(top)


def _homes(entries: Iterable[Entry]) -> Mapping[str, tuple[tuple[Entry, ...], Entry | None]]:
    """For each document's path, the parts it is in, and the entry whose opening it is."""
    homes: dict[str, tuple[tuple[Entry, ...], Entry | None]] = {}
    waiting: list[tuple[Entry, tuple[Entry, ...]]] = [(each, ()) for each in reversed(list(entries))]
    while waiting:
        entry, above = waiting.pop()
        is_part = entry.groups()
        if entry.path and entry.path not in homes:
            homes[entry.path] = (above, entry if is_part else None)
        below = (*above, entry) if is_part else above
        waiting += [(each, below) for each in reversed(entry.children)]
    return homes


def _weighed(items: Sequence[Chapter | _Node]) -> tuple[Item, ...]:
    made: list[Item] = []
    for number, each in enumerate(items, 1):
        if isinstance(each, _Node):
            opening = replace(each.opening, weight=number * _STEP)
            made.append(Part(opening=opening, contents=_weighed(each.contents)))
        else:
            made.append(replace(each, weight=number * _STEP))
    return tuple(made)
