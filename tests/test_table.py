"""Tables in Word, on web pages and in Markdown: rows that can be read and quoted alone."""

from __future__ import annotations

import io
import itertools
import time
from pathlib import Path

import docx
import pytest

from knowledge.document import Document
from knowledge.load import read_document
from knowledge.split import outline, passages, sentences
from knowledge.table import Cell, table_lines


def _lines(*rows: tuple[str | Cell, ...], heads: int | None = None) -> list[str]:
    cells = [[one if isinstance(one, Cell) else Cell((one,)) for one in row] for row in rows]
    return list(table_lines(cells, heads))


def test_each_row_carries_its_heads() -> None:
    """Empty cells say nothing; the heads stand once above, as on the page."""
    assert _lines(("TT", "Chỉ tiêu", "Năm 2028"), ("1", "Hồ sơ", "76"), ("2", "Chữ ký số", "")) == [
        "TT · Chỉ tiêu · Năm 2028",
        "TT: 1 · Chỉ tiêu: Hồ sơ · Năm 2028: 76",
        "TT: 2 · Chỉ tiêu: Chữ ký số",
    ]


def test_the_mark_of_a_note_grows_on_no_percentage() -> None:
    assert _lines(("Chỉ tiêu", "2025"), ("Hồ sơ", "80%1"))[1] == "Chỉ tiêu: Hồ sơ · 2025: 80%"


def test_merged_cells_are_repeated_in_each_row_they_cover() -> None:
    """Down a column, and across: then once, under both heads."""
    assert _lines(
        ("Cơ quan", "Việc", "2026", "2027"),
        (Cell(("Sở Y tế",), down=2), "Bệnh án điện tử", "x", "y"),
        ("Sổ sức khỏe", Cell(("hằng quý",), across=2)),
    ) == [
        "Cơ quan · Việc · 2026 · 2027",
        "Cơ quan: Sở Y tế · Việc: Bệnh án điện tử · 2026: x · 2027: y",
        "Cơ quan: Sở Y tế · Việc: Sổ sức khỏe · 2026 … 2027: hằng quý",
    ]


def test_heads_of_two_rows_are_joined_and_numbers_of_columns_left_out() -> None:
    """ "Mục tiêu" over 2026 and 2030 belongs to both."""
    assert _lines(
        (Cell(("TT",), down=2), Cell(("Chỉ tiêu",), down=2), Cell(("Mục tiêu",), across=2)),
        ("Năm 2026", "Năm 2030"),
        ("(1)", "(2)", "(3)", "(4)"),
        ("1", "Phủ sóng 5G", "35", "90"),
    ) == [
        "TT · Chỉ tiêu · Mục tiêu",
        "Năm 2026 · Năm 2030",
        "TT: 1 · Chỉ tiêu: Phủ sóng 5G · Mục tiêu – Năm 2026: 35 · Mục tiêu – Năm 2030: 90",
    ]


@pytest.mark.parametrize("first", ["1. Ông Lê An", "Bà Mai Bình", "1) Hạ tầng"])
def test_a_first_row_that_is_an_item_heads_nothing(first: str) -> None:
    rows = ((first, "Chủ tịch", "Trưởng ban"), ("2. Ông Vũ Nam", "Công chức", "Thành viên"))
    assert _lines(*rows) == [" · ".join(row) for row in rows]


def test_a_head_of_two_rows_is_whole_though_the_format_tells_one() -> None:
    heads = (Cell(("TT",), down=2), Cell(("Mức",), across=2)), ("Tỉnh", "Xã")
    assert _lines(*heads, ("1", "5", "7"), heads=1)[-1] == "TT: 1 · Mức – Tỉnh: 5 · Mức – Xã: 7"


