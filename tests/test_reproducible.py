"""The same input gives the same bytes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapbook import Book, Chapter
from support.corpus import write_corpus

EXAMPLE = Path(__file__).parent.parent / "examples" / "winter-sky"


def build(source: Path, target: Path, *words: str, **environment: str) -> bytes:
    subprocess.run(
        [sys.executable, "-m", "chapbook", "build", str(source), "-o", str(target), "-q", *words],
        env={**os.environ, **environment},
        check=True,
        timeout=120,
    )
    return target.read_bytes()


def modified(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        found = re.search(r'"dcterms:modified">([^<]*)<', archive.read("EPUB/package.opf").decode())
    assert found
    return found[1]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return build(EXAMPLE, tmp_path_factory.mktemp("reference") / "reference.epub")


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_under_any_hash_seed(reference: bytes, seed: str, tmp_path: Path) -> None:
    assert build(EXAMPLE, tmp_path / "x.epub", PYTHONHASHSEED=seed) == reference


def test_from_another_folder_after_touch(reference: bytes, tmp_path: Path) -> None:
    copy = tmp_path / "some where else"
    shutil.copytree(EXAMPLE.parent, copy)
    for path in copy.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert build(copy / EXAMPLE.name, tmp_path / "x.epub") == reference


def test_in_another_time_zone_and_locale_for_another_user(reference: bytes, tmp_path: Path) -> None:
    elsewhere = {"TZ": "Pacific/Auckland", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "HOME": str(tmp_path), "USER": "x"}
    assert build(EXAMPLE, tmp_path / "x.epub", **elsewhere) == reference


@pytest.mark.parametrize("jobs", ["1", "2", "3"])
def test_with_any_number_of_jobs(reference: bytes, jobs: str, tmp_path: Path) -> None:
    assert build(EXAMPLE, tmp_path / "x.epub", "-j", jobs) == reference


def test_from_python_in_a_process_that_has_built_other_books(reference: bytes, tmp_path: Path) -> None:
    other = Book(title="Other", dialect="commonmark")
    other.add(Chapter(title="x", text="# y\n\n[^1] $a$\n\n[^1]: n\n"))
    other.write(tmp_path / "other.epub")
    Book.from_folder(EXAMPLE).write(tmp_path / "x.epub")
    assert (tmp_path / "x.epub").read_bytes() == reference


def test_source_date_epoch_is_the_date_of_a_book_that_has_none(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("title: T\nlanguage: en\n")
    (tmp_path / "a.md").write_text("---\ndate: 2020-02-02\n---\n# A\n\nText.\n")
    build(tmp_path, tmp_path / "x.epub", SOURCE_DATE_EPOCH="1700000000")
    assert modified(tmp_path / "x.epub") == "2023-11-14T22:13:20Z"
    build(tmp_path, tmp_path / "x.epub", SOURCE_DATE_EPOCH="")
    assert modified(tmp_path / "x.epub") == "2020-02-02T00:00:00Z"


def test_a_long_book_with_workers(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", chapters=40)
    assert build(corpus, tmp_path / "1.epub", "-j", "1") == build(corpus, tmp_path / "2.epub", "-j", "2")


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=200)), min_size=1, max_size=4))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_folder_s_bytes_do_not_depend_on_the_order_of_its_files(
    tmp_path_factory: pytest.TempPathFactory, chapters: list[tuple[str, str]]
) -> None:
    written = []
    for order in (1, -1):
        folder = tmp_path_factory.mktemp("book")
        (folder / "book.yaml").write_text("title: T\nlanguage: en\n")
        for at, (_, text) in list(enumerate(chapters))[::order]:
            (folder / f"c{at}.md").write_text(f"# C {at}\n\n{text}", "utf-8", newline="")
        Book.from_folder(folder).write(folder / "x.epub")
        written.append((folder / "x.epub").read_bytes())
    assert written[0] == written[1]
