"""Covers: fits the author's own for the book, or draws one."""
