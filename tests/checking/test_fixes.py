"""`check --fix`: the diff that is shown is what is written, nothing else changes, a second run has nothing to do."""

from __future__ import annotations

import errno
import os
import pty
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chapbook.checking.fixes import fixed_files, with_edits, write_fixed
from chapbook.command.cli import run
from chapbook.keys.front_matter import normal_lines
from chapbook.model.codes import Severity
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Edit, Position
from support.libraries import write_files

SETTINGS = "title: T\nauthor: A\nlanguage: en\n"

TWICE = "déjà vu".encode().decode("latin-1").encode().decode("cp1252")

SLIPS: dict[str, tuple[str, str, str]] = {
    # name: (file, before, after)
    "key": ("a.md", "---\nwieght: 2\n---\nWords.\n", "---\nweight: 2\n---\nWords.\n"),
    "two keys": ("a.md", "---\nwieght: 2\ndescripton: d\n---\nW.\n", "---\nweight: 2\ndescription: d\n---\nW.\n"),
    "key in quotes": ("a.md", '---\n"wieght": 2\n---\nW.\n', '---\n"weight": 2\n---\nW.\n'),
    "key of TOML": ("a.md", "+++\nwieght = 2\n+++\nW.\n", "+++\nweight = 2\n+++\nW.\n"),
    "key of JSON": ("a.md", '{\n"wieght": 2\n}\nW.\n', '{\n"weight": 2\n}\nW.\n'),
    "key of the book": ("book.yaml", f"{SETTINGS}pulisher: P\n", f"{SETTINGS}publisher: P\n"),
    "key within a key": (
        "book.yaml",
        f"{SETTINGS}series: {{name: S, indx: 2}}\n",
        f"{SETTINGS}series: {{name: S, index: 2}}\n",
    ),
    "tabs": ("a.md", "---\nauthors:\n\t- A\n\t- B\n---\nW.\n", "---\nauthors:\n  - A\n  - B\n---\nW.\n"),
    "tabs twice": (
        "book.yaml",
        f"{SETTINGS}images:\n\tquality: 80\n\tmax_bytes: 20000\n",
        f"{SETTINGS}images:\n  quality: 80\n  max_bytes: 20000\n",
    ),
    "no space": ("a.md", "---\ntitle:The Way\nweight: 2\n---\nW.\n", "---\ntitle: The Way\nweight: 2\n---\nW.\n"),
    "no space at all": ("a.md", "---\ntitle:The Way\nweight:2\n---\nW.\n", "---\ntitle: The Way\nweight: 2\n---\nW.\n"),
    "colon": ("a.md", "---\ntitle: One: Two\n---\nW.\n", '---\ntitle: "One: Two"\n---\nW.\n'),
    "two colons": (
        "a.md",
        "---\ntitle: One: Two\ndescription: Note: this\n---\nW.\n",
        '---\ntitle: "One: Two"\ndescription: "Note: this"\n---\nW.\n',
    ),
    "sign": ("a.md", "---\ntitle: @home\n---\nW.\n", '---\ntitle: "@home"\n---\nW.\n'),
    "percent": ("a.md", "---\ntitle: %50 off\n---\nW.\n", '---\ntitle: "%50 off"\n---\nW.\n'),
    "slip behind a slip": (
        "a.md",
        "---\ntitle: One: Two\nwieght: 1\ndate: 02/28/2021\n---\nItâ€™s.\n",
        '---\ntitle: "One: Two"\nweight: 1\ndate: 2021-02-28\n---\nIt’s.\n',
    ),
    "date of the US": ("a.md", "---\ndate: 02/28/2021\n---\nW.\n", "---\ndate: 2021-02-28\n---\nW.\n"),
    "date of Europe": ("a.md", "---\ndate: '28/2/2021'\n---\nW.\n", "---\ndate: '2021-02-28'\n---\nW.\n"),
    "date with a time": (
        "a.md",
        "---\ndate: 28-02-2021 10:30\n---\nW.\n",
        "---\ndate: 2021-02-28 10:30\n---\nW.\n",
    ),
    "date of digits": ("a.md", "---\ndate: 20210228\n---\nW.\n", "---\ndate: 2021-02-28\n---\nW.\n"),
    "date of the book": ("book.yaml", f"{SETTINGS}date: 12/31/2021\n", f"{SETTINGS}date: 2021-12-31\n"),
    "language": ("book.yaml", "title: T\nauthor: A\nlanguage: en_US\n", "title: T\nauthor: A\nlanguage: en-US\n"),
    "word": ("book.yaml", f"{SETTINGS}dialect: comonmark\n", f"{SETTINGS}dialect: commonmark\n"),
    "ignored code": (
        "book.yaml",
        f"{SETTINGS}messages: {{image-no-atl: drawn}}\n",
        f"{SETTINGS}messages: {{image-no-alt: drawn}}\n",
    ),
    "late front matter": ("a.md", "\n\n---\ntitle: A\n---\nW.\n", "---\ntitle: A\n---\nW.\n"),
    "quotation mark": ("a.md", "Itâ€™s late, she said.\n", "It’s late, she said.\n"),
    "several": ("a.md", "â€œItâ€™s CafÃ© MÃ¼ller,â€“ he said.\n", "“It’s Café Müller,– he said.\n"),
    "in a title": ("a.md", "---\ntitle: Itâ€™s\n---\nW.\n", "---\ntitle: It’s\n---\nW.\n"),
    "Mac": ("a.md", "He said ‚ÄúHello‚Äù to all.\n", "He said “Hello” to all.\n"),
    "twice": ("a.md", f"It was {TWICE}.\n", "It was déjà vu.\n"),
    "Windows": ("a.md", "He said \x93Hello\x94 to all.\n", "He said “Hello” to all.\n"),
    "many lines": ("a.md", "Itâ€™s.\n\n" * 30, "It’s.\n\n" * 30),
    "in a folder": ("one/b c.md", "---\nwieght: 2\n---\nItâ€™s.\n", "---\nweight: 2\n---\nIt’s.\n"),
    "no last line end": ("a.md", "---\nwieght: 2\n---\nItâ€™s.", "---\nweight: 2\n---\nIt’s."),
}
UNCLEAR: dict[str, tuple[str, str]] = {
    "two may be meant": ("a.md", "---\ndate: 03/04/2021\n---\nW.\n"),
    "no such day": ("a.md", "---\ndate: 2021-02-30\n---\nW.\n"),
    "two slips of one key": ("a.md", "---\nwieght: 2\nweihgt: 1\n---\nW.\n"),
    "key is there": ("a.md", "---\nwieght: 2\nweight: 1\n---\nW.\n"),
    "nothing near": ("book.yaml", f"{SETTINGS}qwertz: 2\n"),
    "lost character": ("a.md", "It\ufffds gone, and â€ here.\n"),
    "comment": ("a.md", "---\ntitle: Letter #3\n---\nW.\n"),
    "open list": ("a.md", "---\nauthors: [A, B\n---\nW.\n"),
    "tabs and spaces": ("a.md", "---\nauthors:\n \t- A\n---\nW.\n"),
    "quotes within": ("a.md", '---\ntitle: The "One": Two\n---\nW.\n'),
    "bell": ("a.md", "A \x07 bell.\n"),
    "not UTF-8": ("a.md", "caf\udce9\n"),
    "damage in code": ("a.md", "`Itâ€™s`\n\n    CafÃ©\n"),
    "in order": ("a.md", "Words.\n"),
}
ENDS = {"lf": "\n", "crlf": "\r\n"}


