"""Account numbers and telephone numbers among other numbers."""

from __future__ import annotations

import pytest

from bot.nlu.identifiers import account_numbers, phone_numbers

ACCOUNTS = [
    ("my account number is 8847201193 and my phone 07700 900123", "8847201193"),
    ("acc 8847 201 193", "8847201193"),
    ("account no. 8847-201-193.", "8847201193"),
    ("account double eight four seven two oh one one nine three please", "8847201193"),
    ("account eighty eight forty seven twenty eleven ninety three", "8847201193"),
    ("order 99213345 on my account 8847201193", "8847201193"),
    ("acc num 8847201193 (order ref 5512345678)", "8847201193"),
    ("my bank says the payment reference 8847201193 went through on account 20557413", "20557413"),
    ("8847201193 is my account number", "8847201193"),
    ("my account at meadow is 8847201193", "8847201193"),
    ("account with octopus is 99213345. with you it's account 8847201193", "8847201193"),
    ("acct#8847201193", "8847201193"),
    ("Account: 4419027365\nPhone: 07700900456", "4419027365"),
    ("8847201193", "8847201193"),
    ("hi its dave 8847201193 no internet", "8847201193"),
    ("account AB-88472011", "AB88472011"),
    ("account number is 12345", "12345"),
    ("acct. 8847201193, since Monday", "8847201193"),
    ("my order is late. My account is 8847201193", "8847201193"),
    ("order has not come\n8847201193", "8847201193"),
    ("no network 8847201193", "8847201193"),
    ("MY ACCOUNT NUMBER IS 8847201193 AND I AM CROSS", "8847201193"),
    ("ACCOUNT NO WAS AB8847201", "AB8847201"),
    ("previous account 99213345, the new one 8847201193", "8847201193"),
]
NONE = [
    "my IBAN is GB29 NWBK 6016 1331 9268 19 and account 55201998 is where the refund should go",
    "my customer number with octopus is 88120034",
    "my order number is 99213345",
    "IMEI 356938035643809",
    "the sim number is 8944110068000000001",
    "card 4929 1234 5678 9012 was charged",
    "bank account 12345678 sort code 11-22-33",
    "call me on 07700900123 or +44 7700 900456",
    "I paid £45.00 on 12/11/2026 and ticket 1234567 was closed",
    "the puk 12345678 doesn't work",
    "I keep getting calls from 01632960123",
    "no internet at SW1A 1AA since 2026-11-20",
    "PAC code ABC123456",
    "I have been charged 12345678 times",
    "parcel 99127734 never arrived",
    "not 20557413",
    "order no. 7719203344, still nothing",
    "my ref. is 77192033",
    "my order is late. It's 77192033.",
    "they told me to quote 88213340",
    "S/N 88213340 on the hub",
    "the wifi password 12345678 is refused",
    "job no. 88213340 was booked",
    "chat 88213340 got me nowhere",
]


@pytest.mark.parametrize(("text", "number"), ACCOUNTS)
def test_the_account_number_is_found(text: str, number: str) -> None:
    assert [found.value for found in account_numbers(text)] == [number]


@pytest.mark.parametrize("text", NONE)
def test_other_numbers_are_none(text: str) -> None:
    assert account_numbers(text) == []


def test_the_words_are_kept_as_said() -> None:
    (found,) = account_numbers("acc 8847 201 193 please")
    assert found.verbatim == "8847 201 193"


def test_a_partial_number_says_so() -> None:
    (found,) = account_numbers("the account ends in 39 not 93")
    assert found.value == "39"
    assert found.extra == {"partial": True, "replaces": "93", "correction": True}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("call me on 07700 900 123", ["07700900123"]),
        ("+44 (0)7700 900123", ["+447700900123"]),
        ("(0113) 496 0000 is my landline", ["01134960000"]),
        ("I keep getting calls from 01632 960123", []),
        ("I can't call 0345 6000 100", []),
        ("account 8847201193", []),
    ],
)
def test_telephone_numbers_at_which_the_customer_is(text: str, numbers: list[str]) -> None:
    assert [found.value for found in phone_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the account was 11209387 and I can't get in", "11209387"),
        ("my account was 11209387 but now it's 20938811", "20938811"),
        ("my old account was 11209387", None),
        ("I can't get the code, factory set. Number ends 418", None),
    ],
)
def test_a_past_account_counts_until_another_is_given(text: str, value: str | None) -> None:
    found = [item.value for item in account_numbers(text)]
    assert found == ([value] if value else [])
