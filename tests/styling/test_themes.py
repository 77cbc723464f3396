"""The themes that ship: what they may say, what can be read on which page, and how they are found."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from importlib.resources import files as package_files
from itertools import pairwise
from pathlib import Path

import pytest
import tinycss2  # type: ignore[import-untyped]
from pygments.token import STANDARD_TYPES

from chapbook.colour.colour import BLACK_PAGE, DARK_PAGE, SEPIA_PAGE, WHITE_PAGE, Colour, contrast, parse_colour
from chapbook.model.diagnostics import ChapbookError, Position
from chapbook.model.settings import ContentFile
from chapbook.styling.book_sheets import SHEET_NAMES, book_sheets
from chapbook.styling.stylesheet import pack_stylesheet
from chapbook.styling.themes import find_theme, shipped_theme, theme_names

RANKS = (".section-1", ".section-2", ".section-3", ".section-4", ".section-5")
THEMES = ("academic", "classic", "minimal", "modern", "verse")
PAGES = Path(__file__).parent / "pages"
READING_ORDER = ("title-page", "part", "chapter", "poem", "arabic", "chinese")
ROOT = Path(__file__).parent.parent.parent
Declarations = Iterator[tuple[str, str, str, str]]


def declarations(css: str) -> Declarations:
    """Medium, selector, property and value of every declaration of `css`."""
    yield from _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), "")


def _rules(rules: list[tinycss2.ast.Node], medium: str) -> Declarations:
    for rule in rules:
        if rule.type == "at-rule":
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}".strip())
            continue
        selector = " ".join(tinycss2.serialize(rule.prelude).split())
        for each in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True):
            assert each.type == "declaration", f"{selector}: {each}"
            yield medium, selector, each.lower_name, tinycss2.serialize(each.value).strip()


def sheets(theme: str) -> tuple[str, str]:
    found = shipped_theme(theme)
    return found.plain, found.modern


# Finding them


def test_the_five_are_listed_each_with_a_line() -> None:
    listed = theme_names()
    assert tuple(name for name, _ in listed) == THEMES
    for _, description in listed:
        assert 20 < len(description) < 110
        assert "\n" not in description


def test_an_unknown_theme_is_named_with_the_nearest() -> None:
    with pytest.raises(ChapbookError) as raised:
        find_theme("Clasic", path="book.yaml", at=Position(3, 8))
    (fault,) = raised.value.diagnostics
    assert (fault.code, fault.path, fault.line, fault.column) == ("theme-unknown", "book.yaml", 3, 8)
    assert fault.message == "there is no theme 'Clasic'"
    assert fault.hint is not None
    assert "did you mean 'classic'? Otherwise, there are academic, classic, minimal, modern, verse" in fault.hint


@pytest.mark.parametrize("name", ["base", "", ".", "..", "classic/theme.css", "../styles/classic", "/etc"])
def test_no_name_leads_elsewhere(name: str) -> None:
    with pytest.raises(ChapbookError, match="theme-unknown"):
        find_theme(name)


def test_every_file_of_the_themes_goes_into_the_wheel() -> None:
    """setuptools takes what the patterns of package-data match; the folder itself is the package."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert settings["package-dir"]["chapbook.styles"] == "styles"
    assert "chapbook.styles" in settings["packages"]
    patterns = settings["package-data"]["chapbook.styles"]
    folder = ROOT / "styles"
    for path in folder.rglob("*.*"):
        if path.suffix not in {".py", ".pyc"}:
            assert any(fnmatch(path.relative_to(folder).as_posix(), pattern) for pattern in patterns), path
    with_themes = {each.name for each in package_files("chapbook.styles").iterdir() if each.is_dir()}
    assert {*THEMES, "base"} <= with_themes


# An author's own


class Folder:
    def __init__(self, **files: str) -> None:
        self._files = {name.replace("__", "/").replace("_", "."): text.encode() for name, text in files.items()}

    def names(self) -> frozenset[str]:
        return frozenset(self._files)

    def read(self, path: str) -> bytes:
        return self._files[path]


def test_a_theme_of_the_content_folder_stands_on_the_base() -> None:
    files = Folder(look__theme_css="p{margin:1em}", look__theme_toml='description = "Mine\\nown"')
    for given in ("look", ContentFile("look"), ContentFile("look/")):
        theme = find_theme(given, files)
        assert theme.plain.endswith("p{margin:1em;}")
        assert ".alert" in theme.plain
        assert "prefers-color-scheme" in theme.modern


