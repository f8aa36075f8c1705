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
        "TT",
        "Chỉ tiêu",
        "Chủ trì",
        "I. Kinh tế số",
        "1 · Kinh tế số đạt 20%. · Sở Tài chính",
        "2 · Doanh nghiệp số. · Sở Khoa học và Công nghệ",
        "II. Xã hội số",
        "1 · Phủ sóng 5G. · Sở Khoa học",
        "2 · Chữ ký số. · Công an tỉnh",
        "",
        "Nơi nhận:",
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
