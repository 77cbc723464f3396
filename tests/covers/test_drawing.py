from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from chapbook.colour.colour import Colour, contrast
from chapbook.covers.cover import Column, Composition, CoverBrief, Wording, _wording, draw_cover, palette_of
from chapbook.covers.lettering import Compositor, SetText
from chapbook.covers.paper import patterned_paper
from chapbook.covers.sheet import HEIGHT, WIDTH, SeededNumbers, Sheet
from chapbook.covers.typefaces import FontCase
from chapbook.model.hooks import HOOKS, load
from chapbook.model.metadata import Contributor, Metadata, Series
from support.made_fonts import box_font
from support.pictures import opened

NO_FOLDERS: tuple[Path, ...] = ()
COMPOSITIONS: dict[str, Composition] = {theme: load(code) for theme, code in HOOKS.covers.items()}
ALL = {**COMPOSITIONS, "of-ones-own": patterned_paper}
COMPOSITOR = Compositor(FontCase("en", NO_FOLDERS))
MARGIN = 84
"""No letter comes nearer to the edge than this, in any composition."""

TITLES = (
    "I",
    "Emma",
    "Ulysses",
    "Middlemarch",
    "The Harbour Year",
    "The Winter Sky",
    "Pride and Prejudice",
    "To the Lighthouse",
    "A Sentimental Journey Through France and Italy",
    "The Life and Opinions of Tristram Shandy, Gentleman",
    "An Inquiry into the Nature and Causes of the Wealth of Nations",
    "On the Origin of Species by Means of Natural Selection, or the Preservation of Favoured Races",
    "Proceedings of the Third Workshop on the Interaction of Ocean Currents and Coastal Settlements: Methods, Models",
    "x" * 80,
    "W" * 80,
    "Wm" * 200,
    "word " * 80,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "antidisestablishmentarianism-and-floccinaucinihilipilification",
    "1984",
    "3,14159265358979323846264338327950288419716939937510",
    "!?",
    "A/B—C–D|E",
    "(parenthesis) [brackets] {braces}",
    "ﬁﬂ ﬀ ﬃ Typography",
    "Ǻ Ȃ Ẫ Ỗ Ṩ Ḝ Ợ Ặ",
    "Éternité, Ångström, Čapek, Żółć, Ğ, İstanbul",
    "Nắng trong vườn",
    "Ẩn số của Đường Về Đất Mẹ",
    "Война и мир",
    "Преступление и наказание: роман в шести частях с эпилогом",
    "Μήνιν ἄειδε θεὰ Πηληϊάδεω Ἀχιλῆος",
    "Η Οδύσσεια",
    "fjord jfjfjfjfj",
    "Q" * 12 + " " + "j" * 12,
    "Tabs\tand\nlines\u2028and \u00a0 spaces",
    "soft\u00adhyphens\u200b and \u202ebidi\u202c controls \u0007",
    "Zalgo t\u0335\u0361\u0301\u0302\u0303\u0304\u0305\u0306ext",
    "Ends with a very long last wooooooooooooooooooooooooooooooooooooooooooooooooooord",
)


def _metadata(title: str, **more: object) -> Metadata:
    return Metadata(title=title, **more)  # type: ignore[arg-type]


def _brief(wording: Wording, seed: str, accent: str = "", compositor: Compositor = COMPOSITOR) -> CoverBrief:
    numbers = SeededNumbers(seed)
    return CoverBrief(
        wording=wording,
        palette=palette_of(accent, numbers),
        compositor=compositor,
        numbers=numbers,
        series_numbers=SeededNumbers(seed),
    )


Box = tuple[float, float, float, float]


def _box(column: Column, text: SetText, top: float) -> Box:
    left = column.x - (text.width / 2 if column.align == "center" else 0)
    return (left, top, left + text.width, top + text.height)


def _boxes(composition: Composition, wording: Wording, seed: str, compositor: Compositor = COMPOSITOR) -> list[Box]:
    """Where the words go; the sheet is a single pixel, so that nothing else takes time."""
    boxes: list[Box] = []

    def put(column: Column, text: SetText, top: float, _colour: Colour) -> float:
        boxes.extend([_box(column, text, top)] if text.lines else [])
        return top + text.height

    def tiny(sheet: Sheet, ground: str) -> None:
        sheet._image = Image.new("RGB", (1, 1), ground)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Column, "put", put)
        patch.setattr(Sheet, "__init__", tiny)
        patch.setattr(Sheet, "finished", lambda sheet: sheet._image)
        for name in ("rectangle", "frame", "disc", "ring", "pie", "polygon", "line", "fade"):
            patch.setattr(Sheet, name, lambda *_: None)
        composition(_brief(wording, seed, compositor=compositor))
    return boxes


