"""Our answers beside those of a plain script, on the same questions in one run.

    python -m benchmarks.plain MODEL DATA QUESTIONS.jsonl… [--out FILE]

The script is what one writes in an afternoon: sentence-transformers in fp32, texts cut into windows of
WINDOW words, FAISS, and of the best windows' sentences the one nearest to the question. It is given our
reading of the files, and a threshold on the cosine below which it says nothing: the one that decides the
most of these very questions rightly, which is more than it would know. MODEL is a folder that
sentence-transformers opens (`python -m index.training.recover` makes one of fp32 weights).
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer
from tqdm import tqdm

from index.answer import Answerer
from index.evaluation.answers import Judged, Summary, measure, read_questions
from index.result import Answer, Quote
from index.retrieval.encoder import open_encoder
from index.store.generation import Generation, open_serving

WINDOW, OVERLAP = 180, 40  # words
READ = 5  # windows whose sentences are compared
_SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?](?!\s|$)[^\n.!?]*)*[.!?]?")


class Plain:
    """The script."""

    def __init__(self, model: SentenceTransformer, generation: Generation) -> None:
        self._model, self._generation = model, generation
        self._windows = [
            (entry.path, *span)
            for entry in generation.entries
            for span in _windows(generation.document(entry.path).text)
        ]
        vectors = self._encoded("passage: ", [self._text(*one) for one in tqdm(self._windows)])
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def ask(self, question: str, turns: Sequence[str] = ()) -> Answer:
        """The best sentence, with its cosine as confidence."""
        asked = self._encoded("query: ", [" ".join([*turns[-1:], question])])
        _, found = self._index.search(asked, READ)
        places = [
            (path, start + match.start(), start + match.end())
            for path, start, end in (self._windows[int(row)] for row in found[0])
            for match in _SENTENCE.finditer(self._text(path, start, end))
            if len(match[0].split()) > 3
        ]
        near = self._encoded("passage: ", [self._text(*one) for one in places]) @ asked[0]
        path, start, end = places[int(near.argmax())]
        quote = Quote(
            self._text(path, start, end), path, self._generation.entry[path].metadata, "", None,
            start, end, self._generation.entry[path].sha256,
        )  # fmt: skip
        return Answer(question, question, "answered", "", (quote,), confidence=float(near.max()))

    def _text(self, path: str, start: int, end: int) -> str:
        return self._generation.document(path).text[start:end]

    def _encoded(self, prefix: str, texts: Sequence[str]) -> Any:
        return self._model.encode(
            [prefix + text for text in texts], batch_size=16, normalize_embeddings=True
        )


def _windows(text: str) -> Iterator[tuple[int, int]]:
    words = list(re.finditer(r"\S+", text))
    for first in range(0, max(1, len(words) - OVERLAP), WINDOW - OVERLAP):
        held = words[first : first + WINDOW]
        if held:
            yield held[0].start(), held[-1].end()


def with_threshold(judged: Sequence[Judged]) -> list[Judged]:
    """What is below the best threshold is not answered."""
    best = max(
        (one.confidence for one in judged),
        key=lambda least: sum(
            one.right if one.question.answerable else one.confidence < least
            for one in judged
            if not one.question.answerable or one.confidence >= least
        ),
    )
    return [
        one if one.confidence >= best else replace(one, answered=False, outcome="absent")
        for one in judged
    ]


def row(who: str, judged: Sequence[Judged]) -> dict[str, Any]:
    """What is compared."""
    of, firm = Summary.of(judged), [one for one in judged if one.outcome == "answered"]
    answerable = [one for one in judged if one.question.answerable]
    return {
        "who": who,
        "questions": len(judged),
        "shown": round(float(np.mean([one.right for one in answerable])), 3),
        "wrongly refused": round(of.refused_wrongly.value or 0, 3),
        "refused rightly": round(of.refused_rightly.value or 0, 3),
        "right of firm answers": round(float(np.mean([one.right for one in firm])), 3),
        "processor ms": round(float(np.median([one.processor_milliseconds for one in judged]))),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    encoder = open_encoder()
    generation = open_serving(given.data, encoder.fingerprint)
    ours = Answerer(generation, encoder)
    plain = Plain(SentenceTransformer(str(given.model), device="cpu"), generation)
    table = []
    for file in given.questions:
        asked = read_questions(file)
        theirs = measure(asked, plain.ask, generation.document, progress=True)
        table += [
            {"set": file.stem, **row("cdsbot", measure(asked, ours.answer, generation.document, True))},
            {"set": file.stem, **row("script", theirs)},
            {"set": file.stem, **row("script with a threshold", with_threshold(theirs))},
        ]  # fmt: skip
    print(json.dumps(table, indent=1))
    if given.out:
        given.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
