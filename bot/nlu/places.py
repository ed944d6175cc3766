"""Where the problem happens: a town, a post code, a room, "everywhere"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from bot.nlu.found import Found, overlaps

LOCATION = "location"
LARGEST_GAP = 14
NAMED = 0.8
# "the A9" alone says less than a town, "the A9 past Pitlochry" more.
LONGEST_ROAD = 2
# Where customers say they are or live, before a place that they merely name.
LIVED_IN = 0.92
_LIVED_IN = re.compile(r"\b(?:i'?m|i am|we'?re|we are|i live|we live|at home|home|living|staying|based|my (?:house|flat) is) (?:here |out |up |down |over |back )?in\s+\Z", re.IGNORECASE)  # fmt: skip
# The shape of British post codes (ISO 3166 GB; Royal Mail's PAF), the inward half optional after a cue.
_POST_CODE = re.compile(
    r"\b(?P<code>(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}))\b", re.IGNORECASE
)
# The areas of Royal Mail with two letters: with a number behind, such a word is no model of a phone.
_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|"
    "LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_AREA_ALONE = re.compile(rf"(?<![\w.#&=/-])(?P<code>(?!IP6[5-9]|HD8|HD10)(?:{_AREAS})\d{{1,2}}[A-Z]?)(?!\w|[./-]\w|[@%]|\s(?:phone|ultra|plus|pro|lite|fe)\b)")  # fmt: skip
_AREA_CUED = re.compile(rf"\b(?:post ?code(?: is| of)?|in|around|near|at|to|from|area|(?-i:[A-Z])?[a-z]{{4,}},?)\s*:?\s+(?P<code>(?:{_AREAS})\d{{1,2}})(?![\w.@%]|\s(?:phone|ultra|plus|pro|lite|fe|gb|mb)\b)", re.IGNORECASE)  # fmt: skip
_OUTWARD = re.compile(r"\b(?:post ?code(?: is| of)?|in|around|near|at|to|from)\s*:?\s+(?P<code>(?-i:[A-Z]{1,2}\d{1,2}[A-Z]?))\b(?!\s?\d[A-Z]{2})(?!\s*(?:phone|ultra|plus|pro))", re.IGNORECASE)  # fmt: skip
_CUES = frozenset("postcode code in around near at area of".split())
_ROOM = (
    r"(?:house|home|flat|apartment|cottage|bungalow|farm(?:house)?|barn|caravan|campsite|site|garden|allotment|kitchen|bedroom|bathroom|living ?room|lounge|dining room|study|hall(?:way|s)?|"
    r"basement|cellar|loft|attic|conservatory|shed|garage|room|office|work(?:place)?|desk|warehouse|shop|salon|surgery|clinic|hospital|ward|school|college|uni(?:versity)?|uni halls|campus|classroom|"
    r"library|church|gym|pub|caf[eé]|hotel|village|town|city|city cent(?:re|er)|town cent(?:re|er)|countryside|area|street|road|estate|neighbourhood|block|building|postcode|post code|place|"
    r"airport|station|train|tube|underground|bus|tram|ferry|car|van|lorry|motorway|car park|lift|stairwell|tunnel|beach|park|woods|valley|hills?|island|moors?|"
    r"(?:parents'?|mum'?s|mam'?s|mom'?s|dad'?s|nan'?s|gran'?s|grandparents'?|girlfriend'?s|boyfriend'?s|partner'?s|son'?s|daughter'?s|sister'?s|brother'?s)"
    r"(?=\s*(?:[.,;!?)]|\Z|(?:in|near|and|but|or|too|as|at|where|when|is|it|i|house|place|flat|home|every|all|since|only)\b)))"
)
_SPOT = (
    r"(?:home|work|uni(?:versity)?|school|college|town|night|(?:the|my|our|his|her|their) (?:(?:own|new|back|front|spare|whole|entire|local|holiday|student|parents'?|mum'?s|mam'?s|dad'?s|nan'?s|gran'?s|kids'?|girlfriend'?s|boyfriend'?s|sister'?s|brother'?s|uni|main|upstairs|downstairs) )?"
    rf"{_ROOM})(?!\s+(?:sims?|phones?|account|name|i?phones?|ipad|line|number|card|old|new|behalf|bill|contract|tablet|mobile|device|samsung|plan|birthday|e-?mail)\b)"
)
_AT = re.compile(
    rf"\b(?P<whole>(?:only |just |mostly |mainly |especially |even |always |here |anywhere |everywhere |outside |when i'?m |while |when |both )*(?:at|in(?:side)?|around|on|near|throughout|all over|outside|across|over)\s+(?P<spot>{_SPOT})"
    rf"(?:\s+(?:and|or)\s+(?:at |in |on )?(?:{_SPOT}|upstairs|downstairs))*(?:\s+(?:in|near|at|outside)\s+(?P<town>(?-i:[A-Z][\w'’-]+(?:[ -](?:(?:upon|on|le|the|of|super|under)[ -])?[A-Z][\w'’-]+)*)))?)\b",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(
    r"\b(?:everywhere(?: i go)?|wherever i (?:go|am)|no matter where(?: i (?:go|am))?|(?:it )?does ?n[o']?t matter where(?: i (?:go|am))?|all over (?:the )?(?:place|town|country|house|uk)|in every (?:room|place)|anywhere i go|any location|all locations|anywhere(?= (?:i go|at all|in))|"
    r"upstairs(?: and downstairs)?|downstairs|outdoors|indoors(?: and outdoors)?|both at home and at work|on the (?:train|bus|tube|motorway|underground)(?: (?:between|from|to)(?-i: [A-Z]\w+)(?: (?:and|to)(?-i: [A-Z]\w+))?)?|abroad)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:in|near|around|outside|at|here in|over in|from|across|throughout|to|on|round|live in|based in|just outside|between|next to|close to|not far from|opposite|behind|(?:out|over|just|up|down|live|lives|are|am|i'?m|house|flat|allotment|place|pub|shop|farm) by|up in|down in|out in)\s+(?:the (?:(?:small )?(?:village|town|city|centre|center|middle|outskirts|area|north|south|east|west|suburb|middle) (?:of|around|between) )?|(?:north|south|east|west|central|downtown|greater) |the (?=(?-i:(?:[A-Z][\w'’]+ )+(?:Hospital|Infirmary|Hotel|Centre|Center|Park|Inn|Arms|Hall|House|Library|College|University|Stadium|Arena|Estate|Airport|Station)\b)))?"
    r"(?P<name>(?-i:(?:St\.? |Mc|O'|King'?s )?[A-Z][a-zà-ÿ'’]+(?:[ -](?:(?:upon|on|le|the|of|super|under|in|el|de|la|and)[ -])?[A-Z][a-zà-ÿ'’]+)*))(?P<kind> (?:Street|Road|Lane|Avenue|Station|Airport|Park))?",
    re.IGNORECASE,
)
# Towns that no list has, in lower case: only after words that nothing else follows.
_LIVES = re.compile(
    r"\b(?:(?:i|we) live|lives|(?:living|staying|based|located|stationed|liv) (?:here )?|(?:i'?m|im|i am|we'?re|we are|over|up|down|out|here|back)) (?:(?:here |out |up |down |over |back )?(?:in|near|by)|at (?=\w+ (?:farm|house|station)))"
    r" (?P<name>(?!(?:the|a|an|my|our|your|his|her|their|this|that|it|all|two|one|need|bed|town|work|touch|trouble|shock|tears|pain|credit|debt|contract|limbo|fact|case|order|full|short|charge|line|doubt|hell|love|time|real|desperate|dire|total|complete|such|some|any|no|and|or|uk|us|mobile|phone|between|agreement|possession|receipt|hospital|school|college|uni|here|there|by|on|to|up|settings|contact|breach|arrears|dispute|luck|danger|rural|each|both|every|different|another|what|which|public|private|general|person|english|advance|addition|particular|theory|practice|return|vain|half|minutes|seconds|days|hours|weeks|months|years)\b)"
    r"[a-z][a-z'-]{3,}(?: (?:upon|on|under|le|by) [a-z]{3,})?)(?=\s*(?:[,.;!?)]|$|\b(?:and|but|with|since|for|so|the|its|it's|on|where|when|i|we|my|no|near)\b))",
)
_WAY = r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Close|Square|Terrace|Crescent|Grove|Court|Mews|Cottages|Gardens|Estate|Retail Park|Business Park|Industrial Estate|Common|Lock|Quay|Wharf|Viaduct|Tunnel|Roundabout|Services)"
_WAY_AFTER = re.compile(rf"\s{_WAY}\b")
_BRACKETED = re.compile(r"\b(?:village|town|place|area|house|flat|city|home|street|work|office|school|college|uni)\s*\((?P<name>(?!(?:Galaxy|Samsung|Apple|Google|Pixel|Motorola|Nokia|Sony|Xiaomi|Huawei|Honor|Oppo))(?-i:[A-Z][a-z'’]+(?:[ -][A-Z]?[a-z'’]+){0,3}))[,)]")  # fmt: skip
# Where it works is not where it fails.
_WORKS_THERE = re.compile(r"(?<!n't )(?<!nt )(?<!not )(?<!never )(?<!only )\b(?:works|worked|fine|ok(?:ay)?|perfect(?:ly)?|good|great|brilliant)(?: \w+)? (?:in|at|around)\s+\Z", re.IGNORECASE)  # fmt: skip
_STREET = re.compile(
    rf"\b(?P<name>(?!(?:Hi|Hello|Dear|The|My|On|In|At|And|Our|Your|This|That|App|Play|Google|Apple) )[A-Z][a-z'’]+(?: (?:of|the|[A-Z][a-z'’]+)){{0,2}} {_WAY})\b"
)
_PLACE = (
    r"(?-i:[A-Z][a-zà-ÿ'’]+(?:[ -](?:(?:upon|on|le|the|of|super|under|in)[ -])?[A-Z][a-zà-ÿ'’]+)*)"
)
_ROAD = re.compile(
    rf"(?:\b(?:on|up|along|off|down|near|by|of|past|via|from|joining) (?:the )?|\A\W*)(?P<name>(?:the )?(?:(?-i:[AMB]\d{{1,4}})(?:\(M\))?)(?:\s+(?:just )?(?:between|near|past|at|towards|by|before|after|from|around|outside|in|northbound|southbound|eastbound|westbound|junction \d+)(?:\s+{_PLACE})?(?: (?:and|to) {_PLACE})?)?)(?![\w-])",
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
    r"(?<!our )(?<!my )(?<!whole )(?<!entire )\b(?:shop|store|branch|call cent(?:re|er)|office|bought|ordered|deliver\w*|sent|moving|flying|fly|travel\w*|agent|advis[eo]r|lad|guy|bloke|lady|spoke\w*|called|(?:ring|call|phone|text|message|reach|contact)(?: up)? (?:my|our|a|the|his|her) \w+|depot|warehouse|from|born|originally|cheques?|someone|somebody|callers?|calling|phoning|ringing|texting|messaging|company|next (?:week|month)|booked|will be|going (?:to|on|abroad)|bank|transfer\w*|switch\w*|(?:came|come) (?:over )?from|joined|customer)\b[^.,;]*\Z",
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


_ASKING = re.compile(r"\W*(?:(?:hi|hello|hey)\b\W*)?(?:how much|how do|how can|do i (?:need|have|get)|do you|can i|could i|what (?:does|do|are|is the)|what'?s the|is it|will i|would i|am i able)\b", re.IGNORECASE)  # fmt: skip
_ABROAD_AS_AIM = re.compile(r"\b(?:ring|ringing|calls?|calling|phone|texts?|texting|numbers?|go|going|travel\w*|from)\s+abroad\Z", re.IGNORECASE)  # fmt: skip
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

    def find(self, doc: Doc, taken: Sequence[Found] = ()) -> list[Found]:
        """At most one value, the most telling: post code, then place name, then spot.

        taken: what other words mean ("S24FE" has the shape of a post code).
        Places that a customer merely asks about ("how much is data in Greece") are none.
        """
        if _ASKING.match(doc.text):
            return []
        free = (item for item in self._all(doc) if not any(overlaps(item, one) for one in taken))
        found = sorted(free, key=lambda item: (-item.confidence, item.start))
        if not found:
            return []
        best = found[0]
        if best.verbatim.lower() == "everywhere":  # "everywhere in Kent": the place says more
            after = [item for item in found if item.start == best.end + len(" in ")]
            wider = [item for item in found if item.start == best.start and item.end > best.end]
            best = next(
                (item for item in [*after, *wider] if item in wider or item.confidence >= NAMED),
                best,
            )
        return [self._with_spot(doc.text, best, found)]

    def _all(self, doc: Doc) -> Iterator[Found]:
        text = doc.text
        for pattern in (_POST_CODE, _OUTWARD, _ONLY_OUTWARD, _AREA_ALONE):
            for match in pattern.finditer(text):
                code = match.group("code")
                if not _delivered(text, match.start()):
                    start, end = match.span("code")
                    yield Found(LOCATION, start, end, code.upper(), code, 0.95)
        for match in _AREA_CUED.finditer(text):
            if self._known(match.group()[: match.start("code") - match.start()]) and not _delivered(text, match.start()):  # fmt: skip
                start, end = match.span("code")
                yield Found(LOCATION, start, end, text[start:end].upper(), text[start:end], 0.95)
        yield from self._listed(doc)
        yield from _named(text)
        yield from _worded(text)
        for match in _AT.finditer(text):
            said = match.group("whole").strip()
            if (
                match.group("spot").lower() == "night"
                or _REACHING.search(text[: match.start()])
                or _delivered(text, match.start())
                or _AT_TIMES.match(text, match.end())
                or re.search(
                    r"\b(?:work(?:s|ed|ing)? from|router (?:is )?|lad|guy|man|bloke|lady|woman|girl|person|someone|staff|people|chap|team)\s*\Z",
                    text[: match.start()],
                    re.IGNORECASE,
                )
            ):
                continue
            yield Found(
                LOCATION, match.start(), match.start() + len(match.group("whole")), said, said, 0.75
            )
        for match in _EVERYWHERE.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            if _PUT.search(before) or _ABROAD_AS_AIM.search(before + match.group()):
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
            after = text[span.end_char : span.end_char + 20]
            if _SHOP_AFTER.match(after) or _WAY_AFTER.match(after) or _elsewhere(before):
                continue
            if (
                text[span.end_char : span.end_char + 1].isalnum()
                or text[max(0, span.start_char - 1) : span.start_char].isalnum()
            ):
                continue
            if lower and not _CUED.search(before):
                continue
            if span.text.lower() in _AMBIGUOUS and not re.search(
                r"\b(?:in|near|around|outside|at|from|of|(?:flew|moved|went|drove|got|came|travell?ed) (?:\w+ )?to)\s+\Z",
                before,
                re.IGNORECASE,
            ):
                continue
            sure = LIVED_IN if _LIVED_IN.search(before) else 0.9
            yield Found(
                LOCATION, span.start_char, span.end_char, self._names[_key(span)], span.text, sure
            )

    def _known(self, words: str) -> bool:
        """Whether the words before half a post code are a cue or the name of a place."""
        last = words.strip(" ,:").split()[-1].lower()
        return last in _CUES or any(name.split()[-1] == last for name in self._names)

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


_AMBIGUOUS = frozenset("reading bath wells bury rugby barry hull stoke newport jersey perth nice cork turkey china poole barking hove ely hamilton sandwich deal york skye well chester lincoln richmond kingston stratford ashford burton derby street sale march deal rye nelson sutton hayes wick flint mold antrim newark boston battle warwick eccles hyde selby beverley christchurch chard soho acton barnet alton cardigan kelso irvine angel angus arnold austin bala barra beeston bern bourne bow boyle bramley brandon bude bray birr calne carlton charlton clare coll comber dallas denny denton eastwood eye fife fleet georgia gort hampton hayle heaton holt hook houston hythe jura keith kerry kimberley lagos leven lucan marsden mayo middleton minster moray mull newbridge norwood olney palma portland radcliffe ramsey ripley sandy santiago settle shannon shaw split stanley stone swords tain trim trinidad usk victoria ware washington wellington wem blackwood sunbury colombia bethesda looe amble ham barnes causeway lizard valleys waterloo wolds fens dales".split())  # fmt: skip


def _named(text: str) -> Iterator[Found]:
    for match in _NAMED.finditer(text):
        name = match.group("name")
        first = name.split()[0].lower().rstrip("'’s")
        if (
            first in _NOT_PLACES
            or name.lower() in _NOT_PLACES
            or _elsewhere(text[max(0, match.start("name") - 40) : match.start("name")])
            or _delivered(text, match.start())
        ):
            continue
        lead = text[match.start() : match.start("name")].lower()
        if re.match(r"(?:to|from|on|at|round)\b", lead) and not match.group("kind"):
            continue
        if _SHOP_AFTER.match(text[match.end() : match.end() + 20]) or re.match(
            r"\s*\d", text[match.end() : match.end() + 3]
        ):
            continue
        said = text[match.start("name") : match.end()]
        yield Found(LOCATION, match.start("name"), match.end(), said, said, NAMED)


def _worded(text: str) -> Iterator[Found]:
    """Roads, streets, and towns unknown to us that somebody says to be in."""
    for pattern, confidence in (
        (_ROAD, 0.88),
        (_STREET, NAMED),
        (_BRACKETED, NAMED),
        (_LIVES, NAMED),
    ):
        for match in pattern.finditer(text):
            said = match.group("name")
            if pattern is _ROAD and len(said.split()) > LONGEST_ROAD:
                confidence = 0.93
            before = text[max(0, match.start("name") - 40) : match.start("name")]
            if not _ELSEWHERE.search(before) and not _delivered(text, match.start()):
                yield Found(
                    LOCATION, match.start("name"), match.end("name"), said, said, confidence
                )


def _elsewhere(before: str) -> bool:
    return bool(_ELSEWHERE.search(before) or _WORKS_THERE.search(before))


def _delivered(text: str, position: int) -> bool:
    return bool(_DELIVERY.search(text[max(0, position - 45) : position]))


def _key(tokens: Iterable[object]) -> str:
    return " ".join(token.lower_ for token in tokens if not token.is_space)  # type: ignore[attr-defined]
