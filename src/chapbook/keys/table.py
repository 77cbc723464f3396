"""The tables of keys: those of front matter, and those of book.yaml (metadata first, then settings).

A row sets the field with its name in Chapter, Metadata or Settings, where the type and default are declared.
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType

from chapbook.keys.contributors import CONTRIBUTOR_KEYS, CREDITS, contributors, credited, names
from chapbook.keys.identifiers import identifier, isbn, licence
from chapbook.keys.publishing import ACCESSIBILITY_KEYS, SERIES_KEYS, SUBJECT_KEYS, accessibility, series, subjects
from chapbook.keys.rows import Key
from chapbook.keys.setting_values import (
    FONT_KEYS,
    IMAGE_KEYS,
    accent,
    assets,
    chapter_type,
    extensions,
    file,
    files,
    fonts,
    image_limits,
    messages,
    order,
    syntax,
)
from chapbook.keys.values import (
    boolean,
    choice,
    date,
    integer,
    language,
    moment,
    number,
    paragraphs,
    text,
    texts,
    w3c_date,
    weight,
)
from chapbook.model.metadata import Metadata
from chapbook.model.settings import Settings

__all__ = ["BOOK_KEYS", "CHAPTER_KEYS", "FOLDER_KEYS", "METADATA_KEYS", "OTHER_NAMES", "SETTINGS_KEYS", "VOLUMES_KEYS"]

OTHER_NAMES = MappingProxyType(
    {
        "lang": "language",
        "creator": "authors",
        "contributor": "contributors",
        "a11y": "accessibility",
        "print_isbn": "isbn_print",
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
        "writing-mode": "writing_mode",
        "belongs-to-collection": "series",
        "typography": "smart",
        "summary": "description",
    }
)
"""Other tools' names for chapbook's keys, for hints."""


CHAPTER_KEYS = (
    Key("title", text, "text", "The chapter's title."),
    Key("heading", text, "text", "The label above the title, such as Chapter 14b."),
    Key("weight", weight, "a number", "The chapter's place among its siblings: lower weights come first."),
    Key("date", date, "a date", "The chapter's date."),
    Key("description", text, "text", "A short introduction under the title."),
    Key("accent", accent, "a CSS colour", "The colour of the chapter's heading, rule and label.", also=("c",)),
    Key(
        "type",
        chapter_type,
        "a type of chapter",
        "The chapter's role in the book, such as preface, appendix or dedication.",
    ),
    Key(
        "show_title",
        boolean,
        "true or false",
        "Whether to print the title above the text; a dedication and an epigraph print none by themselves.",
    ),
    Key("in_toc", boolean, "true or false", "Whether the table of contents lists the chapter."),
    Key("draft", boolean, "true or false", "Whether to leave the chapter out."),
    Key("language", language, "a language tag", "The chapter's language, if it isn't the book's.", also=("lang",)),
    Key("authors", names, "a name or a list of names", "Who wrote this chapter.", also=("author",)),
    Key("slug", text, "text", "The chapter's name on a site, so that links to it work."),
    Key(
        "split",
        boolean,
        "true or false",
        "Whether a file without a title and with several first-level headings is several chapters.",
    ),
    Key("aliases", texts, "text or a list of texts", "Earlier paths of the chapter, so that links to them work."),
)

METADATA_KEYS = (
    Key("title", text, "text", "The book's title."),
    Key("subtitle", text, "text", "The book's subtitle."),
    Key(
        "authors",
        contributors,
        "a name, {name, role, file_as}, or a list of them",
        "The people who made the book, in order. Without a role, each one is an author.",
        also=("author",),
        keys=CONTRIBUTOR_KEYS,
    ),
    Key("language", language, "a language tag", "The book's language, as a BCP 47 tag: en, en-GB, zh-Hant."),
    Key(
        "identifier",
        identifier,
        "an ISBN, UUID, DOI or URI",
        "The book's permanent identifier. Without one, chapbook makes a UUID from the title and the authors.",
    ),
    Key("publisher", text, "text", "Who publishes the book."),
    Key("date", w3c_date, "a date", "The date of publication: 2024, 2024-10 or 2024-10-05."),
    Key("modified", moment, "a date or time", "The date of the last change. By default, the newest date in the book."),
    Key("rights", paragraphs, "text", "Who holds the copyright, and the licence."),
    Key("description", paragraphs, "text", "What the book is about."),
    Key(
        "subjects",
        subjects,
        "text, {name, code, scheme}, or a list of these",
        "Subjects for catalogues: words, or codes of BISAC, Thema or LCSH.",
        also=("subject",),
        keys=SUBJECT_KEYS,
    ),
    Key(
        "series", series, "{name, index}", "The series that the book belongs to, and its place in it.", keys=SERIES_KEYS
    ),
    Key(
        "direction",
        partial(choice, of=Metadata),
        "ltr or rtl",
        "The direction in which pages turn. By default, that of the language.",
    ),
    Key(
        "writing_mode",
        partial(choice, of=Metadata),
        "horizontal-tb or vertical-rl",
        "How lines run: vertical-rl from top to bottom, the first at the right, for Japanese and Chinese.",
    ),
    Key(
        "contributors",
        credited,
        CREDITS,
        "Other people who made the book: {translator: Ann, illustrator: Bo}.",
        keys=CONTRIBUTOR_KEYS,
    ),
    Key("edition", text, "text or a number", "The edition: 2, or Second edition."),
    Key("imprint", text, "text", "The publisher's imprint."),
    Key("isbn_print", isbn, "an ISBN", "The ISBN of the printed edition."),
    Key("audience", texts, "text or a list of texts", "The readers that the book is for."),
    Key("original_title", text, "text", "The title of the original, for a translation."),
    Key("original_language", language, "a language tag", "The language of the original."),
    Key("rights_uri", licence, "an address, or CC BY 4.0", "The address of the licence."),
    Key(
        "accessibility",
        accessibility,
        "{conforms_to, certified_by, certifier_credential, certifier_report, summary}",
        "What a person found when checking the book's accessibility.",
        keys=ACCESSIBILITY_KEYS,
    ),
)

SETTINGS_KEYS = (
    Key("cover", file, "the path of a picture", "The cover picture. Without one, chapbook draws a cover."),
    Key("theme", text, "a theme's name", "The look of the book: a built-in theme, or a folder of your own."),
    Key("accent", accent, "a CSS colour", "The colour of headings and rules."),
    Key("css", files, "a path or a list of paths", "Your own style sheets, applied after the theme."),
    Key("fonts", fonts, "a path, {file, subset}, or a list of these", "Fonts to pack.", keys=FONT_KEYS),
    Key(
        "dialect",
        partial(choice, of=Settings),
        "markdown or commonmark",
        "The kind of Markdown: Python-Markdown ('markdown'), or CommonMark with GitHub's additions ('commonmark').",
    ),
    Key(
        "extensions",
        extensions,
        "a list of names, or of {name: {option: value}}",
        "Python-Markdown extensions to add, with their options.",
    ),
    Key(
        "syntax",
        syntax,
        "a list of names of tools",
        "Other tools whose syntax chapbook reads. By default, the tool whose files are in the folder.",
    ),
    Key(
        "link_prefix",
        texts,
        "text or a list of texts",
        "The addresses of the same pages on a site, so that links to them work in the book: /guide, https://example.org/book/.",
    ),
    Key(
        "smart",
        boolean,
        "true or false",
        "Whether to set typographic quotation marks, dashes and ellipses, by the language.",
    ),
    Key(
        "toc_depth",
        partial(integer, of=Settings),
        "1, 2 or 3",
        "The depth of the table of contents: 1 for chapters, 2 for their second-level headings too, 3 for the third.",
    ),
    Key(
        "images",
        image_limits,
        "{max_pixels, max_bytes, quality}",
        "The limits above which chapbook makes a picture smaller.",
        keys=IMAGE_KEYS,
    ),
    Key(
        "render_seconds",
        partial(number, of=Settings),
        "a number of seconds",
        "How many seconds of processor time a chapter may take to render.",
    ),
    Key(
        "messages",
        messages,
        "{code: reason}",
        "Warnings and notes that chapbook doesn't report, each with the reason.",
    ),
)

FOLDER_KEYS = (
    Key(
        "order",
        order,
        "weight, names, or the path of a file",
        "How to order the chapters: by weight, by file names, or by a list in a file.",
    ),
    Key(
        "assets",
        assets,
        "a path or a list of paths",
        "Folders of pictures that chapters refer to with a path from the root (/pictures/a.png).",
    ),
)
"""How a content folder is read; the resulting book doesn't need these."""

BOOK_KEYS = (*METADATA_KEYS, *SETTINGS_KEYS, *FOLDER_KEYS)
"""Every key of book.yaml."""

VOLUMES_KEYS = (
    *BOOK_KEYS,
    Key("output", text, "a file name with fields", "How the volumes' files are named: '{series}-{index:02}-{slug}'."),
    Key("volumes", texts, "a list of folders", "The folders of the volumes, in order."),
)
"""All keys of volumes.yaml. The last two concern only the series, not its volumes."""
