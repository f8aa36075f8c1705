"""Which document is believed, and that two which differ are both shown, with a word that they do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands.terminal import answer_lines
from bot.delivery.stored import dump_answer, load_answer
from bot.local_api.markup import format_text
from bot.screens.render import answer_pages
from bot.screens.standing import difference
from bot.screens.texts import ENGLISH, VIETNAMESE
from index.answer import Answerer
from index.evidence.sources import years_in
from index.result import Answer
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store.build import reindex

Library = Callable[..., Answerer]
BUDGET = "Kinh phí thực hiện Đề án chuyển đổi số cấp xã là bao nhiêu?"
FIRST = "Kinh phí thực hiện Đề án chuyển đổi số cấp xã là 5 tỷ đồng."
SECOND = "Kinh phí thực hiện Đề án chuyển đổi số cấp xã là 7,5 tỷ đồng."


@pytest.fixture
def library(tmp_path: Path, encoder: Encoder) -> Library:
    """An answerer over documents, each given as its text under the front matter."""

    def over(**documents: str) -> Answerer:
        folder, data = tmp_path / "library", tmp_path / "data"
        folder.mkdir()
        for name, text in documents.items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
        reindex(data, [folder], encoder)
        return Serving(data, encoder).answerer()

    return over


def decision(number: str, date: str, /, *sentences: str, **fields: str) -> str:
    """A decision of the province, or whatever `fields` make of it."""
    known = {
        "title": f"Quyết định {number} phê duyệt Đề án chuyển đổi số cấp xã", "number": number,
        "date": date, "issuer": "Ủy ban nhân dân tỉnh Thái Nguyên", **fields,
    }  # fmt: skip
    head = "\n".join(f"{name}: {value}" for name, value in known.items() if value)
    articles = "\n".join(f"Điều {at}. {one}" for at, one in enumerate(sentences, 1))
    return f"---\n{head}\n---\n{articles}\n"


OLD = decision("12/QĐ-UBND", "2023-03-05", "Phê duyệt Đề án.", FIRST)
NEW = decision("40/QĐ-UBND", "2024-06-10", "Điều chỉnh Đề án.", SECOND)


def shown(answer: Answer) -> str:
    return format_text("\n".join(answer_pages(answer, VIETNAMESE)), "HTML")[0]


def test_two_budgets_for_one_thing_are_both_shown_and_said_to_differ(library: Library) -> None:
    """Both quotations open, the newer first; above them what each says, its number and date."""
    answer = library(old=OLD, new=NEW).answer(BUDGET)
    assert [answer.quotes[claim.quote].document for claim in answer.differing] == [
        "new.md",
        "old.md",
    ]
    said = (
        "⚠️ Các nguồn ghi khác nhau: Quyết định 40/QĐ-UBND ngày 10/06/2024 ghi “7,5 tỷ đồng” "
        "(mới hơn); Quyết định 12/QĐ-UBND ngày 05/03/2023 ghi “5 tỷ đồng”."
    )
    assert difference(answer, VIETNAMESE) == said
    pages = answer_pages(answer, VIETNAMESE)
    assert shown(answer).startswith(said)
    for value in ("7,5 tỷ đồng", "5 tỷ đồng"):
        assert any(
            value in frame.partition("</blockquote>")[0]
            for page in pages
            for frame in page.split("<blockquote>")[1:]
        )
    assert said in " ".join(answer_lines(answer)).replace("  ", " ")
    assert "newer" in difference(answer, ENGLISH)


def test_what_differs_survives_a_restart(library: Library) -> None:
    """The buttons of a kept answer show the same words."""
    answer = library(old=OLD, new=NEW).answer(BUDGET)
    assert shown(load_answer(dump_answer(answer))) == shown(answer)


def test_of_two_that_differ_the_expired_one_comes_last_and_is_marked(library: Library) -> None:
    """However new it is."""
    gone = decision(
        "40/QĐ-UBND", "2024-06-10", "Điều chỉnh Đề án.", SECOND,
        status="expired", expires="2024-12-31",
    )  # fmt: skip
    answer = library(old=OLD, new=gone).answer(BUDGET)
    assert [quote.document for quote in answer.quotes[:2]] == ["old.md", "new.md"]
    assert "ghi “7,5 tỷ đồng” (hết hiệu lực từ 01/01/2025, mới hơn)." in shown(answer)


@pytest.mark.parametrize(
    "other",
    [
        decision("40/QĐ-UBND", "2024-06-10", "Điều chỉnh Đề án.", FIRST),
        decision("40/QĐ-UBND", "2024-06-10", "Việc khác.", FIRST.replace("5 tỷ", "5.000 triệu")),
        decision("40/QĐ-UBND", "2024-06-10", "Việc khác.", SECOND.replace("là", "năm 2025 là")),
        decision("40/QĐ-UBND", "2024-06-10", "Việc khác.", SECOND.replace("là", "tối thiểu là")),
        decision("40/QĐ-UBND", "2024-06-10", "Việc khác.", SECOND.replace("cấp xã", "cấp tỉnh")),
        decision("40/QĐ-UBND", "2024-06-10", "Việc khác.", SECOND.replace("đồng", "đồng/năm")),
        decision("40/QĐ-UBND", "2024-06-10", "Việc khác.", SECOND.replace("là", "tăng thêm là")),
        decision("40/QĐ-UBND", "2024-06-10", "Việc khác.", SECOND.replace("là", "ở Đại Từ là")),
        decision("40/QĐ-UBND", "2024-06-10", SECOND, issuer="Ủy ban nhân dân tỉnh Bắc Ninh"),
        decision("40/QĐ-UBND", "2024-06-10", SECOND, title="Đề án chuyển đổi số cấp xã năm 2027"),
        decision("12/QĐ-UBND", "2023-03-05", "Bản chép khác.", SECOND),
        decision("", "2024-06-10", SECOND, kind="Tóm tắt", title="Tóm tắt Đề án"),
    ],
    ids=["same", "same in millions", "another year", "at least", "another level", "a year each",
         "more", "a part", "another province", "year in the title", "a copy", "a summary"],
)  # fmt: skip
def test_values_that_may_both_be_right_are_no_disagreement(other: str, library: Library) -> None:
    """The same value, another year, another part, another province: nothing is said."""
    answer = library(old=OLD, new=other).answer(BUDGET)
    assert answer.answered
    assert (answer.differing, "khác nhau" in shown(answer)) == ((), False)


TARGET = "Tỷ lệ hồ sơ công việc cấp xã xử lý trên môi trường mạng là {}."


@pytest.mark.parametrize(
    ("heads", "differ"),
    [
        (("Mục tiêu đến năm 2025:", "Mục tiêu đến năm 2030:"), False),
        (("Mục tiêu đến năm 2025:", "Mục tiêu đến năm 2025:"), True),
    ],
)
def test_targets_are_compared_within_one_year(
    heads: tuple[str, str], differ: bool, library: Library
) -> None:
    """The year may stand in the line above the list."""
    texts = [
        decision(f"{at}/QĐ-UBND", f"202{at}-01-01", f"Mục tiêu\n{head}\n- {TARGET.format(value)}")
        for at, (head, value) in enumerate(zip(heads, ("60%", "100%"), strict=True), 1)
    ]
    answer = library(old=texts[0], new=texts[1]).answer(
        "Tỷ lệ hồ sơ công việc cấp xã xử lý trên môi trường mạng là bao nhiêu?"
    )
    assert bool(answer.differing) == differ


def test_things_counted_are_compared_too(library: Library) -> None:
    """Each in its own document, whatever else they say."""
    said = "Thái Nguyên có {} tổ công nghệ số cộng đồng hoạt động ở các xóm, tổ dân phố."
    answer = library(
        old=decision("1/BC-UBND", "2023-01-01", said.format("2.277"), title="Báo cáo một"),
        new=decision("2/BC-UBND", "2024-01-01", said.format("2.280"), title="Báo cáo hai"),
    ).answer("Thái Nguyên có bao nhiêu tổ công nghệ số cộng đồng?")
    assert [claim.value for claim in answer.differing] == ["2.280 tổ", "2.277 tổ"]


def test_what_each_document_calls_its_own_is_not_one_thing(library: Library) -> None:
    """ "Kinh phí thực hiện Đề án" is of another Đề án in a decision on another matter."""
    said = "Kinh phí thực hiện Đề án là {} đồng, từ ngân sách của tỉnh và nguồn xã hội hóa."
    answer = library(
        old=decision("1/QĐ-UBND", "2023-01-01", said.format("5 tỷ"), title="Đề án y tế số"),
        new=decision("2/QĐ-UBND", "2024-01-01", said.format("7 tỷ"), title="Đề án du lịch xanh"),
    ).answer("Kinh phí thực hiện Đề án là bao nhiêu?")
    assert not answer.differing


DEADLINE = "Thời hạn giải quyết hồ sơ đăng ký chữ ký số là {}."


@pytest.mark.parametrize(
    ("values", "differ"),
    [
        (("10 ngày", "05 (năm) ngày"), True),
        (("10 ngày", "03 ngày làm việc"), True),
        (("5 ngày", "03 ngày làm việc"), False),
        (("30 ngày", "01 tháng"), False),
    ],
)
def test_times_differ_only_where_they_cannot_be_the_same(
    values: tuple[str, str], differ: bool, library: Library
) -> None:
    """Three working days may be five days, and thirty days a month; never ten."""
    old, new = (
        decision(f"{at}/QĐ-UBND", f"202{at}-01-01", DEADLINE.format(value))
        for at, value in enumerate(values, 1)
    )
    answer = library(old=old, new=new).answer(
        "Thời hạn giải quyết hồ sơ đăng ký chữ ký số là bao lâu?"
    )
    assert bool(answer.differing) == differ


SAME = "Tổ công nghệ số cộng đồng hướng dẫn người dân nộp hồ sơ trực tuyến."
ASKED = "Tổ công nghệ số cộng đồng hướng dẫn người dân làm gì?"


@pytest.mark.parametrize(
    ("question", "worse"),
    [
        (ASKED, {"date": "2019-01-01"}),
        (ASKED, {"status": "expired"}),
        (ASKED, {"effective": "2999-01-01"}),
        (ASKED, {"issuer": "Ủy ban nhân dân tỉnh Bắc Ninh"}),
        (f"Ở Thái Nguyên, {ASKED}", {"issuer": "Ủy ban nhân dân tỉnh Bắc Ninh"}),
        (ASKED, {"kind": "Tóm tắt"}),
    ],
    ids=["older", "expired", "not yet", "elsewhere", "elsewhere, home named", "a summary"],
)
def test_of_documents_that_say_the_same_the_better_is_quoted(
    question: str, worse: dict[str, str], library: Library
) -> None:
    """In force, newer, the province's own, higher in rank."""
    title = "Quyết định về tổ công nghệ số cộng đồng"
    answer = library(
        a=decision("2/QĐ-UBND", "2024-01-01", SAME, title=title, **worse),
        b=decision("1/QĐ-UBND", "2024-01-01", SAME, title=title),
    ).answer(question)
    assert answer.quotes[0].document == "b.md"


