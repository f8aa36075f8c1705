"""The encoder, and the cross-encoder of its lower layers, as ONNX graphs in int8 or exact, built node by node.

Built by hand, because it lets each kind of weight be stored the way that loses least: matrices in
int8 with a scale for each column (`quantise.py`), word embeddings in the 4-bit blocks they were
recovered from, which lose nothing at all, the rest in fp32.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
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

from index.evidence.cross import ASKED, SAID
from index.training.packed import BLOCK
from index.training.quantise import Inputs, quantised_blocks, quantised_columns, smoothing

Array = NDArray[np.generic]
Floats = NDArray[np.float32]

_MICROSOFT = "com.microsoft"
_LAYER = "encoder.layer.{}."
EXACT = 32  # bits of a weight that is not quantised: what the others are compared with
LOWEST = -9.0  # where a token is not part of what is said, before the greatest is taken


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


@dataclass(frozen=True, slots=True)
class _Matrix:
    """What to multiply by, [n, m], and what its inputs are divided by before that, [n]."""

    name: str
    values: Floats
    factors: Floats


def _matrix(graph: _Graph, name: str, *parts: str) -> _Matrix:
    """Of a layer's weights, the matrix called `name`, or its `parts` side by side."""
    values = np.concatenate([graph.weights[f"{part}.weight"].T for part in parts or [name]], axis=1)
    if graph.bits == EXACT:
        return _Matrix(name, values, np.ones(len(values), np.float32))
    return _Matrix(name, values, smoothing(graph.inputs[name].largest, values))


def _divided(graph: _Graph, value: str, matrix: _Matrix) -> str:
    if graph.bits == EXACT:
        return value
    inverse = graph.constant(f"{matrix.name}.smoothing", 1 / matrix.factors)
    return graph.node("Mul", [value, inverse], f"{matrix.name}.smoothed")


def _product(graph: _Graph, value: str, matrix: _Matrix, biases: Mapping[str, Floats]) -> list[str]:
    """A divided value times a matrix, both in whole numbers unless EXACT.

    There is a bias, and a result of its name, for each part of the matrix's columns.
    """
    whole: Array
    if graph.bits == EXACT:
        whole, scales = matrix.values, np.ones(matrix.values.shape[1], np.float32)
    else:
        products = graph.inputs[matrix.name].products / np.outer(matrix.factors, matrix.factors)
        scaled = matrix.values * matrix.factors[:, None]
        whole, scales = quantised_columns(scaled, products)
        inputs = [f"{matrix.name}.{kind}" for kind in ("input", "input.scale", "input.zero")]
        graph.nodes.append(helper.make_node("DynamicQuantizeLinear", [value], inputs))
    columns = zip(np.split(whole, len(biases), 1), np.split(scales, len(biases)), strict=True)
    for (name, bias), (part, scale) in zip(biases.items(), columns, strict=True):
        shift = graph.constant(f"{name}.shift", bias)
        if graph.bits == EXACT:
            inputs = [value, graph.constant(f"{name}.fp32", part)]
            graph.node("Add", [graph.node("MatMul", inputs, f"{name}.product"), shift], name)
            continue
        graph.node(
            "MatMulIntegerToFloat",
            [
                inputs[0],
                graph.constant(f"{name}.int8", part),
                inputs[1],
                graph.constant(f"{name}.scale", scale),
                inputs[2],
                "",
                shift,
            ],
            name,
            _MICROSOFT,
        )
    return list(biases)


def _dense(graph: _Graph, value: str, name: str) -> str:
    matrix = _matrix(graph, name)
    bias = {name: graph.weights[f"{name}.bias"]}
    return _product(graph, _divided(graph, value, matrix), matrix, bias)[0]


