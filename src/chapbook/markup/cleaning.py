"""Applies the allowlist to a chapter's tree, and reports which of the author's HTML was removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from types import MappingProxyType

from lxml import etree

from chapbook.markup.allowlist import ELEMENTS, Element, Fate
from chapbook.markup.attributes import clean_attributes, is_dangerous
from chapbook.markup.authored_math import is_presentation
from chapbook.markup.blocks import PARTED, part_texts
from chapbook.markup.page import Page
from chapbook.markup.parsing import MATHML, SVG
from chapbook.markup.structure import repair_structure
from chapbook.markup.svg import clean_svg
from chapbook.markup.trees import LOST, add_class, strip
from chapbook.model.diagnostics import Position

__all__ = ["clean_markup"]

_SHOWN = 20
_UNWRAPPED, _REMOVED = "x-unwrapped", "x-removed"
"""Names for elements to remove; all are removed at the end, in time linear in the text."""
_BLOCKS = frozenset({"form", "fieldset"})
_BRACKET = 3
"""The most characters in a ruby's ``rp``."""
_SET_APART = frozenset({"option", "optgroup", "select", "textarea"})


def clean_markup(page: Page) -> None:
    """Keeps only what the allowlist has, and moves each element to where HTML's content model allows it.

    Each removed element or attribute name is reported once, at its first place, with the number of occurrences.
    """
    cleaning = _Cleaning(page)
    for drawing in list(page.body.iter(f"{{{SVG}}}svg")):
        if next(drawing.iterancestors(f"{{{SVG}}}svg"), None) is None:
            removed, foreign = clean_svg(drawing)
            cleaning.removed.update(removed)
            cleaning.foreign.update(foreign)
    for nth, formula in enumerate(list(page.body.iter(f"{{{MATHML}}}math"))):
        if not is_presentation(formula):
            cleaning.keep_words(formula, nth)
    for element in page.body.iter(etree.Element):
        row = ELEMENTS.get(str(element.tag))
        if (
            row is None
            or element.attrib
            or row.fate is not Fate.KEPT
            or row.name
            or element.tag in _NEEDS_A_LOOK
            or element.tag == "input"
        ):
            cleaning.clean(element, row)
    if cleaning.changed:
        etree.strip_elements(page.body, _REMOVED, with_tail=False)
        strip(page.body, _UNWRAPPED)
    repair_structure(page.body)
    part_texts(page.body)
    if "<" in page.chapter.text:
        for container in page.body.iterdescendants(*PARTED):
            part_texts(container, beside_paragraphs=True)
    cleaning.report()


_STAYS = "what a browser shows in its place stays. Delete it, or write it in Markdown"
_OF_MARKDOWN = "Markdown or one of its extensions made it; its words stay"
_WAYS_OUT = MappingProxyType(
    {
        "script": "books can't run code; delete it",
        "style": "put its rules into a style sheet, and name the sheet under 'css' in book.yaml",
    }
)
"""Hints for removed elements, if `_STAYS` doesn't apply."""


