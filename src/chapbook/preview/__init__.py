"""The preview: shows the book in a browser while it is written. Needs the extra ``chapbook[preview]``."""
