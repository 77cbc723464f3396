"""Texts by chance: of any characters, and of the pieces that Markdown and HTML are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hypothesis import strategies as st

__all__ = ["Marked", "any_text", "harsh_text", "marked_text"]

_WORDS = (
    "@", "@ @", "@, @.", "@\n@", "“@” — @…", "*@*", "**@ _@_**", "***@***", "`@`", "``@ ` @``", "~~@~~", "<b>@</b>",
)  # fmt: skip
_SCRIPTS = (
    "漢字@、", "文@。", "مرحبا @ بك", "שלום @", "é@́", "👩\u200d👩\u200d👧@", "\u202e@\u202c", "a\xad@\u200b", "\ufeff@",
    "İ@ İİİ", "ŉ@ ǰ ẞ ﬁ",
)  # fmt: skip
_SIGNS = (
    "&amp;@", "&lt;@&gt;", "&#65;@", "&#x1F600;@", "&nbsp;@", "&bogus;@", "@ & @", "4 < 5 @", "@ > @", "\\*@\\*",
    "\\@",
)  # fmt: skip
_LINKS = (
    "[@](b.md)", "[@](../c/d.md#e)", "[@](#f)", "[@](https://e.org/?a=b&c=d)", "[*@* `@`](x.md 'title')",
    "<https://e.org/g>@", "[@](javascript:x)", "[@](data:text/html,x)", "[@](//e.org/x)", "[@]()", "[@](<a b.md>)",
    "[@](%zz.md#%)", "[@][r]", "[[@]]", "![@](p.png)", '![@](q.jpg "@")', "![@](https://e.org/p.png)", "![](p.png)@",
    "[![@](p.png)](b.md)", "![@](data:image/png;base64,x)", "[@ [@](b.md) @](c.md)", "<a href='b.md'>@</a>",
    "<a name=n>@</a>", "<a href='JaVaScript:x'>@</a>", "<img src=x.png alt='@'>",
)  # fmt: skip
_NOTES = (
    "@[^1]", "@[^long name]", "@[^none]", "[^1]: @", "[^long name]: @\n\n    @", "[^1]: @[^2]\n\n[^2]: @", "*@[^1]*",
    "[@[^1]](b.md)",
)  # fmt: skip
_MATH = (
    "$x^2$@", "$$\n\\frac{1}{2}\n$$\n\n@", "@ costs $5 and $10", "$\\bad{$@", "\\$@\\$", "$a$$b$@", "$$x$$ @",
)  # fmt: skip
_SHORTCODES = (
    '{{< ref "b.md" >}}@', "{{< unknown a=b >}}@{{< /unknown >}}", "{{% x %}}@", "{{</* y */>}}@", "{{@}}",
    '{{< figure src="p.png" caption="@" >}}',
)  # fmt: skip
_BLOCKS = (
    "# @", "## @ {#own}", "### @ ##", "###### @", "@\n===", "@\n---", "#@", "---", "***\n\n@", "> @", "> > @\n> @",
    "> [!NOTE]\n> @", "> [!TIP] @\n> @", "- @\n- @", "1. @\n2. @", "7) @", "- [ ] @\n- [x] @", "* @\n\n    @\n\n* @",
    "- @\n    - @\n        - @", "@\n: @", "@\n:   @\n\n    @", "```\n@\n```", "~~~py\n@ = '@'\n~~~", "    @", "\t@",
    "```html\n<script>@</script>\n```", "| @ | @ |\n|---|:-:|\n| @ | @ |", "@ | @\n--|--\n@ | *@*", "| @ |\n|---|",
    "@  \n@", "@\\\n@", "{: .a #b }", "@\n{: .c }", "<div>\n@\n</div>", '<div markdown="1">\n@\n</div>',
    "<center>@</center>", "<table><tr><td>@<td>@</table>", "<details><summary>@</summary>\n\n@\n\n</details>",
    "<!-- c -->@", "<ul><li>@<li>@</ul>", "<p align=right>@", "<dl><dt>@<dd>@</dl>",
    "<figure><p>@</p><figcaption>@</figcaption></figure>", "<ruby>漢<rt>@</rt></ruby>",
    "<svg viewBox='0 0 9 9'><title>@</title><rect width='1' height='1'/></svg>", "<math><mi>@</mi></math>",
    "<blink>@</blink><font size=7>@</font>", "<h2>@</h2>", "<h4 id=own>@</h4>", "<pre>@</pre>", "<br>@<hr>@",
)  # fmt: skip
_TORTURE = (
    "<script>x()</script>", "<style>p{}</style>", "<p onclick='x()'>@</p>", "<iframe src='https://e.org/f'></iframe>",
    "<video src=v.mp4 poster=//e.org/p>@</video>", "<object data='https://e.org/o'>@</object>",
    "<form action=x><input value=y><button>@</button></form>",
    "<img src='https://e.org/i' srcset='https://e.org/j 2x' onerror=x>",
    "<div style='background:url(https://e.org/k)'>@</div>",
    "<svg><script>x</script><image href='https://e.org/l'/><a href='javascript:x'><text>@</text></a></svg>",
    "<svg><foreignObject><p>@</p></foreignObject></svg>", "<math><mtext><p>@</p></mtext></math>",
    "<base href='https://e.org/'>", "<meta http-equiv=refresh content='0;url=x'>",
    "<link rel=stylesheet href='https://e.org/m'>", "<audio><source src='https://e.org/n'>@</audio>",
    "<x-y z=1>@</x-y>", "<b><i>@</b></i>", "</div></p></section>", "<section id=s><h3>@", "<h1>@</h6>",
    "<p><table><p>@", "<a href=x><a href=y>@", "<button><p>@</button>", "<select><option>@</select>",
    "<template>@</template>", "<li>@</li>", "<td>@</td>", "<rt>@</rt>", "<summary>@</summary>",
    "<figcaption>@</figcaption>", "<body onload=x>@", "<html><head><title>@</title>", "<p id=own>@", "<p id='a b'>@",
)  # fmt: skip
_UNCLOSED = (
    '<div title="', "<a href='", "<!--", "<![CDATA[", "<?php", "<script>", "<style>", "<textarea>", "<title>", "<svg>",
    "<math>", "<plaintext>", "```", "~~~~", "$$", "`", "[", "](", "![", "{{<", "**", "<", "&", "&#", "&#0;",
    "&#xD800;", "&#1114112;", "\\", "\x00", "\x0b", "\x1b[31m", "\u2028", "\x85", "\ud7ff", "\ufffe", "\r", "\r\n",
    "\t", "|", "[^", "[^1]:", "[r]: b.md 'x", "*[A]: b", "-->", "]]>", "?>", "{", "}",
)  # fmt: skip
_SHOWN = (*_WORDS, *_SCRIPTS, *_SIGNS, *_LINKS, *_NOTES, *_MATH, *_SHORTCODES, *_BLOCKS)
_PREFIXES = ("", "", "", "> ", "    ", "  ", "- ", "1. ", "- > ", "\t")
_JOINTS = ("\n\n", "\n\n", "\n\n", "\n", " ", "")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, with as many words in it that nothing else is like."""

    text: str
    words: tuple[str, ...]


