"""What the cache's entries depend on besides their input: every file of chapbook, and the libraries as installed."""

from __future__ import annotations

import ast
import os
import sys
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

import chapbook
from chapbook.building.cache_versions import LIBRARIES, OF_KINDLE, file_stamps, library_versions, tool_versions

PACKAGE = Path(chapbook.__file__).parent
NOT_KEPT = {"chapbook", "fonttools"}
"""Fonts are cut down anew in each build."""


def test_the_versions_are_those_of_the_metadata() -> None:
    installed = {each.name.lower().replace("_", "-") for each in metadata.distributions()}
    assert library_versions(sys.path) == {name: metadata.version(name) for name in LIBRARIES & installed}


def test_the_usual_installation_needs_no_importlib_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "distributions", lambda **_: pytest.fail("asked"))
    assert all(library_versions(sys.path).values())


@pytest.mark.parametrize(
    "room", ["rendering", "passes", "markup", "dialects", "source", "assets", "covers", "styling", "colour"]
)
def test_every_library_that_makes_kept_content_counts(room: str) -> None:
    by_package = metadata.packages_distributions()
    for file in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            owners = {
                owner.lower().replace("_", "-") for name in names for owner in by_package.get(name.split(".")[0], ())
            }
            assert owners <= LIBRARIES | NOT_KEPT, file


def _wheel(folder: Path, version: str) -> str:
    (folder / f"Markdown-{version}.dist-info").mkdir(parents=True)
    (folder / f"Markdown-{version}.dist-info" / "METADATA").write_text(f"Name: Markdown\nVersion: {version}\n")
    return str(folder)


def _system_package(folder: Path, version: str) -> str:
    folder.mkdir()
    (folder / f"Markdown-{version}-py3.11.egg-info").write_text(f"Name: Markdown\nVersion: {version}\n")
    return str(folder)


def _source_folder(folder: Path, version: str) -> str:
    (folder / "Markdown.egg-info").mkdir(parents=True)
    (folder / "Markdown.egg-info" / "PKG-INFO").write_text(f"Name: Markdown\nVersion: {version}\n")
    return str(folder)


def _egg(folder: Path, version: str) -> str:
    egg = folder / f"Markdown-{version}-py3.11.egg"
    (egg / "EGG-INFO").mkdir(parents=True)
    (egg / "EGG-INFO" / "PKG-INFO").write_text(f"Name: Markdown\nVersion: {version}\n")
    return str(egg)


def _archive(folder: Path, version: str) -> str:
    folder.mkdir()
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr(f"Markdown-{version}.dist-info/METADATA", f"Name: Markdown\nVersion: {version}\n")
    return str(folder / "all.zip")


Way = Callable[[Path, str], str]
WAYS: tuple[Way, ...] = (_wheel, _system_package, _source_folder, _egg, _archive)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("other", WAYS)
def test_the_first_on_the_path_counts_however_it_is_installed(way: Way, other: Way, tmp_path: Path) -> None:
    path = ["", str(tmp_path / "missing"), way(tmp_path / "one", "1.5"), other(tmp_path / "two", "2.0.1")]
    assert library_versions(path)["markdown"] == "1.5"


def test_a_library_without_metadata_has_no_version(tmp_path: Path) -> None:
    assert library_versions([str(tmp_path)]) == dict.fromkeys(LIBRARIES - OF_KINDLE, "")


def test_another_version_of_a_library_or_of_python_gives_other_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tool_versions.__wrapped__()
    assert tool_versions.__wrapped__() == before
    with monkeypatch.context() as changed:
        changed.setattr(sys, "version", "4.0")
        assert tool_versions.__wrapped__() != before
    monkeypatch.syspath_prepend(_wheel(tmp_path, "1.5"))
    assert tool_versions.__wrapped__() != before


def test_every_file_of_the_package_counts() -> None:
    stamped = {stamp.split()[0] for stamp in file_stamps(PACKAGE)}
    files = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert stamped == {file for file in files if "__pycache__" not in file}
    assert {"words/en.json", "model/labels.py", "passes/links.py"} <= stamped


def test_a_file_that_changed_or_moved_shows(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    words = tmp_path / "words" / "en.json"
    words.write_text("one")
    os.utime(words, ns=(5, 5))
    before = set(file_stamps(tmp_path))
    os.utime(words, ns=(6, 6))
    assert set(file_stamps(tmp_path)) != before
    words.write_text("longer")
    os.utime(words, ns=(5, 5))
    assert set(file_stamps(tmp_path)) != before
    words.write_text("one")
    os.utime(words, ns=(5, 5))
    assert set(file_stamps(tmp_path)) == before
    words.rename(tmp_path / "en.json")
    assert set(file_stamps(tmp_path)) != before
