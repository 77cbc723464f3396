"""The command, watched: ``python -m support.audited REPORT ALLOWED WORDS...``.

Every event that reaches out of the process is written to the file REPORT, a line each: sockets, programs, and files
outside the folders of ALLOWED (joined by the system's separator of paths). Worker processes are watched too. Last
comes the most memory, in bytes, that any of the processes had.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

__all__: list[str] = []

_PROGRAMS = ("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile", "pty.")
_NETWORK = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "ssl.")
_OF_ITS_OWN = frozenset({"/proc/self/statm", "/proc/self/status", os.devnull})
"""What a process asks of the system about itself, and nothing."""
_PATHS = {
    "open": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.mkdir": 1,
    "os.rmdir": 1,
    "os.chmod": 1,
    "os.utime": 1,
    "os.truncate": 1,
    "os.listdir": 1,
    "os.scandir": 1,
    "shutil.rmtree": 1,
}
"""Events of files, and how many paths each begins with."""


def main() -> int:
    report, allowed, *words = sys.argv[1:]
    from chapbook.command.cli import run  # noqa: PLC0415 - before anything is watched

    descriptor = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    places = tuple(os.path.realpath(each) for each in allowed.split(os.pathsep))

    def is_inside(path: object) -> bool:
        name = os.fsdecode(path) if isinstance(path, bytes | str | os.PathLike) else ""
        if name in _OF_ITS_OWN:
            return True
        if not name or ("/" not in name and name != ".."):  # a descriptor, or one step below a folder that is open
            return True
        real = os.path.realpath(name)
        return any(real == each or real.startswith(each + os.sep) for each in places)

    def watch(event: str, args: tuple[object, ...]) -> None:
        if event == "socket.__new__" and args[1] == socket.AF_UNIX:  # a pipe to a worker: nothing is connected
            return
        count = _PATHS.get(event, 0)
        if event.startswith((*_PROGRAMS, *_NETWORK)) or not all(map(is_inside, args[:count])):
            os.write(descriptor, f"{event} {args!r}\n".encode("utf-8", "backslashreplace"))

    sys.addaudithook(watch)
    code = run(words)
    os.write(descriptor, f"memory {_most_memory()}\n".encode())
    return code


def _most_memory() -> int:
    import resource  # noqa: PLC0415 - only Unix has it

    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(int(own.split()[1]), children) * 1024


if __name__ == "__main__":
    sys.exit(main())
