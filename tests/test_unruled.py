"""Rows of tables that were copied out one cell a line are told whole."""

from __future__ import annotations

from knowledge.drawn import ruled_rows
from knowledge.plain import read_plain
from knowledge.unruled import as_rows


def test_a_row_is_all_that_stands_between_two_numbers() -> None:
    """Groups part it, too, and a cell that goes on over the line's end is one."""
    text = (
        "PHÂN CÔNG\n\nTT\nChỉ tiêu\nChủ trì\nI. Kinh tế số\n1\nKinh tế số đạt 20%.\nSở Tài chính\n2\n"
        "Doanh nghiệp số.\nSở Khoa học và\nCông nghệ\nII. Xã hội số\n1\nPhủ sóng 5G.\nSở Khoa học\n2\n"
        "Chữ ký số.\nCông an tỉnh\n\nNơi nhận:"
    )
    assert as_rows(text).split("\n")[2:] == [
        "TT · Chỉ tiêu · Chủ trì",
        "I. Kinh tế số",
        "TT: 1 · Chỉ tiêu: Kinh tế số đạt 20%. · Chủ trì: Sở Tài chính",
        "TT: 2 · Chỉ tiêu: Doanh nghiệp số. · Chủ trì: Sở Khoa học và Công nghệ",
        "II. Xã hội số",
        "TT: 1 · Chỉ tiêu: Phủ sóng 5G. · Chủ trì: Sở Khoa học",
        "TT: 2 · Chỉ tiêu: Chữ ký số. · Chủ trì: Công an tỉnh",
        "",
        "Nơi nhận:",
    ]


def test_no_cell_comes_under_a_head_that_may_not_be_its_own() -> None:
    """Where most rows have run cells together, none is told with heads."""
    text = "TT\nViệc\nChủ trì\n1\nMở lớp Xã\n2\nCấp máy Tỉnh\n3\nTổng kết\nTỉnh"
    assert as_rows(text).split("\n") == [
        *("TT · Việc · Chủ trì", "1 · Mở lớp Xã", "2 · Cấp máy Tỉnh", "3 · Tổng kết · Tỉnh"),
    ]


def test_long_rows_are_items_of_their_own() -> None:
    """Number, code and name are one line, and groups that stand alone are joined with their names."""
    steps = "\n".join(
        f"- Bước {n}: nộp giấy tờ tại bộ phận một cửa của xã" for n in "abcdefghijklm"
    )
    rows = [f"{n}\n1.00{n}.H05\nCấp giấy phép loại {n}\n{steps}" for n in (1, 2, 3)]
    lines = as_rows("\n".join(["STT\nMã\nTên\nCách làm\nI\nThủ tục mới", *rows])).split("\n")
    assert [line for line in lines if not line.startswith("-")] == [
        "STT · Mã · Tên · Cách làm",
        "I. Thủ tục mới",
        *(f"{n}. 1.00{n}.H05 Cấp giấy phép loại {n}" for n in (1, 2, 3)),
    ]


def test_rows_that_ran_together_are_parted_where_the_next_number_is_due() -> None:
    """Not at the number of an Điều or of a month."""
    text = (
        "1\nSửa Điều 2 Quy chế trong tháng 3 Năm 2026 Sở Nội vụ 2 Mở lớp học Xã 3 Tổng kết Sở Tài chính"
        " V BẢO ĐẢM AN TOÀN"
    )
    assert as_rows(text).split("\n") == [
        "1 · Sửa Điều 2 Quy chế trong tháng 3 Năm 2026 Sở Nội vụ",
        "2 · Mở lớp học Xã",
        "3 · Tổng kết Sở Tài chính",
        "V. BẢO ĐẢM AN TOÀN",
    ]


def test_what_is_no_table_stays_as_it_is() -> None:
    """Page numbers, a score among cells, notes with blank lines between."""
    for text in (
        "Trang đầu\n1\nTrang sau\nhết",
        "5\nĐiểm\n15\nHết",
        "1\n\nGhi chú một\n\n2\n\nGhi chú hai\n\n3\n\nGhi chú ba",
        "Điều 1. Phạm vi\n1. Khoản một\n2. Khoản hai\n3. Khoản ba",
    ):
        assert as_rows(text) == text


