"""Checks language tags: well formed, with registered subtags; returns them in the usual case (BCP 47, RFC 5646)."""

# ruff: noqa: SIM905 - these word lists are easier to read as text

from __future__ import annotations

import re
from types import MappingProxyType

__all__ = ["language_hint", "parse_language"]

_LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
_REGIONS = frozenset(
    "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO "
    "CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID "
    "IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK "
    "ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW "
    "SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC "
    "VE VN VU WS YE ZA ZM ZW 001 150 419".split()
)
_SCRIPTS = frozenset("Arab Armn Beng Cyrl Deva Geor Grek Hans Hant Hebr Jpan Kore Latn Thai".split())
_COMMON = re.compile(r"([a-z]{2})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?")
"""Tags that nearly all books use; loading the whole registry takes 25 ms."""
_FORM = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,11}")
_NAMES = MappingProxyType(
    {
        "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "deutsch": "de", "dutch": "nl",
        "english": "en", "español": "es", "finnish": "fi", "français": "fr", "french": "fr", "german": "de",
        "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "italian": "it", "italiano": "it",
        "japanese": "ja", "korean": "ko", "latin": "la", "norwegian": "no", "persian": "fa", "polish": "pl",
        "portuguese": "pt", "português": "pt", "russian": "ru", "spanish": "es", "swedish": "sv", "turkish": "tr",
        "ukrainian": "uk", "vietnamese": "vi", "cn": "zh", "jp": "ja", "kr": "ko", "cz": "cs", "dk": "da",
        "gr": "el", "ua": "uk", "uk-en": "en-GB", "en-uk": "en-GB",
    }
)  # fmt: skip
"""Names that authors write instead of a tag."""


def parse_language(text: str) -> str | None:
    """`text` as a tag in its usual case (``en-us`` is ``en-US``); ``None`` if it isn't a registered tag."""
    if not _FORM.fullmatch(text):
        return None
    tag = _usual_case(text)
    match = _COMMON.fullmatch(tag)
    if (
        match is not None
        and match[1] in _LANGUAGES
        and (not match[2] or match[2] in _SCRIPTS)
        and (not match[3] or match[3] in _REGIONS)
    ):
        return tag
    return tag if _is_registered(tag) else None


def language_hint(text: str) -> str:
    """The hint for a text that isn't a language tag."""
    words = re.sub(r"[\s_]+", "-", text.strip())[:100]
    words = re.sub(r"\.utf-?8$", "", words, flags=re.IGNORECASE)
    meant = _NAMES.get(words.casefold()) or parse_language(words) or parse_language(_shortest(words))
    if meant:
        return f"write '{meant}'"
    return "write a BCP 47 tag: 'en', 'en-GB', 'zh-Hant'"


def _usual_case(text: str) -> str:
    """The tag in the case that RFC 5646, section 2.1.1, recommends."""
    subtags = text.lower().split("-")
    for index, subtag in enumerate(subtags[1:], 1):
        if len(subtags[index - 1]) == 1:
            break
        if len(subtag) == 2:  # noqa: PLR2004 - a region
            subtags[index] = subtag.upper()
        elif len(subtag) == 4 and subtag.isalpha():  # noqa: PLR2004 - a script
            subtags[index] = subtag.title()
    return "-".join(subtags)


def _is_registered(tag: str) -> bool:
    import langcodes  # noqa: PLC0415 - 25 ms that few books need

    try:
        return langcodes.Language.get(tag, normalize=False).is_valid()
    except ValueError:
        return False


def _shortest(text: str) -> str:
    """The two-letter code for a three-letter one (``eng``), as BCP 47 requires."""
    import langcodes  # noqa: PLC0415 - see above

    try:
        return langcodes.standardize_tag(text)
    except ValueError:
        return ""
