"""What has the name of a device and is none: "the M6", "S10 4FD", "an A13 mini", "3 days"."""

from __future__ import annotations

import re

from spacy.tokens import Span

from bot.nlu.post_codes import ONE_LETTER

HUB = "hub"
AMOUNT = re.compile(r"\s*(?:days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|times|gb|mb|quid|pounds|percent|people|of (?:them|us|my))\b", re.IGNORECASE)  # fmt: skip
# What is glued to a number and makes another model: the "b" of "X8b".
GLUED = re.compile(r"(?P<letters>[a-z]{1,2})\b", re.IGNORECASE)
_POST_CODE = re.compile(r"\s?\d[a-z]{2}\b", re.IGNORECASE)
_ROAD = re.compile(
    r"\b(?:on|off|along|near|by|of|down|up|past|via|and|from|using) the \Z", re.IGNORECASE
)
_CITY = re.compile(rf"\b{ONE_LETTER},?\s+\Z", re.IGNORECASE)
_ROAD_AFTER = re.compile(r"\s+(?:between|northbound|southbound|eastbound|westbound|towards|near|past|junction|road|slip|motorway)\b", re.IGNORECASE)  # fmt: skip
# Hubs of other things: "the Ajax hub 2".
_OTHER_HUB = re.compile(r"\b(?:ajax|hive|hue|tado|ring|usb|alarm|smartthings|echo|nest)\s+\Z", re.IGNORECASE)  # fmt: skip
_NO_PHONE = re.compile(r"\s+(?:buds|earbuds|tv|telly|fridge|washing|soundbar|monitor|store|shop|account|members|pay|wallet|website|smart ?tv|care)\b", re.IGNORECASE)  # fmt: skip
# "a 13 mini" is no Galaxy A13.
_A_MODEL = re.compile(r"\s*(?:mini|pro|max|plus|iphone|pixel)\b", re.IGNORECASE)
# "from an iPhone 11 to a 16", "I've got a 54": an article, and no Galaxy A16.
_ARTICLE_NEXT = re.compile(r"\b(?:to|for|got|have|having|is|was|with|on|now|just|use|using|bought)\s+\Z", re.IGNORECASE)  # fmt: skip
_OF_THEIRS = re.compile(r"\b(?:the|my|our|your|this|that|an?|white|black|grey|new|old|home|broadband|wi-?fi|indoor|outdoor)\s+\Z", re.IGNORECASE)  # fmt: skip


def is_article(text: str, span: Span) -> bool:
    """Whether the "a" of "a 15" is an article: "now a 15 pro", "swapped it for a 16"."""
    if span.text[:2].lower() != "a ":
        return False
    before = text[max(0, span.start_char - 20) : span.start_char]
    return bool(_A_MODEL.match(text, span.end_char) or _ARTICLE_NEXT.search(before))


def no_device(text: str, span: Span) -> bool:
    """Whether a span with a device's name means something else: a road, a post code, an amount."""
    after = text[span.end_char : span.end_char + 20]
    before = text[max(0, span.start_char - 20) : span.start_char]
    if span.text.lower().startswith(HUB) and _OTHER_HUB.search(before):
        return True
    if span.text.lower() == HUB and not _OF_THEIRS.search(before):
        return True
    bare = len(span.text) <= 4
    if re.match(r"\d", span.text[-1:]) and AMOUNT.match(after):
        return True
    plural = re.match(r"s\b", after)
    branded = " " in span.text.strip() and GLUED.match(after)
    if after[:1].isalpha() and not plural and not branded and not span.text.endswith("+"):
        return True
    if _NO_PHONE.match(after):
        return True
    return bare and bool(
        _CITY.search(before)
        or _POST_CODE.match(after)
        or _ROAD.search(before)
        or _ROAD_AFTER.match(after)
    )
