"""What a run learns from, as the model reads it: token ids, and the wrong answers of each question."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from torch.utils.checkpoint import checkpoint as recomputed
from transformers import BertModel

from index.training import checkpoint
from index.training.lessons import Lessons

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

QUESTION_TOKENS, TEXT_TOKENS = 48, 256
WRONG = 40  # wrong answers kept for each question
REACH = 200  # a question whose own text does not come so high cannot be answered alone
TWIN = 0.97  # cosine from which two texts say nearly the same
PART = 32  # texts learnt from at a time without a GPU
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


@dataclass(frozen=True, slots=True)
class Sequences:
    """Token ids of texts, and which are a text's own: not its prefix, nor the signs at its ends."""

    ids: list[Ints]
    own: list[Flags]

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
        """Padded ids, mask and own tokens of some texts."""
        ids, mask = checkpoint.padded([self.ids[row] for row in rows])
        own = pad_sequence([torch.from_numpy(self.own[row]) for row in rows], batch_first=True)
        return ids.to(DEVICE), mask.to(DEVICE), own.to(DEVICE)


@dataclass(frozen=True, slots=True)
class Material:
    """Questions, texts, and for each question its text's place and the places of wrong ones."""

    asked: Sequences
    told: Sequences
    places: Ints  # [questions]
    wrong: Ints  # [questions, WRONG]
    bank: Tensor  # [texts, dimension], before the lessons
    kinds: tuple[Ints, Ints, Ints]  # written questions, those made from law, about the rest


def sequences(tokenizer: Tokenizer, prefix: str, texts: Sequence[str], most: int) -> Sequences:
    """The texts under `prefix`, cut at `most` tokens."""
    tokenizer.enable_truncation(most)
    ids: list[Ints] = []
    own: list[Flags] = []
    for start in range(0, len(texts), 10_000):
        batch = [prefix + text for text in texts[start : start + 10_000]]
        for encoding in tokenizer.encode_batch(batch):
            ids.append(np.array(encoding.ids))
            own.append(np.array(encoding.offsets)[:, 1] > len(prefix))
    return Sequences(ids, own)


def states(model: BertModel, ids: Tensor, mask: Tensor) -> Tensor:
    """What the model makes of each token, [texts, tokens, dimension]."""

    def read(ids: Tensor, mask: Tensor) -> Tensor:
        with torch.autocast(DEVICE, torch.bfloat16):
            hidden: Tensor = model(input_ids=ids, attention_mask=mask).last_hidden_state
        return hidden

    if DEVICE == "cuda" or not torch.is_grad_enabled():
        return read(ids, mask)
    # all of a batch's inner states do not fit a common machine: they are made again part by part
    parts = (slice(start, start + PART) for start in range(0, len(ids), PART))
    return torch.cat([recomputed(read, ids[p], mask[p], use_reentrant=False) for p in parts])


@torch.inference_mode()
def vectors(model: BertModel, read: Sequences) -> Tensor:
    """Unit vectors of all texts, [texts, dimension]."""
    found = torch.empty(len(read.ids), model.config.hidden_size, device=DEVICE)
    for rows in checkpoint.by_length(read.ids, 512 if DEVICE == "cuda" else 16):
        ids, mask, _ = read.batch(rows)
        found[rows] = checkpoint.pooled(states(model, ids, mask), mask)
    return found


@torch.inference_mode()
def mined(asked: Tensor, bank: Tensor, places: Ints) -> tuple[Ints, Flags]:
    """The texts that each question's own is most easily taken for, and whether its own is near."""
    wrong = np.zeros((len(asked), WRONG), np.int64)
    near = np.zeros(len(asked), bool)
    for start in range(0, len(asked), 2048):
        rows = slice(start, start + 2048)
        scores = asked[rows] @ bank.T
        right = torch.from_numpy(places[rows]).to(bank.device)
        own = scores.gather(1, right[:, None])
        near[rows] = ((scores > own).sum(1) < REACH).cpu().numpy()
        best = scores.topk(WRONG + 20).indices
        alike = (bank[best] @ bank[right][:, :, None])[:, :, 0] > TWIN
        alike |= best == right[:, None]
        # those that say nearly the same go behind all others
        kept = alike.int().argsort(dim=1, stable=True)[:, :WRONG]
        wrong[rows] = best.gather(1, kept).cpu().numpy()
    return wrong, near


def material(lessons: Lessons, source: Path, file: Path) -> Material:
    """The lessons as the model in `source` reads them, made once and kept in `file`."""
    tokenizer = checkpoint.load_tokenizer(source)
    questions = [example.question for example in lessons.examples]
    asked = sequences(tokenizer, checkpoint.QUERY_PREFIX, questions, QUESTION_TOKENS)
    told = sequences(tokenizer, checkpoint.PASSAGE_PREFIX, lessons.bank, TEXT_TOKENS)
    places = np.array([example.place for example in lessons.examples])
    digest = sha256("\0".join((*lessons.bank, *questions)).encode()).hexdigest()
    kept: dict[str, Any] = torch.load(file, weights_only=False) if file.exists() else {}
    if kept.get("lessons") != digest:
        model = checkpoint.load_model(source, DEVICE)
        bank = vectors(model, told)
        wrong, near = mined(vectors(model, asked), bank, places)
        kept = {"lessons": digest, "wrong": wrong, "near": near, "bank": bank.cpu()}
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save(kept, file.with_suffix(".part"))
        file.with_suffix(".part").replace(file)
    written = np.array([example.written for example in lessons.examples])
    about_law = places < lessons.legal
    kinds = (written, ~written & about_law, ~written & ~about_law)
    rows = [np.flatnonzero(kept["near"] & kind) for kind in kinds]
    return Material(
        asked, told, places, kept["wrong"], kept["bank"].to(DEVICE), (rows[0], rows[1], rows[2])
    )
