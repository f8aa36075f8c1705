"""What documents say of effect, replacement and repeal is read as said, and no more than said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from index.law.asked_effect import stating
from index.law.effect import Relation, Relations, statuses
from index.law.facts import facts_of
from index.law.facts import relations as relations_among
from index.law.references import references_in
from knowledge.document import Document, Metadata
from knowledge.load import read_document
from knowledge.split import outline

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Listed:
    path: str
    metadata: Metadata


def _decree(clauses: str, number: str = "224/2026/NĐ-CP") -> Document:
    metadata = Metadata(f"Nghị định {number}", number, "2026-06-24")
    return Document("new", f"Điều 90. Hiệu lực thi hành\n{clauses}\n", metadata)


def relations(documents: list[Document]) -> Relations:
    """As a generation knows them, from what was kept of each document."""
    facts = {one.path: facts_of(one, outline(one)) for one in documents}
    return relations_among([Listed(one.path, one.metadata) for one in documents], facts)


def _said(clauses: str) -> list[tuple[str, str, str, str]]:
    return [(one.verb, one.number, one.part, one.date) for one in relations([_decree(clauses)])]


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        (
            "1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.",
            [("takes effect", "", "", "2026-07-01")],
        ),
        (
            "Nghị định này có hiệu lực thi hành kể từ ngày ký ban hành.",
            [("takes effect", "", "", "2026-06-24")],
        ),
        (
            "Nghị định này có hiệu lực sau 45 ngày kể từ ngày ký.",
            [("takes effect", "", "", "2026-08-08")],
        ),
        (
            "Nghị định này có hiệu lực từ ngày 01/7/2026 và thay thế Nghị định số 73/2007/NĐ-CP "
            "ngày 08 tháng 5 năm 2007 quy định chi tiết một số điều của Nghị định số 97/2008/NĐ-CP.",
            [("takes effect", "", "", "2026-07-01"), ("replaces", "73/2007/NĐ-CP", "", "2026-07-01")],
        ),
        (
            "2. Nghị định này thay thế Nghị định số 102/2009/NĐ-CP về đầu tư và bãi bỏ Quyết định số "
            "80/2014/QĐ-TTg về thuê dịch vụ.",
            [("replaces", "102/2009/NĐ-CP", "", ""), ("repeals", "80/2014/QĐ-TTg", "", "")],
        ),
        (
            "Bãi bỏ điểm l khoản 10 Điều 4 Nghị định số 85/2025/NĐ-CP ngày 08 tháng 4 năm 2025.",
            [("repeals", "85/2025/NĐ-CP", "điểm l khoản 10 Điều 4", "")],
        ),
        (
            "Sửa đổi, bổ sung khoản 4 Điều 4 của Nghị định số 85/2025/NĐ-CP như sau:",
            [("amends", "85/2025/NĐ-CP", "khoản 4 Điều 4", "")],
        ),
        (
            "2. Luật Giao dịch điện tử số 51/2005/QH11 hết hiệu lực kể từ ngày Nghị định này có hiệu "
            "lực thi hành, trừ trường hợp quy định tại Điều 53.",
            [("repeals", "51/2005/QH11", "", "")],
        ),
        (
            "Nghị định số 110/2004/NĐ-CP về văn thư và Nghị định số 09/2010/NĐ-CP sửa đổi, bổ sung một "
            "số điều của Nghị định số 110/2004/NĐ-CP hết hiệu lực từ ngày Nghị định này có hiệu lực.",
            [("repeals", "110/2004/NĐ-CP", "", ""), ("repeals", "09/2010/NĐ-CP", "", "")],
        ),
        (
            "Các quy định tại Chương III Nghị định số 71/2007/NĐ-CP hết hiệu lực kể từ ngày Nghị định "
            "này có hiệu lực thi hành.",
            [("repeals", "71/2007/NĐ-CP", "Các quy định tại Chương III", "")],
        ),
        (
            "2. Các nghị định sau hết hiệu lực từ ngày Nghị định này có hiệu lực thi hành:\n"
            "a) Nghị định số 45/2026/NĐ-CP về đầu tư;\nb) Nghị định số 64/2007/NĐ-CP về ứng dụng.\n"
            "3. Nghị định số 1/2001/NĐ-CP khác.",
            [("repeals", "45/2026/NĐ-CP", "", ""), ("repeals", "64/2007/NĐ-CP", "", "")],
        ),
    ],
)  # fmt: skip
def test_a_clause_says_what_it_says(
    clauses: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert _said(clauses) == expected


@pytest.mark.parametrize(
    "clauses",
    [
        "Khi các văn bản dẫn chiếu tại Nghị định này được sửa đổi, bổ sung hoặc thay thế thì áp dụng văn bản mới.",
        "Xây dựng Nghị định thay thế Nghị định số 18/2014/NĐ-CP về nhuận bút.",
        "Các trang tin đã được cấp phép theo Nghị định số 97/2008/NĐ-CP được hoạt động đến khi giấy phép hết hiệu lực.",
        "“9. Bãi bỏ các điều 3, 4 của Nghị quyết số 193/2025/QH15”.",
        "Giấy phép được cấp trước ngày Nghị định này có hiệu lực được dùng đến hết ngày 30 tháng 6 năm 2027.",
    ],
)  # fmt: skip
def test_plans_permits_and_quotations_replace_nothing(clauses: str) -> None:
    assert _said(clauses) == []


def test_the_offsets_are_those_of_the_sentence() -> None:
    document = _decree(
        "1. Nghị định này có hiệu lực từ ngày 01/7/2026.\n2. Nghị định này\n"
        "thay thế Nghị định số 64/2007/NĐ-CP."
    )
    replaced = list(relations([document]))[1]
    sentence = document.text[replaced.start : replaced.end]
    assert sentence == "2. Nghị định này\nthay thế Nghị định số 64/2007/NĐ-CP."
    assert replaced.date == "2026-07-01"


OLD = Listed("old", Metadata("Nghị định số 64/2007/NĐ-CP", "64/2007/NĐ-CP", "2007-04-10"))


def _status_of_old(clauses: str, today: date = TODAY, old: Listed = OLD) -> tuple[str, str]:
    new = _decree(clauses)
    entries = [old, Listed("new", new.metadata)]
    standing = statuses(entries, relations([new]), today)["old"]
    return standing.status, standing.replaced_by


def test_a_document_replaced_as_a_whole_is_expired_from_that_day() -> None:
    clauses = "Nghị định này có hiệu lực từ ngày 01/7/2026 và thay thế Nghị định số 64/2007/NĐ-CP."
    assert _status_of_old(clauses) == ("expired", "new")
    assert _status_of_old(clauses, date(2026, 6, 30)) == ("unknown", "")


def test_a_document_of_which_a_part_is_repealed_is_amended() -> None:
    assert _status_of_old("Bãi bỏ Điều 3 Nghị định số 64/2007/NĐ-CP.") == ("amended", "")


def test_another_document_with_that_number_is_untouched() -> None:
    assert _status_of_old("Bãi bỏ Nghị định số 64/2008/NĐ-CP.") == ("unknown", "")
    assert _status_of_old("Bãi bỏ Thông tư số 64/2007/TT-BTC.") == ("unknown", "")


def test_what_maintainers_state_wins() -> None:
    stated = Listed("old", Metadata("Nghị định", "64/2007/NĐ-CP", "2007-04-10", status="in force"))
    clauses = "Nghị định này có hiệu lực từ ngày 01/7/2026 và thay thế Nghị định số 64/2007/NĐ-CP."
    assert _status_of_old(clauses, old=stated) == ("in force", "")


def test_the_reason_is_one_people_can_read() -> None:
    new = _decree(
        "Nghị định này có hiệu lực từ ngày 01/7/2026 và thay thế Nghị định số 64/2007/NĐ-CP."
    )
    found = statuses([OLD, Listed("new", new.metadata)], relations([new]), TODAY)["old"]
    assert found.reason == "Được Nghị định 224/2026/NĐ-CP thay thế từ ngày 01/07/2026."


def test_a_later_law_of_the_same_name_casts_doubt() -> None:
    law = Listed("law", Metadata("Luật An ninh mạng", "24/2018/QH14", "2018-06-12"))
    new = _decree("Căn cứ Luật An ninh mạng số 116/2025/QH15;")
    known = relations([Document("law", "", law.metadata), new])
    found = statuses([law, Listed("new", new.metadata)], known, TODAY)["law"]
    assert (found.status, found.reason) == (
        "unknown",
        "Đã có Luật An ninh mạng số 116/2025/QH15, mới hơn.",
    )


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside the repository")
def test_the_corpus_read_by_hand() -> None:
    """Who is expired, who is amended, and what the library says of documents it does not hold."""
    documents = [read_document(file, CORPUS) for file in sorted(CORPUS.rglob("*.txt"))]
    known = relations(documents)
    standing = statuses([Listed(one.path, one.metadata) for one in documents], known, TODAY)
    expired = {path for path, one in standing.items() if one.status == "expired"}
    amended = {path for path, one in standing.items() if one.status == "amended"}
    assert expired == {"codified/nghi-dinh-so-64-2007-nd-cp.txt"}
    assert amended == {
        "codified/luat-so-67-2006-qh11.txt",
        "codified/nghi-dinh-so-71-2007-nd-cp.txt",
    }

    def told(question: str) -> list[tuple[str, str, str]]:
        found: list[Relation] = list(known.of(references_in(question)[0]))
        return [(one.source.split("/")[1], one.verb, one.date) for one in found]

    assert told("Thông tư 137/2007/TT-BTC còn dùng không?") == [
        ("thong-tu-so-194-2012-tt-btc.txt", "replaces", "2013-01-01")
    ]
    assert told("NĐ 102/2008 bị thay bằng nghị định nào?") == [
        ("nghi-dinh-so-73-2017-nd-cp.txt", "replaces", "2017-08-01")
    ]
    own = known.by("plans/77-2025-nq-hdnd-99ab39.txt")
    assert [one.date for one in own] == ["2025-11-27", "2026-01-01"]


@pytest.mark.parametrize(
    ("asked", "stated"),
    [
        ("co hieu luc tu ngay nao", "1. Nghị định này có hiệu lực"),
        ("nghi dinh sua doi, bo sung co hieu luc tu ngay nao", "1. Nghị định này có hiệu lực"),
        ("toi khong thay nghi dinh ap dung tu khi nao", "1. Nghị định này có hiệu lực"),
        ("thay the van ban nao", "2. Nghị định này thay thế"),
        ("con hieu luc khong", "1. Nghị định này có hiệu lực"),
        ("nghi dinh nao bi thay the boi nghi dinh 224/2026", "2. Nghị định này thay thế"),
        ("nhung nghi dinh nao bi nghi dinh 224/2026 thay the", "2. Nghị định này thay thế"),
    ],
)
def test_what_is_asked_of_effect_is_stated_by_one_clause(asked: str, stated: str) -> None:
    new = _decree(
        "1. Nghị định này có hiệu lực từ ngày 01/7/2026.\n"
        "2. Nghị định này thay thế Nghị định số 64/2007/NĐ-CP."
    )
    (place,) = stating(relations([new]), ["new"], (), asked)
    assert new.text[place[1] :].startswith(stated)


def test_who_replaced_it_is_stated_by_the_other_document() -> None:
    new = _decree("Nghị định này thay thế Nghị định số 64/2007/NĐ-CP.")
    (old,) = references_in("Nghị định 64/2007/NĐ-CP")
    found = stating(relations([new]), ["old"], [old], "duoc thay the boi van ban nao")
    assert found == (("new", new.text.index("Nghị định này")),)


@pytest.mark.parametrize("asked", ["het hieu luc ngay nao", "con ap dung den khi nao", "bi thay the khi nao"])  # fmt: skip
def test_the_day_it_takes_effect_does_not_state_its_end(asked: str) -> None:
    new = _decree("1. Nghị định này có hiệu lực từ ngày 01/7/2026.")
    assert stating(relations([new]), ["new"], (), asked) == ()
    ending = _decree("1. Nghị định này có hiệu lực đến hết ngày 01/7/2028.")
    until = stating(relations([ending]), ["new"], (), "ap dung den ngay nao")
    assert until == (("new", ending.text.index("1. Nghị định này")),)
