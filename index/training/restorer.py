"""Learns the diacritics restorer: `python -m index.training.restorer TRAIN_FOLDER OUT_FILE`.

Reproducible; on one thread nine minutes of processor time and 2.3 GB of memory.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from index.evaluation.lines import json_lines
from index.question.diacritics import (
    END,
    NUMBER,
    PIECE,
    SPECIAL,
    STEP,
    UNKNOWN,
    Codes,
    Floats,
    Ints,
    code,
    fold,
    is_syllable,
    normal,
)
from index.training import gate
from index.training.lessons import written_questions
from index.training.marked import HELD_OUT, read_marked
from index.training.restorer_questions import PATTERNS, PHRASES

SEED = 11
QUESTIONS = 400_000
REPEATED = 8  # a written question counts as much as so many made by pattern
MARKED = 0.35  # of a question's words at least, else it was typed without marks
HELD_BACK = 200  # one article or paragraph in so many is kept for fitting weights
MOST_FORMS = 15  # marked forms kept for one bare syllable
PAIRS, TRIPLES = 500_000, 1_000_000
WORD_SIZE, REACH, HIDDEN, INNER = 48, 5, 256, 128
BATCH, STEPS, RATE = 4096, 6000, 3e-3
# Codification notes ("this article relates to…") are cross-references, not sentences.
_NOTE = re.compile(r"\(?Điều này có nội dung liên quan.*?(?:\)\s*$|\)(?=\n)|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything read, as one sequence of word numbers."""

    words: list[str]
    outputs: tuple[int, int]  # the words which a bare syllable may become
    ids: Ints
    capital: NDArray[np.int8]
    held: NDArray[np.bool_]
    bare: Ints  # the number of each word without its marks
    law: int  # how many of the pieces, from the first, are law; the rest is encyclopaedia


