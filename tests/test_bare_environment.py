"""The way of somebody new: install, `new`, write, `preview`, `build` and `check`, in a bare virtual environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from support.browser import missing
from test_distribution import installed, sdist, unpacked, wheel  # noqa: F401 - the fixtures that build the wheel

pytestmark = pytest.mark.skipif(os.name != "posix", reason="interrupts are sent as POSIX has them")

CHAPTER = "---\ntitle: The Harbour\nweight: 30\n---\n\nThe lamp went out at four, and nobody *saw* it.\n"


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811 - the fixture
    """The folder of the programs of an environment that has chapbook, its preview, and what they need."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    words = [str(folder / "bin" / "pip"), "install", "--quiet", "--no-compile", f"{wheel}[preview]"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=280, check=False)
    if "No matching distribution" in done.stderr:
        missing("pip can't reach a package index")
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def clean(environment: Path) -> dict[str, str]:
    """Variables as a new terminal has them: nothing of this run's Python."""
    home = environment.parent.parent / "home"
    home.mkdir(exist_ok=True)
    return {"PATH": os.pathsep.join([str(environment), os.defpath]), "HOME": str(home), "LC_ALL": "C.UTF-8"}


def test_from_nothing_to_a_checked_book(
    environment: Path, tmp_path: Path, assert_valid: Callable[[Path], None]
) -> None:
    variables = clean(environment)

    def chapbook(*words: str, cwd: Path = tmp_path) -> str:
        done = subprocess.run(
            ["chapbook", *words], cwd=cwd, env=variables, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    chapbook("new", "harbour-book")
    book = tmp_path / "harbour-book"
    (book / "harbour.md").write_text(CHAPTER, "utf-8")
    assert "nobody <em>saw</em> it" in previewed(book, variables)
    assert "warning" not in chapbook("build", cwd=book)
    (made,) = book.glob("*.epub")
    assert_valid(made)
    assert "warning" not in chapbook("check", cwd=book)
    (book / "harbour.md").write_text(CHAPTER.replace("*saw*", "[saw](nowhere.md)"), "utf-8")
    assert "harbour.md:6:39: warning: broken link" in chapbook("check", cwd=book)


def previewed(book: Path, variables: dict[str, str]) -> str:
    """The chapter as the preview of the book serves it; Ctrl-C ends the preview."""
    words = ["chapbook", "preview", str(book)]
    with subprocess.Popen(words, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().strip()
            browser = build_opener(HTTPCookieProcessor())
            assert "<title>" in browser.open(address, timeout=60).read().decode()
            chapter = urljoin(address, "/book/-/light/text/harbour.xhtml")
            text: str = browser.open(chapter, timeout=60).read().decode()
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=60) in {0, 130}
        finally:
            running.kill()
    return text
