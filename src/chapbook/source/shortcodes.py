"""The shortcodes of Hugo that chapbook supports: a row of `SHORTCODES` for each name."""

from __future__ import annotations

import re
from html import escape
from types import MappingProxyType

from chapbook.model.marks import ALERT_KINDS
from chapbook.model.urls import BY_NAME
from chapbook.source.hugo import Expansion, Shortcode
from chapbook.source.lines import words_of_link
from chapbook.source.shortcode_syntax import Tag

__all__ = ["SHORTCODES"]

_DEEPEST = 8
"""Nested boxes that become alerts; the text of deeper ones stays without a box."""
_BEFORE_TARGET = re.compile(r"(?:\]\(<?|=[\"']?|<|\]:[ \t]*)$")
_CONTAINER = re.compile(r"[ \t>]*")

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


def _link(tag: Tag, _closing: Tag | None, expansion: Expansion) -> tuple[str, str]:
    """``ref`` and ``relref``: a link's target, or a whole link if it isn't inside one."""
    path = tag.value("path", 0).strip().translate(_TARGET_ESCAPES)
    target = f"{BY_NAME}{path}" if path else ""
    if not target:
        expansion.say(tag.start, "shortcode-invalid", f"the shortcode '{tag.name}' names no chapter",
                      'write the chapter\'s path in it: {{< ref "one/arrival.md" >}}')  # fmt: skip
    is_target = _BEFORE_TARGET.search(expansion.text, max(0, tag.start - 10), tag.start)
    shown = words_of_link(tag.value("path", 0))
    return target if is_target or not target else f"[{_one_line(shown)}]({target})", ""


def _figure(tag: Tag, _closing: Tag | None, expansion: Expansion) -> tuple[str, str]:
    new = _block_figure(tag, expansion.dialect) if _alone(tag, expansion) else _picture(tag)
    if not new:
        expansion.say(tag.start, "shortcode-invalid", f"the shortcode '{tag.name}' names no picture",
                      "give the picture's file as src=\"…\"; its caption stays")  # fmt: skip
        new = _one_line(" ".join(tag.value(key) for key in ("title", "caption", "alt")))
        new = f'<a id="{escape(tag.value("id"))}"></a>{new}' if tag.value("id") else new
    return new, ""


def _image(tag: Tag, closing: Tag | None, expansion: Expansion) -> tuple[str, str] | None:
    """``img`` and ``image`` of themes, if they name a file like ``figure`` does."""
    return _figure(tag, closing, expansion) if tag.value("src", 0) else None


