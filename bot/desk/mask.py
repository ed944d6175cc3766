"""Account numbers hidden in what staff are shown; who needs one asks for it, and that is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.case.account_number import masked
from bot.case.fields import ACCOUNT_NUMBER
from bot.case.model import Case
from bot.content.account_number import AccountNumberFormat, normalise

# Ids, times and the like: never shown as words, and nothing in them may change.
_NOT_WORDS = frozenset({"id", "at", "events", "answers", "file", "conversation", "cursor", "code"})
_BETWEEN = r"[ \u00a0.\-\u2013/]{0,2}"
_LONG_NUMBER = re.compile(rf"(?<!\d)\d(?:{_BETWEEN}\d){{5,}}(?!\d)")


class Mask:
    """Hides account numbers in text: those of a case, and whatever has the operator's check digit."""

    def __init__(self, case: Case, format: AccountNumberFormat) -> None:
        self._format = format
        self._numbers = sorted(_numbers_of(case), key=len, reverse=True)
        self._known = [_spaced(number) for number in self._numbers]

    def text(self, text: str) -> str:
        """`text` with each account number reduced to its last characters."""
        for pattern in self._known:
            text = pattern.sub(lambda found: masked(normalise(found[0])), text)
        if self._format.check == "none":
            return text
        return _LONG_NUMBER.sub(self._checked, text)

    def restored(self, text: str) -> str:
        """What an agent typed over masked text, with the numbers of the case whole again."""
        for number in self._numbers:
            text = text.replace(masked(number), number)
        return text

    def _checked(self, found: re.Match[str]) -> str:
        number = normalise(found[0])
        return masked(number) if self._format.fault(number) is None else found[0]

    def values(self, value: Any) -> Any:
        """A JSON value with every text in it masked."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {k: v if k in _NOT_WORDS else self.values(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.values(one) for one in value]
        return value


def account_number_of(case: Case) -> str:
    """The account number as it is stored; empty when there is none."""
    value = case.field(ACCOUNT_NUMBER).value
    return value if isinstance(value, str) else ""


def _numbers_of(case: Case) -> Iterable[str]:
    field = case.field(ACCOUNT_NUMBER)
    said = (normalise(it) for it in (field.value, field.verbatim) if isinstance(it, str))
    return {it for it in said if it.isdecimal() and len(it) > 5}


def _spaced(number: str) -> re.Pattern[str]:
    """The number as people write it: with spaces, dots, dashes or slashes anywhere."""
    return re.compile(rf"(?<!\d){_BETWEEN.join(number)}(?!\d)")
