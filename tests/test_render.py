"""Answers as messages: what Telegram takes, whatever a document holds."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.commands.asking import answer_json
from bot.commands.terminal import answer_lines
from bot.local_api.markup import format_text
from bot.screens.chat import welcome_screen
from bot.screens.cutting import cut, shortened, units
from bot.screens.render import (
    PAGE,
    answer_pages,
    escape,
    source,
    without_markup,
)
from bot.screens.texts import ENGLISH, VIETNAMESE, texts_for
from bot.screens.words import below, beside, tidy
from bot.settings import Settings
from index.result import Answer, Candidate, Outcome, Quote
from knowledge.calendar import date_of
from knowledge.document import Metadata, Status

DECREE = Metadata(
    title="Nghị định về <chuyển đổi số> & dữ liệu",
    number="47/2020/NĐ-CP",
    date="2020-04-09",
    status="in force",
    url="https://example.org/vb?id=1&t=2",
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=3000)


def quote(text: str, metadata: Metadata = DECREE, section: str = "Điều 5, khoản 2") -> Quote:
    return Quote(text, "a.md", metadata, section, 3, 0, len(text), "0" * 64)


def answer(*quotes: Quote, outcome: Outcome = "answered", text: str = "") -> Answer:
    return Answer("hỏi gì?", "hỏi gì?", outcome, text, quotes)


def shown(html: str) -> str:
    return format_text(html, "HTML")[0]


def test_documents_that_are_asked_for_are_told_by_title_number_and_day() -> None:
    """How many there are, the newest numbered; nothing of their words."""
    found = answer(quote("Nghị định này quy định việc chia sẻ dữ liệu."))
    (html,) = answer_pages(replace(found, listed=1), VIETNAMESE)
    assert shown(html).startswith("Kho có 1 văn bản như vậy:\n1. 📄 Nghị định về <chuyển đổi số>")
    assert "Số 47/2020/NĐ-CP · 09/04/2020" in shown(html)
    assert "chia sẻ" not in shown(html)
    (html,) = answer_pages(replace(found, listed=7), VIETNAMESE)
    assert "Kho có 7 văn bản như vậy, mới nhất là 1 văn bản" in shown(html)
    assert "/vanban" in shown(html)


def test_the_answer_stands_first_then_its_source() -> None:
    """Verbatim in a frame; title with its link, number, date, section, page, status."""
    (html,) = answer_pages(
        answer(quote("Chậm nhất 05 ngày <làm việc> & không thu phí.")), VIETNAMESE
    )
    assert html == (
        "<blockquote>Chậm nhất 05 ngày &lt;làm việc&gt; &amp; không thu phí.</blockquote>\n"
        '📄 <a href="https://example.org/vb?id=1&amp;t=2">'
        "<b>Nghị định về &lt;chuyển đổi số&gt; &amp; dữ liệu</b></a>\n"
        "Số 47/2020/NĐ-CP · 09/04/2020 · Điều 5, khoản 2 · trang 3 · Còn hiệu lực"
    )


def test_more_quotations_and_context_are_folded() -> None:
    """What another document says, or else what stands around the first, opens at a tap."""
    other = quote("Văn bản khác cũng nói.", replace(DECREE, title="Khác", url=""), "Điều 1")
    (html,) = answer_pages(
        answer(quote("Câu trả lời."), other), VIETNAMESE, context="Trước. Câu trả lời. Sau."
    )
    blocks = [line.partition(">")[0] for line in html.split("\n") if line.startswith("<blockquote")]
    assert blocks == ["<blockquote", "<blockquote expandable"]
    assert html.index("Câu trả lời.") < html.index("Văn bản khác")
    context = "Điều 5\nTrước. Câu trả lời. Sau."
    (alone,) = answer_pages(answer(quote("Câu trả lời.")), VIETNAMESE, context=context)
    assert alone.endswith("<blockquote expandable>Sau.</blockquote>")
    assert alone.count("Câu trả lời.") == 1


def test_a_context_that_says_no_more_is_not_shown() -> None:
    """The same words twice help nobody."""
    (html,) = answer_pages(answer(quote("Câu trả lời.")), VIETNAMESE, context="Câu trả lời.\n")
    assert html.count("Câu trả lời.") == 1


@pytest.mark.parametrize(
    ("outcome", "begins"),
    [
        ("uncertain", f"Đoạn gần nhất.\n{VIETNAMESE.uncertain}\n📄 "),
        ("absent", shown(VIETNAMESE.absent)),
        ("nonexistent", "Quy chế không có Điều 99 & 100."),
        ("refused", VIETNAMESE.refusals["offtopic"]),
    ],
)
def test_every_outcome_says_plainly_what_it_is(outcome: Outcome, begins: str) -> None:
    """Unsure, not in the documents, no such Điều, not our matter."""
    quotes = (quote("Đoạn gần nhất."),) if outcome == "uncertain" else ()
    given = answer(*quotes, outcome=outcome, text="Quy chế không có Điều 99 & 100.")
    (html,) = answer_pages(given, VIETNAMESE)
    assert shown(html).startswith(begins)


def test_where_the_documents_are_silent_the_nearest_and_the_contact_are_named() -> None:
    """Somebody to ask, and three titles at most, each once."""
    candidates = tuple(
        Candidate(f"{n % 5}.md", f"Văn bản <{n % 5}>", "", 1.0, 0, 1) for n in range(10)
    )
    given = replace(answer(outcome="absent"), candidates=candidates)
    (html,) = answer_pages(given, VIETNAMESE, contact="Sở <KH&CN>")
    text = shown(html)
    assert "1. Văn bản <0>\n2. Văn bản <1>\n3. Văn bản <2>\nBạn có thể hỏi" in text
    assert text.endswith("Sở <KH&CN>")


def test_who_asks_what_the_bot_is_hears_that_it_is_a_machine_and_whose() -> None:
    """Law on Artificial Intelligence, Điều 11: in its first message, too, and in both languages."""
    given = replace(answer(outcome="refused"), refused="bot")
    for texts, machine in ((VIETNAMESE, "máy"), (ENGLISH, "machine")):
        for screen in (
            answer_pages(given, texts, contact="Sở <KH&CN>")[0],
            welcome_screen(texts, Settings(contact="Sở <KH&CN>")).html,
        ):
            assert machine in shown(screen)
            assert "Sở <KH&CN>" in shown(screen)
        assert texts.owner in answer_pages(given, texts)[0]
        assert texts.owner in welcome_screen(texts, Settings()).html


def test_a_refusal_reads_the_same_in_a_chat_at_the_terminal_and_in_json() -> None:
    """In words of the bot's; where private matters are asked about, the office to ask is named."""
    for kind in VIETNAMESE.refusals:
        given = replace(answer(outcome="refused"), refused=kind)
        said = shown(answer_pages(given, VIETNAMESE, contact="Sở KH&CN")[0])
        read = answer_json(given, contact="Sở KH&CN")
        assert (read["text"], read["refused"]) == (said, kind)
        assert " ".join(" ".join(answer_lines(given, contact="Sở KH&CN")).split()) == said
        assert ("hỏi thêm tại: Sở KH&CN" in said) == (kind in ("personal", "bot"))


