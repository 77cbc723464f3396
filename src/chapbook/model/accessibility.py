"""What a book claims about its accessibility and why, as values for a report."""

from __future__ import annotations

from chapbook.model.value import Value

__all__ = ["AccessibilityReport", "Claim"]


class Claim(Value, frozen=True, kw_only=True):
    """One value of the accessibility metadata (EPUB Accessibility 1.1, section 2.2), written or withheld."""

    property: str
    """The schema.org property without its prefix: ``accessibilityFeature``; or ``conformsTo``, which a person
    states.
    """
    value: str
    """``alternativeText``."""
    because: str
    """The evidence in the book, in English, with numbers if there are any."""
    made: bool = True
    """Whether the book makes the claim; claims that it doesn't make are listed, too."""


class AccessibilityReport(Value, frozen=True, kw_only=True):
    """What is claimed, what isn't, and what no program can check."""

    claims: tuple[Claim, ...]
    summary: str
    """``accessibilitySummary``, in the book's language if chapbook has words for it."""
    to_check: tuple[str, ...]
    """What a person must still check in this book. Pictures without a description are the diagnostics
    ``image-no-alt``.
    """

    @property
    def made(self) -> tuple[Claim, ...]:
        return tuple(each for each in self.claims if each.made)

    @property
    def kept_back(self) -> tuple[Claim, ...]:
        return tuple(each for each in self.claims if not each.made)
