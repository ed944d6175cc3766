"""The families of intents that the outside sees."""

from __future__ import annotations

import pytest

from bot.nlu.families import family


@pytest.mark.parametrize(
    ("intent", "wanted"),
    [
        ("complaint", "complaint"),
        ("frustration", "complaint"),
        ("made_by_a_trainer", "faq"),
        ("nlu_fallback", "out_of_scope"),
        ("", "out_of_scope"),
    ],
)
def test_each_intent_has_a_family(intent: str, wanted: str) -> None:
    assert family(intent) == wanted
