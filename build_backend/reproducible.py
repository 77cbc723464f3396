"""Setuptools' build backend (PEP 517), whose archives don't depend on when, where and by whom they are built.

File times are `SOURCE_DATE_EPOCH` or a fixed moment, permissions are those that matter, and nobody owns the files.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from setuptools import build_meta  # type: ignore[import-untyped]
from setuptools.build_meta import (  # type: ignore[import-untyped]
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

_FIRST = 315_532_800
"""1 January 1980 in Unix time, the first moment that a ZIP can hold."""
_FILE, _PROGRAM = 0o644, 0o755


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:  # noqa: ANN401 - as PEP 517 has it
    """Builds the source distribution in a folder, and gives its name."""
    name: str = build_meta.build_sdist(sdist_directory, config_settings)
    path = Path(sdist_directory, name)
    packed = io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new:
        for member in sorted(old.getmembers(), key=lambda each: each.name):
            member.mtime, member.pax_headers = _moment(), {}
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mode = _PROGRAM if member.isdir() or member.mode & 0o100 else _FILE
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    with path.open("wb") as file, gzip.GzipFile("", "wb", mtime=_moment(), fileobj=file) as zipped:
        zipped.write(packed.getvalue())
    return name


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:  # noqa: ANN401 - as PEP 517 has it
    """Builds the wheel in a folder, and gives its name."""
    name: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    path = Path(wheel_directory, name)
    with zipfile.ZipFile(path) as old:
        files = {info.filename: old.read(info) for info in old.infolist()}
    date = datetime.fromtimestamp(max(_moment(), _FIRST), UTC).timetuple()[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each in sorted(files, key=lambda each: (".dist-info/" in each, each.endswith("/RECORD"), each)):
            info = zipfile.ZipInfo(each, date)
            info.create_system, info.external_attr = 3, (0o100000 | _FILE) << 16
            new.writestr(info, files[each], zipfile.ZIP_DEFLATED)
    return name


def _moment() -> int:
    return int(os.environ.get("SOURCE_DATE_EPOCH") or _FIRST)
