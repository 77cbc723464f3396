"""A content folder as a book: what is a chapter, a part, or left out; the order; the messages in it."""

import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapbook.model.contents import Item, Part
from chapbook.model.diagnostics import ChapbookError, Severity
from chapbook.model.settings import ContentFile
from chapbook.reading.content_folder import decode_text
from chapbook.reading.folder import FolderContents, read_folder, settings_files
from chapbook.reading.source import read_file, read_source

BOOK = "title: T\nlanguage: en\n"


def make(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def outline(items: Iterable[Item]) -> list[object]:
    """Paths in order, a part's contents in a list after it."""
    result: list[object] = []
    for item in items:
        result.append(item.path)
        if isinstance(item, Part):
            result.append(outline(item.contents))
    return result


def told(read: FolderContents) -> list[tuple[str, str | None]]:
    return [(each.code, each.path) for each in read.diagnostics]


def weighted(weight: object, text: str = "x") -> str:
    return f"---\nweight: {weight}\n---\n{text}"


def test_parts_bundles_and_chapters(tmp_path: Path) -> None:
    read = read_folder(
        make(
            tmp_path,
            {
                "book.yaml": BOOK,
                "preface.md": weighted(-1),
                "one/_index.md": "---\ntitle: One\nweight: 2\n---\nhello",
                "one/arrival.md": "a",
                "one/deeper/A.MD": "a",
                "one/deeper/b.Markdown": "b",
                "my-part/x.md": "x",
                "maps/index.md": weighted("'1'"),
                "maps/map.png": b"",
                "images/x.png": b"",
                "static/y/z.png": b"",
            },
        )
    )
    assert outline(read.items) == [
        "preface.md",
        "maps/index.md",
        "one",
        ["one/arrival.md", "one/deeper", ["one/deeper/A.MD", "one/deeper/b.Markdown"]],
        "my-part",
        ["my-part/x.md"],
    ]
    one, mine = (item for item in read.items if isinstance(item, Part))
    assert (one.opening.path, one.opening.title, one.opening.text) == ("one/_index.md", "One", "hello")
    assert (mine.opening.path, mine.opening.title) == ("my-part/_index.md", "My part")
    assert read.diagnostics == ()
    assert {"maps/map.png", "static/y/z.png", "book.yaml"} < read.files.names()
    assert pickle.loads(pickle.dumps(read)) == read


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    read = read_folder(
        make(
            tmp_path,
            {
                "book.yaml": BOOK,
                "README.md": "r",
                "summary.md": "s",
                "License.markdown": "l",
                "a.md": "a",
                "draft.md": "---\ndraft: true\n---\n",
                "_hidden.md": "h",
                "_folder/a.md": "h",
                ".git/a.md": "h",
                ".hidden.md": "h",
                "node_modules/p/README.md": "n",
                "one/node_modules/a.md": "n",
                "maps/index.md": "m",
                "maps/other.md": "o",
                "maps/in/deep.md": "d",
                "later/_index.md": "---\ndraft: yes\n---\n",
                "later/b.md": "b",
                "empty/_index.md": "---\ntitle: Empty\n---\n",
                "empty/draft.md": "---\ndraft: true\n---\n",
            },
        )
    )
    assert outline(read.items) == ["a.md", "maps/index.md"]
    assert told(read) == [
        ("left-out", "License.markdown"),
        ("left-out", "README.md"),
        ("left-out", "summary.md"),
        ("draft", "draft.md"),
        ("draft", "empty/draft.md"),
        ("draft", "later/_index.md"),
        ("beside-bundle", "maps/other.md"),
        ("beside-bundle", "maps/in/deep.md"),
    ]
    assert {"README.md", "draft.md", "later/b.md", "maps/other.md"} <= read.left_out
    assert "a.md" not in read.left_out
    assert not any("node_modules" in name or ".git" in name for name in read.files.names())


def test_the_table_of_contents_of_another_tool_is_said_not_to_be_read(tmp_path: Path) -> None:
    read = read_folder(make(tmp_path, {"book.yaml": BOOK, "SUMMARY.md": "# S", "README.md": "r", "a.md": "a"}))
    notes = {each.path: (each.message, each.hint) for each in read.diagnostics}
    assert notes["SUMMARY.md"][0] == "chapbook ignores 'SUMMARY.md': weights and file names set the order"
    assert notes["README.md"][1] == "if it opens the book, rename it to '_index.md'"


def test_many_files_beside_an_index_are_told_by_their_number(tmp_path: Path) -> None:
    files = {f"site/{number}/page.md": "p" for number in range(40)}
    read = read_folder(make(tmp_path, {"book.yaml": BOOK, "hugo.toml": "", "site/index.md": "i", **files}))
    assert len(read.left_out) == 40
    assert len(read.diagnostics) == 11
    assert read.diagnostics[-1].message == "this and 29 more left out: 'site/index.md' makes its folder one chapter"


def test_drafts_are_taken_in(tmp_path: Path) -> None:
    files = {
        "book.yaml": BOOK,
        "a.md": "---\ndraft: true\n---\n",
        "p/_index.md": "---\ndraft: true\n---\n",
        "p/b.md": "b",
    }
    read = read_folder(make(tmp_path, files), drafts=True)
    assert outline(read.items) == ["a.md", "p", ["p/b.md"]]
    assert read.diagnostics == ()


def test_a_readme_opens_a_part_that_has_no_other_opening(tmp_path: Path) -> None:
    files = {
        "book.yaml": BOOK,
        "p/README.md": "# P",
        "p/a.md": "a",
        "q/README.md": "q",
        "r/_index.md": "r",
        "r/README.md": "x",
    }
    read = read_folder(make(tmp_path, files))
    assert outline(read.items) == ["p", ["p/a.md"], "q", [], "r", ["r/README.md"]]
    assert [item.opening.path for item in read.items if isinstance(item, Part)] == [
        "p/README.md",
        "q/README.md",
        "r/_index.md",
    ]


def test_an_index_at_the_root_or_beside_an_opening_is_a_chapter(tmp_path: Path) -> None:
    files = {"book.yaml": BOOK, "index.md": "i", "a.md": "a", "p/_index.md": "p", "p/index.md": "i", "p/b.md": "b"}
    read = read_folder(make(tmp_path, files))
    assert outline(read.items) == ["a.md", "index.md", "p", ["p/b.md", "p/index.md"]]


def test_the_roots_opening_comes_first_and_may_give_the_title(tmp_path: Path) -> None:
    files = {
        "_index.md": "---\ntitle: From the opening\nweight: 99\n---\nHello",
        "a.md": weighted("-1e20"),
        "b.md": "b",
    }
    read = read_folder(make(tmp_path, files))
    assert outline(read.items) == ["_index.md", "a.md", "b.md"]
    first = read.items[0]
    assert not isinstance(first, Part)
    assert (first.type, read.metadata.title) == ("introduction", "From the opening")
    assert told(read) == [("language-missing", "book.yaml")]
    from chapbook.model.order import in_order  # noqa: PLC0415 - the law that the opening keeps its place

    assert in_order(reversed(read.items)) == read.items


def test_a_roots_opening_without_text_is_no_chapter(tmp_path: Path) -> None:
    read = read_folder(make(tmp_path, {"book.yaml": BOOK, "_index.md": "---\ntitle: X\n---\n", "a.md": "a"}))
    assert (outline(read.items), read.metadata.title) == (["a.md"], "T")


def test_defaults_are_warned_of(tmp_path: Path) -> None:
    read = read_folder(make(tmp_path / "02-my_book", {"a.md": "a"}))
    assert (read.metadata.title, read.metadata.language) == ("My book", "en")
    assert [(each.code, each.path, each.line) for each in read.diagnostics] == [
        ("title-missing", "book.yaml", None),
        ("language-missing", "book.yaml", None),
    ]
    wrong = read_folder(make(tmp_path / "wrong", {"book.yaml": "title: [a]\nlanguage: en_US", "a.md": "a"}))
    assert [each.code for each in wrong.diagnostics] == ["value-type", "language-invalid"]


def test_book_yml_and_two_settings_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"book.yml": "titel: x\ntitle: A\nlanguage: en", "a.md": "a", "Cover.jpg": b""}
    assert told(read_folder(make(tmp_path, files))) == [("key-unknown", "book.yml")]
    both = read_folder(make(tmp_path, {"book.yaml": BOOK + "cover: Cover.jpg"}))
    assert told(both) == [("settings-doubled", "book.yml")]
    assert both.settings.cover == ContentFile("Cover.jpg")


