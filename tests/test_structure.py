"""What opens a section of a real document and what only looks as if it did."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.document import Document, Metadata
from knowledge.load import documents_under, read_document
from knowledge.split import outline, passages, sentences

_CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def _labels(text: str, number: str = "") -> list[str]:
    return [section.label for section in outline(_document(text, number))]


def _document(text: str, number: str = "") -> Document:
    return Document("x.txt", text, Metadata("Văn bản thử", number=number))


def _label_of(text: str, words: str, number: str = "") -> str:
    """How the passage that holds `words` is cited."""
    document = _document(text, number)
    at = text.index(words)
    holding = [one for one in outline(document) if one.start <= at < one.end]
    return holding[-1].label if holding else ""


@pytest.mark.parametrize(
    "contents",
    [
        "MỤC LỤC\nChương I. Quy định chung ........ 3\nĐiều 1. Phạm vi ........ 3\n"
        "1. Ai ........ 4\n1.1. Ở đâu …… 5\nChương II. Thi hành ........ 9\n",
        "Chương I. Quy định chung\nĐiều 1. Phạm vi\nĐiều 2. Đối tượng\nChương II. Thi hành\n",
        "Mục lục\nChương I. Quy định chung 3\nĐiều 1. Phạm vi 3\nĐiều 2. Đối tượng 4\n"
        "Chương II. Thi hành 9\n",
    ],
)
def test_a_list_of_contents_opens_nothing(contents: str) -> None:
    """With dot leaders, page numbers or neither, each Điều is found once, in the text."""
    body = (
        "Chương I. Quy định chung\nĐiều 1. Phạm vi\nQuy chế này nói về dữ liệu.\n"
        "Điều 2. Đối tượng\nMọi cơ quan.\nChương II. Thi hành\nĐiều 3. Hiệu lực\nTừ ngày ký."
    )
    assert _labels(contents + body) == ["Chương I", "Điều 1", "Điều 2", "Chương II", "Điều 3"]
    assert _labels("1. Họ tên: ........\n2. Nghề: ……") == ["khoản 1", "khoản 2"]  # a form


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (
            "Điều 1. Sửa đổi Quy chế\n1. Sửa đổi Điều 4 như sau:\n“Điều 4. Thời hạn\n1. Là 02 ngày.\n"
            "2. Là 07 ngày.”\n2. Bổ sung khoản 3 Điều 5 như sau:\n“3. Công bố kết quả.”\nĐiều 2. Hiệu lực\n",
            ["Điều 1", "Điều 1, khoản 1", "Điều 1, khoản 2", "Điều 2"],
        ),
        (  # straight marks, the last clause opened in the line itself
            'Điều 1. Sửa đổi\n1. Khoản 2 được sửa đổi như sau: "2. Cơ quan phải:\na) Công khai;\n'
            'b) Bảo mật."\n2. Bãi bỏ Điều 7.\nĐiều 2. Thi hành\n',
            ["Điều 1", "Điều 1, khoản 1", "Điều 1, khoản 2", "Điều 2"],
        ),
        (  # no closing mark
            "Điều 1. Sửa đổi\n1. Sửa đổi Điều 9 như sau:\n“Điều 9. Kinh phí\n1. Do ngân sách.\n"
            "2. Bổ sung Điều 10a như sau:\n“Điều 10a. Báo cáo\nHằng quý.”\nĐiều 2. Hiệu lực\n",
            ["Điều 1", "Điều 1, khoản 1", "Điều 1, khoản 2", "Điều 2"],
        ),
        (  # marks of other kinds
            "Điều 1. Sửa đổi\n1. Sửa đổi Điều 9 như sau:\n‘‘Điều 9. Kinh phí\n1. Do ngân sách.’’\n"
            "2. Bổ sung khoản 3 Điều 5 như sau:\n«3. Một.\n4. Hai.».\n3. Sửa đổi Điều 6 như sau:\n"
            "“ Điều 6. Ba\n1. Bốn.”\nĐiều 2. Hiệu lực\n",
            ["Điều 1", *(f"Điều 1, khoản {one}" for one in (1, 2, 3)), "Điều 2"],
        ),
        (  # no marks at all
            "Điều 1. Sửa đổi\n1. Bổ sung khoản 3 Điều 9 như sau:\n3. Do ngân sách.\n4. Do dân.\n"
            "2. Sửa đổi điểm b khoản 1 Điều 2:\nb) Một;\nĐiều 2. Hiệu lực\n",
            ["Điều 1", "Điều 1, khoản 1", "Điều 1, khoản 2", "Điều 2"],
        ),
        (
            "Điều 1. Sửa đổi\n1. Sửa đổi Điều 9 như sau:\nĐiều 9. Kinh phí\n1. Do ngân sách.\n"
            "Điều 2. Hiệu lực\n",
            ["Điều 1", "Điều 1, khoản 1", "Điều 2"],
        ),
    ],
)
def test_quoted_clauses_belong_to_the_document_that_amends(text: str, labels: list[str]) -> None:
    """What is put in place of another Điều is cited by the khoản that puts it there."""
    assert _labels(text) == labels


def test_a_quoted_term_quotes_no_clauses() -> None:
    """Marks around a word hide nothing below them."""
    text = "Điều 1. Thay cụm từ như sau: “dữ liệu” thành “dữ liệu số”\n1. Một.\n2. Hai.\n"
    assert _labels(text) == ["Điều 1", "Điều 1, khoản 1", "Điều 1, khoản 2"]


@pytest.mark.parametrize(
    "attached",
    ["Phụ lục II.doc", "Phụ lục_kèm theo TT số 26_2020_TT-BTTTT.doc", "[Phụ lục I](tai-ve.pdf)",
     "Mẫu số 01.xlsx", "Chương trình khung.PDF"],
)  # fmt: skip
def test_the_name_of_an_attached_file_opens_nothing(attached: str) -> None:
    """A link to a form stays in its Điều, and the next Điều is under no appendix."""
    text = f"Điều 6. Hồ sơ\nĐơn theo mẫu.\n\n{attached}\n\nĐiều 7. Xử phạt\n1. Phạt tiền."
    assert _labels(text) == ["Điều 6", "Điều 7", "Điều 7, khoản 1"]


@pytest.mark.parametrize(
    "broken",
    [
        "Mức hỗ trợ được thực hiện theo quy định tại\nĐiều 12 Nghị quyết số 15/2026/NQ-HĐND.",
        "Kinh phí lấy từ nguồn của tỉnh giao cho các đơn vị tại\nXIII. Đơn vị nào không dùng hết thì nộp lại.",
        "Mỗi trạm phát sóng xây mới ở xã vùng cao được hỗ trợ\n100.000 đồng mỗi tháng.",
        "Trình tự, thủ tục cấp phép thực hiện như đối với trường hợp nêu ở\nMục 3 Chương II Luật này.",
        "Hồ sơ gồm đơn đề nghị theo mẫu số 02 của\nPhụ lục III ban hành kèm theo Nghị định này.",
        "Người nộp đủ hồ sơ thì được cấp giấy phép theo\nKhoản 3 Điều 7.",
        "Danh mục này gồm các loại hồ sơ (từ mục 15 đến mục\n20). Nguồn kinh phí do tỉnh bố trí.",
    ],
)
def test_a_reference_broken_at_the_end_of_a_line_opens_nothing(broken: str) -> None:
    """The sentence goes on; what follows it is still cited under the same khoản."""
    text = f"Điều 3. Kinh phí\n1. Một.\n2. {broken}\nĐoạn sau.\n3. Ba."
    assert _labels(text) == [
        "Điều 3",
        *(f"Điều 3, khoản {n}" for n in (1, 2, 3)),
    ]
    assert _label_of(text, "Đoạn sau") == "Điều 3, khoản 2"


def test_a_codified_article_is_cited_by_its_origin() -> None:
    """Its number in the document it comes from counts, and another document is named."""
    text = (
        "Điều 5. Hành vi bị cấm\n\n(Điều 7 Nghị quyết số 15/2026/NQ-HĐND, có hiệu lực từ ngày 01/02/2026)\n\n"
        "1. Bán dữ liệu.\n\nĐiều 6. Mức phạt\n\n(Điều 8 Nghị định số 13/2023/NĐ-CP, có hiệu lực từ ngày "
        "01/07/2023)\n\n1. Phạt 90 triệu đồng."
    )
    assert _labels(text, "15/2026/NQ-HĐND") == [
        "Điều 7", "Điều 7, khoản 1",
        "Điều 8 Nghị định 13/2023/NĐ-CP", "Điều 8 Nghị định 13/2023/NĐ-CP, khoản 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lost",
    [
        "2. Câu cuối.Điều 3.1.NĐ.4.7. Cung cấp thông tin\n\n",
        "2. Câu cuối.Điều\n\n",
        "2. Câu cuối.\n\n",
    ],
)
def test_an_article_whose_heading_a_copy_has_lost_is_known_by_its_origin(lost: str) -> None:
    """It is not cited as a part of the Điều before it."""
    text = f"Điều 6. Trách nhiệm\n1. Một.\n{lost}(Điều 7 Nghị định số 142/2016/NĐ-CP, có hiệu lực)\n\n1. Báo tin."
    assert _label_of(text, "Báo tin", "142/2016/NĐ-CP") == "Điều 7, khoản 1"


_CLOSING = (
    "Điều 1. Ban hành\nKèm theo Quyết định này Quy định về dữ liệu.\nĐiều 2. Thi hành\n"
    "Chánh Văn phòng chịu trách nhiệm thi hành./.\n\nNơi nhận:\n- Như Điều 2;\n- Lưu: VT.\n"
    "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nNguyễn Văn Bình\n\n"
    "QUY ĐỊNH\nVề dữ liệu\n(Ban hành kèm theo Quyết định số 5/QĐ-UBND ngày 5/1/2026)\n\n"
    "Điều 1. Phạm vi\nQuy định này nói về dữ liệu.\n"
    "PHỤ LỤC II\nDANH MỤC NHIỆM VỤ\n1. Lập kho dữ liệu."
)


def test_who_signed_and_who_receives_are_parts_of_their_own() -> None:
    """Neither belongs to the last Điều, nor what follows them to them."""
    assert _labels(_CLOSING) == [
        "Điều 1", "Điều 2", "Nơi nhận", "Phần ký",
        "Quy định về dữ liệu", "Quy định về dữ liệu, Điều 1", "Phụ lục II", "Phụ lục II, khoản 1",
    ]  # fmt: skip
    signed = next(one for one in passages(_document(_CLOSING)) if one.section == "Phần ký")
    assert _CLOSING[signed.start : signed.end].endswith("Nguyễn Văn Bình")
    assert signed.heading == "Văn bản thử"


def test_a_signature_is_quoted_whole() -> None:
    """From the authority to the name it is one sentence: a name alone tells nothing."""
    at = _CLOSING.index("TM. ỦY")
    found = sentences(_CLOSING, at, _CLOSING.index("\n\nQUY ĐỊNH"))
    assert [_CLOSING[slice(*one)] for one in found] == [
        "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nNguyễn Văn Bình"
    ]


@pytest.mark.parametrize(
    "closing",
    [
        "BỘ TRƯỞNG\nTrần Thị Hoa\n",
        "T/M BAN THƯỜNG VỤ\nBÍ THƯ\nTS. Lê Minh An\n",
        "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nĐã ký\nĐinh Đức Anh\n",
        "CHỦ TỊCH\nTRẦN THỊ HOA\n",
        "KT. CHỦ TỊCH PHÓ CHỦ TỊCH Trần Thị Hoa\n",
        "Giám đốc\n(Đã ký)\nTrần Thị Hoa\n",
        "THƯ KÝ\nTrần Thị Hoa\n",
        "ĐẠI DIỆN BÊN A\nTrần Thị Hoa\n",
    ],
)
def test_signatures_are_known_by_post_and_name(closing: str) -> None:
    """Ministries, the Party and departments sign each in their own way."""
    text = f"BÁO CÁO\nKết quả\n\nI. KẾT QUẢ\n1. Tốt.\n2. Khá.\n{closing}"
    assert _labels(text)[-1] == "Phần ký"
    assert _label_of(text, closing) == "Phần ký"


def test_who_presides_signs_nothing() -> None:
    assert _labels("BIÊN BẢN\nMột\nHai\nBa\nCHỦ TRÌ: Trần Thị Hoa\nI. BỐN") == ["mục I"]


@pytest.mark.parametrize(
    "listed", ["Như Điều 3;\nSở Y tế;\nLưu: VT.", "- Như trên;\n- Các Phó\nChủ tịch;"]
)
def test_recipients_are_read_to_the_last(listed: str) -> None:
    """Without dashes, and where one takes two lines."""
    text = f"Điều 1. Một\nNơi nhận:\n{listed}\nPhụ lục I\nHAI"
    assert _labels(text) == ["Điều 1", "Nơi nhận", "Phụ lục I"]
    assert _label_of(text, listed[-9:]) == "Nơi nhận"


def test_an_authority_above_the_text_signs_nothing() -> None:
    """ "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH" also opens a decision."""
    text = "QUYẾT ĐỊNH\nVề việc công bố\nCHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH\nCăn cứ Luật;\nĐiều 1. Công bố.\n"
    assert _labels(text) == ["Điều 1"]


@pytest.mark.parametrize(
    ("text", "label", "title"),
    [
        ("PHỤ LỤC I\nCHỈ TIÊU CHỦ YẾU\n(Kèm theo Kế hoạch số 1/KH-UBND)\n1. Một.", "Phụ lục I", "CHỈ TIÊU CHỦ YẾU"),
        ("PHỤ LỤC 02: Biểu mẫu báo cáo\n1. Một.", "Phụ lục 02", "Biểu mẫu báo cáo"),
        (
            "PHỤ LỤC\nDANH MỤC\nNHIỆM VỤ NĂM 2026\n(Kèm theo Kế hoạch số 1/KH-UBND)\n1. Một.",
            "Phụ lục",
            "DANH MỤC NHIỆM VỤ NĂM 2026",
        ),
        ("PHỤ LỤC 01\n(Kèm theo Kế hoạch số 1/KH-UBND)\nDANH SÁCH\n1. Một.", "Phụ lục 01", "DANH SÁCH"),
        ("PHỤ LỤC\n(Kèm theo Thông tư số 1/TT-BNV)\nMẫu 1 | Đơn\n1. Một.", "Phụ lục", ""),
        ("Phụ lục 1A\nCHỈ TIÊU CÁC XÃ\n1. Một.", "Phụ lục 1A", "CHỈ TIÊU CÁC XÃ"),
        ("PHỤ LỤC IV-B. BIỂU MẪU\n1. Một.", "Phụ lục IV-B", "BIỂU MẪU"),
    ],
)  # fmt: skip
def test_an_appendix_has_its_number_and_its_name(text: str, label: str, title: str) -> None:
    """It is cited by the one and found by the other."""
    first = outline(_document(text))[0]
    assert (first.label, first.title) == (label, title)
    assert _label_of(text, "Một") == f"{label}, khoản 1"


def test_letters_hold_the_roman_numbers_that_stand_below_them() -> None:
    """Where A comes first; where I does, A stands below it."""
    assert _labels("A. Đợt đầu\nI. Thể chế\nII. Hạ tầng\nB. Đợt sau\nI. Nhân lực") == [
        *("mục A", "mục A, mục I", "mục A, mục II", "mục B", "mục B, mục I"),
    ]
    assert _labels("I. Thể chế\nA. Luật\nB. Nghị định\nII. Hạ tầng") == [
        *("mục I", "mục I, mục A", "mục I, mục B", "mục II"),
    ]


def test_what_a_letter_is_about_is_no_roman_part() -> None:
    assert _labels("V/v tiêm chủng mở rộng\n1. Tiêm đủ.\n2. Báo cáo.") == ["khoản 1", "khoản 2"]


def test_a_clause_may_begin_with_a_figure() -> None:
    assert _labels("Điều 4. Chỉ tiêu\n1. 100% xã có mạng.\n2. 05 tổ\n3. 5.000 hộ") == [
        *("Điều 4", "Điều 4, khoản 1", "Điều 4, khoản 2", "Điều 4, khoản 3"),
    ]


def test_a_row_without_heads_is_cited_by_its_number() -> None:
    """Below a line of words, too: no row that goes on a table is introduced anew."""
    text = (
        "PHỤ LỤC I\nBảng việc\n1.1 · Mở lớp · Xã\n1.2 · Cấp máy · Xã\ncòn lại\n1.3 · Thu hồi · Xã"
    )
    assert [label for label in _labels(text) if "dòng" in label] == [
        "Phụ lục I, “Bảng việc”, dòng 1.1",
        "Phụ lục I, “Bảng việc”, dòng 1.2",
        "Phụ lục I, dòng 1.3",
    ]
    assert _labels("Biểu 1. Chỉ tiêu\nĐơn vị tính: %\nTT · Xã\nTT: 1 · Xã: A")[-1] == (
        "“Biểu 1. Chỉ tiêu”, dòng 1"
    )


def test_labels_of_the_compiled_documents_are_those_of_the_origin_lines() -> None:
    """Each of the 323 lines of origin in the real corpus opens what it says, and none is under an appendix."""
    if not _CORPUS.is_dir():
        pytest.skip("needs ../shared/corpus beside the repository")
    origin = re.compile(
        r"^[ \t]*\(Điều (\d+[a-zđ]?) (Luật|Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Nghị quyết)"
        r" số (\d+ ?/[^\s,)]+)",
        re.MULTILINE,
    )
    seen = 0
    for file in documents_under(_CORPUS):
        document = read_document(file, _CORPUS)
        sections = [one for one in outline(document) if one.kind == "article"]
        for line in origin.finditer(document.text):
            seen += 1
            inner = [one for one in sections if one.start <= line.start() < one.end][-1]
            own = line[3].replace(" ", "") in (document.metadata.number.split("; ")[0],) or line[
                3
            ].startswith(f"{document.metadata.number} /")
            other = f"Điều {line[1]} {line[2]} {line[3].replace(' ', '')}"
            assert inner.label == (f"Điều {line[1]}" if own else other), document.path
        if "codified" in document.path:
            assert all(one.label.startswith("Điều") for one in sections), document.path
    assert seen == 323


def test_a_roman_part_of_a_part_is_called_by_its_whole_number() -> None:
    """ "I.2" stands within "I", and its clauses within it."""
    text = "I. Chỉ tiêu\nI.1. Dịch vụ\n1. Toàn trình đạt 100%.\nI.2 Điều hành\n1. Hồ sơ số.\nII. Nhiệm vụ\n"
    labels = _labels(text)
    assert labels == [
        *("mục I", "mục I.1", "mục I.1, khoản 1", "mục I.2", "mục I.2, khoản 1", "mục II"),
    ]


def test_rows_are_cited_by_their_group_and_their_own_number() -> None:
    """A row without a number is a part of the one above; groups within a part stand within it."""
    rows = (
        "TT · Chỉ tiêu · Năm 2026\n"
        "I. Hạ tầng · TT: 1 · Chỉ tiêu: Phủ sóng 5G · Năm 2026: 60%\n"
        "I. Hạ tầng · Chỉ tiêu: Trong đó: vùng cao · Năm 2026: 40%\n"
        "II. Nhân lực · TT: 1 · Chỉ tiêu: Người học · Năm 2026: 900\n"
    )
    told = [label for label in _labels(rows) if "dòng" in label]
    assert told == ["mục I, dòng 1", "mục I, dòng 1", "mục II, dòng 1"]
    assert _labels(f"III. CHỈ TIÊU\n{rows}")[-1] == "mục III, mục II, dòng 1"


_GROUPED = (
    "Kết quả như sau:\nTT · Chỉ tiêu · Năm 2026\n"
    "I. Hạ tầng · TT: 1 · Chỉ tiêu: Phủ sóng 5G · Năm 2026: 60%\n"
    "II. Nhân lực · TT: 1 · Chỉ tiêu: Người học · Năm 2026: 900\n"
)


def test_groups_of_rows_end_with_their_table() -> None:
    """In a clause they are its table's, not the document's; nothing below the table is theirs."""
    text = f"II. KẾT QUẢ\n1. Hạ tầng\n{_GROUPED}Xã tự lo kinh phí.\n2. Nhân lực\nMở lớp.\n"
    table = "mục II, khoản 1, bảng “Kết quả như sau”"
    assert _labels(text)[2:] == [
        *(table, f"{table}, mục I", f"{table}, mục I, dòng 1", f"{table}, mục II"),
        *(f"{table}, mục II, dòng 1", "mục II, khoản 2"),
    ]
    assert _label_of(text, "Xã tự lo") == "mục II, khoản 1"
    appended = f"{_GROUPED}Xã tự lo kinh phí.\n"
    assert _label_of(appended, "Người học") == "mục II, dòng 1"
    assert _label_of(appended, "Xã tự lo") == ""


def test_lessons_hold_what_is_counted_in_them() -> None:
    """And a list of them opens nothing."""
    text = (
        "Bài 1. Làm quen\nI. Mục tiêu\nMột.\nBÀI 2: AN TOÀN\nI. Mục tiêu\n1. Hai.\n"
        "Chuyên đề 3. Mua bán\nBa.\n"
    )
    contents = "MỤC LỤC\nBài 1. Làm quen\t3\nBài 2. An toàn\t9\nChuyên đề 3. Mua bán\t12\n"
    assert _labels(contents + text) == [
        *("Bài 1", "Bài 1, mục I", "Bài 2", "Bài 2, mục I", "Bài 2, mục I, khoản 1"),
        "Chuyên đề 3",
    ]


def test_a_letter_opens_below_a_long_title() -> None:
    title = "Đánh giá, xếp hạng mức độ chuyển đổi số cấp xã năm 2026"
    text = f"{title}\nA. QUY ĐỊNH CHUNG\nI. Một\nHai.\n{title}\nB. CÁCH TÍNH\nI. Ba\n"
    assert _labels(text) == ["mục A", "mục A, mục I", "mục B", "mục B, mục I"]


def test_a_table_is_titled_by_two_lines_in_capitals() -> None:
    rows = "STT · Tên\nSTT: 1 · Tên: Khai sinh\nSTT: 2 · Tên: Khai tử\n"
    text = f"Mở đầu.\nDANH MỤC THỦ TỤC CỦA\nỦY BAN NHÂN DÂN CẤP XÃ\n{rows}"
    assert _labels(text)[0] == "bảng “Danh mục thủ tục của ủy ban nhân dân cấp xã”"


def test_groups_go_on_where_their_table_does() -> None:
    """Over a page's end, below heads told again; a table that begins anew is of none."""
    below = "TT · Chỉ tiêu · Năm 2026\nTT: 2 · Chỉ tiêu: Lớp học · Năm 2026: 9\n"
    other = "Bảng 2. Lộ trình\nChỉ số · 2027\nChỉ số: 5G · 2027: 60\nChỉ số: 6G · 2027: 7\n"
    for above, nested in (("", ""), ("I. CHỈ TIÊU\n", "mục I, bảng “Kết quả như sau”, ")):
        text = f"{above}{_GROUPED}- 2 -\n{below}{other}"
        assert _label_of(text, "Lớp học") == f"{nested}mục II, dòng 2"
        held = nested.partition("bảng")[0]
        assert _label_of(text, "6G") == f"{held}“Bảng 2. Lộ trình”, dòng 2"


