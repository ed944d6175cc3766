"""Says of each word of a text whether it begins a span, stands inside one, or outside.

A small network over the encoder's states of the words: made narrow, then twice seen with their
neighbours (a time-delay network, Waibel et al. 1989). It is learnt by AdamW (Loshchilov and Hutter 2019)
with some of the numbers left out at random (Srivastava et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Tags = NDArray[np.intp]

TAGS = OUTSIDE, BEGIN, INSIDE = 0, 1, 2
REACH = 2
PLACES = 2 * REACH + 1
NARROW, NEAR, WIDE = 64, 64, 32
RATE, DECAY, LEFT_OUT = 4e-3, 0.1, 0.4
BATCH, ROUNDS = 32, 12
WARM_UP = 0.1
MOMENTUM, SPREAD = 0.9, 0.99
# The slopes of a batch are the mean over its sentences, shrunk by this.
SHARE = 0.25
SEED = 0
# Rows of nothing between two sentences, so that no word sees those of another.
APART = 2 * REACH


class WordTagger:
    """Shares of the tags by word; `numbers` is all that was learnt."""

    def __init__(self, numbers: Mapping[str, Array]) -> None:
        self.numbers = dict(numbers)

    @classmethod
    def fit(cls, sentences: Sequence[tuple[Array, Tags]]) -> WordTagger:
        """Learns from states, shape (words, width), and tags of at least one sentence, none without words."""
        chance = np.random.default_rng(SEED)
        tagger = cls(_beginning([states for states, _ in sentences], chance))
        learner = _Learner(tagger.numbers)
        batches = list(_batches(len(sentences), chance))
        for done, batch in enumerate(batches):
            states, tags, there = _packed([sentences[number] for number in batch])
            way = done / len(batches)
            rate = RATE * min(1.0, (way + 1e-3) / WARM_UP) * (1 - way)
            learner.step(tagger._slopes(states, tags, there, chance, len(batch)), rate)
        return tagger

    def shares(self, states: Array) -> Array:
        """How likely each tag is, shape (words, 3)."""
        there = np.ones((len(states), 1), np.float32)
        return _softmax(self._forward(self._even(states), there, (1.0, 1.0))[-1])

    def _even(self, states: Array) -> Array:
        return np.asarray((states - self.numbers["mean"]) / self.numbers["scale"])

    def _forward(
        self, states: Array, there: Array, kept: tuple[Array | float, Array | float]
    ) -> tuple[Array, ...]:
        """What each layer makes of the last one's, in order; kept: which numbers count, and how much."""
        numbers = self.numbers
        given = states * kept[0]
        narrow = _with_neighbours((given @ numbers["narrow"]) * there)
        near = np.tanh(narrow @ numbers["near"] + numbers["near_bias"]) * there
        left = near * kept[1]
        around = _with_neighbours(left)
        wide = np.tanh(around @ numbers["wide"] + numbers["wide_bias"])
        last = np.concatenate([wide, left], axis=1)
        return given, narrow, near, around, wide, last, last @ numbers["out"] + numbers["out_bias"]

    def _slopes(
        self, states: Array, tags: Tags, there: Array, chance: np.random.Generator, count: int
    ) -> dict[str, Array]:
        """How the surprise at the tags changes with each number."""
        numbers = self.numbers
        kept = _kept(states.shape, chance), _kept((len(states), NEAR), chance)
        given, narrow, near, around, wide, last, logits = self._forward(
            self._even(states), there, kept
        )
        slope = _softmax(logits)
        slope[np.arange(len(tags)), tags] -= 1
        slope *= there * np.float32(SHARE / count)
        back = slope @ numbers["out"].T
        to_wide = back[:, :WIDE] * (1 - wide * wide)
        to_left = back[:, WIDE:] + _from_neighbours(to_wide @ numbers["wide"].T)
        to_near = to_left * kept[1] * (1 - near * near) * there
        to_narrow = _from_neighbours(to_near @ numbers["near"].T) * there
        return {
            "narrow": given.T @ to_narrow,
            "near": narrow.T @ to_near, "near_bias": to_near.sum(axis=0),
            "wide": around.T @ to_wide, "wide_bias": to_wide.sum(axis=0),
            "out": last.T @ slope, "out_bias": slope.sum(axis=0),
        }  # fmt: skip


