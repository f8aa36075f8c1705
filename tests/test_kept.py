"""What was read before stays until it is read again or removed on purpose, and everybody is told."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.doctor import examine
from bot.screens.texts import VIETNAMESE
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store import stamps
from index.store.build import Report, reindex
from index.store.generation import open_serving, serving_folder, verify
from index.store.unread import kept
from knowledge.calendar import date_of, today
from knowledge.errors import LibraryShrinks, NothingToIndex
from tests.running_bot import GOAL, running_bot, write_library

TEXT = "# Văn bản {0}\n\nĐiều 1. Phạm vi\nVăn bản {0} quy định về dịch vụ công trực tuyến.\n"


def _library(folder: Path, *names: str) -> Path:
    for name in names:
        file = folder / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(TEXT.format(name), encoding="utf-8")
    return folder


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """Two libraries, the first with a subfolder."""
    first = _library(tmp_path / "one", "a", "b", "sub/c", "sub/d")
    return [first, _library(tmp_path / "two", "e", "f", "g")]


def _kept(report: Report) -> set[str]:
    assert all(file.reason for file in report.rejected)
    return {file.path for file in report.rejected if file.kept_from}


def test_a_folder_or_a_library_that_is_gone_keeps_serving(
    two: list[Path], tmp_path: Path, encoder: Encoder
) -> None:
    """A disk that is not there, a folder moved for a moment: told at each reindex, and read when it is back."""
    data = tmp_path / "data"
    reindex(data, two, encoder)
    served = serving_folder(data)
    for folder, names in (
        (two[0] / "sub", {"sub/c.md", "sub/d.md"}),
        (two[1], {"e.md", "f.md", "g.md"}),
    ):
        away = folder.rename(tmp_path / "away")
        for _ in range(2):
            report = reindex(data, two, encoder)
            assert _kept(report) == set(kept(data)) == names
            assert (report.documents, report.removed, serving_folder(data)) == (7, (), served)
        away.rename(folder)
        assert reindex(data, two, encoder).rejected == ()
        assert not kept(data)


def test_what_is_removed_on_purpose_goes(two: list[Path], tmp_path: Path, encoder: Encoder) -> None:
    """A file taken out of a folder that is there; or a folder made anew, empty, as the reindex advises."""
    data = tmp_path / "data"
    reindex(data, two, encoder)
    (two[0] / "a.md").unlink()
    shutil.rmtree(two[0] / "sub")
    report = reindex(data, two, encoder)
    assert (report.removed, _kept(report)) == (("a.md",), {"sub/c.md", "sub/d.md"})
    assert "tạo lại thư mục" in report.rejected[0].reason
    (two[0] / "sub").mkdir()
    report = reindex(data, two, encoder)
    assert (report.removed, report.rejected) == (("sub/c.md", "sub/d.md"), ())
    report = reindex(data, two[:1], encoder, agree=lambda _: True)  # no longer asked for
    assert report.removed == ("e.md", "f.md", "g.md")


def test_a_folder_that_never_held_anything_is_a_slip(
    two: list[Path], tmp_path: Path, encoder: Encoder
) -> None:
    """A path misspelt in the settings ends the reindex; the old index serves."""
    data = tmp_path / "data"
    reindex(data, two, encoder)
    with pytest.raises(NothingToIndex, match="khong-co"):
        reindex(data, [*two, tmp_path / "khong-co"], encoder)
    assert verify(data).ok


def test_a_file_that_fails_after_an_update_keeps_serving(
    two: list[Path], tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is read anew then; what cannot be is as it was, with or without the list of readings."""
    data = tmp_path / "data"
    reindex(data, two, encoder)
    (two[0] / "a.md").write_bytes(b"\0" * 200)
    with monkeypatch.context() as patch:
        patch.setattr(stamps, "reader", lambda: "another version")
        assert _kept(reindex(data, two, encoder)) == {"a.md"}
    (data / "read.json").unlink()
    assert _kept(reindex(data, two, encoder)) == {"a.md"}
    assert "Văn bản a" in open_serving(data, encoder.fingerprint).document("a.md").text


