"""What may not ship in an SVG picture, taken out of its tree."""

from __future__ import annotations

import re

import tinycss2  # type: ignore[import-untyped]
from lxml import etree

__all__ = ["clean", "qualify"]

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XHTML = "http://www.w3.org/1999/xhtml"
_HREF = f"{{{_XLINK}}}href"
_REMOVED = frozenset(
    {
        *("script", "handler", "listener", "foreignobject", "iframe", "object", "embed", "audio", "video"),
        *("canvas", "link", "meta", "base", "form", "input", "html", "body", "discard", "prefetch", "source"),
    }
)
"""Local names of elements that run, embed or fetch, whatever their namespace and case."""
_ANIMATION = frozenset({"animate", "set", "animatetransform", "animatemotion", "animatecolor"})
_LINK = re.compile(r"(?:#|https?://|mailto:)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif);base64,", re.IGNORECASE)
_BRACKET = re.compile(r"[\[\](){}]")
_LONGEST_CSS, _DEEPEST_CSS = 300_000, 64
"""Characters and nesting of a style sheet that is taken apart, which takes a hundred times its size in memory."""


def qualify(root: etree._Element) -> etree._Element:
    """The tree with elements without a namespace in SVG's, without which a reader shows nothing.

    `root` itself where every element has one.
    """
    if not any(_split(element.tag)[0] == "" for element in root.iter(etree.Element)):
        return root
    if _split(root.tag)[0] == "":
        root = _with_default_namespace(root)
    for element in root.iter(etree.Element):
        namespace, name = _split(element.tag)
        if not namespace:
            element.tag = f"{{{_SVG}}}{name}"
    return root


def _with_default_namespace(root: etree._Element) -> etree._Element:
    """A root whose default namespace is SVG's; lxml gives an element its prefixes when it is made."""
    prefixes: dict[str | None, str] = dict(root.nsmap)
    prefixes[None] = _SVG
    made = etree.Element(f"{{{_SVG}}}{_split(root.tag)[1]}", dict(root.attrib), nsmap=prefixes)
    made.text = root.text
    made.extend(list(root))
    return made


def clean(root: etree._Element) -> tuple[str, ...]:
    """Takes out what may not ship; names it, in the order of the document, each once."""
    removed: dict[str, None] = {}
    _note_stylesheet(root, removed)
    for element in list(root.iter(etree.Element)):
        namespace, name = _split(element.tag)
        if name.lower() in _REMOVED or namespace == _XHTML or _sets_code(element, name):
            _drop(element)
            removed[f"'{name}'"] = None
        elif element.attrib and not _clean_references(element, name, removed):
            _drop(element)
        elif name == "style" and element.text:
            element.text = _clean_css(element.text, removed)
    return tuple(removed)


def _split(tag: object) -> tuple[str, str]:
    """The namespace and the local name of an element's or attribute's name."""
    namespace, closing, name = str(tag).rpartition("}")
    return (namespace[1:], name) if closing else ("", name)


def _note_stylesheet(root: etree._Element, removed: dict[str, None]) -> None:
    """A style sheet named before the root goes with everything else there."""
    before = (each for each in root.itersiblings(preceding=True) if isinstance(each, etree._ProcessingInstruction))  # noqa: SLF001 - lxml has no other name for it
    if any(each.target == "xml-stylesheet" for each in before):
        removed["'xml-stylesheet'"] = None


def _sets_code(element: etree._Element, name: str) -> bool:
    """Whether an animation sets an event handler or a reference."""
    if name.lower() not in _ANIMATION:
        return False
    target = element.get("attributeName", "").strip().lower()
    return target.startswith("on") or target.rpartition(":")[2] in {"href", "src"}


def _drop(element: etree._Element) -> None:
    """Removes `element` with what it holds; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _clean_references(element: etree._Element, name: str, removed: dict[str, None]) -> bool:
    """Takes out attributes that run or reach out. Whether the element makes sense without them."""
    for attribute, value in element.attrib.items():
        local = _split(attribute)[1].lower()
        if local.startswith("on") or attribute == "{http://www.w3.org/XML/1998/namespace}base":
            del element.attrib[attribute]
            removed[f"'{local}'"] = None
        elif local in {"href", "src"} and not _may_refer(name, value):
            del element.attrib[attribute]
            removed[f"a reference to '{_shown(value)}'"] = None
            if name in {"image", "feImage", "use"}:
                return False
        elif "url" in value.lower() or "\\" in value:
            _clean_attribute(element, attribute, value, removed)
    return True


def _shown(value: str) -> str:
    text = " ".join(value.split())
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - enough to find it


def _may_refer(name: str, value: str) -> bool:
    target = value.strip()
    if name == "a":
        return _LINK.match(target) is not None
    if name in {"image", "feImage"}:
        return _PICTURE.match(target) is not None
    return target.startswith("#") or not target


def _clean_attribute(element: etree._Element, attribute: str, value: str, removed: dict[str, None]) -> None:
    cleaned = _clean_css(value, removed)
    if cleaned != value:
        element.set(attribute, cleaned)


def _clean_css(text: str, removed: dict[str, None]) -> str:
    """CSS without imports and references out of the picture: the same text where it has none."""
    lower = text.lower()
    if "url" not in lower and "@import" not in lower and "\\" not in text and "image" not in lower:
        return text
    if len(text) > _LONGEST_CSS or _depth(text) > _DEEPEST_CSS:
        removed["a style sheet that is too long or nests too deep"] = None
        return ""
    tokens = tinycss2.parse_component_value_list(text)
    found: list[str] = []
    kept = _without_references(tokens, found)
    if not found:
        return text
    removed.update(
        dict.fromkeys(f"'{each}'" if each.startswith("@") else f"a reference to '{_shown(each)}'" for each in found)
    )
    return str(tinycss2.serialize(kept))


def _depth(text: str) -> int:
    """How deep brackets nest; those in strings and comments count too, which errs on the safe side."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _without_references(tokens: list[tinycss2.ast.Node], found: list[str]) -> list[tinycss2.ast.Node]:
    kept: list[tinycss2.ast.Node] = []
    importing = False
    face: int | None = None
    for token in tokens:
        if importing:
            importing = not (token.type == "literal" and token.value == ";")
            continue
        if face is not None and token.type == "{} block":
            before = len(found)
            _clean_block(token, found)
            if len(found) > before:  # a font that is not there: what is left of its rule means nothing
                del kept[face:]
            else:
                kept.append(token)
            face = None
            continue
        if token.type == "at-keyword":
            face = len(kept) if token.lower_value == "font-face" else None
        if token.type == "at-keyword" and token.lower_value in {"import", "charset", "namespace"}:
            importing = True
            found.append("@" + token.lower_value)
        elif (reference := _reference(token)) is not None and not _stays_inside(reference):
            found.append(reference)
            kept.append(tinycss2.ast.IdentToken(token.source_line, token.source_column, "none"))
        else:
            _clean_block(token, found)
            kept.append(token)
    return kept


def _clean_block(token: tinycss2.ast.Node, found: list[str]) -> None:
    for name in ("content", "arguments"):
        inner = getattr(token, name, None)
        if isinstance(inner, list):
            setattr(token, name, _without_references(inner, found))


def _reference(token: tinycss2.ast.Node) -> str | None:
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name in {"url", "src", "image", "image-set", "-webkit-image-set"}:
        return next((str(each.value) for each in token.arguments if each.type == "string"), "")
    return None


def _stays_inside(reference: str) -> bool:
    return reference.strip().startswith("#") or _PICTURE.match(reference.strip()) is not None
