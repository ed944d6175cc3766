"""The statistics of intents: sentences in, calibrated probabilities of labels out.

A label is an intent, or an intent and a part of it ("faq/puk_code"). Two views of a sentence vote:
the encoder's vector and its character n-grams; where there is no encoder the n-grams stand alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from bot.nlu.ngrams import NgramFeaturiser

Matrix = NDArray[np.float64]

VECTOR_STRENGTH, NGRAM_STRENGTH = 30.0, 20.0
NGRAM_VOTE = 0.4
DIRECTIONS = 300
ITERATIONS, TOLERANCE = 100, 1e-2
FOLDS = 2
NEIGHBOURS = 3
PROBABILITY_VOTE = 0.2
SEPARATOR = "/"
FILE = "intents.npz"


class Encoder(Protocol):
    """What turns sentences into vectors of length one."""

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Shape (sentences, width)."""


class Linear:
    """One multinomial logistic regression: logits = features · weights + bias."""

    def __init__(self, weights: Matrix, bias: Matrix) -> None:
        self.weights = weights
        self.bias = bias

    @classmethod
    def fit(cls, features: object, labels: Sequence[str], strength: float) -> Linear:
        """Trains on a dense or sparse matrix; columns of the logits are the sorted labels."""
        regression = LogisticRegression(C=strength, max_iter=ITERATIONS, tol=TOLERANCE)
        regression.fit(features, list(labels), sample_weight=_weights(labels))
        if len(regression.classes_) == 2:
            zero = np.zeros_like(regression.coef_)
            return cls(
                np.vstack([zero, regression.coef_]).T, np.append([0.0], regression.intercept_)
            )
        return cls(regression.coef_.T, regression.intercept_)

    @classmethod
    def fit_sparse(cls, features: csr_matrix, labels: Sequence[str]) -> Linear:
        """Trains on a wide sparse matrix by way of its main directions, which takes seconds, not minutes."""
        directions = (
            TruncatedSVD(min(DIRECTIONS, min(features.shape) - 1), random_state=0)
            .fit(features)
            .components_
        )
        narrow = cls.fit(features @ directions.T, labels, NGRAM_STRENGTH)
        return cls(directions.T @ narrow.weights, narrow.bias)

    def log_probabilities(self, features: object) -> Matrix:
        """Shape (rows, labels)."""
        return log_softmax(np.asarray(features @ self.weights + self.bias))  # type: ignore[operator]

    def log_probabilities_of_row(self, columns: NDArray[np.intp], values: Matrix) -> Matrix:
        """Those of one row of which only these columns are not 0, shape (labels,)."""
        logits = values @ self.weights[columns] + self.bias
        return np.asarray(log_softmax(logits[np.newaxis])[0])


