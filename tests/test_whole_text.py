"""A long document is read by leaps, too: to its ends and to the sections around."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.screens.catalogue import Catalogue
from bot.screens.library import whole_screen
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
