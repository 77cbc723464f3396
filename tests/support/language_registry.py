"""Writes `chapbook/keys/subtags.py` from IANA's registry of language subtags: `make languages REGISTRY=FILE`.

FILE is https://www.iana.org/assignments/language-subtag-registry, saved. Its form is that of RFC 5646, section 3.1.1:
records between lines of ``%%``, each of fields with a name, a colon and a body.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

__all__ = ["TARGET", "module", "records"]

TARGET = Path(__file__).resolve().parents[2] / "src" / "chapbook" / "keys" / "subtags.py"
_FIELD = re.compile(r"^([\w-]+): *(.*)$", re.MULTILINE)


def records(registry: str) -> Iterator[dict[str, str]]:
    """The fields of each record; the first has the date of the file. Of fields that repeat, the last."""
    for record in registry.split("%%\n"):
        yield dict(_FIELD.findall(record))


def module(registry: str) -> str:
    """The text of the module."""
    head, *rest = records(registry)
    kinds: dict[str, list[str]] = {}
    preferred = {}
    for each in rest:
        before = f"{each['Prefix']}-" if each["Type"] == "extlang" else ""
        kinds.setdefault(each["Type"], []).extend(before + name for name in _spread(each.get("Subtag", "")))
        if each["Type"] == "grandfathered" and "Preferred-Value" in each:
            preferred[each["Tag"].lower()] = each["Preferred-Value"]
    parts = [
        _HEAD.format(date=head["File-Date"]),
        _table("LANGUAGES", _by_beginning(kinds["language"]), "Two letters, and the third letters that follow them."),
        _table("EXTENDED_LANGUAGES", sorted(kinds["extlang"]), "Each after the language that it belongs to."),
        _table("SCRIPTS", kinds["script"]),
        _table("REGIONS", kinds["region"]),
        _table("VARIANTS", kinds["variant"]),
        _table("REPLACED", [f"{tag}={new}" for tag, new in preferred.items()], "Whole tags that are written so now."),
    ]
    return "\n".join(parts)


_HEAD = '''"""IANA's registry of language subtags (RFC 5646), of {date}; `make languages` writes this file."""

from __future__ import annotations

__all__ = ["EXTENDED_LANGUAGES", "LANGUAGES", "REGIONS", "REPLACED", "SCRIPTS", "VARIANTS"]
'''


def _spread(subtag: str) -> Iterator[str]:
    """The subtags of a range for private use, such as ``qaa..qtz``; others stay alone."""
    first, _, last = subtag.partition("..")
    if not last:
        yield first
        return
    signs = [ascii_lowercase if each.islower() else ascii_uppercase for each in first]
    yield from (each for each in map("".join, product(*signs)) if first <= each <= last)


def _by_beginning(languages: list[str]) -> list[str]:
    """``aa-ab``: the languages aa (for which the ``-`` stands), aaa and aab."""
    ends: dict[str, str] = {}
    for each in sorted(languages):
        ends[each[:2]] = ends.get(each[:2], "") + (each[2:] or "-")
    return [start + end for start, end in ends.items()]


def _table(name: str, words: list[str], said: str = "") -> str:
    lines = textwrap.wrap(" ".join(words), 120, break_on_hyphens=False)
    return f'{name} = """\n' + "\n".join(lines) + '\n"""\n' + (f'"""{said}"""\n' if said else "")


def main(words: list[str]) -> None:
    """Writes the module from the file that is named."""
    TARGET.write_text(module(Path(words[1]).read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(sys.argv)
