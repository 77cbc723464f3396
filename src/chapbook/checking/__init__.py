"""What `check` does beside a build: slips in an author's files put right, and EPUBs by any maker checked."""
