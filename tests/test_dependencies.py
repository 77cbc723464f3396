"""What chapbook depends on is what the docs tell of it: libraries, licences, versions; and a book needs no extra."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from importlib.metadata import distribution
from pathlib import Path

import pytest

from chapbook import Book
from support.dependencies import APART, DEV, EXTRAS, LIBRARIES, Requirement, imported_as, modules_that_use, names
from support.installed_sizes import sizes
from test_docs import rows, section

ROOT = Path(__file__).parent.parent
EVERY_EXTRA = tuple(each for listed in EXTRAS.values() for each in listed)


@pytest.mark.parametrize(
    ("heading", "listed"),
    [
        ("What it is built on", LIBRARIES),
        ("What an extra brings", EVERY_EXTRA),
        ("What its development needs", DEV),
        ("Tools with an environment of their own", tuple(each for each in APART if each.name not in names(DEV))),
    ],
)
def test_the_docs_tell_every_dependency(heading: str, listed: tuple[Requirement, ...]) -> None:
    told = {name.lower().replace("_", "-") for row in rows("docs/dependencies.md", heading) for name in row[0]}
    assert told == names(listed)


def test_every_library_is_used() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    for each in LIBRARIES:
        assert modules_that_use(each.name) or f'"{imported_as(each.name)}"' in sources, each.name


def test_every_library_has_a_lowest_version_and_the_reason_for_it() -> None:
    for each in (*LIBRARIES, *EVERY_EXTRA):
        assert re.fullmatch(r"[>=]=[\w.]+(,<[\w.]+)?", each.versions), each
        assert each.why, f"{each.name}: say behind it in pyproject.toml why it is {each.versions}"


def test_every_tool_has_a_lowest_version() -> None:
    assert all(each.versions.startswith(">=") for each in (*DEV, *APART))


def test_the_development_has_every_extra_from_the_same_version_on() -> None:
    assert {(each.name, each.versions) for each in EVERY_EXTRA} <= {(each.name, each.versions) for each in DEV}


def test_a_book_needs_no_extra(tmp_path: Path) -> None:
    source = ROOT / "examples" / "harbour-year"  # in the default dialect
    hidden = [imported_as(each.name) for each in EVERY_EXTRA]
    script = f"import sys; sys.modules |= dict.fromkeys({hidden}); from chapbook.__main__ import main; main()"
    target = tmp_path / "book.epub"
    words = [sys.executable, "-c", script, "build", str(source), "-o", str(target), "--no-cache"]
    subprocess.run(words, check=True, timeout=120)
    Book.from_folder(source).write(tmp_path / "other.epub")
    assert target.read_bytes() == (tmp_path / "other.epub").read_bytes()


@pytest.mark.parametrize("heading", ["What it is built on", "What an extra brings", "What its development needs"])
def test_the_licences_are_those_that_the_distributions_state(heading: str) -> None:
    table = next(element for element in section("docs/dependencies.md", heading) if element.tag == "table")
    for row in table.xpath("tbody/tr"):
        told = row[2].text_content()
        for name in (code.text_content() for code in row[0].iter("code")):
            assert agree(told, stated(name)), f"{name}: {told}, {stated(name)}"


def stated(name: str) -> str:
    """What a distribution says of its licence, in one of the three ways there are; empty where it says nothing."""
    metadata = distribution(name).metadata
    classified = [each for each in metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    stated = [str(metadata[key]) for key in ("License-Expression", "License") if key in metadata]
    return " ".join((*stated, *classified))


def agree(told: str, said: str) -> bool:
    family = re.match(r"[A-Za-z]+", told)
    assert family, told
    return not said or family[0].lower() in said.lower().replace("general public license", "gpl")


@pytest.mark.parametrize("heading", ["What it is built on", "What an extra brings"])
def test_the_sizes_are_about_those_of_this_installation(heading: str) -> None:
    """Versions differ, and some installers compile nothing: so by a factor of three, or one megabyte."""
    real = {name.lower().replace("_", "-"): size for name, size in sizes(Path(sysconfig.get_path("purelib"))).items()}
    table = next(element for element in section("docs/dependencies.md", heading) if element.tag == "table")
    for row in table.xpath("tbody/tr"):
        name, told = row[0].text_content().lower(), float(row[3].text_content())
        assert real[name] / 3 - 1 < told < real[name] * 3 + 1, f"{name}: {told}, {real[name]:.1f}"
