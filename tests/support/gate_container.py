"""What must hold of the archive (EPUB 3.3, section 4, and the habits that keep old reading systems content)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from support.opened import Opened

__all__ = ["check_container"]

_FIXED = {"mimetype", "META-INF/container.xml"}
_NAME = re.compile(r"EPUB(/[a-z0-9_][a-z0-9._-]*(?<!\.))+")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[|<!ENTITY")


def check_container(book: Opened) -> Iterator[str]:
    yield from _first_entry(book)
    yield from _entries(book)
    yield from _names(book)
    for name, content in book.files.items():
        if name.endswith((".xhtml", ".opf", ".ncx", ".svg", ".xml")) and _SUBSET.search(content):
            yield f"{name}: declares entities or a DTD subset"


def _first_entry(book: Opened) -> Iterator[str]:
    if book.raw[30:58] != b"mimetypeapplication/epub+zip":
        yield "the archive does not begin with a stored mimetype"
    if book.raw[26:30] != b"\x08\x00\x00\x00":
        yield "mimetype has an extra field"
    if book.comment:
        yield "the archive has a comment"


def _entries(book: Opened) -> Iterator[str]:
    for info in book.infos:
        if info.compress_type not in {0, 8}:
            yield f"{info.filename}: compressed by method {info.compress_type}"
        if info.flag_bits & ~0x800:
            yield f"{info.filename}: flag bits {info.flag_bits:#x} (encrypted, or a data descriptor)"
        if info.extract_version not in {10, 20} or info.extra:
            yield f"{info.filename}: version {info.extract_version} or an extra field"
        if info.date_time != (1980, 1, 1, 0, 0, 0):
            yield f"{info.filename}: dated {info.date_time}"
        if (info.create_system, info.external_attr) != (3, 0o100644 << 16):
            yield f"{info.filename}: made on another system or with other permissions"
        if info.is_dir():
            yield f"{info.filename}: an entry for a folder"


def _names(book: Opened) -> Iterator[str]:
    names = [info.filename for info in book.infos]
    for name, count in Counter(name.casefold() for name in names).items():
        if count > 1:
            yield f"{name}: {count} entries of that name"
    head = ["mimetype", "META-INF/container.xml", book.package_name, book.nav]
    if names != [*head, *sorted(set(names) - set(head))]:
        yield f"the entries are out of order: {names[:6]}"
    listed = {each.name for each in book.items} | {book.package_name} | _FIXED
    yield from (f"{name}: in the archive and not in the manifest" for name in sorted(set(names) - listed))
    yield from (f"{name}: in the manifest and not in the archive" for name in sorted(listed - set(names)))
    for name in sorted(set(names) - _FIXED):
        if not _NAME.fullmatch(name) or any(_DEVICE.match(part) for part in name.split("/")):
            yield f"{name}: no portable name"
