"""Which Python-Markdown extensions a book may name, and whether they are installed."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from types import MappingProxyType

from markdown.extensions import Extension

from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.model.settings import ExtensionSpec

__all__ = ["is_foreign", "resolve"]

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


def resolve(spec: ExtensionSpec) -> Extension | None:
    """The extension that `spec` means, or ``None`` if chapbook does the same already.

    A content folder may name extensions registered in the entry-point group ``markdown.extensions``, and those modules
    of ``markdown.extensions.*`` and ``pymdownx.*`` that neither read files nor run code. Raises ChapbookError.
    """
    if isinstance(spec.extension, Extension):
        return spec.extension
    if not isinstance(spec.extension, str):
        raise ChapbookError(_failed(repr(spec.extension), "it is neither a name nor an Extension"))
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
        extension = _made(name, options)
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
        raise ChapbookError(_failed(name, str(error).strip().split("\n")[0] or type(error).__name__)) from error
    if not isinstance(extension, Extension):
        raise ChapbookError(_failed(name, "it isn't a Python-Markdown extension"))
    return extension


def _made(name: str, options: Mapping[str, object]) -> object:
    from importlib.metadata import entry_points  # noqa: PLC0415 - see above

    for entry in entry_points(group="markdown.extensions", name=name):
        return entry.load()(**options)
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute or "makeExtension")(**options)


def _failed(name: str, reason: str) -> Diagnostic:
    return Diagnostic.of(
        "extension-failed",
        f"the Markdown extension '{name}' failed: {reason}",
        hint="check its name and its options, or remove it",
    )
