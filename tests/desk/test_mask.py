"""Account numbers are hidden from staff wherever they stand, and nothing else is."""

from __future__ import annotations

import pytest

from bot.case.model import Case, Field, State
from bot.content.account_number import AccountNumberFormat
from bot.desk.mask import Mask

NUMBER = "1234567890"
PLAIN = AccountNumberFormat(min_digits=8, max_digits=10, example=NUMBER, help="")
LUHN = AccountNumberFormat(min_digits=8, max_digits=10, check="luhn", example="", help="")
CASE = Case().with_field("account_number", Field(NUMBER, State.STATED, "1234 567 890"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("it is 1234567890.", "it is ••7890."),
        ("it is 1234 567 890, ok?", "it is ••7890, ok?"),
        ("12-34-56-78-90", "••7890"),
        ("1234567890 1234567890", "••7890 ••7890"),
        ("call 07700 900123", "call 07700 900123"),
        ("order 91234567890", "order 91234567890"),
        ("order 12345678901", "order 12345678901"),
        ("at 12:34 on 2026-11-20", "at 12:34 on 2026-11-20"),
    ],
)
def test_the_number_of_the_case_is_hidden_however_it_is_written(text: str, shown: str) -> None:
    assert Mask(CASE, PLAIN).text(text) == shown


def test_with_a_check_digit_numbers_of_no_case_are_known_too() -> None:
    mask = Mask(Case(), LUHN)
    assert mask.text("mine is 79927398713, no: 1234567897") == "mine is 79927398713, no: ••7897"
    assert mask.text("1234567890") == "1234567890"


def test_ids_and_times_are_left_alone() -> None:
    known = {"id": "1234567890-0", "events": ["1234567890-0"], "text": ["1234567890"], "n": 1}
    assert Mask(CASE, PLAIN).values(known) == {**known, "text": ["••7890"]}
