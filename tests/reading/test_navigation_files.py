"""The order that an author's own tool gives, and what else its files say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from chapbook import Book, Chapter, Part
from chapbook.model.contents import Item
from chapbook.reading.folder import FolderContents, read_folder
from chapbook.reading.project import ProjectFiles
from chapbook.reading.projects import find_project
from support.counting import assert_linear
from support.gate import check_epub
from support.opened import XHTML, Opened


def written(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def tree(items: tuple[Item, ...]) -> list[object]:
    return [
        (each.opening.path or each.opening.title, tree(each.contents)) if isinstance(each, Part) else each.path
        for each in items
    ]


def codes(read: FolderContents) -> list[str]:
    return [each.code for each in read.diagnostics]


SUMMARY = """# The Book

[Before](before.md)

# Part One

- [First](one/a.md)
    - [Deep](one/b.md)
- [Draft]()
- [Gone](gone.md)

---

[After](<after.md#x>)
"""
PAGES = {name: f"# {name}\n\nWords.\n" for name in ("before.md", "one/a.md", "one/b.md", "after.md", "other.md")}


def test_a_summary(tmp_path: Path) -> None:
    read = read_folder(written(tmp_path, {"SUMMARY.md": SUMMARY, "book.yaml": "title: T\nlanguage: en\n", **PAGES}))
    assert tree(read.items) == ["before.md", ("Part One", [("one/a.md", ["one/b.md"])]), "after.md"]
    assert codes(read) == ["navigation", "navigation-missing", "left-out"]
    assert [(each.path, each.line) for each in read.diagnostics[1:]] == [("SUMMARY.md", 10), ("SUMMARY.md", None)]
    assert "other.md" in read.left_out


def test_the_root_of_an_mdbook(tmp_path: Path) -> None:
    files = {f"src/{name}": text for name, text in {"SUMMARY.md": SUMMARY, **PAGES}.items()}
    files["src/before.md"] = "## Before\n\n![x](/p.svg)\n"
    files["src/p.svg"] = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1"/></svg>'
    toml = '[book]\ntitle = "From TOML"\nauthors = ["Ann"]\nlanguage = "de"\n'
    book = Book.from_folder(written(tmp_path, {**files, "book.toml": toml}))
    assert (book.title, book.language) == ("From TOML", "de")
    assert "Ann" in str(book.authors)
    report = book.write(tmp_path / "book.epub")
    assert {each.code for each in report.diagnostics} == {"navigation", "navigation-missing", "left-out"}
    assert check_epub(tmp_path / "book.epub") == []
    opened = Opened(tmp_path / "book.epub")
    listed = next(iter(opened.tree(opened.nav).iter(f"{XHTML}nav")))
    labels = ["".join(map(str, link.itertext())) for link in listed.iter(f"{XHTML}a")]
    assert labels == ["Before", "Part One", "First", "Deep", "After"]
    titles = [
        "".join(map(str, each.itertext())) for each in opened.tree("EPUB/text/src/one/a.xhtml").iter(f"{XHTML}h2")
    ]
    assert titles == ["one/a.md"]


def test_the_nav_of_mkdocs(tmp_path: Path) -> None:
    nav = "site_name: Docs\nsite_author: Ann\nnav:\n  - Home: index.md\n  - More:\n      - one/a.md\n      - Web: https://e.org\n"
    pages = {f"docs/{name}": text for name, text in {"index.md": "# Hello\n", **PAGES}.items()}
    read = read_folder(written(tmp_path, {"mkdocs.yml": nav, **pages}))
    assert tree(read.items) == ["docs/index.md", ("More", ["docs/one/a.md"])]
    assert [each.contents_title for each in read.items if isinstance(each, Chapter)] == ["Home"]
    assert read.metadata.title == "Docs"


def test_a_weight_goes_before_a_navigation_file(tmp_path: Path) -> None:
    pages = {**PAGES, "other.md": "---\nweight: 1\n---\n", "after.md": "---\nweight: 2\n---\n"}
    read = read_folder(written(tmp_path, {"SUMMARY.md": SUMMARY, "book.yaml": "title: T\nlanguage: en\n", **pages}))
    assert tree(read.items)[:2] == ["other.md", "after.md"]
    assert not any("the order is that of" in each.message for each in read.diagnostics)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (("index.md", "a.md"), ["index.md", "a.md"]),
        (("g/index.md", "g/a.md"), [("g/index.md", ["g/a.md"])]),
        (("g/index.md", "g/h/a.md"), [("g/index.md", [("g/h/_index.md", ["g/h/a.md"])])]),
        (("g/index.md",), ["g/index.md"]),
        (("g/index.md", "g/a.md", "_index.md"), ["_index.md", "g/index.md"]),
        (("g/index.md", "g/a.md", "hugo.toml"), ["g/index.md"]),
    ],
)
def test_an_index_opens_its_folder_unless_it_is_hugo_s(
    files: tuple[str, ...], expected: list[object], tmp_path: Path
) -> None:
    assert tree(read_folder(written(tmp_path, dict.fromkeys(files, "Words.\n"))).items) == expected


def test_a_link_may_begin_with_the_folder_s_own_name(tmp_path: Path) -> None:
    """As a site shows the folder: ``/docs/two/b`` is ``two/b.md`` in a folder called ``docs``."""
    one = "# One\n\n[b](/docs/two/b), [m](/docs/two/b/#marks), [b](/two/b), [x](/docs/none).\n"
    files = {"book.yaml": "title: T\nlanguage: en\n", "one.md": one, "two/b.md": "# B\n\n## Marks\n"}
    report = Book.from_folder(written(tmp_path / "docs", files)).write(tmp_path / "book.epub")
    assert [each.code for each in report.diagnostics] == ["link-target-missing"]


def test_a_hugo_site_is_its_content_with_static_beside_it(tmp_path: Path) -> None:
    files = {
        "hugo.toml": 'title = "Site"\nlanguageCode = "en-us"\n',
        "archetypes/default.md": "---\ntitle: {{ .Name }}\n---\n",
        "themes/x/README.md": "# Theme\n",
        "content/_index.md": "---\ntitle: Home\n---\n",
        "content/one/_index.md": "---\ntitle: One\n---\n",
        "content/one/a.md": "# A\n\n![p](/images/p.svg)\n\n[one](/one/)\n",
        "static/images/p.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1"/></svg>',
    }
    book = Book.from_folder(written(tmp_path / "site", files))
    assert (book.title, book.language) == ("Site", "en-US")
    assert [each.code for each in book.write(tmp_path / "book.epub").diagnostics] == ["navigation"]


def test_a_book_toml_beside_the_chapters_names_the_book_alone(tmp_path: Path) -> None:
    read = read_folder(written(tmp_path, {"book.toml": '[book]\ntitle = "T"\nlanguage = "en"\n', "a.md": "# A\n"}))
    assert (read.metadata.title, tree(read.items)) == ("T", ["a.md"])


def test_a_summary_of_a_thousand_levels_is_read(tmp_path: Path) -> None:
    lines = "".join(f"{' ' * number}- [{number}](a{number}.md)\n" for number in range(1_000))
    pages = {f"a{number}.md": "Words.\n" for number in range(1_000)}
    read = read_folder(written(tmp_path, {"SUMMARY.md": lines, **pages}))
    assert read.left_out == {"SUMMARY.md"}


@pytest.mark.parametrize("line", ["# a{0}x", "- [a{0}](x.md)", "- [{1}](x.md)", "- [a](x{0}y", "- [a](({1}"])
def test_a_hostile_summary_takes_no_square(line: str) -> None:
    def work(size: int) -> None:
        text = line.format(" " * size, "[" * size)
        find_project(ProjectFiles(paths=frozenset({"SUMMARY.md", "x.md"}), read=lambda _: text))

    assert_linear(work, 400)
