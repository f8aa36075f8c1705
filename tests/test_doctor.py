"""`cdsbot doctor`: what is wrong, what to do, and never a secret on the screen."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from bot.cli import main
from bot.commands.doctor import Finding, examine
from tests.postgres import Server

TOKEN = "123456789:AAExampleExampleExampleExampleExam"


class _Telegram(BaseHTTPRequestHandler):
    """Knows one token, as api.telegram.org would."""

    def do_GET(self) -> None:
        known = self.path == f"/bot{TOKEN}/getMe"
        said = {"ok": True, "result": {"username": "cds_bot"}} if known else {"ok": False}
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def telegram() -> Iterator[str]:
    """Address of a server on loopback that answers getMe."""
    server = HTTPServer(("127.0.0.1", 0), _Telegram)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/bot"
    server.shutdown()
    server.server_close()


def found(word: str) -> Finding:
    """The one finding whose text has `word`."""
    [finding] = [finding for finding in examine() if word in finding.text]
    return finding


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_misspelt_variable_is_named_with_the_likely_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """pydantic-settings ignores it in silence; doctor does not."""
    monkeypatch.setenv("CDSBOT_CONTAKT", "Sở Khoa học và Công nghệ")
    finding = found("CDSBOT_CONTAKT")
    assert not finding.ok
    assert "CDSBOT_CONTACT?" in finding.text


def test_a_missing_index_is_told_how_to_be_made() -> None:
    finding = found("Chưa có chỉ mục")
    assert not finding.ok
    assert "cdsbot reindex" in finding.text


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDSBOT_LIBRARY", "khong-co")
    assert not found("khong-co").ok


def test_refused_files_and_a_contact_that_is_not_set_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason, long after the reindex that printed it."""
    library = tmp_path / "van-ban"
    library.mkdir()
    (library / "hong.pdf").write_bytes(b"not a pdf at all")
    (library / "tot.md").write_text("# Kế hoạch\n\nMỗi xóm có một tổ.\n", encoding="utf-8")
    monkeypatch.setenv("CDSBOT_LIBRARY", "van-ban")
    assert main(["reindex"]) == 0
    refused = found("hong.pdf")
    assert not refused.ok
    assert refused.text.startswith("Không đọc được ")
    assert not any("tot.md" in one.text for one in examine())
    assert found("CDSBOT_CONTACT").text.startswith("Chưa đặt CDSBOT_CONTACT")
    monkeypatch.setenv("CDSBOT_CONTACT", "Sở Khoa học và Công nghệ")
    assert "Sở Khoa học và Công nghệ" in found("Nơi hỏi thêm").text


def test_a_good_token_is_greeted_by_name(telegram: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot's user name is shown, the token is not."""
    monkeypatch.setenv("CDSBOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("CDSBOT_TELEGRAM_BASE_URL", telegram)
    finding = found("Token")
    assert finding == Finding(True, "Token dùng được: @cds_bot")


@pytest.mark.parametrize("token", ["not a token", TOKEN[:-1] + "x"])
def test_a_bad_token_is_refused_without_being_shown(
    telegram: str, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    """Whether its form is wrong or Telegram does not know it."""
    monkeypatch.setenv("CDSBOT_TELEGRAM_TOKEN", token)
    monkeypatch.setenv("CDSBOT_TELEGRAM_BASE_URL", telegram)
    texts = [finding.text for finding in examine() if not finding.ok]
    assert any("@BotFather" in text for text in texts)
    assert not any(token in text for text in texts)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/bot", "nonsense", "http://[::1/bot"])
def test_telegram_out_of_reach_is_told_from_a_bad_token(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """The advice is to look at the network, and the address, which holds the token, is not shown."""
    monkeypatch.setenv("CDSBOT_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("CDSBOT_TELEGRAM_BASE_URL", address)
    finding = found("kiểm tra mạng")
    assert not finding.ok
    assert TOKEN not in finding.text


def test_a_postgres_is_greeted_by_its_version_or_told_to_be_out_of_reach(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its password, and without a table made."""
    address = postgres.database()
    monkeypatch.setenv("CDSBOT_DATABASE", address)
    assert any(one.ok and "PostgreSQL 1" in one.text for one in examine())
    with create_engine(address).connect() as db:
        assert inspect(db).get_table_names() == []
    monkeypatch.setenv("CDSBOT_DATABASE", "postgresql://bot:matkhau@127.0.0.1:1/none")
    (found,) = [one for one in examine() if "PostgreSQL" in one.text]
    assert not found.ok
    assert "matkhau" not in found.text
    assert "\n" not in found.text
    monkeypatch.setenv("CDSBOT_DATABASE", "mysql://bot:matkhau@localhost/none")
    (found,) = [one for one in examine() if "CDSBOT_DATABASE" in one.text]
    assert not found.ok
    assert "matkhau" not in found.text


def test_settings_that_cannot_be_read_end_the_examination(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else hangs on them: the one thing to mend comes last."""
    monkeypatch.setenv("CDSBOT_WEBHOOK_PORT", "chín")
    *_, last = examine()
    assert not last.ok
    assert "CDSBOT_WEBHOOK_PORT: phải là số nguyên" in last.text
