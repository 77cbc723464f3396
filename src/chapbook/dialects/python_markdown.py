"""The ``markdown`` dialect: Python-Markdown with the extensions that a book needs, and those that it names."""

from __future__ import annotations

import re
import threading
from collections.abc import Hashable, Mapping
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType

from markdown import Markdown
from markdown.extensions import Extension

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.hooks import HOOKS, OwnCode, load
from chapbook.model.settings import ExtensionSpec

__all__ = ["failed", "is_foreign", "make_markdown", "render_python_markdown"]

_BUILT_IN = ("tables", "fenced_code", "def_list", "abbr", "attr_list", "md_in_html", "sane_lists")
_SYNTAX = tuple(each.code for each in HOOKS.at("dialect", "markdown"))


def make_markdown(specs: tuple[ExtensionSpec, ...] = (), syntax: tuple[str | OwnCode, ...] = _SYNTAX) -> Markdown:
    """A Python-Markdown instance with the extensions for `syntax` and those of `specs`.

    Raises ChapbookError with ``extension-missing``, ``extension-refused`` or ``extension-failed``.
    """
    # Pass instances, not names: for a name, Python-Markdown searches all installed packages, which takes 15 ms.
    own: list[Extension] = [_built_in(name) for name in _BUILT_IN]
    markdown = Markdown(extensions=[*own, *(load(code)() for code in syntax)], output_format="xhtml", tab_length=4)
    for spec in specs:
        extension = _resolved(spec)
        if extension is not None:
            try:
                markdown.registerExtensions([extension], {})
            except Exception as error:
                raise ChapbookError(_failed_with(spec, error)) from error
    return markdown


def _built_in(name: str) -> Extension:
    extension: Extension = import_module(f"markdown.extensions.{name}").makeExtension()
    return extension


def render_python_markdown(
    text: str, specs: tuple[ExtensionSpec, ...] = (), syntax: tuple[str | OwnCode, ...] = _SYNTAX
) -> str:
    """The HTML of `text`. Raises RecursionError if it nests too deep, and ChapbookError if an extension fails."""
    markdown = _instance(specs, syntax)
    done = False
    try:
        html = markdown.reset().convert(text)
        done = True
    except (ChapbookError, RecursionError, MemoryError):
        raise
    except Exception as error:
        if not specs:
            raise
        raise ChapbookError(_failed_with(specs[-1], error)) from error
    finally:
        if not done:  # an interrupted instance may hold half a text
            _cached.cache_clear()
    return html


def _instance(specs: tuple[ExtensionSpec, ...], syntax: tuple[str | OwnCode, ...]) -> Markdown:
    """The calling thread's own instance: Python-Markdown keeps state in it, and setting one up is slow."""
    keys = tuple(_Spec(spec) for spec in specs)
    return _cached(keys, syntax, threading.get_ident())


@lru_cache(maxsize=64)
def _cached(specs: tuple[_Spec, ...], syntax: tuple[str | OwnCode, ...], thread: int) -> Markdown:
    del thread
    return make_markdown(tuple(each.spec for each in specs), syntax)


class _Spec:
    """An ExtensionSpec as a dictionary key: by value, or by identity if an option can't be hashed."""

    def __init__(self, spec: ExtensionSpec) -> None:
        self.spec = spec
        self._key = (_frozen(spec.extension), spec.trusted, _frozen(spec.options))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Spec) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _frozen(value: object) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((str(key), _frozen(each)) for key, each in value.items())
    if isinstance(value, list | tuple):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, str | int | float | bool | None):
        return (type(value).__name__, value)
    return ("object", id(value))


_DONE_BY_CHAPBOOK = frozenset(
    {
        "abbr",
        "attr_list",
        "codehilite",
        "def_list",
        "extra",
        "fenced_code",
        "footnotes",
        "md_in_html",
        "sane_lists",
        "smarty",
        "tables",
    }
)
"""Extensions whose work chapbook's dialect does already, so naming them changes nothing."""

