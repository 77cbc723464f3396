"""The words of a content document as a reader sees them, each with how it is marked."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import unquote

from lxml import etree
from msgspec import Struct

from chapbook.inspecting.text import Kind, Text, Token
from chapbook.model.marks import ICON, ON_WHITE, SMALL
from chapbook.model.reading_speed import CHINESE_OR_JAPANESE
from chapbook.reading.epub_archive import local_name
from chapbook.reading.epub_pages import XML_LANG, body_of, compared, types_of, words_of

__all__ = ["text_of"]

_TOKEN = re.compile(
    # Chinese and Japanese with their punctuation, Thai, Lao, Burmese and Khmer: no spaces stand between words.
    f"[{CHINESE_OR_JAPANESE}\u3001-\u3004\u3008-\u301f\uff01-\uff60]"
    "|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"
    "\u102b-\u103e\u17b4-\u17d3]*"
    f"|[^\\s{CHINESE_OR_JAPANESE}\u3001-\u3004\u3008-\u301f\uff01-\uff60\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"
)
_LOOKS = re.compile(rf"(?:\A|(?<= ))(?:{ICON}|{ON_WHITE}|{SMALL}|tall-\d)(?: |\Z)")
"""Classes that come of what a picture looks like: where that changes, the picture is named."""
_UNSEEN = re.compile("[\xad\u200b\u2060\ufeff]")
"""Where a word may be broken, or may not."""
_LEFT_OUT = frozenset({"head", "rp", "script", "style", "template", "title"})
_PICTURES = frozenset({"audio", "embed", "image", "img", "object", "svg", "video"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_WITHIN_LINES = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q rb rt rtc ruby s samp small span "
        "strike strong sub sup time tt u var wbr"
    ).split()
)
_TOLD = ("class", "colspan", "datetime", "dir", "lang", "rowspan", "scope", "start", "title")
"""Attributes that a reader sees something of, beside the addresses and descriptions that have fields of their own."""


def text_of(root: etree._Element, path: str, title: str, place: Callable[[str], str] = str) -> Text:
    """The text of the document `root` at `path`, whose chapter is called `title`.

    `place` gives for a path within the book the one that links are compared by.
    """
    reader = _Reader(root, path, title, place)
    reader.read()
    said = "".join(each.text for each in reader.title)
    return Text(
        title=tuple(reader.title),
        says_title=bool(said) and compared(title) in {compared(said), compared(reader.title[0].text)},
        words=tuple(reader.words),
        links=tuple(reader.links),
    )


class _Open(Struct, frozen=True):
    """What holds within an element."""

    marks: tuple[str, ...] = ()
    link: str = ""
    language: str = ""
    is_code: bool = False
    is_title: bool = False


class _Reader:
    """Reads one document."""

    def __init__(self, root: etree._Element, path: str, title: str, place: Callable[[str], str]) -> None:
        self._root, self._path, self._place = root, path, place
        self._title_elements, self._level = _title_of(root, title)
        self._outer = frozenset(_outer(body_of(root)))
        self._runs: list[tuple[str, _Open]] = []
        self._begins: list[str] = ["¶"]
        self.title: list[Token] = []
        self.words: list[Token] = []
        self.links: list[str] = []

    def read(self) -> None:
        """Fills the lists."""
        open_ = [_Open(language=_language(self._root))]
        walk = etree.iterwalk(body_of(self._root), events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                inside = self._entered(element, open_[-1])
                if inside is None:
                    walk.skip_subtree()
                open_.append(inside or open_[-1])
                self._add(element.text if inside else "", open_[-1])
                continue
            if event == "end":
                if local_name(element) not in _WITHIN_LINES | _PICTURES | {"br", "math"}:
                    self._end_block()
                open_.pop()
            self._add(element.tail, open_[-1])
        self._end_block()

    def _add(self, text: str | None, inside: _Open) -> None:
        if text:
            self._runs.append((_UNSEEN.sub("", text), inside))

    def _entered(self, element: etree._Element, above: _Open) -> _Open | None:
        """What holds in an element; ``None`` for one whose text is left out, or stands for in another way."""
        name = local_name(element)
        if name == "br":
            self._end_runs()
        elif name not in _WITHIN_LINES | _PICTURES | {"math"}:
            self._end_block()
        if name in {"br", "hr"}:
            self._begins.append(name)
        if name in _LEFT_OUT or _is_way_back(element):
            return None
        inside = self._inside(element, name, above)
        if name == "a" and element.get("href"):
            if _is_note(element):
                self._stand_in("*", "note", above)
                return None
            self.links.append(inside.link)
        if name == "math":
            formula = element.get("alttext") or "".join(map(str, element.itertext()))
            self._stand_in(" ".join(formula.split()), "formula", inside)
            return None
        if name in _PICTURES:
            self._stand_in(self._picture(element, name), "picture", inside, element.get("alt", ""))
            return None
        return inside

    def _inside(self, element: etree._Element, name: str, above: _Open) -> _Open:
        is_code = above.is_code or name == "pre"
        href = element.get("href") if name == "a" else None
        marks = above.marks
        if element not in self._outer and not href and not (above.is_code and name == "span"):  # of a highlighter
            marks = (*marks, self._mark(element, name))
        return _Open(
            marks=marks,
            link=self._address(href) if href else above.link,
            language=_language(element) or above.language,
            is_code=is_code,
            is_title=above.is_title or element in self._title_elements,
        )

    def _mark(self, element: etree._Element, name: str) -> str:
        told = ((key, _LOOKS.sub("", element.get(key, "")).strip()) for key in _TOLD)
        said = [f"{key}={value}" for key, value in told if value]
        if name in _HEADINGS:  # whose level depends on the part that the chapter is in
            own = "section-" in element.get("class", "")
            name = "h" if own else f"h+{int(name[1]) - self._level}"
        return " ".join((name, *types_of(element), *said))

    def _address(self, href: str) -> str:
        """A reference as it is compared: one within the book as a path from the book's root."""
        if re.match(r"[a-z][a-z0-9+.-]*:", href, re.IGNORECASE):
            return href
        path, _, fragment = href.partition("#")
        inside = (
            posixpath.normpath(posixpath.join(posixpath.dirname(self._path), unquote(path))) if path else self._path
        )
        return self._place(inside) + (f"#{fragment}" if fragment else "")

    def _picture(self, element: etree._Element, name: str) -> str:
        if name == "svg" and not any(local_name(each) == "image" for each in element.iter(etree.Element)):
            return f"drawing {hashlib.sha256(etree.tostring(element, with_tail=False)).hexdigest()[:8]}"
        for each in element.iter(etree.Element):
            for key, value in each.attrib.items():
                if str(key).rpartition("}")[2] in {"src", "href", "data"}:
                    return self._address(str(value))
        return name

    def _stand_in(self, text: str, kind: Kind, inside: _Open, description: str = "") -> None:
        """Puts a single token where an element stands."""
        self._end_runs()
        self._put(text, [inside], kind, description)

    def _put(
        self,
        text: str,
        parts: Sequence[_Open],
        kind: Kind = "word",
        description: str = "",
    ) -> None:
        token = Token(
            text=text,
            marks=tuple(dict.fromkeys(each.marks for each in parts)),
            links=tuple(dict.fromkeys(each.link for each in parts if each.link)),
            begins=tuple(self._begins),
            language=parts[0].language,
            kind=kind,
            description=description,
        )
        self._begins = []
        (self.title if parts[0].is_title else self.words).append(token)

    def _end_block(self) -> None:
        self._end_runs()
        if "¶" not in self._begins:
            self._begins.insert(0, "¶")

    def _end_runs(self) -> None:
        """Makes tokens of the text since the last block, picture or formula; a word may stand in several elements."""
        runs, self._runs = self._runs, []
        if not runs:
            return
        text = "".join(run for run, _ in runs)
        at, end, last = 0, len(runs[0][0]), 0
        for found in _TOKEN.finditer(text):
            while found.start() >= end:
                at += 1
                end += len(runs[at][0])
            first = at
            while found.end() > end:
                at += 1
                end += len(runs[at][0])
            if runs[first][1].is_code and (space := text[last : found.start()]) not in {"", " "}:
                self._begins.append(space)
            last = found.end()
            self._put(found[0], [inside for _, inside in runs[first : at + 1]])


