"""The command `preview`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chapbook.command.options import (
    CACHE,
    DRAFTS,
    NO_CACHE,
    ONLY,
    SOURCE,
    STYLE_SHEETS,
    THEME,
    choosing,
    told_as_usage,
)
from chapbook.command.process import mention
from chapbook.model.xml_text import printable

if TYPE_CHECKING:
    from chapbook.preview.placed_messages import Editor
    from chapbook.preview.server import Preview
    from chapbook.series.requests import Choices

__all__ = ["preview"]


@click.command()
@SOURCE
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port; 0: any that is free.")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option("--all-sizes", is_flag=True, help="Begin with all sizes of pages side by side.")
@click.option(
    "--editor",
    envvar="CHAPBOOK_EDITOR",
    metavar="NAME|ADDRESS",
    help="Editor that a message opens, such as vscode or 'zed://file/{path}:{line}'.",
)
@choosing(ONLY, THEME, STYLE_SHEETS, DRAFTS, NO_CACHE, CACHE)
def preview(source: Path, *, choices: Choices, port: int, opens: bool, all_sizes: bool, editor: str | None) -> int:
    """Show SOURCE in a browser while you write.

    The pages look as readers will see them, and change when you save a file. The preview runs until Ctrl-C, and only
    this machine can open it.
    """
    try:
        from chapbook.preview.server import listening, serve  # noqa: PLC0415 - an optional package is needed
    except ImportError as error:
        sys.stderr.write(f"chapbook: 'preview' needs {error.name}: pip install 'chapbook[preview]'\n")
        return 2
    opened_by = _editor(editor)
    try:
        listener = listening(port)
    except OSError as error:
        raise click.UsageError(f"--port {port}: {(error.strerror or str(error)).lower()}") from error
    view = "sizes" if all_sizes else "pages"
    with listener, told_as_usage():  # there must be exactly one book
        serve(source, choices, listener, view=view, editor=opened_by, opens=opens, told=_say)
    return 0


def _editor(words: str | None) -> Editor | None:
    from chapbook.preview.placed_messages import Editor  # noqa: PLC0415 - see cli

    try:
        return Editor.of(words) if words else None
    except ValueError as error:
        raise click.UsageError(f"--editor '{words}': {error}") from error


def _say(preview: Preview) -> None:
    mention(f"{preview.address}\n")
    sys.stdout.flush()
    edition = preview.book.edition
    faults = "" if edition.is_whole else ", which has errors: the page shows them"
    title = printable(edition.title or preview.folder)
    sys.stderr.write(f"'{title}' is at this address{faults}. Ctrl-C ends it.\n")
