"""Corrections of a model by a few words."""

from __future__ import annotations

import pytest

from bot.case.sibling import sibling
from bot.content import load_content
from bot.settings import ROOT

CONTENT = load_content(ROOT / "data")


@pytest.mark.parametrize(
    ("text", "known", "meant"),
    [
        ("hang on it's the 13 not the pro", "Apple iPhone 13 Pro", "Apple iPhone 13"),
        ("not 14, its the 14 plus", "Apple iPhone 14", "Apple iPhone 14 Plus"),
        ("sorry, the Plus", "Apple iPhone 15", "Apple iPhone 15 Plus"),
        ("no it's the pro max", "Apple iPhone 16 Pro", "Apple iPhone 16 Pro Max"),
        ("i meant the 22", "Samsung Galaxy S23", "Samsung Galaxy S22"),
        ("it's the S23+ actually", "Samsung Galaxy S23", "Samsung Galaxy S23+"),
        ("just the normal one, not the ultra", "Samsung Galaxy S24 Ultra", "Samsung Galaxy S24"),
        ("actually it is the 8a", "Google Pixel 8", "Google Pixel 8a"),
    ],
)
def test_the_model_that_is_meant(text: str, known: str, meant: str) -> None:
    assert sibling(text, known, CONTENT) == meant


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("it's the 13 pro", "Apple iPhone 13 Pro"),
        ("no it's still the same", "Apple iPhone 13 Pro"),
        ("it started on the 12th", "Apple iPhone 13 Pro"),
        ("the 12 gb plan is not what i ordered", "Apple iPhone 13 Pro"),
        ("13", "Apple iPhone 14"),
        ("it's the 99", "Apple iPhone 14"),
        ("it's the plus", "Tecno Spark 20"),
        ("it's the plus", None),
    ],
)
def test_what_is_no_correction_of_the_model(text: str, known: str | None) -> None:
    assert sibling(text, known, CONTENT) is None
