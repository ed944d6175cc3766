"""Finds spans of a kind in words that nobody listed, learnt from marked sentences.

Each word is judged by the encoder's states of itself and of those around it: the beginning of a span, its
inside, or outside (Ramshaw and Marcus 1995); the most likely row of these is chosen (Viterbi 1967).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.content.told import Told
from bot.nlu import span_kinds
from bot.nlu.span_kinds import SpanKinds
from bot.nlu.word_tagger import BEGIN, INSIDE, OUTSIDE, TAGS, WordTagger

Array = NDArray[np.float32]

FEWEST_SPANS = 10
FILE = "spans.npz"
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
Pieces = Sequence[tuple[int, int]]
# Where each word stands, and their states, shape (words, width).
Words = tuple[list[tuple[int, int]], Array]


class Encoder(Protocol):
    """What knows a text in its pieces."""

    def states(self, sentence: str) -> tuple[Pieces, Array]:
        """Where each piece stands (start, end) and its state, shape (pieces, width)."""


@dataclass(frozen=True)
class Span:
    """text[start:end], and how sure it is one, from 0 to 1."""

    start: int
    end: int
    confidence: float


class SpanRecogniser:
    """Finds spans with their kinds; without an encoder it finds none."""

    def __init__(
        self, tagger: WordTagger, moves: Array, kinds: SpanKinds, encoder: Encoder | None
    ) -> None:
        self._tagger = tagger
        self._moves = moves
        self._kinds = kinds
        self._encoder = encoder
        self._last: tuple[str, Words] | None = None

    @classmethod
    def fit(
        cls, sentences: Sequence[Told], phrases: Iterable[tuple[str, str]], encoder: Encoder
    ) -> SpanRecogniser | None:
        """Trains on marked sentences and on (phrase, kind) pairs; None where too little is marked."""
        if sum(len(sentence.spans) for sentence in sentences) < FEWEST_SPANS:
            return None
        tagged: list[tuple[Array, NDArray[np.intp]]] = []
        spans: list[tuple[span_kinds.Told, str]] = []
        for sentence in sentences:
            places, words = _words(sentence.text, *encoder.states(sentence.text))
            if places:
                tagged.append((words, _tags(places, sentence.spans)))
                spans += _marked(sentence, places, words)
        for phrase, kind in phrases:
            _, words = _words(phrase, *encoder.states(phrase))
            spans.append((span_kinds.Told(words.mean(axis=0), phrase, ""), kind))
        return cls(
            WordTagger.fit(tagged), _moves([tags for _, tags in tagged]),
            SpanKinds.fit([span for span, _ in spans], [kind for _, kind in spans]), encoder,
        )  # fmt: skip

    def spans(self, text: str, sure: float = 0.5) -> list[Span]:
        """Every span of a text that is at least as `sure`, in the order said."""
        places, words = self._read(text)
        if not places:
            return []
        shares = self._tagger.shares(words)
        if shares[:, OUTSIDE].min() > 1.0 - sure:
            return []
        spans = [
            Span(places[first][0], places[last][1], float(1.0 - shares[first : last + 1, OUTSIDE].mean()))
            for first, last in _runs(_likeliest(np.log(shares + 1e-9), self._moves))
        ]  # fmt: skip
        return [span for span in spans if span.confidence >= sure]

    def kind(self, text: str, start: int, end: int) -> tuple[str, float]:
        """The kind of the span text[start:end], and how sure it is, from 0 to 1."""
        places, words = self._read(text)
        return self._kinds.kind(_of_kind(text, start, end, places, words))

    def _read(self, text: str) -> Words:
        """The words of a text; those of the last are remembered, as each of its spans asks for them."""
        if self._encoder is None:
            return [], np.zeros((0, 0), np.float32)
        if self._last is None or self._last[0] != text:
            self._last = (text, _words(text, *self._encoder.states(text)))
        return self._last[1]

    def save(self, folder: Path) -> None:
        """Writes what was learnt into `folder`, without pickles and without the encoder."""
        parts = {
            "tagger": self._tagger.numbers, "kinds": self._kinds.numbers,
            "names": {key: np.array(names, str) for key, names in self._kinds.names.items()},
        }  # fmt: skip
        named = {f"{part}/{name}": array for part, arrays in parts.items() for name, array in arrays.items()}  # fmt: skip
        np.savez(folder / FILE, moves=self._moves, **named)

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None) -> SpanRecogniser | None:
        """The inverse of `save`; None where nothing was saved."""
        if not (folder / FILE).is_file():
            return None
        with np.load(folder / FILE, allow_pickle=False) as saved:
            parts: dict[str, dict[str, Array]] = {"tagger": {}, "kinds": {}, "names": {}}
            for key in saved.files:
                part, _, name = key.partition("/")
                if name:
                    parts[part][name] = saved[key]
            names = {key: array.tolist() for key, array in parts["names"].items()}
            return cls(
                WordTagger(parts["tagger"]), saved["moves"], SpanKinds(parts["kinds"], names), encoder
            )  # fmt: skip


def _of_kind(text: str, start: int, end: int, places: Pieces, words: Array) -> span_kinds.Told:
    inside = _inside(places, start, end)
    state = words[inside].mean(axis=0) if inside else words.mean(axis=0)
    return span_kinds.Told(state, text[start:end], text)


def _marked(sentence: Told, places: Pieces, words: Array) -> Iterator[tuple[span_kinds.Told, str]]:
    for start, end, kind in sentence.spans:
        yield _of_kind(sentence.text, start, end, places, words), kind


def _inside(places: Pieces, start: int, end: int) -> list[int]:
    return [number for number, place in enumerate(places) if place[0] < end and start < place[1]]


def _words(text: str, pieces: Pieces, states: Array) -> Words:
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


def _moves(rows: Sequence[NDArray[np.intp]]) -> Array:
    """How much likelier each move from tag to tag is than its end by itself."""
    counts = np.ones((len(TAGS), len(TAGS)))
    for row in rows:
        np.add.at(counts, (row[:-1], row[1:]), 1)
    told = np.concatenate(rows)
    share = np.bincount(told, minlength=len(TAGS)) / len(told)
    likelier = np.log(counts / counts.sum(axis=1, keepdims=True) / share)
    likelier[OUTSIDE, INSIDE] = -np.inf
    return np.asarray(likelier, np.float32)


def _tags(places: Pieces, spans: Iterable[tuple[int, int, str]]) -> NDArray[np.intp]:
    tags = np.full(len(places), OUTSIDE)
    for start, end, _ in spans:
        inside = _inside(places, start, end)
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
