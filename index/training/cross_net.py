"""The cross-encoder of the second reading, to be differentiated: the encoder's lowest layers and a head."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor
from torch.nn import functional

from index.evidence.cross import ASKED, SAID
from index.retrieval.encoder import SHIPPED
from index.training.checkpoint import padded
from index.training.export import Watch
from index.training.graph import LOWEST, Shape
from index.training.packed import whole_numbers
from index.training.quantise import Inputs
from index.training.reader import gelu

SHAPE = Shape(layers=4, heads=12)
HEAD = 128

Weights = dict[str, Tensor]
Text = tuple[NDArray[np.int64], NDArray[np.int64]]  # ids of tokens, and their kinds


class Net:
    """The encoder's lowest layers over one text, and a head; weights by name, as `graph.py` has them."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.watch: Callable[[str, Tensor], None] | None = None  # sees what each matrix multiplies

    def __call__(self, texts: Sequence[Text], dropped: float = 0.0) -> Tensor:
        """Log odds of each text, [texts]."""
        ids, mask = padded([ids for ids, _ in texts])
        kinds, inside = padded([kinds for _, kinds in texts])[0], mask.bool()
        words = self.weights["embeddings.word_embeddings.weight"][ids]
        value = words + self.weights["places"][: ids.shape[1]]
        value = self._normalised(value, "embeddings.LayerNorm") + self.weights["kind"][kinds]
        value = value.to(torch.bfloat16) if torch.is_autocast_enabled("cpu") else value
        outside = torch.zeros(inside.shape, dtype=value.dtype).masked_fill(~inside, -1e4)
        for number in range(SHAPE.layers):
            value = self._layer(value, outside[:, None, None], f"encoder.layer.{number}.")
        of = ((kinds == SAID) & inside)[:, :, None]
        asked = ((kinds == ASKED) & inside)[:, :, None]
        top = value.masked_fill(~of, LOWEST).amax(1)
        pooled = torch.cat([value[:, 0], top, (value * asked).sum(1) / asked.sum(1)], 1)
        hidden = gelu(self._linear(functional.dropout(pooled, dropped), "head1"))
        return self._linear(functional.dropout(hidden, dropped), "head2")[:, 0].float()

    def _linear(self, value: Tensor, name: str) -> Tensor:
        if self.watch:
            self.watch(name, value)
        return functional.linear(
            value, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        )

    def _normalised(self, value: Tensor, name: str) -> Tensor:
        gain, shift = (
            self.weights[f"{name}.{part}"].to(value.dtype) for part in ("weight", "bias")
        )
        return functional.layer_norm(value, gain.shape, gain, shift, 1e-12)

    def _layer(self, value: Tensor, outside: Tensor, name: str) -> Tensor:
        texts, tokens, width = value.shape
        query, key, own = (
            self._linear(value, f"{name}attention.self.{part}")
            .view(texts, tokens, SHAPE.heads, -1)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        share = torch.softmax(
            query @ key.transpose(2, 3) * (width // SHAPE.heads) ** -0.5 + outside, -1
        )
        gathered = (share @ own).transpose(1, 2).reshape(value.shape)
        attended = self._linear(gathered, f"{name}attention.output.dense")
        value = self._normalised(value + attended, f"{name}attention.output.LayerNorm")
        wide = gelu(self._linear(value, f"{name}intermediate.dense"))
        narrow = self._linear(wide, f"{name}output.dense")
        return self._normalised(value + narrow, f"{name}output.LayerNorm")


def begun() -> Weights:
    """The encoder that ships, multiplied out of its whole numbers again; a head that knows nothing."""
    held = {
        one.name: numpy_helper.to_array(one)
        for one in onnx.load(SHIPPED / "model.onnx").graph.initializer
    }
    blocks, width = whole_numbers(held["words.nibbles"]), held["places"].shape[1]
    made = {
        "embeddings.word_embeddings.weight": (blocks * held["words.scales"]).reshape(-1, width),
        "places": held["places"],
        **{name: value for name, value in held.items() if "LayerNorm" in name},
    }
    for name in [one.removesuffix(".int8") for one in held if one.endswith(".int8")]:
        smoothed, times = name, 1.0
        if ".attention.self." in name:
            smoothed = name.rpartition(".")[0]
            times = (width / SHAPE.heads) ** 0.5 if name.endswith("query") else 1.0
        factors = held.get(f"{smoothed}.smoothing", np.ones(1, np.float32))
        matrix = held[f"{name}.int8"] * held[f"{name}.scale"] * factors.reshape(-1, 1)
        made[f"{name}.weight"] = np.ascontiguousarray(matrix.T) * times
        made[f"{name}.bias"] = held[f"{name}.shift"] * times
    weights = {name: torch.from_numpy(np.array(value, np.float32)) for name, value in made.items()}
    torch.manual_seed(0)
    for name, linear in {
        "head1": torch.nn.Linear(3 * width, HEAD), "head2": torch.nn.Linear(HEAD, 1)
    }.items():  # fmt: skip
        weights |= {f"{name}.{part}": value.detach() for part, value in linear.named_parameters()}
    return weights | {"kind": torch.zeros(3, width)}


@torch.inference_mode()
def seen(net: Net, texts: Sequence[Text]) -> dict[str, Inputs]:
    """What goes into each matrix over `texts`, one at a time."""
    watch = Watch()

    def see(name: str, value: Tensor) -> None:
        # the three of the attention read the same; the head is not rounded
        if not (name.endswith((".key", ".value")) or name.startswith("head")):
            watch.see(name.removesuffix(".query"), value)

    net.watch = see
    for text in texts:
        net([text])
    net.watch = None
    return watch.inputs(sum(len(ids) for ids, _ in texts))
