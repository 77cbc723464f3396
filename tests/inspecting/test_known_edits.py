"""An example book with forty edits that are made by chance: what is named is what was done, and nothing else."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from chapbook import Comparison
from chapbook.inspecting.comparing import compared_editions
from chapbook.inspecting.edition import Edition, read_edition
from support.made_epubs import picture

BOOK = Path(__file__).parents[2] / "examples" / "harbour-year"
EDITS = 40
PLAIN = re.compile(r"[A-Z][A-Za-z0-9 ,.;:?!'\n-]{120,}")
VERSE = 60
"""Characters of the longest line of verse, in which the ends of lines are seen."""
WORD = re.compile(r"(?<= )[a-z]{4,}(?= )")


class Edited:
    """A copy of the book, and what was done to it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.done: dict[str, Counter[str]] = defaultdict(Counter)
        """By the names of files the counts of what was changed there."""
        shutil.copytree(BOOK, folder)
        book = folder / "book.yaml"
        # The cover that is drawn shows the title and the theme: it would change with them.
        book.write_text(book.read_text("utf-8") + "cover: front.png\n", "utf-8")
        (folder / "front.png").write_bytes(picture((60, 90)))
        self.files = sorted(each for each in folder.rglob("*.md") if each.name != "_index.md")
        self.linked = "".join(each.read_text("utf-8") for each in self.files)
        self.blocks = [
            (file, block)
            for file in self.files
            for block in file.read_text("utf-8").partition("\n---\n")[2].split("\n\n")[1:]
            if PLAIN.fullmatch(block) and "\n:" not in block and max(map(len, block.split("\n"))) > VERSE
        ]
        self.chance.shuffle(self.blocks)
        self.nonce = 0

    def name(self, file: Path) -> str:
        return file.relative_to(self.folder).as_posix()

    def new_words(self, count: int) -> str:
        """Words that the book doesn't have."""
        self.nonce += count
        return " ".join(f"zq{number}" for number in range(self.nonce - count, self.nonce))

    def edit_text(self, change: Callable[[str], tuple[str, dict[str, int]]]) -> None:
        """Changes a paragraph in which nothing was changed yet."""
        file, block = self.blocks.pop()
        text = file.read_text("utf-8")
        assert text.count(block) == 1
        changed, counts = change(block)
        file.write_text(text.replace(block, changed), "utf-8")
        self.done[self.name(file)].update(counts)

    def on_a_word(self, pattern: str, **counts: int) -> None:
        def change(block: str) -> tuple[str, dict[str, int]]:
            found = self.chance.choice(list(WORD.finditer(block)))
            made = pattern.format(word=found[0], new=self.new_words(1))
            return block[: found.start()] + made + block[found.end() :], counts

        self.edit_text(change)

    def replace_word(self) -> None:
        self.on_a_word("{new}", words_added=1, words_removed=1)

    def add_word(self) -> None:
        self.on_a_word("{word} {new}", words_added=1)

    def remove_word(self) -> None:
        self.on_a_word("", words_removed=1)

    def emphasise(self) -> None:
        self.on_a_word("*{word}*", formatting=1)

    def link(self) -> None:
        self.on_a_word("[{word}](https://example.org/{new})", links=1)

    def add_paragraph(self) -> None:
        count = self.chance.randint(5, 90)
        self.edit_text(lambda block: (f"{block}\n\n{self.new_words(count)}", {"words_added": count}))

    def remove_paragraph(self) -> None:
        self.edit_text(lambda block: ("", {"words_removed": len(block.split())}))

    def join_lines(self) -> None:
        """What a reader doesn't see."""
        self.edit_text(lambda block: (block.replace("\n", " "), {}))


TEXT_EDITS = (
    Edited.replace_word,
    Edited.add_word,
    Edited.remove_word,
    Edited.emphasise,
    Edited.link,
    Edited.add_paragraph,
    Edited.remove_paragraph,
    Edited.join_lines,
)


