"""Every file that ships: recognised once, checked, made fit for the book."""
