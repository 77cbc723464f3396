"""Builds a publication from a book's values; the only package that knows all the stages."""
