"""A table of other tools' constructs, by what they look like if chapbook doesn't read them."""

from __future__ import annotations

import re

from msgspec import Struct

__all__ = ["FOREIGN_SIGNS", "ForeignSign"]


class ForeignSign(Struct, frozen=True, kw_only=True):
    """A construct of another tool, recognised by its signs in the text."""

    name: str
    """In words, singular and plural: ``a wikilink``, ``wikilinks``."""
    names: str
    signs: tuple[str, ...]
    """Signs, one of which is in each text with the construct, and in few others."""
    written: str
    """The pattern, compiled if a chapter has one of the signs: few books have any."""
    is_seen: bool = True
    """Whether the unread signs are in the chapter's own text."""
    on_fence: bool = False
    """Whether it is on the line of a fence, which is code."""
    syntax: tuple[str, ...] = ()
    """The syntax that reads it; empty: none."""
    hint: str = ""
    named_by: tuple[str, ...] = ()
    """The syntax that reports its own unreadable cases."""

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.written, re.MULTILINE)


def _sign(
    name: str, names: str, signs: str, pattern: str, *syntax: str, hint: str = "", named_by: tuple[str, ...] = ()
) -> ForeignSign:
    """A row; `signs` are separated by white space, with ``_`` for a space and ``/`` for the start of a line."""
    return ForeignSign(
        name=name,
        names=names,
        signs=tuple(each.replace("_", " ").replace("/", "\n") for each in signs.split()),
        written=pattern,
        syntax=syntax,
        hint=hint,
        named_by=named_by,
        on_fence="{3,}" in pattern and "`" in pattern,
        is_seen="`" not in pattern,
    )


