"""Questions over a library that say where their answer stands, and what would answer them.

A row of a question file holds question, turns before it, answerable, document, also (others that answer
as well), evidence (verbatim) and answer_contains (words of which an answer must hold all).
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.answer import Answerer
from index.evaluation.answers import collapsed
from index.evaluation.lines import json_lines
from index.evaluation.retrieval import bare
from index.evidence.found import Found
from index.evidence.quoting import LEAD
from index.evidence.stretches import list_around, widened
from index.result import Quote
from index.retrieval.encoder import open_encoder
from index.store.generation import open_serving

Question = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions, and what answers them over their documents."""

    answerer: Answerer
    questions: list[Question]


def takes_questions(parser: ArgumentParser) -> None:
    """A data folder and the question files over it, as often as there are libraries."""
    parser.add_argument(
        "--over", nargs="+", action="append", type=Path, required=True, metavar="DATA QUESTIONS",
    )  # fmt: skip


def opened(over: Sequence[Sequence[Path]]) -> Iterator[Asked]:
    """What `takes_questions` took."""
    encoder = open_encoder()
    for data, *files in over:
        answerer = Answerer(open_serving(data, encoder.fingerprint), encoder)
        yield Asked(answerer, read_questions(files, answerer))


def read_questions(files: Sequence[Path], answerer: Answerer) -> list[Question]:
    """As typed, then without diacritics; what is refused outright is never looked up."""
    rows = [row for file in files for row in json_lines(file)]
    rows += [plain for row in rows for plain in _bare(row)]
    return [row for row in rows if not answerer.refusal(row["question"], row["turns"])]


def _bare(question: Question) -> Iterator[Question]:
    """The same question without diacritics, where it has any: half of the people type so."""
    plain = bare(question["question"])
    if plain != question["question"]:
        yield {**question, "question": plain, "turns": [bare(turn) for turn in question["turns"]]}


def found_elsewhere(answerer: Answerer, question: Question) -> tuple[Found, ...]:
    """What is found without the documents that answer it; nothing where the question names a document."""
    generation = answerer.generation
    if any(
        one.scope.absent or one.scope.rows or one.scope.span or one.scope.documents
        for one in answerer.find_all(question["question"], question["turns"])
    ):
        return ()
    told = {path for path in (question["document"], *question["also"]) if path in generation.entry}
    numbers = {generation.entry[path].metadata.number for path in told} - {""}
    rows = [
        row
        for entry in generation.entries
        if entry.path in told or entry.metadata.number in numbers
        for row in entry.rows
    ]
    return answerer.find_all(question["question"], question["turns"], rows)


def tells_part(text: str, question: Question) -> bool:
    """Whether a text holds the beginning of the evidence, or any of the words that must be said."""
    shown = collapsed(text)
    must = [collapsed(words) for words in question["answer_contains"] if len(words) > 6]
    evidence = collapsed(question["evidence"])[:60]
    return (bool(evidence) and evidence in shown) or any(words in shown for words in must)


def shows(quotes: Sequence[Quote], question: Question) -> bool:
    """As an evaluation judges it: the evidence, or all that must be said."""
    shown = collapsed(" ".join(quote.text for quote in quotes))
    evidence, must = collapsed(question["evidence"]), question["answer_contains"]
    told = bool(must) and all(collapsed(words) in shown for words in must)
    return bool(question["answerable"]) and (told or (bool(evidence) and evidence in shown))


def answers(answerer: Answerer, found: Found, at: int, question: Question) -> bool:
    """Whether quoting from this sentence would show the evidence or what must be said."""
    sentence = found.sentences[at]
    generation = answerer.generation
    path, span = sentence.document, sentence.span
    if path not in (question["document"], *question["also"]):
        return False
    document, outline = generation.document(path), generation.outline(path)
    opens = sentence.text_in(generation).endswith(":")
    wants_list = found.understanding.answer_kind == "list"
    whole = list_around(document, outline, span) if opens or wants_list else None
    start, end = whole or widened(document, outline, span, LEAD)
    shown = collapsed(document.text[start:end])
    evidence = collapsed(question["evidence"])
    cells = [cell for cell in map(str.strip, evidence.split("|")) if cell]
    if all(cell in shown for cell in cells) or (len(shown) > 25 and shown in evidence):
        return True  # the whole, or all cells of a row, which is read with its heads
    must = [collapsed(words) for words in question["answer_contains"]]
    near = len(must[0]) > 8 or evidence[:40] in shown or evidence[-40:] in shown
    return near and any(words in shown for words in must)
