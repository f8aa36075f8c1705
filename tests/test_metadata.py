"""What is known of a document, and which source of it wins."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from knowledge.document import Metadata
from knowledge.errors import Rejected
from knowledge.heading import effective_date, heading_of, introduction_of, iso_date, true_cased
from knowledge.load import documents_under, read_document
from knowledge.metadata import front_matter
from knowledge.numbers import kind_and_issuer

_CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

_PLAN = """ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 144 /KH-UBND
Thái Nguyên, ngày 05 tháng 02 năm 2026

KẾ HOẠCH

CHUYỂN ĐỔI SỐ TỈNH THÁI NGUYÊN
NĂM 2026

Căn cứ Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 của Bộ Chính trị;

Ủy ban nhân dân tỉnh Thái Nguyên ban hành Kế hoạch như sau, việc chuyển đổi số được giao cho các sở.
"""

_DECREE = """CHÍNH PHỦ | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |  | ------- | Độc lập - Tự do |
Số: 224/2026/NĐ-CP | Hà Nội, ngày 24 tháng 6 năm 2026 | NGHỊ ĐỊNH

Quy định chi tiết một số điều của Luật Chuyển đổi số

CHÍNH PHỦ

Căn cứ Luật Tổ chức Chính phủ;

Điều 9. Nghị định số 13/2023/NĐ-CP hết hiệu lực kể từ ngày 01 tháng 01 năm 2020.

Điều 10. Nghị định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2026.
"""


def _read(folder: Path, text: str, name: str = "a.md", sidecar: str = "") -> Metadata:
    (folder / name).write_text(text, "utf-8")
    if sidecar:
        (folder / f"{name}.yaml").write_text(sidecar, "utf-8")
    return read_document(folder / name, folder).metadata


def test_a_plan_tells_its_number_date_issuer_kind_and_title(tmp_path: Path) -> None:
    """Capitals become the words as the text itself writes them; a space in the number goes."""
    assert _read(tmp_path, _PLAN) == Metadata(
        title="Kế hoạch chuyển đổi số tỉnh Thái Nguyên năm 2026",
        number="144/KH-UBND",
        date="2026-02-05",
        issuer="Ủy ban nhân dân tỉnh Thái Nguyên",
        kind="Kế hoạch",
    )


def test_a_decree_in_table_cells_tells_when_it_takes_effect(tmp_path: Path) -> None:
    """Its own clause counts, not the one about the decree it ends."""
    assert _read(tmp_path, _DECREE) == Metadata(
        title="Nghị định quy định chi tiết một số điều của Luật Chuyển đổi số",
        number="224/2026/NĐ-CP",
        date="2026-06-24",
        issuer="Chính phủ",
        kind="Nghị định",
        effective="2026-07-01",
    )


def test_capitals_in_one_line_of_a_title_become_words(tmp_path: Path) -> None:
    """And the mark of an editor's note is none."""
    text = (
        "Số 35-NQ/TU\n\nNGHỊ QUYẾT\nCỦA BAN CHẤP HÀNH ĐẢNG BỘ TỈNH\nvề chuyển đổi số[1]\n\n"
        "Căn cứ chương trình làm việc của Ban Chấp hành Đảng bộ tỉnh, Tỉnh ủy quyết nghị như sau.\n"
    )
    title = "Nghị quyết của Ban Chấp hành Đảng bộ tỉnh về chuyển đổi số"
    assert _read(tmp_path, text).title == title


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("Về dữ liệu trên địa bàn tỉnh\nThời gian qua, các cơ quan có nhiều cố gắng để thực hiện.",
         "Chỉ thị về dữ liệu trên địa bàn tỉnh"),
        ("Về dữ liệu trên địa bàn tỉnh\nThái Nguyên.\nThời gian qua, dữ liệu tăng.",
         "Chỉ thị về dữ liệu trên địa bàn tỉnh Thái Nguyên."),
        ("Kết luận của Chủ tịch tỉnh tại phiên họp thứ 7\nBan Chỉ đạo phát triển dữ liệu của tỉnh\nNgày 31/7/2026, Chủ tịch tỉnh chủ trì phiên họp của Ban Chỉ đạo.",
         "Chỉ thị kết luận của Chủ tịch tỉnh tại phiên họp thứ 7 Ban Chỉ đạo phát triển dữ liệu của tỉnh"),
        ("Về tăng cường bảo vệ dữ liệu của các cơ quan\nMục tiêu chung\nBảo vệ dữ liệu.",
         "Chỉ thị về tăng cường bảo vệ dữ liệu của các cơ quan"),
    ],
    ids=["text", "place", "second line", "heading"],
)  # fmt: skip
def test_a_title_ends_where_the_text_begins(tmp_path: Path, lines: str, title: str) -> None:
    """Though no blank line parts them, and its last word may go on."""
    assert _read(tmp_path, f"Số: 9/CT-UBND\nCHỈ THỊ\n{lines}\n1. Một.\n").title == title


