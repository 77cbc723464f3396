"""What is no YAML is said in an author's words, on the line of the slip, with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook.keys.yaml_tree import parse_yaml
from support.command import run
from support.libraries import write_files


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("title: T\n  language: en", "2:3", "line 2 is indented more than line 1"),
        ("title: T\n\n# c\n   language: en\nauthor: A", "4:4", "line 4 is indented more than line 1"),
        ("title: T\n\n # d\n  language: en\n", "4:3", "line 4 is indented more than line 1"),
        ("authors:\n  - name: A\n     role: x\n", "3:6", "line 3 is indented more than line 2"),
        ("authors:\n  - A\n    role: x\n", "3:5", "line 3 is indented more than line 2"),
        ("series:\n  name: S\n index: 2\n", "3:2", "line 3 is indented less than line 2"),
        ("  title: T\nlanguage: en\n", "2:1", "line 2 is indented less than line 1"),
        ("volumes:\n - one\n- two\n", "3:1", "line 3 is indented less than line 2"),
        ("authors:\n  - A\n - B\n", "3:2", "line 3 is indented less than line 2"),
        ("subjects: a\n- b\n", "2:1", "a list item ('- ') below line 1, which has a value already"),
        ("key value\ntitle: T\n", "1:1", "a line without 'key:'"),
        ("title: T\nlanguage\nauthor: A\n", "2:1", "a line without 'key:'"),
        ("title: T: U\n", "1:9", "a colon and a space inside a value"),
        ("description: one\n  two\n  three: four\n", "3:8", "a colon and a space inside a value"),
        ("title: T\nauthors: [A, B\nlanguage: en\n", "2:10", "a list that opens with '[' never closes"),
        ("authors: [A, B\n\n\n", "1:10", "a list that opens with '[' never closes"),
        ("title: T\nauthors: [\n", "2:10", "a list that opens with '[' never closes"),
        ("authors: [A,\n  B\n]\nsubjects: [a, [b],\n", "4:11", "a list that opens with '[' never closes"),
        ("series: {name: S,\n", "1:9", "a mapping that opens with '{' never closes"),
        ("authors: [A,, B]\n", "1:13", "a comma without a value before it"),
        ("title: ]\n", "1:8", "']' closes nothing"),
        ("title: T\nx:\n\t- a\n", "3:1", "a tab where YAML takes only spaces"),
    ],
)
def test_the_slip_is_named_where_it_is(text: str, place: str, words: str) -> None:
    tree, (fault,) = parse_yaml(text, code="settings-invalid")
    assert tree is None
    assert (f"{fault.line}:{fault.column}", fault.message) == (place, f"invalid YAML: {words}")
    assert fault.hint


def test_lines_are_those_of_the_file() -> None:
    _, (fault,) = parse_yaml("title: T\n  date: x\n", code="front-matter-invalid", first_line=5)
    assert (fault.line, fault.message) == (6, "invalid YAML: line 6 is indented more than line 5")


def test_the_hint_of_a_bad_indentation_does_not_hide_the_key(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "book", {"book.yaml": "title: T\n  language: en\n", "a.md": "T\n"})
    done = run("check", folder, cwd=folder)
    assert "book.yaml:2:3: error: invalid YAML: line 2 is indented more than line 1" in done.stderr
    assert "quotes" in done.stderr
    assert "align the key with the key above it" in done.stderr
