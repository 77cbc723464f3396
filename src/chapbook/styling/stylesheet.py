"""The rules of an author's sheet: which ship, with imported sheets in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from msgspec import Struct, field

from chapbook.assets.file_formats import Fit
from chapbook.assets.svg_policy import escaped
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.settings import FileRef
from chapbook.styling.at_rules import parse_import, ship_font_face
from chapbook.styling.declarations import (
    check_prelude,
    declaration_runs,
    parse_declaration,
    ship_declaration,
)
from chapbook.styling.references import Assets, Refused, find_file
from chapbook.styling.selectors import check_keyframe, check_selector
from chapbook.styling.style_folders import Asset, Source, source_of
from chapbook.styling.syntax import (
    LARGEST_SHEET,
    Node,
    Nodes,
    Rejected,
    at,
    check_closed,
    check_depth,
    decode_sheet,
    invalid,
    is_blank,
    last_start,
    namespace_url,
    parse_nodes,
    parse_rules,
    parse_sheet,
    serialized,
    significant,
    unsupported,
)

__all__ = ["PackedStylesheet", "pack_stylesheet", "ship_sheet"]

_DEEPEST_IMPORT = 8
_MOST_IMPORTS = 64
_MOST_FAULTS = 200
"""The most messages about one sheet and its imports; one message then says that the rest is left out."""
_OF_RULES = frozenset({"media", "supports", "layer", "container", "scope", "starting-style"})
_OF_KEYFRAMES = frozenset({"keyframes", "-webkit-keyframes", "-moz-keyframes", "-o-keyframes"})
_OF_DESCRIPTORS = frozenset({"property", "counter-style", "font-palette-values"})
_XHTML = "http://www.w3.org/1999/xhtml"


class _Book(Struct, kw_only=True):
    """What a sheet and its imports share."""

    assets: Assets
    diagnostics: list[Diagnostic]
    namespaces: dict[str, str] = field(default_factory=dict)
    size: int = 0
    imports: int = 0


def ship_sheet(source: Source, path: str, assets: Assets, diagnostics: list[Diagnostic]) -> str:
    """The text of the sheet at `path` of `source` for the book, with its imports inserted.

    Files it refers to are added to `assets`, problems to `diagnostics`. Raises ChapbookError if the sheet itself can't
    be read.
    """
    book = _Book(assets=assets, diagnostics=diagnostics)
    css = escaped(_Sheet(source, path, (path,), book).ship(source.read(path)))
    namespaces = "".join(f'@namespace {prefix} "{url}";\n' for prefix, url in sorted(book.namespaces.items()))
    return namespaces + css


class _Sheet:
    """One CSS file while it is read."""

    def __init__(self, source: Source, path: str, chain: tuple[str, ...], book: _Book) -> None:
        self._source = source
        self._path = path
        self._chain = chain
        self._book = book
        self._shown = source.shown(path)
        self._started = False
        """Whether a rule came after which imports aren't allowed."""

    def _rewrite(self, reference: str, place: Position) -> str:
        """The URL for `reference`, which is at `place`; reports what its file lost."""

        def warn(said: Diagnostic) -> None:
            self._report(Rejected(said.code, said.message, place, said.hint))

        return self._book.assets.rewrite(reference, self._source, self._path, warn)

    def ship(self, content: bytes) -> str:
        text = decode_sheet(content, self._shown, self._book.diagnostics)
        self._book.size += len(content)
        check_closed(text, self._shown, self._book.diagnostics)
        nodes = parse_nodes(text)
        return self._each(self._complete(parse_sheet(nodes), nodes), self._rule)

    def _complete(self, rules: Nodes, nodes: Nodes) -> Nodes:
        """The rules in `nodes`, without an incomplete one at the end, which is reported."""
        if rules and rules[-1].type == "error":
            self._report(invalid(last_start(nodes), "the end isn't a rule: it has no block"))
            return rules[:-1]
        return rules

    def _each(self, nodes: Iterable[Node], ship: Callable[[Node], str]) -> str:
        """The text of all `nodes` that may ship; reports the others."""
        texts = []
        for node in nodes:
            if is_blank(node):
                texts.append(serialized([node]))
                continue
            try:
                texts.append(ship(node))
            except Rejected as rejected:
                self._report(rejected)
        return "".join(texts)

    def _rule(self, rule: Node) -> str:
        """A rule at the top level of the sheet."""
        if rule.type == "at-rule":
            check_depth(rule, [*rule.prelude, *(rule.content or ())])
            if rule.lower_at_keyword == "charset":
                return ""
            if rule.lower_at_keyword == "import":
                return self._import(rule)
            if rule.lower_at_keyword == "namespace":
                self._namespace(rule)
                return ""
            self._started = self._started or rule.content is not None
            return self._at_rule(rule)
        self._started = True
        check_depth(rule, [*rule.prelude, *rule.content])
        return self._style_rule(rule)

    def _inner_rule(self, rule: Node) -> str:
        """A rule in the block of another, such as ``@media``."""
        if rule.type == "at-rule":
            if rule.lower_at_keyword in {"charset", "import", "namespace"}:
                raise invalid(rule, f"'@{rule.lower_at_keyword}' in a block", "it belongs at the start of a sheet")
            return self._at_rule(rule)
        return self._style_rule(rule)

    def _style_rule(self, rule: Node, check: Callable[[Nodes], None] = check_selector) -> str:
        if not significant(rule.prelude):
            raise invalid(rule, "a block without a selector")
        check(rule.prelude)
        return self._with_declarations(serialized(rule.prelude), rule.content)

    def _with_declarations(self, prelude: str, content: Nodes) -> str:
        texts, empty = [], True
        for run in declaration_runs(content):
            if is_blank(run[0]):
                texts.append(serialized(run))
                continue
            try:
                texts.append(ship_declaration(parse_declaration(run), self._rewrite))
                empty = False
            except Rejected as rejected:
                self._report(rejected)
        return "" if empty else f"{prelude}{{{''.join(texts)}}}"

    def _at_rule(self, rule: Node) -> str:
        name = rule.lower_at_keyword
        check_prelude(rule.prelude)
        head = f"@{rule.at_keyword}{serialized(rule.prelude)}"
        if name == "layer" and rule.content is None:
            return f"{head};"
        if name == "page":
            hint = "readers choose the page's margins; set margins on elements instead"
            raise unsupported(rule, "only old e-ink devices read '@page'", hint)
        if name not in _OF_RULES | _OF_KEYFRAMES | _OF_DESCRIPTORS | {"font-face", "font-feature-values"}:
            raise unsupported(rule, f"reading systems don't know '@{rule.at_keyword}'")
        if rule.content is None:
            raise invalid(rule, f"'@{rule.at_keyword}' without a block")
        if name == "font-face":
            return ship_font_face(rule, self._rewrite, self._report)
        return self._with_block(name, head, rule.content)

    def _with_block(self, name: str, head: str, content: Nodes) -> str:
        if name in _OF_DESCRIPTORS:
            return self._with_declarations(head, content)
        if name == "font-feature-values":
            return f"{head}{{{serialized(content)}}}"
        ship = partial(self._style_rule, check=check_keyframe) if name in _OF_KEYFRAMES else self._inner_rule
        inner = self._each(self._complete(parse_rules(content), content), ship)
        return f"{head}{{{inner}}}" if inner.strip() else ""

    def _namespace(self, rule: Node) -> None:
        """Records a namespace for the head of the whole sheet: after an import it would be ignored."""
        nodes = significant(rule.prelude)
        names = [node.value for node in nodes if node.type == "ident"]
        urls = [namespace_url(node) for node in nodes if node.type != "ident"]
        if rule.content is not None or len(urls) != 1 or not urls[0] or len(names) > 1:
            raise invalid(rule, "'@namespace' needs a prefix and a string")
        if not names:
            if urls[0] != _XHTML:
                raise unsupported(rule, "a default namespace that isn't XHTML's")
            return
        if self._book.namespaces.setdefault(serialized(nodes[:1]), urls[0]) != urls[0]:
            raise unsupported(rule, f"the prefix '{names[0]}' has another namespace in an earlier sheet")

    def _import(self, rule: Node) -> str:
        """The imported sheet in its place: old readers don't follow imports."""
        if self._started:
            raise invalid(rule, "'@import' has no effect after other rules", "put it at the start of the sheet")
        wanted = parse_import(rule)
        try:
            path, _ = find_file(wanted.reference, self._source, self._path)
        except Refused as refused:
            raise Rejected(refused.code, refused.message, at(rule), refused.hint) from refused
        if path in self._chain:
            raise invalid(rule, f"'{path}' imports itself")
        self._book.imports += 1
        if len(self._chain) > _DEEPEST_IMPORT or self._book.imports > _MOST_IMPORTS or self._book.size > LARGEST_SHEET:
            hint = f"chapbook follows up to {_MOST_IMPORTS} imports, {_DEEPEST_IMPORT} deep, 1 MB in all"
            raise unsupported(rule, f"'{path}' is one import too many", hint)
        try:
            content = self._source.read(path)
            return wanted.wrap(_Sheet(self._source, path, (*self._chain, path), self._book).ship(content))
        except ChapbookError as error:
            self._book.diagnostics += error.diagnostics
            return ""

    def _report(self, rejected: Rejected) -> None:
        if len(self._book.diagnostics) < _MOST_FAULTS:
            self._book.diagnostics.append(rejected.diagnostic(self._shown))
        elif len(self._book.diagnostics) == _MOST_FAULTS:
            words = f"there are more than {_MOST_FAULTS} problems in this sheet; chapbook doesn't list the rest"
            rest = Rejected("css-invalid", words, rejected.place, "correct these first")
            self._book.diagnostics.append(rest.diagnostic(self._shown))


