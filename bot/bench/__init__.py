"""Measure the bot beside stock Rasa: `python -m bot bench`."""
