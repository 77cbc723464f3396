"""Runs pip-audit on installed packages, and says whether anybody was asked: ``python -m support.audit FOLDER``.

pip-audit itself ends well where the service knows none of the packages, or where a mirror answers in its place.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["judged", "main"]

_OWN = "chapbook"
"""It isn't looked up: its own holes are told in SECURITY.md's way."""


def judged(report: Mapping[str, Any]) -> tuple[int, str]:
    """The exit code and the words for a report of pip-audit's: 1 for known holes, 2 where packages weren't audited."""
    packages = [each for each in report["dependencies"] if each["name"].lower() != _OWN]
    holes = [
        f"{each['name']} {each['version']}: {hole['id']}, fixed in {', '.join(hole['fix_versions']) or 'no version'}"
        for each in packages
        for hole in each.get("vulns", ())
    ]
    passed_over = [each["name"] for each in packages if "skip_reason" in each]
    lines = list(holes)
    if passed_over:
        lines.append(f"not audited, {len(passed_over)} of {len(packages)} packages: {', '.join(passed_over)}")
        lines.append(
            "the service doesn't know them: ask again with a network, or ask another one: PIP_AUDIT_FLAGS='-s osv'"
        )
    if not packages:
        lines.append("there are no packages to audit")
    if not lines:
        lines.append(f"{len(packages)} packages, no known hole")
    return (1 if holes else 2 if passed_over or not packages else 0), "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """The command. `words` are the folder of the packages and flags for pip-audit."""
    folder, *flags = words
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--path", folder, "--format", "json", "--progress-spinner", "off", *flags],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        last = done.stderr.strip().splitlines()[-1:]
        sys.stdout.write(f"nothing was audited: pip-audit failed: {''.join(last)}\n")
        return 2
    code, said = judged(report)
    sys.stdout.write(f"{said}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