def test_a_group_named_at_the_end_of_a_page_holds_the_rows_on_the_next() -> None:
    heads = "TT · Việc · Hạn\n"
    text = f"{heads}TT: II · Việc: Nhân lực\n- 2 -\n{heads}TT: 1 · Việc: Mở lớp · Hạn: Quý I"
    assert _label_of(text, "Mở lớp") == "mục II, dòng 1"


def test_rows_that_sum_up_have_no_number_and_parts_have_that_of_the_whole() -> None:
    rows = (
        "TT · Đơn vị · Hồ sơ\nTT: 1 · Đơn vị: Xã A · Hồ sơ: 5\n"
        "2. Xã B · Đơn vị: thôn 1 · Hồ sơ: 6\n2. Xã B · Đơn vị: thôn 2 · Hồ sơ: 1\n"
        "Đơn vị: Tổng cộng · Hồ sơ: 12\nTT … Đơn vị: Bình quân · Hồ sơ: 4\n"
    )
    labels = [_label_of(rows, words) for words in ("Xã A", "thôn 1", "thôn 2", "Tổng", "Bình")]
    assert labels == ["dòng 1", "dòng 2", "dòng 2", "", ""]


def test_groups_below_the_title_of_a_table_are_that_tables() -> None:
    """In an appendix of several tables "mục I" alone would be any; a note of one is no title of another."""
    rows = "I. Thôn · TT: 1 · Đơn vị: Thôn Một · Đạt: 85\nĐơn vị: TỔNG ĐIỂM · Đạt: 85\n"
    text = (
        f"Phụ lục II\nKẾT QUẢ\nBảng 5. Khối\nTT · Đơn vị · Đạt\n{rows}Số liệu tháng 6 của các xã.\n"
        "TT · Xã · Mức\nTT: 1 · Xã: Hòa Lộc · Mức: 7\n"
    )
    label = "Phụ lục II, “Bảng 5. Khối”"
    assert _label_of(text, "Thôn Một") == f"{label}, mục I, dòng 1"
    assert _label_of(text, "TỔNG") == label
    assert _label_of(text, "Hòa Lộc") == "Phụ lục II, dòng 1"


