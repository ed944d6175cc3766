"""What a customer says there is none of: "no error shown", "I haven't tried anything"."""

from __future__ import annotations

import re

from bot.case.fields import ERROR_MESSAGE, STEPS_TRIED

_NONE = {
    ERROR_MESSAGE: re.compile(
        r"\b(?:no|without(?: an?| any)?|(?:is|was)n'?t (?:an?|any)|(?:is|was) no|not (?:an?|any)|"
        r"(?:does|did)(?:n'?t| not) (?:show|give|say|display)(?: me)?(?: an?| any)|"
        r"(?:don'?t|do not|didn'?t|never) (?:get|got|see|saw|have|had)(?: an?| any))"
        r"\s+error(?:s|(?: message| code)s?)?\b(?! (?:free|until|before))"
        r"|\bnothing (?:is |was |gets )?(?:displayed|shown|shows up|comes up|pops up|appears)\b",
        re.IGNORECASE,
    ),
    STEPS_TRIED: re.compile(
        r"\b(?:have ?n[o']?t|have not|did ?n[o']?t|did not|not) (?:(?:yet|really|actually) )?"
        r"(?:tried|try|done|do) (?:anything|a thing)\b|\b(?:tried|done) nothing\b",
        re.IGNORECASE,
    ),
}


def denied(text: str) -> dict[str, str]:
    """The fields of which the message says that there is nothing, each with the words for it."""
    found = {name: pattern.search(text) for name, pattern in _NONE.items()}
    return {name: match.group() for name, match in found.items() if match}
