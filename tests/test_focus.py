"""What would settle a question: the thing it counts, wants, explains, claims."""

import pytest

from index.evidence.focus import Focus
from index.question.kind import AnswerKind

Case = tuple[str, AnswerKind, str]


def settled(question: str, kind: AnswerKind, text: str) -> float:
    """The lowest of what is wanted, named and counted, but what is not asked."""
    found = [x for x in Focus.of(question, kind, question).settled(text) if x]
    return min(found, default=0.0)


@pytest.mark.parametrize(
    ("question", "kind", "text"),
    [
        ("Không được quá mấy giây?", "number", "phản hồi không quá 10 giây"),
        ("Được hưởng mấy trăm ngàn?", "number", "mức 500 nghìn đồng một tháng"),
        ("bao nhiêu người tham gia", "number", "Hội đồng có 07 thành viên"),
        ("Kinh tế số chiếm bao nhiêu GRDP?", "number", "đạt 30% GRDP"),
        ("Hướng dẫn ở nghị định số mấy?", "number", "theo Nghị định số 13/2023/NĐ-CP"),
        ("Gọi số nào để báo?", "number", "đầu số 5656"),
        ("Cán bộ mặc đồng phục màu gì?", "other", "áo màu xanh"),
        ("Chữ ký số là gì?", "definition", "12. Chữ ký số là chữ ký điện tử"),
        ("“Dự án hỗn hợp” nghĩa là sao?", "definition", "3. “Dự án hỗn hợp”: dự án đầu tư có"),
        ("Cà phê mấy nghìn tấn?", "number", "Cà phê · ĐƠN VỊ: Nghìn tấn · NĂM 2025: 1.600"),
        ("Mã B013 là gì?", "definition", "Mã số: B013 · Tên chỉ tiêu: Tỷ lệ dùng IPv6"),
        ("Kho chứa được bao nhiêu tấn?", "number", "Kho: A · Sức chứa (tấn): 250 · Ghi chú: mới"),
        ("Mua máy hết bao nhiêu tiền?", "number", "Máy in · Kinh phí (triệu đồng): 15"),
        ("Mua máy hết bao nhiêu tiền?", "number", "Máy in · ĐVT: đồng · Thành tiền: 15.000"),
        ("Cấp bản sao trong mấy ngày?", "number", "Cấp bản sao · Thời hạn (ngày làm việc): 02"),
    ],
)
def test_the_thing_asked_for_settles(question: str, kind: AnswerKind, text: str) -> None:
    assert settled(question, kind, text) == 1


@pytest.mark.parametrize(
    ("question", "kind", "text"),
    [
        ("Không được quá mấy giây?", "number", "2. Thời gian phản hồi theo Điều 5"),
        ("Hội đồng có mấy người?", "number", "1. Bộ trưởng thành lập Hội đồng"),
        ("Xin cấp thì tốn bao nhiêu tiền?", "number", "nộp phí theo quy định"),
        ("Miễn tới hết năm nào?", "date", "Nghị quyết số 77/2025/NQ-HĐND ngày 27/11/2025"),
        ("Chữ ký số là gì?", "definition", "Dịch vụ chữ ký số do Bộ cấp phép"),
        ("Số điện thoại của sở?", "number", "khoảng 1.500 tỷ đồng trong năm 2025"),
        ("Cà phê mấy nghìn tấn?", "number", "Cà phê · ĐƠN VỊ: Nghìn tấn · NĂM 2025: chưa có"),
        ("Cà phê mấy nghìn tấn?", "number", "Cà phê · ĐƠN VỊ: Tỷ đồng · NĂM 2025: 1.600"),
    ],
)
def test_its_topic_alone_does_not(question: str, kind: AnswerKind, text: str) -> None:
    assert settled(question, kind, text) == -1


@pytest.mark.parametrize(
    "question",
    ["Ở số mấy đường nào?", "mấy cây cầu lớn gắn thiết bị gì", "Mức hỗ trợ thế nào?"],
)
def test_what_only_looks_like_counting_asks_for_no_number(question: str) -> None:
    _, _, counted = Focus.of(question, "number", question).settled("Không có số nào")
    assert counted == 0


def test_a_code_is_looked_for_as_a_number_is() -> None:
    focus = Focus.of("Mã B013 là gì?", "definition", "Mã B013 là gì?")
    assert focus.stated("Mã số: B013 · Tên chỉ tiêu: Tỷ lệ dùng IPv6") == 1
    assert focus.stated("Mã số: B014 · Tên chỉ tiêu: Tỷ lệ dùng IPv4") == -1


def test_a_small_number_is_the_same_spelt() -> None:
    focus = Focus.of("3 trụ cột là gì?", "list", "3 trụ cột là gì?")
    assert focus.stated("gồm ba trụ cột") == focus.stated("gồm 3 trụ cột") == 1
    assert focus.stated("gồm bốn trụ cột") == -1


def test_what_a_question_takes_for_granted_is_looked_for() -> None:
    focus = Focus.of("Vì sao kế hoạch cắt trợ cấp?", "reason", "Vì sao kế hoạch cắt trợ cấp?")
    assert focus.claimed("Chấm dứt chi trả trợ cấp") == 1
    assert focus.claimed("Mở tài khoản nhận trợ cấp") == -1


def test_a_sum_is_the_same_in_a_scale_and_written_out() -> None:
    focus = Focus.of("Phạt 40 triệu là tội gì?", "other", "Phạt 40 triệu là tội gì?")
    assert focus.held("phạt tiền 40.000.000 đồng")[1] == focus.held("phạt 40 triệu đồng")[1] == 1
    assert focus.held("phạt tiền 50.000.000 đồng")[1] == -1


def test_ones_own_case_and_how_things_stand_are_told_apart() -> None:
    own = Focus.of("Hồ sơ của tôi tới đâu rồi?", "other", "Hồ sơ của tôi tới đâu rồi?")
    rule = Focus.of("Hồ sơ gồm những gì?", "list", "Hồ sơ gồm những gì?")
    assert (own.mine, own.now, rule.mine, rule.now) == (True, True, False, False)
