"""Who made the book: names, sorting names (EPUB 3.3, section 5.5.3.2.5), and roles (MARC relators)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from chapbook.keys.rows import Key, read_nested
from chapbook.keys.tree import Findings, MappingNode, Node, ScalarNode, SequenceNode, described
from chapbook.keys.values import is_empty, text, written, wrong_type
from chapbook.model.metadata import Contributor
from chapbook.model.near import nearest

__all__ = [
    "CONTRIBUTOR_KEYS",
    "CREDITS",
    "OTHER_WORDS",
    "PASSING_KEYS",
    "contributors",
    "credited",
    "likely_relator",
    "names",
    "relator_code",
    "relators",
]

_TAKES = "a name, {name, role, file_as}, or a list of them"


def _role(node: Node, name: str, found: Findings) -> str | None:
    role = written(node, name, "a role", found)
    code = relator_code(role) if role else None
    if role and code is None:
        meant = likely_relator(role)
        hint = f"write '{meant}'" if meant else "use a MARC relator or its name: author, editor, translator, ill"
        found.add("role-unknown", f"unknown role {described(node)}", node.at, hint)
    return code


CONTRIBUTOR_KEYS = (
    Key("name", text, "text", "The name as readers see it."),
    Key(
        "role",
        _role,
        "a MARC relator code or its English word",
        "The person's role, such as aut, editor or translator.",
    ),
    Key("file_as", text, "text", "The name for sorting, such as Austen, Jane.", also=("file-as",)),
)


_OWN_KEYS = frozenset(name for key in CONTRIBUTOR_KEYS for name in (key.name, *key.also))
PASSING_KEYS = frozenset(
    (  # noqa: SIM905 - a table of words reads better as one text
        "affiliation avatar bio company description email github homepage id image job link linkedin location "
        "mastodon orcid organisation organization photo picture position site slug social title twitter uri url "
        "username web website"
    ).split()
)
"""Keys that site generators use for authors and books don't show."""


def contributors(node: Node, name: str, found: Findings, *, role: str = "aut") -> tuple[Contributor, ...] | None:
    """One or several people or organisations, in order; those without a role get `role`."""
    if not isinstance(node, SequenceNode):
        one = _contributor(node, name, found, role)
        return (one,) if one else None
    found.positions.update((f"{name}[{index}]", item.at) for index, item in enumerate(node.items))
    each = (_contributor(item, f"{name}[{index}]", found, role) for index, item in enumerate(node.items))
    return tuple(one for one in each if one)


CREDITS = "{role: names}, or a list of {name, role, file_as}"


def credited(node: Node, name: str, found: Findings) -> tuple[Contributor, ...] | None:
    """Contributors by role: ``{translator: Ann, illustrator: [Bo, Cy]}``, or a list in the form of `contributors`."""
    people: list[Contributor] = []
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        if not isinstance(item, MappingNode) or _OWN_KEYS.intersection(pair.key.text.lower() for pair in item):
            people += contributors(item, name, found, role="ctb") or ()
            continue
        for pair in item:
            role = _role(pair.key, name, found)
            people += (contributors(pair.value, f"{name}.{pair.key.text}", found, role=role) or ()) if role else ()
    return tuple(people) or None


def names(node: Node, name: str, found: Findings) -> tuple[str, ...] | None:
    """The names of a chapter's authors."""
    people = contributors(node, name, found)
    return None if people is None else tuple(each.name for each in people)


def _contributor(node: Node, name: str, found: Findings, role: str) -> Contributor | None:
    if isinstance(node, ScalarNode):
        words = text(node, name, found)
        return Contributor(name=words, role=role) if words else None
    if not isinstance(node, MappingNode):
        wrong_type(node, name, _TAKES, found)
        return None
    values = read_nested(node, name, CONTRIBUTOR_KEYS, found, takes=_TAKES, passing=PASSING_KEYS) or {}
    if not values.get("name"):
        if not any(pair.key.text.lower() == "name" and not is_empty(pair.value) for pair in node):
            found.add("value-invalid", f"'{name}' has no name", node.at, "write {name: …, role: …}")
        return None
    return Contributor(**{"role": role, **values})  # type: ignore[arg-type]  # the table's fields are the class's


