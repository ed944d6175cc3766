"""The statistics of intents: sentences in, calibrated probabilities of labels out.

A label is an intent, or an intent and a part of it ("faq/puk_code"). Two views of a sentence vote:
the vector of the encoder, whose topmost layers are tuned to the labels, and its character n-grams;
where there is no encoder the n-grams stand alone.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from bot.nlu.encoder import Crown, SentenceEncoder, Vectors, last_of
from bot.nlu.neighbours import Neighbours
from bot.nlu.ngrams import NgramFeaturiser
from bot.nlu.tuning import tuned

Matrix = NDArray[np.float64]

VECTOR_STRENGTH, NGRAM_STRENGTH = 30.0, 20.0
NGRAM_VOTE = 0.1
SHRINKAGE = 0.6
DIRECTIONS = 300
ITERATIONS, TOLERANCE = 40, 1e-2
TUNING_TOKENS, TRIAL_TOKENS = 50_000, 12_000
FOLDS = 3
PROBABILITY_VOTE = 0.2
SEPARATOR = "/"
FILE, CROWN_FILE = "intents.npz", "crown.onnx"


class Linear:
    """One multinomial logistic regression: logits = features · weights + bias."""

    def __init__(self, weights: Matrix | Vectors, bias: Matrix) -> None:
        self.weights = weights
        self.bias = bias

    @classmethod
    def fit(cls, features: object, labels: Sequence[str], strength: float) -> Linear:
        """Trains on a dense or sparse matrix; columns of the logits are the sorted labels."""
        regression = LogisticRegression(C=strength, max_iter=ITERATIONS, tol=TOLERANCE)
        with warnings.catch_warnings():
            # Forty iterations find the same answers as a hundred, in less than half the time.
            warnings.simplefilter("ignore", ConvergenceWarning)
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
        weights = (directions.T @ narrow.weights).astype(np.float32)
        return cls(weights, narrow.bias)

    @classmethod
    def fit_dense(cls, views: Vectors, labels: Sequence[str]) -> Linear:
        """Two regressions in one: on the vectors, and on the same with the spread within labels evened out.

        Logits of both are summed, and as both are linear the sum is one regression. What varies
        within every label says little about which it is (as in Fisher's discriminant analysis).
        """
        middle, evening = _evening(views, labels)
        plain = cls.fit(views, labels, VECTOR_STRENGTH)
        even = cls.fit((views - middle) @ evening, labels, VECTOR_STRENGTH)
        turned = evening @ even.weights
        weights = np.asarray(plain.weights + turned, np.float32)
        return cls(weights, plain.bias + even.bias - middle @ turned)

    def log_probabilities(self, features: NDArray[np.float32]) -> Matrix:
        """Shape (rows, labels)."""
        return log_softmax(np.asarray(features @ self.weights + self.bias))

    def log_probabilities_of_row(self, columns: NDArray[np.intp], values: Matrix) -> Matrix:
        """Those of one row of which only these columns are not 0, shape (labels,)."""
        logits = values @ self.weights[columns] + self.bias
        return np.asarray(log_softmax(logits[np.newaxis])[0])


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
                       _columns(tells, names), _weights(tells).astype(np.float32), tokens)  # fmt: skip
        crown = Crown.of(layers)
        views = crown.views(hidden)
        vector_view = Linear.fit_dense(views, labels)
        examples = Neighbours.of(last_of(views), _columns(labels, names), len(names))
        return cls(list(names), ngrams, ngram_view, vector_view, examples,
                   encoder=encoder, crown=crown)  # fmt: skip

    def _settle(
        self, texts: Sequence[str], labels: Sequence[str], keep: float, outside: str
    ) -> None:
        """Sets temperature and threshold by examples that were not learnt from."""
        vectors = self._vectors(texts)
        logs = self._log_probabilities(texts, vectors)
        self.temperature = _best_temperature(logs, _columns(labels, self.labels), self._membership)
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


def log_softmax(logits: Matrix) -> Matrix:
    """Row-wise, safe for large values."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def _sharpened(logs: Matrix, temperature: float) -> Matrix:
    return np.asarray(np.exp(log_softmax(logs / temperature)))


def _evening(views: Vectors, labels: Sequence[str]) -> tuple[Vectors, Vectors]:
    """The mean of all vectors, and a matrix that makes their spread within labels alike in all directions.

    The spread is mixed with an even one (`SHRINKAGE`), as a few examples do not show it well (Ledoit
    and Wolf 2004); evened vectors have length one on average.
    """
    columns = _columns(labels, sorted(set(labels)))
    counts = np.bincount(columns).astype(np.float32)
    sums = np.zeros((len(counts), views.shape[1]), np.float32)
    np.add.at(sums, columns, views)
    rest = views - (sums / counts[:, None])[columns]
    spread = rest.T @ rest / max(1, len(views) - len(counts))
    even = np.trace(spread) / len(spread) * np.eye(len(spread))
    evening = np.linalg.cholesky(np.linalg.inv((1 - SHRINKAGE) * spread + SHRINKAGE * even))
    middle = views.mean(axis=0)
    length = np.linalg.norm((views - middle) @ evening, axis=1).mean()
    return middle, np.asarray(evening / length, np.float32)


def _at(items: Sequence[Any], places: NDArray[np.intp]) -> list[Any]:
    return [items[place] for place in places]


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