def test_a_theme_may_stand_alone() -> None:
    files = Folder(look__theme_css="p{margin:1em}", look__theme_toml="base = false")
    theme = find_theme(ContentFile("look"), files)
    assert (theme.plain, theme.modern) == ("p{margin:1em;}", "")


def test_a_theme_of_the_users_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "theme.css").write_text("p { direction: rtl; margin: 0 }", encoding="utf-8")
    (tmp_path / "modern.css").write_text("p { margin: calc(1em + 1px) }", encoding="utf-8")
    theme = find_theme(tmp_path)
    assert theme.plain.endswith("margin: 0 ;}")
    assert theme.modern.endswith("p { margin: calc(1em + 1px) ;}")
    (fault,) = theme.diagnostics
    assert (fault.code, fault.path, fault.line, fault.column) == (
        "css-not-supported",
        (tmp_path / "theme.css").as_posix(),
        1,
        5,
    )


@pytest.mark.parametrize(
    "toml", ["description = 3", "base = 'no'", "base", "[" * 200, "a = " + "[" * 3000, "x" * 20_000]
)
def test_a_wrong_theme_toml_is_named(toml: str) -> None:
    with pytest.raises(ChapbookError) as raised:
        find_theme(ContentFile("look"), Folder(look__theme_css="", look__theme_toml=toml))
    assert [(each.code, each.path) for each in raised.value.diagnostics] == [("theme-invalid", "look/theme.toml")]


def test_a_folder_without_a_sheet_is_no_theme(tmp_path: Path) -> None:
    for given, files in ((tmp_path, None), (tmp_path / "nowhere", None), (ContentFile("x"), Folder(x__modern_css=""))):
        with pytest.raises(ChapbookError, match="theme-unknown"):
            find_theme(given, files)


# What they may say


@pytest.mark.parametrize("theme", THEMES)
def test_no_theme_takes_from_readers_what_is_theirs(theme: str) -> None:
    for css in sheets(theme):
        for _, selector, name, value in declarations(css):
            where = f"{selector} {{ {name}: {value} }}"
            assert not re.search(r"(^|,)\s*(html|body|\*)\b", selector), where
            assert (
                name not in {"direction", "unicode-bidi", "opacity", "position", "float"} or "drop-cap" in selector
            ), where
            assert "!important" not in value, where
            if name == "font-size":
                # A title may be held to the page's width, tables and formulas that are measured to their room.
                assert re.fullmatch(r"[\d.]+em|100%|min\([\d.]+em, 100cqi / \d+\)", value) or (
                    selector.endswith(".title") and re.fullmatch(r"min\([\d.]+em, 1[12]vw\)", value)
                ), where
            if name.startswith("margin"):
                assert not re.search(r"(^|\s)-", value), where
                assert "px" not in value, where
            if re.search(r"(^|,)\s*(\[dir=\"rtl\"\] )?p(\s*$|,)", selector):
                assert name not in {"font-size", "line-height", "color", "font-family"}, where
                assert "justify" not in value, where
            if name.startswith("background") and selector != ".on-white":  # pictures, which have no text
                assert value == "transparent", where
            if name in {"width", "height"} and "px" in value:
                pytest.fail(where)
            if name == "font-family" and selector != "math":  # brackets grow in such fonts alone
                assert value in {"sans-serif", "monospace"}, where


@pytest.mark.parametrize("theme", THEMES)
def test_the_plain_sheet_is_plain(theme: str) -> None:
    """Adobe's old engine drops a whole sheet at what it does not know."""
    plain, modern = sheets(theme)
    assert "@" not in re.sub(r"/\*.*?\*/", "", plain, flags=re.DOTALL)
    assert not re.search(r"calc\(|var\(|min\(|max\(|clamp\(|rem\b|vh\b|vw\b|grid|flex|::|:is|:has|:not|:where", plain)
    assert "prefers-color-scheme: dark" in modern


