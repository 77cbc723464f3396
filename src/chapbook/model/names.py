"""Names of documents and pictures inside the publication, and of the books' files.

A name inside is made from the source path alone, so that no chapter affects another's. EPUB 3.3 section 4.2.3 and
reading systems need portable ASCII names that differ by more than case. A path that is such a name stays; other paths
are converted and get eight digits of their hash, so that ``Ä.md`` and ``a.md``, or ``A.md`` and ``a.md``, never clash.

The file of a book is named by its title, or by a pattern: ``{series}-{index:02}-{slug}``.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping
from string import Formatter

from chapbook.model.fields import Kind
from chapbook.model.hyphenation import plain
from chapbook.model.near import nearest

__all__ = [
    "PATTERN",
    "VOLUMES_NAME",
    "check_pattern",
    "document_name",
    "file_name",
    "folders_above",
    "image_name",
    "item_id",
    "name_by",
    "portable",
    "readable",
]

VOLUMES_NAME = "volumes.yaml"
"""The file that makes a folder a library."""
_PLAIN = re.compile(r"(?!\.)[a-z0-9_][a-z0-9._-]*(?<!\.)")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})
_HASHED = re.compile(r"-[0-9a-f]{8}$")
"""A plain name that looks as if it had chapbook's hash gets a hash too, to avoid clashes."""
_LONGEST = 48
_LONGEST_PATH = 120
_LONGEST_FILE = 120
"""The most characters of a name and a path, and bytes of the book's file name; Kindle's converter and old devices fail
on longer ones.
"""


def document_name(source: str) -> str:
    """The content document for a source path: ``one/arrival.md`` becomes ``text/one/arrival.xhtml``.

    The name stays the same when a book is read and written again, however often.
    """
    stem, dot, suffix = source.rpartition(".")
    if suffix == "xhtml":
        stem = stem.removeprefix("text/")
        if _is_portable(stem):
            return f"text/{stem}.xhtml"
    return "text/" + _portable_path(stem if dot else source, source, lossy=suffix != "md") + ".xhtml"


def image_name(source: str, suffix: str) -> str:
    """The name of a picture in the book, from its source path; `suffix` (``.png``) is that of its real content.

    The name stays the same from the second time that a book is read and written.
    """
    stem, dot, own = source.rpartition(".")
    if stem.startswith("images/images/") and "." + own == suffix and _is_portable(stem):
        return source
    return "images/" + _portable_path(stem if dot else source, source, lossy="." + own != suffix) + suffix


def item_id(name: str) -> str:
    """The manifest id of a resource: an NCName made from its portable name, not from its position.

    Apple Books uses it to keep a reader's notes between editions. Different names give different ids.
    """
    return "i-" + name.replace("_", "__").replace("/", "_-")


def _portable_path(path: str, source: str, *, lossy: bool) -> str:
    parts = path.split("/")
    made = [part if _is_plain(part) else portable(part) for part in parts]
    if len("/".join(made)) > _LONGEST_PATH:
        made, lossy = made[-1:], True
    if lossy or made != parts or _HASHED.search(path):
        made[-1] = f"{made[-1]}-{hashlib.sha256(source.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
    return "/".join(made)


def _is_portable(path: str) -> bool:
    return len(path) <= _LONGEST_PATH and all(map(_is_plain, path.split("/")))


def _is_plain(name: str) -> bool:
    return bool(_PLAIN.fullmatch(name)) and len(name) <= _LONGEST and name.partition(".")[0] not in _DEVICES


def portable(text: str) -> str:
    """`text` in the characters ``[a-z0-9-]``; ``x`` if nothing is left. Not unique by itself."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or "x"
    return f"{name}-x" if name in _DEVICES else name


def file_name(title: str) -> str:
    """A title as a file name without suffix: lower case, letters and digits of any script, joined by hyphens."""
    text = re.sub(r"(?<=\w)['’](?=\w)", "", unicodedata.normalize("NFC", plain(title)).lower())
    kept = (each if each.isalnum() or unicodedata.category(each)[0] == "M" else "-" for each in text)
    name = re.sub(r"-{2,}", "-", "".join(kept)).strip("-")
    while len(name.encode()) > _LONGEST_FILE:
        name = name[:-1].rstrip("-")
    return f"{name}-book" if name in _DEVICES else name or "book"


_MOST_ABOVE = 4
"""Levels of folders between a volume and the volumes.yaml that lists it; deeper libraries aren't supported."""


