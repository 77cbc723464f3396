"""Values for publishers: the print edition, subjects by code, the licence, who certifies accessibility.

One function parses each value, whether it comes from a file or from Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from types import MappingProxyType

from chapbook.keys.identifiers import Takes, parsed_value
from chapbook.keys.rows import Key, read_nested
from chapbook.keys.tree import Findings, MappingNode, Node, ScalarNode, SequenceNode, described
from chapbook.keys.values import is_empty, paragraphs, text, written, wrong_type
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.metadata import AccessibilityStatement, Metadata, Series, Subject, web_address
from chapbook.model.near import nearest
from chapbook.model.settings import Settings

__all__ = [
    "ACCESSIBILITY_KEYS",
    "SERIES_KEYS",
    "STATEMENT_HINT",
    "SUBJECT_HINT",
    "SUBJECT_KEYS",
    "accessibility",
    "disagreements",
    "parse_statement",
    "parse_subject",
    "series",
    "subjects",
]

_LEVEL = Takes("a standard and a level", "write 'WCAG 2.1 AA', or 'EPUB Accessibility 1.1 - WCAG 2.1 Level AA'")
_ADDRESS = Takes("an address on the web", "write the whole address, from https:// on")
_BISAC = re.compile(r"[A-Z]{3}[0-9]{6}")
_THEMA = re.compile(r"(?:[A-Y][A-Z]{0,7}[0-9]{0,4}|[1-6][A-Z]{1,7}[0-9]{0,3})(?:-[A-Z]{2}(?:-[A-Z0-9]{1,4}){0,3})?")
"""A subject begins with a letter, a qualifier with a digit; qualifiers can have national extensions."""
_LONGEST_THEMA = 8
_LCSH = re.compile(r"s[hj](?:[0-9]{8}|[0-9]{10})")
_LIKE_LCSH = re.compile(r"s[hj][ ]?[0-9]+", re.IGNORECASE)


def _bisac(code: str) -> str:
    if _BISAC.fullmatch(code.upper()):
        return code.upper()
    raise ValueError(f"'{code}' is not a BISAC code: three letters and six digits, as FIC000000")


def _thema(code: str) -> str:
    upper = code.upper()
    if _THEMA.fullmatch(upper) and len(upper.partition("-")[0]) <= _LONGEST_THEMA:
        return upper
    raise ValueError(f"'{code}' is not a Thema code: one to eight letters and digits, as FBA or 1DDF")


def _lcsh(code: str) -> str:
    if not _LIKE_LCSH.fullmatch(code):
        return code  # a heading in words
    number = code.replace(" ", "").lower()
    if _LCSH.fullmatch(number):
        return number
    raise ValueError(f"'{code}' is not an id of LCSH: sh and eight or ten digits, as sh85048050")


_SCHEMES = MappingProxyType({"bisac": ("BISAC", _bisac), "thema": ("Thema", _thema), "lcsh": ("LCSH", _lcsh)})
"""By lower-case name: EPUB 3.3's reserved value (section D.3.2), and the form of the codes."""


def parse_subject(given: Subject) -> str | Subject:
    """`given` with its scheme and code in their usual form; plain text if it has neither. Raises ValueError."""
    name, code, scheme = given.name.strip(), given.code.strip(), given.scheme.strip()
    if not scheme:
        if code:
            raise ValueError(f"the code '{code}' has no scheme: BISAC, Thema or LCSH")
        return name
    if scheme.lower() not in _SCHEMES:
        meant = nearest(scheme.lower(), _SCHEMES)
        known = _SCHEMES[meant][0] if meant else "BISAC, Thema or LCSH"
        raise ValueError(f"unknown scheme '{scheme}': write {known}")
    authority, form = _SCHEMES[scheme.lower()]
    if not code and authority == "LCSH":
        code = name  # a heading is its own term
    if not code:
        raise ValueError(f"'{name}' has the scheme {authority} and no code")
    code = form(code)
    return Subject(name=name or code, code=code, scheme=authority)


