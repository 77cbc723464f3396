"""The fuzzer's targets on their corpus, on what was found, and on as many random changes as a test run has time for."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest

from fuzz.targets import TARGETS

HERE = Path(__file__).parent
_CHANGED = 12
"""Random changes of each file. ``make fuzz`` tries thousands, guided by what they reach."""
_SEEDS = {
    name: sorted(path for kind in ("corpus", "found") for path in (HERE / kind / name).glob("*")) for name in TARGETS
}
_FILES = [pytest.param(name, path, id=f"{name}-{path.name}") for name, paths in _SEEDS.items() for path in paths]


def test_each_target_has_its_corpus_and_no_folder_is_without_a_target() -> None:
    folders = {path.name for kind in ("corpus", "found") for path in (HERE / kind).iterdir()}
    assert folders <= set(TARGETS)
    assert all(any(path.parent.parent.name == "corpus" for path in paths) for paths in _SEEDS.values())


@pytest.mark.parametrize(("name", "path"), _FILES)
def test_the_laws_hold(name: str, path: Path) -> None:
    data = path.read_bytes()
    TARGETS[name](data)
    random_ = random.Random(zlib.crc32(f"{name} {path.name}".encode()))
    others = [each.read_bytes() for each in _SEEDS[name]]
    for _ in range(_CHANGED):
        TARGETS[name](_changed(data, others, random_))


def _changed(data: bytes, others: list[bytes], random_: random.Random) -> bytes:
    """`data` with some bytes changed, taken out, doubled or exchanged for those of another file."""
    made = bytearray(data)
    for _ in range(random_.randint(1, 4)):
        at = random_.randint(0, len(made))
        end = min(len(made), at + random_.randint(0, 12))
        piece = random_.choice(others)
        begin = random_.randint(0, len(piece))
        new = (
            random_.randbytes(end - at),
            b"",
            bytes(made[at:end]) * 2,
            piece[begin : begin + random_.randint(1, 30)],
            random_.choice((b"\n", b"\0", b"<", b"'", b'"', b"\\", b"]", b"`", b"$", b"\xff", b"{", b"%", b"&")),
        )
        made[at:end] = random_.choice(new)
    return bytes(made)
