"""Decides which "tags" in raw HTML an author meant as tags: a known element, proper attributes, an end.

``a<b and c>d`` and ``Dear <name>,`` contain no tag. A browser, which must make something of every page, would read both
as tags and lose the words in them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from string import ascii_uppercase

from chapbook.markup.allowlist import ELEMENTS

__all__ = ["LOWER", "MOST_ATTRIBUTES", "Tag", "settle_tags"]

LOWER = {ord(letter): letter.lower() for letter in ascii_uppercase}
"""For `str.translate`: ``lower`` would turn U+0130 into two characters."""
MOST_ATTRIBUTES = 256
"""The most attributes of one element; the HTML parser's time grows with their square."""

_ATTRIBUTE = re.compile(r"""[^\s/>=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?""")
_FIRST = re.compile(r"\s+([^\s/>=]+)\s*(=?)")
_QUOTED_VALUE = re.compile(r"""=\s*+["']""")
_NAMES_A_PLACE = re.compile(r"\s(?:id|name)\s*+=", re.IGNORECASE)
_LEADS_SOMEWHERE = re.compile(r"\shref\s*+=", re.IGNORECASE)
_WITHOUT_VALUE = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "allowfullscreen alt async autofocus autoplay checked class compact controls default defer disabled download "
        "hidden href id inert ismap itemscope loop markdown multiple muted name nohref noshade novalidate nowrap open "
        "playsinline readonly required reversed selected src style title truespeed value align border center"
    ).split()
)
"""Attributes often written without a value."""
_OF_INLINE = _WITHOUT_VALUE | frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "accesskey bgcolor cite color datetime dir face height hreflang lang rel rev role size tabindex target type "
        "width"
    ).split()
)
"""Attributes that inline elements have."""
_VOID = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "area base basefont bgsound br col embed frame hr image img input keygen link meta param source spacer track "
        "wbr"
    ).split()
)
_ENDED_BY_OTHERS = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rt rp rb rtc html head body frameset"
    ).split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())  # noqa: SIM905 - see above
"""Elements that HTML reopens in each block until they are closed (section 13.2.4.3)."""
_INLINE = _FORMATTING | frozenset(
    (  # noqa: SIM905 - see above
        "abbr acronym bdi bdo cite data del dfn ins kbd mark q ruby samp span sub sup time var"
    ).split()
)
"""Inline elements. If one has no end tag, it wasn't meant as a tag, and the text continues."""
_LONGEST_ADDRESS = 2_000
_DEEPEST = 500
_MOST_COPIES = 200_000
"""The most open formatting elements, times the tags that may copy them; further ones are dropped."""


class Tag:
    """One tag of raw HTML as written, and what replaces it."""

    __slots__ = ("closes", "foreign", "is_end", "is_whole", "name", "text", "written")

    def __init__(self, written: str, text: str, *, foreign: bool) -> None:
        """`written` is the name as the author wrote it, with the slash of an end tag; `text` is the whole tag.

        `foreign` tags are inside a drawing or formula, which have their own elements.
        """
        self.is_end = written.startswith("/")
        self.written = written.removeprefix("/")
        self.name = self.written.translate(LOWER)
        self.text = text
        self.foreign = foreign
        self.is_whole = text.endswith("/>") and not _ends_in_bare_value(text)
        """Whether it ends in a slash: an empty XHTML element."""
        self.closes = False
        """Whether it has a matching tag."""

    @property
    def exists(self) -> bool:
        return self.foreign or self.name in ELEMENTS or self.name in {"svg", "math", "image"}

    def become_words(self) -> None:
        self.text = self.text.replace("<", "&lt;")  # a value may contain what looks like another tag

    def become_empty(self) -> None:
        """Adds an end tag: ``<a id="x"/>`` becomes ``<a id="x"></a>``."""
        opening = self.text[:-1].rstrip()
        self.text = f"{opening.removesuffix('/') if self.is_whole else opening}></{self.name}>"


def _ends_in_bare_value(text: str) -> bool:
    """Whether the slash belongs to an unquoted value: ``<a href=http://example.org/>``."""
    last = text[-_LONGEST_ADDRESS:-2].rsplit(None, 1)[-1]
    return "=" in last and last[-1] not in "\"'" and not text[-3].isspace()


def settle_tags(tags: Sequence[Tag]) -> dict[str, Counter[str]]:
    """Changes the texts of `tags`, which are in text order. Returns what to report, as names and numbers by kind:

    ``open`` are inline elements that are never closed, shown as text; ``ended`` are those with attributes, which end
    with their block; ``stripped`` had more than `MOST_ATTRIBUTES`; ``shown`` (as text) and ``unwrapped`` aren't HTML
    elements.
    """
    said: dict[str, Counter[str]] = defaultdict(Counter)
    real: list[Tag] = []
    for tag in tags:
        if _has_too_many(tag.text):
            said["stripped"][tag.written] += 1
            tag.text = f"<{tag.name}>"
        if not (tag.is_end or tag.foreign) and _holds_words(tag):
            tag.become_words()
        else:
            real.append(tag)
    _pair(real)
    for tag in real:
        if not tag.foreign:
            _settle(tag, said)
    _end_with_blocks(real)
    _thin_out(real)
    return said


