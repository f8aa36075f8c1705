"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from bot.database.naming import Key
from bot.delivery.state import State
from bot.settings import STARTER_DOCUMENTS
from index.answer import Answerer
from index.retrieval.encoder import Encoder, open_encoder
from index.serving import Serving
from tests import postgres as pg
from tests.running_bot import build_index, write_library

_FONTS = (  # with Vietnamese letters, where Debian, Fedora, macOS and Windows keep them
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/System/Library/Fonts/Supplemental/Arial.ttf",
    "C:/Windows/Fonts/arial.ttf",
)


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_whoever_runs_the_tests() -> Iterator[None]:
    """A token or library set in the shell must not reach a test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("CDSBOT_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The model that ships."""
    return open_encoder("")


@pytest.fixture(scope="session")
def starter_data(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A data folder with an index over a few starter documents and a regulation."""
    folder = tmp_path_factory.mktemp("starter")
    build_index(folder / "data", write_library(folder / "library"), encoder)
    return folder / "data"


@pytest.fixture(scope="session")
def starter_serving(starter_data: Path, encoder: Encoder) -> Serving:
    return Serving(starter_data, encoder)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    """Answers over every document that ships."""
    data = tmp_path_factory.mktemp("shipped")
    build_index(data, STARTER_DOCUMENTS, encoder)
    return Serving(data, encoder).answerer()


@pytest.fixture(scope="session")
def starter_answerer(starter_serving: Serving) -> Answerer:
    return starter_serving.answerer()


@pytest.fixture(scope="session")
def postgres() -> Iterator[pg.Server]:
    """A server that the tests share; each takes a database of its own."""
    if pg.programs() is None:
        pytest.skip("no PostgreSQL on this machine")
    with pg.server() as running:
        yield running


@pytest.fixture(scope="session")
def vietnamese_font() -> str:
    """The name under which reportlab knows a font with Vietnamese letters."""
    path = next((font for font in _FONTS if Path(font).is_file()), None)
    if path is None:
        pytest.skip("no font with Vietnamese letters on this machine")
    pdfmetrics.registerFont(TTFont("vietnamese", path))
    return "vietnamese"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the memory lies: a file, or the address of a database."""
    if request.param == "sqlite":
        return tmp_path / "bot.sqlite3"
    server: pg.Server = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """Where the data folder is."""
    return Key(tmp_path)


@pytest.fixture
def state(place: Path | str, clock: Clock, key: Key) -> Iterator[State]:
    state = State(place, clock, key)
    yield state
    state.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.sqlite3"
