"""The keys of front matter, book.yaml and volumes.yaml, and the values they accept."""
