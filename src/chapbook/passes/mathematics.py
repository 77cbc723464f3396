"""Formulas: TeX between dollar signs becomes MathML, which reading systems set and screen readers speak."""

from __future__ import annotations

from html import unescape

from lxml import etree

from chapbook.markup.page import Page
from chapbook.markup.trees import CODE, is_blank, replace, replace_by_text

__all__ = ["set_mathematics"]

_SHOWN = 60


def set_mathematics(page: Page) -> None:
    """Turns every ``span.math`` into MathML; one that cannot be read is warned of and stays as TeX.

    A displayed formula that is alone in its paragraph becomes ``div.math-display``. One in code is text as it was
    written.
    """
    formulas = []
    for span in [each for each in page.body.iter("span") if _is_formula(each)]:
        if next(span.iterancestors(*CODE), None) is None:
            formulas.append(span)
        else:
            replace_by_text(span, _written(page, span))
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
            math = formula(tex, display=_is_display(span))
        except TexError as error:
            _keep_source(page, span, tex, nth, str(error))
        else:
            _place(span, math)


def _is_formula(span: etree._Element) -> bool:
    return "math" in span.get("class", "").split()


def _is_display(span: etree._Element) -> bool:
    return "math-display" in span.get("class", "").split()


def _written(page: Page, span: etree._Element) -> str:
    """What the author wrote; pulldown-cmark, unlike Python-Markdown, leaves character references in a formula."""
    sign = "$$" if _is_display(span) else "$"
    tex = "".join(str(text) for text in span.itertext())
    return f"{sign}{unescape(tex) if page.settings.dialect == 'commonmark' else tex}{sign}"


def _keep_source(page: Page, span: etree._Element, tex: str, nth: int, why: str) -> None:
    span.set("class", "math-inline")
    if page.settings.direction == "rtl":
        span.set("dir", "ltr")
    shown = " ".join(tex.split())
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    page.report(
        "math-invalid",
        f"the formula '{shown}' cannot be read: {why}",
        at=page.locator.formula(tex, nth),
        hint="it stays as TeX; write it with LaTeX's and amsmath's commands, or put money and code in backticks",
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