def _block_figure(tag: Tag, dialect: str) -> str:
    """A ``figure`` on its own line, with all that Hugo's has; empty if it names no picture.

    In CommonMark a comment before it makes the raw HTML end with its line (4.6, kind 2); otherwise the Markdown below
    would be read as HTML too.
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
    class_ = "".join(f' {name}="{escape(tag.value(name))}"' for name in ("id", "class") if tag.value(name))
    made = f"<figure{class_}>{shown}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"
    return f"<!---->{made}" if dialect == "commonmark" else made


def _picture(tag: Tag) -> str:
    """The same picture inside a line of text: a Markdown picture, with its caption after it."""
    source = _source(tag)
    if not source:
        return ""
    shown = f"![{words_of_link(_alt(tag))}]({source.translate(_TARGET_ESCAPES)})"
    if tag.value("link"):
        shown = f"[{shown}]({tag.value('link').translate(_TARGET_ESCAPES)})"
    words = " ".join(part for part in (_one_line(tag.value(key)) for key in ("title", "caption", "attr")) if part)
    return f"{shown} {words}" if words else shown


def _source(tag: Tag) -> str:
    return _one_line(tag.value("src", 0))


def _alt(tag: Tag) -> str:
    """The alternative text: the given one, or the caption's as in Hugo."""
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
    """Converts inline Markdown to HTML, because raw HTML can't contain Markdown. HTML in `text` stays."""
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return re.sub(r"<(?![A-Za-z/])", "&lt;", text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _alert_kind(tag: Tag) -> str:
    """Which of GitHub's five alerts a box is: by its type, or else by its name."""
    said = [tag.value(key) for key in ("type", "level", "kind", "context", "color", "style")] + list(tag.values[:1])
    words = (each.lower() for each in (*said, tag.name))
    return next(ALERT_KINDS[each] for each in words if each in ALERT_KINDS).upper()


def _alert(tag: Tag, closing: Tag | None, expansion: Expansion) -> tuple[str, str] | None:
    """Themes' boxes: an alert, if both tags are on lines of their own; otherwise only the text."""
    if not closing:
        return None
    title = _one_line(tag.value("title", 1 if tag.name == "notice" else None))
    expansion.boxes = [end for end in expansion.boxes if end > tag.start]
    if len(expansion.boxes) >= _DEEPEST or not (_alone(tag, expansion) and _alone(closing, expansion)):
        return "", ""
    expansion.boxes.append(closing.end)
    text = expansion.text
    container = _CONTAINER.match(text, _line_start(text, tag.start))
    prefix = container[0] if container else ""
    for start in _lines_between(text, tag, closing):
        at = start + len(prefix) if text.startswith(prefix, start) else start
        expansion.edit(at, at, "> ")
    return f"> [!{_alert_kind(tag)}] {title}".rstrip(), ""


def _code(tag: Tag, closing: Tag | None, expansion: Expansion) -> tuple[str, str] | None:
    """``highlight``: a code block, in fences if both tags are on lines of their own."""
    if not closing:
        return None
    language = "".join(re.findall(r"[\w+#.-]", tag.value("lang", 0)))
    inner = expansion.text[tag.end : closing.start]
    longest = max([0, *(len(run) for run in re.findall("`+", inner))])
    if _alone(tag, expansion) and _alone(closing, expansion) and "\n" in inner:
        ticks = "`" * (max(2, longest) + 1)
        return f"{ticks}{language}", ticks
    if "\n" not in inner and inner.strip():
        ticks, space = "`" * (1 + longest), " " if longest else ""
        return ticks + space, space + ticks
    for found in re.finditer("[&<>]", inner):
        at = tag.end + found.start()
        expansion.edit(at, at + 1, escape(found[0]))
    return f'<pre><code class="language-{language}">', "</code></pre>"


def _comment(tag: Tag, closing: Tag | None, expansion: Expansion) -> tuple[str, str] | None:
    if not closing:
        return None
    expansion.edit(tag.end, closing.start, "\n" * expansion.text.count("\n", tag.end, closing.start))
    return "", ""


def _details(tag: Tag, closing: Tag | None, _expansion: Expansion) -> tuple[str, str] | None:
    """The title as a line in bold; two spaces at its end keep the text below on its own line."""
    title = _one_line(tag.value("summary", 0) or tag.value("title"))
    return (f"**{title}**  " if title else "", "") if closing else None


def _embedded(pattern: str, *keys: str) -> Shortcode:
    """A link to what a web page would embed; its address contains the values of `keys`."""

    def link(tag: Tag, _closing: Tag | None, expansion: Expansion) -> tuple[str, str]:
        parts = [tag.value(key, nth) for nth, key in enumerate(keys)]
        if not all(re.fullmatch(r"[\w.@-]+", part, re.ASCII) for part in parts):
            words = f"the shortcode '{tag.name}' doesn't say what it shows"
            expansion.say(tag.start, "shortcode-invalid", words, "give its id")
            return "", ""
        address, title = pattern.format(*parts), _one_line(tag.value("title"))
        return f"[{words_of_link(title)}]({address})" if title else f"<{address}>", ""

    return link


_POST = _embedded("https://x.com/{}/status/{}", "user", "id")

SHORTCODES: MappingProxyType[str, Shortcode] = MappingProxyType(
    {
        "ref": _link,
        "relref": _link,
        "figure": _figure,
        "img": _image,
        "image": _image,
        "comment": _comment,
        "highlight": _code,
        "details": _details,
        **dict.fromkeys(("notice", "hint", "callout", "admonition", "alert", "note", "tip", "info"), _alert),
        **dict.fromkeys(("warning", "important", "caution", "danger"), _alert),
        "youtube": _embedded("https://www.youtube.com/watch?v={}", "id"),
        "vimeo": _embedded("https://vimeo.com/{}", "id"),
        "tweet": _POST,
        "twitter": _POST,
        "x": _POST,
        "gist": _embedded("https://gist.github.com/{}/{}", "user", "id"),
        "instagram": _embedded("https://www.instagram.com/p/{}/", "id"),
    }
)
"""By name, the function that expands a shortcode."""


def _alone(tag: Tag, expansion: Expansion) -> bool:
    """Whether `tag` is alone on its lines, apart from quotation marks (``>``) and spaces."""
    text = expansion.text
    end = text.find("\n", tag.end)
    after = text[tag.end : end if end >= 0 else None]
    return bool(_CONTAINER.fullmatch(text, _line_start(text, tag.start), tag.start)) and not after.strip()


def _lines_between(text: str, tag: Tag, closing: Tag) -> list[int]:
    last = _line_start(text, closing.start)
    first = text.find("\n", tag.end) + 1
    if not first or first >= last:
        return []
    return [first, *(found.end() for found in re.compile("\n").finditer(text, first, last - 1))]


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1
