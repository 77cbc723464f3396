"""CSS colours and their contrast."""
