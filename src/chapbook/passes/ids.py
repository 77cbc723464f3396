"""Ids: valid and unique in a document (EPUB 3.3, section 6.1; HTML, section 3.2.6), with working references."""

from __future__ import annotations

from urllib.parse import unquote

from lxml import etree

from chapbook.markup.page import Page
from chapbook.model.urls import encoded_fragment

__all__ = ["make_unique"]

_WITH_ID = etree.XPath("descendant-or-self::*[@id]")
_LOCAL = etree.XPath("descendant-or-self::*[starts-with(@href, '#')]")
_POINTING = etree.XPath(
    "descendant-or-self::*[@*[starts-with(name(), 'aria-')]][@aria-labelledby or @aria-describedby or @aria-details]"
)
"""The first test saves most of the time, because few elements have such an attribute."""
_POINTERS = ("aria-labelledby", "aria-describedby", "aria-details")
_SVG = "{http://www.w3.org/2000/svg}svg"


def make_unique(page: Page) -> None:
    """Makes all ids valid and unique. The first of two equal ids stays; the second gives a warning.

    Links in the document and references in ``aria-`` attributes follow a changed id; a reference to a missing id is
    removed.
    """
    taken: set[str] = set()
    respelt: dict[str, str] = {}
    doubled: dict[str, int] = {}
    for element in _WITH_ID(page.body):
        written = element.get("id", "")
        name = "-".join(written.split())
        if not name:
            del element.attrib["id"]
            continue
        if name != written:
            respelt[written] = name
        if name in taken:
            doubled[name] = doubled.get(name, 0) + 1
            _report(page, written, doubled[name])
            name = _free(name, taken, doubled)
            _follow_in_drawing(element, written, name)
        taken.add(name)
        if name != written:
            element.set("id", name)
    for element in _LOCAL(page.body) if respelt else ():
        target = unquote(element.get("href", "")[1:])
        if target in respelt:
            element.set("href", "#" + encoded_fragment(respelt[target]))
    _check_pointers(page.body, taken, respelt)


def _report(page: Page, name: str, nth: int) -> None:
    if nth == 1:
        page.report(
            "id-doubled",
            f"the id '{name}' appears twice",
            at=page.locator.identifier(name, 1),
            hint="links lead to the first one; rename the second",
        )


def _free(name: str, taken: set[str], doubled: dict[str, int]) -> str:
    while f"{name}-{doubled[name]}" in taken:
        doubled[name] += 1
    return f"{name}-{doubled[name]}"


def _follow_in_drawing(element: etree._Element, old: str, new: str) -> None:
    """Inside one drawing, paint and shapes refer to the drawing's own parts."""
    drawing = next(element.iterancestors(_SVG), None)
    if drawing is None or any(each.get("id") == old for each in drawing.iter(etree.Element) if each is not element):
        return
    for each in drawing.iter(etree.Element):
        for name, value in each.attrib.items():
            if value == f"#{old}":
                each.set(name, f"#{new}")
            elif "url(" in value and f"#{old})" in value.replace("'", "").replace('"', ""):
                each.set(name, f"url(#{new})")


def _check_pointers(body: etree._Element, taken: set[str], respelt: dict[str, str]) -> None:
    for element in _POINTING(body):
        for name in _POINTERS:
            if name in element.attrib:
                value = element.get(name, "")
                words = [respelt[value]] if value in respelt else value.split()
                known = [each for each in words if each in taken]
                if known:
                    element.set(name, " ".join(known))
                else:
                    del element.attrib[name]
