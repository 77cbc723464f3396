"""The themes that ship, one folder each. Data only: read through chapbook.styling.themes."""
