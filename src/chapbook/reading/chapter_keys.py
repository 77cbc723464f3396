"""The keys of a chapter's front matter."""

from __future__ import annotations

import re

from chapbook.reading.chapter_types import chapter_type, type_hint
from chapbook.reading.contributors import names
from chapbook.reading.findings import Findings
from chapbook.reading.keys import Key
from chapbook.reading.tree import Node, ScalarNode, described
from chapbook.reading.values import boolean, date, language, scalar, text, texts, weight

__all__ = ["CHAPTER_KEYS", "accent"]

_COMMENT = re.compile(r":[ \t]*(#[0-9A-Fa-f]{3,8})\b")


def accent(node: Node, name: str, found: Findings) -> str | None:
    """A colour as it was written; whether it is one is asked when it is used."""
    if isinstance(node, ScalarNode) and node.is_null:
        comment = _COMMENT.search(found.line(node.at.line))
        if comment:
            message = f"'{comment[1]}' without quotes is a comment, so '{name}' says nothing"
            found.add("accent-invalid", message, node.at, f'write {name}: "{comment[1]}"')
        return None
    return text(node, name, found)


def _chapter_type(node: Node, name: str, found: Findings) -> str | None:
    value = scalar(node, name, "text", found)
    if value is None:
        return None
    kind = chapter_type(value.text)
    if kind is None:
        message = f"unknown type {described(node)}; 'chapter' is taken"
        found.add("type-unknown", message, node.at, type_hint(value.text))
    return kind or None


CHAPTER_KEYS = (
    Key(name="title", field="title", read=text, takes="text", meaning="The chapter's title."),
    Key(name="heading", field="heading", read=text, takes="text", meaning="The label above the title: Chapter 14b."),
    Key(name="weight", field="weight", read=weight, takes="a number", meaning="The order among siblings, ascending."),
    Key(name="date", field="date", read=date, takes="a date", meaning="The chapter's date."),
    Key(name="description", field="description", read=text, takes="text", meaning="A standfirst under the title."),
    Key(
        name="accent",
        field="accent",
        read=accent,
        takes="a CSS colour",
        meaning="The colour of the chapter's heading, rule and label.",
        also=("c",),
    ),
    Key(
        name="type",
        field="type",
        read=_chapter_type,
        takes="a type of chapter",
        meaning="What the chapter is in the book: preface, appendix, dedication.",
    ),
    Key(name="draft", field="draft", read=boolean, takes="true or false", meaning="Whether to leave the chapter out."),
    Key(
        name="language",
        field="language",
        read=language,
        takes="a language tag",
        meaning="The chapter's language where it is not the book's.",
        also=("lang",),
    ),
    Key(
        name="authors",
        field="authors",
        read=names,
        takes="a name or a list of names",
        meaning="Who wrote this chapter.",
        also=("author",),
    ),
    Key(name="slug", field="slug", read=text, takes="text", meaning="The chapter's name on a site, for links to it."),
    Key(
        name="aliases",
        field="aliases",
        read=texts,
        takes="text or a list of texts",
        meaning="Older paths of the chapter, for links to it.",
    ),
)