class _Learner:
    """AdamW over arrays that change in place."""

    def __init__(self, numbers: Mapping[str, Array]) -> None:
        self._numbers = numbers
        self._means = {name: np.zeros_like(array) for name, array in numbers.items()}
        self._squares = {name: np.zeros_like(array) for name, array in numbers.items()}
        self._taken = 0

    def step(self, slopes: Mapping[str, Array], rate: float) -> None:
        self._taken += 1
        early = (1 - SPREAD**self._taken) ** 0.5 / (1 - MOMENTUM**self._taken)
        for name, slope in slopes.items():
            array, mean, square = self._numbers[name], self._means[name], self._squares[name]
            mean += np.float32(1 - MOMENTUM) * (slope - mean)
            square += np.float32(1 - SPREAD) * (slope * slope - square)
            if array.ndim > 1:
                array *= np.float32(1 - rate * DECAY)
            array -= np.float32(rate * early) * mean / (np.sqrt(square) + np.float32(1e-8))


def _beginning(sentences: Sequence[Array], chance: np.random.Generator) -> dict[str, Array]:
    """The numbers before anything is learnt; what all words have in common is taken off, once and for all."""
    words = np.concatenate(sentences)

    def random(rows: int, columns: int) -> Array:
        return np.asarray(chance.standard_normal((rows, columns)) / rows**0.5, np.float32)

    return {
        "mean": words.mean(axis=0), "scale": np.array(2 * words.std(axis=0).mean(), np.float32),
        "narrow": random(words.shape[1], NARROW),
        "near": random(PLACES * NARROW, NEAR), "near_bias": np.zeros(NEAR, np.float32),
        "wide": random(PLACES * NEAR, WIDE), "wide_bias": np.zeros(WIDE, np.float32),
        "out": random(WIDE + NEAR, len(TAGS)), "out_bias": np.zeros(len(TAGS), np.float32),
    }  # fmt: skip


def _batches(count: int, chance: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    for _ in range(ROUNDS):
        yield from np.array_split(chance.permutation(count), -(-count // BATCH))


def _packed(sentences: Sequence[tuple[Array, Tags]]) -> tuple[Array, Tags, Array]:
    """Sentences one below the other and apart, their tags, and 1 where there is a word, else 0."""
    width = sentences[0][0].shape[1]
    rows = sum(len(tags) + APART for _, tags in sentences)
    states, tags = np.zeros((rows, width), np.float32), np.zeros(rows, np.intp)
    there = np.zeros((rows, 1), np.float32)
    place = 0
    for said, marked in sentences:
        end = place + len(marked)
        states[place:end], tags[place:end], there[place:end] = said, marked, 1
        place = end + APART
    return states, tags, there


def _kept(shape: tuple[int, ...], chance: np.random.Generator) -> Array:
    """0 where a number is left out; the rest count more for it."""
    return (chance.random(shape, np.float32) > LEFT_OUT) / np.float32(1 - LEFT_OUT)


def _with_neighbours(rows: Array) -> Array:
    """Each row between those next to it, 0 beyond the ends."""
    padded = np.pad(rows, ((REACH, REACH), (0, 0)))
    return np.concatenate([padded[place : place + len(rows)] for place in range(PLACES)], axis=1)


def _from_neighbours(slopes: Array) -> Array:
    """What comes back to each row from all that saw it: the inverse way of `_with_neighbours`."""
    width = slopes.shape[1] // PLACES
    padded = np.zeros((len(slopes) + 2 * REACH, width), np.float32)
    for place in range(PLACES):
        padded[place : place + len(slopes)] += slopes[:, place * width : (place + 1) * width]
    return padded[REACH:-REACH]


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
