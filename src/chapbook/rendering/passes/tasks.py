"""Task lists: signs in the place of checkboxes, which are forms and have no label."""

from __future__ import annotations

from lxml import etree

from chapbook.labels import label
from chapbook.rendering.page import Page
from chapbook.rendering.trees import add_class, is_blank, make, remove, replace

__all__ = ["mark_tasks"]

_DONE, _TO_DO = "☑", "☐"


def mark_tasks(page: Page) -> None:
    """Puts ☑ or ☐, named in the chapter's language, where there is a checkbox; any other ``input`` goes.

    A list item that begins with one, in its first paragraph too, gets the class ``task``.
    """
    for box in list(page.body.iter("input")):
        if box.get("type", "").lower() != "checkbox":
            remove(box)
            continue
        item = _task(box)
        if item is not None:
            add_class(item, "task")
            box.tail = " " + (box.tail or "").lstrip()
        replace(box, _sign(page, done="checked" in box.attrib))


def _task(box: etree._Element) -> etree._Element | None:
    """The list item that begins with `box`."""
    element = box
    while (parent := element.getparent()) is not None and parent[0] is element and is_blank(parent.text):
        if parent.tag == "li":
            return parent
        if parent.tag not in {"p", "label"}:
            return None
        element = parent
    return None


def _sign(page: Page, *, done: bool) -> etree._Element:
    name = label("done" if done else "to-do", page.language)
    return make("span", text=_DONE if done else _TO_DO, class_="task-box", role="img", aria_label=name)
