"""The starter documents say what they are, and name a source and a date for every figure."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

DOCUMENTS = Path(__file__).parents[1] / "knowledge" / "documents"
FILES = sorted(DOCUMENTS.glob("*.md"))

FIELDS = {
    "title",
    "number",
    "date",
    "issuer",
    "kind",
    "status",
    "source",
    "url",
    "licence",
    "note",
}
NOTICE = (
    "Đây là bản tóm tắt do nhóm dự án viết từ nguồn công khai, "
    "sẽ được thay bằng văn bản đã ký khi có."
)
# The one source without a site: the article this project began with.
ARTICLE = 'bài "Chuyển đổi số - quyết tâm từ người đứng đầu"'
# Reprints and a spam page: they may show that sources differ, never stand behind a statement.
WEAK = ("tour-time.com", "tothethao.com", "wwwiso.com")

SITE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
DATED = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(20\d\d)")
SOURCE = re.compile(r"\(Nguồn: ([^()]*)\)")
# A sentence ends at a full stop, question or exclamation mark before white space.
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def front_matter_and_body(file: Path) -> tuple[dict[str, object], str]:
    _, header, body = file.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(header), body


def statements(body: str) -> list[str]:
    """Every sentence and bullet of a body; headings, which are questions, are not statements."""
    found: list[str] = []
    for line in body.splitlines():
        text = line.strip().removeprefix("- ").strip()
        if text and not text.startswith("#"):
            found.extend(SENTENCE_END.split(text))
    return found


def is_source(text: str) -> bool:
    """`site, date` or the founding article and its date; a date is real, past, or owned unknown."""
    name, comma, when = text.rpartition(", ")
    if not comma or not (name == ARTICLE or SITE.fullmatch(name)):
        return False
    if when == "không rõ ngày":
        return True
    if not (parts := DATED.fullmatch(when)):
        return False
    day, month, year = (int(part or 1) for part in parts.groups())
    try:
        return date(year, month, day) <= date(2026, 11, 24)
    except ValueError:
        return False


def unsourced(body: str) -> list[str]:
    """The statements that hold a figure, or a source, and do not end with one source bracket."""
    wrong = []
    for statement in statements(body):
        bare = SOURCE.sub("", statement)
        brackets = SOURCE.findall(statement)
        if not brackets and not re.search(r"\d", bare) and "Nguồn:" not in bare:
            continue
        closed = re.search(r"\(Nguồn: [^()]*\)[.]$", statement)
        sourced = len(brackets) == 1 and all(is_source(part) for part in brackets[0].split("; "))
        if not (closed and sourced) or "Nguồn:" in bare:
            wrong.append(statement)
    return wrong


def test_some_twenty_to_thirty_documents_are_shipped() -> None:
    """A resident finds something at once, and a maintainer can still replace them one by one."""
    assert 20 <= len(FILES) <= 30


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
class TestEachDocument:
    def test_has_a_complete_header(self, file: Path) -> None:
        """The header holds every field, and claims no number or link of a signed text."""
        header, body = front_matter_and_body(file)
        title = header["title"]
        assert set(header) == FIELDS
        assert isinstance(title, str)
        assert title
        assert body.strip().splitlines()[0] == f"# {title}"
        assert header["date"] == date(2026, 11, 24)
        assert {name: header[name] for name in ("number", "url", "issuer", "kind", "status")} == {
            "number": "",
            "url": "",
            "issuer": "Nhóm xây dựng cdsbot",
            "kind": "Tóm tắt",
            "status": "unknown",
        }
        assert header["source"]
        assert header["licence"] == "CC BY 4.0"

    def test_says_it_is_a_summary(self, file: Path) -> None:
        """Header and first paragraph say it is our summary, to be replaced by the signed text."""
        header, body = front_matter_and_body(file)
        assert header["note"] == (
            "Bản tóm tắt do nhóm dự án viết từ nguồn công khai; thay bằng văn bản đã ký khi có"
        )
        assert body.strip().splitlines()[2] == NOTICE

    def test_names_a_source_and_a_date_for_every_figure(self, file: Path) -> None:
        """Every statement with a figure ends in `(Nguồn: site, date).`"""
        _, body = front_matter_and_body(file)
        assert unsourced(body) == []

    def test_leans_on_no_weak_source(self, file: Path) -> None:
        """The reprints and the spam page are not quoted to a resident."""
        text = file.read_text(encoding="utf-8")
        assert [site for site in WEAK if site in text] == []

    def test_is_short_and_titled_by_questions(self, file: Path) -> None:
        """Between 100 and 450 words without the sources, every section under a question."""
        _, body = front_matter_and_body(file)
        headings = re.findall(r"^## (.+)$", body, re.M)
        assert len(headings) >= 3
        assert [heading for heading in headings if not heading.endswith("?")] == []
        assert 100 <= len(SOURCE.sub("", body).split()) <= 450


@pytest.mark.parametrize(
    "body",
    [
        "Thái Nguyên có 92 xã, phường.",
        "- Thái Nguyên có 92 xã, phường",
        "Thái Nguyên có 92 xã (Nguồn: a.vn, 2025). Trong đó có 15 phường.",
        "Thái Nguyên có 15 phường. Thái Nguyên có 77 xã (Nguồn: a.vn, 2025).",
        "Thái Nguyên có 92 xã, phường. (Nguồn: a.vn, 2025).",
        "Theo (Nguồn: a.vn, 2025), Thái Nguyên có 92 xã, phường.",
        "Có 92 xã (Nguồn: a.vn, 2025), 15 phường (Nguồn: b.vn, 2025).",
        "Thái Nguyên có 92 xã (Nguồn: a.vn).",
        "Thái Nguyên có 92 xã (Nguồn: a.vn, gần đây).",
        "Thái Nguyên có 92 xã (Nguồn: a.vn, 31/02/2025).",
        "Thái Nguyên có 92 xã (Nguồn: a.vn, 13/2025).",
        "Thái Nguyên có 92 xã (Nguồn: a.vn, 01/01/2027).",
        "Thái Nguyên có 92 xã (Nguồn: một tờ báo, 2025).",
        "Thái Nguyên có 92 xã (Nguồn: a.vn, 2025; b.vn).",
        "Thái Nguyên có 92 xã (nguồn a.vn, 2025).",
        "Thái Nguyên có nhiều xã (Nguồn: a.vn).",
        "| 2024 | hạng 8 |",
    ],
)
def test_a_bare_figure_is_caught(body: str) -> None:
    """The check above rejects a figure without a source, and a source of another form."""
    assert len(unsourced(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "Thái Nguyên có 92 xã, phường (Nguồn: a.vn, 25/02/2021).",
        "- Thái Nguyên có 92 xã (Nguồn: a.b-c.gov.vn, 12/2024; b.vn, không rõ ngày).",
        f"Thái Nguyên phấn đấu vào nhóm 15 (Nguồn: {ARTICLE}, 07/01/2021).",
        "## Từ 01/10/2025 có gì mới?",
        "Nhóm dự án chưa tìm được con số nào.",
    ],
)
def test_a_sourced_figure_passes(body: str) -> None:
    """The check lets through the fixed form, headings, and statements without a figure."""
    assert unsourced(body) == []