class Other:
    """The model that ships, under another name."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self.fingerprint = encoder, "another"
        self.dimension = encoder.dimension
        self.encode_query, self.encode_document = encoder.encode_query, encoder.encode_document


def test_a_file_that_fails_when_the_model_changes_keeps_serving(
    two: list[Path], tmp_path: Path, encoder: Encoder
) -> None:
    """Its words are encoded again from the index."""
    data = tmp_path / "data"
    reindex(data, two, encoder)
    (two[0] / "a.md").write_bytes(b"\0" * 200)
    (two[0] / "sub").rename(tmp_path / "away")
    report = reindex(data, two, Other(encoder))
    assert report.model_changed
    assert _kept(report) == {"a.md", "sub/c.md", "sub/d.md"}
    assert report.documents == 7
    assert "Văn bản a" in open_serving(data, "another").document("a.md").text


def test_a_library_that_shrinks_by_more_than_a_third_asks_first(
    two: list[Path], tmp_path: Path, encoder: Encoder
) -> None:
    """Without a yes the old index serves; a third is no reason to ask."""
    data = tmp_path / "data"
    reindex(data, two, encoder)
    for name in ("a", "b"):
        (two[0] / f"{name}.md").unlink()
    reindex(data, two, encoder)
    served = serving_folder(data)
    for name in ("e", "f"):
        (two[1] / f"{name}.md").write_bytes(b"\0" * 200)
        (two[1] / f"{name}.md").rename(two[1] / f"{name}.locked")  # as some malware does
    with pytest.raises(LibraryShrinks, match="từ 5 còn 3 văn bản"):
        reindex(data, two, encoder, agree=lambda question: "e.md" not in question)
    with pytest.raises(LibraryShrinks, match=re.escape("e.md, f.md")):
        reindex(data, two, encoder)
    assert serving_folder(data) == served
    assert reindex(data, two, encoder, agree=lambda _: True).removed == ("e.md", "f.md")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where `cdsbot reindex` was run once, over three documents."""
    _library(tmp_path / "van-ban", "a", "b", "sub/c")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDSBOT_LIBRARY", "van-ban")
    monkeypatch.setenv("CDSBOT_DATA", "data")
    assert main(["reindex"]) == 0
    return tmp_path


def test_a_script_is_refused_unless_it_says_yes(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is there to ask: exit status 1, one line, the old index; `--yes` goes on."""
    for name in ("a", "b"):
        (home / "van-ban" / f"{name}.md").unlink()
    capsys.readouterr()
    assert main(["reindex"]) == 1
    assert "cdsbot reindex --yes" in capsys.readouterr().err.splitlines()[-1]
    assert main(["library", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 3
    assert main(["reindex", "--yes"]) == 0
    assert "bỏ 2" in capsys.readouterr().out


def test_readings_kept_are_told_by_reindex_library_and_doctor(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With their day, until the file is read again."""
    whole = (home / "van-ban" / "a.md").read_bytes()
    (home / "van-ban" / "a.md").write_bytes(b"\0" * 200)
    (home / "van-ban" / "b.yaml").write_text("date: 2026-02-30\n", encoding="utf-8")
    marked = f"bản đọc lần trước, ngày {date_of(today().isoformat())}"
    capsys.readouterr()
    for command in (["reindex"], ["reindex"], ["library"]):
        assert main(command) == 0
        said = capsys.readouterr().out
        assert said.count(marked) == 2, command
        assert "2026-02-30” không phải ngày" in said
    found = [one for one in examine() if marked in one.text]
    assert [one.ok for one in found] == [False, False]
    assert main(["library", "--json"]) == 0
    rows = {row["document"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["a.md"]["unread"]
    assert rows["a.md"]["kept_from"][:4] == str(today().year)
    assert "unread" not in rows["sub/c.md"]
    (home / "van-ban" / "a.md").write_bytes(whole)
    (home / "van-ban" / "b.yaml").unlink()
    assert main(["reindex"]) == 0
    assert marked not in capsys.readouterr().out
    assert not [one for one in examine() if marked in one.text]


_REACHING = """
import sys
from pathlib import Path
from index.evaluation.library import MadeUp
from index.store.build import reindex

data, library = map(Path, sys.argv[1:])
encoder = MadeUp()
reindex(data, [library], encoder)
(library / "b.md").touch()
for name, mode in (("list", 0o300), ("reach", 0o600), ("b.md", 0o200)):
    (library / name).chmod(mode)
report = reindex(data, [library], encoder)
for name in ("list", "reach"):
    (library / name).chmod(0o700)
print(report.documents, sorted(file.path for file in report.rejected if file.kept_from))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs setpriv where root runs the tests")
def test_a_folder_that_may_not_be_looked_into_keeps_serving(tmp_path: Path) -> None:
    """Neither one that cannot be listed nor one whose files cannot be reached loses a document."""
    library = _library(tmp_path / "library", "a", "b", "list/c", "reach/d")
    mortal: list[str] = []
    if os.geteuid() == 0:  # whom no mode of a file stops
        if shutil.which("setpriv") is None:
            pytest.skip("root, and no setpriv")
        mortal = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    command = [*mortal, sys.executable, "-c", _REACHING, str(tmp_path / "data"), str(library)]
    run = subprocess.run(command, capture_output=True, check=False, text=True)
    assert run.stdout.strip() == "4 ['b.md', 'list/c.md', 'reach/d.md']", run.stderr[-2000:]


def test_readings_kept_are_told_to_administrators(tmp_path: Path, encoder: Encoder) -> None:
    """Once, with the file, the day and the reason."""
    library, data = write_library(tmp_path / "library"), tmp_path / "data"
    reindex(data, [library], encoder)
    with running_bot(data, Serving(data, encoder), admins=[4242]) as bot:
        office = bot.standin.private(bot.standin.person("Chủ", id=4242), begun=True)
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)
        (library / "quy-che.md").write_bytes(b"\0" * 200)
        told = bot.reply(office, lambda: reindex(data, [library], encoder))
        assert told.text.startswith(VIETNAMESE.readings_kept.partition("{")[0])
        assert "quy-che.md" in told.text
        assert date_of(today().isoformat()) in told.text
