"""What is in a book, counted: words, pictures, links, fonts, languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from chapbook.inspecting.changes import BookFile
from chapbook.inspecting.edition import Edition, EditionChapter, Source, read_edition
from chapbook.inspecting.text import Text, Token
from chapbook.model.diagnostics import Diagnostic
from chapbook.model.reading_speed import seconds_for
from chapbook.model.value import Value
from chapbook.series.requests import AS_THEY_ARE, Choices

__all__ = [
    "BookStatistics",
    "ChapterStatistics",
    "LanguageStatistics",
    "PictureStatistics",
    "book_statistics",
    "statistics_of",
]


class ChapterStatistics(Value, frozen=True, kw_only=True):
    """What is in one chapter, or in the opening of a part."""

    name: str
    """The Markdown file, where that is known, else the document in the EPUB."""
    title: str
    words: int
    """As of `BookStatistics`."""
    characters: int
    seconds: int
    """How long it takes to read."""
    pictures: int
    """How many it shows."""
    is_part: bool = False


class LanguageStatistics(Value, frozen=True, kw_only=True):
    """How much of a book is in one language."""

    language: str
    """The BCP 47 tag."""
    words: int
    characters: int
    seconds: int


class PictureStatistics(Value, frozen=True, kw_only=True):
    """One picture."""

    file: BookFile
    chapters: int
    """In how many chapters it is shown; 0 for the cover, and for one that only a style sheet shows."""
    is_cover: bool = False


class BookStatistics(Value, frozen=True, kw_only=True):
    """What is in a book. The pages that chapbook makes itself (cover, title page, contents) don't count."""

    source: str
    """As it was named; the title of a book that Python made."""
    title: str
    words: int
    """Words between spaces that have a letter or digit, and each Chinese and Japanese character; a formula is one."""
    characters: int
    """Without spaces."""
    seconds: int
    """How long it takes to read: 230 words a minute, 500 characters of Chinese and Japanese."""
    chapters: tuple[ChapterStatistics, ...]
    """In reading order, a part's opening before what is in the part."""
    pictures: tuple[PictureStatistics, ...]
    """The largest in bytes first."""
    links: tuple[tuple[str, int], ...]
    """The hosts that it links on the web, each with how many links lead there; most first."""
    fonts: tuple[BookFile, ...]
    """Those that it embeds, by name."""
    languages: tuple[LanguageStatistics, ...]
    """The one with the most text first."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What of an EPUB couldn't be read, and so isn't counted."""


def book_statistics(source: Source, *, choices: Choices = AS_THEY_ARE) -> BookStatistics:
    """Counts what is in a book: a `Book`, a content folder, a Markdown file or an EPUB.

    `choices` are for a book that has to be built. Raises ChapbookError where it has errors, isn't there, or is several
    books.
    """
    return statistics_of(read_edition(source, choices))


def statistics_of(edition: Edition) -> BookStatistics:
    """What is in an edition that was read, counted."""
    texts = [each.text() for each in edition.chapters]
    languages = _languages(texts, edition.metadata.language)
    return BookStatistics(
        source=edition.source,
        title=edition.metadata.title,
        words=sum(each.words for each in languages),
        characters=sum(each.characters for each in languages),
        seconds=sum(each.seconds for each in languages),
        chapters=tuple(_chapter(*each) for each in zip(edition.chapters, texts, strict=True)),
        pictures=_pictures(edition, texts),
        links=_hosts(texts),
        fonts=tuple(each for each in edition.files if each.kind == "font"),
        languages=languages,
        diagnostics=edition.diagnostics,
    )


def _chapter(chapter: EditionChapter, text: Text) -> ChapterStatistics:
    words, characters, seconds = _counts(text.tokens)
    return ChapterStatistics(
        name=chapter.shown,
        title=chapter.chapter.title,
        words=words,
        characters=characters,
        seconds=seconds,
        pictures=sum(each.kind == "picture" for each in text.tokens),
        is_part=chapter.is_part,
    )


def _counts(tokens: Iterable[Token]) -> tuple[int, int, int]:
    """Words, characters without spaces, and seconds."""
    said = [each for each in tokens if each.kind in {"word", "formula"}]
    words = sum(each.is_word for each in said)
    alone = sum(each.is_character for each in said)
    return words, sum(len("".join(each.text.split())) for each in said), seconds_for(words - alone, alone)


def _languages(texts: Iterable[Text], own: str) -> tuple[LanguageStatistics, ...]:
    tokens: dict[str, list[Token]] = {}
    for each in (token for text in texts for token in text.tokens):
        tokens.setdefault(each.language or own, []).append(each)
    counted = [
        LanguageStatistics(language=language, words=words, characters=characters, seconds=seconds)
        for language, those in tokens.items()
        for words, characters, seconds in (_counts(those),)
    ]
    return tuple(sorted(counted, key=lambda each: (-each.words, each.language)))


def _pictures(edition: Edition, texts: Iterable[Text]) -> tuple[PictureStatistics, ...]:
    shown = Counter(name for text in texts for name in {each.text for each in text.tokens if each.kind == "picture"})
    counted = [
        PictureStatistics(file=each, chapters=shown[each.name], is_cover=each.name == edition.cover)
        for each in edition.files
        if each.kind == "picture"
    ]
    return tuple(sorted(counted, key=lambda each: (-each.file.bytes, each.file.name)))


def _hosts(texts: Iterable[Text]) -> tuple[tuple[str, int], ...]:
    hosts: Counter[str] = Counter()
    for link in (link for text in texts for link in text.links):
        try:
            address = urlsplit(link)
            hosts[address.hostname or ""] += address.scheme in {"http", "https"}
        except ValueError:  # a host in brackets that is none
            continue
    return tuple(
        sorted(((host, count) for host, count in hosts.items() if host and count), key=lambda each: (-each[1], each[0]))
    )
