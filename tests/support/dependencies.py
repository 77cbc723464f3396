"""What pyproject.toml asks for, with the reason beside each version, and which of chapbook's modules use it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["APART", "DEV", "EXTRAS", "LIBRARIES", "Requirement", "imported_as", "modules_that_use", "names"]

ROOT = Path(__file__).resolve().parents[2]
_LINE = re.compile(r'"(?P<name>[A-Za-z][\w.-]*)(?P<versions>[^"]*)"\]?,? +# (?P<why>.+)$', re.MULTILINE)
_IMPORTED_AS = MappingProxyType(
    {"pyyaml": "yaml", "pillow": "PIL", "pymdown-extensions": "pymdownx", "fonttools": "fontTools"}
)
"""The names under which some libraries are imported, where the usual one (lower case, underscores) is not it."""


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """A line of pyproject.toml: a library, its versions as they are written, and why those."""

    name: str
    versions: str
    why: str

    @property
    def lowest(self) -> str:
        """The lowest version that is allowed."""
        return re.sub(r"^[>=]=|,.*", "", self.versions)


def _requirements(listed: Iterable[str]) -> tuple[Requirement, ...]:
    """The requirements of a list in pyproject.toml; what tomllib leaves out, the comments, from its text."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    why = {f"{match['name']}{match['versions']}": match["why"] for match in _LINE.finditer(text)}
    found = (re.fullmatch(r"([A-Za-z][\w.-]*)(.*)", each) for each in listed)
    return tuple(
        Requirement(name=match[1].lower().replace("_", "-"), versions=match[2], why=why.get(match[0], ""))
        for match in found
        if match
    )


with (ROOT / "pyproject.toml").open("rb") as _file:
    _PROJECT = tomllib.load(_file)
LIBRARIES = _requirements(_PROJECT["project"]["dependencies"])
"""What every installation has."""
EXTRAS = MappingProxyType(
    {name: _requirements(listed) for name, listed in _PROJECT["project"]["optional-dependencies"].items()}
)
"""What only an extra brings, by its name."""
_GROUPS = _PROJECT["dependency-groups"]
DEV = _requirements(each for group in ("dev", "docs") for each in _GROUPS[group] if isinstance(each, str))
"""What the development needs, the site of the docs included."""


APART = _requirements(each for group in ("fuzz", "supply") for each in _GROUPS[group] if isinstance(each, str))
"""What some targets install in an environment of their own."""


def names(requirements: Iterable[Requirement]) -> set[str]:
    """The libraries' names, in lower case and with hyphens."""
    return {each.name for each in requirements}


def imported_as(library: str) -> str:
    """The name of the module that the library `library` is imported as."""
    return _IMPORTED_AS.get(library, library.replace("-", "_"))


def modules_that_use(library: str) -> int:
    """How many of chapbook's modules import the library `library`, for the types alone too."""
    return sum(imported_as(library) in imported for imported in _imported())


@cache
def _imported() -> tuple[frozenset[str], ...]:
    """For each of chapbook's modules the top-level modules that it imports."""
    return tuple(
        frozenset(name.partition(".")[0] for name in _modules_in(ast.parse(path.read_text("utf-8"))))
        for path in sorted((ROOT / "src").rglob("*.py"))
    )


def _modules_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
