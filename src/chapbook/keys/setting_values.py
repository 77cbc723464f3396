"""Values with rules of their own: identifier, series, fonts, extensions, limits, accent, type of chapter."""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType

from chapbook.keys.files_and_folders import file
from chapbook.keys.foreign_keys import FOREIGN_TYPES
from chapbook.keys.identifiers import parse_identifier
from chapbook.keys.keys import Key, read_nested
from chapbook.keys.tree import Findings, MappingNode, Node, ScalarNode, SequenceNode, described
from chapbook.keys.values import boolean, integer, is_empty, plain_value, scalar, text, written, wrong_type
from chapbook.model.codes import CODES, Severity
from chapbook.model.contents import CHAPTER_TYPES
from chapbook.model.metadata import Identifier, Series
from chapbook.model.near import all_nearest, nearest
from chapbook.model.settings import ExtensionSpec, FileRef, FontFile, ImageLimits

__all__ = [
    "FONT_KEYS",
    "IMAGE_KEYS",
    "SERIES_KEYS",
    "TYPE_WORDS",
    "accent",
    "chapter_type",
    "extensions",
    "fonts",
    "identifier",
    "image_limits",
    "messages",
    "series",
]


def identifier(node: Node, name: str, found: Findings) -> Identifier | None:
    """An ISBN, UUID, DOI or URI."""
    text = written(node, name, "an ISBN, UUID, DOI or URI", found)
    try:
        return parse_identifier(text) if text else None
    except ValueError as error:
        hint = "write an ISBN, a UUID, a DOI or a URI; without one chapbook makes a UUID"
        found.add("identifier-invalid", f"{described(node)} is not a valid identifier: {error}", node.at, hint)
        return None


def _series_index(node: Node, name: str, found: Findings) -> str | None:
    """A number, or several joined by points (EPUB 3.3, section D.3.6)."""
    text = written(node, name, "a number", found)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})*", text):
        found.add("value-invalid", f"'{name}' takes a number, not {described(node)}", node.at, "write 2, or 2.5")
        return None
    whole, point, rest = text.partition(".")
    return f"{int(whole)}{point}{rest}"


SERIES_KEYS = (
    Key("name", text, "text", "The series' name."),
    Key("index", _series_index, "a number", "The book's place in the series: 2, or 2.5."),
)


def series(node: Node, name: str, found: Findings) -> Series | None:
    """A series: its name, and the book's position in it."""
    hint = f"write {name}: {{name: …, index: 1}}"
    values = read_nested(node, name, SERIES_KEYS, found, takes="{name, index}", hint=hint)
    if values is None:
        return None
    if not values.get("name"):
        # A wrong name was reported already; a name and index left empty, as in a form, count as not set.
        pairs = node if isinstance(node, MappingNode) else ()
        names = [pair.value for pair in pairs if pair.key.text.lower() == "name"]
        if not names or (values.get("index") and is_empty(names[0])):
            found.add("value-invalid", f"'{name}' has no name", node.at, hint)
        return None
    return Series(**values)  # type: ignore[arg-type]  # the table's fields are the class's


_limit = partial(integer, of=ImageLimits)
IMAGE_KEYS = (
    Key(
        "max_pixels",
        _limit,
        "a whole number",
        "Pixels (width times height) above which chapbook makes a picture smaller.",
    ),
    Key("max_bytes", _limit, "a whole number", "Bytes above which chapbook makes a picture smaller."),
    Key("quality", _limit, "a whole number", "The quality of the JPEG files that chapbook writes, from 1 to 95."),
)


def image_limits(node: Node, name: str, found: Findings) -> ImageLimits | None:
    """The limits for pictures."""
    values = read_nested(node, name, IMAGE_KEYS, found, takes="{max_pixels, max_bytes, quality}")
    return None if values is None else ImageLimits(**values)  # type: ignore[arg-type]  # as above


FONT_KEYS = (
    Key("file", file, "a path", "The font."),
    Key("subset", boolean, "true or false", "Whether to include only the characters that the book uses."),
)


def fonts(node: Node, name: str, found: Findings) -> tuple[FileRef | FontFile, ...] | None:
    """``[a.ttf, {file: b.ttf, subset: true}]``, or a single font."""
    items = node.items if isinstance(node, SequenceNode) else (node,)
    found.positions.update((f"{name}[{index}]", item.at) for index, item in enumerate(items))
    read = (_font(item, name, found) for item in items)
    return tuple(each for each in read if each is not None)


def _font(node: Node, name: str, found: Findings) -> FileRef | FontFile | None:
    if not isinstance(node, MappingNode):
        return file(node, name, found)
    takes = "{file, subset}"
    hint = f"write {name}: [{{file: a.ttf, subset: true}}]"
    values = read_nested(node, name, FONT_KEYS, found, takes=takes, hint=hint)
    if values is None or "file" not in values:
        if not any(pair.key.text.lower() == "file" for pair in node):
            found.add("value-invalid", f"a font of '{name}' has no file", node.at, hint)
        return None
    return FontFile(**values)  # type: ignore[arg-type]  # the table's fields are the class's