def test_who_is_in_danger_is_given_numbers_to_call() -> None:
    """Where it is a guess, whoever only asks is not told to call an ambulance first."""
    for texts, question in ((VIETNAMESE, "câu hỏi"), (ENGLISH, "question")):
        for chance in (1.0, 0.14):
            given = replace(answer(outcome="refused"), refused="distress", confidence=chance)
            (html,) = answer_pages(given, texts)
            assert all(number in html for number in ("111", "113", "115"))
            assert (question in html.partition("115")[0]) is (chance < 0.5)


def test_a_terminal_names_the_nearest_documents_as_telegram_does() -> None:
    """Each once, by its title without what tells a file's format; and no letterhead in a source line."""
    near = [
        Candidate(f"{name}.pdf", f"{title}.pdf", "", 0, 0, 9)
        for name, title in (("a", "Báo cáo"), ("b", "Báo cáo"), ("c", "Tờ trình"), ("a", "Báo cáo"))
    ]
    absent = replace(answer(outcome="absent", text="Không thấy."), candidates=tuple(near))
    said = [line for line in answer_lines(absent) if "•" in line]
    assert said == ["  • Báo cáo", "  • Báo cáo", "  • Tờ trình"]
    told = "\n".join(answer_lines(answer(quote("Một.", section="“ỦY BAN NHÂN DÂN”, Điều 1"))))
    assert "Điều 1" in told
    assert "ỦY BAN" not in told


