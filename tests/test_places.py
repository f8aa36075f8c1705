"""Provinces by name, and nothing that only looks like one."""

import pytest

from knowledge.places import provinces_in, written_as_names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Điểm DTI của Cao Bằng và BẮC KẠN", {"Cao Bằng", "Bắc Kạn"}),
        ("hỏi ở hải phòng", {"Hải Phòng"}),
        ("nộp ở tphcm hay Sài Gòn", {"Hồ Chí Minh"}),
        ("TỈNH HOÀ BÌNH", {"Hòa Bình"}),
        ("gìn giữ hòa bình, ứng dụng đa năng", set()),
        ("244 Điện Biên Phủ, Đoàn Thanh niên Cộng sản Hồ Chí Minh", set()),
    ],
)
def test_provinces_are_known_by_name(text: str, named: set[str]) -> None:
    assert provinces_in(text) == named


def test_letters_that_grow_when_lowered_move_nothing() -> None:
    assert provinces_in("Sở İb İc İs ở tỉnh hòa bình, Thừa Thiên Huế") == {"Huế"}


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("cước 5G ở bắc ninh", "cước 5G ở Bắc Ninh"),
        ("hà nội và Cần Thơ", "Hà Nội và Cần Thơ"),
        ("244 điện biên phủ", "244 điện biên phủ"),  # a street
        ("vì hòa bình", "vì hòa bình"),
    ],
)
def test_a_province_in_small_letters_is_written_as_a_name(typed: str, written: str) -> None:
    assert written_as_names(typed) == written
