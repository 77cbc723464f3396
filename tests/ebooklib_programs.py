"""Programs as users of ebooklib write them, in the kind of its samples: what docs/from-ebooklib.md does with chapbook.

Each writes or reads files of the current folder, and gives what it found there.
"""

from __future__ import annotations

from pathlib import Path

import ebooklib  # type: ignore[import-untyped]
import pypandoc  # type: ignore[import-untyped]
from ebooklib import epub
from ebooklib.plugins.base import BasePlugin  # type: ignore[import-untyped]
from ebooklib.plugins.standard import SyntaxPlugin  # type: ignore[import-untyped]
from ebooklib.utils import create_pagebreak, parse_html_string  # type: ignore[import-untyped]
from lxml import etree

__all__ = ["PROGRAMS"]


def a_first_book() -> None:
    book = epub.EpubBook()
    book.set_identifier("https://example.org/harbour")
    book.set_title("The Harbour Year")
    book.set_language("en")
    book.add_author("Nan Corrigall")

    intro = epub.EpubHtml(title="Introduction", file_name="intro.xhtml", lang="en")
    intro.content = "<h1>Introduction</h1><p>What the harbour is, and what happens there.</p>"
    low = epub.EpubHtml(title="Low Water", file_name="low.xhtml", lang="en")
    low.content = "<h1>Low Water</h1><p>The bar is dry at <em>four</em>.</p>"
    high = epub.EpubHtml(title="High Water", file_name="high.xhtml", lang="en")
    high.content = "<h1>High Water</h1><p>The quay is wet at <em>ten</em>.</p>"
    for chapter in (intro, low, high):
        book.add_item(chapter)

    style = epub.EpubItem(uid="style", file_name="style/book.css", media_type="text/css", content="h1 { color: navy }")
    book.add_item(style)
    for chapter in (intro, low, high):
        chapter.add_item(style)

    book.toc = (epub.Link("intro.xhtml", "Introduction", "intro"), (epub.Section("The Tides"), (low, high)))
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", intro, low, high]
    epub.write_epub("ebooklib.epub", book)


def a_cover() -> None:
    book = epub.EpubBook()
    book.set_identifier("https://example.org/harbour")
    book.set_title("The Harbour Year")
    book.set_language("en")
    book.add_author("Nan Corrigall")
    book.set_cover("cover.jpg", Path("cover.jpg").read_bytes())

    about = epub.EpubHtml(title="About this book", file_name="about.xhtml", lang="en")
    about.content = (
        "<h1>About this book</h1><p>There are many books, but this one is ours.</p>"
        '<p><img src="cover.jpg" alt="The cover: dark water"/></p>'
    )
    book.add_item(about)

    book.toc = (about,)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["cover", "nav", about]
    epub.write_epub("ebooklib.epub", book)


def languages_and_style_sheets() -> None:
    book = epub.EpubBook()
    book.set_identifier("https://example.org/harbour")
    book.set_title("The Harbour Year")
    book.set_language("en")
    book.add_author("Nan Corrigall")

    style = epub.EpubItem(
        uid="style", file_name="style/song.css", media_type="text/css", content=".song { font-style: italic }"
    )
    book.add_item(style)

    intro = epub.EpubHtml(title="Introduction", file_name="intro.xhtml", lang="en")
    intro.content = "<h1>Introduction</h1><p>Two languages are spoken here.</p>"
    song = epub.EpubHtml(title="Òran", file_name="song.xhtml", lang="gd")
    song.content = '<h1>Òran</h1><p class="song">Tha an làn àrd.</p>'
    song.add_item(style)
    for chapter in (intro, song):
        book.add_item(chapter)

    book.toc = (intro, song)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", intro, song]
    epub.write_epub("ebooklib.epub", book)


