"""Rows of tables that were copied out one cell a line are told whole."""

from __future__ import annotations

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
        "V BẢO ĐẢM AN TOÀN",
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