FOREIGN_SIGNS = (
    _sign("an embed", "embeds", "![[", r"!\[\[[^\[\]\n]+\]\]", "obsidian"),
    _sign(
        "a wikilink",
        "wikilinks",
        "[[",  # a line like it may be a TOML table inside a shortcode
        r"(?<!!)\[\[(?!_?(?:TOC|toc)_?\]\]|['\"]|[\w.-]+\]\][ \t]*\n[ \t]*(?:\[|[\w.-]+[ ]*=))[^\[\]\n]+\]\](?!\()",
        "obsidian",
    ),
    _sign("a remark", "remarks", "%%", r"%%(?=\S)(?:(?!%%)[^\n])+%%", "obsidian"),
    _sign(
        "a marked passage",
        "marked passages",
        "==",
        r"(?<![=\w])==(?![=\s])[^=\n]+(?<!\s)==(?![=\w])",
        "obsidian",
        "mkdocs",
    ),
    _sign("a division", "divisions", ":::", r"^[ ]*:{3,}[ \t]*[\w{\[][^\n]*$", "pandoc", "docusaurus"),
    _sign("an admonition", "admonitions", "!!!", r"^[ ]*!!![ ]?[a-z][^\n]*$", "mkdocs"),
    _sign("a folded block", "folded blocks", "???", r"^[ ]*\?\?\?\+?[ ]?[a-z][^\n]*$", "mkdocs"),
    _sign("a tab", "tabs", "===", r"^[ ]*===[!+]?[ ]+\"[^\n]*$", "mkdocs"),
    _sign("an include", "includes", "8<-", r"^[ ]*;?-{2,}8<-{2,}[^\n]*$", "mkdocs"),
    _sign("a row of keys", "rows of keys", "++", r"(?<![+\w{])\+\+[a-z0-9-]+(?:\+[a-z0-9-]+)*\+\+(?![+\w])", "mkdocs"),
    _sign(
        "an icon",
        "icons",
        ":material- :octicons- :fontawesome- :simple-",
        r"(?<![\w:]):(?:material|octicons|fontawesome|simple)-[a-z0-9-]+:",
        "mkdocs",
    ),
    _sign(
        "a citation",
        "citations",
        "@",
        r"\[(?:[^\[\]\n@]*\s)?-?@[A-Za-z][\w:.#$%&+?<>~/-]*[^\[\]\n]*\](?!\()",
        hint="chapbook doesn't format citations; write out what readers should see",
    ),
    _sign(
        "a cross reference",
        "cross references",
        "@",
        r"(?<![\w@\[])@(?:fig|tbl|sec|eq|lst|thm)-[\w-]+",
        "pandoc",
        "quarto",
        named_by=("pandoc", "quarto"),
    ),
    _sign(
        "a cross reference",
        "cross references",
        "@ref(",
        r"\\@ref\([\w:-]+\)",
        "quarto",
        named_by=("pandoc", "quarto"),
    ),
    _sign("a raw passage", "raw passages", "{=", r"`\{=[\w+-]+\}|^[ ]*(?:`{3,}|~{3,})[ ]*\{=", "pandoc"),
    _sign(
        "a line of verse",
        "lines of verse",
        "|_",
        r"^\|[ ](?![^\n]*\|[ \t]*$)[^\n]*\n\|[ ](?![^\n]*\|[ \t]*$)",
        "pandoc",
    ),
    _sign("a raised passage", "raised passages", "^", r"(?<=\w)\^(?![\s^\[])[\w.,+-]+\^(?!\^)", "pandoc"),
    _sign("a grid table", "grid tables", "+-", r"^[ ]{0,3}\+(?:[:=-]+\+)+[ ]*\n[ ]{0,3}\|", "pandoc"),
    _sign(
        "a chunk of code",
        "chunks of code",
        "{r {python {julia",
        r"^[ ]*(?:`{3,}|~{3,})[ ]*\{(?:r|python|julia)\b[^`\n]*$",
        "quarto",
    ),
    _sign("an import", "imports", "import_", r"^import[ ]+[^\n]+[ ]from[ ]+[\"'][^\n]*$", "docusaurus"),
    _sign("a list of attributes", "lists of attributes", "{:", r"^[ ]{0,3}\{:[ ]?[.#\w][^{}\n]*\}[ \t]*$", "jekyll"),
    _sign("a remark", "remarks", "{::", r"\{::comment\}", "jekyll"),
    _sign(
        "a role of MyST",
        "roles of MyST",
        "}`",
        r"(?<![\w`])\{[a-z][\w:-]*\}`[^`\n]+`",
        hint="write what it shows in Markdown",
    ),
    _sign(
        "a directive of MyST",
        "directives of MyST",
        "```{ :::{",
        r"^[ ]*(?:`{3,}|:{3,})\{(?!(?:r|python|julia|ojs|sql|bash)\b)[a-z][\w:-]*\}[^`\n]*$",
        hint="write what it shows in Markdown",
    ),
    _sign(
        "an expression",
        "expressions",
        "{{",
        r"(?<![\\{])\{\{(?![<%#{]|[ ]*&lt;)[^{}\n]+\}\}(?!\})",
        hint="write what it stands for",
    ),
    _sign(
        "an environment of TeX",
        "environments of TeX",
        "\\begin",
        r"(?<!\$\$\n)^[ ]*\\begin\{[a-z]+\*?\}",
        hint="if it is a formula, put '$$' before and after it",
    ),
    _sign("a name of a block", "names of blocks", "_^", r"(?<=\S) \^[A-Za-z0-9-]{2,}[ \t]*$", "obsidian"),
    _sign(
        "a field of Dataview",
        "fields of Dataview",
        "::_",
        r"^[A-Za-z][\w ]{0,30}::[ ]\S[^\n]*$",
        hint="write it as words",
    ),
    _sign(
        "an emoji by its name",
        "emoji by their names",
        ":",
        r"(?<![\w:/.`-]):(?!material-|octicons-|fontawesome-|simple-)[a-z][a-z0-9_+]{1,30}:(?![\w:/`])",
        hint="write the sign itself",
    ),
    _sign(
        "a role of reStructuredText",
        "roles of reStructuredText",
        ":`",
        r"(?<![\w:`]):[a-z][\w-]{0,30}:`[^`\n]+`",
        hint="write what it shows in Markdown",
    ),
    _sign(
        "an edit of CriticMarkup",
        "edits of CriticMarkup",
        "{++ {-- {~~ {>> {==",
        r"\{(?:\+\+|--|~~|>>|==)[^{}\n]+(?:\+\+|--|~~|<<|==)\}",
        hint="accept or reject the change",
    ),
    _sign(
        "an aside of Leanpub",
        "lines of asides of Leanpub",
        "A> B> D> E> I> Q> T> W> X>",
        r"^[ABDEIQTWX]>[ ]\S[^\n]*$",
        hint="write '> [!note]' above the words, and '> ' before each line",
    ),
    _sign(
        "a list of attributes of Leanpub",
        "lists of attributes of Leanpub",
        "{",
        r"^\{[a-z][\w-]*[:=][^{}\n]+\}[ \t]*$",
        hint="delete it",
    ),
    _sign("an embed of Zenn", "embeds of Zenn", "@[", r"^@\[[a-z]+\]\([^()\n]*\)[ \t]*$", hint="write a link"),
    _sign(
        "a directive of DocC",
        "directives of DocC",
        "@",
        r"^@[A-Z]\w+[ ]*(?:\([^()\n]*\)[ ]*)?\{[ \t]*$",
        hint="write what it shows in Markdown",
    ),
    _sign(
        "a reading of characters",
        "readings of characters",
        "｜ |",
        r"\{[^{}|\n\x00-\u2e7f]{1,20}\|[^{}\n]{1,40}\}|｜[^《》\n]{1,20}《[^《》\n]{1,40}》",
        hint="write '<ruby>漢字<rt>かんじ</rt></ruby>'",
    ),
    _sign("a caption of a table", "captions of tables", ":_", r"(?<=\|\n\n)(?:[Tt]able)?:[ ]\S[^\n]*$", "pandoc"),
)