def test_a_row_that_names_a_group_is_told_in_each_of_its_rows() -> None:
    """Groups within groups, numbered or merged over the table; one without rows stays."""
    assert _lines(
        ("TT", "Chỉ tiêu", "Đơn vị", "2030"),
        ("I", "Kinh tế số", "", ""),
        ("1", "Tỷ trọng", "%", "32"),
        (Cell(("II. Xã hội số",), across=4),),
        ("2", "Chữ ký số", "%", "60"),
        ("III", "Chính quyền số", "", ""),
    ) == [
        "TT · Chỉ tiêu · Đơn vị · 2030",
        "I. Kinh tế số · TT: 1 · Chỉ tiêu: Tỷ trọng · Đơn vị: % · 2030: 32",
        "II. Xã hội số · TT: 2 · Chỉ tiêu: Chữ ký số · Đơn vị: % · 2030: 60",
        "TT: III · Chỉ tiêu: Chính quyền số",
    ]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ((("Họ và tên:", "Lê An"), ("Tuổi:", "40")), ["Họ và tên: Lê An · Tuổi: 40"]),
        ((("2022", "8"), ("2023", "7")), ["2022 · 8", "2023 · 7"]),
        ((("chỉ một ô",),), ["chỉ một ô"]),
        (((), ()), []),
    ],
)
def test_a_table_without_heads_gets_none(
    rows: tuple[tuple[str, ...], ...], lines: list[str]
) -> None:
    """A first row of figures or of labels names no columns."""
    assert _lines(*rows) == lines


def _word(folder: Path, *above: str) -> Document:
    """A table of 30 communes with the agency merged over each ten, below the lines `above`."""
    file = docx.Document()
    for line in above:
        file.add_paragraph(line)
    table = file.add_table(31, 4)
    for column, head in enumerate(("TT", "Đơn vị", "Năm 2028 (%)", "Cơ quan đầu mối")):
        table.cell(0, column).text = head
    for row in range(1, 31):
        for column, words in enumerate((str(row), f"Xã số {row}", str(40 + row))):
            table.cell(row, column).text = words
    for first, agency in ((1, "Sở A"), (11, "Sở B"), (21, "Sở C")):
        table.cell(first, 3).text = agency
        table.cell(first, 3).merge(table.cell(first + 9, 3))
    file.add_paragraph("Đoạn sau bảng.")
    stream = io.BytesIO()
    file.save(stream)
    (folder / "a.docx").write_bytes(stream.getvalue())
    return read_document(folder / "a.docx", folder)


def test_a_row_of_a_long_table_is_cited_by_table_and_number(tmp_path: Path) -> None:
    """The line that introduces the table names it, and is searched with each row."""
    document = _word(tmp_path, "Điều 3. Chỉ tiêu", "Tỷ lệ hồ sơ nộp trực tuyến", "Đơn vị tính: %")
    rows = [one for one in outline(document) if one.kind == "row"]
    assert len(rows) == 30
    row = rows[14]
    assert document.text[row.start : row.end] == (
        "TT: 15 · Đơn vị: Xã số 15 · Năm 2028 (%): 55 · Cơ quan đầu mối: Sở B"
    )
    assert row.label == "Điều 3, bảng “Tỷ lệ hồ sơ nộp trực tuyến”, dòng 15"
    holding = next(one for one in passages(document) if one.start <= row.start < one.end)
    assert "Tỷ lệ hồ sơ nộp trực tuyến" in holding.heading
    after = document.text.index("Đoạn sau")
    assert [one.label for one in outline(document) if one.start <= after < one.end] == ["Điều 3"]


def test_a_row_is_one_sentence(tmp_path: Path) -> None:
    """Stops and items inside a cell do not part it from its heads."""
    text = "TT: 1 · Việc: Rà soát. Báo cáo; a) Một; b) Hai. · Hạn: Quý I"
    assert sentences(text, 0, len(text)) == [(0, len(text))]


def test_a_table_of_a_web_page_and_of_markdown_reads_the_same(tmp_path: Path) -> None:
    """`rowspan`, `th` and the padding of Markdown are the formats' own ways."""
    page = (
        "<html><body><h2>Bảng chỉ tiêu</h2><table><tr><th>Sở</th><th>Việc</th></tr><tr><td rowspan=2>Y tế</td>"
        "<td>Một</td></tr><tr><td>Hai</td></tr></table></body></html>"
    )
    typed = (
        "## Bảng chỉ tiêu\n\n| Sở     | Việc            |\n|:-------|----------------:|\n"
        "| Y tế   | Một             |\n| Y tế   | Hai |\n"
    )
    rows = ["Sở · Việc", "Sở: Y tế · Việc: Một", "Sở: Y tế · Việc: Hai"]
    for name, text in (("a.html", page), ("a.md", typed)):
        (tmp_path / name).write_text(text, "utf-8")
        assert read_document(tmp_path / name, tmp_path).text.split("\n")[-3:] == rows


