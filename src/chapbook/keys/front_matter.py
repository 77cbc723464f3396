"""Reads a chapter's file: front matter (YAML, TOML or JSON) and the Markdown text below it."""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.rows import OWN_KEY, extra_of, likely_key, note_unknown, read_keys
from chapbook.keys.table import CHAPTER_KEYS
from chapbook.keys.tree import Findings, MappingNode, Node, Pair, ScalarNode, SequenceNode, mapping_of
from chapbook.keys.yaml_tree import cut_by_comments, parse_yaml
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import Diagnostic, Edit, Position

__all__ = ["FrontMatter", "normal_lines", "parse_front_matter"]

_MOST = 1_048_576
"""Characters of a front matter block."""
_OPENING = re.compile(r"(---|\+\+\+)[ \t]*(?:\n|\Z)")
_YAML_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_TOML_CLOSING = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
_JSON_OPENING = re.compile(r'\{\s*(?:"|\})')
_JSON_CLOSING = re.compile(r"^\}[ \t]*$", re.MULTILINE)


class FrontMatter(Struct, frozen=True, kw_only=True):
    """What a chapter's file contains."""

    chapter: Chapter
    """Its `text` is the Markdown below the front matter, `first_line` the line in the file, and `positions` has each
    key under its main name (``accent`` for ``c``).
    """
    mapping: MappingNode | None = None
    """All keys as written; ``None`` if there are none."""
    source: str = ""
    """The whole file, its line ends made ``\\n``."""
    diagnostics: tuple[Diagnostic, ...] = ()


class _Block(Struct, frozen=True):
    """Front matter cut from a file: its tree, and where the text begins."""

    root: Node | None
    body: int
    """The index after the block."""
    diagnostics: tuple[Diagnostic, ...] = ()


def normal_lines(text: str) -> str:
    r"""`text` with ``\\n`` for each ``\\r\\n`` and ``\\r``, without a byte order mark."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff")


def parse_front_matter(text: str, path: str = "") -> FrontMatter:
    """Parses the Markdown file `text` as a chapter; `path` is its path in the folder.

    Front matter is YAML between ``---``, TOML between ``+++``, or a JSON object, and starts on the first line.
    Unreadable front matter gives diagnostics with the file's line numbers, and a chapter made from the rest.
    """
    text = normal_lines(text)
    block = _block(text)
    body = text[block.body :]
    ends_in_it = 0 < block.body == len(text) and not text.endswith("\n")
    first_line = text.count("\n", 0, block.body) + 1 + ends_in_it
    found = Findings(path=path, source=text, diagnostics=[each.in_file(path) for each in block.diagnostics])
    hint = "write 'key: value' lines; for a horizontal line, put an empty line above '---' or write '***'"
    mapping = mapping_of(block.root, found, "front-matter-invalid", "front matter", hint)
    values: dict[str, object] = {}
    if mapping is not None:
        values, unknown = read_keys(mapping, CHAPTER_KEYS, found)
        for each in unknown:
            _check_unknown(each.key, found)
        values["extra"] = extra_of(unknown, found)
    chapter = Chapter(text=body, path=path, first_line=first_line, positions=found.positions, **values)  # type: ignore[arg-type]  # the table's fields are the class's
    return FrontMatter(chapter=chapter, mapping=mapping, source=text, diagnostics=found.in_order())


def _check_unknown(key: ScalarNode, found: Findings) -> None:
    name = key.text.lower()
    if name not in _FOREIGN_KEYS and not name.startswith(OWN_KEY) and (meant := likely_key(name, CHAPTER_KEYS)):
        note_unknown(key, CHAPTER_KEYS, found, inside="", meant=meant)


def _block(text: str) -> _Block:
    if text.startswith("{"):
        return _json_block(text) if _JSON_OPENING.match(text) else _Block(None, 0)
    opening = _OPENING.match(text)
    if opening is None:
        return _late_block(text) if text[:1].isspace() else _plain_lines(text)
    return _fenced_block(text, opening)


def _fenced_block(text: str, opening: re.Match[str]) -> _Block:
    fence = opening[1]
    closing = (_YAML_CLOSING if fence == "---" else _TOML_CLOSING).search(text, opening.end())
    if closing is None:
        hint = f"end the block with a line '{fence}'"
        if fence == "---":
            hint += "; for a horizontal line, put an empty line above or write '***'"
        message = f"the front matter that begins with '{fence}' never closes"
        return _Block(None, 0, (Diagnostic.of("front-matter-unclosed", message, at=Position(1), hint=hint),))
    end = min(closing.end() + 1, len(text))
    if closing.start() - opening.end() > _MOST:
        return _Block(None, end, (_too_large(),))
    inner = text[opening.end() : closing.start()]
    if fence == "---":
        root, diagnostics = parse_yaml(inner, code="front-matter-invalid", first_line=2)
        return _Block(root, end, (*diagnostics, *cut_by_comments(inner, first_line=2)))
    from chapbook.keys.toml_json_tree import parse_toml  # noqa: PLC0415 - few books have TOML

    table, diagnostics = parse_toml(inner, first_line=2)
    return _Block(table, end, diagnostics)


def _late_block(text: str) -> _Block:
    """Front matter after empty lines; if it can't be read as front matter, it is text."""
    above = len(text) - len(text.lstrip(" \t\n"))
    above = text.rfind("\n", 0, above) + 1
    opening = _OPENING.match(text, above)
    if not above or opening is None:
        return _Block(None, 0)
    lines = text.count("\n", 0, above)
    found = _block(text[above:])
    if not isinstance(found.root, MappingNode) or found.diagnostics:
        return _Block(None, 0)
    note = Diagnostic.of(
        "front-matter-late",
        f"the front matter begins on line {lines + 1}, below empty lines",
        at=Position(lines + 1),
        hint="chapbook reads it, but other tools don't: delete the empty lines",
        fix=(Edit(Position(1), text[:above], ""),),
    )
    return _Block(_moved(found.root, lines), above + found.body, (note,))


