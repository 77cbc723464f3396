"""Themes, accents, authors' style sheets and what they refer to."""