def test_marks_of_markdown_hide_no_group(tmp_path: Path) -> None:
    rows = "| TT | Chỉ tiêu | Mức |\n|---|---|---|\n| **I** | **Hạ tầng** | |\n| 1 | 5G<sup>2</sup> | 80% |\n"
    (tmp_path / "a.md").write_text(rows, "utf-8")
    told = read_document(tmp_path / "a.md", tmp_path).text.split("\n")[1]
    assert told == "I. Hạ tầng · TT: 1 · Chỉ tiêu: 5G[2] · Mức: 80%"


def test_notes_below_a_table_take_no_time() -> None:
    rows = [("TT", "Việc", "Hạn"), *[("Ghi chú", "", "")] * 3000]
    began = time.process_time()
    assert len(_lines(*rows)) == 3001
    assert time.process_time() - began < 2


def test_a_group_too_long_to_repeat_introduces_its_rows() -> None:
    """Forty words in each of a hundred rows would bury what the rows say."""
    long = "Nâng cao nhận thức, đột phá về đổi mới tư duy, xác định quyết tâm chính trị mạnh mẽ, quyết liệt"
    assert _lines(("TT", "Nhiệm vụ", "Hạn"), ("I", long, ""), ("1", "Tập huấn", "Quý I")) == [
        "TT · Nhiệm vụ · Hạn",
        f"TT: I · Nhiệm vụ: {long}",
        "TT: 1 · Nhiệm vụ: Tập huấn · Hạn: Quý I",
    ]


def test_heads_of_two_levels_are_known_though_a_copy_has_no_merged_cells() -> None:
    """The upper one is told in each column, the lower row names nothing else."""
    assert _lines(
        ("TT", "Chỉ tiêu", "Năm 2026", "Năm 2026"),
        ("", "", "Mục tiêu", "Ước"),
        ("1", "Hồ sơ", "80%", "76%"),
        ("2", "Chữ ký", "50%", "50%"),
    )[2:] == [
        "TT: 1 · Chỉ tiêu: Hồ sơ · Năm 2026 – Mục tiêu: 80% · Năm 2026 – Ước: 76%",
        "TT: 2 · Chỉ tiêu: Chữ ký · Năm 2026 – Mục tiêu: 50% · Năm 2026 – Ước: 50%",
    ]


def test_a_lone_cell_among_the_columns_is_no_group() -> None:
    """It is a part of the row whose number it goes on from."""
    lines = _lines(
        ("TT", "Tên", "Nội dung", "Chung"),
        ("2", "Giao thông", "2.1. Đường xã", "100%"),
        ("", "", "2.2. Đường thôn", ""),
        ("3", "Thủy lợi", "3.1. Tưới", "80%"),
    )
    assert lines[2] == "2. Giao thông · Nội dung: 2.2. Đường thôn"
    assert lines[3].startswith("TT: 3 · Tên: Thủy lợi")


def test_a_group_is_over_where_a_number_says_so() -> None:
    """4.4 is none of 4.3; a group that is told something of is one all the same."""
    lines = _lines(
        ("TT", "Tiêu chí", "Mức", "Chủ trì"),
        ("4.3", "Bảo mật", "", ""),
        ("4.3.1", "Mã hóa", "cao", "Sở A"),
        ("4.4", "Bảo trì", "vừa", "Sở B"),
        ("II", "VỀ NHÂN LỰC", "", "Sở C"),
        ("1", "Lớp học", "ba", "Sở D"),
    )
    assert lines[1].startswith("4.3. Bảo mật · TT: 4.3.1")
    assert lines[2].startswith("TT: 4.4")
    assert lines[-1].startswith("II. VỀ NHÂN LỰC · TT: 1")