def texts(path: Path) -> Iterator[str]:
    """The texts of a training file, headings as sentences of their own."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            heading = record.get("heading")
            text = _NOTE.sub("", record["text"])
            yield f"{heading}.\n{text}" if heading else text


def written_lines() -> Iterator[str]:
    """What was written as people write to the bot, with its marks, each a sentence of its own."""
    asked = (one.question for one in read_marked() if one.writer not in HELD_OUT)
    written = chain(
        *written_questions().values(), asked, (row["text"] for row in json_lines(gate.MESSAGES))
    )
    for line in filter(is_marked, dict.fromkeys(written)):
        yield line if line.endswith(("?", ".", "!")) else f"{line}."


def is_marked(text: str) -> bool:
    words = [piece for piece in map(normal, PIECE.findall(text)) if piece.isalpha()]
    return sum(fold(word) != word for word in words) >= MARKED * len(words)


def read(folder: Path) -> Corpus:
    """Split, number and fold the training texts."""
    pieces: dict[str, int] = {}
    laws, articles, questions = (
        [
            np.array([pieces.setdefault(p, len(pieces)) for p in PIECE.findall(text)], np.int32)
            for text in source
        ]
        for source in (
            texts(folder / "legal.jsonl.gz"), texts(folder / "wiki.jsonl.gz"), written_lines()
        )
    )  # fmt: skip
    runs = laws + articles
    back = np.arange(len(runs)) % HELD_BACK == 0
    runs += questions * REPEATED
    back = np.append(back, np.zeros(len(questions) * REPEATED, bool))
    held = np.repeat(back, [len(run) for run in runs])
    sequence = np.concatenate(runs)
    written = [normal(piece) for piece in pieces]
    counts: Counter[str] = Counter()
    for word, count in zip(written, np.bincount(sequence).tolist(), strict=True):
        counts[word] += count
    words, outputs = vocabulary(counts)
    numbers = {word: number for number, word in enumerate(words)}
    number = np.array([numbers.get(word, UNKNOWN) for word in written])
    case = np.array([p[0].isupper() + (len(p) > 1 and p.isupper()) for p in pieces], np.int8)
    bare = np.array([numbers.get(fold(word), n) for n, word in enumerate(words)])
    law = sum(map(len, laws))
    return Corpus(words, outputs, number[sequence], case[sequence], held, bare, law)


def vocabulary(counts: Counter[str]) -> tuple[list[str], tuple[int, int]]:
    """Special words, marked syllables, the same bare, then what else is frequent."""
    forms: dict[str, list[str]] = {}
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count >= 3 and fold(word) != word and is_syllable(word):
            forms.setdefault(fold(word), []).append(word)
    marked = sorted(word for group in forms.values() for word in group[:MOST_FORMS])
    known = {*SPECIAL, *marked, *forms}
    others = sorted(word for word, n in counts.items() if n >= 20 and word not in known)
    first = len(SPECIAL)
    return [*SPECIAL, *marked, *sorted(forms), *others], (first, first + len(marked) + len(forms))


# longer than a screen: one measure after another of a single run
def with_questions(corpus: Corpus, count: int) -> Corpus:
    """The corpus and questions made by filling our patterns with its clauses."""
    rng = np.random.default_rng(SEED)
    numbers = {word: number for number, word in enumerate(corpus.words)}
    word = corpus.ids > UNKNOWN - 1
    before_word = np.append(word[1:], False) & ~corpus.held
    pools = {
        "{}": (np.flatnonzero(~word & before_word) + 1, 2, 9),
        "{n}": (np.flatnonzero((corpus.ids == NUMBER) & before_word) + 1, 1, 3),
    }

    def clause(pool: Ints, least: int, most: int) -> slice:
        while True:
            start, size = int(rng.choice(pool)), int(rng.integers(least, most + 1))
            run = word[start : start + size]
            end = start + (size if run.all() else int(run.argmin()))
            if end - start >= least:
                return slice(start, end)

    phrases = {f"{{{name}}}": re.split(r"[|\n]", text.strip()) for name, text in PHRASES.items()}

    def phrase(part: str) -> str:
        return str(rng.choice(phrases[part])) if part in phrases else part

    ids, capital = [corpus.ids], [corpus.capital]
    patterns = [re.findall(r"\{\w*\}|[^{}]+", line) for line in PATTERNS.strip().splitlines()]
    for choice in rng.integers(len(patterns), size=count):
        for part in patterns[choice]:
            if part in pools:
                span = clause(*pools[part])
                cased = corpus.capital[span].copy()
                cased[0] *= cased[0] != 1 or rng.random() < 0.3  # mostly the start of a sentence
                ids.append(corpus.ids[span])
                capital.append(cased)
            else:
                pieces = PIECE.findall(phrase(part))
                ids.append(np.array([numbers.get(normal(p), UNKNOWN) for p in pieces], np.int64))
                capital.append(np.array([p[0].isupper() for p in pieces], np.int8))
    joined = np.concatenate(ids)
    held = np.zeros(len(joined), bool)
    held[: len(corpus.held)] = corpus.held
    return replace(corpus, ids=joined, capital=np.concatenate(capital), held=held)


@dataclass(frozen=True, slots=True)
class Order:
    """All n-grams of one order, sorted by code."""

    codes: NDArray[np.uint64]
    counts: Ints
    chance: Floats  # P(last word | the words before)
    backed: Floats  # the same from the order below


def smoothed(codes: NDArray[np.uint64], counts: Ints, size: int) -> tuple[Floats, Ints, Floats]:
    """Modified Kneser-Ney: discounted shares, where each context starts, what each leaves over."""
    n1, n2, n3, n4 = (np.count_nonzero(counts == n) for n in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    steps = np.array([0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
    taken = steps[np.minimum(counts, 3)]
    contexts = codes // np.uint64(size)
    starts = np.flatnonzero(np.append(True, contexts[1:] != contexts[:-1]))
    totals = np.add.reduceat(counts, starts)
    share = (counts - taken) / np.repeat(totals, np.diff(np.append(starts, len(codes))))
    over = np.add.reduceat(taken, starts) / totals
    return share.astype(np.float32), starts, over.astype(np.float32)


def kneser_ney(ids: Ints, size: int) -> tuple[Floats, Order, Order]:
    """Word probabilities, pairs and triples, each order interpolated with the one below."""
    triples, often = np.unique(code(size, ids[:-2], ids[1:-1], ids[2:]), return_counts=True)
    pairs, seen = np.unique(code(size, ids[:-1], ids[1:]), return_counts=True)
    # Below the highest order Kneser-Ney counts in how many contexts an n-gram occurs.
    ending, contexts = np.unique(triples % np.uint64(size**2), return_counts=True)
    spread = np.ones(len(pairs), np.int64)
    spread[np.searchsorted(pairs, ending)] = contexts
    last = (pairs % np.uint64(size)).astype(np.int64)
    single = np.bincount(last, minlength=size) + 0.1
    single = (single / single.sum()).astype(np.float32)

    def interpolated(codes: Codes, counts: Ints, weights: Ints, below: Floats) -> Order:
        share, starts, over = smoothed(codes, weights, size)
        over = np.repeat(over, np.diff(np.append(starts, len(codes))))
        return Order(codes, counts, share + over * below, over * below)

    second = interpolated(pairs, seen, spread, single[last])
    below = second.chance[np.searchsorted(pairs, triples % np.uint64(size**2))]
    return single, second, interpolated(triples, often, often, below)


def kept(order: Order, number: int, always: Codes) -> NDArray[np.bool_]:
    """The n-grams whose loss would cost most likelihood, and those which must stay."""
    loss = order.counts * np.abs(np.log(order.chance) - np.log(order.backed))
    chosen = np.isin(order.codes, always)
    loss[chosen] = np.inf
    chosen[np.argpartition(-loss, min(number, len(loss) - 1))[:number]] = True
    return chosen


def leaving(contexts: Codes, before: Codes, chance: Floats, lower: Floats) -> Floats:
    """Back-off weights that let the kept n-grams of each context sum to one with the rest."""
    places = np.searchsorted(contexts, before)
    taken = np.bincount(places, chance, len(contexts))
    covered = np.bincount(places, lower, len(contexts))
    weights = np.maximum(1 - taken, 1e-4) / np.maximum(1 - covered, 1e-4)
    return weights.astype(np.float32)


def packed_trigrams(ids: Ints, size: int, pairs: int, triples: int) -> dict[str, NDArray[Any]]:
    """The model pruned to so many n-grams, in the arrays of the shipped file."""
    # Frequent words get low numbers, so that the gaps between codes are small.
    order = np.argsort(-np.bincount(ids, minlength=size), kind="stable")
    rank = np.argsort(order)
    single, second, third = kneser_ney(rank[ids], size)
    three = kept(third, triples, np.zeros(0, np.uint64))
    upper, upper_chance = third.codes[three], third.chance[three]
    two = kept(second, pairs, np.unique(upper // np.uint64(size)))
    codes, chance = second.codes[two], second.chance[two]
    first, last = np.divmod(codes, np.uint64(size))
    leaves = leaving(np.arange(size, dtype=np.uint64), first, chance, single[last])
    # What backing off from a triple gives now, its last two words perhaps pruned as a pair.
    ending = upper % np.uint64(size**2)
    place = np.minimum(np.searchsorted(codes, ending), len(codes) - 1)
    backed = leaves[ending // np.uint64(size)] * single[ending % np.uint64(size)]
    lower = np.where(codes[place] == ending, chance[place], backed)
    pair_leaves = leaving(codes, upper // np.uint64(size), upper_chance, lower)
    before = np.searchsorted(codes, upper // np.uint64(size))
    return {
        "rank": rank.astype(np.uint16),
        "single": logarithm(single),
        "leaving": logarithm(leaves),
        "pair_gaps": gaps(codes),
        "pair_values": logarithm(chance),
        "pair_leaving": logarithm(pair_leaves),
        "triple_gaps": gaps(code(size, before, (upper % np.uint64(size)).astype(np.int64))),
        "triple_values": logarithm(upper_chance),
    }


def logarithm(chance: Floats) -> NDArray[np.uint8]:
    """Log-probabilities in one byte each."""
    steps = np.rint(-np.log(np.maximum(chance, 1e-9)) / STEP)
    return np.clip(steps, 0, 255).astype(np.uint8)


def gaps(codes: Codes) -> NDArray[np.uint8]:
    """Ascending codes as `Grams.unpacked` reads them."""
    steps = np.diff(codes, prepend=np.uint64(0))
    digits = np.stack([(steps >> np.uint64(7 * n)) & np.uint64(127) for n in range(5)], axis=1)
    following = np.stack([steps >= np.uint64(1 << 7 * n) for n in range(1, 6)], axis=1)
    used = np.column_stack([np.ones(len(steps), bool), following[:, :-1]])
    stored: NDArray[np.uint8] = (digits + 128 * following).astype(np.uint8)[used]
    return stored


class Window(nn.Module):
    """The network of `index.question.diacritics.Network`, to be trained."""

    def __init__(self, words: int, outputs: int) -> None:
        super().__init__()
        self.words = nn.Embedding(words + 1, WORD_SIZE)
        self.cases = nn.Embedding(3, WORD_SIZE)
        self.hidden = nn.Linear((2 * REACH + 1) * WORD_SIZE, HIDDEN)
        self.inner = nn.Linear(HIDDEN, INNER)
        self.outputs = nn.Embedding(outputs + 1, INNER)  # the last row fills up short lists
        self.bias = nn.Embedding(outputs + 1, 1)
        nn.init.normal_(self.words.weight, std=0.3)
        nn.init.normal_(self.outputs.weight, std=0.05)
        nn.init.zeros_(self.cases.weight)
        nn.init.zeros_(self.bias.weight)

    def forward(self, typed: Tensor, capital: Tensor, candidates: Tensor) -> Tensor:
        """One score a candidate."""
        window = (self.words(typed) + self.cases(capital)).flatten(1)
        read = self.inner(torch.relu(self.hidden(window)))
        scores = torch.bmm(self.outputs(candidates), read.unsqueeze(2)).squeeze(2)
        scores = (scores + self.bias(candidates).squeeze(2)).float()
        result: Tensor = scores.masked_fill(candidates == self.outputs.num_embeddings - 1, -30.0)
        return result


@dataclass(frozen=True, slots=True)
class Examples:
    """The corpus as somebody may have typed it, and what each bare syllable should become."""

    typed: Ints
    capital: Ints
    sentence: Ints
    candidates: Ints  # for each word, the output rows it may become
    slot: NDArray[np.int8]  # which of them is right
    order: Ints  # the positions to learn from, shuffled

    def batch(self, at: Ints) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The windows round these positions, not looking into other sentences."""
        around = np.clip(at[:, None] + np.arange(-REACH, REACH + 1), 0, len(self.typed) - 1)
        inside = self.sentence[around] == self.sentence[at][:, None]
        outside = len(self.candidates)
        return (
            torch.from_numpy(np.where(inside, self.typed[around], outside)),
            torch.from_numpy(np.where(inside, self.capital[around], 0)),
            torch.from_numpy(self.candidates[self.typed[at]]),
            torch.from_numpy(self.slot[at].astype(np.int64)),
        )


