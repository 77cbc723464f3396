"""Tags and addresses hold no markup, in either dialect: what begins first wins."""

from __future__ import annotations

import pytest

from chapbook.dialects import render_markdown
from chapbook.dialects.python_markdown import make_markdown
from chapbook.markup.parsing import parse_markup
from chapbook.model.settings import DialectName
from support.counting import assert_linear
from support.pages import DIALECTS

both = pytest.mark.parametrize("dialect", DIALECTS)
NOTE = "\n\n[^1]: Words."


def found(text: str, dialect: DialectName) -> list[tuple[str, str]]:
    """The attributes and formulas that `text` gives, in order; addresses as they are written."""
    section = parse_markup(render_markdown(text, dialect)).section
    seen: list[tuple[str, str]] = []
    for element in section.iter("a", "img", "span", "b", "code"):
        if "math" in element.get("class", "") or element.tag == "code":
            seen.append((str(element.tag), element.text or ""))
        for name in ("href", "src", "title", "alt"):
            value = element.get(name)
            if value:
                seen.append(
                    (name, value.replace("%5B", "[").replace("%5D", "]").replace("%20", " ").replace("%60", "`"))
                )
    return seen


@both
@pytest.mark.parametrize(
    "value",
    [
        "the $x$ curve",
        "$$x$$",
        "see [a](b)",
        "see [a][1]",
        "a note[^1]",
        "a`b`c",
        "<https://a.example>",
        "a > b and $x$",
        "one\ntwo $x$",
        "\\$x\\$",
        "](b) $x$",
        "a`",
    ],
)
def test_an_attribute_is_as_it_was_written(dialect: DialectName, value: str) -> None:
    text = f'*A* <b title="{value}">$f$ `c`</b>{NOTE}\n\n[1]: x.md'
    assert found(text, dialect) == [("title", value), ("span", "f"), ("code", "c")]
    assert found(f"- [ ] A <img src='x.png' alt='{value}'/> $f${NOTE}", dialect) == [
        ("src", "x.png"),
        ("alt", value),
        ("span", "f"),
    ]


@both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x](https://a.example/b?$c=d&$e=5)", [("href", "https://a.example/b?$c=d&$e=5")]),
        ("<https://a.example/b?$c=d&$e=5>", [("href", "https://a.example/b?$c=d&$e=5")]),
        ("![a](my$x$.png)", [("src", "my$x$.png"), ("alt", "a")]),
        ("[x](https://a.example/[^1])" + NOTE, [("href", "https://a.example/[^1]")]),
        ("[x](a`b`c.md)", [("href", "a`b`c.md")]),
        ("[x](a(b$c$).md)", [("href", "a(b$c$).md")]),
        ("[x](b\\$c$d$)", [("href", "b$c$d$")]),
        ("[x](<a $b$ c.md> 'costs $5$ `b`')", [("href", "a $b$ c.md"), ("title", "costs $5$ `b`")]),
        ("[![i](a$b$.png)](c$d$.md)", [("href", "c$d$.md"), ("src", "a$b$.png"), ("alt", "i")]),
        ("[b <b title='](x)$y$'>k</b>](c$d$.md)", [("href", "c$d$.md"), ("title", "](x)$y$")]),
    ],
)
def test_an_address_is_as_it_was_written(dialect: DialectName, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, dialect) == expected


@both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[$x$](b.md)", [("href", "b.md"), ("span", "x")]),
        ("[$a](b)$", [("span", "a](b)")]),
        ("$f[x](y)$", [("span", "f[x](y)")]),
        ("$a<b$ and $c>d$", [("span", "a<b"), ("span", "c>d")]),
        ("`<b title='$x$'>` $x$", [("code", "<b title='$x$'>"), ("span", "x")]),
        ("a]($x$)", [("span", "x")]),
        ("[a\\]($x$)", [("span", "x")]),
        ("\\<b title='$x$'>", [("span", "x")]),
    ],
)
def test_what_begins_first_wins(dialect: DialectName, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, dialect) == expected


def test_a_formula_in_brackets_may_follow_a_note() -> None:
    assert found(f"x[^1]($y$){NOTE}", "markdown")[:2] == [("href", "#1"), ("span", "y")]


def test_markdown_in_html_has_its_attributes() -> None:
    text = '<div markdown="1" title="$x$ `b`">\n\n<b title="$x$">*a*</b>\n\n</div>'
    assert 'title="$x$ `b`"' in render_markdown(text, "markdown")
    assert '<b title="$x$"><em>a</em></b>' in render_markdown(text, "markdown")


def test_the_first_text_of_an_instance_is_read_as_any_other() -> None:
    assert 'href="b$c$.md"' in make_markdown().convert("[a](b$c$.md)")


@pytest.mark.parametrize("text", ["<?", "[a]($", "[a]('$", "[a](b\"'$", "<a b='$", "<a://$", "$a [b](c$", "[^a"])
def test_a_text_of_signs_takes_no_square(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.dialects.mended_inline._LONGEST", 40)
    verbatim = make_markdown().treeprocessors["chapbook-verbatim"]
    assert_linear(lambda size: vars(type(verbatim))["_marked"](verbatim, text * size), 150, "markdown")


@both
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("## Learn C#", "Learn C#"),
        ("# C# and F#", "C# and F#"),
        ("# C# #", "C#"),
        ("## Two ##", "Two"),
        ("## Two##", "Two##"),
        ("## Two \\##", "Two ##"),
        ("## C# {#own}", "C#"),
        ("## C# ## {#own}", "C#"),
        ("## Two \\## {#own}", "Two ##"),
    ],
)
def test_the_signs_that_close_a_heading_have_a_space_before_them(dialect: DialectName, text: str, words: str) -> None:
    section = parse_markup(render_markdown(f"{text}\nText", dialect)).section
    assert section[0].tag in {"h1", "h2"}
    assert section[0].text == words
    assert section[1].text == "Text"
