"""Sentence features from character n-grams: any language, no weights to fetch, sound when alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

SHORTEST, LONGEST = 2, 5
# Most words of a message were in others before it.
WORDS_REMEMBERED = 4096


class NgramFeaturiser:
    """TF-IDF over character n-grams within words, rows of length one.

    `ngrams` are in the order of the columns, and so are their weights, `idf`.
    """

    def __init__(self, ngrams: Sequence[str], idf: NDArray[np.float64]) -> None:
        self.ngrams = list(ngrams)
        self.idf = idf
        self._columns = {ngram: column for column, ngram in enumerate(ngrams)}
        self._columns_of = lru_cache(maxsize=WORDS_REMEMBERED)(self._known)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> NgramFeaturiser:
        """Learns the n-grams of `texts` and how rare each is."""
        remembered = lru_cache(maxsize=None)(_ngrams_of_word)
        texts_with: Counter[str] = Counter()
        for text in texts:
            texts_with.update(set().union(*map(remembered, set(text.lower().split()))))
        least = 2 if len(texts) > 200 else 1
        ngrams = sorted(ngram for ngram, count in texts_with.items() if count >= least)
        counts = np.array([texts_with[ngram] for ngram in ngrams], np.float64)
        return cls(ngrams, 1.0 + np.log((1 + len(texts)) / (1 + counts)))

    def row(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """The columns of one text's n-grams, in order, and the numbers in them.

        Counted here, as sklearn's own way takes milliseconds for a single text.
        """
        counts: Counter[int] = Counter()
        for word in text.lower().split():
            counts.update(self._columns_of(word))
        columns = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
        order = np.argsort(columns)
        columns = columns[order]
        values = (1.0 + np.log(times[order])) * self.idf[columns]
        return columns, values / (np.linalg.norm(values) or 1.0)

    def _known(self, word: str) -> tuple[int, ...]:
        """The columns of the n-grams of a word in lower case, as often as each is in it."""
        known = (self._columns.get(ngram) for ngram in _ngrams_of_word(word))
        return tuple(column for column in known if column is not None)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """A sparse row per text, shape (texts, n-grams)."""
        rows = [self.row(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        return csr_matrix((values, columns, ends), shape=(len(texts), len(self.ngrams)))


def _ngrams_of_word(word: str) -> tuple[str, ...]:
    """Those of sklearn's "char_wb", a blank on either side: counted without sklearn.

    Processes that answer customers do not load it, and it would not remember words.
    """
    padded = f" {word} "
    return tuple(
        padded[start : start + length]
        for length in range(SHORTEST, min(LONGEST, len(padded)) + 1)
        for start in range(len(padded) - length + 1)
    )
