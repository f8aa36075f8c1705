"""Step 2: keep the pieces that Vietnamese and English need, drop the other five sixths."""

import argparse
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from index.training import checkpoint
from index.training.texts import bare, read_articles, read_paragraphs

LEAST_COUNT = 3
ASCII_PIECES = 12_000
SPECIALS = frozenset({"<s>", "<pad>", "</s>", "<unk>", "<mask>"})
_WORD_START = "▁"


def word_counts(data: Path) -> Counter[str]:
    """How often each word occurs in the training text.

    The tokenizer never joins two words, so counting words first saves tokenizing each again.
    """
    words: Counter[str] = Counter()
    for article in read_articles(data):
        words.update(f"{article.law} {article.heading} {article.text}".split())
    for paragraph in read_paragraphs(data):
        words.update(f"{paragraph.title} {paragraph.section} {paragraph.text}".split())
    return words


def typed_forms(words: Counter[str]) -> Counter[str]:
    """Each word as written, without diacritics, and both in lower case."""
    forms: Counter[str] = Counter()
    for word, count in words.items():
        for form in {word, word.lower(), bare(word), bare(word).lower()}:
            forms[form] += count
    return forms


def piece_counts(tokenizer: Tokenizer, forms: Counter[str]) -> Counter[int]:
    """How often each piece occurs when every form is tokenized."""
    pieces: Counter[int] = Counter()
    words = list(forms)
    for start in range(0, len(words), 10_000):
        batch = words[start : start + 10_000]
        encodings = tokenizer.encode_batch(batch, add_special_tokens=False)
        for word, encoding in zip(batch, encodings, strict=True):
            for piece in encoding.ids:
                pieces[piece] += forms[word]
    return pieces


def kept_pieces(pieces: Sequence[str], counts: Counter[int]) -> list[int]:
    """The ids to keep, in their old order.

    Every single character stays, so that no text which could be read before becomes unknown. The
    exception are Han and Hangul, eight thousand signs which our text does not hold. The most frequent
    ASCII pieces stay for English (a piece's id is its rank in the vocabulary).
    """
    ascii_ids = [
        index
        for index, piece in enumerate(pieces)
        if piece not in SPECIALS and piece.replace(_WORD_START, "").isascii()
    ]
    kept = set(ascii_ids[:ASCII_PIECES])
    kept.update(index for index, count in counts.items() if count >= LEAST_COUNT)
    kept.update(
        index
        for index, piece in enumerate(pieces)
        if piece in SPECIALS or _is_letter_or_sign(piece.removeprefix(_WORD_START))
    )
    return sorted(kept)


def _is_letter_or_sign(piece: str) -> bool:
    return len(piece) == 0 or (
        len(piece) == 1 and not unicodedata.name(piece, "").startswith(("CJK", "HANGUL"))
    )


def cut_tokenizer(full: dict[str, Any], kept: Iterable[int]) -> dict[str, Any]:
    """The tokenizer's JSON with only the kept pieces, numbered anew."""
    # Six decimals hold all that a float32 score says.
    vocabulary = [[piece, round(score, 6)] for piece, score in full["model"]["vocab"]]
    new_ids = {old: new for new, old in enumerate(kept)}
    added = [
        {**token, "id": new_ids[token["id"]]}
        for token in full["added_tokens"]
        if token["id"] in new_ids
    ]
    model = {
        **full["model"],
        "unk_id": new_ids[full["model"]["unk_id"]],
        "vocab": [vocabulary[old] for old in new_ids],
    }
    return {**full, "added_tokens": added, "model": model}


def cut_model(model: BertModel, kept: Sequence[int]) -> BertModel:
    """The model with only the kept pieces' embeddings."""
    words = torch.nn.Embedding(len(kept), model.config.hidden_size, checkpoint.PADDING_ID)
    with torch.no_grad():
        words.weight.copy_(model.embeddings.word_embeddings.weight[list(kept)])
    model.embeddings.word_embeddings = words
    model.config.vocab_size = len(kept)
    return model


def cut(data: Path, full: Path, folder: Path) -> None:
    """Write the model in `full` to `folder` with the vocabulary that the training data needs."""
    if checkpoint.is_complete(folder):
        return
    tokenizer_json = json.loads((full / "tokenizer.json").read_text(encoding="utf-8"))
    pieces = [piece for piece, _ in tokenizer_json["model"]["vocab"]]
    counts = piece_counts(
        Tokenizer.from_file(str(full / "tokenizer.json")), typed_forms(word_counts(data))
    )
    kept = kept_pieces(pieces, counts)
    model = cut_model(checkpoint.load_model(full), kept)
    smaller = cut_tokenizer(tokenizer_json, kept)
    text = json.dumps(smaller, ensure_ascii=False, separators=(",", ":"))
    checkpoint.save(model, text, folder)
    print(f"kept {len(kept)} of {len(pieces)} pieces")


def main() -> int:
    """Command line of the step."""
    parser = argparse.ArgumentParser(description=cut.__doc__)
    parser.add_argument("data", type=Path, help="the training data folder")
    parser.add_argument("full", type=Path, help="the recovered model")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    cut(arguments.data, arguments.full, arguments.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
