"""A fault beside the good index that is in memory stops no answer, is told, and is over when it is mended."""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import faiss
import pytest

from bot.cli import main
from bot.commands.doctor import examine
from bot.screens.texts import VIETNAMESE
from index import serving as serving_module
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store.build import reindex
from index.store.generation import new_folder, open_serving, serving_folder, verify
from knowledge.errors import IndexDamaged, ReindexFailed, StorageFailed
from tests.running_bot import GOAL, running_bot, write_library

TEXT = "# Văn bản {0}\n\nĐiều 1. Phạm vi\nVăn bản {0} quy định về dịch vụ công trực tuyến.\n"
QUESTION = "Văn bản 1 quy định về việc gì?"
UNREADABLE = "XYZ\txuân yên zen\n".encode("utf-16")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(TEXT.format(number), encoding="utf-8")
    return folder


@pytest.fixture
def data(library: Path, tmp_path: Path, encoder: Encoder) -> Path:
    reindex(tmp_path / "data", [library], encoder)
    return tmp_path / "data"


def _until(true: Callable[[], object]) -> bool:
    for _ in range(1000):
        if true():
            return True
        time.sleep(0.02)
    return False


def _understood(serving: Serving) -> str:
    return serving.answerer().answer("XYZ trong chuyển đổi số là gì?").understood


def test_an_edited_table_takes_effect_while_the_bot_runs(data: Path, encoder: Encoder) -> None:
    """Written, changed and taken away; the generation is the same all the while."""
    serving = Serving(data, encoder)
    generation = serving.answerer().generation
    table = data / "abbreviations.tsv"
    table.write_text("XYZ\txuân yên zen\n", encoding="utf-8")
    assert _until(lambda: "xuân yên zen" in _understood(serving))
    table.write_text("XYZ\txuân yến dẻo\n", encoding="utf-8")
    assert _until(lambda: "xuân yến dẻo" in _understood(serving))
    table.unlink()
    assert _until(lambda: "xuân yến dẻo" not in _understood(serving))
    assert serving.answerer().generation is generation


def test_a_bad_table_is_told_and_the_last_good_one_goes_on(data: Path, encoder: Encoder) -> None:
    """Saved as UTF-16: what was read before is used, and at a start what ships."""
    serving, table = Serving(data, encoder), data / "abbreviations.tsv"
    table.write_text("XYZ\txuân yên zen\n", encoding="utf-8")
    assert "xuân yên zen" in _understood(serving)
    assert not serving.problems
    table.write_bytes(UNREADABLE)
    assert _until(lambda: serving.answerer() and serving.problems)
    assert "abbreviations.tsv không phải UTF-8" in serving.problems[0]
    assert "xuân yên zen" in _understood(serving)
    begun = Serving(data, encoder)
    assert begun.answerer().answer(QUESTION).answered
    assert begun.problems == serving.problems
    table.write_text("XYZ\txuân yên zen\n", encoding="utf-8")
    assert _until(lambda: serving.answerer() and not serving.problems)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe2\x000\x00", b"..", b"khong-co", b"/tmp", b"a\0b", b"\xff" * 300]
)
def test_a_bad_current_is_told_and_mended_by_the_next_reindex(
    data: Path, library: Path, encoder: Encoder, content: bytes
) -> None:
    """What is in memory answers; the reindex finds the index again and encodes nothing."""
    serving = Serving(data, encoder)
    assert serving.answerer().answer(QUESTION).answered
    (data / "CURRENT").write_bytes(content)
    assert serving.answerer().answer(QUESTION).answered
    assert "cdsbot reindex" in serving.problems[0]
    (library / "0.md").write_bytes(b"\0" * 200)  # it has no file to be read from, either
    report = reindex(data, [library], encoder)
    assert (report.encoded, report.documents, report.removed) == (0, 3, ())
    assert verify(data).ok
    assert serving.problems == ()


@pytest.mark.parametrize("name", ["words.npy", "single.npy"])
def test_a_damaged_language_costs_no_answer(
    data: Path, library: Path, encoder: Encoder, name: str
) -> None:
    """The restorer goes without it, at a start too; a reindex makes it anew."""
    [file] = serving_folder(data).glob(f"*/language/{name}")
    file.write_bytes(b"\xff" * file.stat().st_size)
    serving = Serving(data, encoder)
    assert serving.answerer().answer(QUESTION).answered
    assert "ngôn ngữ" in serving.problems[0]
    assert not verify(data).ok
    reindex(data, [library], encoder)
    assert verify(data).ok
    assert _until(lambda: serving.answerer() and not serving.problems)


