"""What is asked for by a document's name or date alone is told by the words that say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.answer import Answerer
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store.build import reindex
from tests.running_bot import over_one, shelved

PLAN = """ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN

Số: 308/KH-UBND
Thái Nguyên, ngày 17 tháng 11 năm 2025

KẾ HOẠCH

TRIỂN KHAI THỰC HIỆN NGHỊ QUYẾT SỐ 214/NQ-CP NGÀY 23/7/2025
CỦA CHÍNH PHỦ VỀ TẠO LẬP DỮ LIỆU

Thực hiện Nghị quyết số 214/NQ-CP ngày 23 tháng 7 năm 2025 của Chính phủ
Căn cứ Quyết định số 411/QĐ-TTg ngày 31 tháng 3 năm 2022, Ủy ban nhân dân tỉnh ban hành kế hoạch tạo lập dữ liệu.
1. Tạo lập dữ liệu của các sở trước ngày 30 tháng 6 năm 2026, đúng như kế hoạch.
"""
CODIFIED = """# Dữ liệu

Điều 1. Phạm vi điều chỉnh

(Điều 1 Luật số 5/2024/QH15 Dữ liệu mở ngày 12/06/2024 của Quốc hội, có hiệu lực từ ngày 01/01/2025)

1. Luật này quy định về dữ liệu mở của cơ quan nhà nước.

2. Luật này áp dụng đối với cơ quan, tổ chức tạo lập dữ liệu mở.

Điều 2. Phạm vi điều chỉnh

(Điều 1 Nghị định số 6/2025/NĐ-CP Chia sẻ dữ liệu ngày 17/04/2025 của Chính phủ, có hiệu lực từ ngày 01/07/2025)

1. Nghị định này quy định về việc chia sẻ dữ liệu giữa các bộ.
"""
DECIDED = """# Chợ số

Điều 1. Hiệu lực thi hành

(Điều 5 Quyết định số 1/QĐ-UBND Chợ số ngày 12/06/2024 của Ủy ban nhân dân tỉnh, có hiệu lực từ ngày 01/01/2025)

1. Quyết định này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2025.

Điều 2. Hiệu lực thi hành

(Điều 6 Quyết định số 11/QĐ-UBND Chợ quê ngày 17/04/2025 của Ủy ban nhân dân tỉnh, có hiệu lực từ ngày 01/07/2025)

1. Quyết định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2025.
"""
BARE = """Điều 1. Phạm vi điều chỉnh
1. Thông tư này quy định về các nội dung sau:
a) Chữ ký số của cán bộ;
b) Con dấu số của cơ quan.

Điều 2. Đối tượng áp dụng
Thông tư này áp dụng đối với cơ quan nhà nước và doanh nghiệp nhà nước.

Điều 3. Hiệu lực thi hành
Thông tư này có hiệu lực từ ngày 01 tháng 3 năm 2026 và thay thế Thông tư số 2/2020/TT-BNV ngày 05 tháng 4 năm 2020 của Bộ trưởng Bộ Nội vụ về chữ ký số.
"""
NEWS = """Tin trong tỉnh

Kế hoạch 02-KH/BCĐ ngày 22/5/2025 của Ban Chỉ đạo tỉnh được ban hành để thực hiện Nghị quyết 57-NQ/TW.

Ngày hội được chọn vì Nghị quyết 57-NQ/TW về đột phá được nhiều người nhắc đến.

Nghị quyết số 57-NQ/TW, ngày 22/12/2024 của Bộ Chính trị nói về đột phá phát triển khoa học.

Luật Viễn thông có hiệu lực từ ngày 01/7/2024, cùng năm với Nghị quyết đó.
"""
CITED = """Căn cứ Nghị định 90/2008/NĐ-CP ngày 13/8/2008 của Chính phủ về chống thư rác.

Căn cứ Nghị định 90/2020/NĐ-CP ngày 13/8/2020 của Chính phủ về xếp loại cán bộ.
"""
SHORT = """Kế hoạch 237/KH-UBND đặt mục tiêu có 300 học viên nòng cốt.

