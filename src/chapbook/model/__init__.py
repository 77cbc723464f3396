"""Values that all other packages may import."""