NATIONAL = {"issuer": "Chính phủ", "kind": "Nghị định", "title": "Nghị định về mạng xã hội"}
PERMIT = "Giấy phép mạng xã hội được cấp trong thời hạn 30 ngày kể từ ngày nhận hồ sơ hợp lệ."


@pytest.mark.parametrize("place", ["", " ở Thái Nguyên", " o tinh Thai Nguyen"])
def test_what_holds_for_the_country_answers_at_home(place: str, library: Library) -> None:
    """A resident who says where they live gets the answer that anyone gets."""
    answer = library(
        a=decision("72/2013/NĐ-CP", "2013-07-15", PERMIT, **NATIONAL),
        b=decision("1/QĐ-UBND", "2024-01-01", SAME),
    ).answer(f"Giấy phép mạng xã hội được cấp trong bao nhiêu ngày{place}?")
    assert answer.outcome == "answered"
    assert PERMIT in answer.quotes[0].text


def test_what_a_province_is_asked_is_told_by_what_is_about_it(library: Library) -> None:
    """A text of the whole country that says it in the question's words comes after the province's."""
    answerer = library(
        a=decision(
            "9/NQ-CP", "2024-01-01", "Mục tiêu đến năm 2030 là 90% hồ sơ trực tuyến.", **NATIONAL
        ),
        b=decision("1/QĐ-UBND", "2024-01-01", "Phấn đấu 95% hồ sơ trực tuyến vào năm 2030."),
    )
    (found,) = answerer.find_all("Mục tiêu đến năm 2030 của Thái Nguyên là gì?")
    best = found.sentences[0]
    assert "95%" in answerer.generation.text_of(best.passage)


