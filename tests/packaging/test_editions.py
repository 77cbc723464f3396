"""What changed from one edition of a book to the next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook import Changes
from chapbook.packaging.edition_changes import changes_between, documents_of
from support.command import run
from support.libraries import write_files

NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


def build(folder: Path) -> object:
    done = run("build", "book", "-o", "x.epub", "--json", cwd=folder)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)["books"][0]["changes"]


def test_chapters_that_are_new_changed_moved_or_gone(tmp_path: Path) -> None:
    chapters = {f"{name}.md": f"---\nweight: {at}\n---\n# {name}\n\nWords.\n" for at, name in enumerate("abcd")}
    book = write_files(tmp_path / "book", {"book.yaml": "title: T\nauthor: A\nlanguage: en\n", **chapters})
    nothing: dict[str, list[str]] = {"added": [], "changed": [], "moved": [], "removed": []}
    assert build(tmp_path) is None
    assert build(tmp_path) == nothing
    (book / "a.md").write_text(chapters["a.md"].replace("weight: 0", "weight: 9"), "utf-8")
    assert build(tmp_path) == {**nothing, "moved": ["text/a.xhtml"]}
    (book / "b.md").write_text(chapters["b.md"] + "More.\n", "utf-8")
    (book / "c.md").rename(book / "e.md")
    assert build(tmp_path) == {
        "added": ["text/e.xhtml"],
        "changed": ["text/b.xhtml"],
        "moved": [],
        "removed": ["text/c.xhtml"],
    }


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"no zip"])
def test_what_is_no_book_says_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.epub"
    assert documents_of(file) is None
    file.write_bytes(content)
    assert documents_of(file) is None
    write_files(tmp_path / "book", {"book.yaml": "title: T\nauthor: A\nlanguage: en\n", "a.md": "# A\n"})
    assert build(tmp_path) is None


@given(NAMES, NAMES, st.sets(st.sampled_from("abcdefgh")))
def test_changes_lead_from_one_to_the_other(before: list[str], after: list[str], others: set[str]) -> None:
    found = changes_between(dict.fromkeys(before, 1), {name: 2 if name in others else 1 for name in after})
    assert set(found.added) == set(after) - set(before)
    assert set(found.removed) == set(before) - set(after)
    assert set(found.changed) == set(before) & set(after) & others
    stay = [name for name in before if name in after and name not in found.moved]
    assert stay == [name for name in after if name in before and name not in found.moved]
    assert changes_between(dict.fromkeys(after, 1), dict.fromkeys(after, 1)) == Changes()
    assert len(found.moved) <= max(0, len(set(before) & set(after)) - 1)
