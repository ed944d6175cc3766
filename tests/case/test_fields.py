from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.case.fields import FIELD_NAMES, LONGEST, LONGEST_OTHER, checked_value, edited_field
from bot.case.model import Field, State, Step
from bot.content.account_number import AccountNumberFormat
from bot.errors import InvalidValue

FORMAT = AccountNumberFormat(
    min_digits=8, max_digits=10, example="1234567890", help="On your bill."
)
LUHN = AccountNumberFormat(
    min_digits=10, max_digits=10, check="luhn", example="8847201194", help="On your bill."
)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("account_number", "8847201193", "8847201193"),
        ("account_number", " 8847 201-193 ", "8847201193"),
        ("account_number", "88.47.20.11", "88472011"),
        ("contact_email", " jo@mail.example ", "jo@mail.example"),
        ("contact_email", "jo.o'neil+phone@sub.mail.example", "jo.o'neil+phone@sub.mail.example"),
        ("contact_phone", "+44 7700 900123", "+44 7700 900123"),
        ("contact_phone", "(0117) 496-0150", "(0117) 496-0150"),
        ("device", "iPhone 14", "iPhone 14"),
        ("device", "iPhone\x00 14\u202e\x07", "iPhone 14"),
        ("error_message", "No\tservice\nRetry", "No\tservice\nRetry"),
        ("description", "d" * LONGEST["description"], "d" * LONGEST["description"]),
        (
            "steps_tried",
            "restarted it\r\n\n took the SIM out ",
            [Step("other", "restarted it"), Step("other", "took the SIM out")],
        ),
    ],
)
def test_a_value_that_fits(name: str, text: str, value: object) -> None:
    assert checked_value(name, text, FORMAT) == value


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("device", "", "nothing"),
        ("device", " \x00\u202e\n", "nothing"),
        ("steps_tried", "\n \n", "nothing"),
        ("device", "d" * (LONGEST_OTHER + 1), "longer than 300"),
        ("description", "d" * (LONGEST["description"] + 1), "longer than 10000"),
        ("account_number", "884720119a", "only digits, 8 to 10 digits"),
        ("account_number", "8847201", "8 to 10 digits, and this one has 7"),
        ("account_number", "88472011931", "and this one has 11"),
        ("account_number", "٨٨٤٧٢٠١١٩٣", "only digits"),
        ("contact_email", "jo at mail.example", "e-mail address"),
        ("contact_email", "jo@localhost", "e-mail address"),
        ("contact_email", "jo@mail.example\nBcc: all@mail.example", "e-mail address"),
        ("contact_email", "Jo <jo@mail.example>", "e-mail address"),
        ("contact_email", "a@mail.example, b@mail.example", "e-mail address"),
        ("contact_email", f"{'j' * 250}@mail.example", "e-mail address"),
        ("contact_phone", "123456", "telephone number"),
        ("contact_phone", "ring me tomorrow", "telephone number"),
        ("contact_phone", "1" * 16, "telephone number"),
    ],
)
def test_a_value_that_does_not_fit_says_why(name: str, text: str, reason: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        checked_value(name, text, FORMAT)
    assert reason in refused.value.reason
    assert refused.value.field == name


def test_the_check_digit_finds_a_mistyped_digit() -> None:
    assert checked_value("account_number", LUHN.example, LUHN) == LUHN.example
    with pytest.raises(InvalidValue, match="mistyped"):
        checked_value("account_number", "8847201193", LUHN)


@given(st.sampled_from(FIELD_NAMES), st.text(max_size=400))
def test_any_text_is_a_clean_value_or_refused(name: str, text: str) -> None:
    try:
        value = checked_value(name, text, FORMAT)
    except InvalidValue:
        return
    words = [step.verbatim for step in value] if isinstance(value, list) else [value]
    assert words
    for word in words:
        assert isinstance(word, str)
        assert word == word.strip() != ""
        assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in word)


def test_an_edit_is_stated_first_and_a_correction_afterwards() -> None:
    first = edited_field("device", " iPhone 14 ", Field(), FORMAT)
    assert first == Field("iPhone 14", State.STATED, "iPhone 14", confidence=1.0)
    second = edited_field("device", "iPhone 15", first, FORMAT)
    assert second.state is State.CORRECTED
    after_refusal = edited_field("device", "iPhone 15", Field(state=State.REFUSED), FORMAT)
    assert after_refusal.state is State.STATED


def test_an_edit_that_fits_clears_the_objection() -> None:
    before = Field("12", State.STATED, "12", invalid="too short")
    assert edited_field("account_number", "8847201193", before, FORMAT).settled


@pytest.mark.parametrize("name", ["", "case", "problem", "__class__"])
def test_an_edit_of_something_else_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match="no such field"):
        edited_field(name, "x", Field(), FORMAT)
