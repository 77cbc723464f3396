"""Converts HTML to Markdown block by block, with markdownify; what Markdown can't express stays HTML.

The input is a tree as chapbook reads it, with only the attributes to keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from types import MappingProxyType

from lxml import etree
from markdownify import ATX, BACKSLASH, STRIP_ONE, MarkdownConverter

from chapbook.markup.trees import EPUB_TYPE, is_blank, make, replace_by_text, unwrap
from chapbook.reading.epub_archive import local_name

__all__ = ["CONTAINERS", "HEADINGS", "as_html", "as_markdown", "blocks_of", "joined"]

CONTAINERS = frozenset({"article", "body", "center", "div", "footer", "header", "hgroup", "main", "nav", "section"})
"""Elements that say nothing about their content."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ol", "ul"})
_OTHER_BLOCKS = frozenset({"address", "aside", "audio", "details", "dl", "figure", "fieldset", "form", "video"})
_SAID = HEADINGS | _LISTS | {"blockquote", "hr", "p", "pre", "table"}
_BLOCKS = CONTAINERS | _SAID | _OTHER_BLOCKS
_INLINE = frozenset({"a", "b", "br", "code", "del", "em", "i", "img", "s", "strong"})
_WITHIN = frozenset({"blockquote", "li", "ol", "p", "pre", "ul"})
_OF_TABLE = frozenset({"tbody", "td", "th", "thead", "tr"})
_BEGIN_HTML = _BLOCKS - {"audio", "video"}
"""Elements that begin a block of HTML in CommonMark, which ends at an empty line (section 4.6, condition 6)."""
_WHOLE = frozenset({"audio", "math", "object", "ruby", "svg", "video"})
"""Inline elements that stay HTML with their content."""
_ALLOWED = MappingProxyType({"a": {"href", "title"}, "img": {"alt", "src", "title"}, "ol": {"start"}})
_OPENS, _CLOSES, _LINE = "\ufdd0", "\ufdd1", "\ufdd2"
"""Noncharacters, which XML excludes: around the number of a piece that Markdown must not change."""
_PIECE = re.compile(f"{_OPENS}(\\d+){_CLOSES}")
_PLAIN = re.compile(r"[^\[\]\\*_<>&\"`$\n]*")
_NAMESPACES = re.compile(r' xmlns:(?:epub|xlink|ns\d+)="[^"]*"')
_MARKS = re.compile(r"[$\[\]{}^~*_\\`=%:!|#@+<-]")
_MOSTLY = re.compile(
    r"[\\`]|(?<!\s)\*|\*(?!\s)|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=[A-Za-z#])|\{(?=[{%#])|\[(?=[\[@^])"
)
_SPACES = re.compile(r"[ \t\r\n]{2,}")
_TEXTS = re.compile(r"(?<=>)[^<>]+(?=<)")


def blocks_of(holder: etree._Element) -> Iterator[etree._Element]:
    """The blocks in `holder`, without their containers; text directly in it becomes paragraphs."""
    line = make("p", text=holder.text)
    for child in list(holder):
        after, child.tail = child.tail, None
        if local_name(child) not in _BLOCKS:
            child.tail = after
            line.append(child)
            continue
        yield from _unless_empty(line)
        line = make("p", text=after)
        if local_name(child) in CONTAINERS and set(child.attrib) <= {"id"}:
            yield from _named(blocks_of(child), child.get("id", ""))
        else:
            yield child
    yield from _unless_empty(line)


def _named(blocks: Iterator[etree._Element], name: str) -> Iterator[etree._Element]:
    """The `blocks` of a container; the first gets the container's id, for links to it."""
    first = next(blocks, None)
    if first is None:
        return
    if name and "id" not in first.attrib:
        first.set("id", name)
    elif name:
        mark = make("span", id=name)
        mark.tail, first.text = first.text, None
        first.insert(0, mark)
    yield first
    yield from blocks


def _unless_empty(line: etree._Element) -> Iterator[etree._Element]:
    if len(line) or not is_blank(line.text):
        yield line


