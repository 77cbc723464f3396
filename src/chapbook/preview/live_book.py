"""The book while it is written: its newest edition, built again on each change, with its files, text and messages."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from threading import Event, Lock, Thread

import watchfiles
from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from chapbook.building.plan import plan_documents, walk
from chapbook.model.contents import Files
from chapbook.model.diagnostics import ChapbookError, Diagnostic
from chapbook.series.one_book import chosen_book, unexpected
from chapbook.series.requests import BookRequest

__all__ = ["Archive", "Edition", "Hit", "LiveBook", "watch"]

_FOLDER = "EPUB/"
_OPF = "{http://www.idpf.org/2007/opf}"
_BODY = re.compile(r"<body\b[^>]*>(.*)</body>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_MOST_HITS = 200
_AROUND = 40
"""Characters beside a word that was found."""


class Hit(Struct, frozen=True, kw_only=True):
    """Where words were found: in the document `name`, as its occurrence number `nth`, from 0."""

    name: str
    number: int
    before: str
    found: str
    after: str


class Archive:
    """The files of an EPUB that was just written. All threads can read them."""

    def __init__(self, written: BytesIO) -> None:
        self._zip = zipfile.ZipFile(written)
        self.stamps = {
            each.filename.removeprefix(_FOLDER): each.CRC
            for each in self._zip.infolist()
            if each.filename.startswith(_FOLDER)
        }
        """The checksum of each file in the package document's folder; a changed file has another."""
        package = etree.fromstring(self.read("package.opf"), etree.XMLParser(resolve_entities=False, no_network=True))
        items = {each.get("id", ""): each for each in package.iter(f"{_OPF}item")}
        self.types = {each.get("href", ""): each.get("media-type", "") for each in items.values()}
        self.spine = tuple(items[each.get("idref", "")].get("href", "") for each in package.iter(f"{_OPF}itemref"))
        covers = (each for each in items.values() if "cover-image" in each.get("properties", ""))
        self.cover = next((each.get("href", "") for each in covers), "")
        self.direction = next((each.get("page-progression-direction", "") for each in package.iter(f"{_OPF}spine")), "")
        self._texts: dict[int, str] = {}

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises KeyError for a name that isn't in the publication."""
        return self._zip.read(_FOLDER + name)

    def text(self, name: str) -> str:
        """The words of a document on one line, normalised like `plain` does in the browser."""
        stamp = self.stamps[name]
        if stamp not in self._texts:
            body = _BODY.search(self.read(name).decode())
            words = html.unescape(_TAG.sub("", body[1])) if body else ""
            self._texts[stamp] = _SPACE.sub(" ", words.replace("\xad", ""))
        return self._texts[stamp]

    def inherit(self, older: Archive) -> None:
        """Reuses what `older` knows about unchanged documents."""
        stamps = set(self.stamps.values())
        self._texts = {stamp: text for stamp, text in older._texts.items() if stamp in stamps}

    def search(self, words: str) -> Iterator[Hit]:
        """Yields where `words` occur, in reading order, ignoring case."""
        wanted = _SPACE.sub(" ", words.strip())
        if not wanted:
            return
        pattern, left = re.compile(re.escape(wanted), re.IGNORECASE), _MOST_HITS
        for name in self.spine:
            text = self.text(name)
            for number, found in enumerate(pattern.finditer(text)):
                before, after = text[max(0, found.start() - _AROUND) : found.start()], text[found.end() :][:_AROUND]
                yield Hit(name=name, number=number, before=before, found=found[0], after=after)
                left -= 1
                if not left:
                    return


class Edition(Struct, frozen=True, kw_only=True):
    """The result of one build."""

    archive: Archive | None
    """The newest one that could be built; ``None`` if none could yet."""
    diagnostics: tuple[Diagnostic, ...]
    title: str = ""
    theme: str = ""
    files: Files | None = None
    """The book's own files, for the lines that messages refer to."""
    documents: dict[str, tuple[tuple[int, str], ...]] = {}
    """For each file of the book its documents: the line on which each begins, and its name."""
    is_whole: bool = True
    """Whether the build succeeded; otherwise `archive` is an older one."""

    def document_of(self, path: str | None, line: int | None) -> str:
        """The document that shows this line of a file; empty if none does."""
        found = [name for first, name in self.documents.get(path or "", ()) if first <= (line or 1)]
        names = [name for _, name in self.documents.get(path or "", ())]
        return (found or names or [""])[-1 if found else 0]


