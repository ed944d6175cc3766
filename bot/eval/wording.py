"""Ways in which people put the same words: dictated, in capitals, mistyped, in a second language.

Each takes a text and a source of chance and returns a text; what could be an address or a number stays
as it is, so that a case can be compared with what the customer meant. Pure.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Wording = Callable[[str, random.Random], str]

SHORTEST_MISTYPED = 6
MOST_MISTYPED = 2
_WORD = re.compile(rf"[a-z]{{{SHORTEST_MISTYPED},}}")
_SMALL_WORD = re.compile(r"\b(?:the|an?|is|are|has|have|been) ", re.IGNORECASE)
_STOPS = re.compile(r"[.,;:!?]+(?=\s|$)")
_DIGITS = "zero one two three four five six seven eight nine".split()
_QUOTED_MAIL = (
    "\n\nOn Wed, 4 Nov 2026 at 10:12, Meadow Mobile <service@meadow.example> wrote:\n"
    "> Thank you for your message. We have changed the address on account 10000019.\n"
    "> Was this answer of help to you?"
)


def spoken(digits: str) -> str:
    """A number in words, a digit each, doubles as people say them."""
    words, place = [], 0
    while place < len(digits):
        double = digits[place : place + 2] == digits[place] * 2
        word = _DIGITS[int(digits[place])]
        words.append(f"double {word}" if double else word)
        place += 2 if double else 1
    return " ".join(words)


def _shouted(text: str, chance: random.Random) -> str:
    return _word_by_word(text, str.upper)


def _dictated(text: str, chance: random.Random) -> str:
    said = " ".join(_STOPS.sub("", text).split())
    return "um hello yes so " + _word_by_word(said, str.lower) + " thank you"


def _mistyped(text: str, chance: random.Random) -> str:
    """Two neighbours swapped in a longer word or two."""
    for match in [it for it in _WORD.finditer(text) if not _in_an_address(text, it)][
        :: chance.choice((2, 3))
    ][:MOST_MISTYPED]:
        place = match.start() + chance.randrange(1, len(match.group()) - 2)
        text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text


def _in_an_address(text: str, word: re.Match[str]) -> bool:
    return (
        "@" in text[: word.end()].rsplit(maxsplit=1)[-1]
        or "@" in text[word.start() :].split(maxsplit=1)[0]
    )


def _foreign(text: str, chance: random.Random) -> str:
    return "Dear sir or madam, " + _SMALL_WORD.sub("", text) + " Please to help me."


def _answering_a_mail(text: str, chance: random.Random) -> str:
    return text + _QUOTED_MAIL


def _letter(text: str, chance: random.Random) -> str:
    return (
        "Dear Customer Service,\n\nI hope this message finds you well. I am writing to you about "
        f"the following.\n\n{text}\n\nI look forward to hearing from you.\nYours faithfully"
    )


def _signed(text: str, chance: random.Random) -> str:
    """With a device below that is only what the message was written on."""
    return f"{text}\n\n{chance.choice(('Sent from my iPad', 'Sent from Outlook for Android'))}"


def _with_other_numbers(text: str, chance: random.Random) -> str:
    """With numbers in front that look like an account's."""
    other = f"{chance.randrange(10**7, 10**8)}"
    return chance.choice(("Order no. {0}. {1}", "My date of birth is 12/03/1961. {1}", "Ticket {0}: {1}")).format(other, text)  # fmt: skip


def _with_pictures(text: str, chance: random.Random) -> str:
    return f"{chance.choice('😩😤📱')} {text} {chance.choice('🙏😡🤷')}"


def _without_apostrophes(text: str, chance: random.Random) -> str:
    return text.replace("'", "")


def _after_a_story(text: str, chance: random.Random) -> str:
    story = chance.choice((
        "We have had a lovely summer apart from this.",
        "My wife always says I should have stayed with the old lot.",
        "I was only in the garden when I noticed.",
    ))  # fmt: skip
    return f"{story} {text}"


def _word_by_word(text: str, change: Callable[[str], str]) -> str:
    """`text` with its words changed, line breaks and whatever has a digit or an @ kept."""
    parts = re.split(r"(\s+)", text)
    return "".join(part if re.search(r"[\d@]", part) else change(part) for part in parts)


WORDINGS: dict[str, Wording] = {
    "shouted": _shouted, "dictated": _dictated, "mistyped_words": _mistyped, "foreign": _foreign,
    "answering_a_mail": _answering_a_mail, "letter": _letter, "signed": _signed,
    "other_numbers": _with_other_numbers, "pictures": _with_pictures,
    "no_apostrophes": _without_apostrophes, "story": _after_a_story,
}  # fmt: skip