def _least_contrast(composition: Composition, accent: str) -> float:
    """The least contrast of any text with a colour that makes up a hundredth of its ground."""
    least = [21.0]

    def put(column: Column, text: SetText, top: float, colour: Colour) -> float:
        if text.lines:
            left, upper, right, lower = (round(edge) for edge in _box(column, text, top))
            ground = column.image.crop((left, upper, right, lower)).resize((100, 60), Image.Resampling.NEAREST)
            for count, shade in ground.getcolors(6000) or []:
                if count >= 60 and isinstance(shade, tuple):
                    least.append(contrast(colour, Colour(*shade[:3])))
        return top + text.height

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Column, "put", put)
        composition(_brief(_words("The Harbour Year"), accent, accent))
    return min(least)


def _words(title: str) -> Wording:
    return Wording(
        title=title,
        subtitle="Tides, lights and weather of a small coast",
        authors=("Marguerite Alderton", "Christophe de la Rochefoucauld", "F. Fernández-Villaverde"),
        series="The Tidewater Almanac · 2",
    )


def _shown(title: str) -> str:
    return " ".join("".join(c for c in title if c.isprintable() or c.isspace()).split())[:400]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("name", ALL)
def test_no_text_leaves_its_margins_or_meets_another(name: str, title: str) -> None:
    boxes = _boxes(ALL[name], _words(_shown(title)), title)
    assert len(boxes) == 4
    _assert_apart(boxes)


def _assert_apart(boxes: list[Box]) -> None:
    boxes = sorted(boxes, key=lambda box: box[1])
    for left, top, right, bottom in boxes:
        assert left >= MARGIN
        assert right <= WIDTH - MARGIN
        assert top >= 30
        assert bottom <= HEIGHT - MARGIN
    for above, below in pairwise(boxes):
        assert below[1] - above[3] >= 20


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> FontCase:
    """Fonts for every script and emoji of `OTHERS`, in which each letter is as wide as it is high."""
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "Boxes-Regular.ttf").write_bytes(box_font("".join(sorted(set("".join(OTHERS)) - {" "}))))
    return FontCase("en", (folder,))


OTHERS = (
    "海",
    "百年の孤独",
    "百年の孤独と小さな港の一年" * 5,
    "الأيام الطويلة في مدينة صغيرة على البحر",
    "والسماء" * 12,
    "שיר השירים אשר לשלמה",
    "바다의 기억 그리고 하늘",
    "समुद्र की यादें",
    "ทะเลและท้องฟ้าที่กว้างใหญ่",
    "🌊🐚⛵" * 20,
)


@pytest.mark.parametrize("title", OTHERS)
@pytest.mark.parametrize("name", ALL)
def test_no_script_leaves_its_margins(name: str, title: str, scripts: FontCase) -> None:
    people = tuple(Contributor(name=each[:12]) for each in OTHERS[:6])
    metadata = _metadata(title, subtitle=title[:30], authors=people, series=Series(name=title[:20], index="2"))
    wording, warnings = _wording(metadata, scripts)
    assert warnings == ()
    boxes = _boxes(ALL[name], wording, title, Compositor(scripts))
    assert len(boxes) == 4
    _assert_apart(boxes)


@pytest.mark.parametrize("count", [1, 2, 6, 12, 40])
@pytest.mark.parametrize("name", ALL)
def test_any_number_of_authors_and_long_words_below_the_title_stay_apart(name: str, count: int) -> None:
    people = tuple(Contributor(name=f"Marguerite Alderton-Fernández {number}") for number in range(count))
    series = Series(name="A Series with Quite a Long Name of Its Own, in Several Parts", index="12")
    metadata = _metadata("The Harbour Year", subtitle="word " * 60, authors=people, series=series)
    wording, _ = _wording(metadata, FontCase("en", NO_FOLDERS))
    _assert_apart(_boxes(ALL[name], wording, str(count)))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("accent", ["black", "white", "yellow", "#777", "#00f", "oklch(0.6 0.3 30)"])
def test_all_text_can_be_read(name: str, accent: str) -> None:
    assert _least_contrast(ALL[name], accent) >= 4.5


