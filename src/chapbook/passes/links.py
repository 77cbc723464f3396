"""Links: inside the book by rule, outside it as valid addresses; dead links and links that run code are removed.

The document of a Markdown file depends only on its path, so other chapters aren't needed. Each link's meaning is
recorded and checked later against the whole book.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote

from lxml import etree

from chapbook.markup.braces import taken_braces
from chapbook.markup.page import LinkUse, Page
from chapbook.markup.trees import IDS, add_class, is_blank, remove, unwrap
from chapbook.model.names import document_name
from chapbook.model.urls import (
    ANYWHERE,
    BY_NAME,
    as_read,
    clean,
    encoded_address,
    encoded_fragment,
    local_path,
    path_and_fragment,
    relative,
    resolve,
    scheme_of,
)

__all__ = ["rewrite_links"]

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_VISITED = ("a", "blockquote", "q", "del", "ins", "map", "area", f"{_SVG}*")
_OUTSIDE = frozenset({"http", "https", "mailto", "tel"})
_WEB = frozenset({"http", "https"})
_HOST_ALONE = re.compile(r"www\.[^\s/]+\.[^\s/.]{2,}(/|$)", re.IGNORECASE)
_GLOBAL = frozenset({"id", "class", "lang", "dir", "title", "{http://www.w3.org/XML/1998/namespace}lang"})
_GONE = ("target", "download", "ping")
_MARKDOWN = frozenset({"md", "markdown", "mkd", "mdown", "mdx", "qmd", "rmd"})
_HTML = frozenset({"html", "htm"})
_INDEXES = ("_index.md", "index.md", "README.md")


def rewrite_links(page: Page) -> None:
    """Gives each ``a`` a reference that works in the publication, and records links that stay in the book.

    A link to a Markdown file, or to the address that a site generator gives its page, leads to its content document.
    ``http``, ``https``, ``mailto`` and ``tel`` links stay, encoded. Others, and links known to be dead, become plain
    text with a warning. No link is left without a name.
    """
    seen: Counter[str] = Counter()
    drawn = []
    for element in list(page.body.iter(*_VISITED)):
        if element.tag == "a":
            written = element.get("href")
            if written is not None:
                _rewrite(page, element, written, seen[unquote(written)])
                seen[unquote(written)] += 1
        elif element.tag in {"map", "area"}:
            unwrap(element)
        elif isinstance(element.tag, str) and element.tag.startswith(_SVG):
            drawn.append(element)
        elif "cite" in element.attrib:
            _rewrite_cite(element)
    if drawn:
        ids = set(IDS(page.body))
        for element in drawn:
            _rewrite_drawn(element, ids)


def _rewrite(page: Page, link: etree._Element, written: str, nth: int) -> None:
    fault = page.known.dead.get(written)
    href = None if fault else _href(page, written)
    if href is None:
        code, message, hint = fault or _fault(written)
        place = written.partition("#")[2]
        if written.startswith(ANYWHERE):
            at = page.locator.text(place if place in page.chapter.text else link.text or "", nth)
        else:
            at = page.locator.link(written, nth)
        page.report(code, message, at=at, hint=hint)
        _unlink(link)
        return
    link.set("href", href)
    if written in page.known.words:
        link.text = page.known.words[written]
    if (link.tail or "").startswith("{"):
        _take_braces(link)
    if len(link.attrib) > 1:
        for name in _GONE:
            link.attrib.pop(name, None)
    if is_blank(link.text) and not _is_named(link):
        _name(page, link, written, nth)


def _take_braces(link: etree._Element) -> None:
    """Applies ``{.class}`` that the dialect left after a link; drops attributes that only browsers use."""
    for name, value in taken_braces(link):
        if name == "class":
            add_class(link, value)
        elif name in {"id", "title"}:
            link.set(name, value)


def _href(page: Page, written: str) -> str | None:
    """The reference to write, or ``None`` for a target that isn't allowed."""
    known = page.known.links.get(written)
    target = clean(written)
    if target.startswith(ANYWHERE):
        return _place_anywhere(page, written, path_and_fragment(target.removeprefix(ANYWHERE))[1])
    by_name = target.startswith(BY_NAME)
    target = target.removeprefix(BY_NAME) if by_name else target
    scheme = "" if by_name else scheme_of(target)
    local = local_path(target, page.settings.addresses, page.settings.root) if scheme in _WEB else ""
    if scheme and known is None and not local:
        target = "https:" + target.replace("\\", "/") if scheme == "//" else target
        return encoded_address(target) if scheme in _OUTSIDE or scheme == "//" else None
    if known is None and (not target or target.startswith("?") or (not by_name and _HOST_ALONE.match(target))):
        return None
    path, fragment = path_and_fragment(local or target)
    sources = _of_web(path) if local else _of_page(page, path) if path else [""]
    if by_name and path and not path.startswith("/"):
        sources = list(dict.fromkeys([*sources, *_sources(f"/{path}", page.chapter.path, page.settings.root)]))
    if path or fragment:
        page.links.append(
            LinkUse(
                written=written,
                source=sources[0],
                fragment=fragment,
                others=tuple(sources[1:]),
                by_name=by_name or "obsidian" in page.settings.syntax,
                on_web=bool(local),
            )
        )
    if local and known is None:
        return encoded_address(target)
    if known is not None:
        name, _, fragment = known.partition("#")
    else:
        name = document_name(sources[0]) if path else page.name
    if fragment and name == page.name:
        return "#" + encoded_fragment(fragment)
    return relative(name, page.name) + ("#" + encoded_fragment(fragment) if fragment else "")


