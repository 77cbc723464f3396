"""`chapbook diff` and `chapbook stats`: what is printed, as text and as JSON, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chapbook.command import cli
from support.libraries import write_files, write_library
from support.made_epubs import picture

SETTINGS = "title: T\nauthor: A\nlanguage: en\nidentifier: urn:uuid:12345678-1234-4234-8234-123456789abc\n"
ARRIVAL = "---\ntitle: Arrival\nweight: 1\n---\nThe gulls had gone back to the quay and waited there for us.\n"
NIGHT = "---\ntitle: Night\nweight: 2\n---\nIt was dark. ![A map](map.png)\n"
OLD: dict[str, str | bytes] = {
    "book.yaml": SETTINGS,
    "cover.png": picture((60, 90)),
    "a.md": ARRIVAL,
    "b.md": NIGHT,
    "map.png": picture((40, 30)),
}
NEW: dict[str, str | bytes] = {
    **OLD,
    "book.yaml": f"{SETTINGS}edition: 2\n",
    "a.md": ARRIVAL.replace("weight: 1", "weight: 3").replace("the quay", "the end of the pier"),
    "b.md": NIGHT.replace("Night", "The Second Night"),
    "c.md": "---\ntitle: Letters\nweight: 9\n---\nDear A.,\x07 a letter.\n",
    "map.png": picture((80, 60)),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_files(tmp_path / "old", OLD)
    write_files(tmp_path / "new", NEW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> int:
    return cli.run([*words, "--no-cache", "-j", "1"])


@pytest.mark.usefixtures("place")
def test_what_differs_for_a_person(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("diff", "old", "new", "--words") == 1
    out, err = capfd.readouterr()
    assert err == ""
    before, after = len(OLD["map.png"]), len(NEW["map.png"])
    assert out == (
        "from 'old' to 'new'\n"
        "metadata:\n"
        "  edition: nothing → '2'\n"
        "chapters:\n"
        "  changed  b.md: The Second Night\n"
        "           title: 'Night' → 'The Second Night'\n"
        "           moved: now the first\n"
        "  changed  a.md: Arrival\n"
        "           4 words added, 1 word removed\n"
        "           had gone back to the [-quay-] {+end of the pier+} and waited there for us.\n"
        "  added    c.md: Letters (5 words)\n"
        "pictures:\n"
        f"  changed  images/map.png (40 × 30 pixels, {before} B → 80 × 60 pixels, {after} B)\n"
    )


@pytest.mark.usefixtures("place")
def test_what_differs_for_a_program(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("diff", "old", "new", "--json") == 1
    told = json.loads(capfdbinary.readouterr().out)
    assert (told["before"], told["after"], told["same"]) == ("old", "new", False)
    assert [(each["change"], each["name"]) for each in told["chapters"]] == [
        ("changed", "b.md"),
        ("changed", "a.md"),
        ("added", "c.md"),
    ]
    assert "passages" not in told["chapters"][1]
    assert (told["files"][0]["before"]["width"], told["files"][0]["after"]["width"]) == (40, 80)
    assert run("diff", "old", "new", "--json", "--words") == 1
    told = json.loads(capfdbinary.readouterr().out)
    assert [each["added"] for each in told["chapters"][1]["passages"]] == ["end of the pier"]


@pytest.mark.usefixtures("place")
def test_nothing_differs(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["build", "old", "-o", "old.epub", "--no-cache", "-q"]) == 0
    capfd.readouterr()
    assert run("diff", "old.epub", "old") == 0
    assert capfd.readouterr() == ("no difference between 'old.epub' and 'old'\n", "")


def test_what_cannot_be_compared(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_files(place / "broken", {"book.yaml": SETTINGS, "a.md": "---\nweight: heavy\n---\nText.\n"})
    write_library(place / "library", 2)
    (place / "no.epub").write_bytes(b"nothing")
    assert run("diff", "old", "broken") == 2
    assert "broken/a.md:2:9: error: " in capfd.readouterr().err
    assert run("diff", "old", "library") == 2
    assert "'library' has 2 books (v001, v002)" in capfd.readouterr().err
    assert run("diff", "old", "no.epub") == 2
    assert "'no.epub' isn't an EPUB" in capfd.readouterr().err
    assert run("diff", "old") == 2
    assert run("diff", "old", "nowhere") == 2
    assert capfd.readouterr().out == ""
    assert run("diff", "library", "library", "--only", "v001") == 0


@pytest.mark.usefixtures("place")
def test_tables_of_statistics(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("stats", "new") == 0
    out, err = capfd.readouterr()
    assert err == ""
    head, whole, chapters, languages, pictures, speed = out.split("\n\n")
    assert head == "T"
    assert whole.splitlines()[0].split() == ["words", "28"]
    assert [line.split("  ")[0] for line in chapters.splitlines()[1:]] == ["Arrival", "The Second Night", "Letters"]
    assert languages.splitlines()[1].split() == ["en", "28", "109", "1"]
    assert [line.split()[0] for line in pictures.splitlines()[1:]] == ["cover.png", "images/map.png"]
    assert speed.startswith("The reading time assumes 230 words a minute")


def test_statistics_of_several_books(place: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_library(place / "library", 2)
    write_files(place / "broken", {"book.yaml": SETTINGS, "a.md": "---\nweight: heavy\n---\nText.\n"})
    assert run("stats", "library", "broken", "old", "--json") == 1
    told = json.loads(capfdbinary.readouterr().out)["books"]
    assert [(each["source"], each["ok"]) for each in told] == [
        ("library/v001", True),
        ("library/v002", True),
        ("broken", False),
        ("old", True),
    ]
    assert [each["code"] for each in told[2]["diagnostics"]] == ["weight-invalid"]
    assert [(each["name"], each["words"]) for each in told[3]["chapters"]] == [("a.md", 14), ("b.md", 4)]
    assert run("stats", "library", "--only", "v003") == 2