def test_a_fault_that_passes_bars_no_generation(
    data: Path, library: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without memory or handles for a moment, the new generation serves a little later."""
    monkeypatch.setattr(serving_module, "AGAIN", 0.2)
    serving = Serving(data, encoder)
    old = serving.answerer().generation.identity
    (library / "new.md").write_text(TEXT.format("mới"), encoding="utf-8")
    reindex(data, [library], encoder)

    def without_memory(*_: object) -> object:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(serving_module, "open_serving", without_memory)
        assert _until(lambda: serving.answerer() and serving.refused)
        assert serving.answerer().generation.identity == old
    assert _until(lambda: "new.md" in serving.answerer().generation.entry)
    assert serving.refused == ""


def test_doctor_tells_of_the_table_and_of_current(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDSBOT_DATA", str(data))
    (data / "abbreviations.tsv").write_bytes(UNREADABLE)
    (data / "CURRENT").write_bytes(b"\xff\xfe")
    wrong = [finding.text for finding in examine() if not finding.ok]
    assert any("abbreviations.tsv không phải UTF-8" in text for text in wrong)
    assert any("CURRENT không đọc được" in text for text in wrong)


def test_reindex_tells_of_the_table(
    data: Path, library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is done all the same."""
    monkeypatch.setenv("CDSBOT_DATA", str(data))
    monkeypatch.setenv("CDSBOT_LIBRARY", str(library))
    (data / "abbreviations.tsv").write_bytes(UNREADABLE)
    assert main(["reindex"]) == 0
    assert "abbreviations.tsv không phải UTF-8" in capsys.readouterr().err


def test_health_and_administrators_are_told_of_a_bad_table(
    tmp_path: Path, encoder: Encoder
) -> None:
    """The bot stays up: what answers is in memory."""
    library, data = write_library(tmp_path / "library"), tmp_path / "data"
    reindex(data, [library], encoder)
    with running_bot(data, Serving(data, encoder), admins=[4242]) as bot:
        office = bot.standin.private(bot.standin.person("Chủ", id=4242), begun=True)
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)
        told = bot.reply(office, lambda: (data / "abbreviations.tsv").write_bytes(UNREADABLE))
        assert told.text.startswith(VIETNAMESE.index_troubled.partition("{")[0])
        assert "abbreviations.tsv" in told.text
        address = f"http://127.0.0.1:{bot.settings.webhook_port}/healthz"
        with urllib.request.urlopen(address, timeout=10) as answer:
            health = json.load(answer)
        assert health["ok"]
        assert "abbreviations.tsv" in health["index"]
        assert "15 tỉnh" in bot.say(chat, an, GOAL).text


# The disk, and whatever else ends a reindex


def test_what_killed_builds_left_goes_first(data: Path, library: Path, encoder: Encoder) -> None:
    """Half-made folders are gone before anything is written, and when nothing changed, too."""
    left = [new_folder(data, f"2026-01-0{day}T00:00:00+00:00") for day in range(1, 4)]
    for folder in left:
        (folder / "tokens.bin").write_bytes(bytes(1000))
    assert reindex(data, [library], encoder).unchanged == 3
    assert not any(folder.exists() for folder in left)


def test_too_little_room_is_told_before_the_work(
    data: Path, library: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, with what there is and what is needed; the old index serves."""
    (library / "new.md").write_text(TEXT.format("mới") * 3000, encoding="utf-8")
    usage = shutil.disk_usage(data)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=3 << 20))
    served = serving_folder(data)
    with pytest.raises(
        StorageFailed, match=r"còn trống 3 MB, lập chỉ mục cần khoảng \d+ MB"
    ) as told:
        reindex(data, [library], encoder)
    assert len(str(told.value).splitlines()) == 1
    assert serving_folder(data) == served
    (library / "new.md").unlink()
    assert reindex(data, [library], encoder).unchanged == 3  # which needs none


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (RuntimeError("Error in virtual void faiss::IndexFlat::add\nat /build/faiss.cpp:12"), ReindexFailed),
        (MemoryError(), ReindexFailed),
        (OSError(28, "No space left on device"), StorageFailed),
    ],
)  # fmt: skip
def test_whatever_ends_a_reindex_is_one_line(
    data: Path, library: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch,
    fault: Exception, kind: type[Exception],
) -> None:  # fmt: skip
    """FAISS's failures too; no folder is left over, and the old index serves."""
    (library / "new.md").write_text(TEXT.format("mới"), encoding="utf-8")

    def failing(*_: object) -> object:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(faiss, "serialize_index", failing)
        with pytest.raises(kind) as told:
            reindex(data, [library], encoder)
    assert len(str(told.value).splitlines()) == 1
    assert "Chỉ mục cũ vẫn dùng được" in str(told.value)
    assert [one.name for one in (data / "generations").iterdir()] == [serving_folder(data).name]
    assert "new.md" not in open_serving(data, encoder.fingerprint).entry
    assert reindex(data, [library], encoder).added == ("new.md",)


@pytest.mark.parametrize("name", ["tokens.bin", "keys.npy", "dense.faiss"])
def test_damaged_vectors_lose_no_document_whose_file_cannot_be_read(
    data: Path, library: Path, encoder: Encoder, name: str
) -> None:
    """Its words are whole: they are encoded again."""
    [file] = serving_folder(data).glob(f"*/{name}")
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    (library / "0.md").write_bytes(b"\0" * 200)
    report = reindex(data, [library], encoder)
    assert (report.documents, report.removed) == (3, ())
    assert [(file.path, bool(file.kept_from)) for file in report.rejected] == [("0.md", True)]
    assert verify(data).ok
    assert "Văn bản 0" in open_serving(data, encoder.fingerprint).document("0.md").text


def test_a_manifest_that_is_damaged_loses_no_document(
    data: Path, library: Path, encoder: Encoder
) -> None:
    """The generation before it is built upon, so what cannot be read now is still there."""
    (library / "new.md").write_text(TEXT.format("mới"), encoding="utf-8")
    reindex(data, [library], encoder)
    (serving_folder(data) / "manifest.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamaged):
        open_serving(data, encoder.fingerprint)
    (library / "0.md").write_bytes(b"\0" * 200)
    report = reindex(data, [library], encoder)
    assert (report.documents, report.rejected[0].path) == (4, "0.md")
    assert report.rejected[0].kept_from
    assert verify(data).ok
