"""Weights in few bits, so that what is computed with them changes least."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.training.packed import BLOCK

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# How much of an outlier moves from the input into the matrix; the best of .5 to 1 measured.
SHIFT = 0.85
# Added to the inputs' products, as a share of their mean square: channels hardly ever used would
# otherwise take on any mistake.
_DAMPING = 0.01
_LIMIT = 127  # the largest whole number in a matrix
# What two neighbours of one sign may add up to. Without VNNI a processor adds their products with two
# inputs of up to 255 in 16 bits, and what is larger than 32,767 is cut off: 255 · 128 still fits.
_PAIR = 128


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was seen to be multiplied by a matrix of n rows.

    `largest` [n] tells how far from zero each channel went, `products` [n, n] the mean product of
    each two channels.
    """

    largest: Floats
    products: Doubles


def quantised_blocks(values: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Rows of `values` as Q4_0 blocks: nibbles and scales; the inverse of `packed.dequantised`.

    Values that come out of such blocks go back without loss: the value farthest from zero is
    always minus eight times the scale.
    """
    blocks = values.reshape(len(values), -1, BLOCK)
    farthest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2, keepdims=True), axis=2)
    scales = (farthest / -8).astype(np.float16)
    divisors = np.where(scales == 0, 1, scales).astype(np.float32)
    nibbles = np.clip(np.rint(blocks / divisors) + 8, 0, 15).astype(np.uint8)
    low, high = nibbles[:, :, : BLOCK // 2], nibbles[:, :, BLOCK // 2 :]
    return low | (high << 4), scales[:, :, 0]


def smoothing(largest: Floats, matrix: Floats) -> Floats:
    """What to divide a matrix's input by, channel by channel, before it is quantised.

    A few channels are a hundred times larger than the rest and would leave these two or three
    steps of the 255 there are. Dividing the input and multiplying the matrix's rows shares the
    load: the trick of SmoothQuant (Xiao et al. 2023).
    """
    rows = np.abs(matrix).max(axis=1)
    factors: Floats = np.maximum(largest, 1e-5) ** SHIFT / np.maximum(rows, 1e-5) ** (1 - SHIFT)
    return factors.astype(np.float32)


def quantised_columns(matrix: Floats, products: Doubles) -> tuple[NDArray[np.int8], Floats]:
    """`matrix` [n, m] as int8 [n, m] with one scale a column [m], symmetric about zero.

    Rows are rounded one after another, the most used first, and those still to come make up for
    what each rounding changed, as far as `products` says that they go together: GPTQ (Frantar et
    al. 2023). In a column, of rows 2k and 2k + 1 what is above zero adds up to `_PAIR` at most, and
    what is below it alike.
    """
    scales = _steps(matrix)
    power = products.diagonal()
    order = np.argsort(-power, kind="stable")
    damped = products + np.diag(np.full(len(power), _DAMPING * power.mean()))
    factor = np.linalg.cholesky(np.linalg.inv(damped[np.ix_(order, order)])).T
    left = matrix[order].astype(np.float64)
    whole = np.zeros((len(matrix) + 1, matrix.shape[1]), np.int16)  # the last may lack a partner
    for place, row in enumerate(order):
        partner = whole[row ^ 1]
        least = np.maximum(-_LIMIT, -_PAIR - np.minimum(partner, 0))
        most = np.minimum(_LIMIT, _PAIR - np.maximum(partner, 0))
        whole[row] = np.clip(np.rint(left[place] / scales), least, most)
        lost = (left[place] - whole[row] * scales) / factor[place, place]
        left[place + 1 :] -= factor[place, place + 1 :, None] * lost
    return whole[:-1].astype(np.int8), scales.astype(np.float32)


def _steps(matrix: Floats) -> Doubles:
    """The least step of each column with which neither a value nor a pair is too large."""
    rows, columns = matrix.shape
    pairs = np.zeros((rows + rows % 2, columns))
    pairs[:rows] = matrix
    pairs = pairs.reshape(-1, 2, columns)
    sums = np.maximum(np.maximum(pairs, 0).sum(axis=1), np.maximum(-pairs, 0).sum(axis=1))
    largest = np.maximum(np.abs(matrix).max(axis=0) / _LIMIT, sums.max(axis=0) / _PAIR)
    steps: Doubles = np.maximum(largest, 1e-12 / _LIMIT)
    return steps