def folder(place: Path, file: str, text: str, end: str = "\n", mark: bytes = b"") -> Path:
    files = {"book.yaml": SETTINGS, "a.md": "---\ntitle: A\n---\nWords.\n", "z.md": "Other wórds, sound.\n"}
    write_files(place / "my book", {name: each for name, each in files.items() if name != file})
    target = place / "my book" / file
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(mark + text.replace("\n", end).encode("utf-8", "surrogateescape"))
    target.chmod(0o640)
    return target


def state(place: Path) -> dict[str, tuple[bytes, int, int]]:
    """Of each file the bytes, the permissions and the time."""
    return {
        path.relative_to(place).as_posix(): (path.read_bytes(), path.stat().st_mode, path.stat().st_mtime_ns)
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def patched(place: Path, diff: str) -> dict[str, bytes]:
    """What the files become by a unified diff, read as `patch` reads it."""
    result: dict[str, bytes] = {}
    for part in re.split(r"^(?=--- )", diff, flags=re.MULTILINE)[1:]:
        head, *hunks = re.split(r"^(?=@@ )", part, flags=re.MULTILINE)
        name = head.splitlines()[0].removeprefix("--- ")
        old = (place / name).read_bytes().decode().split("\n")
        new, done = list[str](), 0
        for hunk in hunks:
            first, *lines = hunk.removesuffix("\n").split("\n")
            start = re.match(r"@@ -(\d+)", first)
            assert start
            at = max(int(start[1]) - 1, 0)
            new += old[done:at]
            done = at
            for line in (each for each in lines if each != r"\ No newline at end of file"):
                if line[0] in " -":
                    assert old[done] == line[1:]
                    done += 1
                new += [line[1:]] if line[0] in " +" else []
        result[name] = "\n".join((*new, *old[done:])).encode()
    return result


Check = Callable[..., tuple[str, str]]
"""Runs `check` with these options, and gives what is printed on standard output and on standard error."""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def check(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Check:
    def checked(*words: str) -> tuple[str, str]:
        monkeypatch.chdir(tmp_path)
        capfd.readouterr()
        run(["check", "my book", "--cache-dir", str(cache), *words])
        told = capfd.readouterr()
        return told.out, told.err

    return checked


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("name", SLIPS)
def test_the_diff_is_what_is_written_and_nothing_else_changes(
    name: str, ends: str, tmp_path: Path, check: Check
) -> None:
    file, before, after = SLIPS[name]
    mark = b"\xef\xbb\xbf" if len(name) % 2 else b""
    target = folder(tmp_path, file, before, ENDS[ends], mark)
    first = state(tmp_path)
    diff, said = check("--fix")
    assert "nothing was written: to write " in said
    assert state(tmp_path) == first
    expected = patched(tmp_path, diff)
    assert list(expected) == [f"my book/{file}"]
    again, said = check("--fix", "--yes")
    now = state(tmp_path)
    assert again == diff
    assert f"put right: my book/{file}\n" in said
    assert target.read_bytes() == expected[f"my book/{file}"] == mark + after.replace("\n", ENDS[ends]).encode()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert {name: each for name, each in now.items() if name != f"my book/{file}"} == {
        name: each for name, each in first.items() if name != f"my book/{file}"
    }
    assert sorted(now) == sorted(first)
    diff, said = check("--fix", "--yes")
    assert (diff, state(tmp_path)) == ("", now)
    assert said.startswith("there is nothing that chapbook can put right\n")


def test_there_are_forty_folders() -> None:
    assert len(SLIPS) * len(ENDS) >= 40


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_not_clear_stays(name: str, tmp_path: Path, check: Check) -> None:
    folder(tmp_path, *UNCLEAR[name])
    first = state(tmp_path)
    diff, said = check("--fix", "--yes")
    assert diff == ""
    assert said.startswith("there is nothing that chapbook can put right\n")
    assert state(tmp_path) == first


def test_what_is_ignored_is_not_put_right(tmp_path: Path, check: Check) -> None:
    target = folder(tmp_path, "a.md", "---\nwieght: 2\n---\nItâ€™s.\n")
    check("--fix", "--yes", "--ignore", "key-unknown")
    assert target.read_text("utf-8") == "---\nwieght: 2\n---\nIt’s.\n"
    target.write_text("---\nwieght: 2\n---\nItâ€™s.\n", "utf-8")
    (tmp_path / "my book" / "book.yaml").write_text(f"{SETTINGS}messages: {{encoding-damage: a lesson}}\n", "utf-8")
    check("--fix", "--yes")
    assert target.read_text("utf-8") == "---\nweight: 2\n---\nItâ€™s.\n"


def test_the_messages_that_follow_are_those_of_the_files_as_they_are(tmp_path: Path, check: Check) -> None:
    folder(tmp_path, "a.md", "---\nwieght: 2\n---\n[x](no.md)\n")
    before, after = check("--fix")[1], check("--fix", "--yes")[1]
    assert "[key-unknown]" in before
    assert "[key-unknown]" not in after
    assert "[link-target-missing]" in before
    assert "[link-target-missing]" in after


@pytest.mark.parametrize("answer", ["y", "n", ""])
def test_at_a_terminal_the_user_is_asked(answer: str, tmp_path: Path) -> None:
    target = folder(tmp_path, "a.md", "---\nwieght: 2\n---\nA \x1b[31m bell, Itâ€™s.\n")
    first = target.read_bytes()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "chapbook", "check", "my book", "--fix"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "NO_COLOR": "1"},
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:  # how Linux says that nobody is at the other end
        pass
    os.close(ours)
    assert process.wait(60) == 0
    assert b"these changes" not in shown
    assert b"write this change?" in shown
    assert b"\x1b[31m" not in shown  # nothing of the content reaches the terminal
    assert rb"\x1b[31m bell" in shown
    assert (target.read_bytes() != first) == (answer == "y")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--yes"], "--yes is of use only with --fix"),
        (["--fix", "--json"], "can't be used with --format json"),
        (["--fix", "--format", "sarif"], "can't be used with --format sarif"),
    ],
)
def test_options_that_do_not_go_together(words: list[str], said: str, tmp_path: Path, check: Check) -> None:
    folder(tmp_path, "a.md", "Words.\n")
    assert said in check(*words)[1]


