"""References in a question are read as asked, resolved to the right document, and located in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.law.appendix import part_named
from index.law.names import DocumentNames, mention_pattern
from index.law.parts import locate
from index.law.references import Reference, numbers_in, references_in
from knowledge.abbreviations import Abbreviations
from knowledge.document import Document, Metadata
from knowledge.load import read_document
from knowledge.split import outline
from knowledge.vietnamese import fold

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SETS = CORPUS.parent / "eval"


@dataclass(frozen=True, slots=True)
class Listed:
    path: str
    metadata: Metadata


def _listed(path: str, title: str, number: str, date: str, issuer: str = "") -> Listed:
    return Listed(path, Metadata(title=title, number=number, date=date, issuer=issuer))


LIBRARY = [
    _listed("nd47", "Nghị định số 47/2020/NĐ-CP Quản lý, kết nối và chia sẻ dữ liệu số", "47/2020/NĐ-CP", "2020-04-09"),
    _listed("nd30", "Nghị định số 30/2020/NĐ-CP Về công tác văn thư", "30/2020/NĐ-CP", "2020-03-05"),
    _listed("nd73a", "Nghị định số 73/2019/NĐ-CP Quy định quản lý đầu tư", "73/2019/NĐ-CP", "2019-09-05"),
    _listed("nd73b", "Nghị Định 73/2019/ND-CP", "73/2019/NĐ-CP", "2019-09-05"),
    _listed("nd73c", "Nghị định số 73/2017/NĐ-CP Về dữ liệu tài nguyên và môi trường", "73/2017/NĐ-CP", "2017-06-14"),
    _listed("luat20", "Luật Giao dịch điện tử 2023", "20/2023/QH15", "2023-06-22"),
    _listed("luat91", "Luật Bảo vệ dữ liệu cá nhân 2025", "91/2025/QH15", "2025-06-26"),
    _listed("luat104", "Tiếp cận thông tin — bản pháp điển", "104/2016/QH13", "2016-04-06"),
    _listed("luat24", "An ninh mạng (Luật 24/2018/QH14) và NĐ 13/2023/NĐ-CP — bản pháp điển", "24/2018/QH14; 13/2023/NĐ-CP", "2018-06-12"),
    _listed("nq57", "Nghị quyết 57-NQ/TW về đột phá phát triển khoa học", "57-NQ/TW", "2024-12-22"),
    _listed("nq01", "Nghị quyết 01-NQ/TU về Chương trình chuyển đổi số", "01-NQ/TU", "2020-12-31", "Tỉnh ủy Thái Nguyên"),
    _listed("ct23", "Chỉ thị 01/CT-BTTTT/2023", "01/CT-BTTTT", "2023-01-20"),
    _listed("ct24", "Chỉ thị 01/CT-BTTTT/2024", "01/CT-BTTTT", "2024-01-20"),
    _listed("tt05", "Thông tư 05/2022/TT-BTTTT", "05/2022/TT-BTTTT", "2022-06-30"),
    _listed("qd2629", "Quyết định 2629/QĐ-TTg phê duyệt Chương trình phát triển Chính phủ số", "2629/QĐ-TTg", "2025-12-01"),
    _listed("qd2014", "Quyết định 2014/QD-TTg", "2014/QĐ-TTg", "2021-12-01"),
    _listed("kh144", "Kế hoạch 144/KH-UBND phát triển kinh tế số tỉnh Bắc Ninh", "144/KH-UBND", "2025-11-24"),
    _listed("kh157", "157/KH-UBND — KẾ HOẠCH THI ĐUA TRÊN ĐỊA BÀN THÀNH PHỐ CẦN THƠ", "157/KH-UBND", "2025-11-18"),
    _listed("bao", "Chuyển đổi số - quyết tâm từ người đứng đầu", "", "2021-01-07"),
]  # fmt: skip


@pytest.fixture(scope="module")
def names() -> DocumentNames:
    return DocumentNames(LIBRARY, Abbreviations.open())


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Điểm b khoản 2 Điều 5 Nghị định 47 nói gì?", ("Nghị định", "47", "", "5", "2", "b")),
        ("k7 Điều 5 TT 80/2020/TT-BCA", ("Thông tư", "80/2020/TT-BCA", "2020", "5", "7", "")),
        ("NĐ47/2020 quy định gì", ("Nghị định", "47/2020", "2020", "", "", "")),
        ("dieu 5 nghi dinh 47/2020", ("Nghị định", "47/2020", "2020", "5", "", "")),
        ("khoan 2 dieu 5 nghi dinh 73 2019", ("Nghị định", "73", "2019", "5", "2", "")),
        ("Theo NĐ 30, Điều 33 khoản 2 thì sao", ("Nghị định", "30", "", "33", "2", "")),
        ("Nghị quyết 03/NQ-CP năm 2025", ("Nghị quyết", "03/NQ-CP", "2025", "", "", "")),
        ("01-NQ/TU nói gì", ("Nghị quyết", "01-NQ/TU", "", "", "", "")),
        ("Khoản 1 Điều 28 Luật 20/2023/QH15", ("Luật", "20/2023/QH15", "2023", "28", "1", "")),
        ("Decree 47/2020 article 5", ("Nghị định", "47/2020", "2020", "5", "", "")),
        ("điểm đ khoản 1 Điều 9 NĐ 47", ("Nghị định", "47", "", "9", "1", "đ")),
        ("Điều 2 nói gì?", ("", "", "", "2", "", "")),
        (
            "khoản 1.2 Điều 2 VBHN 05/VBHN-BKHCN",
            ("Văn bản hợp nhất", "05/VBHN-BKHCN", "", "2", "1.2", ""),
        ),
    ],
)
def test_a_reference_is_read_as_asked(question: str, expected: tuple[str, ...]) -> None:
    (one,) = references_in(question)
    assert (one.kind, one.number, one.year, one.article, one.clause, one.point) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Ngày 31/12/2020 tỉnh họp gì?",
        "Từ 70 điểm trở lên xếp loại gì, 5 điều cần nhớ?",
        "Phạt khoản 20 triệu đồng có đúng không?",
        "Luật mới có gì hay?",
        "Ai quyết định cho tôi nghỉ?",
        "TT xã ở đâu?",
        "Mục tiêu giai đoạn 2026-2030 là gì?",
        "Kế hoạch 2021-2025 của Chính phủ nêu gì?",
        "Đường cao tốc CT.03 khởi công khi nào?",
    ],
)
def test_words_and_figures_that_refer_to_nothing_are_left_alone(question: str) -> None:
    assert references_in(question) == ()


def test_two_articles_of_one_decree_are_two_references() -> None:
    found = references_in("Điều 5 và Điều 6 Nghị định 47/2020 khác nhau thế nào?")
    assert [(one.number, one.article) for one in found] == [("47/2020", "5"), ("47/2020", "6")]


def test_a_place_in_a_bare_name_goes_on_behind_what_ends_a_name() -> None:
    """ "noi" and "da" end one elsewhere."""
    for asked in ("ke hoach 308 cua ha noi", "ke hoach 308 cua da nang"):
        (one,) = references_in(f"{asked} ngay nao")
        assert f"ke hoach 308 {one.name}" == asked


def test_the_span_is_what_was_read() -> None:
    question = "Cho hỏi Điều 5 Nghị định 47/2020 quy định gì"
    (one,) = references_in(question)
    assert question[slice(*one.span)] == "Điều 5 Nghị định 47/2020"


def test_letters_of_a_document_number_are_known_as_such() -> None:
    question = "NQ 57-NQ/TW và 47/2020/NĐ-CP"
    assert [question[slice(*span)] for span in numbers_in(question)] == [
        "57-NQ/TW",
        "47/2020/NĐ-CP",
    ]


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        ("NĐ 47/2020", ["nd47"]),
        ("nghi dinh 47", ["nd47"]),
        ("Nghị định 73/2019/NĐ-CP", ["nd73a", "nd73b"]),
        ("Nghị định 13/2023", ["luat24"]),
        ("NQ 57", ["nq57"]),
        ("nghị quyết của tỉnh năm 2020", ["nq01"]),
        ("nghi quyet tinh uy nam 2020", ["nq01"]),
        ("Luật GDĐT 2023", ["luat20"]),
        ("luat giao dich dien tu quy dinh gi", ["luat20"]),
        ("Luật BVDLCN", ["luat91"]),
        ("luật tiếp cận thông tin", ["luat104"]),
        ("luat an ninh mang", ["luat24"]),
        ("Nghị định về công tác văn thư", ["nd30"]),
        ("QĐ 2629 của TTg", ["qd2629"]),
        ("Quyết định 2014", ["qd2014"]),
        ("CT 2629", ["qd2629"]),
        ("Chương trình phát triển Chính phủ số", ["qd2629"]),
        ("Chỉ thị 01 năm 2023", ["ct23"]),
        ("chi thi 01", ["ct24", "ct23"]),
        ("thông tư 05/2022/tt-bttt", ["tt05"]),
        ("kế hoạch của Cần Thơ", ["kh157"]),
        ("KH 144/KH-UBND Bắc Ninh", ["kh144"]),
        ("Nghị quyết 57 năm 2030 kinh tế số đạt bao nhiêu", ["nq57"]),
        ('Bài báo "Chuyển đổi số - quyết tâm từ người đứng đầu" do ai viết?', ["bao"]),
    ],
)
def test_a_reference_resolves_to_its_documents(
    names: DocumentNames, question: str, paths: list[str]
) -> None:
    (one,) = references_in(question)
    assert list(names.resolve(one)) == paths


@pytest.mark.parametrize(
    "question",
    [
        "Nghị định 512/2028/NĐ-CP về trợ lý ảo",
        "Nghị định 47/2021",
        "Nghị định 47 năm 2028",
        "Thông tư 05/2022/TT-BTC",
        "Thông tư 47/2020",
        "Kế hoạch 144 của tỉnh Thái Nguyên",
        "Luật Chuyển đổi số",
        "Luật Giao dịch điện tử 2005",
    ],
)
def test_a_document_that_is_not_there_resolves_to_nothing(
    names: DocumentNames, question: str
) -> None:
    """A wrong year, kind, issuer or province is another document, not a near enough one."""
    (one,) = references_in(question)
    assert names.resolve(one) == ()


def test_a_year_spoken_of_decides_between_documents_of_one_number(names: DocumentNames) -> None:
    (one,) = references_in("thong diep nam 2023 trong chi thi 01 la gi")
    assert names.resolve(one, years=("2023",))[0] == "ct23"


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Thông tư 137/2007/TT-BTC", "thay thế Thông tư số 137/2007/TT-BTC ngày", True),
        ("TT 137/2007", "thay thế Thông tư số 137/2007/TT-BTC ngày", True),
        ("TT 07/2008/TT-BTTTT", "Thông tư số 07 /2008/TT-BTTTT", True),
        ("NĐ 47", "Nghị định số 147/2020/NĐ-CP", False),
        ("TT 137/2007/TT-BTC", "Thông tư số 137/2008/TT-BTC", False),
        ("Luật Chuyển đổi số", "Căn cứ Luật Chuyển đổi số số 148/2025/QH15", True),
        (
            "QĐ 411",
            "các Quyết định số 749/QĐ-TTg ngày 3/6/2020, số 411/QĐ-TTg ngày 31/3/2022",
            True,
        ),
        ("QĐ 411", "các Nghị quyết số 411/NQ-CP, 12/NQ-CP", False),
    ],
)
def test_a_document_is_found_where_others_mention_it(question: str, text: str, found: bool) -> None:
    (one,) = references_in(question)
    assert bool(mention_pattern(one).search(fold(text))) is found


DECREE = """Điều 1. Phạm vi
1. Nghị định này quy định.
2. Áp dụng cho:
a) Cơ quan;
b) Tổ chức;
đ) Cá nhân.
Điều 2. Giải thích
Không có khoản nào.
Điều 4. Hiệu lực
1. Từ ngày ký.
"""


def test_the_innermost_part_asked_for_is_located() -> None:
    sections = outline(Document("d", DECREE, Metadata("d")))
    located = locate(sections, Reference(article="1", clause="2", point="đ"))
    assert located.found
    assert located.section is not None
    assert DECREE[located.section.start :].startswith("đ) Cá nhân.")


def test_an_article_of_what_is_issued_is_not_that_of_the_decision() -> None:
    """By its number, or by the commune that has issued no other of its kind."""
    text = (
        "QUYẾT ĐỊNH\n\nĐiều 1. Ban hành Quy chế.\nĐiều 2. Hiệu lực.\n\nQUY CHẾ\nTiếp dân\n"
        "(Ban hành kèm theo Quyết định số 12/QĐ-UBND)\nĐiều 1. Phạm vi\nĐiều 2. Nguyên tắc\n"
    )
    title = "Quyết định ban hành Quy chế tiếp dân"
    listed = _listed("q", title, "12/QĐ-UBND", "2026-01-05", "Ủy ban nhân dân xã Đồng Vang")
    names = DocumentNames([*LIBRARY, listed], Abbreviations.open())
    sections = outline(Document("q", text, listed.metadata))
    for question, begins in (
        ("Điều 1 Quy chế ban hành kèm theo Quyết định 12/QĐ-UBND quy định gì?", "Điều 1. Phạm"),
        ("Điều 2 Quy chế của xã Đồng Vang nói gì", "Điều 2. Nguyên"),
        ("Điều 2 Quyết định 12/QĐ-UBND quy định gì?", "Điều 2. Hiệu"),
    ):
        (one,) = references_in(question)
        assert names.resolve(one) == ("q",)
        section = locate(sections, one, text).section
        assert section
        assert text[section.start :].startswith(begins)


def test_a_part_is_found_though_a_row_without_a_number_is_called_as_it() -> None:
    text = "PHỤ LỤC I\nMỘT\nI. ĐẦU\n\nPHỤ LỤC II\nHAI\nI. VIỆC\nTT · Việc\nTT: 1 · Việc: A\nViệc: B\nA001. Số xã\n"
    sections = outline(Document("k", text, Metadata("k")))
    for question, begins in (("mục I Phụ lục 2", "I. VIỆC"), ("chỉ tiêu A001", "A001. Số")):
        part = part_named(sections, question)
        assert part
        assert text[part.start :].startswith(begins)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Khoản 1 mục II", "1. Ba."),
        ("khoản 1.1 mục I", "1.1. Hai."),
        ("khoản 1 phần II", "1. Ba."),
        ("khoản 1 Kế hoạch", ""),
        ("khoản 2", "2. Bốn."),
    ],
)
def test_a_khoan_is_looked_for_in_the_part_that_is_named(question: str, found: str) -> None:
    """Of several, none of them named, it is none."""
    text = "I. MỘT\n1. Một.\n1.1. Hai.\nII. HAI\n1. Ba.\n2. Bốn.\n"
    sections = outline(Document("k", text, Metadata("k")))
    (asked,) = references_in(question)
    section = locate(sections, asked, text, part_named(sections, question)).section
    assert (text[section.start :].split("\n", maxsplit=1)[0] if section else "") == found


@pytest.mark.parametrize(
    ("reference", "missing", "existing", "beyond"),
    [
        (Reference(article="500"), "article", ("1", "2", "4"), True),
        (Reference(article="3"), "article", ("1", "2", "4"), False),
        (Reference(article="1", clause="12"), "clause", ("1", "2"), True),
        (Reference(article="1", clause="2", point="h"), "point", ("a", "b", "đ"), True),
        (Reference(article="2", clause="1"), "clause", (), False),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    reference: Reference, missing: str, existing: tuple[str, ...], beyond: bool
) -> None:
    """`beyond` only where the number is past the last: a gap may be the copy's fault."""
    located = locate(outline(Document("d", DECREE, Metadata("d"))), reference)
    assert (located.missing, located.existing, located.beyond) == (missing, existing, beyond)


