"""What a file says of its book takes no more memory than a few times its length, whoever wrote it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest

from chapbook.keys.front_matter import parse_front_matter
from chapbook.keys.settings_file import parse_settings
from chapbook.reading.volumes import parse_volumes

LONG = "x" * 4_000_000
"""Longer than front matter may be."""
LARGE = "x" * 200_000


def peak_of(parse: Callable[[str], object], text: str) -> int:
    """The most bytes that parsing has beside the text."""
    tracemalloc.start()
    try:
        parse(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text",
    [
        f'{{"a": "{LONG}"}}\nwords\n',
        f'{{\n"a": 1,\n"b": "{LONG}"\n}}\nwords\n',
        '{"a": [' + "[], " * 2_000_000 + "0]}\nwords\n",
        '{"a": [\n' + "[],\n" * 2_000_000 + "0]\n}\nwords\n",
        f'---\na: "{LONG}"\n---\nwords\n',
        f'+++\na = "{LONG}"\n+++\nwords\n',
    ],
    ids=["json", "json in lines", "json list", "json list in lines", "yaml", "toml"],
)
def test_front_matter_is_measured_before_it_is_parsed(text: str) -> None:
    read = parse_front_matter(text, "a.md")
    assert [each.code for each in read.diagnostics] == ["file-too-large"]
    assert read.chapter.text == "words\n"
    assert peak_of(parse_front_matter, text) < 30 * 1_048_576, "what the longest that is allowed may take"


@pytest.mark.parametrize("parse", [parse_settings, parse_volumes])
def test_settings_are_measured_before_they_are_parsed(parse: Callable[[str], object]) -> None:
    assert peak_of(parse, f'title: "{LONG}"\n') < 2 * len(LONG)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"a": "{LARGE}"}}\n',
        '{"a": "' + r"\n" * 100_000 + '"}\n',
        f'+++\na = "{LARGE}"\n+++\n',
        f'+++\na = """{LARGE}"""\n+++\n',
        f"+++\na = '''{LARGE}'''\n+++\n",
        f'+++\n"{LARGE}" = 1\n+++\n',
        f'---\na: "{LARGE}"\n---\n',
        "---\na: " + "\u2028" * 200_000 + "\n---\n",
    ],
    ids=["json", "json escapes", "toml", "toml lines", "toml literal", "toml key", "yaml", "yaml separators"],
)
def test_a_long_value_takes_a_few_bytes_a_letter(text: str) -> None:
    assert not parse_front_matter(text, "a.md").diagnostics
    assert peak_of(parse_front_matter, text) < 40 * len(text)


def test_text_far_behind_json_front_matter_is_no_part_of_it() -> None:
    read = parse_front_matter('{"title": "A",\n"weight": 1}\n' + LONG, "a.md")
    assert (read.chapter.title, read.chapter.text, read.diagnostics) == ("A", LONG, ())


def test_a_fault_in_json_front_matter_is_told_however_long_the_text_is() -> None:
    read = parse_front_matter('{"title": "A",\n"weight" 1}\n' + LONG, "a.md")
    assert [(each.code, each.line) for each in read.diagnostics] == [("front-matter-invalid", 2)]
