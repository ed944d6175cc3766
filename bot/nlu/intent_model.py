"""The statistics of intents: sentences in, calibrated probabilities of labels out.

A label is an intent, or an intent and a part of it ("faq/puk_code"). Two views of a sentence vote:
the vector of the encoder, whose topmost layers are tuned to the labels, and its character n-grams;
where there is no encoder the n-grams stand alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from bot.nlu.encoder import Crown, SentenceEncoder, Vectors, last_of
from bot.nlu.linear import Linear, Matrix, columns_of, log_softmax, weights_of
from bot.nlu.neighbours import Neighbours
from bot.nlu.ngrams import NgramFeaturiser
from bot.nlu.tuning import tuned

NGRAM_VOTE = 0.1
TUNING_TOKENS, TRIAL_TOKENS = 50_000, 12_000
FOLDS = 3
PROBABILITY_VOTE = 0.2
SEPARATOR = "/"
FILE, CROWN_FILE = "intents.npz", "crown.onnx"


class IntentModel:
    """`labels` are in the order of the probabilities' columns, `intents` in that of `by_intent`."""

    def __init__(
        self, labels: list[str], ngrams: NgramFeaturiser, ngram_view: Linear,
        vector_view: Linear | None = None, examples: Neighbours | None = None,
        temperature: float = 1.0, threshold: float = 0.0,
        encoder: SentenceEncoder | None = None, crown: Crown | None = None,
    ) -> None:  # fmt: skip
        self.labels = labels
        self.intents = list(dict.fromkeys(label.partition(SEPARATOR)[0] for label in labels))
        self._membership = _membership(labels, self.intents)
        self.temperature = temperature
        self.threshold = threshold
        self._ngrams = ngrams
        self._ngram_view = ngram_view
        self._vector_view = vector_view
        self._examples = examples
        self._encoder = encoder
        self._crown = crown

    @classmethod
    def fit(
        cls, texts: Sequence[str], labels: Sequence[str], encoder: SentenceEncoder | None,
        keep: float = 0.95, outside: str = "", origins: Sequence[int] | None = None,
    ) -> IntentModel:  # fmt: skip
        """Trains on parallel lists of at least two different labels.

        origins: the number of the example that each was made from, its own where it was not; only
        the latter tune the encoder. keep: share of valid messages that stay above `threshold`;
        outside: the label of examples that are not valid ones; both are settled, like the
        temperature, on examples held out from a trial, never of the same origin as those learnt from.
        """
        hidden = encoder.hidden(texts) if encoder else None
        groups = np.arange(len(texts)) if origins is None else np.array(origins)
        own = groups == np.arange(len(texts))
        model = cls._fit(texts, labels, hidden, own, encoder)
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
        seen, unseen = next(folds.split(list(texts), list(labels), groups))
        trial = cls._fit(
            _at(texts, seen), _at(labels, seen), hidden and _at(hidden, seen), own[seen], encoder,
            sorted(set(labels)), TRIAL_TOKENS)  # fmt: skip
        trial._settle(_at(texts, unseen), _at(labels, unseen), keep, outside)
        model.temperature, model.threshold = trial.temperature, trial.threshold
        return model

    @classmethod
    def _fit(
        cls, texts: Sequence[str], labels: Sequence[str], hidden: Sequence[Vectors] | None,
        own: NDArray[np.bool_], encoder: SentenceEncoder | None, names: Sequence[str] = (),
        tokens: int = TUNING_TOKENS,
    ) -> IntentModel:  # fmt: skip
        """A model that is not yet calibrated; a label's own words are an example of it too."""
        names = names or sorted(set(labels))
        words = [name.rpartition(SEPARATOR)[2].replace("_", " ") for name in names]
        texts, labels = [*texts, *words], [*labels, *names]
        ngrams = NgramFeaturiser.fit(texts)
        ngram_view = Linear.fit_sparse(ngrams.transform(texts), labels)
        if encoder is None or hidden is None:
            return cls(list(names), ngrams, ngram_view)
        hidden = [*hidden, *encoder.hidden(words)]
        lessons = np.flatnonzero([*own, *(True for _ in words)])
        tells = _at(labels, lessons)
        states = _at(hidden, lessons)
        layers = tuned(encoder.tunable(), states, last_of(encoder.crown.views(states)),
                       columns_of(tells, names), weights_of(tells).astype(np.float32), tokens)  # fmt: skip
        crown = Crown.of(layers)
        views = crown.views(hidden)
        vector_view = Linear.fit_dense(views, labels)
        examples = Neighbours.of(last_of(views), columns_of(labels, names), len(names))
        return cls(list(names), ngrams, ngram_view, vector_view, examples,
                   encoder=encoder, crown=crown)  # fmt: skip

    def _settle(
        self, texts: Sequence[str], labels: Sequence[str], keep: float, outside: str
    ) -> None:
        """Sets temperature and threshold by examples that were not learnt from."""
        vectors = self._vectors(texts)
        logs = self._log_probabilities(texts, vectors)
        self.temperature = _best_temperature(
            logs, columns_of(labels, self.labels), self._membership
        )
        valid = np.array([label != outside for label in labels])
        if valid.any() and vectors is not None:
            fitness = self._fitness(vectors, _sharpened(logs, self.temperature), outside)
            self.threshold = float(np.quantile(fitness[valid], 1.0 - keep))

    def understand(self, texts: Sequence[str], outside: str = "") -> tuple[Matrix, Matrix]:
        """Probabilities, shape (texts, labels), and how well each text fits what is known.

        A text whose fitness stays below `threshold` is out of scope; without an encoder the
        fitness is infinite, as n-grams say nothing about scope.
        """
        vectors = self._vectors(texts)
        rows = _sharpened(self._log_probabilities(texts, vectors), self.temperature)
        if vectors is None:
            return rows, np.full(len(rows), np.inf)
        return rows, self._fitness(vectors, rows, outside)

    def read(self, text: str, outside: str = "") -> tuple[Matrix, bool]:
        """One text as `understand` reads it: its probabilities, and whether it is in scope."""
        vectors = self._vectors([text])
        rows = _sharpened(self._log_probabilities([text], vectors), self.temperature)
        if vectors is None or self._examples is None:
            return rows[0], True
        least = self.threshold - PROBABILITY_VOTE * float(self._surest(rows, outside)[0])
        likely = int(rows[0].argmax())
        return rows[0], self._examples.are_as_near(last_of(vectors)[0], least, likely)

    def _vectors(self, texts: Sequence[str]) -> Vectors | None:
        if self._encoder is None or self._crown is None:
            return None
        return self._crown.views(self._encoder.hidden(texts))

    def _fitness(self, vectors: Vectors, rows: Matrix, outside: str) -> Matrix:
        """How near the known examples are, and how sure the best intent that is not `outside`."""
        assert self._examples is not None
        near = self._examples.nearness(last_of(vectors))
        return near + PROBABILITY_VOTE * self._surest(rows, outside)

    def _surest(self, rows: Matrix, outside: str) -> Matrix:
        inside = [intent != outside for intent in self.intents]
        return np.asarray((self.by_intent(rows) * inside).max(axis=1))

    def by_intent(self, rows: Matrix) -> Matrix:
        """Probabilities of labels summed by intent, shape (rows, intents)."""
        return np.asarray(rows @ self._membership)

    def _log_probabilities(self, texts: Sequence[str], vectors: Vectors | None) -> Matrix:
        ngrams = np.array(
            [self._ngram_view.log_probabilities_of_row(*self._ngrams.row(text)) for text in texts]
        )
        if vectors is None or self._vector_view is None:
            return ngrams
        return self._vector_view.log_probabilities(vectors) + NGRAM_VOTE * ngrams

    def save(self, folder: Path) -> None:
        """Writes the model into `folder`, without pickles and without what all models share."""
        arrays = {
            "labels": np.array(self.labels), "scalars": np.array([self.temperature, self.threshold]),
            "ngrams": np.array(self._ngrams.ngrams), "idf": self._ngrams.idf,
            "ngram_weights": self._ngram_view.weights.astype(np.float32), "ngram_bias": self._ngram_view.bias,
        }  # fmt: skip
        if self._vector_view and self._crown and self._examples is not None:
            arrays |= {"vector_weights": self._vector_view.weights, "vector_bias": self._vector_view.bias,
                       "examples": self._examples.vectors, "ends": self._examples.ends}  # fmt: skip
            (folder / CROWN_FILE).write_bytes(self._crown.graph)
        np.savez(folder / FILE, **arrays)

    @classmethod
    def load(cls, folder: Path, encoder: SentenceEncoder | None) -> IntentModel:
        """The inverse of `save`. Raises `FileNotFoundError`."""
        with np.load(folder / FILE, allow_pickle=False) as saved:
            ngrams = NgramFeaturiser(saved["ngrams"].tolist(), saved["idf"])
            ngram_view = Linear(saved["ngram_weights"], saved["ngram_bias"])
            temperature, threshold = saved["scalars"].tolist()
            vector_view = crown = examples = None
            if encoder and "vector_bias" in saved:
                vector_view = Linear(saved["vector_weights"], saved["vector_bias"])
                crown = Crown((folder / CROWN_FILE).read_bytes())
                examples = Neighbours(saved["examples"], saved["ends"])
            return cls(saved["labels"].tolist(), ngrams, ngram_view, vector_view,
                       examples, temperature, threshold, encoder, crown)  # fmt: skip


def _sharpened(logs: Matrix, temperature: float) -> Matrix:
    return np.asarray(np.exp(log_softmax(logs / temperature)))


def _at(items: Sequence[Any], places: NDArray[np.intp]) -> list[Any]:
    return [items[place] for place in places]


def _membership(labels: Sequence[str], intents: Sequence[str]) -> Matrix:
    """1 where a label (row) belongs to an intent (column)."""
    return np.array(
        [[float(label.partition(SEPARATOR)[0] == intent) for intent in intents] for label in labels]
    )


def _best_temperature(logs: Matrix, truth: NDArray[np.intp], membership: Matrix) -> float:
    """The temperature at which held-out intents are least surprising (Guo et al. 2017)."""
    candidates = np.geomspace(0.4, 3.0, 24)
    rows = np.arange(len(truth))

    def surprise(temperature: float) -> float:
        intents = _sharpened(logs, temperature) @ membership
        return float(-np.log(intents[rows, membership[truth].argmax(axis=1)] + 1e-12).mean())

    return float(min(candidates, key=surprise))