Kế hoạch 237/KH-UBND ngày 13/12/2024 của tỉnh: chương trình Bình dân học AI.
"""
LIBRARY = {
    "308": (PLAN, "title: Kế hoạch 308/KH-UBND tạo lập dữ liệu\nnumber: 308/KH-UBND\n"
     "date: 2025-11-17\nissuer: Ủy ban nhân dân tỉnh Thái Nguyên\n"),
    "luat": (CODIFIED, "title: Luật Dữ liệu mở\nnumber: 5/2024/QH15; 6/2025/NĐ-CP\nkind: Luật\n"
     "date: 2024-06-12\nissuer: Quốc hội\n"),
    "thong-tu": (BARE, "title: Thông tư 9/2026/TT-BNV về chữ ký số trong cơ quan\nnumber: 9/2026/TT-BNV\n"
     "kind: Thông tư\ndate: 2026-01-15\nissuer: Bộ Nội vụ\n"),
    "cho": (DECIDED, "title: Chợ số\nnumber: 1/QĐ-UBND; 11/QĐ-UBND\nkind: Quyết định\ndate: 2024-06-12\n"),
    "can-cu": (CITED, "title: Hai căn cứ\nkind: Bài báo\n"),
    "hoc": (SHORT, "title: Học AI\n"),
    "cap": ("Hệ thống cấp độ 4 và cấp độ 5 do bộ thẩm định, 90% đạt cấp độ 3.\n", "title: Cấp độ\n"),
    "tin": (NEWS, "title: Tin trong tỉnh\n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    """A plan with its letterhead, two codified texts in one file, one without a heading, news."""
    return shelved(tmp_path_factory.mktemp("by-name"), LIBRARY, encoder)


def _line(text: str, begins: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(begins))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Kế hoạch 308/KH-UBND ban hành ngày nào?", "Thái Nguyên, ngày 17 tháng 11 năm 2025"),
        ("Kế hoạch 308/KH-UBND ngày bao nhiêu", "Thái Nguyên, ngày 17 tháng 11 năm 2025"),
        ("ke hoach 308 duoc ky khi nao vay a", "Thái Nguyên, ngày 17 tháng 11 năm 2025"),
        ("Kế hoạch 308 ra đời năm nào", "Thái Nguyên, ngày 17 tháng 11 năm 2025"),
        ("Kế hoạch 308 do cơ quan nào ban hành?", "ỦY BAN NHÂN DÂN\nTỈNH THÁI NGUYÊN"),
        ("ai ban hanh ke hoach 308", "ỦY BAN NHÂN DÂN\nTỈNH THÁI NGUYÊN"),
        ("kế hoạch 308 của tỉnh nào", "ỦY BAN NHÂN DÂN\nTỈNH THÁI NGUYÊN"),
        ("kh 308 do ai ban hanh", "ỦY BAN NHÂN DÂN\nTỈNH THÁI NGUYÊN"),
        (
            "ke hoach 308 cua tinh thai nguyen ve viec gi",
            PLAN[PLAN.index("TRIỂN") : PLAN.index("\n\nThực hiện")],
        ),
        ("Luật Dữ liệu mở do ai ban hành", _line(CODIFIED, "(Điều 1 Luật")),
        ("Kế hoạch 308 nói về việc gì?", PLAN[PLAN.index("TRIỂN") : PLAN.index("\n\nThực hiện")]),
        ("Luật 5/2024/QH15 quy định về gì", _line(CODIFIED, "1. Luật này")),
        ("Luật 5/2024/QH15 do ai ban hành", _line(CODIFIED, "(Điều 1 Luật")),
        ("Nghị định 6/2025 nói về gì", _line(CODIFIED, "1. Nghị định này")),
        ("Nghị định 6/2025 ban hành ngày nào", _line(CODIFIED, "(Điều 1 Nghị định")),
        ("Nghị định 6/2025 do cơ quan nào ban hành", _line(CODIFIED, "(Điều 1 Nghị định")),
        ("Thông tư 9/2026 nói về gì", BARE[BARE.index("1. Thông tư") : BARE.index("\n\nĐiều 2")]),
        (
            "Quyết định 11/QĐ-UBND có hiệu lực từ ngày nào?",
            "1. Quyết định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2025.",
        ),
        ("Nghị quyết 57-NQ/TW ban hành ngày nào?", _line(NEWS, "Nghị quyết số 57")),
        ("cơ quan nào ban hành nghị quyết 57", _line(NEWS, "Nghị quyết số 57")),
        ("nq57 do ai ban hành, ngày nào", _line(NEWS, "Nghị quyết số 57")),
        (
            "Nghị định 6/2025 do cơ quan nào ban hành, ngày nào",
            _line(CODIFIED, "(Điều 1 Nghị định"),
        ),
        ("kế hoạch 237", _line(SHORT, "Kế hoạch 237/KH-UBND ngày")),
        ("nghị quyết 57 ạ", _line(NEWS, "Nghị quyết số 57")),
        ("Thông tư 9/2026/TT-BNV", BARE[BARE.index("1. Thông tư") : BARE.index("\n\nĐiều 2")]),
        ("kế hoạch 308 của tỉnh Thái Nguyên ngày nào", "Thái Nguyên, ngày 17 tháng 11 năm 2025"),
        ("nghị quyết 57 là gì", _line(NEWS, "Nghị quyết số 57")),
    ],
)
def test_a_documents_day_issuer_and_subject_are_its_own(
    question: str, told: str, shelf: Answerer
) -> None:
    """Of one that is not here, others tell them; not what stands beside its name by chance."""
    answer = shelf.answer(question)
    assert answer.outcome == "answered"
    assert [quote.text for quote in answer.quotes] == [told]


def test_a_documents_day_and_issuer_asked_together_are_both_told(shelf: Answerer) -> None:
    answer = shelf.answer("Kế hoạch 308 do ai ban hành, ngày nào?")
    assert answer.outcome == "answered"
    told = [quote.text for quote in answer.quotes]
    assert told == ["ỦY BAN NHÂN DÂN\nTỈNH THÁI NGUYÊN", "Thái Nguyên, ngày 17 tháng 11 năm 2025"]


def test_of_two_documents_of_one_number_both_are_told(shelf: Answerer) -> None:
    answer = shelf.answer("Nghị định 90 nói về gì")
    assert [quote.text for quote in answer.quotes] == CITED.strip().split("\n\n")


@pytest.mark.parametrize(
    "question",
    [
        "Thông tư 9/2026 ban hành ngày nào",  # names only another's
        "Thông tư 9/2026 do cơ quan nào ban hành",
        "Nghị quyết 57-NQ/TW có hiệu lực từ ngày nào",  # stands beside another's
        "Kế hoạch 9/KH-UBND thực hiện Nghị quyết 57-NQ/TW ban hành ngày nào",
    ],
)
def test_where_no_document_tells_another_is_not_taken_for_it(
    question: str, shelf: Answerer
) -> None:
    assert not shelf.answer(question).answered


REPLACES = "thay thế Thông tư số 2/2020/TT-BNV"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Thông tư 9/2026 hết hiệu lực từ ngày nào?", ""),
        ("thong tu 9/2026 con ap dung den khi nao vay", ""),
        ("Văn bản nào bãi bỏ Thông tư 9/2026/TT-BNV?", ""),
        ("Thông tư 9/2026 được thay bằng thông tư nào?", ""),
        ("Nghị quyết 57-NQ/TW hết hiệu lực ngày nào?", ""),
        ("Thông tư 2/2020/TT-BNV hết hiệu lực khi nào?", REPLACES),
        ("Thông tư 2/2020/TT-BNV bị văn bản nào thay thế?", REPLACES),
        ("Thông tư nào bị thay thế bởi Thông tư 9/2026/TT-BNV?", REPLACES),
        ("Thông tư 9/2026 thay thế thông tư nào?", REPLACES),
        ("Thông tư 9/2026 còn hiệu lực không?", "có hiệu lực từ ngày 01 tháng 3"),
    ],
)
def test_what_became_of_a_document_is_told_by_what_ended_it(
    question: str, told: str, shelf: Answerer
) -> None:
    """Not by its first day, nor by what it ended itself."""
    answer = shelf.answer(question)
    assert answer.answered == bool(told)
    assert not told or told in answer.quotes[0].text


@pytest.mark.parametrize(
    "question",
    [
        "Kế hoạch 308/KH-UBND của Thái Nguyên khởi công trung tâm dữ liệu ngày nào?",
        "Kế hoạch 308/KH-UBND của Thái Nguyên trao thưởng ngày nào?",
    ],
)
def test_the_day_of_a_document_is_not_that_of_what_it_plans(question: str, shelf: Answerer) -> None:
    """Though the words for it stand where a document's name does."""
    assert all("Thái Nguyên, ngày 17" not in one.text for one in shelf.answer(question).quotes)


