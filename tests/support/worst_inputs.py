"""Inputs that cost the most for their size, as functions of it; ``python -m support.worst_inputs [NAME...]`` measures.

The command builds each at its largest, in a process of its own, and prints the processor time of the chapter, the most
memory that a process took, and the codes of what chapbook said. The tests build small ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

__all__ = ["LARGEST", "WORST", "files_of"]

LARGEST = 15_900_000
"""Bytes of a text file: close to what chapbook reads."""
Files = Mapping[str, str]


def _repeated(text: str, before: str = "", after: str = "") -> Callable[[int], Files]:
    def make(size: int) -> Files:
        return {"a.md": before + text * (size // len(text.encode())) + after}

    return make


def _counted(text: str, before: str = "", after: str = "") -> Callable[[int], Files]:
    """As `_repeated`, with the number of each in the place of ``{}``."""

    def make(size: int) -> Files:
        return {"a.md": before + "".join(text.format(n) for n in range(size // (len(text) + 5))) + after}

    return make


def _halves(defined: str, used: str, *, join: str = "\n") -> Callable[[int], Files]:
    """As many definitions as uses, with a number each."""

    def make(size: int) -> Files:
        count = size // (len(defined) + len(used) + 10)
        return {
            "a.md": "".join([*(used.format(n) for n in range(count)), "\n\n"])
            + join.join(defined.format(n) for n in range(count))
            + "\n"
        }

    return make


def _deep(opening: str, closing: str = "", middle: str = "x") -> Callable[[int], Files]:
    def make(size: int) -> Files:
        count = size // (len(opening) + len(closing))
        return {"a.md": opening * count + middle + closing * count + "\n"}

    return make


def _stairs(item: str) -> Callable[[int], Files]:
    """Lines, each indented more than the one before, as deep as the size has it."""

    def make(size: int) -> Files:
        lines, taken, depth = [], 0, 0
        while taken < size:
            lines.append(" " * (4 * depth) + item)
            taken += len(lines[-1]) + 1
            depth = depth + 1 if depth < 60 else 0
        return {"a.md": "\n".join(lines) + "\n"}

    return make


def _front(before: str, text: str, after: str) -> Callable[[int], Files]:
    def make(size: int) -> Files:
        return {"a.md": before + text * (size // len(text)) + after + "\nwords\n"}

    return make


def _sheet(text: str, before: str = "", after: str = "") -> Callable[[int], Files]:
    def make(size: int) -> Files:
        sheet = before + text * ((min(size, 990_000) - len(before + after)) // len(text)) + after
        return {"a.md": "words\n", "x.css": sheet, "book.yaml": "title: x\nlanguage: en\ncss: x.css\n"}

    return make


def _drawing(text: str, before: str = "", after: str = "", *, most: int = LARGEST) -> Callable[[int], Files]:
    def make(size: int) -> Files:
        svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
        inner = before + "".join(text.format(n=n, m=n + 1) for n in range(min(size, most) // (len(text) + 5))) + after
        return {"a.md": "![x](x.svg)\n", "x.svg": f"{svg}{inner}</svg>"}

    return make


def _sections(size: int) -> Files:
    return {"a.md": "# x\n" * (size // 4)}


def _included(size: int) -> Files:
    count = max(2, int((size / 40) ** 0.5))
    chapters = {f"{n:04}.md": "{{#include x.txt}}\n" * count for n in range(count)}
    return {**chapters, "x.txt": "words", "book.yaml": "title: x\nlanguage: en\nsyntax: mdbook\n"}


def _many(size: int) -> Files:
    return {f"{n:05}.md": "words\n" for n in range(min(size // 320, 49_000))}


def _rows(size: int) -> Files:
    return {"a.md": "|a|b|\n|-|-|\n" + "|x|y|\n" * (size // 6)}


def _columns(size: int) -> Files:
    count = size // 5
    return {"a.md": "|a" * count + "|\n" + "|-" * count + "|\n" + "|\n"}


WORST: Mapping[str, Callable[[int], Files]] = MappingProxyType(
    {
        "emphasis-open": _repeated("*a "),
        "emphasis-both": _repeated("*a_b "),
        "emphasis-runs": _repeated("a***b**c*"),
        "emphasis-nested": _deep("*a **b ", " c** d*"),
        "strike-open": _repeated("~~a "),
        "brackets-open": _deep("["),
        "brackets-nested": _deep("[", "]"),
        "links-open": _repeated("[a]("),
        "links-nested": _deep("[a", "](u)"),
        "links-many": _counted("[a](u{}.md) "),
        "links-titles": _repeated('[a](u "t" '),
        "pictures-many": _counted("![a](u{}.png) "),
        "pictures-nested": _deep("![", "](u)"),
        "autolinks": _repeated("https://e.org "),
        "autolinks-open": _repeated("<https://e.org/"),
        "references-open": _repeated("[a][b] "),
        "references-many": _halves("[r{0}]: /u", "[a][r{0}] "),
        "references-long": _repeated("\\a", before="[", after="]: /u"),
        "lists-flat": _repeated("- a\n"),
        "lists-stairs": _stairs("- a"),
        "lists-deep": _deep("- "),
        "lists-loose": _repeated("- a\n\n"),
        "lists-numbered": _repeated("1. a\n- b\n"),
        "quotes-deep": _deep("> "),
        "quotes-flat": _repeated("> a\n"),
        "quotes-parted": _repeated("> a\n\n"),
        "tables-rows": _rows,
        "tables-columns": _columns,
        "tables-many": _repeated("|a|b|\n|-|-|\n|c|d|\n\n"),
        "notes-many": _halves("[^{0}]: note", "a[^{0}] "),
        "notes-of-notes": _halves("[^{0}]: see [^{0}0]", "a[^{0}] "),
        "notes-repeated": _repeated("a[^1] ", after="\n\n[^1]: note\n"),
        "attributes-many": _counted("a{}=1 ", before="<p ", after=">x</p>"),
        "attributes-long": _repeated("x", before="<p title='", after="'>x</p>"),
        "elements-open": _repeated("<b>"),
        "elements-odd": _repeated("</p><p>"),
        "elements-unknown": _counted("<x{}>"),
        "elements-formatting": _repeated("<p><b><i>"),
        "tags-open": _repeated("<a "),
        "comments-open": _repeated("<!--"),
        "processing-open": _repeated("<?"),
        "entities": _repeated("&amp;"),
        "entities-numbers": _repeated("&#120;"),
        "entities-open": _repeated("&a"),
        "math-many": _repeated("$a^2$ "),
        "math-open": _repeated("$a "),
        "math-deep": _deep("{", "}", middle="a"),
        "math-display": _repeated("$$\n\\frac{a}{b}\n$$\n\n"),
        "math-braces": _repeated("{", before="$", after="$"),
        "code-spans": _repeated("`a` "),
        "code-ticks": _counted("`a``b```c"),
        "code-fences": _repeated("```\na\n```\n"),
        "code-fences-open": _repeated("```\n"),
        "code-python": _repeated("def f(x):\n    return x\n", before="```python\n", after="```\n"),
        "code-indented": _repeated("    a\n"),
        "headings-first": _sections,
        "headings-many": _repeated("## x\n"),
        "headings-deep": _repeated("## a\n### b\n#### c\n"),
        "headings-under": _repeated("a\n=\n"),
        "definitions": _repeated("a\n: b\n\n"),
        "abbreviations": _halves("*[A{0}]: a", "A{0} "),
        "line-long": _repeated("word "),
        "word-long": _repeated("x"),
        "breaks": _repeated("a\\\n"),
        "backslashes": _repeated("\\"),
        "spaces": _repeated(" ", before="a", after="b"),
        "newlines": _repeated("\n", before="a", after="b"),
        "quotes-typed": _repeated("\"'"),
        "braces": _repeated("{: #a }"),
        "shortcodes": _repeated("{{< x >}}"),
        "liquid": _repeated("{% x %}"),
        "wikilinks": _repeated("[[a]] "),
        "admonitions": _repeated("!!! note\n    a\n"),
        "divisions": _deep(":::: x\n"),
        "verse": _repeated("| a\n"),
        "yaml-nodes": _front("---\na: [", "x,", "]\n---\n"),
        "yaml-deep": _front("---\na: ", "[", "\n---\n"),
        "yaml-text": _front("---\na: '", "''", "'\n---\n"),
        "yaml-keys": _front("---\n", "a: 1\n", "---\n"),
        "yaml-open": _front("---\n", "a: 1\n", ""),
        "toml-nodes": _front("+++\na = [", "1,", "]\n+++\n"),
        "toml-tables": _front("+++\n", "[[a]]\n", "+++\n"),
        "toml-dots": _front("+++\na", ".a", " = 1\n+++\n"),
        "json-nodes": _front('{"a": [', "1,", "1]}\n"),
        "json-deep": _front('{"a": ', "[", "\n"),
        "json-text": _front('{"a": "', "\\n", '"}\n'),
        "css-rules": _sheet("p{color:red}\n"),
        "css-selectors": _sheet("a,", after="p{color:red}"),
        "css-not": _sheet(":not(", before="p", after="{color:red}"),
        "css-blocks": _sheet("{"),
        "css-comments": _sheet("/**/"),
        "css-escapes": _sheet("\\70 "),
        "css-values": _sheet("a ", before="p{font-family:", after="}"),
        "css-variables": _sheet("var(--a,", before="p{color:"),
        "css-references": _sheet("url(x.png),", before="p{background:"),
        "svg-elements": _drawing("<g/>"),
        "svg-deep": _drawing("<g>"),
        "svg-attributes": _drawing("a{n}='1' ", before="<g ", after="/>"),
        "svg-styles": _drawing("<g style='fill:url(#a)'/>"),
        "svg-text": _drawing("x"),
        "svg-patterns": _drawing("<pattern id='p{m}'><path fill='url(#p{n})'/><path fill='url(#p{n})'/></pattern>"),
        "svg-ids": _drawing("<g id='g{n}'/>"),
        "includes": _included,
        "chapters": _many,
    }
)


def files_of(name: str, size: int) -> Files:
    """The files of the input `name` at that size; with a book.yaml."""
    return {"book.yaml": "title: x\nlanguage: en\nauthor: x\n", **WORST[name](size)}


def _measure(name: str, words: list[str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files_of(name, LARGEST).items():
            Path(folder, path).write_text(text, "utf-8")
        program = [sys.executable, "-c", _MEASURED, "check", folder, "--json", "--no-cache", "-j", "1", *words]
        done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=600)
    if not done.stderr.startswith("{"):
        return f"{name:22} {done.returncode} {done.stderr[-200:]}"
    told = json.loads(done.stderr.splitlines()[0])
    codes = sorted({each["code"] for report in json.loads(done.stdout)["books"] for each in report["diagnostics"]})
    own, workers = (f"{told[time]:6.1f} s {told[most]:5} MB" for time, most in (("own", "memory"), ("workers", "most")))
    return f"{name:22} own {own}  workers {workers}  {', '.join(codes)}"


_MEASURED = """
import json, resource, sys
from chapbook.command.cli import run
code = run(sys.argv[1:])
own, workers = (resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
told = {"own": own.ru_utime + own.ru_stime, "memory": own.ru_maxrss // 1000,
        "workers": workers.ru_utime + workers.ru_stime, "most": workers.ru_maxrss // 1000}
sys.stderr.write(json.dumps(told) + "\\n")
sys.exit(code)
"""


def main() -> None:
    for name in [each for each in sys.argv[1:] if not each.startswith("-")] or WORST:
        sys.stdout.write(_measure(name, [each for each in sys.argv[1:] if each.startswith("-")]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
