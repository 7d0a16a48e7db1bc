"""Spelling and text as such: nothing here knows what the bot answers."""
