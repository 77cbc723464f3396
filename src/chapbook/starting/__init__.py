"""A book to begin with: from a template, from another tool's project, or from an EPUB."""

TEMPLATES = ("novel", "manual", "poetry", "essays", "series")
"""The small books to begin with, by their folders in ``templates/``; the first is the default."""
