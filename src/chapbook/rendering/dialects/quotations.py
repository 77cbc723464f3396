"""Quotations in the ``markdown`` dialect: Python-Markdown's, but for alerts."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockQuoteProcessor

__all__ = ["Quotations"]

_ALERT = re.compile(r"\s*\[!(?:note|tip|important|warning|caution)\][-+]?(?=\s|$)\s*(?P<words>\S)?", re.IGNORECASE)


class Quotations(BlockQuoteProcessor):
    """Python-Markdown joins quotations that a blank line parts; an alert is one of its own, as GitHub has it."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self._begins_alert = False

    def run(self, parent: ET.Element, blocks: list[str]) -> None:
        """Takes the quotation of the first of `blocks`."""
        first = self.RE.search(blocks[0])
        self._begins_alert = first is not None and _ALERT.match(first[2]) is not None
        super().run(parent, blocks)

    def lastChild(self, parent: ET.Element) -> ET.Element | None:  # noqa: N802 - Python-Markdown's name
        """What the quotation joins if it is one as well; nothing where either of the two is an alert."""
        last = super().lastChild(parent)
        return None if last is None or self._begins_alert or _is_whole_alert(last) else last


def _is_whole_alert(element: ET.Element) -> bool:
    first = element[0] if element.tag == "blockquote" and len(element) else None
    mark = _ALERT.match(first.text or "") if first is not None and first.tag == "p" else None
    return mark is not None and (mark["words"] is not None or len(element) > 1)
