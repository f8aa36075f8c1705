"""The encoder as an ONNX graph, in int8 or exact, built node by node.

Built by hand, because it lets each kind of weight be stored the way that loses least: matrices in
int8 with a scale for each column (`quantise.py`), word embeddings in the 4-bit blocks they were
recovered from, which lose nothing at all, the rest in fp32.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import (
    GraphProto,
    ModelProto,
    NodeProto,
    TensorProto,
    ValueInfoProto,
    checker,
    helper,
    numpy_helper,
)

from index.training.packed import BLOCK
from index.training.quantise import Inputs, quantised_blocks, quantised_columns, smoothing

Array = NDArray[np.generic]
Floats = NDArray[np.float32]

_MICROSOFT = "com.microsoft"
_LAYER = "encoder.layer.{}."
EXACT = 32  # bits of a weight that is not quantised: what the others are compared with


@dataclass(frozen=True, slots=True)
class Shape:
    """How many layers, and heads in each."""

    layers: int
    heads: int


@dataclass(frozen=True, slots=True)
class Tower:
    """The weights of an encoder, and what was seen to be multiplied by each matrix."""

    weights: Mapping[str, Floats]
    inputs: Mapping[str, Inputs]


class _Graph:
    """Collects nodes and constants; each method returns the name of what it computes."""

    def __init__(self, tower: Tower, bits: int) -> None:
        self.weights, self.inputs, self.bits = tower.weights, tower.inputs, bits
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}

    def constant(self, name: str, value: Array) -> str:
        self.constants[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def node(
        self, kind: str, inputs: Sequence[str], name: str, domain: str = "", **attributes: Any
    ) -> str:
        made = helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes)
        self.nodes.append(made)
        return name

    def as_graph(
        self, name: str, inputs: Sequence[ValueInfoProto], outputs: Sequence[ValueInfoProto]
    ) -> GraphProto:
        constants = list(self.constants.values())
        return helper.make_graph(self.nodes, name, list(inputs), list(outputs), constants)


def _embeddings(graph: _Graph) -> str:
    """Word, position and type embeddings of the tokens, summed and normalised."""
    nibbles, scales = quantised_blocks(graph.weights["embeddings.word_embeddings.weight"])
    width = nibbles.shape[1] * BLOCK
    rows = graph.node("Gather", [graph.constant("words.nibbles", nibbles), "input_ids"], "nibbles")
    low = graph.node(
        "BitwiseAnd", [rows, graph.constant("fifteen", np.array([15], np.uint8))], "low"
    )
    four = graph.constant("four", np.array([4], np.uint8))
    high = graph.node("BitShift", [rows, four], "high", direction="RIGHT")
    block = graph.node("Concat", [low, high], "block", axis=-1)
    shifted = graph.node(
        "Sub",
        [
            graph.node("Cast", [block], "block.float", to=TensorProto.FLOAT),
            graph.constant("eight", np.array([8], np.float32)),
        ],
        "shifted",
    )
    scale = graph.node(
        "Gather", [graph.constant("words.scales", scales[..., None]), "input_ids"], "scales"
    )
    scale = graph.node("Cast", [scale], "scales.float", to=TensorProto.FLOAT)
    words = graph.node("Mul", [shifted, scale], "words.blocks")
    shape = graph.constant("words.shape", np.array([0, 0, width], np.int64))
    words = graph.node("Reshape", [words, shape], "words")

    # There is one kind of segment only, so its embedding is part of the position's.
    places = (
        graph.weights["embeddings.position_embeddings.weight"]
        + graph.weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    used = graph.node("Slice", [graph.constant("places", places), zero, length], "used")
    used = graph.node("Unsqueeze", [used, zero], "used.batch")
    summed = graph.node("Add", [words, used], "summed")
    return _normalised(graph, summed, "embeddings.LayerNorm")


def _normalised(graph: _Graph, value: str, name: str) -> str:
    gains = [graph.weight(f"{name}.weight"), graph.weight(f"{name}.bias")]
    return graph.node("LayerNormalization", [value, *gains], name, axis=-1, epsilon=1e-12)


def _product(graph: _Graph, value: str, name: str, matrix: Floats, bias: str = "") -> str:
    """`value` times a matrix: both quantised, the value as it comes, or neither if EXACT."""
    if graph.bits == EXACT:
        product = graph.node(
            "MatMul", [value, graph.constant(f"{name}.fp32", matrix)], f"{name}.product"
        )
        return graph.node("Add", [product, graph.weight(bias)], name) if bias else product
    seen = graph.inputs[name]
    factors = smoothing(seen.largest, matrix)
    inverse = graph.constant(f"{name}.smoothing", 1 / factors)
    value = graph.node("Mul", [value, inverse], f"{name}.smoothed")
    products = seen.products / np.outer(factors, factors)
    whole, scales = quantised_columns(matrix * factors[:, None], products, graph.bits)
    inputs = [
        value,
        graph.constant(f"{name}.int8", whole),
        graph.constant(f"{name}.scale", scales),
        graph.constant(f"{name}.zero", np.zeros(scales.shape, np.int8)),
    ]
    inputs += [graph.weight(bias)] if bias else []
    return graph.node("DynamicQuantizeMatMul", inputs, name, _MICROSOFT)


def _dense(graph: _Graph, value: str, name: str, biased: bool = True) -> str:
    bias = f"{name}.bias" if biased else ""
    return _product(graph, value, name, graph.weights[f"{name}.weight"].T, bias)


def _attended(graph: _Graph, value: str, layer: str, heads: int) -> str:
    names = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
    joined = np.concatenate([graph.weights[f"{name}.weight"].T for name in names], axis=1)
    bias = np.concatenate([graph.weights[f"{name}.bias"] for name in names])
    # One product for all three, so that the value is quantised once.
    product = _product(graph, value, f"{layer}attention.self", joined)
    parts = [f"{name}.part" for name in names]
    graph.nodes.append(helper.make_node("Split", [product], parts, axis=-1, num_outputs=3))
    inputs = [*parts, graph.constant(f"{layer}attention.bias", bias), "mask"]
    name = f"{layer}attended"
    return graph.node("MultiHeadAttention", inputs, name, _MICROSOFT, num_heads=heads)


def _layer(graph: _Graph, value: str, layer: str, heads: int) -> str:
    # Add and LayerNormalization apart: SkipLayerNormalization takes five times as long on a CPU.
    attended = _dense(
        graph, _attended(graph, value, layer, heads), f"{layer}attention.output.dense"
    )
    value = graph.node("Add", [attended, value], f"{layer}attention.sum")
    value = _normalised(graph, value, f"{layer}attention.output.LayerNorm")
    wide = _dense(graph, value, f"{layer}intermediate.dense", biased=False)
    bias = graph.weight(f"{layer}intermediate.dense.bias")
    wide = graph.node("BiasGelu", [wide, bias], f"{layer}gelu", _MICROSOFT)
    narrow = _dense(graph, wide, f"{layer}output.dense")
    value = graph.node("Add", [narrow, value], f"{layer}output.sum")
    return _normalised(graph, value, f"{layer}output.LayerNorm")


def encoder_graph(tower: Tower, shape: Shape, bits: int = 8) -> ModelProto:
    """Token ids and mask in, `token_embeddings` (the last hidden state) out.

    `bits` of a matrix's weight are 8, 7 or EXACT. Seven cannot overflow on processors that add
    pairs of products in 16 bits.
    """
    graph = _Graph(tower, bits)
    graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    value = _embeddings(graph)
    for number in range(shape.layers):
        value = _layer(graph, value, _LAYER.format(number), shape.heads)
    graph.node("Identity", [value], "token_embeddings")
    width = tower.weights["embeddings.position_embeddings.weight"].shape[1]
    axes = ["batch", "tokens"]
    names = ("input_ids", "attention_mask")
    made = graph.as_graph(
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.INT64, axes) for name in names],
        [helper.make_tensor_value_info("token_embeddings", TensorProto.FLOAT, [*axes, width])],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)]
    model = helper.make_model(made, opset_imports=opsets, ir_version=9)
    checker.check_model(model)
    return model
