"""A message is understood in explicit steps, whatever way it was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.question.diacritics import SHIPPED, Restorer
from index.question.typed import clean, unshouted, unstretched, untelexed
from index.question.understand import Understanding, understand
from knowledge.abbreviations import Abbreviations, agreed, introduced, maintained

Ask = Callable[..., Understanding]


@pytest.fixture(scope="module")
def abbreviations() -> Abbreviations:
    return Abbreviations.open()


@pytest.fixture(scope="module")
def restorer() -> Restorer | None:
    return Restorer.open() if SHIPPED.exists() else None


@pytest.fixture
def one(abbreviations: Abbreviations) -> Ask:
    def ask(question: str, *turns: str) -> Understanding:
        (understood,) = understand(question, turns, None, abbreviations)
        return understood

    return ask


# ---------------------------------------------------------------- as typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chữ ký số là gi\u0300", "chữ ký số là gì"),
        ("chữ\u200b ký\u00a0số", "chữ ký số"),
        ("Ｃｈｕｙển đổi số ２０２５", "Chuyển đổi số 2025"),
        ("hoà bình, thuỷ lợi", "hòa bình, thủy lợi"),
        ("Ðiều 5", "Điều 5"),
    ],
)
def test_one_form_of_unicode(typed: str, meant: str) -> None:
    assert clean(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddieenj tuwr laf gif", "điện tử là gì"),
        ("chuyeenr ddooir soos", "chuyển đổi số"),
        ("giao dichj ddieenj tuwr", "giao dịch điện tử"),
        ("nguowif daan dduowcj gif", "người dân được gì"),
        ("How long is the law free", "How long is the law free"),
        ("Zoom room list test app", "Zoom room list test app"),
        ("luat giao dich dien tu", "luat giao dich dien tu"),
    ],
)
def test_telex_left_undone_is_decoded_and_nothing_else(typed: str, meant: str) -> None:
    assert untelexed(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khônggg thông tinn gìiii", "không thông tin gì"),
        ("App TTTT btttt web", "App TTTT btttt web"),
    ],
)
def test_stretched_letters_are_let_go(abbreviations: Abbreviations, typed: str, meant: str) -> None:
    assert unstretched(typed, abbreviations) == meant


@pytest.mark.parametrize(
    ("typed", "dense"),
    [
        ("NĐ 47/2020: CQNN có được...", "Nghị định 47/2020: cơ quan nhà nước có được..."),
        ("ND 47 ve CDS", "Nghị định 47 ve chuyển đổi số"),
        ("Luật GDĐT nói gì về CKS", "Luật giao dịch điện tử nói gì về chữ ký số"),
        ("Sở GDĐT tập huấn", "Sở giáo dục và đào tạo tập huấn"),
        ("TT&TT và KT-XH", "thông tin và truyền thông và kinh tế - xã hội"),
        ("TT 05/2022/TT-BTTTT", "Thông tư 05/2022/TT-BTTTT"),
        ("(TT 03/2023): loa nghe xa mấy mét", "(Thông tư 03/2023): loa nghe xa mấy mét"),
        ("k7 Điều 5 có mất phí ko", "khoản 7 Điều 5 có mất phí không"),
        ("cty dc miễn thuế ntn", "công ty được miễn thuế như thế nào"),
        ("điểm a khoản 2 nhóm b", "điểm a khoản 2 nhóm b"),
        ("Điều 3a nói gì", "Điều 3a nói gì"),
        ("nộp ở TP.HCM", "nộp ở thành phố Hồ Chí Minh"),
        ("tu do va la co", "tu do va la co"),
        ("c thai nguyen có gì", "c thai nguyen có gì"),
        ("bv A và chào a nam", "bệnh viện A và chào anh nam"),
        ("vào luyenai.vn hay gửi ict@tn.gov.vn", "vào luyenai.vn hay gửi ict@tn.gov.vn"),
        (
            "tt phục vụ hành chính công, tt về thuế",
            "trung tâm phục vụ hành chính công, thông tin về thuế",
        ),
        ("ct ubnd tỉnh, ct 05", "Chủ tịch Ủy ban nhân dân tỉnh, Chỉ thị 05"),
        ("gđ sở y tế, gđ em, nganh gd", "giám đốc sở y tế, gia đình em, nganh giáo dục"),
        (
            "tn đứng thứ mấy, cb gv hd hv",
            "Thái Nguyên đứng thứ mấy, cán bộ giáo viên hướng dẫn học viên",
        ),
    ],
)
def test_abbreviations_are_spelt_out_where_they_are_abbreviations(
    one: Ask, typed: str, dense: str
) -> None:
    assert one(typed).dense == dense


def test_the_lexical_half_sees_both_forms(one: Ask) -> None:
    assert one("CNTT ở xã").lexical == "CNTT ở xã công nghệ thông tin"


def test_maintainers_rows_win_over_ours(tmp_path: Path) -> None:
    own = tmp_path / "abbreviations.tsv"
    own.write_text("CNS\tcộng nghệ sản\nQLĐ\tquản lý đất\nvào\t\n", "utf-8")
    assert (
        Abbreviations.open(maintained(tmp_path)).spell_out("CNS vào QLĐ")
        == "cộng nghệ sản vào quản lý đất"
    )


def test_documents_own_abbreviations_are_learnt_when_their_initials_agree() -> None:
    text = (
        "xã đạt chuẩn nông thôn mới (viết tắt là NTM), đài phát thanh (sau đây gọi tắt là Đài); "
        "Ban Quản lý dự án (BQLDA) và khoa học và công nghệ (KHCN), tổ chức (ABC)."
    )
    assert agreed(introduced(text)) == {
        "NTM": "nông thôn mới",
        "BQLDA": "Ban Quản lý dự án",
        "KHCN": "khoa học và công nghệ",
    }
    assert Abbreviations.open(learnt={"XYZ": "xuân yên zen"}).spell_out("XYZ") == "xuân yên zen"


def test_diacritics_are_restored_for_the_encoder_only(
    abbreviations: Abbreviations, restorer: Restorer | None
) -> None:
    if restorer is None:
        pytest.skip("the restorer's model is not there")
    (found,) = understand("chu ky so la gi theo luat GDDT", (), restorer, abbreviations)
    assert found.bare
    assert found.dense == "chữ ký số là gì theo luật giao dịch điện tử"
    assert found.lexical.startswith("chu ky so la gi theo luat GDDT")


def test_english_is_translated_for_the_lexical_half(one: Ask) -> None:
    found = one("Under Vietnam's 2025 personal data protection law, is a child's consent needed?")
    assert found.language == "en"
    assert "luật bảo vệ dữ liệu cá nhân" in found.lexical
    assert "trẻ em sự đồng ý" in found.lexical
    assert found.dense.startswith("Under Vietnam's")
    assert [(ref.kind, ref.name) for ref in found.references] == [
        ("Luật", "bảo vệ dữ liệu cá nhân")
    ]
    assert found.years == ("2025",)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Nộp hồ sơ ở Thái Nguyên mất mấy ngày?", "Nộp hồ sơ mất mấy ngày?"),
        ("Nộp hồ sơ (ở TN) mất mấy ngày?", "Nộp hồ sơ mất mấy ngày?"),
        ("Tôi ở Thái Nguyên, nộp hồ sơ ở Thái Nguyên mất mấy ngày?", "Tôi nộp hồ sơ mất mấy ngày?"),
        ("O Thai Nguyen thi xin giay phep o dau", "xin giay phep o dau"),
        ("Trên địa bàn toàn tỉnh Thái Nguyên, ai cấp phép?", "ai cấp phép?"),
        ("Người dân Thái Nguyên được giảm lệ phí không?", "Người dân được giảm lệ phí không?"),
        ("Ở Thái Nguyên hay bị lừa đảo thì báo ai?", "hay bị lừa đảo thì báo ai?"),
        ("Theo Nghị định 72/2013/NĐ-CP UBND tỉnh Thái Nguyên phải làm gì?",
         "Theo Nghị định 72/2013/NĐ-CP UBND tỉnh phải làm gì?"),
    ],
)  # fmt: skip
def test_where_a_person_is_is_not_what_is_asked(one: Ask, question: str, asked: str) -> None:
    """What holds for all holds at home; words find the province's own documents all the same."""
    understood = one(question)
    assert understood.at_home
    assert understood.cleaned == asked
    assert "Thái Nguyên" in understood.lexical
    assert understood.provinces_for(frozenset()) == frozenset()
    assert understood.provinces_for(frozenset({"Hà Nội"})) == {"Thái Nguyên"}


