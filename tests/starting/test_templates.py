"""The small books that `chapbook new` writes: they build without a message, and no file is ever written over."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from chapbook import Book, ChapbookError, build_many, start_book
from chapbook.keys.front_matter import parse_front_matter
from chapbook.keys.schema import json_schema
from chapbook.starting import TEMPLATES
from chapbook.styling.themes import theme_names
from support.command import run

UUID_4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
IDENTIFIER = re.compile(rf"^identifier: (urn:uuid:{UUID_4})$", re.MULTILINE)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("theme", [name for name, _ in theme_names()])
def test_each_template_builds_in_each_theme_without_a_message(
    template: str, theme: str, tmp_path: Path, assert_clean: Callable[[Path], None]
) -> None:
    start_book(tmp_path / "my-book", template=template)
    folders = [tmp_path / "my-book"] if template != "series" else sorted(tmp_path.glob("my-book/*/"))
    for folder in folders:
        book = Book.from_folder(folder)
        book.theme = theme
        report = book.write(tmp_path / f"{folder.name}.epub")
        assert [each for each in report.diagnostics if each.code != "volume-listed"] == []
        assert len(book.chapters) == 2
        assert_clean(tmp_path / f"{folder.name}.epub")


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_in_the_files_is_what_they_say(template: str, tmp_path: Path) -> None:
    started = start_book(tmp_path / "a long-way", template=template)
    assert sorted(started.files) == sorted(
        path.relative_to(started.folder).as_posix() for path in started.folder.rglob("*") if path.is_file()
    )
    texts = {path: path.read_text("utf-8") for path in map(started.folder.joinpath, started.files)}
    assert not any("{title}" in text or "{identifier}" in text for text in texts.values())
    first = "volumes.yaml" if template == "series" else "book.yaml"
    assert "\ntitle: A long way\n" in texts[started.folder / first]
    for path, text in texts.items():
        if path.name == "book.yaml":
            assert len(IDENTIFIER.findall(text)) == 1
            assert "cover.jpg" in text
        elif path.suffix == ".md":
            assert parse_front_matter(text, path.name).chapter.title


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_editor_finds_the_schema_of_each_settings_file(template: str, tmp_path: Path) -> None:
    started = start_book(tmp_path / "x", template=template)
    settings = [path for path in map(started.folder.joinpath, started.files) if path.suffix == ".yaml"]
    assert settings
    for path in settings:
        line, text = path.read_text("utf-8").split("\n", 1)
        schema = json.loads((path.parent / line.removeprefix("# yaml-language-server: $schema=")).read_text("utf-8"))
        assert schema == json_schema("volumes" if path.name == "volumes.yaml" else "book")
        assert not list(Draft202012Validator(schema).iter_errors(yaml.safe_load(text)))


def test_a_schema_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / ".book.schema.json").write_text("{}")
    assert ".book.schema.json" not in start_book(tmp_path, template="novel").files
    assert (tmp_path / ".book.schema.json").read_text() == "{}"


def test_every_book_gets_an_identifier_of_its_own(tmp_path: Path) -> None:
    for name in "ab":
        start_book(tmp_path / name, template="series")
    found = [each for path in tmp_path.rglob("book.yaml") for each in IDENTIFIER.findall(path.read_text("utf-8"))]
    assert len(set(found)) == 4


def test_the_switched_off_lines_hold_once_they_are_switched_on(tmp_path: Path) -> None:
    """What a template shows as an example is taken without a message, but for files that only an author has."""
    for template in TEMPLATES:
        start_book(tmp_path / template, template=template)
    for path in tmp_path.rglob("*.yaml"):
        text = re.sub(r"^# (?=[a-z_]+: \S.*(?<![.])$)(?!cover)", "", path.read_text("utf-8"), flags=re.MULTILINE)
        path.write_text(text, "utf-8")
        assert "\n# publisher: " not in text
    for template in TEMPLATES:
        for result in build_many([tmp_path / template], tmp_path / "out"):
            assert [each for each in result.diagnostics if each.code != "volume-listed"] == []


def test_the_series_is_a_library_of_two_volumes(tmp_path: Path) -> None:
    start_book(tmp_path / "lake", template="series")
    results = list(build_many([tmp_path / "lake"], tmp_path / "out"))
    assert [each.title for each in results] == ["The First Summer", "The Second Summer"]
    assert all(each.ok and not each.diagnostics for each in results)


@pytest.mark.parametrize("name", ["x: y", "#1", "[a]", "no", "{title}", "it's", "1984", "a\u2028b", "Zoë & Co"])
def test_any_folder_name_gives_a_title(name: str, tmp_path: Path) -> None:
    start_book(tmp_path / name)
    book = Book.from_folder(tmp_path / name)
    assert book.check().diagnostics == ()
    assert book.title.lower() in (name.lower(), "a b", "{title}")


def test_a_folder_with_files_is_left_as_it_is(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text("mine")
    with pytest.raises(ChapbookError) as raised:
        start_book(tmp_path)
    (said,) = raised.value.diagnostics
    assert said.code == "files-in-the-way"
    assert "00.txt, 01.txt" in said.message
    assert said.message.endswith("09.txt and 2 more")
    assert len(list(tmp_path.iterdir())) == 12


def test_a_file_or_a_dangling_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link"):
        with pytest.raises(ChapbookError, match="is a file"):
            start_book(tmp_path / name)
    assert not (tmp_path / "nowhere").exists()


def test_hidden_files_are_in_nobody_s_way(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert start_book(tmp_path).files
    assert (tmp_path / ".git").is_dir()


def test_a_file_that_appears_meanwhile_is_kept_and_the_others_are_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def racing(path: Path, *rest: int) -> int:
        if Path(path).name == "02-the-ferry.md":
            Path(path).write_text("somebody else's")
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", racing)
    with pytest.raises(ChapbookError, match="cannot be written"):
        start_book(tmp_path / "deep" / "book")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["02-the-ferry.md"]
    assert (tmp_path / "deep/book/02-the-ferry.md").read_text() == "somebody else's"


def test_an_unwritable_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ChapbookError) as raised:
        start_book(tmp_path / "file" / "book")
    assert raised.value.diagnostics[0].code in ("output-unwritable", "files-in-the-way")


def test_an_unknown_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChapbookError, match="no template 'play'"):
        start_book(tmp_path / "x", template="play")
    assert not (tmp_path / "x").exists()


def test_the_command_lists_the_files_and_says_what_comes_next(tmp_path: Path) -> None:
    done = run("new", "my book", "--template", "poetry", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:3] == ["my book/01-inventory.md", "my book/02-low-tide.md", "my book/book.yaml"]
    assert [line.split("#")[0].strip() for line in lines[-3:]] == [
        "chapbook preview 'my book'",
        "chapbook check 'my book'",
        "chapbook build 'my book'",
    ]
    assert run("check", "my book", cwd=tmp_path).stderr == ""
    again = run("new", "my book", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (1, "")
    assert "01-inventory.md, 02-low-tide.md, book.yaml [files-in-the-way]\n  hint: " in again.stderr


def test_template_and_from_do_not_go_together(tmp_path: Path) -> None:
    done = run("new", "x", "--template", "novel", "--from", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "--template does not go with --from" in done.stderr
