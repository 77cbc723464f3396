"""The syntax of other tools: each example of docs/tools/, what becomes of each construct, and what is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

from chapbook import Book, Report
from chapbook.model.settings import SYNTAXES
from support.counting import assert_linear
from support.gate import check_epub
from support.opened import XHTML, Opened

PAGES = {page.stem: page.read_text("utf-8") for page in sorted((Path(__file__).parents[1] / "docs/tools").glob("*.md"))}
DIALECTS = ("markdown", "commonmark")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>T</title><path d="M0 0h9v9z"/></svg>'
UNREAD = {"syntax-unread", "shortcode-unknown", "include-invalid"}


def made(
    folder: Path, text: str, syntax: str = "none", dialect: str = "markdown", more: Mapping[str, str] | None = None
) -> tuple[str, Report]:
    """The body of the chapter `text`, white space run together, and what is said of the book."""
    files = {
        "book.yaml": f"title: T\nauthor: A\nlanguage: en\nsyntax: {syntax}\ndialect: {dialect}\nsmart: false\n",
        "a.md": text,
    }
    for name, content in {**files, **(more or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    book = Book.from_folder(folder)
    report = book.write(folder / "book.epub")
    assert report.ok, report.diagnostics
    assert [each for each in check_epub(folder / "book.epub") if "in no table" not in each] == []
    opened = Opened(folder / "book.epub").tree("EPUB/text/a.xhtml")
    body = etree.tostring(next(opened.iter(f"{XHTML}section")), encoding="utf-8").decode()
    body = re.sub(r' xmlns(?::\w+)?="[^"]*"', "", body)
    return re.sub(r" (?=</p>)", "", re.sub(r"\s+", " ", body)), report


def codes(report: Report) -> list[str]:
    """Of the chapter itself."""
    return [each.code for each in report.diagnostics if each.path == "a.md"]


def examples() -> list[tuple[str, str]]:
    found = []
    for section in PAGES.values():
        syntax = re.search(r"`syntax: (\w+)`", section)
        blocks = re.findall(r"^(`{3,})markdown\n(.*?)^\1$", section, re.MULTILINE | re.DOTALL)
        found += [(syntax[1] if syntax else "hugo", text) for _, text in blocks]
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("syntax", "text"), examples(), ids=lambda value: value.split("\n")[0][:20])
def test_an_example_of_the_page(syntax: str, text: str, dialect: str, tmp_path: Path) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Pier</title><path d="M0 0h9"/></svg>'
    more = {"Tides.md": "# Tides\n\n## High water\n\nAt noon.\n", "pier.svg": picture}
    body, report = made(tmp_path, text.replace("pier.png", "pier.svg"), syntax, dialect, more)
    assert codes(report) == []
    for sign in (":::", "[[", "%%", "==", "!!!", "===", "++", "{%", "{{", "{:", "^^", "@tbl", "@fig", "(@", "+-", "| "):
        assert sign not in re.sub(r"<pre.*?</pre>", "", body), sign


def test_every_tool_has_a_page_that_names_its_syntax() -> None:
    named = {word for page in PAGES.values() for word in re.findall(r"`syntax: (\w+)`", page)}
    assert set(SYNTAXES) - {"github", "hugo"} == named
    assert (set(SYNTAXES) - {"github"}) | {"calibre", "vellum"} == set(PAGES)  # which have no syntax of their own


BOX = '<p class="alert-label"><strong>'
CONSTRUCTS = [
    (
        "obsidian",
        "[[b|words]] [[b#High Water]]",
        '<a href="b.xhtml">words</a> <a href="b.xhtml#high-water">b &gt; High Water</a>',
    ),
    ("obsidian", "a %%private%% b\n\n%%\nalso\n%%\n\nc", "<p>a b</p>"),
    ("obsidian", "Words. ^place\n\n[[#^place]]", '<a href="#block-place">'),
    ("obsidian", "![[b#High Water]]", "<p>At noon.<a"),
    ("obsidian", "![[b#^noon]]", "</header><p>At noon.</p>"),
    ("obsidian", "![[b#^below]]", "</header><p>At dusk.</p>"),
    ("obsidian", "> [!info]- Title\n> Words.", f"{BOX}Title</strong></p><p>Words.</p>"),
    ("pandoc", "::: {.center #x}\nWords.\n:::", '<div class="center" id="x"><p>Words.</p> </div>'),
    ("pandoc", ":::: warning\n::: {.a}\nIn.\n:::\n::::", f"{BOX}Warning</strong></p>"),
    ("pandoc", "H~2~O x^10^", "<p>H<sub>2</sub>O x<sup>10</sup></p>"),
    ("pandoc", "| One\n|   two\n| three", "<p>One<br/>"),
    ("pandoc", "`<b>x</b>`{=html} `\\x`{=latex}y", "<p><b>x</b> y</p>"),
    ("pandoc", "(@a) One.\n\nSee (@a).", "<p>See (1).</p>"),
    ("pandoc", "#. One\n#. Two", "<li>One</li> <li>Two</li>"),
    ("pandoc", "  A    B\n---- ----\n   1    2\n", '<th scope="col">A</th>'),
    ("quarto", "```{python}\n#| echo: true\nx = 1\n```", '<code class="language-python"><span class="n">x</span>'),
    ("quarto", "```{r}\n#| echo: false\nhidden\n```\n\nShown.", "</header><p>Shown.</p>"),
    ("quarto", "::: {.callout-note}\n## Mine\nWords.\n:::", f"{BOX}Note: Mine</strong></p><p>Words.</p>"),
    ("mkdocs", '!!! note "Mine"\n    Words.\n\n    - a\n    - b', f"{BOX}Note: Mine</strong></p><p>Words.</p> <ul>"),
    ("mkdocs", "??? bug\n    Words.", f"{BOX}Bug</strong></p><p>Words.</p>"),
    (
        "mkdocs",
        '=== "One"\n    a\n\n=== "Two"\n    b',
        '<div class="tab"><p class="title"><strong>One</strong></p><p>a</p>',
    ),
    ("mkdocs", "++ctrl+f5++", "<kbd>Ctrl</kbd>+<kbd>F5</kbd>"),
    ("mkdocs", '--8<-- "part.txt:2:3"', "<p>two three</p>"),
    ("mdbook", "{{#include part.txt:mid}}", "<p>three</p>"),
    ("mdbook", "```rust\n# hidden\nlet x = 1;\n```", '<code class="language-rust"><span class="kd">let</span>'),
    ("gitbook", '{% hint style="danger" %}\nWords.\n{% endhint %}', f"{BOX}Danger</strong></p><p>Words.</p>"),
    ("gitbook", '{% embed url="https://e.org/v" %}', '<a href="https://e.org/v">https://e.org/v</a>'),
    ("gitbook", '{% include "part.txt" %}', "<p>one two three four</p>"),
    ("jekyll", "{% highlight ruby %}\nx\n{% endhighlight %}", '<code class="language-ruby">'),
    ("jekyll", "{: .note }\nWords.\n\nMore.", f"{BOX}Note</strong></p><p>Words.</p> </aside><p>More.</p>"),
    ("jekyll", "[b]({% link b.md %}) [b]({{ site.baseurl }}/b/)", '<a href="b.xhtml">b</a> <a href="b.xhtml">b</a>'),
    ("docusaurus", ":::tip[Mine]\n\nWords.\n\n:::", f"{BOX}Tip: Mine</strong></p><p>Words.</p>"),
    ("docusaurus", "import A from './_part.mdx'\n\n<A />", "<p>A part.</p>"),
    (
        "docusaurus",
        '<Tabs>\n<TabItem value="x" label="One">\n\na\n\n</TabItem>\n</Tabs>',
        "<strong>One</strong></p><p>a</p>",
    ),
    ("hugo", '[b]({{< ref "b" >}})', '<a href="b.xhtml">b</a>'),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("syntax", "text", "expected"), CONSTRUCTS)
def test_a_construct(syntax: str, text: str, expected: str, dialect: str, tmp_path: Path) -> None:
    more = {
        "b.md": "# B\n\n## High Water\n\nAt noon. ^noon\n\nAt dusk.\n\n^below\n",
        "part.txt": "one\ntwo\n[ANCHOR: mid]\nthree\n[ANCHOR_END: mid]\nfour\n".replace("[ANCHOR", "ANCHOR").replace(
            "]", ""
        ),
        "_part.mdx": "A part.\n",
    }
    if syntax == "mkdocs":
        more["part.txt"] = "one\ntwo\nthree\nfour\n"
    body, report = made(tmp_path, text + "\n", syntax, dialect, more)
    assert expected in body
    assert "syntax-unread" not in codes(report) or "latex" in text


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("syntax", "text", "expected"), [each for each in CONSTRUCTS if each[0] != "hugo"])
def test_nothing_of_it_is_read_where_it_is_off(
    syntax: str, text: str, expected: str, dialect: str, tmp_path: Path
) -> None:
    always = text.startswith(("> [!", "# ("))
    body, report = made(tmp_path, text + "\n", "none", dialect, {"b.md": "# B\n"})
    assert (expected in body) is always or text.startswith(("(@", "#.", "  A", "{% embed", "[b]({%"))
    said = [
        each
        for each in report.diagnostics
        if each.path == "a.md" and each.code in {*UNREAD, "markup-unwrapped", "list-unread"}
    ]
    silent = ("Words. ^place", "> [!", "(@", "#.", "  A", "```rust", "::::")
    assert said or text.startswith(silent), "nothing is said of it"
    hints = [each.hint or "" for each in said if each.code == "syntax-unread"]
    shared = {"quarto", "obsidian", "pandoc", "jekyll"}
    assert syntax in shared or all(f"syntax: [{syntax}]" in hint for hint in hints)


def test_a_message_about_what_was_taken_in_names_its_file_and_line(tmp_path: Path) -> None:
    more = {"_part.md": "---\ntitle: x\n---\nOne.\n\n[gone](gone.md)\n"}
    _, report = made(tmp_path, "# A\n\n{{#include _part.md}}\n\n[also](gone2.md)\n", "mdbook", more=more)
    assert [(each.path, each.line) for each in report.diagnostics if each.code == "link-target-missing"] == [
        ("a.md", 5),
        ("_part.md", 6),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{#include gone.md}}", "isn't in the content folder"),
        ("{{#include ../a.md}}", "isn't in the content folder"),
        ("{{#include /etc/passwd}}", "isn't in the content folder"),
        ("{{#include a.md}}", "includes itself"),
        ("{{#include loop.md}}", "'loop.md' includes itself"),
        ("{{#include part.md:none}}", "has no part 'none'"),
        ("{{#include deep0.md}}", "more than 8 levels"),
        ("{{#include bomb0.md}}", "longer than 4,000,000 characters"),
    ],
)
def test_what_cannot_be_taken_in_is_named(text: str, words: str, tmp_path: Path) -> None:
    more = {
        "loop.md": "{{#include loop.md}}\n",
        "part.md": "x\n",
        **{f"deep{n}.md": f"{{{{#include deep{n + 1}.md}}}}\n" for n in range(12)},
    }
    if "bomb" in text:  # each is a chapter that takes seconds
        more |= {f"bomb{n}.md": f"{{{{#include bomb{n + 1}.md}}}}\n" * 30 for n in range(6)} | {"bomb6.md": "x" * 1000}
    _, report = made(tmp_path, f"Words.\n\n{text}\n", "mdbook", more=more)
    said = [each.message for each in report.diagnostics if each.code == "include-invalid"]
    assert said
    assert any(words in each for each in said)


def test_a_note_takes_in_its_own_parts_but_none_within_itself(tmp_path: Path) -> None:
    text = "# A\n\n![[a#Part]]\n\n## Part\n\nWords.\n\n## Other\n\n![[a#Other]]\n\n![[a]]\n"
    page, report = made(tmp_path, text, "obsidian")
    assert page.count("Words.") == 2
    assert [each.line for each in report.diagnostics if each.code == "include-invalid"] == [11, 13]


def test_obsidian_finds_by_name_what_a_markdown_link_names(tmp_path: Path) -> None:
    more = {"deep/down/other.md": "# Other\n\n## My Part\n\nWords.\n", "files/here.svg": SVG}
    text = "# A\n\n![words](here.svg#outline)\n\n[to it](Other.md#My%20Part)\n"
    page, report = made(tmp_path, text, "obsidian", more=more)
    assert "images/files/here" in page
    assert 'href="deep/down/other.xhtml#my-part"' in page
    assert not report.diagnostics
    _, report = made(tmp_path, text, "mdbook", more=more)
    assert {each.code for each in report.diagnostics} == {"image-missing", "link-target-missing"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[[module.mounts]]\n source = 'a'", 0),
        ("[[cascade]]\n[cascade.target]", 0),
        ("[['\\(', '\\)']]", 0),
        ("[[a]] and [[b]]", 1),
        ("[[a]]\nand more", 1),
    ],
)
def test_tables_of_toml_are_not_called_wikilinks(text: str, count: int, tmp_path: Path) -> None:
    _, report = made(tmp_path, f"Words.\n\n{text}\n", "")
    assert [each.code for each in report.diagnostics].count("syntax-unread") == count


def test_python_code_names_the_syntax() -> None:
    book = Book(title="T", syntax="mkdocs")
    assert book.syntax == ["mkdocs"]
    with pytest.raises(ValueError, match="syntax"):
        book.syntax = ["word"]


@pytest.mark.parametrize(
    "line",
    ["::: {{.a", "::: a\n", ":::\n", "!!! note\n    ", '=== "x"\n', "[[", "![[a|", "%%", "==a", "| a\n", "{% hint %}\n",
     "```{r}\n", "+--+\n| a |\n", "---- ----\n", "^[a", "[a]{.b", "{{#include", "++a", "~a", "^a^", "(@a)", "@fig-a ",
     "http://a.b(", "<Tabs>\n", "import a from 'b'\n", "{: .note }\nx\n\n", "`a`{=x}", "`{=", "{:", ": a\n"],
)  # fmt: skip
@pytest.mark.parametrize("dialect", DIALECTS)
def test_hostile_text_takes_no_square(line: str, dialect: str) -> None:
    from chapbook.markup.page import RenderSettings  # noqa: PLC0415 - this test alone
    from chapbook.model.contents import Chapter  # noqa: PLC0415 - as above
    from chapbook.model.hooks import HOOKS  # noqa: PLC0415 - as above
    from chapbook.rendering.document import _prepared  # noqa: PLC0415 - as above

    settings = RenderSettings(dialect=dialect, syntax=tuple(SYNTAXES))

    def work(size: int) -> None:
        _prepared(Chapter(text=line * size, path="a.md"), settings, HOOKS)

    assert_linear(work, 150)
