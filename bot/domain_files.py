"""The form of domain.yml and rules.yml, as far as the bot uses what Rasa allows."""

from __future__ import annotations

import json
import re
from string import Formatter
from typing import Any, Final

from pydantic import BaseModel, Extra, Field, root_validator, validator

_VERSION: Final = re.compile(r"3\.[01]")


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        frozen = True

    @validator("version", check_fields=False)
    def _is_known(cls, value: str | None) -> str | None:  # noqa: N805
        if value is None or not _VERSION.fullmatch(value):
            raise ValueError('skriv version: "3.1".')
        return value


class Button(_Strict):
    """A question under a phrase: what it says, and what it asks."""

    title: str = Field(..., min_length=1)
    payload: str = Field(..., min_length=1)

    @validator("payload")
    def _asks(cls, value: str) -> str:  # noqa: N805
        if not value.startswith("/"):
            raise ValueError(f"skriv / först: /{value}")
        _, brace, values = value.partition("{")
        try:
            json.loads(brace + values or "{}")
        except ValueError:
            raise ValueError(f"det som står inom klamrar i {value} är inte JSON.") from None
        return value

    @property
    def intent(self) -> str:
        """The intent that it asks for."""
        return self.payload.lstrip("/").partition("{")[0]


class Variant(_Strict):
    """One way to say a phrase."""

    text: str | None
    buttons: list[Button] = Field(default_factory=list)
    custom: dict[str, Any] | None
    image: str | None
    channel: str | None
    condition: list[Any] | None
    metadata: dict[str, Any] | None
    id: str | None

    @root_validator(skip_on_failure=True)
    def _says_something(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        if not values.get("text") and not values.get("custom"):
            raise ValueError("frasen är tom. Skriv vad boten ska säga i text.")
        return values

    @validator("text")
    def _is_whole(cls, value: str | None) -> str | None:  # noqa: N805
        try:
            list(Formatter().parse(value or ""))
        except ValueError:
            raise ValueError("klamrarna i texten går inte ihop. Skriv {namn}.") from None
        return value

    @property
    def placeholders(self) -> list[str]:
        """What is filled in when it is said."""
        return [name for _, name, _, _ in Formatter().parse(self.text or "") if name is not None]


class DomainFile(_Strict):
    """What domain.yml may hold."""

    version: str = Field(...)
    intents: list[str | dict[str, Any]]
    entities: list[str | dict[str, Any]] = Field(default_factory=list)
    slots: dict[str, dict[str, Any]] = Field(default_factory=dict)
    actions: list[str]
    responses: dict[str, list[Variant]]
    forms: dict[str, Any] = Field(default_factory=dict)
    e2e_actions: list[str] = Field(default_factory=list)
    session_config: dict[str, Any] = Field(default_factory=dict)

    @validator("intents", "entities", each_item=True)
    def _has_a_name(cls, value: Any) -> Any:  # noqa: N805
        if not value or (isinstance(value, dict) and len(value) != 1):
            raise ValueError("här ska stå ett namn.")
        return value

    @validator("responses", each_item=True)
    def _has_a_variant(cls, value: Any) -> Any:  # noqa: N805
        if not value:
            raise ValueError("frasen är tom. Skriv - text: och vad boten ska säga.")
        return value


def name_of(entry: str | dict[str, Any]) -> str:
    """Return the name of an intent or entity, whether it has settings or not."""
    return entry if isinstance(entry, str) else next(iter(entry))


class RuleStep(BaseModel):
    """One step of a rule; of what else Rasa allows, nothing is checked."""

    intent: str | None = Field(None, min_length=1)
    action: str | None = Field(None, min_length=1)

    class Config:
        extra = Extra.allow
        frozen = True


class Rule(_Strict):
    """When we say what."""

    rule: str = Field(..., min_length=1)
    steps: list[RuleStep]
    condition: list[Any] | None
    wait_for_user_input: str | None
    conversation_start: str | None
    metadata: dict[str, Any] | None

    @validator("steps")
    def _answers(cls, value: list[RuleStep]) -> list[RuleStep]:  # noqa: N805
        if len(value) < 2 or not value[0].intent or not value[1].action:
            raise ValueError("regeln ska ha steps med ett intent och sedan action.")
        return value

    @property
    def intent(self) -> str:
        """What it answers."""
        return str(self.steps[0].intent)


class RulesFile(_Strict):
    """What rules.yml may hold."""

    version: str = Field(...)
    rules: list[Rule]
