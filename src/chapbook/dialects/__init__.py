"""Converts Markdown to HTML in the common form that the passes work on: runs a dialect, and checks its extensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chapbook.model.diagnostics import ChapbookError, Diagnostic, Position
from chapbook.model.hooks import HOOKS, Hooks, load
from chapbook.model.settings import ExtensionSpec

__all__ = ["check_extensions", "render_markdown"]


def render_markdown(text: str, dialect: str, extensions: Sequence[ExtensionSpec] = (), *, hooks: Hooks = HOOKS) -> str:
    """The HTML of `text` in one of the dialects of `hooks`; `extensions` are Python-Markdown's.

    Raises RecursionError if the text nests too deep for Python-Markdown, and ChapbookError if an extension is missing,
    refused or fails.
    """
    render = load(hooks.dialects[dialect])
    syntax = tuple(each.code for each in hooks.at("dialect", dialect))
    html: str = render(text, tuple(extensions), syntax)
    return html


def check_extensions(
    specs: Sequence[ExtensionSpec],
    positions: Mapping[str, Position] = MappingProxyType({}),
    path: str = "book.yaml",
) -> tuple[Diagnostic, ...]:
    """Checks each extension that the settings name, once for the whole book.

    `positions` are those of the settings, by key (``extensions[0]``, or ``extensions``).
    """
    if not specs:
        return ()
    from chapbook.dialects.python_markdown import failed, make_markdown  # noqa: PLC0415 - heavy, and most books name none

    found: list[Diagnostic] = []
    for index, spec in enumerate(specs):
        try:
            make_markdown((spec,)).convert("text")
        except ChapbookError as error:
            found += error.diagnostics
        except Exception as error:  # noqa: BLE001 - an extension may raise anything, and the author wants its name
            found.append(failed(spec.extension, str(error) or type(error).__name__))
        else:
            continue
        at = positions.get(f"extensions[{index}]") or positions.get("extensions")
        found[-1] = Diagnostic.of(found[-1].code, found[-1].message, path=path, at=at, hint=found[-1].hint)
    return tuple(found)
