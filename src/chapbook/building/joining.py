"""Compares each document's links and pictures with the rest of the book, and finds wrong guesses.

Chapters are rendered independently, by rule. Here each link is checked against the book's documents and each picture
against its files; only documents with wrong guesses are rendered again, with the right answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from chapbook.building.pictures import Picture, PictureFinder, known_pictures
from chapbook.markup.page import ContentDocument, Fault, Known, LinkUse
from chapbook.model.names import document_name
from chapbook.model.near import NearNames, NearWords
from chapbook.model.urls import as_read, relative
from chapbook.passes.headings import slug

__all__ = ["LinkIndex", "Resolved", "known_of", "used_pictures"]


def used_pictures(documents: Iterable[ContentDocument], files: PictureFinder) -> tuple[str, ...]:
    """The files that the documents show, each once, in the book's order."""
    found: dict[str, None] = {}
    for document in documents:
        for use in document.images:
            path = files.find(use)
            if path is not None:
                found[path] = None
    return tuple(found)


def known_of(
    document: ContentDocument,
    index: LinkIndex,
    pictures: Mapping[str, Picture],
    files: PictureFinder,
) -> Known:
    """The corrections that `document` needs; equals ``Known()`` if all its guesses were right."""
    links: dict[str, str] = {}
    words: dict[str, str] = {}
    dead = {}
    for link in document.links:
        resolved = index.anywhere(link) if link.anywhere else index.resolve(link, document)
        if resolved.fault:
            dead[link.written] = resolved.fault
        elif resolved.target:
            links[link.written] = resolved.target
            words |= {link.written: resolved.words} if resolved.words else {}
    images, looks, missing = known_pictures(document.images, pictures, files)
    return Known(links=links, words=words, dead=dead, images=images, looks=looks, missing_images=missing)


class Resolved(Struct, frozen=True, kw_only=True):
    """Where a link really leads (``text/two/b.xhtml#c``), or what is wrong with it; neither if the guess was right."""

    target: str = ""
    words: str = ""
    """The text of a reference by number."""
    fault: Fault | None = None