def test_a_letter_of_a_row_is_cited_within_its_number() -> None:
    rows = (
        "TT: 1 · Việc: Số hóa · Hạn: Quý I\n1. Số hóa · TT: a) · Việc: Hộ tịch · Hạn: Quý II\n"
        "1. Số hóa · a) Hộ tịch · TT: - · Việc: Khai sinh · Hạn: Quý II\nTT: 2 · Việc: Họp · Hạn: 3\n"
    )
    assert _labels(rows)[1:] == ["dòng 1", "dòng 1, điểm a", "dòng 1", "dòng 2"]


def test_a_number_in_the_words_of_a_row_is_its_own() -> None:
    rows = (
        "Tiêu chí · Điểm\nTiêu chí: 1. Hạ tầng · Điểm: 30\n1. Hạ tầng · Tiêu chí: 1.1. Mạng · Điểm: 9\n"
        "1. Hạ tầng · 1.1. Mạng · Tiêu chí: - Cáp · Điểm: 4\nTiêu chí: 2. Dữ liệu · Điểm: 20\n"
    )
    assert _labels(rows)[1:] == ["dòng 1", "dòng 1.1", "dòng 1.1", "dòng 2"]


def test_rows_without_heads_and_numbers_are_counted_from_the_first() -> None:
    assert _labels("2022 · 8\n2023 · 7") == ["", "dòng 1", "dòng 2"]