def test_several_questions_in_one_message_are_answered_under_their_own_words() -> None:
    """Part by part, in order."""
    parts = (
        replace(answer(quote("Một.")), question="A là <gì>?"),
        replace(answer(outcome="absent"), question="B ở đâu?"),
    )
    (html,) = answer_pages(replace(answer(), parts=parts), VIETNAMESE)
    text = shown(html)
    assert text.startswith("Câu 1: A là <gì>?\nMột.")
    assert "\nCâu 2: B ở đâu?\nCác văn bản" in text


def test_questions_that_the_same_words_answer_stand_above_them_together() -> None:
    """As unsure as the less sure of the two."""
    same = replace(answer(quote("Năm ngày; mười ngày nếu phối hợp.")), question="Mấy ngày?")
    parts = (same, replace(same, question="Nếu phối hợp?", outcome="uncertain"))
    (html,) = answer_pages(replace(answer(), parts=parts), VIETNAMESE)
    text = shown(html)
    assert text.count("Năm ngày") == 1
    assert text.index("Câu 1") < text.index("Câu 2") < text.index("Năm ngày")
    assert VIETNAMESE.uncertain in text


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("expired", "⚠️ Văn bản này đã hết hiệu lực. Được thay thế bởi: 12/2024/NĐ-CP."),
        ("draft", "⚠️ Đây là dự thảo, chưa được ban hành. Được thay thế bởi: 12/2024/NĐ-CP."),
        ("in force", ""),
        ("amended", ""),
        ("unknown", ""),
    ],
)
def test_a_document_out_of_force_is_marked(status: str, says: str) -> None:
    """And what replaced it is named."""
    old = Metadata(title="Cũ", status=status, replaced_by="12/2024/NĐ-CP")  # type: ignore[arg-type]
    text = shown(source(old, "", "", VIETNAMESE).html)
    assert text.splitlines()[-1] == says if says else "⚠️" not in text


def test_only_links_that_a_browser_opens_become_links() -> None:
    """A title never leads to a script or a local file."""
    for url in ("javascript:alert(1)", "file:///etc/passwd", "", "tg://x"):
        html = source(replace(DECREE, url=url), "", "", VIETNAMESE).html
        assert "<a " not in html


@settings(max_examples=60, deadline=None)
@given(
    quotes=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=5),
    title=TEXTS.filter(str.strip),
    section=TEXTS,
    context=TEXTS,
    note=st.sampled_from(["", VIETNAMESE.long_question]),
)
@example(quotes=["😀" * 4096], title="<" * 500, section="&" * 500, context="x" * 9000, note="")
@example(quotes=["a. " * 5000], title="t", section="", context="\n\n", note="")
def test_any_text_becomes_pages_that_telegram_takes(
    quotes: list[str], title: str, section: str, context: str, note: str
) -> None:
    """Never over 4,096 units, never a broken tag, never more tags than count; every word there."""
    metadata = replace(DECREE, title=title)
    given = answer(*(quote(text, metadata, f"{n} {section}") for n, text in enumerate(quotes)))
    seen = ""
    for page in answer_pages(given, VIETNAMESE, context=context, notes=note):
        text, entities = format_text(page, "HTML")
        assert 1 <= units(text) <= 4096
        assert len(page.encode()) <= 32_768
        assert len(entities) <= 100
        seen += text
    wanted = "".join(tidy(quotes[0]).translate(dict.fromkeys(range(32))).split())
    assert (
        wanted.replace("\x7f", "")
        in "".join(part for part in seen.translate(dict.fromkeys(range(32))).split())
        or units(wanted) > PAGE // 8  # parted by a fold or a page
    )


