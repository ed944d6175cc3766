"""The n-gram features."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.ngrams import LONGEST, SHORTEST, NgramFeaturiser, _ngrams_of_word

KNOWN = [
    "My phone has no signal",
    "no signal, no signal!",
    "Wo ist meine Rechnung?",
    "где мой счёт",
]

THEIRS = TfidfVectorizer(
    analyzer="char_wb", ngram_range=(SHORTEST, LONGEST), sublinear_tf=True, dtype=np.float64
)


@given(st.text())
def test_ngrams_are_those_of_the_library(text: str) -> None:
    ours = [ngram for word in text.lower().split() for ngram in _ngrams_of_word(word)]
    assert ours == THEIRS.build_analyzer()(text)


@pytest.mark.parametrize("texts", [KNOWN, ["never heard", "", "no phone, no no"], [""]])
def test_rows_are_those_of_the_library(texts: list[str]) -> None:
    ours = NgramFeaturiser.fit(KNOWN).transform(texts)
    theirs = THEIRS.fit(KNOWN).transform(texts)
    assert ours.shape == theirs.shape
    assert np.abs((ours - theirs).toarray()).max() < 1e-12
