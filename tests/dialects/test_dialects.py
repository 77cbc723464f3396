"""The two dialects: one form, whatever the syntax; extensions that a book may and may not name."""

from __future__ import annotations

import sys
import threading
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest
from markdown.extensions import Extension

from chapbook.dialects import check_extensions, render_markdown
from chapbook.dialects.commonmark import is_money
from chapbook.model.diagnostics import Position
from chapbook.model.settings import DialectName, ExtensionSpec
from support.counting import assert_linear
from support.pages import DIALECTS, read

both = pytest.mark.parametrize("dialect", DIALECTS)


def html(text: str, dialect: DialectName = "markdown", *specs: ExtensionSpec) -> str:
    return render_markdown(text, dialect, specs)


def words(text: str, dialect: DialectName) -> str:
    return " ".join("".join(read(text, dialect).body.itertext()).split())


@both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2. a\n3. b", '<ol start="2">'),
        ("~~gone~~", "<del>gone</del>"),
        ("$x_1$", '<span class="math math-inline">x_1</span>'),
        ("$$\na * b * c\n$$", '<span class="math math-display">\na * b * c\n</span>'),
        ("`$a$ ~~b~~`", "<code>$a$ ~~b~~</code>"),
        ("```py\n$a$\n```", '<pre><code class="language-py">$a$\n</code></pre>'),
        ("- item\n\n    ```py\n    $a$\n    ```", '<pre><code class="language-py">$a$\n</code></pre>'),
        ("```rust,ignore\nfn <main>\n```", '">fn &lt;main&gt;\n</code></pre>'),
        ("```go {linenos=table}\na\n```", '">a\n</code></pre>'),
        ('~~~ js title="a b"\na\n~~~', '<pre><code class="language-js">a\n</code></pre>'),
        ("- item\n\n    ```sh,x\n    a\n    ```", '">a\n</code></pre>'),
        ("```a b``` c", "<code>a b</code> c"),
        ("> a\n>\n> ```rust\n> # fn\n>\n>     x\n> ```\n> b", "# fn\n\n    x\n</code></pre>\n<p>b</p>"),
        (">> ~~~\n>> a\n>> ~~~\n\nb", "<pre><code>a\n</code></pre>\n</blockquote>\n</blockquote>\n<p>b"),
        ("````md\n> ```\n> a\n> ```\n````", "&gt; ```\n&gt; a\n&gt; ```\n</code>"),
        ("# Set {1, 2}", "Set {1, 2}</h1>"),
        ("Words\n{in braces}", "Words\n{in braces}</p>"),
        ("*a*{b} and {% if x == 1 %}\n{% endif %}", "<em>a</em>{b} and {% if x == 1 %}\n{% endif %}</p>"),
        (r'[a](b.md "c\"d")', 'title="c&quot;d"'),
        ("*$HOME/bin*. It is in your `$PATH`.", "<em>$HOME/bin</em>. It is in your <code>$PATH</code>."),
        ("$a `$b` $c `$d` $x^2$", '$a <code>$b</code> $c <code>$d</code> <span class="math math-inline">x^2</span>'),
        ("# Title {#own}", '<h1 id="own">'),
        ("[^a]\n\n[^a]: x", '<sup class="footnote-reference"><a href="#a">1</a></sup>'),
        ("[^a]\n\n[^a]: x", '<div class="footnote-definition" id="a"><sup class="footnote-definition-label">1</sup>'),
        ("[^B c]\n\n[^b c]: x", '<a href="#b c">1</a></sup>'),
        ("| a |\n|:-:|\n| b |", "text-align: center"),
        ("- [x] done", 'type="checkbox"'),
    ],
)
def test_the_form_is_common(dialect: DialectName, text: str, expected: str) -> None:
    assert expected in html(text, dialect)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# T {.c #i}", '<h1 class="c" id="i">T</h1>'),
        ("a\n{: .c }", '<p class="c">a</p>'),
        ("*a*{.b key='c d'}", '<em class="b" key="c d">a</em>'),
        ("# T {-}", ">T</h1>"),
    ],
)
def test_attribute_lists(text: str, expected: str) -> None:
    assert expected in html(text)


def test_fences_in_quotations_take_no_square() -> None:
    assert_linear(lambda size: html("> ```a\n" * size), 100, "markdown")


def test_grave_accents_of_tex_are_no_code() -> None:
    formulas = r"$\text{``q''}$ and $\text{``r''}$"
    assert html(formulas, "commonmark").count("math-inline") == 2


@both
def test_no_backslash_stays_before_a_quotation_mark(dialect: DialectName) -> None:
    assert words(r"""\"a\" and \'b\', `\"c`""", dialect) == r""""a" and 'b', \"c"""


@both
@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "['^CI$', '^HOME$'] and \"a$\" or \"b$\"",
        "from $20-$30 to US$5",
        "US$5 more and US$6 less",
        "it costs $5, not 5$",
        "\\$a\\$",
        '"promise."1 To this end',
        "a [^nowhere] note",
        "5 ~ 6 ~ 7",
    ],
)
def test_what_only_looks_like_syntax_is_text(dialect: DialectName, text: str) -> None:
    assert html(text, dialect).count("<") == 2
    assert words(text, dialect) == text.replace("\\", "")