def an_epub_as_markdown() -> None:
    book = epub.read_epub("old.epub", {"ignore_ncx": True})
    for item in book.get_items_of_type(ebooklib.ITEM_DOCUMENT):
        if isinstance(item, epub.EpubNav):
            continue
        target = Path("ebooklib", item.file_name).with_suffix(".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = item.get_content().decode("utf-8")
        target.write_text(pypandoc.convert_text(text, "markdown", "html"), encoding="utf-8")


def code_of_your_own() -> None:
    class Links(BasePlugin):  # type: ignore[misc]
        NAME = "Links"

        def html_before_write(self, book: object, chapter: epub.EpubHtml) -> None:  # noqa: ARG002 - as plug-ins have it
            if not chapter.content:
                return
            tree = parse_html_string(chapter.content)
            for link in tree.xpath("//a[@class='place']"):
                link.set("href", f"https://example.org/places/{link.text}")
            chapter.content = etree.tostring(tree, encoding="unicode")

    book = epub.EpubBook()
    book.set_identifier("https://example.org/harbour")
    book.set_title("The Harbour Year")
    book.set_language("en")
    book.add_author("Nan Corrigall")

    intro = epub.EpubHtml(title="Introduction", file_name="intro.xhtml", lang="en")
    intro.content = '<h1>Introduction</h1><p>We live in <a class="place">Wick</a>.</p>'
    book.add_item(intro)

    book.toc = (intro,)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", intro]
    epub.write_epub("ebooklib.epub", book, {"plugins": [Links()]})


def reading_an_epub() -> list[str]:
    book = epub.read_epub("old.epub", {"ignore_ncx": True})
    found = [value for value, _ in book.get_metadata("DC", "title")]
    found += [value for value, _ in book.get_metadata("DC", "creator")]
    found += [value for value, _ in book.get_metadata("DC", "language")]
    return found + [entry.title for entry in book.toc]


def page_numbers_of_the_printed_book() -> None:
    book = epub.EpubBook()
    book.set_identifier("https://example.org/harbour")
    book.set_title("The Harbour Year")
    book.set_language("en")
    book.add_author("Nan Corrigall")

    one = epub.EpubHtml(title="Introduction", file_name="intro.xhtml", lang="en")
    one.content = "<h1>Introduction</h1><p>The first page.</p>"
    one.content += create_pagebreak("page2")
    one.content += "<p>The second page.</p>"
    two = epub.EpubHtml(title="Low Water", file_name="low.xhtml", lang="en")
    two.content = create_pagebreak("page3")
    two.content += "<h1>Low Water</h1><p>The third page.</p>"
    for chapter in (one, two):
        book.add_item(chapter)

    book.toc = (one, two)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", one, two]
    epub.write_epub("ebooklib.epub", book, {"plugins": [SyntaxPlugin()]})


def a_recording() -> None:
    book = epub.EpubBook()
    book.set_identifier("https://example.org/harbour")
    book.set_title("The Harbour Year")
    book.set_language("en")
    book.add_author("Nan Corrigall")

    intro = epub.EpubHtml(title="Introduction", file_name="intro.xhtml", lang="en")
    intro.content = '<h1>Introduction</h1><p><audio src="intro.mp3" controls="controls"></audio></p><p>Listen.</p>'
    sound = epub.EpubItem(file_name="intro.mp3", content=Path("intro.mp3").read_bytes(), media_type="audio/mpeg")
    book.add_item(intro)
    book.add_item(sound)

    book.toc = (intro,)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", intro]
    epub.write_epub("ebooklib.epub", book)


def media_overlays() -> None:
    book = epub.EpubBook()
    book.set_identifier("https://example.org/harbour")
    book.set_title("The Harbour Year")
    book.set_language("en")
    book.add_author("Nan Corrigall")
    book.add_metadata(None, "meta", "Nan Corrigall", {"property": "media:narrator"})
    book.add_metadata(None, "meta", "0:00:01", {"property": "media:duration"})
    book.add_metadata(None, "meta", "0:00:01", {"property": "media:duration", "refines": "#overlay"})

    intro = epub.EpubHtml(title="Introduction", file_name="text/introduction.xhtml", lang="en", media_overlay="overlay")
    intro.content = '<h1 id="introduction">Introduction</h1><p>Listen.</p>'
    overlay = epub.EpubSMIL(uid="overlay", file_name="own/overlay.smil", content=Path("overlay.smil").read_text())
    sound = epub.EpubItem(file_name="own/intro.mp3", content=Path("intro.mp3").read_bytes(), media_type="audio/mpeg")
    for item in (intro, overlay, sound):
        book.add_item(item)

    book.toc = (intro,)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", intro]
    epub.write_epub("ebooklib.epub", book)


def a_picture() -> None:
    book = epub.EpubBook()
    book.set_identifier("https://example.org/harbour")
    book.set_title("The Harbour Year")
    book.set_language("en")
    book.add_author("Nan Corrigall")

    view = epub.EpubHtml(title="The View", file_name="view.xhtml", lang="en")
    view.content = '<h1>The View</h1><p>From the quay:</p><img src="static/view.gif" alt="Grey water"/>'
    picture = epub.EpubImage(
        uid="view", file_name="static/view.gif", media_type="image/gif", content=Path("view.gif").read_bytes()
    )
    book.add_item(view)
    book.add_item(picture)

    book.toc = (view,)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", view]
    epub.write_epub("ebooklib.epub", book)


PROGRAMS = {
    "A first book": a_first_book,
    "A cover": a_cover,
    "Languages and style sheets": languages_and_style_sheets,
    "An EPUB as Markdown": an_epub_as_markdown,
    "Code of your own": code_of_your_own,
    "Reading an EPUB": reading_an_epub,
    "Page numbers of the printed book": page_numbers_of_the_printed_book,
    "A picture": a_picture,
    "A recording": a_recording,
    "Media overlays": media_overlays,
}
"""By the heading of the program on the page that does the same."""