class IntentModel:
    """`labels` are in the order of the probabilities' columns, `intents` in that of `by_intent`."""

    def __init__(
        self, labels: list[str], ngrams: NgramFeaturiser, ngram_view: Linear,
        vector_view: Linear | None = None, examples: NDArray[np.float32] | None = None,
        temperature: float = 1.0, threshold: float = 0.0, encoder: Encoder | None = None,
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

    @classmethod
    def fit(
        cls, texts: Sequence[str], labels: Sequence[str], encoder: Encoder | None, keep: float = 0.95,
        outside: str = "", origins: Sequence[int] | None = None,
    ) -> IntentModel:  # fmt: skip
        """Trains on parallel lists of at least two different labels.

        keep: share of valid messages that stay above `threshold`; outside: the label of examples
        that are not valid ones; both are settled, like the temperature, on held-out folds, which
        never part examples of the same origin.
        """
        vectors = encoder.encode(texts) if encoder else None
        model = cls._fit(texts, labels, vectors, encoder)
        held_out, fitness = cls._held_out(texts, labels, vectors, model.labels, origins)
        model.temperature = _best_temperature(
            held_out, _columns(labels, model.labels), model._membership
        )
        valid = np.array([label != outside for label in labels])
        if valid.any() and vectors is not None:
            sharp = _sharpened(held_out, model.temperature)
            scores = fitness + PROBABILITY_VOTE * model._surest(sharp, outside)
            model.threshold = float(np.quantile(scores[valid], 1.0 - keep))
        return model

    @classmethod
    def _fit(
        cls, texts: Sequence[str], labels: Sequence[str], vectors: NDArray[np.float32] | None,
        encoder: Encoder | None,
    ) -> IntentModel:  # fmt: skip
        ngrams = NgramFeaturiser.fit(texts)
        ngram_view = Linear.fit_sparse(ngrams.transform(texts), labels)
        vector_view = None if vectors is None else Linear.fit(vectors, labels, VECTOR_STRENGTH)
        return cls(sorted(set(labels)), ngrams, ngram_view, vector_view, vectors, encoder=encoder)

    @classmethod
    def _held_out(
        cls, texts: Sequence[str], labels: Sequence[str], vectors: NDArray[np.float32] | None,
        columns: list[str], origins: Sequence[int] | None,
    ) -> tuple[Matrix, Matrix]:  # fmt: skip
        """Log-probabilities and nearness of every example from models that have not seen it."""
        held_out = np.full((len(texts), len(columns)), np.log(1e-9))
        near = np.zeros(len(texts))
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
        groups = range(len(texts)) if origins is None else origins
        said = np.array(texts, dtype=object)
        names = np.array(labels, dtype=object)
        for seen, unseen in folds.split(said, names, list(groups)):
            some = None if vectors is None else vectors[seen]
            model = cls._fit(said[seen].tolist(), names[seen].tolist(), some, None)
            rows = model._log_probabilities(
                said[unseen].tolist(), None if vectors is None else vectors[unseen]
            )
            held_out[np.ix_(unseen, [columns.index(label) for label in model.labels])] = rows
            if vectors is not None and some is not None:
                near[unseen] = _nearness(vectors[unseen], some)
        return held_out, near

    def understand(self, texts: Sequence[str], outside: str = "") -> tuple[Matrix, Matrix]:
        """Probabilities, shape (texts, labels), and how well each text fits what is known.

        A text whose fitness stays below `threshold` is out of scope; without an encoder the
        fitness is infinite, as n-grams say nothing about scope.
        """
        vectors = self._encoder.encode(texts) if self._encoder and self._vector_view else None
        rows = _sharpened(self._log_probabilities(texts, vectors), self.temperature)
        if vectors is None or self._examples is None:
            return rows, np.full(len(rows), np.inf)
        return rows, _nearness(vectors, self._examples) + PROBABILITY_VOTE * self._surest(
            rows, outside
        )

    def by_intent(self, rows: Matrix) -> Matrix:
        """Probabilities of labels summed by intent, shape (rows, intents)."""
        return np.asarray(rows @ self._membership)

    def _surest(self, rows: Matrix, outside: str) -> Matrix:
        """The probability of the best intent that is not `outside`."""
        inside = [intent != outside for intent in self.intents]
        return np.asarray((self.by_intent(rows) * inside).max(axis=1))

    def _log_probabilities(
        self, texts: Sequence[str], vectors: NDArray[np.float32] | None
    ) -> Matrix:
        ngrams = np.array(
            [self._ngram_view.log_probabilities_of_row(*self._ngrams.row(text)) for text in texts]
        )
        if vectors is None or self._vector_view is None:
            return ngrams
        return self._vector_view.log_probabilities(vectors) + NGRAM_VOTE * ngrams

    def save(self, folder: Path) -> None:
        """Writes the model into `folder`, without pickles and without the encoder."""
        arrays = {
            "labels": np.array(self.labels), "scalars": np.array([self.temperature, self.threshold]),
            "ngrams": np.array(self._ngrams.ngrams), "idf": self._ngrams.idf,
            "ngram_weights": self._ngram_view.weights.astype(np.float32), "ngram_bias": self._ngram_view.bias,
        }  # fmt: skip
        if self._vector_view is not None and self._examples is not None:
            arrays |= {"vector_weights": self._vector_view.weights, "vector_bias": self._vector_view.bias,
                       "examples": self._examples}  # fmt: skip
        np.savez(folder / FILE, **arrays)

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None) -> IntentModel:
        """The inverse of `save`. Raises `FileNotFoundError`."""
        with np.load(folder / FILE, allow_pickle=False) as saved:
            ngrams = NgramFeaturiser(saved["ngrams"].tolist(), saved["idf"])
            ngram_view = Linear(saved["ngram_weights"].astype(np.float64), saved["ngram_bias"])
            vector_view = (
                Linear(saved["vector_weights"], saved["vector_bias"])
                if "vector_bias" in saved
                else None
            )
            examples = saved.get("examples")
            temperature, threshold = saved["scalars"].tolist()
            return cls(saved["labels"].tolist(), ngrams, ngram_view, vector_view, examples,
                       temperature, threshold, encoder)  # fmt: skip


def log_softmax(logits: Matrix) -> Matrix:
    """Row-wise, safe for large values."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def _sharpened(logs: Matrix, temperature: float) -> Matrix:
    return np.asarray(np.exp(log_softmax(logs / temperature)))


def _nearness(vectors: NDArray[np.float32], examples: NDArray[np.float32]) -> Matrix:
    """The mean cosine to the nearest examples."""
    near = np.partition(vectors @ examples.T, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS:]
    return np.asarray(near.mean(axis=1), dtype=np.float64)


def _membership(labels: Sequence[str], intents: Sequence[str]) -> Matrix:
    """1 where a label (row) belongs to an intent (column)."""
    return np.array(
        [[float(label.partition(SEPARATOR)[0] == intent) for intent in intents] for label in labels]
    )


def _weights(labels: Sequence[str]) -> Matrix:
    """By label, falling with the root of how often it occurs: rare ones count, broad ones count more."""
    counts = Counter(labels)
    weights = np.array([counts[label] ** -0.5 for label in labels])
    return np.asarray(weights * len(weights) / weights.sum())


def _columns(labels: Sequence[str], columns: Sequence[str]) -> NDArray[np.intp]:
    order = {label: number for number, label in enumerate(columns)}
    return np.array([order[label] for label in labels])


def _best_temperature(logs: Matrix, truth: NDArray[np.intp], membership: Matrix) -> float:
    """The temperature at which held-out intents are least surprising (Guo et al. 2017)."""
    candidates = np.geomspace(0.4, 3.0, 24)
    rows = np.arange(len(truth))

    def surprise(temperature: float) -> float:
        intents = _sharpened(logs, temperature) @ membership
        return float(-np.log(intents[rows, membership[truth].argmax(axis=1)] + 1e-12).mean())

    return float(min(candidates, key=surprise))
