"""Changes a chapter's text before a dialect reads it, and finds positions in it."""
