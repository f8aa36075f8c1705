"""`cdsbot read` and the doubts that `reindex` tells: what was understood of a file, and how surely."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.reading import facts
from index.retrieval.encoder import Encoder
from index.store.build import reindex
from knowledge.document import Document, Metadata
from knowledge.doubts import doubts
from knowledge.split import outline
from tests.pdf_pages import Pages

_DECISION = """ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN
Số: 12/QĐ-UBND
Thái Nguyên, ngày 05 tháng 3 năm 2026
QUYẾT ĐỊNH
Về hỗ trợ tổ công nghệ số cộng đồng

Điều 1. Phạm vi
1. Quyết định này áp dụng cho 1.245 tổ công nghệ số cộng đồng.
2. Không áp dụng cho doanh nghiệp.
Điều 2. Mức hỗ trợ
Mỗi tổ được hỗ trợ 15 triệu đồng một năm, từ ngày 01/4/2026."""


def _doubts(text: str, **more: object) -> tuple[str, ...]:
    known = Metadata("Quyết định", number="12/QĐ-UBND", date="2026-03-05")
    document = Document("a.txt", text, known, **more)  # type: ignore[arg-type]  # all are fields
    return doubts(document, outline(document))


@pytest.mark.parametrize(
    ("found", "instead", "doubt"),
    [
        ("Điều 2.", "Điều 4.", "số thứ tự nhảy: sau Điều 1 là Điều 4"),
        ("2. Không", "5. Không", "sau Điều 1, khoản 1 là Điều 1, khoản 5"),
        ("1.245 tổ", "1.24513 tổ", "con số lạ: 1.24513"),
        ("01/4/2026", "41/4/2026", "con số lạ: 41/4/2026"),
        ("15 triệu", "1O5 triệu", "con số lạ: 1O5"),
    ],
)
def test_what_looks_misread_is_named(found: str, instead: str, doubt: str) -> None:
    """One wrong figure or number is told, with its place where it has one."""
    [told] = _doubts(_DECISION.replace(found, instead))
    assert doubt in told


def test_a_sound_document_raises_no_doubt() -> None:
    """Numbers in order, figures as they are written: nothing to look at."""
    assert _doubts(_DECISION) == ()


def test_what_a_machine_read_is_told_first() -> None:
    """With its pages; then what the reader itself was unsure of."""
    told = _doubts(_DECISION, pages=(0, 60), scanned=(2,), doubts=("Trang 2 quét mờ.",))
    assert told == (
        "máy đọc từ bản quét, nên đối chiếu con số: trang 2",
        "Trang 2 quét mờ.",
    )


def test_a_second_document_in_the_file_is_told() -> None:
    """Its date and its effect are not those by which the file is known."""
    head = (
        _DECISION.partition("Điều 1.")[0]
        .replace("12/QĐ", "13/KH")
        .replace("QUYẾT ĐỊNH", "KẾ HOẠCH")
    )
    told = _doubts(f"{_DECISION}\nCHỦ TỊCH\nLê Văn An\n\n{head}I. MỘT\nHai.")
    assert told == ("tệp có nhiều văn bản, nên tách riêng: Kế hoạch 13/KH-UBND",)


def test_a_table_without_heads_is_told() -> None:
    """Its figures cannot be said of anything."""
    rows = "xã A · 12 · 14\nxã B · 13 · 15"
    assert _doubts(f"{_DECISION}\n{rows}") == ("1 bảng không thấy hàng tiêu đề",)


def test_read_shows_what_was_understood(
    tmp_path: Path, vietnamese_font: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Metadata, doubts, outline with pages, tables, passages; nothing is indexed."""
    pages = Pages(vietnamese_font)
    for line in _DECISION.split("\n"):
        pages.line(line.replace("1.245 tổ", "1.24513 tổ"))
    pages.page()
    pages.table([("TT", "Xã"), ("1", "Đồng Hỷ"), ("2", "Phú Bình")], (85, 140, 300))
    file = tmp_path / "a.pdf"
    file.write_bytes(pages.data())
    assert main(["read", str(file)]) == 0
    said = capsys.readouterr().out
    for line in (
        "  Số hiệu: 12/QĐ-UBND",
        "  Trang: 2",
        "  • con số lạ: 1.24513",
        "  Điều 2. Mức hỗ trợ (trang 1)",
        "Bảng (1):",
    ):
        assert line in said.split("\n")
    assert main(["read", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["number"] == "12/QĐ-UBND"
    assert told["doubts"] == ["con số lạ: 1.24513"]
    assert told["tables"] == [["TT: 1 · Xã: Đồng Hỷ", "TT: 2 · Xã: Phú Bình"]]
    for passage in told["passages"]:
        assert told["text"][passage["start"] : passage["end"]].strip()


def test_the_last_day_in_force_is_told_as_one() -> None:
    """Not as the first day out of force."""
    known = Metadata("Nghị định", expires="2026-06-30")
    assert ("Còn hiệu lực đến hết", "30/06/2026") in facts(Document("a.txt", "Một.", known))


def test_read_writes_a_page_that_loads_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lines tell, with every sentence; whatever stands in the file is escaped; a browser opens it."""
    opened: list[str] = []

    def no_browser(url: str) -> bool:
        opened.append(url)
        return False

    monkeypatch.setattr("bot.commands.reading.open_page", no_browser)
    file, page = tmp_path / "<b>.txt", tmp_path / "trang đọc.html"
    file.write_text(_DECISION.replace("1.245 tổ", "1.24513 tổ <script>alert(1)</script>"), "utf-8")
    assert main(["read", str(file), "--page", str(page)]) == 0
    assert capsys.readouterr().out == f"Đã ghi {page}. Hãy mở bằng trình duyệt.\n"
    assert opened == [page.as_uri()]
    told = page.read_text("utf-8")
    for shown in (
        "<dt>Số hiệu</dt><dd>12/QĐ-UBND</dd>",
        "<li>con số lạ: 1.24513</li>",
        "Điều 2. Mức hỗ trợ</a>",
        "&lt;script&gt;alert(1)",
        "default-src 'none'",
    ):
        assert shown in told
    assert "<script" not in told
    assert "<b>.txt" not in told
    assert "://" not in told
    for anchor in re.findall(r'href="#(\w+)"', told):
        assert f'id="{anchor}"' in told


def test_a_section_is_called_by_its_own_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A comma in a title parts no name, and a table without one is a table."""
    text = "# Kế hoạch\n## Phòng, chống cháy\n1. Việc\n\n| TT | Xã |\n|---|---|\n| 1 | Bình An |\n| 2 | Hòa |"
    (tmp_path / "a.md").write_text(f"# Tên\n\n{text}", "utf-8")
    assert main(["read", str(tmp_path / "a.md")]) == 0
    said = [line.strip() for line in capsys.readouterr().out.split("\n")]
    first = said.index("Phòng, chống cháy")
    assert said[first : first + 3] == ["Phòng, chống cháy", "khoản 1. Việc", "bảng"]


def test_read_names_a_file_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, with the reason."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 hong")
    assert main(["read", str(tmp_path / "a.pdf")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "a.pdf: tệp PDF bị hỏng" in said.err


def test_read_tells_a_file_that_is_not_there_from_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped name is no file that vanished while it was read."""
    assert main(["read", str(tmp_path / "khong-co.pdf")]) == 1
    assert capsys.readouterr().err.startswith("Không có tệp ")
    assert main(["read", str(tmp_path)]) == 1
    assert "là thư mục" in capsys.readouterr().err


def test_reindex_tells_the_doubts_of_what_is_new(tmp_path: Path, encoder: Encoder) -> None:
    """Once: an unchanged file is not told again."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "a.txt").write_text(_DECISION.replace("1.245 tổ", "1.24513 tổ"), "utf-8")
    (library / "b.txt").write_text(_DECISION, "utf-8")
    [doubtful] = reindex(tmp_path / "data", [library], encoder).doubtful
    assert (doubtful.path, doubtful.doubts) == ("a.txt", ("con số lạ: 1.24513",))
    assert reindex(tmp_path / "data", [library], encoder).doubtful == ()