@pytest.mark.parametrize(
    ("tex", "money"),
    [
        ("5 and ", True),
        ("20 to ", True),
        ("5, or 6", True),
        ("5x", False),
        ("2 + 2", False),
        ("5", False),
        ("x", False),
    ],
)
def test_money(tex: str, money: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_money(tex) is money


@both
def test_a_note_holds_paragraphs_lists_code_and_notes(dialect: DialectName) -> None:
    text = "A[^long].\n\n[^long]: First [^b].\n\n    Second.\n\n    - item\n\n        code\n\n[^b]: Other.\n\nAfter.\n"
    body = read(text, dialect).body
    notes = [each for each in body.iter("div") if each.get("class") == "footnote-definition"]
    assert [each.get("id") for each in notes] == ["long", "b"]
    assert notes[0].find("ul/li") is not None
    assert "Second." in "".join(notes[0].itertext())
    assert notes[0].find(".//a[@href='#b']") is not None
    assert "".join(body.itertext()).rstrip().endswith("After.")


@pytest.mark.parametrize("indent", ["  ", "   ", "    "])
def test_a_fence_in_a_list_is_code_however_it_is_indented(indent: str) -> None:
    made = html(f"- item\n\n{indent}```\n{indent}a  *b*\n{indent}  c\n{indent}```\n- next\n")
    assert "<pre><code>a  *b*\n  c\n</code></pre>" in made
    assert made.count("<li>") == 2


def test_a_fence_in_indented_code_is_shown() -> None:
    assert "```" in html("text\n\n    ```\n    a\n    ```\n")


def test_markdown_in_html_is_read_where_it_is_asked_for() -> None:
    assert "<em>a</em>" in html('<div markdown="1">\n*a*\n</div>')
    assert "*a*" in html("<div>\n*a*\n</div>")


def test_unclosed_elements_with_markdown_in_them_lose_no_text() -> None:
    assert "word" in html('<div markdown="1">\n' * 4 + "word")


def test_nothing_of_a_text_is_left_for_the_next() -> None:
    html("[^a]\n\n[^a]: x\n\n*[ABC]: long\n\n[r]: target")
    assert html("[^a] ABC [r]") == "<p>[^a] ABC [r]</p>"


def test_threads_render_by_themselves() -> None:
    results: dict[int, bool] = {}

    def work(number: int) -> None:
        text = f"[^{number}] *{number}*\n\n[^{number}]: note {number}"
        results[number] = len({html(text) for _ in range(20)}) == 1 and f"note {number}" in html(text)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(range(4), True)


class Shout(Extension):
    def extendMarkdown(self, md: object) -> None:  # noqa: N802 - Python-Markdown's name
        raise ValueError(md)


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (ExtensionSpec(extension="pymdownx.mark"), None),
        (ExtensionSpec(extension="markdown.extensions.admonition"), None),
        (ExtensionSpec(extension="nl2br"), None),
        (ExtensionSpec(extension="tables"), None),
        (ExtensionSpec(extension="toc", options={"permalink": True}), None),
        (ExtensionSpec(extension="pymdownx.snippets"), "extension-refused"),
        (ExtensionSpec(extension="pymdownx.b64"), "extension-refused"),
        (ExtensionSpec(extension="pymdownx.mark:os"), "extension-refused"),
        (ExtensionSpec(extension="antigravity"), "extension-refused"),
        (ExtensionSpec(extension="../mine"), "extension-refused"),
        (ExtensionSpec(extension="pymdownx.nowhere"), "extension-missing"),
        (ExtensionSpec(extension="nowhere_at_all", trusted=True), "extension-missing"),
        (ExtensionSpec(extension="pymdownx.util"), "extension-failed"),
        (ExtensionSpec(extension="pymdownx.mark", options={"nonsense": 1}), "extension-failed"),
        (ExtensionSpec(extension=Shout()), "extension-failed"),
        (ExtensionSpec(extension=7), "extension-failed"),
    ],
    ids=lambda value: str(value.extension).partition(" object")[0] if isinstance(value, ExtensionSpec) else str(value),
)
def test_extensions(spec: ExtensionSpec, code: str | None) -> None:
    place = Position(7, 3)
    found = check_extensions([spec], {"extensions[0]": place})
    assert [each.code for each in found] == ([] if code is None else [code])
    assert all((each.path, each.line, each.column) == ("book.yaml", 7, 3) for each in found)


class NoPyMdown(MetaPathFinder):
    """Python's search for modules where PyMdown Extensions are not installed."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:  # noqa: ARG002 - a finder's form
        if fullname == "pymdownx":
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("pymdownx.mark", "pip install 'chapbook[pymdown]', or remove it"),
        ("nowhere_at_all", "install its package where chapbook is installed, or remove it"),
    ],
)
def test_a_missing_extension_says_what_to_install(name: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [each for each in sys.modules if each.partition(".")[0] == "pymdownx"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(sys, "meta_path", [NoPyMdown(), *sys.meta_path])
    spec = ExtensionSpec(extension=name, trusted=True)
    (error,) = check_extensions([spec], {"extensions[0]": Position(7, 3)})
    assert (error.code, error.line, error.hint) == ("extension-missing", 7, hint)


def test_a_refused_extension_is_not_even_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evil_extension.py").write_text("raise SystemExit('run')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert [each.code for each in check_extensions([ExtensionSpec(extension="evil_extension")])] == [
        "extension-refused"
    ]
    assert "evil_extension" not in sys.modules


def test_options_reach_the_extension() -> None:
    spec = ExtensionSpec(extension="toc", options={"permalink": "LINK"})
    assert "LINK" in html("# a", "markdown", spec)
    assert "LINK" not in html("# a", "markdown", ExtensionSpec(extension="toc"))


def test_an_extension_may_be_an_object() -> None:
    from markdown.extensions.nl2br import Nl2BrExtension  # noqa: PLC0415 - of this test alone

    assert "<br" in html("a\nb", "markdown", ExtensionSpec(extension=Nl2BrExtension()))
