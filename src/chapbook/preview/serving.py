"""Runs a preview until Ctrl-C: the server, and the watch on the book's files."""

from __future__ import annotations

import os
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import uvicorn
import watchfiles
from msgspec import Struct

from chapbook.preview.app import Bell, Preview, app_of
from chapbook.preview.edition import Shelf
from chapbook.preview.messages import Editor
from chapbook.series.planning import plan_one_book
from chapbook.series.requests import BookRequest, Choices
from chapbook.styling.themes import theme_names

__all__ = ["Start", "listening", "serve"]

_STEP = 30
"""Milliseconds without further changes before a change counts as complete."""
_MOST = 300
"""The most milliseconds to wait for that."""


def listening(port: int) -> socket.socket:
    """A socket that only this machine can reach; 0 picks a free port. Raises OSError if the port is in use."""
    return socket.create_server(("127.0.0.1", port))


class Start(Struct, frozen=True, kw_only=True):
    """How a preview begins."""

    view: str = "pages"
    editor: Editor | None = None
    opens: bool = False
    """Whether to open the page in the browser."""
    told: Callable[[Preview], None]
    """Called once, when the page can be opened."""


def serve(source: Path, choices: Choices, door: socket.socket, start: Start) -> None:
    """Builds the book of `source`, serves it on the socket `door`, and rebuilds it on each change, until Ctrl-C.

    Raises ChapbookError unless there is exactly one book.
    """
    shelf = Shelf(partial(plan_one_book, source, choices))
    request = shelf.request
    shelf.renew()  # before there is another thread, so that chapters may be rendered in several processes
    lies = Path(os.path.abspath(request.source))  # noqa: PTH100 - a link that the user gave is not followed here
    preview = Preview(
        shelf=shelf,
        port=door.getsockname()[1],
        folder=(lies if lies.is_dir() else lies.parent).as_posix(),
        themes=theme_names(),
        view=start.view,
        editor=start.editor,
    )
    stop = threading.Event()
    _watch(request, shelf, preview.bell, stop)
    start.told(preview)
    if start.opens:
        threading.Thread(target=webbrowser.open, args=(preview.address,), daemon=True).start()
    config = uvicorn.Config(
        app_of(preview),
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=0,
    )
    try:
        uvicorn.Server(config).run(sockets=[door])
    finally:
        stop.set()


def _watch(request: BookRequest, shelf: Shelf, bell: Bell, stop: threading.Event) -> None:
    """Starts watching for changes: in whole folders, and beside single files."""
    source, choices = Path(request.source), request.choices
    given = (*choices.css, *filter(None, [choices.cover]))
    folders = [source, *choices.assets, *([choices.theme] if isinstance(choices.theme, Path) else [])]
    whole = {Path(each) for each in folders if Path(each).is_dir()}
    beside = {Path(each).parent for each in (*given, source) if not Path(each).is_dir()}
    beside |= {Path(request.library)} if request.library else set()

    def look(paths: Iterable[Path], *, recursive: bool) -> None:
        changes = watchfiles.watch(*paths, step=_STEP, debounce=_MOST, stop_event=stop, recursive=recursive)
        for _ in changes:
            shelf.renew()
            bell.ring()

    for paths, recursive in ((whole, True), (beside, False)):
        if paths:
            threading.Thread(target=look, args=(paths,), kwargs={"recursive": recursive}, daemon=True).start()
