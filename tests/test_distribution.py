"""The two files that are published: the source distribution builds and tests itself, and the wheel makes books."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pyromark
import pytest
from lxml import html

from chapbook import Book

ROOT = Path(__file__).parent.parent
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
OFFLINE = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir")
NO_SOURCE = {
    *(
        ".git",
        ".venv",
        ".venv-lowest",
        ".venv-newest",
        ".venv-fuzz",
        ".venv-supply",
        ".venv-whole",
        ".tools",
        "node_modules",
    ),
    *("build", "dist", "__pycache__"),
}
SDIST = "import sys; sys.path[:0] = ['build_backend']; from reproducible import build_sdist; build_sdist(sys.argv[1])"


def run(*words: str | Path, cwd: Path, path: Path | None = None) -> str:
    """What a program prints. With `path`, Python finds packages there before all others."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(path or ""), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        list(map(str, words)), cwd=cwd, env=environment, check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def not_source(folder: str, names: list[str]) -> set[str]:
    """What of a folder is no source: caches, environments, and links into them."""
    return {
        name
        for name in names
        if name in NO_SOURCE or name.endswith((".egg-info", "_cache")) or (Path(folder) / name).is_symlink()
    }


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, made of a copy of this folder."""
    copy, made = tmp_path_factory.mktemp("copy") / "chapbook", tmp_path_factory.mktemp("sdist")
    shutil.copytree(ROOT, copy, ignore=not_source)
    run(sys.executable, "-c", SDIST, made, cwd=copy)
    (found,) = made.iterdir()
    return found


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the source distribution holds."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (found,) = folder.iterdir()
    return found


@pytest.fixture(scope="module")
def wheel(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made of the source distribution."""
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", *OFFLINE, "--wheel-dir", folder, unpacked, cwd=folder)
    (found,) = folder.iterdir()
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip installs it; the libraries are those of this environment, the newest or the lowest."""
    folder = tmp_path_factory.mktemp("installed")
    run(*PIP, "install", *OFFLINE, "--target", folder, wheel, cwd=folder)
    return folder


def sources(*folders: str) -> set[str]:
    found: set[str] = set()
    for folder in folders:
        for place, inner, names in os.walk(ROOT / folder):
            inner[:] = [name for name in inner if name not in not_source(place, inner)]
            found |= {(Path(place) / name).relative_to(ROOT).as_posix() for name in names if not name.endswith(".pyc")}
    return found


def test_the_source_distribution_has_all_that_its_tests_need(unpacked: Path) -> None:
    needed = sources("src", "styles", "tests", "docs", "examples", "benchmarks", "build_backend")
    needed |= {
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "SECURITY.md",
        "mkdocs.yml",
        "pyproject.toml",
    }
    needed |= {".dockerignore", ".pre-commit-hooks.yaml", "Dockerfile", "action.yml"}
    have = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert needed - have == set()
    assert {path for path in have - needed if not path.startswith(("src/chapbook.egg-info/", ".ci/"))} == {
        *("MANIFEST.in", "PACKAGE.md", "PKG-INFO", "setup.cfg")
    }


def test_the_source_distribution_tests_itself(unpacked: Path) -> None:
    """All its tests can be collected, and some of them run, on its own code."""
    path = unpacked / "src"
    (path / "chapbook" / "styles").symlink_to(unpacked / "styles")  # as an installation has it
    words = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "-k", "test_book.py")
    printed = run(*words, cwd=unpacked, path=path)
    count = re.search(r"(\d+) passed, (\d+) deselected", printed)
    assert count, printed
    assert int(count[1]) > 20
    assert int(count[2]) > 1000


def test_the_wheel_has_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        have = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert have == {
        path.removeprefix("src/") for path in sources("src") if not path.startswith("src/chapbook/styles")
    } | {f"chapbook/{path}" for path in sources("styles")}


def test_the_installed_wheel_makes_the_same_book(installed: Path, tmp_path: Path) -> None:
    source = ROOT / "examples" / "harbour-year"
    target = tmp_path / "book.epub"
    run(sys.executable, "-m", "chapbook", "build", source, "-o", target, "--no-cache", cwd=tmp_path, path=installed)
    where = run(sys.executable, "-c", "import chapbook; print(chapbook.__file__)", cwd=tmp_path, path=installed)
    assert Path(where.strip()).is_relative_to(installed)
    assert "classic" in run(sys.executable, "-m", "chapbook", "themes", cwd=tmp_path, path=installed)
    Book.from_folder(source).write(tmp_path / "other.epub")
    assert target.read_bytes() == (tmp_path / "other.epub").read_bytes()


def test_a_package_index_takes_both(sdist: Path, wheel: Path) -> None:
    printed = run(sys.executable, "-m", "twine", "--no-color", "check", "--strict", sdist, wheel, cwd=sdist.parent)
    assert printed.count("PASSED") == 2, printed


def test_the_package_s_page_shows_nothing_that_only_the_repository_has(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        metadata = message_from_bytes(archive.read(name))
    text = str(metadata.get_payload())
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata["Author"] == "The chapbook maintainers"
    page = html.fragment_fromstring(pyromark.html(text), create_parent="main")
    assert "chapbook build my-book" in page.text_content()
    for element in page.iter("a", "img"):
        assert (element.get("href") or element.get("src") or "").startswith("https://")
