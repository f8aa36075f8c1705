"""A long document is read by leaps, too: to its ends and to the sections around; a long Điều to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.records import Kept
from bot.screens.answers import answer_screen
from bot.screens.catalogue import Catalogue
from bot.screens.library import section_screen, whole_screen
from bot.screens.render import Screen
from bot.screens.texts import VIETNAMESE
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store.build import reindex
from tests.running_bot import regulation


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Catalogue:
    folder: Path = tmp_path_factory.mktemp("long")
    (folder / "library").mkdir()
    (folder / "library" / "quy-che.md").write_text(regulation(90), encoding="utf-8")
    reindex(folder / "data", [folder / "library"], encoder, progress=False)
    return Catalogue(Serving(folder / "data", encoder).answerer().generation)


def page_of(catalogue: Catalogue, page: int) -> Screen:
    (entry,) = catalogue.generation.entries
    return whole_screen(entry, VIETNAMESE, catalogue, page)


def leaps(screen: Screen) -> dict[str, int]:
    """Where each button of the screen leads, of those that turn pages."""
    assert screen.keyboard
    every = [one for row in screen.keyboard.inline_keyboard for one in row]
    return {
        one.text: int(str(one.callback_data).split(":")[2])
        for one in every
        if str(one.callback_data).startswith("w:")
    }


def test_both_ends_are_one_tap_away(catalogue: Catalogue) -> None:
    first = leaps(page_of(catalogue, 0))
    last = first["Cuối ⏭"]
    assert last > 3
    assert "⏮ Đầu" not in first
    assert "sổ theo dõi số 90." in page_of(catalogue, last).html
    assert leaps(page_of(catalogue, last))["⏮ Đầu"] == 0


def test_a_section_leads_to_the_page_where_it_begins(catalogue: Catalogue) -> None:
    """And every page has the words that its buttons promise."""
    page = 1
    label, there = next((k, v) for k, v in leaps(page_of(catalogue, page)).items() if "⏩" in k)
    assert there > page
    assert label.removesuffix(" ⏩") + "." in page_of(catalogue, there).html
    label, before = next((k, v) for k, v in leaps(page_of(catalogue, there)).items() if "⏪" in k)
    assert before < there
    assert label.removeprefix("⏪ ") + "." in page_of(catalogue, before).html


def test_pages_turn_only_to_where_there_are_any(catalogue: Catalogue) -> None:
    first, last = page_of(catalogue, 0), page_of(catalogue, leaps(page_of(catalogue, 0))["Cuối ⏭"])
    turned = [{"‹ Trước", "Tiếp ›"} & leaps(page).keys() for page in (first, last)]
    assert turned == [{"Tiếp ›"}, {"‹ Trước"}]


def test_a_long_dieu_says_how_much_of_it_follows_and_opens_whole(
    tmp_path: Path, encoder: Encoder
) -> None:
    """It is begun under the answer; what is not shown must not seem not to be there."""
    clauses = [
        f"{n}. Bộ phận số {n} báo cáo việc kiểm kê kho cho Chánh Văn phòng trước ngày {n} hằng tháng."
        for n in range(1, 21)
    ]
    text = "\n".join(
        ["Số: 12/2025/QĐ-UBND", "QUYẾT ĐỊNH", "Ban hành Quy chế kiểm kê kho",
         "Điều 1. Báo cáo kiểm kê", *clauses, "Điều 2. Hiệu lực", "Quyết định này có hiệu lực từ ngày ký."]
    )  # fmt: skip
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "12.md").write_text(text, encoding="utf-8")
    reindex(tmp_path / "data", [tmp_path / "library"], encoder, progress=False)
    answerer = Serving(tmp_path / "data", encoder).answerer()
    catalogue = Catalogue(answerer.generation)

    def screen(question: str) -> Screen:
        kept = Kept(1, 1, "q", 1, None, answerer.answer(question), (), {}, None)
        return answer_screen(kept, VIETNAMESE, catalogue, "", "bot")

    asked = screen("Điều 1 Quyết định 12/2025/QĐ-UBND quy định gì?")
    assert asked.keyboard
    opening = asked.keyboard.inline_keyboard[0][0]
    shown = sum(f"Bộ phận số {n} " in asked.html for n in range(1, 21))
    assert 0 < shown < 20
    assert opening.text == f"📖 Đọc hết Điều 1 (còn {20 - shown} khoản)"
    place = catalogue.place(str(opening.callback_data).split(":")[1])
    assert place
    assert "Bộ phận số 20 " in section_screen(place, VIETNAMESE, catalogue, "bot").html
    short = screen("Điều 2 Quyết định 12/2025/QĐ-UBND quy định gì?")
    assert short.keyboard
    every = [one.text for row in short.keyboard.inline_keyboard for one in row]
    assert not any("Đọc hết" in text for text in every)
