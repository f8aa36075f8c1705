"""The bot as people meet it, end to end over HTTP against the stand-in."""

from __future__ import annotations

import copy
import errno
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from bot.delivery.reindexed import last_failure, record_failure
from bot.delivery.sending import Sender
from bot.delivery.state import State
from bot.handlers.desk import Desk
from bot.local_api import Seen
from bot.local_api.world import ANONYMOUS
from bot.screens.catalogue import Catalogue
from bot.screens.cutting import units
from bot.screens.moves import move_in
from bot.screens.texts import ENGLISH, VIETNAMESE
from bot.settings import Settings
from index.answer import Answerer
from index.retrieval.encoder import Encoder
from index.serving import Serving
from index.store.generation import Generation
from knowledge.errors import SettingsInvalid
from tests import telegram_spec
from tests.running_bot import (
    GOAL,
    UNSAID,
    Running,
    build_index,
    regulation,
    running_bot,
    write_library,
)

ADMIN = 4242
REGISTER = "Việc mượn hồ sơ lần thứ 6 được ghi vào sổ theo dõi số mấy?"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, starter_serving: Serving) -> Iterator[Running]:
    """One bot for the tests that only talk to it; each brings its own chat."""
    with running_bot(tmp_path_factory.mktemp("bot"), starter_serving, admins=[ADMIN]) as running:
        yield running