@pytest.mark.parametrize(
    "question",
    [
        "Thái Nguyên đặt mục tiêu gì đến năm 2025?",
        "Tỷ trọng kinh tế số ở Thái Nguyên là bao nhiêu?",
        "UBND tỉnh Thái Nguyên ban hành kế hoạch gì?",
        "UBND tỉnh Thái Nguyên triển khai Quyết định 749/QĐ-TTg từ khi nào?",
        "Kế hoạch 15/KH-UBND của UBND tỉnh Thái Nguyên nói gì?",
        "Nghị quyết 10 của HĐND tỉnh Thái Nguyên phải làm gì?",
        "Người dân Thái Nguyên, Bắc Kạn được hỗ trợ gì?",
        "o thai nguyen hay ha noi le phi cao hon",
        "Công ty vận tải Thái Nguyên giao hàng mấy giờ?",
        "cach tai Thai Nguyen ID ve may",
        "Nộp hồ sơ ở Hà Nội mất mấy ngày?",
        "Còn ở Thái Nguyên thì nộp hồ sơ thế nào?",
        "Ở Thái Nguyên thì sao?",
    ],
)
def test_a_province_asked_about_stays_in_the_question(one: Ask, question: str) -> None:
    """What it does or has, its bodies and names, one beside another, and one asked about in turn."""
    understood = one(question)
    assert not understood.at_home
    assert understood.cleaned == question