def in_front_matter(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert re.search(old, text)
    file.write_text(re.sub(old, new, text, count=1), "utf-8")


def edit_the_whole(edited: Edited) -> set[tuple[str, str]]:
    """Edits beside those of the text, ten of them: what is named of the book, and of its chapters."""
    folder = edited.folder
    retitled, moved, coloured = (
        folder / each for each in ("year/winter/gale.md", "water/twice-a-day.md", "preface.md")
    )
    in_front_matter(retitled, "title: .*", "title: Another Title")
    in_front_matter(moved, "weight: .*", "weight: 99")
    in_front_matter(coloured, 'c: "?#?\\w+"?', "c: olive")
    book = folder / "book.yaml"
    in_front_matter(book, "publisher: .*", "publisher: Another House")
    in_front_matter(book, "subtitle: .*\n", "")
    in_front_matter(book, "theme: classic", "theme: minimal")
    (folder / "images" / "harbour-map.png").write_bytes(picture((640, 480)))
    (folder / "colophon.md").unlink()
    (folder / "appendix.md").rename(folder / "tables-of-heights.md")
    notes = folder / "year" / "spring" / "herring.md"
    notes.write_text(notes.read_text("utf-8") + "\nAt the end.[^end]\n\n[^end]: Of it.\n", "utf-8")
    (folder / "letters.md").write_text(f"---\ntitle: Letters\nweight: 65\n---\n{edited.new_words(30)}\n", "utf-8")
    done = edited.done
    done["year/spring/herring.md"].update(notes_added=1, words_added=5)
    done["year/winter/gale.md"]["old_title"] += 1
    # The link to the chapter that was renamed leads nowhere.
    done["water/twice-a-day.md"]["links"] += 1
    done["water/twice-a-day.md"]["moved"] += 1
    done["preface.md"]["values"] += 1
    done["letters.md"]["added"] += 1
    done["tables-of-heights.md"]["old_name"] += 1
    done["tables-of-heights.md"] += done.pop("appendix.md", Counter())
    done["colophon.md"] = Counter(removed=1)
    return {
        ("metadata", "publisher"),
        ("metadata", "subtitle"),
        ("style", "theme"),
        ("files", "images/images/harbour-map.png"),
    }


COUNTED = ("words_added", "words_removed", "notes_added", "notes_removed", "descriptions", "links", "formatting")
TOLD = ("old_name", "old_title", "moved", "values", "pictures_added", "pictures_removed")


def named(found: Comparison) -> tuple[dict[str, Counter[str]], set[tuple[str, str]]]:
    """What is said of the chapters, and of the whole."""
    chapters = {}
    for each in found.chapters:
        counts = Counter({name: getattr(each, name) for name in COUNTED})
        counts.update({name: 1 for name in TOLD if getattr(each, name)})
        counts.update({each.change: 1} if each.change != "changed" else {})
        chapters[each.name] = +counts
    whole = {("metadata", each.name) for each in found.metadata} | {("style", each.name) for each in found.style}
    whole |= {("files", each.name) for each in found.files} | ({("cover", "cover")} if found.cover else set())
    return chapters, whole


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return read_edition(Edited(tmp_path_factory.mktemp("old") / "book", 0).folder)


@pytest.mark.parametrize("seed", range(6))
def test_the_edits_that_were_made_are_named_and_no_others(old: Edition, tmp_path: Path, seed: int) -> None:
    edited = Edited(tmp_path / "book", seed)
    edits = [*TEXT_EDITS, *edited.chance.choices(TEXT_EDITS, k=EDITS - len(TEXT_EDITS) - 10)]
    for edit in edits:
        edit(edited)
    whole = edit_the_whole(edited)
    chapters, found = named(compared_editions(old, read_edition(edited.folder)))
    assert chapters == {name: counts for name, counts in edited.done.items() if +counts}
    assert found == whole


def test_words_come_from_the_passages(old: Edition, tmp_path: Path) -> None:
    """The passages that are shown hold the words that are counted."""
    edited = Edited(tmp_path / "book", 7)
    for _ in range(20):
        edited.chance.choice([Edited.replace_word, Edited.add_word, Edited.add_paragraph])(edited)
    found = compared_editions(old, read_edition(edited.folder))
    shown = " ".join(passage.added for each in found.chapters for passage in each.passages)
    assert {f"zq{number}" for number in range(edited.nonce)} == set(re.findall(r"zq\d+", shown))