LISTED = {
    "a": ("Quyết định 5/QĐ-UBND về dữ liệu mở", "5/QĐ-UBND", "2025-11-18", "Quyết định"),
    "b": ("Quyết định 9/QĐ-UBND về chữ ký số", "9/QĐ-UBND", "2026-02-03", "Quyết định"),
    "c": ("Kế hoạch 7/KH-UBND về dữ liệu mở", "7/KH-UBND", "2025-03-01", "Kế hoạch"),
}


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("các quyết định năm 2025", ["a.txt"]),
        ("co nhung quyet dinh nao", ["b.txt", "a.txt"]),
        ("văn bản mới nhất là gì?", ["b.txt", "a.txt", "c.txt"]),
        ("những văn bản về dữ liệu mở", ["a.txt", "c.txt"]),
        ("kho có bao nhiêu văn bản", ["b.txt", "a.txt", "c.txt"]),
        ("các nghị định năm 2025", []),
        ("các văn bản cần nộp khi mua nhà", []),
        ("có mấy loại văn bản", []),
    ],
)
def test_documents_asked_for_by_what_they_are_are_listed_newest_first(
    question: str, documents: list[str], tmp_path: Path, encoder: Encoder
) -> None:
    """By kind, year, title, newness; what asks for anything else is looked for in the texts."""
    library = tmp_path / "library"
    library.mkdir()
    for name, (title, number, date, kind) in LISTED.items():
        (library / f"{name}.txt").write_text(f"{title}\nĐiều 1. Ban hành.\n", encoding="utf-8")
        (library / f"{name}.yaml").write_text(
            f"title: {title}\nnumber: {number}\ndate: {date}\nkind: {kind}\n", encoding="utf-8"
        )
    reindex(tmp_path / "data", [library], encoder)
    answer = Serving(tmp_path / "data", encoder).answerer().answer(question)
    assert answer.listed == len(documents)
    if documents:
        assert answer.outcome == "answered"
        assert [quote.document for quote in answer.quotes] == documents


