"""Runs the fuzzer: ``python -m fuzz --seconds 60 [TARGET …]``, in ``tests/``; ``make fuzz`` does.

Each target runs in a process of its own, which Atheris guides by what code it reaches. Of the inputs that break a law
at one place the shortest stays in the folder `FOUND`; with its mending it belongs into ``tests/fuzz/found/TARGET/``.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
FOUND = HERE.parents[1] / "build" / "fuzz"
_MEMORY_MB = 1_500
_SLOW_SECONDS = 60
"""After so long one input counts as one that never ends; this is no measurement."""
_FIGURES = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)
_DONE = re.compile(r"^Done (\d+) runs", re.MULTILINE)


def _fuzz(name: str, words: Sequence[str]) -> None:
    """Runs one target for good, in this process."""
    import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: PLC0415 - of the fuzzer's own environment

    with atheris.instrument_imports(include=["chapbook", "markdown", "tinycss2", "latex2mathml"]):
        from fuzz.targets import TARGETS  # noqa: PLC0415 - imports are instrumented

    atheris.Setup([sys.argv[0], *words], partial(_kept, TARGETS[name], name, {}))
    atheris.Fuzz()


def _kept(target: Callable[[bytes], None], name: str, found: dict[str, int], data: bytes) -> None:
    """Runs `target` once; what breaks a law is kept, and the run goes on. `found` has the lengths by place."""
    try:
        target(data)
    except Exception as error:  # noqa: BLE001 - any is a finding
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} " + " < ".join(f"{Path(each.filename).stem}:{each.lineno}" for each in frames)
        if place not in found:
            sys.stdout.write(f"FOUND in {name}: {place}: {str(error)[:300]!r}\n")
            sys.stdout.flush()
        if len(data) < found.get(place, sys.maxsize):
            found[place] = len(data)
            (FOUND / f"{name}-{hashlib.sha256(place.encode()).hexdigest()[:8]}").write_bytes(data)


def _run(name: str, seconds: int) -> bool:
    """Runs one target in a process, and prints what came of it. Whether it found nothing."""
    with tempfile.TemporaryDirectory() as grown:
        folders = [grown, *(str(HERE / kind / name) for kind in ("corpus", "found") if (HERE / kind / name).is_dir())]
        flags = (
            *(f"-max_total_time={seconds}", f"-rss_limit_mb={_MEMORY_MB}", f"-timeout={_SLOW_SECONDS}"),
            *(f"-artifact_prefix={FOUND}/{name}-", "-print_final_stats=1", "-max_len=4096"),
        )
        done = subprocess.run(  # its errors are the findings
            [sys.executable, "-m", "fuzz", "--here", name, *flags, *folders],
            cwd=HERE.parent,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    lines = _FIGURES.findall(done.stderr)
    runs, cov, features, kept = lines[-1] if lines else ("0", "0", "0", "0")
    ended = _DONE.search(done.stderr)
    sys.stdout.write(f"{name:14} {ended[1] if ended else runs:>9} runs, cov {cov}, ft {features}, corpus {kept}\n")
    found = [line for line in done.stdout.splitlines() if line.startswith("FOUND ")]
    sys.stdout.write("".join(f"  {line}\n" for line in found))
    if done.returncode:
        sys.stdout.write(done.stdout[-3000:] + done.stderr[-3000:])
    sys.stdout.flush()
    return done.returncode == 0 and not found


def main() -> int:
    """The command."""
    if sys.argv[1:2] == ["--here"]:
        _fuzz(sys.argv[2], sys.argv[3:])
        return 0
    from fuzz.targets import TARGETS  # noqa: PLC0415 - not before the fuzzer instruments it

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    given = parser.parse_args()
    names = given.targets or list(TARGETS)
    FOUND.mkdir(parents=True, exist_ok=True)
    sound = [_run(name, max(1, given.seconds // len(names))) for name in names]
    return 0 if all(sound) else 1


if __name__ == "__main__":
    sys.exit(main())
