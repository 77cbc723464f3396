"""What SVG and CSS may contain and refer to, for SVG files, drawings in the text and style sheets alike.

References must stay inside the picture: no address in a reference, in ``url()`` or in a function that loads its
strings, however it is written. CSS is parsed (CSS Syntax 3), because names may have escapes and a comment may split the
words of a ``<style>``.
"""

# ruff: noqa: SIM905 - these word lists are easier to read as text

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chapbook.model.xml_text import CONTROLS, EXCLUDED

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "LOADING",
    "NAMES",
    "REMOVED",
    "clean_css",
    "escaped",
    "is_address",
    "loads_what_a_variable_says",
    "may_load",
    "may_refer",
    "shown",
    "takes_an_address",
]

REMOVED = frozenset(
    "script handler listener foreignobject iframe object embed audio video canvas link meta base form input html body "
    "discard prefetch source".split()
)
"""Local names, in lower case, of elements that run code, embed or download, in all namespaces."""
LOADING = frozenset({"src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"})
"""Functions whose strings are addresses, as with ``url()`` (CSS Images 4; CSS Values 4, section 4.5)."""
_BROKEN = frozenset({"bad-url", "bad-string"})
"""Addresses and strings that browsers don't read; what another reader makes of them nobody knows."""
_VARYING = frozenset({"var", "attr", "env"})
"""Functions whose value is defined elsewhere."""
_DIRECTIONS = "{0} {0}x {0}y {0}z {0}3d"
_HARMLESS = frozenset(
    (
        "rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark device-cmyk icc-color calc min max clamp "
        "round mod rem abs sign sin cos tan pow sqrt hypot log exp var attr env counter counters cubic-bezier steps "
        "linear linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient "
        "-webkit-linear-gradient -webkit-radial-gradient -moz-linear-gradient -moz-radial-gradient -o-linear-gradient "
        "blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia rect inset circle "
        "ellipse polygon path matrix skew skewx skewy perspective format local tech type not is where has matches "
        "nth-child nth-last-child nth-of-type nth-last-of-type lang dir host fit-content minmax repeat "
        + " ".join(_DIRECTIONS.format(name) for name in ("translate", "scale", "rotate", "matrix"))
    ).split()
)
"""Functions of CSS, SVG and selectors that load nothing, whatever their strings."""
_OF_NAME = r"[^\x00-,./:-@\[-^`{-\x7f]"
"""A letter, digit, ``-`` or ``_``, or any character above ASCII. (With a range of those, compiling takes 10 ms.)"""
_OF_NOTE = re.compile(
    rf"""(?<!{_OF_NAME})
    (?:url\((?P<inside>["']?)\#[\w.-]+(?P=inside)\) | (?P<name>{_OF_NAME}++)\() | @import | \\""",
    re.IGNORECASE | re.VERBOSE,
)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif);base64,", re.IGNORECASE)
_LINK = re.compile(r"(?:#|https?://|mailto:)", re.IGNORECASE)
_UNWRITABLE = re.compile(rf"\\?([{EXCLUDED}{CONTROLS}])")
"""What no attribute can hold, where an escape of CSS has been read."""
_ADDRESS = re.compile(r"\s*(?:(?:https?|ftp|file|wss?|data|blob|javascript):|//|\\\\)", re.IGNORECASE)
_BRACKET = re.compile(r"[\[\](){}]")
NAMES = frozenset({"class", "href", "id", "requiredextensions", "requiredfeatures", "src", "style"})
"""Attributes, in lower case, with rules of their own, and those whose addresses are names that nobody opens."""
_LONGEST_CSS, _DEEPEST_CSS = 300_000, 64
"""The longest and deepest style sheet that is parsed; parsing needs a hundred times its size in memory."""

Node = Any
"""A node of tinycss2, which has no types of its own."""


def may_refer(name: str, target: str) -> bool:
    """Whether the element `name` of an SVG file may refer to `target` by ``href`` or ``src``."""
    target = target.strip()
    if name == "a":
        return _LINK.match(target) is not None
    if name in {"image", "feImage"}:
        return _is_picture(target)
    return target.startswith("#") or not target


def _is_picture(target: str) -> bool:
    """Whether `target` is a picture embedded in the address itself (a data: URL)."""
    return _PICTURE.match(target) is not None


def is_address(value: str) -> bool:
    """Whether the value of an attribute of any name is an address on the network, or one that runs."""
    return _ADDRESS.match(value) is not None


def shown(value: str) -> str:
    """`value` on one line, shortened for a message."""
    text = " ".join(value.split())
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 - enough to find it


