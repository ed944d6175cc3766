"""Any text at all: the finders find or they do not, and they never fail."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.extraction import Extraction
from tests.nlu.conftest import TODAY

# A long run makes it 5,000.
EXAMPLES = int(os.environ.get("FIRSTLINE_TEST_TEXTS", "60"))
PIECES = ("account", "8847201193", "iphone 14", "restarted", "since friday", "@", ".", "e5 3sd", "\n",
          "error:", "no ", "not ", "'", '"', "(", "₂", "٣", "\u202e", "\x00", "1/1/1", "99:99",
          "31st of february", "galaxy s", "i meant", "//", "+44", "https://", "😀", "ß", "İ")  # fmt: skip
LONG = ("a", "1", " ", ".", "a@", "@a.", "1 ", "1-", "+4", "no ", "(", "'", "a.b", "iphone ", "ﬃ", "İ",
        "error ", "since ", "restarted and ", "account ", "00000000000 ", "\n", "e\u0301")  # fmt: skip


def looked_at(extraction: Extraction, text: str) -> None:
    for found in extraction.read(text, TODAY).found:
        assert 0 <= found.start <= found.end <= len(text)


@settings(max_examples=EXAMPLES)
@given(text=st.text(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
def test_no_text_makes_them_fail(extraction: Extraction, text: str) -> None:
    looked_at(extraction, text)


@pytest.mark.parametrize("unit", LONG)
def test_long_texts_of_one_thing(extraction: Extraction, unit: str) -> None:
    """As long as the understanding is ever given; what takes the square of that would be seen."""
    looked_at(extraction, (unit * 2_000)[:2_000])


def test_mixtures(extraction: Extraction) -> None:
    chance = random.Random(8)
    for _ in range(EXAMPLES):
        looked_at(extraction, "".join(chance.choices(PIECES, k=120)))
