"""The bot's memory: what outlives a restart, and what is forgotten when it should be."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.database.connection import MemoryFailed
from bot.database.naming import Key
from bot.database.sqlite import Sqlite
from bot.database.tables import INBOX
from bot.delivery.memory import Memory
from bot.delivery.state import State
from bot.delivery.stored import dump_answer, load_answer
from bot.reports.figures import alike
from index.result import Answer, Candidate, Outcome, Quote, Step
from knowledge.document import Metadata
from tests.conftest import Clock

QUOTE = Quote("lời", "a.md", Metadata("Tên", number="1", status="expired"), "Điều 1", 2, 0, 3, "f")
ANSWER = Answer(
    question="hỏi?",
    understood="hỏi?",
    outcome="answered",
    text="Văn bản ghi:",
    quotes=(QUOTE,),
    candidates=(Candidate("a.md", "Tên", "Điều 1", 0.5, 0, 3),),
    confidence=0.75,
)


@pytest.fixture
def in_file(file: Path) -> Iterator[State]:
    """For what only files know."""
    state = State(file)
    yield state
    state.close()


def driver(state: State) -> sqlite3.Connection:
    """The connection under all."""
    assert isinstance(state._database, Sqlite)
    return state._database._file


def parked(state: State) -> list[tuple[int, str]]:
    """The updates that were set aside, and why."""
    which = select(INBOX.c.update_id, INBOX.c.problem).where(INBOX.c.state == "parked")
    with state.database.reading() as db:
        return [(row.update_id, row.problem) for row in db.execute(which)]


def keep(
    state: State,
    question: str = "hỏi?",
    outcome: Outcome = "answered",
    chat: int = 7,
    user: int = 7,
    question_message: int = 1,
) -> int:
    """An answer that was sent."""
    answer = replace(ANSWER, question=question, outcome=outcome)
    number = state.keep(
        answer, chat=chat, user=user, question_message=question_message, asked=state.clock()
    ).id
    state.shown_in(number, 1000 + number)
    return number


def test_a_commit_is_on_the_disk(in_file: State) -> None:
    """WAL with synchronous=FULL: a power cut after `take` loses nothing."""
    assert driver(in_file).execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert driver(in_file).execute("PRAGMA synchronous").fetchone()[0] == 2


def test_what_was_taken_waits_until_it_is_done_also_in_the_next_run(
    state: State, place: Path | str, key: Key
) -> None:
    """In order; and its words go when it is done."""
    bodies: list[dict[str, Any]] = [{"update_id": 5, "a": "ă"}, {"update_id": 3, "b": 2}]
    taken = state.take(bodies)
    assert [one.update_id for one in taken] == [5, 3]
    state.close()
    again = State(place, key=key)
    assert [one.body for one in again.waiting()] == bodies
    first = again.adopt()[0]
    assert first == taken[0]
    again.done(first.seq)
    assert [one.update_id for one in again.waiting()] == [3]
    with again._database.reading() as db:
        assert db.scalar(select(INBOX.c.body).where(INBOX.c.update_id == 5)) == ""
    again.close()


def test_the_same_update_again_is_dropped(state: State) -> None:
    """Telegram repeats what was not confirmed, also after it was dealt with."""
    (taken,) = state.take([{"update_id": 5}])
    assert state.take([{"update_id": 5}]) == []
    state.done(taken.seq)
    assert state.take([{"update_id": 5}, {"update_id": 6}])[0].update_id == 6


def test_after_two_days_the_same_id_is_another_update(state: State, clock: Clock) -> None:
    """Ids start anew at random; the old reply is not taken for the new one's."""
    (taken,) = state.take([{"update_id": 5}])
    state.sending(5, 7, None)
    state.sent(5, 100)
    state.done(taken.seq)
    clock.now += 2 * 86400 + 1
    assert [one.update_id for one in state.take([{"update_id": 5}])] == [5]
    assert state.send(5) is None


