"""Hugo's shortcodes become Markdown; the lines keep their numbers."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.dialects import render_markdown
from chapbook.markup.page import RenderSettings
from chapbook.model.contents import Chapter
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.settings import DialectName
from chapbook.rendering.document import render_chapter
from chapbook.source import shortcode_syntax
from chapbook.source.hugo import expand_shortcodes
from chapbook.source.positions import SourceText
from support.counting import assert_linear

DIALECTS: tuple[DialectName, ...] = ("markdown", "commonmark")


def expand(text: str, dialect: DialectName = "markdown") -> tuple[str, tuple[Diagnostic, ...]]:
    expanded, diagnostics = expand_shortcodes(SourceText(text=text, dialect=dialect, path="a.md", first_line=5))
    assert expanded.count("\n") == text.count("\n")
    return expanded, diagnostics


SERVED = {
    '[t]({{< ref "b.md" >}})': "[t](ref:b.md)",
    '[t]({{<ref "b.md#y">}})': "[t](ref:b.md#y)",
    '[t]({{% relref "../two/b" %}} "title")': '[t](ref:../two/b "title")',
    '[t]({{< ref path="/two/a (b).md" lang="en" >}})': "[t](ref:/two/a%20%28b%29.md)",
    "[t]({{< ref b.md >}})": "[t](ref:b.md)",
    "[t]({{< relref `b.md` >}})": "[t](ref:b.md)",
    "[t]({{< ref “b.md” >}})": "[t](ref:b.md)",
    '<a href="{{< ref "b.md" >}}">t</a>': '<a href="ref:b.md">t</a>',
    '[r]: {{< ref "b.md" >}}': "[r]: ref:b.md",
    'see {{< ref "b_1.md" >}}': r"see [b\_1.md](ref:b_1.md)",
    '{{< figure src="x.png" >}}': '<figure><img src="x.png"/></figure>',
    '{{< figure src="x.png" alt="" >}}': '<figure><img src="x.png" alt=""/></figure>',
    r'{{< figure src="x.png" alt="a \"b\" <c>" >}}': (
        '<figure><img src="x.png" alt="a &quot;b&quot; &lt;c&gt;"/></figure>'
    ),
    '{{< figure src="x.png" caption="A *big* `c`, [l](b.md), 1 < 2" >}}': (
        '<figure><img src="x.png" alt="A big c, [l](b.md), 1 &lt; 2"/><figcaption>'
        'A <em>big</em> <code>c</code>, <a href="b.md">l</a>, 1 &lt; 2</figcaption></figure>'
    ),
    '{{< figure src=x.png alt=a title=T attr="By me" attrlink=http://a.b link=y.md class=wide width=9 >}}': (
        '<figure class="wide"><a href="y.md"><img src="x.png" alt="a" width="9"/></a><figcaption><strong>T</strong> '
        '<a href="http://a.b">By me</a></figcaption></figure>'
    ),
    'in line {{< figure src="x y.png" alt="[a]" caption="cap" >}} goes on': r"in line ![\[a\]](x%20y.png) cap goes on",
    "> {{< img src=x.png alt=a />}}": '> <figure><img src="x.png" alt="a"/></figure>',
    "{{< youtube abc-1 >}}": "<https://www.youtube.com/watch?v=abc-1>",
    '{{< youtube id="abc" title="A film" >}}': "[A film](https://www.youtube.com/watch?v=abc)",
    '{{< tweet user="me" id="12" >}}': "<https://x.com/me/status/12>",
    "{{< gist me 12 >}}": "<https://gist.github.com/me/12>",
    "{{</* figure src=x */>}}": "{{&lt; figure src=x &gt;}}",
    "{{%/* x */%}}": "{{% x %}}",
    "one {{< highlight go >}}x{{< /highlight >}} line": "one `x` line",
    '{{% details "More" %}}\nhid\n{{% /details %}}': "**More**  \nhid\n",
    "{{< notice warning >}}\na\n\n- b\n{{< /notice >}}\nc": "> [!WARNING]\n> a\n> \n> - b\n\nc",
    '{{% tip title="Do" %}}\na\n{{% /tip %}}': "> [!TIP] Do\n> a\n",
    "  {{< note >}}\n  a\n  {{< /note >}}": "  > [!NOTE]\n  > a\n  ",
    "a {{< note >}}b{{< /note >}} c": "a b c",
    "a{{% comment %}}b\nc{{% /comment %}}d": "a\nd",
    '{{< highlight go "linenos=table" >}}\nx ``` {{< y >}}\n{{< /highlight >}}': "````go\nx ``` {{< y >}}\n````",
    "x {{< highlight go >}}a\n<b>{{< /highlight >}}": 'x <pre><code class="language-go">a\n&lt;b&gt;</code></pre>',
}


@pytest.mark.parametrize(("text", "expected"), SERVED.items(), ids=SERVED)
def test_what_is_served(text: str, expected: str) -> None:
    assert expand(text) == (expected, ())


LITERAL = [
    "no shortcode {{ jinja }} {% tera %} {{- .Title -}} {{ x | y }} {{{ z }}}",
    "`{{< x >}}` and ``{{< y `z` >}}``",
    "```\n{{< x >}}\n```",
    "~~~~ go\n{{< x >}}\n~~~\n{{< y >}}\n~~~~",
    "- a\n\n  ```\n  {{< x >}}\n  ```",
    "> ```\n> {{< x >}}\n> ```",
    "    {{< x >}}",
    "text\n\n\t{{< x >}}\n\n    {{< y >}}",
    "<!-- {{< x >}} -->",
    "<pre>\n{{< x >}}\n</pre>",
    r"\{{< x >}}",
]


@pytest.mark.parametrize("text", LITERAL)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_stays(text: str, dialect: DialectName) -> None:
    assert expand(text, dialect) == (text, ())


def test_commented_shortcodes_in_code_are_shown_as_shortcodes() -> None:
    assert expand("`{{</* x */>}}`\n\n```\n{{%/* y */%}}\n```\n") == ("`{{< x >}}`\n\n```\n{{% y %}}\n```\n", ())


def test_unknown_shortcodes_are_named_and_their_text_stays() -> None:
    expanded, (first, second) = expand('one\n\nx {{< box a="b" >}}in *side*{{< /box >}} {{< bar />}} y\n')
    assert expanded == "one\n\nx in *side*  y\n"
    assert (first.code, first.path, first.line, first.column) == ("shortcode-unknown", "a.md", 7, 3)
    assert first.message == "unknown shortcode 'box'"
    assert (second.message, second.line, second.column) == ("unknown shortcode 'bar'", 7, 42)


@pytest.mark.parametrize(
    ("text", "expanded", "message"),
    [
        ("{{< ref >}}", "", "the shortcode 'ref' names no chapter"),
        ('{{< figure caption="the words" >}}', "the words", "the shortcode 'figure' names no picture"),
        ("a {{< x", "a {{< x", "the shortcode '{{< x' is malformed or never closes"),
        ('a {{< x "b >}} c', 'a {{< x "b >}} c', "the shortcode '{{< x \"b >}} c' is malformed or never closes"),
        ("a {{< x %}} c", "a {{< x %}} c", "the shortcode '{{< x %}} c' is malformed or never closes"),
        ("a {{< /x >}} b", "a  b", "the shortcode '/x' closes nothing"),
        ('{{< youtube "a b" >}}', "", "the shortcode 'youtube' doesn't say what it shows"),
    ],
)
def test_invalid_shortcodes(text: str, expanded: str, message: str) -> None:
    made, (warning,) = expand(text)
    assert (made, warning.code, warning.message) == (expanded, "shortcode-invalid", message)


@pytest.mark.parametrize("directive", ["{{#include ../x.rs:2:}}", "{{#playground x.rs}}", "{{#title A book}}"])
def test_mdbook_directives_stay_with_a_warning(directive: str) -> None:
    text = f"a\n\n{directive}\n\n```rust\n{directive}\n```\n\n`{directive}` \\{directive}\n"
    expanded, warnings = expand(text)
    assert expanded == text
    assert [(each.code, each.line) for each in warnings] == [("shortcode-unknown", 7), ("shortcode-unknown", 10)]


def test_other_braces_are_no_directives() -> None:
    assert expand("{{#if a}} {{/if}} {{#each b}}") == ("{{#if a}} {{/if}} {{#each b}}", ())


def test_parameters_on_several_lines() -> None:
    text = '{{< figure\n   src="x.png"\n   alt=`a\n"b"`\n>}}\nend\n'
    assert expand(text)[0] == '<figure><img src="x.png" alt="a &quot;b&quot;"/></figure>\n\n\n\n\nend\n'


def test_an_unclosed_fence_is_code_in_commonmark_alone() -> None:
    text = "```\n{{< note >}}"
    assert expand(text, "commonmark") == (text, ())
    assert [each.code for each in expand(text, "markdown")[1]] == ["shortcode-unknown"]


def test_lists_are_no_indented_code() -> None:
    assert expand("- a\n\n    {{< ref x.md >}}\n")[0] == "- a\n\n    [x.md](ref:x.md)\n"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_markdown_beside_a_figure_is_read(dialect: DialectName) -> None:
    text = 'before *a*\n{{< figure src="x.png" alt="x" caption="c" >}}\nafter *b*\n\n[t]({{< ref "b.md" >}})\n'
    html = render_markdown(expand(text, dialect)[0], dialect)
    for part in ("<em>a</em>", "<figure>", "<figcaption>c</figcaption>", "<em>b</em>", '<a href="ref:b.md">t</a>'):
        assert part in html


def test_many_faults_give_few_messages() -> None:
    _, diagnostics = expand("".join(f"{{{{< a{number} >}}}}\n" for number in range(1000)))
    assert len(diagnostics) == 101
    assert diagnostics[-1].message == "900 more shortcodes are unknown or malformed"
    assert diagnostics[-1].line == 105


def test_few_of_one_kind_are_told_one_by_one() -> None:
    _, diagnostics = expand("{{< a >}}\n" * 10 + "{{< b >}}\n" * 6 + "{{#include x}}\n{{#title y}}\n" * 4)
    told = Counter((each.message.partition(";")[0], each.line) for each in diagnostics)
    assert len(diagnostics) == len(told) == 6 + 6 + 6
    assert [each.message for each in diagnostics if ";" in each.message] == [
        "unknown shortcode 'a'; 4 more like it follow",
        "'{{#title y}}' is mdBook's, and stays as text; 2 more like it follow",
    ]


PIECES = st.sampled_from(
    ["{{<", "{{%", ">}}", "%}}", "/>}}", " ", "\n", "\n\n", '"', "`", "```", "\\", "=", "/", "/*", "*/", "a", "ref",
     "figure", " src=x ", "notice", "highlight", "details", "comment", "    ", "> ", "- ", "<!--", "-->",
     "{{#include x}}", "[t]("]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(DIALECTS))
def test_lines_never_change(text: str, dialect: DialectName) -> None:
    expand(text, dialect)


@given(
    st.lists(
        st.sampled_from(["{{< NAME >}}", "{{< /NAME >}}", "{{< NAME a=b >}}\n", "\n{{% /NAME %}}", "word ", "\n"]),
        max_size=20,
    ),
    st.lists(st.sampled_from(["notice", "highlight", "details", "box", "note", "figure"]), min_size=20, max_size=20),
)
def test_words_stay(parts: list[str], names: list[str]) -> None:
    text = "".join(part.replace("NAME", name) for part, name in zip(parts, names, strict=False))
    assert expand(text)[0].count("word") == text.count("word")


HOSTILE = (
    ["{{<", "{{< a ", '{{< a "', "{{< a `", "{{< a b=", "{{</*", "{{< a >}}", "{{< highlight >}}", "```x\n{{<",
     "> ```\n", "` `` ``` {{<", "<!-- {{<", "<pre> {{<", "{{< /a >}}", "{{< a >}}{{< /a >}}", "{{#include ",
     "{{< note >}}\n"]
)  # fmt: skip


@pytest.fixture
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortcodes are read up to forty characters and no thousands: short texts then go beyond."""
    for name in ("_COMMENTED", "_PARAMETER"):
        pattern: re.Pattern[str] = getattr(shortcode_syntax, name)
        bounded = re.sub(r"(?<=[01],)\d000(?=\})", "40", pattern.pattern)
        monkeypatch.setattr(shortcode_syntax, name, re.compile(bounded, pattern.flags))


