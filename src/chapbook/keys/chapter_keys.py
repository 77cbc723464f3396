"""The keys of a chapter's front matter."""

from __future__ import annotations

import re
from types import MappingProxyType

from chapbook.keys.contributors import names
from chapbook.keys.findings import Findings
from chapbook.keys.foreign_keys import FOREIGN_TYPES
from chapbook.keys.keys import Key
from chapbook.keys.tree import Node, ScalarNode, described
from chapbook.keys.values import boolean, date, language, scalar, text, texts, weight
from chapbook.model.contents import CHAPTER_TYPES
from chapbook.model.near import nearest

__all__ = ["CHAPTER_KEYS", "accent", "chapter_type", "type_hint"]

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
    Key("title", text, "text", "The chapter's title."),
    Key("heading", text, "text", "The label above the title: Chapter 14b."),
    Key("weight", weight, "a number", "The order among siblings, ascending."),
    Key("date", date, "a date", "The chapter's date."),
    Key("description", text, "text", "A standfirst under the title."),
    Key("accent", accent, "a CSS colour", "The colour of the chapter's heading, rule and label.", also=("c",)),
    Key("type", _chapter_type, "a type of chapter", "What the chapter is in the book: preface, appendix, dedication."),
    Key("draft", boolean, "true or false", "Whether to leave the chapter out."),
    Key("language", language, "a language tag", "The chapter's language where it is not the book's.", also=("lang",)),
    Key("authors", names, "a name or a list of names", "Who wrote this chapter.", also=("author",)),
    Key("slug", text, "text", "The chapter's name on a site, for links to it."),
    Key("aliases", texts, "text or a list of texts", "Older paths of the chapter, for links to it."),
)


_WORDS = MappingProxyType(
    {
        "acknowledgements": "acknowledgments",
        "acknowledgement": "acknowledgments",
        "acknowledgment": "acknowledgments",
        "copyright": "copyright-page",
        "intro": "introduction",
    }
)


def chapter_type(written: str) -> str | None:
    """The type that `written` means, in any case; empty for none and for what other tools call a type."""
    if written in CHAPTER_TYPES:
        return written
    word = _word(written)
    if word in CHAPTER_TYPES:
        return word
    return "" if not word or word in FOREIGN_TYPES else None


def type_hint(written: str) -> str:
    """The way out for a word that is no type."""
    meant = nearest(_word(written), CHAPTER_TYPES)
    return f"write '{meant}'" if meant else "known are " + ", ".join(CHAPTER_TYPES)


def _word(written: str) -> str:
    word = re.sub(r"[\s_]+", "-", written.strip().lower())
    return _WORDS.get(word, word)
