"""Each detector of the layout audit finds what is wrong on a small page, and nothing on the page that is nearly so."""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from chapbook.colour.colour import Colour, contrast, parse_colour
from support.layout_pages import COLOURS, KINDS, Finding, Row, audited, job

PHONE = Row(name="phone", width=390, height=844)
"""A page of 350 by 804 pixels within its margins."""
BLACK = next(each for each in COLOURS if each.page == "#000000" and each.modern)
NIGHTS = (next(each for each in COLOURS if each.name == "light"), BLACK)


def png(width: int, height: int, ground: str = "#336699", *, ring: bool = False) -> str:
    """The address of a picture of one colour, or of a black ring on nothing."""
    picture = Image.new("RGBA", (width, height), "#00000000" if ring else ground)
    if ring:
        ImageDraw.Draw(picture).ellipse((4, 4, width - 5, height - 5), outline="#000000", width=3)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return f"data:image/png;base64,{base64.b64encode(written.getvalue()).decode()}"


WORDS = "The keeper counted what there was to count, and wrote it down. "
LONG = "Straightforwardnessandincomprehensibilityofcharacteristics"
HYPHENS = "Straight|forward|ness|and|incompre|hensi|bility".replace("|", "\u00ad")
ADDRESS = "https://stations.example.org/<wbr/>registry/<wbr/>northernlightskeeperscorrespondenceandmore.html"
UNBROKEN = ADDRESS.replace("<wbr/>", "")
SQUARE, TALL, RING = png(100, 100), png(200, 1000), png(120, 120, ring=True)
DARK = png(60, 60, "#050505")
LINE = '<path d="M0 5h90" stroke="{0}" stroke-width="4" fill="none"/>'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60" width="90" height="60">{LINE}</svg>'
MATHML = "http://www.w3.org/1998/Math/MathML"
FORMULA = f'<math xmlns="{MATHML}" display="block"><mi>x</mi><mspace width="{{0}}px"/><mi>y</mi></math>'
CELL = f'<td style="white-space: {{0}}">{WORDS * 2}</td>'
ROW = f'<tr style="break-inside: avoid"><td>{WORDS * 9}</td></tr>'
TABLE = '<table><thead style="{0}"><tr><th>Seen</th></tr></thead><tbody>{1}</tbody></table>'
PICTURE = f'<p><img src="{SQUARE}" alt="" style="height: 300px"/></p>'
FIGURE = f'<figure style="{{0}}">{PICTURE}<figcaption>Under</figcaption></figure>'
STYLES = {"rtl": "html { direction: rtl }", "vertical": "html { writing-mode: vertical-rl }"}


def spacer(height: int) -> str:
    return f'<div style="height: {height}px"></div>'


WRONG = {
    "cut: a table": ("cut", f"<table><tr>{CELL.format('nowrap')}</tr></table>"),
    "cut: a wide picture": ("cut", f'<p><img src="{TALL}" alt="" width="500"/></p>'),
    "cut: a tall picture": ("cut", f'<p><img src="{TALL}" alt=""/></p>'),
    "cut: a long word": ("cut", f"<p>A {LONG}</p>"),
    "cut: a word to the left": ("cut", '<p style="text-indent: -3em">Hanging words</p>'),
    "cut: a formula": ("cut", FORMULA.format(400)),
    "cut: code": ("cut", f"<pre>{WORDS * 2}</pre>"),
    "cut: what is clipped": ("cut", f'<p style="overflow: hidden; white-space: nowrap">{WORDS * 2}</p>'),
    "cut: a table from right to left": ("cut", f"rtl:{spacer(810)}<table><tr>{CELL.format('nowrap')}</tr></table>"),
    "cut: a vertical line": ("cut", f'vertical:{spacer(10)}<p style="white-space: nowrap">{WORDS * 4}</p>'),
    "overlap: paragraphs": ("overlap", f'<p>{WORDS}</p><p style="margin-top: -38px">{WORDS}</p>'),
    "overlap: a picture": ("overlap", f'<p>{WORDS}</p><p><img src="{SQUARE}" alt="" style="margin-top: -120px"/></p>'),
    "overlap: a table over the next page": (
        "overlap",
        f"<table><tr>{CELL.format('nowrap')}</tr></table><p style='break-before: column; margin: 0'>{WORDS * 3}</p>",
    ),
    "stranded: a heading": ("stranded", f"<p>{WORDS}</p>{spacer(650)}<h2>Foot</h2><p>{WORDS * 3}</p>"),
    "stranded: a term": (
        "stranded",
        f"<p>{WORDS}</p>{spacer(650)}<dl><dt>Bar</dt><dd style='break-before: avoid'>{spacer(50)}Sand</dd></dl>",
    ),
    "parted: a caption": ("parted", f"{spacer(470)}{FIGURE.format('')}"),
    "parted: a label": (
        "parted",
        f'<header class="opening">{spacer(740)}<p class="label">Chapter 1</p><h1 class="title">One</h1></header>',
    ),
    "lone head": ("lone-head", f"{spacer(740)}{TABLE.format('', ROW)}"),
    "broken word": ("broken-word", f'<p style="overflow-wrap: anywhere">A {LONG}</p>'),
    "broken word: in a cell": (
        "broken-word",
        '<table style="width: 50px"><tr><td style="overflow-wrap: anywhere">straightforward</td></tr></table>',
    ),
    "broken word: an address without breaks": (
        "broken-word",
        f'<p style="overflow-wrap: anywhere">{UNBROKEN}</p>',
    ),
    "broken word: beside a break": (
        "broken-word",
        '<p style="width: 90px; overflow-wrap: anywhere">here<wbr/>responsibilities and www.example.org</p>',
    ),
    "broken word: Arabic": (
        "broken-word",
        '<p dir="rtl" style="width: 60px; overflow-wrap: anywhere">والمسؤولياتوالاستفسارات</p>',
    ),
    "distorted": ("distorted", f'<img src="{SQUARE}" alt="" style="width: 100px; height: 300px"/>'),
    "contrast: small": ("contrast", '<p style="color: #777777">Pale</p>'),
    "contrast: large": ("contrast", '<p style="color: #969696; font-size: 24px">Pale</p>'),
    "contrast: on a ground": ("contrast", '<div style="background: #222222"><p style="color: #444444">Dark</p></div>'),
    "contrast: half clear": ("contrast", '<p style="opacity: 0.4; color: #000000">Faint</p>'),
    "contrast: at night": ("contrast", '<p style="color: #7a3b2e">Red</p>'),
    "vanishing: a ring": ("vanishing", f'<p><img src="{RING}" alt="a ring"/></p>'),
    "vanishing: a drawing": ("vanishing", f"<p>{SVG.format('#000000')}</p>"),
}
"""By name: the kind that is found, and the page."""

