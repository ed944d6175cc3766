"""Finds spans of a kind in words that nobody listed, learnt from marked sentences.

Each word is judged by the encoder's states of itself and its neighbours: the beginning of a span, its
inside, or outside (Ramshaw and Marcus 1995); the most likely row of these is chosen (Viterbi 1967).
The kind of a span is read from its words alone, once it is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from bot.content.told import Told

Array = NDArray[np.float32]

TAGS = OUTSIDE, BEGIN, INSIDE = 0, 1, 2
NEIGHBOURS = 2
PLACES = 2 * NEIGHBOURS + 1
TAG_STRENGTH, KIND_STRENGTH = 0.02, 20.0
ITERATIONS, TOLERANCE = 40, 1e-2
FEWEST_SPANS = 10
FILE = "spans.npz"
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
Pieces = Sequence[tuple[int, int]]


class Encoder(Protocol):
    """What knows a text as a whole and in its pieces."""

    def encode(self, sentences: Sequence[str]) -> Array:
        """One vector a text, shape (texts, width)."""

    def states(self, sentence: str) -> tuple[Pieces, Array]:
        """Where each piece stands (start, end) and its state, shape (pieces, width)."""


@dataclass(frozen=True)
class Span:
    """text[start:end], and how sure it is one, from 0 to 1."""

    start: int
    end: int
    confidence: float


class _Regression:
    """A multinomial logistic regression: features in, shares of the classes out."""

    def __init__(self, weights: Array, bias: Array) -> None:
        self.weights = weights
        self.bias = bias

    @classmethod
    def fit(cls, features: Array, classes: NDArray[np.intp], strength: float) -> _Regression:
        """Trains on rows; the classes are 0 … n-1, at least three of them, and all occur."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=strength, max_iter=ITERATIONS, tol=TOLERANCE)
        with catch_warnings():
            # Going on until nothing changes takes three times as long and finds no more.
            simplefilter("ignore", ConvergenceWarning)
            model.fit(features, classes)
        return cls(model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))

    def shares(self, features: Array) -> Array:
        """Shape (rows, classes)."""
        return self.shares_of(features @ self.weights)

    def shares_of(self, products: Array) -> Array:
        """Those of rows that the weights have been applied to."""
        logits = products + self.bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


class SpanRecogniser:
    """Finds spans with their kinds; without an encoder it finds none."""

    def __init__(
        self, tags: _Regression, moves: Array, kinds: _Regression, names: Sequence[str],
        encoder: Encoder | None,
    ) -> None:  # fmt: skip
        self._tags = tags
        self._tag_parts = np.hstack(np.split(tags.weights, PLACES))
        self._moves = moves
        self._kinds = kinds
        self._names = list(names)
        self._encoder = encoder

    @classmethod
    def fit(
        cls, sentences: Sequence[Told], phrases: Iterable[tuple[str, str]], encoder: Encoder
    ) -> SpanRecogniser | None:
        """Trains on marked sentences and on (phrase, kind) pairs; None where too little is marked."""
        if sum(len(sentence.spans) for sentence in sentences) < FEWEST_SPANS:
            return None
        features, tags, moves = _tagged(sentences, encoder)
        said = [(sentence.text[start:end], kind) for sentence in sentences for start, end, kind in sentence.spans]  # fmt: skip
        said += phrases
        names = sorted({kind for _, kind in said})
        kinds = np.array([names.index(kind) for _, kind in said])
        return cls(
            _Regression.fit(features, tags, TAG_STRENGTH), moves,
            _Regression.fit(encoder.encode([words for words, _ in said]), kinds, KIND_STRENGTH),
            names, encoder,
        )  # fmt: skip

    def spans(self, text: str, sure: float = 0.5) -> list[Span]:
        """Every span of a text that is at least as `sure`, in the order said."""
        if self._encoder is None:
            return []
        pieces, states = self._encoder.states(text)
        # The weights of each place among the neighbours come first: 15 numbers a piece instead of 384.
        places, parts = _words(text, pieces, states @ self._tag_parts)
        if not places:
            return []
        shares = self._tags.shares_of(_summed(parts))
        if shares[:, OUTSIDE].min() > 1.0 - sure:
            return []
        spans = [
            Span(places[first][0], places[last][1], float(1.0 - shares[first : last + 1, OUTSIDE].mean()))
            for first, last in _runs(_likeliest(np.log(shares + 1e-9), self._moves))
        ]  # fmt: skip
        return [span for span in spans if span.confidence >= sure]

    def kind(self, words: str) -> tuple[str, float]:
        """The kind of a span with these words, and how sure it is, from 0 to 1."""
        assert self._encoder is not None
        shares = self._kinds.shares(self._encoder.encode([words]))[0]
        best = int(shares.argmax())
        return self._names[best], float(shares[best])

    def save(self, folder: Path) -> None:
        """Writes what was learnt into `folder`, without pickles and without the encoder."""
        np.savez(
            folder / FILE, tag_weights=self._tags.weights, tag_bias=self._tags.bias, moves=self._moves,
            kind_weights=self._kinds.weights, kind_bias=self._kinds.bias, names=np.array(self._names),
        )  # fmt: skip

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None) -> SpanRecogniser | None:
        """The inverse of `save`; None where nothing was saved."""
        if not (folder / FILE).is_file():
            return None
        with np.load(folder / FILE, allow_pickle=False) as saved:
            return cls(
                _Regression(saved["tag_weights"], saved["tag_bias"]), saved["moves"],
                _Regression(saved["kind_weights"], saved["kind_bias"]), saved["names"].tolist(), encoder,
            )  # fmt: skip