def test_a_damaged_file_is_told_and_opened_anew_once_it_is_whole(
    in_file: State, file: Path
) -> None:
    """What the connection still holds of the damaged one does not count."""
    state = in_file
    assert state.problem() == ""
    state.take([{"update_id": 5}])
    other = State(file)
    other.set_fact("a", "b")  # so that the first one has to read again
    driver(other).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = file.read_bytes()
    file.write_bytes(b"damaged!" * (len(whole) // 8))
    with pytest.raises(MemoryFailed):
        state.take([{"update_id": 6}])
    assert state.problem() != ""
    other.close()
    for leftover in file.parent.glob("bot.sqlite3-*"):
        leftover.unlink()
    file.write_bytes(whole)
    assert state.problem() == ""
    assert [one.update_id for one in state.take([{"update_id": 5}, {"update_id": 6}])] == [6]


def test_a_file_that_was_deleted_is_made_anew(in_file: State, file: Path) -> None:
    """Else all would be written to a file without a name, and be gone with the process."""
    state = in_file
    file.unlink()
    assert state.problem() != ""
    assert state.problem() == ""
    assert len(state.take([{"update_id": 6}])) == 1
    again = State(file)
    assert [one.update_id for one in again.waiting()] == [6]
    again.close()


def test_half_a_batch_is_no_batch(state: State) -> None:
    """What fails in the middle stores nothing: the whole of it comes again."""
    with pytest.raises(KeyError):
        state.take([{"update_id": 1}, {"no": "id"}])
    assert state.waiting() == []
    assert len(state.take([{"update_id": 1}])) == 1


def test_a_parked_update_waits_no_more(state: State) -> None:
    """Its bytes stay for whoever looks into it."""
    (taken,) = state.take([{"update_id": 5}])
    state.park(taken.seq, "KeyError")
    assert state.waiting() == []
    assert parked(state) == [(5, "KeyError")]


def test_sending_then_sent(state: State) -> None:
    """The mark before the call, the receipt after it; a refusal takes the mark back."""
    number = state.keep(ANSWER, chat=7, user=7, question_message=1, asked=state.clock()).id
    state.take([{"update_id": 5}])
    state.sending(5, 7, number)
    mark = state.send(5)
    assert mark is not None
    assert (mark.state, mark.answer) == ("sending", number)
    state.not_sent(5)
    assert state.send(5) is None
    state.sending(5, 7, number)
    state.sent(5, 100)
    kept = state.answer_shown(7, 100)
    assert kept is not None
    assert kept.id == number


def test_an_answer_comes_back_as_it_was(state: State) -> None:
    """All that its buttons need, parts and metadata included."""
    refused = replace(ANSWER, outcome="refused", refused="thanks", quotes=())
    whole = replace(ANSWER, parts=(ANSWER, refused))
    assert load_answer(dump_answer(whole)) == whole
    noted = replace(whole, steps=(Step("a", "b"),), milliseconds={"x": 1.0})
    assert load_answer(dump_answer(noted)) == whole
    given = state.keep(
        whole,
        chat=7,
        user=8,
        question_message=1,
        asked=state.clock(),
        turns=("trước",),
        hashes={"a.md": "f"},
    )
    assert (given.answer, given.turns, given.hashes) == (whole, ("trước",), {"a.md": "f"})
    assert state.kept(given.id, 7) == given


def test_an_attempt_that_was_never_sent_is_replaced(state: State) -> None:
    """Killed before sending: the question counts once."""
    asked = state.clock()
    for _ in range(3):
        state.keep(ANSWER, chat=7, user=7, question_message=1, asked=asked)
    assert sum(day.questions for day in state.stats(0).days) == 1


def turns(state: State, chat: int, user: int, since: float = 0) -> tuple[str, ...]:
    return tuple(kept.answer.question for kept in state.recent(chat, user, since))


def test_context_is_a_persons_own_recent_questions(state: State, clock: Clock) -> None:
    """Oldest first, the last eight; other people's and expired ones stay out."""
    keep(state, "cũ")
    clock.now += 3600
    for number in range(9):
        keep(state, f"câu {number}", question_message=10 + number)
    keep(state, "của người khác", user=9, question_message=20)
    assert turns(state, 7, 7, clock.now - 1800) == tuple(f"câu {n}" for n in range(1, 9))
    assert turns(state, 7, 9, clock.now - 1800) == ("của người khác",)
    assert turns(state, 8, 7) == ()


def test_figures(state: State, clock: Clock) -> None:
    """Questions a day in Vietnam's time, answered share, seconds, thumbs and reasons."""
    clock.now = 1_799_956_800.0  # 2027-01-14 17:00 UTC is 2027-01-15 00:00 in Hà Nội
    first = keep(state, "a")
    clock.now += 86400
    second = keep(state, "b", "absent", question_message=2)
    third = keep(state, "c", "uncertain", question_message=3)
    state.take([{"update_id": 5}])
    state.sending(5, 7, third)
    clock.now += 2.5
    state.sent(5, 100)
    state.thumb(first, up=True)
    state.reason(second, "d")
    state.thumb(third, up=False)
    state.thumb(third, up=True)
    stats = state.stats(0)
    assert [(day.questions, day.answered) for day in stats.days] == [(1, 1), (2, 1)]
    assert stats.median_seconds == 2.5
    assert (stats.up, stats.down, stats.reasons) == (2, 1, {"d": 1})


def test_the_unanswered_are_listed_newest_first(state: State) -> None:
    """Those the documents did not answer; refusals are no gap in the library."""
    keep(state, "một", "absent")
    keep(state, "hai", "nonexistent", question_message=2)
    keep(state, "ba", "refused", question_message=3)
    keep(state, "bốn", question_message=4)
    assert state.unanswered(0) == ["hai", "một"]


def test_alike_questions_are_one_group() -> None:
    """With or without diacritics, in another order; the most asked first."""
    questions = ["Học phí bao nhiêu?", "giá vàng hôm nay", "hoc phi bao nhieu", "Bao nhiêu học phí"]
    assert alike(questions) == [[questions[0], questions[2], questions[3]], [questions[1]]]


def test_erasing_leaves_nothing_of_a_chat(state: State) -> None:
    """Not in any table, nor of what the person asked elsewhere; others keep theirs."""
    keep(state, "bí mật")
    keep(state, "bí mật trong nhóm", chat=9)
    keep(state, "khác", chat=8, user=8)
    state.set_language(7, "en")
    state.take([{"update_id": 5}])
    state.sending(5, 7, None)
    state.first_of_album(7, "x", 5)
    state.forget(7)
    assert turns(state, 7, 7) == ()
    assert turns(state, 9, 7) == ()
    assert turns(state, 8, 8) == ("khác",)
    assert state.language(7) is None
    assert state.send(5) is None


def test_erasing_leaves_nothing_in_the_file(in_file: State, file: Path) -> None:
    """Not in its bytes, nor in those of its journal; other chats keep theirs."""
    keep(in_file, "bí mật")
    keep(in_file, "khác", chat=8, user=8)
    in_file.forget(7)
    files = b"".join(one.read_bytes() for one in file.parent.glob("bot.sqlite3*"))
    assert "bí mật".encode() not in files
    assert "khác".encode() in files


def test_answers_are_kept_for_180_days(state: State, clock: Clock) -> None:
    """As /help promises."""
    old = keep(state, "cũ")
    clock.now += 181 * 86400
    keep(state, "mới", question_message=2)
    assert state.kept(old, 7) is None


def test_a_clock_that_jumps_ahead_erases_nothing(state: State, clock: Clock) -> None:
    """Time goes on as far as Telegram says; then what is due goes."""

    def written(number: int, date: float) -> None:
        for taken in state.take([{"update_id": number, "message": {"date": int(date)}}]):
            state.done(taken.seq)

    began = clock.now
    written(5, began)
    old = keep(state, "cũ")
    clock.now += 400 * 86400
    keep(state, "mới", question_message=2)
    assert state.kept(old, 7) is not None
    assert state.take([{"update_id": 5, "message": {"date": int(began)}}]) == []
    written(6, began + 181 * 86400)
    keep(state, "mới hơn", question_message=3)
    assert state.kept(old, 7) is None


def test_one_picture_speaks_for_its_album_also_after_a_restart(state: State) -> None:
    """The same one each time it is tried."""
    assert state.first_of_album(7, "x", 5)
    assert not state.first_of_album(7, "x", 6)
    assert state.first_of_album(7, "x", 5)
    assert state.first_of_album(8, "x", 6)


def test_two_who_ask_how_the_memory_is_are_both_answered(tmp_path: Path) -> None:
    """Though the second asks anew between the first's answer and its waking."""

    async def scene() -> str:
        memory = Memory(State(tmp_path / "bot.sqlite3"))
        first = asyncio.create_task(memory.problem())
        await asyncio.sleep(0)
        assert memory._asking is not None
        await memory._asking
        memory._asking = asyncio.create_task(asyncio.sleep(60, "later"))
        said = await first
        memory._asking.cancel()
        return said

    assert asyncio.run(scene()) == ""