def test_a_letter_is_a_group_of_rows_as_a_roman_number_is() -> None:
    rows = (
        "A. THỂ CHẾ · I. Văn bản · TT: 1 · Việc: Rà soát\n"
        "A. THỂ CHẾ · II. Chính sách · TT: 1 · Việc: Hỗ trợ\nB. HẠ TẦNG · TT: 1 · Việc: Phủ sóng\n"
    )
    labels = [label for label in _labels(rows) if "dòng" in label]
    assert labels == ["mục A, mục I, dòng 1", "mục A, mục II, dòng 1", "mục B, dòng 1"]


def test_words_that_close_a_document_are_no_part_of_its_last_item() -> None:
    text = (
        "I. NHIỆM VỤ\n1. Một.\na) Doanh nghiệp tự trả tiền.\n\n"
        "Trên đây là Kế hoạch năm 2026. Yêu cầu các đơn vị thực hiện./.\n\nNơi nhận:\n- Như trên;\n"
    )
    assert _label_of(text, "Trên đây là") == "Phần kết"
    asks = text.replace(
        "Trên đây là Kế hoạch năm 2026.", "Phòng A kính trình Chủ tịch xem xét./.\n"
    )
    assert _label_of(asks, "kính trình") == "Phần kết"
    assert _label_of(text, "tự trả tiền") == "mục I, khoản 1, điểm a"


