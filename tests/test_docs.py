"""The docs say what is true: their commands and their Python run, their links lead somewhere, their tables are full."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pyromark
import pytest
from lxml import html

import chapbook
from chapbook.command import cli
from chapbook.keys.rows import Key, by_name
from chapbook.keys.table import CHAPTER_KEYS, FOLDER_KEYS, METADATA_KEYS, SETTINGS_KEYS
from chapbook.model import codes
from support.generated_docs import PARTS, up_to_date
from test_architecture import BENEATH

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "docs/howto/*.md", "docs/tools/*.md", "examples/README.md")
    for path in ROOT.glob(pattern)
)
STORIES = tuple(page for page in PAGES if re.match(r"docs/(howto/|tutorial\.md|agents\.md)", page))
"""Pages whose files are written and whose commands are run in order, in test_stories.py."""
OPTIONS = pyromark.Options.ENABLE_TABLES
MARK = re.compile(r"\s*(not run|exit (\d)): (\S.*?)\s*", re.DOTALL)
RESULT = re.compile(r"\s+# -> (.*)")


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block of code on a page, the paragraph's only code before it, and what a comment before it says."""

    page: str
    language: str
    text: str
    named: str = ""
    mark: str = ""
    exit: int = 0


@cache
def opened(page: str) -> html.HtmlElement:
    """A page of the docs as GitHub reads it."""
    return html.fragment_fromstring(
        pyromark.html((ROOT / page).read_text("utf-8"), options=OPTIONS), create_parent="main"
    )


@cache
def blocks(page: str) -> tuple[Block, ...]:
    return tuple(block_of(page, code) for code in opened(page).xpath("pre/code"))


def block_of(page: str, code: html.HtmlElement) -> Block:
    """A block of a page, from its element `code`."""
    pre = code.getparent()
    before = None if pre is None else pre.getprevious()
    language = code.get("class", "").removeprefix("language-")
    block = Block(page=page, language=language, text=code.text_content())
    if before is None:
        return block
    if isinstance(before, html.HtmlComment):
        mark = MARK.fullmatch(before.text or "")
        assert mark, f"{page}: a comment before a block says 'not run: REASON' or 'exit N: REASON': {before.text}"
        return dataclasses.replace(block, mark=mark[1].split()[0], exit=int(mark[2] or 0))
    alone = before.tag == "p" and len(before) == 1 and before[0].tag == "code" and not (before.text or before[0].tail)
    return dataclasses.replace(block, named=before.text_content()) if alone else block


def lines(language: str) -> Iterator[tuple[Block, str]]:
    """Every command line in a block of `language`, without its comment."""
    for page in (each for each in PAGES if each not in STORIES):
        for block in blocks(page):
            if block.language == language:
                for line in block.text.splitlines():
                    if line.partition("#")[0].strip():
                        yield block, line.partition(" #")[0].strip()


def inline(page: str) -> Iterator[str]:
    """The code within the page's text."""
    yield from (code.text_content() for code in opened(page).iter("code") if not list(code.iterancestors("pre")))


