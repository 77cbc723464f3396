"""The commands that read no book: schema, explain and doctor."""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import click
import pytest

from chapbook.command import cli, doctor
from chapbook.command.doctor import EXTRAS, Finding, findings, findings_text
from chapbook.command.explain import explanation, likely_codes
from chapbook.command.message_examples import EXAMPLES, WITHOUT
from chapbook.keys.schema import SCHEMAS, json_schema
from chapbook.model.codes import CODES
from support.command import run

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_prints_the_schema_of_a_file(name: str, tmp_path: Path) -> None:
    done = run("schema", name, cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout) == json_schema(next(each for each in SCHEMAS if each == name))


def test_schema_alone_is_that_of_book_yaml(tmp_path: Path) -> None:
    assert run("schema", cwd=tmp_path).stdout == run("schema", "book", cwd=tmp_path).stdout


def test_schema_names_what_it_has(tmp_path: Path) -> None:
    done = run("schema", "library", cwd=tmp_path)
    assert done.returncode == 2
    assert "'book', 'volumes', 'chapter'" in done.stderr
    command = cli.chapbook.commands["schema"]
    assert isinstance(command.params[0].type, click.Choice)
    assert tuple(command.params[0].type.choices) == SCHEMAS


def test_explain_prints_meaning_example_message_and_hint(tmp_path: Path) -> None:
    done = run("explain", "link-target-missing", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("link-target-missing (warning)\n")
    assert CODES["link-target-missing"].meaning[1:] in done.stdout
    assert "    [there](nowhere.md)\n" in done.stdout
    assert "    a.md:1:1: warning: " in done.stdout
    assert "    hint: " in done.stdout


@pytest.mark.parametrize("word", ["[key-unknown]", "KEY-UNKNOWN", " key-unknown "])
def test_a_code_may_be_copied_from_its_message(word: str, tmp_path: Path) -> None:
    assert run("explain", word, cwd=tmp_path).stdout.startswith("key-unknown (warning)\n")


@pytest.mark.parametrize("code", sorted(WITHOUT))
def test_a_code_without_an_example_says_what_it_takes(code: str) -> None:
    assert WITHOUT[code].replace("`", "") in explanation(code)


@pytest.mark.parametrize("code", ["control-character", "not-utf8", "too-deep", "nesting-deep", "beside-bundle"])
def test_an_explanation_is_fit_for_a_terminal(code: str) -> None:
    assert code in EXAMPLES
    lines = explanation(code).splitlines()
    assert all(line.isprintable() and len(line) <= 120 for line in lines)


@pytest.mark.parametrize(
    ("word", "likely"),
    [
        ("key-unkown", "key-unknown"),
        ("linktargetmissing", "link-target-missing"),
        ("cover", "cover-invalid"),
        ("missing-image", "image-missing"),
    ],
)
def test_a_misspelt_code_gets_near_ones(word: str, likely: str, tmp_path: Path) -> None:
    assert likely in likely_codes(word)
    done = run("explain", word, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"'{likely}'" in done.stderr


def test_a_word_like_no_code_is_told_where_the_codes_are(tmp_path: Path) -> None:
    done = run("explain", "qqqq", cwd=tmp_path)
    assert done.returncode == 2
    assert "'chapbook explain' lists all codes" in done.stderr


def test_explain_alone_lists_all_codes(tmp_path: Path) -> None:
    listed = run("explain", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(CODES)


def test_doctor_prints_a_table_and_the_same_as_json(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"x" * 2_000_000)
    table = run("doctor", cwd=tmp_path, CHAPBOOK_CACHE_DIR=str(tmp_path))
    document = run("doctor", "--json", "--cache-dir", tmp_path, cwd=tmp_path)
    assert (table.returncode, document.returncode) == (0, 0)
    found = {each["name"]: each for each in json.loads(document.stdout)["findings"]}
    assert set(EXTRAS) | {"Python", "Java", "EPUBCheck", "Chromium", "Node", "Ace", "Arabic", "size"} <= set(found)
    assert sys.executable in found["Python"]["found"]
    assert found["pymdown"]["found"] == f"pymdown-extensions {metadata.version('pymdown-extensions')}"
    assert found["size"]["found"] == "2.0 MB in 1 files"
    assert found["Latin"]["found"].startswith("Inter")
    assert all(f"  {name}" in table.stdout for name in found)


def test_what_is_missing_is_told_with_the_way_to_get_it(tmp_path: Path) -> None:
    found = json.loads(run("doctor", "--json", cwd=tmp_path, PATH="").stdout)["findings"]
    java = next(each for each in found if each["name"] == "Java")
    assert java["found"] is None
    assert "install a Java runtime" in java["remedy"]
    table = run("doctor", cwd=tmp_path, PATH="")
    assert table.returncode == 0
    assert "To get it: install" in table.stdout


def test_a_program_that_does_not_start_is_told_as_such(tmp_path: Path) -> None:
    for name in ("java", "node"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 3\n" if name == "java" else "no program", "utf-8")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "chromium").write_text("#!/bin/sh\nprintf '\\033[31mno number\\n'\n", "utf-8")
    (tmp_path / "chromium").chmod(0o755)
    done = run("doctor", "--json", cwd=tmp_path, PATH=str(tmp_path))
    assert done.returncode == 0
    found = {each["name"]: each["found"] for each in json.loads(done.stdout)["findings"]}
    assert found["Java"] == f"{tmp_path / 'java'}, which doesn't start"
    assert found["Node"].startswith("chapbook can't tell: OSError")
    assert found["Chromium"] == str(tmp_path / "chromium")


def test_looking_never_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("no such luck")

    for name in ("_package", "_program", "_font", "_size"):
        monkeypatch.setattr(doctor, name, broken)
    told = [each.found for each in findings(tmp_path)]
    assert told.count("chapbook can't tell: RuntimeError: no such luck") == len(told) - 3


def test_a_cache_that_is_not_there_is_empty(tmp_path: Path) -> None:
    sizes = [each.found for each in findings(tmp_path / "none") if each.name == "size"]
    assert sizes == ["0.0 MB in 0 files"]


def test_the_table_is_as_wide_as_the_terminal_and_shows_no_control_characters() -> None:
    found = [
        Finding(group="A", name="one", found="1.0", purpose="words " * 30),
        Finding(group="A", name="two", found="a long place " * 6 + "\x1b[31m", purpose="words " * 30),
    ]
    lines = list(findings_text(found, 80))
    assert all(line.isprintable() for line in lines)
    assert [line for line in lines if len(line) > 80] == [line for line in lines if "a long place" in line]


def test_the_extras_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {name: package for name, (package, _) in EXTRAS.items()} == {
        name: requirement[0].partition(">")[0] for name, requirement in project.items()
    }


@pytest.mark.parametrize("words", [("schema",), ("explain", "draft"), ("doctor",)])
def test_they_read_no_book(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: [", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    done = run(*words, cwd=tmp_path, CHAPBOOK_CACHE_DIR=str(tmp_path / "cache"))
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(tmp_path.rglob("*")) == before


def test_java_is_found_where_it_is(tmp_path: Path) -> None:
    programs = {each.name: each.found for each in findings(tmp_path) if each.group == "Programs"}
    assert bool(programs["Node"]) == bool(shutil.which("node") or shutil.which("nodejs"))
    assert bool(programs["Java"]) == bool(shutil.which("java"))