@pytest.mark.parametrize(
    ("above", "issuer"),
    [("", ""), ("ỦY BAN NHÂN DÂN TỈNH HÀ NAM\n", "Ủy ban nhân dân tỉnh Hà Nam")],
    ids=["none", "its name ends as the motto does"],
)
def test_neither_a_motto_in_two_lines_nor_a_kind_is_an_issuer(
    tmp_path: Path, above: str, issuer: str
) -> None:
    motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA" + (" VIỆT NAM" if above else "\nVIỆT NAM")
    text = f"{motto}\n{above}HỢP ĐỒNG\nVề việc thuê máy chủ\nSố: 15/2026/HĐ-TDV\n\nĐiều 1: Một\n"
    read = _read(tmp_path, text)
    assert (read.kind, read.issuer) == ("Hợp đồng", issuer)
    assert read.title == "Hợp đồng về việc thuê máy chủ"


def test_a_post_above_its_body_is_one_issuer(tmp_path: Path) -> None:
    text = "CHỦ TỊCH\nỦY BAN NHÂN DÂN\nTỈNH THỬ AN\nSố: 14/CĐ-UBND\nCÔNG ĐIỆN\nVề bão số 11\n"
    assert _read(tmp_path, text).issuer == "Chủ tịch Ủy ban nhân dân tỉnh Thử An"


def test_each_field_has_its_own_order_of_sources(tmp_path: Path) -> None:
    """Sidecar, then front matter, then the heading; empty values give way."""
    text = f"---\ntitle: Kế hoạch: năm 2026\ndate: 2026-2-7\nissuer:\n---\n{_PLAN}"
    metadata = _read(
        tmp_path, text, sidecar="title: Kế hoạch 144\nurl: https://thainguyen.gov.vn\n"
    )
    assert metadata == Metadata(
        title="Kế hoạch 144",
        number="144/KH-UBND",
        date="2026-02-07",
        issuer="Ủy ban nhân dân tỉnh Thái Nguyên",
        kind="Kế hoạch",
        url="https://thainguyen.gov.vn",
    )


@pytest.mark.parametrize(("date", "told"), [("2016-07-01", ""), ("2017-04-24", "2017-04-24")])
def test_a_date_of_another_year_than_the_number_is_none(
    tmp_path: Path, date: str, told: str
) -> None:
    """A header's date is often that of the decree which a circular carries out."""
    text = f"---\nnumber: 03/2017/TT-BTTTT\ndate: {date}\n---\nĐiều 1. Một"
    assert _read(tmp_path, text).date == told


def test_a_text_that_says_nothing_is_called_by_its_file(tmp_path: Path) -> None:
    """The file's name is the title of last resort, and nothing else is made up."""
    assert _read(tmp_path, "Xin chào bà con.", "thong-bao.txt") == Metadata(title="thong-bao")


def test_a_summary_does_not_take_the_number_of_what_it_is_about(tmp_path: Path) -> None:
    """A heading in prose names another document when the header gives a title and no number."""
    body = "# Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị về đột phá\n\nTóm tắt."
    summary = _read(tmp_path, f"---\ntitle: Nghị quyết 57 là gì\nnumber:\n---\n{body}")
    assert (summary.number, summary.date, summary.issuer) == ("", "", "")
    assert _read(tmp_path, body).number == "57-NQ/TW"


