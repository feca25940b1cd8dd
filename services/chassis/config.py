"""Settings of a service, from the environment (prefix ``CIVIC_``)."""

from functools import lru_cache
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One process, one set of settings. A missing or malformed one stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="CIVIC_", extra="ignore")

    database_url: str
    amqp_url: str
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, ge=0, le=65535)
    """0: any free port."""
    workers: int = Field(default=20, ge=1, le=500)
    """Remote calls handled at once."""
    batch_size: int = Field(default=500, ge=1, le=5_000)
    """Events handed to a handler at once, at the most."""
    delivery_attempts: int = Field(default=4, ge=1, le=4)
    """Tries of an event before it is dead-lettered; the delays are in `schemas.topology.RETRY_DELAYS`."""
    drain_seconds: float = Field(default=15.0, gt=0)
    """How long a stop may take to finish what is in hand."""
    smtp_host: str | None = None
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_from: str = "no-reply@localhost"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]  # the environment supplies them
