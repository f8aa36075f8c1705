"""What did not change is shared: neither read, encoded nor stored again, and nobody can tell."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.retrieval.encoder import Encoder
from index.retrieval.lexical import terms
from index.store import generation, stamps
from index.store.apart import Apart
from index.store.build import reindex
from index.store.checked import AGAIN, VECTORS
from index.store.generation import Generation, open_serving, serving_folder, verify
from index.store.reading import Fresh
from knowledge.calendar import today

COUNT = 8


def _text(number: int, more: str = "") -> str:
    clauses = "\n".join(
        f"Điều {at}. Nội dung {number}.{at}\nCơ quan số {number} giải quyết hồ sơ loại {at} trong "
        f"{number + at} ngày làm việc. {more}" for at in range(1, 6)
    )  # fmt: skip
    return f"# Quy chế {number}\n\n{clauses}\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number}.md").write_text(_text(number), encoding="utf-8")
    _age(folder)
    return folder


def _age(folder: Path) -> None:
    """As files of yesterday: their time alone then tells that they are as they were."""
    for file in folder.iterdir():
        os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 86_400))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were parsed."""
    names: list[str] = []
    really = Apart.read

    def counted(readers: Apart, file: Path, folder: Path) -> Fresh:
        names.append(file.name)
        return really(readers, file, folder)

    monkeypatch.setattr(Apart, "read", counted)
    return names


def test_an_unchanged_file_is_not_parsed(
    library: Path, tmp_path: Path, encoder: Encoder, read: list[str]
) -> None:
    """Nor is one that was only touched; one whose words changed is, though size and time are the same."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    read.clear()
    os.utime(library / "3.md")
    assert (reindex(data, [library], encoder).unchanged, read) == (COUNT, [])
    changed = library / "5.md"
    changed.write_text(_text(5).replace("Cơ quan", "Đơn vị"), encoding="utf-8")
    reindex(data, [library], encoder)
    changed.write_text(_text(5).replace("Cơ quan", "Phòng 1"), encoding="utf-8")
    read.clear()
    report = reindex(data, [library], encoder)  # within a tick of the clock, perhaps
    assert (report.changed, read) == (("5.md",), ["5.md"])


def test_a_sidecar_belongs_to_what_was_read(
    library: Path, tmp_path: Path, encoder: Encoder, read: list[str]
) -> None:
    """Added, changed or taken away, it changes its document, and nothing is encoded for it."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    sidecar = library / "2.yaml"
    for number in ("7/QĐ-UBND", "8/QĐ-UBND", ""):
        read.clear()
        if number:
            sidecar.write_text(f"number: {number}\n", encoding="utf-8")
        else:
            sidecar.unlink()
        report = reindex(data, [library], encoder)
        assert (report.changed, report.encoded, read) == (("2.md",), 0, ["2.md"])
        assert open_serving(data, encoder.fingerprint).entry["2.md"].metadata.number == number