def test_a_codification_is_read_by_its_lines_of_origin() -> None:
    """Renumbered articles, two documents in one file, and an article whose heading was lost."""
    text = (
        "Điều 1. Phạm vi\n\n(Điều 3 Luật số 91/2025/QH15, có hiệu lực)\n\n1. Luật này.\n\n"
        "Điều 2. Phạm vi\n\n(Điều 1 Nghị định số 13/2023/NĐ-CP, có hiệu lực)\n\n1. Nghị định này.\n\n"
        "(Điều 7 Luật số 91/2025/QH15, có hiệu lực)\n\n1. Điều bị mất đề mục.\n"
    )
    sections = outline(Document("d", text, Metadata("d")))

    def quoted(question: str) -> str:
        (one,) = references_in(question)
        section = locate(sections, one, text).section
        return text[section.start : section.start + 12] if section else ""

    assert quoted("khoản 1 Điều 3 Luật 91/2025/QH15") == "1. Luật này."
    assert quoted("khoản 1 Điều 1 Nghị định 13/2023") == "1. Nghị định"
    assert quoted("khoản 1 Điều 7 Luật 91/2025/QH15") == "1. Điều bị m"
    assert quoted("Điều 1 Luật 91/2025/QH15") == ""


@pytest.mark.skipif(not SETS.exists(), reason="the public sets are not beside the repository")
def test_numbered_references_of_the_public_sets_resolve_to_the_right_document() -> None:
    documents = [read_document(file, CORPUS) for file in sorted(CORPUS.rglob("*.txt"))]
    names = DocumentNames(
        [Listed(one.path, one.metadata) for one in documents], Abbreviations.open()
    )
    wrong = []
    for name in ("dev.jsonl", "dev2.jsonl"):
        for line in (SETS / name).read_text("utf-8").splitlines():
            asked = json.loads(line)
            for one in references_in(asked["question"]):
                paths = names.resolve(one)
                right = {asked["document"], *asked["also"]}
                if asked["answerable"] and one.number and paths and not right & set(paths[:2]):
                    wrong.append(asked["id"])
    assert wrong == []
