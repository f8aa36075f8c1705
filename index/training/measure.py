"""How well a model finds the passage a question was asked about: the dense half alone."""

import argparse
import json
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.evaluation.lines import json_lines
from index.training import checkpoint

Floats = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Floats]

FORMS = (TITLED, UNTITLED) = ("title and text", "text")
PASSAGE_TOKENS = 384
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over the questions that have an answer."""

    questions: int
    hit_at_1: float
    mrr_at_10: float
    ndcg_at_10: float


def figures(scores: Floats, relevant: Sequence[set[int]]) -> Figures:
    """The measures of a matrix of scores, a row for each question."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
    hits = np.array(
        [
            [place in right for place in row]
            for row, right in zip(best.tolist(), relevant, strict=True)
        ]
    )
    gains = 1 / np.log2(np.arange(DEPTH) + 2)
    ideal = np.array([gains[: len(right)].sum() for right in relevant])
    first = np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1), 0)
    return Figures(
        questions=len(relevant),
        hit_at_1=round(float(hits[:, 0].mean()), 4),
        mrr_at_10=round(float(first.mean()), 4),
        ndcg_at_10=round(float(((hits * gains[: hits.shape[1]]).sum(axis=1) / ideal).mean()), 4),
    )


def measured(embed: Embed, folder: Path, forms: Collection[str] = FORMS) -> dict[str, Figures]:
    """Figures on one public set, for passages with their title and without."""
    passages = json_lines(folder / "passages.jsonl")
    places = {str(passage["id"]): place for place, passage in enumerate(passages)}
    questions = [
        (str(row["question"]), _labels(row)) for row in json_lines(folder / "questions.jsonl")
    ]
    labelled = [
        (question, {places[label] for label in labels}) for question, labels in questions if labels
    ]
    asked = embed([checkpoint.QUERY_PREFIX + question for question, _ in labelled])
    relevant = [right for _, right in labelled]
    searched = {
        TITLED: [titled(passage) for passage in passages],
        UNTITLED: [str(passage["text"]) for passage in passages],
    }
    return {
        form: figures(
            asked @ embed([checkpoint.PASSAGE_PREFIX + text for text in texts]).T, relevant
        )
        for form, texts in searched.items()
        if form in forms
    }


def titled(passage: Mapping[str, object]) -> str:
    """The passage with its title before it, as it is indexed."""
    title = str(passage["title"]).replace("_", " ")
    return f"{title}: {passage['text']}"


def _labels(row: Mapping[str, object]) -> list[str]:
    several = row.get("passage_ids")
    if isinstance(several, list):
        return [str(label) for label in several]
    return [str(row["passage_id"])] if row.get("passage_id") else []


def embedder(folder: Path) -> Embed:
    """The model in `folder`: a checkpoint in fp32, or the exported one."""
    tokenizer = checkpoint.load_tokenizer(folder, PASSAGE_TOKENS)
    exported = folder / "model.onnx"
    if exported.exists():
        return exported_embedder(exported, tokenizer)
    model = checkpoint.load_model(folder)
    return lambda texts: checkpoint.embed(model, tokenizer, texts)


def exported_embedder(file: Path, tokenizer: Tokenizer) -> Embed:
    """The ONNX model, one text at a time; up to version 5 it asked for a mask as well."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options)
    asked = [one.name for one in session.get_inputs()]

    def one(ids: Sequence[int]) -> Floats:
        batch = np.array([ids], dtype=np.int64)
        given = {"input_ids": batch, "attention_mask": np.ones_like(batch)}
        (hidden,) = session.run(None, {name: given[name] for name in asked})
        mean: Floats = hidden[0].mean(axis=0)
        return mean / np.linalg.norm(mean)

    return lambda texts: np.stack([one(tokenizer.encode(text).ids) for text in texts])


def measure(
    model: Path, sets: Path, forms: Collection[str] = FORMS
) -> dict[str, dict[str, Figures]]:
    """Figures of the model on every set in the folder `sets`."""
    embed = embedder(model)
    return {
        folder.name: measured(embed, folder, forms)
        for folder in sorted(sets.iterdir())
        if (folder / "passages.jsonl").exists()
    }


def as_json(result: Mapping[str, Mapping[str, Figures]]) -> dict[str, dict[str, object]]:
    """The figures as they are kept in a file."""
    return {
        name: {form: asdict(values) for form, values in forms.items()}
        for name, forms in result.items()
    }


def main() -> int:
    """Command line of the measurement."""
    parser = argparse.ArgumentParser(description=measure.__doc__)
    parser.add_argument("model", type=Path, help="a checkpoint or an exported model")
    parser.add_argument("sets", type=Path, help="the folder of public question sets")
    parser.add_argument("--name", help="what to call the model; default: its folder's name")
    parser.add_argument("--out", type=Path, help="write the JSON there as well")
    parser.add_argument("--form", choices=FORMS, action="append", help="of the passages; both")
    given = parser.parse_args()
    found = measure(given.model, given.sets, given.form or FORMS)
    result = {"model": given.name or given.model.name, "sets": as_json(found)}
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
