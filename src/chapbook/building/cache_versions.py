"""What a cache entry depends on besides its input: chapbook, the libraries it uses, and Python."""

from __future__ import annotations

import os
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from chapbook._version import __version__
from chapbook.cache import key_of

__all__ = ["LIBRARIES", "OF_KINDLE", "file_stamps", "library_versions", "tool_versions"]

OF_KINDLE = frozenset({"resvg-py", "ziafont", "ziamath"})
"""Few installations have them, and asking for what isn't there takes long."""
LIBRARIES = OF_KINDLE | frozenset(
    {
        "fontpkg-eb-garamond",
        "fontpkg-inter",
        "ebooklib",
        "latex2mathml",
        "lxml",
        "markdown",
        "msgspec",
        "pillow",
        "pygments",
        "pymdown-extensions",
        "pyphen",
        "pyromark",
        "selectolax",
        "tinycss2",
    }
)
"""The libraries that rendered chapters, converted pictures, drawn covers and whole books depend on."""

_METADATA = re.compile(r"(?P<name>\w[\w.-]*?)(?:-(?P<version>\d[^-]*)(?:-py[\d.]+)?)?\.(?:dist|egg)-info")
"""A library's metadata folder or file: its name contains the version, except for a source folder on the path."""
_EGG = "EGG-INFO"


@lru_cache(maxsize=1)
def tool_versions() -> str:
    """A hash of everything an entry depends on besides its input.

    It includes the size and time of chapbook's own files, so a changed working copy doesn't use old entries.
    """
    libraries = (f"{name} {version}" for name, version in sorted(library_versions(sys.path).items()))
    files = sorted(file_stamps(Path(__file__).parent.parent))
    return key_of(__version__, sys.version, zlib.ZLIB_RUNTIME_VERSION, *libraries, *files)


def file_stamps(folder: Path | str, inside: str = "") -> Iterator[str]:
    """Yields the path, size and time of each file in `folder`, except compiled Python."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                status = entry.stat()
                yield f"{inside}{entry.name} {status.st_size} {status.st_mtime_ns}"
            elif entry.name != "__pycache__":
                yield from file_stamps(entry.path, f"{inside}{entry.name}/")


def library_versions(path: Sequence[str]) -> dict[str, str]:
    """The version of each of LIBRARIES found on the `path`; empty for a library without metadata.

    Folder names of the metadata are usually enough. importlib.metadata takes 15 ms to load, so it is used only for
    libraries in archives or source folders.
    """
    versions: dict[str, str] = {}
    for folder in path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - names alone are wanted, and sys.path is of strings
        except NotADirectoryError:  # an archive, which may contain any of them
            names = [_EGG]
        except OSError:
            continue
        if _EGG in names:
            return _versions_asked(LIBRARIES, path)
        here = {_normal(match["name"]): match["version"] or "" for match in map(_METADATA.fullmatch, names) if match}
        versions = {name: here[name] for name in here.keys() & LIBRARIES} | versions
    unknown = [name for name in LIBRARIES - OF_KINDLE if not versions.get(name)]
    return versions | (_versions_asked(unknown, path) if unknown else {})


def _normal(name: str) -> str:
    """A library's name, normalised like on the package index."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _versions_asked(names: Sequence[str] | frozenset[str], path: Sequence[str]) -> dict[str, str]:
    from importlib import metadata  # noqa: PLC0415 - slow to load, and seldom needed

    found = {name: next(iter(metadata.distributions(name=name, path=list(path))), None) for name in names}
    return {name: distribution.version if distribution else "" for name, distribution in found.items()}
