"""The command `explain`: what the docs say of a message, and its example, built to show what chapbook says."""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path
from types import MappingProxyType

import click

from chapbook.command.message_examples import EXAMPLES, WITHOUT
from chapbook.model.codes import CODES, Severity
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.near import NearWords, nearest
from chapbook.model.xml_text import printable

__all__ = ["explain", "explanation", "likely_codes", "said"]


@click.command()
@click.argument("code", metavar="[CODE]", default="")
def explain(code: str) -> int:
    """Explain a message by its code.

    CODE is the word in brackets at the end of a message, such as link-target-missing.
    Without CODE, chapbook lists all codes.
    """
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


def said(code: str, cache: Path | None = None) -> Diagnostic | None:
    """What chapbook says with that `code` of its example; ``None`` where it doesn't say it.

    The example is built in a temporary folder, with the folder `cache` as its cache.
    """
    from chapbook.series.build_many import build_book  # noqa: PLC0415 - see cli
    from chapbook.series.requests import BookRequest, Choices  # noqa: PLC0415 - see cli

    with tempfile.TemporaryDirectory(prefix="chapbook-") as scratch:
        folder = Path(scratch) / "book"
        for name, content in EXAMPLES[code].files().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        report = build_book(BookRequest(source=str(folder), choices=Choices(cache=cache)))
    return next((each for each in report.diagnostics if each.code == code), None)


_WEIGHS = MappingProxyType(
    {
        Severity.ERROR: "An error: chapbook doesn't build the book until you have dealt with it.",
        Severity.WARNING: "A warning: chapbook builds the book, unless you use --strict. Look at the place.",
        Severity.NOTE: "A note: chapbook did this on purpose, and builds the book.",
    }
)
_WIDEST, _MOST_NEAR = 96, 8


def explanation(code: str) -> str:
    """What the docs say of a `code`: severity, meaning, an example, and the message with its hint, which is made anew.

    Raises KeyError for an unknown code.
    """
    row = CODES[code]
    lines = [f"{code} ({row.severity})", "", f"{row.meaning[0].upper()}{row.meaning[1:]}.", _WEIGHS[row.severity], ""]
    if code in WITHOUT:
        return "\n".join((*lines, f"No small example shows it: it takes {WITHOUT[code].replace('`', '')}.", ""))
    example = EXAMPLES[code]
    for name, text in {**(example.more or {}), example.file: example.text}.items():
        lines += [f"{name}:" if text else f"{name} (empty)", *_indented(text), ""]
    found = said(code)
    hint = [f"hint: {found.hint}"] if found and found.hint else []
    lines += ["chapbook says:", *(line for words in (str(found), *hint) for line in _wrapped(words)), ""]
    return "\n".join(lines)


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(printable(words), _WIDEST, initial_indent="    ", subsequent_indent="      ")


def _indented(text: str) -> list[str]:
    written = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    lines = [printable(line) for line in written.rstrip("\n").split("\n")] if written else []
    return [f"    {line if len(line) <= _WIDEST else f'{line[: _WIDEST - 1]}…'}".rstrip() for line in lines]


def likely_codes(word: str) -> list[str]:
    """The codes that `word` may stand for, the likeliest first: a slip of one, those that share words with it."""
    word = word.strip().lower()
    slip, like = nearest(word, CODES), NearWords(CODES).like(word, alike=0.6)
    shared = {code: len(set(word.split("-")) & set(code.split("-"))) + (word in code) for code in CODES}
    parts = sorted((code for code in CODES if word and shared[code]), key=lambda code: -shared[code])
    return list(dict.fromkeys(filter(None, (slip, like, *parts))))[:_MOST_NEAR]
