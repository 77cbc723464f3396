"""Defaults for what book.yaml doesn't set: from the author's own tool, the folder's name, or the script of the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from chapbook.keys.settings_file import BookFields
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.settings import ContentFile
from chapbook.reading.navigation_lists import plain_title
from chapbook.reading.project import Project

__all__ = [
    "Guess",
    "guess_language",
    "is_readme",
    "is_written_in",
    "with_cover",
    "with_defaults",
    "with_project",
    "with_readme",
]


def with_project(fields: BookFields, project: Project, *, order: str) -> BookFields:
    """The fields, with what book.yaml lacks taken from the author's tool, and a note that says so.

    `order` is the source of the order; empty for chapbook's own rule.
    """
    taken = {name: value for name, value in project.values.items() if not fields.values.get(name)}
    told = [f"the order comes from '{order}'"] if order else []
    verb = "comes" if len(taken) == 1 else "come"
    told += [f"{_joined(sorted(taken))} {verb} from '{project.settings_file}'"] if taken else []
    values = {**taken, **fields.values}
    if project.syntax and "syntax" not in values:
        values["syntax"] = project.syntax
        if "hugo" not in project.syntax:  # its shortcodes are always read
            told.append(f"chapters may use the syntax of {_joined(project.syntax)}")
    if project.dialect and "dialect" not in values:
        values["dialect"] = project.dialect
        told.append(f"chapters are read in the dialect '{project.dialect}', as that tool reads them")
    addresses = tuple(each for each in project.addresses if "://" in each)
    if addresses:
        own = values.get("link_prefix") or ()
        values["link_prefix"] = (*own, *addresses)  # type: ignore[misc]  # a tuple
    if not told:
        return replace(fields, values=values)
    hint = "to change this, use 'order', 'title', 'authors', 'language', 'syntax' or 'dialect' in book.yaml"
    path = project.file or project.settings_file or fields.source
    note = Diagnostic.of("navigation", "; ".join(told), path=path, hint=hint)
    return replace(fields, values=values, diagnostics=(*fields.diagnostics, note))


def _joined(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


_README = re.compile(r"readme(?:\.md|\.markdown)?\Z", re.IGNORECASE)
_HEADING = re.compile(r"^(?:#[ \t]+(\S[^\n]*?)[ \t]*#*|(\S[^\n]*)\n=+)[ \t]*$", re.MULTILINE)
_MARKUP = re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])|<[^<>\n]*>|:[a-z0-9_+-]+:|\[\]\([^)\n]*\)", re.ASCII)
_LINK = re.compile(r"\[([^\]\n]+)\](?:\([^)\n]*\)|\[[^\]\n]*\])")


def is_readme(name: str) -> bool:
    """Whether a file at the root describes the repository."""
    return _README.match(name) is not None


def with_readme(fields: BookFields, texts: Mapping[str, str]) -> BookFields:
    """The fields, with the first heading of one of the READMEs `texts` (by name) as the title."""
    for name, text in texts.items():
        heading = _HEADING.search(text)
        words = _LINK.sub(r"\1", _MARKUP.sub("", _MARKUP.sub("", heading[1] or heading[2]))) if heading else ""
        title = " ".join(plain_title(words).split())
        if title:
            hint = "add 'title: …' to book.yaml to change it"
            note = Diagnostic.of(
                "navigation", f"chapbook takes the title from the heading of '{name}'", path=name, hint=hint
            )
            values = {**fields.values, "title": title}
            return replace(fields, values=values, diagnostics=(*fields.diagnostics, note))
    return fields


_COVERS = ("cover.jpg", "cover.jpeg", "cover.png")


def with_cover(fields: BookFields, project: Project, paths: Collection[str]) -> BookFields:
    """The fields, with a cover found beside the book if no setting names one.

    That is a ``cover.jpg``, ``cover.jpeg`` or ``cover.png``, in this order and in either case, in the folder of the
    `project`'s pages, at the root, or in Hugo's ``static``, whose files are at the root of its site. `paths` are all
    files of the content folder.
    """
    if not _is_missing(fields, "cover"):
        return fields
    lower = {path.lower(): path for path in sorted(paths, reverse=True)}  # of two names that differ in case, the first
    folders = (project.folder, "", *(("static",) if "hugo" in project.syntax else ()))
    named = (f"{folder}/{name}".lstrip("/").lower() for folder in folders for name in _COVERS)
    cover = next((lower[name] for name in named if name in lower), None)
    if cover is None:
        return fields
    positions = {key: at for key, at in fields.positions.items() if key != "cover"}  # an empty one names nothing
    return replace(fields, values={**fields.values, "cover": ContentFile(cover)}, positions=positions)


def with_defaults(fields: BookFields, title: str, texts: Sequence[str]) -> tuple[BookFields, list[Diagnostic]]:
    """The fields, with the language of the `texts`' script if none is set, and diagnostics about defaults.

    There are no diagnostics if nothing could be read.
    """
    if fields.unread:
        return fields, []
    said: list[Diagnostic] = []
    if _is_missing(fields, "title"):
        said.append(
            _default(fields, "title", f"the book has no title, so chapbook uses the folder's name, '{title}'", title)
        )
    if not _is_missing(fields, "language"):
        language = str(fields.values.get("language", ""))
        fits = not language or is_written_in(language, texts)
        return fields, said if fits else [*said, _other_script(fields, language)]
    guess = guess_language(texts)
    if guess is None:
        return fields, [*said, _default(fields, "language", "no language is set, so chapbook assumes English", "en")]
    likely = guess.languages[0]
    if len(guess.languages) > 1:
        choice = f"{', '.join(guess.languages[:-1])} or {guess.languages[-1]}"
        message = f"the book has no language, so chapbook uses 'en'; its {guess.script} script is that of {choice}"
        return fields, [*said, _default(fields, "language", message, likely)]
    message = f"no language is set, so chapbook assumes '{likely}' from its script ({guess.script})"
    said.append(_default(fields, "language", message, likely))
    return replace(fields, values={**fields.values, "language": likely}), said


def _is_missing(fields: BookFields, key: str) -> bool:
    """Whether the key isn't set; a wrong value has its own message already."""
    at = fields.positions.get(key)
    return not fields.values.get(key) and not (at and any(each.line == at.line for each in fields.diagnostics))


