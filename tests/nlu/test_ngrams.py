"""The n-gram features."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.ngrams import NgramFeaturiser, _vectoriser

KNOWN = [
    "My phone has no signal",
    "no signal, no signal!",
    "Wo ist meine Rechnung?",
    "где мой счёт",
]


@pytest.mark.parametrize("texts", [KNOWN, ["never heard", "", "no phone, no no"], [""]])
def test_rows_are_those_of_the_library(texts: list[str]) -> None:
    ours = NgramFeaturiser.fit(KNOWN).transform(texts)
    theirs = _vectoriser().fit(KNOWN).transform(texts)
    assert ours.shape == theirs.shape
    assert np.abs((ours - theirs).toarray()).max() < 1e-12
