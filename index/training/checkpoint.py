"""A model between two steps: a folder with fp32 weights and the tokenizer that fits them."""

import json
from collections.abc import Iterator, Sequence, Sized
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertModel

Floats = NDArray[np.float32]

MAX_TOKENS = 512
# The model was trained with these; without them recall drops.
QUERY_PREFIX, PASSAGE_PREFIX = "query: ", "passage: "
PADDING_ID = 1
# Without them transformers takes a BERT model's tokenizer for one of word pieces.
_TOKENIZER_SETTINGS = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": MAX_TOKENS,
    "cls_token": "<s>",
    "sep_token": "</s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
}


def load_model(folder: Path, device: str = "cpu") -> BertModel:
    """The weights in `folder`, ready for inference; they have no dropout to learn with, either.

    It would set questions apart from texts that were read before.
    """
    model: BertModel = BertModel.from_pretrained(folder, add_pooling_layer=False)
    model.train(False)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    model.to(torch.device(device))  # type: ignore[arg-type]  # the library's stub takes no device
    return model


def load_tokenizer(folder: Path, max_tokens: int = MAX_TOKENS) -> Tokenizer:
    """The tokenizer in `folder`, cutting texts at `max_tokens` with the special ones counted."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def save(model: BertModel, tokenizer_json: str, folder: Path) -> None:
    """Write a checkpoint; the tokenizer goes last, so its presence says the step is complete."""
    model.save_pretrained(folder)
    settings = json.dumps(_TOKENIZER_SETTINGS, indent=2) + "\n"
    (folder / "tokenizer_config.json").write_text(settings, encoding="utf-8")
    (folder / "tokenizer.json").write_text(tokenizer_json, encoding="utf-8")


def is_complete(folder: Path) -> bool:
    """Whether `save` finished there."""
    return (folder / "tokenizer.json").exists()


def padded(
    sequences: Sequence[Sequence[int] | NDArray[np.int64]],
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and attention mask as one batch."""
    width = max(len(sequence) for sequence in sequences)
    ids = torch.full((len(sequences), width), PADDING_ID, dtype=torch.long)
    mask = torch.zeros((len(sequences), width), dtype=torch.long)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = torch.tensor(sequence)
        mask[row, : len(sequence)] = 1
    return ids, mask


def pooled(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean of the tokens' vectors, at length one."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * weights).sum(1) / weights.sum(1)
    return torch.nn.functional.normalize(mean.float(), dim=-1)


def by_length(sequences: Sequence[Sized], size: int) -> Iterator[list[int]]:
    """Batches of indices of like length, so that little is spent on padding."""
    order = sorted(range(len(sequences)), key=lambda index: len(sequences[index]))
    for start in range(0, len(order), size):
        yield order[start : start + size]


@torch.inference_mode()
def embed(model: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> Floats:
    """Vectors of `texts`, which bring their prefix along."""
    sequences = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    vectors = np.empty((len(texts), model.config.hidden_size), dtype=np.float32)
    for batch in by_length(sequences, 16):
        ids, mask = padded([sequences[index] for index in batch])
        vectors[batch] = pooled(model(ids, mask).last_hidden_state, mask).numpy()
    return vectors
