"""Files into documents: what is taken, what its text becomes, and what is refused and why."""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from knowledge.canonical import canonical
from knowledge.document import Document
from knowledge.errors import Rejected
from knowledge.load import documents_under, read_document
from knowledge.plain import read_plain

_CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
_SENTENCE = "Chuyển đổi số là việc của cả hệ thống chính trị và của mọi người dân."


def _read(folder: Path, name: str, data: bytes | str) -> Document:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_document(file, folder)


def _refusal(folder: Path, name: str, data: bytes | str) -> str:
    with pytest.raises(Rejected) as refusal:
        _read(folder, name, data)
    return str(refusal.value)


def _pdf(pages: list[list[str]], font: str = "Helvetica", password: str = "") -> bytes:
    """A PDF of these lines; a page without lines is a picture, as a scanner makes it."""
    stream = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword="chu") if password else None
    canvas = Canvas(stream, encrypt=lock)
    for lines in pages:
        canvas.setFont(font, 12)
        for row, line in enumerate(lines):
            canvas.drawString(72, 760 - 20 * row, line)
        if not lines:
            canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def test_a_library_yields_its_candidates_in_order(tmp_path: Path) -> None:
    """By relative path; unknown types too, so that they are refused with a reason."""
    for name in ("b/2.md", "a.txt", "b-1.pdf", "b/anh.xyz", "B.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [file.relative_to(tmp_path).as_posix() for file in documents_under(tmp_path)]
    assert found == ["B.docx", "a.txt", "b-1.pdf", "b/2.md", "b/anh.xyz"]


def test_leftovers_sidecars_and_links_outside_are_passed_over(tmp_path: Path) -> None:
    """Hidden, half-written and accompanying files are no documents; a sidecar left alone is told."""
    library = tmp_path / "library"
    library.mkdir()
    names = ("plan.pdf", "plan.pdf.yaml", "note.md", "note.yml", "alone.yaml")
    passed_over = (".an.md", "~$plan.docx", "x.tmp", "x.md~", "Thumbs.db", ".git/a.md")
    for name in names + passed_over:
        (library / name).parent.mkdir(exist_ok=True)
        (library / name).touch()
    (tmp_path / "outside.md").touch()
    if sys.platform != "win32":  # where links need a privilege
        (library / "link.md").symlink_to(tmp_path / "outside.md")
        (library / "loop.md").symlink_to(library / "loop.md")
    found = {file.name for file in documents_under(library)}
    assert found == {"plan.pdf", "note.md", "alone.yaml"}


def test_a_single_file_is_a_library_of_one(tmp_path: Path) -> None:
    """`reindex` takes files as well as folders."""
    file = tmp_path / "a.md"
    file.write_text(_SENTENCE, "utf-8")
    assert list(documents_under(file)) == [file]
    assert read_document(file, file).path == "a.md"


def test_text_becomes_canonical(tmp_path: Path) -> None:
    """One form of letters, breaks and blanks; lines stay lines."""
    raw = (
        "\ufeff\r\n\r\nTha\u0301i Nguye\u0302n\u00a0số  \t\r\n\u200bmột\u00ad dòng\r\r\n\n\n"
        "  thụt vào\u2028hết\x00\n\n"
    )
    assert canonical(raw) == "Thái Nguyên số\nmột dòng\n\n  thụt vào\nhết"
    document = _read(tmp_path, "thư mục/a.md", raw.replace("\x00", ""))
    assert document.text == canonical(raw)
    assert document.path == "thư mục/a.md"
    assert document.pages == ()


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_canonical_text_is_settled(text: str) -> None:
    """Doing it again changes nothing, whatever the text; offsets into it stay true."""
    once = canonical(text)
    assert canonical(once) == once
    assert once.encode().decode() == once
    assert not re.search(r"\n\n\n|[ \t]\n|^\n|\n$|\r", once)


def test_front_matter_is_not_text_and_later_rules_are(tmp_path: Path) -> None:
    """The header leaves the text; a rule further down stays."""
    for name in ("a.md", "a.txt"):
        document = _read(tmp_path, name, f"---\ntitle: Luật: mới\n---\n\n{_SENTENCE}\n\n---\nHết\n")
        assert document.text == f"{_SENTENCE}\n\n---\nHết"
        assert document.metadata.title == "Luật: mới"


def test_utf_16_that_says_so_is_read(tmp_path: Path) -> None:
    """Notepad's "Unicode" begins with a mark that leaves no doubt."""
    assert _read(tmp_path, "a.txt", _SENTENCE.encode("utf-16")).text == _SENTENCE


def test_the_whole_corpus_is_read() -> None:
    """114 real documents, none refused, no header left in a text."""
    if not _CORPUS.is_dir():
        pytest.skip("needs ../shared/corpus beside the repository")
    documents = [read_document(file, _CORPUS) for file in documents_under(_CORPUS)]
    assert len(documents) == 114
    for document in documents:
        assert not document.text.startswith("---"), document.path
        assert "licence:" not in document.text, document.path
        assert document.metadata.title, document.path
        assert document.text == canonical(document.text), document.path


_PAGE = """<html><head><title>Báo</title></head><body><nav><a href="/">Trang chủ</a></nav>
<h2>Chương I. Quy định chung</h2>
<p>Điều 1. Phạm vi điều chỉnh của quy định này là toàn bộ hoạt động chuyển đổi số.</p>
<ol><li>Khoản một nói về hạ tầng số của tỉnh.<ol type="a"><li>Điểm về mạng.</li>
<li>Điểm về dữ liệu.</li></ol></li><li>Khoản hai nói về nhân lực số.</li></ol>
<h3>Giải pháp</h3><p>Một đoạn <b>đậm</b> đủ dài để được coi là nội dung chính của trang này.</p>
<table><tr><th>Năm</th><th>Hạng</th></tr><tr><td>2022</td><td>8</td></tr></table>
<footer>Bản quyền</footer></body></html>"""


def test_a_web_page_gives_its_main_text_with_list_numbers(tmp_path: Path) -> None:
    """No menus; `<ol>` numbered as a browser does, headings marked, tables as rows."""
    assert _read(tmp_path, "a.html", _PAGE).text.split("\n") == [
        "Chương I. Quy định chung",
        "Điều 1. Phạm vi điều chỉnh của quy định này là toàn bộ hoạt động chuyển đổi số.",
        "1. Khoản một nói về hạ tầng số của tỉnh.",
        "a) Điểm về mạng.",
        "b) Điểm về dữ liệu.",
        "2. Khoản hai nói về nhân lực số.",
        "### Giải pháp",
        "Một đoạn đậm đủ dài để được coi là nội dung chính của trang này.",
        "Năm · Hạng",
        "Năm: 2022 · Hạng: 8",
    ]


def test_what_a_web_page_has_deleted_is_not_read(tmp_path: Path) -> None:
    page = f"<p>{_SENTENCE}</p><p>Mức <del>30</del><ins>50</ins>%.</p>"
    lines = _read(tmp_path, "a.html", page).text.split("\n")
    assert lines[1:] == ["Mức 50%."]


def test_a_raised_note_of_a_web_page_grows_onto_no_figure(tmp_path: Path) -> None:
    words = "500.000<sup><a>1</a></sup> đồng<sup>(2)</sup>, 50 km<sup>2</sup>."
    lines = _read(tmp_path, "a.html", f"<p>{_SENTENCE}</p><p>{words}</p>").text.split("\n")
    assert lines[-1] == "500.000[1] đồng[2], 50 km2."


def test_a_caption_stands_above_its_table(tmp_path: Path) -> None:
    table = (
        "<table><caption>Bảng 1. Kết quả quý I</caption><tr><th>Xã</th><th>Hồ sơ</th></tr>"
        "<tr><td>Phú Bình</td><td>20</td></tr></table>"
    )
    lines = _read(tmp_path, "a.html", f"<p>{_SENTENCE}</p>{table}").text.split("\n")
    assert lines[1:] == ["Bảng 1. Kết quả quý I", "Xã · Hồ sơ", "Xã: Phú Bình · Hồ sơ: 20"]


def test_a_page_too_short_for_the_extractor_is_still_read(tmp_path: Path) -> None:
    """A notice of two lines is all there is, not too little."""
    page = "<html><body><div>Thông báo</div><p>Nghỉ lễ ngày 2/9.</p></body></html>"
    assert _read(tmp_path, "a.htm", page).text == "Thông báo\nNghỉ lễ ngày 2/9."


def test_preformatted_lines_and_stray_controls_do_no_harm(tmp_path: Path) -> None:
    """`<pre>` keeps its lines; a control character is a blank."""
    page = "<html><body><pre>Điều 1. Một\n1. Hai</pre><h2>Ba\x0b bốn&#1;</h2></body></html>"
    assert _read(tmp_path, "a.html", page).text == "Điều 1. Một\n1. Hai\n## Ba bốn"


def test_an_old_page_is_read_as_it_declares(tmp_path: Path) -> None:
    """Pages of the 2000s name an encoding of their own."""
    page = '<html><head><meta charset="windows-1258"></head><body><p>Đà Lô và Hà Đông</p></body>'
    assert _read(tmp_path, "a.html", page.encode("cp1258")).text == "Đà Lô và Hà Đông"


@pytest.mark.parametrize(
    ("level", "title"), [("h2", "Thủ tục: Khai sinh"), ("h1", "Cổng thông tin")]
)
def test_a_page_is_named_by_what_heads_its_text(tmp_path: Path, level: str, title: str) -> None:
    """Not by its portal, where no heading is above that one."""
    page = (
        f"<html><head><title>Cổng thông tin</title></head><body><{level}>{title}</{level}>"
        f"<p>{_SENTENCE}</p></body></html>"
    )
    assert _read(tmp_path, "a.html", page).metadata.title == title


def test_a_page_laid_out_in_a_table_keeps_its_lines(tmp_path: Path) -> None:
    """A letterhead is read cell by cell, line by line; so its number and date are found."""
    head = (
        "<table><tr><td>ỦY BAN NHÂN DÂN<br>TỈNH THÁI NGUYÊN</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA "
        "VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</td></tr><tr><td>Số: 12/KH-UBND</td><td>Thái "
        "Nguyên, ngày 6 tháng 5 năm 2024</td></tr></table><p>KẾ HOẠCH</p><p>Chuyển đổi số</p>"
    )
    document = _read(tmp_path, "a.html", f"<html><body>{head}<p>{_SENTENCE}</p></body></html>")
    assert document.text.split("\n")[:5] == [
        "ỦY BAN NHÂN DÂN",
        "TỈNH THÁI NGUYÊN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND",
    ]
    assert document.metadata.number == "12/KH-UBND"
    assert document.metadata.date == "2024-05-06"
    assert document.metadata.issuer == "Ủy ban nhân dân tỉnh Thái Nguyên"


def test_a_pdf_keeps_letters_lines_and_pages(tmp_path: Path, vietnamese_font: str) -> None:
    """Page offsets are true, printed page numbers go, a line that surely runs on is joined."""
    pages = [
        ["Điều 1. Phạm vi điều chỉnh", "1. Quy định này áp dụng cho các cơ quan", "nhà nước."],
        ["2", "a) Sở Tài chính;", "b) Sở Nội vụ."],
    ]
    document = _read(tmp_path, "a.pdf", _pdf(pages, vietnamese_font))
    first = "Điều 1. Phạm vi điều chỉnh\n1. Quy định này áp dụng cho các cơ quan nhà nước."
    assert document.text == f"{first}\na) Sở Tài chính;\nb) Sở Nội vụ."
    assert [document.text[start:][:9] for start in document.pages] == ["Điều 1. P", "a) Sở Tài"]


def test_a_pdf_with_some_scanned_pages_says_which(tmp_path: Path) -> None:
    """What cannot be read is not passed over in silence."""
    words = ["Khong co dau nhung day la mot trang van ban."]
    document = _read(tmp_path, "a.pdf", _pdf([words, [], words]))
    assert document.metadata.note == "Trang 2 là ảnh quét, chưa đọc được chữ."
    assert len(document.pages) == 3


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "tệp rỗng"),
        ("a.md", b"  \n\n ", "không có chữ nào"),
        ("a.md", "---\ntitle: chỉ có tiêu đề\n---\n", "không có chữ nào"),
        ("a.txt", "12/3 -- 45 %", "không phải chữ đọc được"),
        ("a.txt", "\ufffd" * 50 + "abc", "không phải chữ đọc được"),
        ("a.txt", bytes(range(256)), "nhị phân"),
        ("a.txt", _SENTENCE.encode("utf-16-le"), "UTF-16"),
        ("a.txt", _SENTENCE.encode()[:-3] + b"\xff", "byte thứ"),
        ("a.md", "vÃ  cá»§a cÃ¡c lÃ  Viá»‡t Nam", "đọc nhầm"),
        ("a.txt", b"%PDF-1.7\n", "nội dung là PDF"),
        ("a.md", b"PK\x03\x04abc", "tệp nén hoặc tệp Office"),
        ("a.pdf", "<html></html>", "không phải PDF"),
        ("a.pdf", b"%PDF-1.7\nhong", "bị hỏng"),
        ("a.docx", b"PK\x03\x04hong", "bị hỏng"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1", "Word kiểu cũ (.doc)"),
        ("a.html", "<!-- -->", ""),
        ("a.zip", b"x", "giải nén"),
        ("a.xyz", b"x", "chưa đọc được loại tệp .xyz"),
        ("tep", b"x", "không có đuôi"),
        ("a.yaml", "title: a", "Không thấy văn bản nào cùng tên"),
    ],
)
def test_what_cannot_be_a_document_is_refused_with_a_reason(
    tmp_path: Path, name: str, data: bytes | str, reason: str
) -> None:
    """In words that say what to do."""
    told = _refusal(tmp_path, name, data)
    assert reason in told
    assert re.search("Hãy|Không thấy", told)