def test_a_follow_up_is_asked_from_home_too(one: Ask) -> None:
    """Until it names a province itself."""
    first = "Nộp hồ sơ đăng ký ở Thái Nguyên mất mấy ngày?"
    assert one("Còn lệ phí thì sao?", first).at_home
    assert not one("Còn ở Hà Nội thì sao?", first).at_home
    assert not one("Điều kiện cấp phép mạng xã hội trong nước là gì?", first).at_home


def test_years_of_a_documents_number_are_no_years_asked_about(one: Ask) -> None:
    found = one("Chỉ thị 01/CT-BTTTT năm 2023 đặt mục tiêu 5G năm 2025, giai đoạn 2026-2030?")
    assert found.years == ("2025", "2026", "2030")
    assert found.references[0].year == "2023"


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ("papi năm ngoái thứ mấy", ("2025",)),
        ("papi nam nay thu may", ("2026",)),
        ("năm trước nữa, năm kia", ("2025", "2024")),
        ("năm 2021 tăng so với năm trước bao nhiêu", ("2021",)),
        ("các năm trước thế nào", ()),
    ],
)
def test_last_year_is_a_year(
    one: Ask, asked: str, years: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.question.understand.today", lambda: date(2026, 5, 4))
    assert one(asked).years == years


# ---------------------------------------------------------------- what is asked for


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("number", "Kinh tế số chiếm bao nhiêu phần trăm GDP?"),
        ("number", "nhom may tinh dung dau"),
        ("number", "Giấy phép dùng được mấy năm?"),
        ("number", "Còn tỉ lệ giao dịch không tiền mặt thì sao?"),
        ("date", "Nghị quyết được thông qua ngày nào?"),
        ("date", "bao gio phai nop bao cao"),
        ("person", "Ai phê duyệt hồ sơ cấp độ 3?"),
        ("body", "Tổ công nghệ số do cơ quan nào lập ra?"),
        ("list", "Dịch vụ tin cậy gồm những loại nào?"),
        ("list", "dieu kien gi de kinh doanh"),
        ("definition", "Phần mềm nhúng là gì?"),
        ("definition", "chu ky so la gi"),
        ("yesno", "Người dân có phải trả phí không?"),
        ("yesno", "coi qua mang duoc khong"),
        ("place", "Nộp hồ sơ ở đâu?"),
        ("validity", "Nghị định 43/2011 còn hiệu lực không?"),
        ("validity", "Thông tư 15/2017 đã bị thay chưa?"),
        ("validity", "Áp dụng từ bao giờ?"),
        ("reason", "Vì sao phải chuyển đổi số?"),
        ("reason", "tai sao phai lam"),
        ("other", "Máy tính và nhưng ý khác"),
        ("list", "3 trụ cột chuyển đổi số là gì"),
        ("list", "Ba trụ cột của chuyển đổi số là gì?"),
        ("definition", "nghị quyết 57 của bộ chính trị là gì"),
        ("number", "riêng đại từ mấy vùng"),
        ("number", "co may benh vien lam roi"),
        ("other", "mua may quet tai cho"),
        ("other", "lọt top mấy cả nước"),
        ("number", "How many articles does it have?"),
    ],
)
def test_the_kind_of_answer(one: Ask, kind: str, question: str) -> None:
    assert one(question).answer_kind == kind


