"""``chapbook preview``: what its words mean."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chapbook.command.options import SOURCE, cache_of, choosing_preview, theme_of
from chapbook.command.streams import mention

if TYPE_CHECKING:
    from chapbook.preview.app import Preview
    from chapbook.preview.messages import Editor
    from chapbook.series.requests import BookRequest, Choices

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
@choosing_preview
def preview(
    source: Path,
    *,
    port: int,
    opens: bool,
    all_sizes: bool,
    editor: str | None,
    theme: str | None,
    css: tuple[Path, ...],
    drafts: bool,
    only: tuple[str, ...],
    no_cache: bool,
    cache_dir: Path | None,
) -> int:
    """Show SOURCE as readers will see it, page by page in a browser, and show it again at each change.

    It runs until Ctrl-C, and serves this machine only.
    """
    try:
        from chapbook.preview.serving import Start, listening, serve  # noqa: PLC0415 - an optional package is needed
    except ImportError as error:
        missing = error.name or "a package"
        sys.stderr.write(
            f"chapbook: 'preview' needs {missing}, which isn't installed: pip install 'chapbook[preview]'\n"
        )
        return 2
    from chapbook.series.requests import Choices  # noqa: PLC0415 - see cli

    start = Start(view="sizes" if all_sizes else "pages", editor=_editor(editor), opens=opens, told=_say)
    cache = cache_of(no_cache=no_cache, cache_dir=cache_dir)
    request = _request(source, Choices(theme=theme_of(theme), css=css, drafts=drafts, only=only, cache=cache))
    try:
        door = listening(port)
    except OSError as error:
        raise click.UsageError(f"--port {port}: {(error.strerror or str(error)).lower()}") from error
    with door:
        serve(request, door, start)
    return 0


def _editor(words: str | None) -> Editor | None:
    from chapbook.preview.messages import Editor  # noqa: PLC0415 - see cli

    try:
        return Editor.of(words) if words else None
    except ValueError as error:
        raise click.UsageError(f"--editor '{words}': {error}") from error


def _request(source: Path, choices: Choices) -> BookRequest:
    """The one book of `source`. Raises UsageError where there are more, or a volume that isn't there is named."""
    from chapbook.model.diagnostics import ChapbookError  # noqa: PLC0415 - see cli
    from chapbook.series.planning import plan_books  # noqa: PLC0415 - see cli

    try:
        books = [each for each in plan_books([source], None, choices=choices) if not each.is_library]
    except ChapbookError as error:
        raise click.UsageError(str(error.diagnostics[0].message)) from error
    if len(books) != 1:
        names = ", ".join(each.folder for each in books[:5]) or "none that can be read"
        raise click.UsageError(f"'{source}' has {len(books)} books ({names}): choose one with --only")
    return books[0]


def _say(preview: Preview) -> None:
    mention(f"{preview.address}\n")
    sys.stdout.flush()
    edition = preview.shelf.edition
    faults = "" if edition.is_whole else ", which has errors: the page shows them"
    sys.stderr.write(f"'{edition.title or preview.folder}' is at this address{faults}. Ctrl-C ends it.\n")
