"""The text of a chapter before a dialect reads it, and where in it things stand."""
