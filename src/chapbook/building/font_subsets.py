"""The fonts that are packed with the book's characters alone, made when these are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from chapbook.building.style import Style
from chapbook.deflated import Deflated
from chapbook.diagnostics import Diagnostic
from chapbook.labels import label
from chapbook.metadata import Metadata
from chapbook.packaging.publication import Resource
from chapbook.styling.sources import Asset

__all__ = ["with_subsets"]

_XHTML = "application/xhtml+xml"


def with_subsets(
    style: Style, pages: Iterable[Resource], metadata: Metadata, *, seconds: float
) -> tuple[Style, tuple[Diagnostic, ...]]:
    """`style` with those of its fonts made smaller of which that was asked, and what is wrong with any of them.

    `pages` are all the content documents of the book but its contents, whose words are in the others. A font may
    take so many `seconds`.
    """
    if not style.subsets:
        return style, ()
    # Only a book that asks for subsets needs this, and fontTools behind it.
    from chapbook.styling.subsetting import characters_of  # noqa: PLC0415 - see above

    words = label("contents", metadata.language)
    texts = (words.encode(), *_texts(pages))
    characters = characters_of(
        texts, (css for _, css in (*style.own, ("", style.theme.plain), ("", style.theme.modern)))
    )
    made: dict[str, Asset] = {}
    faults = []
    assets = {asset.name: asset for asset in style.assets}
    for subset in style.subsets:
        try:
            made[subset.asset] = _made(assets[subset.asset], characters, seconds)
        except ValueError as error:
            message = f"'{subset.shown}' is {error}"
            hint = "leave 'subset' out, so that it is packed whole"
            faults.append(Diagnostic.of("font-invalid", message, path=subset.path, at=subset.at, hint=hint))
    smaller = tuple(made.get(asset.name, asset) for asset in style.assets)
    return replace(style, assets=smaller), tuple(faults)


def _texts(pages: Iterable[Resource]) -> Iterator[bytes]:
    for page in pages:
        if page.media_type == _XHTML:
            yield _bytes(page)


def _bytes(page: Resource) -> bytes:
    if isinstance(page.data, bytes):
        return page.data
    return page.data.content() if isinstance(page.data, Deflated) else page.data()


def _made(font: Asset, characters: frozenset[str], seconds: float) -> Asset:
    from chapbook.rendering.deadline import Overdue, deadline  # noqa: PLC0415 - see above
    from chapbook.styling.subsetting import subset_font  # noqa: PLC0415 - see above

    try:
        with deadline(seconds):
            data = subset_font(font.data, characters)
    except Overdue:
        raise ValueError(f"a font of which a subset takes longer than {seconds:g} seconds") from None
    return replace(font, data=data) if len(data) < len(font.data) else font
