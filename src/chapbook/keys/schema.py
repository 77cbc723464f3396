"""JSON Schema (draft 2020-12) for book.yaml, volumes.yaml and front matter, made from the table of keys.

Editors use it to complete keys, show their meaning and mark wrong values. The schema sees values by the rules of YAML
1.2 and accepts nearly everything that chapbook accepts. Some errors only chapbook can find (a wrong check digit, a
missing file). Patterns are in JavaScript's syntax, which most editors use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import fields

from chapbook.keys import contributors as people
from chapbook.keys import identifiers, publishing, setting_values, values
from chapbook.keys.contributors import OTHER_WORDS, relators
from chapbook.keys.rows import OWN_KEY, Key
from chapbook.keys.table import BOOK_KEYS, CHAPTER_KEYS, VOLUMES_KEYS
from chapbook.model.codes import CODES, Severity
from chapbook.model.contents import CHAPTER_TYPES, Chapter
from chapbook.model.fields import kinds_of
from chapbook.model.metadata import Metadata
from chapbook.model.settings import SYNTAXES, Settings

__all__ = ["SCHEMAS", "SchemaName", "json_schema"]

SchemaName = Literal["book", "volumes", "chapter"]
SCHEMAS: tuple[SchemaName, ...] = get_args(SchemaName)
_Schema = dict[str, Any]


def json_schema(name: SchemaName) -> _Schema:
    """The schema of book.yaml, of volumes.yaml, or of a chapter's front matter, ready for `json.dumps`."""
    table, title, is_closed = {
        "book": (BOOK_KEYS, "book.yaml of chapbook", True),
        "volumes": (VOLUMES_KEYS, "volumes.yaml of chapbook", True),
        "chapter": (CHAPTER_KEYS, "Front matter of a chapter, as chapbook reads it", False),
    }[name]
    defaults = _defaults(Chapter) if name == "chapter" else _defaults(Metadata) | _defaults(Settings)
    schema = _mapping(table, own={"volumes": _VOLUMES}, defaults=defaults, is_closed=is_closed)
    schema["patternProperties"][f"^{OWN_KEY}"] = {"description": "A key of your own, which chapbook ignores."}
    more: _Schema = {"required": ["volumes"]} if name == "volumes" else {"type": ["object", "null"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **schema,
        **more,
        "$defs": {"role": _role(), "person": _person()},
    }


def _defaults(owner: type[Struct]) -> _Schema:
    """The defaults of the fields of `owner`, as far as they can be written in JSON and are useful."""
    return {
        each.name: each.default
        for each in fields(owner)
        if isinstance(each.default, str | int | float) and each.default != ""
    }


def _mapping(
    table: Iterable[Key],
    *,
    own: Mapping[str, _Schema] = MappingProxyType({}),
    defaults: Mapping[str, object] = MappingProxyType({}),
    is_closed: bool = True,
) -> _Schema:
    """A mapping with the keys of `table`; `own` has the schemas of keys that no rule of `_RULES` covers.

    chapbook accepts keys in any case, so the schema doesn't check keys with capital letters.
    """
    properties: _Schema = {}
    doubled = []
    for key in table:
        schema = own.get(key.name) or _value(key)
        default = {"default": defaults[key.name]} if key.name in defaults else {}
        properties[key.name] = {"description": f"{key.meaning}\n\nTakes {key.takes}.", **schema, **default}
        for other in key.also:
            properties[other] = {"description": f"The same as '{key.name}'. {key.meaning}", **schema}
            doubled.append({"not": {"type": "object", "required": [key.name, other]}})
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": {"[A-Z]": {}},
        **({"additionalProperties": False} if is_closed else {}),
        **({"allOf": doubled} if doubled else {}),
    }


def _value(key: Key) -> _Schema:
    """What a key accepts, from the function that reads it. Raises KeyError for a function without a rule."""
    if isinstance(key.read, partial):
        return _RULES[key.read.func](key, key.read.keywords["of"])
    return _RULES[key.read](key, None)


def _like(pattern: str, *types: str, **more: object) -> _Schema:
    """Text that matches all of `pattern` or is empty, values of the other `types`, or nothing."""
    return {"type": ["string", *types, "null"], "pattern": rf"^\s*(?:{pattern})?\s*$", **more}


def _any_case(*words: str) -> str:
    """A pattern for `words` in upper and lower case; JavaScript can't mark a part of a pattern as case-insensitive."""
    return "|".join(re.sub("[A-Za-z]", lambda each: f"[{each[0].upper()}{each[0].lower()}]", word) for word in words)


def _words(*words: str) -> _Schema:
    """One of a few words, in any case; editors offer them."""
    return {"anyOf": [{"enum": list(words)}, _like(_any_case(*words))]}


def _one_or_several(schema: _Schema) -> _Schema:
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