def test_a_row_whose_cells_are_empty_is_no_group() -> None:
    """What the next number does not belong to is a row; what it belongs to is a group, with rows 1, 2 too."""
    assert _lines(
        ("STT", "Việc", "Chủ trì", "Hạn"),
        ("1", "Mở lớp", "", ""),
        ("2", "Cấp máy", "Sở A", "Quý I"),
        ("3", "Tổng kết", "", ""),
    )[1:] == [
        "STT: 1 · Việc: Mở lớp",
        "STT: 2 · Việc: Cấp máy · Chủ trì: Sở A · Hạn: Quý I",
        "STT: 3 · Việc: Tổng kết",
    ]
    counted = _lines(
        ("STT", "Việc", "Chủ trì", "Hạn"),
        ("1", "Nhóm một", "", ""),
        ("1", "Mở lớp", "Sở A", "Quý I"),
        ("2", "Cấp máy", "Sở A", "Quý I"),
        ("2", "Nhóm hai", "", ""),
        ("1", "Tổng kết", "Sở B", "Quý I"),
    )
    assert [line.split(" · ")[0] for line in counted[1:]] == [
        *("1. Nhóm một", "1. Nhóm một", "2. Nhóm hai"),
    ]


def test_a_lone_cell_is_a_part_of_the_row_above() -> None:
    assert _lines(
        ("STT", "Việc", "Chủ trì"),
        ("1", "Công bố", "Sở A"),
        ("", "Trong đó: cắt giảm 30% thời gian", ""),
        ("2", "Số hóa", "Sở B"),
    )[2] == ("1. Công bố · Trong đó: cắt giảm 30% thời gian")


def test_a_part_of_a_row_is_told_with_what_that_is_about() -> None:
    """By "1.1", "a)", "-", "+" or "Trong đó"; words without a mark are no part."""
    lines = _lines(
        ("TT", "Nội dung", "Mức"),
        ("1", "Hạ tầng", "50"),
        ("a)", "Mạng", "20"),
        ("-", "Cấp xã", "5"),
        ("b)", "Máy", "30"),
        ("", "Dự phòng", "9"),
        ("2", "Đào tạo", "20"),
        ("2.1", "Cán bộ", "12"),
        ("", "Trong đó: nữ", "6"),
        ("3", "Khác", "1"),
    )
    assert [line.rpartition(" · Mức")[0] for line in lines[1:]] == [
        "TT: 1 · Nội dung: Hạ tầng",
        "1. Hạ tầng · TT: a) · Nội dung: Mạng",
        "1. Hạ tầng · a) Mạng · TT: - · Nội dung: Cấp xã",
        "1. Hạ tầng · TT: b) · Nội dung: Máy",
        "Nội dung: Dự phòng",
        "TT: 2 · Nội dung: Đào tạo",
        "2. Đào tạo · TT: 2.1 · Nội dung: Cán bộ",
        "2. Đào tạo · 2.1. Cán bộ · Nội dung: Trong đó: nữ",
        "TT: 3 · Nội dung: Khác",
    ]


def test_parts_of_rows_without_numbers_are_of_the_row_above_them() -> None:
    lines = _lines(
        ("Nội dung", "Mức", "Ghi chú"),
        ("Giảng viên", "500", "có"), ("- Cấp tỉnh", "600", "có"), ("Học viên", "50", "có"),
        ("Trong đó", "", ""), ("+ Nữ", "7", "có"), ("- Ở xa", "80", "có"),
    )  # fmt: skip
    assert [line.partition(" · Mức")[0] for line in lines[2:]] == [
        "Giảng viên · Nội dung: - Cấp tỉnh",
        "Nội dung: Học viên",
        "Trong đó · Nội dung: + Nữ",
        "Nội dung: - Ở xa",
    ]


def test_a_row_without_number_and_name_goes_on_with_the_one_above() -> None:
    """As a copy writes what was merged downwards: but for its last cells it is empty. A sum is no part."""
    assert _lines(
        ("TT", "Tiêu chí", "Nội dung", "Mức"),
        ("10", "Thu nhập", "Năm 2024", "45"),
        ("", "", "Năm 2025", "48"),
        ("11", "Nhà ở", "Nhà kiên cố", "90%"),
        ("", "", "", "đến hết năm"),
        ("Tổng số", "", "", "2"),
    )[1:] == [
        "TT: 10 · Tiêu chí: Thu nhập · Nội dung: Năm 2024 · Mức: 45",
        "10. Thu nhập · Nội dung: Năm 2025 · Mức: 48",
        "TT: 11 · Tiêu chí: Nhà ở · Nội dung: Nhà kiên cố · Mức: 90%",
        "TT: 11 · Mức: đến hết năm",
        "TT: Tổng số · Mức: 2",
    ]