def examples(corpus: Corpus) -> Examples:
    """Most sentences wholly bare, some partly marked, some all in lower case."""
    rng = np.random.default_rng(SEED)
    first, last = corpus.outputs
    forms: dict[int, list[int]] = {}
    for word in range(first, last):
        forms.setdefault(int(corpus.bare[word]), []).append(word - first)
    candidates = np.full((len(corpus.words), MOST_FORMS + 1), last - first)
    for bare, rows in forms.items():
        candidates[bare, : len(rows)] = rows
    ids, plain = corpus.ids, corpus.bare[corpus.ids]
    sentence = np.cumsum(np.append(False, ids[:-1] == END))
    kind = rng.random(sentence[-1] + 1)
    marked = np.where(kind < 0.7, 0, np.where(kind < 0.85, rng.random(len(kind)), 0.93))
    typed = np.where(rng.random(len(ids)) < marked[sentence], ids, plain)
    lower = (rng.random(len(kind)) < 0.3)[sentence]
    opening = np.append(True, ids[:-1] == END) & (corpus.capital == 1)
    capital = np.where(lower | opening, 0, corpus.capital).astype(np.int64)
    slot = np.full(len(ids), -1, np.int8)
    for start in range(0, len(ids), 1 << 20):  # in parts, for memory
        part = slice(start, start + (1 << 20))
        right = candidates[plain[part]] == (ids[part] - first)[:, None]
        slot[part] = np.where(right.any(1), right.argmax(1), -1)
    choice = candidates[:, 1] < last - first  # more than one form
    usable = (slot >= 0) & choice[plain] & (typed == plain) & ~corpus.held
    usable[: corpus.law] &= rng.random(corpus.law) < 0.5  # laws repeat themselves
    order = np.flatnonzero(usable)
    rng.shuffle(order)
    return Examples(typed, capital, sentence, candidates, slot, order)


