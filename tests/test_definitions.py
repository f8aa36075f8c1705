"""Of the terms that documents define, the one a question asks about."""

from __future__ import annotations

import pytest

from index.law.definitions import asked_term

KNOWN = {
    term: (("luat.md", at),)
    for at, term in enumerate(
        ("vat mang tin", "an toan thong tin ngan hang", "an ninh mang", "du lieu ca nhan")
    )
}


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("Vật mang tin là gì?", "vat mang tin"),
        ("Vật mang tin trong an toàn thông tin ngân hàng là gì?", "vat mang tin"),
        ("Theo Luật An ninh mạng, dữ liệu cá nhân được hiểu thế nào?", "du lieu ca nhan"),
        ("Thế nào là dữ liệu cá nhân trong an ninh mạng?", "du lieu ca nhan"),
        ("Chuyển đổi số là gì?", ""),
    ],
)
def test_the_term_asked_about(question: str, term: str) -> None:
    assert asked_term(question, KNOWN)[0] == term
