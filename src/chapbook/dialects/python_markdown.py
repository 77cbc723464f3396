"""The ``markdown`` dialect: Python-Markdown with the extensions that a book needs, and the author's own."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping
from functools import lru_cache
from importlib import import_module

from markdown import Markdown
from markdown.extensions import Extension

from chapbook.dialects.extensions import resolve
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.hooks import HOOKS, OwnCode, load
from chapbook.model.settings import ExtensionSpec

__all__ = ["make_markdown", "render_python_markdown"]

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
        extension = resolve(spec)
        if extension is not None:
            try:
                markdown.registerExtensions([extension], {})
            except Exception as error:
                raise ChapbookError(_failed(spec, error)) from error
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
        raise ChapbookError(_failed(specs[-1], error)) from error
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


def _failed(spec: ExtensionSpec, error: Exception) -> Diagnostic:
    name = spec.extension if isinstance(spec.extension, str) else type(spec.extension).__name__
    reason = str(error).strip().split("\n")[0] or type(error).__name__
    return Diagnostic.of(
        "extension-failed",
        f"the Markdown extension '{name}' failed: {reason}",
        hint="check its options, or remove it",
    )
