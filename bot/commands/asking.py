"""Questions from a terminal or a file, and their answers as scripts read them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tqdm import tqdm

from bot.commands.terminal import answer_lines, said
from bot.phrased import phrased
from bot.screens.standing import difference
from bot.screens.texts import VIETNAMESE
from bot.settings import Settings
from index.answer import Answerer
from index.question.understand import TURNS
from index.result import Answer, Quote
from index.serving import Serving
from knowledge.errors import CdsbotError

_CHAT_HELP = """\
Gõ câu hỏi như nói chuyện bình thường, mỗi lần một câu; hỏi tiếp được: “còn đến năm 2030 thì sao?”.
Xem các văn bản: `cdsbot library`. Các lệnh /tim, /vanban chỉ có trong Telegram và `cdsbot try`.
Gõ “thoát” để dừng."""
_LEAVE = {"thoát", "thoat", "exit", "quit"}


def batch(serving: Serving, lines: Sequence[str], explain: bool, contact: str = "") -> bool:
    """One line of JSON a question, in order; false when a line gave an error in its place."""
    answerer = serving.answerer()
    whole = True
    for number, line in enumerate(tqdm(lines, "Trả lời", unit="câu", disable=None), 1):
        if line.strip():
            row = _batch_row(answerer, number, line, explain, contact)
            whole &= "error" not in row
            print(json.dumps(row, ensure_ascii=False), flush=True)
    return whole


def _batch_row(
    answerer: Answerer, number: int, line: str, explain: bool, contact: str
) -> dict[str, Any]:
    label: dict[str, Any] = {"line": number}
    try:
        # a question may begin with a quotation mark or a bracket
        asked = json.loads(line) if line.lstrip().startswith("{") else {"question": line.strip()}
        if "id" in asked:
            label = {"id": asked["id"]}
        question, turns = _asked(asked)
        return label | answer_json(answerer.answer(question, turns), explain, contact)
    except json.JSONDecodeError as error:
        return label | {"error": f"dòng này không phải JSON: {error}"}
    except Exception as error:  # one line must never cost the answers to the others
        return label | {"error": str(error) or type(error).__name__}


def _asked(row: dict[str, Any]) -> tuple[str, list[str]]:
    question, turns = row.get("question"), row.get("turns") or []
    if not isinstance(question, str) or not isinstance(turns, list):
        raise CdsbotError('dòng này cần có dạng {"id": …, "question": "…", "turns": ["…"]}')
    if not question.strip():
        raise CdsbotError("câu hỏi trống")
    return sound(question), [sound(str(turn)) for turn in turns]


def chat(serving: Serving, settings: Settings) -> None:
    """Questions line by line until the end of input; works without a terminal too."""
    serving.answerer()  # an index that is missing shows before the first question, not after
    terminal = sys.stdin.isatty()
    if terminal:
        print("Gõ câu hỏi rồi bấm Enter; gõ “thoát” để dừng.")
    turns: list[str] = []
    for question in _questions(terminal):
        if question.startswith("/"):
            print(_CHAT_HELP, end="\n\n", flush=True)
            continue
        answer = serving.answerer().answer(question, turns[-TURNS:])
        for line in answer_lines(phrased(answer, settings), contact=settings.contact):
            print(line)
        print(flush=True)
        if answer.outcome != "refused":  # thanks and small talk are nothing to go on from
            turns.append(question)


def _questions(terminal: bool) -> Iterator[str]:
    while True:
        print("Bạn hỏi: " if terminal else "", end="", flush=True)
        line = sys.stdin.readline()
        question = sound(line).strip()
        if not line or question.lower() in _LEAVE:
            if terminal and not line:
                print()  # Ctrl+D leaves the cursor behind the prompt
            return
        if question:
            yield question


def sound(text: str) -> str:
    """`text` without the lone surrogates no encoder takes."""
    return text.encode("utf-8", "replace").decode()


def answer_json(answer: Answer, explain: bool = False, contact: str = "") -> dict[str, Any]:
    """An answer as the command line promises it to scripts; `explain` adds the steps."""
    differ = [difference(answer, VIETNAMESE)] if answer.differing else []
    lines = [said(answer, contact), *differ, *(quote.text for quote in answer.quotes)]
    row: dict[str, Any] = {
        "answered": answer.answered,
        "outcome": answer.outcome,
        "understood": answer.understood,
        "text": "\n\n".join(lines),
        "quotes": [_quote_json(quote) for quote in answer.quotes],
        "candidates": [
            {
                "document": candidate.document,
                "section": candidate.section,
                "score": candidate.score,
                "start": candidate.start,
                "end": candidate.end,
            }
            for candidate in answer.candidates
        ],
        "confidence": answer.confidence,
        "milliseconds": answer.milliseconds,
    }
    row |= {name: value for name in ("meant", "refused") if (value := getattr(answer, name))}
    if answer.differing:
        row["differing"] = [{"quote": c.quote, "value": c.value} for c in answer.differing]
    if answer.phrased:
        row["phrased"] = answer.phrased
    if answer.parts:
        row["parts"] = [
            {"question": p.question, **answer_json(p, explain, contact)} for p in answer.parts
        ]
    if explain:
        row["steps"] = [
            {"name": step.name, "detail": step.detail, "milliseconds": step.milliseconds}
            for step in answer.steps
        ]
    return row


def _quote_json(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "document": quote.document,
        "title": quote.metadata.title,
        "number": quote.metadata.number,
        "date": quote.metadata.date,
        "issuer": quote.metadata.issuer,
        "status": quote.metadata.status,
        "section": quote.section,
        "page": quote.page,
        "start": quote.start,
        "end": quote.end,
        "sha256": quote.sha256,
        "url": quote.metadata.url,
    } | {name: value for name in ("scanned", "origin") if (value := getattr(quote, name))}
