"""What tags words: its slopes, and what it can learn."""

from __future__ import annotations

import numpy as np

from bot.nlu.word_tagger import BEGIN, INSIDE, OUTSIDE, Array, Tags, WordTagger, _packed

WIDTH = 8


def sentence(seed: int, words: int = 7) -> tuple[Array, Tags]:
    """States in which the first number says where a span of two words begins."""
    chance = np.random.default_rng(seed)
    states = chance.standard_normal((words, WIDTH)).astype(np.float32)
    states[:, 0] = 0
    begin = int(chance.integers(0, words - 1))
    states[begin, 0] = 4
    tags = np.full(words, OUTSIDE)
    tags[begin : begin + 2] = BEGIN, INSIDE
    return states, tags


def surprise(tagger: WordTagger, said: tuple[Array, Tags]) -> float:
    shares = tagger.shares(said[0])
    return -float(np.log(shares[np.arange(len(said[1])), said[1]]).sum())


def test_what_follows_from_a_neighbour_is_learnt() -> None:
    tagger = WordTagger.fit([sentence(seed) for seed in range(200)])
    for seed in range(1000, 1020):
        states, tags = sentence(seed)
        assert tagger.shares(states).argmax(axis=1).tolist() == tags.tolist()


def test_slopes_are_what_small_steps_show() -> None:
    one, other = sentence(1), sentence(2, words=4)
    tagger = WordTagger.fit([one, other])
    states, tags, there = _packed([one, other])

    class Nothing(np.random.Generator):
        """Leaves no number out."""

        def random(self, size: object = None, dtype: object = None, out: object = None) -> Array:  # type: ignore[override]
            assert isinstance(size, tuple)
            return np.ones(size, np.float32)

    kept = 1 / (1 - 0.4)
    slopes = tagger._slopes(states, tags, there, Nothing(np.random.PCG64(0)), 4)

    def told() -> float:
        left = tagger._forward(tagger._even(states), there, (kept, kept))[-1].astype(np.float64)
        logs = left - np.log(np.exp(left).sum(axis=1, keepdims=True))
        return float(-(logs[np.arange(len(tags)), tags] * there[:, 0]).sum()) / 16

    for name, slope in slopes.items():
        array = tagger.numbers[name]
        place = np.unravel_index(np.abs(slope).argmax(), slope.shape)
        before = array[place]
        array[place] = before + 1e-2
        above = told()
        array[place] = before - 1e-2
        below = told()
        array[place] = before
        assert np.isclose((above - below) / 2e-2, slope[place], rtol=0.02), name


def test_sentences_learnt_together_do_not_see_each_other() -> None:
    one, other = sentence(3), sentence(4)
    tagger = WordTagger.fit([one, other])
    states, _, there = _packed([one, other])
    together = tagger._forward(tagger._even(states), there, (1.0, 1.0))[-1]
    alone = tagger._forward(tagger._even(other[0]), np.ones((len(other[1]), 1), np.float32), (1.0, 1.0))[-1]  # fmt: skip
    start = len(one[1]) + 4
    assert np.allclose(together[start : start + len(other[1])], alone, atol=1e-5)
