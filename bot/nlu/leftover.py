"""What a message says beside the facts that were found in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_SAYS_LITTLE = frozenset(
    "the and for are was not its it's i'm i've account number email mail address device phone model "
    "thanks thank you please hello yes yeah sorry have got has using with this that like said meant "
    "actually correction again called mine your".split()
)
_WORD = re.compile(r"[A-Za-z']{3,}")
# Facts whose words tell what is wrong, so that they count as words of the message.
_TELLING = ("step", "error_message")
_QUOTED = re.compile(r"^(?:>.*|On .{6,120} wrote:.*)$", re.MULTILINE)
_QUESTION = re.compile(
    r"\?|\A\W*(?:(?:and|so|but|ok|by the way|before that),? )*(?:(?:on|at|in|within|from|to|by|for|with|until) )?(?:what(?:'?s)?|how(?:'?s)?|why|when(?:'?s)?|where(?:'?s)?|who(?:'?s)?|which|can|"
    r"could|do|does|is|are|will|would|should|am)\b"
    r"|\bhow (?:do|to|can|would|does|long|much|many)\b|\b(?:like|want|need) to know\b|\bwondering\b",
    re.IGNORECASE,
)


def other_words(
    text: str, entities: Sequence[Mapping[str, Any]], telling: Sequence[str] = _TELLING
) -> list[str]:
    """The words of `text` that are not part of a fact (of a kind not in `telling`) and say something."""
    rest = text
    for entity in sorted(entities, key=lambda entity: -int(entity.get("start", 0))):
        if entity["entity"] not in telling and "start" in entity:
            rest = rest[: entity["start"]] + " " + rest[entity["end"] :]
    return [word for word in _WORD.findall(rest) if word.lower() not in _SAYS_LITTLE]


def without_quoted(text: str) -> str:
    """`text` with blanks for what is quoted from an earlier mail, so that places stay where they were."""
    return _QUOTED.sub(lambda match: " " * len(match.group()), text)


def is_question(text: str) -> bool:
    """Whether a message is put as a question."""
    return bool(_QUESTION.search(text))
