"""Retrieval measured on a public question set: as typed, without diacritics, with slips."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.question.diacritics import Restorer, learn_library
from index.question.spelling import Speller
from index.question.typed import KEYS
from index.retrieval.encoder import Encoder
from index.retrieval.lexical import LexicalIndex
from index.retrieval.search import Part, Query, Searcher, Vectors, dense_index
from knowledge.abbreviations import Abbreviations
from knowledge.document import Document, Metadata
from knowledge.errors import CdsbotError, reason
from knowledge.split import passages
from knowledge.vietnamese import fold, nfc

Change = Callable[[str], str]


class SetUnreadable(CdsbotError):
    """A question set that is not there or not of the form asked for."""


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Passages to search, and questions with the rows of the passages that answer them."""

    name: str
    texts: tuple[str, ...]
    questions: tuple[str, ...]
    gold: tuple[frozenset[int], ...]


def bare(question: str) -> str:
    """The question as typed without a Vietnamese keyboard."""
    pairs = zip(nfc(question), fold(question), strict=True)
    return "".join(plain.upper() if typed.isupper() else plain for typed, plain in pairs)


_TELEX = {letter: keys for keys, letter in KEYS.items()}


def with_typos(question: str) -> str:
    """The question with two slips of the thumb, the same ones each time it is asked for."""
    random = Random(question)
    for _ in range(2):
        places = [
            at for at, letter in enumerate(question[:-1]) if (letter + question[at + 1]).isalpha()
        ]
        if not places:
            break
        at = random.choice(places)
        letter, following = question[at], question[at + 1]
        slips = [
            following + letter,  # swapped
            following,  # left out
            letter + letter + following,  # twice
            _TELEX.get(letter, random.choice("qwertyuiopasdfghjklzxcvbnm")) + following,
        ]
        question = question[:at] + random.choice(slips) + question[at + 2 :]
    return question


FORMS: dict[str, Change] = {"typed": str, "bare": bare, "typos": with_typos}


def unreadable(place: Path, error: Exception) -> SetUnreadable:
    """Why a set of questions is none, as whoever made it can understand."""
    why = "có dòng không đúng dạng JSON của một câu hỏi"
    if isinstance(error, KeyError):
        why = f"có dòng thiếu mục {error}"
    elif isinstance(error, OSError):
        why = reason(error)
    return SetUnreadable(f"Không đọc được bộ câu hỏi {place}: {why}.")


def read_set(folder: Path) -> RetrievalSet:
    """`passages.jsonl` (id, title, text), `questions.jsonl` (question, passage_id or passage_ids).

    Questions without a labelled passage are left out. Raises SetUnreadable.
    """
    try:
        passages = _rows(folder / "passages.jsonl")
        number = {row["id"]: at for at, row in enumerate(passages)}
        labelled = [
            (row["question"], frozenset(number[name] for name in _labels(row)))
            for row in _rows(folder / "questions.jsonl")
            if _labels(row)
        ]
    except (OSError, ValueError, KeyError) as error:
        raise unreadable(folder, error) from error
    if not labelled:
        raise SetUnreadable(f"Bộ câu hỏi {folder} không có câu hỏi nào kèm đoạn trả lời.")
    texts = tuple(f"{_title(row)}\n{row['text']}".strip() for row in passages)
    questions, gold = zip(*labelled, strict=True)
    return RetrievalSet(folder.name, texts, questions, gold)


def _rows(file: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]


def _title(row: dict[str, Any]) -> str:
    return str(row.get("title") or "").replace("_", " ")  # as Wikipedia writes it in addresses


def _labels(row: dict[str, Any]) -> list[str]:
    return row.get("passage_ids") or ([row["passage_id"]] if row.get("passage_id") else [])


def measures(ranks: Sequence[Sequence[int]]) -> dict[str, float]:
    """hit@1/5/10, MRR@10 and nDCG@10 from the 0-based ranks of each question's right passages."""
    first = np.array([min(found) for found in ranks])
    ideal = [sum(1 / np.log2(k + 2) for k in range(min(len(found), 10))) for found in ranks]
    gain = [sum(1 / np.log2(rank + 2) for rank in found if rank < 10) for found in ranks]
    return {
        **{f"hit@{k}": round(float((first < k).mean()), 4) for k in (1, 5, 10)},
        "mrr@10": round(float(np.where(first < 10, 1 / (first + 1), 0).mean()), 4),
        "ndcg@10": round(float(np.mean(np.divide(gain, ideal))), 4),
    }


def searcher_over(texts: Sequence[str], encoder: Encoder, progress: bool) -> Searcher:
    """A searcher over titled texts, encoded in the pieces a generation would cut them into."""
    pieces: list[str] = []
    owner: list[int] = []
    for number, text in enumerate(texts):
        title, _, body = text.rpartition("\n") if "\n" not in text else text.partition("\n")
        document = Document(str(number), body, Metadata(title))
        for passage in passages(document):
            pieces.append(f"{passage.heading}\n{body[passage.start : passage.end]}".strip())
            owner.append(number)
    with tqdm(total=len(pieces), desc="Mã hoá đoạn văn", unit="đoạn", disable=not progress) as bar:
        encoded = encoder.encode_document(pieces, [()] * len(pieces), bar.update)
    dense = dense_index(encoder.dimension)
    dense.add(encoded.texts)
    starts = np.cumsum([0, *encoded.sizes])
    every = Part(dense, encoded.tokens, starts, np.arange(len(pieces)))
    vectors = Vectors([every], np.array(owner))
    return Searcher(encoder, vectors, LexicalIndex.build(texts))


def _restorer_over(texts: Sequence[str]) -> Restorer:
    """The restorer that knows the texts' own words, as a generation's does."""
    with TemporaryDirectory() as folder:
        counts = Path(folder) / "language"
        learn_library(texts, counts)
        return Restorer.open(library=[counts])


def retrieval(data: RetrievalSet, encoder: Encoder, progress: bool) -> dict[str, Any]:
    """Measures of both halves and of the fused result for each of FORMS."""
    searcher = searcher_over(data.texts, encoder, progress)
    restorer = _restorer_over(data.texts)
    speller = Speller.over(restorer, Abbreviations.open())
    report: dict[str, Any] = {
        "set": data.name, "passages": len(data.texts), "questions": len(data.questions)
    }  # fmt: skip
    for form, change in FORMS.items():
        found: dict[str, list[list[int]]] = {"dense": [], "lexical": [], "fused": []}
        asked = list(zip(data.questions, data.gold, strict=True))
        for question, gold in tqdm(asked, form, unit="câu", disable=not progress):
            meant = speller.mended(nfc(change(question)))
            ranking = searcher.rank(Query(restorer.restore(meant), meant))
            for half, ranks in found.items():
                ranks.append(_ranks(getattr(ranking, half), gold))
        report[form] = {half: measures(ranks) for half, ranks in found.items()}
    return report


def _ranks(scores: NDArray[np.float32], gold: frozenset[int]) -> list[int]:
    """How many passages score above each right one; ties count against it."""
    return [int((scores >= scores[number]).sum()) - 1 for number in sorted(gold)]