def test_every_fault_is_named_in_the_books_order(tmp_path: Path) -> None:
    read = read_folder(
        make(
            tmp_path,
            {
                "book.yaml": BOOK + "cover: no.jpg\nfont: x\n",
                "z.md": weighted(1) + "\n",
                "a.md": weighted(2),
                "b.md": weighted("2.0"),
                "bad.md": b"\xef\xbb\xbfline\r\ncaf\xc3\xa9 \xe9",
                "p/_index.md": weighted("heavy"),
                "p/c.md": "---\ntitle: [x]\n---\n",
                "p/utf16.md": "x".encode("utf-16"),
                "q.md": "---\nnever closed",
            },
        )
    )
    assert [(each.code, each.path, each.line, each.column) for each in read.diagnostics] == [
        ("setting-file-missing", "book.yaml", 3, 8),
        ("key-unknown", "book.yaml", 4, 1),
        ("weight-equal", "b.md", 2, 1),
        ("not-utf8", "bad.md", 2, 6),
        ("weight-invalid", "p/_index.md", 2, 9),
        ("value-type", "p/c.md", 2, 8),
        ("not-utf8", "p/utf16.md", 1, 1),
        ("front-matter-unclosed", "q.md", 1, 1),
    ]
    assert read.broken == {"bad.md", "p/utf16.md"}
    assert outline(read.items) == ["z.md", "a.md", "b.md", "p", ["p/c.md"], "q.md"]


