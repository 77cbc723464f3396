"""The keys of book.yaml: metadata first, then how the book is made."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType

from chapbook.keys.chapter_keys import accent
from chapbook.keys.contributors import CONTRIBUTOR_KEYS, contributors
from chapbook.keys.keys import Key
from chapbook.keys.setting_values import (
    FONT_KEYS,
    IMAGE_KEYS,
    SERIES_KEYS,
    extensions,
    file,
    files,
    fonts,
    identifier,
    image_limits,
    series,
)
from chapbook.keys.values import (
    boolean,
    choice,
    integer,
    language,
    moment,
    number,
    paragraphs,
    text,
    texts,
    w3c_date,
)

__all__ = ["METADATA_KEYS", "OTHER_NAMES", "SETTINGS_KEYS"]

_MOST_SECONDS = 3600.0

OTHER_NAMES = MappingProxyType(
    {
        "lang": "language",
        "creator": "authors",
        "contributor": "authors",
        "contributors": "authors",
        "isbn": "identifier",
        "uuid": "identifier",
        "doi": "identifier",
        "copyright": "rights",
        "license": "rights",
        "licence": "rights",
        "keywords": "subjects",
        "tags": "subjects",
        "categories": "subjects",
        "stylesheet": "css",
        "stylesheets": "css",
        "style": "theme",
        "cover-image": "cover",
        "cover_image": "cover",
        "epub-cover-image": "cover",
        "epub-fonts": "fonts",
        "published": "date",
        "pubdate": "date",
        "publication_date": "date",
        "colour": "accent",
        "color": "accent",
        "markdown": "dialect",
        "markdown_extensions": "extensions",
        "toc-depth": "toc_depth",
        "dir": "direction",
        "page-progression-direction": "direction",
        "belongs-to-collection": "series",
        "typography": "smart",
        "summary": "description",
    }
)
"""What other tools call a key of ours, for the hint."""


METADATA_KEYS = (
    Key(name="title", field="title", read=text, takes="text", meaning="The book's title."),
    Key(name="subtitle", field="subtitle", read=text, takes="text", meaning="The book's subtitle."),
    Key(
        name="authors",
        field="authors",
        read=contributors,
        takes="a name, {name, role, file_as}, or a list of them",
        meaning="Who made the book, in order; without a role, an author.",
        also=("author",),
        keys=CONTRIBUTOR_KEYS,
    ),
    Key(
        name="language",
        field="language",
        read=language,
        takes="a language tag",
        meaning="The book's language by BCP 47: en, en-GB, zh-Hant.",
    ),
    Key(
        name="identifier",
        field="identifier",
        read=identifier,
        takes="an ISBN, UUID, DOI or URI",
        meaning="What tells the book from every other; without one a UUID is made.",
    ),
    Key(name="publisher", field="publisher", read=text, takes="text", meaning="Who publishes the book."),
    Key(
        name="date",
        field="date",
        read=w3c_date,
        takes="a date",
        meaning="When the book is published: 2024, 2024-10 or 2024-10-05.",
    ),
    Key(
        name="modified",
        field="modified",
        read=moment,
        takes="a date or time",
        meaning="When the book was last changed; else the newest date in it.",
    ),
    Key(
        name="rights",
        field="rights",
        read=paragraphs,
        takes="text",
        meaning="Who holds the copyright, and the licence.",
    ),
    Key(name="description", field="description", read=paragraphs, takes="text", meaning="What the book is about."),
    Key(
        name="subjects",
        field="subjects",
        read=texts,
        takes="text or a list of texts",
        meaning="What the book is about, in words for a catalogue.",
        also=("subject",),
    ),
    Key(
        name="series",
        field="series",
        read=series,
        takes="{name, index}",
        meaning="The series that the book belongs to, and its place there.",
        keys=SERIES_KEYS,
    ),
    Key(
        name="direction",
        field="direction",
        read=partial(choice, of=("ltr", "rtl")),
        takes="ltr or rtl",
        meaning="The direction in which pages turn; else the language's.",
    ),
)

SETTINGS_KEYS = (
    Key(name="cover", field="cover", read=file, takes="the path of a picture", meaning="The cover; else one is drawn."),
    Key(name="theme", field="theme", read=text, takes="a theme's name", meaning="How the book looks."),
    Key(name="accent", field="accent", read=accent, takes="a CSS colour", meaning="The colour of headings and rules."),
    Key(
        name="css",
        field="css",
        read=files,
        takes="a path or a list of paths",
        meaning="Style sheets that come after the theme.",
    ),
    Key(
        name="fonts",
        field="fonts",
        read=fonts,
        takes="a path, {file, subset}, or a list of these",
        meaning="Fonts to pack.",
        keys=FONT_KEYS,
    ),
    Key(
        name="dialect",
        field="dialect",
        read=partial(choice, of=("markdown", "commonmark")),
        takes="markdown or commonmark",
        meaning="The kind of Markdown: Python-Markdown's, or CommonMark and GitHub's.",
    ),
    Key(
        name="extensions",
        field="extensions",
        read=extensions,
        takes="a list of names, or of {name: {option: value}}",
        meaning="Python-Markdown extensions to add, with their options.",
    ),
    Key(
        name="smart",
        field="smart",
        read=boolean,
        takes="true or false",
        meaning="Whether to set quotation marks, dashes and ellipses by the language.",
    ),
    Key(
        name="toc_depth",
        field="toc_depth",
        read=partial(integer, least=1, most=3),
        takes="1, 2 or 3",
        meaning="1 lists chapters, 2 their second-level headings too, 3 the third.",
    ),
    Key(
        name="images",
        field="images",
        read=image_limits,
        takes="{max_pixels, max_bytes, quality}",
        meaning="What a picture may be before it is made smaller.",
        keys=IMAGE_KEYS,
    ),
    Key(
        name="render_seconds",
        field="render_seconds",
        read=partial(number, above=0, most=_MOST_SECONDS),
        takes="a number of seconds",
        meaning="How long one chapter may take to render.",
    ),
)
