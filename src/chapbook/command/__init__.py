"""The command: options, printing, watching."""
