"""Faults of keys and values that are told as what they are, and not as something else."""

from pathlib import Path

import pytest

from chapbook.keys.front_matter import parse_front_matter
from chapbook.keys.settings_file import parse_settings
from chapbook.model.diagnostics import Diagnostic
from chapbook.reading.source import read_source
from chapbook.reading.volumes import parse_volumes


def said(place: str, text: str) -> tuple[Diagnostic, ...]:
    if place == "front matter":
        return parse_front_matter(f"---\n{text}---\n").diagnostics
    return parse_settings(text).diagnostics if place == "book.yaml" else parse_volumes(text).shared.diagnostics


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("front matter", "c: red\naccent: blue\n"),
        ("front matter", "Author: A\nauthors: [B]\n"),
        ("front matter", "lang: en\nlanguage: de\n"),
        ("book.yaml", "author: A\nauthors: [B]\n"),
        ("book.yaml", "author: {name: A, file_as: B, file-as: C}\n"),
        ("volumes.yaml", "author: A\nauthors: [B]\nvolumes: [v]\ntitle: T\n"),
    ],
)
def test_a_key_under_two_of_its_names_is_doubled(place: str, text: str) -> None:
    assert [(each.code, each.column is not None) for each in said(place, text)] == [("key-doubled", True)]


def test_both_names_and_lines_are_told() -> None:
    (fault,) = said("front matter", "c: red\naccent: blue\n")
    assert str(fault) == "3:1: error: 'c' and 'accent' are the same key: in lines 2 and 3 [key-doubled]"
    assert fault.hint == "put everything under 'accent'"


@pytest.mark.parametrize("date", ["2024-02-30", "2024-13-01", "2024-2-3", "2024-02-30T10:00:00Z"])
def test_a_date_of_toml_that_is_none_is_told_as_one(date: str) -> None:
    (fault,) = parse_front_matter(f'+++\ntitle = "2024-02-30 = x"\ndate = {date}\n+++\n').diagnostics
    assert (fault.code, fault.line, fault.column) == ("value-invalid", 3, 8)
    assert fault.message == f"'{date}' is not a valid date"


@pytest.mark.parametrize("settings", [b"theme:modern\n", b"title: caf\xe9\n", b"title: [\n", b"- a\n"])
def test_what_could_not_be_read_is_not_called_missing(settings: bytes, tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_bytes(settings)
    (tmp_path / "a.md").write_text("# A\n")
    assert [each.code for each in read_source(tmp_path).diagnostics] in (["settings-invalid"], ["not-utf8"])


@pytest.mark.parametrize("text", [b"---\ntitle: [\n---\nA\n", b"---\ntitle: caf\xe9\n---\nA\n"])
def test_nor_in_a_book_of_one_file(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(text)
    assert [each.code for each in read_source(tmp_path / "a.md").diagnostics] in (
        ["front-matter-invalid"],
        ["not-utf8"],
    )
