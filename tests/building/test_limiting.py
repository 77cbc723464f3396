"""Limits of whoever builds, over what content asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from chapbook import UNTRUSTED, Book, Chapter, Choices, Limits, build_many
from chapbook.command.cli import run
from chapbook.model.codes import CODES
from chapbook.model.limits import DEFAULTS, LIMITS, MOST_MESSAGES
from support.pictures import photograph, saved

LIFTED = UNTRUSTED.replace(max_seconds=None, max_memory=None)
"""The tight limits that need no process of their own."""


def folder_of(place: Path, **files: str | bytes) -> Path:
    place.mkdir()
    for name, data in {"book_yaml": "title: x\nlanguage: en\nauthor: x\n", "a_md": "words\n", **files}.items():
        path = place / name.replace("_", ".")
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return place


def said_of(folder: Path, limits: Limits) -> list[tuple[str, str]]:
    (report,) = build_many([folder], folder.parent / "out", choices=Choices(limits=limits))
    return [(each.code, each.message) for each in report.diagnostics]


def test_every_limit_is_described_and_each_of_the_tight_ones_is_as_tight() -> None:
    assert list(LIMITS) == list(DEFAULTS.__struct_fields__)
    assert {code for _, code in LIMITS.values() if code} <= set(CODES)
    for name in LIMITS:
        usual, tight = getattr(DEFAULTS, name), getattr(UNTRUSTED, name)
        assert usual is None or tight < usual, name


@pytest.mark.parametrize(
    ("files", "limits", "said"),
    [
        (
            {"a_md": "words\n" * 50},
            Limits(characters=200),
            "the chapters have 300 characters together; the limit here is 200",
        ),
        ({"a_md": "[a](a.md) " * 9}, Limits(links=5), "the book has 9 links and pictures; the limit here is 5"),
        ({"b_txt": "x", "c_txt": "x"}, Limits(files=3), "the folder has 4 files; the limit here is 3"),
        ({}, Limits(output_bytes=90_000), "the book is larger than 90,000 bytes, the limit here"),
    ],
)
def test_a_book_that_has_too_much_is_refused(
    files: Mapping[str, str], limits: Limits, said: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "in", **files)
    assert said in [message for _, message in said_of(folder, limits)]
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []
    assert not [code for code, _ in said_of(folder, Limits()) if code in {"book-too-large", "too-many-files"}]


def test_settings_ask_for_no_more_than_they_may(tmp_path: Path) -> None:
    text = "title: x\nlanguage: en\nauthor: x\nrender_seconds: 3000\nimages: {max_pixels: 20000000}\n"
    picture = saved(photograph(3_000, 2_000), "PNG")
    folder = folder_of(tmp_path / "in", book_yaml=text, a_md="![x](p.png)\n", p_png=picture)
    limits = Limits(render_seconds=5, written_pixels=1_000_000)
    assert said_of(folder, limits) == [
        ("setting-limited", "'render_seconds' is 3,000, but the limit here is 5"),
        ("setting-limited", "'images.max_pixels' is 20,000,000, but the limit here is 1,000,000"),
    ]
    assert said_of(folder, Limits()) == []


def test_a_picture_of_too_many_pixels_is_not_read(tmp_path: Path) -> None:
    picture = saved(photograph(300, 200), "PNG")
    folder = folder_of(tmp_path / "in", a_md="![x](p.png)\n", p_png=picture)
    assert [code for code, _ in said_of(folder, Limits(read_pixels=50_000))] == ["image-too-large"]
    assert said_of(folder, Limits(read_pixels=60_000)) == []


def test_messages_are_counted_from_some_number_on() -> None:
    book = Book(title="x", authors="x", language="en")
    book.add(Chapter(path="a.md", text="[a](javascript:x)\n\n" * (MOST_MESSAGES + 7)))
    (note,) = [each for each in book.check().diagnostics if each.code == "messages-left-out"]
    assert note.message == "chapbook left out 7 more warnings and notes about this chapter"
    said = book.check(limits=Limits(messages=3)).diagnostics
    assert [each.code for each in said] == ["link-scheme"] * 3 + ["messages-left-out"] * 2


def test_a_drawn_cover_has_no_fonts_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.covers.typefaces._PACKAGES", ())
    monkeypatch.setattr("chapbook.building.build.cover_takes_long", lambda *_: False)  # so that it is drawn here
    searched: list[Path] = []

    def search(folder: Path) -> list[Path]:
        searched.append(folder)
        return []

    monkeypatch.setattr("chapbook.covers.typefaces._font_files", search)
    folder = folder_of(tmp_path / "in", book_yaml="title: 海\nlanguage: ja\nauthor: x\n")
    assert [code for code, _ in said_of(folder, LIFTED)] == ["cover-font-missing"]
    assert searched == []
    said_of(folder, Limits())
    assert searched


@pytest.mark.parametrize(("name", "code"), [("toc", ""), ("pymdownx.mark", ""), ("foreign", "extension-refused")])
def test_content_names_no_extension_of_others(
    name: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chapbook.dialects.python_markdown._registered", lambda _name: True)
    folder = folder_of(tmp_path / "in", book_yaml=f"title: x\nlanguage: en\nauthor: x\nextensions: [{name}]\n")
    assert [code for code, _ in said_of(folder, LIFTED)] == [code][: bool(code)]


def test_nobody_looks_above_the_source(tmp_path: Path) -> None:
    (tmp_path / "volumes.yaml").write_text("title: S\nvolumes: [in]\n")
    folder = folder_of(tmp_path / "in")
    assert [code for code, _ in said_of(folder, LIFTED)] == []
    assert "volume-listed" in [code for code, _ in said_of(folder, Limits())]


def test_the_command_takes_limits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = str(folder_of(tmp_path / "in", a_md="[a](a.md) " * 9)), str(tmp_path / "out")
    for words, code, said in (
        (("--limit", "links=5", "--limit", "messages=1"), 1, "the book has 9 links and pictures"),
        (("--limit", "lnks=5"), 2, "--limit 'lnks=5' isn't NAME=N"),
        (("--limit", "links=many"), 2, "isn't NAME=N"),
        (("--limit", "links=0"), 2, "links takes a whole number from 1"),
        (("--max-seconds", "0"), 2, "max_seconds takes a number above 0"),
        (("--max-memory", "lots"), 2, "'lots' isn't a size"),
        (("--max-memory", "1K"), 2, "max_memory takes a whole number from 64,000,000"),
        (("--untrusted", "--allow-extension", "x"), 2, "--untrusted and --allow-extension can't be used together"),
        (("--untrusted", "--theme", "./mine"), 2, "--untrusted and --theme with a folder can't be used together"),
        (("--untrusted", "--dask", "local"), 2, "--dask and --max-seconds, --max-memory or --untrusted"),
        (("--untrusted", "--max-memory", "1.2G"), 0, ""),
    ):
        found = run(["build", folder, "-o", f"{out}/", "--no-cache", *words])
        shown = capsys.readouterr().err
        assert (found, said in shown) == (code, True), shown
    assert (tmp_path / "out" / "x.epub").is_file()
