"""`chapbook metadata`: all that the package documents say, as JSON and as a table."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from chapbook.command import cli
from support.opened import Opened


def library(folder: Path, **own: str) -> Path:
    names = list(own) or ["one", "two"]
    shared = (
        f"title: Row\nlanguage: en\nauthor: {{name: Ann Bee, file_as: 'Bee, Ann'}}\nvolumes: [{', '.join(names)}]\n"
    )
    folder.mkdir(exist_ok=True)
    (folder / "volumes.yaml").write_text(shared)
    for name in names:
        (folder / name).mkdir()
        (folder / name / "book.yaml").write_text(f"title: {name}\n{own.get(name, '')}")
        (folder / name / "a.md").write_text("# A\n\nThree words here.\n")
    return folder


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_json_has_every_field_of_every_volume(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    claim = "accessibility: {conforms_to: WCAG 2.1 AA, certified_by: Ann, certifier_report: 'https://a.b/c'}\n"
    shelf = library(tmp_path / "shelf", one="contributors: {translator: Tom, editor: [Eve, Pat]}\n", two=claim)
    assert cli.run(["metadata", str(shelf), "--no-cache"]) == 0
    out, err = capfdbinary.readouterr()
    one, two = json.loads(out)["books"]
    assert err == b""
    assert (one["title"], one["chapters"], one["words"], one["ok"], one["output"]) == ("one", 1, 4, True, None)
    assert one["metadata"]["dc:creator"] == [{"value": "Ann Bee", "role": "aut", "file-as": "Bee, Ann"}]
    assert [(each["value"], each["role"]) for each in one["metadata"]["dc:contributor"]] == [
        ("Tom", "trl"),
        ("Eve", "edt"),
        ("Pat", "edt"),
    ]
    assert one["metadata"]["belongs-to-collection"] == [
        {"value": "Row", "collection-type": "series", "group-position": "1"}
    ]
    assert two["metadata"]["dcterms:conformsTo"] == [
        {
            "value": "EPUB Accessibility 1.1 - WCAG 2.1 Level AA",
            "a11y:certifiedBy": "Ann",
            "a11y:certifierReport": "https://a.b/c",
        }
    ]
    assert cli.run(["build", str(shelf / "one"), "-o", str(tmp_path / "one.epub"), "--no-cache", "-q"]) == 0
    names = {each.get("property") or each.get("name") for each in Opened(tmp_path / "one.epub").package[0]}
    told = {name for name in one["metadata"] if not name.startswith("dc:")}
    assert told - names <= {"belongs-to-collection", "calibre:series", "calibre:series_index"}, "alone it has no series"


def test_csv_has_a_row_for_each_volume_and_a_column_for_each_name(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    shelf = library(
        tmp_path / "shelf", one="subjects: [Sea, Ships]\n", two="publisher: 'P; Q'\ndescription: \"a\\n\\nb\"\n"
    )
    assert cli.run(["metadata", "--csv", str(shelf), "--no-cache"]) == 0
    out, err = capfdbinary.readouterr()
    one, two = rows(out.decode())
    assert err == b""
    assert (one["source"], one["chapters"], one["words"], one["ok"]) == (str(shelf / "one"), "1", "4", "yes")
    assert (one["dc:title"], one["dc:creator"], one["dc:creator.file-as"]) == ("one", "Ann Bee", "Bee, Ann")
    assert (one["dc:subject"], two["dc:subject"]) == ("Sea; Ships", "")
    assert (one["dc:publisher"], two["dc:publisher"]) == ("", "P; Q")
    assert two["dc:description"] == "a\n\nb"
    assert [each["belongs-to-collection.group-position"] for each in (one, two)] == ["1", "2"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "＝"])
def test_no_cell_is_a_formula(first: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    formula = f'{first}HYPERLINK("http://evil.example","x")'
    book = f"title: '{formula}'\nlanguage: en\nauthor: '{formula}'\nsubjects: ['{formula}', b]\nedition: '{formula}'\n"
    (tmp_path / "book.yaml").write_text(book, "utf-8")
    (tmp_path / "a.md").write_text("Words.")
    assert cli.run(["metadata", "--csv", str(tmp_path), "--no-cache"]) == 0
    (row,) = rows(capfdbinary.readouterr().out.decode())
    assert row["dc:title"] == row["dc:creator"] == row["schema:bookEdition"] == f"'{formula}"
    assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for cell in row.values())


def test_a_book_with_errors_has_a_row_and_the_others_theirs(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    shelf = library(tmp_path / "shelf", one="toc_depth: 9\n", two="")
    assert cli.run(["metadata", "--csv", str(shelf), "--no-cache"]) == 1
    out, err = capfdbinary.readouterr()
    assert [(each["ok"], each["dc:title"]) for each in rows(out.decode())] == [("no", ""), ("yes", "two")]
    assert b"[value-invalid]" in err
    assert cli.run(["metadata", str(shelf), "--no-cache"]) == 1
    one, two = json.loads(capfdbinary.readouterr().out)["books"]
    assert (one["metadata"], one["diagnostics"][0]["code"]) == ({}, "value-invalid")
    assert two["metadata"]["dc:title"]


def test_nothing_is_written_and_drafts_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "book.yaml").write_text("title: T\nlanguage: en\n")
    (tmp_path / "in" / "a.md").write_text("---\ndraft: true\n---\nWords.")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert cli.run(["metadata", "in", "--no-cache"]) == 1
    assert cli.run(["metadata", "in", "--drafts", "--no-cache"]) == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_what_was_kept_is_told_as_what_was_read(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    shelf = library(tmp_path / "shelf")
    told = []
    for _ in range(2):
        assert cli.run(["metadata", str(shelf), "--csv"]) == 0
        told.append(capfdbinary.readouterr().out)
    assert told[0] == told[1] != b""