def _has_too_many(text: str) -> bool:
    """Whether a tag has more attributes than allowed; only long tags need counting."""
    return len(text) > 2 * MOST_ATTRIBUTES and sum(1 for _ in _ATTRIBUTE.finditer(text)) > MOST_ATTRIBUTES


_NEVER_WORDS = frozenset({"script", "style", "template"})
"""Never text, whatever their attributes (``<script setup>``)."""


def _holds_words(tag: Tag) -> bool:
    """Whether there are words where attributes should be: ``<b and c>``."""
    rest = tag.text[1 + len(tag.written) : -1]
    if not rest or rest.isspace() or tag.name in _NEVER_WORDS:
        return False
    first = _FIRST.match(rest)
    if first is None:
        return bool(rest.strip().strip("/"))
    name = first[1].lower()
    return not (first[2] or name in _WITHOUT_VALUE or any(sign in name for sign in "-:@{"))


def _pair(tags: Iterable[Tag]) -> None:
    """Finds the end tag of each tag. A tag ending in a slash counts as open if an end tag has no other partner."""
    opened: dict[str, list[Tag]] = defaultdict(list)
    whole: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        if tag.is_end:
            partner = opened[tag.name].pop() if opened[tag.name] else None
            if partner is None and whole[tag.name]:
                partner = whole[tag.name].pop()
                partner.is_whole = False
                partner.text = partner.text[:-2].rstrip() + ">"
            if partner is not None:
                partner.closes = tag.closes = True
        elif tag.name not in _VOID:
            (whole if tag.is_whole else opened)[tag.name].append(tag)


def _settle(tag: Tag, said: dict[str, Counter[str]]) -> None:
    if not tag.exists:
        is_component = _QUOTED_VALUE.search(tag.text) is not None or (tag.is_whole and ":" not in tag.name)
        shown = not tag.closes and (tag.is_end or not is_component)
        if shown:
            tag.become_words()
        else:
            tag.text = ""
        if not tag.is_end or shown:
            said["shown" if shown else "unwrapped"][tag.written if not tag.is_end else f"/{tag.written}"] += 1
    elif tag.is_end or tag.closes or tag.name in _VOID:
        return
    elif tag.is_whole or _is_anchor(tag):
        tag.become_empty()
    elif tag.name in _INLINE:
        ends = "=" in tag.text and _has_own_attributes(tag)
        said["ended" if ends else "open"][tag.written] += 1
        if not ends:
            tag.become_words()


def _has_own_attributes(tag: Tag) -> bool:
    """Whether all the attributes are ones that inline elements have; otherwise they are words."""
    rest = tag.text[1 + len(tag.written) : -1]
    names = (found[0].partition("=")[0].strip().lower() for found in _ATTRIBUTE.finditer(rest))
    return all(name in _OF_INLINE or name.startswith("on") or any(sign in name for sign in "-:@") for name in names)


def _is_anchor(tag: Tag) -> bool:
    """Whether it names a place without linking anywhere, as old pages do without an end tag: ``<a name="top">``."""
    return tag.name == "a" and _NAMES_A_PLACE.search(tag.text) is not None and not _LEADS_SOMEWHERE.search(tag.text)


def _end_with_blocks(tags: Sequence[Tag]) -> None:
    """Closes unclosed elements before the next block tag; a browser would continue them in all blocks that follow."""
    ends: list[str] = []
    block: Tag | None = None
    for tag in reversed(tags):
        if tag.foreign or not tag.exists:
            continue
        if tag.name not in _INLINE and tag.name not in _VOID:
            if block is not None:
                block.text = "".join(ends) + block.text
            block, ends = tag, []
        elif tag.name in _INLINE and not (tag.closes or tag.is_end or tag.is_whole):
            ends += [f"</{tag.name}>"] * tag.text.startswith("<")
    if block is not None:
        block.text = "".join(ends) + block.text


def _thin_out(tags: Sequence[Tag]) -> None:
    """Drops tags that would open too many elements at once: an HTML parser needs time for each tag and open element."""
    most = max(3, min(_DEEPEST, _MOST_COPIES // (len(tags) + 1)))
    opened: Counter[str] = Counter()
    depth = formatting = 0
    for tag in tags:
        name = tag.name
        if (
            name in _VOID
            or name in _ENDED_BY_OTHERS
            or not tag.text.startswith("<")
            or (tag.is_whole and not tag.is_end)
        ):
            continue
        step = 1
        if tag.is_end:
            if not opened[name]:
                continue
            step = -1
        elif depth >= _DEEPEST or (name in _FORMATTING and formatting >= most):
            tag.text = ""
            continue
        opened[name] += step
        depth += step
        formatting += step * (name in _FORMATTING)
