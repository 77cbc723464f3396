"""Code of the user's own that works on chapters: passes, constructs, shortcodes and dialects, as hooks of a build."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from msgspec.structs import replace

from chapbook.building.inputs import WITHIN
from chapbook.markup.page import Page
from chapbook.model import hooks as model
from chapbook.model.diagnostics import ChapbookError, Diagnostic, FieldValueError
from chapbook.model.fields import CONTENT, Checked, Kind, Text, checked, instance, list_of
from chapbook.model.hooks import HOOKS, Hooks, OwnCode
from chapbook.model.near import nearest
from chapbook.model.value import LIST, Several, Value
from chapbook.packaging.publication import OwnMeta, OwnParts, Resource
from chapbook.packaging.xhtml import clean

if TYPE_CHECKING:
    from chapbook.source.hugo import Expansion
    from chapbook.source.positions import SourceText
    from chapbook.source.shortcode_syntax import Tag

__all__ = ["OWN_KINDS", "Additions", "Construct", "Pass", "Shortcode", "ShortcodeCall", "hooks_of", "name_of"]


def _callable(value: object) -> object:
    if callable(value):
        return value
    raise TypeError


_CODE = Kind(takes="a function", check=_callable)


def name_of(code: object) -> str:
    """What a function is called, or the class of an object."""
    return getattr(code, "__name__", type(code).__name__)


class Pass(Checked, frozen=True, kw_only=True):
    """A function that changes the tree of every chapter, and when it runs.

    Without `before` and `after` it runs first, on what the dialect made, and what it makes is cleaned and checked
    like the author's own markup.
    """

    code: Annotated[Callable[[Page], None], _CODE]
    name: Text = ""
    """Empty: the function's."""
    before: Text = ""
    """The pass that it runs right before: chapbook's own or another of the user's."""
    after: Text = ""
    """The pass that it runs right after."""
    version: Text = ""
    """What the pass made is kept in the cache under it; empty: nothing of it is."""


def _pattern(value: Any) -> str:  # noqa: ANN401 - whatever was given
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError from error
    return str(value)


_PATTERN = Kind(takes="a regular expression", check=_pattern)
_REPLACEMENT = Kind(
    takes="text or a function", check=lambda value: value if isinstance(value, str) else _callable(value)
)


class Construct(Checked, frozen=True, kw_only=True):
    """A construct of the text: what stands in place of each match of a pattern that isn't in code."""

    pattern: Annotated[str, _PATTERN]
    replacement: Annotated[str | Callable[[re.Match[str]], str], _REPLACEMENT]
    """As `re.sub` takes it: text with ``\\1`` for groups, or a function. Line breaks in it are spaces."""
    name: Text = ""
    """Empty: the pattern."""
    version: Text = ""
    """As that of a pass."""


class ShortcodeCall(Value, frozen=True, kw_only=True):
    """A shortcode as the author wrote it: ``{{< name value key="value" >}}``."""

    name: str
    values: tuple[str, ...] = ()
    """Those without a key."""
    named: Mapping[str, str] = {}
    has_end: bool = False
    """Whether text and ``{{< /name >}}`` follow."""


Shortcode = Callable[[ShortcodeCall], str | tuple[str, str]]
"""Gives Markdown or HTML of one line: what stands for a shortcode, or for its beginning and its end."""


