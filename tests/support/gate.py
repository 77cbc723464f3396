"""Our own checks of one EPUB file: what must hold and no public tool reports."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from support.gate_accessibility import check_accessibility
from support.gate_container import check_container
from support.gate_content import check_content
from support.gate_navigation import check_navigation
from support.gate_package import check_package
from support.gate_references import check_references
from support.opened import Opened

__all__ = ["check_epub"]

_CHECKS = (check_container, check_package, check_navigation, check_content, check_accessibility, check_references)


def check_epub(path: Path) -> list[str]:
    """All that is wrong with the EPUB file `path`, in words; empty where nothing is."""
    if path.suffix != ".epub":
        return [f"{path.name}: the name does not end in .epub"]
    book = Opened(path)
    try:
        return [problem for check in _CHECKS for problem in check(book)]
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