def test_a_heading_with_another_number_is_another_documents(tmp_path: Path) -> None:
    """The header names one document, the text begins with a second: nothing is mixed."""
    metadata = _read(tmp_path, f"---\ntitle: Báo cáo\nnumber: 9/BC-VPCP\n---\n{_PLAN}")
    assert metadata == Metadata(
        title="Báo cáo", number="9/BC-VPCP", issuer="Văn phòng Chính phủ", kind="Báo cáo"
    )


@pytest.mark.parametrize(
    ("block", "header"),
    [
        ("title: Luật: sửa đổi\nnumber: 01\n", {"title": "Luật: sửa đổi", "number": "01"}),
        ("title: 'a: b'\nother: x\n", {"title": "a: b"}),
        ("title: a\nnote: >\n  hai\n  dòng\n", {"title": "a", "note": "hai dòng"}),
        (
            'title: a\nnote: "chưa đóng\nkind: [x\n',
            {"title": "a", "note": "chưa đóng", "kind": "[x"},
        ),
        (
            "title: a\ndate: 2026-06-24\nnumber:\n",
            {"title": "a", "date": "2026-06-24", "number": ""},
        ),
    ],
)
def test_front_matter_is_read_as_people_write_it(block: str, header: dict[str, str]) -> None:
    """Colons, leading zeros and broken quotes cost nothing that can be read."""
    assert front_matter(f"---\n{block}---\nthân\n---\ncuối") == (header, "thân\n---\ncuối")


def test_rules_around_text_are_not_a_header() -> None:
    """Without a field of ours between them, `---` lines are the text's own."""
    text = "---\nCỘNG HÒA XÃ HỘI: chủ nghĩa\n---\nthân"
    assert front_matter(text) == ({}, text)


def test_a_header_never_closed_ends_where_its_fields_end() -> None:
    """A forgotten last line does not swallow the document."""
    assert front_matter("---\ntitle: a\nnumber: 1\n\nthân\n") == (
        {"title": "a", "number": "1"},
        "\nthân\n",
    )


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ("title: a: b\n", "a.md.yaml sai cú pháp ở dòng 1"),
        ("- chỉ một danh sách\n", "a.md.yaml sai cú pháp"),
        ("date: hôm qua\n", "“date: hôm qua” không phải ngày"),
        ("date: 2026-02-31\n", "“date: 2026-02-31” không phải ngày"),
        ("status: còn hiệu\n", "không hiểu “status: còn hiệu”"),
        ("x: " + "[" * 300, "a.md.yaml sai cú pháp"),
    ],
)
def test_a_broken_sidecar_is_told_not_ignored(tmp_path: Path, sidecar: str, reason: str) -> None:
    """Whoever wrote it believes that it counts."""
    with pytest.raises(Rejected) as refusal:
        _read(tmp_path, "Nội dung.", sidecar=sidecar)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Còn hiệu lực", "in force"),
        ("hết hiệu lực một phần", "amended"),
        ("Hết hiệu lực", "expired"),
        ("dự thảo", "draft"),
        ("expired", "expired"),
        ("", "unknown"),
    ],
)
def test_status_is_understood_in_vietnamese(tmp_path: Path, given: str, status: str) -> None:
    """Maintainers write what the law calls it."""
    assert _read(tmp_path, f"---\ntitle: a\nstatus: {given}\n---\nchữ").status == status


def test_a_draft_says_so(tmp_path: Path) -> None:
    """A draft must not be answered from as if it were signed."""
    assert _read(tmp_path, "DỰ THẢO\n" + _PLAN).status == "draft"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("ngày 24 tháng 6 năm 2026", "2026-06-24"),
        ("24/6/2026", "2026-06-24"),
        ("2016-7-01", "2016-07-01"),
        ("30 tháng 2 năm 2026", ""),
        ("tháng 6 năm 2026", ""),
        ("", ""),
    ],
)
def test_dates_are_iso_or_nothing(written: str, day: str) -> None:
    """A day that does not exist is no date."""
    assert iso_date(written) == day


