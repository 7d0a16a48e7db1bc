"""The form of domain.yml and rules.yml, as far as the bot uses what Rasa allows."""

from __future__ import annotations

import json
import re
from string import Formatter
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    field_validator,
    model_validator,
)

_VERSION: Final = re.compile(r"3\.[01]")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("version", check_fields=False)
    @classmethod
    def _is_known(cls, value: str) -> str:
        if not _VERSION.fullmatch(value):
            raise ValueError('skriv version: "3.1".')
        return value


class Button(_Strict):
    """A question under a phrase: what it says, and what it asks."""

    title: str = Field(min_length=1)
    payload: str = Field(min_length=1)

    @field_validator("payload")
    @classmethod
    def _asks(cls, value: str) -> str:
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

    text: str | None = None
    buttons: list[Button] = Field(default_factory=list)
    custom: dict[str, Any] | None = None
    image: str | None = None
    channel: str | None = None
    condition: list[Any] | None = None
    metadata: dict[str, Any] | None = None
    id: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text and not self.custom:
            raise ValueError("frasen är tom. Skriv vad boten ska säga i text.")
        return self

    @field_validator("text")
    @classmethod
    def _is_whole(cls, value: str | None) -> str | None:
        try:
            list(Formatter().parse(value or ""))
        except ValueError:
            raise ValueError("klamrarna i texten går inte ihop. Skriv {namn}.") from None
        return value

    @property
    def placeholders(self) -> list[str]:
        """What is filled in when it is said."""
        return [name for _, name, _, _ in Formatter().parse(self.text or "") if name is not None]


def _entry(value: Any) -> str | dict[str, Any]:
    """Return the entry of an intent or entity: a name, or a name with settings."""
    is_entry = isinstance(value, str) or (isinstance(value, dict) and len(value) == 1)
    if not value or not is_entry:
        raise ValueError("här ska stå ett namn.")
    entry: str | dict[str, Any] = value
    return entry


def _has_a_variant(value: list[Variant]) -> list[Variant]:
    if not value:
        raise ValueError("frasen är tom. Skriv - text: och vad boten ska säga.")
    return value


_Entry = Annotated[str | dict[str, Any], PlainValidator(_entry)]


class DomainFile(_Strict):
    """What domain.yml may hold."""

    version: str
    intents: list[_Entry]
    entities: list[_Entry] = Field(default_factory=list)
    slots: dict[str, dict[str, Any]] = Field(default_factory=dict)
    actions: list[str]
    responses: dict[str, Annotated[list[Variant], AfterValidator(_has_a_variant)]]
    forms: dict[str, Any] = Field(default_factory=dict)
    e2e_actions: list[str] = Field(default_factory=list)
    session_config: dict[str, Any] = Field(default_factory=dict)


def name_of(entry: str | dict[str, Any]) -> str:
    """Return the name of an intent or entity, whether it has settings or not."""
    return entry if isinstance(entry, str) else next(iter(entry))


class RuleStep(BaseModel):
    """One step of a rule; of what else Rasa allows, nothing is checked."""

    intent: str | None = Field(None, min_length=1)
    action: str | None = Field(None, min_length=1)

    model_config = ConfigDict(extra="allow", frozen=True)


class Rule(_Strict):
    """When we say what."""

    rule: str = Field(min_length=1)
    steps: list[RuleStep]
    condition: list[Any] | None = None
    wait_for_user_input: str | None = None
    conversation_start: str | None = None
    metadata: dict[str, Any] | None = None

    @field_validator("steps")
    @classmethod
    def _answers(cls, value: list[RuleStep]) -> list[RuleStep]:
        if len(value) < 2 or not value[0].intent or not value[1].action:
            raise ValueError("regeln ska ha steps med ett intent och sedan action.")
        return value

    @property
    def intent(self) -> str:
        """What it answers."""
        return str(self.steps[0].intent)


class RulesFile(_Strict):
    """What rules.yml may hold."""

    version: str
    rules: list[Rule]