def _words(text: str, pieces: Pieces, states: Array) -> tuple[list[tuple[int, int]], Array]:
    """Where the words stand and the mean states of their pieces; what was cut off is left out."""
    real = [number for number, (start, end) in enumerate(pieces) if end > start]
    places = [match.span() for match in _WORD.finditer(text)]
    if not real or not places:
        return [], states[:0]
    starts = [start for start, _ in places]
    owners = np.searchsorted(starts, [pieces[number][0] for number in real], side="right") - 1
    first = np.flatnonzero(np.diff(owners, prepend=-1))
    counts = np.diff(first, append=len(owners)).astype(np.float32)
    means = np.add.reduceat(states[real], first, axis=0) / counts[:, np.newaxis]
    return [places[owner] for owner in owners[first].tolist()], means


def _with_neighbours(words: Array) -> Array:
    """Each word's state between those of its neighbours, 0 beyond the ends."""
    padded = np.pad(words, ((NEIGHBOURS, NEIGHBOURS), (0, 0)))
    return np.concatenate([padded[place : place + len(words)] for place in range(PLACES)], axis=1)


def _summed(parts: Array) -> Array:
    """What each word gets from itself and its neighbours, of shape (words, 3), from their parts side by side."""
    padded = np.pad(parts, ((NEIGHBOURS, NEIGHBOURS), (0, 0)))
    row = [padded[place : place + len(parts), 3 * place : 3 * place + 3] for place in range(PLACES)]
    return np.asarray(sum(row))


def _tagged(sentences: Sequence[Told], encoder: Encoder) -> tuple[Array, NDArray[np.intp], Array]:
    """Features and tags of all words, and how much likelier each move is than its end by itself."""
    features, tags = [], []
    moves = np.ones((3, 3))
    for sentence in sentences:
        places, words = _words(sentence.text, *encoder.states(sentence.text))
        if places:
            row = _tags(places, sentence.spans)
            features.append(_with_neighbours(words))
            tags.append(row)
            np.add.at(moves, (row[:-1], row[1:]), 1)
    told = np.concatenate(tags)
    share = np.bincount(told, minlength=3) / len(told)
    likelier = np.log(moves / moves.sum(axis=1, keepdims=True) / share)
    likelier[OUTSIDE, INSIDE] = -np.inf
    return np.concatenate(features), told, likelier.astype(np.float32)


def _tags(places: Pieces, spans: Iterable[tuple[int, int, str]]) -> NDArray[np.intp]:
    tags = np.full(len(places), OUTSIDE)
    for start, end, _ in spans:
        inside = [number for number, place in enumerate(places) if place[0] < end and start < place[1]]  # fmt: skip
        tags[inside] = INSIDE
        tags[inside[:1]] = BEGIN
    return tags


def _likeliest(logs: Array, moves: Array) -> list[int]:
    """The likeliest row of tags."""
    steps: list[list[int]] = []
    weights = moves.tolist()
    rows = logs.tolist()
    score = [rows[0][OUTSIDE], rows[0][BEGIN], -np.inf]
    for row in rows[1:]:
        best = [max(TAGS, key=lambda tag: score[tag] + weights[tag][to]) for to in TAGS]
        score = [score[best[to]] + weights[best[to]][to] + row[to] for to in TAGS]
        steps.append(best)
    tags = [max(TAGS, key=lambda tag: score[tag])]
    for step in reversed(steps):
        tags.append(step[tags[-1]])
    return tags[::-1]


def _runs(tags: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last word of each span."""
    for first, tag in enumerate(tags):
        if tag == BEGIN:
            last = first
            while last + 1 < len(tags) and tags[last + 1] == INSIDE:
                last += 1
            yield first, last
