"""The preview's server: a web application for one browser on this machine, which runs until Ctrl-C."""

from __future__ import annotations

import asyncio
import hmac
import os
import re
import secrets
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from msgspec import Struct, field, json
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chapbook.preview.live_book import LiveBook, watch
from chapbook.preview.placed_messages import Editor, messages_of
from chapbook.series.planning import plan_one_book
from chapbook.series.requests import Choices
from chapbook.styling.themes import theme_names

__all__ = ["Preview", "app_of", "listening", "serve"]

LOOKS = ("light", "dark", "sepia", "black")
_PAGE = Path(__file__).parent / "page"
_OWN = {
    "preview.css": "text/css",
    "preview.js": "text/javascript",
    "pages.js": "text/javascript",
    "panels.js": "text/javascript",
    "layout_audit.js": "text/javascript",
}
"""The page's own files."""
_SHELL_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_BOOK_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; media-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""The policy for the book's own files: style sheets and pictures, no scripts, nothing from elsewhere."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_COVER = "cover-picture"
"""The name by which the page requests the cover."""
_STYLED = frozenset({"text/css", "image/svg+xml", "application/xhtml+xml"})
_SCHEME = re.compile(rb"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)")
_ALWAYS, _NEVER = b"(min-width: 0)", b"(max-width: 0)"


class OpenPages:
    """The pages that are open, which are told of each new edition. Works from all threads."""

    def __init__(self) -> None:
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def notify(self) -> None:
        """Wakes all waiting pages."""
        for loop, event in tuple(self._waiting):
            loop.call_soon_threadsafe(event.set)

    async def events(self, book: LiveBook) -> AsyncIterator[str]:
        """Yields the number of each edition as server-sent events, starting with the newest."""
        event = asyncio.Event()
        entry = (asyncio.get_running_loop(), event)
        self._waiting.add(entry)
        try:
            while True:
                yield f"data: {book.version}\n\n"
                await event.wait()
                event.clear()
        finally:
            self._waiting.discard(entry)


class Preview(Struct, frozen=True, kw_only=True):
    """What is served, and who may see it."""

    book: LiveBook
    port: int
    folder: str = ""
    """The absolute path of the content folder, for the editor's addresses."""
    themes: tuple[tuple[str, str], ...] = ()
    """Names and descriptions."""
    view: str = "pages"
    """The first view: ``pages``, ``sizes`` or ``themes``."""
    editor: Editor | None = None
    pages: OpenPages = field(default_factory=OpenPages)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    def state(self) -> dict[str, object]:
        """What the page needs to know about the newest edition."""
        version, edition = self.book.version, self.book.edition
        archive = edition.archive
        return {
            "version": version,
            "title": edition.title,
            "theme": edition.theme,
            "themes": [{"name": name, "what": what} for name, what in self.themes],
            "view": self.view,
            "whole": edition.is_whole,
            "spine": archive.spine if archive else (),
            "stamps": archive.stamps if archive else {},
            "cover": archive.cover if archive else "",
            "direction": archive.direction if archive else "",
            "messages": messages_of(edition, self.folder, self.editor),
        }

    def file(self, theme: str, look: str, name: str) -> Response:
        """A file of the publication, in a theme (``-``: the book's own) and for a look."""
        known = {each for each, _ in self.themes}
        archive = self.book.archive("" if theme == "-" else theme) if theme == "-" or theme in known else None
        name = archive.cover if archive and name == _COVER else name
        if archive is None or look not in LOOKS or name not in archive.types:
            return PlainTextResponse("There is no such file in the book.", 404)
        data, kind = archive.read(name), archive.types[name]
        if kind in _STYLED:
            data = _as_seen(data, dark=look == "dark")
        return Response(data, media_type=kind, headers={"Content-Security-Policy": _BOOK_POLICY})


def _as_seen(data: bytes, *, dark: bool) -> bytes:
    """Replaces a sheet's queries for the reader's colours with their result: a page can't change the browser's own."""
    return _SCHEME.sub(lambda asked: _ALWAYS if (asked[1] == b"dark") == dark else _NEVER, data)


