"""The files that go into a book: chapbook recognises each one once, checks it and makes it fit."""
