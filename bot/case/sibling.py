"""The model that a few words mean beside the one that is known: "it's the 13, not the Pro". Pure."""

from __future__ import annotations

import re

from bot.content import Content
from bot.content.records import Devices

_WORD = re.compile(r"[a-z]*\d+[a-z]*|[a-z']+|\+", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|isn'?t|instead of)\b(?: (?:the|an?|my|it'?s))*(?: (?!it'?s\b|the\b|but\b)[\w+]+){1,3}", re.IGNORECASE
)  # fmt: skip
# Around a model's name in a correction; any other word makes the message one of something else.
_AROUND = frozenset(
    "it's its it is the a an my one phone model version mine no oh sorry actually i mean meant hang hold "
    "on wait wrong should be have that's thats correction oops just ordinary sure but to say said have got".split()
)
_CUES = frozenset("it's its the meant mean actually sorry correction oops wrong no".split())
_PLAIN = frozenset("normal standard regular plain ordinary basic".split())


def sibling(text: str, known: object, content: Content) -> str | None:
    """The full name of the model of the same make that `text` puts in place of the `known` one.

    None where the message says anything else, or nothing that one model alone is called.
    """
    family = _family(known, content)
    if family is None:
        return None
    said, denied = _words(_DENIED.sub(" ", text)), _DENIED.search(text)
    tails = {f"{family.brand} {model.name}": _tail(model.name) for model in family.models}
    parts = frozenset().union(*tails.values())
    own = tails[str(known)]
    named = {_as_in(own, word) for word in said if word.isdigit()} | (parts & set(said))
    named = {word for word in named if word in parts}
    rest = set(said) - named - {word for word in said if word.isdigit()}
    if not (rest <= _AROUND | _PLAIN) or not (denied or _CUES & set(said)):
        return None
    if not (named or _PLAIN & rest):
        return None
    if not any(_has_digit(word) for word in named):
        named |= {word for word in own if _has_digit(word)}
    meant = [name for name, tail in tails.items() if tail == named and name != known]
    return meant[0] if meant else None


def _family(known: object, content: Content) -> Devices | None:
    families = content.devices.values()
    return next(
        (it for it in families if any(f"{it.brand} {model.name}" == known for model in it.models)),
        None,
    )


def _words(text: str) -> list[str]:
    return ["plus" if word == "+" else word for word in _WORD.findall(text.lower())]


def _tail(name: str) -> frozenset[str]:
    """The words of a model's name behind that of its series."""
    return frozenset(_words(name)[1:])


def _as_in(own: frozenset[str], number: str) -> str:
    """A number with the letters that the known model's has: "22" beside "S23" is "s22"."""
    letters = next((re.match("[a-z]*", word) for word in own if _has_digit(word)), None)
    return (letters.group() if letters else "") + number


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)
