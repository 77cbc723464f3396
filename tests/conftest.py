"""What every test may ask for."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import pytest
from hypothesis import Phase, settings

from chapbook.model.deflated import Deflated
from chapbook.model.diagnostics import Diagnostic
from chapbook.packaging.container import _Archive
from support.epubcheck import EpubCheck
from support.gate import check_epub
from support.gate_references import outside_references
from support.well_told import is_told_well

# The same examples each time, and none fails because the machine is busy.
# Explaining a failure traces every line, which a chapter's deadline and the counting of steps do too: it would hang.
_PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)
settings.register_profile("chapbook", derandomize=True, deadline=None, phases=_PHASES)
settings.load_profile("chapbook")


OUTSIDE_THE_CORE = frozenset(
    {
        *(
            "fuzz",
            "hostile",
            "readers",
            "test_automation.py",
            "test_dask.py",
            "test_docs.py",
            "test_interrupted.py",
            "test_volumes.py",
            "test_watch.py",
        ),
        *("test_counting.py", "test_file_names.py", "test_standard_streams.py", "test_stopping.py", "test_workers.py"),
        *("colour", "model", "test_architecture.py", "test_output.py", "test_prose_loss.py", "test_replacing.py"),
        *("test_notebook.py", "test_a11y_report.py", "test_reproducible.py", "test_spool.py", "test_unchanged.py"),
        *("test_browser.py", "test_from_ebooklib.py", "test_site.py", "test_bare_environment.py"),
    }
)
"""Tests of what no library's version bears on: other programs, a cluster, processes that are killed, the docs,
chapbook's own arithmetic.

Tests elsewhere that ask for EPUBCheck are skipped one by one.
"""

_NOBODY = 65_534


@pytest.fixture(scope="session")
def epubcheck(pytestconfig: pytest.Config) -> Iterator[EpubCheck]:
    """EPUBCheck, in one Java process for the whole run (one for each worker of pytest-xdist)."""
    if pytestconfig.getoption("--core"):
        pytest.skip("EPUBCheck is not part of the core")
    with EpubCheck() as running:
        yield running


@pytest.fixture(scope="session")
def assert_valid(epubcheck: EpubCheck) -> Callable[[Path], None]:
    """Asks of an EPUB file that EPUBCheck says nothing, at any level."""
    return epubcheck.assert_valid


@pytest.fixture(scope="session")
def assert_clean(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    """Asks of an EPUB file that our own checks and EPUBCheck find nothing, at any level.

    With ``--core`` our own checks alone are asked.
    """
    valid = None if request.config.getoption("--core") else request.getfixturevalue("assert_valid")

    def check(path: Path) -> None:
        problems = check_epub(path)
        assert not problems, "\n".join(problems)
        if valid is not None:
            valid(path)

    return check


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our own flags: for the first see test_cases.py, for the second `pytest_ignore_collect`."""
    parser.addoption("--rewrite", action="store_true", help="write the expected files of tests/cases anew")
    parser.addoption("--core", action="store_true", help="run the tests that need Python alone")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With ``--core``, leaves out the tests of `OUTSIDE_THE_CORE`."""
    return True if config.getoption("--core") and collection_path.name in OUTSIDE_THE_CORE else None


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The command's cache in a folder of the test run: never the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def ill_told() -> Iterator[list[Diagnostic]]:
    """The messages made so far in this process that no author should see."""
    found: list[Diagnostic] = []
    make = Diagnostic.of

    def kept(*values: Any, **named: Any) -> Diagnostic:
        made = make(*values, **named)
        if not is_told_well(made):
            found.append(made)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Diagnostic, "of", kept)
        yield found


@pytest.fixture(scope="session")
def referred_to() -> Iterator[list[str]]:
    """What the archives that were written so far in this process refer to outside themselves."""
    found: list[str] = []
    add, end = _Archive.add, _Archive.end

    def kept(self: Any, name: str, content: bytes | Deflated) -> None:
        add(self, name, content)
        files = vars(self).setdefault("files", {})
        files[name] = content

    def scanned(self: Any) -> None:
        end(self)
        written = vars(self).get("files", {})
        with suppress(ExpatError, zlib.error):  # a test of archives may write anything
            files = {name: each.content() if isinstance(each, Deflated) else each for name, each in written.items()}
            found.extend(outside_references(files))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Archive, "add", kept)
        patch.setattr(_Archive, "end", scanned)
        yield found


@pytest.fixture(autouse=True)
def no_book_refers_to_anything_outside(referred_to: list[str]) -> Iterator[None]:
    """Whatever book a test writes, it holds all that it refers to, but for links."""
    referred_to.clear()
    yield
    assert not referred_to


@pytest.fixture(autouse=True)
def every_message_is_words(ill_told: list[Diagnostic]) -> Iterator[None]:
    """Whatever a test provokes is told in words, and of a place that there can be."""
    ill_told.clear()
    yield
    assert not ill_told


@pytest.fixture
def as_ordinary_user(tmp_path: Path) -> Iterator[None]:
    """The test as somebody to whom things are refused, also where the run is root's: `tmp_path` is theirs."""
    if os.name != "posix" or os.geteuid() != 0:
        yield
        return
    for folder in tmp_path.parents[:3]:
        folder.chmod(folder.stat().st_mode | 0o011)
    for path in (tmp_path, *tmp_path.rglob("*")):
        os.chown(path, _NOBODY, -1)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
