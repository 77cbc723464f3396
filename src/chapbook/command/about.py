"""The commands that don't read a book: `themes`, `schema`, `explain` and `doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from chapbook.command.options import CACHE, cache_of

__all__ = ["ABOUT"]


@click.command()
def themes() -> int:
    """List the themes."""
    from chapbook.styling.themes import theme_names  # noqa: PLC0415 - see cli

    listed = theme_names()
    width = max(len(name) for name, _ in listed)
    for name, description in listed:
        click.echo(f"{name:{width}}  {description}")
    return 0


@click.command()
@click.argument(
    "what", metavar="[book|volumes|chapter]", default="book", type=click.Choice(["book", "volumes", "chapter"])
)
def schema(what: str) -> int:
    """Print a JSON Schema for your editor.

    It covers book.yaml (the default), volumes.yaml, or a chapter's front matter. Editors use it to complete and check
    keys.
    """
    import json  # noqa: PLC0415 - see cli

    from chapbook.keys.schema import SCHEMAS, json_schema  # noqa: PLC0415 - see cli

    name = next(each for each in SCHEMAS if each == what)
    click.echo(json.dumps(json_schema(name), indent=2))
    return 0


@click.command()
@click.argument("code", metavar="[CODE]", default="")
def explain(code: str) -> int:
    """Explain a message by its code.

    CODE is the word in brackets at the end of a message, such as link-target-missing.
    Without CODE, chapbook lists all codes.
    """
    from chapbook.command.explaining import explanation, likely_codes  # noqa: PLC0415 - see cli
    from chapbook.model.codes import CODES  # noqa: PLC0415 - see cli

    if not code:
        width = max(map(len, CODES))
        for name, row in CODES.items():
            click.echo(f"{name:{width}}  {row.severity.value:7}  {row.meaning}")
        return 0
    word = code.strip("[] ").lower()
    if word not in CODES:
        near = ", ".join(f"'{each}'" for each in likely_codes(word))
        hint = f"did you mean {near}?" if near else "'chapbook explain' lists all codes"
        raise click.UsageError(f"there is no message with the code '{code}': {hint}")
    click.echo(explanation(word), nl=False)
    return 0


@click.command()
@CACHE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of a table.")
def doctor(*, cache_dir: Path | None, as_json: bool) -> int:
    """Show what is installed, and what it is for.

    Books need none of the optional parts unless they ask for them, so the exit code is always 0.
    """
    import json  # noqa: PLC0415 - see cli
    import shutil  # noqa: PLC0415 - see cli

    from chapbook.command.doctor import findings, findings_json, findings_text  # noqa: PLC0415 - see cli

    found = findings(cache_of(no_cache=False, cache_dir=cache_dir))
    if as_json:
        click.echo(json.dumps(findings_json(found), indent=2))
        return 0
    for line in findings_text(found, shutil.get_terminal_size().columns):
        click.echo(line)
    return 0


ABOUT = (themes, schema, explain, doctor)
