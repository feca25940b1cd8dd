"""Settings of the gateway, from the environment (prefix ``CIVIC_``)."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One process, one set of settings. A missing or malformed one stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="CIVIC_", extra="ignore")

    database_url: str
    amqp_url: str
    jwks_file: Path
    """Public keys of the token issuer, as a JWKS document; a changed file is noticed."""
    jwt_issuer: str = "civic-local"
    jwt_audience: str = "civic"
    environment: Literal["local", "production"] = "production"
    """In production the schema cannot be introspected; its committed SDL is public anyway."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535)
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    rpc_deadline: float = Field(default=5.0, gt=0, le=60)
    """Seconds until a call that nobody answered is given up."""
    drain_seconds: int = Field(default=10, ge=1)
    """How long a stop may take to finish what is in hand."""
    max_body_bytes: int = Field(default=1_048_576, ge=1_024)
    max_upload_bytes: int = Field(default=12_582_912, ge=1_024)
    """The largest request of an officer, who sends files."""
    origins: tuple[str, ...] = ()
    """Other web origins whose pages may open live connections; JSON list."""
