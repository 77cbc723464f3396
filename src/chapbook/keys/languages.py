"""Checks language tags: well formed, with registered subtags; returns them in the usual case (BCP 47, RFC 5646)."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType

from chapbook.keys.subtags import EXTENDED_LANGUAGES, LANGUAGES, REGIONS, REPLACED, SCRIPTS, VARIANTS

__all__ = ["language_hint", "parse_language"]

_TAG = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{3}))?(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|\d{3}))?"
    r"((?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)((?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*)(?:-x(?:-[a-z\d]{1,8})+)?",
    re.ASCII,
)
"""RFC 5646, section 2.1: language, extended language, script, region, variants, extensions, each in its usual case."""
_PRIVATE = re.compile(r"x(?:-[a-z\d]{1,8})+", re.ASCII)
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
    return tag if _PRIVATE.fullmatch(tag) or _is_registered(tag) else None


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
    """Whether `tag`, in its usual case, is valid: formed well, of registered subtags, none given twice.

    See RFC 5646, section 2.2.9.
    """
    match = _TAG.fullmatch(tag)
    if not match:
        return False
    language, extended, script, region, listed, extensions = match.groups("")
    variants = listed.split("-")[1:]
    singletons = re.findall(r"-(\w)(?=-)", extensions)
    return (
        (language[2:] or "-") in _third_letters().get(language[:2], "")
        and _holds(EXTENDED_LANGUAGES, extended and f"{language}-{extended}")
        and _holds(SCRIPTS, script)
        and _holds(REGIONS, region)
        and all(_holds(VARIANTS, each) for each in variants)
        and len({*variants, *singletons}) == len(variants) + len(singletons)
    )


@lru_cache(maxsize=1)
def _third_letters() -> dict[str, str]:
    return {word[:2]: word[2:] for word in LANGUAGES.split()}


def _holds(table: str, subtag: str) -> bool:
    return not subtag or subtag in table.split()


def _shortest(text: str) -> str:
    """`text` with the code that BCP 47 asks for: the two letters of three (``eng``), what a whole tag became."""
    tag = text.lower()
    language, hyphen, rest = tag.partition("-")
    shorter = dict(pair.split("=") for pair in f"{REPLACED} {_SHORTER}".split())
    rest = re.sub(r"\buk\b", "GB", rest)
    return shorter.get(tag) or shorter.get(language, language) + hyphen + rest


_SHORTER = """
aar=aa abk=ab afr=af aka=ak alb=sq amh=am ara=ar arg=an arm=hy asm=as ava=av ave=ae aym=ay aze=az bak=ba bam=bm baq=eu
bel=be ben=bn bih=bh bis=bi bod=bo bos=bs bre=br bul=bg bur=my cat=ca ces=cs cha=ch che=ce chi=zh chu=cu chv=cv cor=kw
cos=co cre=cr cym=cy cze=cs dan=da deu=de div=dv dut=nl dzo=dz ell=el eng=en epo=eo est=et eus=eu ewe=ee fao=fo fas=fa
fij=fj fin=fi fra=fr fre=fr fry=fy ful=ff geo=ka ger=de gla=gd gle=ga glg=gl glv=gv gre=el grn=gn guj=gu hat=ht hau=ha
hbs=sh heb=he her=hz hin=hi hmo=ho hrv=hr hun=hu hye=hy ibo=ig ice=is ido=io iii=ii iku=iu ile=ie ina=ia ind=id ipk=ik
isl=is ita=it jav=jv jpn=ja kal=kl kan=kn kas=ks kat=ka kau=kr kaz=kk khm=km kik=ki kin=rw kir=ky kom=kv kon=kg kor=ko
kua=kj kur=ku lao=lo lat=la lav=lv lim=li lin=ln lit=lt ltz=lb lub=lu lug=lg mac=mk mah=mh mal=ml mao=mi mar=mr may=ms
mkd=mk mlg=mg mlt=mt mol=ro mon=mn mri=mi msa=ms mya=my nau=na nav=nv nbl=nr nde=nd ndo=ng nep=ne nld=nl nno=nn nob=nb
nor=no nya=ny oci=oc oji=oj ori=or orm=om oss=os pan=pa per=fa pli=pi pol=pl por=pt pus=ps que=qu roh=rm ron=ro rum=ro
run=rn rus=ru sag=sg san=sa scc=sr scr=hr sin=si slk=sk slo=sk slv=sl sme=se smo=sm sna=sn snd=sd som=so sot=st spa=es
sqi=sq srd=sc srp=sr ssw=ss sun=su swa=sw swe=sv tah=ty tam=ta tat=tt tel=te tgk=tg tgl=tl tha=th tib=bo tir=ti ton=to
tsn=tn tso=ts tuk=tk tur=tr twi=tw uig=ug ukr=uk urd=ur uzb=uz ven=ve vie=vi vol=vo wel=cy wln=wa wol=wo xho=xh yid=yi
yor=yo zha=za zho=zh zul=zu
"""
"""ISO 639-2: codes of three letters for languages that have two."""
