"""``dialect: commonmark`` shows what GitHub's Markdown adds to CommonMark, and what it does not take from it.

The rules are those of the GitHub Flavored Markdown Spec 0.29 (tables, task lists, strikethrough, autolinks) and of
GitHub's own documentation (alerts, footnotes); the examples are our own.
"""

from __future__ import annotations

import pytest

from chapbook.markup.page import ContentDocument
from dialects.comparing import XHTML, local, render, shown_in_document, strict


def text_of(document: ContentDocument) -> str:
    """The markup between the header and the end of the chapter, without line ends, namespaces and names for roles."""
    written = document.data.decode().partition("</header>")[2].rpartition("</section>")[0]
    for noise in (' role="img" aria-label="To do"', ' role="img" aria-label="Done"', ' scope="col"', "\n"):
        written = written.replace(noise, "")
    return written.replace('xmlns="http://www.w3.org/1998/Math/MathML" ', "")


def row(*cells: str, tag: str = "td", **classes: str) -> str:
    made = (f'<{tag} class="{classes[f"c{n}"]}">' if f"c{n}" in classes else f"<{tag}>" for n in range(len(cells)))
    return "<tr>" + "".join(f"{start}{cell}</{tag}>" for start, cell in zip(made, cells, strict=True)) + "</tr>"


def table(head: str, *rows: str) -> str:
    body = f"<tbody>{''.join(rows)}</tbody>" if rows else ""
    return f"<table><thead>{head}</thead>{body}</table>"


HEAD = row("a", "b", tag="th")
TASK = '<li class="task"><span class="task-box">{}</span> {}</li>'.format


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Tables: leading and trailing pipes are optional, cells may be empty or fewer, other blocks end the table
        ("| a | b |\n|---|---|\n| 1 | 2 |", table(HEAD, row("1", "2"))),
        ("a | b\n- | -\n1 | 2", table(HEAD, row("1", "2"))),
        ("|a|b|\n|-|-|\n|1|2|", table(HEAD, row("1", "2"))),
        ("| a | b |\n| - | - |\n| 1 |", table(HEAD, row("1", ""))),
        ("| a | b |\n| - | - |\n|  | 2 |", table(HEAD, row("", "2"))),
        ("| a | b |\n| - | - |", table(HEAD)),
        ("| a | b |\n| - | - |\n\n1 | 2", table(HEAD) + "<p>1 | 2</p>"),
        ("| a | b |\n| - | - |\n> q", table(HEAD) + "<blockquote><p>q</p></blockquote>"),
        ("| a | b |\n| - | - |\nword", table(HEAD, row("word", ""))),
        ("text\n\n| a | b |\n| - | - |", "<p>text</p>" + table(HEAD)),
        (
            "| a | b |\n|:-|-:|\n| 1 | 2 |",
            table(row("a", "b", tag="th", c0="left", c1="right"), row("1", "2", c0="left", c1="right")),
        ),
        ("| a |\n|:-:|\n| b |", table(row("a", tag="th", c0="center"), row("b", c0="center"))),
        (r"| a | b |" + "\n|-|-|\n" + r"| 1\|2 | `3\|4` |", table(HEAD, row("1|2", "<code>3|4</code>"))),
        ("| *a* | ~~b~~ |\n|-|-|", table(row("<em>a</em>", "<del>b</del>", tag="th"))),
        ("> | a | b |\n> |-|-|\n> | 1 | 2 |", "<blockquote>" + table(HEAD, row("1", "2")) + "</blockquote>"),
        ("- | a | b |\n  |-|-|\n  | 1 | 2 |", "<ul><li>" + table(HEAD, row("1", "2")) + "</li></ul>"),
        ("| a | b |\n| - |", "<p>| a | b || - |</p>"),
        # Strikethrough: one or two tildes, not three, within one paragraph
        ("~~a~~ ~b~", "<p><del>a</del> <del>b</del></p>"),
        ("~~~a~~~ b", '<pre class="highlight"><code class="language-a"></code></pre>'),
        ("a ~~~b~~~", "<p>a ~~~b~~~</p>"),
        ("~~a\n\nb~~", "<p>~~a</p><p>b~~</p>"),
        ("~~a *b* c~~", "<p><del>a <em>b</em> c</del></p>"),
        (r"\~~a~~", "<p>~~a~~</p>"),
        ("5 ~ 6 ~ 7", "<p>5 ~ 6 ~ 7</p>"),
        # Task lists: a space or an x, at the beginning of an item, before text
        ("- [ ] a\n- [x] b\n- [X] c", "<ul>" + TASK("☐", "a") + TASK("☑", "b") + TASK("☑", "c") + "</ul>"),
        ("1. [x] a", "<ol>" + TASK("☑", "a") + "</ol>"),
        ("- [y] a\n- [] b", "<ul><li>[y] a</li><li>[] b</li></ul>"),
        ("[ ] a", "<p>[ ] a</p>"),
        ("- a [x] b", "<ul><li>a [x] b</li></ul>"),
        ("- [x]", "<ul><li>[x]</li></ul>"),
        ("- a\n  - [ ] b", "<ul><li>a<ul>" + TASK("☐", "b") + "</ul></li></ul>"),
        # Autolinks: in angle brackets, as CommonMark has them; and bare addresses of the web
        ("<https://e.org>", '<p><a href="https://e.org">https://e.org</a></p>'),
        ("<a@e.org>", '<p><a href="mailto:a@e.org">a@e.org</a></p>'),
        ("https://e.org", '<p><a href="https://e.org">https://e.org</a></p>'),
        ("www.e.org and a@e.org", '<p><a href="https://www.e.org">www.e.org</a> and a@e.org</p>'),
        # What neither CommonMark nor GitHub has
        ("Term\n: text", "<dl><dt>Term</dt><dd>text</dd></dl>"),
        ("H~2~O", "<p>H~2~O</p>"),
        ("x^2^ ==m== ++i++ :smile: ^[1]", "<p>x^2^ ==m== ++i++ :smile: ^[1]</p>"),
        ("*[HTML]: long\n\nHTML", "<p>*[HTML]: long</p><p>HTML</p>"),
        ("p\n{: .c}", "<p>p{: .c}</p>"),
        ("# a {#own .c}", '<h2 id="own" class="c">a</h2>'),
        # Mathematics, which GitHub has and its specification does not
        ("$x$", '<p><math alttext="x"><mrow><mi>x</mi></mrow></math></p>'),
        ("$5 and $10", "<p>$5 and $10</p>"),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_github(text: str, expected: str) -> None:
    document = render(text, "commonmark")
    assert text_of(document) == expected
    assert all(each.code == "syntax-unread" for each in document.diagnostics)


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_an_alert(kind: str) -> None:
    root = strict(render(f"> [!{kind}]\n> a\n>\n> - b", "commonmark"))
    (aside,) = root.iter(f"{XHTML}aside")
    assert aside.get("class") == f"alert alert-{kind.lower()}"
    assert [local(each) for each in aside] == ["p", "p", "ul"]
    assert ["".join(each.itertext()).strip() for each in aside][1:] == ["a", "b"]
    assert "[!" not in "".join(root.itertext())


