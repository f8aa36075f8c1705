"""How much a person has to read: `python -m tests.measure_length DATA QUESTIONS.jsonl…`.

DATA is a data folder with an index. Words are those of the whole message, source line and notes too,
without and with what is folded; of the answers that hold the words asked for, it tells how many show them
before a tap. With `--fit` each answer is also drawn in Chromium on the try-out
page, 390 by 844: does it fit with its buttons between the page's head and its foot?
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import re
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.commands.try_out import try_out
from bot.records import Kept
from bot.screens.answers import answer_screen
from bot.screens.catalogue import Catalogue
from bot.screens.render import Screen
from bot.screens.texts import VIETNAMESE
from bot.settings import Settings
from index.evaluation.answers import MANY, Question, collapsed, read_questions
from index.result import Answer
from index.retrieval.encoder import open_encoder
from index.serving import Serving
from tests.chromium import Browser
from tests.running_bot import free_port

_FOLD = re.compile(r"<blockquote expandable>.*?</blockquote>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"\S*\w\S*")  # not the dots between facts
_SIGNS = re.compile(r"[\w%,]+")
_HEIGHTS = """(() => {
  const message = document.querySelector(".message:last-child");
  return [message.getBoundingClientRect().height, document.querySelector("#chat").clientHeight];
})()"""


@dataclass(frozen=True, slots=True)
class Length:
    """Words of one answer's first page."""

    question: Question
    shown: int
    with_fold: int
    holds: bool  # the words that answer
    opens: bool  # shows them before a tap


def screen_of(answer: Answer, catalogue: Catalogue) -> Screen:
    kept = Kept(1, 1, "question", 1, None, answer, (), {}, None)
    return answer_screen(kept, VIETNAMESE, catalogue, "", "bot")


def words(markup: str) -> int:
    return len(_WORD.findall(html.unescape(_TAG.sub(" ", markup))))


def answers(question: Question, markup: str) -> bool:
    """Whether a page has the evidence, or all words required, whatever the marks between."""
    text = _letters(html.unescape(_TAG.sub(" ", markup)))
    required = [_letters(words) for words in question.answer_contains]
    evidence = _letters(question.evidence)
    return (bool(required) and all(one in text for one in required)) or (
        bool(evidence) and evidence in text
    )


def _letters(text: str) -> str:
    return " ".join(_SIGNS.findall(collapsed(text)))


def measured(questions: Sequence[Question], serving: Serving) -> list[Length]:
    """Of each question that is answered."""
    answerer = serving.answerer()
    catalogue = Catalogue(answerer.generation)
    lengths = []
    for question in questions:
        answer = answerer.answer(question.question, question.turns)
        if answer.answered:
            page = screen_of(answer, catalogue).html
            first = _FOLD.sub(" ", page)
            told = answers(question, page), answers(question, first)
            lengths.append(Length(question, words(first), words(page), *told))
    return lengths


async def heights(questions: Sequence[Question], serving: Serving, folder: Path) -> list[float]:
    """Of each answer with its buttons, as a share of the room between head and foot."""
    stopping, page = asyncio.Event(), asyncio.get_running_loop().create_future()
    settings = Settings(webhook_port=free_port())
    bot = asyncio.create_task(try_out(settings, serving, page.set_result, stopping))
    browser = await Browser.open(folder / "chromium")
    await browser.go((await page).url)
    await browser.look(width=390, height=844)
    await browser.click("#start")
    count = "document.querySelectorAll('.message:not(.own)').length"
    await browser.until(f"{count} === 1")
    found = []
    for number, question in enumerate(questions, 2):
        await browser.click("#input")
        await browser.type(question.question)
        await browser.press("Enter", 13)
        await browser.until(f"{count} === {number}")
        height, room = await browser.run(_HEIGHTS)
        found.append(height / room)
    await browser.close()
    stopping.set()
    await bot
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    serving = Serving(given.data, open_encoder(""), "")
    questions = [question for file in given.files for question in read_questions(file)]
    single = [q for q in questions if q.answerable and q.style not in MANY]
    lengths = measured(single, serving)
    figures: dict[str, object] = {
        "answered, no lists": len(lengths),
        "words, median": statistics.median(one.shown for one in lengths),
        "with the fold, median": statistics.median(one.with_fold for one in lengths),
        "hold the words that answer": sum(one.holds for one in lengths),
        "of these before a tap": sum(one.opens for one in lengths),
        "words, nine in ten": sorted(one.shown for one in lengths)[len(lengths) * 9 // 10],
    }
    if given.fit:
        alone = [one.question for one in lengths if not one.question.turns]
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            shares = asyncio.run(heights(alone, serving, Path(folder)))
        figures["fit a phone"] = round(sum(share <= 1 for share in shares) / len(shares), 3)
        worst = sorted(zip(shares, alone, strict=True), key=lambda one: -one[0])[:10]
        figures["longest"] = [f"{share:.2f} {question.question}" for share, question in worst]
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
