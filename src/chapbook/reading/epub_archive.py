"""Opens an EPUB file: unpacks its archive into memory within limits (EPUB 3.3, section 4.2)."""

from __future__ import annotations

import io
import os
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from html import unescape
from os import PathLike
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree
from msgspec import Struct

from chapbook.model.diagnostics import ChapbookError, Diagnostic, FieldTypeError
from chapbook.reading.content_folder import MOST_BYTES
from chapbook.reading.walk import shown

__all__ = ["DECLARATION", "Archive", "EpubFiles", "decoded", "local_name", "named", "open_archive", "parsed"]

_MOST_FILES = 20_000
_MOST_TOGETHER = 1_000_000_000
"""The most bytes of the file, and of its content, unpacked."""
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OBFUSCATED = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
"""Algorithms that only protect a font from copying (EPUB 3.3, section 4.4; Adobe's older one)."""
_IS_ENCRYPTED = 0x1
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']|charset\s*=\s*["']?([\w.:-]+)""")
DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[\w.:-]+;")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class EpubFiles(Struct, frozen=True):
    """The files of an EPUB, as chapters and style sheets refer to them; held in memory."""

    contents: Mapping[str, bytes]
    """By path, relative to the folder that chapters' paths start from."""

    def names(self) -> frozenset[str]:
        """All files."""
        return frozenset(self.contents)

    def read(self, path: str) -> bytes:
        """The file's bytes. Raises ChapbookError (``file-unreadable``)."""
        data = self.held(path)
        if data is None:
            raise ChapbookError(Diagnostic.of("file-unreadable", "there is no such file", path=shown(path)))
        return data

    def held(self, path: str) -> bytes | None:
        """The bytes, so that a process can receive one file instead of all."""
        return self.contents.get(posixpath.normpath(path))


class Archive(Struct, frozen=True, kw_only=True):
    """The content of an EPUB file."""

    source: str
    """The file's name as the caller gave it."""
    contents: Mapping[str, bytes]
    folded: Mapping[str, str]
    """The files' real paths by their case-folded form."""
    package: str
    """The path of the package document."""
    diagnostics: tuple[Diagnostic, ...] = ()

    def find(self, path: str) -> str | None:
        """The file that `path` means; it may be percent-encoded, or differ in case."""
        for each in (path, unquote(path)):
            clean = posixpath.normpath(each.replace("\\", "/")).lstrip("/")
            if clean in self.contents:
                return clean
        return self.folded.get(clean.casefold())


def named(source: str | PathLike[str] | BinaryIO) -> str:
    """The file's name in messages."""
    return os.fspath(source) if isinstance(source, str | PathLike) else str(getattr(source, "name", "") or "the EPUB")


def open_archive(source: str | PathLike[str] | BinaryIO) -> Archive:
    """Opens the archive of `source`, a path or a binary file object, and reads it to its end.

    Raises ChapbookError: ``source-missing``, ``epub-invalid`` if it isn't an EPUB, ``epub-encrypted`` if it is locked
    by a shop, ``file-too-large`` beyond the limits. Other problems are in the diagnostics.
    """
    name, said = named(source), list[Diagnostic]()
    try:
        with zipfile.ZipFile(io.BytesIO(_bytes(source, name))) as archive:
            contents = _unpacked(archive, name, said)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _invalid(name, "it isn't a ZIP archive, or is damaged") from error
    package = _package(contents, name, said)
    contents = _unlocked(contents, name, said)
    folded = {path.casefold(): path for path in contents}
    return Archive(source=name, contents=contents, folded=folded, package=package, diagnostics=tuple(said))


def _invalid(name: str, why: str) -> ChapbookError:
    hint = "give a file that a reading system opens; EPUBCheck says what is wrong with it"
    return ChapbookError(Diagnostic.of("epub-invalid", f"'{shown(name)}' isn't an EPUB: {why}", hint=hint))


def _bytes(source: str | PathLike[str] | BinaryIO, name: str) -> bytes:
    if not isinstance(source, str | PathLike):
        data = source.read(_MOST_TOGETHER + 1)
        if not isinstance(data, bytes):
            message = "Book.from_epub takes a path or a binary file object, not one that gives text"
            raise FieldTypeError(Diagnostic.of("value-type", message))
    elif not os.path.isfile(source):  # noqa: PTH113 - which raises nothing
        message = f"'{shown(name)}' isn't a file" if os.path.exists(source) else f"there is no file '{shown(name)}'"  # noqa: PTH110
        raise ChapbookError(Diagnostic.of("source-missing", message, hint="give the path of an EPUB file"))
    else:
        try:
            with Path(source).open("rb") as file:
                data = file.read(_MOST_TOGETHER + 1)
        except OSError as error:
            words = (error.strerror or "chapbook can't open it").lower()
            raise ChapbookError(
                Diagnostic.of("file-unreadable", f"cannot be read: {words}", path=shown(name))
            ) from error
    if len(data) > _MOST_TOGETHER:
        raise _too_large(name)
    return data


