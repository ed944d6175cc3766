"""Sentence features from character n-grams: any language, no weights to fetch, sound when alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

SHORTEST, LONGEST = 2, 5


class NgramFeaturiser:
    """TF-IDF over character n-grams within words, rows of length one."""

    def __init__(self, vectoriser: TfidfVectorizer) -> None:
        self._vectoriser = vectoriser

    @classmethod
    def fit(cls, texts: Sequence[str]) -> NgramFeaturiser:
        """Learns the n-grams of `texts` and how rare each is."""
        vectoriser = _vectoriser(min_df=2 if len(texts) > 200 else 1)
        return cls(vectoriser.fit(texts))

    @classmethod
    def restore(cls, ngrams: Sequence[str], idf: NDArray[np.float64]) -> NgramFeaturiser:
        """The inverse of `ngrams` and `idf`."""
        vectoriser = _vectoriser(vocabulary={ngram: i for i, ngram in enumerate(ngrams)})
        vectoriser.idf_ = idf
        return cls(vectoriser)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """A sparse row per text, shape (texts, n-grams)."""
        return self._vectoriser.transform(texts)

    @property
    def ngrams(self) -> list[str]:
        """The n-grams in the order of the columns."""
        return list(self._vectoriser.get_feature_names_out())

    @property
    def idf(self) -> NDArray[np.float64]:
        """The weight of each n-gram, in the order of the columns."""
        return np.asarray(self._vectoriser.idf_)


def _vectoriser(**options: object) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(SHORTEST, LONGEST), sublinear_tf=True,
        dtype=np.float64, lowercase=True, **options)  # fmt: skip
