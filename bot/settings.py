"""Settings from the environment (prefix CDSBOT_) and `.env`, read once and strict."""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    SettingsConfigDict,
    SettingsError,
)

import knowledge
from knowledge.errors import SettingsInvalid

PREFIX = "CDSBOT_"
_PROXY = re.compile(
    r"(?:https?|socks5h?)://(?:[^\s/?#@]+@)?(?:\[[\da-f:.]+\]|[^\s/?#@:\[\]]+):(?P<port>\d{1,5})/?",
    re.IGNORECASE,
)
_POSTGRES = ("postgresql://", "postgresql+psycopg://")
TOKEN_FORM = re.compile(r"\d{6,}:[\w-]{30,}")
TOKEN_MALFORMED = "CDSBOT_TELEGRAM_TOKEN không đúng dạng; lấy lại ở @BotFather"
NO_PSYCOPG = "CDSBOT_DATABASE cần thêm psycopg: `pip install -r requirements-postgres.lock`"
STARTER_DOCUMENTS = Path(knowledge.__file__).parent / "documents"


class Settings(BaseSettings):
    """Every knob there is; `.env.example` explains each in Vietnamese."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8-sig",  # Notepad puts a byte order mark first
        env_ignore_empty=True,  # a line left empty in .env means the default
        extra="ignore",  # lines of other programs in .env; ours misspelt are found by `misspelt`
    )

    library: Annotated[list[Path], NoDecode] = Field(default_factory=list)  # empty: the starter's
    data: Path = Path("data")
    database: SecretStr | None = None  # a PostgreSQL's address, with its password; none: a file
    model: str = ""  # empty: the model that ships; else a hub name or a folder
    telegram_token: SecretStr | None = None
    telegram_base_url: str = "https://api.telegram.org/bot"
    proxy: SecretStr | None = None  # to Telegram; secret for the password it may hold
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = Field(default=8443, gt=0, lt=65536)
    webhook_secret: SecretStr | None = None
    admins: Annotated[list[int], NoDecode] = Field(default_factory=list)
    contact: str = ""  # where to ask when the documents do not say
    keep_days: int = Field(default=180, gt=0)  # questions; then they are only counted
    context_minutes: int = Field(default=30, gt=0)
    llm_base_url: str = ""  # any OpenAI-compatible address; empty: no LLM
    llm_model: str = ""
    llm_key: SecretStr | None = None
    llm_seconds: float = Field(default=8.0, gt=0, lt=120)
    # of a file, or of each page where there are pages; six times that where a machine reads it
    read_seconds: float = Field(default=18.0, gt=0)
    read_megabytes: int = Field(default=700, gt=0)  # of the process that reads files
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("library", mode="before")
    @classmethod
    def _paths(cls, value: Any) -> Any:
        return _listed(value, re.escape(os.pathsep) + ",")

    @field_validator("admins", mode="before")
    @classmethod
    def _numbers(cls, value: Any) -> Any:
        return _listed(value, r",;\s")

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _is_proxy(value.get_secret_value()):
            raise PydanticCustomError("proxy", "no address of a proxy")
        return value

    @field_validator("database")
    @classmethod
    def _database(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(_POSTGRES):
            raise PydanticCustomError("database", "no address of a PostgreSQL")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _level(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @property
    def libraries(self) -> list[Path]:
        """The folders to index: those set, else the starter documents."""
        return self.library or [STARTER_DOCUMENTS]


def _is_proxy(address: str) -> bool:
    import httpx

    form = _PROXY.fullmatch(address)
    try:
        return bool(form and 0 < int(form["port"]) < 65536 and httpx.Proxy(address))
    except (ValueError, httpx.InvalidURL):
        return False


def _listed(value: Any, separators: str) -> Any:
    """A list written as JSON or with separators between its items; anything else as it is."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [item.strip() for item in re.split(f"[{separators}]", value) if item.strip()]


def load_settings() -> Settings:
    """Raises SettingsInvalid, with one line a problem, in Vietnamese."""
    try:
        problems = list(misspelt(DotEnvSettingsSource(Settings).env_vars))
        try:
            settings = Settings()
        except ValidationError as error:
            problems += [_said(dict(problem)) for problem in error.errors()]
    except UnicodeError:
        raise SettingsInvalid("Tệp .env không phải UTF-8: hãy lưu lại với mã UTF-8.") from None
    except (SettingsError, OSError) as error:
        raise SettingsInvalid(f"Không đọc được cài đặt trong .env: {error}") from error
    if problems:
        listed = "\n  ".join(problems)
        raise SettingsInvalid(f"Cài đặt chưa đúng (biến môi trường hoặc .env):\n  {listed}")
    return settings


_MISTAKES = {
    "int_parsing": "phải là số nguyên",
    "float_parsing": "phải là số",
    "greater_than": "phải lớn hơn 0",
    "less_than": "quá lớn",
    "literal_error": "phải là {expected}",
    "proxy": (
        "phải viết là loại://máy:cổng hoặc loại://tên:mật_khẩu@máy:cổng, loại là http, https, socks5 "
        "hay socks5h, ví dụ socks5h://127.0.0.1:1080; ký tự @ : / # ? % trong mật khẩu viết là %40 "
        "%3A %2F %23 %3F %25"
    ),
    "database": "phải viết là postgresql://tên:mật_khẩu@máy:cổng/tên_cơ_sở_dữ_liệu",
    "value_error": "danh sách viết chưa đúng; hãy ngăn cách bằng dấu phẩy",
}


def _said(problem: dict[str, Any]) -> str:
    """One problem as a line. The value is left out: it may be a secret."""
    name = str(problem["loc"][0])
    expected = (
        str(problem.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", " hoặc ")
    )
    said = _MISTAKES.get(problem["type"], problem["msg"]).replace("{expected}", expected)
    return f"{PREFIX}{name.upper()}: {said}"


def misspelt(names: Iterable[str]) -> tuple[str, ...]:
    """A line for each name that is meant for us but no setting's; other programs' are left alone."""
    known = [PREFIX + field.upper() for field in Settings.model_fields]
    wrong = sorted({name.upper() for name in names} - set(known))
    lines = []
    for name in filter(_meant_for_us, wrong):
        close = difflib.get_close_matches(name, known, 1)
        hint = f"; có phải là {close[0]}?" if close else ""
        lines.append(f"{name}: không có cài đặt nào tên này{hint}")
    return tuple(lines)


def _meant_for_us(name: str) -> bool:
    """CDSBOT_…, and what a slip of the thumb makes of it: CDBOT_…, CSDBOT_…, CDSBOTPROXY."""
    ours = PREFIX.rstrip("_")
    begin = name.partition("_")[0]
    return begin.startswith(ours) or difflib.SequenceMatcher(None, begin, ours).ratio() > 0.8
