"""Renders a chapter as a content document."""