@pytest.mark.parametrize("theme", THEMES)
def test_breaks_and_hyphens_are_written_for_old_readers_too(theme: str) -> None:
    plain, _ = sheets(theme)
    by_selector: dict[str, set[str]] = {}
    for _, selector, name, _ in declarations(plain):
        by_selector.setdefault(selector, set()).add(name)
    for selector, names in by_selector.items():
        for side in ("after", "before", "inside"):
            assert (f"break-{side}" in names) == (f"page-break-{side}" in names), selector
        assert ("hyphens" in names) == ("-webkit-hyphens" in names) == ("-epub-hyphens" in names), selector
    assert {"hyphens", "break-after", "text-align"} <= by_selector["h1, h2, h3, h4, h5, h6"]
    assert "hyphens" in by_selector["pre, code, kbd, samp, tt"]


@pytest.mark.parametrize("theme", THEMES)
def test_code_and_pictures_stay_on_the_page(theme: str) -> None:
    plain, _ = sheets(theme)
    said = {(selector, name): value for _, selector, name, value in declarations(plain)}
    assert said["pre", "white-space"] == "pre-wrap"
    assert said["pre", "overflow-wrap"] == "break-word"
    assert said["img, svg", "max-width"] == "100%"
    assert said["img, svg", "height"] == "auto"


@pytest.mark.parametrize("theme", THEMES)
def test_every_side_has_its_mirror(theme: str) -> None:
    """What a theme sets on the left it sets on the right in a right-to-left book."""
    for css in sheets(theme):
        mirrored = {
            part.strip().removeprefix('[dir="rtl"]').strip()
            for _, selector, _, _ in declarations(css)
            for part in selector.split(",")
            if part.strip().startswith("[dir=")
        }
        for _, selector, name, value in declarations(css):
            if "[dir=" in selector or not _leans(name, value):
                continue
            for part in (each.strip() for each in selector.split(",")):
                covered = part in mirrored or _named_for_a_side(part) or part.split(" ")[-1] in mirrored
                assert covered, f"{part} {{ {name}: {value} }}"


def _leans(name: str, value: str) -> bool:
    sides = value.split()
    if name in {"margin", "padding"} and len(sides) == 4:
        return sides[1] != sides[3]
    return name == "text-align" and value == "left"


def _named_for_a_side(part: str) -> bool:
    """The class ``left`` means left in every book, and so it is in formulas; code is left-to-right in every book."""
    return part.endswith(".left") or part in {"pre", ".task-box", ".math-line"} or "mtd" in part


@pytest.mark.parametrize("theme", THEMES)
def test_scripts_without_italics_are_not_slanted(theme: str) -> None:
    plain, _ = sheets(theme)
    slanted: set[str] = set()
    upright: set[str] = set()
    for _, selector, name, value in declarations(plain):
        if name == "font-style":
            for part in selector.split(","):
                # What a rule is for stands last; `blockquote.epigraph` is righted as `.epigraph`.
                last = re.sub(r"^\w+(?=\.)", "", part.split()[-1])
                (upright if value == "normal" else slanted).add(last)
    slanted -= {each for each in slanted if re.fullmatch(r"\.(c\w?|sd|ge)", each)}  # of highlighted code
    # Classes of headings: the element's rule with a language outweighs them.
    slanted = slanted - set(RANKS) | {"h1", "h2", "h3", "h4", "h5", "h6"}
    wanted = {f"{each}:lang({tag})" for each in slanted for tag in ("zh", "ja", "ko", "ar", "fa", "ur", "he")}
    assert wanted - upright == set()


@pytest.mark.parametrize("theme", THEMES)
def test_a_section_looks_the_same_at_every_depth(theme: str) -> None:
    """The element goes by the depth of the part, the look by the rank below the chapter's title."""
    plain, _ = sheets(theme)
    at_root = [_look(plain, f"h{rank + 1}", "") for rank in range(1, 6)]
    for rank, look in enumerate(at_root, 1):
        for level in range(2, 7):
            assert _look(plain, f"h{level}", f".section-{rank}") == look, f"h{level}.section-{rank}"


@pytest.mark.parametrize("theme", THEMES)
def test_no_section_looks_heavier_than_the_one_above(theme: str) -> None:
    plain, _ = sheets(theme)
    looks = [_look(plain, "h1", ".opening .title"), *(_look(plain, f"h{rank}", "") for rank in range(2, 7))]
    weights = [(float(each["font-size"][:-2]), each["font-weight"] == "bold") for each in looks]
    for above, below in pairwise(weights):
        assert below[0] < above[0] or (below[0] == above[0] and below[1] <= above[1]), (above, below)
        assert below[1] <= above[1], "a bold heading below a light one"