@pytest.mark.parametrize(
    ("number", "kind", "issuer"),
    [
        ("224/2026/NĐ-CP", "Nghị định", "Chính phủ"),
        ("749/QĐ-TTg", "Quyết định", "Thủ tướng Chính phủ"),
        ("23/2020/TT-BTTTT", "Thông tư", "Bộ Thông tin và Truyền thông"),
        ("01/2011/TTLT-VPCP-BNV", "Thông tư liên tịch", "Văn phòng Chính phủ, Bộ Nội vụ"),
        ("20/2023/QH15", "", "Quốc hội"),
        ("57-NQ/TW", "Nghị quyết", ""),
        ("144/KH-UBND", "Kế hoạch", ""),
        ("73/2019/ND-CP", "Nghị định", "Chính phủ"),
        ("01/KHLN-BCA-BYT", "Kế hoạch", "Bộ Công an, Bộ Y tế"),
        ("12/GM-UBND", "Giấy mời", ""),
        ("16/NQ-UBTVQH15", "Nghị quyết", "Ủy ban Thường vụ Quốc hội"),
        ("không có", "", ""),
    ],
)
def test_a_number_tells_kind_and_issuer(number: str, kind: str, issuer: str) -> None:
    """Where the number alone is not enough, nothing is guessed."""
    assert kind_and_issuer(number) == (kind, issuer)


@pytest.mark.parametrize(
    ("clause", "day"),
    [
        ("1. Nghị quyết này có hiệu lực thi hành từ ngày 01/8/2026.", "2026-08-01"),
        ("Nghị quyết này có hiệu lực kể từ ngày ký ban hành.", "2026-06-24"),
        ("Nghị quyết có hiệu lực thi hành kể từ ngày ký ban hành", "2026-06-24"),
        ("Điều 2: Nghị quyết có hiệu lực kể từ ngày ký.", "2026-06-24"),
        ("Nghị quyết này có hiệu lực thi hành từ ngày được Quốc hội thông qua.", "2026-06-24"),
        (
            "Nghị quyết đã được Hội đồng nhân dân kỳ họp thứ ba thông qua ngày 24/6/2026 và có hiệu lực từ ngày ký.",
            "2026-06-24",
        ),
        ("Nghị quyết này có hiệu lực sau 10 ngày kể từ ngày ký.", "2026-07-04"),
        ("Quy chế này có hiệu lực thi hành từ ngày 01/8/2026.", ""),
        ("Luật này có hiệu lực thi hành từ ngày 01/8/2026.", ""),
        ("từ ngày Nghị quyết này có hiệu lực thi hành", ""),
        ("Nghị quyết này có hiệu lực thi hành kể từ ngày đăng Công báo", ""),
    ],
)
def test_effect_is_read_from_the_documents_own_clause(clause: str, day: str) -> None:
    """Only what it says of itself, and only a day that it names."""
    assert effective_date(f"Điều 5.\n{clause}", "Nghị quyết", "2026-06-24") == day


def test_capitals_are_lowered_by_the_texts_own_example() -> None:
    """Names keep their capitals, abbreviations and numbers too, common words lose them."""
    text = "Sở đã giao Bắc Ninh thực hiện về CNTT, theo Nghị quyết số 214/NQ-CP của Chính phủ."
    assert true_cased("CNTT Ở BẮC NINH THEO NGHỊ QUYẾT 214/NQ-CP KHÓA XIV", text) == (
        "CNTT ở Bắc Ninh theo Nghị quyết 214/NQ-CP khóa XIV"
    )
    assert true_cased("THỦ TỤC HÀNH CHÍNH Ở TÂY NINH, VIỆT NAM CỦA THỦ TƯỚNG", text) == (
        "thủ tục hành chính ở Tây Ninh, Việt Nam của Thủ tướng"
    )