def _indented(piece: str, prefix: str) -> str:
    """`piece` in a quotation, list item or code."""
    rest = re.sub(r"[^ >\t]", " ", prefix)
    return prefix + piece.replace("\n", "\n" + rest)


_PLACED = st.builds(_indented, st.sampled_from(_SHOWN), st.sampled_from(_PREFIXES))


def _marked(pieces: list[str]) -> Marked:
    words: list[str] = []

    def word(_: re.Match[str]) -> str:
        words.append(f"word{len(words) + 1}z")
        return words[-1]

    return Marked(re.sub("@", word, "\n\n".join(pieces)), tuple(words))


def _joined(pieces: list[tuple[str, str]]) -> str:
    return "".join(piece + joint for piece, joint in pieces).replace("@", "word")


any_text = st.one_of(
    st.text(max_size=120), st.text(alphabet="*_`~#>-+.1 \n\t[](){}<>!&;:|$^\\\"'/=aé漢א", max_size=120)
)
"""Any characters at all, and those alone that mean something."""

marked_text = st.lists(_PLACED, min_size=1, max_size=12).map(_marked)
"""Blocks, each sound by itself, with words that must all be found again."""

harsh_text = st.lists(
    st.tuples(st.sampled_from((*_SHOWN, *_TORTURE, *_UNCLOSED)), st.sampled_from(_JOINTS)), max_size=15
).map(_joined)
"""Pieces of everything, closed or not, in any order."""