def _look(css: str, tag: str, name: str) -> dict[str, str]:
    """What the rules of an element and of a class give a heading, the class's over the element's."""
    found: dict[str, dict[str, str]] = {tag: {}, name: {}}
    for _, selector, key, value in declarations(css):
        for part in {each.strip() for each in selector.split(",")} & {tag, name}:
            sides = ("margin-top", "margin-right", "margin-bottom", "margin-left")
            found[part] |= dict(zip(sides, _four(value.split()), strict=True)) if key == "margin" else {key: value}
    return {"font-style": "normal", "font-variant": "normal"} | found[tag] | found[name]


def _four(values: list[str]) -> list[str]:
    """The four sides of a margin that is written shorter (CSS Box Model 3, section 4.2)."""
    top, right, bottom, left = {
        1: [0, 0, 0, 0],
        2: [0, 1, 0, 1],
        3: [0, 1, 2, 1],
        4: [0, 1, 2, 3],
    }[len(values)]
    return [values[at] for at in (top, right, bottom, left)]


# What can be read


def colours(css: str, medium: str) -> Iterator[tuple[str, str, Colour]]:
    for at, selector, name, value in declarations(css):
        if at == medium and (name == "color" or "border" in name):
            for word in re.findall(r"#[0-9a-fA-F]{3,8}\b", value):
                colour = parse_colour(word)
                assert colour is not None, word
                yield selector, name, colour


def colours_by_text(css: str) -> Iterator[tuple[str, str, dict[str, Colour]]]:
    """Those that follow the colour of the text: each as it is on light pages and on dark ones."""
    for at, selector, name, value in declarations(css):
        if at == BY_TEXT and value != "inherit":
            clamps = re.findall(r"clamp\((\d+), \((g - 128|128 - g)\) \* 999, (\d+)\)", value)
            assert len(clamps) == 3, value
            channels = [
                (int(low), int(high)) if rise == "g - 128" else (int(high), int(low)) for low, rise, high in clamps
            ]
            light, dark = (Colour(*(each[side] for each in channels)) for side in (0, 1))
            yield selector, name, {LIGHT: light, DARK: dark}


LIGHT, DARK = "@media (prefers-color-scheme: light)", "@media (prefers-color-scheme: dark)"
BY_TEXT = "@supports (-webkit-text-fill-color: rgb(from currentColor g g g))"
SMALL, LARGE, RULE = 4.5, 3.0, 3.0
"""WCAG 2.2, success criteria 1.4.3 (text, and large text) and 1.4.11 (what is no text)."""
PAGES_OF = {LIGHT: (WHITE_PAGE, SEPIA_PAGE), DARK: (DARK_PAGE, BLACK_PAGE)}
"""The pages that a medium is asked on. Without one, a sheet meets all four, and nothing tells it which."""
EVERY_PAGE = (WHITE_PAGE, SEPIA_PAGE, DARK_PAGE, BLACK_PAGE)


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_coloured_can_be_read_on_the_pages_that_it_meets(theme: str) -> None:
    """Titles in a book's accent are large type; all else that is coloured is small."""
    accents = ["yellow", "navy", "#fff", "#000", "oklch(0.9 0.3 150)"]
    found = Counter[str]()
    for _, css in book_sheets(shipped_theme(theme), accents, "pink"):
        for medium in ("", LIGHT, DARK):
            for selector, name, colour in colours(css, medium):
                small = SMALL if any(not part.endswith(".title") for part in selector.split(", ")) else LARGE
                least = small if name == "color" else RULE
                for page in PAGES_OF.get(medium, EVERY_PAGE):
                    assert contrast(colour, page) >= least, f"{medium} {selector}: {colour.hex} on {page.hex}"
                found[medium] += 1
        for selector, name, both in colours_by_text(css):
            for medium, colour in both.items():
                least = RULE if "border" in name else SMALL
                for page in PAGES_OF[medium]:
                    assert contrast(colour, page) >= least, f"{medium} by text, {selector}: {colour.hex} on {page.hex}"
                found["by text"] += 1
    assert min(found[each] for each in ("", LIGHT, DARK, "by text")) > 12


