"""What cannot be made again survives the machine: backed up while the bot runs, put back elsewhere."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import re
import shutil
import sqlite3
import stat
import tarfile
import threading
import time
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.database.naming import Key
from bot.delivery.state import State
from bot.screens.texts import VIETNAMESE
from index.result import Answer
from index.retrieval.encoder import Encoder
from index.serving import Serving
from tests import postgres as pg
from tests.running_bot import GOAL, build_index, running_bot, write_library


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a memory and abbreviations, and a library."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDSBOT_LIBRARY", "van-ban")
    write_library(tmp_path / "van-ban")
    nested = tmp_path / "van-ban" / "Quyết định năm 2025"
    nested.mkdir()
    (nested / "số 1.md").write_text("# Quyết định\n\nĐiều 1. Nội dung.\n", encoding="utf-8")
    State(tmp_path / "data" / "bot.sqlite3").set_language(7, "en")
    (tmp_path / "data" / "abbreviations.tsv").write_text("TCM\ttổ chuyên môn\n", encoding="utf-8")
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def elsewhere(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Another machine, with nothing on it."""
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_bot_is_moved_to_another_machine_while_it_runs(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drill: backup of a running bot, restore, reindex, and buttons of old answers still work."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDSBOT_LIBRARY", "van-ban")
    library = write_library(tmp_path / "van-ban")
    build_index(tmp_path / "data", library, encoder)
    with running_bot(tmp_path / "data", Serving(tmp_path / "data", encoder)) as bot:
        an, chat = bot.chat()
        answer = bot.say(chat, an, GOAL)
        assert main(["backup", "ban-sao.tar.gz"]) == 0
        bot.stop()
        there = elsewhere(monkeypatch, tmp_path / "may-khac")
        assert main(["restore", "../ban-sao.tar.gz"]) == 0
        assert files(there / "van-ban") == files(library)
        assert main(["reindex"]) == 0
        bot.settings = bot.settings.model_copy(update={"data": there / "data"})
        bot.serving = Serving(there / "data", encoder)
        bot.start()
        assert bot.toast(chat, an, answer, VIETNAMESE.up) == VIETNAMESE.thanks_up


