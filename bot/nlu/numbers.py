"""Numbers as people write and dictate them: "8847 201 193", "8847-201-193", "double seven three"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

UNITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "nil": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fourty": "4", "fifty": "5", "sixty": "6", "seventy": "7",
    "eighty": "8", "ninety": "9",
}  # fmt: skip
REPEATS = {"double": 2, "dbl": 2, "triple": 3, "treble": 3}
FEWEST_SPOKEN = 5
# People group digits by up to six; a longer group is a number of its own.
LONGEST_GROUP = 6
# A message is looked through for account numbers, then for telephone numbers.
KEPT = 16

_WORD = "|".join([*UNITS, *TEENS, *TENS, *REPEATS])
_SPOKEN = re.compile(
    rf"\b(?:{_WORD}|\d{{1,4}})(?:(?:[\s,\-]|\sand\s)+(?:{_WORD}|\d{{1,4}}))+\b", re.IGNORECASE
)
_PART = re.compile(r"[a-z]+|\d+", re.IGNORECASE)
_GROUP = re.compile(r"\d+")
_JOIN = re.compile(r"[ \u00a0]?[-–. /][ \u00a0]?|[ \u00a0]{1,2}")
# Digits that a letter, a currency sign, an at sign or a unit belongs to are not a number to look up.
_BEFORE = re.compile(r"[A-Za-z_@£$€&=.][-_.]?\Z")
_AFTER = re.compile(
    r"[A-Za-z_@%°]|[.:]\d| (?:times|people|customers|pounds|quid|mbps|gb|mb|kb|euros|years|minutes|hours)\b"
)


@dataclass(frozen=True)
class Number:
    """A run of digits: text[start:end] reads as `digits`; `groups` are the lengths of its parts.

    spoken: in words; repeats: with "double" or "triple" in it.
    """

    start: int
    end: int
    digits: str
    groups: tuple[int, ...]
    plus: bool = False
    spoken: bool = False
    repeats: bool = False


def numbers(text: str, fewest: int = 4) -> list[Number]:
    """All runs of at least `fewest` digits, written or spoken, in the order said."""
    written = [number for number in _written(text) if len(number.digits) >= fewest]
    spoken = _spoken(text)
    # "5 1 0 0 2 double 8 3" is one number, though its beginning reads as another.
    whole = [number for number in spoken if number.repeats]
    written = [number for number in written if not any(_within(number, other) for other in whole)]
    spoken = [
        number for number in spoken
        if not any(other.start < number.end and number.start < other.end for other in written)
    ]  # fmt: skip
    return sorted(written + spoken, key=lambda number: number.start)


def _within(one: Number, other: Number) -> bool:
    return other.start <= one.start and one.end <= other.end


@lru_cache(maxsize=KEPT)
def _written(text: str) -> list[Number]:
    found: list[Number] = []
    groups: list[re.Match[str]] = []
    for match in _GROUP.finditer(text):
        if groups and not _continues(text, groups, match):
            found.append(_joined(text, groups))
            groups = []
        groups.append(match)
    if groups:
        found.append(_joined(text, groups))
    return [number for number in found if _stands_alone(text, number)]


def _continues(text: str, groups: list[re.Match[str]], match: re.Match[str]) -> bool:
    gap = text[groups[-1].end() : match.start()]
    lengths = [len(group.group()) for group in groups] + [len(match.group())]
    # "+44 (0)7700 900123" and "(0113) 496 0000" put brackets round a group.
    if gap.strip(" ") in ("(", ")", ") ", " (") and sum(lengths) <= 14:
        return True
    if not _JOIN.fullmatch(gap) or sum(lengths) > 22:
        return False
    if "." in gap or "/" in gap:
        return min(lengths) >= 3 and max(lengths) <= LONGEST_GROUP
    return max(lengths) <= LONGEST_GROUP or (_international(text, groups[0]) and max(lengths) <= 10)


def _international(text: str, group: re.Match[str]) -> bool:
    return text[max(0, group.start() - 1) : group.start()] == "+" or group.group() == "0044"


def _joined(text: str, groups: list[re.Match[str]]) -> Number:
    start, end = groups[0].start(), groups[-1].end()
    plus = text[max(0, start - 1) : start] == "+"
    digits = "".join(group.group() for group in groups)
    if plus and "(0)" in text[start:end].replace(" ", ""):
        digits = digits.replace("440", "44", 1)
    return Number(start - plus, end, digits, tuple(len(group.group()) for group in groups), plus)


def _stands_alone(text: str, number: Number) -> bool:
    before = text[max(0, number.start - 2) : number.start]
    return not _BEFORE.search(before) and not _AFTER.match(text[number.end : number.end + 12])


@lru_cache(maxsize=KEPT)
def _spoken(text: str) -> list[Number]:
    found = []
    for match in _SPOKEN.finditer(text):
        words = _PART.findall(match.group().lower())
        digits = _digits(words)
        worded = sum(word in UNITS or word in REPEATS or word in TENS for word in words)
        repeats = any(word in REPEATS for word in words)
        if digits and len(digits) >= FEWEST_SPOKEN and (worded >= 2 or repeats):
            found.append(
                Number(match.start(), match.end(), digits, (len(digits),), False, True, repeats)
            )
    return found


def _digits(words: list[str]) -> str:
    digits = ""
    repeat = 1
    tens = ""
    for word in words:
        if word in REPEATS:
            repeat = REPEATS[word]
            continue
        if word == "and":
            continue
        if word in TENS:
            digits += TENS[word] + "0"
            tens = word
            continue
        said = UNITS.get(word) or TEENS.get(word) or word
        if tens and word in UNITS and said != "0":
            digits = digits[:-1] + said
        else:
            digits += said * repeat
        repeat, tens = 1, ""
    return digits