SLIP = Diagnostic(severity=Severity.WARNING, code="key-unknown", message="unknown key 'wieght'", path="a.md", hint="x")


def fixes(root: Path) -> list[Path]:
    found = fixed_files(root, [SLIP], bool)
    paths = []
    for each in found:
        write_fixed(each)
        paths.append(root / each.path)
    return paths


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    target = folder(tmp_path, "a.md", "---\nwieght: 2\n---\nW.\n")
    (file,) = fixed_files(target.parent, [SLIP], bool)
    target.write_text("Mine.\n", "utf-8")
    with pytest.raises(ChapbookError, match="file-changed"):
        write_fixed(file)
    assert target.read_text("utf-8") == "Mine.\n"


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    target = folder(tmp_path, "a.md", "---\nwieght: 2\n---\nW.\n")
    root, other = target.parent, tmp_path / "other.md"
    target.rename(other)
    target.symlink_to(other)
    assert fixes(root) == []
    (root / "link").symlink_to(tmp_path)
    found = fixed_files(root, [replace(SLIP, path=each) for each in PATHS], bool)
    assert list(found) == []
    assert other.read_text("utf-8") == "---\nwieght: 2\n---\nW.\n"


PATHS = ("link/other.md", "../other.md", "/etc/passwd.md", "x/../../other.md", "none.md", "a.md\0", "book.css")