def test_headings_of_the_real_corpus_agree_with_its_headers() -> None:
    """Each number and date found in a text is the one its collector wrote down; none is missed."""
    if not _CORPUS.is_dir():
        pytest.skip("needs ../shared/corpus beside the repository")
    for file in documents_under(_CORPUS):
        document = read_document(file, _CORPUS)
        own = heading_of(document.text) or introduction_of(document.text)
        assert bool(own) == (file.parent.name in ("legal", "plans")), document.path
        if own:
            assert own["number"] == document.metadata.number.split("; ")[0], document.path
            assert own["date"] == document.metadata.date, document.path
            assert own["issuer"], document.path
            assert own["title"].startswith(own["kind"]), document.path


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_sidecar_that_leads_elsewhere_is_passed_over(tmp_path: Path) -> None:
    """As a document's own link out of the library is: what it says is nobody's to publish."""
    (tmp_path / "outside.yaml").write_text("title: Bí mật\n", "utf-8")
    library = tmp_path / "library"
    library.mkdir()
    (library / "a.md.yaml").symlink_to(tmp_path / "outside.yaml")
    assert _read(library, "Một đoạn văn bản đủ dài để đọc.\n").title == "a"


_DRAFT = """ỦY BAN NHÂN DÂN
TỈNH THÁI NGUYÊN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: {number}
{mark}
Thái Nguyên, ngày {day} năm 2026
{kind}
{subject}
Ủy ban nhân dân tỉnh Thái Nguyên báo cáo như sau:
"""


@pytest.mark.parametrize(
    ("number", "mark", "day", "status"),
    [
        ("/KH-UBND", "DỰ THẢO", "tháng", "draft"),
        ("…../KH-UBND", "", "… tháng …", "draft"),
        ("      /2026/QĐ-UBND", "(Dự thảo lần 2)", "10 tháng 3", "draft"),
        ("/KH-UBND", "", "10 tháng 3", "unknown"),
    ],
)
def test_a_blank_number_is_none_and_the_rest_is_read(
    tmp_path: Path, number: str, mark: str, day: str, status: str
) -> None:
    """A draft has its kind, issuer and title; only what is blank, or says so, is a draft."""
    text = _DRAFT.format(number=number, mark=mark, day=day, kind="KẾ HOẠCH", subject="Đào tạo số")
    read = _read(tmp_path, text)
    assert (read.number, read.kind, read.title) == ("", "Kế hoạch", "Kế hoạch đào tạo số")
    assert (read.issuer, read.status) == ("Ủy ban nhân dân tỉnh Thái Nguyên", status)