def test_a_form_within_an_appendix_is_cited_as_the_form() -> None:
    """Its signature closes nothing but itself; in a list of forms their numbers open nothing."""
    form = "Mẫu số {}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐƠN ĐỀ NGHỊ\n1. Họ tên: …\nNơi nhận:\n- Như trên;\n"
    text = (
        "Điều 1. Biểu mẫu\nMẫu số 01\nMẫu đơn đề nghị\nMẫu số 02\nMẫu giấy hẹn\n\nPHỤ LỤC I\nBIỂU MẪU\n"
        "Mẫu số 01. Đơn đề nghị\nMẫu số 02. Giấy hẹn\nTÊN ĐƠN VỊ\n"
        f"{form.format('01')}{form.format('02')}Ghi chú: viết chữ in hoa.\n"
    )
    text += "Biểu mẫu số 03\nBÁO CÁO\n1. Tên: …\nBiểu mẫu số 04\nTỜ KHAI\n1. Xã: …\n"
    assert outline(_document(text))[-2].title == "TỜ KHAI"
    assert [one.title for one in outline(_document(text)) if one.label == "Phụ lục I, Mẫu 02"] == [
        "ĐƠN ĐỀ NGHỊ"
    ]
    labels = _labels(text)
    assert "Phụ lục I, Mẫu 01, khoản 1" in labels
    assert labels[-1] == "Phụ lục I, Mẫu 04, khoản 1"
    assert "Phụ lục I, Mẫu 02, khoản 1" in labels
    assert not any(label.startswith("Mẫu") for label in labels)
    assert _label_of(text, "Giấy hẹn") == "Phụ lục I"
    assert _label_of(text, "viết chữ in hoa").startswith("Phụ lục I")


