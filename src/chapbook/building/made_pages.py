"""The pages that are made from the metadata beside cover and title page: the copyright page and the series' page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from chapbook.labels import label
from chapbook.metadata import Metadata
from chapbook.packaging.imprint import copyright_page, series_page
from chapbook.packaging.publication import Resource, TocEntry
from chapbook.packaging.text import one_line

__all__ = ["MadePages", "made_pages_of"]


class MadePages(Struct, frozen=True, kw_only=True):
    """The pages that a book has of these, which may be none."""

    copyright_page: Resource | None = None
    """It stands after the title page, and a landmark leads to it."""
    series_page: Resource | None = None
    """It stands at the end. No landmark is of its kind, so that the table of contents has an entry for it."""
    series_title: str = ""

    @property
    def resources(self) -> tuple[Resource, ...]:
        return tuple(page for page in (self.copyright_page, self.series_page) if page)

    @property
    def copyright_name(self) -> str:
        """Empty where there is no such page."""
        return self.copyright_page.name if self.copyright_page else ""

    @property
    def toc(self) -> tuple[TocEntry, ...]:
        """What the table of contents ends with."""
        return (TocEntry(label=self.series_title, href=self.series_page.name),) if self.series_page else ()

    def spine(self, opening: Sequence[str], nav: str, documents: Iterable[str]) -> tuple[str, ...]:
        """The reading order: the `opening` pages, the copyright page, contents, `documents`, the series' page."""
        return tuple(filter(None, (*opening, self.copyright_name, nav, *documents, *(each.href for each in self.toc))))


def made_pages_of(metadata: Metadata, stylesheets: Sequence[str], types: Iterable[str]) -> MadePages:
    """The pages of the book with `metadata`, whose chapters have `types`: where one is a copyright page, it serves."""
    own = "copyright-page" in types
    name = one_line(metadata.series.name) if metadata.series else ""
    return MadePages(
        copyright_page=None if own else copyright_page(metadata, stylesheets=stylesheets),
        series_page=series_page(metadata, stylesheets=stylesheets),
        series_title=f"{label('in-this-series', metadata.language)}: {name}",
    )
