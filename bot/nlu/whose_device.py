"""Whose device it is: the one with the trouble, somebody else's, or one that served for a test."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.nlu.found import Found

# Somebody else's device, or one that served for a test, counts only when no other is named.
_OTHERS = re.compile(
    r"(?:\b(?:old|previous|other|another|spare|second|different|his|her|their|friend'?s?|wife'?s?|husband'?s?|partner'?s?|mum'?s?|mom'?s?|dad'?s?|"
    r"son'?s?|daughter'?s?|brother'?s?|sister'?s?|colleague'?s?|mate'?s?|girlfriend'?s?|boyfriend'?s?|from (?:an?|my|the))|\b(?:his|hers|theirs|wife|husband|partner|son|daughter|mum|dad)(?:['’]?s)?(?: one| phone)? (?:is|was|has|have)(?: got)?(?= an?)|\bused to have an?|\btraded in (?:my|an?))"
    r"\s+(?:\w+\W+)?\Z",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"\b(?:in|into|with|on|using|to)\s+(?:(?:my|our|his|her|their|the|an?|some|one|of|your|me|it|sim|as|well|each|both)\s+){0,3}(?:old|other|another|spare|different|wife'?s?|husband'?s?|partner'?s?|mum'?s?|dad'?s?|son'?s?|daughter'?s?|friend'?s?|brother'?s?|sister'?s?|colleague'?s?|mate'?s?|girlfriend'?s?|boyfriend'?s?)\s+(?:\w+\s+)?\Z",
    re.IGNORECASE,
)
_FINE = re.compile(r"[\s),]*(?:\w+\s+){0,3}(?:works?|worked|is|was|working|has|gets|connects)\s+(?:absolutely |perfectly |totally |just |all |full )*(?:fine|ok|okay|perfect(?:ly)?|grand|well|normally|great|good|signal|internet)\b", re.IGNORECASE)  # fmt: skip
# "I'm on an old Nokia": old, and their own all the same.
_OWN = re.compile(r"\b(?:about|regarding) (?:my|our) (?!old|other|previous)\w+ (?:\w+ ){0,2}\Z|(?<!it )(?<!sim )(?<!works )(?<!work )(?<!working )(?<!fine )(?<!same )(?<!ok )\bon an? (?:very |really )?(?:old|ancient)\s+(?:\w+\s+)?\Z|\b(?:i'?m|i am|we'?re|i use|i have|i'?ve got|still|it'?s|its|it is|have|got|using)\s+(?:on |using |stuck (?:on|with) )?(?:an?|my|this|the) (?:very |really )?(?:old|ancient|spare|second[ -]?hand)\s+(?:\w+\s+)?\Z", re.IGNORECASE)  # fmt: skip
# "swapped my S10 for a Pixel": the first is gone.
_GIVEN_UP = re.compile(r"\b(?:swap(?:ped)?|chang(?:ed?|ing)|replaced|exchanged|traded|upgraded|went|moved|switched)\s+(?:from )?(?:my|the|an?|our)?\s*(?:\w+\s+)?\Z", re.IGNORECASE)  # fmt: skip
_GONE = re.compile(r"\W{0,3}(?:(?:but|and|which|i|we|until|have|i've|since)\s+){0,3}(?:traded|sold|swapped|gave|given|smashed|broke|lost|replaced|returned|binned)\s+(?:it|that|them)\b", re.IGNORECASE)  # fmt: skip
_FOR_ANOTHER = re.compile(r"\s+(?:for|with|to|into|onto|over to)\s+(?:an?|my|the|this)\b", re.IGNORECASE)  # fmt: skip
# What is ordered or asked for is not in use yet.
_WANTED = re.compile(
    r"\b(?:ordered|pre-?ordered|parcel with|delivery of|do you (?:sell|stock|have|do)|how much (?:is|for|are)|price (?:of|for)|cost of|thinking of (?:getting|buying)|(?:want|looking|like) to (?:buy|get|order|upgrade to)|(?:can i|could i) (?:get|buy|order|upgrade to))\s+(?:(?:my|an?|the|new|one|of|your)\s+){0,3}\Z",
    re.IGNORECASE,
)
# "the 5G hub, a Huawei B535": the second name says it better.
_THAT_IS = re.compile(
    r"\s*[,(–-]\s*(?:an?|the|my|it'?s an?|which is an?|namely)?\s*", re.IGNORECASE
)


def own(text: str, found: Sequence[Found]) -> list[Found]:
    """The customer's own devices; others' only where no other is named; never one of a test."""
    mine = [item for item in found if not _of_others(text, item)]
    kept = mine or [
        item
        for item in found
        if not _TEST.search(_before(text, item)) or _OWN.search(_before(text, item))
    ]
    named = [item for item in kept if not _WANTED.search(_before(text, item))]
    return [item for place, item in enumerate(named) if not _told_better(text, named[place:])]


def _told_better(text: str, found: Sequence[Found]) -> bool:
    """Whether the first of `found` is a hub of ours in words, and the next says what it is."""
    if len(found) < 2 or not found[0].value.startswith("Meadow"):
        return False
    return bool(_THAT_IS.fullmatch(text[found[0].end : found[1].start]))


def _before(text: str, item: Found) -> str:
    return text[max(0, item.start - 60) : item.start]


def _of_others(text: str, item: Found) -> bool:
    before = _before(text, item)
    if _OWN.search(before):
        return False
    return bool(
        _OTHERS.search(before)
        or _TEST.search(before)
        or _GONE.match(text[item.end : item.end + 60])
        or _FINE.match(text[item.end : item.end + 60])
        or (_GIVEN_UP.search(before) and _FOR_ANOTHER.match(text, item.end))
    )
