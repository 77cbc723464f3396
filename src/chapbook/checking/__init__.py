"""What `check` does beside a build: it puts slips right in the author's files."""