@pytest.mark.usefixtures("small_bounds")
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_no_square(unit: str, dialect: DialectName) -> None:
    assert_linear(lambda size: expand_shortcodes(SourceText(text=unit * size, dialect=dialect)), 120)


def test_deep_nesting_is_bounded_and_takes_no_square() -> None:
    def nest(size: int) -> None:
        expanded, _ = expand("{{< note >}}\n" * size + "word\n" + "{{< /note >}}\n" * size)
        assert "> " * 8 + "word\n" in expanded
        assert "> " * 9 not in expanded

    assert_linear(nest, 150)


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
def test_a_chapter_with_shortcodes(dialect: DialectName) -> None:
    text = (
        '[t]({{< ref "b.md#y" >}}) {{< box >}}in{{< /box >}}\n\n'
        '{{< figure src="x.png" alt="a" caption="c" >}}\n{{< note >}}\nwords\n{{< /note >}}\n'
    )
    document = render_chapter(
        Chapter(text=text, path="a.md"), name="text/a.xhtml", settings=RenderSettings(dialect=dialect)
    )
    made = document.data.decode()
    assert '<p><a href="b.xhtml#y">t</a> in</p>' in made
    assert "<figcaption>c</figcaption></figure>" in made
    assert "words</p>" in made
    assert [(each.code, each.line) for each in document.diagnostics] == [("shortcode-unknown", 1)]
    assert [each.written for each in document.images] == ["x.png"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_shortcode_that_never_closes_takes_nothing_with_it(dialect: DialectName) -> None:
    text = 'Before {{< note title="x"\n\nImportant words.\n\n## Heading\n\nSee [the bar]({{< ref "a.md" >}}) there.\n'
    settings = RenderSettings(dialect=dialect)
    document = render_chapter(Chapter(title="T", text=text, path="a.md"), name="text/a.xhtml", settings=settings)
    shown = document.data.decode()
    assert "Important words." in shown
    assert 'id="heading"' in shown
    assert ">the bar</a> there." in shown
    assert [(each.code, each.line, each.column) for each in document.diagnostics] == [("shortcode-invalid", 1, 8)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_liquid_is_told_and_stays(dialect: DialectName) -> None:
    text = 'A {% include note.html x="y" %} b.\n\n```\n{% raw %}\n```\n\n`{% if a %}` 5 {% of %} 7 %}\n'
    settings = RenderSettings(dialect=dialect)
    document = render_chapter(Chapter(title="T", text=text, path="a.md"), name="text/a.xhtml", settings=settings)
    assert [(each.code, each.line, each.column) for each in document.diagnostics] == [("shortcode-unknown", 1, 3)]
    assert "{% include note.html" in document.data.decode()