def test_the_name_of_a_field_is_no_list_of_recipients() -> None:
    """ "Nơi nhận" without a colon has its list right below."""
    text = "PHẦN II\nMỘT\nI. TRƯỜNG DỮ LIỆU\n13\nNơi nhận\nTo\n13.1\nMã định danh\nII. HAI\n1. Ba.\nNơi nhận\n- Như trên;\n"
    assert _label_of(text, "Mã định danh") == "Phần II, mục I"
    assert _label_of(text, "Ba.") == "Phần II, mục II, khoản 1"
    assert _label_of(text, "Như trên") == "Nơi nhận"


def test_a_form_may_be_a_report_and_stand_in_the_last_cell_of_a_flat_table() -> None:
    """ "Mẫu số 2. Báo cáo" opens it, as "Mẫu số 2 Báo cáo này" would not."""
    head = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n1. Tên: {}"
    text = f"PHỤ LỤC I\nMẪU\n\nMẫu số 2. Báo cáo tháng\n{head.format('Một | Ký tên | Mẫu số 3. Biên bản')}\n"
    text += head.format("Hai")
    assert _label_of(text, "Một") == "Phụ lục I, Mẫu 2, khoản 1"
    assert _label_of(text, "Hai") == "Phụ lục I, Mẫu 3, khoản 1"


@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("Điều 1. Một\n1. Xong:\na)Hai;\nb). Ba;\nc)Bốn.", "Bốn", "Điều 1, khoản 1, điểm c"),
        ("Điều 1. Một\n3. Xong.\n3a. Hai.\n4. Ba.", "Hai", "Điều 1, khoản 3a"),
        ("A- TÌNH HÌNH\nI- ƯU ĐIỂM\n1- Nhiều việc đã làm.\n2- Còn việc.", "Còn", "mục A, mục I, khoản 2"),
        ("Điều 1: Một\n1/ Hai:\na/ Ba.\nb/ Bốn.\n2/ Năm.\na- Sáu.\nb- Bảy.\n", "Bốn", "Điều 1, khoản 1, điểm b"),
        ("1/ Hai:\na/ Ba.\n2/ Năm.\na- Sáu.\nb- Bảy.\n", "Bảy", "khoản 2, điểm b"),
        ("1. Báo cáo trước ngày\n1/6/2026, mức\nkg/ người.\n- 2. Ba", "người", "khoản 1"),
        ("1. Một\n-2. Hai\n-a) Ba\n-b) Bốn", "Bốn", "khoản 2, điểm b"),
        ("1. Một.\n2 Hai: là ba.\n3. Bốn.", "là ba", "khoản 2"),
        ("1. Một.\n2 Hai: là ba.\n2. Bốn.", "là ba", "khoản 1"),
        ("II. CHỈ TIÊU\nA001. Số đơn vị\na) Khái niệm: một.\nA002. Số người\na) Khái niệm: hai.", "hai",
         "mục II, A002, điểm a"),
        ("Câu 1. Ai nộp?\nTrả lời: A. Dân\nCâu hỏi 2: Cần gì?\n1. Đơn.", "Đơn", "Câu hỏi 2, khoản 1"),
        ("Điều 1. Một\n1. Hai:\na) Ba:\ni) Bốn;\nii) Năm;\nb) Sáu.", "Năm", "Điều 1, khoản 1, điểm a"),
        ("1. Một:\na) Hai;\nb) Ba quy định tại điểm\na) khoản này;\nc) Bốn.", "khoản này", "khoản 1, điểm b"),
        ("Điều 1. Một\nKhoản 1. Hai:\n- a) Ba;\n- b) Bốn.\nKhoản 2: Năm.", "Bốn", "Điều 1, khoản 1, điểm b"),
        ("Điều 1. Một\nKhoản 1. Hai:\n- a) Ba;\n- b) Bốn.\nKhoản 2: Năm.", "Năm", "Điều 1, khoản 2"),
        ("Điều 1[3]. Một\n1.[4] Hai.\n2[5]. Ba:\na)[6] Bốn;\nb[7]) Năm.", "Năm", "Điều 1, khoản 2, điểm b"),
        ("Được sửa đổi bởi:\n1. Luật số 1;\n2. Luật số 2.\nChương I\nMỘT\nĐiều 1. Hai", "Luật số 2", ""),
        ("Chính phủ ban hành Nghị định về thương mại,\nChương I\nMỘT\nĐiều 1. Hai\nBa.", "MỘT", "Chương I"),
        ("Câu 1. Gì?\nChương I. Một;\nChương II. Hai.\nCâu 2. Ai?\nBa.", "Ba.", "Câu 2"),
        ("1. Một:\nh) Hai;\ni) Ba;\nk) Bốn.", "Ba", "khoản 1, điểm i"),
        ("1. Một:\ni) Hai;\nii) Ba.", "Ba", "khoản 1, điểm ii"),
        ("Mục 1\nMỘT\nTiểu mục 1\nHAI\nĐiều 1. Ba\nBốn.\nTiểu mục 2\nNĂM\nĐiều 2. Sáu", "NĂM",
         "Mục 1, Tiểu mục 2"),
        ("Điều 1. Một\nHai.\n## Danh sách điều khoản\n### 0101100000000000\nĐiều 1. Một\n", "0101",
         "“Danh sách điều khoản”"),
    ],
)  # fmt: skip
def test_copies_open_what_they_write_their_own_way(text: str, words: str, label: str) -> None:
    """Numbers with a dash or without a blank, codes; an index opens nothing."""
    assert _label_of(text, words) == label


@pytest.mark.parametrize(
    ("items", "label"),
    [
        ("a) Đơn;\nb) Sơ đồ.", "Điều 1, khoản 1"),
        ("a) Đơn; hoặc\nb) Giấy.", "Điều 1, khoản 1"),
        ("a) Đơn.\nb) Sơ đồ.", "Điều 1, khoản 1, điểm b"),  # perhaps a second paragraph of b
        ("a) Đơn;\nb) Sơ đồ:", "Điều 1, khoản 1, điểm b"),
    ],
)
def test_what_follows_a_closed_list_is_of_what_holds_the_list(items: str, label: str) -> None:
    text = f"Điều 1. Hồ sơ\n1. Hồ sơ gồm:\n{items}\nTrong 20 ngày, Sở trả lời.\n2. Lệ phí."
    assert _label_of(text, "Trong 20 ngày") == label


