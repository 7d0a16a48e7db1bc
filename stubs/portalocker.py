"""In place of portalocker, which Rasa calls to print a line while no other process prints."""

from contextlib import nullcontext as Lock  # noqa: N812 - the name that Rasa knows.

__all__ = ["Lock"]