# ---------------------------------------------------------------- several questions, and turns


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("Chốt trước ngày mấy hằng năm? Ai đánh giá?", 2),
        ("Xin cấp lại giấy chứng nhận mất mấy ngày, và nộp ở địa chỉ nào?", 2),
        ("Nghị định này gồm những gì và do ai ban hành vậy?", 2),
        ("Bị thay bằng nghị định nào, từ khi nào?", 1),
        ("Khoa học và công nghệ là gì?", 1),
        ("Tôi ở xã Đồng Hỷ. Tôi nộp hồ sơ ở đâu?", 1),
        ("Chữ ký số là gì? Giải thích giúp tôi.", 1),
        ("Có phải nộp bản giấy và trả phí không?", 1),
    ],
)
def test_a_message_is_split_only_where_both_halves_ask(
    abbreviations: Abbreviations, message: str, parts: int
) -> None:
    assert len(understand(message, (), None, abbreviations)) == parts


def test_the_second_question_keeps_the_subject_of_the_first(abbreviations: Abbreviations) -> None:
    message = "Nghị định 47/2020 có hiệu lực từ ngày nào? Ai chịu trách nhiệm thi hành?"
    _, second = understand(message, (), None, abbreviations)
    assert second.follows == "yes"
    assert [ref.number for ref in second.inherited] == ["47/2020"]
    assert "Nghị định 47/2020" in second.dense


@pytest.mark.parametrize(
    ("turns", "question", "number"),
    [
        (["Nghị quyết 57-NQ/TW đặt mục tiêu gì?"], "Còn tỉ lệ không tiền mặt thì sao?", "57-NQ/TW"),
        (["Quyết định 2629/QĐ-TTg là về cái gì?"], "Trong đó bao nhiêu % cán bộ được học?", "2629/QĐ-TTg"),
        (["Nghị quyết 77/2025 hỗ trợ gì?"], "Áp dụng từ bao giờ?", "77/2025"),
        (["nghi dinh 91/2020 noi gi"], "the goi dien quang cao thi sao", "91/2020"),
        (["Điều 79 Nghị định 224/2026 nói về tổ nào?", "Thành viên tổ đó là ai?"], "Nhiệm vụ của tổ?", "224/2026"),
    ],
)  # fmt: skip
def test_a_follow_up_keeps_the_document(
    one: Ask, turns: list[str], question: str, number: str
) -> None:
    found = one(question, *turns)
    assert found.follows == "yes"
    assert found.references == ()
    assert [ref.number for ref in found.inherited] == [number]
    assert number in found.dense


