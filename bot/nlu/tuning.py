"""Tunes the topmost layers of the sentence encoder to the labels it is to tell apart.

Each label is a direction, beginning at the mean of its examples; vectors are drawn towards that of
their own label and away from the others (a softmax over cosines), and, less, towards those of the
same label in the batch (Khosla et al. 2020). Steps are AdamW's (Loshchilov and
Hutter 2019), at a rate that rises for a tenth of the way and then falls to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.layers import ABSENT, Dropout, Floats, Layer, Pass

RATE, DIRECTION_RATE = 2e-4, 1e-3
SHARPNESS = np.float32(20)
COMPANY = np.float32(0.5)
LEFT_OUT = 0.1
BATCH, ROUNDS = 48, 5
WARM_UP = 0.1
DECAY = 0.01
MOMENTUM, SPREAD = 0.9, 0.98
LONGEST_SLOPE = 1.0
SEED = 0


def tuned(
    layers: Sequence[Layer], sentences: Sequence[Floats], vectors: Floats,
    labels: NDArray[np.intp], weights: Floats, tokens: int,
) -> list[Layer]:  # fmt: skip
    """Copies of `layers`, tuned on `sentences` (hidden states below them) of these labels.

    vectors: what the layers make of the sentences before they are tuned; labels: 0 to the number of labels - 1, each there at least once; weights: how much each
    sentence counts, about 1; tokens: how many are looked at in all, at most, which bounds the time.
    """
    copies = [{name: array.copy() for name, array in layer.items()} for layer in layers]
    directions = _means(vectors, labels)
    numbers = [*(array for layer in copies for array in layer.values()), directions]
    rates = np.array([RATE] * (len(numbers) - 1) + [DIRECTION_RATE])
    steps, dropout = _AdamW(numbers), Dropout(LEFT_OUT, SEED)
    batches = _batches([len(sentence) for sentence in sentences], tokens)
    for done, batch in enumerate(batches):
        part = Pass(copies, [sentences[i] for i in batch], dropout)
        slope, bend = _surprise(part.vectors, directions, labels[batch], weights[batch])
        slope += COMPANY * _scatter(part.vectors, labels[batch])
        slopes = [found[name] for found in part.backward(slope) for name in layers[0]]
        length = float(np.sqrt(sum(np.vdot(array, array) for array in slopes)))
        shrink = np.float32(min(1.0, LONGEST_SLOPE / max(length, 1e-9)))
        way = done / len(batches)
        steps.take([*(array * shrink for array in slopes), bend],
                   rates * min(1.0, (way + 1e-4) / WARM_UP) * (1 - way))  # fmt: skip
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return copies


class _AdamW:
    def __init__(self, numbers: Sequence[Floats]) -> None:
        self._numbers = numbers
        self._means = [np.zeros_like(array) for array in numbers]
        self._squares = [np.zeros_like(array) for array in numbers]
        self._taken = 0

    def take(self, slopes: Sequence[Floats], rates: NDArray[np.float64]) -> None:
        """One step down the slopes; the numbers change in place."""
        self._taken += 1
        early = (1 - SPREAD**self._taken) ** 0.5 / (1 - MOMENTUM**self._taken)
        for array, slope, mean, square, rate in zip(
            self._numbers, slopes, self._means, self._squares, rates.tolist(), strict=True
        ):
            mean += np.float32(1 - MOMENTUM) * (slope - mean)
            square += np.float32(1 - SPREAD) * (slope * slope - square)
            if array.ndim > 1:
                array *= np.float32(1 - rate * DECAY)
            array -= np.float32(rate * early) * mean / (np.sqrt(square) + np.float32(1e-9))


def _surprise(
    vectors: Floats, directions: Floats, labels: NDArray[np.intp], weights: Floats
) -> tuple[Floats, Floats]:
    """The slopes of the mean cross-entropy by the vectors and by the directions."""
    logits = SHARPNESS * vectors @ directions.T
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    shares *= weights[:, None] * (SHARPNESS / np.float32(len(labels)))
    bend = shares.T @ vectors
    bend -= directions * (bend * directions).sum(axis=1, keepdims=True)
    return shares @ directions, bend


def _scatter(vectors: Floats, labels: NDArray[np.intp]) -> Floats:
    """The slopes, by the vectors, of how badly each finds those of its own label among all others."""
    others = 1 - np.eye(len(labels), dtype=np.float32)
    alike = (labels[:, None] == labels) * others
    count = alike.sum(axis=1, keepdims=True)
    accompanied = count > 0
    near = SHARPNESS * vectors @ vectors.T + ABSENT * (1 - others)
    shares = np.exp(near - near.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    slope = (shares - alike / np.maximum(count, 1)) * accompanied / max(1, accompanied.sum())
    return np.asarray(SHARPNESS * (slope + slope.T) @ vectors, np.float32)


def _means(vectors: Floats, labels: NDArray[np.intp]) -> Floats:
    summed = np.zeros((int(labels.max()) + 1, vectors.shape[1]), np.float32)
    np.add.at(summed, labels, vectors)
    return np.asarray(summed / np.linalg.norm(summed, axis=1, keepdims=True))


def _batches(lengths: Sequence[int], tokens: int) -> list[NDArray[np.intp]]:
    """Sentences in random order, for all rounds or until `tokens` are in."""
    chance = np.random.default_rng(SEED)
    order = np.concatenate([chance.permutation(len(lengths)) for _ in range(ROUNDS)])
    order = order[np.cumsum(np.array(lengths)[order]) <= tokens]
    return np.array_split(order, -(-len(order) // BATCH))
