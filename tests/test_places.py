"""Provinces by name, and nothing that only looks like one."""

import pytest

from knowledge.places import provinces_in


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
