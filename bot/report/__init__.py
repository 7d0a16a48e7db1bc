"""How well the bot understands, as a page to read and as figures to compare."""
