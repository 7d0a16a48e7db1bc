"""The only reader of the environment. Every setting is listed in .env.example."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.errors import SettingsError

ROOT: Final = Path(__file__).resolve().parent.parent
PREFIX: Final = "BOT_"
# Whoever else uses the machine has no business in what visitors say.
OWNER_ONLY: Final = 0o600
# Whose value is a password, or holds one.
_SECRET: Final = ("database_url", "redis_url", "metrics_token")
# Whose empty value switches something off.
_MAY_BE_EMPTY: Final = ("BOT_RATE_LIMIT", "BOT_RATE_LIMIT_ADDRESS")


class Settings(BaseModel):
    """How this bot is run. A field `port` is set by the variable BOT_PORT."""

    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(5005, ge=0, le=65535)
    workers: int = Field(1, ge=1, le=64)
    allowed_origins: tuple[str, ...] = ()
    rate_limit: str = "30/minute"
    rate_limit_address: str = "600/minute"
    trusted_proxies: tuple[str, ...] = ()
    collect_questions: bool = False
    drain_seconds: int = Field(0, ge=0, le=300)
    conversation_ttl: int = Field(60, ge=1, le=60 * 24 * 365)
    database_url: str = ""
    redis_url: str = ""
    unit_dir: Path = ROOT
    data_dir: Path = Field(cast(Path, None), validate_default=True)
    metrics_token: str = Field("", pattern=r"^([A-Za-z0-9._~+/=-]{16,})?$")
    log_format: str = Field("text", pattern="^(text|json)$")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("allowed_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("unit_dir")
    @classmethod
    def _is_folder(cls, value: Path) -> Path:
        if not (value / "data" / "knowledge").is_dir():
            raise ValueError("a unit's folder holds data/knowledge")
        return value.resolve()

    @field_validator("data_dir", mode="before")
    @classmethod
    def _beside_the_unit(cls, value: Any, info: ValidationInfo) -> Any:
        return value or info.data.get("unit_dir", ROOT) / "var"

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ip_network(one)) for one in value)

    @field_validator("rate_limit", "rate_limit_address")
    @classmethod
    def _is_rate(cls, value: str) -> str:
        from limits import parse_many  # Takes 0.2 s to import.

        if value:
            parse_many(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: str) -> str:
        if value:
            if not value.startswith(("postgresql://", "postgres://")):
                raise ValueError("postgresql://user:password@host/name")
            from psycopg import ProgrammingError
            from psycopg.conninfo import conninfo_to_dict

            try:
                parts = conninfo_to_dict(value)
            except ProgrammingError as error:
                raise ValueError("an address that libpq reads") from error
            # A password that is not escaped makes others of them, which an error would show.
            port = str(parts.get("port") or "0").replace(",", "")
            if "@" in str(parts.get("host")) or not port.isdecimal():
                raise ValueError("/ @ % of a password are written %2F %40 %25")
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str) -> str:
        if value:
            from redis.asyncio.connection import parse_url

            if not value.startswith(("redis://", "rediss://")) or "host" not in parse_url(value):
                raise ValueError("redis://user:password@host:6379/0")
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            scheme, mark, host = origin.partition("://")
            if scheme not in ("http", "https") or not mark or not host or "/" in host:
                raise ValueError("an origin is https://example.org, without a path")
        return value

    @property
    def address(self) -> str:
        """Where the server listens, as an address on the web has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def knowledge_dir(self) -> Path:
        """Where the facts are."""
        return self.unit_dir / "data" / "knowledge"

    @property
    def page(self) -> Path:
        """The page that shows the chat."""
        return self.unit_dir / "data" / "page.html"

    @property
    def privacy_page(self) -> Path:
        """The page that says what is kept: the unit's own, if it has one."""
        own = self.unit_dir / "data" / "privacy.html"
        return own if own.exists() else ROOT / "bot" / "web" / "privacy.html"

    @property
    def last_valid_knowledge(self) -> Path:
        """Where a copy of the last valid facts is kept."""
        return self.data_dir / "knowledge"

    @property
    def published(self) -> Path:
        """Where copies are kept of what was published for all hosts."""
        return self.data_dir / "published"

    @property
    def metrics(self) -> Path:
        """Where the processes of one machine count together."""
        return self.data_dir / "metrics"

    @property
    def database(self) -> Path:
        """The SQLite file that holds the conversations where there is no PostgreSQL."""
        return self.data_dir / "conversations.sqlite"

    @property
    def questions(self) -> Path:
        """The SQLite file that holds what was asked in vain where there is no PostgreSQL."""
        return self.data_dir / "questions.sqlite"


def logs_json() -> bool:
    """Tell whether the log is to be JSON, whatever else is wrong with the settings."""
    return os.environ.get("BOT_LOG_FORMAT") == "json"


def has_inherited_address() -> bool:
    """Tell whether systemd has opened the address already, and hands it to this process."""
    return os.environ.get("LISTEN_PID") == str(os.getpid())


def environment(**more: str) -> dict[str, str]:
    """Return this process's variables and these, for a process that it starts."""
    return {**os.environ, **more}


def read_settings(variables: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from BOT_ variables; an empty one counts as not set, a rate as none.

    Raises:
        SettingsError: names every variable that is unknown or unusable.

    """
    variables = os.environ if variables is None else variables
    values = {
        name[len(PREFIX) :].lower(): value
        for name, value in variables.items()
        if name.startswith(PREFIX) and (value or name in _MAY_BE_EMPTY)
    }
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(
            "\n".join(_explain(found, values) for found in error.errors())
        ) from error


def _explain(found: Mapping[str, Any], values: Mapping[str, str]) -> str:
    field = str(found["loc"][0])
    name = PREFIX + field.upper()
    if found["type"] == "extra_forbidden":
        return f"{name} är en okänd inställning. De som finns står i .env.example."
    value = "" if field in _SECRET else f": {values.get(field)!r}"
    return f"{name} har ett värde som inte går att använda{value}. Se .env.example."


@functools.lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings()
