"""Small EPUBs by other makers, written by hand: files by their paths, and the packages that list them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from PIL import Image

__all__ = ["CONTAINER", "epub2", "epub3", "packed", "page", "picture"]

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_TYPES = {
    "xhtml": "application/xhtml+xml",
    "html": "application/xhtml+xml",
    "css": "text/css",
    "png": "image/png",
    "jpg": "image/jpeg",
    "ncx": "application/x-dtbncx+xml",
    "otf": "font/otf",
    "js": "text/javascript",
}


def packed(files: Mapping[str, bytes | str], *, mimetype: bool = True) -> bytes:
    """A ZIP of `files`, after its ``mimetype`` or without one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # whose time is fixed
    return out.getvalue()


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def page(body: str, *, title: str = "A page", head: str = "", attributes: str = "") -> str:
    """An XHTML document."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>{title}</title>{head}</head><body{attributes}>{body}</body></html>"
    )


def epub3(
    files: Mapping[str, bytes | str],
    *,
    spine: Sequence[str],
    nav: str = "",
    metadata: str = "",
    properties: Mapping[str, str] | None = None,
    folder: str = "OPS/",
) -> bytes:
    """An EPUB 3 of `files`, paths relative to the package document; `nav` is what its table of contents holds."""
    properties = {"nav.xhtml": "nav", **(properties or {})}
    table = page(f'<nav epub:type="toc"><ol>{nav}</ol></nav>') if nav else ""
    files = {**files, **({"nav.xhtml": table} if nav else {})}
    about = (
        '<dc:identifier id="id">urn:uuid:12345678-1234-4234-8234-123456789abc</dc:identifier><dc:title>Made</dc:title>'
        '<dc:language>en</dc:language><dc:creator>Ann Author</dc:creator><meta property="dcterms:modified">'
        "2020-02-03T04:05:06Z</meta>"
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata or about}</metadata>'
        f"<manifest>{_manifest(files, properties)}</manifest><spine>{_spine(spine)}</spine></package>"
    )
    inside = {f"{folder}{name}": content for name, content in {"package.opf": package, **files}.items()}
    return packed({"META-INF/container.xml": CONTAINER.format(f"{folder}package.opf"), **inside})


def epub2(
    files: Mapping[str, bytes | str], *, spine: Sequence[str], points: str = "", metadata: str = "", guide: str = ""
) -> bytes:
    """An EPUB 2 of `files`, with the package at the top; `points` is what its NCX holds."""
    ncx = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>{points}</navMap></ncx>'
    files = {**files, "toc.ncx": ncx}
    about = (
        '<dc:identifier id="id" opf:scheme="ISBN">0-306-40615-2</dc:identifier><dc:title>Old</dc:title>'
        '<dc:language>de_AT</dc:language><dc:creator opf:role="aut" opf:file-as="Author, Ann">Ann Author</dc:creator>'
        '<dc:creator opf:role="trl">Tom Trans</dc:creator><dc:date opf:event="publication">1999-05</dc:date>'
        '<meta name="cover" content="i-cover.jpg"/>'
        '<meta name="calibre:series" content="Olden"/><meta name="calibre:series_index" content="2.0"/>'
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        f"{metadata or about}</metadata><manifest>{_manifest(files, {})}</manifest>"
        f'<spine toc="i-toc.ncx">{_spine(spine)}</spine><guide>{guide}</guide></package>'
    )
    return packed({"META-INF/container.xml": CONTAINER.format("content.opf"), "content.opf": package, **files})


def _manifest(files: Mapping[str, bytes | str], properties: Mapping[str, str]) -> str:
    return "".join(
        f'<item id="i-{name}" href="{name}" media-type="{_TYPES.get(name.rpartition(".")[2], "text/plain")}"'
        + (f' properties="{properties[name]}"' if name in properties else "")
        + "/>"
        for name in files
    )


def _spine(names: Sequence[str]) -> str:
    return "".join(f'<itemref idref="i-{name}"/>' for name in names)
