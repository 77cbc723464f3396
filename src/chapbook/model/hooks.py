"""The code that a build renders with, as a value: constructs, dialects, shortcodes and drawn covers.

Code is named as ``module:name``, like an entry point. So the value can be sent to other processes and be part of the
cache keys, and a build imports only the code it needs.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

from msgspec import Struct

__all__ = ["HOOKS", "Construct", "Hooks", "OwnCode", "has_any", "load"]


class OwnCode(Struct, frozen=True, kw_only=True, eq=False):
    """The user's own code, which other processes can't find by name."""

    call: Any
    name: str
    version: str = ""
    """The version under which results are cached; if empty, they aren't."""

    def __call__(self, *given: Any) -> Any:  # noqa: ANN401 - as the code has it
        return self.call(*given)


class Construct(Struct, frozen=True, kw_only=True):
    """Something that chapbook reads in a chapter or does to each chapter, at one of three stages."""

    place: Literal["text", "dialect", "tree"]
    """``text``: before the dialect, never in code: takes a `SourceText`, returns a new text and diagnostics.
    ``dialect``: an extension of Python-Markdown. ``tree``: a pass, which changes a `Page`.
    """
    code: str | OwnCode
    dialects: tuple[str, ...] = ()
    """The dialects that need it; empty: all."""
    html: bool | None = None
    """Whether it also runs for chapters of HTML; by default, one of the tree does and one of the text doesn't."""
    signs: tuple[str, ...] = ()
    """A text construct runs only if the text has one of these signs; empty: always."""
    syntax: tuple[str, ...] = ()
    """The tools whose syntax turns it on (the key ``syntax``); empty: always on."""
    targets: tuple[str, ...] = ()
    """The targets (model/targets.py) for which it works; none: all of them."""
    for_dialect: bool = False
    """Whether a text construct only helps the dialect: positions in messages refer to the text before it."""


class Hooks(Struct, frozen=True, kw_only=True):
    """The code that a build runs, by its stage."""

    constructs: tuple[Construct, ...]
    """In order; text constructs that only help the dialect come last among those of the text."""
    dialects: Mapping[str, str | OwnCode]
    """By name: each takes a text, the author's extensions and the syntax, and returns HTML."""
    shortcodes: str | Mapping[str, Any]
    """A mapping of names to functions that expand them."""
    covers: Mapping[str, str]
    """By theme: the function that draws the cover, from a `CoverBrief` to a picture."""
    plain_cover: str
    """The function that draws covers for other themes."""

    def at(
        self,
        place: Literal["text", "dialect", "tree"],
        dialect: str,
        syntax: tuple[str, ...] = (),
        target: str = "generic",
    ) -> tuple[Construct, ...]:
        """The constructs that work there, that the dialect needs, and that are on with this `syntax` and `target`."""
        return _constructs_at(self.constructs, place, dialect, syntax, target)

    def __reduce__(self) -> Any:  # noqa: ANN401 - as object has it
        """Sends chapbook's own hooks to other processes by name only, because they go with each chapter."""
        return "HOOKS" if self is HOOKS else super().__reduce__()

    def load_all(self, dialect: str) -> None:
        """Imports the code that all chapters of the `dialect` need, so that forked processes have it."""
        load(self.dialects[dialect])
        for each in self.constructs:
            if not each.signs and not each.syntax and not each.targets and _is_for(each, dialect):
                load(each.code)

    def codes(self) -> tuple[str | OwnCode, ...]:
        """All the code, each as ``module:name`` or as it was given."""
        constructs = (each.code for each in self.constructs)
        shortcodes = (self.shortcodes,) if isinstance(self.shortcodes, str) else self.shortcodes.values()
        of_user = (each for each in shortcodes if isinstance(each, str | OwnCode))
        return (*constructs, *self.dialects.values(), *of_user, *self.covers.values(), self.plain_cover)

    def is_own(self) -> bool:
        """Whether all the code is chapbook's own, whose version the cache knows."""
        return all(isinstance(code, str) and code.startswith("chapbook.") for code in self.codes())

    def versions(self) -> tuple[str, ...] | None:
        """The names and versions of code that isn't chapbook's; ``None`` if some of it has no version."""
        if self is HOOKS:  # asked for each chapter
            return ()
        found = []
        for code in self.codes():
            if isinstance(code, str) and code.startswith("chapbook."):
                continue
            if isinstance(code, str) or not code.version:
                return None
            found.append(f"{type(code).__name__} {code.name} {code.version}")
        return tuple(found)


