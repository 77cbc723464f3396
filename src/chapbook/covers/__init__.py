"""Covers, given and drawn."""