def _other_script(fields: BookFields, language: str) -> Diagnostic:
    return Diagnostic.of(
        "language-script",
        f"the book's language is '{language}', and its text is in another script",
        path=fields.source,
        at=fields.positions.get("language"),
        hint="correct the language: it decides hyphenation, quotation marks and voices",
    )


def _default(fields: BookFields, key: str, message: str, value: str) -> Diagnostic:
    hint = f"add '{key}: {value}' to {fields.source}"
    return Diagnostic.of(f"{key}-missing", message, path=fields.source, at=fields.positions.get(key), hint=hint)


_SCRIPTS = {
    "kana": (r"\u3041-\u30ff", ("ja",)),
    "Hangul": (r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", ("ko",)),
    "Hebrew": (r"\u05d0-\u05ea", ("he",)),
    "Greek": (r"\u0370-\u03ff\u1f00-\u1fff", ("el",)),
    "Thai": (r"\u0e01-\u0e5b", ("th",)),
    "Lao": (r"\u0e81-\u0edf", ("lo",)),
    "Khmer": (r"\u1780-\u17d3", ("km",)),
    "Burmese": (r"\u1000-\u109f", ("my",)),
    "Tamil": (r"\u0b82-\u0bfa", ("ta",)),
    "Telugu": (r"\u0c00-\u0c7f", ("te",)),
    "Kannada": (r"\u0c80-\u0cff", ("kn",)),
    "Malayalam": (r"\u0d00-\u0d7f", ("ml",)),
    "Gujarati": (r"\u0a81-\u0aff", ("gu",)),
    "Gurmukhi": (r"\u0a01-\u0a76", ("pa",)),
    "Sinhala": (r"\u0d81-\u0df4", ("si",)),
    "Georgian": (r"\u10a0-\u10ff", ("ka",)),
    "Armenian": (r"\u0531-\u058a", ("hy",)),
    "Cyrillic": (r"\u0400-\u04ff", ("ru", "uk", "bg", "sr")),
    "Arabic": (r"\u0620-\u06ff", ("ar", "fa", "ur")),
    "Han": (r"\u4e00-\u9fff", ("zh", "ja")),
    "Devanagari": (r"\u0904-\u097f", ("hi", "mr", "ne")),
    "Bengali": (r"\u0985-\u09ff", ("bn", "as")),
    "Ethiopic": (r"\u1200-\u137f", ("am", "ti")),
}
"""Scripts, with the languages that use them, likeliest first. Latin has too many."""
_WRITTEN_IN = {
    language: name for name, (_, languages) in _SCRIPTS.items() for language in languages if language != "ja"
} | {"mk": "Cyrillic", "be": "Cyrillic", "kk": "Cyrillic", "mn": "Cyrillic", "yi": "Hebrew"}
_IN_LATIN = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "af ca cs cy da de en es et eu fi fr ga gl hr hu id is it lt lv ms nb nl nn no pl pt ro sk sl sv sw tr vi"
    ).split()
)
_IN_TWO = frozenset({"sr", "kk", "mn", "pa"})
"""Languages written in Latin letters or in another script."""
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_TEXTS, _LOOKED_AT = 30, 2_000
"""How many texts, from first to last, and how many characters of each are examined."""
_ENOUGH = 20
"""The least number of letters for a guess."""
_FEW_KANA = 0.02
"""The share of kana in a text with Han from which it counts as Japanese."""


class Guess(Struct, frozen=True, kw_only=True):
    """The script of most letters, and the languages written in it."""

    script: str
    languages: tuple[str, ...]


@cache
def _letters() -> dict[str, re.Pattern[str]]:
    """(Compiled when first needed: most texts have only Latin letters.)"""
    return {name: re.compile(f"[{letters}]") for name, (letters, _) in _SCRIPTS.items()}


def _counted(texts: Sequence[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts[:: len(texts) // _TEXTS + 1]:
        part = text[:_LOOKED_AT]
        if not part.isascii():
            found.update({name: len(letters.findall(part)) for name, letters in _letters().items()})
        found["Latin"] += len(_LATIN.findall(part))
    return found


def guess_language(texts: Sequence[str]) -> Guess | None:
    """A guess from the letters of `texts`; ``None`` for Latin letters, or too few."""
    found = _counted(texts)
    total = sum(found.values())
    if total < _ENOUGH:
        return None
    if found["kana"] > _FEW_KANA * total:
        return Guess(script="kana", languages=("ja",))
    script, count = found.most_common(1)[0]
    if script == "Latin" or count * 2 < total:
        return None
    return Guess(script=script, languages=_SCRIPTS[script][1])


def is_written_in(language: str, texts: Sequence[str]) -> bool:
    """Whether the letters of `texts` fit `language`; true if nothing is known."""
    own = language.partition("-")[0].lower()
    found = _counted(texts)
    total = sum(found.values())
    if total < _ENOUGH or own in _IN_TWO:
        return True
    script, count = found.most_common(1)[0]
    if count * 10 < total * 9:
        return True
    if own == "ja":
        return script in {"kana", "Han"}
    wanted = "Latin" if own in _IN_LATIN else _WRITTEN_IN.get(own)
    return wanted is None or script == wanted
