"""The command line: python -m bot run, train, check."""

from __future__ import annotations

import sys

from bot.cli import main

sys.exit(main())