class _Replaced(OwnCode, frozen=True, kw_only=True, eq=False):
    """A `Construct` as a construct of the text."""

    pattern: str

    def __call__(self, source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
        from chapbook.source.edits import outside_code  # noqa: PLC0415 - most books have no code of their own

        def new(found: re.Match[str]) -> str:
            made = found.expand(self.call) if isinstance(self.call, str) else self.call(found)
            return " ".join(str(made).split("\n")) + "\n" * found[0].count("\n")

        return outside_code(source, re.compile(self.pattern, re.MULTILINE), new), ()


class _Expanded(OwnCode, frozen=True, kw_only=True, eq=False):
    """A `Shortcode` as the table of shortcodes has them."""

    def __call__(self, tag: Tag, closing: Tag | None, _expansion: Expansion) -> tuple[str, str]:
        asked = ShortcodeCall(name=tag.name, values=tag.values, named=tag.named, has_end=closing is not None)
        made = self.call(asked)
        before, after = (made, "") if isinstance(made, str) else made
        return " ".join(before.split("\n")), " ".join(after.split("\n"))


class _Rendered(OwnCode, frozen=True, kw_only=True, eq=False):
    """A function from text to HTML as a dialect."""

    def __call__(self, text: str, _extensions: object, _syntax: object) -> str:
        return str(self.call(text))


@dataclass(kw_only=True)
class Additions:
    """The attributes and methods of a `Book` by which Python code adds what is its own."""

    passes: Several[Pass | Callable[[Page], None]] = field(default_factory=LIST)
    """Functions that change the tree of each chapter, in order."""
    constructs: Several[Construct] = field(default_factory=LIST)
    """What is read in the text of each chapter beside its dialect, in order."""
    shortcodes: dict[str, Shortcode] = field(default_factory=dict)
    """By their names; these go before chapbook's own."""
    prefixes: dict[str, str] = field(default_factory=dict)
    """Of names of metadata that EPUB doesn't reserve, with the addresses of their vocabularies."""
    extra: dict[str, object] = field(default_factory=dict)
    """What book.yaml has under keys that chapbook doesn't know."""
    _statements: list[OwnMeta] = field(default_factory=list, init=False, repr=False)
    _items: dict[str, Resource] = field(default_factory=dict, init=False, repr=False)
    _versions: dict[int, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Of plug-ins, by the id of the code that they added."""

    def use(self, plugin: str | Callable[[Any], None]) -> None:
        """Lets a plug-in add what it likes: a function that takes the book, or the name of an installed one.

        Installed ones are entry points of the group ``chapbook.plugins``. What they add is cached under their version.
        Raises ChapbookError (``plugin-missing``) for a name that nobody has installed.
        """
        code, version = _plugin(plugin) if isinstance(plugin, str) else (checked(_CODE, "plugin", plugin), "")
        before = {id(each) for each in self._code()}
        code(self)
        self._versions.update({id(each): version for each in self._code() if id(each) not in before})

    def _code(self) -> list[object]:
        passes = (each.code if isinstance(each, Pass) else each for each in self.passes)
        return [*passes, *self.constructs, *self.shortcodes.values(), getattr(self, "dialect", "")]

    def meta(self, name: str, value: str, *, refines: str = "", language: str = "", scheme: str = "") -> str:
        """Adds a statement about the book to the package document (EPUB 3.3, section 5.5), and gives its id.

        `name` is a property (``schema:educationalUse``), whose prefix EPUB reserves or `prefixes` has, or an element
        of Dublin Core (``dc:relation``). `refines` is the id that another call gave, or ``title``, ``author``,
        ``series`` or ``identifier``. Raises FieldValueError for a name or id that isn't valid.
        """
        prefix = name.partition(":")[0] if ":" in name else ""
        known = (*_RESERVED, *self.prefixes)
        if not _PROPERTY.fullmatch(name) or (prefix and prefix not in known) or not (prefix or refines):
            hint = f"prefixes that need no address: {', '.join(_RESERVED)}; others go into 'prefixes' first"
            raise _wrong(f"'{name}' is not the name of a property", hint)
        if not clean(value).strip():
            raise _wrong(f"'{name}' has no value", "give text")
        ids = {**_REFINED, **{each.id: each.id for each in self._statements}}
        if refines and refines not in ids:
            raise _wrong(f"nothing has the id '{refines}'", "give what another call of meta gave, or 'title'")
        made = OwnMeta(
            name=name,
            value=clean(value),
            id=f"own-{len(self._statements) + 1}",
            refines=ids.get(refines, ""),
            language=language,
            scheme=scheme,
        )
        self._statements.append(made)
        return made.id

    def add_item(self, path: str, content: object, media_type: str) -> None:
        """Adds a file that ships as it is, as ``own/`` and its `path`, outside of the reading order.

        `content` is bytes or a binary file that is open for reading. HTML, SVG, CSS and scripts are refused with the
        way to give them: chapbook checks those.
        """
        name = checked(WITHIN, "path", path)
        if not _MEDIA_TYPE.fullmatch(media_type):
            raise _wrong(f"'{media_type}' is not a media type", "write it as 'application/json'")
        for part, way in _CHECKED.items():
            if part in media_type.lower():
                raise _wrong(f"'{path}' can't be added as it is: {media_type}", way)
        data = checked(CONTENT, f"the content of '{path}'", content)
        self._items[name] = Resource(name=f"own/{name}", media_type=media_type, data=data)

    def own_parts(self) -> OwnParts:
        """What `meta` and `add_item` were given."""
        prefixes = tuple((name, address) for name, address in self.prefixes.items() if name not in _RESERVED)
        used = {each.name.partition(":")[0] for each in self._statements}
        return OwnParts(
            statements=tuple(self._statements),
            prefixes=tuple(each for each in prefixes if each[0] in used),
            resources=tuple(self._items[name] for name in sorted(self._items)),
        )


_RESERVED = ("a11y", "dc", "dcterms", "marc", "media", "onix", "rendition", "schema", "xsd")
"""Prefixes that EPUB 3.3 reserves (appendix D.1.4), and Dublin Core's elements."""
_PROPERTY = re.compile(r"(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*", re.ASCII)
_REFINED = {"title": "title-1", "author": "creator-1", "series": "series", "identifier": "pub-id"}
_MEDIA_TYPE = re.compile(r"[a-z]+/[\w.+-]+(?:; ?[\w-]+=[\w.\"-]+)?", re.ASCII | re.IGNORECASE)
_CHECKED = {
    "html": "add it as a chapter: Chapter(text=..., dialect='html')",
    "svg": "use add_file, and show it in a chapter",
    "css": "append it to 'css'",
    "script": "books ship no scripts",
}


def _plugin(name: str) -> tuple[Callable[[Any], None], str]:
    """The installed plug-in of that name, and its version."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - most books use none, and it is slow

    found = entry_points(group="chapbook.plugins")
    for each in found:
        if each.name == name:
            return each.load(), f"{each.dist.name} {each.dist.version}" if each.dist else ""
    near = nearest(name, [each.name for each in found])
    listed = ", ".join(sorted({f"'{each.name}'" for each in found}))
    hint = f"is '{near}' meant?" if near else f"installed are {listed}" if listed else "install the package that has it"
    raise ChapbookError(Diagnostic.of("plugin-missing", f"no plug-in is called '{name}'", hint=hint))


def _named_code(value: object) -> object:
    if isinstance(value, Mapping) and all(isinstance(name, str) and callable(code) for name, code in value.items()):
        return value
    raise TypeError


def _is_construct(value: object) -> object:
    if isinstance(value, Construct):
        return value
    raise TypeError


_NAMED = Kind(takes="a mapping of names to functions", check=_named_code)
OWN_KINDS: Mapping[str, Kind] = {
    "passes": list_of(Kind(takes="", check=lambda value: value if isinstance(value, Pass) else _callable(value)),
                      takes="a function, a Pass, or a list of these"),
    "constructs": list_of(Kind(takes="", check=_is_construct),
                          takes="a Construct, or a list of these"),
    "shortcodes": _NAMED,
    "prefixes": instance(dict, takes="a mapping of prefixes to addresses"),
    "extra": instance(dict, takes="a mapping"),
}  # fmt: skip


def hooks_of(own: Additions, dialects: Mapping[str, Callable[[str], str]]) -> Hooks:
    """The hooks of a build with the user's `own` code, and `dialects` of theirs by name.

    Raises FieldValueError for a pass that goes before or after one that there isn't, and for two of one name.
    """
    if not (own.passes or own.constructs or own.shortcodes or dialects):
        return HOOKS

    def version(code: object, said: str = "") -> str:
        return said or own._versions.get(id(code), "")  # noqa: SLF001 - of this module

    texts = tuple(
        model.Construct(
            place="text",
            code=_Replaced(
                call=each.replacement,
                name=each.name or each.pattern,
                version=version(each, each.version),
                pattern=each.pattern,
            ),
        )
        for each in own.constructs
    )
    passes = [each if isinstance(each, Pass) else Pass(code=each) for each in own.passes]
    trees = [replace(each, version=version(each.code, each.version)) for each in passes]
    shortcodes: str | Mapping[str, Any] = HOOKS.shortcodes
    if own.shortcodes:
        table = {name: _Expanded(call=code, name=name, version=version(code)) for name, code in own.shortcodes.items()}
        shortcodes = {**model.load(HOOKS.shortcodes), **table}
    rendered = {name: _Rendered(call=code, name=name, version=version(code)) for name, code in dialects.items()}
    return replace(
        HOOKS,
        constructs=_with_passes((HOOKS.constructs[0], *texts, *HOOKS.constructs[1:]), trees),
        shortcodes=shortcodes,
        dialects={**HOOKS.dialects, **rendered},
    )


def _with_passes(constructs: tuple[model.Construct, ...], passes: Iterable[Pass]) -> tuple[model.Construct, ...]:
    made = list(constructs)
    names = [_pass_name(each) if each.place == "tree" else "" for each in made]
    first = next(at for at, each in enumerate(made) if each.place == "tree")
    for each in passes:
        name = each.name or name_of(each.code)
        if name in names:
            raise _wrong(f"two passes are called '{name}'", "give one of them another 'name'")
        anchor = each.before or each.after
        if anchor and anchor not in names:
            near = nearest(anchor, filter(None, names))
            hint = f"is '{near}' meant?" if near else "docs/extending.md lists them"
            raise _wrong(f"there is no pass '{anchor}'", hint)
        at = names.index(anchor) + bool(each.after) if anchor else first
        first += not anchor
        code = OwnCode(call=each.code, name=name, version=each.version)
        made.insert(at, model.Construct(place="tree", code=code, html=True))
        names.insert(at, name)
    return tuple(made)


def _pass_name(construct: model.Construct) -> str:
    return construct.code.name if isinstance(construct.code, OwnCode) else construct.code.rpartition(":")[2]


def _wrong(message: str, hint: str) -> FieldValueError:
    return FieldValueError(Diagnostic.of("value-invalid", message, hint=hint))
