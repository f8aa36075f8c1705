"""People who ask at a steady pace, each in a chat of their own, and how long each question waits."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from bot.local_api import Chat, Person, Seen, StandIn
from bot.screens.texts import VIETNAMESE

NOTICES = (VIETNAMESE.lost, VIETNAMESE.apology, VIETNAMESE.no_index, VIETNAMESE.wait)


@dataclass(frozen=True, slots=True)
class Question:
    chat: Chat
    message: int
    at: float  # by the stand-in's clock


class Steady:
    """Chats take turns, so that none asks faster than a person."""

    def __init__(
        self, standin: StandIn, chats: int, questions: Sequence[str], chance: random.Random
    ) -> None:
        self.standin = standin
        people = [standin.person(f"Người {number}") for number in range(chats)]
        self.places = [(person, standin.private(person, begun=True)) for person in people]
        self.asked: list[Question] = []
        self._turns = cycle(self.places)
        self._questions, self._chance = questions, chance
        self._over = threading.Event()

    def start(self, rate: float) -> threading.Thread:
        """Ask `rate` times a second, until `stop`."""
        thread = threading.Thread(target=self._ask, args=(rate,), daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self._over.set()

    def _ask(self, rate: float) -> None:
        began, count = time.monotonic(), 0
        while not self._over.wait(max(0.0, began + count / rate - time.monotonic())):
            self.put(*next(self._turns))
            count += 1

    def put(self, person: Person, chat: Chat) -> None:
        with self.standin.lock:  # or an answer may take the number in between
            question = Question(chat, chat.next_message, self.standin.clock())
            self.standin.send_text(chat, person, self._chance.choice(self._questions))
        self.asked.append(question)

    def settled(self, seconds: float) -> bool:
        """Whether each has a reply, within so many seconds. Looks seldom: to look takes time itself."""
        for _ in range(int(seconds) + 1):
            if all(any(answers(self.standin, one)) for one in self.asked):
                return True
            time.sleep(1)
        return False

    def waited(self) -> list[float]:
        """Seconds from each question that was answered to its answer, in the order asked."""
        arrived = {
            (call.params["chat_id"], call.answer["message_id"]): call.time
            for call in self.standin.called("sendMessage")
            if call.status == 200
        }
        return [
            arrived[one.chat.id, seen.message_id] - one.at
            for one in self.asked
            for seen in answers(self.standin, one)[:1]
        ]


def replies(standin: StandIn, question: Question) -> list[Seen]:
    """All that stands in the chat as a reply to one question."""
    with standin.lock:
        seen = standin.visible(question.chat)
    return [one for one in seen if one.from_bot and one.reply_to == question.message]


def answers(standin: StandIn, question: Question) -> list[Seen]:
    """The same, less what is no answer."""
    return [one for one in replies(standin, question) if one.text not in NOTICES]


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else 0.0