def test_a_bare_clause_gets_the_document_spoken_of(one: Ask) -> None:
    found = one("Còn khoản 3 thì sao?", "Điều 5 Nghị định 47/2020 quy định gì?")
    (ref,) = found.references
    assert (ref.number, ref.article, ref.clause) == ("47/2020", "5", "3")


def test_what_a_pronoun_stands_for_is_put_in(one: Ask) -> None:
    found = one(
        "Vậy muốn kinh doanh dịch vụ đó cần điều kiện gì?",
        "Điều 28 Luật Giao dịch điện tử nói về dịch vụ tin cậy phải không?",
    )
    assert "kinh doanh dịch vụ tin cậy cần điều kiện gì" in found.dense


@pytest.mark.parametrize(
    "question",
    [
        "Lãnh đạo ký văn bản giấy thì dùng bút mực màu gì?",
        "Nghị định 30/2020 quy định đóng dấu thế nào?",
        "Phần mềm nhúng là gì?",
        "Con tôi chơi game mấy giờ một ngày?",
    ],
)
def test_a_fresh_question_inherits_nothing(one: Ask, question: str) -> None:
    found = one(question, "Nghị quyết 57-NQ/TW đặt mục tiêu gì cho kinh tế số năm 2030?")
    assert (found.follows, found.inherited) == ("no", ())
    assert found.lexical == question


def test_the_same_subject_is_a_hint_only(one: Ask) -> None:
    found = one(
        "Công ty chuyển dữ liệu ra nước ngoài sai quy định thì bị phạt tối đa bao nhiêu?",
        "Luật Bảo vệ dữ liệu cá nhân 2025 áp dụng cho ai?",
    )
    assert found.follows == "perhaps"
    assert [ref.name for ref in found.inherited] == ["Bảo vệ dữ liệu cá nhân"]
    assert found.dense == found.asked


def test_steps_say_what_was_done(one: Ask) -> None:
    steps = {step.name: step.detail for step in one("NĐ47/2020 có j ko").steps}
    assert steps == {
        "chat": "NĐ47/2020 có gì không",
        "abbreviations": "Nghị định",
        "references": "Nghị định 47/2020",
        "kind": "yesno",
    }


def test_a_question_in_capitals_is_read_as_in_small_letters(abbreviations: Abbreviations) -> None:
    assert unshouted("CHO HỎI CHỢ 4.0 LÀ GÌ Ạ?", abbreviations) == "cho hỏi chợ 4.0 là gì ạ?"
    assert (
        unshouted("QUAY VIDEO THÌ BỊ PHẠT BN, DO AI THU J", abbreviations)
        == "quay video thì bị phạt bn, do ai thu j"
    )
    assert unshouted("QUYẾT ĐỊNH 318/QĐ-TTG CỦA UBND CÒN HIỆU LỰC KHÔNG", abbreviations) == (
        "quyết định 318/QĐ-TTG của UBND còn hiệu lực không"
    )
    assert unshouted("UBND tỉnh ở đâu", abbreviations) == "UBND tỉnh ở đâu"


def test_a_name_that_the_documents_write_short_is_not_spelt_out() -> None:
    """It stands in their sentences, and its long form in one of a hundred."""
    counts = {"DTI": 6, "PAPI": 1, "chỉ số hiệu quả quản trị và hành chính công": 9}
    known = Abbreviations.open(seen=lambda words: counts.get(words, 0))
    assert known.spell_out("xếp hạng DTI 2024") == "xếp hạng DTI 2024"
    assert known.spell_out("xep hang dti 2024") == "xep hang DTI 2024"
    assert "hành chính công (PAPI)" in known.spell_out("điểm PAPI")
    assert known.spell_out("CĐS là gì") == "chuyển đổi số là gì"
