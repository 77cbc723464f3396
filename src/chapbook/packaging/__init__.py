"""From a publication's values to the EPUB file."""
