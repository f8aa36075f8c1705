"""What a vector costs: the shipped model against torch in fp32 with the full vocabulary.

Both run in turn, one thread each. Processor time is what counts: a throttled or shared machine
stretches the wall time of either.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer

from index.training import checkpoint
from index.training.measure import embedder

QUERY = "Hồ sơ đề nghị cấp giấy phép xây dựng gồm những giấy tờ gì và nộp ở đâu?"
_SENTENCE = (
    "Ủy ban nhân dân cấp tỉnh có trách nhiệm tổ chức thực hiện chuyển đổi số trên địa bàn, "
    "bố trí kinh phí, nhân lực và báo cáo kết quả về Bộ Thông tin và Truyền thông trước ngày {}. "
)
PASSAGES, PASSAGE_TOKENS = 8, 250


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds for one text, the median over the rounds."""

    processor: float
    wall: float


def cost(embed: Callable[[Sequence[str]], object], texts: Sequence[str], rounds: int) -> Cost:
    """What one of the texts costs."""
    embed(texts)  # the first call allocates
    taken: list[tuple[float, float]] = []
    for _ in range(rounds):
        started = time.process_time(), time.perf_counter()
        embed(texts)
        taken.append((time.process_time() - started[0], time.perf_counter() - started[1]))
    processor, wall = (
        round(median(times) * 1000 / len(texts), 2) for times in zip(*taken, strict=True)
    )
    return Cost(processor, wall)


def reference(folder: Path) -> Callable[[Sequence[str]], object]:
    """The checkpoint as anyone would run it: sentence-transformers, torch, fp32."""
    transformer = Transformer(
        str(folder),
        max_seq_length=checkpoint.MAX_TOKENS,
        model_kwargs={"add_pooling_layer": False},
    )
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), "mean"), Normalize()]
    model = SentenceTransformer(modules=modules, device="cpu")
    return lambda texts: model.encode(list(texts), batch_size=PASSAGES)


def passages_of(tokenizer: Tokenizer, tokens: int) -> list[str]:
    """Passages of about so many tokens, no two alike."""
    made = []
    for number in range(PASSAGES):
        text = checkpoint.PASSAGE_PREFIX
        while len(tokenizer.encode(text).ids) < tokens:
            text += _SENTENCE.format(number + 1)
        encoding = tokenizer.encode(text)
        made.append(text[: encoding.offsets[tokens - 2][1]])
    return made


def benchmark(model: Path, full: Path, rounds: int) -> dict[str, object]:
    """The cost of one query and of a passage, for both, and how many times cheaper ours is."""
    torch.set_num_threads(1)
    runs = {"shipped": embedder(model), "torch fp32, full vocabulary": reference(full)}
    passages = passages_of(checkpoint.load_tokenizer(model), PASSAGE_TOKENS)
    result: dict[str, object] = {
        "machine": platform.processor() or platform.machine(),
        "passage_tokens": PASSAGE_TOKENS,
    }
    for kind, texts in (("query", [checkpoint.QUERY_PREFIX + QUERY]), ("passage", passages)):
        times = max(3, rounds // len(texts))
        costs = {name: cost(embed, texts, times) for name, embed in runs.items()}
        shipped, stock = costs.values()
        result[kind] = {
            "milliseconds": {name: asdict(value) for name, value in costs.items()},
            "times_cheaper": {
                "processor": round(stock.processor / shipped.processor, 2),
                "wall": round(stock.wall / shipped.wall, 2),
            },
        }
    return result


def main() -> int:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="the shipped folder")
    parser.add_argument("full", type=Path, help="the recovered model, before the cut")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--out", type=Path, help="write the JSON there as well")
    arguments = parser.parse_args()
    result = benchmark(arguments.model, arguments.full, arguments.rounds)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
