"""What each language writes for the straight marks of a keyboard, and which of its spaces no line breaks at."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct

__all__ = ["NARROW", "Marks", "marks_of"]

NARROW = "\u202f"
"""A narrow space at which no line breaks."""


class Marks(Struct, frozen=True, kw_only=True):
    """What a language writes for the straight marks of a keyboard."""

    double: tuple[str, str] | None
    """Opening and closing, for ``"``; ``None`` leaves straight marks alone."""
    single: tuple[str, str]
    """For ``'`` where it is no apostrophe."""
    ellipsis: str = "…"
    spaced: str = ""
    """The signs before which stands a narrow no-break space."""
    words_apart: bool = True
    """Whether words stand apart: where not, letters beside a mark do not tell whether it opens."""
    elisions: frozenset[str] = frozenset()
    """Words that begin with an apostrophe."""


_ENGLISH_ELISIONS = frozenset(
    {"tis", "twas", "twere", "twill", "twould", "twixt", "til", "till", "em", "im", "cause", "cos", "cuz", "coz",
     "bout", "round", "neath", "gainst", "tween", "fraid", "kay", "nother", "ere", "n", "nuff", "spose", "scuse", "s"}
)  # fmt: skip
_GERMAN_ELISIONS = frozenset({"s", "n", "ne", "nen", "ner", "nem", "rein", "raus", "rauf", "runter", "rum", "rüber"})
_DUTCH_ELISIONS = frozenset({"s", "t", "n", "k", "m", "r", "ie", "ns"})


def _pair(marks: str) -> tuple[str, str]:
    return marks[0], marks[1]


def _plain(double: str, single: str, elisions: frozenset[str] = frozenset()) -> Marks:
    return Marks(double=_pair(double), single=_pair(single), elisions=elisions)


_ENGLISH = _plain("“”", "‘’", _ENGLISH_ELISIONS)
_GERMAN = _plain("„“", "‚‘", _GERMAN_ELISIONS)
_GUILLEMETS = _plain("«»", "“”")
_SLAVIC = _plain("«»", "„“")
_LOW_HIGH = _plain("„“", "‚‘")
_LOW_RIGHT = _plain("„”", "‚’")
_SAME = _plain("””", "’’")
_FRENCH = Marks(double=(f"«{NARROW}", f"{NARROW}»"), single=_pair("“”"), spaced=";:!?")
_CORNERS = Marks(double=_pair("「」"), single=_pair("『』"), ellipsis="……", words_apart=False)
_NONE = Marks(double=None, single=_pair("''"))

_BY_LANGUAGE = MappingProxyType(
    {
        "en": _ENGLISH,
        "de": _GERMAN,
        "de-ch": _plain("«»", "‹›", _GERMAN_ELISIONS),
        "de-li": _plain("«»", "‹›", _GERMAN_ELISIONS),
        "fr": _FRENCH,
        "fr-ca": Marks(double=_FRENCH.double, single=_FRENCH.single, spaced=":"),
        **dict.fromkeys(("es", "it", "pt-pt", "pt-ao", "pt-mz", "ca", "gl", "eu", "el", "hy"), _GUILLEMETS),
        **dict.fromkeys(("es-419", "es-mx", "es-us", "es-ar", "es-cl", "es-co", "es-pe", "es-ve"), _plain("“”", "‘’")),
        "pt": _plain("“”", "‘’"),
        **dict.fromkeys(("nl", "af"), _plain("“”", "‘’", _DUTCH_ELISIONS)),
        **dict.fromkeys(("ru", "uk", "be", "kk", "ky"), _SLAVIC),
        **dict.fromkeys(("cs", "sk", "bg", "mk", "sl", "is", "lt", "et", "ka", "sq"), _LOW_HIGH),
        **dict.fromkeys(("pl", "ro"), _plain("„”", "«»")),
        "hu": _plain("„”", "»«"),
        **dict.fromkeys(("hr", "sr", "bs"), _LOW_RIGHT),
        **dict.fromkeys(("sv", "fi"), _SAME),
        "da": _plain("»«", "›‹"),
        **dict.fromkeys(("no", "nb", "nn"), _plain("«»", "‘’")),
        **dict.fromkeys(("ar", "fa", "ps", "ckb"), _plain("«»", "‹›")),
        **dict.fromkeys(("tr", "az", "ko", "vi", "id", "ms", "ga", "hi", "th", "lv"), _plain("“”", "‘’")),
        "ja": _CORNERS,
        "zh": Marks(double=_pair("“”"), single=_pair("‘’"), ellipsis="……", words_apart=False),
        **dict.fromkeys(("zh-tw", "zh-hk", "zh-mo", "zh-hant", "yue"), _CORNERS),
        **dict.fromkeys(("he", "yi"), _NONE),  # straight marks stand for gershayim and geresh in words there
    }
)  # fmt: skip


@lru_cache(maxsize=64)
def marks_of(language: str) -> Marks:
    """The marks of a BCP 47 tag, the longest part of it that is known (``de-CH-1996`` is Swiss); else English ones."""
    tag = language.lower().replace("_", "-")
    while tag:
        if tag in _BY_LANGUAGE:
            return _BY_LANGUAGE[tag]
        tag = tag.rpartition("-")[0]
    return Marks(double=_ENGLISH.double, single=_ENGLISH.single)