_REFUSED = MappingProxyType(
    {
        "pymdownx.b64": "it reads files",
        "pymdownx.pathconverter": "it writes this computer's paths into the book",
        "pymdownx.snippets": "it reads files and the network",
    }
)
_MODULES = ("markdown.extensions.", "pymdownx.")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def _resolved(spec: ExtensionSpec) -> Extension | None:
    """The extension that `spec` means, or ``None`` if chapbook does the same already.

    A content folder may name extensions registered in the entry-point group ``markdown.extensions``, and those modules
    of ``markdown.extensions.*`` and ``pymdownx.*`` that neither read files nor run code. Raises ChapbookError.
    """
    if isinstance(spec.extension, Extension):
        return spec.extension
    if not isinstance(spec.extension, str):
        raise ChapbookError(failed(repr(spec.extension), "it is neither a name nor an Extension", check=_BOTH))
    name = spec.extension
    if name.removeprefix("markdown.extensions.") in _DONE_BY_CHAPBOOK:
        return None
    if not spec.trusted:
        _check_allowed(name)
    return _loaded(name, spec.options)


def _check_allowed(name: str) -> None:
    reason = _REFUSED.get(name)
    if reason is None and not name.startswith(_MODULES) and not _registered(name):
        reason = "it isn't registered as one" if _NAME.fullmatch(name) else "no extension has that name"
    if reason is None and not _NAME.fullmatch(name):
        reason = "no extension has that name"
    if reason is not None:
        raise ChapbookError(
            Diagnostic.of(
                "extension-refused",
                f"the Markdown extension '{name}' may not be loaded by a content folder: {reason}",
                hint=f"if you trust it, build with --allow-extension {name}",
            )
        )


def is_foreign(name: str) -> bool:
    """Whether the extension `name` is neither one of Python-Markdown nor one of PyMdown Extensions."""
    if name.startswith(_MODULES) or name in _DONE_BY_CHAPBOOK:
        return False
    from importlib.metadata import entry_points  # noqa: PLC0415 - see _registered

    found = entry_points(group="markdown.extensions", name=name)
    return not found or not all(each.value.startswith(_MODULES) for each in found)


def _registered(name: str) -> bool:
    from importlib.metadata import entry_points  # noqa: PLC0415 - heavy, and most books name no extension

    return bool(entry_points(group="markdown.extensions", name=name))


def _loaded(name: str, options: Mapping[str, object]) -> Extension:
    try:
        extension = _new_extension(name, options)
    except ModuleNotFoundError as error:
        # If the whole package is missing, name chapbook's extra that installs it.
        extra = error.name == "pymdownx"
        wanted = "pip install 'chapbook[pymdown]'" if extra else "install its package where chapbook is installed"
        raise ChapbookError(
            Diagnostic.of(
                "extension-missing",
                f"the Markdown extension '{name}' is not installed",
                hint=f"{wanted}, or remove it",
            )
        ) from error
    except Exception as error:
        raise ChapbookError(failed(name, _words_of(error), check=_BOTH)) from error
    if not isinstance(extension, Extension):
        raise ChapbookError(failed(name, "it isn't a Python-Markdown extension", check=_BOTH))
    return extension


def _new_extension(name: str, options: Mapping[str, object]) -> object:
    from importlib.metadata import entry_points  # noqa: PLC0415 - see above

    for entry in entry_points(group="markdown.extensions", name=name):
        return entry.load()(**options)
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute or "makeExtension")(**options)


def failed(name: object, reason: str, *, check: str = "its options") -> Diagnostic:
    """The error for an extension that raises one, or isn't one; `check` names what may be wrong."""
    message = f"the Markdown extension '{name}' failed: {reason}"
    return Diagnostic.of("extension-failed", message, hint=f"check {check}, or remove it")


_BOTH = "its name and its options"


def _failed_with(spec: ExtensionSpec, error: Exception) -> Diagnostic:
    name = spec.extension if isinstance(spec.extension, str) else type(spec.extension).__name__
    return failed(name, _words_of(error))


def _words_of(error: Exception) -> str:
    return str(error).strip().split("\n")[0] or type(error).__name__
