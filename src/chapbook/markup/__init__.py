"""From HTML to a well-formed tree of allowed elements, and from the tree to XHTML."""