def test_a_link_put_in_the_way_is_not_followed(tmp_path: Path) -> None:
    target = folder(tmp_path, "a.md", "---\nwieght: 2\n---\nW.\n")
    (file,) = fixed_files(target.parent, [SLIP], bool)
    other = tmp_path / "other.md"
    target.rename(other)
    target.symlink_to(other)
    with pytest.raises(ChapbookError, match="file-outside"):
        write_fixed(file)
    assert other.read_text("utf-8") == "---\nwieght: 2\n---\nW.\n"


def test_a_link_within_the_folder_stays_a_link(tmp_path: Path) -> None:
    target = folder(tmp_path, "a.md", "---\nwieght: 2\n---\nW.\n")
    real = target.with_name("real.md")
    target.rename(real)
    target.symlink_to("real.md")
    assert fixes(target.parent) == [target]
    assert target.readlink() == Path("real.md")
    assert real.read_text("utf-8") == "---\nweight: 2\n---\nW.\n"


def test_a_full_disk_is_an_error(tmp_path: Path, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "")

    target = folder(tmp_path, "a.md", "---\nwieght: 2\n---\nW.\n")
    monkeypatch.setattr(os, "fsync", full)
    said = check("--fix", "--yes")[1]
    assert "[output-unwritable]" in said
    assert target.read_text("utf-8") == "---\nwieght: 2\n---\nW.\n"
    assert sorted(path.name for path in target.parent.iterdir()) == ["a.md", "book.yaml", "z.md"]


TEXTS = st.text(st.sampled_from("ab\n\r\u2028é"), max_size=30)


@given(text=TEXTS, edits=st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), TEXTS, TEXTS), max_size=5))
def test_edits_change_what_stands_at_their_places_and_keep_the_rest(
    text: str, edits: list[tuple[int, int, str, str]]
) -> None:
    made = [Edit(Position(line, column), normal_lines(old), normal_lines(new)) for line, column, old, new in edits]
    assert with_edits(text, []) == text
    assert with_edits(text, [Edit(each.at, each.old, each.old) for each in made if "\n" not in each.old]) == text
    lines = normal_lines(text).split("\n")
    one = [each for each in made if "\n" not in each.old + each.new][:1]
    for each in one:
        at, start = each.at.line - 1, each.at.column - 1
        if each.old and at < len(lines) and lines[at].startswith(each.old, start):
            lines[at] = lines[at][:start] + each.new + lines[at][start + len(each.old) :]
    assert normal_lines(with_edits(text, one)) == "\n".join(lines)
