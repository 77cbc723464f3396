"""The user's own code for chapters: passes, constructs, shortcodes and dialects, as hooks of a build."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from chapbook.markup.page import Page
from chapbook.model import hooks as model
from chapbook.model.diagnostics import Diagnostic, FieldValueError
from chapbook.model.fields import Checked, Kind, Text
from chapbook.model.hooks import HOOKS, Hooks, OwnCode
from chapbook.model.near import nearest
from chapbook.model.value import Value

if TYPE_CHECKING:
    from chapbook.source.hugo import Expansion
    from chapbook.source.positions import SourceText
    from chapbook.source.shortcode_syntax import Tag

__all__ = ["CODE", "Construct", "OwnCodes", "Pass", "Shortcode", "ShortcodeCall", "function", "hooks_of"]


def function(value: object) -> object:
    """Returns `value` if it is callable. Raises TypeError."""
    if callable(value):
        return value
    raise TypeError


CODE = Kind(takes="a function", check=function)


def _name_of(code: object) -> str:
    return getattr(code, "__name__", type(code).__name__)


class Pass(Checked, frozen=True, kw_only=True):
    """A function that changes the tree of each chapter, and when it runs.

    Without `before` and `after` it runs first, right after the dialect, so chapbook cleans and checks what it makes
    like the author's own markup.
    """

    code: Annotated[Callable[[Page], None], CODE]
    name: Text = ""
    """The pass's name; if empty, the function's."""
    before: Text = ""
    """Run right before this pass: chapbook's or another of the user's."""
    after: Text = ""
    """Run right after this pass."""
    version: Text = ""
    """The version under which results are cached; if empty, they aren't cached."""


def _pattern(value: Any) -> str:  # noqa: ANN401 - whatever was given
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError from error
    return str(value)


_PATTERN = Kind(takes="a regular expression", check=_pattern)
_REPLACEMENT = Kind(
    takes="text or a function", check=lambda value: value if isinstance(value, str) else function(value)
)


class Construct(Checked, frozen=True, kw_only=True):
    """A text construct: what replaces each match of a pattern outside code."""

    pattern: Annotated[str, _PATTERN]
    replacement: Annotated[str | Callable[[re.Match[str]], str], _REPLACEMENT]
    """As for `re.sub`: text with ``\\1`` for groups, or a function. Line breaks in it become spaces."""
    name: Text = ""
    """If empty, the pattern."""
    version: Text = ""
    """As for a pass."""


class ShortcodeCall(Value, frozen=True, kw_only=True):
    """A shortcode as the author wrote it: ``{{< name value key="value" >}}``."""

    name: str
    values: tuple[str, ...] = ()
    """Values without a key."""
    named: Mapping[str, str] = {}
    has_end: bool = False
    """Whether text and ``{{< /name >}}`` follow."""


Shortcode = Callable[[ShortcodeCall], str | tuple[str, str]]
"""Returns one line of Markdown or HTML that replaces a shortcode, or one for its beginning and one for its end."""


class _Replaced(OwnCode, frozen=True, kw_only=True, eq=False):
    """A `Construct`, in the form that the list of text constructs needs."""

    pattern: str

    def __call__(self, source: SourceText) -> tuple[str, tuple[Diagnostic, ...]]:
        from chapbook.source.positions import outside_code  # noqa: PLC0415 - most books have no code of their own

        def new(found: re.Match[str]) -> str:
            made = found.expand(self.call) if isinstance(self.call, str) else self.call(found)
            return " ".join(str(made).split("\n")) + "\n" * found[0].count("\n")

        return outside_code(source, re.compile(self.pattern, re.MULTILINE), new), ()


class _Expanded(OwnCode, frozen=True, kw_only=True, eq=False):
    """A `Shortcode`, in the form that the table of shortcodes needs."""

    def __call__(self, tag: Tag, closing: Tag | None, expansion: Expansion) -> tuple[str, str]:
        from chapbook.model.marks import EMPTY_COMMENT  # noqa: PLC0415 - as above

        asked = ShortcodeCall(name=tag.name, values=tag.values, named=tag.named, has_end=closing is not None)
        made = self.call(asked)
        before, after = (made, "") if isinstance(made, str) else made
        before, after = " ".join(before.split("\n")), " ".join(after.split("\n"))
        block = _BLOCK.match(before) if closing else None
        if block is None or closing is None:
            return before, after
        # Each dialect has its own way to allow Markdown inside block HTML.
        if expansion.dialect == "markdown":
            return f'{block[0]} markdown="1"{before[block.end() :]}', after
        comments = [EMPTY_COMMENT if _is_alone(each, expansion.text) else "" for each in (tag, closing)]
        return comments[0] + before, comments[1] + after


_BLOCK = re.compile(
    r"<(?:address|article|aside|blockquote|center|details|div|figure|footer|header|main|nav|section)\b", re.IGNORECASE
)


def _is_alone(tag: Tag, text: str) -> bool:
    """Whether the tag is alone on its line."""
    start, end = text.rfind("\n", 0, tag.start) + 1, text.find("\n", tag.end)
    return not (text[start : tag.start] + text[tag.end : end if end >= 0 else len(text)]).strip()


class _Rendered(OwnCode, frozen=True, kw_only=True, eq=False):
    """A text-to-HTML function, in the form of a dialect."""

    def __call__(self, text: str, _extensions: object, _syntax: object) -> str:
        return str(self.call(text))


class OwnCodes(Struct, frozen=True, kw_only=True):
    """All of the user's own code for a book."""

    passes: tuple[Pass, ...] = ()
    constructs: tuple[Construct, ...] = ()
    shortcodes: Mapping[str, Shortcode] = {}
    dialects: Mapping[str, Callable[[str], str]] = {}
    versions: Mapping[int, str] = {}
    """Of plug-ins, by the id of the code that they added."""


def hooks_of(own: OwnCodes) -> Hooks:
    """The hooks of a build, with the user's `own` code.

    Raises FieldValueError for a pass that refers to an unknown pass, and for two passes of the same name.
    """
    if not (own.passes or own.constructs or own.shortcodes or own.dialects):
        return HOOKS

    def version(code: object, said: str = "") -> str:
        package = own.versions.get(id(code), "")
        return f"{said} in {package}" if said and package else said or package

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
    trees = [replace(each, version=version(each.code, each.version)) for each in own.passes]
    shortcodes: str | Mapping[str, Any] = HOOKS.shortcodes
    if own.shortcodes:
        table = {name: _Expanded(call=code, name=name, version=version(code)) for name, code in own.shortcodes.items()}
        shortcodes = {**model.load(HOOKS.shortcodes), **table}
    rendered = {name: _Rendered(call=code, name=name, version=version(code)) for name, code in own.dialects.items()}
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
        name = each.name or _name_of(each.code)
        if name in names:
            raise _wrong(f"two passes are called '{name}'", "give one of them another 'name'")
        anchor = each.before or each.after
        if anchor and anchor not in names:
            near = nearest(anchor, filter(None, names))
            hint = f"did you mean '{near}'?" if near else "docs/extending.md lists them"
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