FAQ = """# Hỏi đáp

## IOC là gì, ở đâu?

Trung tâm Điều hành thông minh đặt tại trụ sở Ủy ban nhân dân tỉnh, hoạt động từ năm 2020.

Khoảng năm 2022, trung tâm gom hình ảnh từ 409 camera.

## Thái Nguyên có 5G chưa?

- Viettel từng dự kiến mở 5G vào cuối năm 2021.
- Năm 2022, báo vẫn gọi 5G ở tỉnh là phát thử.
- Từ năm 2025, 5G được phủ dần tới khu công nghiệp.

## Đăng ký khám bệnh bằng kiosk ở đâu?

Trung tâm Y tế thành phố có kiosk tự đăng ký khám.

## Quyết định 749 là của ai?

Chương trình chuyển đổi số quốc gia do Thủ tướng phê duyệt.

## Phổ Yên có IOC không?

Từ năm 2021 thành phố có một trung tâm của mình.
"""


@pytest.fixture(scope="module")
def asked_often(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    return over_one(tmp_path_factory.mktemp("posed"), "hoi-dap.md", FAQ, encoder)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("IOC là gì", "Trung tâm Điều hành thông minh đặt tại trụ sở"),
        ("IOC ở đâu vậy ạ", "Trung tâm Điều hành thông minh đặt tại trụ sở"),
        ("Thái Nguyên có 5G chưa", "- Từ năm 2025, 5G được phủ"),
        ("dang ky kham bang kiosk o dau", "Trung tâm Y tế thành phố có kiosk"),
        ("Quyết định 749 là của ai?", "Chương trình chuyển đổi số quốc gia do"),
        ("pho yen co ioc khong", "Từ năm 2021 thành phố có"),
    ],
)
def test_below_a_heading_that_asks_the_question_stands_the_answer(
    question: str, says: str, asked_often: Answerer
) -> None:
    """In its own order; whether something is so yet, by the latest that is told."""
    answer = asked_often.answer(question)
    assert answer.outcome == "answered"
    assert answer.quotes[0].text.startswith(says)