def folders_above(path: str) -> tuple[str, ...]:
    """The folders above `path` whose volumes.yaml may list it, nearest first; links aren't followed."""
    found: list[str] = []
    below, above = "", os.path.abspath(path)  # noqa: PTH100 - resolve() would follow a link that the user gave
    while len(found) <= _MOST_ABOVE and above != below:
        found.append(above)
        below, above = above, os.path.dirname(above)  # noqa: PTH120 - a string is wanted
    return tuple(found[1:])


def readable(path: str) -> str:
    """A title made from a file's or folder's path: ``two/03-the_long-way.md`` becomes ``The long way``.

    An index file (``maps/index.md``, ``_index.md``, ``README.md``) gets its folder's name.
    """
    folder, _, name = path.rstrip("/").rpartition("/")
    stem = re.sub(r"\.(md|markdown|mkd|mdown|mdx|qmd|rmd|x?html?)$", "", name, flags=re.IGNORECASE)
    if folder and stem != name and stem.lower() in ("index", "_index", "readme"):
        name = stem = folder.rpartition("/")[2]
    words = re.sub(r"[-_\s]+", " ", stem).strip()
    words = re.sub(r"^\d+[.)]?\s+(?=\S)", "", words) or words
    return words[:1].upper() + words[1:] or name


_FIELDS = ("series", "index", "slug", "title", "author", "identifier", "language", "date")
_LISTED = ", ".join(f"{{{each}}}" for each in _FIELDS)
_LONGEST_PATTERN = 200
_WIDTH = re.compile("0[1-9]")
_SUFFIX = re.compile(r"\.epub$", re.IGNORECASE)


def check_pattern(pattern: str) -> str:
    """Returns `pattern` if it is valid. Raises ValueError, which says what is wrong.

    A field is one of `_FIELDS`, without attributes, items, conversions or formats, except for the number of digits of
    the index, one to nine (``{index:02}``).
    """
    if len(pattern) > _LONGEST_PATTERN:
        raise ValueError(f"a pattern has at most {_LONGEST_PATTERN} characters")
    if not pattern.strip():
        raise ValueError("the pattern is empty")
    if "/" in pattern or "\\" in pattern:
        raise ValueError("a pattern is the name of a file, without folders: name the folder with -o")
    try:
        pieces = list(Formatter().parse(pattern))
    except ValueError:
        raise ValueError("it has an unmatched brace; write two for the brace itself") from None
    for _, name, form, conversion in pieces:
        if name is None:
            continue
        if name not in _FIELDS:
            near = nearest(name, _FIELDS)
            raise ValueError(
                f"there is no field '{{{name}}}'; " + (f"did you mean '{{{near}}}'? " if near else "") + _KNOWN
            )
        if conversion or (form and not (name == "index" and _WIDTH.fullmatch(form))):
            raise ValueError(f"'{{{name}}}' takes no format; only the index has one, its digits: {{index:02}}")
    return pattern


_KNOWN = f"the fields are {_LISTED}"


def name_by(pattern: str, values: Mapping[str, str]) -> str:
    """A file name without suffix, made from a checked `pattern`. Values that are missing are left out."""
    written = []
    for literal, name, form, _ in Formatter().parse(_SUFFIX.sub("", pattern)):
        value = values.get(name, "") if name else ""
        if form and value:
            whole, point, part = value.partition(".")
            value = whole.zfill(int(form)) + point + part
        written += [literal, value]
    return file_name("".join(written))


def _pattern(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return check_pattern(value) if value else value


PATTERN = Kind(takes=f"a file name with the fields {_LISTED}", check=_pattern)