def test_the_title_of_a_chapter_without_its_number_is_no_part_of_the_article_above() -> None:
    text = "Điều 1. Một\n1. Hai.\n\nQUẢN LÝ VĂN BẢN\nVĂN BẢN ĐI\n\nĐiều 2. Ba\nBốn."
    assert _label_of(text, "QUẢN LÝ") == _label_of(text, "VĂN BẢN ĐI") == ""
    assert _label_of(text, "Bốn") == "Điều 2"


@pytest.mark.parametrize(
    ("above", "below", "label"),
    [
        ("1. Phát triển hạ tầng số", "1.1. Mạng", "mục I, khoản 1.1"),
        ("1. Phát triển nhân lực số ở các xã, phường và đặc khu để chuyển đổi số", "2. Hai", "mục I, khoản 2"),
        ("1. Quan điểm", "1.1. Người dân là trung tâm", "mục I, khoản 1.1"),
        ("1. Các hạng mục", "2. Hai", "mục I, khoản 2"),
        ("1. Các đơn vị trực thuộc", "2. Hai", "mục I, khoản 2"),
        ("1. Kinh tế số", "II. KINH PHÍ", "mục II"),
        ("1. Theo mẫu trong Phụ lục ban hành kèm theo Quyết định số", "2. Hai", "mục I, khoản 1"),
        ("1. Theo thời hạn được nêu trong văn bản và theo quy định tại khoản", "2. Hai", "mục I, khoản 1"),
    ],
)  # fmt: skip
def test_a_title_may_end_with_a_word_that_also_begins_a_reference(
    above: str, below: str, label: str
) -> None:
    assert _label_of(f"I. NHIỆM VỤ\n{above}\n{below}\nHết.", below) == label


def test_articles_listed_in_a_submission_do_not_swallow_what_follows_them() -> None:
    """The numbers of the mục and khoản that hold them go on."""
    listed = "Điều 1. Phạm vi.\nĐiều 2. Hiệu lực.\n"
    text = (
        f"I. CẦN THIẾT\nMột.\nII. NỘI DUNG\n1. Bố cục:\n{listed}2. Mức thu\nHai.\nIII. NGUỒN LỰC\n"
    )
    assert _labels(text)[2:] == [
        *("mục II, khoản 1", "mục II, khoản 1, Điều 1", "mục II, khoản 1, Điều 2"),
        *("mục II, khoản 2", "mục III"),
    ]
    within = f"I. CẦN THIẾT\n{listed}I. Một\n1. Hai\nII. Ba\n"
    assert _labels(within)[-1] == "Điều 2, mục II"


@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("Phần thứ nhất\nKẾT QUẢ\nI. MỘT\n1. Hai.\nTrên đây là Báo cáo./.\nNơi nhận:\n- Lưu.", "Trên đây", "Phần kết"),
        ("Điều 1. Một\n1. Hai.\nNghị quyết đã được Hội đồng nhân dân khóa II thông qua./.\nNơi nhận:\n- Lưu.",
         "đã được", "Phần kết"),
        ("1. Một.\n2. Hai.\nVăn phòng thông báo để các cơ quan biết, thực hiện./.\nNơi nhận:\n- Lưu.",
         "Văn phòng", "Phần kết"),
        ("I. MỘT\n1. Hai.\nTrên đây là Tờ trình, kính trình Hội đồng nhân dân tỉnh\nxem xét./.\n(Gửi kèm dự thảo.)\n"
         "Nơi nhận:\n- Lưu.", "dự thảo", "Phần kết"),
        ("KẾ HOẠCH\nDữ liệu\n(Kèm theo Quyết định số 5/QĐ-UBND)\nI. MỘT\n1. Hai.\nTrong quá trình thực hiện, nếu "
         "vướng mắc thì báo cáo.\n\nPHỤ LỤC I\nBIỂU\n1. Ba.", "Trong quá", "Kế hoạch dữ liệu, Phần kết"),
        ("Điều 1. Một\n1. Hai.\na) Ba.\nTrong quá trình thực hiện, nếu vướng mắc thì báo cáo.\nNơi nhận:\n- Lưu.",
         "Trong quá", "Điều 1"),
        ("I. MỘT\n1. Hai.\nTrên đây là báo cáo của Sở.\nTrân trọng kính chào./.\nNơi nhận:\n- Lưu.", "Trên đây", "Phần kết"),
        ("Điều 1. Một\n1. Hai.\nXÁC THỰC VĂN BẢN HỢP NHẤT\nKT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\nLê Hai", "XÁC THỰC", "Phần kết"),
        ("1. Một.\n2. Hai.\nSở Y tế trả lời để bệnh viện được biết./.", "Sở Y tế", "Phần kết"),
        ("I. MỘT\n1. Hai.\nCuộc họp kết thúc lúc 10 giờ.", "Cuộc họp", "Phần kết"),
        ("1. Một.\n2. Hai.\nChỉ thị này có hiệu lực kể từ ngày ký./.\nNơi nhận:\n- Lưu.", "Chỉ thị", "Phần kết"),
        ("Điều 1. Một\n1. Hai.\nQuyết định này có hiệu lực từ ngày ký./.", "Quyết định", "Điều 1"),
    ],
)  # fmt: skip
def test_what_closes_a_document_is_known_wherever_it_stands(
    text: str, words: str, label: str
) -> None:
    assert _label_of(text, words) == label


