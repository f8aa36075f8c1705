"""Tables whose line breaks were lost are read as rows that can be quoted alone."""

from __future__ import annotations

from knowledge.flattened import restored

_PLAN = (
    "TT | Chỉ tiêu | Năm 2026 | Cơ quan |  | I | VỀ DỊCH VỤ CÔNG | VỀ DỊCH VỤ CÔNG | VỀ DỊCH VỤ CÔNG |  "
    "| 1 | Hồ sơ nộp trực tuyến | 80% | Văn phòng |  | 2 | Người dân có tài khoản | 75% | Công an |  | Ghi chú."
)


def test_each_row_comes_with_its_heads_and_group() -> None:
    """And what stands below the table stays below it."""
    assert restored(f"Trước bảng.\n{_PLAN}\nSau bảng.").split("\n") == [
        "Trước bảng.",
        "TT · Chỉ tiêu · Năm 2026 · Cơ quan",
        "I. VỀ DỊCH VỤ CÔNG · TT: 1 · Chỉ tiêu: Hồ sơ nộp trực tuyến · Năm 2026: 80% · Cơ quan: Văn phòng",
        "I. VỀ DỊCH VỤ CÔNG · TT: 2 · Chỉ tiêu: Người dân có tài khoản · Năm 2026: 75% · Cơ quan: Công an",
        "Ghi chú.",
        "Sau bảng.",
    ]


def test_a_line_break_in_a_cell_parts_no_row() -> None:
    """Nor does the table end where a cell goes on over several lines."""
    text = (
        "TT | Nhiệm vụ | Chủ trì |  | 1 | Cấp chữ ký số | - Sở Khoa học\n\n- Công an tỉnh |  | 2 | Mở lớp\n\n"
        "học tối | Xã |  | 3 | Tổng kết | Xã\n\nĐiều 2. Thi hành"
    )
    assert restored(text).split("\n")[1:] == [
        "TT: 1 · Nhiệm vụ: Cấp chữ ký số · Chủ trì: - Sở Khoa học - Công an tỉnh",
        "TT: 2 · Nhiệm vụ: Mở lớp học tối · Chủ trì: Xã",
        "TT: 3 · Nhiệm vụ: Tổng kết · Chủ trì: Xã",
        "",
        "Điều 2. Thi hành",
    ]


def test_the_line_above_a_table_and_a_single_row_are_told_apart() -> None:
    """A short table is known by the head that numbers its rows."""
    text = "1. Sửa đổi chỉ tiêu như sau: | TT | Tiêu chí | Chỉ tiêu |  | 2 | Giao thông | ≥ 01 |  | 2. Sửa đổi khác."
    assert restored(text).split("\n") == [
        "1. Sửa đổi chỉ tiêu như sau:",
        "TT · Tiêu chí · Chỉ tiêu",
        "TT: 2 · Tiêu chí: Giao thông · Chỉ tiêu: ≥ 01",
        "2. Sửa đổi khác.",
    ]


def test_a_group_ends_where_one_above_it_begins() -> None:
    """Also one that tells who is in charge beside its name."""
    text = (
        "TT | Chỉ tiêu | Đơn vị | Kế hoạch | Cơ quan |  | I | Công nghiệp | Công nghiệp | Công nghiệp | Sở A |  "
        "|  | Chỉ số sản xuất | % | 9 |  |  | 1 | Sản phẩm |  |  |  |  |  | Chè | tấn | 49 |  |  "
        "| II | Dịch vụ | Dịch vụ | Dịch vụ | Sở B |  |  | Lượt khách | lượt | 133 |  |  | III | Xã hội |  |  |  |  "
        "|  | Tuổi thọ | tuổi | 74 | Sở C"
    )
    assert restored(text).split("\n")[1:] == [
        "TT: I · Chỉ tiêu … Kế hoạch: Công nghiệp · Cơ quan: Sở A",
        "I. Công nghiệp · Chỉ tiêu: Chỉ số sản xuất · Đơn vị: % · Kế hoạch: 9",
        "I. Công nghiệp · 1. Sản phẩm · Chỉ tiêu: Chè · Đơn vị: tấn · Kế hoạch: 49",
        "TT: II · Chỉ tiêu … Kế hoạch: Dịch vụ · Cơ quan: Sở B",
        "II. Dịch vụ · Chỉ tiêu: Lượt khách · Đơn vị: lượt · Kế hoạch: 133",
        "III. Xã hội · Chỉ tiêu: Tuổi thọ · Đơn vị: tuổi · Kế hoạch: 74 · Cơ quan: Sở C",
    ]


def test_a_letterhead_and_what_is_no_table_stay_as_they_are() -> None:
    """Also a choice written with bars, and Markdown's own tables."""
    for text in (
        "CHÍNH PHỦ | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |  | ------- | Độc lập - Tự do |  |  | ---- |  | Số: 1",
        "Chọn A | B | C | D | E | F | G | H | I | K | L | M",
        "| TT | Tên | Số |\n|---|---|---|\n| 1 | Xã | 5 |\n| 2 | Tỉnh |  |",
        "Điều 4. Thi hành. |  | KT. CHỦ TỊCH |  | Nơi nhận: | PHÓ CHỦ TỊCH |  | - Như trên; |  |  | - Lưu: VT. |  |  |",
    ):
        assert restored(text) == text
