"""The exceptions of the project.

BotError
├── SettingsError        an environment variable has an unusable value
├── FileError            a file breaks its contract
│   └── KnowledgeError   the knowledge files do, each or together
├── ModelError           there is no model, or it cannot be used
├── EndlessTurnError     a message would have been passed on for ever
└── StoreError           the conversations cannot be read or written
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

_log = logging.getLogger(__name__)


def log_failure(error: BaseException | None) -> str:
    """Log what failed with an id of its own, and return the id: the visitor is told it.

    An error of ours says on one line all that there is to know, and comes with each message of
    an outage; where any other came from is logged too.
    """
    error_id = secrets.token_hex(4)
    told, found = "Error %s: a request was not answered. %s", {"error_id": error_id}
    if isinstance(error, BotError):
        _log.error(told, error_id, " ".join(str(error).split()), extra=found)
    else:
        _log.error(
            told, error_id, "" if error else "Nothing was said.", exc_info=error, extra=found
        )
    return error_id


class BotError(Exception):
    """Base of all errors that a person is told about."""


class SettingsError(BotError):
    """An environment variable that is unknown or has an unusable value."""


class ModelError(BotError):
    """A trained model that is missing or cannot be used."""


class EndlessTurnError(BotError):
    """A message that actions would have passed on to each other for ever."""


class StoreError(BotError):
    """Conversations that cannot be read or written just now."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in a file, said so that it can be mended.

    A warning is something that may be right: it breaks nothing.
    """

    file: str
    line: int
    field: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        """Return "file, rad 12, fältet phone: what is wrong"."""
        place = f"{self.file}, rad {self.line}" if self.line else self.file
        return (
            f"{place}, fältet {self.field}: {self.message}"
            if self.field
            else f"{place}: {self.message}"
        )


class FileError(BotError):
    """A file that breaks its contract; `problems` says all that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems, sorted by place."""
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class KnowledgeError(FileError):
    """The knowledge files break their contract, each or together."""