def test_a_list_of_contents_of_a_project_in_parts_opens_nothing() -> None:
    """The titles of its parts stand on two lines below; khoản have page numbers, too."""
    text = (
        "MỤC LỤC\nPHẦN MỞ ĐẦU 3\n1. Cần thiết 3\nPhần thứ nhất. THỰC TRẠNG 5\nI. Hạ tầng 5\n1. Mạng 5\n"
        "PHẦN MỞ ĐẦU\n1. Cần thiết\nMột.\nPhần thứ nhất\nTHỰC TRẠNG\nI. Hạ tầng\n1. Mạng\nHai.\nKẾT LUẬN\nBa."
    )
    assert _labels(text) == [
        *("Phần mở đầu", "Phần mở đầu, khoản 1", "Phần thứ nhất", "Phần thứ nhất, mục I"),
        *("Phần thứ nhất, mục I, khoản 1", "Phần kết luận"),
    ]


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("PHẦN THỨ TƯ", "Phần thứ tư"),
        ("Phần II", "Phần II"),
        ("PHẦN HAI", "Phần hai"),
        ("PHẦN TƯ", "Phần tư"),
        ("PHẦN B", "Phần B"),
        ("Mục A", "Mục A"),
        ("Điều 2/ Hai", "Điều 2"),
    ],
)
def test_a_part_is_cited_as_the_document_writes_it(written: str, label: str) -> None:
    assert _labels(f"{written}\nGIẢI PHÁP\nMột.") == [label]


def test_a_second_document_in_a_file_is_cited_by_its_own_number() -> None:
    text = (
        "Điều 1. Một\nHai.\nBa.\nBốn.\nNơi nhận:\n- Lưu.\nCHỦ TỊCH\nLê Văn An\n\nỦY BAN NHÂN DÂN\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 61/KH-UBND\n"
        "KẾ HOẠCH\nDữ liệu\nI. NỘI DUNG\n1. Năm.\nNơi nhận:\n- Lưu.\nCHỦ TỊCH\nLê Văn An"
    )
    assert _labels(text) == [
        *("Điều 1", "Nơi nhận", "Phần ký", "Kế hoạch 61/KH-UBND", "Kế hoạch 61/KH-UBND, mục I"),
        "Kế hoạch 61/KH-UBND, mục I, khoản 1",
        *("Kế hoạch 61/KH-UBND, Nơi nhận", "Kế hoạch 61/KH-UBND, Phần ký"),
    ]


def test_the_title_of_an_article_may_stand_below_its_number() -> None:
    """What ends as a sentence is its text."""
    read = outline(_document("Điều 1.\nPhạm vi\nMột.\nĐiều 2.\nCác sở thi hành."))
    assert [one.title for one in read] == ["Phạm vi", ""]


def test_a_subject_below_the_kind_is_no_section() -> None:
    text = "# KẾ HOẠCH\n## Chuyển đổi số năm 2026\n## I. MỤC TIÊU\n1. Một."
    read = Document("a.md", text, Metadata("Kế hoạch chuyển đổi số năm 2026"))
    assert [one.label for one in outline(read)] == ["mục I", "mục I, khoản 1"]


def test_a_title_that_begins_as_a_part_might_opens_none() -> None:
    assert _labels("PHẦN TƯ PHÁP\nMột.") == []


def test_what_is_attached_is_called_by_its_heading_and_not_by_the_letterhead_above() -> None:
    text = "SỞ NỘI VỤ\n\n# DANH MỤC MÁY\n(Kèm theo Báo cáo số 45/BC-SNV)\n1. Một."
    assert _label_of(text, "Một") == "Danh mục máy, khoản 1"


_DECISION = "Điều 1. Một\nHai.\nĐiều 2. Ba\nBốn.\nCHỦ TỊCH\nLê Văn An\n"


@pytest.mark.parametrize(
    ("attached", "label"),
    [
        ("QUY CHẾ\nLàm việc của Tổ số\nChương I\nCHUNG\nĐiều 1. Năm", "Quy chế làm việc của Tổ số"),
        ("UBND XÃ LÂM\nĐộc lập - Tự do - Hạnh phúc\nDANH SÁCH TỔ SỐ\n1. Năm", "Danh sách tổ số"),
        ("QUY ĐỊNH\nVề dữ liệu\n(Ban hành kèm theo\nQuyết định số 5/QĐ-UBND)\nĐiều 1. Năm", "Quy định về dữ liệu"),
    ],
)  # fmt: skip
def test_what_is_attached_below_a_signature_need_not_say_so(attached: str, label: str) -> None:
    """A title in capitals, then a count from the first."""
    labels = _labels(_DECISION + attached)
    assert labels[3] == label
    assert all(one.startswith(label) for one in labels[3:])


def test_articles_counted_anew_below_a_title_are_of_another_text() -> None:
    text = "Điều 1. Một\nĐiều 2. Hai\n{}\nTIẾP DÂN\nĐiều 1. Ba\nBốn."
    text = text.format("NỘI QUY") + "\nQUY CHẾ\nĐiều 1. Năm"
    assert _label_of(text, "Bốn") == "Nội quy tiếp dân, Điều 1"
    assert _label_of(text, "Năm") == "Quy chế, Điều 1"


def test_a_letterhead_above_what_is_attached_is_of_it() -> None:
    head = "BỘ NỘI VỤ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n-----\n"
    text = f"QUY CHẾ\n(Kèm theo Quyết định số 9/QĐ-BNV)\nĐiều 1. Một\nHai.\n{head}KẾ HOẠCH\n(Kèm theo Quyết định số 9/QĐ-BNV)\nI. BA"
    assert _labels(text) == ["Quy chế", "Quy chế, Điều 1", "Kế hoạch", "Kế hoạch, mục I"]
    assert _label_of(text, "BỘ NỘI VỤ") == _label_of(text, "Độc lập") == "Kế hoạch"


def test_words_in_brackets_above_a_table_are_not_its_name() -> None:
    text = "Phụ lục I\nDANH MỤC\n\n(Ký, ghi rõ họ tên)\nTT · Việc\nTT: 1 · Việc: Một\nTT: 2 · Việc: Hai"
    assert _label_of(text, "Một") == "Phụ lục I, dòng 1"


def test_what_is_attached_below_the_recipients_is_none_of_them() -> None:
    """Its title begins with a capital, Đ too."""
    text = (
        "Điều 1. Một\nHai.\nNơi nhận:\n- Lưu: VT.\n"
        "ĐỀ CƯƠNG BÁO CÁO\n(Kèm theo Kế hoạch số 5/KH-UBND)\nI. KẾT QUẢ\nBa."
    )
    assert _label_of(text, "Ba.") == "Đề cương báo cáo, mục I"
