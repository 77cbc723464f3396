"""Draws a cover for a book without one."""
