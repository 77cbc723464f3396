"""What was found in a book that bears on its accessibility, counted."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Evidence"]


class Evidence(Struct, frozen=True, kw_only=True):
    """What is in a book's content documents, pictures and style sheets. The cover counts nowhere."""

    documents: int = 1
    headings: int = 1
    """In all documents, titles among them."""
    images_described: int = 0
    """Uses of pictures with alternative text."""
    images_decorative: int = 0
    """Uses of pictures of which the author says that they carry nothing."""
    images_undescribed: int = 0
    """Uses of pictures of which nothing is said: for those who cannot see them something is missing."""
    formulas: int = 0
    """Of MathML."""
    math_described: bool = False
    """Whether every formula has ``alttext``."""
    moving_images: int = 0
    """Files: animated pictures and drawings."""
    moving_styles: int = 0
    """Declarations of the author's own sheets by which something moves."""
    fixed_sizes: int = 0
    """Declarations of the author's own sheets that set text in absolute sizes."""
    own_colours: int = 0
    """Declarations of the author's own sheets that set colours or backgrounds."""
    sounds: int = 0
    """Files."""
    films: int = 0
    """Files."""
    tables: int = 0
    languages: tuple[str, ...] = ()
    """BCP 47 tags of passages and chapters that are marked as in another language than the book's, sorted."""
    language: str = "en"
    """The book's, a BCP 47 tag."""

    @property
    def images_informative(self) -> int:
        return self.images_described + self.images_undescribed

    @property
    def has_recordings(self) -> bool:
        return bool(self.sounds or self.films)

    @property
    def moves(self) -> bool:
        return bool(self.moving_images or self.moving_styles)
