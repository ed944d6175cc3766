"""What people take back: "it's an iPhone 13, sorry 14", "not the S22", "was jo@old.com"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.nlu.found import Found

MARKER = (
    r"(?:sorry|i mean(?:t)?|actually|no,? wait|wait|scratch that|correction|oops|typo|rather|my mistake|my bad|make that|"
    r"no(?=,|\s+(?:it'?s|its|that|the|an?|i|not|on|since|my|in)\b)|or should i say)"
)
_BETWEEN = re.compile(rf"(?:[\s,.;:!?(\-–—*]|\b(?:no|not?|oh|um|er)\b)*\b{MARKER}\b", re.IGNORECASE)
_DENIED = re.compile(
    r"(?:\b(?:not|isn'?t|wasn'?t|aren'?t|instead of|rather than|used to (?:be|have)|no longer|previously|formerly|never)"
    r"(?:\s+(?:the|an?|my|in|on|since|it'?s|be|got|have|had|at|from))*)\s+\Z",
    re.IGNORECASE,
)
# "Works in the lounge but not in the garden": that is where it fails.
_BUT_NOT = re.compile(
    r"\b(?:works?|fine|ok|okay|good|grand)\b[^.!?]* (?:but|and|just) not \Z", re.IGNORECASE
)
_OLD = re.compile(r"(?<!\ban )\bold\s+\Z", re.IGNORECASE)
_TAKEN_BACK = re.compile(r"\W{0,3}(?:that )?(?:is|was|'s)\s+(?:wrong|incorrect|not right|a mistake|a typo|not correct|my old one)\b", re.IGNORECASE)  # fmt: skip
_CORRECTING = re.compile(
    r"\A\W*(?:(?:oh|ah|no|hang on|hold on|wait),?\s+)*(?:sorry|actually|oops|correction|my mistake|my bad|typo|i meant|wait|no(?=\W*\Z|,|[\s,]+(?:it|its|it's|that|that's|i|not|the|sorry|wait|my)\b))\b"
    r"|\b(?:i (?:meant|made a (?:mistake|typo)|mistyped|gave you the wrong)|wrong (?:number|email|e-mail|phone|device|model|account|address|date)|should (?:be|have been|say)"
    r"|not the \w+|correct(?:ion)?(?: is| it| that)?|instead of|change (?:it|that|my|the)|typo|mistake|mixed up)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"[\s,.;\-–—]*(?:(?:and|but|then)\s+)?(?:(?:it'?s|it is|i'?m|i have|i am|on|is|i'?ve got|upgraded to|have)\s+)*(?:now|currently)\b",
    re.IGNORECASE,
)
# "my invoice for account 123 is wrong": it is the invoice that is wrong.
_BELONGS = re.compile(
    r"\b(?:for|on|under|of|with|from) (?:my |the )?(?:account|acc|a/c)?(?: (?:number|no\.?))?\s*\Z",
    re.IGNORECASE,
)
SHORT = 160


def settled(text: str, found: Sequence[Found]) -> list[Found]:
    """`found` (values of one entity) without those that the customer denies or takes back."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: item.start):
        before = text[max(0, item.start - 40) : item.start]
        fails_there = item.entity == "location" and _BUT_NOT.search(before)
        if _DENIED.search(before) and not item.extra.get("partial") and not fails_there:
            continue
        if _TAKEN_BACK.match(text[item.end : item.end + 30]) and not _BELONGS.search(
            text[: item.start]
        ):
            continue
        if kept and _NOW.match(text[kept[-1].end : item.start]):
            kept.pop()
        if (
            kept
            and _BETWEEN.match(text[kept[-1].end : item.start])
            and item.start - kept[-1].end < 60
        ):
            kept.pop()
            item = replace(item, extra={**item.extra, "correction": True})
        kept.append(item)
    # "My old A51" is what it is about where nothing else is told.
    return [item for item in kept if not _OLD.search(text[: item.start])] or kept


def corrects(text: str) -> bool:
    """Whether a short message as a whole is worded as a correction of something said before."""
    return len(text) <= SHORT and bool(_CORRECTING.search(text))


def marked(found: Sequence[Found]) -> list[Found]:
    """The same values, each marked as correcting an earlier one."""
    return [replace(item, extra={**item.extra, "correction": True}) for item in found]
