"""The JSON Schemas: they take what chapbook takes without a word, and refuse what it calls wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chapbook.colour.colour import parse_colour
from chapbook.keys.contributors import relator_code
from chapbook.keys.front_matter import parse_front_matter
from chapbook.keys.schema import SCHEMAS, SchemaName, json_schema
from chapbook.keys.settings_file import parse_settings
from chapbook.keys.table import BOOK_KEYS, CHAPTER_KEYS, VOLUMES_KEYS
from chapbook.keys.values import plain_value
from chapbook.keys.yaml_tree import parse_yaml
from chapbook.model.diagnostics import Diagnostic, Severity
from chapbook.reading.volumes import parse_volumes

ROOT = Path(__file__).parents[2]
VALIDATORS = {name: Draft202012Validator(json_schema(name)) for name in SCHEMAS}
NOT_ITS_AFFAIR = {"title-missing", "language-missing", "setting-unused", "setting-file-missing", "source-missing"}
"""What isn't about one value."""


def faults(name: SchemaName, text: str) -> list[str]:
    """What an editor marks in the YAML `text`."""
    root, _ = parse_yaml(text, code="settings-invalid")
    value = None if root is None else plain_value(root)
    return [f"{'.'.join(map(str, each.path))}: {each.message}" for each in VALIDATORS[name].iter_errors(value)]


def said(name: SchemaName, text: str) -> list[Diagnostic]:
    """What chapbook says of the same keys."""
    if name == "volumes":
        found = parse_volumes(text).diagnostics
    elif name == "book":
        found = parse_settings(text).diagnostics
    else:
        found = parse_front_matter(f"---\n{text}\n---\nWords.\n").diagnostics
    return [each for each in found if each.code not in NOT_ITS_AFFAIR]


def front_matter(path: Path) -> str:
    """The YAML front matter of a chapter's file; empty for none."""
    match = re.match(r"---\n(.*?)\n---\n", path.read_text("utf-8", "replace"), re.DOTALL)
    return match[1] if match else ""


def samples() -> Iterator[tuple[SchemaName, str, str]]:
    """Every settings file and front matter of the examples, the cases and the docs."""
    for folder in ("examples", "tests/cases"):
        for path in sorted((ROOT / folder).rglob("*")):
            where = path.relative_to(ROOT).as_posix()
            if path.name in {"book.yaml", "book.yml"}:
                yield "book", where, path.read_text("utf-8")
            elif path.name == "volumes.yaml":
                yield "volumes", where, path.read_text("utf-8")
            elif path.suffix == ".md" and "/expected/" not in where and front_matter(path):
                yield "chapter", where, front_matter(path)
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", _docs(), re.DOTALL | re.MULTILINE)):
        if block.startswith("---"):
            yield "chapter", f"docs/keys.md block {number}", block.strip().strip("-")
        else:
            yield "volumes" if "volumes:" in block else "book", f"docs/keys.md block {number}", block


def _docs() -> str:
    return (ROOT / "docs/keys.md").read_text("utf-8") + (ROOT / "README.md").read_text("utf-8")


SAMPLES = list(samples())


