"""Step 4: a checkpoint as the folder that ships: int8 ONNX, tokenizer, configuration."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import BertModel

from index.training import checkpoint
from index.training.graph import encoder_graph
from index.training.texts import read_articles, read_paragraphs

Floats = NDArray[np.float32]

NAME = "multilingual-e5-small-vi"


def fingerprint(folder: Path) -> str:
    """Names the vectors that the model in `folder` makes."""
    digest = sha256()
    for name in ("model.onnx", "tokenizer.json"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def calibration_texts(data: Path) -> list[str]:
    """A few of the training texts, as passages and as queries."""
    articles = list(islice(read_articles(data), 0, 4000, 100))
    paragraphs = list(islice(read_paragraphs(data), 0, 8000, 200))
    passages = [entry.text[:600] for entry in (*articles, *paragraphs)]
    return [checkpoint.PASSAGE_PREFIX + passage for passage in passages] + [
        checkpoint.QUERY_PREFIX + article.heading for article in articles
    ]


@torch.inference_mode()
def largest_inputs(model: BertModel, folder: Path, texts: Sequence[str]) -> dict[str, Floats]:
    """How far from zero each channel of each matrix's input goes over `texts`.

    The attention's own output is left out: it has no outliers, so smoothing it gains nothing.
    """
    largest: dict[str, torch.Tensor] = {}

    def watch(name: str) -> Callable[[torch.nn.Module, tuple[torch.Tensor]], None]:
        def seen(_module: torch.nn.Module, inputs: tuple[torch.Tensor]) -> None:
            reach = inputs[0].abs().flatten(0, -2).amax(dim=0)
            largest[name] = torch.maximum(largest.get(name, reach), reach)

        return seen

    hooks = [
        # The three matrices of the attention read the same input, and are joined in the graph.
        module.register_forward_pre_hook(watch(name.removesuffix(".query")))
        for name, module in model.named_modules()
        if name.endswith((".self.query", ".intermediate.dense", ".output.dense"))
        and not name.endswith(".attention.output.dense")
    ]
    checkpoint.embed(model, checkpoint.load_tokenizer(folder), texts)
    for hook in hooks:
        hook.remove()
    return {name: reach.numpy() for name, reach in largest.items()}


def export(data: Path, source: Path, folder: Path, version: str, bits: int) -> None:
    """Write the checkpoint in `source` to `folder`, quantised."""
    model = checkpoint.load_model(source)
    config = model.config
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    largest = largest_inputs(model, source, calibration_texts(data))
    shape = (config.num_hidden_layers, config.num_attention_heads)
    graph = encoder_graph(weights, largest, *shape, bits)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(graph.SerializeToString(deterministic=True))
    (folder / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    settings = {
        "name": NAME,
        "version": version,
        "dimension": config.hidden_size,
        "max_tokens": checkpoint.MAX_TOKENS,
        "query_prefix": checkpoint.QUERY_PREFIX,
        "passage_prefix": checkpoint.PASSAGE_PREFIX,
        "fingerprint": fingerprint(folder),
    }
    (folder / "config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    """Command line of the step."""
    parser = argparse.ArgumentParser(description=export.__doc__)
    parser.add_argument("data", type=Path, help="the training data folder")
    parser.add_argument("source", type=Path, help="a checkpoint")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", default="1")
    parser.add_argument("--bits", type=int, default=8, choices=(7, 8), help="of a matrix's weight")
    arguments = parser.parse_args()
    export(arguments.data, arguments.source, arguments.folder, arguments.version, arguments.bits)
    return 0


if __name__ == "__main__":
    sys.exit(main())
