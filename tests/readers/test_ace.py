"""Books held against Ace by DAISY, which checks what EPUB Accessibility 1.1 asks for as far as a program can."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook import Book, Chapter, build_many
from support.ace import Violation, ace_violations

ROOT = Path(__file__).parents[2]
TORTURE = ROOT / "tests" / "cases" / "torture" / "in"
EXAMPLES = ("harbour-year", "winter-sky")
THEMES = ("academic", "classic", "minimal", "modern", "verse")
EVERYTHING = """\
{words}.[^1] *{words}* **{words}** `code`

## {words}

> [!NOTE]
> {words}

| {words} | 2 |
|:--|--:|
| {words} | 4 |

- [x] {words}
- [ ] {words}

$x^2$ and

```python
def f(): return "code"
```

[^1]: {words}
"""


def assert_accessible(books: list[Path]) -> None:
    found = ace_violations(books)
    told = [f"{book.name}: {each}" for book, violations in zip(books, found, strict=True) for each in violations]
    assert not told, "\n".join(told)


def test_every_theme(tmp_path: Path) -> None:
    """Every construct in every theme; Ace takes its time over each document, so the book is short."""
    for theme in THEMES:
        book = Book(title=theme, authors=["Ann Author"], language="en", theme=theme)
        book.add(Chapter(title="All", heading="Chapter 1", accent="gold", text=EVERYTHING.format(words="Salt wind")))
        assert book.write(tmp_path / f"{theme}.epub").ok
    assert_accessible(sorted(tmp_path.glob("*.epub")))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples(name: str, tmp_path: Path) -> None:
    assert Book.from_folder(ROOT / "examples" / name).write(tmp_path / "book.epub").ok
    assert_accessible([tmp_path / "book.epub"])


def test_books_in_three_scripts_and_one_with_every_construct(tmp_path: Path) -> None:
    """Pictures without words are the author's fault, and named as such; in the book they are marked as decoration."""
    scripts = [("ar", "البحر في الليل", "قال القبطان هذه سيدة"), ("ja", "夜の海", "今夜は静かだと彼は言った")]
    for language, title, words in scripts:
        book = Book(title=title, authors=["Ann Author"], language=language)
        for weight in (1, 2):
            text = EVERYTHING.format(words=words)
            book.add(Chapter(title=f"{title} {weight}", weight=weight, heading=words, accent="gold", text=text))
        assert book.write(tmp_path / f"{language}.epub").ok
    (result,) = build_many([TORTURE], tmp_path)
    assert result.ok
    books = sorted(tmp_path.glob("*.epub"))
    assert len(books) == 3
    assert_accessible(books)


def test_ace_finds_what_it_is_for(tmp_path: Path) -> None:
    """An author's own style sheet may make a text too pale: the tests above would tell."""
    (tmp_path / "pale.css").write_text("p { color: #bbbbbb; background-color: #ffffff }", "utf-8")
    book = Book(title="Pale", authors=["Ann Author"], language="en")
    book.css.append(str(tmp_path / "pale.css"))
    book.add(Chapter(title="One", text="Hardly to be read."))
    book.write(tmp_path / "pale.epub")
    (violations,) = ace_violations([tmp_path / "pale.epub"])
    assert [(each.rule, each.file) for each in violations if _in_text(each)] == [("color-contrast", "text/one.xhtml")]


def _in_text(violation: Violation) -> bool:
    return violation.file.startswith("text/")
