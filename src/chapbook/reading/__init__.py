"""From disk to values: front matter, settings, the content folder."""
