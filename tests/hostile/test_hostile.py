"""What strangers may send: nothing runs, nothing reaches out, and each input has its message."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from chapbook import Book, Chapter
from chapbook.assets.svg_appearance import draws_too_much
from chapbook.covers.typefaces import FONT_FOLDERS
from chapbook.dialects.python_markdown import render_python_markdown
from chapbook.model.diagnostics import ChapbookError
from chapbook.rendering.deadline import memory_bound
from chapbook.source.chapters_of_file import chapters_of_file
from support.counting import assert_linear
from support.gate_references import check_references
from support.hostile_inputs import BOOKS, INPUTS, write_books
from support.opened import Opened
from support.pictures import saved

HERE = Path(__file__).parent
EXPECTED = HERE / "expected.txt"
MOST_MEMORY = 1_000_000_000
"""Bytes that any process of a build may take."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded and told by Linux")


def _watched(folder: Path, *words: str) -> tuple[list[dict[str, Any]], list[str], int, str]:
    """Builds books in `folder`: the reports, the events that reached out, the memory in bytes, what stderr says."""
    repository = HERE.parents[1]
    python = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *filter(None, sys.path)}
    allowed = [folder, repository, *python, *FONT_FOLDERS]
    for each in ("out", "tmp", "cache"):
        (folder / each).mkdir()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "support.audited", "report", os.pathsep.join(map(str, allowed))),
            *("build", *words, "-o", "out/", "--json", "--cache-dir", "cache", "-j", "2"),
        ],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder / "tmp"), "PYTHONPATH": os.pathsep.join([str(HERE.parent), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    *events, memory = (folder / "report").read_text("utf-8").splitlines()
    reports: list[dict[str, Any]] = json.loads(done.stdout)["books"]
    return reports, events, int(memory.removeprefix("memory ")), done.stderr


def _told(reports: list[dict[str, Any]]) -> Iterator[str]:
    """Of each book and file, each code with its first message."""
    for report in reports:
        name = report["source"].removeprefix("in/")
        seen: set[tuple[str, str]] = set()
        for each in report["diagnostics"]:
            key = (each["path"] or "", each["code"])
            if key not in seen:
                seen.add(key)
                message = each["message"] if len(each["message"]) <= 200 else f"{each['message'][:199]}…"
                yield f"{name}/{ascii(key[0])[1:-1]}: {key[1]}: {ascii(message)[1:-1]}"
        yield f"{name}: {'built' if report['ok'] else 'not built'}"


@linux
def test_no_hostile_input_reaches_out_and_each_has_its_message(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    assert INPUTS >= 250
    write_books(tmp_path / "in")
    before = sorted(map(str, (tmp_path / "in").rglob("*")))
    reports, events, memory, said = _watched(tmp_path, *(f"in/{name}" for name in BOOKS))
    assert events == []
    assert "Traceback" not in said
    assert memory < MOST_MEMORY
    assert sorted(map(str, (tmp_path / "in").rglob("*"))) == before
    assert list((tmp_path / "tmp").iterdir()) == []
    books = sorted((tmp_path / "out").glob("*.epub"))
    assert len(books) > 50
    assert [each for book in books for each in check_references(Opened(book))] == []
    told = "\n".join(_told(reports)) + "\n"
    if pytestconfig.getoption("--rewrite"):
        EXPECTED.write_text(told, "utf-8")
    assert told == EXPECTED.read_text("utf-8")
    assert not any(f": {code}: " in told for code in ("render-failed", "unexpected", "worker-lost"))


def _large(kind: str) -> dict[str, str | bytes]:
    from PIL import Image  # noqa: PLC0415 - of one test

    if kind in {"title", "picture", "abbreviation"}:
        given = {
            "title": ("[x]: /u '{}'", "[x] "),
            "picture": ("[x]: /u '{}'", "![x] "),
            "abbreviation": ("*[A]: {}", "A "),
        }
        defined, used = given[kind]
        return {"a.md": defined.format("t" * 100_000) + "\n\n" + used * 10_000}
    if kind == "code":
        return {"a.md": "```\n" + "a b c\n" * 2_000_000 + "```\n"}
    if kind == "sheets":
        sheet = "p{color:red}\n" * 75_000
        return {"a.md": "words", "x.css": sheet, "book.yaml": f"title: x\ncss: [{', '.join(['x.css'] * 20)}]\n"}
    if kind == "png":
        return {"a.md": "![x](x.png)", "x.png": saved(Image.new("RGBA", (10_000, 9_900), (0, 0, 0, 128)), "PNG")}
    return {"a.md": "![x](x.webp)", "x.webp": saved(Image.new("L", (6_000, 5_200)), "WEBP", lossless=True, method=0)}


@linux
@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("title", {"unfolded"}),
        ("picture", {"unfolded"}),
        ("abbreviation", {"unfolded"}),
        ("code", set[str]()),
        ("sheets", {"file-too-large"}),
        ("png", set[str]()),
        ("webp", {"image-too-large"}),
    ],
)
def test_no_large_input_takes_a_gigabyte(kind: str, codes: set[str], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in ({"book.yaml": "title: x\n"} | _large(kind)).items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    reports, events, memory, said = _watched(tmp_path, "in")
    found = {each["code"] for each in reports[0]["diagnostics"]}
    assert found - {"title-missing", "language-missing"} == codes
    assert events == []
    assert memory < MOST_MEMORY
    assert "Traceback" not in said


def _drawing(levels: int, uses: int) -> etree._Element:
    groups = "".join(f"<g id='a{n + 1}'>" + f"<use href='#a{n}'/>" * uses + "</g>" for n in range(levels))
    return etree.fromstring(f"<svg xmlns='http://www.w3.org/2000/svg'><g id='a0'/>{groups}</svg>")


@pytest.mark.parametrize(("levels", "uses", "too_much"), [(3, 10, False), (9, 10, True), (15, 2, False), (17, 2, True)])
def test_what_uses_draw_is_counted(levels: int, uses: int, *, too_much: bool) -> None:
    assert draws_too_much(_drawing(levels, uses)) is too_much


def test_a_drawing_in_a_circle_is_counted_once() -> None:
    circle = (
        "<svg xmlns='http://www.w3.org/2000/svg'><g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g></svg>"
    )
    assert not draws_too_much(etree.fromstring(circle), 20)


def test_counting_what_is_drawn_is_linear() -> None:
    assert_linear(lambda size: draws_too_much(_drawing(size, 3), 10**4000), 200, "chapbook")


_BOMBS = {
    "pattern": "<pattern id='a{m}'><path fill='url(#a{n})'/><path stroke='url( \"#a{n}\" )'/></pattern>",
    "mask": "<mask id='a{m}'><g mask='url(#a{n})'/><g mask='url(#a{n})'/></mask>",
    "filter": "<filter id='a{m}'><g filter='url(#a{n})'/><g filter='url(#a{n})'/></filter>",
    "clip-path": "<clipPath id='a{m}'><g style='clip-path:url(#a{n})'/><g style='clip-path:u\\72l(#a{n})'/></clipPath>",
    "marker": "<marker id='a{m}'><path marker-start='url(#a{n})' marker-end='url(#a{n})' d='M0 0 1 1'/></marker>",
    "inherited": "<pattern id='a{m}'><g fill='url(#a{n})'><path/></g></pattern>",
    "sheet": "<style>.c, p {{ fill : url(#a{n}) }}</style><pattern id='a{m}'><g class='c'/><g class='c'/></pattern>",
    "href": "<pattern id='a{m}' href='#a{n}'><path fill='url(#a{n})'/></pattern>",
}


@pytest.mark.parametrize("kind", _BOMBS)
def test_what_properties_draw_is_counted(kind: str) -> None:
    def drawing(levels: int) -> etree._Element:
        inner = "".join(_BOMBS[kind].format(n=n, m=n + 1) for n in range(levels))
        return etree.fromstring(f"<svg xmlns='http://www.w3.org/2000/svg'><pattern id='a0'><g/></pattern>{inner}</svg>")

    assert not draws_too_much(drawing(6))
    assert draws_too_much(drawing(40))


def test_points_octaves_and_rules_count() -> None:
    def drawing(inner: str) -> etree._Element:
        return etree.fromstring(f"<svg xmlns='http://www.w3.org/2000/svg'><marker id='m'><g/></marker>{inner}</svg>")

    line = f"<polyline points='{'0 0 ' * 1_000}'/>"
    assert not draws_too_much(drawing(f"<g marker-start='url(#m)'>{line}</g>"), 3_000)
    assert draws_too_much(drawing(f"<g marker-mid='url(#m)'>{line}</g>"), 3_000)
    assert draws_too_much(drawing("<filter><feTurbulence numOctaves='5000'/></filter>"), 3_000)
    assert draws_too_much(drawing("<filter><feConvolveMatrix order='60 60'/></filter>"), 3_000)
    assert draws_too_much(drawing(f"<style>{'*{fill:url(#m)}' * 999}</style>{'<g/>' * 99}"), 3_000)
    assert not draws_too_much(
        drawing("<linearGradient id='g'/><g fill='url(#g)'/>" + "<g fill='url(#none)'/>" * 999), 3_000
    )


def test_a_bomb_within_the_text_loses_what_makes_it_one() -> None:
    inner = "".join(_BOMBS["pattern"].format(n=n, m=n + 1) for n in range(40))
    book = Book(title="x", authors="x", language="en")
    book.add(Chapter(path="a.md", text=f"<svg><title>x</title><pattern id='a0'/>{inner}<path d='M0 0'/></svg>"))
    (said,) = [each for each in book.check().diagnostics if each.code == "markup-removed"]
    assert said.message == "chapbook removed '<pattern>' (41 times)"


def _unfolds(text: str) -> Callable[[int], object]:
    def work(size: int) -> object:
        with pytest.raises(ChapbookError) as caught:
            render_python_markdown(text.format("t" * 100 * size))
        return caught.value.diagnostics[0].code

    return work


def test_what_is_repeated_is_refused_before_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.dialects.added_syntax._MOST_UNFOLDED", 1_000)
    for text in ("[x]: /u '{}'\n\n" + "[x] " * 20, "*[A]: {}\n\n" + "A " * 20):
        assert _unfolds(text)(1) == "unfolded"
        assert_linear(_unfolds(text), 20, "chapbook")


def test_what_all_chapters_include_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.reading.includes._MOST_TOGETHER", 1_000)
    texts = {"book.yaml": "title: x\nlanguage: en\nauthor: x\nsyntax: mdbook\n", "words.txt": "words " * 50}
    for name in "abcd":
        texts[f"{name}.md"] = "{{#include words.txt}}\n"
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    said = Book.from_folder(tmp_path).check().diagnostics
    assert [(each.path, each.code) for each in said] == [("d.md", "include-invalid")]
    assert "all chapters would include more than 1,000 characters" in said[0].message


def test_a_file_of_too_many_headings_stays_one_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.source.chapters_of_file._MOST_CHAPTERS", 3)
    assert len(chapters_of_file("# a\n\nwords\n\n" * 3, "markdown")) == 3
    assert chapters_of_file("# a\n\nwords\n\n" * 4, "markdown") == ()


@linux
def test_a_worker_that_needs_more_memory_than_it_may_gets_none() -> None:
    with memory_bound(50_000_000):
        assert bytearray(10_000_000)
        with pytest.raises(MemoryError):
            bytearray(100_000_000)
    assert bytearray(100_000_000)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_chapter_without_memory_is_told_so(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chapbook.rendering.document.render_markdown", _without_memory)
    book = Book(title="x", authors="x", language="en")
    book.add(Chapter(path="a.md", text="words"))
    said = [each for each in book.check(jobs=jobs).diagnostics if each.code == "memory-exceeded"]
    assert [each.message for each in said] == ["'a.md' needs more memory than chapbook may use"]


@linux
def test_a_chapter_whose_process_somebody_kills_is_told_what_is_known() -> None:
    book = Book(title="x", authors="x", language="en", dialect=_killed)
    book.add(Chapter(path="a.md", text="words"))
    said = [(each.code, each.message) for each in book.check(jobs=2).errors]
    message = "the process that rendered 'a.md' was ended twice (SIGKILL), perhaps for want of memory"
    assert said == [("worker-lost", message)]


def _killed(_text: str) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def _without_memory(*_args: object, **_options: object) -> str:
    raise MemoryError