def trained(corpus: Corpus, steps: int) -> Window:
    """The network after so many steps of Adam, the rate falling to nothing."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    data = examples(corpus)
    model = Window(len(corpus.words), corpus.outputs[1] - corpus.outputs[0])
    adam = torch.optim.Adam(model.parameters(), lr=RATE, betas=(0.9, 0.99), eps=1e-7)
    loss_mean, begun = 1.0, time.process_time()
    for step in range(steps):
        adam.param_groups[0]["lr"] = RATE * min(1, (step + 1) / 200) * (1 - step / steps)
        at = data.order[np.arange(step * BATCH, (step + 1) * BATCH) % len(data.order)]
        *windows, right = data.batch(at)
        # Half the bits, half the time; the result does not differ.
        with torch.autocast("cpu", torch.bfloat16):
            scores = model(*windows)
        loss = nn.functional.cross_entropy(scores, right)
        adam.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        adam.step()
        loss_mean += 0.02 * (loss.item() - loss_mean)
        if step % 250 == 249:
            seconds = time.process_time() - begun
            print(f"step {step + 1}/{steps}: loss {loss_mean:.4f}, {seconds:.0f} s", flush=True)
    return model


def packed_network(model: Window) -> dict[str, NDArray[Any]]:
    """The weights in bytes with one scale a row; the small ones in half precision."""
    weights = {
        "words": model.words.weight,
        "cases": model.cases.weight,
        "hidden": model.hidden.weight.T,
        "hidden_bias": model.hidden.bias,
        "inner": model.inner.weight.T,
        "inner_bias": model.inner.bias,
        "outputs": model.outputs.weight[:-1],
        "output_bias": model.bias.weight[:-1, 0],
    }
    stored: dict[str, NDArray[Any]] = {}
    for name, tensor in weights.items():
        values = tensor.detach().numpy()
        scale = np.abs(values).max(-1, keepdims=values.ndim > 1) / 127
        scale = scale.astype(np.float16).astype(np.float32) + 1e-9
        stored[f"network_{name}"] = np.rint(values / scale).clip(-127, 127).astype(np.int8)
        stored[f"network_{name}_scale"] = scale.astype(np.float32)
    return stored


def main() -> None:
    """Read, count, train, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path, help="folder with legal.jsonl.gz and wiki.jsonl.gz")
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    corpus = with_questions(read(arguments.train), QUESTIONS)
    print(f"{len(corpus.ids):,} pieces, {len(corpus.words):,} words", flush=True)
    learnt = corpus.ids[~corpus.held]
    stored = packed_trigrams(learnt, len(corpus.words), PAIRS, TRIPLES)
    stored |= packed_network(trained(corpus, arguments.steps))
    stored["words"] = np.frombuffer("\n".join(corpus.words).encode(), np.uint8)
    stored["outputs"] = np.array(corpus.outputs)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with arguments.out.open("wb") as file:
        np.savez(file, **stored)  # type: ignore[arg-type]  # numpy types the keywords as its flag
    print(f"{arguments.out}: {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