def test_a_row_with_figures_heads_the_rows_below_that_count_from_1() -> None:
    lines = _lines(
        ("TT", "Nội dung", "Mức"),
        ("A", "Vốn", "70"), ("I", "Chi", "70"), ("1", "Máy", "50"), ("2", "Mạng", "20"),
        ("II", "Thu", "9"), ("1", "Phí", "9"), ("B", "Nợ", "5"), ("1", "Vay", "5"),
    )  # fmt: skip
    assert [line.partition(" · TT")[0] for line in lines if " · TT" in line] == [
        *("A. Vốn", *["A. Vốn · I. Chi"] * 2, "A. Vốn", "A. Vốn · II. Thu", "B. Nợ"),
    ]


def test_the_title_within_a_table_is_no_group_and_heads_told_anew_are_no_row() -> None:
    """A group has its like below, or a number."""
    heads = ("TT", "Xã", "Số")
    rows = (heads, ("1", "Hòa Lộc", "5"), heads, ("2", "Phú Bình", "7"))
    title = (Cell(("Bảng 1. Kết quả",), across=3),)
    told = ["TT · Xã · Số", "TT: 1 · Xã: Hòa Lộc · Số: 5", "TT: 2 · Xã: Phú Bình · Số: 7"]
    assert _lines(title, *rows) == ["Bảng 1. Kết quả", *told]
    assert _lines(title, *rows, heads=2) == ["Bảng 1. Kết quả", *told]
    assert _lines(title, ("", "", "ĐVT: hộ"), *rows, (Cell(("Ghi chú",), across=3),)) == [
        *("Bảng 1. Kết quả", "ĐVT: hộ", *told, "Ghi chú"),
    ]
    wide = [(Cell((name,), across=3),) for name in ("Khối xã", "Khối phường")]
    lines = _lines(wide[0], ("Một", "Hai", "Ba"), wide[1], ("Bốn", "Năm", "Sáu"))
    assert lines == ["Khối xã · Một · Hai · Ba", "Khối phường · Bốn · Năm · Sáu"]


def test_columns_may_be_numbered_in_small_letters() -> None:
    heads, row = ("TT", "Chỉ tiêu", "Thu", "Chi"), ("1", "Phí", "5", "3")
    told = ["TT · Chỉ tiêu · Thu · Chi", "TT: 1 · Chỉ tiêu: Phí · Thu: 5 · Chi: 3"]
    assert _lines(heads, ("a", "b", "1", "2=1/3"), row) == told


def test_what_is_compared_in_a_table_opens_no_section() -> None:
    """Điều beside Điều below heads are cells; alone in a table they are a page."""
    heads, one = ("Hiện hành", "Sửa đổi"), ("Điều 5. Mức 30 triệu", "Điều 5. Mức 50 triệu")
    told = "Hiện hành: Điều 5. Mức 30 triệu · Sửa đổi: Điều 5. Mức 50 triệu"
    assert _lines(heads, one, one)[1:] == [told, told]
    assert _lines(("Điều 1. Phạm vi",), ("Điều 2. Hiệu lực",))[0] == "Điều 1. Phạm vi"


def test_ditto_is_told_with_what_it_stands_for() -> None:
    lines = _lines(
        ("TT", "Việc", "Chủ trì", "Hạn"),
        ("1", "Một", "Sở A", "-"), ("2", "Hai", "nt", "-nt-"), ("3", "Ba", "″", "Quý I"),
    )  # fmt: skip
    assert lines[2:] == [
        "TT: 2 · Việc: Hai · Chủ trì: nt (Sở A) · Hạn: -nt-",
        "TT: 3 · Việc: Ba · Chủ trì: ″ (Sở A) · Hạn: Quý I",
    ]


def test_the_name_of_a_sum_stands_under_no_head() -> None:
    total = (Cell(("Tổng cộng",), across=2), "12")
    assert _lines(("TT", "Xã", "Số"), ("1", "Hòa Lộc", "12"), total)[2] == "Tổng cộng · Số: 12"


