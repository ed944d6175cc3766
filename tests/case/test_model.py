from __future__ import annotations

import msgspec
import pytest

from bot.case.model import Case, Field, Handover, State, Step, decode_case, encode_case

FULL = Case(
    number="FL-7K3M2Q", revision=2, received_at="2026-11-22T08:16:05Z", problem="no_mobile_data",
    category="technical", confirmed_by_customer=True, handover=Handover("email", "complete"),
    articles_shown=("puk_code",), files=("f1",), incident="mast_12",
    fields={
        "device": Field("Apple iPhone 14", State.CORRECTED, "iphone 14", ("1-0", "3-0"), 0.9),
        "steps_tried": Field([Step("restart", "restarted it", "no change")], State.STATED),
        "location": Field(state=State.REFUSED),
        "account_number": Field("12", State.STATED, "12", invalid="too short"),
        "error_message": Field("No service", State.STATED, code="NO_SERVICE"),
    },
)  # fmt: skip


@pytest.mark.parametrize("case", [Case(), FULL])
def test_a_case_is_read_back_as_it_was_stored(case: Case) -> None:
    assert decode_case(encode_case(case)) == case


def test_what_is_no_case_is_refused() -> None:
    for data in (b"", b"[]", b'{"fields": {"device": {"state": "guessed"}}}'):
        with pytest.raises(msgspec.DecodeError):
            decode_case(data)


def test_a_change_makes_another_case_that_must_be_confirmed_anew() -> None:
    changed = FULL.with_field("device", Field("Pixel 8", State.STATED))
    assert (changed.field("device").value, FULL.field("device").value) == (
        "Pixel 8",
        "Apple iPhone 14",
    )
    assert not changed.confirmed_by_customer
    assert FULL.with_field("device", FULL.field("device")) is FULL


@pytest.mark.parametrize(
    ("field", "settled"),
    [
        (Field(), False),
        (Field("12", State.STATED, invalid="too short"), False),
        *[(Field("x", state), True) for state in State if state is not State.MISSING],
    ],
)
def test_what_counts_as_an_answer(field: Field, settled: bool) -> None:
    assert field.settled is settled


def test_a_case_has_begun_with_the_first_answer() -> None:
    assert not Case().begun
    assert Case(fields={"device": Field(state=State.UNKNOWN)}).begun
    assert not Case(fields={"device": Field()}).begun