@settings(max_examples=60, deadline=None)
@given(text=TEXTS, limit=st.integers(10, 500))
def test_cutting_loses_nothing(text: str, limit: int) -> None:
    """Stretches within the limit that together are the text, less white space at the seams."""
    parts = list(cut(text, limit))
    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_long_text_is_cut_between_sentences() -> None:
    """Not within a word, not within a sentence, where sentences fit."""
    text = " ".join(f"Câu thứ {number} của một đoạn văn dài." for number in range(100))
    parts = list(cut(text, 300))
    assert len(parts) > 10
    assert all(part.endswith("dài.") and part.startswith("Câu") for part in parts)


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_escaped_text_shows_itself(text: str) -> None:
    """Less the control characters that no phone shows."""
    kept = "".join(c for c in text if (ord(c) >= 32 and ord(c) != 127) or c in "\n\t").strip()
    seen = format_text(escape(kept), "HTML")[0]
    assert seen.strip() == kept


def test_shortening_is_by_words_and_units() -> None:
    """An ellipsis tells that there is more; an emoji counts two."""
    assert shortened("Kế hoạch chuyển đổi số năm 2025", 20) == "Kế hoạch chuyển đổi…"
    assert shortened("ngắn", 20) == "ngắn"
    assert shortened(" nhiều \n khoảng ", 20) == "nhiều khoảng"
    assert units(shortened("😀" * 50, 21)) <= 21


def test_dates_read_as_people_write_them() -> None:
    """dd/mm/yyyy; a year or a month alone stays one."""
    assert date_of("2020-12-31") == "31/12/2020"
    assert date_of("2020-12") == "12/2020"
    assert date_of("2020") == "2020"
    assert date_of("") == ""


def test_marks_of_headings_items_and_tables_are_not_shown_to_readers() -> None:
    """Only the marks: a number sign or a dash within a line stays."""
    assert tidy("# Tiêu đề\nSố #1\n### Mục") == "Tiêu đề\nSố #1\nMục"
    assert tidy("- một\n+ hai - ba") == "một\nhai - ba"
    assert tidy("| Năm | 2024 |\n|---|---|\n| Đạt | 54 |") == "Năm · 2024\nĐạt · 54"


def test_the_fold_holds_only_what_was_not_shown() -> None:
    """What follows the quotation; else what stands before it, without the heading alone."""
    assert beside("Điều 8\nA một. B hai. C ba.", ["A một."], 60) == "B hai. C ba."
    assert beside("Điều 8\nA một. B hai.", ["B hai."], 60) == "A một."
    assert beside("Điều 8. Giá trị của dữ liệu\nA một.", ["A một."], 60) == ""
    assert beside("Khác hẳn.", ["A một."], 60) == ""
    long = "Đầu. " + "Một câu gồm có sáu từ. " * 40
    assert len(beside(long, ["Đầu."], 30).split()) == 30


def test_what_a_search_finds_begins_below_the_heading_that_names_it() -> None:
    """The three lines that are seen before a tap do not say the source line again."""
    passage = "## Tổ có những ai?\n\nMỗi xóm một tổ.\n\n\nTổ có 5 người."
    assert below(passage, "“Tổ có những ai?”") == "Mỗi xóm một tổ.\n\nTổ có 5 người."
    assert below(passage, "“Chương I”, “Tổ có những ai?”").startswith("Mỗi xóm")
    assert below("Điều 2. Giải thích từ ngữ\nTổ là…", "Điều 2").startswith("Điều 2. Giải thích")
    assert below("Tổ có những ai?", "“Tổ có những ai?”") == "Tổ có những ai?"


