"""The site that `make site` builds: without a warning, without a dead link, and without anything from the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

import chapbook
from support.browser import run_script

ROOT = Path(__file__).parent.parent
LOADING = ("src", "srcset", "poster", "data", "action")
REMOTE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?:https?:)?//""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site."""
    folder = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": path}
    done = subprocess.run(words, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr == ""
    return folder


@cache
def parsed(page: Path) -> html.HtmlElement:
    return html.parse(page).getroot()


def pages(site: Path) -> list[Path]:
    return [page for page in sorted(site.rglob("*.html")) if page.name != "404.html"]


def test_every_page_of_the_docs_is_in_it(site: Path) -> None:
    made = {page.relative_to(site).with_suffix(".md").as_posix() for page in pages(site)}
    assert {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")} <= made
    assert {"readme.md", "contributing.md", "changelog.md", "examples.md"} <= made
    assert (site / "llms.txt").read_bytes() == (ROOT / "docs/llms.txt").read_bytes()


def test_every_link_leads_to_a_file_and_an_anchor(site: Path) -> None:
    dead, followed = [], 0
    for page in pages(site):
        for element in parsed(page).iter("a", "link", "img", "script"):
            target = urlsplit(element.get("href") or element.get("src") or "")
            if target.scheme or target.netloc:
                continue
            path = (page.parent / unquote(target.path)).resolve() if target.path else page
            path = path / "index.html" if path.is_dir() else path
            followed += 1
            if not path.is_file():
                dead.append(f"{page.name}: {target.path}")
            elif target.fragment and path.suffix == ".html" and unquote(target.fragment) not in anchors(path):
                dead.append(f"{page.name}: {target.path}#{target.fragment}")
    assert dead == []
    assert followed > 1000


@cache
def anchors(page: Path) -> frozenset[str]:
    return frozenset(element.get("id") or "" for element in parsed(page).iter() if isinstance(element.tag, str))


def test_nothing_comes_from_the_network(site: Path) -> None:
    for page in pages(site):
        for element in parsed(page).iter():
            loaded = [element.get(name, "") for name in LOADING] if isinstance(element.tag, str) else []
            loaded += [element.get("href", "")] if element.tag == "link" else []
            assert not [each for each in loaded if re.match(r"(https?:)?//", each)], page.name
            assert element.get("class") != "mermaid", f"{page.name}: a diagram would load a script"
    for sheet in site.rglob("*.css"):
        assert not REMOTE.search(sheet.read_text("utf-8")), sheet.name


def test_every_public_name_is_there_with_its_docstring(site: Path) -> None:
    page = site / "all-names.html"
    titles = {each.text_content().split()[0].strip("¶") for each in parsed(page).iter("h2")}
    assert set(chapbook.__all__) - {"__version__"} == titles


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


def test_it_works_in_a_browser(site: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"
        (seen,) = run_script(ROOT / "tests/site.cjs", f"http://{host}/index.html", seconds=280)
        server.shutdown()
    assert seen["hosts"] == [host]
    assert seen["faults"] == []
    assert seen["searched"]["href"] == "/keys.html"
    assert "toc_depth" in seen["searched"]["words"]
    assert len(seen["pictures"]) >= 6
    assert [name for name, width in seen["pictures"] if not width] == []
    assert [each for each in seen["phone"] if each["widths"][0] > each["widths"][1]] == []
