"""For each message about content, a small folder that causes it.

`chapbook explain` shows it, `make docs` prints it in the docs, and a test asks that it causes the message.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from msgspec import Struct

from chapbook.model.codes import CODES

__all__ = ["EXAMPLES", "WITHOUT", "Example"]


_SETTINGS = "title: T\nauthor: A\nlanguage: en\n"


@cache
def _files() -> Mapping[str, bytes]:
    """The files in each example's folder. (Cached, because it is constant.)"""
    from PIL import Image  # noqa: PLC0415 - see cli

    def picture(width: int, height: int) -> Image.Image:
        return Image.new("RGB", (width, height), "teal")

    def saved(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
        target = io.BytesIO()
        image.save(target, form, **options)
        return target.getvalue()

    moving = {"save_all": True, "append_images": [Image.new("RGB", (8, 8), "white")], "lossless": True}
    return MappingProxyType(
        {
            "book.yaml": _SETTINGS.encode(),
            "a.md": b"Words.\n",
            "p.png": saved(picture(8, 8)),
            "bad.png": b"no picture",
            "moving.webp": saved(picture(8, 8), "WEBP", **moving),
            "small.png": saved(picture(200, 300)),
            "wide.png": saved(picture(2600, 1600)),
            "notes.txt": b"x",
        }
    )


_LONGEST = 70


class Example(Struct, frozen=True, kw_only=True):
    """The file that matters and its content; ``book.yaml`` already has a title, author and language."""

    text: str
    file: str = "a.md"
    more: Mapping[str, str] | None = None
    """Further files."""
    whole: bool = False
    """Whether `text` is the whole of ``book.yaml``."""

    def shown(self) -> str:
        """The text on one line, shortened, line breaks as ``⏎``; after the file's name unless that is ``a.md``."""
        text = self.text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").strip()
        text = text.replace("\n", "⏎").replace("\a", "␇")
        short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        return short if self.file == "a.md" else f"{self.file}: {short}"

    def files(self) -> dict[str, bytes]:
        """All files of the folder."""
        before = _SETTINGS if self.file == "book.yaml" and not self.whole else ""
        more = {name: text.encode() for name, text in (self.more or {}).items()}
        return {**_files(), **more, self.file: (before + self.text).encode("utf-8", "surrogateescape")}


def _front(line: str) -> Example:
    return Example(text=f"---\n{line}\n---\nWords.\n")


def _setting(line: str, **more: str) -> Example:
    return Example(text=f"{line}\n", file="book.yaml", more=more)


def _sheet(css: str) -> Example:
    return Example(text=css, file="x.css", more={"book.yaml": f"{_SETTINGS}css: x.css\n"})


EXAMPLES: Mapping[str, Example] = MappingProxyType(
    {
        "no-chapters": _front("draft: true"),
        "not-utf8": Example(text="caf\udce9\n"),
        "navigation": Example(text="- [A](a.md)\n", file="SUMMARY.md", more={"a.md": "Words.\n"}),
        "navigation-missing": Example(text="- [A](a.md)\n- [B](b.md)\n", file="SUMMARY.md", more={"a.md": "Words.\n"}),
        "left-out": Example(text="How to build it.\n", file="README.md"),
        "beside-bundle": Example(
            text="Words.\n", file="maps/more.md", more={"maps/index.md": "Maps.\n", "hugo.toml": ""}
        ),
        "include-invalid": Example(text="{{#include gone.md}}\n", more={"book.yaml": f"{_SETTINGS}syntax: mdbook\n"}),
        "draft": Example(text="---\ndraft: true\n---\n", file="b.md"),
        "front-matter-unclosed": Example(text="---\ntitle: A\n\nWords.\n"),
        "front-matter-invalid": _front("title: [A"),
        "settings-invalid": Example(text="- title\n", file="book.yaml", whole=True),
        "settings-doubled": Example(text="title: U\n", file="book.yml"),
        "too-deep": _front("title: " + "[" * 70 + "]" * 70),
        "key-doubled": _front("title: A\ntitle: B"),
        "key-unknown": _front("wieght: 2"),
        "value-type": _front("title: [A, B]"),
        "value-invalid": _setting("toc_depth: 9"),
        "weight-invalid": _front("weight: heavy"),
        "weight-equal": Example(text="---\nweight: 1\n---\n", file="b.md", more={"a.md": "---\nweight: 1\n---\n"}),
        "date-invalid": _front("date: 2024-02-30"),
        "language-invalid": Example(text="title: T\nlanguage: klingon\n", file="book.yaml", whole=True),
        "identifier-invalid": _setting("identifier: 978-3-16-148410-1"),
        "role-unknown": Example(
            text="title: T\nlanguage: en\nauthors: [{name: A, role: hero}]\n", file="book.yaml", whole=True
        ),
        "value-comment": _front("title: Letter #3"),
        "front-matter-late": Example(text="\n---\ntitle: A\n---\nWords.\n"),
        "files-unread": Example(text="Words.\n", file="b.qmd", more={"a.md": "Words.\n"}),
        "language-script": Example(text="Море было тихим, и ветер улёгся.\n"),
        "type-unknown": _front("type: rant"),
        "accent-invalid": _front("c: bluish"),
        "ignore-invalid": _setting("messages: {image-no-alt: }"),
        "ignore-unused": _setting("messages: {image-no-alt: drawn later}"),
        "title-missing": Example(text="language: en\n", file="book.yaml", whole=True),
        "language-missing": Example(text="title: T\n", file="book.yaml", whole=True),
        "setting-file-missing": _setting("cover: none.jpg"),
        "setting-unused": _setting("dialect: commonmark\nextensions: [markdown.extensions.toc]"),
        "theme-unknown": _setting("theme: clasic"),
        "theme-invalid": Example(
            text="description = [",
            file="own/theme.toml",
            more={"own/theme.css": "", "book.yaml": f"{_SETTINGS}theme: own\n"},
        ),
        "extension-missing": _setting("extensions: [pymdownx.none]"),
        "extension-refused": _setting("extensions: [os]"),
        "extension-failed": _setting("extensions: [{markdown.extensions.toc: {none: 1}}]"),
        "nesting-deep": Example(text="<div>" * 110 + "Words."),
        "encoding-damage": Example(text="It\u00e2\u20ac\u2122s late.\n"),
        "control-character": Example(text="A\x07 bell.\n"),
        "markup-removed": Example(text="<script>alert(1)</script> Words.\n"),
        "markup-unwrapped": Example(text="A <blinky>word</blinky>.\n"),
        "resource-remote": Example(text="![A map](https://example.org/map.png)\n"),
        "link-target-missing": Example(text="[there](nowhere.md)\n"),
        "link-fragment-missing": Example(text="[there](#nowhere)\n"),
        "link-left-out": Example(text="[there](b.md)\n", more={"b.md": "---\ndraft: true\n---\n"}),
        "link-not-document": Example(text="[there](notes.txt)\n"),
        "link-scheme": Example(text="[there](javascript:x)\n"),
        "link-invalid": Example(text="[there]()\n"),
        "link-no-text": Example(text="[](https://example.org/)\n"),
        "id-doubled": Example(text="## One {#x}\n\n## Two {#x}\n"),
        "note-missing": Example(text="Words.[^1]\n"),
        "note-unused": Example(text="Words.\n\n[^1]: A note.\n"),
        "diagram-code": Example(text="```mermaid\ngraph TD; A-->B\n```\n"),
        "code-not-run": Example(text="```{r}\n1 + 1\n```\n", more={"book.yaml": f"{_SETTINGS}syntax: quarto\n"}),
        "syntax-unread": Example(text="See [[Tides]].\n"),
        "list-unread": Example(text="In the year\n1986. A good year.\n"),
        "reference-doubled": Example(text="[a]\n\n[a]: b.md\n[a]: c.md\n", more={"b.md": "B.\n", "c.md": "C.\n"}),
        "reference-unused": Example(text="Words.\n\n[a]: https://example.org/\n"),
        "image-missing": Example(text="![A map](map.png)\n"),
        "image-damaged": Example(text="![A map](bad.png)\n"),
        "image-outside": Example(text="![A map](../map.png)\n"),
        "image-no-alt": Example(text="![](p.png)\n"),
        "image-still": Example(text="![A light](moving.webp)\n"),
        "table-cells": Example(text="| a |\n|---|\n| b | c |\n"),
        "table-too-wide": Example(text="<table><tr>" + "<td>1234567890</td>" * 5 + "</tr></table>\n"),
        "math-invalid": Example(text="$\\frac{1}$\n"),
        "shortcode-unknown": Example(text="{{< carousel >}}\n"),
        "shortcode-invalid": Example(text="{{< figure >}}\n"),
        "css-reference-missing": _sheet("p { background: url(none.png) }\n"),
        "css-reference-remote": _sheet('@import "https://example.org/x.css";\n'),
        "css-invalid": _sheet("p { color: red }}\n"),
        "css-not-supported": _sheet("p { position: fixed }\n"),
        "font-invalid": _setting("fonts: bad.png"),
        "cover-invalid": _setting("cover: bad.png"),
        "claim-doubtful": Example(
            text=f"{_SETTINGS}accessibility: {{conforms_to: WCAG 2.1 AA, certified_by: Ann}}\n",
            file="book.yaml",
            more={"a.md": "![](p.png)\n"},
            whole=True,
        ),
        "cover-small": _setting("cover: small.png"),
        "cover-shape": _setting("cover: wide.png"),
    }
)
"""By code."""

WITHOUT: Mapping[str, str] = MappingProxyType(
    {
        "css-file-missing": "a sheet given by `--css`",
        "source-missing": "a source that is not there",
        "file-unreadable": "rights, devices and the like",
        "file-changed": "a picture that is saved while the book is built",
        "file-outside": "a symbolic link",
        "too-many-files": "many thousands of files",
        **dict.fromkeys((code for code in CODES if code.startswith("epub")), "an EPUB"),
        "epubcheck-missing": "what is installed",
        **dict.fromkeys(("target-change", "target-doubtful"), "the option `--for`"),
        "render-time": "many seconds",
        "render-failed": "a fault in chapbook or an extension",
        **dict.fromkeys(("file-too-large", "unfolded", "memory-exceeded", "image-too-large"), "many megabytes"),
        "book-too-large": "many megabytes",
        "messages-left-out": "many thousands of messages",
        "build-time": "the option `--max-seconds`",
        "build-memory": "the option `--max-memory`",
        "setting-limited": "the option `--untrusted`",
        "font-licence": "a font",
        "cover-found": "a picture called `cover.jpg`",
        "cover-font-missing": "the fonts of the machine",
        "volume-listed": "a series of volumes",
        "volume-unknown": "a name given by `--only`",
        "omnibus-setting": "a series of volumes",
        "worker-lost": "a killed process",
        "worker-apart": "a cluster",
        "extra-missing": "what is installed",
        "cluster-unreachable": "a cluster",
        "output-unwritable": "the place of the output",
        "output-is-source": "the place of the output",
        "files-in-the-way": "the folder of a new book",
        "output-clash": "several books",
        "identifier-doubled": "several books",
        "series-place-doubled": "several books",
        "unexpected": "a fault in chapbook",
        "plugin-missing": "a name given by `--plugin`",
        "extension-said": "a pass of one's own",
    }
)
"""Codes that no small folder causes, with what does; they have tests of their own."""
