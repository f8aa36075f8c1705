"""An expired text is never shown without a word that it is: on no screen, in no list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.asking import answer_json
from bot.commands.terminal import answer_lines
from bot.handlers.inline import result_of
from bot.records import Kept
from bot.screens.answers import passages_screen
from bot.screens.catalogue import Catalogue
from bot.screens.library import (
    outline_screen,
    recent_screen,
    section_screen,
    shelf_screen,
    whole_screen,
)
from bot.screens.neighbours import neighbour
from bot.screens.render import Screen, answer_pages
from bot.screens.standing import standing, warning
from bot.screens.texts import ENGLISH, VIETNAMESE
from index.answer import Answerer
from index.result import Answer
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store.build import reindex
from index.store.generation import Entry
from knowledge.document import Metadata

DAY = date(2026, 7, 1)
NEW = """---
title: Nghị định 10/2025/NĐ-CP về lưu trữ
number: 10/2025/NĐ-CP
date: 2025-03-01
---
Điều 1. Hiệu lực thi hành
Nghị định này có hiệu lực từ ngày 01 tháng 5 năm 2025 và thay thế Nghị định số 9/2015/NĐ-CP ngày 01 tháng 02 năm 2015.
"""
OLD = """---
title: Nghị định 9/2015/NĐ-CP về lưu trữ
number: 9/2015/NĐ-CP
date: 2015-02-01
---
Điều 1. Thời hạn
Thời hạn trả hồ sơ lưu trữ là 10 ngày làm việc.
Điều 2. Nơi trả
Hồ sơ lưu trữ được trả tại kho lưu trữ tỉnh.
"""
SAID = "ết hiệu lực từ 01/05/2025"
WARNED = "⚠️ Văn bản này đã hết hiệu lực. Được thay thế bởi: Nghị định 10/2025/NĐ-CP."
QUESTION = "Nghị định 9/2015 quy định thời hạn trả hồ sơ lưu trữ bao lâu?"


@pytest.mark.parametrize(
    ("metadata", "vietnamese", "english"),
    [
        (Metadata("A"), "", ""),
        (Metadata("A", status="in force"), "Còn hiệu lực", "In force"),
        (Metadata("A", status="expired"), "Hết hiệu lực", "No longer in force"),
        (
            Metadata("A", status="in force", expires="2026-06-30"),
            "Hết hiệu lực từ 01/07/2026",
            "No longer in force since 01/07/2026",
        ),
        (Metadata("A", status="in force", expires="2026-07-01"), "Còn hiệu lực", "In force"),
        (
            Metadata("A", effective="2026-07-02"),
            "Chưa có hiệu lực, áp dụng từ 02/07/2026",
            "Not in force before 02/07/2026",
        ),
        (Metadata("A", effective="2026-07-01"), "", ""),
        (
            Metadata("A", status="draft", effective="2026-09-01"),
            "Dự thảo, chưa ban hành",
            "Draft, not yet issued",
        ),
    ],
)
def test_a_document_stands_as_its_dates_say(
    metadata: Metadata, vietnamese: str, english: str
) -> None:
    """On the day of reading, whatever was noted on another."""
    assert standing(metadata, VIETNAMESE, DAY) == vietnamese
    assert standing(metadata, ENGLISH, DAY) == english


def test_one_not_yet_in_force_is_warned_of() -> None:
    """As one that is no longer."""
    coming = Metadata("A", effective="2026-07-02")
    assert warning(coming, VIETNAMESE, DAY) == "⚠️ Văn bản này chưa có hiệu lực."
    assert warning(coming, VIETNAMESE, date(2026, 7, 2)) == ""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    library, data = tmp_path_factory.mktemp("library"), tmp_path_factory.mktemp("data")
    (library / "moi.md").write_text(NEW, encoding="utf-8")
    (library / "cu.md").write_text(OLD, encoding="utf-8")
    reindex(data, [library], encoder)
    return data


@pytest.fixture(scope="module")
def answerer(data: Path, encoder: Encoder) -> Answerer:
    return Serving(data, encoder).answerer()


@pytest.fixture(scope="module")
def catalogue(answerer: Answerer) -> Catalogue:
    return Catalogue(answerer.generation)


@pytest.fixture(scope="module")
def old(catalogue: Catalogue) -> Entry:
    entry = catalogue.entry("cu.md")
    assert entry
    return entry


def _seen(screen: Screen | None) -> str:
    assert screen
    rows = screen.keyboard.inline_keyboard if screen.keyboard else ()
    return "\n".join([screen.html, *(button.text for row in rows for button in row)])


def test_an_answer_says_so(answerer: Answerer) -> None:
    """In Telegram, in the terminal and to scripts."""
    answer = answerer.answer(QUESTION)
    html = "\n".join(answer_pages(answer, VIETNAMESE))
    assert SAID in html
    assert WARNED in html
    said = " ".join(" ".join(answer_lines(answer)).split())
    assert SAID in said
    assert WARNED in said
    assert answer_json(answer)["quotes"][0]["status"] == "expired"


def test_every_screen_of_the_library_says_so(catalogue: Catalogue, old: Entry) -> None:
    """Outline, words of a section, whole text, shelf, what is new."""
    place = catalogue.chapters(old)[0]
    for screen in (
        outline_screen(old, VIETNAMESE, catalogue, "bot"),
        section_screen(place, VIETNAMESE, catalogue, "bot"),
        whole_screen(old, VIETNAMESE, catalogue),
        shelf_screen("Nghị định", "2015", VIETNAMESE, catalogue, 0),
    ):
        assert SAID in _seen(screen)
    recent = _seen(recent_screen(VIETNAMESE, catalogue, 0))
    assert recent.count("(hết hiệu lực)") == 1


def test_every_page_of_a_long_text_says_so(tmp_path: Path, encoder: Encoder) -> None:
    """Not only the one that names its source."""
    library = tmp_path / "library"
    library.mkdir()
    long = "\n".join(f"Hồ sơ thứ {number} được trả tại kho lưu trữ." for number in range(300))
    text = f"---\ntitle: Quy chế lưu trữ\nstatus: expired\n---\nĐiều 1. Trả hồ sơ\n{long}\n"
    (library / "dai.md").write_text(text, encoding="utf-8")
    reindex(tmp_path / "data", [library], encoder)
    catalogue = Catalogue(Serving(tmp_path / "data", encoder).answerer().generation)
    (entry,) = catalogue.recent()
    place = catalogue.chapters(entry)[0]
    for page in range(3):
        for screen in (
            whole_screen(entry, VIETNAMESE, catalogue, page),
            section_screen(place, VIETNAMESE, catalogue, "bot", page),
        ):
            assert "⚠️ Văn bản này đã hết hiệu lực." in screen.html


def test_what_a_search_finds_says_so(answerer: Answerer, catalogue: Catalogue) -> None:
    """Search results, results typed in any chat, and the nearest documents where none answers."""
    found = tuple(c for c in answerer.search("trả hồ sơ lưu trữ") if c.document == "cu.md")
    hashes = {entry.path: entry.sha256 for entry in catalogue.generation.entries}
    answer = Answer("hồ sơ", "hồ sơ", "absent", "", candidates=found)
    kept = Kept(1, 1, "search", 1, 1, answer, (), hashes, None)
    assert SAID in _seen(passages_screen(kept, VIETNAMESE, catalogue, 0))
    typed = result_of(found[0], catalogue, VIETNAMESE, "bot")
    assert "hết hiệu lực" in (typed.description or "")
    assert SAID in typed.input_message_content.to_dict()["message_text"]
    for said in (*answer_pages(answer, VIETNAMESE), "\n".join(answer_lines(answer))):
        assert "Nghị định 9/2015/NĐ-CP về lưu trữ (hết hiệu lực)" in said


def test_the_next_article_says_so(answerer: Answerer, catalogue: Catalogue) -> None:
    """What stands beside an answer is of the same document."""
    before = answerer.answer("Điều 1 Nghị định 9/2015 nói gì?")
    following = neighbour("Điều tiếp theo", before, catalogue)
    assert following
    assert WARNED in "\n".join(answer_pages(following, VIETNAMESE))


def test_the_command_line_lists_and_shows_it_so(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`library` and `show`."""
    monkeypatch.setenv("CDSBOT_DATA", str(data))
    assert main(["library"]) == 0
    assert SAID in capsys.readouterr().out
    assert main(["show", "cu.md"]) == 0
    assert SAID in capsys.readouterr().out
