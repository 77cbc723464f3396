"""Turns a folder of Markdown chapters into an EPUB 3 publication."""