def test_everything_comes_back_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And whoever restored it reads when it was saved, by the clock on the wall."""
    assert main(["backup", "sub/ban-sao.tar.gz"]) == 0
    there = elsewhere(monkeypatch, home / "moi")
    assert main(["restore", "../sub/ban-sao.tar.gz"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"sao lưu lúc \d\d:\d\d \d\d/\d\d/\d{4} \(giờ Việt Nam\)", said), said
    assert files(there / "van-ban") == files(home / "van-ban")
    state = State(there / "data" / "bot.sqlite3")
    assert state.language(7) == "en"
    state.close()
    assert (there / "data" / "abbreviations.tsv").read_text("utf-8") == "TCM\ttổ chuyên môn\n"
    assert not list((there / "data").glob(".*"))


@pytest.mark.skipif(os.name == "nt", reason="modes are of POSIX systems")
def test_nobody_else_may_read_a_backup(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what is restored of the memory."""
    assert main(["backup", "b.tar.gz"]) == 0
    assert stat.S_IMODE((home / "b.tar.gz").stat().st_mode) == 0o600
    there = elsewhere(monkeypatch, home / "moi")
    assert main(["restore", "../b.tar.gz"]) == 0
    assert stat.S_IMODE((there / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((there / "data" / "bot.sqlite3").stat().st_mode) == 0o600


def keep(state: State, number: int) -> int:
    """The id of an answer that is kept."""
    answer = Answer(f"câu {number}", "", "absent", "")
    return state.keep(answer, chat=7, user=7, question_message=number, asked=time.time()).id


def test_a_memory_moves_between_a_file_and_postgresql(
    home: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """There and back again, with its numbers; never into one that holds something, or is in use."""
    server: pg.Server = request.getfixturevalue("postgres")
    kept = State(home / "data" / "bot.sqlite3")
    last = [keep(kept, number) for number in range(3)][-1]
    kept.close()
    assert main(["backup", "b.tar.gz"]) == 0
    address = server.database()
    there = elsewhere(monkeypatch, home / "moi")
    monkeypatch.setenv("CDSBOT_DATABASE", address)
    running = State(address, key=Key(there / "data"))
    assert main(["restore", "../b.tar.gz"]) == 1
    assert "đang chạy" in capsys.readouterr().err
    running.close()
    assert main(["restore", "../b.tar.gz"]) == 0
    assert not (there / "data" / "bot.sqlite3").exists()
    moved = State(address, key=Key(there / "data"))
    assert moved.language(7) == "en"
    assert [one.answer.question for one in moved.asked(0)] == ["câu 0", "câu 1", "câu 2"]
    assert keep(moved, 3) == last + 1
    moved.close()
    shutil.rmtree(there / "van-ban")
    assert main(["restore", "../b.tar.gz"]) == 1
    assert "CDSBOT_DATABASE" in capsys.readouterr().err
    (there / "van-ban").mkdir()
    assert main(["backup", "c.tar.gz"]) == 0
    back = elsewhere(monkeypatch, home / "lai")
    monkeypatch.delenv("CDSBOT_DATABASE")
    assert main(["restore", "../moi/c.tar.gz"]) == 0
    again = State(back / "data" / "bot.sqlite3")
    assert [one.answer.question for one in again.asked(0)][-1] == "câu 3"
    assert keep(again, 4) == last + 2
    again.close()


def test_a_backup_never_replaces_another(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "b.tar.gz").write_text("cũ", encoding="utf-8")
    assert main(["backup", "b.tar.gz"]) == 1
    assert "đã có" in capsys.readouterr().err
    assert (home / "b.tar.gz").read_text("utf-8") == "cũ"
    assert sorted(path.name for path in home.iterdir()) == ["b.tar.gz", "data", "van-ban"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(("name", "told"), [("a\\b.md", "a\\b.md"), ("a\udcff.md", "a\\udcff.md")])
def test_a_file_whose_name_could_not_come_back_is_named_before_anything_is_written(
    home: Path, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    """Such a file can be indexed; what to do about it is said."""
    (home / "van-ban" / name).write_text("# Văn bản", encoding="utf-8")
    before = files(home)
    assert main(["backup", "ban-sao.tar.gz"]) == 1
    said = capsys.readouterr().err
    assert f"{told}: tên có" in said
    assert "đổi tên" in said
    assert files(home) == before


def test_nothing_to_keep_is_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["backup", "b.tar.gz"]) == 1
    assert list(tmp_path.iterdir()) == []


# Refused, and nothing harmed


def _damaged(whole: bytes, how: str) -> bytes:
    dice = random.Random(how)
    if how == "empty":
        return b""
    if how == "short":
        return whole[: len(whole) // 2]
    if how == "no archive":
        return b"PK\x03\x04" + whole
    if how == "a bit in the content":
        raw = bytearray(gzip.decompress(whole))
        raw[raw.find(b"Quy ch")] ^= 1
        return gzip.compress(bytes(raw), 1)
    raw = bytearray(whole)
    raw[dice.randrange(len(raw) // 4, len(raw) // 2)] ^= 0xFF
    return bytes(raw)


@pytest.mark.parametrize(
    "how",
    ["empty", "short", "no archive", "a bit in the content", "a byte 1", "a byte 2", "a byte 3"],
)
def test_a_damaged_archive_is_refused_and_harms_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    assert main(["backup", "b.tar.gz"]) == 0
    there = elsewhere(monkeypatch, home / "moi")
    (there / "b.tar.gz").write_bytes(_damaged((home / "b.tar.gz").read_bytes(), how))
    before = files(there)
    assert main(["restore", "b.tar.gz"]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "hỏng" in line
    assert files(there) == before
    assert not (there / "van-ban").exists()


def _forged(file: Path, members: dict[str, bytes], **manifest: Any) -> None:
    import hashlib

    listed = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in members.items()
    }
    said = {"version": 1, "made": "2026", "libraries": ["van-ban"], "files": listed} | manifest
    with tarfile.open(file, "w:gz") as tar:
        for name, content in {**members, "manifest.json": json.dumps(said).encode()}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


@pytest.mark.parametrize(
    "name", ["../out", "/etc/out", "library/0/../../../out", "library/x/a", "state/a/b", "data/a",
             "library/0/a\\b"],
)  # fmt: skip
def test_no_member_lands_outside(home: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """An archive from a stranger writes nowhere but where it may."""
    there = elsewhere(monkeypatch, home / "moi")
    _forged(there / "b.tar.gz", {name: b"x"})
    assert main(["restore", "b.tar.gz"]) == 1
    assert set(files(there)) == {"b.tar.gz"}
    assert not (home / "out").exists()


def test_a_link_and_a_later_version_are_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = elsewhere(monkeypatch, home / "moi")
    _forged(there / "later.tar.gz", {"library/0/a.md": b"x"}, version=2)
    with tarfile.open(there / "link.tar.gz", "w:gz") as tar:
        link = tarfile.TarInfo("library/0/a")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    for file in ("later.tar.gz", "link.tar.gz"):
        assert main(["restore", file]) == 1
    assert not (there / "van-ban").exists()


def test_a_memory_that_is_none_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are as they were written, but no database."""
    there = elsewhere(monkeypatch, home / "moi")
    _forged(there / "b.tar.gz", {"state/bot.sqlite3": b"x" * 5000})
    assert main(["restore", "b.tar.gz"]) == 1
    assert not (there / "data" / "bot.sqlite3").exists()


@pytest.mark.parametrize("taken", ["data/bot.sqlite3", "van-ban/cu.md"])
def test_what_is_there_is_never_written_over(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], taken: str
) -> None:
    assert main(["backup", "b.tar.gz"]) == 0
    there = elsewhere(monkeypatch, home / "moi")
    (there / taken).parent.mkdir()
    (there / taken).write_text("của tôi", encoding="utf-8")
    assert main(["restore", "../b.tar.gz"]) == 1
    assert "Đã có dữ liệu" in capsys.readouterr().err
    assert files(there) == {taken: "của tôi".encode()}


def test_a_library_needs_a_place(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which the settings name; the archive's own paths are of another machine."""
    assert main(["backup", "b.tar.gz"]) == 0
    there = elsewhere(monkeypatch, home / "moi")
    monkeypatch.delenv("CDSBOT_LIBRARY")
    assert main(["restore", "../b.tar.gz"]) == 1
    assert "CDSBOT_LIBRARY" in capsys.readouterr().err
    assert files(there) == {}


def test_not_while_a_bot_runs(
    home: Path, starter_serving: Serving, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Its memory would go on being written to the file that was taken away."""
    assert main(["backup", "b.tar.gz"]) == 0
    there = elsewhere(monkeypatch, home / "moi")
    with running_bot(there / "data", starter_serving) as bot:
        an, chat = bot.chat()
        bot.say(chat, an, "/help")
        assert main(["restore", "../b.tar.gz"]) == 1
    assert "đang chạy" in capsys.readouterr().err


def test_a_disk_that_fails_halfway_leaves_nothing_behind(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next try finds the place as empty as this one did."""
    assert main(["backup", "b.tar.gz"]) == 0
    there = elsewhere(monkeypatch, home / "moi")
    move, moved = shutil.move, []

    def failing(source: Any, target: Any) -> Any:
        moved.append(target)
        if len(moved) == 2:
            raise OSError(28, "No space left on device")
        return move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "move", failing)
        assert main(["restore", "../b.tar.gz"]) == 1
    assert files(there) == {}
    assert main(["restore", "../b.tar.gz"]) == 0


def test_a_backup_is_of_one_moment(home: Path) -> None:
    """What is written while it is made is in it whole or not at all."""
    over = threading.Event()

    def writing() -> None:
        with closing(sqlite3.connect(home / "data" / "bot.sqlite3", timeout=30)) as db:
            for number in count(1000):
                if over.is_set():
                    return
                with db:
                    db.execute("INSERT INTO chats (chat, language) VALUES (?, 'vi')", (number,))
                    db.execute("INSERT INTO chats (chat, language) VALUES (?, 'vi')", (-number,))

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        made = [main(["backup", f"{number}.tar.gz"]) for number in range(5)]
    finally:
        over.set()
        writer.join()
    assert made == [0] * 5
    for number in range(5):
        with tarfile.open(home / f"{number}.tar.gz") as tar:
            member = tar.extractfile("state/bot.sqlite3")
            assert member is not None
            (home / "copy.sqlite3").write_bytes(member.read())
        with closing(sqlite3.connect(home / "copy.sqlite3")) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert db.execute("SELECT sum(chat) FROM chats WHERE language = 'vi'").fetchone()[
                0
            ] in (
                0,
                None,
            )