SUBJECT_KEYS = (
    Key("name", text, "text", "The subject in words. By default, the code."),
    Key("code", text, "text", "Its code in the scheme: FIC000000, FBA, sh85048050."),
    Key("scheme", text, "BISAC, Thema or LCSH", "The scheme of the code: BISAC, Thema or LCSH."),
)
SUBJECT_HINT = "write {name: …, code: FIC000000, scheme: BISAC}, or the name alone"
_SUBJECTS = "text, {name, code, scheme}, or a list of these"


def subjects(node: Node, name: str, found: Findings) -> tuple[str | Subject, ...] | None:
    """The book's subjects, in words or as codes of a scheme."""
    items = node.items if isinstance(node, SequenceNode) else (node,)
    if isinstance(node, SequenceNode):
        found.positions.update((f"{name}[{index}]", item.at) for index, item in enumerate(items))
    each = [one for item in items if (one := _subject(item, name, found))]
    return tuple(each) if each or isinstance(node, SequenceNode) else None


def _subject(node: Node, name: str, found: Findings) -> str | Subject | None:
    if isinstance(node, ScalarNode):
        return text(node, name, found)
    if isinstance(node, SequenceNode):
        wrong_type(node, name, _SUBJECTS, found)
        return None
    values = read_nested(node, name, SUBJECT_KEYS, found, takes=_SUBJECTS)
    try:
        return parse_subject(Subject(**values)) if values else None  # type: ignore[arg-type]  # the table's fields
    except ValueError as error:
        found.add("value-invalid", f"in '{name}', {error}", node.at, SUBJECT_HINT)
        return None


def _series_index(node: Node, name: str, found: Findings) -> str | None:
    """A number, or several joined by points (EPUB 3.3, section D.3.6)."""
    text = written(node, name, "a number", found)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})*", text):
        found.add("value-invalid", f"'{name}' takes a number, not {described(node)}", node.at, "write 2, or 2.5")
        return None
    whole, point, rest = text.partition(".")
    return f"{int(whole)}{point}{rest}"


SERIES_KEYS = (
    Key("name", text, "text", "The series' name."),
    Key("index", _series_index, "a number", "The book's place in the series: 2, or 2.5."),
)


def series(node: Node, name: str, found: Findings) -> Series | None:
    """A series: its name, and the book's position in it."""
    hint = f"write {name}: {{name: …, index: 1}}"
    values = read_nested(node, name, SERIES_KEYS, found, takes="{name, index}", hint=hint)
    if values is None:
        return None
    if not values.get("name"):
        # A wrong name was reported already; a name and index left empty, as in a form, count as not set.
        pairs = node if isinstance(node, MappingNode) else ()
        names = [pair.value for pair in pairs if pair.key.text.lower() == "name"]
        if not names or (values.get("index") and is_empty(names[0])):
            found.add("value-invalid", f"'{name}' has no name", node.at, hint)
        return None
    return Series(**values)  # type: ignore[arg-type]  # the table's fields are the class's


_CLAIM = re.compile(
    r"(?:epub accessibility (?P<epub>1\.[01])[ :/-]*)?wcag (?P<wcag>2\.[0-2])[ :/-]*(?:level )?(?P<level>a{1,3})"
)
_OLD = "http://www.idpf.org/epub/a11y/accessibility-20170105.html#wcag-"
"""Claims of EPUB Accessibility 1.0, by address; they refer to WCAG 2.0."""
_OLD_CLAIM = re.compile(rf"{re.escape(_OLD).replace('http', 'https?', 1)}(?P<level>a{{1,3}})", re.IGNORECASE)