def _attended(graph: _Graph, value: str, layer: str, heads: int) -> str:
    """What the heads gather from all tokens, through the matrix that joins them."""
    parts = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
    joined = _matrix(graph, f"{layer}attention.self", *parts)
    biases = {part: graph.weights[f"{part}.bias"].copy() for part in parts}
    output = _matrix(graph, f"{layer}attention.output.dense")
    width = len(output.values)
    # A mean of divided values is divided, so the output's input needs no node of its own for that.
    joined.values[:, -width:] /= output.factors
    biases[parts[2]] /= output.factors
    scale = np.float32((width // heads) ** -0.5)
    joined.values[:, :width] *= scale
    biases[parts[0]] *= scale
    # One quantised value for all three.
    products = _product(graph, _divided(graph, value, joined), joined, biases)
    gathered = _gathered(graph, products, layer, heads)
    bias = {output.name: graph.weights[f"{output.name}.bias"]}
    return _product(graph, gathered, output, bias)[0]


def _gathered(graph: _Graph, parts: Sequence[str], layer: str, heads: int) -> str:
    """Means of the tokens' values, by a softmax over the scaled queries' products with their keys.

    In single steps: kernels that do all at once (Softmax, MultiHeadAttention) add up a row in as many
    parts as the processor's registers are wide. What that changes in the last digit decides on which
    side of a half a number is rounded two layers on, and then all vectors differ (cosine .9995).
    """
    shape = graph.constant("heads.apart", np.array([0, 0, heads, -1], np.int64))
    query, key, value = (
        graph.node(
            "Transpose",
            [graph.node("Reshape", [part, shape], f"{part}.apart")],
            f"{part}.heads",
            perm=[0, 2, 1, 3],
        )
        for part in parts
    )
    scores = graph.node("FusedMatMul", [query, key], f"{layer}scores", _MICROSOFT, transB=1)
    last = graph.constant("last.axis", np.array([-1], np.int64))
    highest = graph.node("ReduceMax", [scores, last], f"{layer}scores.highest", keepdims=1)
    below = graph.node("Sub", [scores, highest], f"{layer}scores.below")
    powers = graph.node("Exp", [below], f"{layer}powers")
    total = graph.node("ReduceSum", [powers, last], f"{layer}powers.sum", keepdims=1)
    sums = graph.node("MatMul", [powers, value], f"{layer}sums")
    means = graph.node("Div", [sums, total], f"{layer}means")
    means = graph.node("Transpose", [means], f"{layer}means.tokens", perm=[0, 2, 1, 3])
    together = graph.constant("heads.together", np.array([0, 0, -1], np.int64))
    return graph.node("Reshape", [means, together], f"{layer}gathered")


def _layer(graph: _Graph, value: str, layer: str, heads: int) -> str:
    # Add and LayerNormalization apart: SkipLayerNormalization takes five times as long on a CPU.
    attended = _attended(graph, value, layer, heads)
    value = graph.node("Add", [attended, value], f"{layer}attention.sum")
    value = _normalised(graph, value, f"{layer}attention.output.LayerNorm")
    wide = _dense(graph, value, f"{layer}intermediate.dense")
    # FastGelu (by tanh) differs from Gelu by less than rounding does, and costs half without AVX-512.
    gelu = "Gelu" if graph.bits == EXACT else "FastGelu"
    wide = graph.node(gelu, [wide], f"{layer}gelu", _MICROSOFT)
    narrow = _dense(graph, wide, f"{layer}output.dense")
    value = graph.node("Add", [narrow, value], f"{layer}output.sum")
    return _normalised(graph, value, f"{layer}output.LayerNorm")


def _pooled(graph: _Graph, value: str) -> str:
    """The first token, the greatest of each component among what is said, and the mean of what is asked."""
    part = {
        name: graph.node(
            "Unsqueeze",
            [
                graph.node(
                    "Equal", ["kinds", graph.constant(f"{name}.kind", np.array([kind]))], name
                ),
                graph.constant("behind", np.array([2])),
            ],
            f"{name}.tokens",
        )
        for name, kind in (("asked", ASKED), ("said", SAID))
    }
    over = graph.constant("over.tokens", np.array([1]))
    lowest = graph.constant("lowest", np.array(LOWEST, np.float32))
    said = graph.node("Where", [part["said"], value, lowest], "said.values")
    top = graph.node("ReduceMax", [said, over], "said.greatest", keepdims=0)
    weight = graph.node("Cast", [part["asked"]], "asked.weight", to=TensorProto.FLOAT)
    summed = graph.node("ReduceSum", [graph.node("Mul", [value, weight], "asked.values"), over],
                        "asked.sum", keepdims=0)  # fmt: skip
    count = graph.node("ReduceSum", [weight, over], "asked.count", keepdims=0)
    mean = graph.node("Div", [summed, count], "asked.mean")
    first = graph.constant("first", np.array(0))
    return graph.node(
        "Concat", [graph.node("Gather", [value, first], "first.token", axis=1), top, mean],
        "pooled", axis=-1,
    )  # fmt: skip


def _affine(graph: _Graph, value: str, name: str) -> str:
    """By a small matrix, exact."""
    matrix = graph.constant(f"{name}.matrix", graph.weights[f"{name}.weight"].T)
    product = graph.node("MatMul", [value, matrix], f"{name}.product")
    return graph.node("Add", [product, graph.weight(f"{name}.bias")], name)


def cross_graph(tower: Tower, shape: Shape, bits: int = 8) -> ModelProto:
    """Token ids of one text and the kind of each (ASKED, titles, SAID) in, `log_odds` [1, 1] out."""
    graph = _Graph(tower, bits)
    kind = graph.node("Gather", [graph.weight("kind"), "kinds"], "kind.tokens")
    value = graph.node("Add", [_embeddings(graph), kind], "embedded")
    for number in range(shape.layers):
        value = _layer(graph, value, _LAYER.format(number), shape.heads)
    hidden = _affine(graph, _pooled(graph, value), "head1")
    hidden = graph.node("Gelu" if bits == EXACT else "FastGelu", [hidden], "head.gelu", _MICROSOFT)
    graph.node("Identity", [_affine(graph, hidden, "head2")], "log_odds")
    tokens: list[str | int | None] = [1, "tokens"]
    made = graph.as_graph(
        "cross",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, tokens)
            for name in ("input_ids", "kinds")
        ],
        [helper.make_tensor_value_info("log_odds", TensorProto.FLOAT, [1, 1])],
    )
    return _checked(made)


