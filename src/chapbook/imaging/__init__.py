"""Pictures made fit for the book, and covers."""
