"""Times chapbook, beside other tools on the same generated folders, and prints each figure beside its target."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import parts
from benchmarks.saves import saves

PARTS: dict[str, Callable[[Path, int], None]] = {
    "cold": parts.cold,
    "start": parts.start,
    "growth": parts.growth,
    "large": parts.large,
    "pictures": parts.pictures,
    "volumes": parts.volumes,
    "saves": saves,
}


def main() -> None:
    """Runs the parts that the words on the command line name; all without any."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without any")
    parser.add_argument("--runs", type=int, default=5, help="of each command, in turn")
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part '{min(unknown)}'")
    print(f"{os.cpu_count()} processors; medians of {given.runs} runs in turn; memory of all processes together")
    for name in given.parts or PARTS:
        with tempfile.TemporaryDirectory() as scratch:
            PARTS[name](Path(scratch), given.runs)


if __name__ == "__main__":
    main()