def joined(blocks: Sequence[etree._Element], texts: Sequence[str]) -> str:
    """Joins the `texts` of `blocks` into a chapter's text. A comment separates adjacent lists, which would merge."""
    written: list[str] = []
    for at, text in enumerate(texts):
        is_second = at > 0 and local_name(blocks[at]) in _LISTS and local_name(blocks[at - 1]) in _LISTS
        written += ["<!-- -->", text] if is_second else [text]
    return "\n\n".join(filter(None, written)) + "\n"


def as_html(block: etree._Element, *, armoured: bool = False) -> str:
    """A block as one line of HTML; `armoured` escapes text that could be read as Markdown."""
    element = deepcopy(block)
    for each in element.iter("pre"):
        for inner in each.iter(etree.Element):
            inner.text = (inner.text or "").replace("\n", _LINE)
            inner.tail = (inner.tail or "").replace("\n", _LINE) if inner is not each else inner.tail
    text = _serialised(element if local_name(element) in _BEGIN_HTML else _within_div(element))
    text = _TEXTS.sub(lambda found: _MARKS.sub(_reference, found[0]), text) if armoured else text
    return text.replace(_LINE, "&#10;").replace("{{", "&#123;&#123;").replace("{%", "&#123;%")


def _within_div(element: etree._Element) -> etree._Element:
    holder = make("div")
    holder.append(element)
    return holder


def _reference(mark: re.Match[str]) -> str:
    return f"&#{ord(mark[0])};"


def _serialised(element: etree._Element) -> str:
    """HTML on one line, without XML-only syntax."""
    element.tail = None
    written = etree.tostring(element, method="html", encoding="unicode")
    return re.sub(r"\s+", " ", _NAMESPACES.sub("", written)).strip()


def as_markdown(block: etree._Element, *, careful: bool = False) -> str | None:
    """A block as Markdown; ``None`` if Markdown can't express it.

    `careful` escapes all characters that may have a meaning, otherwise only those that usually do.
    """
    element = deepcopy(block)
    element.tail = None
    if local_name(element) == "figure":
        return _figure(element)
    if local_name(element) not in _SAID or set(element.attrib) - {"start", "id"} or not _is_sayable(element):
        return None
    if "id" in element.attrib and local_name(element) not in HEADINGS:
        return None
    pieces: list[str] = []
    _plain_within(element)
    _fold_spaces(element)
    for each in list(element.iter(etree.Element)) if local_name(element) != "pre" else ():
        if each is not element and each.getparent() is not None:
            _keep_html(each, pieces)
    name = element.attrib.pop("id", "")
    writer = _Writer(careful=careful, code_language=_language(block))
    text = writer.convert(etree.tostring(element, method="html", encoding="unicode"))
    text = _PIECE.sub(lambda found: pieces[int(found[1])], text.strip("\n"))
    return f"{text} {{#{name}}}" if name else text


def _is_sayable(element: etree._Element) -> bool:
    """Whether its blocks can nest in Markdown; a table needs a header, and only inline content in cells."""
    names = {local_name(each) for each in element.iter(etree.Element)} & (_BLOCKS | _OF_TABLE | {"caption", "dl", "li"})
    if local_name(element) == "pre":
        return {local_name(each) for each in element} <= {"code"} and not any(len(each) for each in element)
    if local_name(element) != "table":
        return names <= _WITHIN | {local_name(element)} | {"div"}
    rows = list(element.iter("tr"))
    has_head = bool(rows) and len(rows[0]) > 0 and all(local_name(each) == "th" for each in rows[0])
    cells = [each for row in rows for each in row]
    return (
        has_head
        and names <= _OF_TABLE | {"table"}
        and all(local_name(each) == "td" for row in rows[1:] for each in row)
        and not any(each.attrib or each.find(".//br") is not None for each in cells)
        and len({len(row) for row in rows}) == 1
    )


def _plain_within(element: etree._Element) -> None:
    """Turns divisions that hold one paragraph's text into paragraphs, and unwraps others."""
    for each in list(element.iter("div")):
        if any(local_name(inner) in _BLOCKS for inner in each):
            unwrap(each)
        else:
            each.tag = "p"


