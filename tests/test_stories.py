"""The tutorial and the how-tos: whoever follows one from an empty folder gets what it says, and valid books."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.epubcheck import Message
from support.gate import check_epub
from support.stories import lines_of, prepare, write_file
from test_docs import STORIES, blocks, opened, run, run_python


@pytest.mark.parametrize("page", STORIES)
def test_a_reader_can_follow_the_page(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    printed, ran = "", 0
    for block in blocks(page):
        if block.named:
            write_file(block, tmp_path)
        elif block.language == "sh" and block.mark != "not":
            for line in lines_of(block):
                assert run(line, monkeypatch) == block.exit, line
                ran += 1
            printed = "".join(capsys.readouterr())
        elif block.language == "python":
            run_python(block.text, page, {})
        elif block.language == "text":
            assert sorted(printed.splitlines()) == sorted(block.text.splitlines())
    assert ran
    for book in sorted(tmp_path.rglob("*.epub")):
        assert check_epub(book) == []
        if not request.config.getoption("--core"):
            said: list[Message] = request.getfixturevalue("epubcheck").messages(book)
            assert [each for each in said if each.id != "CSS-028"] == []  # a use of @font-face, which is meant


@pytest.mark.parametrize("page", STORIES)
def test_a_sample_has_no_warning_in_the_end(page: str) -> None:
    """At least one command of the page counts warnings as errors."""
    assert any("--strict" in line for block in blocks(page) if block.language == "sh" for line in lines_of(block))


def test_the_pictures_of_the_tutorial_are_those_that_are_drawn() -> None:
    shown = [image.get("src") for image in opened("docs/tutorial.md").iter("img")]
    script = (Path(__file__).parent.parent / "docs/pictures/make_tutorial.py").read_text("utf-8")
    assert shown == [f"pictures/tutorial/{name}.png" for name in re.findall(r'^ +"(\d-[a-z]+)":', script, re.MULTILINE)]
