"""The package of docs/plugin, built, installed and used."""

from __future__ import annotations

import importlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chapbook import Book, Chapter, ShortcodeCall, read_chapter
from support.command import run

PACKAGE = Path(__file__).parent.parent / "docs" / "plugin"
CHAPTER = "---\ntitle: The Bar\nx-ships: [Ann of Wick]\n---\nThe *Ann of Wick* at {{< tide 4.2 >}}, *always*.\n"
SIGNING = """
from chapbook import Pass

def sign(page):
    page.body[-1].text = "{words}"

def add(book):
    book.passes.append(Pass(code=sign, version="1"))
"""
MADE = '<p>The <em class="ship">Ann of Wick</em> at <strong>4.2\xa0m</strong>, <em>always</em>.</p>'


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as pip installs it."""
    source, target = tmp_path_factory.mktemp("source") / "plugin", tmp_path_factory.mktemp("target")
    shutil.copytree(PACKAGE, source)
    words = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir"]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *words, "--target", str(target), str(source)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def use(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Path]]:
    """Makes a version of the package importable, and gives its folder; without one it has no version."""

    def changed(version: str) -> Path:
        folder = tmp_path / f"site-{version}"
        shutil.copytree(installed, folder)
        (metadata,) = folder.glob("*.dist-info/METADATA")
        new = f"Version: {version}\n" if version else ""
        text, count = re.subn(r"^Version: .*\n", new, metadata.read_text("utf-8"), flags=re.MULTILINE)
        assert count == 1
        metadata.write_text(text, "utf-8")
        metadata.parent.rename(folder / f"chapbook_harbour-{version or '0'}.dist-info")
        monkeypatch.syspath_prepend(folder)
        monkeypatch.delitem(sys.modules, "chapbook_harbour", raising=False)
        importlib.invalidate_caches()
        return folder

    yield changed
    sys.modules.pop("chapbook_harbour", None)


def book() -> Book:
    return Book(title="The Harbour Year", authors="Nan Corrigall", contents=[read_chapter(CHAPTER)])


def made(epub: bytes, name: str = "the-bar") -> str:
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return archive.read(f"EPUB/text/{name}.xhtml").decode()


def rendered(used: Book, cache: Path) -> int:
    """How often a build asks for the plug-in's shortcode, which stands once in the only chapter."""
    seen: list[str] = []
    given = used.shortcodes["tide"]

    def counted(call: ShortcodeCall) -> str | tuple[str, str]:
        seen.append(call.name)
        return given(call)

    versions = used._versions
    versions[id(counted)] = versions[id(given)]
    used.shortcodes["tide"] = counted
    used.write(io.BytesIO(), cache=cache)
    return len(seen)


def with_plug_in(asked: str | Callable[[Book], None]) -> Book:
    made = book()
    made.use(asked)
    return made


def test_a_book_uses_an_installed_plug_in(
    use: Callable[[str], Path], assert_clean: Callable[[Path], None], tmp_path: Path
) -> None:
    use("1.0")
    report = with_plug_in("harbour").write(tmp_path / "book.epub")
    assert report.diagnostics == ()
    assert MADE in made((tmp_path / "book.epub").read_bytes())
    assert_clean(tmp_path / "book.epub")


def signing(folder: Path, words: str) -> str:
    """Puts a package there with a plug-in that ends chapters with `words`, and gives its name."""
    name = f"signing_{words}"
    (folder / f"{name}.py").write_text(SIGNING.format(words=words), "utf-8")
    (folder / f"{name}-1.0.dist-info").mkdir()
    (folder / f"{name}-1.0.dist-info/METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8"
    )
    (folder / f"{name}-1.0.dist-info/entry_points.txt").write_text(
        f"[chapbook.plugins]\n{name} = {name}:add\n", "utf-8"
    )
    return name


def test_what_two_packages_made_is_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where each has a pass of the same name with a version of its own."""
    monkeypatch.syspath_prepend(tmp_path)
    for words in ("Low", "High"):
        asked, epub = Book(title="T", contents=[Chapter(title="The Bar", text="Water.")]), io.BytesIO()
        asked.use(signing(tmp_path, words))
        asked.write(epub, cache=tmp_path / "cache")
        assert f"<p>{words}</p>" in made(epub.getvalue())


def test_the_command_uses_it_when_it_is_asked_to(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "bar.md").write_text(CHAPTER.replace("title", "language: en\ntitle"), "utf-8")
    path = os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH"))))
    done = run("build", "bar.md", "--plugin", "harbour", "-o", "bar.epub", cwd=tmp_path, PYTHONPATH=path)
    assert done.returncode == 0, done.stderr
    assert MADE in made((tmp_path / "bar.epub").read_bytes(), "bar")
    done = run("build", "bar.md", "-o", "other.epub", cwd=tmp_path, PYTHONPATH=path)
    assert "[shortcode-unknown]" in done.stderr, "a plug-in that nobody asked for did something"
    done = run("check", "bar.md", "--plugin", "harbor", cwd=tmp_path, PYTHONPATH=path)
    assert done.returncode != 0
    assert "did you mean 'harbour'?" in done.stderr


def test_what_it_made_is_kept_under_its_version(use: Callable[[str], Path], tmp_path: Path) -> None:
    use("1.0")
    counts = [rendered(with_plug_in("harbour"), tmp_path / "cache") for _ in range(2)]
    use("1.1")
    counts += [rendered(with_plug_in("harbour"), tmp_path / "cache") for _ in range(2)]
    assert counts == [1, 0, 1, 0]


def test_nothing_that_it_made_is_kept_without_a_version(use: Callable[[str], Path], tmp_path: Path) -> None:
    use("")
    assert [rendered(with_plug_in("harbour"), tmp_path / "cache") for _ in range(2)] == [1, 1]
    plug_in = importlib.import_module("chapbook_harbour").harbour
    assert [rendered(with_plug_in(plug_in), tmp_path / "cache") for _ in range(2)] == [1, 1]
