"""From a chapter to its content document."""