class PackedStylesheet(Struct, frozen=True, kw_only=True):
    """A style sheet without dead references, and the files that it refers to."""

    css: str
    """For a sheet in ``styles/`` itself: its URLs are relative to that folder (``assets/paper-1a2b3c4d.png``)."""
    assets: tuple[Asset, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def pack_stylesheet(
    reference: FileRef,
    files: Files | None = None,
    *,
    path: str | None = None,
    at: Position | None = None,
    fit: Fit | None = None,
) -> PackedStylesheet:
    """Reads the style sheet `reference` and all that it refers to.

    `files` is the content folder, from which a ContentFile is read; a Path is the user's own, and its references are
    looked up in its folder. `fit` makes pictures fit for the book, with the default limits by default. `path` and `at`
    say which file names the sheet, for ``css-file-missing``. All other diagnostics have the CSS file, line and column.
    Raises nothing.
    """
    source, name = source_of(reference, files)
    if not source.has(name):
        fault = Diagnostic.of("css-file-missing", f"no style sheet '{source.shown(name)}'", path=path, at=at)
        return PackedStylesheet(css="", diagnostics=(fault,))
    assets = Assets(fit)
    diagnostics: list[Diagnostic] = []
    try:
        css = ship_sheet(source, name, assets, diagnostics)
    except ChapbookError as error:
        return PackedStylesheet(css="", diagnostics=error.diagnostics)
    return PackedStylesheet(css=css, assets=assets.packed(), diagnostics=tuple(diagnostics))