@pytest.mark.parametrize("name", ALL)
def test_the_pixels_of_the_words_stay_inside(name: str) -> None:
    wording = _words("Wfjß " * 40)
    full = ALL[name](_brief(wording, "seed"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Column, "put", lambda *_: 0.0)
        empty = ALL[name](_brief(wording, "seed"))
    box = ImageChops.difference(full, empty).getbbox()
    assert box is not None
    assert box[0] >= MARGIN - 20
    assert box[1] >= 30
    assert box[2] <= WIDTH - MARGIN + 20
    assert box[3] <= HEIGHT - MARGIN + 4


@pytest.mark.parametrize("name", ALL)
def test_the_smallest_words_can_be_read_on_a_thumbnail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one of 160 pixels, words have six pixels an em at the least."""
    sizes: list[int] = []
    put = Column.put

    def noted(column: Column, text: SetText, *rest: object) -> float:
        sizes.extend([text.size] if text.lines else [])
        return put(column, text, *rest)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(Column, "put", noted)
    wording = Wording(
        title="The Winter Sky",
        subtitle="An Almanac for the Long Nights",
        authors=("Nan Corrigall",),
        series="The Almanac of the Island · 2",
    )
    ALL[name](_brief(wording, "x"))
    assert len(sizes) == 4
    assert min(sizes) * 160 / HEIGHT >= 6


@pytest.mark.parametrize("theme", [*COMPOSITIONS, "unknown", ""])
def test_a_cover_is_a_jpeg_of_its_size_and_the_same_each_time(theme: str) -> None:
    book = _metadata(
        "The Harbour Year",
        authors=(Contributor(name="Marguerite Alderton"),),
        series=Series(name="The Tidewater Almanac", index="1"),
    )
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda _: draw_cover(book, theme=theme, accent="#2f5d73"), range(2))
    assert one.data == other.data
    assert one.warnings == ()
    assert (one.width, one.height, one.media_type) == (1562, 2500, "image/jpeg")
    shown = opened(one.data)
    assert (shown.size, shown.mode, shown.format) == ((1562, 2500), "RGB", "JPEG")
    assert len(one.data) < 1_500_000


def test_each_theme_has_its_own() -> None:
    drawn = {draw_cover(_metadata("Emma"), theme=theme, accent="teal").data for theme in ALL}
    assert len(drawn) == len(ALL)


def test_each_title_and_accent_has_its_own() -> None:
    drawn = {
        draw_cover(_metadata(title), theme="classic", accent=accent).data
        for title, accent in product(("Emma", "Persuasion"), ("teal", "maroon"))
    }
    assert len(drawn) == 4


def test_an_accent_that_is_no_colour_is_none() -> None:
    assert draw_cover(_metadata("Emma"), theme="modern", accent="url(x)") == draw_cover(
        _metadata("Emma"), theme="modern"
    )


@pytest.mark.parametrize("theme", ALL)
def test_a_cover_can_be_told_at_a_hand_s_breadth(theme: str) -> None:
    """At 160 pixels high the title is still darker or lighter than its ground over many pixels."""
    full = ALL[theme](_brief(_words("The Harbour Year"), "x"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            CoverBrief, "title", lambda self, style, width, height: self.compositor.fit("", style, width, height)
        )
        empty = ALL[theme](_brief(_words("The Harbour Year"), "x"))
    small = [image.resize((100, 160), Image.Resampling.LANCZOS).convert("L") for image in (full, empty)]
    changed = ImageChops.difference(*small).point(lambda value: 255 if value > 60 else 0)
    assert changed.histogram()[255] > 120


@pytest.mark.parametrize(
    ("title", "missing"),
    [("百年の孤独", "'百' '年' 'の' '孤' '独'"), ("The 海", "'海'"), ("Sea 🌊", "'🌊'"), ("שיר", "'ש' 'י' 'ר'")],
)
def test_what_no_font_has_is_left_out_and_said(title: str, missing: str) -> None:
    made = draw_cover(
        _metadata(title, authors=(Contributor(name="A. Author"),)), theme="classic", font_folders=NO_FOLDERS
    )
    (warning,) = made.warnings
    assert warning.code == "cover-font-missing"
    assert missing in warning.message
    without = draw_cover(
        _metadata(title, authors=(Contributor(name="A. Author"),), subtitle=""),
        theme="classic",
        font_folders=NO_FOLDERS,
    )
    assert without.data == made.data


def test_a_font_of_the_host_is_found_by_its_characters(tmp_path: Path) -> None:
    (tmp_path / "Sea-Regular.ttf").write_bytes(box_font("海🌊"))
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0 no font")
    (tmp_path / "empty.otf").write_bytes(b"")
    made = draw_cover(_metadata("海 and 🌊"), theme="modern", font_folders=(tmp_path,))
    assert made.warnings == ()
    assert made.data != draw_cover(_metadata("海 and 🌊"), theme="modern", font_folders=NO_FOLDERS).data


def test_only_who_wrote_it_stands_on_it() -> None:
    author, artist = Contributor(name="Anne Author"), Contributor(name="Ilse Illustrator", role="ill")
    both, wrote, drew = (
        _boxes(COMPOSITIONS["modern"], _wording(_metadata("Emma", authors=names), FontCase("en", NO_FOLDERS))[0], "x")
        for names in ((author, artist), (author,), (artist,))
    )
    assert both == wrote != drew


@pytest.mark.parametrize("theme", ALL)
@pytest.mark.parametrize("accent", ["#ffd700", "#ffe600", "#ff9f1c", "#27406b"])
def test_a_drawn_cover_is_light_and_a_yellow_stays_one(theme: str, accent: str) -> None:
    made = draw_cover(_metadata("A Title"), theme=theme, accent=accent)
    assert len(made.data) <= 350_000
    palette = palette_of(accent, SeededNumbers(""))
    assert palette.is_sunny == (accent != "#27406b")
    if palette.is_sunny:
        assert min(palette.shade(step / 10).luminance for step in range(11)) > 0.3
