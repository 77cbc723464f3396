"""Values that every room may import."""
