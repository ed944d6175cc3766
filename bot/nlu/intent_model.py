"""The statistics of intents: sentence features in, calibrated probabilities of labels out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.nlu.ngrams import NgramFeaturiser

Matrix = NDArray[np.float64]
NGRAM_STRENGTH = 20.0
ITERATIONS = 300
FILE = "intents.npz"


class IntentModel:
    """Multinomial logistic regression; `labels` are in the order of the probabilities' columns."""

    def __init__(self, labels: list[str], weights: Matrix, bias: Matrix, ngrams: NgramFeaturiser) -> None:
        self.labels = labels
        self._weights = weights
        self._bias = bias
        self._ngrams = ngrams

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
        """Trains on parallel lists of at least two different labels."""
        ngrams = NgramFeaturiser.fit(texts)
        regression = LogisticRegression(C=NGRAM_STRENGTH, max_iter=ITERATIONS, class_weight="balanced")
        regression.fit(ngrams.transform(texts), list(labels))
        return cls([str(label) for label in regression.classes_], regression.coef_, regression.intercept_, ngrams)

    def probabilities(self, texts: Sequence[str]) -> Matrix:
        """A row per text that sums to one, shape (texts, labels)."""
        logits = self._ngrams.transform(texts) @ self._weights.T + self._bias
        return softmax(np.asarray(logits))

    def save(self, folder: Path) -> None:
        """Writes the model into `folder`, without pickles."""
        np.savez_compressed(
            folder / FILE, labels=np.array(self.labels), bias=self._bias, idf=self._ngrams.idf,
            weights=self._weights.astype(np.float32), ngrams=np.array(self._ngrams.ngrams))  # fmt: skip

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """The inverse of `save`. Raises `FileNotFoundError`."""
        with np.load(folder / FILE, allow_pickle=False) as saved:
            ngrams = NgramFeaturiser.restore(saved["ngrams"].tolist(), saved["idf"])
            return cls(saved["labels"].tolist(), saved["weights"].astype(np.float64), saved["bias"], ngrams)


def softmax(logits: Matrix) -> Matrix:
    """Row-wise, safe for large values."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
