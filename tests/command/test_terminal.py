"""What a terminal shows: the progress bar, and the table after several books."""

from __future__ import annotations

import io
import os
import re
import sys

import pytest

from chapbook.command.terminal import ProgressBar, cut, print_summary, width
from chapbook.model.diagnostics import Report


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding)

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


@pytest.fixture(autouse=True)
def colourful(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def drawn(monkeypatch: pytest.MonkeyPatch, *calls: tuple[str, int, int], encoding: str = "utf-8") -> str:
    """What a bar wrote that was told of all the `calls`, a tenth of a second and more apart."""
    terminal = Terminal(encoding)
    monkeypatch.setattr(sys, "stderr", terminal)
    seconds = iter(range(1, 100))
    monkeypatch.setattr("chapbook.command.terminal.time.monotonic", lambda: float(next(seconds)))
    bar = ProgressBar(shown=sys.stderr.isatty())
    for each in calls:
        bar(*each)
    bar.clear()
    return terminal.text


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*[mK]|\r", "", text)


def test_a_bar_says_how_much_is_done_and_how_long_the_rest_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    text = drawn(
        monkeypatch, ("chapters", 1, 240), ("chapters", 2, 240), ("chapters", 120, 240), ("chapters", 240, 240)
    )
    first, second, third, last, cleared = text.split("\r\x1b[2K")[1:]
    assert plain(first) == f"chapters {'─' * 40} 1/240"
    assert plain(second) == f"chapters {'─' * 40} 2/240 3:58"
    assert plain(third) == f"chapters {'━' * 20}{'─' * 20} 120/240 0:02"
    assert plain(last) == f"chapters {'━' * 40} 240/240 0:00"
    assert cleared == ""
    assert "\x1b[32m━" in third


@pytest.mark.parametrize("columns", [1, 5, 12, 20, 25, 37, 80, 200])
def test_a_bar_never_fills_its_line(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = drawn(monkeypatch, *(("pictures", done, 1_000) for done in (1, 2, 999, 1_000)))
    assert all(len(plain(line)) < columns for line in text.split("\r"))
    assert ("━" in text) == (columns >= 37)


def test_a_new_stage_begins_anew_and_nothing_to_do_is_all_done(monkeypatch: pytest.MonkeyPatch) -> None:
    text = plain(drawn(monkeypatch, ("chapters", 5, 10), ("pictures", 0, 0)))
    assert text == f"chapters {'━' * 20}{'─' * 20} 5/10pictures {'━' * 40} 0/0"


def test_a_bar_without_colours_or_without_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in drawn(monkeypatch, ("books", 1, 2))
    assert plain(drawn(monkeypatch, ("books", 1, 2), encoding="latin-1")) == f"books {'#' * 20}{'.' * 20} 1/2"


def test_a_terminal_that_moves_no_cursor_gets_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert drawn(monkeypatch, ("books", 1, 2)) == ""


def test_a_bar_is_not_drawn_at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("chapbook.command.terminal.time.monotonic", lambda: 7.0)
    bar = ProgressBar(shown=True)
    for done in range(1, 1_001):
        bar("chapters", done, 1_000)
    assert terminal.text.count("\r") == 2, "the first and the last"


REPORTS = [
    Report(source="a", title="[red]One\x1b[2J[/red]", words=1_234, chapters=2, size=34_567, place="3"),
    Report(source="b", title="二つの庭の物語、とても長い題名の本であってここで切れるはずです", words=7, chapters=1),
    Report(source="c", title="क्षमा और नीति", words=99_999, chapters=123, size=5_000_000),
]


def table(columns: int, monkeypatch: pytest.MonkeyPatch, encoding: str = "utf-8") -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = Terminal(encoding)
    terminal.reconfigure(errors="backslashreplace")
    print_summary(REPORTS, terminal)
    first, *lines, last, end = terminal.text.split("\n")
    assert first == last == end == ""
    return lines


def test_on_a_terminal_the_summary_is_a_table_and_titles_are_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    head, rule, *rows, _, foot = table(200, monkeypatch)
    assert head.startswith("\x1b[1m  title ")
    assert re.fullmatch(" +─+", rule)
    assert "[red]One\\x1b[2J[/red]" in rows[0]
    assert REPORTS[1].title in rows[1]
    assert all(word in foot for word in ("3 books", "126", "101,240", "5.0 MB"))
    names = "title place identifier changes chapters words reading size warnings time"
    assert plain(head).split() == names.split()


@pytest.mark.parametrize("columns", [1, 8, 20, 28, 40, 60, 79, 80, 100, 110, 300])
def test_a_table_fits_its_terminal_and_its_columns_stand_in_line(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [plain(line) for line in table(columns, monkeypatch)]
    widths = {width(line) for line in lines}
    assert len(widths) == 1
    assert widths.pop() < max(columns, 5)
    assert lines[0].split()[0] in ("title", "…", "t…", "ti…", "tit…", "titl…")


def test_a_narrow_table_keeps_titles_and_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    names = "title chapters words reading size warnings time"
    assert plain(table(86, monkeypatch)[0]).split() == names.split()
    assert plain(table(45, monkeypatch)[0]).split() == ["title", "warnings"]
    assert any("二つの庭の物語、" in line for line in table(45, monkeypatch))


def test_a_table_without_colours_or_without_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    lines = table(100, monkeypatch, "ascii")
    assert not any("\x1b[" in line for line in lines)
    assert lines[1].strip("- ") == ""


@pytest.mark.parametrize("text", ["", "a", "plain", "二つの庭", "a二b", "क्षमा", "e\u0301te\u0301"])
def test_a_text_is_cut_to_columns(text: str) -> None:
    for columns in range(1, 12):
        shorter = cut(text, columns)
        assert width(shorter) <= columns
        assert shorter == text or (shorter.endswith("…") and text.startswith(shorter[:-1]))
    assert cut(text, 50) == text


@pytest.mark.parametrize(("text", "columns"), [("plain", 5), ("二つ", 4), ("e\u0301", 1), ("क्षमा", 4), ("\u200bx", 1)])
def test_a_width_is_counted_in_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_the_width_is_that_of_the_stream_s_own_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    monkeypatch.setattr("os.get_terminal_size", lambda number: os.terminal_size((33 if number == theirs else 0, 9)))
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        print_summary(REPORTS, stream)
    text = os.read(ours, 100_000).decode()
    os.close(ours)
    assert max(width(plain(line)) for line in text.split("\n")) == 32
