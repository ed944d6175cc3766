"""Multinomial logistic regressions: features in, log-probabilities of labels out."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

Matrix = NDArray[np.float64]
Vectors = NDArray[np.float32]

VECTOR_STRENGTH, NGRAM_STRENGTH = 30.0, 20.0
SHRINKAGE = 0.6
DIRECTIONS = 300
ITERATIONS, TOLERANCE = 40, 1e-2


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
            regression.fit(features, list(labels), sample_weight=weights_of(labels))
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


def log_softmax(logits: Matrix) -> Matrix:
    """Row-wise, safe for large values."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def weights_of(labels: Sequence[str]) -> Matrix:
    """By label, falling with the root of how often it occurs: rare ones count, broad ones count more."""
    counts = Counter(labels)
    weights = np.array([counts[label] ** -0.5 for label in labels])
    return np.asarray(weights * len(weights) / weights.sum())


def columns_of(labels: Sequence[str], columns: Sequence[str]) -> NDArray[np.intp]:
    """The number of each label's column."""
    order = {label: number for number, label in enumerate(columns)}
    return np.array([order[label] for label in labels])


def _evening(views: Vectors, labels: Sequence[str]) -> tuple[Vectors, Vectors]:
    """The mean of all vectors, and a matrix that makes their spread within labels alike in all directions.

    The spread is mixed with an even one (`SHRINKAGE`), as a few examples do not show it well (Ledoit
    and Wolf 2004); evened vectors have length one on average.
    """
    columns = columns_of(labels, sorted(set(labels)))
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