def test_the_samples_are_many() -> None:
    counts = [sum(kind == name for kind, _, _ in SAMPLES) for name in SCHEMAS]
    assert counts[0] > 25
    assert counts[1] > 1
    assert counts[2] > 100


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_by_its_metaschema(name: SchemaName) -> None:
    schema = json_schema(name)
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(("name", "table"), [("book", BOOK_KEYS), ("volumes", VOLUMES_KEYS), ("chapter", CHAPTER_KEYS)])
def test_a_schema_has_each_key_under_all_its_names_with_its_meaning(name: SchemaName, table: tuple[Any, ...]) -> None:
    properties = json_schema(name)["properties"]
    assert set(properties) == {each for key in table for each in (key.name, *key.also)}
    for key in table:
        for each in (key.name, *key.also):
            assert key.meaning in properties[each]["description"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_patterns_are_those_of_javascript_too(name: SchemaName) -> None:
    """With its flag `u`, which validators set, a backslash before any other character is a fault."""
    patterns = re.findall(r'"(?:pattern)": ("(?:[^"\\]|\\.)*")', json.dumps(json_schema(name)))
    assert len(patterns) > 5
    for each in map(json.loads, patterns):
        assert not re.search(r"\\[^sSdDu.^$*+?()\[\]{}|\\/]", each), each
        assert "(?i" not in each
        assert "(?P" not in each


@pytest.mark.parametrize(("name", "where", "text"), SAMPLES, ids=[where for _, where, _ in SAMPLES])
def test_nothing_is_marked_that_chapbook_takes(name: SchemaName, where: str, text: str) -> None:
    assert where
    # Whether a colour is one is asked when it is used.
    marked = [each for each in faults(name, text) if not each.startswith(("c:", "accent:"))]
    assert not marked or said(name, text)


RIGHT: list[tuple[SchemaName, str]] = [
    ("book", ""),
    ("book", "title: 1984"),
    ("book", "title:"),
    ("book", "Title: A book"),
    ("book", "x-note: {mine: [1, 2]}"),
    ("book", "language: no"),
    ("book", "language: zh-Hant-TW"),
    ("book", "author: Ann"),
    ("book", "authors: [Ann, {name: Bo, role: Illustrator, file_as: 'Bo, B.'}, {name: Cy, role: trl, url: x}]"),
    ("book", "contributors: {translator: Ann, illustrator: [Bo, {name: Cy, file-as: C}], ill: Di}"),
    ("book", "contributors: [{name: Ann, role: proof reader}, {editor: Bo}]"),
    ("book", "identifier: 9783161484100"),
    ("book", "identifier: ISBN 978-3-16-148410-0"),
    ("book", "identifier: urn:uuid:5d980d71-085e-4db0-8a8b-092ffc432f09"),
    ("book", "identifier: 5d980d71-085e-4db0-8a8b-092ffc432f09"),
    ("book", "identifier: 10.1000/182"),
    ("book", "identifier: 'doi: 10.1000/182'"),
    ("book", "identifier: 0-306-40615-2"),
    ("book", "isbn_print: 978-3-16-148410-0"),
    ("book", "date: 2024"),
    ("book", "date: 2024-10"),
    ("book", "date: 5 October 2024"),
    ("book", "modified: 2024-10-05T12:00:00+02:00"),
    ("book", "subjects: [Harbours, {name: Sea, code: FIC047000, scheme: bisac}]"),
    ("book", "subject: {name: Harbors, scheme: LCSH}"),
    ("book", "series: {name: Tides, index: 2.5}"),
    ("book", "series: {name: Tides, index: '1.2.3'}"),
    ("book", "direction: RTL"),
    ("book", "edition: 2"),
    ("book", "rights_uri: CC BY 4.0"),
    ("book", "rights_uri: https://example.org/licence"),
    ("book", "accessibility: {conforms_to: wcag 2.1 aa, certified_by: Ann}"),
    ("book", "accessibility: {summary: All pictures are described.}"),
    ("book", "cover: /cover.png"),
    ("book", "accent: oklch(45% 0.1 250)"),
    ("book", 'accent: "#7a3b2e"'),
    ("book", "css: [a.css, b/c.css]"),
    ("book", "fonts: [a.ttf, {file: b.ttf, subset: yes}]"),
    ("book", "dialect: CommonMark"),
    ("book", "extensions: [pymdownx.superfences, {toc: {permalink: false}}, {smarty: }]"),
    ("book", "extensions: {toc: {permalink: false}}"),
    ("book", "syntax: none"),
    ("book", "syntax: [obsidian, MkDocs]"),
    ("book", "link_prefix: /guide"),
    ("book", "smart: Off"),
    ("book", "toc_depth: '3'"),
    ("book", "images: {max_pixels: 5_600_000, quality: 90}"),
    ("book", "render_seconds: 2.5"),
    ("book", "order: names"),
    ("book", "order: toc.md"),
    ("book", "assets: [static, media/]"),
    ("volumes", "title: Tides\nvolumes: [one, two]\noutput: '{series}-{index:02}'\nauthor: Ann"),
    ("chapter", ""),
    ("chapter", "layout: post\ntags: [a]\nmenu: {main: {weight: 1}}"),
    ("chapter", "weight: 010"),
    ("chapter", "weight: '-2.5'"),
    ("chapter", "date: 2025-10-13T10:00:00+02:00"),
    ("chapter", "date: Sun, 28 Feb 2021 20:57:11 +0100"),
    ("chapter", "date: 1700000000"),
    ("chapter", "type: Copyright Page"),
    ("chapter", "type: acknowledgements"),
    ("chapter", "type: post"),
    ("chapter", "c: steelblue"),
    ("chapter", "lang: fr"),
    ("chapter", "draft: no\nin_toc: 'true'\nshow_title: ON"),
    ("chapter", "author: {name: Ann, email: a@example.org}"),
    ("chapter", "aliases: /old/"),
]

WRONG: list[tuple[SchemaName, str]] = [
    ("book", "- title"),
    ("book", "titel: A"),
    ("book", "lang: en"),
    ("book", "title: [A, B]"),
    ("book", "author: Ann\nauthors: [Bo]"),
    ("book", "authors: [{role: editor}]"),
    ("book", "authors: [{name: Ann, role: hero}]"),
    ("book", "authors: [{name: Ann, rloe: editor}]"),
    ("book", "contributors: {hero: Ann}"),
    ("book", "language: en_GB"),
    ("book", "language: klingon"),
    ("book", "identifier: my book"),
    ("book", "identifier: 978-3-16-14"),
    ("book", "isbn_print: none"),
    ("book", "date: 2024-13"),
    ("book", "date: next week"),
    ("book", "modified: [2024]"),
    ("book", "subjects: [{name: Sea, code: FIC047000}]"),
    ("book", "subjects: [{name: Sea, code: A, scheme: DDC}]"),
    ("book", "series: Tides"),
    ("book", "series: {index: 2}"),
    ("book", "series: {name: Tides, index: second}"),
    ("book", "direction: up"),
    ("book", "rights_uri: my own"),
    ("book", "accessibility: {conforms_to: WCAG 2.1 AA}"),
    ("book", "accessibility: {certified_by: Ann}"),
    ("book", "accessibility: {conforms_to: AA, certified_by: Ann}"),
    ("book", "css: {a: b}"),
    ("book", "fonts: [{subset: true}]"),
    ("book", "fonts: [{file: a.ttf, subset: perhaps}]"),
    ("book", "dialect: rst"),
    ("book", "extensions: [{toc: yes please}]"),
    ("book", "syntax: [wordpress]"),
    ("book", "smart: perhaps"),
    ("book", "toc_depth: 4"),
    ("book", "toc_depth: two"),
    ("book", "images: {quality: 96}"),
    ("book", "images: {size: 1}"),
    ("book", "render_seconds: 0"),
    ("volumes", "title: Tides"),
    ("volumes", "title: Tides\nvolumes: one"),
    ("volumes", "title: Tides\nvolumes: [one, one]"),
    ("volumes", "title: Tides\nvolumes: []"),
    ("volumes", "title: Tides\nvolumes: [one]\noutput: [a]"),
    ("volumes", "title: Tides\nvolumes: [one]\nvolume: two"),
    ("chapter", "title: {a: b}"),
    ("chapter", "weight: heavy"),
    ("chapter", "date: 2024-40-02"),
    ("chapter", "type: rant"),
    ("chapter", "draft: perhaps"),
    ("chapter", "c: red\naccent: blue"),
    ("chapter", "language: english (UK)"),
    ("chapter", "in_toc: 1"),
    ("chapter", "authors: [{name: Ann, role: hero}]"),
]


@pytest.mark.parametrize(("name", "text"), RIGHT)
def test_right_values_are_taken(name: SchemaName, text: str) -> None:
    assert faults(name, text) == []
    assert [each for each in said(name, text) if each.severity is not Severity.NOTE] == []


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_wrong_values_are_marked(name: SchemaName, text: str) -> None:
    assert said(name, text), "chapbook takes it"
    assert faults(name, text)


def test_the_roles_that_editors_offer_are_relators() -> None:
    offered = json_schema("book")["$defs"]["role"]["anyOf"][0]["enum"]
    assert len(offered) > 10
    assert all(relator_code(each) for each in offered)


def test_what_the_file_system_alone_can_say_is_not_marked() -> None:
    assert faults("book", "cover: none.png\ncss: [none.css]") == []


@pytest.mark.parametrize(
    "colour", ["SteelBlue", "#abc", "#abcd", "#7a3b2e", "rgb(122 59 46)", "hsl(120deg, 50%, 20%)", "oklch(45% 0.1 250)"]
)
def test_colours_are_taken(colour: str) -> None:
    assert parse_colour(colour)
    assert faults("chapter", f'c: "{colour}"') == []


@pytest.mark.parametrize("word", ["not-a-colour", "#7a3b2", "12"])
def test_what_is_not_a_colour_is_marked(word: str) -> None:
    assert parse_colour(word) is None
    assert faults("book", f'accent: "{word}"')


def test_paths_out_of_the_folder_and_addresses_are_marked() -> None:
    assert faults("book", "cover: ../cover.png")
    assert faults("book", "css: https://example.org/a.css")
