"""Generated books: the same for the same seed, with the constructs that prose has, to be timed and compared."""

from __future__ import annotations

import random
import sys
from pathlib import Path

__all__ = ["write_corpus"]

_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "zen", "tor", "mal")


def write_corpus(folder: Path, *, chapters: int = 300, size: int = 8_000, seed: int = 1) -> Path:
    """Writes a content folder of `chapters` files of about `size` bytes each and returns `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    words = ["".join(chance.choice(_SYLLABLES) for _ in range(chance.choice((1, 2, 2, 3)))) for _ in range(4_000)]
    (folder / "book.yaml").write_text("title: A Generated Book\nauthor: A Generator\nlanguage: en\n", "utf-8")
    for number in range(1, chapters + 1):
        (folder / f"chapter-{number:04}.md").write_text(_chapter(number, chapters, size, words, chance), "utf-8")
    return folder


def _chapter(number: int, chapters: int, size: int, words: list[str], chance: random.Random) -> str:
    front = (
        f"---\nheading: Chapter {number}\ntitle: {_sentence(words, chance, 4)[:-1]}\nweight: {number}\n"
        f"date: 2025-01-{number % 28 + 1:02}\ndescription: {_sentence(words, chance, 9)}\nc: steelblue\n---\n\n"
    )
    blocks: list[str] = []
    length = len(front)
    while length < size:
        block = _block(chapters, len(blocks), words, chance)
        blocks.append(block)
        length += len(block) + 2
    notes = [f"[^{at}]: {_sentence(words, chance, 12)}" for at in range(len(blocks)) if f"[^{at}]" in blocks[at]]
    return front + "\n\n".join(blocks + notes) + "\n"


def _block(chapters: int, at: int, words: list[str], chance: random.Random) -> str:
    kind = chance.random()
    if at and kind < 0.06:
        return f"## {_sentence(words, chance, 4)[:-1]}"
    if kind < 0.10:
        return "\n".join(f"- {_sentence(words, chance, 6)}" for _ in range(4))
    if kind < 0.14:
        return "> " + _wrapped(_paragraph(words, chance)).replace("\n", "\n> ")
    paragraph = _paragraph(words, chance)
    if kind < 0.24:
        paragraph += f" *{_sentence(words, chance, 3)}* and **{words[at % len(words)]}**."
    if kind < 0.20:
        paragraph += f" See [the other]({f'chapter-{chance.randint(1, chapters):04}.md'})."
    if kind > 0.92:
        paragraph += f" A note[^{at}] here."
    return _wrapped(paragraph)


def _paragraph(words: list[str], chance: random.Random) -> str:
    sentences = [_sentence(words, chance, chance.randint(6, 22)) for _ in range(chance.randint(3, 7))]
    if chance.random() < 0.4:
        sentences[1] = f'"{sentences[1]}" she said -- it wasn\'t so...'
    return " ".join(sentences)


def _sentence(words: list[str], chance: random.Random, length: int) -> str:
    return " ".join(chance.choice(words) for _ in range(length)).capitalize() + "."


def _wrapped(text: str, width: int = 100) -> str:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])


if __name__ == "__main__":
    write_corpus(Path(sys.argv[1]), chapters=int(sys.argv[2]) if len(sys.argv) > 2 else 300)
