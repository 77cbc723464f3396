"""volumes.yaml: the volumes in order, and what each takes from the series."""

from pathlib import Path

import pytest

from chapbook.model.metadata import Contributor, Identifier, Series
from chapbook.reading.folder import read_folder
from chapbook.reading.volumes import parse_volumes, read_volumes

SHARED = (
    "title: The Saga\nauthor: Ann\nlanguage: de\npublisher: P\ntheme: verse\ncss: series.css\nvolumes: [two, one]\n"
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text("a")
    (tmp_path / "one" / "book.yaml").write_text("title: One\npublisher: Own\nseries: {name: Other, index: 7}\n")
    (tmp_path / "series.css").write_text("p {}")
    (tmp_path / "volumes.yaml").write_text(SHARED)
    return tmp_path


def test_a_volume_takes_what_its_own_book_yaml_does_not_say(library: Path) -> None:
    series = read_volumes(library)
    assert series is not None
    assert (series.title, series.diagnostics) == ("The Saga", ())
    assert [(each.folder, each.number) for each in series.volumes] == [("two", 1), ("one", 2)]
    two, one = (read_folder(library / each.folder, shared=series.fields(each)) for each in series.volumes)
    assert two.metadata.series == Series(name="The Saga", index="1")
    assert one.metadata.series == Series(name="Other", index="7")
    assert (two.metadata.publisher, one.metadata.publisher) == ("P", "Own")
    assert two.metadata.authors == one.metadata.authors == (Contributor(name="Ann"),)
    assert (two.metadata.title, one.metadata.title) == ("Two", "One")
    assert (two.metadata.language, two.settings.theme) == ("de", "verse")
    assert two.settings.css == (library.resolve() / "series.css",)
    assert [each.code for each in two.diagnostics] == ["title-missing"]
    assert one.diagnostics == ()


def test_an_identifier_is_never_shared() -> None:
    series = parse_volumes("title: S\nidentifier: 9783161484100\nvolumes: [a]")
    assert series.shared.values["identifier"] == Identifier(scheme="isbn", value="urn:isbn:9783161484100")
    assert "identifier" not in series.fields(series.volumes[0]).values


def test_no_volumes_yaml(tmp_path: Path) -> None:
    assert read_volumes(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("title: S\n", "settings-invalid", None),
        ("title: S\nvolumes:\n", "value-type", 2),
        ("title: S\nvolumes: one\n", "value-type", 2),
        ("title: S\nvolumes: []\n", "settings-invalid", 2),
        ("title: S\nvolumes:\n- a\n- [b]\n", "value-type", 4),
        ("title: S\nvolumes:\n- a\n- ../b\n", "value-invalid", 4),
        ("title: S\nvolumes:\n- a\n- /b\n", "value-invalid", 4),
        ("title: S\nvolumes:\n- a\n- ./a/\n", "value-invalid", 4),
        ("volumes: [a]\n", "title-missing", None),
        ("title: S\nlangauge: en\nvolumes: [a]\n", "key-unknown", 2),
        ("title: S\nlanguage: en_US\nvolumes: [a]\n", "language-invalid", 2),
        ("- a\n", "settings-invalid", 1),
        ("a: b: c\n", "settings-invalid", 1),
    ],
)
def test_faults_are_named_with_their_line(text: str, code: str, line: int | None) -> None:
    first = parse_volumes(text).diagnostics[0]
    assert (first.code, first.path, first.line) == (code, "volumes.yaml", line)


def test_a_folder_that_is_not_there_stops_no_other(library: Path) -> None:
    (library / "volumes.yaml").write_text("title: S\nvolumes:\n- one\n- three\n- two\n")
    (library / "out").symlink_to(library.parent)
    series = read_volumes(library)
    assert series is not None
    assert [(each.code, each.line) for each in series.diagnostics] == [("source-missing", 4)]
    assert [(each.folder, each.number) for each in series.volumes] == [("one", 1), ("two", 3)]


def test_a_slip_of_volumes_is_told_as_one() -> None:
    said = parse_volumes("title: S\nxyzzy: 1\nvolums: [a]\n").diagnostics
    assert [each.hint for each in said if each.code == "key-unknown" and each.line == 3] == ["write 'volumes'"]
    assert [each.line for each in said if each.code == "settings-invalid"] == [3]
    listed = parse_volumes("title: S\nxyzzy: 1\nvolumes: [a]\n").diagnostics
    assert "'volumes'" in (listed[0].hint or "")


def test_a_link_out_of_the_library_is_no_volume(library: Path) -> None:
    beside = library.parent / f"{library.name}-secret"
    beside.mkdir()
    (library / "beside").symlink_to(beside)
    (library / "above").symlink_to(library.parent)
    (library / "within").symlink_to("one")
    (library / "volumes.yaml").write_text("title: S\nvolumes: [beside, above, within]\n")
    series = read_volumes(library)
    assert series is not None
    assert [each.folder for each in series.volumes] == ["within"]
    assert [(each.code, each.line) for each in series.diagnostics] == [("source-missing", 2)] * 2
