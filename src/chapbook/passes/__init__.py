"""What is done to the tree, one matter a module."""
