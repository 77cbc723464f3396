"""mdBook's syntax in a chapter: hidden lines of Rust, and ``{{#title}}``; reading handles includes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chapbook.model.diagnostics import Diagnostic
from chapbook.source.edits import fences_changed, outside_code
from chapbook.source.positions import SourceText

__all__ = ["read_mdbook"]

_RUST = re.compile(r"[ \t>]*(?:`{3,}|~{3,})[ ]*(?:rust|rs|should_panic|no_run|ignore|edition\d+)\b.*")
_HIDDEN = re.compile(r"[ \t>]*#(?:[ \t].*)?")
_ESCAPED = re.compile(r"([ \t>]*)##")
_TITLE = re.compile(r"(?<!\\)\{\{#title[^{}\n]*\}\}[ \t]*")

_LITERAL = re.compile(r"\\\{\{#")


def read_mdbook(source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
    """Removes lines of Rust code that begin with ``# ``, like rustdoc, and titles for the browser's window."""
    text = outside_code(source, _TITLE, lambda _: "")
    text = outside_code(source, _LITERAL, lambda _: "&#123;{#", text).replace("\\{{#", "{{#")
    return fences_changed(text, _shown), ()


def _shown(lines: Sequence[str]) -> list[str] | None:
    """The block without hidden lines, which become empty lines below it; the whole block if nothing else remains."""
    if _RUST.fullmatch(lines[0]) is None:
        return None
    code = [_ESCAPED.sub(r"\1#", line, count=1) for line in lines[1:-1] if not _HIDDEN.fullmatch(line)]
    if not any(map(str.strip, code)):
        return None
    before = lines[0][: len(lines[0]) - len(lines[0].lstrip(" \t>"))].rstrip()
    return [lines[0], *code, lines[-1], *[before] * (len(lines) - 2 - len(code))]