@pytest.mark.parametrize("text", ["> [!other thing!]\n> a", "[!NOTE]\na", "> a\n> [!NOTE]", r"> \[!NOTE]"])
def test_what_is_no_alert(text: str) -> None:
    document = render(text, "commonmark")
    assert b"<aside" not in document.data
    assert "[!" in shown_in_document(document).words


@pytest.mark.parametrize(
    ("text", "words", "codes"),
    [
        ("a[^1]\n\n[^1]: n", "a1 n ↩", []),
        ("a[^x] b[^y]\n\n[^y]: 2\n[^x]: 1", "a1 b2 1 ↩ 2 ↩", []),
        ("a[^1] b[^1]\n\n[^1]: n", "a1 b1 n ↩ ↩2", []),
        ("a[^n]\n\n[^n]:\n    p\n\n    q\n\nb", "a1 b p q ↩", []),
        ("a[^n]\n\n[^N]: n", "a1 n ↩", []),
        ("a[^1]\n\n[^1]: n[^2]\n\n[^2]: m", "a1 n2 ↩ m ↩", []),
        ("a[^x]", "a[^x]", ["note-missing"]),
        (r"a\[^x]", "a[^x]", []),
        ("[^1]: n", "n", ["note-unused"]),
        ("a[^1]\n\n[^1]: n\n[^1]: m", "a1 n ↩ m", ["note-unused"]),
        ("`a[^1]`\n\n[^1]: n", "a[^1] n", ["note-unused"]),
    ],
)
def test_footnotes(text: str, words: str, codes: list[str]) -> None:
    document = render(text, "commonmark")
    assert shown_in_document(document).words == words
    assert [each.code for each in document.diagnostics] == codes
