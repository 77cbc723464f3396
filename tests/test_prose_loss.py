"""The search for lost paragraphs finds what is lost, and nothing else."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from chapbook import Book
from chapbook.model.settings import DialectName
from support.prose_loss import Loss, letters, lost_paragraphs

TEXT = """\
---
title: A chapter
tags: [not, of, the, text]
---

# A chapter {#own .class}

Plain words, *emphasis* and a [link with words](https://example.org/not-there "nor this") and [another][ref].

[ref]: https://example.org/ "no words"

> [!NOTE]
> A box with `code <tag>` and an entity: Gr&uuml;&szlig;e.

1. First
2. - [x] Second, with a note[^label] in it.

[^label]: What the note says.
[^other]: What another says.[^label]

<!-- a comment

of several paragraphs --> Words after it.

<p class="x">Raw <b
>and bold</b
></p> <math><mi>x</mi></math>

<style>
p { color: red }

b { color: blue }
</style>

```py title="no words"
a = "<!-- kept -->"

b = a
```

| Head | Cell |
|------|------|
| \\| x | y    |

A formula $x^2_{\\mathrm{not}}$ in words, for $5. ![What is seen](none.png) <https://example.org/shown>
"""


def book(folder: Path, texts: dict[str, str], dialect: DialectName = "commonmark") -> Path:
    (folder / "in").mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / "in" / name).write_text(text, "utf-8")
    made = Book.from_folder(folder / "in")
    made.dialect = dialect
    made.write(folder / "book.epub")
    return folder / "book.epub"


def spoilt(path: Path, old: str, new: str = "") -> Path:
    """The same book without the words `old`."""
    target = path.with_name("spoilt.epub")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(target, "w") as made:
        for name in whole.namelist():
            content = whole.read(name)
            if name.startswith("EPUB/text/"):
                assert re.search(old, content.decode(), re.DOTALL), old
                content = re.sub(old, new, content.decode(), flags=re.DOTALL).encode()
            made.writestr(name, content)
    return target


def losses(folder: Path, path: Path) -> list[Loss]:
    return lost_paragraphs(folder / "in", path)


@pytest.mark.parametrize("dialect", ["markdown", "commonmark"])
def test_a_whole_book_has_lost_nothing(tmp_path: Path, dialect: DialectName) -> None:
    assert losses(tmp_path, book(tmp_path, {"a.md": TEXT}, dialect)) == []


@pytest.mark.parametrize(
    ("lost", "line"),
    [
        ("Plain words, ", 8),
        ("link with words", 8),
        ("an entity: Grüße", 12),
        ("First", 15),
        ("in it", 15),
        ("What the note says", 18),
        ("Words after it", 23),
        ("<b>and bold</b>", 25),
        ("kept --", 36),
        ("(?<=<td>)y", 41),
        ("in words, for", 45),
        ("What is seen", 45),
        (">https://(<wbr/>)?example.(<wbr/>)?org/(<wbr/>)?shown<", 45),
    ],
)
def test_a_planted_loss_is_found(tmp_path: Path, lost: str, line: int) -> None:
    path = spoilt(book(tmp_path, {"a.md": TEXT}), lost, "><" if lost[0] == ">" else "")
    (loss,) = losses(tmp_path, path)
    assert (loss.path, loss.line) == ("a.md", line)


def test_the_fragment_that_is_not_there_is_named(tmp_path: Path) -> None:
    (loss,) = losses(tmp_path, spoilt(book(tmp_path, {"a.md": "One [two](b.md) three.\n"}), "three"))
    assert str(loss) == "a.md:1: 'three' is lost from 'One [two](b.md) three.'"


def test_words_in_another_order_are_lost(tmp_path: Path) -> None:
    path = book(tmp_path, {"a.md": "One *two* three four five six.\n"})
    assert losses(tmp_path, path) == []
    assert losses(tmp_path, spoilt(path, "three four", "four three"))


def test_a_chapter_that_is_not_there_is_lost_but_for_one_left_out(tmp_path: Path) -> None:
    texts = {"a.md": "A.\n", "b.md": "---\ndraft: true\n---\nUnseen words.\n"}
    path = book(tmp_path, texts)
    assert [(each.path, each.line) for each in losses(tmp_path, path)] == [("b.md", 4)]
    assert lost_paragraphs(tmp_path / "in", path, left_out=["b.md"]) == []


def test_letters_alone_count() -> None:
    assert letters("Ｆull “Width” — ﬁn_e 12.") == "fullwidthfine12"