RIGHT = {
    "a table that wraps": f"<table><tr>{CELL.format('normal')}</tr></table>",
    "pictures that fit": f'<p><img src="{TALL}" alt="" width="350" height="700" style="height: 700px"/></p>',
    "a tall picture made smaller": f'<p><img src="{TALL}" alt="" style="max-height: 700px"/></p>',
    "hanging lines": '<p style="padding-left: 3em; text-indent: -3em">Hanging words</p>',
    "a formula": FORMULA.format(200),
    "code with spaces at the ends of lines": f'<pre style="white-space: pre-wrap">{WORDS * 2}{" " * 300}\nend</pre>',
    "what is not clipped": f'<p style="overflow: hidden">{WORDS * 2}</p>',
    "tight lines": f'<p style="margin: 0; line-height: 1">{WORDS}</p><p style="margin: 0; line-height: 1">{WORDS}</p>',
    "ruby": '<p lang="ja">今夜の<ruby>灯<rt>ひ</rt></ruby>は<ruby>消<rt>き</rt></ruby>えない。</p><p>夜</p>',
    "a floating picture": f'<img src="{SQUARE}" alt="" style="float: left"/><p>{WORDS * 5}</p>',
    "text from right to left": f"rtl:{f'<p>{WORDS * 9}</p>' * 9}",
    "vertical text": f"vertical:{f'<p>{WORDS * 9}</p>' * 9}",
    "a heading with its text": f'<p>{WORDS}</p>{spacer(650)}<h2 style="break-after: avoid">Foot</h2><p>{WORDS * 3}</p>',
    "a heading before a page of its own": f'<p>A</p>{spacer(650)}<h2>Foot</h2><p style="break-before: page">B</p>',
    "a heading alone before a picture": f'<h2>Head</h2><p><img src="{TALL}" alt="" style="height: 790px"/></p>',
    "a caption with its picture": f"{spacer(470)}{FIGURE.format('break-inside: avoid')}",
    "a head with its rows": f"{spacer(500)}{TABLE.format('', ROW)}",
    "a head that goes with its rows": f"{spacer(740)}{TABLE.format('break-after: avoid', ROW)}",
    "words with hyphens": f'<p style="overflow-wrap: anywhere">{WORDS}{HYPHENS}</p>',
    "compounds": f"<p>{'never-ending ' * 30}</p>",
    "code that breaks": f'<p style="overflow-wrap: anywhere"><code>{LONG}</code></p>',
    "an address with breaks": f'<p style="overflow-wrap: anywhere">{ADDRESS}</p>',
    "an address in parts": (
        '<p style="width: 90px; overflow-wrap: anywhere">stations.<wbr/>org/<wbr/>northernlightskeepers</p>'
    ),
    "Japanese": f'<p lang="ja">{"灯台守は毎晩のように階段の段数を数え、" * 9}</p>',
    "a large first letter": f"<style>p::first-letter {{ float: left; font-size: 48px }}</style><p>“{WORDS * 4}</p>",
    "a picture of the size that was asked for": f'<img src="{SQUARE}" alt="" width="100" height="300"/>',
    "a picture within its box": f'<img src="{SQUARE}" alt="" style="width: 90px; height: 300px; object-fit: contain"/>',
    "a colour for white and for black": '<p style="color: #757575">Grey</p>',
    "a colour for large type": '<p style="color: #949494; font-size: 19px; font-weight: bold">Grey</p>',
    "a colour on its ground": '<div style="background: #222222"><p style="color: #dddddd">Light</p></div>',
    "a ring on a light ground": f'<p><img src="{RING}" alt="a ring" style="background: #ffffff"/></p>',
    "a ring on a ground of a single colour": (
        f'<p><img src="{RING}" alt="a ring" style="background: linear-gradient(#fff, #fff)"/></p>'
    ),
    "what is folded": f"<details><summary>More</summary>{WORDS}<p>{WORDS * 9}</p></details><p>{WORDS * 2}</p>",
    "a drawing in the text's colour": f"<p>{SVG.format('currentColor')}</p>",
    "a dark picture": f'<p><img src="{DARK}" alt="night"/></p>',
}
"""By name: a page on which nothing is wrong."""


