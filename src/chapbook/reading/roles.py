"""What each Markdown file of a folder is: the opening, a chapter, the only chapter, or not part of the book."""

from __future__ import annotations

from msgspec import Struct

from chapbook.model.diagnostics import Diagnostic
from chapbook.reading.walk import FolderListing, is_markdown

__all__ = ["Roles", "roles_of"]

_REPOSITORY = frozenset({"summary", "readme", "license"})


class Roles(Struct, frozen=True, kw_only=True):
    """A folder's Markdown files, sorted by what they are."""

    opening: str = ""
    """``_index.md``, or the ``README.md`` of a part without one, as in GitBook and HonKit."""
    bundle: str = ""
    """``index.md``, if it makes a folder below the root one chapter (Hugo's leaf bundle)."""
    chapters: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def roles_of(
    listing: FolderListing,
    *,
    hugo: bool = True,
    has_chapters_below: bool = False,
    suffixes: tuple[str, ...] = (),
) -> Roles:
    """The roles in the folder `listing`.

    With `hugo`, an ``index.md`` makes its folder one chapter. Otherwise it does so only if there are no other chapters
    in the folder or below; beside others it is their opening, as in other tools. `suffixes` are further suffixes of
    chapters.
    """
    by_stem: dict[str, list[str]] = {}
    for name in listing.files:
        if is_markdown(name, suffixes):
            by_stem.setdefault(name.lower().rpartition(".")[0], []).append(name)
    notes: list[Diagnostic] = []
    openings = by_stem.pop("_index", [])
    if not hugo and not openings and (not listing.path or len(by_stem) > 1 or has_chapters_below):
        openings = by_stem.pop("index", [])
    bundles = by_stem.get("index", []) if listing.path and not openings else []
    if not listing.path:
        for stem in _REPOSITORY & by_stem.keys():
            notes.extend(_left_out(listing.inside(name)) for name in by_stem.pop(stem))
    elif not openings and not bundles:
        openings = by_stem.get("readme", [])[:1]
    notes.extend(_second(listing.inside(name), openings[0]) for name in openings[1:])
    chapters = (name for stem, names in by_stem.items() for name in names if not stem.startswith("_"))
    return Roles(
        opening=openings[0] if openings else "",
        bundle=bundles[0] if bundles else "",
        chapters=tuple(name for name in chapters if name not in openings),
        diagnostics=tuple(sorted(notes, key=lambda each: each.path or "")),
    )


def _left_out(path: str) -> Diagnostic:
    message, hint = (
        f"skipping '{path}': it usually describes the repository, not the book",
        "if it belongs to the book, rename it",
    )
    match path.lower().rpartition(".")[0]:
        case "summary":
            message = f"chapbook ignores '{path}': weights and file names set the order"
            hint = "add 'weight: …' to the chapters whose file names aren't in order"
        case "readme":
            hint = "if it opens the book, rename it to '_index.md'"
    return Diagnostic.of("left-out", message, path=path, hint=hint)


def _second(path: str, first: str) -> Diagnostic:
    message = f"chapbook leaves it out: '{first}' already opens the folder"
    return Diagnostic.of("beside-bundle", message, path=path, hint="give it another name")