def _is_for(construct: Construct, dialect: str) -> bool:
    if dialect == "html" and not (construct.place == "tree" if construct.html is None else construct.html):
        return False
    return not construct.dialects or dialect in construct.dialects


@lru_cache(maxsize=64)
def _constructs_at(
    constructs: tuple[Construct, ...], place: str, dialect: str, syntax: tuple[str, ...], target: str
) -> tuple[Construct, ...]:
    """See `Hooks.at`. (Cached, because each chapter asks the same.)"""
    return tuple(
        each
        for each in constructs
        if each.place == place
        and _is_for(each, dialect)
        and (not each.syntax or not set(each.syntax).isdisjoint(syntax))
        and (not each.targets or target in each.targets)
    )


def has_any(text: str, signs: tuple[str, ...]) -> bool:
    """Whether `text` contains any of `signs`. Usually it doesn't; single characters are found ten times as fast."""
    return any(sign[0] in text and sign in text for sign in signs)


def load(code: str | OwnCode | Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever is there
    """Imports ``module:name``; returns code that was given directly."""
    if not isinstance(code, str):
        return code
    module, _, name = code.partition(":")
    # Asked for each pass of each chapter. A module that another thread is importing may not have the name yet.
    found = getattr(sys.modules.get(module), name, None)
    return getattr(import_module(module), name) if found is None else found


_OF_MARKDOWN = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "passes.block_signs:label_alerts passes.block_signs:mark_scene_breaks passes.footnotes:read_inline_notes "
        "passes.footnotes:place_notes passes.mathematics:set_mathematics passes.bare_addresses:link_addresses "
        "passes.unread_syntax:name_lists passes.unread_syntax:name_references passes.unread_syntax:name_foreign "
        "passes.line_ends:join_lines passes.contents:place_contents passes.verse:set_verse passes.verse:place_drop_caps"
    ).split()
)
"""Passes on text that Markdown writes; they skip chapters of HTML."""
_SYNTAX_OF_PASSES = {"passes.cross_references:number_references": ("pandoc", "quarto")}
_TARGETS_OF_PASSES = {
    "passes.kindle:check_pictures": ("kindle",),
    "passes.narrow_tables:fit_tables": ("generic", "kobo", "apple", "google"),
    "passes.kindle:check_tables": ("kindle",),
    "passes.kindle:write_scene_breaks": ("kindle",),
    "passes.kindle:draw_drawings": ("kindle",),
    "passes.formula_pictures:show_formulas": ("kindle",),
}

