"""The content model of lists (HTML, section 4.4.5 to 4.4.11): items, terms and definitions, and nothing beside them."""

from __future__ import annotations

from lxml import etree

from chapbook.markup.blocks import FLAT, wrap_orphans
from chapbook.markup.trees import is_blank, make, remove, strip

__all__ = ["repair_definitions", "repair_list"]


def repair_list(element: etree._Element) -> None:
    """Everything in a list goes into its items: what stands beside them into the one before."""
    if element.tag == "ul":
        for each in element.iterchildren("li"):
            each.attrib.pop("value", None)
    if is_blank(element.text) and all(child.tag == "li" and is_blank(child.tail) for child in element):
        if not len(element):
            remove(element)
        return
    children, text = _emptied(element)
    item: etree._Element | None = None
    if not is_blank(text):
        item = etree.SubElement(element, "li")
        item.text = text
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag == "li":
            item = child
            element.append(child)
        else:
            item = etree.SubElement(element, "li") if item is None else item
            item.append(child)
        if not is_blank(tail):
            _add_text(item, tail or "")
    for each in element:
        wrap_orphans(each)


def _emptied(element: etree._Element) -> tuple[list[etree._Element], str | None]:
    """Takes out all that is in `element`, and gives it."""
    children, text = list(element), element.text
    element[:] = []
    element.text = None
    return children, text


def _add_text(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def repair_definitions(element: etree._Element) -> None:
    """Terms, each followed by a definition.

    What stands before the first term goes before the list; without any term it is no list; a term without a
    definition gets an empty one.
    """
    for child in element:
        if child.tag == "div" and any(each.tag in {"dt", "dd"} for each in child):
            child.tag = FLAT
    strip(element, FLAT)
    if not any(child.tag == "dt" for child in element):
        _become_div(element)
        return
    children, text = _emptied(element)
    if not is_blank(text):
        children.insert(0, make("dd", text=text))
    begun = False
    for child in children:
        tail, child.tail = child.tail, None
        held = child if child.tag in {"dt", "dd"} else _holding(child)
        for each in (held,) if is_blank(tail) else (held, make("dd", text=tail)):
            begun = begun or each.tag == "dt"
            if not begun:
                each.tag = "div"
                element.addprevious(each)
            else:
                element.append(each)
    if not len(element) or element[-1].tag == "dt":
        etree.SubElement(element, "dd")


def _become_div(element: etree._Element) -> None:
    if not len(element) and is_blank(element.text):
        remove(element)
    element.tag = "div"
    for child in element:
        if child.tag in {"dd", "div"}:
            child.tag = "div"
            wrap_orphans(child)
    wrap_orphans(element)


def _holding(child: etree._Element) -> etree._Element:
    made = etree.Element("dd")
    made.append(child)
    wrap_orphans(made)
    return made
