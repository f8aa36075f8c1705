"""A question that asks of several things is asked of each."""

from __future__ import annotations

import pytest

from index.answer import Answerer
from index.question.several import told_apart
from index.question.understand import understand
from index.retrieval.encoder import Encoder
from index.serving import Serving
from knowledge.abbreviations import Abbreviations
from tests.running_bot import build_index

_RULES = """---
title: Quyết định {number}/2025/QĐ-UBND ban hành quy chế {of}
number: {number}/2025/QĐ-UBND
date: 2025-03-{number}
---

Điều 1. Phạm vi
1. Quy chế này áp dụng với {of}.
2. Quy chế này không áp dụng với hồ sơ mật.
3. Hồ sơ mật theo quy định riêng.

Điều 2. Mục tiêu
1. Đến năm 2026 có {first}% hồ sơ được xử lý trên mạng.
2. Đến năm 2030 có {second}% hồ sơ được xử lý trên mạng.
"""


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "Khoản 1, khoản 2 Điều 6 Luật Viễn thông nói gì?",
            ["Khoản 1 Điều 6 Luật Viễn thông nói gì?", "Khoản 2 Điều 6 Luật Viễn thông nói gì?"],
        ),
        (
            "diem a, b va c khoan 1 dieu 6 luat vien thong",
            [f"diem {one} khoan 1 dieu 6 luat vien thong" for one in "abc"],
        ),
        (
            "So sánh mục tiêu kinh tế số năm 2025 và 2030",
            ["mục tiêu kinh tế số năm 2025", "mục tiêu kinh tế số 2030"],
        ),
        (
            "Nghị định 64/2007 khác gì Nghị định 42/2022?",
            ["Nghị định 64/2007 về việc gì?", "Nghị định 42/2022 về việc gì?"],
        ),
        (
            "So sánh mục tiêu kinh tế số năm 2030 của Bắc Ninh và Đồng Nai",
            [f"mục tiêu kinh tế số năm 2030 của {one}" for one in ("Bắc Ninh", "Đồng Nai")],
        ),
        (
            "mục tiêu giai đoạn 2025-2027 và 2028-2030 khác nhau thế nào",
            ["mục tiêu giai đoạn 2025-2027", "mục tiêu 2028-2030"],
        ),
        (
            "So sánh mức hỗ trợ của thẻ bạc và thẻ vàng",
            ["mức hỗ trợ của thẻ bạc", "mức hỗ trợ của thẻ vàng"],
        ),
        (
            "dịch vụ công toàn trình với dịch vụ công một phần khác gì nhau?",
            ["dịch vụ công toàn trình?", "dịch vụ công một phần?"],
        ),
        (
            "chính quyền số với chính quyền điện tử khác gì",
            ["chính quyền số", "chính quyền điện tử"],
        ),
    ],
)
def test_each_is_asked_by_itself(question: str, asked: list[str]) -> None:
    assert told_apart(question) == asked


@pytest.mark.parametrize(
    "question",
    [
        "khoản 2, Điều 5 Luật Viễn thông nói gì?",
        "Theo Điều 3, 5 triệu đồng là mức phạt nào?",
        "Giai đoạn 2021-2025 so với trước thì sao?",
        "Điều 1, 2, 3, 4, 5 Luật Viễn thông",
        "Năm 2025 và 2030 có bao nhiêu xã?",
        "So với Bắc Ninh, Thái Nguyên đứng thứ mấy về kinh tế số?",
        "Sau hợp nhất Thái Nguyên và Bắc Kạn, số xã khác gì trước?",
        "Căn cước và căn cước gắn chip khác nhau chỗ nào?",
        "bình dân học vụ số với bình dân học AI là một à",
        "PAPI 2023 tăng mấy bậc so với 2022?",
        "So với 2022 thì PAPI 2023 giảm mấy bậc?",
    ],
)
def test_what_asks_of_one_thing_stays_whole(question: str) -> None:
    assert told_apart(question) == [question]


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Answerer:
    folder = tmp_path_factory.mktemp("several")
    (folder / "library").mkdir()
    for number, of, first, second in ((11, "lưu trữ số", 60, 95), (12, "họp trực tuyến", 30, 70)):
        text = _RULES.format(number=number, of=of, first=first, second=second)
        (folder / "library" / f"{number}.txt").write_text(text, "utf-8")
    build_index(folder / "data", folder / "library", encoder)
    return Serving(folder / "data", encoder).answerer()


def test_every_part_named_is_shown(answerer: Answerer) -> None:
    """Not the last alone."""
    answer = answerer.answer("Khoản 1 và khoản 2 Điều 1 Quyết định 11/2025/QĐ-UBND quy định gì?")
    assert answer.outcome == "answered"
    assert [quote.section for quote in answer.quotes] == ["Điều 1, khoản 1", "Điều 1, khoản 2"]


def test_both_sides_of_a_comparison_are_shown(answerer: Answerer) -> None:
    """Each from its own document."""
    asked = "Quyết định 11/2025 và Quyết định 12/2025 khác nhau thế nào về mục tiêu năm 2030?"
    quoted = {(quote.document, quote.text) for quote in answerer.answer(asked).quotes}
    assert any(path == "11.txt" and "95%" in text for path, text in quoted)
    assert any(path == "12.txt" and "70%" in text for path, text in quoted)


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("Kế hoạch 308 ban hành ngày nào và ai ký", ["Kế hoạch 308 ban hành ngày nào", "Ai ký"]),
        ("Kế hoạch 308 ai ký, gửi cho ai?", ["Kế hoạch 308 ai ký", "Gửi cho ai?"]),
        ("Ai ký Quyết định 5, giữ chức vụ gì?", ["Ai ký Quyết định 5, giữ chức vụ gì?"]),
        ("chỗ nào có máy tự đăng ký, giá bao nhiêu", ["chỗ nào có máy tự đăng ký, giá bao nhiêu"]),
        ("ai là thư ký tổ, ở đâu", ["ai là thư ký tổ, ở đâu"]),
    ],
)
def test_who_signed_is_told_beside_what_else_is_asked(message: str, parts: list[str]) -> None:
    """It stands in a place of its own; the office of who signed stands there, too."""
    assert [one.cleaned for one in understand(message, (), None, Abbreviations(()))] == parts