def extensions(node: Node, name: str, found: Findings) -> tuple[ExtensionSpec, ...] | None:
    """``[toc, {smarty: {smart_quotes: false}}]``, or one mapping of names to options."""
    specs: list[ExtensionSpec] = []
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        for spec, at in _extension_items(item, name, found):
            found.positions[f"{name}[{len(specs)}]"] = at.at
            specs.append(spec)
    return tuple(specs)


def _extension_items(node: Node, name: str, found: Findings) -> list[tuple[ExtensionSpec, Node]]:
    if not isinstance(node, MappingNode):
        word = text(node, name, found)
        return [(ExtensionSpec(extension=word), node)] if word else []
    items: list[tuple[ExtensionSpec, Node]] = []
    for pair in node:
        word, options = pair.key.text.strip(), pair.value
        if isinstance(options, MappingNode):
            items.append((ExtensionSpec(extension=word, options=_options(options)), pair.key))
        elif isinstance(options, ScalarNode) and options.is_null:
            items.append((ExtensionSpec(extension=word), pair.key))
        else:
            wrong_type(options, f"{name}.{word}", "a mapping of options", found)
    return items


def _options(node: MappingNode) -> dict[str, object]:
    return {pair.key.text: plain_value(pair.value) for pair in node}


def messages(node: Node, name: str, found: Findings) -> dict[str, str] | None:
    """The messages that the author wants to hear no more, by their codes, and why."""
    if isinstance(node, ScalarNode) and node.is_null:
        return None
    if not isinstance(node, MappingNode):
        wrong_type(node, name, "codes of messages, each with a reason", found, f"write {name}: {{image-no-alt: why}}")
        return None
    reasons: dict[str, str] = {}
    for pair in node:
        code = pair.key.text.strip(" []")
        reason = text(pair.value, f"{name}.{code}", found) if code in CODES else ""
        if fault := _not_ignored(code, reason or ""):
            meant = all_nearest(code, CODES) if code not in CODES else []
            fix = found.writing(pair.key, meant[0]) if len(meant) == 1 and meant[0] not in reasons else ()
            found.add("ignore-invalid", fault[0], pair.key.at, fault[1], fix)
        else:
            found.positions[f"{name}.{code}"] = pair.key.at
            reasons[code] = reason or ""
    return reasons


def _not_ignored(code: str, reason: str) -> tuple[str, str] | None:
    """Why a message isn't ignored, and the way out."""
    if code not in CODES:
        meant = nearest(code, CODES)
        hint = f"write '{meant}'" if meant else "'chapbook explain' lists the codes"
        return f"there is no message with the code '{code[:60]}'", hint
    if CODES[code].severity is Severity.ERROR:
        return f"'{code}' is an error, which chapbook never ignores", "remove the line, and correct what is wrong"
    return None if reason else (f"'{code}' is ignored without a reason", f"write the reason: '{code}: …'")


_COMMENT = re.compile(r":[ \t]*(#[0-9A-Fa-f]{3,8})\b")


def accent(node: Node, name: str, found: Findings) -> str | None:
    """A colour as written; whether it is valid is checked where it is used."""
    if isinstance(node, ScalarNode) and node.is_null:
        comment = _COMMENT.search(found.line(node.at.line))
        if comment:
            message = f"'{comment[1]}' without quotes is a comment, so '{name}' says nothing"
            found.add("accent-invalid", message, node.at, f'write {name}: "{comment[1]}"')
        return None
    return text(node, name, found)


def chapter_type(node: Node, name: str, found: Findings) -> str | None:
    """The chapter's type; ``None`` if it is another tool's type."""
    if not isinstance(node, ScalarNode):  # another tool's type can be anything
        message = f"chapbook knows no type that is {described(node)} and reads it as 'chapter'"
        found.add("type-unknown", message, node.at, _type_hint(""))
        return None
    value = scalar(node, name, "text", found)
    if value is None:
        return None
    kind = _type_of(value.text)
    if kind is None:
        message = f"chapbook knows no type {described(node)} and reads it as 'chapter'"
        found.add("type-unknown", message, node.at, _type_hint(value.text))
    return kind or None


TYPE_WORDS = MappingProxyType(
    {
        "acknowledgements": "acknowledgments",
        "acknowledgement": "acknowledgments",
        "acknowledgment": "acknowledgments",
        "copyright": "copyright-page",
        "intro": "introduction",
    }
)


def _type_of(written: str) -> str | None:
    """The type that `written` means, in any case; empty if there is none or it is another tool's."""
    if written in CHAPTER_TYPES:
        return written
    word = _word(written)
    if word in CHAPTER_TYPES:
        return word
    return "" if not word or word in FOREIGN_TYPES else None


def _type_hint(written: str) -> str:
    """The hint for a word that isn't a type."""
    meant = nearest(_word(written), CHAPTER_TYPES)
    return f"write '{meant}'" if meant else "known are " + ", ".join(CHAPTER_TYPES)


def _word(written: str) -> str:
    word = re.sub(r"[\s_]+", "-", written.strip().lower())
    return TYPE_WORDS.get(word, word)
