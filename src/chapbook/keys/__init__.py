"""What an author may say: the keys of front matter, book.yaml and volumes.yaml, and their values."""
