"""The command: parses its words, calls the library, prints what it says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from chapbook._version import __version__

if TYPE_CHECKING:
    from chapbook.diagnostics import Report
    from chapbook.volumes import BookRequest

__all__ = ["main"]

_SOURCES = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path))
_DRAFTS = click.option("--drafts", is_flag=True, help="Take in chapters marked as drafts.")
_STRICT = click.option("--strict", is_flag=True, help="Let a warning stop a book as an error does.")
_JOBS = click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, metavar="N", help="Processes; 0: as pay.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on standard output.")
_QUIET = click.option("-q", "--quiet", is_flag=True, help="Say nothing of books that are in order.")
_THEME = click.option("--theme", metavar="T", help="A theme's name, or the folder of your own.")
_CSS = click.option("--css", multiple=True, metavar="F", type=click.Path(path_type=Path), help="A style sheet, after the theme.")
_COVER = click.option("--cover", metavar="F", type=click.Path(path_type=Path), help="A picture as the cover.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def chapbook() -> None:
    """Turn folders of Markdown chapters into EPUB 3 books.

    SOURCE is a content folder, a folder with volumes.yaml, or one Markdown file.
    """


@chapbook.command()
@_SOURCES
@click.option("-o", "--output", metavar="FILE|FOLDER/", help="Where the book goes; a folder for several.")
@_THEME
@_CSS
@_COVER
@_DRAFTS
@_STRICT
@_JOBS
@click.option("--no-cache", is_flag=True, help="Render everything anew.")
@_JSON
@_QUIET
def build(
    sources: tuple[Path, ...],
    output: str | None,
    theme: str | None,
    css: tuple[Path, ...],
    cover: Path | None,
    drafts: bool,
    strict: bool,
    jobs: int,
    no_cache: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Build each SOURCE as an EPUB file.

    Without -o the title becomes the file's name, in the current folder.
    """
    from chapbook.running import Run, run  # noqa: PLC0415 - `--help` and `--version` need none of the rest

    return run(
        Run(
            sources=sources,
            output=output,
            theme=theme,
            css=css,
            cover=cover,
            drafts=drafts,
            strict=strict,
            jobs=jobs,
            cached=not no_cache,
            as_json=as_json,
            quiet=quiet,
        )
    )
def main() -> NoReturn:
    """Runs the command and exits: 0 built, 1 something is wrong with the content, 2 with the command line."""
    try:
        sys.exit(chapbook.main(standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("chapbook: stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