@pytest.mark.parametrize(
    ("kind", "subject", "title"),
    [
        ("CHƯƠNG TRÌNH HÀNH ĐỘNG", "thực hiện Nghị quyết về kinh tế số",
         "Chương trình hành động thực hiện Nghị quyết về kinh tế số"),
        ("BÁO CÁO", "Tình hình 6 tháng đầu năm 2026\nTrong 6 tháng đầu năm, các cấp đã tích cực.",
         "Báo cáo tình hình 6 tháng đầu năm 2026"),
        ("BÁO CÁO TÓM TẮT", "KẾT QUẢ CHUYỂN ĐỔI SỐ\nNĂM 2026\nNăm 2026 là năm bản lề.",
         "Báo cáo tóm tắt kết quả chuyển đổi số năm 2026"),
        ("KẾ HOẠCH LIÊN NGÀNH", "Triển khai giấy khai sinh điện tử",
         "Kế hoạch liên ngành triển khai giấy khai sinh điện tử"),
        ("QUYẾT ĐỊNH", "Về việc phê duyệt Đề án\nĐô thị thông minh\nGiai đoạn 2026 - 2030\nCăn cứ Luật Dữ liệu;",
         "Quyết định về việc phê duyệt Đề án Đô thị thông minh Giai đoạn 2026 - 2030"),
        ("THÔNG BÁO", "V/v nghỉ lễ\nKính gửi: Sở Y tế", "Thông báo về việc nghỉ lễ"),
        ("BÁO CÁO", "Kết quả năm 2026\nPhần thứ nhất\nKẾT QUẢ", "Báo cáo kết quả năm 2026"),
        ("TỜ TRÌNH", "Về việc phê duyệt đề án của\nSở Y tế và các\nbệnh viện\nKính gửi: Tỉnh ủy",
         "Tờ trình về việc phê duyệt đề án của Sở Y tế và các bệnh viện"),
        ("KẾT LUẬN", "CỦA THƯỜNG TRỰC TỈNH ỦY\nvề chuyển đổi số\nTại phiên họp, Thường trực kết luận:",
         "Kết luận của thường trực tỉnh ủy về chuyển đổi số"),
        ("CHƯƠNG TRÌNH HÀNH ĐỘNG", "thực hiện Nghị quyết số 7-NQ/TW, ngày 2/3/2025\nvề dữ liệu",
         "Chương trình hành động thực hiện Nghị quyết số 7-NQ/TW, ngày 2/3/2025 về dữ liệu"),
        ("QUYẾT ĐỊNH", "Phê duyệt Đề án\n“Nâng cao kỹ năng số\ngiai đoạn 2026 - 2030”\nCăn cứ Luật;",
         "Quyết định phê duyệt Đề án “Nâng cao kỹ năng số giai đoạn 2026 - 2030”"),
        ("V/v triển khai", "thực hiện Nghị quyết số\n7-NQ/TW về dữ liệu\nKính gửi: Sở Y tế",
         "Công văn về việc triển khai thực hiện Nghị quyết số 7-NQ/TW về dữ liệu"),
    ],
)  # fmt: skip
def test_a_subject_ends_at_its_own_line(
    tmp_path: Path, kind: str, subject: str, title: str
) -> None:
    """What is broken at a line's end goes on, a first sentence does not belong to it."""
    text = _DRAFT.format(number="7-BC/TU", mark="", day="5 tháng 7", kind=kind, subject=subject)
    assert _read(tmp_path, text).title == title


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ("Huế, ngày 5 tháng 8 năm 2026", "2026-08-05"),
        ("ngày 5/8/2026", "2026-08-05"),
        ("Huế, ngày    tháng    năm 2026", ""),
    ],
)
def test_the_day_is_that_of_the_document_and_of_none_that_it_names(place: str, day: str) -> None:
    """What a document carries out or replaces has a day, too."""
    assert heading_of("SỞ Y TẾ\nSố: 8/QĐ-SYT ngày 5/8/2026")["date"] == "2026-08-05"
    about = "V/v thực hiện Nghị quyết số 7-NQ/TW, ngày 2/3/2025"
    replaced = "QUYẾT ĐỊNH\nThay thế quyết định cũ, ngày 2 tháng 3 năm 2025"
    for lines in (f"{about}\n{place}", f"{place}\n{replaced}"):
        assert heading_of(f"SỞ Y TẾ\nSố: 8/QĐ-SYT\n{lines}").get("date", "") == day


def test_a_heading_without_a_number_tells_the_rest() -> None:
    """A motto and a kind make a heading; a kind alone may be a chapter's title."""
    head = "UBND XÃ LÂM\n{}\nLâm, ngày 2 tháng 3 năm 2026\nTHÔNG BÁO\nVề việc tiêm chủng\n1. Một."
    assert heading_of(head.format("Độc lập - Tự do - Hạnh phúc")) == {
        "kind": "Thông báo",
        "date": "2026-03-02",
        "issuer": "UBND xã Lâm",
        "title": "Thông báo về việc tiêm chủng",
    }
    assert heading_of(head.format("Một")) == {}
    assert heading_of("THÔNG BÁO\nNghỉ lễ\nKính gửi: Sở")["title"] == "Thông báo nghỉ lễ"


def test_a_letter_of_the_party_says_what_it_is_about_below_its_number() -> None:
    read = heading_of(
        "TỈNH ỦY\nSố 5-CV/VPTU\nVề rà soát\nhạ tầng\nHuế, ngày 2 tháng 3 năm 2026\nKính gửi: Sở"
    )
    assert (read["kind"], read["title"]) == ("Công văn", "Công văn về rà soát hạ tầng")


@pytest.mark.parametrize("written", ["Bộ luật số: 45/2019/QH14", "Nghị quyết số: 45/2019/QH14"])
def test_a_number_may_stand_behind_its_kind(written: str) -> None:
    """A subject that names another document has no colon."""
    assert heading_of(f"QUỐC HỘI\n{written}\nBỘ LUẬT\nLAO ĐỘNG")["number"] == "45/2019/QH14"
    draft = "SỞ Y TẾ\nSố:    /KH-SYT\nKẾ HOẠCH\nThực hiện\nNghị quyết số 5-NQ/TU về dữ liệu"
    assert "number" not in heading_of(draft)