_TEXT: _Schema = {"type": ["string", "number", "null"]}
_BOOLEAN = _like(_any_case("true", "yes", "on", "y", "false", "no", "off", "n"), "boolean")
_INSIDE = r"^(?!\s*(?:/*\.\.(?:/|$)|[A-Za-z]+://))"
_FILE: _Schema = {"type": ["string", "null"], "pattern": _INSIDE}
_VOLUMES: _Schema = {
    "type": "array",
    "items": {"type": "string", "pattern": _INSIDE},
    "minItems": 1,
    "uniqueItems": True,
}
_LANGUAGE = _like(r"(?:[A-Za-z]{2,3}|[iIxX])(?:-[A-Za-z0-9]{1,8})*", examples=["en", "en-GB", "zh-Hant"])
_COLOUR = _like(
    r"#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})|[A-Za-z]+|[A-Za-z-]+\(.*\)", examples=["steelblue", "#7a3b2e"]
)
_WEIGHT = _like(r"[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", "number")
_ADDRESS = r"[Hh][Tt][Tt][Pp][Ss]?://\S+"
_MONTH, _DAY = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH_NAME = _any_case(*"jan feb mar apr may jun jul aug sep oct nov dec".split())  # noqa: SIM905 - reads better
_DATE = "|".join(
    (
        *(rf"\d{{4}}{sign}{_MONTH}{sign}{_DAY}(?:(?:[Tt]|\s+)\d.*)?" for sign in ("-", "/", r"\.")),
        rf"(?:[A-Za-z]{{3,9}},? +)?{_DAY}(?:st|nd|rd|th|\.)?[ -](?:{_MONTH_NAME})[a-z]*\.?[ ,-]+\d{{4}}.*",
        rf"(?:[A-Za-z]{{3,9}},? +)?(?:{_MONTH_NAME})[a-z]*\.? +{_DAY}(?:st|nd|rd|th)?,? +\d{{4}}.*",
        rf"{_DAY}\.{_MONTH}\.\d{{4}}.*",
        r"\d{9,10}(?:\.\d+)?",
    )
)
_SECONDS = 100_000_000
"""A date can be a number of seconds since 1970, from 1973 on."""
_ISBN = r"(?:[Uu][Rr][Nn]:)?(?:[Ii][Ss][Bb][Nn][-:\s013]*)?(?:[0-9][\s\u2010-\u2015\u2212-]*){9,12}[0-9Xx]"
_UUID = r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?"
_IDENTIFIER = rf"{_ISBN}|{_UUID}|(?:[Dd][Oo][Ii]:\s*)?10\.[0-9]{{4,9}}[0-9.]*/\S+|[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+"
_ROLE: _Schema = {"$ref": "#/$defs/role"}
_PERSON: _Schema = {"$ref": "#/$defs/person"}


_USUAL_ROLES = (
    *("author", "editor", "translator", "illustrator", "photographer", "narrator", "contributor", "compiler"),
    *("adapter", "annotator", "author of introduction", "author of afterword, colophon", "cover designer"),
    *("book designer", "type designer", "proofreader", "publishing director", "thesis advisor"),
)
"""The roles that editors suggest; the whole list has about 500 codes and terms."""


def _role() -> _Schema:
    """A role, as a code or a term; words with capitals or underscores aren't checked."""
    known = {*relators(), *relators().values(), *OTHER_WORDS}
    return {"anyOf": [{"enum": list(_USUAL_ROLES)}, _like("|".join([*sorted(known), ".*[A-Z_].*"]))]}


def _person() -> _Schema:
    """A name, or a mapping with a name."""
    mapping = _mapping(people.CONTRIBUTOR_KEYS, own={"role": _ROLE})
    mapping["patternProperties"][f"^(?:{'|'.join(sorted(people.PASSING_KEYS))})$"] = {}
    return {"anyOf": [_TEXT, {**mapping, "required": ["name"]}]}


def _credits(_key: Key, _owner: type | None) -> _Schema:
    by_role = {"type": "object", "propertyNames": _ROLE, "additionalProperties": _one_or_several(_PERSON)}
    return _one_or_several({"anyOf": [_PERSON, by_role]})


def _chapter_type(_key: Key, _owner: type | None) -> _Schema:
    passing = "|".join(sorted((*setting_values.FOREIGN_TYPES, *setting_values.TYPE_WORDS)))
    return {"anyOf": [{"enum": list(CHAPTER_TYPES)}, _like(rf"{passing}|.*[A-Z_ ].*")]}


def _integer(key: Key, owner: type) -> _Schema:
    kind = kinds_of(owner)[key.name]
    default = _defaults(owner).get(key.name)
    bounds = {"minimum": int(kind.least), "maximum": int(kind.most), "default": default}
    return _like(r"[+-]?[0-9][0-9_]*", "integer", **bounds)


