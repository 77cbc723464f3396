"""Formulas: TeX between dollar signs becomes MathML, which reading systems set and screen readers speak."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import CODE, is_blank, make, replace, replace_by_text

__all__ = ["set_mathematics"]

_SHOWN = 60


def set_mathematics(page: Page) -> None:
    """Turns every ``span.math`` into MathML; one that cannot be read is warned of and stays as TeX.

    A displayed formula that is alone in its paragraph becomes ``div.math-display``. One in code is text as it was
    written.
    """
    formulas = []
    _take_code(page)
    for span in [each for each in page.body.iter("span") if _is_formula(each)]:
        if next(span.iterancestors(*CODE), None) is None:
            formulas.append(span)
        else:
            replace_by_text(span, _written(page, span, "".join(str(text) for text in span.itertext())))
    if not formulas:
        return
    from chapbook.passes.mathml import formula  # noqa: PLC0415 - most books have no formula; start-up is dear
    from chapbook.passes.tex import TexError  # noqa: PLC0415 - see above

    seen: dict[str, int] = {}
    for span in formulas:
        tex = "".join(str(text) for text in span.itertext())
        nth = seen.get(tex, 0)
        seen[tex] = nth + 1
        try:
            math = formula(_without_cell_escapes(page, span, tex), display=_is_display(span))
        except TexError as error:
            _keep_source(page, span, tex, nth, str(error))
        else:
            name = _NAME.match(span.tail or "")
            if name:
                math.set("id", name[1])
                span.tail = (span.tail or "")[name.end() :]
            _place(span, math)


_NAME = re.compile(r"\s*\{#([\w:.-]+)\}")
"""``{#eq-x}`` after a formula, by which Pandoc and Quarto refer to it."""


def _take_code(page: Page) -> None:
    """Makes formulas of GitHub's two other forms: a fence of the language ``math``, and code between dollar signs."""
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
    """In a table a bar has to be escaped; CommonMark takes the escape away, Python-Markdown leaves it in a formula."""
    in_cell = "\\|" in tex and next(span.iterancestors("td", "th"), None) is not None
    return tex.replace("\\|", "|") if in_cell and page.settings.dialect == "markdown" else tex


def _is_formula(span: etree._Element) -> bool:
    return "math" in span.get("class", "").split()


def _is_display(span: etree._Element) -> bool:
    return "math-display" in span.get("class", "").split()


def _written(page: Page, span: etree._Element, tex: str) -> str:
    """What the author wrote; pulldown-cmark, unlike Python-Markdown, leaves character references in a formula."""
    sign = "$$" if _is_display(span) else "$"
    return f"{sign}{unescape(tex) if page.settings.dialect == 'commonmark' else tex}{sign}"


def _keep_source(page: Page, span: etree._Element, tex: str, nth: int, why: str) -> None:
    span[:] = []
    span.text = _written(page, span, tex)
    span.set("class", "math-inline")
    if page.settings.direction == "rtl":
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
