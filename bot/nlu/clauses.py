"""Where in a text one statement ends and the next begins."""

from __future__ import annotations

import re
from functools import lru_cache

# A message is cut by many finders, one after the other.
KEPT = 16
_SHORTENED = ("no", "nr", "num", "ref", "acc", "acct", "tel", "mob", "ext", "inv", "ord")
# A full stop inside a number, an address or a version ends no sentence, nor does that of "no. 123".
_STOP = (
    rf"(?=[.!?…])(?!(?:{'|'.join(rf'(?<=[^a-z]{word})|(?<=^{word})' for word in _SHORTENED)})\.\s+(?:\W?\d|(?:is|no|nr)\b))"
    r"[.!?…]+(?=\s|$)"
)
_SENTENCE_END = re.compile(rf"{_STOP}|[\n\r]+|;|\s[-–—]+\s", re.IGNORECASE)
_CLAUSE_END = re.compile(
    rf"{_STOP}|[\n\r]+|[;:](?=\s)|,(?!\d{{3}}\b)|\s[-–—]+\s|[()]"
    r"|\s(?=(?:but|however|although|though|yet|because|whereas)\b)",
    re.IGNORECASE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence that is not blank."""
    return _split(text, _SENTENCE_END)


def clauses(text: str) -> list[tuple[int, int]]:
    """(start, end) of each clause: sentences cut at commas, colons, brackets and "but"."""
    return _split(text, _CLAUSE_END)


def around(spans: list[tuple[int, int]], position: int) -> tuple[int, int]:
    """The span that holds `position`, or the last one before it."""
    best = (0, 0)
    for start, end in spans:
        if start > position:
            break
        best = (start, end)
    return best


@lru_cache(maxsize=KEPT)
def _split(text: str, ends: re.Pattern[str]) -> list[tuple[int, int]]:
    spans = []
    start = 0
    for match in ends.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return [(first, last) for first, last in spans if text[first:last].strip()]
