"""Of which kind a span is: by the states of its words in their sentence, by its stems and by those of the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.nlu.linear import Linear
from bot.nlu.step_words import stems

Array = NDArray[np.float32]

STRENGTH = 20.0
# How often a stem must be met to count, and how much those of the text count beside those of the span.
OFTEN_IN_SPANS, OFTEN_IN_TEXTS = 3, 15
OF_TEXT = 0.8


class Told(NamedTuple):
    """A span: the mean of its words' states, its words, the whole text (none for a phrase alone)."""

    state: Array
    words: str
    text: str


class SpanKinds:
    """A regression over the three; `numbers` and `names` are all that was learnt."""

    def __init__(self, numbers: Mapping[str, Array], names: Mapping[str, Sequence[str]]) -> None:
        self.numbers, self.names = dict(numbers), {key: list(all_) for key, all_ in names.items()}
        self._linear = Linear(self.numbers["weights"], np.asarray(self.numbers["bias"], np.float64))
        self._in_spans = _order(self.names["in_spans"], len(self.numbers["mean"]))
        self._in_texts = _order(
            self.names["in_texts"], len(self.numbers["mean"]) + len(self._in_spans)
        )

    @classmethod
    def fit(cls, spans: Sequence[Told], kinds: Sequence[str]) -> SpanKinds:
        """Learns the kinds of these spans; at least two kinds."""
        mean = np.mean([span.state for span in spans], axis=0)
        names = {
            "kinds": sorted(set(kinds)),
            "in_spans": _frequent((stems(span.words) for span in spans), OFTEN_IN_SPANS),
            "in_texts": _frequent((stems(span.text) for span in spans), OFTEN_IN_TEXTS),
        }
        width = len(mean) + len(names["in_spans"]) + len(names["in_texts"])
        untaught = {"mean": mean, "weights": np.zeros((width, 0)), "bias": np.zeros(0)}
        features = np.array(cls(untaught, names)._features(spans))
        linear = Linear.fit(features, list(kinds), STRENGTH)
        learnt = {"mean": mean, "weights": np.asarray(linear.weights, np.float32), "bias": np.asarray(linear.bias, np.float32)}  # fmt: skip
        return cls(learnt, names)

    def kind(self, span: Told) -> tuple[str, float]:
        """The likeliest kind, and how sure it is, from 0 to 1."""
        shares = np.exp(self._linear.log_probabilities(self._features([span])))[0]
        best = int(shares.argmax())
        return self.names["kinds"][best], float(shares[best])

    def _features(self, spans: Sequence[Told]) -> Array:
        features = np.zeros((len(spans), len(self.numbers["weights"])), np.float32)
        for row, span in zip(features, spans, strict=True):
            state = span.state - self.numbers["mean"]
            row[: len(state)] = state / max(float(np.linalg.norm(state)), 1e-6)
            _mark(row, self._in_spans, stems(span.words), 1.0)
            _mark(row, self._in_texts, stems(span.text), OF_TEXT)
        return features


def _mark(row: Array, order: Mapping[str, int], found: Iterable[str], length: float) -> None:
    places = list({order[stem] for stem in found if stem in order})
    if places:
        row[places] = length / len(places) ** 0.5


def _frequent(texts: Iterable[Sequence[str]], often: int) -> list[str]:
    counts = Counter(stem for text in texts for stem in set(text))
    return sorted(stem for stem, count in counts.items() if count >= often)


def _order(names: Sequence[str], first: int) -> dict[str, int]:
    return {name: first + number for number, name in enumerate(names)}