def _moved(node: Node, lines: int) -> Node:
    """`node`, moved down by `lines` lines."""
    at = _below(node.at, lines)
    if isinstance(node, MappingNode):
        moved = ((replace(each.key, at=_below(each.key.at, lines)), _moved(each.value, lines)) for each in node)
        return MappingNode(tuple(Pair(key, value) for key, value in moved), at)
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_moved(each, lines) for each in node.items), at)
    return replace(node, at=at)


def _below(at: Position, lines: int) -> Position:
    return Position(at.line + lines, at.column)


_KEY_LINE = re.compile(r"([A-Za-z][A-Za-z0-9 _-]{0,30}):[ \t]+(\S[^\n]*)")
_KEYS_OF_LINES = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "affiliation author authors base-header-level category copyright css date email format keywords lang language "
        "modified save_as series slug status subtitle summary tags template title translation url"
    ).split()
)


def _plain_lines(text: str) -> _Block:
    """Metadata in the form of MultiMarkdown and Pelican: ``Title: …`` lines up to the first empty one."""
    first = _KEY_LINE.match(text)
    if first is None or first[1].lower() not in _KEYS_OF_LINES:
        return _Block(None, 0)
    end = text.find("\n\n")
    lines = text[: end if end >= 0 else len(text)].rstrip("\n").split("\n")
    pairs: dict[str, Pair] = {}
    name = ""
    for number, line in enumerate(lines, 1):
        found = _KEY_LINE.fullmatch(line)
        if found:
            name = found[1].lower()
            at = Position(number, found.start(2) + 1)
            pairs.setdefault(name, Pair(ScalarNode(name, Position(number, 1)), ScalarNode(found[2].strip(), at)))
        elif line[:1] in {" ", "\t"} and name:
            value = pairs[name].value
            if isinstance(value, ScalarNode):
                pairs[name] = Pair(pairs[name].key, replace(value, text=f"{value.text} {line.strip()}"))
        else:
            return _Block(None, 0)
    if "title" not in pairs and len(_KEYS_OF_LINES.intersection(pairs)) < 2:  # noqa: PLR2004 - one may be prose
        return _Block(None, 0)
    if "authors" in pairs:
        pairs["authors"] = _as_list(pairs["authors"])
    return _Block(MappingNode(tuple(pairs.values()), Position(1)), end + 2 if end >= 0 else len(text))


def _as_list(pair: Pair) -> Pair:
    names = re.split(r"[;,]", pair.value.text if isinstance(pair.value, ScalarNode) else "")
    items = tuple(ScalarNode(name.strip(), pair.value.at) for name in names if name.strip())
    return Pair(pair.key, SequenceNode(items, pair.value.at))


