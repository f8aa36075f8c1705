"""Settings from the environment (prefix CDSBOT_) and `.env`, read once and strict."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every knob there is; `.env.example` explains each in Vietnamese."""

    model_config = SettingsConfigDict(env_prefix="CDSBOT_", env_file=".env", extra="forbid")

    library: list[Path] = Field(default_factory=list)  # empty: the starter documents
    data: Path = Path("data")
    model: str = ""  # empty: the model that ships; else a hub name or a folder
    telegram_token: SecretStr | None = None
    telegram_base_url: str = "https://api.telegram.org/bot"
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = Field(8443, gt=0, lt=65536)
    webhook_secret: SecretStr | None = None
    admins: list[int] = Field(default_factory=list)
    contact: str = ""  # where to ask when the documents do not say
    context_minutes: int = Field(30, gt=0)
    llm_base_url: str = ""  # any OpenAI-compatible address; empty: no LLM
    llm_model: str = ""
    llm_key: SecretStr | None = None
    llm_seconds: float = Field(8.0, gt=0)
    log_level: str = "INFO"
