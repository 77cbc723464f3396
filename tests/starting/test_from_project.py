"""A book.yaml for another tool's project says what chapbook found by itself: the book stays the same, byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from chapbook import Book, ChapbookError, Part, start_book
from chapbook.model.contents import Item
from chapbook.model.order import in_order
from chapbook.reading.folder import read_folder
from support.command import run

CASES = Path(__file__).parent.parent / "cases"
VAULT = {
    ".obsidian/app.json": "{}",
    ".obsidian/templates.json": '{"folder": "Templates"}',
    "Templates/day.md": "# {{date}}\n",
    "1 Harbour.md": "# Harbour\n\nSee [[2 Tides|the tides]], ==now==.\n",
    "2 Tides.md": "# Tides\n\n> [!tip] Look\n> At the moon.\n",
    "Logs/3 Spring.md": "# Spring\n\nBack to [[1 Harbour]].\n",
}
GITBOOK = {
    ".gitbook.yaml": "root: ./docs/\nstructure:\n  summary: TOC.md\n",
    "docs/TOC.md": "# Contents\n\n* [Zebras](z.md)\n* [Apes](a/README.md)\n  * [One ape](a/one.md)\n",
    "docs/z.md": '# Z\n\n{% hint style="info" %}\nStriped.\n{% endhint %}\n',
    "docs/a/README.md": "# A\n\nMany apes.\n",
    "docs/a/one.md": "# 1\n\nBack to [zebras](../z.md).\n",
}
WEIGHED = {
    "book.toml": "[book]\ntitle = 'Weighed'\nauthors = ['Ann', 'Bo']\n",
    "src/SUMMARY.md": "- [B](b.md)\n- [A](a.md)\n- [C](c.md)\n",
    "src/a.md": "# A\n\nWords.\n",
    "src/b.md": "# B\n\nWords.\n",
    "src/c.md": "---\nweight: 1\n---\n# C\n\nWords.\n",
}
PROJECTS: Mapping[str, Mapping[str, str] | Path] = {
    "hugo": CASES / "hugo-site" / "in",
    "mdbook": CASES / "mdbook-root" / "in",
    "mdbook with a weight": WEIGHED,
    "mkdocs": CASES / "mkdocs-root" / "in",
    "quarto": CASES / "quarto-book" / "in",
    "obsidian": VAULT,
    "gitbook": GITBOOK,
    "plain": {"b.md": "# B\n\nWords.\n", "a.md": "# A\n\nWords.\n"},
}


def made(name: str, folder: Path) -> Path:
    files = PROJECTS[name]
    if isinstance(files, Path):
        shutil.copytree(files, folder)
        return folder
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def tree(items: tuple[Item, ...]) -> list[object]:
    return [
        (each.opening.path, each.opening.title, each.opening.contents_title, tree(each.contents))
        if isinstance(each, Part)
        else (each.path, each.title, each.contents_title)
        for each in in_order(items)
    ]


@pytest.mark.parametrize("name", PROJECTS)
def test_the_book_stays_the_same_with_its_book_yaml(
    name: str, tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    folder = made(name, tmp_path / "project")
    before = read_folder(folder)
    Book.from_folder(folder).write(tmp_path / "before.epub")
    files = sorted(folder.rglob("*"))
    started = start_book(folder, source=folder)
    assert (started.files, started.diagnostics) == (("book.yaml", ".book.schema.json"), ())
    assert sorted(folder.rglob("*")) == sorted([*files, folder / "book.yaml", folder / ".book.schema.json"])
    after = read_folder(folder)
    assert tree(after.items) == tree(before.items)
    assert (after.settings.syntax, after.settings.dialect) == (before.settings.syntax, before.settings.dialect)
    told = {each.code for each in after.diagnostics} - {each.code for each in before.diagnostics}
    assert told == set()
    Book.from_folder(folder).write(tmp_path / "after.epub")
    assert (tmp_path / "after.epub").read_bytes() == (tmp_path / "before.epub").read_bytes()
    assert_clean(tmp_path / "after.epub")


@pytest.mark.parametrize("name", PROJECTS)
def test_a_folder_of_its_own_gets_all_the_files(name: str, tmp_path: Path) -> None:
    folder = made(name, tmp_path / "project")
    before = read_folder(folder)
    start_book(tmp_path / "book", source=folder)
    assert tree(read_folder(tmp_path / "book").items) == tree(before.items)
    assert not (folder / "book.yaml").exists()
    Book.from_folder(folder).write(tmp_path / "before.epub")
    Book.from_folder(tmp_path / "book").write(tmp_path / "after.epub")
    assert (tmp_path / "after.epub").read_bytes() == (tmp_path / "before.epub").read_bytes()


def test_what_is_written_down_can_be_changed(tmp_path: Path) -> None:
    folder = made("mdbook", tmp_path / "project")
    start_book(folder, source=folder)
    text = (folder / "book.yaml").read_text("utf-8")
    assert "\ntitle: My Guide" in text
    assert "\nauthor: Ann" in text
    assert "\norder: src/SUMMARY.md" in text
    assert "\nsyntax: [mdbook]" in text
    assert "\ndialect: commonmark" in text
    assert "\n# cover: cover.jpg" in text
    (folder / "book.yaml").write_text(text.replace("order: src/SUMMARY.md", "order: names"), "utf-8")
    assert tree(read_folder(folder).items) != tree(read_folder(CASES / "mdbook-root" / "in").items)


def test_a_project_with_a_book_yaml_is_left_as_it_is(tmp_path: Path) -> None:
    folder = made("plain", tmp_path / "project")
    for name in ("book.yaml", "BOOK.yml", "volumes.yaml"):
        (folder / name).write_text("title: Mine\n")
        for target in (folder, tmp_path / "other"):
            with pytest.raises(ChapbookError, match=f"has the file '{name}'"):
                start_book(target, source=folder)
        assert (folder / name).read_text() == "title: Mine\n"
        assert not (tmp_path / "other").exists()
        (folder / name).unlink()


def test_a_link_to_the_project_is_the_project(tmp_path: Path) -> None:
    folder = made("plain", tmp_path / "project")
    (tmp_path / "link").symlink_to(folder)
    assert start_book(tmp_path / "link", source=folder).files == ("book.yaml", ".book.schema.json")


def test_errors_in_the_project_are_told_and_nothing_is_written(tmp_path: Path) -> None:
    folder = made("plain", tmp_path / "project")
    (folder / "c.md").write_text("---\nweight: heavy\n---\n# C\n")
    done = run("new", "book", "--from", "project", cwd=tmp_path)
    assert done.returncode == 1
    assert "project/c.md:2:9: error: " in done.stderr
    assert not (tmp_path / "book").exists()


def test_a_source_that_is_not_there_is_a_fault_of_the_command_line(tmp_path: Path) -> None:
    assert run("new", "book", "--from", "nothing", cwd=tmp_path).returncode == 2
    with pytest.raises(ChapbookError, match="nothing"):
        start_book(tmp_path / "book", source=tmp_path / "nothing")
