"""Formulas: converts TeX between dollar signs to MathML, which reading systems display and screen readers speak."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import CODE, is_blank, make, put_into_text, replace, replace_by_text
from chapbook.model.labels import label
from chapbook.model.urls import ANYWHERE
from chapbook.passes.equation_numbers import Numbers, equation_id, reference

__all__ = ["set_mathematics"]

_SHOWN = 60


def set_mathematics(page: Page) -> None:
    """Turns each ``span.math`` into MathML; an unreadable formula gives a warning and stays as TeX.

    A displayed formula alone in its paragraph becomes ``div.math-display``. In code it stays text as written. The
    target of a label becomes a link.
    """
    formulas = []
    _take_code(page)
    for span in [each for each in page.body.iter("span") if _is_formula(each)]:
        tex = _tex(span)
        if next(span.iterancestors(*CODE), None) is not None:
            replace_by_text(span, _written(page, span, tex))
        elif _REFERENCE.fullmatch(tex.strip()):
            replace_by_text(span, tex.strip())
        else:
            formulas.append(span)
    if formulas or "\\eqref" in page.chapter.text:
        _set_all(page, formulas)


def _set_all(page: Page, formulas: Sequence[etree._Element]) -> None:
    from chapbook.passes.mathml import formula  # noqa: PLC0415 - most books have no formula; importing it takes time
    from chapbook.passes.tex import TAG, TexError  # noqa: PLC0415 - see above

    numbers = Numbers(taken=[tag[1] for span in formulas for tag in TAG.findall(_tex(span))])
    seen: Counter[str] = Counter()
    for span in formulas:
        tex, display = _tex(span), _is_display(span)
        named = _NAME.match(span.tail or "")
        id_ = named[1] if named else ""
        is_numbered = display and id_.startswith(("eq-", "eq:"))
        try:
            math = formula(
                _without_cell_escapes(page, span, tex),
                display=display,
                numbers=numbers,
                name=id_ if is_numbered else "",
            )
        except TexError as error:
            _keep_source(page, span, tex, seen[tex], str(error))
        else:
            if named:
                span.tail = (span.tail or "")[named.end() :]
                if not is_numbered:
                    math.set("id", id_)
            _place(span, math)
        seen[tex] += 1
    _refer(page, numbers)


def _refer(page: Page, numbers: Numbers) -> None:
    """Turns references to numbers into links. A label that this chapter doesn't have may be in another chapter."""
    for name in numbers.settle():
        page.report(
            "link-target-missing",
            f"no formula of the chapter has the label '{name}'",
            at=page.locator.text(f"ref{{{name}}}"),
            hint="write '\\label{…}' with it in a formula between '$$'",
        )
    for place in numbers.places.values():
        number = place.number.removeprefix("(").removesuffix(")")
        page.numbered[place.id] = f"{label('equation', page.language)}\N{NO-BREAK SPACE}{number}"
    if "ref{" in page.chapter.text:
        for text in _TEXTS(page.body):
            put_into_text(text.getparent(), str(text), _links(text, numbers), is_tail=text.is_tail)


def _links(text: str, numbers: Numbers) -> Iterator[tuple[int, int, etree._Element]]:
    for found in _REFERENCE.finditer(text):
        place = numbers.places.get(" ".join(found[2].split()))
        if place is not None:
            shown = reference(found[1], place.number)
            yield found.start(), found.end(), make("a", href=f"#{place.id}", text=shown)
        elif found[1] == "eqref":
            yield found.start(), found.end(), make("a", href=f"{ANYWHERE}#{equation_id(found[2])}", text=found[0])


_TEXTS = etree.XPath(
    ".//text()[contains(., 'ref{')][not(ancestor::a or ancestor::code or ancestor::kbd or ancestor::pre"
    " or ancestor::samp or ancestor::*[namespace-uri() != ''])]"
)
_REFERENCE = re.compile(r"\\(eqref|ref)\{([^{}\n]+)\}")
_NAME = re.compile(r"\s*\{#([\w:.-]+)\}")
"""``{#eq-x}`` after a formula, by which Pandoc and Quarto refer to it."""


def _take_code(page: Page) -> None:
    """Reads GitHub's two other forms of formulas: a fence with the language ``math``, and code between dollar signs."""
    if "math" in page.chapter.text:
        for code in [each for each in page.body.iter("code") if "language-math" in each.get("class", "").split()]:
            pre = code.getparent()
            if pre is not None and pre.tag == "pre" and len(pre) == 1:
                paragraph = make("p")
                paragraph.append(make("span", class_="math math-display", text=(code.text or "").strip()))
                replace(pre, paragraph)
    if "$`" not in page.chapter.text:
        return
    for code in [each for each in page.body.iter("code") if (each.tail or "").startswith("$") and not len(each)]:
        before, parent = code.getprevious(), code.getparent()
        holder = parent if before is None else before
        text = (holder.text if before is None else holder.tail) or "" if holder is not None else ""
        if holder is not None and text.endswith("$"):
            code.tail = (code.tail or "")[1:]
            if before is None:
                holder.text = text[:-1]
            else:
                holder.tail = text[:-1]
            replace(code, make("span", class_="math math-inline", text=code.text))


def _without_cell_escapes(page: Page, span: etree._Element, tex: str) -> str:
    """Removes the escapes of bars in table cells; CommonMark does so, but Python-Markdown leaves them in formulas."""
    in_cell = "\\|" in tex and next(span.iterancestors("td", "th"), None) is not None
    return tex.replace("\\|", "|") if in_cell and page.settings.dialect == "markdown" else tex


def _tex(span: etree._Element) -> str:
    return "".join(str(text) for text in span.itertext())


def _is_formula(span: etree._Element) -> bool:
    return "math" in span.get("class", "").split()


def _is_display(span: etree._Element) -> bool:
    return "math-display" in span.get("class", "").split()


def _written(page: Page, span: etree._Element, tex: str) -> str:
    """The formula as written; pulldown-cmark, unlike Python-Markdown, leaves character references in it."""
    sign = "$$" if _is_display(span) else "$"
    return f"{sign}{unescape(tex) if page.settings.dialect == 'commonmark' else tex}{sign}"


def _keep_source(page: Page, span: etree._Element, tex: str, nth: int, why: str) -> None:
    span[:] = []
    span.text = _written(page, span, tex)
    span.set("class", "math-inline")
    if page.direction == "rtl":
        span.set("dir", "ltr")
    shown = " ".join(tex.split())
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    page.report(
        "math-invalid",
        f"chapbook can't read the formula '{shown}': {why}",
        at=page.locator.formula(tex, nth),
        hint="it stays as TeX. Use commands of LaTeX or amsmath; put code in backticks; write '\\$' for dollars",
    )


def _place(span: etree._Element, math: etree._Element) -> None:
    display = _is_display(span)
    replace(span, math)
    parent = math.getparent()
    if not display or parent is None or parent.tag != "p":
        return
    if len(parent) == 1 and is_blank(parent.text) and is_blank(math.tail):
        parent.tag = "div"
        parent.text = math.tail = None
        parent.set("class", " ".join(["math-display", *parent.get("class", "").split()]))
