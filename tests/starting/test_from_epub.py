"""EPUBs by several makers as folders of Markdown: the book that is built of the folder has the same text."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pypandoc  # type: ignore[import-untyped]
import pytest
from ebooklib import epub as ebooklib_epub  # type: ignore[import-untyped]

from chapbook import Book, ChapbookError, Part, start_book
from chapbook.model.contents import Item
from chapbook.model.metadata import Identifier
from chapbook.model.order import in_order
from chapbook.starting.start import StartedBook
from support.command import run
from support.made_epubs import epub2, epub3, packed, page, picture
from support.opened import XHTML, Opened

ROOT = Path(__file__).parent.parent.parent
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")

MARKDOWN = """---
title: A Book of Pandoc's
author: [Ann Author, Bo Other]
lang: en-GB
date: 2024-03-01
rights: Free
description: Of many things.
subject: [Tides, Boats]
---

# The First {#first}

Plain, *leaning*, **heavy**, ~~gone~~, `code`, H~2~O, x^2^, [small]{.smallcaps}. 5 * 3 * 2, $5 and $10, a_b_c, <tag>.

1986. A great year.

A note.[^1] And a [link to the second](#second), [outside](https://example.org/a_(b)).

[^1]: The *note*.

> Quoted.
>
> > Deeper.

- one
- two
    1. in

| left | right |
|:-----|------:|
| 1\\|2 | *3*   |

```python
def f():

    return "*x*"
```

Term

:   What it *means*.

Line\\
break. $e = mc^2$

## A section

![A teal rectangle](p.png "The caption")

# The Second {#second}

Back to [a section](#a-section).

***

"Quotes" -- and 'more'...
"""


def texts(path: Path) -> list[str]:
    """The words of each chapter in the order of the spine; the pages that chapbook makes are left out."""
    opened = Opened(path)
    items = {each.get("id"): str(each.get("href")) for each in opened.package.iter("{*}item")}
    names = [items[each.get("idref")] for each in opened.package.iter("{*}itemref")]
    trees = [opened.tree(f"EPUB/{name}") for name in names if name.startswith("text/")]
    return [" ".join("".join(map(str, tree[1].itertext())).split()) for tree in trees]


def marks(path: Path, *wanted: str) -> dict[str, int]:
    """How many elements of each name the chapters have."""
    opened = Opened(path)
    names = [name for name in ZipFile(path).namelist() if name.startswith("EPUB/text/")]
    return {each: sum(len(list(opened.tree(name).iter(XHTML + each))) for name in names) for each in wanted}


def tree(items: list[Item] | tuple[Item, ...]) -> list[object]:
    return [(i.opening.title, tree(i.contents)) if isinstance(i, Part) else i.title for i in in_order(items)]


def squeezed(text: str) -> str:
    return "".join(text.split())


def round_trip(
    source: Path, tmp_path: Path, assert_clean: Callable[[Path], None], *, smart: bool = False
) -> tuple[StartedBook, Book]:
    """The book that is made of the EPUB has its text and its contents, chapter by chapter, and is in order."""
    old = Book.from_epub(source)
    old.smart = smart
    old.write(tmp_path / "old.epub")
    started = start_book(tmp_path / "book", source=source)
    new = Book.from_folder(tmp_path / "book")
    report = new.write(tmp_path / "new.epub")
    assert not report.errors
    assert_clean(tmp_path / "new.epub")
    assert list(map(squeezed, texts(tmp_path / "new.epub"))) == list(map(squeezed, texts(tmp_path / "old.epub")))
    names = ("em", "strong", "li", "td", "img", "pre", "sub", "sup", "blockquote", "math", "dd", "br")
    before, after = (marks(tmp_path / f"{name}.epub", *names) for name in ("old", "new"))
    before["em"] += marks(tmp_path / "old.epub", "i")["i"]
    before["strong"] += marks(tmp_path / "old.epub", "b")["b"]
    after["em"] += marks(tmp_path / "new.epub", "i")["i"]
    after["strong"] += marks(tmp_path / "new.epub", "b")["b"]
    assert after == before
    assert [each.casefold() for each in map(str, tree(new.contents))] == [
        each.casefold() for each in map(str, tree(old.contents))
    ]
    assert (new.series and (new.series.name, new.series.index)) == (old.series and (old.series.name, old.series.index))
    for name in ("title", "subtitle", "language", "publisher", "date", "rights", "description", "subjects"):
        assert getattr(new, name) == getattr(old, name), name
    assert new.authors == old.authors
    assert isinstance(new.identifier, Identifier)
    assert isinstance(old.identifier, Identifier)
    assert new.identifier.value == old.identifier.value
    assert not [each for each in started.diagnostics if "doesn't read exactly" in each.message]
    return started, new


def by_pandoc(folder: Path) -> Path:
    (folder / "p.png").write_bytes(picture())
    (folder / "source.md").write_text(MARKDOWN, "utf-8")
    target = folder / "pandoc.epub"
    options = ["--toc", "--mathml", f"--resource-path={folder}"]
    pypandoc.convert_file(str(folder / "source.md"), "epub3", outputfile=str(target), extra_args=options)
    return target


def by_ebooklib(folder: Path) -> Path:
    book = ebooklib_epub.EpubBook()
    book.set_identifier("urn:uuid:7c0c6e4e-0a1f-4f0e-9a52-0d9c5f3f9c11")
    book.set_title("A Book of ebooklib's")
    book.set_language("de")
    book.add_author("Zoë Author")
    chapters = []
    for number, body in enumerate(("<p>Eins <i>zwei</i> <b>drei</b>.</p><p>„Vier“ — fünf…</p>", "<p>Ende.</p>"), 1):
        each = ebooklib_epub.EpubHtml(title=f"Kapitel {number}", file_name=f"k{number}.xhtml", lang="de")
        each.content = f"<h1>Kapitel {number}</h1>{body}<p><a href='k1.xhtml'>vorn</a></p>"
        book.add_item(each)
        chapters.append(each)
    book.toc = (chapters[0], (ebooklib_epub.Section("Teil zwei"), (chapters[1],)))
    book.add_item(ebooklib_epub.EpubNcx())
    book.add_item(ebooklib_epub.EpubNav())
    book.spine = ["nav", *chapters]
    ebooklib_epub.write_epub(str(folder / "ebooklib.epub"), book)
    return folder / "ebooklib.epub"


def by_an_old_maker(folder: Path) -> Path:
    one = page(
        '<div class="calibre1"><h2 id="top" class="c2"><a id="p1"></a>One</h2><p class="c3"><span class="c4">First'
        '</span> words.<a id="mark"></a> <i class="c5">Lean</i>.</p><p class="c3">* * *</p><p>1. not a list</p>'
        '<p># not a heading</p><p align="center"><img src="cover.jpg" alt="A cover"/></p><ol><li>a</li></ol>'
        "<ol><li>b</li></ol></div>",
        title="One",
        head='<link rel="stylesheet" type="text/css" href="s.css"/>',
    )
    two = page(
        '<h1>Two</h1><p>See <a href="one.html#mark">there</a>, <a href="one.html#top">top</a>, <a href="#here">here'
        '</a>.</p><table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>'
        '<div id="here"><p>Here&#160;!</p></div>'
    )
    points = "".join(
        f'<navPoint id="n{n}"><navLabel><text>{label}</text></navLabel><content src="{src}"/></navPoint>'
        for n, (label, src) in enumerate((("One", "one.html"), ("2. Two", "two.html")))
    )
    files: dict[str, bytes | str] = {
        "one.html": one,
        "two.html": two,
        "s.css": ".c5 { color: red }",
        "cover.jpg": picture((1600, 2400), "JPEG"),
    }
    (folder / "old-maker.epub").write_bytes(epub2(files, spine=["one.html", "two.html"], points=points))
    return folder / "old-maker.epub"


@pytest.mark.parametrize("maker", [by_pandoc, by_ebooklib, by_an_old_maker])
def test_the_text_of_another_maker_s_book_stays(
    maker: Callable[[Path], Path], tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    round_trip(maker(tmp_path), tmp_path, assert_clean)


@pytest.mark.parametrize("name", ["harbour-year", "winter-sky"])
def test_the_text_of_chapbook_s_own_books_stays(
    name: str, tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    Book.from_folder(ROOT / "examples" / name).write(tmp_path / "first.epub")
    round_trip(tmp_path / "first.epub", tmp_path, assert_clean)


def test_what_an_author_gets_is_markdown(tmp_path: Path) -> None:
    started = start_book(tmp_path / "book", source=by_an_old_maker(tmp_path))
    assert started.files == ("book.yaml", "01-one.md", "02-2-two.md", "cover.jpg", ".book.schema.json")
    assert (tmp_path / "book" / "01-one.md").read_text("utf-8") == (
        '---\ntitle: One\n---\n\nFirst words.<a id="mark"></a> *Lean*.\n\n<p>* * *</p>\n\n1\\. not a list\n\n'
        "\\# not a heading\n\n![A cover](cover.jpg)\n\n1. a\n\n<!-- -->\n\n1. b\n"
    )
    second = (tmp_path / "book" / "02-2-two.md").read_text("utf-8")
    assert second.startswith("---\ntitle: 2. Two\nshow_title: false\n---\n\n# Two\n\n")
    assert "See [there](01-one.md#mark), [top](01-one.md), [here](#here)." in second
    settings = (tmp_path / "book" / "book.yaml").read_text("utf-8")
    assert "\nidentifier: urn:isbn:9780306406157\n" in settings
    assert "\nseries: {name: Olden, index: '2'}\n" in settings
    assert "\ncover: cover.jpg\n" in settings


def test_what_is_not_taken_over_is_said_with_numbers(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "one.xhtml": page(
            '<h1>One</h1><p class="x">a <span epub:type="pagebreak" id="p1">1</span>b</p><p style="color: red">c '
            '<a href="nav.xhtml">contents</a></p>',
            head='<link rel="stylesheet" href="s.css"/>',
        ),
        "s.css": "p { color: blue }",
        "unused.png": picture(),
    }
    data = epub3(files, spine=["one.xhtml"], nav='<li><a href="one.xhtml">One</a></li>')
    (tmp_path / "x.epub").write_bytes(data)
    done = run("new", "book", "--from", "x.epub", cwd=tmp_path)
    assert done.returncode == 0
    for words in (
        "1 style sheets of the old book",
        "2 elements with a class or style",
        "1 page numbers of the printed edition",
        "1 links to pages that aren't in the new book",
        "1 pictures and recordings that no chapter shows",
    ):
        assert f"note: not copied: {words}" in done.stderr
    assert (tmp_path / "book" / "01-one.md").read_text("utf-8") == "---\ntitle: One\n---\n\na b\n\nc contents\n"
    assert done.stdout.splitlines()[:2] == ["book/book.yaml", "book/01-one.md"]


HOSTILE = ("../../evil", "/etc/evil", "CON", "con", "a" * 400, "..", ".hidden", "C:\\evil", "x\u202ey", "nul.txt", "…")


def test_no_name_in_an_epub_leads_out_of_the_folder(tmp_path: Path) -> None:
    """Paths of files and titles of chapters that would, taken as names, lie elsewhere or clash."""
    pictures = [
        "../../evil.png",
        "/abs.png",
        "con.png",
        "CON.PNG",
        "a.png",
        "A.png",
        "b" * 300 + ".png",
        "..png",
        "x\\y.png",
    ]
    shown = "".join(f'<p><img src="{name}" alt="p"/></p>' for name in pictures)
    chapters = {f"c{n}.xhtml": page(f"<h1>{title}</h1><p>{n}</p>{shown}") for n, title in enumerate(HOSTILE)}
    nav = "".join(f'<li><a href="c{n}.xhtml">{title}</a></li>' for n, title in enumerate(HOSTILE))
    files: dict[str, bytes | str] = {**chapters, **{name: picture((10 + at, 10)) for at, name in enumerate(pictures)}}
    (tmp_path / "x.epub").write_bytes(epub3(files, spine=[*chapters], nav=nav))
    (tmp_path / "deep" / "er").mkdir(parents=True)
    started = start_book(tmp_path / "deep" / "er" / "book", source=tmp_path / "x.epub")
    there = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert there == sorted(["x.epub", *(f"deep/er/book/{name}" for name in started.files)])
    assert len({name.casefold() for name in started.files}) == len(started.files)
    for part in {part for name in started.files for part in name.split("/")}:
        assert len(part.encode()) < 200
        assert not DEVICES.fullmatch(part)
        assert part[0].isalnum() or part == ".book.schema.json"
        assert part.isprintable()
        assert not set(part) & set('\\:*?"<>|')
    assert len(Book.from_folder(tmp_path / "deep" / "er" / "book").chapters) == len(HOSTILE)


def test_a_file_that_is_no_epub_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "x.epub").write_bytes(b"nothing")
    (tmp_path / "y.epub").write_bytes(packed({"a": "b"}))
    for name in ("x.epub", "y.epub"):
        with pytest.raises(ChapbookError):
            start_book(tmp_path / "book", source=tmp_path / name)
    assert not (tmp_path / "book").exists()


def test_files_in_the_way_are_named_before_an_epub_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.epub").write_bytes(b"nothing")
    with pytest.raises(ChapbookError, match="isn't empty"):
        start_book(tmp_path, source=tmp_path / "x.epub")


def test_without_the_extra_its_name_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(sys.modules):
        if name.startswith("chapbook.starting.") and not name.endswith(".start"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "markdownify", None)
    with pytest.raises(ChapbookError, match="needs markdownify") as raised:
        start_book(tmp_path / "book", source=by_an_old_maker(tmp_path))
    assert raised.value.diagnostics[0].hint == "pip install 'chapbook[epub]'"


SIGNS = r"""
*x*
_x_
**
a*b*c
`x`
[x](y)
[x]: y
![x](y)
# x
- x
+ x
1. x
1) x
> x
~~~
```
$x$
$$x$$
\(x\)
{{&lt; ref x >}}
{% x %}
{#x}
x {.y}
:::
^[x]
[^1]
[^1]: x
[TOC]
\newpage
&lt;b&gt;x&lt;/b&gt;
&amp;amp;
| a | b |
***
---
===
http://example.org
a\
==x==
~x~
- [ ] x
&gt; [!NOTE]
: x
+++
&#160;
#x
x^2^
H~2~O
(c)
--
...
"x" 'x'
[[x]]
%%x%%
&lt;!-- x --&gt;
[@x]
"""


def test_what_looks_like_markdown_stays_what_it_was(tmp_path: Path, assert_clean: Callable[[Path], None]) -> None:
    """Signs of Markdown, of other tools and of HTML in the text of a book, each a paragraph."""
    body = "<h1>One</h1>" + "".join(f"<p>{each}</p>" for each in SIGNS.strip("\n").split("\n"))
    data = epub3({"one.xhtml": page(body)}, spine=["one.xhtml"], nav='<li><a href="one.xhtml">One</a></li>')
    (tmp_path / "x.epub").write_bytes(data)
    round_trip(tmp_path / "x.epub", tmp_path, assert_clean)


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 3000 + "x" + "</div>" * 3000,
        "<b>" * 3000 + "x" + "</b>" * 3000,
        "<ul><li>" * 500 + "x",
        "<p>a" + " " * 300_000 + "b</p>",
    ],
)
def test_deep_and_long_markup_ends(body: str, tmp_path: Path) -> None:
    """A folder comes of it, or a message: no traceback, and no work that grows with the square of the size."""
    data = epub3({"one.xhtml": page(body)}, spine=["one.xhtml"], nav='<li><a href="one.xhtml">One</a></li>')
    (tmp_path / "x.epub").write_bytes(data)
    start_book(tmp_path / "book", source=tmp_path / "x.epub")
    (chapter,) = Book.from_folder(tmp_path / "book").chapters
    assert "x" in chapter.text or "b" in chapter.text
