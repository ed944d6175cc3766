"""Card numbers go, whatever stands around them; every other number stays."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.case.redact import redact_secrets
from bot.content.account_number import luhn

# Issuer prefix, length and the groups in which people write it.
SCHEMES = {
    "Visa": ("4", 16, (4, 4, 4, 4)),
    "Visa, 13 digits": ("4", 13, (4, 3, 3, 3)),
    "Visa, 19 digits": ("4", 19, (4, 4, 4, 4, 3)),
    "Mastercard": ("53", 16, (4, 4, 4, 4)),
    "Mastercard, new range": ("2221", 16, (4, 4, 4, 4)),
    "American Express": ("37", 15, (4, 6, 5)),
    "Diners Club": ("36", 14, (4, 6, 4)),
    "JCB": ("3530", 16, (4, 4, 4, 4)),
    "Discover": ("6011", 16, (4, 4, 4, 4)),
    "UnionPay": ("62", 16, (4, 4, 4, 4)),
    "Maestro": ("6759", 16, (4, 4, 4, 4)),
}
SEPARATORS = ["", " ", "-", ".", "  ", " - ", "\u00a0", "\u2009", "\u2011", "\u2013", "/",
              "\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u2066", "\u3000"]  # fmt: skip
BEFORE = ["", "my card is ", "12 ", "account 8847201193 ", "+44 7700 900123, ", "(", "no:"]
AFTER = ["", ".", " 12/26", " 12/26 123", " 123", ", thanks", " 0119 496 0150", ")", "\n8847201193"]


def with_check_digit(digits: str) -> str:
    """`digits` and the digit that makes the Luhn check fit."""
    return next(digits + str(last) for last in range(10) if luhn(digits + str(last)))


def without_check_digit(digits: str) -> str:
    """`digits` and a digit that makes the Luhn check fail."""
    fitting = with_check_digit(digits)
    return digits + str((int(fitting[-1]) + 1) % 10)


def in_groups(digits: str, groups: tuple[int, ...], separator: str) -> str:
    parts, at = [], 0
    for size in groups:
        parts.append(digits[at : at + size])
        at += size
    return separator.join(parts)


@st.composite
def cards(draw: st.DrawFn) -> tuple[str, str]:
    """A card number, and the way it is written."""
    prefix, length, groups = SCHEMES[draw(st.sampled_from(sorted(SCHEMES)))]
    missing = length - len(prefix) - 1
    body = draw(st.text("0123456789", min_size=missing, max_size=missing))
    number = with_check_digit(prefix + body)
    return number, in_groups(number, groups, draw(st.sampled_from(SEPARATORS)))


@pytest.mark.parametrize("zero", ["０", "٠", "०", "𝟎"])
def test_digits_of_other_scripts_are_digits(zero: str) -> None:
    written = "4111 1111 1111 1111".translate({48 + n: chr(ord(zero) + n) for n in range(10)})
    assert redact_secrets(f"card {written}.") == "card [card number removed]."


@given(cards(), st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_a_card_number_goes_and_the_rest_stays(
    card: tuple[str, str], before: str, after: str
) -> None:
    number, written = card
    redacted = redact_secrets(before + written + after)
    assert written not in redacted
    assert number not in redacted
    assert redacted.startswith(before)
    # A security code or date right behind the number may be taken for the rest of a longer one.
    assert redacted.endswith(after) or after.startswith(" 12")


def numbers(size: int | tuple[int, int]) -> st.SearchStrategy[str]:
    low, high = size if isinstance(size, tuple) else (size, size)
    return st.text("0123456789", min_size=low, max_size=high)


@given(numbers((4, 12)))
@example("4111111111")
@example("411111111111")
def test_account_numbers_stay(account: str) -> None:
    for text in (f"account {account}", f"{account} is my account, since 2026", account):
        assert redact_secrets(text) == text


@given(numbers(10), st.sampled_from(["07700 900123", "+44 7700 900123", "(0117) 496 0150"]),
       st.sampled_from([" ", ", ", "\n", " / "]))  # fmt: skip
@example("4147704118", "07700 900123", " ")
@example("5018000000", "07700 900123", " ")
def test_account_and_telephone_number_side_by_side_stay(
    account: str, telephone: str, between: str
) -> None:
    for text in (f"{account}{between}{telephone}", f"{telephone}{between}{account}"):
        assert redact_secrets(text) == text


@given(st.sampled_from(["35", "86", "01", "99", "49"]), numbers(12))
def test_imei_stays(reporting_body: str, body: str) -> None:
    imei = with_check_digit(reporting_body + body)
    groups = f"{imei[:2]} {imei[2:8]} {imei[8:14]} {imei[14:]}"
    for text in (f"IMEI {imei}", f"IMEI {groups}", f"{imei[:8]}-{imei[8:14]}-{imei[14:]}"):
        assert redact_secrets(text) == text


@given(st.sampled_from(["8944", "8901"]), numbers((14, 15)))
def test_sim_card_number_stays(prefix: str, body: str) -> None:
    iccid = with_check_digit(prefix + body)
    for text in (f"SIM {iccid}", in_groups(iccid, (4, 4, 4, 4, 4), " ")):
        assert redact_secrets(text) == text


@given(cards())
def test_a_mistyped_card_number_is_no_card_number(card: tuple[str, str]) -> None:
    text = f"number {without_check_digit(card[0][:-1])}"
    assert redact_secrets(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on 2026-11-20 at 18:04:33.120",
        "iOS 17.1.2 build 21B101, router 192.168.100.14",
        "order 2026-11-000441-7",
        "1" * 5000,
        "4 1 1 1",
    ],
)
def test_other_text_stays(text: str) -> None:
    assert redact_secrets(text) == text


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("my password is Sunflower22 and my PIN is 4821", "my password is [removed] and my PIN is [removed]"),
        ("PIN: 0000, nothing happens", "PIN: [removed], nothing happens"),
        ("sim pin 12345678", "sim pin [removed]"),
        ("Passcode = 'blue7horse'.", "Passcode = '[removed]'."),
        ("the security code was 482", "the security code was [removed]"),
        ("cvv 911, expires 12/27", "cvv [removed], expires 12/27"),
        ("the one-time code is 839-201", "the one-time code is [removed]"),
    ],
)  # fmt: skip
def test_a_secret_that_is_told_as_one_is_removed(told: str, kept: str) -> None:
    assert redact_secrets(told) == kept


@pytest.mark.parametrize(
    "text",
    [
        "my password is wrong", "the password was not accepted 3 times", "my PIN is blocked",
        "I typed the PIN 3 times", "pin code 560001, Bengaluru", "the PUK is 12345678",
        "error code 4821", "what is my PIN?", "account number 8847201193", "pinned 4821 tabs",
    ],
)  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact_secrets(text) == text