def test_locked_and_scanned_pdfs_are_told_apart(tmp_path: Path) -> None:
    """Two everyday causes with different cures; a stamp of words does not make a scan readable."""
    assert "khoá bằng mật khẩu" in _refusal(tmp_path, "a.pdf", _pdf([["abc"]], password="bi mat"))
    assert "2 trên 2 trang không có chữ" in _refusal(tmp_path, "b.pdf", _pdf([[], []]))


def test_files_too_large_are_refused_unread(tmp_path: Path) -> None:
    """More than 50 MB, or more than five million characters."""
    with (tmp_path / "a.pdf").open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    with pytest.raises(Rejected, match="quá lớn"):
        read_document(tmp_path / "a.pdf", tmp_path)
    assert "quá dài" in _refusal(tmp_path, "a.txt", "một hai " * 640_000)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    """Libraries lie on shared drives: files move while they are read."""
    with pytest.raises(Rejected, match="bị xoá hoặc đổi tên"):
        read_document(tmp_path / "a.md", tmp_path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    """Nor does a folder that cannot be listed vanish in silence."""
    if sys.platform == "win32" or os.geteuid() == 0:
        pytest.skip("permissions do not bind this user")
    (tmp_path / "b.md").write_text(_SENTENCE, "utf-8")
    (tmp_path / "b.md").chmod(0)
    (tmp_path / "c").mkdir(mode=0)
    for file in documents_under(tmp_path):
        with pytest.raises(Rejected, match="không có quyền đọc"):
            read_document(file, tmp_path)
    assert [file.name for file in documents_under(tmp_path)] == ["b.md", "c"]
    (tmp_path / "c").chmod(0o700)


def _whole_files() -> dict[str, bytes]:
    stream = io.BytesIO()
    word = docx.Document()
    word.add_heading("Chương I", 1)
    word.add_paragraph(_SENTENCE, style="List Number")
    word.add_table(2, 2).cell(0, 0).text = "Năm"
    word.save(stream)
    return {
        ".docx": stream.getvalue(),
        ".pdf": _pdf([["Dieu 1. Pham vi"], []]),
        ".html": _PAGE.encode(),
        ".md": f"---\ntitle: Luật: mới\nstatus: [\n---\nSố: 1/QĐ-UBND\n{_SENTENCE}".encode(),
        ".txt": _SENTENCE.encode("utf-16"),
        ".yaml": b"title: a",
    }


_WHOLE = _whole_files()


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(_WHOLE)),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 40_000), st.binary(max_size=12)), max_size=4),
    st.binary(max_size=200),
)
def test_any_bytes_become_a_document_or_a_refusal(
    suffix: str, whole: bool, damage: list[tuple[int, bytes]], noise: bytes
) -> None:
    """Noise, or a real file with bytes overwritten: no exception of any library gets out."""
    data = bytearray(_WHOLE[suffix] if whole else noise)
    for place, scar in damage:
        at = place % (len(data) + 1)
        data[at : at + len(scar)] = scar
    with tempfile.TemporaryDirectory() as folder:
        try:
            document = _read(Path(folder), f"a{suffix}", bytes(data))
        except Rejected:
            return
        assert document.text == canonical(document.text)
        assert len(document.sha256) == 64


def test_columns_set_with_blanks_are_read_one_after_the_other() -> None:
    """What stands far to the right is of the right column, past blank lines, too."""
    gap = " " * 30
    text = (
        f"  UBND XÃ YÊN BÌNH{gap}CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 4/KH-UBND{gap}Yên Bình, ngày 3/2/2026\n"
        f"{gap}KẾ HOẠCH\nNơi nhận:{gap}CHỦ TỊCH\n - Lưu.\n\n{gap}Lê Văn An\nHết."
    )
    assert [line.strip() for line in read_plain(text.encode()).text.split("\n")] == [
        *("UBND XÃ YÊN BÌNH", "Số: 4/KH-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        *(
            "Yên Bình, ngày 3/2/2026",
            "KẾ HOẠCH",
            "Nơi nhận:",
            "- Lưu.",
            "CHỦ TỊCH",
            "Lê Văn An",
            "Hết.",
        ),
    ]
