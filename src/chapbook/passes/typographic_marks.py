"""Which marks each language uses for the keyboard's straight ones, and which spaces must not break."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["NARROW", "NO_BREAK", "Marks", "marks_of"]

NARROW = "\u202f"
"""A narrow space at which no line breaks."""
NO_BREAK = "\u00a0"
"""A space at which no line breaks."""


class Marks(Struct, frozen=True, kw_only=True):
    """A language's typographic marks and spacing rules."""

    double: tuple[str, str] | None
    """Opening and closing, for ``"``; ``None`` leaves straight marks alone."""
    single: tuple[str, str]
    """For ``'`` when it isn't an apostrophe."""
    ellipsis: str = "…"
    spaced: str = ""
    """Signs that get a narrow no-break space before them."""
    words_apart: bool = True
    """Whether the language has spaces between words; if not, letters beside a mark don't tell whether it opens."""
    elisions: frozenset[str] = frozenset()
    """Words that begin with an apostrophe."""
    numbered: frozenset[str] = frozenset()
    """Abbreviations that stay on the line of the number after them: ``Fig.`` 3."""
    pairs: frozenset[str] = frozenset()
    """Two parts of an abbreviation that stay together: ``z. B.``."""
    groups: str = NO_BREAK
    """The space between groups of three digits."""


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
        **dict.fromkeys(("he", "yi"), _NONE),  # straight marks stand for gershayim and geresh
    }
)  # fmt: skip


_NUMBERED = MappingProxyType(
    {
        "en": "Fig. Figs. fig. figs. No. Nos. Vol. vol. vols. p. pp. Ch. ch. chap. Chap. Eq. eq. Sec. sec. Tab. Art.",
        "de": "Abb. Tab. Nr. Nrn. S. Bd. Bde. Kap. Abs. Art. Fig. Gl. Abschn. Anm. Aufl. Jh. Z.",
        "fr": "fig. Fig. tab. p. pp. n° nº N° vol. t. chap. art. Art. éd.",
        "es": "fig. Fig. núm. Núm. n.º N.º p. pág. Pág. págs. cap. Cap. art. Art. vol. t. tab.",
        "it": "fig. Fig. n. nn. p. pp. pag. Pag. cap. Cap. art. Art. vol. sez. tab.",
        "pt": "fig. Fig. n.º N.º nº p. pág. págs. cap. Cap. art. Art. vol. tab.",
        "nl": "fig. Fig. afb. Afb. nr. Nr. blz. p. hfst. Hfst. dl. art. Art. tab.",
        "sv": "fig. Fig. s. kap. Kap. bd. tab. Tab.",
        "da": "fig. Fig. nr. Nr. s. kap. Kap. bd. tab. Tab.",
        "nb": "fig. Fig. nr. Nr. s. kap. Kap. bd. tab. Tab.",
        "pl": "rys. Rys. tab. Tab. s. str. t. rozdz. art. ust. poz.",
        "cs": "obr. Obr. tab. Tab. č. Č. s. str. kap. sv. odst.",
        "sk": "obr. Obr. tab. Tab. č. Č. s. str. kap. zv. ods.",
        "ru": "рис. Рис. табл. Табл. с. стр. гл. Гл. т. п. ст.",
        "uk": "рис. Рис. табл. Табл. с. стор. гл. розд. т. п. ст.",
    }
)
_PAIRS = MappingProxyType(
    {
        "de": "z. B.|Z. B.|d. h.|D. h.|u. a.|u. ä.|u. Ä.|o. ä.|o. Ä.|i. d.|d. R.|z. T.|z. Zt.|s. o.|s. u.|v. a."
        "|i. e.|e. S.|u. U.|i. A.|a. D.|i. R.|m. E.|v. Chr.|n. Chr.|u. s.|s. w.|o. g.|v. l.|n. r.|i. V.|z. Hd.",
        "es": "EE. UU.|a. C.|d. C.|p. ej.|P. ej.|s. f.|s. a.|RR. HH.",
        "it": "a. C.|d. C.|p. es.|P. es.",
        "pt": "a. C.|d. C.|p. ex.|P. ex.",
        "nl": "d. w.|w. z.|v. Chr.|n. Chr.",
        "sv": "t. ex.|T. ex.|bl. a.|d. v.|v. s.|f. d.|o. d.|s. k.|f. Kr.|e. Kr.",
        "da": "f. eks.|F. eks.|bl. a.|d. v.|v. s.|f. Kr.|e. Kr.|s. u.",
        "nb": "f. eks.|F. eks.|bl. a.|d. v.|v. s.|f. Kr.|e. Kr.",
        "cs": "př. n.|n. l.|t. j.|s. r.|r. o.|a. s.",
        "sk": "pr. n.|n. l.|t. j.|s. r.|r. o.|a. s.",
        "pl": "p. n.|n. e.|m. in.|M. in.|n. p.|św. p.",
        "ru": "т. е.|Т. е.|т. д.|т. п.|т. к.|т. н.|и. о.|н. э.|н. в.|п. л.",
        "uk": "т. д.|т. п.|н. е.|т. зв.",
    }
)
_SPACED_DIGITS = frozenset("bg ca cs es et fi fr hu lt lv nb nn no pl pt ru sk sl sv uk be af".split())  # noqa: SIM905
"""Languages that group digits with a narrow space."""
_TAKEN_FROM = MappingProxyType({"no": "nb", "nn": "nb", "gl": "es", "ca": "es"})


@lru_cache(maxsize=64)
def marks_of(language: str) -> Marks:
    """The marks for a BCP 47 tag, by its longest known part (``de-CH-1996`` is Swiss), or English ones.

    An unknown language has no abbreviations of its own.
    """
    tag = language.lower().replace("_", "-")
    primary = _TAKEN_FROM.get(tag.partition("-")[0], tag.partition("-")[0])
    found = Marks(double=_ENGLISH.double, single=_ENGLISH.single)
    while tag and tag not in _BY_LANGUAGE:
        tag = tag.rpartition("-")[0]
    return replace(
        _BY_LANGUAGE.get(tag, found),
        numbered=frozenset(_NUMBERED.get(primary, "").split()),
        pairs=frozenset(filter(None, _PAIRS.get(primary, "").split("|"))),
        groups=NARROW if primary in _SPACED_DIGITS else NO_BREAK,
    )