def test_a_kind_above_the_number_is_followed_by_no_issuer_and_the_number_by_no_subject() -> None:
    read = heading_of("NGHỊ QUYẾT\nVỀ KẾ HOẠCH VỐN\nSố: 5/NQ-HĐQT\nCăn cứ Điều lệ;")
    assert (read["title"], read.get("issuer")) == ("Nghị quyết về kế hoạch vốn", None)
    assert "title" not in heading_of("NGHỊ QUYẾT\nSố: 5/NQ-HĐQT\nCăn cứ Điều lệ;")


@pytest.mark.parametrize("number", ["4/CAT-PC06", "4/QĐ-UBND.HC", "4/SKH&CN-CĐS", "4/2026/QH15"])
def test_a_number_is_read_whole(number: str) -> None:
    assert heading_of(f"SỞ Y TẾ\nSố: {number}\nQUYẾT ĐỊNH\nMột")["number"] == number
    assert "number" not in heading_of("SỞ Y TẾ\nSố: 4/KH-Tổ số\nKẾ HOẠCH\nMột")  # none, not half


def test_a_copy_is_what_it_copies() -> None:
    """Who certifies it puts a number and a day of his own above or below."""
    copied = "SAO Y\nỦY BAN NHÂN DÂN\nSố: 9/SY-UBND\nHuế, ngày 6 tháng 8 năm 2026\nTL. CHỦ TỊCH\nLê Hai\n"
    read = heading_of(copied + "SAO Y BẢN CHÍNH\n" + _PLAN)
    assert read == heading_of(_PLAN)


def test_a_consolidated_text_is_no_document_of_the_kind_that_it_puts_together() -> None:
    """ "Thông tư 9/VBHN-BTC" would be another document."""
    read = heading_of("BỘ TÀI CHÍNH\nSố: 9/VBHN-BTC\nTHÔNG TƯ\nQuy định mức phí\nCăn cứ Luật Phí;")
    assert (read["kind"], read["title"]) == ("Văn bản hợp nhất", "Thông tư quy định mức phí")


def test_an_appendix_on_its_own_belongs_to_its_document(tmp_path: Path) -> None:
    """Its first lines say whose it is."""
    text = (
        "PHỤ LỤC II\nBIỂU MẪU BÁO CÁO\n(Kèm theo Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020"
        " của Chính phủ)\n\nMẫu 1.1\n"
    )
    assert _read(tmp_path, text) == Metadata(
        title="Phụ lục II. Biểu mẫu báo cáo",
        number="30/2020/NĐ-CP",
        date="2020-03-05",
        issuer="Chính phủ",
        kind="Phụ lục",
    )


@pytest.mark.parametrize(
    ("sidecar", "meant"),
    [
        ("titel: a\n", "title"),
        ("numbr: 5\n", "number"),
        ("Issuer: b\n", "issuer"),
        ("zzz: b\n", "Hãy dùng một trong: date, effective"),
    ],
)
def test_a_misspelt_key_is_told_with_the_nearest(tmp_path: Path, sidecar: str, meant: str) -> None:
    """Passed over, it would leave a field wrong that somebody has mended."""
    with pytest.raises(Rejected) as refusal:
        _read(tmp_path, "Nội dung.", sidecar=sidecar)
    assert sidecar.split(":", maxsplit=1)[0] in str(refusal.value)
    assert meant in str(refusal.value)