class LinkIndex:
    """The book's documents, by all the ways a link can refer to them."""

    def __init__(
        self,
        documents: Iterable[ContentDocument],
        *,
        names: frozenset[str],
        left_out: frozenset[str],
        broken: frozenset[str],
        aliases: Mapping[str, str],
        made: Mapping[str, str],
        prefixes: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Takes the rendered `documents`, the `names` of all files, the chapters `left_out`, those `broken` (links to
        them aren't reported, because they have errors of their own), and `aliases`.

        An alias maps a site path without outer slashes to the document's source path; `made` maps paths to pages that
        chapbook makes. Site addresses may begin with the first element of a pair in `prefixes`.
        """
        self._by_source: dict[str, list[ContentDocument]] = {}
        """The first document of each is the target of links without a fragment."""
        for document in documents:
            if document.source:
                self._by_source.setdefault(document.source, []).append(document)
        self._without_source = {document.name: document for document in documents if not document.source}
        self._names = names
        self._left_out = left_out
        self._broken = broken
        self._aliases = aliases
        self._made = made
        self._prefixes = tuple(prefixes)
        self._near_places: dict[str, NearWords] = {}

    @cached_property
    def _near(self) -> NearNames:
        return NearNames(self._by_source)

    def resolve(self, use: LinkUse, origin: ContentDocument) -> Resolved:
        """The result for the link `use` in the document `origin`."""
        if not use.source:
            return self._fragment(use, origin, by_rule=True)
        candidates = (use.source, *use.others)
        below = (
            meant + each.removeprefix(prefix)
            for prefix, meant in self._prefixes
            for each in candidates
            if each.startswith(prefix)
        )
        for source in (*candidates, *below):
            target = self._find(source)
            if target:
                return self._fragment(use, target, by_rule=not use.on_web and target.name == document_name(use.source))
        made = next((self._made[each] for each in (use.source, *use.others) if each in self._made), "")
        if made or use.on_web or self._broken.intersection((use.source, *use.others)):
            return Resolved(target=made)
        named_so = self._by_name.get(_name_of(use.source)) if use.by_name else None
        if named_so:
            return self._fragment(use, named_so, by_rule=False)
        for source in (use.source, *use.others) if use.others else ():
            # Hugo and similar tools serve pages in lower case, so a site address may differ from the file name in case.
            named = self._by_source.get(self._near.in_other_case(source))
            if named:
                return self._fragment(use, named[0], by_rule=False)
        return Resolved(fault=self._missing(use))

    def anywhere(self, use: LinkUse) -> Resolved:
        """Where `use` leads if only its id is known: the first chapter with that id, and the chapter's title."""
        found = self._by_id.get(use.fragment)
        if found is not None:
            words = found.numbered.get(use.fragment, "") or found.title
            return Resolved(target=f"{found.place_of(use.fragment)}#{use.fragment}", words=words)
        message = f"no chapter has a heading or id '{use.fragment}'"
        hint = "give the figure, table, formula or heading that id: '{#…}'; results of code have none"
        return Resolved(fault=("link-fragment-missing", message, hint))

    @cached_property
    def _by_id(self) -> Mapping[str, ContentDocument]:
        """For each id, the first document that has it."""
        found: dict[str, ContentDocument] = {}
        for chapters in self._by_source.values():
            for each in chapters:
                for name in each.ids:
                    found.setdefault(name, each)
        return found

    def _find(self, source: str) -> ContentDocument | None:
        found = self._by_source.get(source) or self._by_source.get(self._aliases.get(_site_path(source), ""))
        if found:
            return found[0]
        # A chapter made in Python has no source path, so links use its document's name.
        return self._without_source.get(document_name(source)) if self._without_source else None

    def _fragment(self, use: LinkUse, target: ContentDocument, *, by_rule: bool) -> Resolved:
        if use.by_name and use.fragment and use.fragment not in target.ids:
            use = replace(use, fragment=slug(use.fragment.rpartition("#")[2]))
            by_rule = False
        if use.on_web and use.fragment not in target.ids:
            use = replace(use, fragment="")
        if use.fragment and use.fragment not in target.ids:
            elsewhere = self._in_same_file(use.fragment, target)
            if elsewhere:
                return Resolved(target=elsewhere)
            near = self._near_place(use.fragment, target)
            where = "this chapter" if not use.source else f"'{target.source or target.title}'"
            return Resolved(
                fault=(
                    "link-fragment-missing",
                    f"broken link: '{as_read(use.written)}': {where} has no '#{use.fragment}'",
                    self._has_it(use.fragment, target)
                    or (f"did you mean '#{near}'?" if near else "")
                    or "headings have the ids that GitHub gives them: lower case, hyphens for spaces, no punctuation",
                )
            )
        name = target.place_of(use.fragment)
        if by_rule and (name == target.name or not use.source):
            return Resolved()  # a divided chapter resolves links to its own pieces itself
        return Resolved(target=name + (f"#{use.fragment}" if use.fragment else ""))

    def _has_it(self, fragment: str, target: ContentDocument) -> str:
        """The hint if another chapter has the id: its address, relative to this chapter's folder."""
        having = self._places.get(fragment, ())
        if len(having) != 1 or not having[0] or not target.source:
            return ""
        written = quote(relative(having[0], target.source))
        return f"'{having[0]}' has that heading: write '{written}#{fragment}'"

    @cached_property
    def _places(self) -> Mapping[str, list[str]]:
        """For each id, the files that have it."""
        places: dict[str, list[str]] = {}
        for chapters in self._by_source.values():
            for name in {name for each in chapters for name in each.ids}:
                places.setdefault(name, []).append(chapters[0].source)
        return places

    def _in_same_file(self, fragment: str, target: ContentDocument) -> str:
        """The same id in another chapter of the same file: ``intro``, or ``intro-1`` for the second of that name."""
        chapters = self._by_source.get(target.source, ())
        if len(chapters) <= 1:
            return ""
        found = next((each.place_of(fragment) for each in chapters if fragment in each.ids), "")
        if found:
            return f"{found}#{fragment}"
        name, _, number = fragment.rpartition("-")
        having = [each.place_of(name) for each in chapters if name in each.ids] if number.isdecimal() else []
        return f"{having[int(number)]}#{name}" if number.isdecimal() and int(number) < len(having) else ""

    @cached_property
    def _by_name(self) -> Mapping[str, ContentDocument]:
        """For each file or folder name, the document that is the least deep."""
        found: dict[str, ContentDocument] = {}
        for source in sorted(self._by_source, key=lambda each: (-each.count("/"), each), reverse=True):
            found[_name_of(source)] = self._by_source[source][0]
        return found

    def _near_place(self, fragment: str, target: ContentDocument) -> str:
        if target.name not in self._near_places:
            self._near_places[target.name] = NearWords(sorted(target.ids))
        return self._near_places[target.name].like(fragment, alike=0.7)

    def _missing(self, use: LinkUse) -> Fault:
        for source in (use.source, *use.others):
            if source in self._left_out:
                return (
                    "link-left-out",
                    f"broken link: {_named(use, source)} is left out of the book",
                    "see the message about that file; --drafts includes drafts",
                )
            if source in self._names and source not in self._by_source:
                return (
                    "link-not-document",
                    f"broken link: {_named(use, source)} isn't a chapter, and other files don't go into the book",
                    "link to a copy on the web, or show it as a picture",
                )
        return (
            "link-target-missing",
            f"broken link: {_named(use, use.source)} isn't in this book",
            self._suggestion(use),
        )

    def _suggestion(self, use: LinkUse) -> str:
        if use.source.startswith("../"):
            return "a book's links stay inside its content folder"
        return self._near.hint((use.source, *use.others)) or "correct the path, or remove the link"


def _name_of(source: str) -> str:
    """The plain name of a file, used in links by name: ``two/deep/_index.md`` is ``deep``."""
    return _site_path(source).rpartition("/")[2].casefold()


def _named(use: LinkUse, source: str) -> str:
    """The target as written, and the file it means if that differs."""
    written = as_read(use.written)
    return f"'{written}'" if written.partition("#")[0] == source else f"'{written}' ('{source}')"


def _site_path(source: str) -> str:
    """The path at which a site serves a Markdown file: ``two/b.md`` and ``two/b/index.md`` are ``two/b``."""
    path = source.strip("/")
    for ending in (
        "/_index.md",
        "/index.md",
        "/README.md",
        ".markdown",
        ".mdown",
        ".mkd",
        ".mdx",
        ".qmd",
        ".Rmd",
        ".md",
        ".html",
    ):
        path = path.removesuffix(ending)
    return path