class _Cleaning:
    """What was seen and changed on one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.changed = False
        self.removed: Counter[str] = Counter()
        self.foreign: Counter[str] = Counter()
        """Attributes of drawings that refer outside."""
        self._unknown: Counter[str] = Counter()
        self._attributes: Counter[str] = Counter()
        self._targets: Counter[str] = Counter()

    def clean(self, element: etree._Element, row: Element | None) -> None:
        """Changes one element by its row in the table."""
        name = str(element.tag)
        if name.startswith("{") or element is self._page.body:
            return
        if row is None:
            self._unknown[name] += 1
            self._mark(element, _UNWRAPPED)
        elif row.fate is Fate.KEPT:
            self._keep(element, row)
        else:
            _FATES[row.fate](self, element)

    def _keep(self, element: etree._Element, row: Element) -> None:
        if row.name:
            element.tag = row.name
        if (needs := _NEEDS_BEFORE.get(str(element.tag))) and not needs(element):
            self._disarm(element)
            return
        if element.attrib:
            for attribute, value in clean_attributes(element, row):
                self._lose(element, attribute, value)
        if row.added_class:
            add_class(element, row.added_class)
        if (needs := _NEEDS_A_LOOK.get(str(element.tag))) and not needs(element):
            self._mark(element, _UNWRAPPED)

    def _lose(self, element: etree._Element, attribute: str, value: str) -> None:
        """Notes a removed attribute; a link or file that would run code is reported at its place."""
        if attribute.startswith("on"):
            self._attributes[attribute] += 1
            return
        page, nth = self._page, self._targets[value]
        self._targets[value] += 1
        scheme = "".join(value.split()).partition(":")[0][:_SHOWN]
        if element.tag == "a":
            at = page.locator.link(value, nth)
            page.report(
                "link-scheme",
                f"chapbook removed a link to '{scheme}:'",
                at=at,
                hint="its text stays; books can't run code",
            )
        else:
            at = page.locator.image(value, nth)
            page.report("markup-removed", f"chapbook removed the address '{scheme}:' from '<{element.tag!s}>'", at=at)
            if element.tag == "img":
                element.set(LOST, "")

    def _unwrap(self, element: etree._Element) -> None:
        self._mark(element, _UNWRAPPED)

    def _disarm(self, element: etree._Element) -> None:
        name = str(element.tag)
        self.removed[name] += 1
        if name == "input":
            element.text = element.get("value") if element.get("type", "").lower() in _BUTTONS else ""
        if name in _BLOCKS:  # a separate block stays separate without its element
            element.attrib.clear()
            self._mark(element, "div")
            return
        beside = name == "label" and not element.tail and element.getnext() is not None
        if name in _SET_APART or beside:
            element.tail = " " + (element.tail or "")
        self._mark(element, _UNWRAPPED)

    def _link(self, element: etree._Element) -> None:
        self.removed[str(element.tag)] += 1
        address = (element.get("src") or "").strip()
        if address.startswith("//"):
            address = "https:" + address
        if not address.lower().startswith(("http://", "https://")) or is_dangerous(address):
            self._mark(element, _REMOVED)
            return
        words = " ".join(element.get("title", "").split()) or address
        element[:] = []
        element.attrib.clear()
        element.tag, element.text = "a", words
        element.set("href", address)
        self.changed = True

    def _remove(self, element: etree._Element) -> None:
        self.removed[str(element.tag)] += 1
        self._mark(element, _REMOVED)

    def _drop(self, element: etree._Element) -> None:
        # Remove the brackets around a reading too, but keep words: an unclosed one may hold the rest of the text.
        holds_words = len("".join(map(str, element.itertext())).strip()) > _BRACKET
        self._mark(element, _UNWRAPPED if holds_words else _REMOVED)

    def _mark(self, element: etree._Element, tag: str) -> None:
        element.tag = tag
        self.changed = True

    def keep_words(self, formula: etree._Element, nth: int) -> None:
        """Replaces MathML that EPUB doesn't accept with its text; `nth` is the formula's index in the chapter."""
        self._page.report(
            "math-invalid",
            "a formula isn't presentation MathML, the only kind that EPUB allows",
            at=self._page.locator.element("math", nth),
            hint="its words stay. Give every element the children that it needs, or write it as TeX: '$…$'",
        )
        words = " ".join("".join(formula.itertext()).split())
        formula[:] = []
        formula.tag, formula.text = "span", words
        formula.attrib.clear()

    def _drawing(self) -> Position | None:
        """Where the first drawing begins; Markdown can also produce elements inside it that drawings can't have."""
        page = self._page
        return page.locator.element("svg") if "<svg" in page.chapter.text.lower() else None

    def report(self) -> None:
        """Reports what was removed, once for each name."""
        page, locator = self._page, self._page.locator
        for name, count in self.removed.items():
            own = f"<{name}".lower() in page.chapter.text.lower()
            page.report(
                "markup-removed",
                f"chapbook removed '<{name}>'{_times(count)}",
                at=locator.element(name) if own else self._drawing(),
                hint=_WAYS_OUT.get(name, _STAYS)
                if own
                else "Markdown or one of its extensions made it; its words stay",
            )
        for name, count in self._attributes.items():
            page.report(
                "markup-removed",
                f"chapbook removed the attribute '{name}'{_times(count)}",
                at=locator.attribute(name),
                hint="books can't run code; delete it",
            )
        for name, count in self.foreign.items():
            page.report(
                "markup-removed",
                f"chapbook removed the attribute '{name}' of a drawing, which refers to another file{_times(count)}",
                at=locator.attribute(name),
                hint="refer to something within the drawing, for example 'url(#shade)'",
            )
        for name, count in self._unknown.items():
            page.report(
                "markup-unwrapped",
                f"'<{name}>' isn't an HTML element{_times(count)}",
                at=locator.element(name),
                hint=f"its text stays. To show the tag itself, write '\\<{name}>'",
            )


_BUTTONS = frozenset({"submit", "button", "reset"})

_FATES: MappingProxyType[Fate, Callable[[_Cleaning, etree._Element], None]] = MappingProxyType(
    {
        Fate.UNWRAPPED: _Cleaning._unwrap,  # noqa: SLF001 - the same module
        Fate.DISARMED: _Cleaning._disarm,  # noqa: SLF001 - the same module
        Fate.LINKED: _Cleaning._link,  # noqa: SLF001 - the same module
        Fate.REMOVED: _Cleaning._remove,  # noqa: SLF001 - the same module
        Fate.DROPPED: _Cleaning._drop,  # noqa: SLF001 - the same module
    }
)

_NEEDS_A_LOOK: MappingProxyType[str, Callable[[etree._Element], bool]] = MappingProxyType(
    {
        "a": lambda element: len(element.attrib) > 0,
        "bdo": lambda element: element.get("dir") in {"ltr", "rtl"},
        "data": lambda element: "value" in element.attrib,
        "time": lambda element: "datetime" in element.attrib,
    }
)
"""Elements that are useful or valid only with a certain attribute."""

_NEEDS_BEFORE: MappingProxyType[str, Callable[[etree._Element], bool]] = MappingProxyType(
    {"input": lambda element: element.get("type", "").strip().lower() == "checkbox"}
)
"""The same, checked before attributes are removed: a check box marks a task; other fields are removed with a
warning.
"""


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""