def test_letters_that_look_like_d_with_a_stroke_are(tmp_path: Path) -> None:
    """An Icelandic eth in "QÐ-UBND" would hide the decision's number."""
    read = _read(
        tmp_path, _PLAN.replace("144 /KH", "144/Q\u00d0").replace("KẾ HOẠCH\n", "QUYẾT \u0110ỊNH\n")
    )
    assert read.number == "144/QĐ-UBND"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("", ""),
        (
            '<meta property="article:published_time" content="2026-05-04T08:00:00+07:00">',
            "2026-05-04",
        ),
        (
            '<script type="application/ld+json">{"datePublished": "2026-05-04"}</script>',
            "2026-05-04",
        ),
    ],
)
def test_a_page_is_as_old_as_it_says_itself(tmp_path: Path, head: str, day: str) -> None:
    """No example in its text is its date."""
    page = (
        f"<html><head><title>Nộp hồ sơ</title>{head}</head><body><main><h1>Nộp hồ sơ</h1><p>Ví dụ: hồ sơ nộp "
        "ngày 14/3/2025 được trả ngày 17/3/2025. "
        + "Hồ sơ nộp qua mạng được tiếp nhận. " * 9
        + "</p></main></body></html>"
    )
    assert _read(tmp_path, page, "a.html").date == day


def test_a_day_past_all_calendars_is_no_day() -> None:
    """A slip of the pen in one document must not end a reindex."""
    assert (
        effective_date(
            "Nghị quyết này có hiệu lực sau 45 ngày kể từ ngày ký.", "Nghị quyết", "9999-12-31"
        )
        == ""
    )


def test_a_title_of_kind_and_number_gives_way_to_the_subject_that_the_heading_tells(
    tmp_path: Path,
) -> None:
    """Copies call a file "Kế hoạch 144/KH-UBND", in ASCII, too."""
    for title in ("Kế hoạch 144/KH-UBND", "Ke hoach 144/KH-UBND/2026", "144/KH-UBND"):
        read = _read(tmp_path, f"---\ntitle: {title}\n---\n{_PLAN}")
        assert read.title == "Kế hoạch chuyển đổi số tỉnh Thái Nguyên năm 2026"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("UBND TỈNH PHÚ THỌ", "UBND tỉnh Phú Thọ"),
        ("ỦY BAN NHÂN DÂN\nXÃ YÊN BÌNH", "Ủy ban nhân dân xã Yên Bình"),
        ("TỈNH ỦY LÀO CAI\nBAN TUYÊN GIÁO VÀ DÂN VẬN", "Ban Tuyên giáo và Dân vận, Tỉnh ủy Lào Cai"),
        ("ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ YÊN BÌNH Độc lập - Tự do - Hạnh phúc",
         "Ủy ban nhân dân xã Yên Bình"),
        ("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "Sở Lao động - Thương binh và Xã hội"),
        ("BẢO HIỂM XÃ HỘI TỈNH BẮC NINH", "Bảo hiểm xã hội tỉnh Bắc Ninh"),
        ("ĐẢNG BỘ TỈNH HÀ NAM\nHUYỆN ỦY KIM BẢNG", "Huyện ủy Kim Bảng, Đảng bộ tỉnh Hà Nam"),
        ("ĐẢNG ỦY CHÍNH PHỦ\nĐẢNG ỦY BỘ NỘI VỤ", "Đảng ủy Bộ Nội vụ, Đảng ủy Chính phủ"),
        ("SỞ Y TẾ *** -----", "Sở Y tế"),
        ("THÀNH ỦY THÀNH PHỐ CAO LÃNH", "Thành ủy thành phố Cao Lãnh"),
        ("BAN CHỈ ĐẠO VỀ DỮ LIỆU,\nKẾT NỐI SỐ", "Ban Chỉ đạo về dữ liệu, kết nối số"),
        ("DỰ THẢO LẦN 2\nUBND XÃ YÊN BÌNH\nPHÒNG KINH TẾ", "Phòng Kinh tế, UBND xã Yên Bình"),
    ],
)  # fmt: skip
def test_an_issuer_is_written_as_names_are_whatever_the_text_shows(body: str, name: str) -> None:
    """Abbreviations, councils and fields keep their capitals; "Ban" of another body is not copied."""
    text = (
        f"{body}\nSố: 4/KH-ABC\nKẾ HOẠCH\nTập huấn\nI. MỘT\nThành lập Ban Chỉ đạo, cử Ban dân vận."
    )
    read = heading_of(text)
    assert (read["issuer"], read["number"]) == (name, "4/KH-ABC")
