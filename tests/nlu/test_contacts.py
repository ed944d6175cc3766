"""What the customer says of earlier contacts."""

from __future__ import annotations

import pytest

from bot.nlu.contacts import previous_contacts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Been on to your helpline on Monday, no use", "Been on to your helpline on Monday, no use"),
        ("No signal. Rang you last week and still dead", "Rang you last week and still dead"),
        ("I write to you for the fourth time about my bill", "write to you for the fourth time about my bill"),
        ("I have been promised a call back. None came", "I have been promised a call back"),
        ("I phoned your shop about this", "I phoned your shop about this"),
    ],
)  # fmt: skip
def test_an_earlier_contact(text: str, said: str) -> None:
    assert [found.value for found in previous_contacts(text)] == [said]


@pytest.mark.parametrize(
    "text",
    ["called my mum and it cut off", "when I rang the bank it dropped", "spoken messages are gone"],
)
def test_what_is_none(text: str) -> None:
    assert previous_contacts(text) == []