def _too_large(name: str) -> ChapbookError:
    message = f"the file holds more than {_MOST_TOGETHER // 1_000_000_000} GB, or more than {_MOST_FILES:,} files"
    return ChapbookError(Diagnostic.of("file-too-large", message, path=shown(name), hint="make its pictures smaller"))


def _unpacked(archive: zipfile.ZipFile, name: str, said: list[Diagnostic]) -> dict[str, bytes]:
    entries = [each for each in archive.infolist() if not each.is_dir()]
    if len(entries) > _MOST_FILES:
        raise _too_large(name)
    contents: dict[str, bytes] = {}
    together = 0
    for entry in entries:
        path = posixpath.normpath(entry.filename.replace("\\", "/")).lstrip("/")
        if path in {".", "..", ""} or path.startswith("../"):
            said.append(_unread(entry.filename, "its path leads out of the EPUB"))
            continue
        if path in contents:
            said.append(_unread(path, "it is in there twice; chapbook reads the last one"))
        data = _entry(archive, entry, said)
        if data is not None:
            contents[path] = data
            together += len(data)
        if together > _MOST_TOGETHER:
            raise _too_large(name)
    return contents


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, said: list[Diagnostic]) -> bytes | None:
    """The bytes of one file of the archive; ``None`` if it can't be read, which is reported."""
    if entry.flag_bits & _IS_ENCRYPTED:
        said.append(_unread(entry.filename, "it is encrypted"))
        return None
    try:
        with archive.open(entry) as file:
            data = file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        said.append(_unread(entry.filename, "it is damaged, or packed in a way that chapbook doesn't know"))
        return None
    if len(data) > MOST_BYTES:
        said.append(_unread(entry.filename, f"it is larger than {MOST_BYTES // 1_000_000} MB"))
        return None
    return data


def _unread(path: str, why: str) -> Diagnostic:
    hint = "the rest of the book is there; open the file in another program to see what it was"
    return Diagnostic.of("epub-unread", f"chapbook leaves out '{shown(path)}': {why}", path=shown(path), hint=hint)


def _package(contents: Mapping[str, bytes], name: str, said: list[Diagnostic]) -> str:
    """The path of the package document: from the container, or else the only possible file."""
    container = parsed(contents.get(_CONTAINER, b""))
    found = () if container is None else container.iter("{*}rootfile")
    for each in found:
        path = posixpath.normpath(unquote(each.get("full-path", "")).replace("\\", "/")).lstrip("/")
        if path in contents:
            return path
    others = sorted((path for path in contents if path.lower().endswith(".opf")), key=lambda each: each.count("/"))
    if not others:
        raise _invalid(name, "it has no package document")
    message = f"'{_CONTAINER}' names no package document, so chapbook reads '{shown(others[0])}'"
    hint = "compare the book with the old one; writing it again mends it"
    said.append(Diagnostic.of("epub-mended", message, path=_CONTAINER, hint=hint))
    return others[0]


def _unlocked(contents: dict[str, bytes], name: str, said: list[Diagnostic]) -> dict[str, bytes]:
    """The readable files, without obfuscated fonts."""
    root = parsed(contents.get(_ENCRYPTION, b""))
    for each in () if root is None else root.iter("{*}EncryptedData"):
        method, reference = each.find("{*}EncryptionMethod"), next(each.iter("{*}CipherReference"), None)
        algorithm = "" if method is None else method.get("Algorithm", "")
        path = "" if reference is None else posixpath.normpath(unquote(reference.get("URI", "")))
        if algorithm not in _OBFUSCATED:
            message = f"'{shown(name)}' is locked (DRM): '{shown(path)}' is encrypted"
            hint = "chapbook reads no locked books; ask whoever sold it for a copy without a lock"
            raise ChapbookError(Diagnostic.of("epub-encrypted", message, path=_ENCRYPTION, hint=hint))
        if contents.pop(path, None) is not None:
            said.append(_unread(path, "the font is obfuscated; give the font's own file in 'fonts'"))
    return contents


def parsed(data: bytes | str, *, strict: bool = False) -> etree._Element | None:
    """The root of an XML file; if not `strict`, as much as can be read.

    Named characters are those of HTML. Entities that the file declares become text, also in attributes, where libxml2
    would expand them. Nothing is loaded from the network.
    """
    text = DECLARATION.sub("", decoded(data)[0] if isinstance(data, bytes) else data).removeprefix("\ufeff")
    text = _ENTITY.sub(lambda found: "".join(f"&#{ord(each)};" for each in unescape(found[0])), text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=not strict, huge_tree=True
    )
    try:
        return etree.fromstring(text, parser) if text.strip() else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def decoded(data: bytes) -> tuple[str, bool]:
    """The text of a document, and whether it is in the encoding it declares (UTF-8 if it declares none)."""
    found = _DECLARED.search(data[:1024])
    said = (found[1] or found[2]).decode("ascii") if found else "utf-8"
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if not marked and b"\0" in data[:4]:
        marked = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    for encoding in filter(None, (marked, "" if marked else said, "utf-8")):
        try:
            return data.decode(encoding), encoding != "utf-8" or said.lower() in {"utf-8", "utf8"}
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace"), False
