"""The command line: python -m bot run, train, check."""

from __future__ import annotations

import sys

from bot.cli import main

if __name__ == "__main__":  # Training starts processes, which import this file.
    sys.exit(main())