_RELATORS = """
abr abridger; acp art copyist; act actor; adi art director; adp adapter; aft author of afterword, colophon;
anc announcer; anl analyst; anm animator; ann annotator; ant bibliographic antecedent; ape appellee; apl appellant;
app applicant; aqt author in quotations or text abstracts; arc architect; ard artistic director; arr arranger;
art artist; asg assignee; asn associated name; ato autographer; att attributed name; auc auctioneer;
aud author of dialog; aue audio engineer; aui author of introduction; aup audio producer; aus screenwriter;
aut author; bdd binding designer; bjd bookjacket designer; bka book artist; bkd book designer; bkp book producer;
blw blurb writer; bnd binder; bpd bookplate designer; brd broadcaster; brl braille embosser; bsl bookseller;
cad casting director; cas caster; ccp conceptor; chr choreographer; cli client; cll calligrapher; clr colorist;
clt collotyper; cmm commentator; cmp composer; cmt compositor; cnd conductor; cng cinematographer; cns censor;
coe contestant-appellee; col collector; com compiler; con conservator; cop camera operator;
cor collection registrar; cos contestant; cot contestant-appellant; cou court governed; cov cover designer;
cpc copyright claimant; cpe complainant-appellee; cph copyright holder; cpl complainant; cpt complainant-appellant;
cre creator; crp correspondent; crr corrector; crt court reporter; csl consultant; csp consultant to a project;
cst costume designer; ctb contributor; cte contestee-appellee; ctg cartographer; ctr contractor; cts contestee;
ctt contestee-appellant; cur curator; cwt commentator for written text; dbd dubbing director;
dbp distribution place; dfd defendant; dfe defendant-appellee; dft defendant-appellant; dgc degree committee member;
dgg degree granting institution; dgs degree supervisor; dis dissertant; djo dj; dln delineator; dnc dancer;
dnr donor; dpc depicted; dpt depositor; drm draftsman; drt director; dsr designer; dst distributor;
dtc data contributor; dte dedicatee; dtm data manager; dto dedicator; dub dubious author; edc editor of compilation;
edd editorial director; edm editor of moving image work; edt editor; egr engraver; elg electrician;
elt electrotyper; eng engineer; enj enacting jurisdiction; etr etcher; evp event place; exp expert; fac facsimilist;
fds film distributor; fld field director; flm film editor; fmd film director; fmk filmmaker; fmo former owner;
fmp film producer; fnd funder; fon founder; fpy first party; frg forger; gdv game developer;
gis geographic information specialist; his host institution; hnr honoree; hst host; ill illustrator;
ilu illuminator; ins inscriber; inv inventor; isb issuing body; itr instrumentalist; ive interviewee;
ivr interviewer; jud judge; jug jurisdiction governed; lbr laboratory; lbt librettist; ldr laboratory director;
led lead; lee libelee-appellee; lel libelee; len lender; let libelee-appellant; lgd lighting designer;
lie libelant-appellee; lil libelant; lit libelant-appellant; lsa landscape architect; lse licensee; lso licensor;
ltg lithographer; lyr lyricist; mcp music copyist; mdc metadata contact; med medium; mfp manufacture place;
mfr manufacturer; mka makeup artist; mod moderator; mon monitor; mrb marbler; mrk markup editor;
msd musical director; mte metal-engraver; mtk minute taker; mup music programmer; mus musician; mxe mixing engineer;
nan news anchor; nrt narrator; onp onscreen participant; opn opponent; org originator; orm organizer;
osp onscreen presenter; oth other; own owner; pad place of address; pan panelist; pat patron;
pbd publishing director; pbl publisher; pdr project director; pfr proofreader; pht photographer; plt platemaker;
pma permitting agency; pmn production manager; pop printer of plates; ppm papermaker; ppt puppeteer; pra praeses;
prc process contact; prd production personnel; pre presenter; prf performer; prg programmer; prm printmaker;
prn production company; pro producer; prp production place; prs production designer; prt printer; prv provider;
pta patent applicant; pte plaintiff-appellee; ptf plaintiff; pth patent holder; ptt plaintiff-appellant;
pup publication place; rap rapporteur; rbr rubricator; rcd recordist; rce recording engineer; rcp addressee;
rdd radio director; red redaktor; ren renderer; res researcher; rev reviewer; rpc radio producer; rps repository;
rpt reporter; rpy responsible party; rse respondent-appellee; rsg restager; rsp respondent; rsr restorationist;
rst respondent-appellant; rth research team head; rtm research team member; rxa remix artist;
sad scientific advisor; sce scenarist; scl sculptor; scr scribe; sde sound engineer; sds sound designer;
sec secretary; sfx special effects provider; sgd stage director; sgn signer; sht supporting host; sll seller;
sng singer; spk speaker; spn sponsor; spy second party; srv surveyor; std set designer; stg setting;
stl storyteller; stm stage manager; stn standards body; str stereotyper; swd software developer;
tau television writer; tcd technical director; tch teacher; ths thesis advisor; tld television director;
tlg television guest; tlh television host; tlp television producer; trc transcriber; trl translator;
tyd type designer; tyg typographer; uvp university place; vac voice actor; vdg videographer;
vfx visual effects provider; wac writer of added commentary; wal writer of added lyrics;
wam writer of accompanying material; wat writer of added text; wdc woodcutter; wde wood engraver;
win writer of introduction; wit witness; wpr writer of preface; wst writer of supplementary textual content
"""
"""The MARC code list for relators (Library of Congress, 2024): codes, each with its English term."""
OTHER_WORDS = MappingProxyType(
    {
        "writer": "aut",
        "co-author": "aut",
        "coauthor": "aut",
        "ghost writer": "aut",
        "ghostwriter": "aut",
        "novelist": "aut",
        "poet": "aut",
        "afterword": "aft",
        "author of afterword": "aft",
        "writer of afterword": "aft",
        "introduction": "aui",
        "foreword": "aui",
        "author of introduction": "aui",
        "author of foreword": "aui",
        "writer of foreword": "aui",
        "preface": "wpr",
        "author of preface": "wpr",
        "book design": "bkd",
        "bookmaker": "bkp",
        "cover": "cov",
        "cover art": "cov",
        "cover artist": "cov",
        "cover design": "cov",
        "copy editor": "crr",
        "copyeditor": "crr",
        "copy-editor": "crr",
        "colourist": "clr",
        "draughtsman": "drm",
        "photo": "pht",
        "photos": "pht",
        "photography": "pht",
        "reader": "nrt",
        "thesis adviser": "ths",
        "proof reader": "pfr",
        "illustrations": "ill",
        "translation": "trl",
        "transl": "trl",
    }
)
"""Words that people use for the list's own."""


@cache
def relators() -> Mapping[str, str]:
    """The English terms by code, in lower case."""
    rows = (row.strip().partition(" ") for row in _RELATORS.split(";"))
    return MappingProxyType({code: words for code, _, words in rows})


def relator_code(text: str) -> str | None:
    """The code that `text` is or stands for; ``None`` if it is unknown."""
    word = " ".join(text.replace("_", " ").lower().split())
    if word in relators():
        return word
    return _codes().get(word)


def likely_relator(text: str) -> str | None:
    """The term or code that `text` is probably a misspelling of."""
    return nearest(text, _codes()) or nearest(text, relators())


@cache
def _codes() -> Mapping[str, str]:
    return MappingProxyType({words: code for code, words in relators().items()} | dict(OTHER_WORDS))