def test_the_rest_of_a_row_that_a_page_cut_is_a_part_of_it_and_no_group() -> None:
    lines = _lines(
        ("TT", "Nhiệm vụ", "Hạn"),
        ("1", "Đánh giá hiệu quả", "2026"),
        ("", "trực tuyến và công bố kết quả.", ""),
        ("2", "Đào tạo", "2027"),
    )
    assert lines[2:] == [
        "TT: 1 · Nhiệm vụ: trực tuyến và công bố kết quả.",
        "TT: 2 · Nhiệm vụ: Đào tạo · Hạn: 2027",
    ]


def test_no_word_of_a_table_is_lost() -> None:
    """Whatever rows follow each other, each cell is told."""
    kinds = [
        *(("71", "một", "sở mười", "quý hai"), ("72", "bản", "", ""), ("72.1", "ba", "", "")),
        *(("I", "bốn", "", ""), ("A", "năm", "", ""), ("", "Trong đó: sáu", "", "")),
        *(("", "bảy", "sở ngành", ""), ("", "Cộng", "73", ""), ("III", "tám", "", "quý tư")),
        ("", "- chín", "", ""),
    ]  # fmt: skip
    heads = ("TT", "Việc", "Chủ trì", "Hạn")
    for rows in itertools.product(kinds, repeat=3):
        told = " · ".join(_lines(heads, *rows, heads=1)[1:]).split(" · ")
        bare = (cell.removeprefix(f"{head}: ") for cell in told for head in heads)
        kept = {words for cell in bare for words in cell.split(". ")}  # "I. bốn" of a group
        assert set(itertools.chain.from_iterable(rows)) - {""} <= kept, rows


def test_letters_hold_the_roman_groups_below_them_and_c_follows_b() -> None:
    """A group that holds but groups is told in their rows, not alone."""
    lines = _lines(
        ("TT", "Việc", "Chủ trì", "Hạn"),
        ("A", "THỂ CHẾ", "", ""),
        ("I", "Văn bản", "", ""),
        ("1", "Rà soát", "Sở A", "Quý I"),
        ("B", "HẠ TẦNG", "", ""),
        ("1", "Phủ sóng", "Sở B", "Quý I"),
        ("C", "NHÂN LỰC", "", ""),
        ("1", "Mở lớp", "Sở C", "Quý I"),
    )
    assert [line.partition(" · TT")[0] for line in lines[1:]] == [
        *("A. THỂ CHẾ · I. Văn bản", "B. HẠ TẦNG", "C. NHÂN LỰC"),
    ]


def test_a_grand_total_is_of_no_group() -> None:
    """What a group comes to is of the group."""
    lines = _lines(
        ("TT", "Đơn vị", "Hồ sơ", "Tỷ lệ"),
        ("I", "PHƯỜNG", "", ""),
        ("1", "Một", "5", "80"),
        ("", "Cộng", "5", "80"),
        ("II", "XÃ", "", ""),
        ("1", "Hai", "7", "90"),
        ("", "TỔNG CỘNG", "12", "85"),
        ("", "Ghi chú: số ước", "", ""),
    )
    assert lines[2].startswith("I. PHƯỜNG · Đơn vị: Cộng")
    assert lines[-2:] == ["Đơn vị: TỔNG CỘNG · Hồ sơ: 12 · Tỷ lệ: 85", "Ghi chú: số ước"]


def test_a_long_record_is_a_line_for_each_fact() -> None:
    """Its first fact heads no column, nor does one whose column holds but short figures."""
    steps = (
        "- Bước 1: Nộp hồ sơ;",
        "- Bước 2: Thẩm định trong 08 ngày;",
        "- Bước 3: Trả kết quả;" * 20,
    )
    rows = [
        (("Tên thủ tục",), ("Đăng ký hoạt động cơ sở dịch vụ trò chơi điện tử",)),
        (("Trình tự thực hiện",), steps),
        (("Yêu cầu, điều kiện thực hiện thủ tục hành chính",), ("Không",)),
        (("Thời hạn",), ("10 ngày",)),
    ]
    facts = _lines(*((Cell(name), Cell(told)) for name, told in rows))
    assert facts[0] == "Tên thủ tục: Đăng ký hoạt động cơ sở dịch vụ trò chơi điện tử"
    assert facts[2:] == [
        "Yêu cầu, điều kiện thực hiện thủ tục hành chính: Không",
        "Thời hạn: 10 ngày",
    ]
    named = _lines(
        ("Đơn vị", "Kết quả 6 tháng"), *((f"Xã {'a' * 30}", f"{n} hồ sơ") for n in range(20))
    )
    assert named[1].startswith("Đơn vị: Xã")