def _conformance(text: str) -> str:
    """A claim in the form of EPUB Accessibility 1.1, section 4.1, or the address of a 1.0 claim. Raises ValueError."""
    if match := _OLD_CLAIM.fullmatch(text.strip()):
        return f"{_OLD}{match['level'].lower()}"
    match = _CLAIM.fullmatch(" ".join(re.sub("[\u2010-\u2015\u2212]", "-", text).lower().split()))
    if match is None or (match["epub"] == "1.0" and match["wcag"] != "2.0"):
        raise ValueError("EPUB Accessibility has no such claim")
    if match["epub"] == "1.0":
        return f"{_OLD}{match['level']}"
    return f"EPUB Accessibility 1.1 - WCAG {match['wcag']} Level {match['level'].upper()}"


ACCESSIBILITY_KEYS = (
    Key(
        "conforms_to",
        partial(parsed_value, parse=_conformance, takes=_LEVEL),
        "a standard and a level",
        "The standard that the book conforms to, such as WCAG 2.1 AA.",
    ),
    Key("certified_by", text, "text", "The person or organisation that evaluated the book."),
    Key("certifier_credential", text, "text or an address", "Their credential."),
    Key(
        "certifier_report",
        partial(parsed_value, parse=web_address, takes=_ADDRESS),
        "an address on the web",
        "The address of their report.",
    ),
    Key("summary", paragraphs, "text", "A summary for readers, which replaces the one that chapbook writes."),
)


def accessibility(node: Node, name: str, found: Findings) -> AccessibilityStatement | None:
    """A person's statement about the book's accessibility."""
    values = read_nested(node, name, ACCESSIBILITY_KEYS, found, takes="{conforms_to, certified_by, summary}")
    if not values:
        return None
    said = AccessibilityStatement(**values)  # type: ignore[arg-type]  # the table's fields
    lacks = dict(_lacks(said))
    for key, lack in lacks.items():
        if f"{name}.{key}" not in found.positions:  # a value that is there but wrong has its own message
            found.add("value-invalid", f"'{name}' {lack}", node.at, STATEMENT_HINT)
    return None if lacks else said


STATEMENT_HINT = "say what the book conforms to and who found so, or neither"


def _lacks(said: AccessibilityStatement) -> Iterator[tuple[str, str]]:
    """Yields the keys that a claim lacks, each with the reason."""
    if said.conforms_to and not said.certified_by:
        yield "certified_by", "claims conformance, and doesn't say who evaluated the book ('certified_by')"
    if (said.certified_by or said.certifier_credential or said.certifier_report) and not said.conforms_to:
        yield "conforms_to", "names a certifier, and doesn't say what the book conforms to ('conforms_to')"


def parse_statement(said: AccessibilityStatement) -> AccessibilityStatement:
    """`said` with its claim in full. Raises ValueError for a wrong or missing value."""
    for _, lack in _lacks(said):
        raise ValueError(f"it {lack}")
    return AccessibilityStatement(
        conforms_to=said.conforms_to and _conformance(said.conforms_to),
        certified_by=said.certified_by,
        certifier_credential=said.certifier_credential,
        certifier_report=said.certifier_report and web_address(said.certifier_report),
        summary=said.summary,
    )


def disagreements(metadata: Metadata, settings: Settings) -> Iterator[Diagnostic]:
    """Yields what contradicts between two keys of a book, at the place of the key to change."""
    if (
        metadata.isbn_print
        and metadata.identifier
        and metadata.identifier.value == metadata.isbn_print.replace("-", "")
    ):
        yield _at(
            "isbn_print",
            settings,
            "identifier-invalid",
            "the printed edition has the same ISBN as the e-book, and each edition has its own",
            "remove 'isbn_print', or remove 'identifier' if the e-book has no ISBN of its own",
        )
    is_own = "original_language" in settings.positions or not settings.source  # and not what volumes share
    if metadata.original_language and not metadata.original_title and is_own:
        yield _at(
            "original_language",
            settings,
            "setting-unused",
            "'original_language' does nothing without 'original_title'",
            "add the title of the original",
        )


def _at(key: str, settings: Settings, code: str, message: str, hint: str) -> Diagnostic:
    at = settings.positions.get(key)
    return Diagnostic.of(code, message, path=settings.source if at else None, at=at, hint=hint)