def test_a_long_quotation_stands_open_only_as_far_as_a_screen_holds_it() -> None:
    """The rest of it follows folded; nothing is lost between."""
    text = " ".join(f"Câu thứ {number} của một danh sách dài." for number in range(40))
    (html,) = answer_pages(answer(quote(text)), VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert f"{first} {rest}" == text
    assert len(first) <= 400


def test_an_answer_of_several_pages_names_its_source_on_the_first() -> None:
    pages = answer_pages(answer(quote("Một nhiệm vụ của cơ quan chủ trì.\n" * 300)), VIETNAMESE)
    assert len(pages) > 1
    assert "📄" in pages[0]
    assert sum(page.count("📄") for page in pages) == 1


def test_short_lines_fill_a_screen_as_long_ones_do() -> None:
    """Items of a list take a line each, and the empty one between."""
    text = "\n\n".join(f"{letter}) Việc thứ {letter};" for letter in "abcdeghiklmn")
    (html,) = answer_pages(answer(quote(text)), VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert f"{first}\n{rest}".split() == text.split()
    assert len(first.splitlines()) <= 9
    assert "\n\n" not in rest  # three lines of it are seen before a tap


def test_a_sentence_longer_than_a_screen_is_folded_behind_a_clause() -> None:
    """Not in the middle of one."""
    text = "Chủ trì " + "; ".join(f"làm việc thứ {number} trong năm" for number in range(60))
    (html,) = answer_pages(answer(quote(text)), VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert f"{first} {rest}" == text
    assert first.endswith("trong năm;")


def test_a_summary_names_the_source_of_the_statement_once() -> None:
    """Site and date in the source line, not also in the frame, nor the day the summary was written."""
    said = "Thái Nguyên xếp thứ 8 (Nguồn: baotintuc.vn, 30/12/2021)."
    (html,) = answer_pages(
        answer(replace(quote(said), origin="baotintuc.vn, 30/12/2021")), VIETNAMESE
    )
    assert html.startswith("<blockquote>Thái Nguyên xếp thứ 8</blockquote>")
    assert html.count("baotintuc.vn") == 1
    assert "Nguồn: baotintuc.vn, 30/12/2021 · Điều 5" in html
    assert "09/04/2020" not in html


def test_a_source_without_a_date_is_named_by_its_site() -> None:
    """A line has room for the sites."""
    origin = "vietnam.vn, không rõ ngày; baotintuc.vn, 30/12/2021; vovlive.vn, 28/6/2025"
    (html,) = answer_pages(answer(replace(quote("Một."), origin=origin)), VIETNAMESE)
    assert "Nguồn: vietnam.vn; baotintuc.vn… · Điều 5" in html
    assert "không rõ ngày" not in html


SIGNED = (
    "KT. THỦ TƯỚNG |  | Nơi nhận: | PHÓ THỦ TƯỚNG |  | - Ban Bí thư Trung ương Đảng; |  |  | - Các bộ, cơ quan"
    " ngang bộ; | Lê Minh Quang |  | - Lưu: VT."
)


@pytest.mark.parametrize(
    ("question", "opens", "folded"),
    [
        ("Ai ký Quyết định 211?", "KT. THỦ TƯỚNG\nPHÓ THỦ TƯỚNG\nLê Minh Quang", "Nơi nhận:\n"),
        ("Quyết định 211 gửi những đâu?", "Nơi nhận:\nBan Bí thư Trung ương Đảng;", "KT. THỦ"),
    ],
)
def test_who_signed_and_who_receives_are_read_each_by_itself(
    question: str, opens: str, folded: str
) -> None:
    """A flattened table has them between each other, cell by cell."""
    given = replace(answer(quote(SIGNED)), understood=question)
    (html,) = answer_pages(given, VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert first.startswith(opens)
    assert folded in rest
    assert "Lê Minh Quang" in first + rest
    assert "Lưu: VT" in first + rest


def test_of_a_long_row_the_cells_that_are_asked_for_stand_open() -> None:
    """In their order, what lies between folded: nothing is lost."""
    regions = ("Trung du", "Đồng bằng", "Duyên hải", "Tây Nguyên", "Đông Nam Bộ", "Cửu Long")
    cells = [f"Chỉ tiêu theo vùng – {name}: từ {at} % trở lên, xét theo từng năm của giai đoạn"
             for at, name in enumerate(regions, 60)]  # fmt: skip
    text = " · ".join(["TT: 17", "Tiêu chí: Hộ dùng nước sạch", *cells])
    given = replace(answer(quote(text)), understood="Hộ ở Tây Nguyên dùng nước sạch đạt bao nhiêu?")
    (html,) = answer_pages(given, VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert "Tây Nguyên: từ 63 %" in first
    assert "Hộ dùng nước sạch" in first
    assert first.startswith("TT: 17 · ")
    assert "… · " in first
    assert len(first) <= 378
    assert all((cell in first) != (cell in rest) for cell in cells)


def test_recipients_alone_make_no_empty_frame() -> None:
    (html,) = answer_pages(answer(quote("Nơi nhận: Sở A; | KT. CHỦ TỊCH;")), VIETNAMESE)
    assert html.startswith("<blockquote>Nơi nhận: Sở A;")


def test_of_a_long_row_only_its_longest_cell_is_cut() -> None:
    """Who does it and by when stand open; the task, which is known to who asks, loses its end."""
    task = "Nhiệm vụ: Xây dựng hệ thống " + "quản lý dữ liệu dùng chung của các cơ quan " * 9
    cells = ["TT: 23.", task.strip(), "Cơ quan chủ trì: Bộ Quốc phòng", "Thời hạn: 2025"]
    (html,) = answer_pages(answer(quote(" · ".join(cells))), VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert first.startswith("TT: 23. · Nhiệm vụ: Xây dựng hệ thống")
    assert first.endswith("… · Cơ quan chủ trì: Bộ Quốc phòng · Thời hạn: 2025")
    cut = first.split(" · ")[1].removesuffix("…")
    assert f"{cut} {rest.removeprefix('… ')}" == cells[1]


def test_of_cells_drawn_without_rulings_the_end_stands_open() -> None:
    """Whoever is charged and the year stand there."""
    text = "3 · " + "Phát triển hệ thống mã hóa các công trình " * 12 + "Bộ Xây dựng 2026-2027"
    (html,) = answer_pages(answer(quote(text)), VIETNAMESE)
    first = re.findall(r"<blockquote>([^<]*)</blockquote>", html)[0]
    assert first.startswith("3 · Phát triển hệ thống")
    assert first.endswith("Bộ Xây dựng 2026-2027")


def test_of_a_long_list_the_item_that_answers_stands_open_below_its_head() -> None:
    """What lies between is marked, and folded."""
    head = "3. Số lần phải liên hệ để hoàn thiện hồ sơ, với các mức điểm cụ thể như sau:"
    items = [f"{letter}) Điểm {at} khi người nộp hồ sơ phải liên hệ {at} lần với nơi nhận hồ sơ;"
             for at, letter in enumerate("abcdeghik")]  # fmt: skip
    given = replace(quote("\n".join([head, *items])), told=items[6])
    (html,) = answer_pages(answer(given), VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert first == f"{head}\n… {items[6]}"
    assert rest.splitlines() == [*items[:6], f"… {items[7]}", items[8]]


def test_of_a_long_sentence_the_clauses_that_speak_of_the_question_stand_open() -> None:
    text = (
        "Bộ, cơ quan ngang Bộ, Ủy ban nhân dân cấp tỉnh chủ động xây dựng kế hoạch hằng năm về rà soát thủ tục;"
        " lấy ý kiến của các cơ quan có liên quan trong thời gian ba mươi ngày làm việc kể từ khi có dự thảo;"
        " tổng hợp, tiếp thu và giải trình đầy đủ; gửi kế hoạch đã duyệt đến Bộ Tư pháp trước ngày 31 tháng 01."
    )
    given = answer(replace(quote(text), told=text))
    asked = replace(given, understood="Kế hoạch phải gửi đến Bộ Tư pháp trước ngày nào?")
    (html,) = answer_pages(asked, VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert first.startswith("… ")
    assert first.endswith("đến Bộ Tư pháp trước ngày 31 tháng 01.")
    assert f"{rest} {first.removeprefix('… ')}" == text
    (html,) = answer_pages(replace(given, understood="Ai xây dựng kế hoạch hằng năm?"), VIETNAMESE)
    assert html.startswith("<blockquote>Bộ, cơ quan ngang Bộ")


def test_a_row_stands_open_with_the_line_that_opens_its_table_however_far() -> None:
    head = replace(
        quote("2. Đạt các tiêu chí sau, bao gồm:", section="Phụ lục II, khoản 2"), end=90
    )
    row = replace(
        quote("16. Hòa giải thành: ≥90%", section=f"{head.section}, dòng 16"), start=9000, end=9024
    )
    (html,) = answer_pages(answer(head, row), VIETNAMESE)
    assert "<blockquote>16. Hòa giải thành: ≥90%</blockquote>" in html


def test_a_heading_does_not_stand_open_alone() -> None:
    """The beginning of the long sentence below it does, too."""
    text = (
        "Điều 2. Giải thích từ ngữ\n1. Chi phí là toàn bộ " + "các khoản phải trả hằng năm, " * 20
    )
    (html,) = answer_pages(answer(quote(text)), VIETNAMESE)
    first, rest = re.findall(r"<blockquote(?: expandable)?>([^<]*)</blockquote>", html)
    assert "1. Chi phí là toàn bộ" in first
    assert f"{first} {rest}".split() == text.split()


def test_of_a_row_under_the_head_of_its_group_the_row_is_shown() -> None:
    """The head, in front of it, is in the source line."""
    head = replace(
        quote("CƠ CHẾ, CHÍNH SÁCH", section="bảng “Cơ chế, chính sách”"), start=90, end=108
    )
    row = replace(
        quote("2 · Sửa quy định về hồ sơ số · Bộ Xây dựng", section=f"{head.section}, dòng 2"),
        start=200, end=242,
    )  # fmt: skip
    (html,) = answer_pages(answer(head, row, quote("Khác.", section="Điều 1")), VIETNAMESE)
    assert html.startswith("<blockquote>2 · Sửa quy định")
    assert "CƠ CHẾ" not in html
    assert "bảng “Cơ chế, chính sách”, dòng 2" in html


def test_a_title_is_given_once_and_cut_at_a_word() -> None:
    """Not again in the section's label, nor under a quotation from another place of it. What tells
    nothing behind the number is left out.
    """
    known = replace(
        DECREE,
        title="Kế hoạch chuyển đổi số của tỉnh Thái Nguyên đến năm 2030 và những năm sau đó",
    )
    other = replace(quote("Hai.", known, "“Kế hoạch chuyển đổi số”, mục II"), start=90, end=94)
    (html,) = answer_pages(answer(quote("Một.", known, "Điều 1"), other), VIETNAMESE)
    assert html.count("Kế hoạch") == 1
    assert "<b>Kế hoạch chuyển đổi số của tỉnh Thái Nguyên…</b>" in html
    assert html.endswith("📄 mục II · trang 3")
    long = f"Nghị định số {DECREE.number} quy định việc sử dụng dữ liệu số của cơ quan nhà nước"
    (html,) = answer_pages(answer(quote("Một.", replace(DECREE, title=long))), VIETNAMESE)
    assert f"<b>Nghị định số {DECREE.number}</b>" in html


def test_a_number_that_every_province_gives_is_told_with_whose_it_is() -> None:
    """Unless the title as shown tells, or it is the province that is served."""
    plan = replace(DECREE, title="Kế hoạch chuyển đổi số", number="144/KH-UBND", kind="Kế hoạch")
    elsewhere = replace(plan, issuer="Ủy ban nhân dân tỉnh Bắc Ninh")
    (html,) = answer_pages(answer(quote("Một.", elsewhere)), VIETNAMESE)
    assert "Số 144/KH-UBND · 09/04/2020 · UBND tỉnh Bắc Ninh · Điều 5" in html
    here = replace(plan, issuer="Ủy ban nhân dân tỉnh Thái Nguyên")
    named = replace(elsewhere, title="Kế hoạch chuyển đổi số tỉnh Bắc Ninh")
    for known in (here, named, replace(DECREE, issuer="Thủ tướng Chính phủ")):
        (html,) = answer_pages(answer(quote("Một.", known)), VIETNAMESE)
        assert "09/04/2020 · Điều 5" in html


@pytest.mark.parametrize(
    ("question", "status", "told"),
    [
        ("Nghị định 64/2007/NĐ-CP còn hiệu lực không?", "unknown", True),
        ("Nghị định 64/2007/NĐ-CP đã bị bãi bỏ chưa?", "unknown", True),
        ("Nghị định 64/2007/NĐ-CP có hiệu lực từ ngày nào?", "unknown", False),
        ("Nghị định 64/2007/NĐ-CP còn hiệu lực không?", "in force", False),
    ],
)
def test_from_when_a_document_applied_is_no_proof_that_it_does(
    question: str, status: Status, told: bool
) -> None:
    """Asked whether it is in force still, what it says of its own beginning leaves that open."""
    known = replace(DECREE, status=status)
    said = answer(quote("Nghị định này có hiệu lực thi hành từ ngày 01/5/2007.", known))
    said = replace(said, understood=question)
    assert (VIETNAMESE.untold in answer_pages(said, VIETNAMESE)[0]) is told
    assert any(VIETNAMESE.untold[:20] in line for line in answer_lines(said)) is told


def test_a_heading_that_is_cut_keeps_both_its_marks() -> None:
    """A source line says “Mục tiêu đến…”, not “Mục tiêu đến…"""
    section = "“Đến năm 2030 tỉnh phấn đấu đứng trong nhóm bao nhiêu tỉnh của cả nước?”"
    (html,) = answer_pages(answer(quote("Một.", section=section)), VIETNAMESE)
    assert "“Đến năm 2030 tỉnh phấn đấu đứng trong…”" in html


def test_markup_can_be_taken_off() -> None:
    """Should Telegram ever dislike our tags, the words still go out."""
    assert without_markup("<b>a &lt; b</b> &amp; <i>c</i>") == "a &lt; b &amp; c"


def test_both_languages_have_the_same_parts() -> None:
    """Commands, reasons, kinds and placeholders agree; only the words differ."""
    assert texts_for("en") is ENGLISH
    assert texts_for(None) is VIETNAMESE
    for name in (
        "commands", "admin_commands", "reasons", "media", "status", "warnings", "refusals",
    ):  # fmt: skip
        assert getattr(ENGLISH, name).keys() == getattr(VIETNAMESE, name).keys()
    for texts in (VIETNAMESE, ENGLISH):
        assert all(1 <= len(what) <= 256 for what in texts.commands.values())
        assert units(texts.description) <= 512
        assert units(texts.short_description) <= 120
        assert all(units(text) <= 200 for text in (texts.button_old, texts.thanks_down))
