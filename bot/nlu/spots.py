"""Where it happens without a name: rooms, "at work", "upstairs", roads, trains, "everywhere"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# "the A9" alone says less than a town, "the A9 past Pitlochry" more.
LONGEST_ROAD = 2
_NAME = (
    r"(?-i:[A-Z][a-zà-ÿ'’]+(?:[ -](?:(?:upon|on|le|the|of|super|under|in)[ -])?[A-Z][a-zà-ÿ'’]+)*)"
)
_FAMILY = r"(?:parents|mum|mam|mom|mother|dad|father|nan|nana|gran|grandma|granny|grandad|grandparents|girlfriend|boyfriend|partner|son|daughter|sister|brother|mate|friend|auntie?|uncle|in-law)(?:['’]?s)?"
_ROOM = (
    r"(?:house|home|flat|apartment|cottage|bungalow|farm(?:house)?|barn|caravan|campsite|site|garden|allotment|kitchen|bedroom|bathroom|living ?room|utility(?: room)?|lounge|dining room|study|hall(?:way|s)?|landing|toilet|loo|"
    r"basement|cellar|loft|attic|conservatory|shed|garage|room|office|workshop|yard|work(?:place)?|desk|warehouse|shop|salon|surgery|clinic|hospital|ward|school|college|uni(?:versity)?|uni halls|campus|classroom|care home|student halls|"
    r"library|church|gym|pool|pub|caf[eé]|hotel|hostel|villa|resort|village|town|city|city cent(?:re|er)|town cent(?:re|er)|countryside|sticks|middle of nowhere|area|street|road|estate|neighbourhood|block|building|postcode|post code|place|lay ?by|"
    r"airport|station|train|tube|underground|bus|tram|ferry|boat|car|van|lorry|cab|motorway|car park|lift|stairwell|tunnel|beach|park|woods|valley|hills?|island|moors?|stadium|festival|market|"
    rf"{_FAMILY}(?=\s*(?:[.,;!?)]|\Z|(?:in|near|and|but|or|too|as|at|where|when|is|it|i|house|place|flat|home|every|all|since|only)\b)))"
)
# Of a thing at home or at work it is said what it is, not where.
_NO_SPOT = r"(?!\s+(?:sims?|phones?|account|name|i?phones?|ipad|line|number|card|old|new|behalf|bill|contract|tablet|mobile|device|samsung|plan|birthday|e-?mail|broadband|hub|router|wi-?fi|internet(?! (?:is|at|in))|network|screen|button|page|computer|laptop|pc|landline|key|address|insurance|tv|office|charger|kit|mount|radio|alarm|meter|door)\b)"
_SPOT = (
    r"(?:home|work|uni(?:versity)?|school|college|town|sea|night|(?:the|my|our|his|her|their|me) (?:(?:own|new|old|back|front|spare|whole|entire|local|holiday|student|main|upstairs|downstairs|static|kids'?|uni|"
    rf"{_FAMILY}) )?"
    rf"{_ROOM}){_NO_SPOT}"
)
_AT = re.compile(
    rf"\b(?P<whole>(?:only |just |mostly |mainly |especially |even |always |here |anywhere |everywhere |outside |when i'?m |while |when |both |all )*(?:at|in(?:side)?|around|round|on|near|throughout|all over|outside|across|over|down|up)\s+(?P<spot>{_SPOT})"
    rf"(?:\s+(?:and|or)\s+(?:at |in |on )?(?:{_SPOT}|upstairs|downstairs))*(?:\s+(?:in|near|at|outside|on|by|off|from|of)\s+(?:the )?(?P<town>{_NAME}))?)\b",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(
    r"\b(?:everywhere(?! else)(?: i go)?|wherever i (?:go|am)|no matter where(?: i (?:go|am))?|(?:it )?does ?n[o']?t matter where(?: i (?:go|am))?|all over (?:the )?(?:place|town|country|house|uk)|in every (?:room|place)|anywhere i go|any location|all locations|(?:(?<=signal )|(?<=data )|(?<=service )|(?<=internet )|(?<=coverage )|(?<=work )|(?<=network ))anywhere|anywhere(?= (?:i go|at all|in))|"
    r"upstairs(?: and downstairs)?|downstairs|outdoors|indoors(?: and outdoors)?|out and about|both at home and at work|on the (?:train|bus|tube|motorway|underground)(?: (?:between|from|to)(?-i: [A-Z]\w+)(?: (?:and|to)(?-i: [A-Z]\w+))?)?|abroad|"
    r"(?:when(?:ever)? (?:i'?m|i am|i go|we'?re) |work )outside(?=\s*(?:[.,;!?)]|\Z|and|or|but))|(?:when(?:ever)? |as soon as |every time )(?:i|we) (?:leave|step out of|go out of|am away from|get away from) (?:the |my |our )?(?:house|home|flat|building)|(?:out of|outside|away from) the (?:house|flat))\b",
    re.IGNORECASE,
)
_ROAD = re.compile(
    rf"(?:\b(?:on|up|along|off|down|near|by|of|past|via|and|from|joining) (?:the )?|\A\W*)(?P<name>(?:the )?(?:(?-i:[AMB]\d{{1,4}}|[am]\d{{1,4}}(?= (?:between|near|past|junction|northbound|southbound|eastbound|westbound|motorway|outside|just)\b))(?:\(M\))?)(?:\s+(?:just )?(?:between|near|(?:north|south|east|west) of|past|at|towards|by|before|after|from|around|outside|in|northbound|southbound|eastbound|westbound|junction \d+)(?:\s+{_NAME})?(?: (?:and|to) {_NAME})?)?)(?![\w-])",
    re.IGNORECASE,
)
_JOURNEY = re.compile(
    rf"\b(?P<name>(?:(?:train|bus|coach|tram|ferry|commute)s?(?: home| in)?\s+(?:from|between|to|into)|(?:(?:boat|line|route|road|journey|drive|walk|way|stretch)s?|\d{{1,2}}[.:]\d\d)(?: home| in)?\s+(?:from|between))\s+(?:{_NAME}|home|work)(?:\s+(?:to|and|into|through to|towards)\s+(?:{_NAME}|home|work))?)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"\b(?P<name>between {_NAME} and {_NAME})", re.IGNORECASE)
_ROOMS = re.compile(
    rf"\b(?P<name>(?:from|between) {_SPOT} (?:to|into|and) {_SPOT})\b", re.IGNORECASE
)
_BUT_NOT = re.compile(r"\b(?:but|and) not \Z", re.IGNORECASE)
_ABROAD_AS_AIM = re.compile(r"\b(?:ring|ringing|calls?|calling|phone|texts?|texting|numbers?|go|going|travel\w*|from)\s+abroad\Z", re.IGNORECASE)  # fmt: skip
_PUT = re.compile(r"\b(?:move|moved|put|placed|take|took|carried|shoved|stuck|stood|kept|had|sat|tried (?:it|standing|going|being)) (?:\w+ ){0,3}\Z", re.IGNORECASE)  # fmt: skip
_REACHING = re.compile(
    r"\b(?:take calls?|call me|ring me|reach me|contact me|phone me|answer|talk|deliver\w*|(?<!dont )(?<!n['’]t )(?<!not )(?<!nt )work(?:s|ing)?)\b[^.;]{0,20}\Z"
    r"|\b(?:work(?:s|ed|ing)? from|router (?:is )?|lad|guy|man|bloke|lady|woman|girl|person|someone|staff|people|chap|team)\s*\Z",
    re.IGNORECASE,
)
# "on the site", "on my home screen": no place to be in.
_ON_LINE = re.compile(r"on (?:the|your|my) (?:site|shop)\Z", re.IGNORECASE)
_AT_TIMES = re.compile(r"\s+(?:before|until|till|after|by then|during|all day)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Spot:
    """text[start:end] with how sure it is, from 0 to 1."""

    start: int
    end: int
    sure: float


def spots(text: str) -> Iterator[Spot]:
    """All of them; whether it fails there or works there is for the reader to judge."""
    for match in _AT.finditer(text):
        before = text[: match.start()]
        no_spot = match.group("spot").lower() == "night" or _AT_TIMES.match(text, match.end())
        no_spot = no_spot or _ON_LINE.search(match.group())
        reaching = _REACHING.search(before) and not _BUT_NOT.search(before)
        if not no_spot and not reaching and not _PUT.search(before):
            yield Spot(*match.span("whole"), 0.82 if match.group("town") else 0.75)
    for match in _EVERYWHERE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if not _PUT.search(before) and not _ABROAD_AS_AIM.search(before + match.group()):
            wide = match.group().lower().startswith(("everywhere", "wherever", "no matter"))
            yield Spot(*match.span(), 0.92 if wide else 0.7)
    for pattern, sure in ((_ROAD, 0.88), (_JOURNEY, 0.93), (_BETWEEN, 0.92), (_ROOMS, 0.83)):
        for match in pattern.finditer(text):
            told = pattern is _ROAD and len(match.group("name").split()) > LONGEST_ROAD
            yield Spot(*match.span("name"), 0.93 if told else sure)
