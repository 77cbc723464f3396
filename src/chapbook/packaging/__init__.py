"""Writes a publication's values as an EPUB file."""
