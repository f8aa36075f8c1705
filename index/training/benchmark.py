"""What a vector costs: exported models against torch in fp32 with the full vocabulary.

All run in turn, round by round, one thread each. Processor time is what counts: a throttled or shared
machine stretches the wall time of any.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer

from index.training import checkpoint
from index.training.measure import Embed, embedder

QUERY = "Hồ sơ đề nghị cấp giấy phép xây dựng gồm những giấy tờ gì và nộp ở đâu?"
_SENTENCE = (
    "Ủy ban nhân dân cấp tỉnh có trách nhiệm tổ chức thực hiện chuyển đổi số trên địa bàn, "
    "bố trí kinh phí, nhân lực và báo cáo kết quả về Bộ Thông tin và Truyền thông trước ngày {}. "
)
PASSAGES, PASSAGE_TOKENS = 8, 250
_TORCH = "torch fp32, full vocabulary"


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds for one text, the median over the rounds."""

    processor: float
    wall: float


def costs(runs: Mapping[str, Embed], texts: Sequence[str], rounds: int) -> dict[str, Cost]:
    """What one of the texts costs each."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, embed in runs.items():
            started = time.process_time(), time.perf_counter()
            embed(texts)
            now = time.process_time(), time.perf_counter()
            if number:  # the first call allocates
                taken[name].append((now[0] - started[0], now[1] - started[1]))
    return {
        name: Cost(
            *(round(median(times) * 1000 / len(texts), 2) for times in zip(*both, strict=True))
        )
        for name, both in taken.items()
    }


def overflows() -> bool:
    """Whether this processor cuts off sums of two int8 products: it has AVX2, and no VNNI."""
    most = helper.make_tensor("b", TensorProto.INT8, [2, 1], [127, 127])
    given = helper.make_tensor_value_info("a", TensorProto.UINT8, [1, 2])
    made = helper.make_tensor_value_info("y", TensorProto.INT32, [1, 1])
    node = helper.make_node("MatMulInteger", ["a", "b"], ["y"])
    graph = helper.make_graph([node], "overflow", [given], [made], [most])
    opsets = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return int(session.run(None, {"a": np.full((1, 2), 255, np.uint8)})[0][0, 0]) != 2 * 255 * 127


def reference(folder: Path) -> Embed:
    """The checkpoint as anyone would run it: sentence-transformers, torch, fp32."""
    transformer = Transformer(
        str(folder),
        max_seq_length=checkpoint.MAX_TOKENS,
        model_kwargs={"add_pooling_layer": False},
    )
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), "mean"), Normalize()]
    model = SentenceTransformer(modules=modules, device="cpu")
    return lambda texts: np.asarray(model.encode(list(texts), batch_size=PASSAGES))


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


def benchmark(models: Sequence[Path], full: Path, rounds: int) -> dict[str, object]:
    """The cost of one query and of a passage, and how many times cheaper than torch each model is."""
    torch.set_num_threads(1)
    runs = {str(model): embedder(model) for model in models} | {_TORCH: reference(full)}
    passages = passages_of(checkpoint.load_tokenizer(models[0]), PASSAGE_TOKENS)
    result: dict[str, object] = {
        "machine": platform.processor() or platform.machine(),
        "vectors": torch.backends.cpu.get_cpu_capability(),
        "pairs of int8 products overflow": overflows(),
        "passage_tokens": PASSAGE_TOKENS,
    }
    for kind, texts in (("query", [checkpoint.QUERY_PREFIX + QUERY]), ("passage", passages)):
        found = costs(runs, texts, max(3, rounds // len(texts)))
        result[kind] = {
            "milliseconds": {name: asdict(value) for name, value in found.items()},
            "times_cheaper": {
                name: {
                    "processor": round(found[_TORCH].processor / value.processor, 2),
                    "wall": round(found[_TORCH].wall / value.wall, 2),
                }
                for name, value in found.items()
                if name != _TORCH
            },
        }
    return result


def main() -> int:
    """Command line of the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("full", type=Path, help="the recovered model, before the cut")
    parser.add_argument("models", type=Path, nargs="+", help="folders like the shipped one")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--out", type=Path, help="write the JSON there as well")
    arguments = parser.parse_args()
    result = benchmark(arguments.models, arguments.full, arguments.rounds)
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