def frames(seen: Seen) -> list[tuple[str, str]]:
    """The quotation blocks of a message: kind and words."""
    raw = seen.text.encode("utf-16-le")
    return [
        (e["type"], raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in seen.entities
        if e["type"].endswith("blockquote")
    ]


def labels(seen: Seen) -> list[str]:
    return [button["text"] for row in seen.buttons for button in row]


# Answers


def test_each_generation_has_its_own_catalogue_whoever_else_asks(starter_serving: Serving) -> None:
    """Also where another thread looks into a newer one between two steps of this."""
    older = starter_serving.answerer().generation
    newer = copy.copy(older)

    class Overtaken(Catalogue):
        @property
        def generation(self) -> Generation:
            desk._catalogue = Catalogue(newer)
            return older

        @generation.setter
        def generation(self, _: Generation) -> None: ...

    desk = Desk(Settings(), starter_serving, cast(State, None), cast(Sender, None))
    desk._catalogue = Overtaken(older)
    assert desk.catalogue_of(older).generation is older


def test_an_answer_opens_with_its_quotation_and_names_its_source(bot: Running) -> None:
    """The answer comes first, verbatim and framed; then title and section; as a reply."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, GOAL)
    kind, words = frames(seen)[0]
    document = bot.serving.answerer().generation.document("muc-tieu-den-nam-2025.md")
    assert seen.text.startswith(words)
    assert kind == "blockquote"
    assert "15 tỉnh" in words
    assert words in document.text
    assert f"\n📄 {document.metadata.title}\nNguồn: " in seen.text
    assert " · “Đến năm 2025" in seen.text
    assert "24/11/2026" not in seen.text, "the statement's source counts, not the summary's day"
    assert seen.reply_to == 1


def test_the_phone_announces_the_answer_itself(bot: Running) -> None:
    """One message, no placeholder: what rings is what was asked for."""
    an, chat = bot.chat()
    bot.say(chat, an, GOAL)
    (announced,) = bot.standin.notifications(chat)
    assert "15 tỉnh" in announced.splitlines()[0]


def test_context_is_folded_and_links_have_no_preview(bot: Running) -> None:
    """More context sits in an expandable frame; the title leads to the official page."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, REGISTER)
    assert "expandable_blockquote" in [kind for kind, _ in frames(seen)]
    links = [entity["url"] for entity in seen.entities if entity["type"] == "text_link"]
    assert links[0] == "https://example.org/vb/99?a=1&b=2"
    sent = bot.standin.called("sendMessage")[-1].params
    assert sent["link_preview_options"] == {"is_disabled": True}


def test_a_document_out_of_force_says_so(bot: Running) -> None:
    """Number, date, Điều and khoản, status, and what replaced it."""
    an, chat = bot.chat()
    text = bot.say(chat, an, REGISTER).text
    assert "· 20/05/2019 · UBND tỉnh mẫu · Điều 6, khoản 2 · Hết hiệu lực" in text
    assert "⚠️ Văn bản này đã hết hiệu lực. Được thay thế bởi: Quyết định 12/2024/QĐ-UBND." in text


def test_without_diacritics_the_same_is_found(bot: Running) -> None:
    """People type in a hurry."""
    an, chat = bot.chat()
    asked = "den nam 2025 thai nguyen phan dau dung trong nhom bao nhieu tinh dan dau chuyen doi so"
    assert "15 tỉnh" in bot.say(chat, an, asked).text


def test_what_the_documents_do_not_say_is_not_answered(bot: Running) -> None:
    """An honest no, the nearest documents to open, and where else to ask."""
    an, chat = bot.chat()
    bot.say(chat, an, "/riengtu")  # else its first answer says more
    seen = bot.say(chat, an, UNSAID)
    assert not frames(seen)
    assert seen.text.startswith("Các văn bản hiện có không nói về điều này")
    assert "Tổng đài 1022" in seen.text
    opened = bot.press(chat, an, seen, "📖 1")
    assert VIETNAMESE.outline_hint in opened.text
    assert bot.press(chat, an, opened, VIETNAMESE.back).text == seen.text


def test_what_is_not_its_matter_is_declined_kindly(bot: Running) -> None:
    """Neither an answer nor buttons that promise one."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, "Hôm nay thời tiết ở Hà Nội thế nào?")
    assert "chuyển đổi số" in seen.text
    assert not frames(seen)
    assert seen.buttons == ()


def test_a_dieu_that_does_not_exist_is_said_not_to_exist(bot: Running) -> None:
    """And nothing like it is passed off as it."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, "Điều 99 Quyết định 99/2019/QĐ-UBND quy định gì?")
    assert seen.text.startswith("Bản hiện có của Quy chế quản lý kho lưu trữ mẫu không có Điều 99")
    assert not frames(seen)


# Buttons


def test_more_passages_and_back(bot: Running) -> None:
    """The message turns into other passages, page by page, and back into the answer."""
    an, chat = bot.chat()
    bot.say(chat, an, "/riengtu")  # else its first answer says more
    seen = bot.say(chat, an, GOAL)
    more = bot.press(chat, an, seen, VIETNAMESE.more)
    assert more.message_id == seen.message_id
    assert more.text.startswith(VIETNAMESE.more_title)
    quoted = [words for kind, words in frames(more)]
    assert len(quoted) == 3
    assert frames(seen)[0][1] not in quoted
    second = bot.press(chat, an, more, VIETNAMESE.following)
    assert "4. " in second.text
    opened = bot.press(chat, an, second, "📖 4")
    back = bot.press(chat, an, opened, VIETNAMESE.back)
    assert back.text == seen.text


def test_an_outline_leads_to_each_dieu_and_on(bot: Running) -> None:
    """The document's Điều as buttons, eight a page; a Điều verbatim, with its neighbours."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, REGISTER)
    outline = bot.press(chat, an, seen, VIETNAMESE.outline)
    assert next(x for x in labels(outline) if x.startswith("Điều")).startswith("Điều 1.")
    assert "Chép số 99/2019/QĐ-UBND" in labels(outline)
    assert outline.button("Chép số")["copy_text"] == {"text": "99/2019/QĐ-UBND"}
    assert outline.button(VIETNAMESE.original)["url"] == "https://example.org/vb/99?a=1&b=2"
    second = bot.press(chat, an, outline, VIETNAMESE.following)
    article = bot.press(chat, an, second, "Điều 9.")
    assert "sổ theo dõi số 9." in article.text
    assert "Điều 10 ›" in labels(article)
    following = bot.press(chat, an, article, "Điều 10 ›")
    assert "sổ theo dõi số 10." in following.text


def test_a_thumb_is_counted_and_a_thumb_down_asks_why(bot: Running) -> None:
    """One tap says why; the answer stays where it is."""
    an, chat = bot.chat()
    bot.say(chat, an, "/riengtu")  # else its first answer says more
    seen = bot.say(chat, an, GOAL)
    why = bot.press(chat, an, seen, "👎")
    assert [label for label in labels(why) if label in VIETNAMESE.reasons.values()] == [
        "Sai văn bản",
        "Không đúng ý",
        "Còn thiếu",
        "Lý do khác",
    ]
    assert why.text == seen.text
    done = bot.press(chat, an, why, "Không đúng ý")
    assert "👎 ✓" in labels(done)
    changed = bot.press(chat, an, done, "👍")
    assert "👍 ✓" in labels(changed)
    assert bot.toast(chat, an, changed, "👍") == VIETNAMESE.thanks_up


def test_a_button_from_nowhere_is_answered_politely(bot: Running) -> None:
    """Another version's button, or an erased answer's, says that it is old."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, "/start")
    beyond = 10**24  # no number of a database
    for data in (
        "zz:1", "a:999999:p:0", "a:x", "d:1", "t:nosuch", "e:", "l",
        f"a:{beyond}:u", f"n:{beyond}", f"e:{beyond}", f"v:Q:2019:{beyond}",
    ):  # fmt: skip
        query = bot.standin.press(chat, an, seen.message_id, data, stale=True)
        assert bot.answered(query), data


def test_buttons_pressed_too_late_still_change_the_message(
    bot: Running,
) -> None:
    """Telegram forgets a press after a while; the page turns all the same."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, "/vanban")
    data = seen.button("Quyết định")["callback_data"]
    before = len(bot.standin.calls)
    bot.standin.query_seconds, kept = -1.0, bot.standin.query_seconds
    bot.standin.press(chat, an, seen.message_id, data)
    changed = bot.standin.wait_until(lambda: bot.shown(chat, seen.message_id).text != seen.text, 20)
    bot.standin.query_seconds = kept
    assert changed
    late = [call for call in bot.standin.calls[before:] if call.status == 400]
    assert [call.method for call in late] == ["answerCallbackQuery"]
    for call in late:  # refused on purpose: not counted against the bot
        bot.standin.calls.remove(call)


# Commands


def test_start_introduces_and_its_examples_are_answered(bot: Running) -> None:
    """Who it is, three questions to tap, and each is answered from the documents."""
    an, chat = bot.chat()
    seen = bot.reply(chat, lambda: bot.standin.press_start(an))
    assert "chuyển đổi số của tỉnh Thái Nguyên" in seen.text
    assert labels(seen)[:3] == list(VIETNAMESE.examples)
    english = bot.press(chat, an, seen, "English")
    assert english.text.startswith("Hello!")
    assert bot.press(chat, an, english, "Tiếng Việt").text == seen.text
    data = seen.button(VIETNAMESE.examples[2])["callback_data"]
    answer = bot.reply(chat, lambda: bot.standin.press(chat, an, seen.message_id, data))
    assert frames(answer)
    assert VIETNAMESE.examples[2] in answer.text


def test_help_lists_every_command(bot: Running) -> None:
    """What a person may do, and what is kept about them."""
    an, chat = bot.chat()
    text = bot.say(chat, an, "/help").text
    assert all(f"/{name}: " in text for name in VIETNAMESE.commands)
    assert "180 ngày" in text


def test_commands_are_registered_in_both_languages_and_fewer_in_groups(bot: Running) -> None:
    """The menu button shows them with their descriptions."""
    an, chat = bot.chat()
    bob, english = bot.chat("Bob", language="en")
    group = bot.standin.group("Tổ", an, bob)
    bot.standin.wait_until(lambda: len(bot.standin.called("setMyShortDescription")) == 3, 20)
    here = {c["command"]: c["description"] for c in bot.standin.commands(chat, an)}
    assert here == VIETNAMESE.commands
    there = {c["command"]: c["description"] for c in bot.standin.commands(english, bob)}
    assert there == ENGLISH.commands
    few = {c["command"] for c in bot.standin.commands(group, an)}
    assert few == {"help", "tim", "vanban"}


def test_the_shelves_lead_from_kind_to_year_to_document_to_dieu(bot: Running) -> None:
    """/vanban, tapped down to the words and up again."""
    an, chat = bot.chat()
    kinds = bot.say(chat, an, "/vanban")
    assert "Quyết định (1)" in labels(kinds)
    assert "Tóm tắt (5)" in labels(kinds)
    years = bot.press(chat, an, kinds, "Quyết định")
    documents = bot.press(chat, an, years, "2019")
    outline = bot.press(chat, an, documents, "99/2019/QĐ-UBND")
    article = bot.press(chat, an, outline, "Điều 3.")
    assert "sổ theo dõi số 3." in article.text
    assert "<lưu trữ> & bảo vệ" in article.text
    whole = bot.press(chat, an, bot.press(chat, an, article, VIETNAMESE.outline), "Đọc toàn văn")
    assert "sổ theo dõi số 12." in whole.text


def test_search_shows_passages_with_their_source(bot: Running) -> None:
    """/tim finds passages rather than an answer; without words it says how."""
    an, chat = bot.chat()
    bot.say(chat, an, "/riengtu")  # else its first answer says more
    assert bot.say(chat, an, "/tim").text.startswith("Gõ /tim")
    seen = bot.say(chat, an, "/tim niêm phong")
    assert seen.text.startswith("Các đoạn tìm thấy cho “niêm phong”")
    assert "niêm phong" in frames(seen)[0][1]
    second = bot.press(chat, an, seen, VIETNAMESE.following)
    assert second.text != seen.text
    opened = bot.press(chat, an, second, "📖 4")
    outline = bot.press(chat, an, opened, VIETNAMESE.outline)
    assert bot.press(chat, an, outline, VIETNAMESE.back_found).text == seen.text


def test_recent_documents_are_listed(bot: Running) -> None:
    """/moi names them by when they were added, and opens them."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, "/moi")
    line = next(line for line in seen.text.splitlines() if "Quy chế quản lý kho lưu trữ" in line)
    opened = bot.press(chat, an, seen, f"📖 {line.partition('.')[0]}")
    assert "99/2019/QĐ-UBND" in opened.text
    assert VIETNAMESE.outline_hint in opened.text


def test_the_language_changes_and_stays(bot: Running) -> None:
    """/ngonngu, in one tap; quotations stay as the documents have them."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, "/ngonngu")
    assert bot.press(chat, an, seen, "English").text == ENGLISH.language_set
    assert bot.say(chat, an, UNSAID).text.startswith("The documents I have do not say")
    assert "15 tỉnh" in frames(bot.say(chat, an, GOAL))[0][1]


def test_erasing_forgets_answers_and_their_buttons(bot: Running) -> None:
    """/xoadulieu asks once; then an old answer's buttons know nothing any more."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, GOAL)
    asked = bot.say(chat, an, "/xoadulieu")
    assert asked.text == VIETNAMESE.erase_sure
    assert bot.press(chat, an, asked, VIETNAMESE.erase_no).text == VIETNAMESE.erase_not
    assert bot.toast(chat, an, seen, "👍") == VIETNAMESE.thanks_up
    asked = bot.say(chat, an, "/xoadulieu")
    assert bot.press(chat, an, asked, VIETNAMESE.erase_yes).text == VIETNAMESE.erased
    assert bot.toast(chat, an, seen, "👍") == VIETNAMESE.button_old


def test_an_unknown_command_is_answered_kindly(bot: Running) -> None:
    """No silence in a private chat."""
    an, chat = bot.chat()
    assert bot.say(chat, an, "/foo bar").text == VIETNAMESE.unknown_command


def payload_of(seen: Seen) -> str:
    """The start parameter inside a share button."""
    share = parse_qs(urlsplit(seen.button(VIETNAMESE.share)["url"]).query)["url"][0]
    return parse_qs(urlsplit(share).query)["start"][0]


def test_a_shared_link_opens_exactly_that_clause(bot: Running) -> None:
    """An official sends a colleague a link to the clause; the colleague sees its words."""
    an, chat = bot.chat()
    binh, other = bot.chat("Bình")
    seen = bot.say(chat, an, REGISTER)
    opened = bot.reply(other, lambda: bot.standin.press_start(binh, payload_of(seen)))
    assert "sổ theo dõi số 6." in opened.text
    assert "Quy chế quản lý kho lưu trữ mẫu" in opened.text
    outline = bot.press(other, binh, opened, VIETNAMESE.outline)
    again = bot.reply(chat, lambda: bot.standin.press_start(an, payload_of(outline)))
    assert VIETNAMESE.outline_hint in again.text
    gone = bot.reply(chat, lambda: bot.standin.press_start(an, "s_AAAAAAAAAAAAAA"))
    assert gone.text == VIETNAMESE.outdated


# Conversation


def test_a_follow_up_uses_what_came_before(bot: Running) -> None:
    """“còn đến năm 2030 thì sao?” is about the same goal."""
    an, chat = bot.chat()
    bot.say(chat, an, GOAL)
    assert "nhóm 10" in frames(bot.say(chat, an, "còn đến năm 2030 thì sao?"))[0][1]


def test_thanks_between_two_questions_are_nothing_to_go_on_from(bot: Running) -> None:
    """The follow-up leans on the question before them, and says so."""
    an, chat = bot.chat()
    bot.say(chat, an, GOAL)
    assert bot.say(chat, an, "cảm ơn bạn nhé").text == VIETNAMESE.refusals["thanks"]
    seen = bot.say(chat, an, "còn đến năm 2030 thì sao?")
    assert "nhóm 10" in frames(seen)[0][1]
    assert f"hỏi tiếp câu “{GOAL}”" in seen.text


def test_what_is_said_of_an_answer_is_no_question_to_the_documents(bot: Running) -> None:
    """More of it, the document it is from, that it is wrong; before any answer, a question."""
    an, chat = bot.chat()
    bot.say(chat, an, "/riengtu")
    seen = bot.say(chat, an, GOAL)
    more = bot.say(chat, an, "cho xem thêm đi ad")
    assert more.text.startswith(VIETNAMESE.more_title)
    assert bot.press(chat, an, more, VIETNAMESE.back).text == seen.text
    assert VIETNAMESE.outline_hint in bot.say(chat, an, "xem toan van").text
    assert bot.say(chat, an, "trả lời sai rồi").text == VIETNAMESE.said_wrong
    assert bot.say(chat, an, "không hiểu gì").text == VIETNAMESE.said_unclear
    follow = bot.say(chat, an, "còn đến năm 2030 thì sao?")
    assert f"hỏi tiếp câu “{GOAL}”" in follow.text
    assert bot.say(chat, an, "xem thêm", reply_to=seen.message_id).text == more.text


@pytest.mark.parametrize(
    "asked",
    [
        "xem thêm về phí ở đâu",
        "văn bản nào sai",
        "còn 2030 nữa",
        "đúng không",
        "toàn văn Điều 4",
        "chuyển đổi số là sao",
    ],
)
def test_a_question_is_not_taken_for_a_word_on_the_last_answer(asked: str) -> None:
    assert move_in(asked) is None


def test_what_was_understood_is_told_and_can_be_taken_back(bot: Running) -> None:
    """A follow-up names the question that it was joined to; one tap asks it as it was typed."""
    an, chat = bot.chat()
    bot.say(chat, an, GOAL)
    seen = bot.say(chat, an, "Còn đến năm 2030 thì sao?")
    assert "Tôi hiểu là: " in seen.text
    assert GOAL in seen.text
    plain = bot.press(chat, an, seen, VIETNAMESE.not_meant)
    assert "Tôi hiểu là" not in plain.text
    assert VIETNAMESE.not_meant not in labels(plain)


def test_what_the_neighbouring_headings_answer_is_a_tap_away(bot: Running) -> None:
    """At most two questions, each answered by its own section, verbatim."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, GOAL)
    asked = [label for label in labels(seen) if label.startswith("❓ ")]
    assert len(asked) == 2
    data = seen.button(asked[0])["callback_data"]
    answer = bot.reply(chat, lambda: bot.standin.press(chat, an, seen.message_id, data))
    assert asked[0].removeprefix("❓ ").rstrip("…") in answer.text
    document = bot.serving.answerer().generation.document("muc-tieu-den-nam-2025.md").text
    for _, words in frames(answer):
        assert all(line in document for line in words.splitlines())


def test_the_next_and_the_previous_dieu_can_be_asked_for(bot: Running) -> None:
    """“Điều tiếp theo” is the one after what was cited, whole and verbatim."""
    an, chat = bot.chat()
    first = bot.say(chat, an, REGISTER)
    following = bot.say(chat, an, "điều tiếp theo")
    document = bot.serving.answerer().generation.document("quy-che.md").text
    words = frames(following)[0][1]
    assert words.startswith("Điều 7. ")
    assert words.endswith("sổ theo dõi số 7.")
    assert words in document
    assert " · Điều 7 · Hết hiệu lực" in following.text
    assert frames(bot.say(chat, an, "thế điều sau nữa thì sao?"))[0][1].startswith("Điều 8. ")
    reply = bot.say(chat, an, "Điều trước đó?", reply_to=first.message_id)
    assert frames(reply)[0][1].startswith("Điều 5. ")


def test_a_reply_to_an_old_answer_asks_about_that_one(bot: Running) -> None:
    """Whatever was asked in between."""
    an, chat = bot.chat()
    old = bot.say(chat, an, GOAL)
    bot.say(chat, an, "Tổ công nghệ số cộng đồng làm gì?")
    seen = bot.say(chat, an, "còn đến năm 2030 thì sao?", reply_to=old.message_id)
    assert "nhóm 10" in frames(seen)[0][1]


def test_context_expires(tmp_path: Path, starter_serving: Serving) -> None:
    """After half an hour a question stands for itself again."""
    later = [0.0]
    with running_bot(
        tmp_path, starter_serving, clock=lambda: time.time() + later[0], context_minutes=30
    ) as bot:
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)
        state = State(bot.settings.data / "bot.sqlite3")
        later[0] = 31 * 60
        bot.say(chat, an, "còn đến năm 2030 thì sao?")
        bot.say(chat, an, "thế còn 2025?")
        bot.say(chat, an, "/help")
        _, second, third = (
            state.answer_to(chat.id, seen.reply_to or 0) for seen in bot.replies(chat)[:3]
        )
        state.close()
    assert second is not None
    assert third is not None
    assert second.turns == ()
    assert third.turns == ("còn đến năm 2030 thì sao?",)


def test_an_edited_question_gets_its_answer_edited(bot: Running) -> None:
    """No second answer; and an edit nobody sees changes nothing."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, GOAL)
    bot.standin.edit_text(chat, 1, UNSAID)
    assert bot.standin.wait_until(
        lambda: bot.shown(chat, seen.message_id).text.startswith("Các văn bản hiện có"), 20
    )
    bot.standin.edit_text(chat, 1, UNSAID)
    bot.say(chat, an, "/help")
    assert len(bot.replies(chat)) == 2
    edits = [c for c in bot.standin.called("editMessageText") if c.params["chat_id"] == chat.id]
    assert len(edits) == 1


def test_an_edited_search_shows_other_passages(bot: Running) -> None:
    """In the same message."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, "/tim niêm phong")
    bot.say(chat, an, "/help")
    bot.standin.edit_text(chat, 1, "/tim phòng cháy")
    assert bot.standin.wait_until(
        lambda: "“phòng cháy”" in bot.shown(chat, seen.message_id).text, 20
    )


def test_an_edit_after_the_answer_was_deleted_draws_a_new_one(bot: Running) -> None:
    """There is nothing left to edit."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, UNSAID)
    bot.say(chat, an, "/help")
    bot.standin.delete(chat, seen.message_id)
    renewed = bot.reply(chat, lambda: bot.standin.edit_text(chat, 1, GOAL))
    assert "15 tỉnh" in frames(renewed)[0][1]
    gone = [call for call in bot.standin.called("editMessageText") if call.status == 400]
    bot.standin.calls.remove(gone[-1])  # refused on purpose


# Groups


def test_in_a_group_only_what_is_meant_for_it_is_answered(bot: Running) -> None:
    """Mentions, replies and commands; the rest is silence, also where it sees everything."""
    an = bot.standin.person("An")
    group = bot.standin.group("Tổ công nghệ số", an, bot_is_admin=True)
    username = bot.standin.bot.user.username
    bot.standin.send_text(group, an, GOAL)
    seen = bot.say(group, an, f"@{username} {GOAL}")
    assert "15 tỉnh" in frames(seen)[0][1]
    assert seen.reply_to == 2
    follow = bot.say(group, an, "còn đến năm 2030 thì sao?", reply_to=seen.message_id)
    assert "nhóm 10" in frames(follow)[0][1]
    assert bot.say(group, an, f"/tim@{username} niêm phong").text.startswith("Các đoạn tìm thấy")
    bot.standin.send_text(group, an, "/unknown")
    bot.standin.send_sticker(group, an)
    assert bot.say(group, an, f"@{username}").text == VIETNAMESE.group_usage.format(
        username=username
    )
    assert len(bot.replies(group)) == 4


def test_a_groups_history_is_its_administrators_to_erase(bot: Running) -> None:
    """Neither the command nor somebody else's button erases it for a member."""
    an, binh = bot.standin.person("An"), bot.standin.person("Bình")
    group = bot.standin.group("Tổ", an, binh, admins=[an])
    name = bot.standin.bot.user.username
    seen = bot.say(group, binh, f"@{name} {GOAL}")
    assert bot.say(group, binh, f"/xoadulieu@{name}").text == VIETNAMESE.erase_admins
    asked = bot.say(group, an, f"/xoadulieu@{name}")
    assert bot.toast(group, binh, asked, VIETNAMESE.erase_yes) == VIETNAMESE.erase_admins
    assert bot.toast(group, binh, seen, "👍") == VIETNAMESE.thanks_up
    assert bot.press(group, an, asked, VIETNAMESE.erase_yes).text == VIETNAMESE.erased
    assert bot.toast(group, binh, seen, "👍") == VIETNAMESE.button_old
    anonymous = bot.say(group, ANONYMOUS, f"/xoadulieu@{name}")
    assert anonymous.text == VIETNAMESE.erase_sure


def test_a_group_that_takes_the_bot_in_is_greeted(bot: Running) -> None:
    """Once, with how to ask."""
    an = bot.standin.person("An")
    group = bot.standin.group("Tổ", an)
    user = bot.standin.bot.user.json()
    change = {
        "chat": group.json(),
        "from": an.json(),
        "date": 1_800_000_000,
        "old_chat_member": {"status": "left", "user": user},
        "new_chat_member": {"status": "member", "user": user},
    }
    seen = bot.reply(group, lambda: bot.standin.raw_update({"my_chat_member": change}))
    assert seen.text == VIETNAMESE.group_hello.format(username=bot.standin.bot.user.username)


def test_a_mention_in_reply_to_somebody_asks_their_question(bot: Running) -> None:
    """Naming the bot below a colleague's question is enough."""
    an, binh = bot.standin.person("An"), bot.standin.person("Bình")
    group = bot.standin.group("Tổ", an, binh)
    bot.standin.send_text(group, an, GOAL)
    seen = bot.say(group, binh, f"@{bot.standin.bot.user.username}", reply_to=1)
    assert "15 tỉnh" in frames(seen)[0][1]


def test_topics_and_anonymous_administrators(bot: Running) -> None:
    """The answer stays in its topic, whoever asks."""
    an = bot.standin.person("An")
    forum = bot.standin.group("Diễn đàn", an, forum=True, admins=[an])
    topic = bot.standin.topic(forum, an, "Hỏi đáp")
    question = f"@{bot.standin.bot.user.username} {GOAL}"
    seen = bot.say(forum, ANONYMOUS, question, thread=topic)
    assert seen.thread == topic
    assert "15 tỉnh" in frames(seen)[0][1]


# Inline mode


def test_inline_offers_cited_passages(bot: Running) -> None:
    """`@bot question` in any chat: passages to send, not shared between people, not kept long."""
    an, chat = bot.chat()
    query = bot.standin.inline_query(an, "niêm phong kho")
    answer = bot.standin.wait_until(lambda: bot.standin.answer(query), 20)
    assert answer["is_personal"] is True
    assert answer["cache_time"] <= 30
    number = bot.standin.choose(chat, an, query, answer["results"][0]["id"])
    sent = bot.shown(chat, number)
    assert "niêm phong" in frames(sent)[0][1]
    assert "Quy chế quản lý kho lưu trữ mẫu" in sent.text
    bot.say(chat, an, "/help")
    assert len([reply for reply in bot.replies(chat) if "via_bot" not in reply.body]) == 1
    empty = bot.standin.inline_query(an, "")
    assert bot.standin.wait_until(lambda: bot.standin.answer(empty), 20)["results"] == []


def test_only_the_newest_keystroke_is_searched(bot: Running) -> None:
    """Inline queries come with each key; while one is being answered, what follows grows stale."""
    an, _ = bot.chat()
    words = "niêm phong kho lưu trữ"
    bot.standin.fail("answerInlineQuery", delay=2.0)
    queries = [bot.standin.inline_query(an, words[:length]) for length in range(1, len(words) + 1)]
    assert bot.standin.wait_until(lambda: bot.standin.answer(queries[-1]), 20)["results"]
    answered = [query for query in queries if bot.standin.answer(query) is not None]
    assert len(answered) <= 3


# Other input


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker", "location", "document"])
def test_what_is_not_text_gets_one_kind_reply(bot: Running, kind: str) -> None:
    """And says what to do instead."""
    an, chat = bot.chat()
    seen = bot.reply(chat, lambda: getattr(bot.standin, f"send_{kind}")(chat, an))
    assert seen.text == VIETNAMESE.media[kind]
    bot.say(chat, an, "/help")
    assert len(bot.replies(chat)) == 2


def test_a_contact_or_a_poll_gets_a_kind_reply_too(bot: Running) -> None:
    """Whatever else can be sent."""
    an, chat = bot.chat()
    contact = {"contact": {"phone_number": "0208", "first_name": "Sở"}}
    seen = bot.reply(chat, lambda: bot.standin.send(chat, an, contact))
    assert seen.text == VIETNAMESE.media["other"]


@pytest.mark.parametrize(("typed", "kind"), [("👍", "sticker"), ("❤️", "sticker"), ("??", "marks")])
def test_a_message_without_words_gets_a_kind_reply(bot: Running, typed: str, kind: str) -> None:
    """A thumb is no file that cannot be read."""
    an, chat = bot.chat()
    assert bot.say(chat, an, typed).text == VIETNAMESE.media[kind]


def test_an_album_gets_one_reply_and_a_caption_is_a_question(bot: Running) -> None:
    """Four pictures, one reply."""
    an, chat = bot.chat()
    bot.standin.send_album(chat, an, 4)
    bot.reply(chat, lambda: bot.standin.send_photo(chat, an, GOAL))
    assert bot.standin.wait_until(lambda: len(bot.replies(chat)) == 2, 20)
    first, second = bot.replies(chat)
    assert first.text == VIETNAMESE.media["photo"]
    assert "15 tỉnh" in frames(second)[0][1]
    assert "chỉ trả lời phần chữ" in second.text


@pytest.mark.parametrize("caption", ["tóm tắt văn bản này", "Đọc giúp em với", "file này nói gì ạ"])
def test_a_caption_about_the_file_itself_is_not_answered_from_another(
    bot: Running, caption: str
) -> None:
    """Nobody here reads the file, and another document's words would be taken for its own."""
    an, chat = bot.chat()
    seen = bot.reply(chat, lambda: bot.standin.send_document(chat, an, caption=caption))
    assert seen.text == VIETNAMESE.media["document"]


def test_a_thumb_down_under_a_refusal_speaks_of_no_document(bot: Running) -> None:
    """Where nothing was quoted, nothing was quoted wrongly."""
    an, chat = bot.chat()
    why = bot.press(chat, an, bot.say(chat, an, UNSAID), "👎")
    shown = [label for label in labels(why) if label in VIETNAMESE.reasons.values()]
    assert shown == ["Không đúng ý", "Lý do khác"]


def test_inline_offers_nothing_for_words_that_no_document_has(bot: Running) -> None:
    """And shows none of Markdown's marks for those that they have."""
    an, _ = bot.chat()
    query = bot.standin.inline_query(an, "zzzz qqqq")
    answer = bot.standin.wait_until(lambda: bot.standin.answer(query), 20)
    assert answer["results"] == []
    query = bot.standin.inline_query(an, "nộp hồ sơ trực tuyến")
    answer = bot.standin.wait_until(lambda: bot.standin.answer(query), 20)
    told = [one["input_message_content"]["message_text"] + one["description"]
            for one in answer["results"]]  # fmt: skip
    assert told
    assert not any("#" in text or "\n- " in text for text in told)


def test_a_forwarded_text_is_a_question(bot: Running) -> None:
    """Whoever wrote it first."""
    an, chat = bot.chat()
    seen = bot.say(chat, an, GOAL, forwarded_from="Người lạ")
    assert "15 tỉnh" in frames(seen)[0][1]


def test_a_very_long_message_is_answered(bot: Running) -> None:
    """4,096 units, with the question at its end."""
    an, chat = bot.chat()
    filler = "Kính gửi quý cơ quan, tôi là người dân sống ở phường và có việc muốn hỏi. " * 60
    text = filler[: 4095 - len(GOAL)] + " " + GOAL
    seen = bot.say(chat, an, text)
    assert "Câu hỏi khá dài" in seen.text


def test_several_quick_messages_are_answered_in_order(bot: Running) -> None:
    """Each as a reply to its own."""
    an, chat = bot.chat()
    questions = [GOAL, UNSAID, "/help", "niêm phong", GOAL]
    for question in questions:
        bot.standin.send_text(chat, an, question)
    assert bot.standin.wait_until(lambda: len(bot.replies(chat)) == 5, 30)
    assert [seen.reply_to for seen in bot.replies(chat)] == [1, 2, 3, 4, 5]


# Administrators


def test_administrators_see_figures_and_gaps(bot: Running) -> None:
    """/thongke and /chuatraloi, for the ids in the settings and nobody else."""
    chief = bot.standin.person("Chủ", id=ADMIN)
    office = bot.standin.private(chief, begun=True)
    an, chat = bot.chat()
    for question in (
        UNSAID,
        "muc phat nong do con khi lai xe may",
        "Khi lái xe máy mức phạt nồng độ cồn?",
    ):
        bot.say(chat, an, question)
    text = bot.say(office, chief, "/thongke").text
    assert text.startswith("Bảy ngày qua")
    assert "câu hỏi" in text
    assert "Đã trả lời: " in text
    gaps = bot.say(office, chief, "/chuatraloi").text
    line = next(
        line for line in gaps.splitlines() if "nồng độ cồn" in line or "nong do con" in line
    )
    assert int(line.rpartition("×")[2]) >= 3
    assert bot.say(chat, an, "/thongke").text == VIETNAMESE.admins_only
    wanted = {"thongke", "chuatraloi"}
    assert bot.standin.wait_until(
        lambda: wanted <= {c["command"] for c in bot.standin.commands(office, chief)}, 20
    )


def test_other_peoples_questions_are_shown_in_no_group(bot: Running) -> None:
    """/chuatraloi there says where to ask instead."""
    chief = bot.standin.person("Chủ", id=ADMIN)
    an, chat = bot.chat()
    bot.say(chat, an, UNSAID)
    group = bot.standin.group("Tổ", chief, an)
    name = bot.standin.bot.user.username
    assert bot.say(group, chief, f"/chuatraloi@{name}").text == VIETNAMESE.own_chat_only
    assert bot.say(group, an, f"/chuatraloi@{name}").text == VIETNAMESE.admins_only


def test_nobody_else_on_the_machine_reads_what_people_asked(bot: Running) -> None:
    """The data folder is the bot's alone, and so is every file in it."""
    an, chat = bot.chat()
    bot.say(chat, an, "/help")
    data = bot.settings.data
    assert data.stat().st_mode & 0o777 == 0o700
    files = [file for file in data.rglob("*") if file.is_file()]
    assert {"bot.sqlite3", "bot.sqlite3-wal"} <= {file.name for file in files}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


# Across restarts and reindexes


def test_buttons_outlive_a_restart_and_notice_a_reindex(tmp_path: Path, encoder: Encoder) -> None:
    """After a restart they work; after a reindex that changed the text they say so politely."""
    library = write_library(tmp_path / "library")
    build_index(tmp_path / "data", library, encoder)
    serving = Serving(tmp_path / "data", encoder)
    with running_bot(tmp_path / "data", serving, admins=[ADMIN]) as bot:
        chief = bot.standin.person("Chủ", id=ADMIN)
        office = bot.standin.private(chief, begun=True)
        an, chat = bot.chat()
        bot.say(chat, an, "/riengtu")  # else its first answer says more
        seen = bot.say(chat, an, REGISTER)
        outline = bot.press(chat, an, seen, VIETNAMESE.outline)
        bot.stop()
        bot.serving = Serving(tmp_path / "data", encoder)
        bot.start()
        article = bot.press(chat, an, outline, "Điều 3.")
        assert "sổ theo dõi số 3." in article.text
        back = bot.press(chat, an, article, VIETNAMESE.back)
        assert back.text == seen.text

        for file in library.iterdir():
            if file.name not in ("quy-che.md", "nop-ho-so-truc-tuyen.md"):
                file.unlink()
        changed = regulation(8, clause=" Ngay trong ngày.")
        (library / "quy-che.md").write_text(changed, encoding="utf-8")
        with (library / "nop-ho-so-truc-tuyen.md").open("a", encoding="utf-8") as more:
            more.write("\n\nMột câu mới được thêm vào cuối văn bản này.\n")
        notice = bot.reply(office, lambda: build_index(tmp_path / "data", library, encoder), 60)
        assert notice.text.startswith("Kho văn bản đã cập nhật: 2 văn bản")
        old = bot.press(chat, an, back, VIETNAMESE.more)
        assert old.text == VIETNAMESE.outdated
        renewed = bot.press(chat, an, old, VIETNAMESE.ask_again)
        assert frames(renewed)


def test_a_failed_reindex_is_told_to_administrators(tmp_path: Path, encoder: Encoder) -> None:
    """Once each time, with the reason, while the bot runs."""
    with running_bot(tmp_path, Serving(tmp_path, encoder), admins=[ADMIN]) as bot:
        office = bot.standin.private(bot.standin.person("Chủ", id=ADMIN), begun=True)
        seen = bot.reply(office, lambda: record_failure(tmp_path, "Đĩa <đầy>."))
        assert seen.text.endswith("Lý do: Đĩa <đầy>.")
        record_failure(tmp_path, "Lại hỏng.")
        assert bot.standin.wait_until(lambda: len(bot.replies(office)) == 2, 20)


def test_half_a_word_of_a_failed_reindex_never_stands_where_a_whole_one_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that is full the last whole one is what is told."""
    record_failure(tmp_path, "đĩa đầy")

    def half(file: Path, text: str, encoding: str) -> None:
        file.write_bytes(text.encode(encoding)[:9])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    record_failure(tmp_path, "mất điện")
    assert last_failure(tmp_path)[1] == "đĩa đầy"


def test_an_index_that_cannot_be_opened_is_told_and_the_old_one_serves(
    tmp_path: Path, encoder: Encoder
) -> None:
    """A damaged switch costs nobody an answer."""
    library = write_library(tmp_path / "library")
    build_index(tmp_path / "data", library, encoder)
    with running_bot(tmp_path / "data", Serving(tmp_path / "data", encoder), admins=[ADMIN]) as bot:
        office = bot.standin.private(bot.standin.person("Chủ", id=ADMIN), begun=True)
        an, chat = bot.chat()
        bot.say(chat, an, GOAL)
        (tmp_path / "data" / "generations" / "cut-short").mkdir()
        (tmp_path / "data" / "CURRENT").write_text("cut-short", encoding="utf-8")
        assert bot.standin.wait_until(lambda: bot.replies(office), 20)
        assert "không mở được" in bot.replies(office)[0].text
        assert "15 tỉnh" in bot.say(chat, an, GOAL).text


def test_whatever_a_documents_address_is_its_buttons_work(tmp_path: Path, encoder: Encoder) -> None:
    """Telegram refuses a whole message for one address; what can't be one is left out."""
    addresses = (
        "https://a.vn/b c?d=\"e\"&f='g'",
        "https://[::1",
        "https://localhost/a",
        "https://a b",
    )
    library = write_library(tmp_path / "library")
    for number, address in enumerate(addresses):
        head = f"---\ntitle: Văn bản mẫu {number}\nkind: Công văn\nurl: {address}\n---\n\n"
        text = head + "# Phần một\nLời.\n\n# Phần hai\nLời.\n"
        (library / f"mau-{number}.md").write_text(text, encoding="utf-8")
    build_index(tmp_path / "data", library, encoder)
    with running_bot(tmp_path / "data", Serving(tmp_path / "data", encoder)) as bot:
        an, chat = bot.chat()
        pages = []
        for number in range(len(addresses)):
            years = bot.press(chat, an, bot.say(chat, an, "/vanban"), "Công văn")
            shelf = bot.press(chat, an, years, VIETNAMESE.year_unknown)
            outline = bot.press(chat, an, shelf, f"Văn bản mẫu {number}")
            pages += [button.get("url") for row in outline.buttons for button in row]
    kept = [url for url in pages if url and "t.me" not in url]
    assert kept == ["https://a.vn/b%20c?d=%22e%22&f=%27g%27"]


def test_before_the_first_index_it_says_so(tmp_path: Path, encoder: Encoder) -> None:
    """No crash, no silence: come back in a few minutes."""
    with running_bot(tmp_path, Serving(tmp_path, encoder)) as bot:
        an, chat = bot.chat()
        assert bot.say(chat, an, GOAL).text == VIETNAMESE.no_index
        assert bot.say(chat, an, "/vanban").text == VIETNAMESE.no_index


def test_a_fault_of_ours_apologises_and_logs_no_words(
    tmp_path: Path, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    """The person is told; the log names the fault, neither the words nor the token."""

    private = "bí mật" + " của người hỏi"

    class Broken(Serving):
        def answerer(self) -> Answerer:
            raise ValueError(private)

    with (
        caplog.at_level(logging.INFO),
        running_bot(tmp_path, Broken(tmp_path, encoder)) as bot,
    ):
        an, chat = bot.chat()
        assert bot.say(chat, an, "câu hỏi riêng tư").text == VIETNAMESE.apology
        assert bot.say(chat, an, "/help").text.startswith("Cách hỏi")
    assert "ValueError while handling an update" in caplog.text
    assert private not in caplog.text
    assert "riêng tư" not in caplog.text


@pytest.mark.parametrize(
    "data",
    ["a", "a:x:u", "a:1:p:x", f"a:{10**30}:u:0", "d:abc", "t:k:-1:", "n:", "e:x", "l", "zz:1"],
)
def test_a_button_of_another_version_says_that_it_is_old(bot: Running, data: str) -> None:
    an, chat = bot.chat()
    seen = bot.say(chat, an, "/help")
    query = bot.standin.press(chat, an, seen.message_id, data, stale=True)
    assert bot.answered(query)
    assert (bot.standin.answer(query) or {})["text"] == VIETNAMESE.button_old


def test_a_fault_of_ours_behind_a_button_is_logged_and_not_called_old(
    bot: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A ValueError of a library's says nothing about the button."""

    def broken(*_: object) -> None:
        raise ValueError("operands could not be broadcast together")

    an, chat = bot.chat()
    seen = bot.say(chat, an, "/vanban")
    monkeypatch.setattr("bot.handlers.buttons.years_screen", broken)
    data = next(one["callback_data"] for row in seen.buttons for one in row)
    query = bot.standin.press(chat, an, seen.message_id, data)
    assert bot.standin.wait_until(lambda: "ValueError while handling an update" in caplog.text, 20)
    assert bot.standin.answer(query) is None


def test_the_token_appears_in_no_log_at_any_level(
    tmp_path: Path, starter_serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in addresses, not in errors, not at DEBUG."""
    key = SecretStr("khoá-của-LLM")
    with (
        caplog.at_level(logging.DEBUG),
        running_bot(tmp_path, starter_serving, llm_key=key) as bot,
    ):
        for name in ("httpx", "httpcore"):
            caplog.set_level(logging.DEBUG, logger=name)
        an, chat = bot.chat()
        bot.say(chat, an, "/help")
        logging.getLogger("any").error("https://x/bot%s/getMe", bot.standin.token)
        try:
            raise ValueError(f"token {bot.standin.token}")
        except ValueError:
            logging.getLogger("any").exception("failed")
        logging.getLogger("any").error("Bearer %s", key.get_secret_value())
    rendered = caplog.text
    assert "sendMessage" in rendered
    assert bot.standin.token not in rendered
    assert key.get_secret_value() not in rendered


def test_without_a_token_it_is_told_where_it_goes_and_how_to_try_the_bot_meanwhile(
    tmp_path: Path, starter_serving: Serving
) -> None:
    with running_bot(tmp_path, starter_serving, start=False) as bot:
        bot.settings = bot.settings.model_copy(update={"telegram_token": None})
        bot.start()
        bot.join()
        assert isinstance(bot.error, SettingsInvalid)
        for told in ("@BotFather", "CDSBOT_TELEGRAM_TOKEN", ".env", "cdsbot try"):
            assert told in str(bot.error)


@pytest.mark.parametrize("token", ["1:wrong", "wrong", "123456789:has a blank in its middle, here"])
def test_a_malformed_token_is_one_clear_line(
    tmp_path: Path, starter_serving: Serving, token: str
) -> None:
    """Says which setting to look at, and does not repeat the token."""
    with running_bot(tmp_path, starter_serving, start=False) as bot:
        bot.settings = bot.settings.model_copy(update={"telegram_token": SecretStr(token)})
        bot.start()
        bot.join()
        assert isinstance(bot.error, SettingsInvalid)
        assert "CDSBOT_TELEGRAM_TOKEN" in str(bot.error)
        assert token not in str(bot.error)


def test_every_message_stays_within_telegrams_length(bot: Running) -> None:
    """Whatever was shown so far in these tests."""
    texts = [m.text for chat in bot.standin.bot.chats.values() for m in bot.replies(chat)]
    assert texts
    assert max(map(units, texts)) <= 4096


@telegram_spec.needs_spec
def test_every_request_follows_the_specification(bot: Running) -> None:
    """Methods, fields, types and required ones, of all that these tests made the bot send."""
    methods = {call.method for call in bot.standin.calls}
    assert {"sendMessage", "editMessageText", "answerCallbackQuery", "answerInlineQuery"} <= methods
    telegram_spec.assert_calls_follow_the_specification(bot.standin.calls)