def encoder_graph(tower: Tower, shape: Shape, bits: int = 8) -> ModelProto:
    """Token ids of one text in, `token_embeddings` (the last hidden state) out.

    `bits` of a matrix's weight are 8 or EXACT. There is one text only, because what is quantised
    together is measured together: beside others a text would come out a little different.
    """
    graph = _Graph(tower, bits)
    value = _embeddings(graph)
    for number in range(shape.layers):
        value = _layer(graph, value, _LAYER.format(number), shape.heads)
    graph.node("Identity", [value], "token_embeddings")
    width = tower.weights["embeddings.position_embeddings.weight"].shape[1]
    made = graph.as_graph(
        "encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
        [
            helper.make_tensor_value_info(
                "token_embeddings", TensorProto.FLOAT, [1, "tokens", width]
            )
        ],
    )
    return _checked(made)


def borrowing(model: ModelProto, names: Sequence[str], lender: Path) -> bytes:
    """`model` in bytes, with the constants of these names read from where they stand in the file `lender`.

    It has to lie beside, and to hold them to the last bit. onnxruntime maps them into memory.
    """
    held = lender.read_bytes()
    for constant in model.graph.initializer:
        if constant.name not in names:
            continue
        at = held.find(constant.raw_data)
        if at < 0:
            raise ValueError(f"{lender.name} does not hold {constant.name}")
        told = {"location": lender.name, "offset": at, "length": len(constant.raw_data)}
        constant.ClearField("raw_data")
        constant.data_location = TensorProto.EXTERNAL
        for key, value in told.items():
            constant.external_data.add(key=key, value=str(value))
    return bytes(model.SerializeToString(deterministic=True))


def _checked(graph: GraphProto) -> ModelProto:
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    checker.check_model(model)
    return model
