"""Where the problem happens: a town, a post code, a room, "everywhere"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from bot.nlu.found import Found

LOCATION = "location"
LARGEST_GAP = 14
NAMED = 0.8
# The shape of British post codes (ISO 3166 GB; Royal Mail's PAF), the inward half optional after a cue.
_POST_CODE = re.compile(
    r"\b(?P<code>(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}))\b", re.IGNORECASE
)
_OUTWARD = re.compile(r"\b(?:post ?code(?: is| of)?|in|around|near|at|to|from)\s*:?\s+(?P<code>(?-i:[A-Z]{1,2}\d{1,2}[A-Z]?))\b(?!\s?\d[A-Z]{2})(?!\s*(?:phone|ultra|plus|pro))", re.IGNORECASE)  # fmt: skip
_SPOT = (
    r"(?:home|work|uni(?:versity)?|school|college|night|the (?:office|house|flat|garden|kitchen|bedroom|living room|lounge|basement|cellar|loft|attic|airport|station|train|tube|underground|bus|"
    r"gym|hospital|warehouse|shop|pub|farm|caravan|campsite|car|motorway|village|town|city|city cent(?:re|er)|countryside|hotel|beach|park|whole house|whole street|entire house|car park|building|lift|stairwell)"
    r"|my (?:house|home|flat|apartment|office|work(?:place)?|room|bedroom|kitchen|area|street|road|village|town|desk|parents'? (?:house|place)|mum'?s(?: house)?|dad'?s(?: house)?|girlfriend'?s|boyfriend'?s|postcode|post code|garden|building|living room|place|shop|garage|car|living room)"
    r"|our (?:house|home|street|road|village|town|area|flat|office|building|estate|farm|place))"
)
_AT = re.compile(
    rf"\b(?P<whole>(?:only |just |mostly |mainly |especially |even |always |here |anywhere |everywhere |outside |when i'?m |while |when |both )*(?:at|in(?:side)?|around|on|near|throughout|all over|outside|across|over)\s+(?P<spot>{_SPOT})"
    rf"(?:\s+(?:and|or)\s+(?:at |in |on )?(?:{_SPOT}|upstairs|downstairs))*(?:\s+(?:in|near|at|outside)\s+(?P<town>(?-i:[A-Z][\w'’-]+(?:[ -](?:(?:upon|on|le|the|of|super|under)[ -])?[A-Z][\w'’-]+)*)))?)\b",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(
    r"\b(?:everywhere(?: i go)?|wherever i (?:go|am)|no matter where(?: i (?:go|am))?|all over (?:the )?(?:place|town|country|house|uk)|in every (?:room|place)|anywhere i go|any location|all locations|anywhere(?= (?:i go|at all|in))|"
    r"upstairs(?: and downstairs)?|downstairs|outdoors|indoors(?: and outdoors)?|both at home and at work|on the (?:train|bus|tube|motorway|underground)(?: (?:between|from|to)(?-i: [A-Z]\w+)(?: (?:and|to)(?-i: [A-Z]\w+))?)?|abroad)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:in|near|around|outside|at|here in|over in|from|across|throughout|to|on|round|live in|based in|just outside|between)\s+(?:the (?:(?:small )?(?:village|town|city|centre|center|middle|outskirts|area|north|south|east|west|suburb|middle) (?:of|around|between) )?|(?:north|south|east|west|central|downtown|greater) |the (?=(?-i:(?:[A-Z][\w'’]+ )+(?:Hospital|Infirmary|Hotel|Centre|Center|Park|Inn|Arms|Hall|House|Library|College|University|Stadium|Arena|Estate|Airport|Station)\b)))?"
    r"(?P<name>(?-i:(?:St\.? |Mc|O'|King'?s )?[A-Z][a-zà-ÿ'’]+(?:[ -](?:(?:upon|on|le|the|of|super|under|in|el|de|la|and)[ -])?[A-Z][a-zà-ÿ'’]+)*))(?P<kind> (?:Street|Road|Lane|Avenue|Station|Airport|Park))?",
    re.IGNORECASE,
)
_CUED = re.compile(r"\b(?:in|near|around|outside|at|across|from|over|to|round|live in|based in|here|visiting|between|for|postcode|area|of|cent(?:re|er)?|the|greater|north|south|east|west|central)\s*(?:of |the )?\Z|\A\W*\Z|[,.\n(\-]\s*\Z|\b(?:its|it'?s|am)\s+(?:in )?\Z", re.IGNORECASE)  # fmt: skip
_NOT_PLACES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "settings app apple samsung google meadow iphone ipad android ios whatsapp facebook wifi wi-fi bluetooth english mobile internet sim esim service sos chrome safari netflix youtube i i'm i've "
    "airplane flight christmas easter new error vpn apn spotify instagram tiktok zoom teams paypal visa mastercard amazon gmail outlook nokia huawei motorola oppo sony oneplus xiaomi honor pixel galaxy "
    "today yesterday tomorrow black lte 4g 5g hi hello please thanks thank regards my the a support customer live data roaming pac puk it this that there you your we nobody nothing still after no not and but so "
    "dear account direct debit email sms mms imei tesco argos currys carphone ee o2 vodafone three bt sky virgin giffgaff lebara tech team billing sales cellular no".split()
)
_ELSEWHERE = re.compile(
    r"\b(?:shop|store|branch|call cent(?:re|er)|office|bought|ordered|deliver\w*|sent|moved|moving|flying|fly|travel\w*|agent|advis[eo]r|spoke\w*|called|depot|warehouse|from|born|originally|someone|somebody|callers?|calling|phoning|ringing|texting|messaging|company|next (?:week|month)|booked|will be|going|bank|transfer\w*|switch\w*|came|come|joined|customer)\b[^.,;]*\Z",
    re.IGNORECASE,
)
_SHOP_AFTER = re.compile(
    r"\s+(?:store|shop|branch|depot|office|call cent|team|bank|building society|customer|support)",
    re.IGNORECASE,
)
_DELIVERY = re.compile(
    r"\b(?:deliver\w*|order\w*|parcel|shop|store|branch|bought|posted|invoice|returns?)\b",
    re.IGNORECASE,
)


_ASKING = re.compile(r"\W*(?:hi|hello|hey)?\W*(?:how much|how do|how can|do i (?:need|have|get)|do you|can i|could i|what (?:does|do|are|is the)|is it|will i|would i|am i able)\b", re.IGNORECASE)  # fmt: skip
_PUT = re.compile(r"\b(?:move|moved|put|placed|take|took|carried) (?:\w+ ){0,3}\Z", re.IGNORECASE)
_REACHING = re.compile(
    r"\b(?:take calls?|call me|ring me|reach me|contact me|phone me|answer|talk|deliver\w*|work(?:s|ing)?)\b[^.;]{0,20}\Z",
    re.IGNORECASE,
)


_AT_TIMES = re.compile(r"\s+(?:before|until|till|after|by then|during|all day)\b", re.IGNORECASE)


# The outward half of a post code as the whole message: two letters, so that it is no model.
_ONLY_OUTWARD = re.compile(r"\A\W*(?P<code>[A-Z]{2}\d{1,2}[A-Z]?)\W*\Z")


class PlaceFinder:
    """Finds where it happens; built once from the list of places."""

    def __init__(self, language: Language, towns: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        self._matcher = PhraseMatcher(language.vocab, attr="LOWER")
        docs = []
        for town in towns:
            doc = language.make_doc(town)
            self._names[_key(doc)] = town
            docs.append(doc)
        self._matcher.add("place", docs)

    def find(self, doc: Doc) -> list[Found]:
        """At most one value, the most telling: post code, then place name, then spot.

        Places that a customer merely asks about ("how much is data in Greece") are none.
        """
        if _ASKING.match(doc.text):
            return []
        found = sorted(self._all(doc), key=lambda item: (-item.confidence, item.start))
        if not found:
            return []
        best = found[0]
        if best.verbatim.lower() == "everywhere":  # "everywhere in Kent": the place says more
            after = [item for item in found if item.start == best.end + len(" in ")]
            best = next((item for item in after if item.confidence >= NAMED), best)
        return [self._with_spot(doc.text, best, found)]

    def _all(self, doc: Doc) -> Iterator[Found]:
        text = doc.text
        for pattern in (_POST_CODE, _OUTWARD, _ONLY_OUTWARD):
            for match in pattern.finditer(text):
                code = match.group("code")
                if not _delivered(text, match.start()):
                    start, end = match.span("code")
                    yield Found(LOCATION, start, end, code.upper(), code, 0.95)
        yield from self._listed(doc)
        yield from _named(text)
        for match in _AT.finditer(text):
            said = match.group("whole").strip()
            if (
                match.group("spot").lower() == "night"
                or _REACHING.search(text[: match.start()])
                or _delivered(text, match.start())
                or _AT_TIMES.match(text, match.end())
                or re.search(
                    r"\b(?:work(?:s|ed|ing)? from|router (?:is )?)\s*\Z",
                    text[: match.start()],
                    re.IGNORECASE,
                )
            ):
                continue
            yield Found(
                LOCATION, match.start(), match.start() + len(match.group("whole")), said, said, 0.75
            )
        for match in _EVERYWHERE.finditer(text):
            if _PUT.search(text[: match.start()]):
                continue
            sure = (
                0.92
                if match.group().lower().startswith(("everywhere", "wherever", "no matter"))
                else 0.7
            )
            yield Found(LOCATION, match.start(), match.end(), match.group(), match.group(), sure)

    def _listed(self, doc: Doc) -> Iterator[Found]:
        text = doc.text
        for span in filter_spans(self._matcher(doc, as_spans=True)):
            before = text[max(0, span.start_char - 40) : span.start_char]
            lower = span.text.islower()
            if _SHOP_AFTER.match(text[span.end_char : span.end_char + 20]) or _ELSEWHERE.search(
                before
            ):
                continue
            if (
                text[span.end_char : span.end_char + 1].isalnum()
                or text[max(0, span.start_char - 1) : span.start_char].isalnum()
            ):
                continue
            if lower and not _CUED.search(before):
                continue
            if span.text.lower() in _AMBIGUOUS and not re.search(
                r"\b(?:in|near|around|outside|at|from)\s+\Z", before, re.IGNORECASE
            ):
                continue
            yield Found(
                LOCATION, span.start_char, span.end_char, self._names[_key(span)], span.text, 0.9
            )

    @staticmethod
    def _with_spot(text: str, best: Found, found: list[Found]) -> Found:
        """ "at home in Leeds" as a whole, when spot and place stand together."""
        for other in found:
            if (
                other is not best
                and other.start < best.start <= other.end + LARGEST_GAP
                and best.end >= other.end
                and best.confidence >= 0.8
            ):
                start = other.start
                said = text[start : best.end]
                if "," not in said[: other.end - start] and re.fullmatch(
                    r"(?:\s+(?:just )?(?:in|near|outside|at|by|around)\s+)?",
                    text[other.end : best.start] or "",
                ):
                    return Found(LOCATION, start, best.end, said, said, best.confidence)
        return best


_AMBIGUOUS = frozenset("reading bath wells bury rugby barry hull stoke newport jersey perth nice cork turkey china poole barking hove ely hamilton sandwich deal york skye well chester lincoln richmond kingston stratford ashford burton derby street sale march deal rye nelson sutton hayes wick flint mold antrim newark boston battle warwick eccles hyde selby beverley christchurch chard soho acton barnet alton cardigan kelso irvine".split())  # fmt: skip


def _named(text: str) -> Iterator[Found]:
    for match in _NAMED.finditer(text):
        name = match.group("name")
        first = name.split()[0].lower().rstrip("'’s")
        before = text[max(0, match.start() - 40) : match.start()]
        if (
            first in _NOT_PLACES
            or name.lower() in _NOT_PLACES
            or _ELSEWHERE.search(before)
            or _delivered(text, match.start())
        ):
            continue
        lead = text[match.start() : match.start("name")].lower()
        if re.match(r"(?:to|from|on|at|between|round)\b", lead) and not match.group("kind"):
            continue
        if _SHOP_AFTER.match(text[match.end() : match.end() + 20]) or re.match(
            r"\s*\d", text[match.end() : match.end() + 3]
        ):
            continue
        said = text[match.start("name") : match.end()]
        yield Found(LOCATION, match.start("name"), match.end(), said, said, NAMED)


def _delivered(text: str, position: int) -> bool:
    return bool(_DELIVERY.search(text[max(0, position - 45) : position]))


def _key(tokens: Iterable[object]) -> str:
    return " ".join(token.lower_ for token in tokens if not token.is_space)  # type: ignore[attr-defined]
