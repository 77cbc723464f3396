"""What is in a finished book: its text counted, and held against that of another edition."""