@pytest.mark.parametrize("question", ["Hà Nội có 5G chưa", "luật IOC là gì", "Hà Nam có 5G chưa"])
def test_a_heading_asks_of_no_other_place_or_thing(question: str, asked_often: Answerer) -> None:
    """Words that weigh nothing elsewhere ("hà", "nam", "luật") name it."""
    assert asked_often.answer(question).outcome != "answered"


def test_a_heading_that_asks_of_more_does_not_ask_the_question(asked_often: Answerer) -> None:
    assert asked_often.answer("đăng ký ở đâu").outcome != "answered"


@pytest.mark.parametrize(
    "question",
    ["Cài Thái Nguyên ID ở đâu", "cai thai nguyen id o dau", "phản ánh đèn hỏng bằng cách nào"],
)
def test_a_heading_of_two_questions_answers_either(question: str, shipped: Answerer) -> None:
    assert shipped.answer(question).confidence == 1


def test_a_heading_does_not_answer_who_asks_of_what_is_not_so(shipped: Answerer) -> None:
    assert shipped.answer("Lĩnh vực nào được ưu tiên?").confidence == 1
    assert shipped.answer("Lĩnh vực nào không được ưu tiên?").confidence < 1


def test_a_number_that_another_kind_of_document_bears_is_told(asked_often: Answerer) -> None:
    """Who mixes up a plan and a decision is told which there is, not only that there is none."""
    answer = asked_often.answer("Kế hoạch 749 quy định gì?")
    assert answer.outcome == "nonexistent"
    assert "Không tìm thấy Kế hoạch 749" in answer.text
    assert answer.text.endswith("Bạn có hỏi Quyết định 749 không?")


def test_who_calls_the_bot_at_the_end_asks_the_same(asked_often: Answerer) -> None:
    assert asked_often.answer("Thái Nguyên có 5G chưa ad ơi").confidence == 1


def test_the_vietnamese_for_number_opens_no_follow_up(asked_often: Answerer) -> None:
    """ "số" folds like the English "so"."""
    (asked,) = asked_often._understood("số bao nhiêu", ("Luật Chuyển đổi số có hiệu lực khi nào",))
    assert asked.alone == "số bao nhiêu"


def test_a_scale_that_no_document_carries_so_far_is_told(shelf: Answerer) -> None:
    answer = shelf.answer("Hệ thống thông tin cấp độ 6 là gì?")
    assert answer.outcome == "nonexistent"
    assert answer.text == "Các văn bản hiện có không nói đến “cấp độ 6” (chỉ đến 5)."
    assert shelf.answer("Hệ thống cấp độ 4 do ai thẩm định?").outcome != "nonexistent"
