"""Converts HTML to a well-formed tree of allowed elements, and the tree to XHTML."""