def test_other_code_reads_everything_anew_and_encodes_nothing(
    library: Path, tmp_path: Path, encoder: Encoder, read: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """After an update documents may be understood better."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    read.clear()
    monkeypatch.setattr(stamps, "reader", lambda: "another version")
    report = reindex(data, [library], encoder)
    assert (len(read), report.unchanged, report.encoded) == (COUNT, COUNT, 0)


def test_a_lost_or_spoilt_cache_costs_one_reading(
    library: Path, tmp_path: Path, encoder: Encoder, read: list[str]
) -> None:
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    for spoilt in ("", "{", "[]", '{"reader": 1}'):
        (data / "read.json").write_text(spoilt, encoding="utf-8")
        read.clear()
        report = reindex(data, [library], encoder)
        assert (len(read), report.unchanged, report.encoded) == (COUNT, COUNT, 0)


def test_the_next_generation_shares_what_did_not_change(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """By hard links: the same file, stored once."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    first = serving_folder(data)
    inodes = {file.stat().st_ino for file in first.rglob("*") if file.is_file()}
    (library / "1.md").write_text(_text(1, "Không thu phí."), encoding="utf-8")
    reindex(data, [library], encoder)
    second = [file.stat() for file in serving_folder(data).rglob("*") if file.is_file()]
    assert sum(one.st_ino in inodes for one in second) == len(inodes) - 1  # all but the manifest
    assert verify(data).ok


def test_a_disk_without_links_gets_copies(
    library: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError("no links here")

    data = tmp_path / "data"
    reindex(data, [library], encoder)
    monkeypatch.setattr(os, "link", refused)
    (library / "1.md").write_text(_text(1, "Không thu phí."), encoding="utf-8")
    reindex(data, [library], encoder)
    assert verify(data).ok


def test_an_index_that_grew_scores_as_one_made_at_once(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """Whatever was added, changed and removed before: the same passages, the same scores."""
    grown, fresh = tmp_path / "grown", tmp_path / "fresh"
    reindex(grown, [library], encoder)
    (library / "0.md").unlink()
    reindex(grown, [library], encoder)
    (library / "1.md").write_text(_text(1, "Không thu phí."), encoding="utf-8")
    reindex(grown, [library], encoder)
    (library / "mới.md").write_text(_text(40, "Nộp trực tuyến."), encoding="utf-8")
    reindex(grown, [library], encoder)
    reindex(fresh, [library], encoder)
    old, new = (open_serving(data, encoder.fingerprint) for data in (grown, fresh))
    assert len(old.vectors.parts) > 1
    for question in ("cơ quan số 3 giải quyết hồ sơ trong bao nhiêu ngày", "không thu phí"):
        assert _scores(old, question, encoder) == _scores(new, question, encoder)


def _scores(
    of: Generation, question: str, encoder: Encoder
) -> dict[tuple[str, int], tuple[float, float, int]]:
    """By document and offset: lexical and dense score, and how many tokens there are."""
    lexical = of.lexical.scores(terms(question))
    dense = of.vectors.scores(encoder.encode_query(question).vector).scores
    return {
        (passage.document, passage.start): (
            round(float(lexical[row]), 4), round(float(dense[row]), 4), len(of.vectors.tokens_of(row))
        )
        for row, passage in enumerate(of.passages)
    }  # fmt: skip


def test_many_small_changes_leave_few_segments(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """Small segments are written together, and one that lost a quarter of its passages anew."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    for number in range(10, 30):
        (library / f"{number}.md").write_text(_text(number), encoding="utf-8")
        report = reindex(data, [library], encoder)
        assert report.added == (f"{number}.md",)
        assert report.encoded == 5
    assert len(open_serving(data, encoder.fingerprint).vectors.parts) <= 5
    for number in range(COUNT):
        (library / f"{number}.md").unlink()
        assert reindex(data, [library], encoder).encoded == 0
    stored = b"".join(file.read_bytes() for file in serving_folder(data).rglob("texts.bin"))
    assert stored.count("# Quy chế".encode()) <= 20 / 0.75
    assert verify(data).ok


def test_a_document_is_in_force_by_the_day_it_is_asked_on(
    library: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A generation may serve for months: what expires in the meantime is told as expired."""
    data = tmp_path / "data"
    (library / "2.yaml").write_text("effective: 2026-01-01\nexpires: 2026-06-30\n", "utf-8")
    reindex(data, [library], encoder)
    opened = open_serving(data, encoder.fingerprint)
    from datetime import date

    for day, status in ((date(2026, 6, 30), "unknown"), (date(2026, 7, 1), "expired")):
        monkeypatch.setattr(generation, "today", lambda day=day: day)
        assert opened.metadata("2.md").status == status
        assert opened.listed["2.md"].metadata.status == status


def test_a_passage_is_read_where_it_stands(library: Path, tmp_path: Path, encoder: Encoder) -> None:
    """The texts, passages and sentences of a generation are those of its documents."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    opened = open_serving(data, encoder.fingerprint)
    entry = opened.entry["4.md"]
    for row in entry.rows:
        passage = opened.passages[row]
        assert passage.document == "4.md"
        spans, vectors = opened.sentences_of(row)
        text = opened.document("4.md").text
        assert all(passage.start <= start < end <= passage.end for start, end, *_ in spans)
        assert " ".join(text[start:end] for start, end, *_ in spans).split() == (
            opened.text_of(row).split()
        )
        assert np.allclose(np.linalg.norm(vectors.astype(np.float32), axis=1), 1, atol=1e-2)


def test_a_file_that_fails_for_a_moment_keeps_serving_as_it_was_read_before(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """Half copied, or its sidecar misspelt: told with the day of the last reading, and read when it can be."""
    data = tmp_path / "data"
    reindex(data, [library], encoder)
    whole, served = (library / "3.md").read_bytes(), serving_folder(data)
    (library / "3.md").write_bytes(b"\x00" * 200)
    (library / "4.yaml").write_text("date: 2026-13-45\n", encoding="utf-8")
    for _ in range(2):
        report = reindex(data, [library], encoder)
        assert {file.path: file.kept_from[:4] for file in report.rejected} == dict.fromkeys(
            ("3.md", "4.md"), str(today().year)
        )
        assert (report.removed, report.documents, serving_folder(data)) == ((), COUNT, served)
    (library / "3.md").write_bytes(whole + "\nĐiều 9. Thêm\nMột điều mới.\n".encode())
    (library / "4.yaml").unlink()
    report = reindex(data, [library], encoder)
    assert (report.changed, report.rejected) == (("3.md",), ())
    assert "Một điều mới." in open_serving(data, encoder.fingerprint).document("3.md").text
    (library / "5.md").unlink()  # on purpose
    assert reindex(data, [library], encoder).removed == ("5.md",)


def test_what_is_written_while_a_file_is_read_is_read_the_next_time(
    library: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stamp is of the file before it was read, not of what replaced it meanwhile."""
    data, file = tmp_path / "data", library / "6.md"
    really = Apart.read

    def overtaken(readers: Apart, path: Path, folder: Path) -> Fresh:
        fresh = really(readers, path, folder)
        if path == file:
            file.write_text(_text(6, "Nộp tại một cửa."), encoding="utf-8")
        return fresh

    monkeypatch.setattr(Apart, "read", overtaken)
    reindex(data, [library], encoder)
    monkeypatch.setattr(Apart, "read", really)
    assert reindex(data, [library], encoder).changed == ("6.md",)
    assert "Nộp tại một cửa." in open_serving(data, encoder.fingerprint).document("6.md").text


def _rot(vectors: Path) -> None:
    """A fault of the disk: other bytes, under the same time."""
    stat, content = vectors.stat(), bytearray(vectors.read_bytes())
    content[-1] ^= 255
    with vectors.open("r+b") as file:
        file.write(content)
    os.utime(vectors, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _checked_before(library: Path, data: Path, encoder: Encoder) -> Path:
    """One of the files of an index of yesterday, all of whose vectors were hashed since."""
    reindex(data, [library], encoder)
    for segment in serving_folder(data).glob("s*"):
        _age(segment)
    reindex(data, [library], encoder)
    return next(serving_folder(data).glob("*/tokens.bin"))


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were hashed."""
    names: list[str] = []
    really = generation.file_facts

    def noted(file: Path) -> dict[str, Any]:
        names.append(file.name)
        return really(file)

    monkeypatch.setattr(generation, "file_facts", noted)
    return names


def test_vectors_found_whole_are_not_hashed_while_nothing_changes(
    library: Path, tmp_path: Path, encoder: Encoder, hashed: list[str]
) -> None:
    """What may be shown always is; once written to, or after a week, all is."""
    data = tmp_path / "data"
    vectors = _checked_before(library, data, encoder)
    hashed.clear()
    reindex(data, [library], encoder)
    assert not VECTORS & set(hashed)
    assert {"documents.jsonl", "texts.bin", "outlines.bin", "rows.npy"} <= set(hashed)
    week_later = time.time_ns() + AGAIN
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", lambda: week_later)
        reindex(data, [library], encoder)
    assert set(hashed) >= VECTORS
    _age(vectors.parent)
    reindex(data, [library], encoder)
    hashed.clear()
    os.utime(vectors)
    reindex(data, [library], encoder)
    assert set(hashed) >= VECTORS


def test_nothing_is_built_on_vectors_that_rotted(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """A copy of them would bear a hash that is right."""
    data = tmp_path / "data"
    _rot(_checked_before(library, data, encoder))
    (library / "new.md").write_text(_text(99), encoding="utf-8")
    report = reindex(data, [library], encoder)
    assert (report.added, len(report.repaired)) == (("new.md",), COUNT)
    assert verify(data).ok


def test_what_verify_finds_the_next_reindex_mends(
    library: Path, tmp_path: Path, encoder: Encoder
) -> None:
    """Though no file looks as if anybody had written to it."""
    data = tmp_path / "data"
    _rot(_checked_before(library, data, encoder))
    assert not verify(data).ok
    assert len(reindex(data, [library], encoder).repaired) == COUNT
    assert verify(data).ok
