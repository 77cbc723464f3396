"""Publications made of values, for tests of packaging."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from msgspec.structs import replace
from PIL import Image

from chapbook.model.metadata import Metadata, page_direction, text_direction
from chapbook.packaging.claims import Evidence, accessibility_of
from chapbook.packaging.pages import cover_page, title_page
from chapbook.packaging.publication import NAV_NAME, Landmark, Publication, Resource, TocEntry, identifier_of

__all__ = ["chapter", "picture", "publication", "style"]

XHTML = "application/xhtml+xml"


def chapter(
    name: str, title: str = "One", text: str = "<p>Text.</p>", *, language: str = "en", properties: Sequence[str] = ()
) -> Resource:
    """A content document; `text` is markup that follows the heading."""
    direction = ' dir="rtl"' if text_direction(language) == "rtl" else ""
    up = "../" * name.count("/")
    content = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{language}" xml:lang="{language}"{direction}>\n<head><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="{up}styles/theme.css"/></head>\n'
        '<body class="chapter"><section epub:type="chapter" role="doc-chapter" aria-labelledby="title">'
        f'<h1 id="title">{escape(title)}</h1>{text}</section></body></html>\n'
    )
    return Resource(name=name, media_type=XHTML, data=content.encode(), properties=tuple(properties))


def style() -> Resource:
    return Resource(name="styles/theme.css", media_type="text/css", data=b"h1 { text-align: left }\n")


def picture(name: str = "images/cover.jpg", size: tuple[int, int] = (60, 96)) -> Resource:
    """A picture that is made only when its bytes are asked for."""

    def drawn() -> bytes:
        made = io.BytesIO()
        Image.new("RGB", size, "teal").save(made, "JPEG")
        return made.getvalue()

    return Resource(name=name, media_type="image/jpeg", data=drawn)


def publication(
    metadata: Metadata,
    chapters: Sequence[Resource] = (),
    *,
    toc: Sequence[TocEntry] = (),
    evidence: Evidence | None = None,
    more: Sequence[Resource] = (),
) -> Publication:
    """A book with cover page, title page, contents and `chapters`, one where none is given."""
    chapters = chapters or (chapter("text/one.xhtml", language=metadata.language),)
    sheets = ("styles/theme.css",)
    opening = (cover_page(metadata, image="images/cover.jpg"), title_page(metadata, stylesheets=sheets))
    evidence = evidence or Evidence()
    return Publication(
        metadata=metadata,
        identifier=identifier_of(metadata),
        modified=datetime(2024, 2, 29, 12, 30, 15, tzinfo=UTC),
        direction=page_direction(metadata),
        resources=(*opening, *chapters, style(), picture(), *more),
        spine=(opening[0].name, opening[1].name, NAV_NAME, *(each.name for each in chapters)),
        toc=tuple(toc) or tuple(TocEntry(label=f"Chapter {n}", href=each.name) for n, each in enumerate(chapters, 1)),
        landmarks=(
            Landmark(type="cover", label="Cover", href=opening[0].name),
            Landmark(type="titlepage", label="Title page", href=opening[1].name),
            Landmark(type="bodymatter", label="Start", href=chapters[0].name),
        ),
        accessibility=accessibility_of(replace(evidence, language=metadata.language)),
        stylesheets=sheets,
        cover_image="images/cover.jpg",
    )