def _json_block(text: str) -> _Block:
    from chapbook.keys.toml_json_tree import parse_json  # noqa: PLC0415 - few books have JSON

    # Cut at the end of a line, so that no word or string is split.
    head = text if len(text) <= _MOST else text[: text.rfind("\n", 0, _MOST) + 1 or _MOST]
    root, end, diagnostics = parse_json(head)
    if root is None:
        closing = _JSON_CLOSING.search(text)
        closed = min(closing.end() + 1, len(text)) if closing else 0
        if len(head) < len(text) and "\n" not in head:
            return _Block(None, text.find("\n", len(head)) + 1 or len(text), (_too_large(),))
        if len(head) < len(text) and diagnostics[0].code == "front-matter-unclosed":
            return _Block(None, closed or len(text), (_too_large(),))
        return _Block(None, closed, diagnostics)
    line_end = text.find("\n", end)
    rest = text[end : line_end if line_end >= 0 else len(text)]
    if rest.strip(" \t;"):
        line = text.count("\n", 0, end)
        at = Position(line + 1, end - text.rfind("\n", 0, end))
        message = "there is text on the line where the JSON front matter ends"
        extra = Diagnostic.of("front-matter-invalid", message, at=at, hint="begin the text on the next line")
        return _Block(root, end, (*diagnostics, extra))
    return _Block(root, line_end + 1 if line_end >= 0 else len(text), diagnostics)


def _too_large() -> Diagnostic:
    message = f"the front matter is longer than {_MOST:,} characters"
    return Diagnostic.of("file-too-large", message, at=Position(1), hint="keep it to what the chapter needs")


_FOREIGN_KEYS = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        # Hugo and its common themes
        "audio bookcollapsesection bookcomments bookflatsection bookhidden bookhref booksearchexclude booktoc build "
        "cascade categories category comments cover data editpost excludesearch expirydate featured featured_image "
        "hasmath headless hideauthor hidemeta hidesummary highlight icon images iscjklanguage keywords kind lastmod "
        "layout license linktitle locale markup math mathjax katex menu menus mermaid module modified name navigation "
        "next noindex outputs params pin prev private publishdate related resources robots robotsnoindex searchhidden "
        "series share showbreadcrumbs showreadingtime showtoc sidebar sitemap sitemap_exclude summary tag tags target "
        "taxonomies thumbnail toc tocopen topic topics translationkey url videos disableshare disabletitle geekdocnav "
        "geekdochidden geekdocflatsection chapter alwaysopen collapsible hidden disabletoc pre post "
        # Jekyll, Just the Docs, GitHub Pages
        "date_modified excerpt excerpt_separator grand_parent has_children has_toc image last_modified "
        "last_modified_at nav_exclude nav_order nav_title parent permalink published redirect_from redirect_to "
        "render_with_liquid search_exclude toc_label toc_sticky header classes sticky tagline "
        # Pelican and Nikola
        "lang_ref link modified nocomments previewimage save_as status template translation wp-status "
        # mdBook, GitBook, HonKit, Docusaurus, MkDocs, VuePress, Zola, Eleventy, Obsidian, Hexo, Astro
        "collapsed cssclass cssclasses custom_edit_url created created_at date_created disablenunjucks draft_date "
        "editlink editlinks eleventycomputed eleventyexcludefromcollections eleventynavigation extra footer hero hide "
        "hide_table_of_contents hide_title id in_search_index insert_anchor_links lastupdated order page_template "
        "pagefind pagination_label pagination_next pagination_prev position publish render search sidebar_class_name "
        "sidebar_custom_props sidebar_label sidebar_position sidebardepth slug_override sort_by transparent unlisted "
        "updated updated_at uuid vsscript created_date paginate_by generate_feed "
        # pandoc, Quarto, R Markdown, Jupytext, and what people note for themselves
        "abstract author-meta author-title bibliography biblio-style citation citations classoption colorlinks csl "
        "documentclass editor editor_options execute fontsize format geometry header-includes indent institute "
        "jupyter jupytext kernelspec lang-ref link-citations linestretch lof lot mainfont nocite notes numbersections "
        "output papersize part reference-section-title site thanks toc-title toctitle titlepage version words "
        "wordcount word_count reading_time revision source sources style theme time title-meta title-prefix "
        "mainmatter contributors editors translator translators illustrator rating people places pov timeline "
        # keys of a whole book, in case a chapter has them
        "accessibility copyright cover-image css dialect direction epub-cover-image extensions fonts identifier isbn "
        "publisher publication_date rights smart subject subjects subtitle toc_depth toc-depth"
    ).split()
)
"""Keys, in lower case, that mean something to a site generator but not in a book; chapbook ignores them silently."""