HOOKS = Hooks(
    constructs=(
        Construct(place="text", code="chapbook.source.characters:check_text", html=True),
        Construct(place="text", code="chapbook.source.foreign_syntax:read_contents", signs=("{:toc", "{: toc")),
        *(
            Construct(place="text", code=f"chapbook.source.{code}", syntax=syntax, signs=signs)
            for code, syntax, signs in (
                ("pandoc:read_chunks", ("quarto",), ("```", "~~~", "(PART", "(APPENDIX")),
                ("pandoc:read_raw", ("pandoc", "quarto"), ("{=",)),
                ("tool_syntax:read_admonitions", ("mkdocs",), ("!!!", "???", "===")),
                ("liquid:read_gitbook", ("gitbook",), ("{%",)),
                ("liquid:read_jekyll", ("jekyll",), ("{%", "{{", "{:")),
                ("tool_syntax:read_mdx", ("docusaurus",), ("import", "export", "{/*", "<")),
                ("pandoc:read_divisions", ("pandoc", "quarto", "docusaurus"), (":::",)),
                ("pandoc_tables:read_tables", ("pandoc", "quarto"), ("--", "+-", "+=")),
                ("pandoc:read_verse", ("pandoc", "quarto"), ("| ",)),
                ("tool_syntax:read_obsidian", ("obsidian",), ("[[", "%%", " ^", "\n^")),
                ("tool_syntax:read_marks", ("obsidian", "mkdocs"), ("==", "^^")),
                ("tool_syntax:read_keys", ("mkdocs",), ("++", ":")),
                ("pandoc:read_marks_of_pandoc", ("pandoc", "quarto"), ("~", "^", "(@", "#.")),
                ("tool_syntax:read_mdbook", ("mdbook",), ("{{#", "```", "~~~")),
            )
        ),
        Construct(place="text", code="chapbook.source.hugo:expand_shortcodes", signs=("{{", "{%")),
        *(
            Construct(place="text", code=f"chapbook.source.{code}", signs=signs, dialects=dialects, for_dialect=True)
            for code, signs, dialects in (
                ("mended_text:settle_comments", ("<!--",), ()),
                ("mended_text:settle_indentation", ("<",), ("commonmark",)),
                ("foreign_syntax:read_fences", ("```", "~~~"), ()),
                ("foreign_syntax:read_inline_notes", ("^[",), ()),
                ("foreign_syntax:read_spans", ("]{",), ()),
                ("foreign_syntax:read_page_breaks", ("\\newpage", "\\pagebreak", "\\clearpage", "pagebreak"), ()),
                ("foreign_syntax:read_picture_addresses", ("![",), ()),
                ("foreign_syntax:read_tex_brackets", ("\\(", "\\["), ()),
                ("mended_text:mend_rows", ("|",), ()),
            )
        ),
        Construct(place="dialect", code="chapbook.dialects.added_syntax:ChapbookSyntax", dialects=("markdown",)),
        *(
            Construct(
                place="tree",
                code=f"chapbook.{code}",
                dialects=("html",) if code == "passes.sections:take_section" else (),
                html=code not in _OF_MARKDOWN,
                syntax=_SYNTAX_OF_PASSES.get(code, ()),
                targets=_TARGETS_OF_PASSES.get(code, ()),
            )
            for code in (
                "markup.cleaning:clean_markup",
                "passes.sections:take_section",
                "passes.verse:set_verse",
                "passes.block_signs:label_alerts",
                "passes.headings:take_title",
                "passes.footnotes:read_inline_notes",
                "passes.footnotes:place_notes",
                "passes.block_signs:mark_tasks",
                "passes.block_signs:mark_scene_breaks",
                "passes.mathematics:set_mathematics",
                "passes.code:highlight_code",
                "passes.kindle:check_pictures",
                "passes.figures:place_images",
                "passes.picture_places:place_pictures",
                "passes.tables:shape_tables",
                "passes.headings:shape_headings",
                "passes.bare_addresses:link_addresses",
                "passes.cross_references:number_references",
                "passes.links:rewrite_links",
                "passes.unread_syntax:name_lists",
                "passes.unread_syntax:name_references",
                "passes.unread_syntax:name_foreign",
                "passes.line_ends:join_lines",
                "passes.typography:set_punctuation",
                "passes.verse:place_drop_caps",
                "passes.ids:make_unique",
                "passes.headings:note_headings",
                "passes.contents:place_contents",
                "passes.contents:place_page_breaks",
                "passes.typography:break_long_words",
                "passes.long_words:break_addresses",
                "passes.formula_widths:fit_formulas",
                "passes.narrow_tables:fit_tables",
                "passes.kindle:check_tables",
                "passes.kindle:write_scene_breaks",
                "passes.kindle:draw_drawings",
                "passes.formula_pictures:show_formulas",
            )
        ),
    ),
    dialects={
        "markdown": "chapbook.dialects.python_markdown:render_python_markdown",
        "commonmark": "chapbook.dialects.commonmark:render_commonmark",
        "html": "chapbook.dialects.html:render_html",
    },
    shortcodes="chapbook.source.shortcodes:SHORTCODES",
    covers={
        theme: f"chapbook.covers.{theme}:{theme}" for theme in ("classic", "modern", "academic", "minimal", "verse")
    },
    plain_cover="chapbook.covers.paper:patterned_paper",
)
"""What chapbook renders with by default. Given a tree that is valid in EPUB, each pass leaves one."""
