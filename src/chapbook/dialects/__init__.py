"""Converts Markdown to HTML in the common form that the passes work on."""