def app_of(preview: Preview) -> ASGIApp:
    """The application; it answers only requests with the token."""

    def shell(_request: Request) -> Response:
        text = (_PAGE / "preview.html").read_bytes()
        return Response(text, media_type="text/html", headers={"Content-Security-Policy": _SHELL_POLICY})

    def own(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _OWN:
            return PlainTextResponse("There is no such file.", 404)
        return Response((_PAGE / name).read_bytes(), media_type=_OWN[name])

    def state(_request: Request) -> Response:
        return Response(json.encode(preview.state()), media_type="application/json")

    def search(request: Request) -> Response:
        archive = preview.book.archive("")
        hits = list(archive.search(request.query_params.get("q", "")[:200])) if archive else []
        return Response(json.encode(hits), media_type="application/json")

    async def events(_request: Request) -> Response:
        return StreamingResponse(preview.pages.events(preview.book), media_type="text/event-stream")

    def book(request: Request) -> Response:
        given = request.path_params
        return preview.file(given["theme"], given["look"], given["name"])

    routes = [
        Route("/", shell),
        Route("/own/{name}", own),
        Route("/state", state),
        Route("/search", search),
        Route("/events", events),
        Route("/book/{theme}/{look}/{name:path}", book),
    ]
    return _Guard(Starlette(routes=routes), preview)


class _Guard:
    """Refuses requests without the token: first in the printed address, afterwards in a cookie."""

    def __init__(self, app: ASGIApp, preview: Preview) -> None:
        self._app = app
        self._token = preview.token
        self._cookie = f"chapbook-{preview.port}"  # browsers send cookies to every port of a host
        self._hosts = {f"127.0.0.1:{preview.port}", f"localhost:{preview.port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = self._refusal(scope["method"], headers) or self._admission(scope, headers)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    told.setdefault(name, value)
                told.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            await send(message)

        await (answer or self._app)(scope, receive, sending)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        """Refuses requests for another host name (DNS rebinding) and from another site's page."""
        origin = headers.get("origin")
        if headers.get("host") not in self._hosts:
            return PlainTextResponse("This host isn't known here.", 421)
        if origin is not None and origin.removeprefix("http://") not in self._hosts:
            return PlainTextResponse("Only the preview's own page may ask.", 403)
        if method not in {"GET", "HEAD"}:
            return PlainTextResponse("There is nothing to change here.", 405)
        return None

    def _admission(self, scope: Scope, headers: Headers) -> Response | None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        given = query.get("token", [""])[0]
        if scope["path"] == "/" and given and self._is_token(given):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
            return answer
        cookies = (each.strip().partition("=") for each in headers.get("cookie", "").split(";"))
        if any(name == self._cookie and self._is_token(value) for name, _, value in cookies):
            return None
        return PlainTextResponse("Open the address that chapbook preview has printed: it has the key.", 403)

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())


_UVICORN: dict[str, Any] = {
    "log_config": None,
    "log_level": "critical",
    "access_log": False,
    "lifespan": "off",
    "ws": "none",
    "server_header": False,
    "timeout_graceful_shutdown": 0,
}


def listening(port: int) -> socket.socket:
    """A socket that only this machine can reach; 0 picks a free port. Raises OSError if the port is in use."""
    return socket.create_server(("127.0.0.1", port))


def serve(
    source: Path,
    choices: Choices,
    listener: socket.socket,
    *,
    view: str,
    editor: Editor | None,
    opens: bool,
    told: Callable[[Preview], None],
) -> None:
    """Builds the book of `source`, serves it on the socket `listener`, and rebuilds it on each change, until Ctrl-C.

    `told` is called once, when the page can be opened; with `opens` it is opened in the browser. Raises ChapbookError
    unless there is exactly one book.
    """
    book = LiveBook(partial(plan_one_book, source, choices))
    lies = Path(os.path.abspath(book.request.source))  # noqa: PTH100 - a link that the user gave is not followed here
    book.renew()  # before there is another thread, so that chapters may be rendered in several processes
    preview = Preview(
        book=book,
        port=listener.getsockname()[1],
        folder=(lies if lies.is_dir() else lies.parent).as_posix(),
        themes=theme_names(),
        view=view,
        editor=editor,
    )
    stop = threading.Event()
    watch(book, preview.pages.notify, stop)
    told(preview)
    if opens:
        threading.Thread(target=webbrowser.open, args=(preview.address,), daemon=True).start()
    try:
        uvicorn.Server(uvicorn.Config(app_of(preview), **_UVICORN)).run(sockets=[listener])
    finally:
        stop.set()
