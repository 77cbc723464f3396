"""Reads books from disk: front matter, settings, the content folder."""
