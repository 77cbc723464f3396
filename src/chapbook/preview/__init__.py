"""The book as readers will see it, while it is written. Needs the extra ``chapbook[preview]``."""
