"""What is quoted is whole: a list with its head and all its items, an item with the line it hangs on."""

from __future__ import annotations

import pytest

from index.evidence.stretches import head_of, is_title, list_around, opens_list
from knowledge.document import Document, Metadata
from knowledge.split import outline

TEXT = """Điều 4. Những việc không được làm
1. Sao chép khoá mã.
2. Giao khoá mã cho người khác.
Điều 5. Mức phạt
1. Phạt tiền 10.000.000 đồng đối với một trong các hành vi sau đây:
a) Tẩy xoá giấy phép;
b) Cho mượn giấy phép.
Điều 6. Hồ sơ
1. Hồ sơ bao gồm các thành phần chính
a) Đơn đề nghị;
b) Giấy phép cũ.
"""
DOCUMENT = Document("phat.md", TEXT, Metadata("Nghị định về xử phạt"))
OUTLINE = outline(DOCUMENT)


def _span(line: str) -> tuple[int, int]:
    return TEXT.index(line), TEXT.index(line) + len(line)


def _text(span: tuple[int, int] | None) -> str:
    return TEXT[slice(*span)].strip() if span else ""


@pytest.mark.parametrize(
    ("line", "opens"),
    [
        ("Phạt tiền đối với một trong các hành vi sau đây:", True),
        ("Hồ sơ bao gồm các thành phần chính", True),
        ("Các hình thức nộp như sau", True),
        ("Hồ sơ bao gồm đơn, giấy phép cũ và bản giải trình.", False),
        ("Việc nộp hồ sơ thực hiện sau khi được duyệt.", False),
        ("Tổ công tác gồm có 12 thành viên", False),
        ("Hội nghị được tổ chức vào năm sau", False),
    ],
)
def test_a_line_opens_a_list_by_its_colon_or_its_words(line: str, opens: bool) -> None:
    assert opens_list(line) is opens


def test_a_list_without_a_colon_is_whole() -> None:
    """From its head or from any item."""
    whole = TEXT[TEXT.index("1. Hồ sơ") :].strip()
    for line in ("1. Hồ sơ bao gồm các thành phần chính", "b) Giấy phép cũ."):
        assert _text(list_around(DOCUMENT, OUTLINE, _span(line))) == whole


def test_khoan_that_are_meant_together_come_with_their_title() -> None:
    item = _span("2. Giao khoá mã cho người khác.")
    whole = _text(list_around(DOCUMENT, OUTLINE, item, headless=True))
    assert whole == TEXT[: TEXT.index("Điều 5")].strip()


def test_parts_of_an_appendix_are_no_list_of_an_article() -> None:
    text = "PHỤ LỤC I\nDANH MỤC\n1. Máy tính.\n2. Máy in.\nĐiều 10. Khác\n1. Việc khác.\n"
    document = Document("phu-luc.md", text, Metadata("Danh mục"))
    span = (text.index("2. Máy in."), text.index("2. Máy in.") + 10)
    found = list_around(document, outline(document), span, headless=True)
    assert found
    assert text[slice(*found)] == "1. Máy tính.\n2. Máy in."


def test_a_list_of_dashes_ends_with_the_khoan_that_it_is_of() -> None:
    """Asked for by its head or by one of its items."""
    text = "Đề nghị như sau:\n1. Một.\n2. Nêu rõ:\n- Lý do;\n- Cách sửa.\n3. Gửi về Sở.\n"
    document = Document("cong-van.txt", text, Metadata("Công văn"))
    for line in ("2. Nêu rõ:", "- Lý do;"):
        span = (text.index(line), text.index(line) + len(line))
        found = list_around(document, outline(document), span)
        assert found
        assert text[slice(*found)] == "2. Nêu rõ:\n- Lý do;\n- Cách sửa."


def test_an_item_hangs_on_the_line_that_opens_its_list() -> None:
    """A khoản under a mere title hangs on nothing."""
    head = head_of(DOCUMENT, OUTLINE, _span("b) Cho mượn giấy phép."))
    assert _text(head).startswith("1. Phạt tiền 10.000.000 đồng")
    assert head_of(DOCUMENT, OUTLINE, _span("1. Sao chép khoá mã.")) is None


def test_a_row_of_a_group_hangs_on_the_line_above_its_table() -> None:
    """Its own table, not the one before."""
    rows = "TT · Việc · Mức\nI. Chi · TT: 1 · Việc: Máy · Mức: 5\nII. Thu · TT: 1 · Việc: Phí · Mức: 9\n"
    text = f"II. DỰ TOÁN\nBiểu 1. Thu chi\nĐơn vị: tỷ đồng\n{rows}\n{rows}"
    document = Document("bieu.md", text, Metadata("Dự toán"))
    sections = outline(document)
    spans = [(one.start, one.end) for one in sections if one.kind == "row"]
    heads = [head_of(document, sections, span) for span in spans]
    title = "Biểu 1. Thu chi\nĐơn vị: tỷ đồng"
    assert [text[slice(*head)] if head else "" for head in heads] == [title, title, "", ""]


def test_the_title_of_a_clause_is_told_from_what_a_clause_says() -> None:
    """ "Tầm nhìn đến năm 2035", shown alone, answers nothing."""
    text = "Điều 1. Mục tiêu\n1. Tầm nhìn\nMọi việc đều làm trên mạng.\n2. Kinh tế số đạt 30%\n3. Mạng tới mọi xóm.\n"
    document = Document("tam-nhin.md", text, Metadata("Kế hoạch"))
    titles = [
        line
        for line in text.splitlines()
        if is_title(document, outline(document), (text.index(line), text.index(line) + len(line)))
    ]
    assert titles == ["1. Tầm nhìn"]
