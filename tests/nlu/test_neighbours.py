"""How near a sentence is to the examples: the short way says what the long one does."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.neighbours import NEAREST, Neighbours, Vectors

LABELS = 5


@pytest.fixture(name="neighbours")
def neighbours_of_random_examples() -> Neighbours:
    chance = np.random.default_rng(3)
    columns = chance.integers(0, LABELS - 1, 60)  # the last label has no examples
    return Neighbours.of(_random(chance, 60), columns, LABELS)


def _random(chance: np.random.Generator, many: int) -> Vectors:
    vectors = chance.normal(size=(many, 8)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def test_nearness_is_the_mean_cosine_to_the_nearest_examples(neighbours: Neighbours) -> None:
    vectors = _random(np.random.default_rng(4), 20)
    cosines = np.sort(vectors @ neighbours.vectors.T, axis=1)[:, -NEAREST:]
    assert neighbours.nearness(vectors) == pytest.approx(cosines.mean(axis=1))


@pytest.mark.parametrize("likely", range(LABELS))
def test_whatever_label_is_looked_at_first_the_answer_is_that_of_all_examples(
    neighbours: Neighbours, likely: int
) -> None:
    vectors = _random(np.random.default_rng(5), 50)
    nearness = neighbours.nearness(vectors)
    for least in np.quantile(nearness, [0.1, 0.5, 0.9]) + 1e-6:
        found = [neighbours.are_as_near(vector, float(least), likely) for vector in vectors]
        assert found == (nearness >= least).tolist()
