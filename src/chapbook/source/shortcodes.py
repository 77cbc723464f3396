"""What chapbook serves of Hugo's shortcodes: each gives one line of Markdown or HTML, or nothing where it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from types import MappingProxyType

from chapbook.model.settings import DialectName
from chapbook.source.shortcode_syntax import Tag

__all__ = ["ALERTS", "FIGURES", "LINKS", "alert_kind", "embedded", "figure", "link_target", "picture"]

FIGURES = frozenset({"figure", "img", "image"})
LINKS = frozenset({"ref", "relref"})

_TARGET_ESCAPES = str.maketrans(
    {**{each: f"%{ord(each):02X}" for each in ' ()<>"\\`\t'}, "\n": ""},
)
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*(?=\S)([^*]+?)(?<=\S)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(?=\S)([^*]+?)(?<=\S)\*"), r"<em>\1</em>"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])"), r"<em>\1</em>"),
    (re.compile(r'(?<!!)\[([^\[\]]+)\]\(([^()\s"<>]+)\)'), r'<a href="\2">\1</a>'),
)


def link_target(tag: Tag) -> str:
    """The target of ``ref`` or ``relref``, as a Markdown link takes it; empty where it names none."""
    return tag.value("path", 0).strip().translate(_TARGET_ESCAPES)


def figure(tag: Tag, dialect: DialectName) -> str:
    """A ``figure`` on a line of its own, with all that Hugo's has; empty where no picture is named.

    In CommonMark a comment before it ends the raw HTML with its line (4.6, kind 2): else the Markdown below it
    would be taken for HTML as well.
    """
    source = _source(tag)
    if not source:
        return ""
    attributes = f'src="{escape(source)}"'
    attributes += f' alt="{escape(_alt(tag))}"' if _alt(tag) or "alt" in tag.named else ""
    attributes += "".join(f' {name}="{escape(tag.value(name))}"' for name in ("width", "height") if tag.value(name))
    shown = f"<img {attributes}/>"
    if tag.value("link"):
        shown = f'<a href="{escape(tag.value("link"))}">{shown}</a>'
    caption = _caption(tag)
    class_ = f' class="{escape(tag.value("class"))}"' if tag.value("class") else ""
    made = f"<figure{class_}>{shown}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"
    return f"<!---->{made}" if dialect == "commonmark" else made


def picture(tag: Tag) -> str:
    """The same picture within a line of text: Markdown's picture, its caption after it."""
    source = _source(tag)
    if not source:
        return ""
    shown = f"![{_bracketed(_alt(tag))}]({source.translate(_TARGET_ESCAPES)})"
    if tag.value("link"):
        shown = f"[{shown}]({tag.value('link').translate(_TARGET_ESCAPES)})"
    words = " ".join(part for part in (_one_line(tag.value(key)) for key in ("title", "caption", "attr")) if part)
    return f"{shown} {words}" if words else shown


def _source(tag: Tag) -> str:
    return _one_line(tag.value("src", 0))


def _alt(tag: Tag) -> str:
    """The words for those who cannot see it: the caption's, as in Hugo, where no others are given."""
    return _one_line(tag.value("alt") if "alt" in tag.named else re.sub(r"<[^<>]*>|[*`]", "", tag.value("caption")))


def _caption(tag: Tag) -> str:
    title, caption = _one_line(tag.value("title")), _one_line(tag.value("caption"))
    credit, credit_link = _one_line(tag.value("attr")), tag.value("attrlink")
    parts = [f"<strong>{_inline(title)}</strong>" if title else "", _inline(caption)]
    parts.append(
        f'<a href="{escape(credit_link)}">{_inline(credit)}</a>' if credit and credit_link else _inline(credit)
    )
    return " ".join(part for part in parts if part)


def _inline(text: str) -> str:
    """Markdown's inline marks as HTML: raw HTML holds no Markdown. What is HTML in `text` stays."""
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return re.sub(r"<(?![A-Za-z/])", "&lt;", text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _bracketed(text: str) -> str:
    return re.sub(r"([\[\]\\`*_<])", r"\\\1", text)


_KINDS = MappingProxyType(
    {
        **dict.fromkeys(("note", "info", "notice", "primary", "secondary", "default", "callout", "admonition"), "NOTE"),
        **dict.fromkeys(("tip", "hint", "success"), "TIP"),
        "important": "IMPORTANT",
        **dict.fromkeys(("warning", "warn", "alert"), "WARNING"),
        **dict.fromkeys(("caution", "danger", "error", "attention"), "CAUTION"),
    }
)
ALERTS = frozenset({"notice", "hint", "callout", "admonition", "alert", "note", "tip", "info", "warning", "important",
                    "caution", "danger"})  # fmt: skip
"""The names under which themes have boxes of text."""


def alert_kind(tag: Tag) -> str:
    """Which of GitHub's five alerts a box is: by what it says of itself, else by its name."""
    said = [tag.value(key) for key in ("type", "level", "kind", "context", "color", "style")] + list(tag.values[:1])
    return next((_KINDS[each.lower()] for each in said if each.lower() in _KINDS), _KINDS[tag.name])


def _address(pattern: str, *keys: str) -> Callable[[Tag], str]:
    def address(tag: Tag) -> str:
        parts = [tag.value(key, nth) for nth, key in enumerate(keys)]
        return pattern.format(*parts) if all(re.fullmatch(r"[\w.@-]+", part, re.ASCII) for part in parts) else ""

    return address


_EMBEDDED = MappingProxyType(
    {
        "youtube": _address("https://www.youtube.com/watch?v={}", "id"),
        "vimeo": _address("https://vimeo.com/{}", "id"),
        "tweet": _address("https://x.com/{}/status/{}", "user", "id"),
        "twitter": _address("https://x.com/{}/status/{}", "user", "id"),
        "x": _address("https://x.com/{}/status/{}", "user", "id"),
        "gist": _address("https://gist.github.com/{}/{}", "user", "id"),
        "instagram": _address("https://www.instagram.com/p/{}/", "id"),
    }
)


def embedded(tag: Tag) -> str | None:
    """A link to what the web shows in the page; empty where its address is not told, ``None`` for other shortcodes."""
    make = _EMBEDDED.get(tag.name)
    if make is None:
        return None
    address = make(tag)
    title = _one_line(tag.value("title"))
    return f"[{_bracketed(title)}]({address})" if address and title else address and f"<{address}>"
