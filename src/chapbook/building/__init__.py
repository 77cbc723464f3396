"""From a book's values to its publication: the one room that knows every stage."""
