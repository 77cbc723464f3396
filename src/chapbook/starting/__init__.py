"""Starts a new book: from a template, another tool's project, or an EPUB."""

TEMPLATES = ("novel", "manual", "poetry", "essays", "series")
"""The templates by their folders in ``templates/``; the first is the default."""
