"""What a book claims about its accessibility and why, as values for a report."""

from __future__ import annotations

from chapbook.model.value import Value

__all__ = ["AccessibilityReport", "Claim"]


class Claim(Value, frozen=True, kw_only=True):
    """One value of the accessibility metadata (EPUB Accessibility 1.1, section 2.2), written or withheld."""

    property: str
    """Of schema.org, without its prefix: ``accessibilityFeature``; or ``conformsTo``, which a person says."""
    value: str
    """``alternativeText``."""
    because: str
    """What was found in the book, in numbers where there are any, in English."""
    made: bool = True
    """Whether the book says it. What it might have said and does not is of note too."""


class AccessibilityReport(Value, frozen=True, kw_only=True):
    """What is claimed, what isn't, and what no program can check."""

    claims: tuple[Claim, ...]
    summary: str
    """``accessibilitySummary``, in the book's language where chapbook has words for it."""
    to_check: tuple[str, ...]
    """What a person must still look at, of what is in this book. The pictures without a description are the
    diagnostics ``image-no-alt`` besides.
    """

    @property
    def made(self) -> tuple[Claim, ...]:
        return tuple(each for each in self.claims if each.made)

    @property
    def kept_back(self) -> tuple[Claim, ...]:
        return tuple(each for each in self.claims if not each.made)