def test_signatures_side_by_side_are_no_rows() -> None:
    """Each is told whole, in one cell or in several below each other."""
    one, two = ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG", "", "Lê An"), ("CHỦ TỊCH", "", "", "Mai Thị Bình")
    assert _lines((Cell(one), Cell(two))) == [*one, *two]
    assert _lines(*zip(one, two, strict=True)) == [*one, *two]
    three = [("NGƯỜI LẬP", "KẾ TOÁN", "CHỦ TỊCH"), ("Lê Văn An", "(Ký tên)", "Mai Bình")]
    assert _lines(*three)[:2] == ["NGƯỜI LẬP", "Lê Văn An"]
    assert " · " in _lines(("CHỦ TỊCH", "Lê An"), ("PHÓ CHỦ TỊCH", "Mai Bình"))[0]


def test_a_note_across_the_last_row_of_a_table_is_of_no_group() -> None:
    rows = ("TT", "Xã", "Số"), ("I", "Khối xã", ""), ("1", "Hòa Lộc", "5"), ("2", "Phú Bình", "7")
    note = "(*) Số liệu tháng 6."
    assert _lines(*rows, (Cell((note,), across=3),))[-1] == note
    assert _lines(*rows, (note, "", ""))[-1] == note


def test_a_table_within_a_cell_is_told_with_its_heads_once() -> None:
    inner = tuple(_lines(("Việc", "Hạn"), ("Kết nối", "tháng 6"), ("Mở lớp", "tháng 9"), heads=1))
    assert _lines(("TT", "Đơn vị", "Chi tiết"), ("1", "Sở A", Cell(("Gồm:", *inner))))[1] == (
        "TT: 1 · Đơn vị: Sở A · Chi tiết: Gồm: Việc: Kết nối; Hạn: tháng 6 Việc: Mở lớp; Hạn: tháng 9"
    )


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            (("Họ và tên", "Lê An"), ("Chức vụ", "Trưởng phòng")),
            ["Họ và tên: Lê An · Chức vụ: Trưởng phòng"],
        ),
        (
            (("Chủ đầu tư", "Sở A"), ("Địa điểm", "Xã B"), ("Tổng mức", "5 tỷ đồng")),
            ["Chủ đầu tư: Sở A · Địa điểm: Xã B · Tổng mức: 5 tỷ đồng"],
        ),
        (
            (("Việc", "Hạn"), ("Mở lớp", "Tháng 6"), ("Cấp máy", "Tháng 9")),
            ["Việc · Hạn", "Việc: Mở lớp · Hạn: Tháng 6", "Việc: Cấp máy · Hạn: Tháng 9"],
        ),
        (
            (("Đơn Vị", "Nhiệm Vụ"), ("Sở A", "Mở lớp"), ("Sở B", "Cấp máy")),
            [
                "Đơn Vị · Nhiệm Vụ",
                "Đơn Vị: Sở A · Nhiệm Vụ: Mở lớp",
                "Đơn Vị: Sở B · Nhiệm Vụ: Cấp máy",
            ],
        ),
        (
            (("Chỉ số", "Quý 1"), ("Phủ sóng", "40"), ("Chữ ký", "50")),
            ["Chỉ số · Quý 1", "Chỉ số: Phủ sóng · Quý 1: 40", "Chỉ số: Chữ ký · Quý 1: 50"],
        ),
        (
            (
                *(("Đơn vị", "Kết quả"), ("Sở A", "12 hồ sơ")),
                *(("Sở B", "9 hồ sơ"), ("Sở C", "chưa báo cáo")),
            ),
            [
                "Đơn vị · Kết quả",
                "Đơn vị: Sở A · Kết quả: 12 hồ sơ",
                "Đơn vị: Sở B · Kết quả: 9 hồ sơ",
                "Đơn vị: Sở C · Kết quả: chưa báo cáo",
            ],
        ),
    ],
)
def test_facts_of_one_thing_are_one_record(
    rows: tuple[tuple[str, str], ...], lines: list[str]
) -> None:
    """A first row that tells a fact, or a column of no one kind with few figures, has no heads."""
    assert _lines(*rows) == lines
