"""The preview as its user has it: the command, and its page in a real browser."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from support.browser import run_script
from support.libraries import write_files
from support.processes import PATIENCE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="interrupts are sent as POSIX has them")

WORDS = "The keeper counted what there was to count, and wrote it down by the light of the lantern number {}."
LONG = "\n\n".join(f"{WORDS.format(number)} {WORDS.format(number + 1000)}" for number in range(60))
FILES = {
    "book.yaml": "title: The Long Way\nauthor: Ann\nlanguage: en\ncss: own.css\n",
    "long.md": f"---\ntitle: The Long Chapter\nweight: 1\n---\n\nThe first words.\n\n{LONG}\n",
    "faults.md": (
        "---\ntitle: Faults\nweight: 2\n---\n\nHere stands [a broken link](nowhere.md), alone.\n\n"
        f'<table><tr><td style="white-space: nowrap">{WORDS}</td></tr></table>\n'
    ),
    "own.css": (
        "td { white-space: nowrap !important }\n@media (prefers-color-scheme: dark) { h1 { letter-spacing: 2px } }\n"
    ),
}
SECONDS = 280


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("preview")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, and the address that it printed."""
    book = write_files(folder / "book", FILES)
    words = [sys.executable, "-u", "-m", "chapbook", "preview", str(book), "--editor", "vscode", "--no-cache"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{32}", address), process.stderr
        yield process, address
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def seen(running: tuple[subprocess.Popen[str], str], folder: Path) -> dict[str, Any]:
    (found,) = run_script(Path(__file__).with_name("preview.cjs"), running[1], folder / "book", seconds=SECONDS)
    assert isinstance(found, dict)
    return found


def test_the_token_is_not_left_in_the_address(seen: dict[str, Any]) -> None:
    assert "token" not in seen["reading"]["address"]


def test_a_saved_file_is_seen_and_the_spot_kept(seen: dict[str, Any]) -> None:
    reading = seen["reading"]
    assert "lantern number" in reading["before"]
    assert reading["before"] == reading["after"]
    assert reading["id"] == "/book/-/light/text/long.xhtml"
    assert re.search(r"page [34] of", reading["page"])


def test_a_message_shows_its_line_and_its_place(seen: dict[str, Any], folder: Path) -> None:
    messages = seen["messages"]
    assert "Here stands [a broken link](nowhere.md), alone." in messages["line"]
    assert messages["link"] == f"vscode://file{(folder / 'book').as_posix()}/faults.md:6:13"
    assert messages["marked"] == "a broken link"
    assert any("nowhere.md" in each for each in messages["beside"])


def test_a_table_that_leaves_the_page_is_told(seen: dict[str, Any]) -> None:
    assert any("A table reaches over the edge of the page by" in each for each in seen["messages"]["layout"])


def test_the_book_is_told_of_dark_pages_and_of_black_ones_not(seen: dict[str, Any]) -> None:
    light, dark, sepia, black = (seen["colours"][each] for each in ("light", "dark", "sepia", "black"))
    assert len({each["ground"] for each in (light, dark, sepia, black)}) == 4
    assert [each["asked"] for each in (light, dark, sepia, black)] == ["normal", "2px", "normal", "normal"]
    assert black["text"] == "rgb(255, 255, 255)"


def test_the_keyboard_suffices(seen: dict[str, Any]) -> None:
    keyboard = seen["keyboard"]
    reached = {"view", "device", "look", "type", "font", "words", "stage", "back", "on", "entry", "skip"}
    assert reached <= set(keyboard["reached"])
    assert keyboard["unseen"] == []


def test_search_goes_to_the_words(seen: dict[str, Any]) -> None:
    assert seen["searched"].startswith("lantern number 40")


def test_axe_finds_nothing(seen: dict[str, Any]) -> None:
    assert {**seen["views"], "dark": seen["dark"]} == {"pages": [], "sizes": [], "themes": [], "dark": []}


def test_the_page_fails_nowhere_and_asks_nobody_else(seen: dict[str, Any]) -> None:
    assert seen["faults"] == []
    assert len(seen["hosts"]) == 1


def test_ctrl_c_ends_it_beside_an_open_page(running: tuple[subprocess.Popen[str], str], seen: dict[str, Any]) -> None:
    process, address = running
    assert seen
    host, _, way_in = address.removeprefix("http://").partition("/")
    page = http.client.HTTPConnection(host, timeout=PATIENCE)
    page.request("GET", f"/{way_in}")
    answer = page.getresponse()
    answer.read()
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    page.request("GET", "/events", headers={"Cookie": cookie})
    with closing(page), page.getresponse() as events:
        assert events.readline().startswith(b"data: ")
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
