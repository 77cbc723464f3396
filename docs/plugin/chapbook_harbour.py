"""A plug-in for chapbook: tides by a shortcode, and the names of ships in small capitals."""

from __future__ import annotations

from chapbook import Book, Page, ShortcodeCall

__all__ = ["harbour"]


def harbour(book: Book) -> None:
    """Adds all that the plug-in has to `book`. The entry point names this function."""
    book.shortcodes["tide"] = tide
    book.passes.append(mark_ships)
    book.css.append(b".ship { font-variant: small-caps; font-style: normal }")


def tide(call: ShortcodeCall) -> str:
    """``{{< tide 4.2 >}}`` is a height in metres."""
    return f"**{call.values[0]}\N{NO-BREAK SPACE}m**" if call.values else "**?**"


def mark_ships(page: Page) -> None:
    """Marks emphasised words that the chapter's front matter lists under ``x-ships``."""
    ships = page.chapter.extra.get("x-ships")
    for element in page.body.iter("em"):
        if isinstance(ships, list | tuple) and element.text in ships:
            element.set("class", "ship")
