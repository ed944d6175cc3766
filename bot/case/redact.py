"""Payment card numbers are taken out of what customers write before anything is stored.

PCI DSS 4.0 requirement 3: a card number that is not needed is not kept. A run of digits counts as
one when its first digits and length are those of a card scheme (ISO/IEC 7812) and its check digit
fits; account numbers, phone numbers, IMEIs (15 digits) and SIM numbers (89…) do not look like that.
"""

from __future__ import annotations

import re

from bot.content.account_number import luhn

REDACTED = "[card number removed]"

_RUN = re.compile(r"(?<![\d+])\d(?:[ \-.\u00a0\u2010-\u2013]{0,2}\d){12,18}(?!\d)")
_SCHEMES = re.compile(
    r"""4\d{12}(?:\d{3}){0,2}                                     # Visa 13, 16, 19
      | (?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}  # Mastercard 16
      | 3[47]\d{13}                                               # American Express 15
      | 3(?:0[0-5]|[68]\d)\d{11}                                  # Diners Club 14
      | 35(?:2[89]|[3-8]\d)\d{12}                                 # JCB 16
      | (?:6011|65\d\d|64[4-9]\d)\d{12}                           # Discover 16
      | 62\d{14,17}                                               # UnionPay 16 to 19
      | (?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12}(?:\d{3})?  # Maestro 16, 19
    """,
    re.VERBOSE,
)


def redact_cards(text: str) -> str:
    """`text` with each payment card number replaced by a note that it was removed."""
    return _RUN.sub(_replacement, text)


def _replacement(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    if _SCHEMES.fullmatch(digits) and luhn(digits):
        return REDACTED
    return match.group()
