"""Copies of the official codification hold the documents' own words, and no editor's."""

from __future__ import annotations

import pytest

from knowledge.codified import as_enacted
from knowledge.plain import read_plain

LINKED = (
    "Điều 3.3.TT.9.2. Nội dung (báo cáo) của Thông tư 06/2013/TT-BTTTT ban hành ngày 07/03/2013"
)
CODE = "Điều 3.3.TT.9.2. Nội dung"


@pytest.mark.parametrize(
    ("copy", "enacted"),
    [
        (f"1. Xong.(Điều này có nội dung liên quan đến {LINKED})\n2. Hai.", "1. Xong.\n2. Hai."),
        (f"1. Xong. (Chương này có nội dung liên quan đến {LINKED}; Điều 4.\nHai)\n\nBa.", "1. Xong.\n\nBa."),
        (f"1. Xong.(Điều này có nội dung liên quan đến {LINKED})Điều 3.3.NĐ.7.34. Hai\n", "1. Xong.\n\nĐiều 3.3.NĐ.7.34. Hai\n"),
        (f"{CODE}\n1. Xong.Chương II\nHAI", f"{CODE}\n1. Xong.\n\nChương II\nHAI"),
        (f"{CODE}\nhoạt động ngân hàng, có hiệu lực thi hành kể từ ngày 01/01/2019)1. Ba.", f"{CODE}\n1. Ba."),
        (f"{CODE}\n1. Xong.\nvề y tế ban hành ngày 30/06/2014; Điều 4. Lấy ý kiến\ncủa Bộ Y tế)\n2. Hai.",
         f"{CODE}\n1. Xong.\n\n2. Hai."),
        ("1. Xong.\n\nPhụ lục_kèm theo TT số 40.2020.TT.BTTTT.doc\n\nĐiều 2. Hai", "1. Xong.\n\nĐiều 2. Hai"),
    ],
)  # fmt: skip
def test_what_editors_put_between_the_articles_is_taken_out(copy: str, enacted: str) -> None:
    assert as_enacted(copy) == enacted


@pytest.mark.parametrize(
    "text",
    [
        "Điều này có nội dung liên quan đến Điều 5 Luật Viễn thông.",
        "1. Hai (Điều này có nội dung liên quan đến việc không ai khép ngoặc.\n2. Ba.",
        "Người nộp gửi Phụ lục II dưới dạng tệp .docx",
        "(sửa bởi Thông tư 5\ncủa Bộ Y tế ban hành ngày 30/06/2014)",
        f"{CODE}\n1. Sửa Thông tư\nvề y tế ban hành ngày 30/06/2014; Thông tư 13.\na) Một.",
        "theo quy định tại Điều 3.3 và (Điều 5 Nghị định số 61/2018/NĐ-CP)",
    ],
)
def test_the_documents_own_words_stay(text: str) -> None:
    assert as_enacted(text) == text


def test_stars_of_emphasis_go_without_other_signs_of_markdown() -> None:
    text = read_plain(
        "1.* An toàn* là một.\n2*. Mạng* là hai.\n3. *Dự phòng* là ba.\nGiá *r * (1 + r) (*).".encode()
    ).text
    assert text == "1. An toàn là một.\n2. Mạng là hai.\n3. Dự phòng là ba.\nGiá *r * (1 + r) (*)."


def test_a_link_is_what_its_page_shows() -> None:
    text = read_plain(
        "theo Quyết định [05/2017/QĐ-TTg](https://van-ban.vn/qd-05-343011.aspx) ;".encode()
    ).text
    assert text == "theo Quyết định 05/2017/QĐ-TTg ;"