def document(content: str) -> str:
    """A page of `content`, whose lines run as the word in front says."""
    way = next((each for each in STYLES if content.startswith(f"{each}:")), "")
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Page</title><style>'
        f"body {{ font-size: 16px; line-height: 1.4; hyphens: manual }} {STYLES.get(way, '')}</style></head>"
        f"<body>{content.removeprefix(f'{way}:')}</body></html>"
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What is found on each page, by its name."""
    folder = tmp_path_factory.mktemp("audit")
    (folder / "pages").mkdir()
    pages = {name: content for name, (_, content) in WRONG.items()} | RIGHT
    for number, content in enumerate(pages.values()):
        (folder / "pages" / f"{number:03}.xhtml").write_text(document(content), "utf-8")
    findings = audited([job("pages", folder / "pages", [PHONE], NIGHTS)], folder, seconds=120)
    by_name = defaultdict(list)
    for each in findings:
        by_name[list(pages)[int(Path(each.document).stem)]].append(each)
    return by_name


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name: str, found: dict[str, list[Finding]]) -> None:
    assert WRONG[name][0] in {each.kind for each in found[name]}


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_else_is_found(name: str, found: dict[str, list[Finding]]) -> None:
    assert [str(each) for each in found[name]] == []


def test_every_kind_is_tried() -> None:
    assert {kind for kind, _ in WRONG.values()} == set(KINDS)


def test_a_finding_says_where(found: dict[str, list[Finding]]) -> None:
    """The page counts in the direction of the text, and the words are those of the element."""
    (table,) = [each for each in found["cut: a table from right to left"] if each.kind == "cut"]
    assert (table.page, table.what, table.row) == (2, "table", "phone")
    assert table.text.startswith("The keeper counted")
    (heading,) = [each for each in found["stranded: a heading"] if each.kind == "stranded"]
    assert (heading.page, heading.text, heading.more) == (1, "Foot", "before The keeper counted what there was to cou")


PAINTED = (
    "color: #999999",
    "color: #555555; background: #333333",
    "color: rgb(0 0 0 / 0.3)",
    "color: #000000; opacity: 0.25",
    "color: #8899aa; background: rgb(255 0 0 / 0.4)",
    "color: inherit; -webkit-text-fill-color: #aabbcc",
    "color: #707070; background: linear-gradient(#607060, #607060)",
)
"""Of bars that have less than 3:1 on white pages and on sepia ones."""
SEPIA = next(each for each in COLOURS if each.name == "sepia")


@pytest.mark.parametrize("row", [NIGHTS[0], SEPIA], ids=lambda row: row.name)
def test_the_contrast_is_that_of_the_pixels(row: Row, tmp_path: Path) -> None:
    """Each bar is a line of full blocks, 60 pixels high: what is painted there, and beside it."""
    bars = "".join(f'<p style="margin: 0; font-size: 40px; line-height: 60px; {style}">███</p>' for style in PAINTED)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pages" / "bars.xhtml").write_text(document(bars), "utf-8")
    asked = job("bars", tmp_path / "pages", [], [row])
    found = audited([asked, asked | {"pictures": str(tmp_path / "pictures")}], tmp_path, seconds=120)
    told = [float(each.more.partition(" ")[0]) for each in found if each.kind == "contrast"]
    with Image.open(next((tmp_path / "pictures").iterdir())) as opened:
        page = opened.convert("RGB")
    pixels = [(colour_at(page, 50, 50 + 60 * at), colour_at(page, 300, 50 + 60 * at)) for at in range(len(PAINTED))]
    assert told == pytest.approx([contrast(*pair) for pair in pixels], rel=0.04)


def colour_at(page: Image.Image, left: int, top: int) -> Colour:
    colour = parse_colour(f"#{page.crop((left, top, left + 1, top + 1)).tobytes().hex()}")
    assert colour is not None
    return colour
