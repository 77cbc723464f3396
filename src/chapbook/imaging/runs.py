"""Text cut by the faces that have its characters, in the order in which a line shows them."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct
from PIL import features

from chapbook.imaging.breaking import clusters
from chapbook.imaging.fonts import Cut, Face, FontCase

__all__ = ["Run", "is_right_to_left", "runs_of", "shown_text"]

_SHAPED = re.compile(r"[\u0590-\u0dff\u0f00-\u109f\u1780-\u17ff\u1800-\u18af\ufb1d-\ufdff\ufe70-\ufefc]")
"""Scripts whose letters change by their neighbours or run from right to left: only Raqm sets them rightly."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = "\u200c\u200d"
_COMMON = frozenset("PZNMSC")
"""First letters of the categories that belong to no script: punctuation, space, figures, marks, signs."""


class Run(Struct, frozen=True):
    """Text of one face, in logical order."""

    face: Face
    text: str


def shown_text(text: str, cut: Cut, case: FontCase) -> tuple[str, str]:
    """`text` made one line of what can be shown (composed, NFC), and the characters for which there is no face."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    kept: list[str] = []
    missing: dict[str, None] = {}
    raqm = features.check("raqm")
    for cluster in clusters(plain):
        seen = [each for each in cluster if unicodedata.category(each) not in _UNSEEN or each in _JOINERS]
        lacking = [each for each in seen if each not in _JOINERS and not _showable(each, cut, case, raqm=bool(raqm))]
        missing.update(dict.fromkeys(lacking))
        if not lacking:
            kept.extend(seen)
    return " ".join("".join(kept).split()), "".join(missing)


def _showable(character: str, cut: Cut, case: FontCase, *, raqm: bool) -> bool:
    if character == " " or (unicodedata.category(character) == "Mn" and character in "\ufe0e\ufe0f"):
        return True
    return (raqm or not _SHAPED.match(character)) and case.face_for(character, cut) is not None


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left (UAX #9, rules P2 and P3)."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind in {"R", "AL"} for kind in kinds if kind in {"L", "R", "AL"}), False)


def runs_of(text: str, cut: Cut, case: FontCase) -> tuple[Run, ...]:
    """`text` by faces, as they follow each other on the line from left to right.

    What belongs to no script goes with the letters before it, else with those after it.
    """
    found: list[Run] = []
    loose = ""
    for cluster in clusters(text):
        face = _face_of(cluster, cut, case, found[-1].face if found else None)
        if face is None:
            loose += cluster
        elif found and found[-1].face == face:
            found[-1] = Run(face, found[-1].text + cluster)
        elif not found and all(face.coverage.has(each) for each in loose):
            found.append(Run(face, loose + cluster))
        else:
            found.extend(Run(case.face(cut), loose) for _ in range(bool(not found and loose)))
            found.append(Run(face, cluster))
    if not found:
        return (Run(case.face(cut), loose),) if loose else ()
    return tuple(reversed(found)) if is_right_to_left(text) else tuple(found)


def _face_of(cluster: str, cut: Cut, case: FontCase, before: Face | None) -> Face | None:
    """The face of `cluster`: the one before it where it is common and there, ``None`` where none came yet."""
    base = cluster[0]
    if unicodedata.category(base)[0] in _COMMON:
        if before is None and case.face(cut).coverage.has(base):
            return None
        if before is not None and before.coverage.has(base):
            return before
    return case.face_for(base, cut) or case.face(cut)
