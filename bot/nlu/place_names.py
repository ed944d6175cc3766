"""Names of places that no list has: "in Nether Wallop", "on Murano Street", "near llangynog"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.nlu.spots import Spot

NAMED, AT = 0.8, 0.72
# A message of which so many letters are capitals shouts; its names look like all its words.
SHOUTED = 0.8

_NAMED = re.compile(
    r"\b(?:in|near|nr|around|outside|at|here|over in|from|across|throughout|to|on|round|live in|based in|just outside|between|next to|close to|not far from|opposite|behind|(?:out|over|just|up|down|live|lives|are|am|i'?m|house|flat|allotment|place|pub|shop|farm) by|up in|down in|out in|(?:village|town|city|location|area|place)(?: is| called|:| =)|(?:village|town|city|top|bottom|edge|outskirts|middle|centre|north|south|east|west) of)\s+(?:the (?:(?:small |little |tiny )?(?:village|town|city|centre|center|middle|outskirts|area|north|south|east|west|suburb|middle|top|bottom|edge) (?:of|around|between) )?|(?:north|south|east|west|central|downtown|greater|rural|sunny) |the (?=(?-i:(?:[A-Z][\w'’]+ )+(?:Hospital|Infirmary|Hotel|Centre|Center|Park|Inn|Arms|Hall|House|Library|College|University|Stadium|Arena|Estate|Airport|Station)\b)))?"
    r"(?P<name>(?-i:(?:St\.? |Mc|O'|King'?s )?[A-Z][a-zà-ÿ'’]+(?:[ -](?:(?:upon|on|le|the|of|super|under|in|el|de|la|and)[ -])?[A-Z][a-zà-ÿ'’]+)*))(?P<kind> (?:Street|Road|Lane|Avenue|Station|Airport|Park))?",
    re.IGNORECASE,
)
# "at Bleadon": a place when somebody or something lives or stands there, else perhaps a shop.
_STANDS = re.compile(r"\b(?:mast|tower|aerial|live|lives|living|house|home|here|flat|farm|site|caravan|campsite|boat|moored|marina|parked|staying|camping|tied up|anchored|working|office|station|signal|reception|coverage|down|out|over|up|based)\s+at\Z", re.IGNORECASE)  # fmt: skip
_HALF_NAMES = "puerto|playa|porto|santa|san|st|saint|great|little|upper|lower|higher|nether|over|north|south|east|west|new|old|long|market|kings|king's|bishops|port|isle|glen|loch|lough|chipping|stow|royal|royston|mill|castle|high|much|steeple|stoke|newton|ballin|el|la|los|las"
# In small letters: after "in" and the like, and before what no longer belongs to a name.
_LOWER = re.compile(
    rf"\b(?P<cue>in|near|nr|outside|(?:village|town|city|location|area|place)(?: is|:)|(?:village|town|middle|outskirts|edge|top|side) of|(?:over|out|up|down|live|lives|living|here|house|farm|place|flat|am|i'?m) (?:by|at)|mast (?:at|by)|round|around)\s+(?:(?:a village called|a town called|a place called)\s+)?"
    rf"(?P<name>(?:(?:{_HALF_NAMES})[ -])?[a-z][a-z'’-]{{3,}}(?: (?:upon|on|under|le|by|in) (?:the )?[a-z]{{3,}}(?= ?[.,;!?)]| ?\Z)| [a-z]{{4,}})?)"
    r"(?=\s*(?:[.,;!?()]|\Z|\n|\b(?:and|but|with|since|sinse|for|so|the|its|it's|it|on|where|when|while|i|im|we|my|our|no|not|near|nr|has|is|was|have|had|all|from|at|after|today|this|cant|can't|area|way|now|again|only|every|as|because|cos|there|last|right|lately|ever|been|for|if|then|u|you|ur|nothing|signal|cuts|drops|gets|got|keeps|just|both|wont|won't|doesnt|dont|phone|which|isnt|would|a|an|to|\d+)\b))"
)
_BLUNT = re.compile(r"(?:ing|ed|ly|tion|tions|ness|ment|ments|ity|ally|ance|able|ible|ful|less|ous|ive|'s|’s|sion|ings|ers)\Z")  # fmt: skip
_WAY = r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Close|Square|Terrace|Crescent|Grove|Court|Mews|Cottages|Gardens|Estate|Retail Park|Business Park|Industrial Estate|Common|Lock|Quay|Wharf|Viaduct|Tunnel|Roundabout|Services|Marina|Harbour|Valley|Beach|Farm)"
WAY_AFTER = re.compile(rf"\s{_WAY}\b")
_BRACKETED = re.compile(r"\b(?:village|town|place|area|house|flat|city|home|street|work|office|school|college|uni)\s*\((?P<name>(?!(?:Galaxy|Samsung|Apple|Google|Pixel|Motorola|Nokia|Sony|Xiaomi|Huawei|Honor|Oppo))(?-i:[A-Z][a-z'’]+(?:[ -][A-Z]?[a-z'’]+){0,3}))[,)]")  # fmt: skip
_STREET = re.compile(
    rf"\b(?P<name>(?!(?:Hi|Hello|Dear|The|My|On|In|At|And|Our|Your|This|That|App|Play|Google|Apple|Microsoft) )[A-Z][a-z'’]+(?: (?:of|the|[A-Z][a-z'’]+)){{0,2}} {_WAY})\b"
)
_OUT_WAY = re.compile(r"\b(?:out|over|up|down|round) (?:the )?(?P<name>[A-Za-z][a-z'’-]{3,}) way\b", re.IGNORECASE)  # fmt: skip
_ISLE = re.compile(r"\b(?P<name>(?:isle|vale|forest|mull|kyle) of (?!the\b)[a-z]{3,})\b", re.IGNORECASE)  # fmt: skip
_SHOP_AFTER = re.compile(
    r"\s+(?:store|shop|branch|depot|call cent|team|bank|building society|customer|support|airlines?|airways)",
    re.IGNORECASE,
)


def shouts(text: str) -> bool:
    """Whether a message is written in capitals."""
    capitals = sum(map(str.isupper, text))
    letters = sum(map(str.isalpha, text))
    return letters > len("NO SIGNAL") and capitals > SHOUTED * letters


def names(text: str, no_places: Collection[str], ordinary: Collection[str]) -> Iterator[Spot]:
    """Every name that the words before it, or the word behind it, make a place."""
    if shouts(text):
        yield from _lower(text.lower(), no_places, ordinary)
        return
    yield from _capitals(text, no_places)
    yield from _lower(text, no_places, ordinary)
    for pattern in (_STREET, _BRACKETED, _OUT_WAY, _ISLE):
        for match in pattern.finditer(text):
            yield Spot(*match.span("name"), NAMED)


def _capitals(text: str, no_places: Collection[str]) -> Iterator[Spot]:
    for match in _NAMED.finditer(text):
        name = match.group("name")
        first = name.split()[0].lower().rstrip("'’s")
        if first in no_places or name.lower() in no_places or name.split()[0].lower() in no_places:
            continue
        lead = text[match.start() : match.start("name")].lower()
        stands = not lead.startswith("at") or bool(_STANDS.search(text[: match.start() + 2]))
        if re.match(r"(?:to|from|on|round)\b", lead) and not match.group("kind"):
            continue
        if _SHOP_AFTER.match(text, match.end()) or re.match(r"\s*\d", text[match.end() :][:3]):
            continue
        yield Spot(match.start("name"), match.end(), NAMED if stands else AT)


def _lower(text: str, no_places: Collection[str], ordinary: Collection[str]) -> Iterator[Spot]:
    for match in _LOWER.finditer(text):
        start, end = match.span("name")
        words = match.group("name").replace("’", "'").split()
        if words[0] in ordinary or words[0] in no_places:
            continue
        if len(words) == 2 and _is_plain(words[1], no_places, ordinary):
            words, end = words[:1], start + len(words[0])
        if _is_plain(words[-1], no_places, ordinary):
            continue
        yield Spot(start, end, NAMED)


def _is_plain(word: str, no_places: Collection[str], ordinary: Collection[str]) -> bool:
    return word in ordinary or word in no_places or bool(_BLUNT.search(word))
