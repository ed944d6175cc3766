"""Names as they are mistyped ("samsng", "iphnoe") and dictated ("iphone fourteen")."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.nlu.numbers import TEENS, TENS, UNITS

SHORTEST_MISSPELT = 5
LONGEST_SPOKEN = 99
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# One letter away from a brand, and words of their own.
_WORDS = frozenset(("phones", "pixels", "realm", "techno"))
_DIGITS = {digit: word for word, digit in UNITS.items() if word not in ("oh", "o", "nought", "nil")}
_TEEN = {number: word for word, number in TEENS.items()}
_TEN = {digit: word for word, digit in TENS.items() if word != "fourty"}


def misspellings(names: Collection[str]) -> dict[str, str]:
    """{a word one slip of a finger away from a name: the name}; the first letter is always right."""
    found: dict[str, str] = {}
    for name in names:
        if len(name) < SHORTEST_MISSPELT or not name.isalpha():
            continue
        for word in _one_slip(name):
            if word not in names and word not in _WORDS and word[0] == name[0]:
                found.setdefault(word, name)
    return found


def spoken(name: str) -> Iterator[str]:
    """The name (its words apart by blanks) with its number in words, when it begins with a long word."""
    words = name.split()
    if len(words[0]) < len("moto") or not words[0].isalpha():
        return
    for place, word in enumerate(words):
        if word.isdigit() and 0 < int(word) <= LONGEST_SPOKEN:
            yield " ".join([*words[:place], _in_words(str(int(word))), *words[place + 1 :]])


def _one_slip(name: str) -> Iterator[str]:
    for place in range(1, len(name)):
        head, tail = name[:place], name[place:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail[1:]
            yield head + letter + tail


def _in_words(number: str) -> str:
    if len(number) == 1:
        return _DIGITS[number]
    if number in _TEEN:
        return _TEEN[number]
    return _TEN[number[0]] + (" " + _DIGITS[number[1]] if number[1] != "0" else "")