class LiveBook:
    """The newest edition of a book, and the same book in each theme requested. All threads can use it."""

    def __init__(self, plan: Callable[[], BookRequest]) -> None:
        """`plan` returns what to build; it is called each time, because a volumes.yaml may change."""
        self._plan = plan
        self.request = plan()
        self.version = 0
        """Counts the editions."""
        self._lock = Lock()
        self._themed: dict[str, Archive | None] = {}
        self.edition = Edition(archive=None, diagnostics=())

    def renew(self) -> None:
        """Rebuilds the book; unchanged chapters come from the cache."""
        with self._lock:
            with suppress(ChapbookError):  # the book's own messages include the errors of a volumes.yaml
                self.request = self._plan()
            before, made = self.edition, _built(self.request)
            if made.archive is None:
                made = replace(
                    made, archive=before.archive, is_whole=False, documents=made.documents or before.documents
                )
            elif before.archive is not None:
                made.archive.inherit(before.archive)
            self._themed = {}
            self.edition = made
            self.version += 1

    def archive(self, theme: str) -> Archive | None:
        """The book's files in a `theme` (empty: the book's own)."""
        if not theme:
            return self.edition.archive
        with self._lock:
            if theme not in self._themed:
                choices = replace(self.request.choices, theme=theme)
                self._themed[theme] = _built(replace(self.request, choices=choices)).archive
            return self._themed[theme]


_STEP = 30
"""Milliseconds without further changes before a change counts as complete."""
_MOST_SETTLING = 300
"""The most milliseconds to wait for that."""


def watch(book: LiveBook, renewed: Callable[[], None], stop: Event) -> None:
    """Starts to renew the `book` on each change, in whole folders and beside single files, until `stop` is set.

    `renewed` is called after each time.
    """
    request = book.request
    source, choices = Path(request.source), request.choices
    given = (*choices.css, *filter(None, [choices.cover]))
    folders = [source, *choices.assets, *([choices.theme] if isinstance(choices.theme, Path) else [])]
    whole = {Path(each) for each in folders if Path(each).is_dir()}
    beside = {Path(each).parent for each in (*given, source) if not Path(each).is_dir()}
    beside |= {Path(request.library)} if request.library else set()

    def look(paths: Iterable[Path], *, recursive: bool) -> None:
        changes = watchfiles.watch(*paths, step=_STEP, debounce=_MOST_SETTLING, stop_event=stop, recursive=recursive)
        for _ in changes:
            book.renew()
            renewed()

    for paths, recursive in ((whole, True), (beside, False)):
        if paths:
            Thread(target=look, args=(paths,), kwargs={"recursive": recursive}, daemon=True).start()


def _built(request: BookRequest) -> Edition:
    said: Sequence[Diagnostic] = request.said
    written = BytesIO()
    edition = Edition(archive=None, diagnostics=tuple(said))
    try:
        book = chosen_book(request)
        values = book._values()  # noqa: SLF001 - the book as a build takes it
        documents: dict[str, tuple[tuple[int, str], ...]] = {}
        for each in walk(plan_documents(values)):
            path, chapter = each.chapter.path, each.chapter
            documents[path] = (*documents.get(path, ()), (chapter.first_line, each.name))
        theme = "" if isinstance(book.theme, Path) else str(book.theme)
        edition = replace(edition, title=book.title, theme=theme, files=values.files, documents=documents)
        choices = request.choices
        report = book.write(written, jobs=choices.jobs, strict=choices.strict, cache=choices.cache)
    except ChapbookError as error:
        report_said = error.report.diagnostics if error.report else error.diagnostics
        return replace(edition, diagnostics=(*said, *report_said))
    except Exception as error:  # noqa: BLE001 - a fault of ours ends no preview
        return replace(edition, diagnostics=(*said, unexpected(error)))
    return replace(edition, archive=Archive(written), diagnostics=(*said, *report.diagnostics))
