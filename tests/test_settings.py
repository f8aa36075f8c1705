"""`.env` may hold other programs' lines; a line that is meant for us and misspelt is an error."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import load_settings
from knowledge.errors import SettingsInvalid

OTHERS = """\
HTTPS_PROXY=socks4://an:matkhau@proxy:1
https_proxy=
TZ=America/New_York
export LANG=vi_VN.UTF-8
POSTGRES_PASSWORD="bí mật"
TELEGRAM_TOKEN=1:của-bot-khác
BOT_PROXY=gì đó
a line that is none
CDSBOT_CONTACT=Tổng đài 1022
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_lines_of_other_programs_stop_nothing_and_do_nothing() -> None:
    """Neither a proxy nor a time zone is taken from them."""
    Path(".env").write_text(OTHERS, encoding="utf-8")
    before = dict(os.environ)
    settings = load_settings()
    assert settings.contact == "Tổng đài 1022"
    assert settings.proxy is None
    assert settings.telegram_token is None
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CDSBOT_PROXI", "CDSBOT_PROXY"),
        ("cdsbot_telegram_tokn", "CDSBOT_TELEGRAM_TOKEN"),
        ("CDBOT_ADMINS", "CDSBOT_ADMINS"),
        ("CSDBOT_LIBRARY", "CDSBOT_LIBRARY"),
        ("CDSBOTPROXY", "CDSBOT_PROXY"),
    ],
)
def test_a_misspelt_setting_is_named_with_the_nearest(written: str, meant: str) -> None:
    """One line, without the value, also where the slip is in the prefix."""
    Path(".env").write_text(f"{OTHERS}{written}=tuyệt-mật\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid) as refused:
        load_settings()
    _, line = str(refused.value).splitlines()
    assert line.strip() == f"{written.upper()}: không có cài đặt nào tên này; có phải là {meant}?"


def test_all_that_is_wrong_is_said_at_once() -> None:
    Path(".env").write_text("CDSBOT_DATTA=x\nCDSBOT_WEBHOOK_PORT=chín\n", encoding="utf-8")
    with pytest.raises(SettingsInvalid) as refused:
        load_settings()
    assert "CDSBOT_DATA?" in str(refused.value)
    assert "CDSBOT_WEBHOOK_PORT: phải là số nguyên" in str(refused.value)


def test_another_encoding_is_one_line() -> None:
    Path(".env").write_bytes(b"CDSBOT_CONTACT=\xff\xfe")
    with pytest.raises(SettingsInvalid, match="UTF-8"):
        load_settings()