COMMANDS = sorted({(line, block.exit) for block, line in lines("sh") if block.mark != "not"})
CHAPBOOK = [each for each in COMMANDS if "chapbook " in each[0]]
PLACEHOLDER = re.compile(r"[A-Z]{4,}|…")
"""A word that stands for another: SOURCE."""
SPOKEN = sorted(
    {
        text
        for page in PAGES
        if page not in STORIES
        for text in inline(page)
        if text.startswith("chapbook ")
        and not PLACEHOLDER.search(text)
        and shlex.split(text)[1] in cli.chapbook.commands
    }
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the docs' commands are about: the README's book, the examples, one chapter, a picture."""
    folder = tmp_path_factory.mktemp("shelf")
    for block in blocks("README.md"):
        if block.named:
            (folder / block.named).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.named).write_text(block.text, "utf-8")
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copytree(ROOT / "examples", folder / "library")
    (folder / "story.md").write_text("---\ntitle: A Story\nlanguage: en\n---\nOnce.\n", "utf-8")
    return folder


@pytest.fixture
def place(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shelf to work in."""
    shutil.copytree(shelf, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


STARTED = "first-book"
"""The folder that the command before has made."""


def run(line: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Runs a `chapbook` command line in this process, as the installed command would be run."""
    words = shlex.split(line)
    if words[0] == "cd":
        monkeypatch.chdir(words[1])
        assert words[2] == "&&"
        del words[:3]
    while "=" in words[0]:
        monkeypatch.setenv(*words.pop(0).split("=", 1))
    if STARTED in words and words[1] != "new":
        assert cli.run(["new", STARTED]) == 0
    return cli.run(words[1:])


def test_the_docs_have_commands() -> None:
    assert len(CHAPBOOK) > 10
    assert SPOKEN


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("line", "code"), CHAPBOOK)
def test_every_command_of_the_docs_runs(line: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(line, monkeypatch) == code


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("line", SPOKEN)
def test_every_command_that_the_text_speaks_of_runs(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if re.fullmatch(r"chapbook (build|check)( \.| --format \w+)?", line):  # of the current folder
        monkeypatch.chdir("my-book")
    assert run(line, monkeypatch) == 0


@pytest.mark.parametrize("line", [line for line, _ in COMMANDS if line.startswith("python ")])
def test_every_script_of_the_docs_runs(line: str, place: Path) -> None:
    done = subprocess.run([sys.executable, *shlex.split(line)[1:]], cwd=place, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_every_other_command_is_a_target_of_make_or_marked() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line, _ in COMMANDS:
        if "chapbook " not in line and not line.startswith("python "):
            words = line.split()
            assert words[0] == "make", f"'{line}' is not run by any test: mark it '<!-- not run: REASON -->'"
            assert words[1] in targets, line


def test_the_readme_s_book_is_in_order(place: Path) -> None:
    report = chapbook.Book.from_folder(place / "my-book").check()
    assert report.diagnostics == ()
    assert [chapter.title for chapter in chapbook.Book.from_folder(place / "my-book").chapters] == [
        "Before we start",
        "Arrival",
    ]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page not in STORIES and any(each.language == "python" for each in blocks(page))],
)
def test_the_python_of_each_page_runs_and_gives_what_it_says(page: str) -> None:
    shutil.rmtree("my-book") if page == "docs/api.md" else None  # which makes its own
    names: dict[str, object] = {"__name__": "docs"}
    for block in blocks(page):
        if block.language == "python" and block.mark != "not":
            run_python(block.text, page, names)


def run_python(text: str, page: str, names: dict[str, object]) -> None:
    """Runs `text`; an expression with ``# -> VALUE`` behind it has that value."""
    source = text.splitlines()
    for statement in ast.parse(text).body:
        assert statement.end_lineno
        says = RESULT.search(source[statement.end_lineno - 1])
        if isinstance(statement, ast.Expr) and says:
            value = eval(compile(ast.Expression(statement.value), page, "eval", dont_inherit=True), names)
            assert repr(value) == says[1], f"{page}: {ast.unparse(statement)}"
        else:
            assert not says, f"{page}: only an expression has a value: {ast.unparse(statement)}"
            exec(compile(ast.Module([statement], []), page, "exec", dont_inherit=True), names)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    for element in opened(page).iter("a", "img"):
        target = urlsplit(element.get("href") or element.get("src") or "")
        if target.scheme or target.netloc:
            assert target.scheme == "https", element.get("href")
            continue
        path = (ROOT / page).parent / unquote(target.path) if target.path else ROOT / page
        assert path.exists(), f"{page}: there is no {target.path}"
        assert ROOT in path.resolve().parents, f"{page}: {target.path} lies outside"
        if target.fragment:
            named = path.resolve().relative_to(ROOT).as_posix()
            assert target.fragment in anchors(named), f"{page}: {named} has no #{target.fragment}"


@cache
def anchors(page: str) -> frozenset[str]:
    """The ids that GitHub gives the page's headings."""
    headings = opened(page).iter("h1", "h2", "h3", "h4", "h5", "h6")
    return frozenset(re.sub(r"[^\w\- ]", "", each.text_content().lower()).replace(" ", "-") for each in headings)


def test_the_readme_lists_every_page_of_the_docs_once() -> None:
    listed = [each.get("href") or "" for each in opened("README.md").xpath("//table//td[1]//a")]
    pages = [page for page in PAGES if page.startswith("docs/") and page.count("/") == 1 and page != "docs/index.md"]
    assert sorted(each for each in listed if each.startswith("docs/")) == sorted([*pages, "docs/howto/novel.md"])


def test_every_page_leads_to_its_how_tos_and_tools() -> None:
    for page, folder in (("docs/index.md", "howto"), ("docs/other-tools.md", "tools")):
        led_to = {each.get("href") for each in opened(page).iter("a")}
        assert {f"{folder}/{each.name}" for each in (ROOT / "docs" / folder).glob("*.md")} <= led_to


def section(page: str, heading: str) -> Iterator[html.HtmlElement]:
    """What stands under a heading of the page, down to the next one."""
    found = next(each for each in opened(page).iter("h1", "h2", "h3", "h4") if each.text_content() == heading)
    for element in found.itersiblings():
        if element.tag in {"h1", "h2", "h3", "h4"}:
            return
        yield element


def rows(page: str, heading: str) -> list[list[list[str]]]:
    """The rows of the first table under a heading: of each cell the code in it."""
    table = next(element for element in section(page, heading) if element.tag == "table")
    return [
        [[code.text_content() for code in cell.iter("code")] for cell in row.iter("td")] for row in table.iter("tr")
    ][1:]


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("A chapter's front matter", CHAPTER_KEYS),
        ("About the book", METADATA_KEYS),
        ("How it is made", SETTINGS_KEYS),
        ("How the folder is read", FOLDER_KEYS),
        ("People", next(key for key in METADATA_KEYS if key.name == "authors").keys),
        ("Subjects", next(key for key in METADATA_KEYS if key.name == "subjects").keys),
        ("Accessibility", next(key for key in METADATA_KEYS if key.name == "accessibility").keys),
    ],
)
def test_the_tables_of_keys_name_every_key_once(heading: str, table: tuple[Key, ...]) -> None:
    known = by_name(table)
    found: list[str] = []
    for row in rows("docs/keys.md", heading):
        assert set(row[0]) <= set(known), f"{heading}: {row[0]}"
        names = {known[word].name for word in row[0]}
        assert len(names) == 1, f"{row[0]} are not one key"
        found += names
    assert sorted(found) == sorted(key.name for key in table)


def test_every_severity_that_the_docs_give_a_code_is_right() -> None:
    said = re.compile(r"\b(error|warning)s?:? \(?<code>([a-z0-9-]+)</code>(?:, <code>([a-z0-9-]+)</code>)?")
    found = [
        (page, severity, code)
        for page in PAGES
        for severity, *named in said.findall(html.tostring(opened(page), encoding="unicode"))
        for code in named
        if "-" in code
    ]
    assert len(found) > 20
    for page, severity, code in found:
        assert code in codes.CODES, f"{page}: there is no code '{code}'"
        assert codes.CODES[code].severity == severity, f"{page}: '{code}' is no {severity}"


@pytest.mark.parametrize("page", dict.fromkeys(page for page, _ in PARTS))
def test_what_is_printed_from_the_code_is_up_to_date(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    assert text == up_to_date(page, text), "make docs rewrites it"


def test_every_option_of_the_command_is_told_with_its_commands() -> None:
    told = {name: set(row[1]) for row in rows("docs/command.md", "Options") for name in row[0]}
    real: dict[str, set[str]] = {}
    for command in cli.chapbook.commands.values():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                for name in (*parameter.opts, *parameter.secondary_opts):
                    real.setdefault(name, set()).add(str(command.name))
    assert told == real


def test_every_public_name_has_its_place_in_the_docs_of_the_library() -> None:
    told = {each.text_content() for each in opened("docs/api.md").iter("h2")} | set(inline("docs/api.md"))
    assert set(chapbook.__all__) - {"__version__"} <= told


@pytest.mark.parametrize("name", ["Book", "Chapter"])
def test_the_docs_of_the_library_name_every_field(name: str) -> None:
    fields = set(inspect.signature(getattr(chapbook, name)).parameters)
    assert {word for row in rows("docs/api.md", name) for word in row[0]} == {
        each for each in fields if not each.startswith("_")
    }


def test_the_table_of_rooms_is_the_one_that_is_checked() -> None:
    told = {
        row[0][0].removesuffix("/").removesuffix(".py"): set(row[-1])
        for row in rows("docs/architecture.md", "The rooms")
    }
    assert list(told) == list(BENEATH)
    assert told == BENEATH
