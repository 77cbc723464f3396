"""Tags in ``{% … %}``: GitBook's blocks, Jekyll's tags, and kramdown's attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chapbook.model.urls import BY_NAME
from chapbook.source.lines import Box, blank, box_mark, division_mark, fenced_lines, in_boxes
from chapbook.source.positions import Changed, Locator, SourceText, outside_code

__all__ = ["read_gitbook", "read_jekyll"]

_LINE = re.compile(r"([ ]*)\{%-?\s*(\w[\w-]*)\s*(.*?)\s*-?%\}[ \t]*")
_VALUE = re.compile(r"([\w-]+)=\"([^\"]*)\"")
_BOXES = frozenset(
    {"hint", "tabs", "tab", "content-ref", "code", "stepper", "step", "columns", "column", "updates", "update"}
)
_EMBED = re.compile(r"\{%-?\s*(?:embed|file)\s+(?:url|src)=\"([^\"\n]*)\"(?:\s+caption=\"([^\"\n]*)\")?[^{}\n]*%\}")
_END_OF_EMBED = re.compile(r"\{%-?\s*end(?:embed|file)\s*-?%\}")


def read_gitbook(source: SourceText) -> Changed:
    """Turns GitBook's hints and tabs into boxes and its embeds into links; removes tags that only affect layout."""
    lines = _with_literals(source.text).split("\n")
    text = "\n".join(in_boxes(lines, list(_boxes(lines))))
    text = outside_code(source, _EMBED, lambda found: _embedded(found[1], found[2] or ""), text)
    return outside_code(source, _END_OF_EMBED, lambda _: "", text), ()


def _boxes(lines: list[str]) -> Iterator[Box]:
    in_fence = fenced_lines(lines)
    open_: list[tuple[int, re.Match[str]]] = []
    for nth, line in enumerate(lines):
        found = None if in_fence[nth] or "{%" not in line else _LINE.fullmatch(line)
        if found is None:
            continue
        name = found[2].removeprefix("end")
        if found[2] in _BOXES:
            open_.append((nth, found))
        elif name in _BOXES and any(each[2] == name for _, each in open_):
            while open_:
                start, opening = open_.pop()
                if opening[2] == name:
                    yield Box(start=start, end=nth + 1, mark=_mark(opening), indent=len(opening[1]))
                    break


def _mark(opening: re.Match[str]) -> str:
    said = dict(_VALUE.findall(opening[3]))
    if opening[2] == "hint":
        return box_mark(said.get("style", "info"))
    title = said.get("title", "")
    return division_mark(f".{opening[2]}", title) if title else ""


def _embedded(address: str, caption: str) -> str:
    if re.match(r"https?://", address):
        return f"[{caption or address}]({address})"
    name = address.rpartition("/")[2]
    return f"[{caption or name}](<{address}>)"


_HIGHLIGHT = re.compile(r"^([ ]*)\{%-?\s*(?:highlight\s+([\w+#-]+)[^{}\n]*|(endhighlight)\s*)%\}[ \t]*$", re.MULTILINE)
_REMARK = re.compile(
    r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{::comment\}.*?\{:/(?:comment)?\}", re.DOTALL
)
_REFERENCE = re.compile(r"\{%-?\s*(link|post_url)\s+([^\s{}%]+)\s*-?%\}")
_SITE = re.compile(r"\{\{-?\s*site\.(?:base_?url|url)\s*-?\}\}", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\{\{-?\s*[\"']([^\"'{}]*)[\"']\s*\|\s*(?:relative_url|absolute_url|prepend:\s*site\.baseurl)\s*-?\}\}"
)
_CALLOUT = re.compile(r"^\{:\s*\.([\w-]+)(?:-title)?\s*\}[ \t]*\n(?=[ ]{0,3}(?!>)\S)", re.MULTILINE)
_ATTRIBUTES = re.compile(r"^[ ]{0,3}\{:[ ]?[^{}\n]*\}[ \t]*$", re.MULTILINE)
_JUST_THE_DOCS = frozenset({"note", "warning", "important", "highlight", "new", "caution", "tip"})


def read_jekyll(source: SourceText) -> Changed:
    """Turns Jekyll's tags that mean something in a book into Markdown, and applies kramdown's attributes."""
    text = _with_literals(_with_fences(source.text), in_code=True)
    text = outside_code(source, _REMARK, blank, text)
    text = _REFERENCE.sub(_target, text)
    text = _RELATIVE.sub(lambda found: found[1], _SITE.sub("", text))
    text = _with_callouts(text)
    text = outside_code(source, _NAMED_HEADING, lambda found: f"{found[1]} {{#{found[2]}}}\n", text)
    return outside_code(source, _ATTRIBUTES, lambda _: "", text), ()


_NAMED_HEADING = re.compile(r"^(#{1,6}[ \t][^{}\n]*)\n\{:[^{}\n]*#([\w-]+)[^{}\n]*\}[ \t]*$", re.MULTILINE)


def _with_fences(text: str) -> str:
    """Turns ``{% highlight ruby %}`` and its end into fences, except in code."""
    if "endhighlight" not in text:
        return text
    lines = text.split("\n")
    in_fence = fenced_lines(lines)
    opened = -1
    for nth, line in enumerate(lines):
        found = None if in_fence[nth] or "highlight" not in line else _HIGHLIGHT.fullmatch(line)
        if found and found[2]:
            opened = nth
        elif found and opened >= 0:
            opening = _HIGHLIGHT.fullmatch(lines[opened])
            lines[opened] = f"{found[1]}```{opening[2] if opening else ''}"
            lines[nth] = f"{found[1]}```"
            opened = -1
    return "\n".join(lines)


_LITERAL = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)


def _with_literals(text: str, *, in_code: bool = False) -> str:
    """Turns what is between ``{% raw %}`` and its end into text, with template signs as references.

    Tags in code stay, unless `in_code` is set.
    """
    if "raw" not in text or _LITERAL.search(text) is None:
        return text
    places = Locator(text)

    def shown(found: re.Match[str]) -> str:
        if places.is_code(found.start()):
            return found[1] if in_code else found[0]
        return re.sub(r"\{(?=[{%])", "&#123;", found[1])

    return _LITERAL.sub(shown, text)


def _target(found: re.Match[str]) -> str:
    """The target: a post is found by name, a page by its path from the root."""
    return f"{BY_NAME}{found[2]}" if found[1] == "post_url" else f"/{found[2].lstrip('/')}"


def _with_callouts(text: str) -> str:
    """Puts the paragraphs below ``{: .note }`` into boxes, as Just the Docs does."""
    if _CALLOUT.search(text) is None:
        return text
    lines = text.split("\n")
    boxes = []
    for nth, line in enumerate(lines):
        found = re.fullmatch(r"\{:\s*\.([\w-]+?)(?:-title)?\s*\}[ \t]*", line)
        if found and found[1] in _JUST_THE_DOCS and lines[nth + 1 : nth + 2] and lines[nth + 1].strip():
            quoted = lines[nth + 1].startswith(">")
            end = next((at for at in range(nth + 1, len(lines)) if not lines[at].strip()), len(lines))
            if quoted:
                lines[nth + 1 : end] = [each.removeprefix(">").removeprefix(" ") for each in lines[nth + 1 : end]]
            title = ""
            if "-title" in line:
                title, lines[nth + 1] = lines[nth + 1].strip(), ""
            boxes.append(Box(start=nth, end=end, mark=box_mark(found[1], title), closes=False))
    return "\n".join(in_boxes(lines, boxes))
