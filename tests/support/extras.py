"""Libraries that only an extra brings."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest

__all__ = ["need_kindle"]


def need_kindle() -> None:
    """Skips the test that asks, or fails it under CI, where the extra ``chapbook[kindle]`` is not installed."""
    if all(find_spec(name) is not None for name in ("resvg_py", "ziamath")):
        return
    words = "the extra chapbook[kindle] is not installed: pip install 'chapbook[kindle]'"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)