@pytest.mark.parametrize("files", [{}, {"README.md": "r"}, {"images/a.png": ""}, {"a.md": "---\ndraft: true\n---\n"}])
def test_a_folder_without_chapters(tmp_path: Path, files: Mapping[str, str]) -> None:
    read = read_folder(make(tmp_path, {"book.yaml": BOOK, **files}))
    assert read.diagnostics[-1].code == "no-chapters"
    assert read.items == ()


@pytest.mark.parametrize("name", ["nothing", "a.txt"])
def test_a_source_that_is_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(ChapbookError) as error:
        read_source(tmp_path / name)
    assert [each.code for each in error.value.diagnostics] == ["source-missing"]


def test_one_file_is_a_book(tmp_path: Path) -> None:
    said = "title: A tale\nauthor: {name: Ann, role: editor}\nlanguage: de\ndate: 2024\npublisher: P\ncover: c.png\n"
    text = f"---\n{said}---\nx"
    make(tmp_path, {"a tale.md": text, "c.png": b"p", "other.md": "o", "../outside.md": ""})
    read = read_source(tmp_path / "a tale.md")
    assert read.diagnostics == ()
    metadata = read.metadata
    assert (metadata.title, metadata.language, metadata.date, metadata.publisher) == ("A tale", "de", "2024", "P")
    assert [each.role for each in metadata.authors] == ["edt"]
    assert outline(read.items) == ["a tale.md"]
    assert read.files.read("c.png") == b"p"
    assert read.settings.cover == ContentFile("c.png")
    assert read.settings.source == "a tale.md"


def test_the_faults_of_one_file_are_told_once(tmp_path: Path) -> None:
    make(
        tmp_path, {"a.md": "---\ntitle: [A]\nlanguage: xx\nwieght: 1\nmenu: main\ncover: c.png\n---\nx", "b.md": "text"}
    )
    read = read_file(tmp_path / "a.md")
    assert [(each.code, each.line) for each in read.diagnostics] == [
        ("value-type", 2),
        ("language-invalid", 3),
        ("key-unknown", 4),
        ("setting-file-missing", 6),
    ]
    plain = read_file(tmp_path / "b.md")
    assert plain.metadata.title == "B"
    assert [each.severity for each in plain.diagnostics] == [Severity.WARNING] * len(plain.diagnostics)


weights = st.none() | st.integers(-3, 3) | st.sampled_from(["1.5", "-0.5", "'2'", "010"])
siblings = st.dictionaries(st.from_regex(r"[a-c]{0,2}[0-9]{1,2}", fullmatch=True), weights, min_size=1, max_size=7)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(siblings, st.randoms(use_true_random=False), st.data())
def test_siblings_stand_in_one_order(
    tmp_path_factory: pytest.TempPathFactory, named: dict[str, object], chance: object, data: st.DataObject
) -> None:
    """Ascending weights, those without one last, ties by natural order; whatever order the disk lists them in."""
    del chance
    names = data.draw(st.permutations(sorted(named)))
    root = tmp_path_factory.mktemp("book")
    make(
        root,
        {"book.yaml": BOOK} | {f"{name}.md": weighted("" if named[name] is None else named[name]) for name in names},
    )
    read = read_folder(root)

    def rank(name: str) -> tuple[bool, float, list[object]]:
        weight = named[name]
        letters = name.rstrip("0123456789")
        return weight is None, float(str(weight or 0).strip("'")), [letters, int(name[len(letters) :]), f"{name}.md"]

    assert outline(read.items) == [f"{name}.md" for name in sorted(named, key=rank)]


def test_of_several_settings_files_the_one_with_the_usual_name_is_read() -> None:
    names = ["BOOK.YAML", "book.yml", "Book.yml", "book.yaml", "book.json"]
    assert settings_files(names) == ["book.yaml", "BOOK.YAML", "book.yml", "Book.yml"]
    assert settings_files(["book.yml", "BOOK.YAML"]) == ["BOOK.YAML", "book.yml"]


@pytest.mark.parametrize(
    ("data", "words", "place"),
    [
        ("é".encode("utf-16"), "the file is UTF-16, not UTF-8", (1, 1)),
        (b"\xfe\xff" + "é".encode("utf-16-be"), "the file is UTF-16, not UTF-8", (1, 1)),
        ("é".encode("utf-32"), "the file is UTF-32, not UTF-8", (1, 1)),
        ("a\r\né\rb ü ".encode() + b"\xe9", "the byte 0xE9 isn't UTF-8", (3, 5)),
        (b"\x80", "the byte 0x80 isn't UTF-8", (1, 1)),
    ],
)
def test_another_encoding_is_named_where_it_shows(data: bytes, words: str, place: tuple[int, int]) -> None:
    with pytest.raises(ChapbookError) as raised:
        decode_text(data, "a.md")
    (said,) = raised.value.diagnostics
    assert (said.code, said.path, said.message, (said.line, said.column)) == ("not-utf8", "a.md", words, place)