def test_an_appendix_ends_the_rows_above_it_and_counts_its_own_anew() -> None:
    """What stands in the second appendix is not cited as of the first."""
    rows = "1\nMở lớp\nXã\n2\nCấp máy\nTỉnh\n3\nTổng kết\nSở"
    lines = as_rows(
        f"PHỤ LỤC I\nTT\nViệc\nChủ trì\n{rows}\nPHỤ LỤC II\nTT\nViệc\nĐơn vị\n{rows}"
    ).split("\n")
    assert lines[4] == "TT: 3 · Việc: Tổng kết · Chủ trì: Sở"
    assert lines[5:8] == ["PHỤ LỤC II", "TT · Việc · Đơn vị", "TT: 1 · Việc: Mở lớp · Đơn vị: Xã"]


def test_groups_run_on_with_rows_are_parted_and_those_within_groups_are_no_rows() -> None:
    """The next Roman number parts a group from the row before it, 1 from the row after it."""
    text = (
        "TT\nViệc\nChủ trì\nI\nThể chế\nI.1\nTrung ương\n1\nBan hành luật\nBộ\n2\nBan hành nghị định\nBộ\nI.2\n"
        "Địa phương 1 Ban hành kế hoạch\nTỉnh 2 Mở lớp\nXã II Phát triển dữ liệu số 1 Mở dữ liệu\nSở"
    )
    assert as_rows(text).split("\n") == [
        *("TT · Việc · Chủ trì", "I. Thể chế", "I.1 Trung ương"),
        "TT: 1 · Việc: Ban hành luật · Chủ trì: Bộ",
        "TT: 2 · Việc: Ban hành nghị định · Chủ trì: Bộ",
        "I.2 Địa phương",
        "TT: 1 · Việc: Ban hành kế hoạch · Chủ trì: Tỉnh",
        "TT: 2 · Việc: Mở lớp · Chủ trì: Xã",
        "II. Phát triển dữ liệu số",
        "TT: 1 · Việc: Mở dữ liệu · Chủ trì: Sở",
    ]


def test_a_table_drawn_with_characters_is_rows() -> None:
    """With a rule between rows a cell may take several lines; bars without rules are no drawing."""
    drawn = """Trước
    +--------+-------+
    | Đơn vị | Hồ sơ |
    +========+=======+
    | Xã A   | 12    |
    | Xã B   |  9    |
    +--------+-------+
Sau"""
    rows = ["Đơn vị · Hồ sơ", "Đơn vị: Xã A · Hồ sơ: 12", "Đơn vị: Xã B · Hồ sơ: 9"]
    assert ruled_rows(drawn).split("\n") == ["Trước", *rows, "Sau"]
    boxed = "┌──┬──┐\n│Xã│Số│\n├──┼──┤\n│Xã│ 1│\n│A │  │\n├──┼──┤\n│B │ 2│\n└──┴──┘"
    assert ruled_rows(boxed).split("\n") == ["Xã · Số", "Xã: Xã A · Số: 1", "Xã: B · Số: 2"]
    assert ruled_rows("+--+--+\n|Xã A|12|\n|Xã B|9|\n+--+--+").split("\n") == [
        "Xã A · 12",
        "Xã B · 9",
    ]
    assert ruled_rows("TT | Xã | Số\n1 | A | 5\nCộng | | 5\n").split("\n") == [
        "TT · Xã · Số",
        "TT: 1 · Xã: A · Số: 5",
        "TT: Cộng · Số: 5",
        "",
    ]
    assert ruled_rows("| a | b |\n|---|---|\n| 1 | 2 |") == "| a | b |\n|---|---|\n| 1 | 2 |"


def test_cells_parted_by_bars_or_tabs_alone_are_rows() -> None:
    rows = [("TT", "Xã", "Mức"), ("1", "Hòa Lộc", "5"), ("2", "Phú Bình", "")]
    told = ["TT · Xã · Mức", "TT: 1 · Xã: Hòa Lộc · Mức: 5", "TT: 2 · Xã: Phú Bình"]
    for text in (
        "\n".join(f"| {' | '.join(row)} |" for row in rows),
        "\n".join("\t".join(row) for row in rows),
    ):
        assert read_plain(f"Bảng 1\n{text}\nHết.".encode()).text.split("\n")[1:-1] == told
    indented = "\t\tMột dòng.\n" * 3
    assert " · " not in read_plain(indented.encode()).text