def _number(key: Key, owner: type) -> _Schema:
    kind = kinds_of(owner)[key.name]
    return _like(r"\+?[0-9][0-9_.eE+-]*|\.[0-9]+", "number", exclusiveMinimum=kind.least, maximum=kind.most)


def _choice(key: Key, owner: type) -> _Schema:
    return _words(*kinds_of(owner)[key.name].words)


def _subjects(key: Key, _owner: type | None) -> _Schema:
    mapping = _mapping(key.keys, own={"scheme": _words("BISAC", "Thema", "LCSH")})
    needs = {"dependentRequired": {"code": ["scheme"]}, "minProperties": 1}
    return _one_or_several({"anyOf": [_TEXT, {**mapping, **needs}]})


def _series(key: Key, _owner: type | None) -> _Schema:
    index = _like(r"[0-9]{1,9}(?:\.[0-9]{1,9})*", "number", minimum=0)
    return {**_mapping(key.keys, own={"index": index}), "type": ["object", "null"], "required": ["name"]}


def _statement(key: Key, _owner: type | None) -> _Schema:
    claim = _like(".*(?:[Ww][Cc][Aa][Gg] *2|#wcag-).*", examples=["WCAG 2.1 AA", "WCAG 2.2 AA"])
    needs = {name: ["conforms_to"] for name in ("certified_by", "certifier_credential", "certifier_report")}
    return {
        **_mapping(key.keys, own={"conforms_to": claim, "certifier_report": _like(_ADDRESS)}),
        "type": ["object", "null"],
        "dependentRequired": {"conforms_to": ["certified_by"], **needs},
    }


def _fonts(key: Key, _owner: type | None) -> _Schema:
    return _one_or_several({"anyOf": [_FILE, {**_mapping(key.keys), "required": ["file"]}]})


def _extensions(_key: Key, _owner: type | None) -> _Schema:
    with_options = {"type": "object", "additionalProperties": {"type": ["object", "null"]}}
    return _one_or_several({"anyOf": [{"type": ["string", "null"]}, with_options]})


def _messages(_key: Key, _owner: type | None) -> _Schema:
    reason = {"type": "string", "minLength": 1, "description": "Why chapbook needn't report it."}
    codes = [code for code, row in CODES.items() if row.severity is not Severity.ERROR]
    return {"type": ["object", "null"], "properties": dict.fromkeys(codes, reason), "additionalProperties": False}


_Rule = Callable[[Key, Any], _Schema]


def _always(schema: _Schema) -> _Rule:
    return lambda _key, _owner: schema


_RULES: Mapping[Callable[..., object], _Rule] = MappingProxyType(
    {
        values.text: _always(_TEXT),
        values.paragraphs: _always(_TEXT),
        values.texts: _always(_one_or_several(_TEXT)),
        values.boolean: _always(_BOOLEAN),
        values.integer: _integer,
        values.number: _number,
        values.choice: _choice,
        values.weight: _always(_WEIGHT),
        values.language: _always(_LANGUAGE),
        values.date: _always(_like(_DATE, "number", minimum=_SECONDS, examples=["2024-10-05"])),
        values.moment: _always(_like(_DATE, "number", minimum=_SECONDS, examples=["2024-10-05T12:00:00Z"])),
        values.w3c_date: _always(_like(rf"\d{{4}}(?:-(?:0[1-9]|1[0-2]))?|{_DATE}", "integer", minimum=1000)),
        setting_values.file: _always(_FILE),
        setting_values.files: _always(_one_or_several(_FILE)),
        setting_values.assets: _always(_one_or_several(_FILE)),
        setting_values.order: _always({"anyOf": [{"enum": ["weight", "names"]}, _FILE]}),
        setting_values.syntax: _always(_one_or_several(_words(*SYNTAXES, "none"))),
        people.contributors: _always(_one_or_several(_PERSON)),
        people.names: _always(_one_or_several(_PERSON)),
        people.credited: _credits,
        publishing.subjects: _subjects,
        identifiers.isbn: _always(_like(_ISBN, "integer", minimum=1_000_000)),
        identifiers.licence: _always(_like(rf"{_ADDRESS}|[CcPp].*", examples=["CC BY 4.0", "CC0"])),
        publishing.accessibility: _statement,
        setting_values.accent: _always(_COLOUR),
        setting_values.chapter_type: _chapter_type,
        identifiers.identifier: _always(_like(_IDENTIFIER, "integer", minimum=1_000_000)),
        publishing.series: _series,
        setting_values.image_limits: lambda key, _owner: {**_mapping(key.keys), "type": ["object", "null"]},
        setting_values.fonts: _fonts,
        setting_values.extensions: _extensions,
        setting_values.messages: _messages,
    }
)
"""The schema for a key, by the function that reads its value."""