@pytest.mark.parametrize("theme", THEMES)
def test_titles_are_large_type(theme: str) -> None:
    """At a reader's 16 pixels: 24 pixels, or 18.66 where they are bold (WCAG 2.2, "large scale")."""
    plain, _ = sheets(theme)
    for title in (".opening .title", ".title-page .title"):
        said = {name: value for _, selector, name, value in declarations(plain) if title in selector.split(", ")}
        bold = said["font-weight"] == "bold" if "font-weight" in said else title == ".title-page .title"
        assert float(said["font-size"].removesuffix("em")) * 16 >= (18.66 if bold else 24), title


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_coloured_in_code_alone_and_where_the_page_is_known(theme: str) -> None:
    plain, modern = sheets(theme)
    for medium, selector, name, value in (*declarations(plain), *declarations(modern)):
        if name in {"color", "-webkit-text-fill-color"} and value != "inherit":
            assert medium in PAGES_OF or (medium == BY_TEXT and "from currentColor" in value), selector
            assert all(part.strip().startswith(".highlight ") for part in selector.split(",")), selector


def test_the_classes_of_highlighted_code_are_pygments_and_have_a_dark_shade() -> None:
    plain, modern = sheets("minimal")
    assert set(re.findall(r"\.highlight \.(\w+)", plain + modern)) <= set(STANDARD_TYPES.values())
    light, dark, by_text = (
        {
            part.rpartition(".")[2]
            for at, selector, name, _ in declarations(modern)
            if at == medium and name == "color"
            for part in selector.split(", ")
        }
        for medium in (LIGHT, DARK, BY_TEXT)
    )
    assert len(light) > 40
    assert light == dark == by_text


# What EPUBCheck and our own check of author's sheets say of them


@pytest.mark.parametrize("theme", [*THEMES, "base"])
def test_our_own_rules_for_sheets_find_nothing_in_them(theme: str) -> None:
    for sheet in (ROOT / "styles" / theme).glob("*.css"):
        assert pack_stylesheet(sheet).diagnostics == ()


def test_the_sheets_of_a_book_are_named_and_in_order() -> None:
    made = book_sheets(shipped_theme("modern"), ["red", ""], "teal")
    assert tuple(name for name, _ in made) == SHEET_NAMES
    plain, accents, modern = (css for _, css in made)
    assert "@" not in accents
    assert ".accent-ff0000" in accents
    assert modern.index(".highlight") < modern.index(".accent-ff0000")
    assert ".accent" not in plain


def test_epubcheck_says_nothing_of_any_theme(tmp_path: Path, assert_valid: Callable[[Path], None]) -> None:
    book = tmp_path / "themes.epub"
    write_pages(book)
    assert_valid(book)


def write_pages(book: Path) -> None:
    """One publication of the sample pages, once for each theme, a folder each."""
    items, spine, parts = [], [], {"EPUB/images/sea.svg": (PAGES / "sea.svg").read_text(encoding="utf-8")}
    for theme in THEMES:
        for name, css in book_sheets(shipped_theme(theme), ["firebrick", "teal", "gold"], "navy"):
            parts[f"EPUB/{theme}/{name}"] = css
            items.append(f'<item id="{theme}-{Path(name).stem}" href="{theme}/{name}" media-type="text/css"/>')
        for page in (PAGES / f"{name}.xhtml" for name in ("contents", *READING_ORDER)):
            text = page.read_text(encoding="utf-8").replace("../images/", "../../images/")
            is_nav = page.stem == "contents" and theme == "classic"
            if page.stem == "contents" and not is_nav:
                continue
            parts[f"EPUB/{theme}/text/{page.name}"] = text
            properties = ' properties="nav"' if is_nav else ' properties="mathml"' if "<math" in text else ""
            item = f"{theme}-{page.stem}"
            href = f"{theme}/text/{page.name}"
            items.append(f'<item id="{item}-page" href="{href}" media-type="application/xhtml+xml"{properties}/>')
            spine.append(f'<itemref idref="{item}-page"/>')
    parts["EPUB/package.opf"] = PACKAGE.format(items="".join(items), spine="".join(spine))
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        for name, text in parts.items():
            archive.writestr(name, text)


CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u" xml:lang="en">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Themes</dc:title><dc:language>en</dc:language>'
    '<dc:identifier id="u">urn:uuid:12345678-1234-4234-8234-123456789012</dc:identifier>'
    '<meta property="dcterms:modified">2025-01-01T00:00:00Z</meta></metadata>'
    '<manifest><item id="sea" href="images/sea.svg" media-type="image/svg+xml"/>{items}</manifest>'
    "<spine>{spine}</spine></package>"
)