def test_a_second_copy_of_a_document_is_not_quoted_too(library: Library) -> None:
    """The room is another sentence's."""
    copy = decision("1/QĐ-UBND", "2024-01-01", "Ban hành quy chế.", SAME)
    answer = library(a=copy, b=copy.replace("Ban hành", "Phê duyệt")).answer(ASKED)
    assert [quote.text for quote in answer.quotes if SAME in quote.text] == [f"Điều 2. {SAME}"]


def test_a_document_that_answers_better_goes_before_a_better_document(library: Library) -> None:
    """An expired text that says it goes before one in force that hardly does, and is marked."""
    answer = library(
        a=decision("2/QĐ-UBND", "2019-01-01", SAME, status="expired"),
        b=decision("1/QĐ-UBND", "2024-01-01", "Tổ công nghệ số cộng đồng do xã lập ra."),
    ).answer(ASKED)
    assert answer.quotes[0].document == "a.md"
    assert "Hết hiệu lực" in shown(answer)


def test_a_year_compared_to_is_none_told_of() -> None:
    assert years_in("Năm 2023 xếp thứ 23/63, tăng 2 bậc so với năm 2022") == {"2023"}
    assert years_in("tăng so với cùng kỳ năm 2022; năm 2021 giảm") == {"2021"}
    assert years_in("giai đoạn 2021-2022") == {"2021", "2022"}


def test_what_tells_of_the_year_asked_about_alone_comes_first(shipped: Answerer) -> None:
    """Before what sets sources on several years against each other."""
    answer = shipped.answer("Thái Nguyên đứng thứ mấy về DTI năm 2024?")
    assert "Năm 2024, Thái Nguyên xếp thứ 8" in answer.quotes[0].text
