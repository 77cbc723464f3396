"""The root of a project of each tool: its pages in its order, and what its settings say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import Struct

from chapbook import Part
from chapbook.model.contents import Item
from chapbook.reading.folder import FolderContents, read_folder
from chapbook.reading.source import read_head

PAGE = "# A heading\n\nWords.\n"


class Example(Struct, frozen=True, kw_only=True):
    """A project, and what is read from it."""

    files: Mapping[str, str]
    tree: list[object]
    title: str = "T"
    authors: tuple[str, ...] = ()
    language: str = "en"
    syntax: tuple[str, ...] = ()
    order: str = ""
    link_prefix: tuple[str, ...] = ()


QUARTO = """project: {type: book}
lang: de
book:
  title: T
  author: [{name: Ann}, Bo]
  site-url: https://example.org/b/
  chapters:
    - index.qmd
    - part: "Part one"
      chapters: [a.qmd, {file: b.md, text: B}]
    - part: two.qmd
      chapters: [c.qmd, gone.qmd]
  appendices: [z.qmd]
"""
TOC = """format: jb-book
root: intro
parts:
  - caption: One
    chapters:
      - file: a
        title: The A
        sections: [{file: sub/b}]
      - url: https://example.org
"""
VITEPRESS = """import { defineConfig } from 'vitepress'
export default defineConfig({
  title: 'T', // the title
  lang: 'fr-FR',
  themeConfig: {
    nav: [{ text: 'Guide', link: '/guide/' }],
    sidebar: {
      '/guide/': [
        { text: "It's", items: [ { text: 'Start: here', link: '/guide/start' },
          { text:'B', link: '/guide/b.html' }, ] },
        /* a comment, with a ] */
        { text: 'Elsewhere', link: 'https://example.org' },
      ],
    },
  },
})
"""
EXAMPLES = {
    "quarto": Example(
        files={"_quarto.yml": QUARTO, "b.md": PAGE, **{f"{n}.qmd": PAGE for n in ("index", "a", "two", "c", "z", "x")}},
        tree=["index.qmd", ["Part one", "a.qmd", "b.md"], ["two.qmd", "c.qmd"], "z.qmd"],
        authors=("Ann", "Bo"),
        language="de",
        syntax=("quarto",),
        order="_quarto.yml",
        link_prefix=("https://example.org/b/",),
    ),
    "bookdown": Example(
        files={
            "_bookdown.yml": "book_filename: x\nrmd_files: [01-a.Rmd, index.Rmd, 02-b.Rmd]\n",
            "index.Rmd": "---\ntitle: T\nauthor: Ann\n---\n\n# Preface {-}\n",
            "01-a.Rmd": "# (PART) Part one {-}\n\n# A\n",
            "02-b.Rmd": "# B\n",
            "03-c.Rmd": "# C\n",
        },
        tree=["index.Rmd", ["Part one", "01-a.Rmd", "02-b.Rmd"]],
        authors=("Ann",),
        syntax=("quarto",),
        order="_bookdown.yml",
    ),
    "bookdown without a list": Example(
        files={
            "_bookdown.yml": "delete_merged_file: true\n",
            "b.Rmd": PAGE,
            "a.Rmd": PAGE,
            "index.Rmd": PAGE,
            "_x.Rmd": "",
        },
        tree=["index.Rmd", "a.Rmd", "b.Rmd"],
        title="In",
        syntax=("quarto",),
        order="_bookdown.yml",
    ),
    "jupyter book": Example(
        files={
            "_toc.yml": TOC,
            "_config.yml": "title: T\nauthor: Ann\nrepository: {url: https://github.com/a/b}\n",
            **dict.fromkeys(("intro.md", "a.md", "sub/b.md"), PAGE),
        },
        tree=["intro.md", ["One", ["a.md", "sub/b.md"]]],
        authors=("Ann",),
        order="_toc.yml",
        link_prefix=("https://github.com/a/b",),
    ),
    "leanpub": Example(
        files={
            "manuscript/Book.txt": "frontmatter:\nb.md\nmainmatter:\n# a comment\nsub/a.txt\n",
            **dict.fromkeys(("manuscript/b.md", "manuscript/sub/a.txt"), PAGE),
        },
        tree=["manuscript/b.md", "manuscript/sub/a.txt"],
        title="In",
        order="manuscript/Book.txt",
    ),
    "docusaurus": Example(
        files={
            "docusaurus.config.js": "module.exports = {\n  title: 'T',\n  url: 'https://example.org',\n"
            "  baseUrl: '/d/',\n};\n",
            "docs/z.md": f"---\nsidebar_position: 1\nsidebar_label: Zed\n---\n{PAGE}",
            "docs/a.mdx": f"---\nsidebar_position: 3\n---\n{PAGE}",
            "docs/g/_category_.json": '{"label": "The group", "position": 2}',
            "docs/g/x.md": PAGE,
            "blog/post.md": PAGE,
        },
        tree=["docs/z.md", ["The group", "docs/g/x.md"], "docs/a.mdx"],
        syntax=("docusaurus",),
        order="sidebar_position",
        link_prefix=("https://example.org/d/",),
    ),
    "docusaurus with a sidebar": Example(
        files={
            "docusaurus.config.ts": "const config = {title: 'T'};",
            "sidebars.js": "module.exports = {docs: ['b', {type: 'category', label: 'G', items: ['g/x']}]};",
            **dict.fromkeys(("docs/a.md", "docs/b.md", "docs/g/x.md"), PAGE),
        },
        tree=["docs/b.md", ["G", "docs/g/x.md"]],
        syntax=("docusaurus",),
        order="sidebars.js",
    ),
    "vitepress": Example(
        files={".vitepress/config.mts": VITEPRESS, **dict.fromkeys(("index.md", "guide/start.md", "guide/b.md"), PAGE)},
        tree=[["It's", "guide/start.md", "guide/b.md"]],
        language="fr-FR",
        syntax=("docusaurus",),
        order=".vitepress/config.mts",
    ),
    "jekyll": Example(
        files={
            "_config.yml": "title: T\ntheme: just-the-docs\nurl: https://example.org\n",
            "index.md": "---\ntitle: Home\nnav_order: 1\n---\n",
            "b.md": "---\ntitle: B\nnav_order: 2\nhas_children: true\n---\n",
            "c.md": "---\ntitle: C\nparent: B\nnav_order: 10\n---\n",
            "d.md": "---\ntitle: D\nparent: B\nnav_order: 9\n---\n",
            "e.md": "---\ntitle: E\nnav_exclude: true\n---\n",
        },
        tree=["index.md", ["b.md", "d.md", "c.md"]],
        syntax=("jekyll",),
        order="_config.yml",
        link_prefix=("https://example.org/",),
    ),
    "a site of Hugo in two languages": Example(
        files={
            "hugo.yaml": "title: X\ndefaultContentLanguage: fr\nlanguages:\n  en: {contentDir: content/en}\n"
            "  fr: {contentDir: content/fr, title: T}\n",
            **dict.fromkeys(("content/en/a.md", "content/fr/b.md", "content/fr/c.md"), PAGE),
        },
        tree=["content/fr/b.md", "content/fr/c.md"],
        language="fr",
        syntax=("hugo",),
    ),
    "a site of Hugo with mounts": Example(
        files={
            "hugo.toml": "title = 'T'\n[module]\n[[module.mounts]]\nsource = 'content/en'\ntarget = 'content'\n",
            **dict.fromkeys(("content/en/a.md", "content/de/b.md"), PAGE),
        },
        tree=["content/en/a.md"],
        syntax=("hugo",),
    ),
    "docusaurus beside its docs": Example(
        files={
            "website/docusaurus.config.js": "module.exports = {title: 'T'};",
            "website/sidebars.json": '{"docs": {"G": ["b", "a"]}}',
            **dict.fromkeys(("docs/a.md", "docs/b.md"), PAGE),
        },
        tree=[["G", "docs/b.md", "docs/a.md"]],
        syntax=("docusaurus",),
        order="website/sidebars.json",
    ),
    "gitbook": Example(
        files={
            ".gitbook.yaml": "root: ./pages\nstructure:\n  summary: toc.md\n",
            "pages/toc.md": "# Contents\n\n* [One](b.md)\n  * [Two](a.md)\n",
            **dict.fromkeys(("pages/a.md", "pages/b.md", "pages/c.md"), PAGE),
        },
        tree=[["pages/b.md", "pages/a.md"]],
        title="In",
        syntax=("gitbook",),
        order="pages/toc.md",
    ),
    "honkit": Example(
        files={
            "book.json": '{"title": "T", "author": "Ann", "language": "ja"}',
            "SUMMARY.md": "- [x](a.md)\n",
            "a.md": PAGE,
        },
        tree=["a.md"],
        authors=("Ann",),
        language="ja",
        syntax=("gitbook",),
        order="SUMMARY.md",
    ),
    "obsidian": Example(
        files={".obsidian/app.json": "{}", "b.md": PAGE, "a.md": PAGE},
        tree=["a.md", "b.md"],
        title="In",
        syntax=("obsidian",),
    ),
    "readme": Example(
        files={
            "README.md": "# [![b](x.svg)](y) The *great* [book](z)\n\n## Contents\n\n"
            "1. [One](c.md) – first\n2. [Two](b.md)\n   - [Three](a.md)\n- [Gone](gone.md)\n",
            "CONTRIBUTING.md": PAGE,
            **dict.fromkeys(("a.md", "b.md", "c.md", "d.md"), PAGE),
        },
        tree=[["Contents", "c.md", ["b.md", "a.md"]]],
        title="The great book",
        order="README.md",
    ),
    "a readme that lists few": Example(
        files={"README.md": "# T\n\n- [One](c.md)\n", **dict.fromkeys(("a.md", "b.md", "c.md", "d.md"), PAGE)},
        tree=["a.md", "b.md", "c.md", "d.md"],
    ),
}


def written(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def tree(items: tuple[Item, ...]) -> list[object]:
    made: list[object] = []
    for each in items:
        if isinstance(each, Part):
            opening = each.opening
            is_page = opening.path and not opening.path.endswith("/_index.md")
            made.append([opening.path if is_page else opening.title, *tree(each.contents)])
        else:
            made.append(each.path)
    return made


def said(read: FolderContents) -> str:
    return "; ".join(each.message for each in read.diagnostics if each.code == "navigation")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_project(name: str, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    read = read_folder(written(tmp_path / "in", example.files))
    assert tree(read.items) == example.tree
    assert (read.metadata.title, read.metadata.language) == (example.title, example.language)
    assert read_head(str(tmp_path / "in")).values["title"] == example.title
    assert tuple(each.name for each in read.metadata.authors) == example.authors
    assert (read.settings.syntax, read.settings.link_prefix) == (example.syntax, example.link_prefix)
    assert (f"the order comes from '{example.order}'" in said(read)) == bool(example.order)


def test_what_is_listed_and_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    read = read_folder(written(tmp_path, EXAMPLES["quarto"].files))
    assert [(each.code, each.line) for each in read.diagnostics if each.code == "navigation-missing"] == [
        ("navigation-missing", 12)
    ]
    assert "'_quarto.yml' doesn't list 'x.qmd'" in next(
        each.message for each in read.diagnostics if each.code == "left-out"
    )


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["b.md", "a.md"]),
        ("order: SUMMARY.md", ["b.md", "a.md"]),
        ("order: other.md", ["a.md", "c.md"]),
        ("order: weight", ["c.md", "a.md", "b.md"]),
        ("order: names", ["a.md", "b.md", "c.md"]),
    ],
)
def test_book_yaml_chooses_the_order(order: str, expected: list[str], tmp_path: Path) -> None:
    weight = "---\nweight: 1\n---\n" if order else ""
    files = {
        "SUMMARY.md": "- [B](b.md)\n- [A](a.md)\n",
        "other.md": "- [A](a.md)\n- [C](c.md)\n",
        "book.yaml": f"title: T\nlanguage: en\n{order}\n",
        "a.md": PAGE,
        "b.md": PAGE,
        "c.md": weight + PAGE,
    }
    read = read_folder(written(tmp_path, files))
    assert [each for each in tree(read.items) if each != "other.md"] == expected


def test_an_order_that_lists_nothing_is_named(tmp_path: Path) -> None:
    files = {"book.yaml": "title: T\nlanguage: en\norder: x.md\n", "x.md": "- [no](gone.md)\n", "a.md": PAGE}
    read = read_folder(written(tmp_path, files))
    assert [each.code for each in read.diagnostics] == ["navigation-missing"]


@pytest.mark.parametrize("hostile", ["{", "[" * 500, "a: &a [*a]", "\x00", "title: [", "sidebar: [{" * 300, "{[('"])
@pytest.mark.parametrize(
    "name",
    ["mkdocs.yml", "_quarto.yml", "_bookdown.yml", "_toc.yml", "_config.yml", "book.toml", "book.json", "Book.txt",
     "docusaurus.config.js", ".vitepress/config.ts", ".gitbook.yaml", "README.md"],
)  # fmt: skip
def test_damaged_settings_of_a_tool_stop_nothing(name: str, hostile: str, tmp_path: Path) -> None:
    read = read_folder(written(tmp_path, {name: hostile, "a.md": PAGE, "docs/b.md": PAGE}))
    assert {"a.md", "docs/b.md"} & set(
        str(tree(read.items)).replace("'", " ").replace("[", " ").replace("]", " ").replace(",", " ").split()
    )


def test_what_quarto_kept_of_a_page_is_taken(tmp_path: Path) -> None:
    files = {
        "_quarto.yml": "project: {type: book}\nbook: {title: T, chapters: [a.qmd, b.qmd, c.qmd]}\n",
        "a.qmd": "# A\n\n```{r}\n1\n```\n",
        "a.md": "# A\n\nKept.\n",
        "b.qmd": "# B\n",
        "_freeze/b/execute-results/html.json": '{"result": {"markdown": "# B\\n\\nFrozen.\\n"}}',
        "c.qmd": "# C\n\nSource.\n",
    }
    read = read_folder(written(tmp_path, files))
    texts = {each.path: each.text for each in read.items if not isinstance(each, Part)}
    assert [(path, text.split()[-1]) for path, text in texts.items()] == [
        ("a.qmd", "Kept."),
        ("b.qmd", "Frozen."),
        ("c.qmd", "Source."),
    ]
    assert not any(each.code == "left-out" for each in read.diagnostics)