def _fold_spaces(element: etree._Element) -> None:
    """Folds several spaces into one: markdownify's patterns take quadratic time on long runs."""
    if local_name(element) == "pre" or element.find(".//pre") is not None:
        return
    for each in element.iter(etree.Element):
        each.text, each.tail = (_SPACES.sub(" ", text) if text else text for text in (each.text, each.tail))


def _keep_html(element: etree._Element, pieces: list[str]) -> None:
    """Replaces an inline element that Markdown has no marks for with pieces of HTML."""
    name = local_name(element)
    if name in _WHOLE:
        tail, element.tail = element.tail, None
        written = _serialised(deepcopy(element))
        element.tail = tail
        replace_by_text(element, _piece(written, pieces))
    elif name == "img":
        replace_by_text(element, _piece(_picture(element), pieces))
    elif name in {"font", "span"} and not element.attrib:
        unwrap(element)
    elif name not in _INLINE | _WITHIN | _OF_TABLE or set(element.attrib) - _ALLOWED.get(name, set()):
        if name in _WITHIN | _OF_TABLE:
            return  # its attributes are lost, and the comparison will show it
        _wrap(element, pieces)
    elif name == "a" and "href" not in element.attrib:
        unwrap(element)
    elif name == "code" and len(element):
        _wrap(element, pieces)


def _wrap(element: etree._Element, pieces: list[str]) -> None:
    """Writes the tags of `element` around its content."""
    empty = make(str(element.tag), epub_type=element.get(EPUB_TYPE, ""))
    empty.attrib.update(element.attrib)
    begin, end = (_serialised(empty) + "</").split("</")[:2]
    element.text = _piece(begin, pieces) + (element.text or "")
    if end:
        closing = _piece(f"</{end}", pieces)
        if len(element):
            element[-1].tail = (element[-1].tail or "") + closing
        else:
            element.text += closing
    unwrap(element)


def _piece(text: str, pieces: list[str]) -> str:
    pieces.append(text)
    return f"{_OPENS}{len(pieces) - 1}{_CLOSES}"


def _picture(element: etree._Element) -> str:
    """A picture; an empty description marks it as decorative."""
    said = {name: element.get(name, "") for name in ("src", "alt", "title")}
    if (
        set(element.attrib) - set(said)
        or not all(map(_PLAIN.fullmatch, said.values()))
        or re.search(r"[\s()]", said["src"])
    ):
        return _serialised(deepcopy(element))
    title = f' "{said["title"]}"' if said["title"] else ""
    mark = "{.decorative}" if element.get("alt") == "" else ""
    return f"![{said['alt']}]({said['src']}{title}){mark}"


def _figure(element: etree._Element) -> str | None:
    """A figure with one picture and a caption of plain words."""
    pictures, captions = list(element.iter("img")), list(element.iter("figcaption"))
    words = " ".join("".join(map(str, captions[0].itertext())).split()) if captions else ""
    others = {local_name(each) for each in element.iter(etree.Element)} - {"figure", "figcaption", "img", "p", "div"}
    if len(pictures) != 1 or len(captions) != 1 or others or element.attrib or "title" in pictures[0].attrib:
        return None
    if not words or not _PLAIN.fullmatch(words) or len(captions[0]):
        return None
    pictures[0].set("title", words)
    return _picture(pictures[0])


def _language(block: etree._Element) -> str:
    """The language of a code block, from its HTML 5 class."""
    classes = " ".join(each.get("class", "") for each in block.iter("pre", "code")).split()
    return next((each.removeprefix("language-") for each in classes if each.startswith("language-")), "")


class _Writer(MarkdownConverter):
    """markdownify, adapted to the dialect ``commonmark``."""

    def __init__(self, *, careful: bool, code_language: str) -> None:
        super().__init__(
            autolinks=False,
            bullets="-",
            code_language=code_language,
            escape_misc=True,
            heading_style=ATX,
            newline_style=BACKSLASH,
            strip_pre=STRIP_ONE,
        )
        self._careful = careful

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """`text`, with a backslash before characters that could be markup."""
        if self._careful:
            return re.sub(r"([$^{}])", r"\\\1", str(super().escape(text, parent_tags)))  # type: ignore[misc]  # in no stub
        return _MOSTLY.sub(r"\\\g<0>", text)