def _language(element: etree._Element) -> str:
    return element.get("lang") or element.get(XML_LANG) or ""


def _is_note(element: etree._Element) -> bool:
    return element.get("role") == "doc-noteref" or "noteref" in types_of(element)


def _is_way_back(element: etree._Element) -> bool:
    return element.get("role") == "doc-backlink" or "backlink" in types_of(element)


def _outer(body: etree._Element) -> Iterator[etree._Element]:
    """The body, and the sections in it that hold all there is."""
    at: etree._Element | None = body
    while at is not None:
        yield at
        inside = [each for each in at if isinstance(each.tag, str)]
        at = inside[0] if len(inside) == 1 and local_name(inside[0]) in {"section", "article", "div"} else None


def _title_of(root: etree._Element, title: str) -> tuple[Sequence[etree._Element], int]:
    """The elements that say the chapter's title, a label and a heading or the heading alone, and the heading's level.

    They are those that chapbook makes, or a first heading that says the `title`.
    """
    heading = next((each for each in body_of(root).iter(etree.Element) if local_name(each) in _HEADINGS), None)
    if heading is None:
        return (), 0
    level = int(local_name(heading)[1])
    above = heading.getparent()
    if above is not None and "opening" in above.get("class", "").split():
        label = next((each for each in above if "label" in each.get("class", "").split()), None)
        return (heading,) if label is None else (label, heading), level
    return (heading,) if compared(words_of(heading)) == compared(title) else (), level
