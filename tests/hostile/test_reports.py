"""What content says never commands a terminal, turns words around or begins a line of its own, whoever shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chapbook import Book, ChapbookError, Chapter
from chapbook.command.cli import run
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.xml_text import printable
from chapbook.preview.live_book import Edition
from chapbook.preview.placed_messages import messages_of

EVIL = "a\x1b[31m\u202eb\u2066\u2029\x07\x9b2J\u200f::error::c"
"""An escape sequence, a bidirectional override and an isolate, a line end, a bell, a sequence of one character."""
SEEN = printable(EVIL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A book that has EVIL wherever a report may quote it: title, names of files, keys, links, pictures, classes."""
    place = tmp_path / f"in{EVIL.replace('::', '')}"
    place.mkdir()
    quoted = json.dumps(EVIL)
    (place / "book.yaml").write_text(
        f"title: {quoted}\nauthor: {quoted}\nlanguage: en\n{quoted}: 1\ntheme: {quoted}\nseries: {quoted}\n", "utf-8"
    )
    text = (
        f"[a](<{EVIL}.md>) ![](<{EVIL}.png>) <x{EVIL}> [^{EVIL}] {{{{< {EVIL} >}}}} <p title='{EVIL}' onclick='{EVIL}'>"
    )
    (place / "a.md").write_text(f"---\nlayout: {quoted}\ntype: {quoted}\n---\n{text}\n", "utf-8")
    (place / f"b{EVIL}.md").write_text("words\n", "utf-8")
    (place / "c.md").write_text("[a](javascript:x)\n", "utf-8")
    return place


def _unseen(text: str) -> list[str]:
    """What a terminal may obey, or doesn't show; line ends are the report's own (CSV has two characters for one)."""
    return sorted({each for each in text.replace("\r\n", "").replace("\n", "") if not each.isprintable()})


WORDS = [
    ("check",),
    ("check", "--all"),
    ("check", "--json"),
    ("check", "--format", "github"),
    ("check", "--a11y"),
    ("build",),
    ("metadata",),
    ("metadata", "--csv"),
    ("cover",),
]


@pytest.mark.parametrize("themed", [False, True])
@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_no_report_of_the_command_has_what_is_not_seen(
    words: tuple[str, ...],
    folder: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    *,
    themed: bool,
) -> None:
    monkeypatch.chdir(folder.parent)
    if not themed:  # an error, so that other messages come too
        settings = folder / "book.yaml"
        settings.write_text(
            "".join(line for line in settings.read_text("utf-8").splitlines(keepends=True) if "theme" not in line),
            "utf-8",
        )
    cache = [] if words[0] == "cover" else ["--no-cache"]
    out = ["-o", "out/"] if words[0] in {"build", "cover"} else []
    run([*words, folder.name, *cache, *out])
    shown = capsysbinary.readouterr()
    text = (shown.out + shown.err).decode()
    assert _unseen(text) == []
    assert "\\x1b[31m" in text.replace("\\u001b", "\\x1b")
    assert not [line for line in text.splitlines() if line.startswith("::error::c")]


def _said(folder: Path) -> Iterator[Diagnostic]:
    with pytest.raises(ChapbookError) as caught:
        Book.from_folder(folder).write(folder.parent / "x.epub")
    assert _unseen(str(caught.value)) == []
    yield from caught.value.report.diagnostics if caught.value.report else caught.value.diagnostics


def test_no_message_of_the_library_has_it_as_text(folder: Path) -> None:
    said = list(_said(folder))
    assert any(EVIL in each.message for each in said)
    assert [each for each in said if _unseen(str(each)) or "\n" in str(each)] == []


def test_neither_a_notebook_nor_the_preview_has_it() -> None:
    book = Book(title=EVIL, authors=EVIL, language="en")
    book.add(Chapter(title=EVIL, text=f"[a](<{EVIL}.md>)"))
    report = book.check()
    for shown in (book._repr_html_(), report._repr_html_()):
        assert _unseen(shown) == []
        assert SEEN in shown
    edition = Edition(archive=None, diagnostics=report.diagnostics)
    assert _unseen(json.dumps(messages_of(edition, "", None), ensure_ascii=False)) == []
