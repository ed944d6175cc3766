"""Layers of the encoder, backwards, and what tuning them does."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from bot.nlu.layers import WIDTH, Dropout, Floats, Layer, Pass, _normal
from bot.nlu.tuning import BATCH, ROUNDS, SHARPNESS, _batches, _scatter, tuned

LENGTHS = (3, 7, 5, 4)


@pytest.fixture
def layers() -> list[Layer]:
    chance = np.random.default_rng(1)

    def drawn(*shape: int) -> Floats:
        return (chance.standard_normal(shape) * 0.05).astype(np.float32)

    def layer() -> Layer:
        shapes = {"parts": (WIDTH, 3 * WIDTH), "mix": (WIDTH, WIDTH), "up": (WIDTH, 4 * WIDTH), "down": (4 * WIDTH, WIDTH)}  # fmt: skip
        made = {name: drawn(*shape) for name, shape in shapes.items()}
        made |= {f"{name}_bias": drawn(shape[1]) for name, shape in shapes.items()}
        for name in ("mixed", "done"):
            made |= {name: 1 + drawn(WIDTH), f"{name}_bias": drawn(WIDTH)}
        return made

    return [layer(), layer()]


@pytest.fixture
def sentences() -> list[Floats]:
    chance = np.random.default_rng(2)
    return [chance.standard_normal((length, WIDTH)).astype(np.float32) for length in LENGTHS]


def test_a_sentence_s_vector_does_not_depend_on_its_company(
    layers: list[Layer], sentences: list[Floats]
) -> None:
    together = Pass(layers, sentences, Dropout()).vectors
    alone = [Pass(layers, [sentence], Dropout()).vectors[0] for sentence in sentences]
    assert np.abs(together - np.array(alone)).max() < 1e-5
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(LENGTHS)), abs=1e-5)


@pytest.mark.parametrize("name", ["parts", "parts_bias", "mix", "mix_bias", "mixed", "mixed_bias",
                                  "up", "up_bias", "down", "down_bias", "done", "done_bias"])  # fmt: skip
@pytest.mark.parametrize("number", [0, 1])
def test_slopes_are_those_that_small_steps_show(
    layers: list[Layer], sentences: list[Floats], number: int, name: str
) -> None:
    chance = np.random.default_rng(3)
    wanted = chance.standard_normal((len(LENGTHS), WIDTH)).astype(np.float32)
    found = Pass(layers, sentences, Dropout(0.1)).backward(wanted)[number][name]
    way = found / np.linalg.norm(found)

    def gain(step: float) -> float:
        moved = [dict(layer) for layer in layers]
        moved[number][name] = layers[number][name] + np.float32(step) * way
        vectors = Pass(moved, sentences, Dropout(0.1)).vectors
        return float((vectors.astype(np.float64) * wanted).sum())

    step = 0.02
    assert (gain(step) - gain(-step)) / (2 * step) == pytest.approx(
        float(np.linalg.norm(found)), rel=0.02
    )


def test_slopes_of_the_scatter_are_those_that_small_steps_show() -> None:
    chance = np.random.default_rng(5)
    labels = np.array([0, 0, 1, 1, 1, 2])
    vectors = chance.standard_normal((6, WIDTH))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = (labels[:, None] == labels) & ~np.eye(6, dtype=bool)

    def scatter(vectors: NDArray[np.float64]) -> float:
        near = np.exp(float(SHARPNESS) * vectors @ vectors.T) * (1 - np.eye(6))
        logs = np.log(near + np.eye(6)) - np.log(near.sum(axis=1, keepdims=True))
        return -float(np.mean([logs[row][alike[row]].mean() for row in range(5)]))

    way = chance.standard_normal(vectors.shape)
    step = 1e-5
    gain = scatter(vectors + step * way) - scatter(vectors - step * way)
    found = _scatter(vectors.astype(np.float32), labels)
    assert gain / (2 * step) == pytest.approx(float((found * way).sum()), rel=1e-3)


def test_all_is_in_single_precision(layers: list[Layer], sentences: list[Floats]) -> None:
    way = Pass(layers, sentences, Dropout(0.1))
    slopes = way.backward(np.ones((len(LENGTHS), WIDTH), np.float32))
    kinds = {array.dtype for slope in slopes for array in slope.values()}
    assert kinds == {way.vectors.dtype} == {np.dtype(np.float32)}


def test_the_normal_distribution_is_near_the_library_s() -> None:
    numbers = np.linspace(-12, 12, 4801, dtype=np.float32)
    below, bell = _normal(numbers)
    exact = ndtr(numbers.astype(np.float64))
    assert np.abs(below - exact).max() < 5e-7
    assert bell == pytest.approx(np.exp(-(numbers.astype(np.float64) ** 2) / 2), abs=1e-6)


def test_tuning_parts_what_was_mixed(layers: list[Layer]) -> None:
    chance = np.random.default_rng(4)
    marks = chance.standard_normal((2, WIDTH)).astype(np.float32)
    labels = np.arange(40) % 2
    sentences = [
        (marks[label] * 0.2 + chance.standard_normal((5, WIDTH))).astype(np.float32)
        for label in labels
    ]

    def apart(layers: list[Layer]) -> float:
        vectors = Pass(layers, sentences, Dropout()).vectors
        means = [vectors[labels == label].mean(axis=0) for label in (0, 1)]
        return float(np.linalg.norm(means[0] - means[1]))

    before = {name: array.copy() for name, array in layers[0].items()}
    vectors = Pass(layers, sentences, Dropout()).vectors
    after = tuned(layers, sentences, vectors, labels, np.ones(40, np.float32), 10_000)
    assert apart(after) > 1.5 * apart(layers)
    assert all(np.array_equal(layers[0][name], before[name]) for name in before)


def test_every_sentence_has_its_turn_while_there_is_time() -> None:
    lengths = [10] * 100
    whole = np.concatenate(_batches(lengths, 1_000_000))
    assert np.bincount(whole).tolist() == [ROUNDS] * 100
    short = _batches(lengths, 1_500)
    assert sum(map(len, short)) == 150
    assert max(map(len, short)) <= BATCH
