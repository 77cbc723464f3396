"""``python -m chapbook`` is the command."""

from chapbook.cli import main

if __name__ == "__main__":
    main()
