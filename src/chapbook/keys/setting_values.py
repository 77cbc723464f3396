"""Values of settings: files and folders, syntax, fonts, pictures, extensions, messages, accent, chapter type."""

from __future__ import annotations

import posixpath
import re
from functools import partial
from types import MappingProxyType

from chapbook.keys.rows import Key, read_nested
from chapbook.keys.tree import Findings, MappingNode, Node, ScalarNode, SequenceNode, described
from chapbook.keys.values import boolean, integer, plain_value, scalar, text, texts, written, wrong_type
from chapbook.model.codes import CODES, Severity
from chapbook.model.contents import CHAPTER_TYPES
from chapbook.model.near import all_nearest, nearest
from chapbook.model.settings import SYNTAXES, ContentFile, ExtensionSpec, FileRef, FontFile, ImageLimits

__all__ = [
    "FONT_KEYS",
    "FOREIGN_TYPES",
    "IMAGE_KEYS",
    "TYPE_WORDS",
    "accent",
    "assets",
    "chapter_type",
    "extensions",
    "file",
    "files",
    "fonts",
    "image_limits",
    "messages",
    "order",
    "syntax",
]


def file(node: Node, name: str, found: Findings) -> FileRef | None:
    """A file of the content folder; a path from its root may begin with a slash."""
    text = written(node, name, "the path of a file", found)
    if not text:
        return None
    path = posixpath.normpath(text).lstrip("/")
    if path.partition("/")[0] == "..":
        hint = "copy it into the folder; chapbook reads nothing outside"
        found.add("setting-file-missing", f"'{text}' is outside the content folder", node.at, hint)
        return None
    there = found.files.find(path) if found.files else ContentFile(path)
    if there is None:
        hint = _missing_hint(text, path, found)
        found.add("setting-file-missing", f"'{name}': there is no file {described(node)}", node.at, hint)
    return there


def _missing_hint(written: str, path: str, found: Findings) -> str:
    if re.match(r"[a-z]+://", written, re.IGNORECASE):
        return "copy it into the folder; chapbook fetches nothing from the network"
    names = sorted(found.files.names()) if found.files else []
    meant = path.replace("\\", "/").removeprefix("./").casefold()
    for name in names:
        if name.casefold() == meant:
            return f"write '{name}'"
    base = posixpath.basename(meant)
    for name in names:
        if posixpath.basename(name).casefold() == base:
            return f"there is '{name}'"
    return "give its path from the content folder, with slashes"


def files(node: Node, name: str, found: Findings) -> tuple[FileRef, ...] | None:
    """One file or several, in order."""
    items = node.items if isinstance(node, SequenceNode) else (node,)
    if isinstance(node, MappingNode):
        wrong_type(node, name, "a path or a list of paths", found)
        return None
    found.positions.update((f"{name}[{index}]", item.at) for index, item in enumerate(items))
    found_files = (file(item, name, found) for item in items)
    return tuple(each for each in found_files if each is not None)


_ORDERS = ("weight", "names")


def order(node: Node, name: str, found: Findings) -> str | None:
    """``weight``, ``names``, or the path of the author's own navigation file."""
    word = text(node, name, found)
    if not word or word.lower() in _ORDERS:
        return word.lower() if word else None
    there = file(node, name, found)
    return there.path if isinstance(there, ContentFile) else None


def assets(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """Folders of the content folder whose files chapters can refer to as if they were at its root."""
    folders = []
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        word = text(item, name, found) or ""
        folder = posixpath.normpath(word).strip("/") if word else ""
        names = found.files.names() if found.files else frozenset()
        if folder.partition("/")[0] == "..":
            hint = "chapbook reads nothing outside through book.yaml; name it on the command line with --assets"
            found.add("setting-file-missing", f"'{word}' is outside the content folder", item.at, hint)
        elif folder and names and not any(each.startswith(f"{folder}/") for each in names):
            hint = "give the folder's path from the content folder, with slashes"
            found.add("setting-file-missing", f"'{name}': there is no folder {described(item)}", item.at, hint)
        elif folder:
            folders.append(folder)
    return tuple(folders) or None


_NONE = frozenset({"none", "false", "no", "off"})


def syntax(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """The tools whose syntax chapbook reads; ``none`` for no tool's."""
    words = [each.lower() for each in texts(node, name, found) or ()]
    known = [each for each in words if each in SYNTAXES]
    for word in words:
        if word not in SYNTAXES and word not in _NONE:
            meant = nearest(word, SYNTAXES)
            hint = f"write '{meant}'" if meant else f"use {', '.join(SYNTAXES)} or none"
            found.add("value-invalid", f"unknown syntax '{word}'", node.at, hint)
    return tuple(dict.fromkeys(known)) if words else None


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
            given = {each.key.text: plain_value(each.value) for each in options}
            items.append((ExtensionSpec(extension=word, options=given), pair.key))
        elif isinstance(options, ScalarNode) and options.is_null:
            items.append((ExtensionSpec(extension=word), pair.key))
        else:
            wrong_type(options, f"{name}.{word}", "a mapping of options", found)
    return items


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


FOREIGN_TYPES = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "article articles blog blogs book books content default doc docs documentation guide home list note notes page "
        "pages part post posts reference section single story text tutorial tutorials wiki"
    ).split()
)
"""Values of ``type`` in Hugo, its themes and notebooks; such a chapter is a plain chapter."""


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
