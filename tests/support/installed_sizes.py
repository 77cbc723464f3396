"""What an installation costs: the size of each library, in a new environment with nothing but chapbook in it.

    python -m support.installed_sizes [EXTRA…]

makes a virtual environment, installs chapbook into it, with the extras that are named, and prints the size of each
distribution in megabytes, compiled code included. It needs a package index. docs/dependencies.md has these figures.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = frozenset({"pip", "setuptools", "wheel"})
"""What a virtual environment may have by itself."""


def sizes(folder: Path) -> dict[str, float]:
    """The megabytes of each distribution in a folder of packages, the largest first."""
    found = {each.name: sum(_bytes(each)) / 1e6 for each in distributions(path=[str(folder)])}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _bytes(each: Distribution) -> Iterator[int]:
    for file in each.files or ():
        path = Path(str(each.locate_file(file)))
        if path.is_file():
            yield path.stat().st_size


def main() -> None:
    """Installs chapbook and prints the table."""
    extras = f"[{','.join(sys.argv[1:])}]" if sys.argv[1:] else ""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-m", "venv", scratch], check=True)
        python = Path(scratch, "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"{ROOT}{extras}"], check=True)
        (packages,) = Path(scratch, "lib").glob("python*/site-packages")
        found = {name: size for name, size in sizes(packages).items() if name.lower() not in TOOLS}
    for name, size in found.items():
        sys.stdout.write(f"{size:6.1f}  {name}\n")
    sys.stdout.write(f"{sum(found.values()):6.1f}  all\n")


if __name__ == "__main__":
    main()
