"""Step 4: a checkpoint as the folder that ships: int8 ONNX, tokenizer, configuration."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from index.retrieval.late_interaction import FILE as LATE
from index.training import checkpoint
from index.training.graph import EXACT, Shape, Tower, encoder_graph
from index.training.quantise import Inputs
from index.training.texts import read_articles, read_paragraphs

NAME = "multilingual-e5-small-vi"
_LAST_FILE = "config.json"  # its presence says that the folder is complete
# What sentence-transformers reads before it loads a folder.
_MODULES = [{"idx": 0, "name": "0", "path": "", "type": "index.retrieval.onnx_module.OnnxModule"}]
_SENTENCE_TRANSFORMERS = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": checkpoint.QUERY_PREFIX, "document": checkpoint.PASSAGE_PREFIX},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def fingerprint(folder: Path) -> str:
    """Names the vectors that the model in `folder` makes."""
    digest = sha256()
    for name in ("model.onnx", "tokenizer.json", LATE):
        file = folder / name
        digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()


def calibration_texts(data: Path) -> list[str]:
    """480 of the training texts, as passages and as queries."""
    articles = list(islice(read_articles(data), 0, 4000, 25))
    passages = [article.text[:600] for article in articles]
    passages += [entry.text[:600] for entry in islice(read_paragraphs(data), 0, 8000, 50)]
    return [checkpoint.PASSAGE_PREFIX + passage for passage in passages] + [
        checkpoint.QUERY_PREFIX + article.heading for article in articles
    ]


class Watch:
    """Adds up what each matrix multiplies."""

    def __init__(self) -> None:
        self._largest: dict[str, torch.Tensor] = {}
        self._products: dict[str, torch.Tensor] = {}

    def see(self, name: str, inputs: torch.Tensor) -> None:
        """`inputs` of one text, [..., tokens, n]."""
        states = inputs.flatten(0, -2).double()
        reach, product = states.abs().amax(dim=0).float(), states.T @ states
        self._largest[name] = torch.maximum(self._largest.get(name, reach), reach)
        self._products[name] = self._products.get(name, torch.zeros_like(product)) + product

    def inputs(self, tokens: int) -> dict[str, Inputs]:
        """What was seen of each matrix, of so many tokens in all."""
        return {
            name: Inputs(reach.numpy(), (self._products[name] / tokens).numpy())
            for name, reach in self._largest.items()
        }


@torch.inference_mode()
def watched_inputs(
    model: BertModel, tokenizer: Tokenizer, texts: Sequence[str]
) -> dict[str, Inputs]:
    """What goes into each matrix over `texts`."""
    watch, tokens = Watch(), 0

    def seeing(name: str) -> Callable[[torch.nn.Module, tuple[torch.Tensor]], None]:
        return lambda _module, inputs: watch.see(name, inputs[0])

    hooks = [
        # The three matrices of the attention read the same input, and are joined in the graph.
        module.register_forward_pre_hook(seeing(name.removesuffix(".query")))
        for name, module in model.named_modules()
        if name.endswith((".self.query", ".intermediate.dense", ".output.dense"))
    ]
    for encoding in tokenizer.encode_batch(list(texts)):
        # One at a time: padding is no input.
        model(*checkpoint.padded([encoding.ids]))
        tokens += len(encoding.ids)
    for hook in hooks:
        hook.remove()
    return watch.inputs(tokens)


def tower(model: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> Tower:
    """The model's weights, and what is multiplied by them over `texts`."""
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    return Tower(weights, watched_inputs(model, tokenizer, texts))


def export(data: Path, source: Path, folder: Path, version: str, bits: int) -> None:
    """Write the checkpoint in `source` to `folder`, quantised, and its tokens' projection."""
    if (folder / _LAST_FILE).exists():
        return
    model = checkpoint.load_model(source)
    config = model.config
    shape = Shape(config.num_hidden_layers, config.num_attention_heads)
    tokenizer = checkpoint.load_tokenizer(source)
    graph = encoder_graph(tower(model, tokenizer, calibration_texts(data)), shape, bits)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(graph.SerializeToString(deterministic=True))
    for name in ("tokenizer.json", LATE):
        if (source / name).exists():
            (folder / name).write_bytes((source / name).read_bytes())
    settings = {
        "name": NAME,
        "version": version,
        "dimension": config.hidden_size,
        "max_tokens": checkpoint.MAX_TOKENS,
        "query_prefix": checkpoint.QUERY_PREFIX,
        "passage_prefix": checkpoint.PASSAGE_PREFIX,
        "fingerprint": fingerprint(folder),
    }
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "config_sentence_transformers.json", _SENTENCE_TRANSFORMERS)
    _write_json(folder / _LAST_FILE, settings)


def _write_json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    """Command line of the step."""
    parser = argparse.ArgumentParser(description=export.__doc__)
    parser.add_argument("data", type=Path, help="the training data folder")
    parser.add_argument("source", type=Path, help="a checkpoint")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", default="1")
    parser.add_argument(
        "--bits", type=int, default=8, choices=(8, EXACT), help="of a matrix's weight"
    )
    given = parser.parse_args()
    export(given.data, given.source, given.folder, given.version, given.bits)
    return 0


if __name__ == "__main__":
    sys.exit(main())
