"""Themes, the author's style sheets, colours."""
