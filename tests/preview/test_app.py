"""What the preview serves, and to whom."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from unittest import mock

import pytest
from starlette.testclient import TestClient

from chapbook import Book
from chapbook.preview.live_book import LiveBook
from chapbook.preview.placed_messages import EDITORS, Editor
from chapbook.preview.server import Preview, app_of
from chapbook.series.planning import plan_one_book
from chapbook.series.requests import Choices
from support.command import run
from support.libraries import write_files, write_library

PORT = 8000
PATHS = ["/", "/state", "/events", "/search?q=x", "/own/preview.js", "/book/-/light/nav.xhtml"]
FILES = {
    "book.yaml": "title: The Long Way\nauthor: Ann\nlanguage: en\ncss: own.css\n",
    "own.css": (
        "@media (prefers-color-scheme: dark) { p { color: #dddddd } }\n"
        "@media (prefers-color-scheme: light) { p { top: 0 } }\n"
    ),
    "one.md": "# One\n\nThe lan\u00adtern &amp; the <em>keep</em>er's lantern.\n\n[a broken link](nowhere.md)\n",
    "two.md": "# Two\n\nHere is a lantern, too.\n",
    "secret.txt": "not of the book",
}


@pytest.fixture
def preview(tmp_path: Path) -> Preview:
    source = write_files(tmp_path / "book", FILES)
    choices = Choices(cache=tmp_path / "cache")
    book = LiveBook(partial(plan_one_book, source, choices))
    book.renew()
    themes = (("classic", "a serif"), ("modern", "a sans-serif"))
    return Preview(book=book, port=PORT, folder=source.as_posix(), themes=themes, editor=Editor.of("vscode"))


@pytest.fixture
def client(preview: Preview) -> Iterator[TestClient]:
    """A browser that has opened the address that was printed."""
    with TestClient(app_of(preview), base_url=f"http://127.0.0.1:{PORT}") as client:
        assert client.get(preview.address).status_code == 200
        yield client


def test_the_address_becomes_a_cookie_and_is_seen_no_more(preview: Preview) -> None:
    with TestClient(app_of(preview), base_url=f"http://127.0.0.1:{PORT}", follow_redirects=False) as client:
        answer = client.get(preview.address)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "cookie", ["", f"chapbook-{PORT}=wrong", f"chapbook-{PORT}=", "chapbook-1=TOKEN", f"chapbook-{PORT}=é"]
)
def test_nobody_else_is_let_in(path: str, cookie: str, preview: Preview) -> None:
    told = {"cookie": cookie.replace("TOKEN", preview.token).encode()}
    with TestClient(app_of(preview), base_url=f"http://127.0.0.1:{PORT}") as client:
        answer = client.get(path, headers=told)  # type: ignore[arg-type]  # bytes are as good
        assert answer.status_code == 403
        assert client.get(f"{path}{'&' if '?' in path else '?'}token=wrong").status_code == 403


def test_two_previews_have_two_tokens(preview: Preview) -> None:
    assert Preview(book=preview.book, port=PORT).token != preview.token


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": f"evil.example:{PORT}"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": f"127.0.0.1:{PORT + 1}"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": f"https://127.0.0.1:{PORT}"}, 403),
        ({"origin": f"http://127.0.0.1:{PORT + 1}"}, 403),
        ({"origin": f"http://127.0.0.1:{PORT}"}, 200),
        ({"host": f"localhost:{PORT}"}, 200),
    ],
)
def test_host_and_origin_are_those_of_the_preview(headers: Mapping[str, str], code: int, client: TestClient) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    assert client.get("/state", headers={**headers, "cookie": cookie}).status_code == code


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(method: str, client: TestClient) -> None:
    assert client.request(method, "/state").status_code == 405


def test_documents_are_those_of_the_archive(client: TestClient, tmp_path: Path) -> None:
    written = BytesIO()
    Book.from_folder(tmp_path / "book").write(written)
    with zipfile.ZipFile(written) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        for name in names:
            answer = client.get(f"/book/-/light/{name.removeprefix('EPUB/')}")
            assert answer.content == archive.read(name)
            assert answer.headers["content-type"].startswith("application/xhtml+xml")
    assert len(names) >= 5


@pytest.mark.parametrize(
    "path",
    [
        *("-/light/secret.txt", "-/light/package.opf", "-/light/../mimetype", "-/light/%2e%2e/mimetype", "-/light/"),
        *("-/light/text/..%2f..%2f..%2fsecret.txt", "-/light//etc/passwd", "-/other/nav.xhtml", "..%2f..%2f/light/x"),
        *("other/light/nav.xhtml", "%2Ftmp/light/nav.xhtml"),
    ],
)
def test_nothing_outside_the_publication_is_served(path: str, client: TestClient) -> None:
    assert client.get(f"/book/{path}").status_code == 404


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "__init__.py", "/etc/passwd", ""])
def test_nothing_outside_the_page_is_served(name: str, client: TestClient) -> None:
    assert client.get(f"/own/{name}").status_code == 404


def test_documents_run_no_scripts_and_load_nothing_from_elsewhere(client: TestClient) -> None:
    policy = client.get("/book/-/light/text/one.xhtml").headers["content-security-policy"]
    assert policy.startswith("sandbox allow-same-origin; default-src 'none'; ")
    assert "script" not in policy
    assert "http" not in policy
    page = client.get("/").headers
    assert "script-src 'self';" in page["content-security-policy"]
    assert "unsafe" not in page["content-security-policy"]
    assert page["x-content-type-options"] == "nosniff"
    assert page["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("look", "dark", "light"),
    [
        ("light", "(max-width: 0)", "(min-width: 0)"),
        ("sepia", "(max-width: 0)", "(min-width: 0)"),
        ("black", "(max-width: 0)", "(min-width: 0)"),
        ("dark", "(min-width: 0)", "(max-width: 0)"),
    ],
)
def test_the_look_answers_what_the_book_asks(look: str, dark: str, light: str, client: TestClient) -> None:
    (own,) = (name for name in client.get("/state").json()["stamps"] if "own-1" in name)
    css = client.get(f"/book/-/{look}/{own}").text
    assert f"@media {dark} {{ p {{ color" in css
    assert f"@media {light} {{ p {{ top" in css


def test_each_theme_has_its_cover_and_sheets(client: TestClient) -> None:
    covers = {client.get(f"/book/{theme}/light/cover-picture").content for theme in ("classic", "modern")}
    sheets = {client.get(f"/book/{theme}/light/styles/theme.css").content for theme in ("classic", "modern")}
    assert (len(covers), len(sheets)) == (2, 2)
    assert client.get("/book/-/light/cover-picture").content in covers


def test_search_finds_the_text_and_not_the_markup(client: TestClient) -> None:
    found = client.get("/search", params={"q": "LANTERN "}).json()
    assert [(each["name"], each["number"], each["found"]) for each in found] == [
        ("text/one.xhtml", 0, "lantern"),
        ("text/one.xhtml", 1, "lantern"),
        ("text/two.xhtml", 0, "lantern"),
    ]
    assert [each["name"] for each in client.get("/search", params={"q": "the keeper"}).json()] == ["text/one.xhtml"]
    for nothing in ("", " ", "em>", "xhtml", "(", "amp;"):
        assert client.get("/search", params={"q": nothing}).json() == []


def test_a_message_has_its_place_and_its_lines(client: TestClient, preview: Preview) -> None:
    (told,) = client.get("/state").json()["messages"]
    assert (told["severity"], told["path"], told["line"]) == ("warning", "one.md", 5)
    assert (told["document"], told["words"]) == ("text/one.xhtml", "a broken link")
    assert told["lines"][told["line"] - told["first"]] == "[a broken link](nowhere.md)"
    assert told["edit"] == f"vscode://file{preview.folder}/one.md:5:1".replace("file/", "file/")


def test_a_change_makes_a_new_edition_of_what_changed(client: TestClient, preview: Preview, tmp_path: Path) -> None:
    before = client.get("/state").json()
    write_files(tmp_path / "book", {"two.md": "# Two\n\nA [lamp](lamp.md).\n"})
    preview.book.renew()
    after = client.get("/state").json()
    assert after["version"] == before["version"] + 1
    changed = {name for name in after["stamps"] if after["stamps"][name] != before["stamps"].get(name)}
    assert changed == {"text/two.xhtml"}
    assert "lamp" in client.get("/book/-/light/text/two.xhtml").text
    assert {each["path"] for each in after["messages"]} == {"one.md", "two.md"}
    assert [each["name"] for each in client.get("/search", params={"q": "lamp"}).json()] == ["text/two.xhtml"]


def test_only_what_changed_is_rendered(preview: Preview, tmp_path: Path) -> None:
    write_files(tmp_path / "book", {"two.md": "# Two\n\nAnother lamp.\n"})
    here = mock.patch("chapbook.building.inputs.may_fork", return_value=False)
    with here, mock.patch("chapbook.rendering.document.render_chapter") as rendered:
        rendered.side_effect = AssertionError
        preview.book.renew()
    assert {call.kwargs["name"] for call in rendered.call_args_list} == {"text/two.xhtml"}


def test_a_book_with_an_error_keeps_its_pages(client: TestClient, preview: Preview, tmp_path: Path) -> None:
    write_files(tmp_path / "book", {"two.md": "---\nweight: heavy\n---\n\n# Two\n"})
    preview.book.renew()
    state = client.get("/state").json()
    assert not state["whole"]
    assert "error" in {each["severity"] for each in state["messages"]}
    assert "Here is a lantern" in client.get("/book/-/light/text/two.xhtml").text
    write_files(tmp_path / "book", {"two.md": FILES["two.md"]})
    preview.book.renew()
    assert client.get("/state").json()["whole"]


def test_a_book_that_never_was_whole_says_why(tmp_path: Path) -> None:
    source = write_files(tmp_path / "empty", {"book.yaml": "title: [\n"})
    book = LiveBook(partial(plan_one_book, source, Choices()))
    book.renew()
    state = Preview(book=book, port=PORT).state()
    assert (state["whole"], state["spine"]) == (False, ())
    assert state["messages"]


@pytest.mark.parametrize("name", EDITORS)
def test_editors_are_links(name: str) -> None:
    link = Editor.of(name).link("C:\\My books\\one.md", 5, 7)
    assert "C:/My%20books/one.md" in link
    assert "5" in link
    assert "{" not in link


@pytest.mark.parametrize(
    "words",
    [
        "vim",
        "code {path}",
        "javascript://x/{path}",
        "https://evil.example/{path}",
        "file:///{path}",
        "x://no-place",
        "",
    ],
)
def test_what_is_no_editor_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="name one of"):
        Editor.of(words)


def test_without_the_extra_one_line_says_how_to_install_it(tmp_path: Path) -> None:
    hidden = dict.fromkeys(["starlette", "uvicorn", "watchfiles"])
    script = f"import sys; sys.modules |= {hidden}; from chapbook.__main__ import main; main()"
    words = [sys.executable, "-c", script, "preview", str(write_files(tmp_path / "book", FILES))]
    result = subprocess.run(words, check=False, timeout=120, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "pip install 'chapbook[preview]'" in result.stderr


def test_a_library_needs_the_name_of_a_volume(tmp_path: Path) -> None:
    source = write_library(tmp_path / "library", 2)
    result = run("preview", str(source), cwd=tmp_path)
    assert result.returncode == 2
    assert "v001, v002" in result.stderr
    assert "--only" in result.stderr
    book = LiveBook(partial(plan_one_book, source, Choices(only=("v002",))))
    assert Path(book.request.source).name == "v002"


def test_a_volume_is_told_what_its_series_says_now(tmp_path: Path) -> None:
    source = write_library(tmp_path / "library", 2)
    (source / "v001" / "book.yaml").write_text("title: Volume 1\n", "utf-8")
    book = LiveBook(partial(plan_one_book, source / "v001", Choices()))
    book.renew()
    assert book.edition.archive is not None
    assert b"The Other Series" not in book.edition.archive.read("package.opf")
    listing = source / "volumes.yaml"
    listing.write_text(listing.read_text("utf-8").replace("The Series", "The Other Series"), "utf-8")
    book.renew()
    assert b"The Other Series" in book.edition.archive.read("package.opf")
    listing.write_text("volumes: [\n", "utf-8")
    book.renew()
    assert book.edition.archive is not None
