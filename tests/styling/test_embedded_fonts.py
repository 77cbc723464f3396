"""Fonts through the whole command: packed, made smaller, told to Apple Books, their licences said."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import fontpkg_eb_garamond  # type: ignore[import-untyped]
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from chapbook import Book, Chapter, FontFile
from chapbook.assets.sfnt import read_font
from chapbook.model.diagnostics import ChapbookError
from chapbook.styling.fonts import characters_of, need_font_tools, subset_font
from support.epubcheck import EpubCheck
from support.gate import check_epub
from support.made_fonts import font

GARAMOND = Path(fontpkg_eb_garamond.__file__).parent / "files" / "EBGaramond[wght].ttf"
IBOOKS = "ibooks: http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book = tmp_path / "book"
    book.mkdir()
    shutil.copy(GARAMOND, book / "garamond.ttf")
    (book / "one.md").write_text("# One\n\nWąż, π &mdash; “text”.\n", encoding="utf-8")
    (book / "look.css").write_text(
        'h1 { font-family: "EB Garamond" }\nh1:before { content: "\\2020" }\n', encoding="utf-8"
    )
    return book


def settings(folder: Path, fonts: str) -> None:
    text = f"title: A Book\nlanguage: en\ncss: look.css\n{fonts}\n"
    (folder / "book.yaml").write_text(text, encoding="utf-8")


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "chapbook", "build", "--no-cache", str(folder), "-o", str(folder / "out.epub")]
    return subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)


def unpacked(folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(folder / "out.epub") as archive:
        return {name.removeprefix("EPUB/"): archive.read(name) for name in archive.namelist()}


def packed_font(files: dict[str, bytes]) -> bytes:
    (name,) = [name for name in files if name.endswith(".ttf")]
    assert name.removeprefix("styles/") in files["styles/fonts.css"].decode()
    return files[name]


def test_a_font_is_packed_and_its_licence_is_said(folder: Path, epubcheck: EpubCheck) -> None:
    settings(folder, "fonts: [garamond.ttf]")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    assert "book.yaml:4:9: note: the font 'EB Garamond" in done.stderr
    assert "SIL Open Font License" in done.stderr
    assert "https://" in done.stderr
    files = unpacked(folder)
    assert packed_font(files) == GARAMOND.read_bytes()
    package = files["package.opf"].decode()
    assert f'prefix="{IBOOKS}"' in package
    assert '<meta property="ibooks:specified-fonts">true</meta>' in package
    assert check_epub(folder / "out.epub") == []
    assert [each for each in epubcheck.messages(folder / "out.epub") if each.id != "CSS-028"] == []


def test_apple_books_is_told_of_fonts_only_where_there_are_some(folder: Path) -> None:
    settings(folder, "fonts: []")
    assert build(folder).returncode == 0
    assert b"ibooks" not in unpacked(folder)["package.opf"]


def test_a_font_of_a_style_sheet_counts_too(folder: Path) -> None:
    settings(folder, "")
    (folder / "look.css").write_text('@font-face { font-family: "G"; src: url(garamond.ttf) }', encoding="utf-8")
    assert build(folder).returncode == 0
    assert b'"ibooks:specified-fonts">true' in unpacked(folder)["package.opf"]


def test_a_subset_has_the_characters_of_the_book_and_keeps_the_licence(folder: Path, epubcheck: EpubCheck) -> None:
    settings(folder, "fonts: [{file: garamond.ttf, subset: true}]")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    files = unpacked(folder)
    made = packed_font(files)
    assert len(made) < GARAMOND.stat().st_size / 4
    known = set(TTFont(io.BytesIO(made)).getBestCmap())
    assert {ord(each) for each in "WążπĄŻΠ—“”Zz9†"} <= known
    assert not {ord(each) for each in "жß"} & known
    assert read_font(made).licence == read_font(GARAMOND.read_bytes()).licence != ""
    assert [each for each in epubcheck.messages(folder / "out.epub") if each.id != "CSS-028"] == []


def test_a_subset_is_the_same_each_time(folder: Path) -> None:
    settings(folder, "fonts: {file: garamond.ttf, subset: true}")
    build(folder)
    before = (folder / "out.epub").read_bytes()
    build(folder)
    assert (folder / "out.epub").read_bytes() == before


def test_other_text_changes_no_name(folder: Path) -> None:
    settings(folder, "fonts: {file: garamond.ttf, subset: true}")
    build(folder)
    before = unpacked(folder)
    (folder / "two.md").write_text("# Two\n\nЖизнь.\n", encoding="utf-8")
    build(folder)
    after = unpacked(folder)
    assert before["styles/fonts.css"] == after["styles/fonts.css"]
    assert packed_font(before) != packed_font(after)


def test_what_is_asked_for_whole_and_in_part_is_packed_whole(folder: Path) -> None:
    settings(folder, "fonts: [{file: garamond.ttf, subset: true}, garamond.ttf]")
    build(folder)
    assert packed_font(unpacked(folder)) == GARAMOND.read_bytes()


def checked(content: bytes, folder: Path) -> list[tuple[str, int | None, str | None]]:
    (folder / "own.ttf").write_bytes(content)
    settings(folder, "fonts:\n  - {file: own.ttf, subset: true}")
    errors = Book.from_folder(folder).check().errors
    return [(each.code, each.line, each.hint) for each in errors]


def test_a_licence_that_wants_the_whole_font_is_respected(folder: Path) -> None:
    whole = "remove 'subset' to pack the whole font"
    assert checked(font(fs_type=0x100), folder) == [("font-invalid", 5, whole)]


def test_no_subset_is_made_of_what_is_compressed(folder: Path) -> None:
    ((code, line, hint),) = checked(font(flavor="woff"), folder)
    assert (code, line) == ("font-invalid", 5)
    assert hint == "use TTF or OTF, or remove 'subset'"


def test_a_font_that_cannot_be_taken_apart_is_named(folder: Path) -> None:
    # The tables that say its name are whole, the one that holds its letters is not.
    content = bytearray(GARAMOND.read_bytes())
    at = content.index(b"glyf")
    content[at + 8 : at + 16] = b"\x00\xff\xff\x00\x7f\xff\xff\xff"
    ((code, line, _),) = checked(bytes(content), folder)
    assert (code, line) == ("font-invalid", 5)


def test_without_font_tools_the_way_out_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(folder, "fonts:\n  - {file: garamond.ttf, subset: true}")
    monkeypatch.setitem(sys.modules, "fontTools.subset", None)
    with pytest.raises(ChapbookError):
        need_font_tools("book.yaml", None)
    (error,) = Book.from_folder(folder).check().errors
    assert (error.code, error.path, error.line) == ("extra-missing", "book.yaml", 5)
    assert error.hint == "pip install 'chapbook[fonts]', or leave 'subset' out"


@pytest.mark.parametrize(
    ("fonts", "code", "line"),
    [
        ("fonts: [{subset: true}]", "value-invalid", 4),
        ("fonts: [{file: no.ttf, subset: true}]", "setting-file-missing", 4),
        ("fonts:\n  - {file: garamond.ttf, subset: perhaps}", "value-type", 5),
        ("fonts:\n  - [garamond.ttf]", "value-type", 5),
    ],
)
def test_what_is_wrong_with_the_setting_has_its_line(folder: Path, fonts: str, code: str, line: int) -> None:
    settings(folder, fonts)
    with pytest.raises(ChapbookError) as raised:
        Book.from_folder(folder)
    assert [(each.code, each.line) for each in raised.value.diagnostics] == [(code, line)]


def test_from_python_a_subset_is_asked_for_by_a_value(tmp_path: Path) -> None:
    book = Book(title="T", language="en", fonts=[FontFile(file=GARAMOND, subset=True)])
    book.add(Chapter(title="A", text="Text."))
    assert book.write(tmp_path / "a.epub").ok
    assert (tmp_path / "a.epub").stat().st_size < 700_000


def test_the_characters_are_those_that_are_shown() -> None:
    found = characters_of([b"<p title='&#x416;'>&amp;\xc3\xa9</p>"], ['q:before { content: "\\201C\\10FFFF\\FFFFFF" }'])
    assert {"Ж", "ж", "&", "é", "É", "“", "\U0010ffff"} <= found


def test_damage_gives_a_message_and_nothing_else() -> None:
    whole = GARAMOND.read_bytes()
    for place in range(12, 400, 16):
        damaged = whole[:place] + b"\xff\xff\xff\xff" + whole[place + 4 :]
        try:
            subset_font(damaged, frozenset("abc"))
        except ValueError as error:
            assert "chapbook can't make a subset of this font" in str(error)  # noqa: PT017 - either may come of it