def _place_anywhere(page: Page, written: str, fragment: str) -> str:
    """The reference to an id that may be in any chapter; until that is known, it points into this one."""
    page.links.append(LinkUse(written=written, source="", fragment=fragment, anywhere=True))
    name, _, place = page.known.links.get(written, f"{page.name}#{fragment}").partition("#")
    return ("" if name == page.name else relative(name, page.name)) + "#" + encoded_fragment(place)


def _of_web(path: str) -> list[str]:
    """The source paths for an address on the project's own site or repository, from the content folder."""
    return _sources(f"/{path}", "", "")


def _of_page(page: Page, path: str) -> list[str]:
    """The source paths that a path on the page may mean; in HTML chapters, files come before site addresses."""
    found = _sources(path, page.chapter.path, page.settings.root)
    if page.settings.dialect != "html":
        return found
    itself = resolve(path, page.chapter.path.rpartition("/")[0], page.settings.root)
    return list(dict.fromkeys([itself, *found]))


def _sources(path: str, chapter: str, root: str) -> list[str]:
    """The source paths that a link's path may mean, likeliest first."""
    folder, _, own = chapter.rpartition("/")
    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    if suffix.lower() in _MARKDOWN and stem:
        return [resolve(path, folder, root)]
    itself: list[str] = []
    if suffix.lower() in _HTML and stem:
        itself = [resolve(path, folder, root)]
        path = path[: -len(suffix) - 1] if stem.lower() != "index" else path[: -len("index.") - len(suffix)] or "."
        stem = ""
    place = resolve(path, folder, root)
    if suffix and stem.strip("."):
        return [place, f"{place}.md"]
    found = _pages(place)
    if not path.startswith("/") and own not in _INDEXES:
        # A site generator serves one/arrival.md as /one/arrival/, and relative addresses start there.
        found += _pages(resolve(path, chapter.rpartition(".")[0]))
    return list(dict.fromkeys([*found, *filter(None, (place, *itself))]))


def _pages(place: str) -> list[str]:
    """The Markdown files that a site generator serves at `place`."""
    if not place:
        return list(_INDEXES)
    return [f"{place}.md", *(f"{place}/{index}" for index in _INDEXES), f"{place}.markdown"]


def _fault(written: str) -> tuple[str, str, str]:
    """The code, message and hint for a link that isn't allowed."""
    target = clean(written)
    scheme = scheme_of(target)
    if not target or target.startswith("?"):
        return "link-invalid", f"the address '{as_read(written)}' of a link is malformed", "give it a target"
    if _HOST_ALONE.match(target):
        return (
            "link-target-missing",
            f"there is no file '{as_read(written)}' in this book",
            f"write 'https://{target}' for the site",
        )
    if scheme in _OUTSIDE or scheme == "//":
        return (
            "link-invalid",
            f"'{as_read(written)}' isn't a valid address",
            "its text stays without the link. Correct the address",
        )
    message = f"chapbook removed a link to '{scheme}:'"
    return "link-scheme", message, "its text stays. Link to a chapter, or use https, http, mailto or tel"


def _unlink(link: etree._Element) -> None:
    """Removes the link but keeps its text; also keeps its id, which may be a target."""
    if not {"id", "class", "lang"} & set(link.attrib):
        unwrap(link)
        return
    link.tag = "span"
    for name in [name for name in link.attrib if name not in _GLOBAL]:
        del link.attrib[name]


def _is_named(link: etree._Element) -> bool:
    """Whether the link has a name for those who hear it (WCAG 2.2, success criterion 2.4.4)."""
    if not is_blank(link.get("aria-label")) or not is_blank(link.get("title")):
        return True
    pictures = (each.get("alt") for each in link.iter("img"))
    return not all(map(is_blank, link.itertext())) or not all(map(is_blank, pictures))


def _name(page: Page, link: etree._Element, written: str, nth: int) -> None:
    """Gives a link without words a name: its target, which is also shown unless the link has a visible picture."""
    at = page.locator.link(written, nth)
    target = " ".join(as_read(written).split())
    page.report("link-no-text", f"the link to '{target}' has no text", at=at, hint="write the address")
    if len(link):
        link.set("aria-label", written)
    elif scheme_of(clean(written)):
        link.text = clean(written)
    else:
        _unlink(link)


def _rewrite_cite(quotation: etree._Element) -> None:
    target = clean(quotation.attrib.pop("cite"))
    address = encoded_address(target) if scheme_of(target) in {"http", "https"} else None
    if address is not None:
        quotation.set("cite", address)


def _rewrite_drawn(element: etree._Element, ids: set[str]) -> None:
    """Keeps references to places in the same drawing; the `figures` pass handles pictures in drawings."""
    if element.tag == f"{_SVG}image":
        return
    for name in ("href", _XLINK_HREF):
        target = element.get(name, "")
        if name in element.attrib and not (target.startswith("#") and target[1:] in ids):
            del element.attrib[name]
    if element.tag == f"{_SVG}a":
        unwrap(element)
    elif element.tag == f"{_SVG}use" and "href" not in element.attrib and _XLINK_HREF not in element.attrib:
        remove(element)