def clean_css(text: str) -> tuple[str, tuple[str, ...]]:
    """Removes imports and outside references from CSS; returns the text and what was removed.

    The text is unchanged if nothing was. `text` is a style sheet, declarations, or an attribute's value.
    """
    if not any(match["inside"] is None and _is_of_note(match["name"]) for match in _OF_NOTE.finditer(text)):
        return text, ()
    if len(text) > _LONGEST_CSS or _depth(text) > _DEEPEST_CSS:
        return "", ("a style sheet that is too long or nests too deep",)
    import tinycss2  # type: ignore[import-untyped]  # noqa: PLC0415 - few books have such CSS; importing it takes time

    found: list[str] = []
    kept = _without_references(tinycss2.parse_component_value_list(text), found)
    if not found:
        return text, ()
    said = (f"'{each}'" if each.startswith("@") else f"a reference to '{shown(each)}'" for each in found)
    return escaped(tinycss2.serialize(kept)), tuple(said)


def escaped(css: str) -> str:
    """`css`, written from tokens, with escapes for what neither a document nor a sheet can hold."""
    return _UNWRITABLE.sub(lambda sign: f"\\{ord(sign[1]):x} ", css)


def _is_of_note(name: str | None) -> bool:
    """Whether a function of this name, or a match without a name, is a reason to parse the text."""
    return name is None or name.lower() == "attr" or name.lower() not in _HARMLESS


def loads_what_a_variable_says(function: Node) -> bool:
    """Whether `function` uses a variable or attribute, which may hold an address that can't be seen here."""
    return any(node.type == "function" and node.lower_name in _VARYING for node in _within(function.arguments))


def takes_an_address(function: Node) -> bool:
    """Whether `function` is ``attr()`` and makes an address of what an attribute says (``attr(data-x url)``)."""
    if function.lower_name != "attr":
        return False
    kinds = [
        word
        for node in _within(function.arguments)
        for word in (node.arguments if node.type == "function" and node.lower_name == "type" else [node])
    ]
    return any(node.type == "ident" and node.lower_value in {"url", "src"} for node in kinds[1:])


def may_load(function: Node) -> Iterator[str]:
    """The strings and addresses in `function` that it may load: all of one that isn't known to load nothing."""
    if function.lower_name not in _HARMLESS:
        yield from (str(each.value) for each in _within(function.arguments) if each.type in {"string", "url"})


def _depth(text: str) -> int:
    """How deep brackets nest. Brackets in strings and comments count too, to be on the safe side."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "([{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _without_references(tokens: list[Node], found: list[str]) -> list[Node]:
    kept: list[Node] = []
    importing = False
    face: int | None = None
    for token in tokens:
        if importing:
            importing = not (token.type == "literal" and token.value == ";")
            continue
        if face is not None and token.type == "{} block":
            before = len(found)
            _clean_block(token, found)
            if len(found) > before:  # the font file was removed, so the rest of its rule is meaningless
                del kept[face:]
            else:
                kept.append(token)
            face = None
            continue
        if token.type == "at-keyword":
            face = len(kept) if token.lower_value == "font-face" else None
        if token.type == "at-keyword" and token.lower_value in {"import", "charset", "namespace"}:
            importing = True
            found.append("@" + token.lower_value)
        elif (reference := _reference_out(token)) is not None:
            found.append(reference)
            kept.append(_none(token))
        else:
            _clean_block(token, found)
            kept.append(token)
    return kept


def _none(token: Node) -> Node:
    from tinycss2.ast import IdentToken  # type: ignore[import-untyped]  # noqa: PLC0415 - loaded by now

    return IdentToken(token.source_line, token.source_column, "none")


def _clean_block(token: Node, found: list[str]) -> None:
    for name in ("content", "arguments"):
        inner = getattr(token, name, None)
        if isinstance(inner, list):
            setattr(token, name, _without_references(inner, found))


def _reference_out(token: Node) -> str | None:
    """What `token` refers to outside the picture; ``None`` if it stays inside.

    Functions that chapbook doesn't know are treated as if they load their strings.
    """
    if token.type == "error" and token.kind in _BROKEN:
        return str(token.message)
    if token.type == "url":
        return None if _stays_inside(token.value) else str(token.value)
    if token.type == "function" and takes_an_address(token):
        return f"{token.name}()"
    if token.type != "function" or token.lower_name in _HARMLESS:
        return None
    foreign = next((each for each in may_load(token) if not _stays_inside(each)), None)
    if foreign is not None:
        return foreign
    runs = token.lower_name == "expression"  # Internet Explorer's way to run code
    return f"{token.name}()" if runs or loads_what_a_variable_says(token) else None


def _within(nodes: list[Node]) -> Iterator[Node]:
    """Yields `nodes` and everything inside them, but not the arguments of ``type()``: they aren't addresses."""
    for node in nodes:
        yield node
        if node.type == "function" and node.lower_name != "type":
            yield from _within(node.arguments)
        elif node.type.endswith(" block"):
            yield from _within(node.content)


def _stays_inside(reference: str) -> bool:
    return reference.strip().startswith("#") or _is_picture(reference.strip())
