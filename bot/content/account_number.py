"""The operator's account-number format; extraction never looks at it, validation always does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from bot.content.records import Record

Check = Literal["none", "luhn", "mod97"]


class AccountNumberFormat(Record, frozen=True, kw_only=True):
    """How many digits, with which check digit; `help` tells a customer where to find the number."""

    min_digits: int
    max_digits: int
    check: Check = "none"
    example: str
    help: str

    def fault(self, value: str) -> str | None:
        """What is wrong with `value` in words a customer understands; None when it fits."""
        digits = normalise(value)
        if not (digits.isascii() and digits.isdecimal()):
            return f"an account number has only digits, {self.lengths}"
        if not self.min_digits <= len(digits) <= self.max_digits:
            return f"an account number has {self.lengths}, and this one has {len(digits)}"
        if not CHECKS[self.check](digits):
            return "a digit seems to be mistyped (the check digit does not fit)"
        return None

    @property
    def lengths(self) -> str:
        """The allowed lengths in words: "8 to 10 digits"."""
        if self.min_digits == self.max_digits:
            return f"{self.min_digits} digits"
        return f"{self.min_digits} to {self.max_digits} digits"


def normalise(value: str) -> str:
    """The number as it is stored: without the spaces, dots, dashes and slashes people put in."""
    return re.sub(r"[\s.\-–/]", "", value).upper()


def luhn(digits: str) -> bool:
    """Whether the last digit is right by the Luhn algorithm (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def mod97(digits: str) -> bool:
    """Whether the last two digits are right by MOD 97-10 (ISO/IEC 7064)."""
    return int(digits) % 97 == 1


CHECKS: dict[Check, Callable[[str], bool]] = {"none": lambda _: True, "luhn": luhn, "mod97": mod97}
