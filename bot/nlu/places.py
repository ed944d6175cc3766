"""Where the problem happens: a town, a post code, a room, a road, "everywhere"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from bot.content.records import Places
from bot.nlu.found import Found, overlaps
from bot.nlu.place_names import WAY_AFTER, names, shouts
from bot.nlu.post_codes import post_codes
from bot.nlu.spots import spots

LOCATION = "location"
NAMED = 0.8
# Where customers say they are or live, before a place that they merely name.
LIVED_IN = 0.92
_LIVED_IN = re.compile(r"\b(?:i'?m|i am|we'?re|we are|i live|we live|at home|home|living|staying|based|my (?:house|flat) is) (?:here |out |up |down |over |back )?in\s+\Z", re.IGNORECASE)  # fmt: skip
_CUED = re.compile(r"\b(?:in|near|around|outside|at|across|from|over|to|round|live in|based in|here|visiting|between|for|(?:out|over|up|down|live|lives|house|farm|flat|place|mast) (?:by|at)|postcode|area|of|cent(?:re|er)?|the|greater|north|south|east|west|central)\s*(?:of |the )?\Z|\A\W*\Z|[,.\n(\-]\s*\Z|\b(?:its|it'?s|am)\s+(?:in )?\Z", re.IGNORECASE)  # fmt: skip
_LED_TO = re.compile(r"\b(?:in|near|around|outside|at|from|of|(?:flew|moved|went|drove|got|came|travell?ed) (?:\w+ )?to)\s+\Z", re.IGNORECASE)  # fmt: skip
_QUOTES = frozenset("'\"‘“«")
_CUES = frozenset("postcode code is in around near at area of".split())
# Shops, people and things of another place than the customer's.
_ELSEWHERE = re.compile(
    r"(?<!\bour )(?<!\bmy )(?<!whole )(?<!entire )\b(?:shop|store|branch|call cent(?:re|er)|(?:your|the|head|post|local|nearest) (?:office|depot|warehouse)|bought|ordered|deliver\w*|sent|moving|flying|fly|travel\w*|agent|advis[eo]r|lad|guy|bloke|lady|spoke\w*|called|(?:ring|call|phone|text|message|reach|contact)(?: up)? (?:my|our|a|the|his|her) \w+|born|originally|cheques?|someone|somebody|callers?|calling|phoning|ringing|texting|messaging|company|(?:to|from|with) (?:my|our|his|her) \w+ (?:\w+ )?(?:(?:over|out|back|up|down) )?in|when (?:i|we) (?:was|were|went)|next (?:week|month)|booked|will be|going (?:to|on|abroad)|bank|(?:texts?|calls?|messages?) (?:from|to)|transfer\w*|switch\w*|(?:came|come) (?:over )?from|joined|customer)\b[^.,;(]*\Z|\bfrom (?:sunny |the )?\Z|\b(?:call|ring|phone|text|dial)(?:s|ing)? (?:to )?\Z",
    re.IGNORECASE,
)
# The rest of a longer name: "Bruerne" behind "Stoke".
_REST = re.compile(r"[ -](?P<word>[A-Z][a-zà-ÿ]{2,})\b(?! ?\d)")
_SHOP_AFTER = re.compile(r"\s+(?:store|shop|branch|depot|office|call cent|team|bank|building society|customer|support)", re.IGNORECASE)  # fmt: skip
_DELIVERY = re.compile(r"\b(?:deliver\w*|order\w*|parcel|shop|store|branch|bought|posted|invoice|returns?)\b", re.IGNORECASE)  # fmt: skip
_PARCEL = re.compile(r"\b(?:deliver(?:y|ed)|parcel|courier)\b[^.;!?]*\Z", re.IGNORECASE)
# Where it works is not where it fails.
_WELL = r"(?:works|worked|working|fine|ok(?:ay)?|perfect(?:ly)?|good|great|grand|brilliant|better|flying|sound|full(?: bars| signal)?|no (?:problems?|issues?|bother|trouble))"
_WORKS_THERE = re.compile(rf"(?<!n't )(?<!nt )(?<!not )(?<!never )(?<!no )(?<!nothing )\b(?:only |just )?{_WELL}(?: \w+)? (?:(?:back |when i'?m |once i'?m )?(?:in|at|around|on)\s+)?\Z", re.IGNORECASE)  # fmt: skip
_IS_WELL = re.compile(rf"\s+(?:(?:it|everything|all|mine|that|signal|the \w+|my \w+)?(?:'?s| is| was| works?| i get| i have| i've got| seems)? ?(?:all |absolutely |perfectly |totally |just )?){_WELL}\b(?! out| up)", re.IGNORECASE)  # fmt: skip
_ASKING = re.compile(r"\W*(?:(?:hi|hello|hey)\b\W*)?(?:just wondering (?:if|whether)|how much|how do|how can|do i (?:need|have|get)|do you|can i|could i|what (?:does|do|are|is the|time)|what'?s the|is it|will i|would i|am i able)\b", re.IGNORECASE)  # fmt: skip
# What may stand between two halves of one place: "at home in Leeds", "Team Valley, Gateshead LS1".
_JOINT = re.compile(r"\s*(?:,|\(|-)?\s*(?:(?:just |area )?(?:in|near|nr|outside|at|by|around|on|off|of|postcode|post code)\s+)?(?:the )?", re.IGNORECASE)  # fmt: skip
_WITHIN = re.compile(r"(?:\s+(?:just )?(?:in|near|outside|at|by|around|on|off)\s+)?(?:the )?", re.IGNORECASE)  # fmt: skip


class PlaceFinder:
    """Finds where it happens; built once from the list of places."""

    def __init__(self, language: Language, places: Places) -> None:
        self._names: dict[str, str] = {}
        self._also_words = _words(places.also_words)
        self._no_places = _words(places.no_places)
        self._ordinary = _words(places.ordinary)
        self._matcher = PhraseMatcher(language.vocab, attr="LOWER")
        docs = []
        for town in places.names():
            doc = language.make_doc(town)
            self._names[_key(doc)] = town
            docs.append(doc)
        self._matcher.add("place", docs)
        self._last_words = {name.split()[-1] for name in self._names}

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
        return [_whole(doc.text, best, found)]

    def _all(self, doc: Doc) -> Iterator[Found]:
        text = doc.text
        for start, end in post_codes(text, self._is_cue):
            if not _delivered(text, start):
                yield Found(LOCATION, start, end, text[start:end].upper(), text[start:end], 0.95)
        yield from self._listed(doc)
        for spot in names(text, self._no_places, self._ordinary):
            said = text[spot.start : spot.end]
            if text[max(0, spot.start - 1) : spot.start] in _QUOTES:
                continue
            if not _elsewhere(text, spot.start, spot.end) and not _delivered(text, spot.start):
                yield Found(LOCATION, spot.start, spot.end, said, said, spot.sure)
        for spot in spots(text):
            said = text[spot.start : spot.end]
            if not _works(text, spot.start, spot.end) and not _delivered(text, spot.start):
                yield Found(LOCATION, spot.start, spot.end, said, said, spot.sure)

    def _listed(self, doc: Doc) -> Iterator[Found]:
        text = doc.text
        small = shouts(text)
        for span in filter_spans(self._matcher(doc, as_spans=True)):
            start, end = span.start_char, span.end_char
            before = text[max(0, start - 40) : start]
            rest = None if small else _REST.match(text, end)
            if rest and rest.group("word").lower() not in self._no_places:
                end = rest.end()
            if _SHOP_AFTER.match(text, end) or WAY_AFTER.match(text, end) or self._is_elsewhere(text, start, end):  # fmt: skip
                continue
            if text[end : end + 1].isalnum() or text[max(0, start - 1) : start].isalnum():
                continue
            if (small or span.text.islower()) and not _CUED.search(before):
                continue
            if span.text.lower() in self._also_words and not _LED_TO.search(before):
                continue
            sure = LIVED_IN if _LIVED_IN.search(before) else 0.9
            yield Found(
                LOCATION,
                start,
                end,
                _listed_name(self._names[_key(span)], span.text, text[start:end]),
                text[start:end],
                sure,
            )

    @staticmethod
    def _is_elsewhere(text: str, start: int, end: int) -> bool:
        if _LIVED_IN.search(text[max(0, start - 40) : start]):
            return False
        return _elsewhere(text, start, end) or bool(_PARCEL.search(text[:start]))

    def _is_cue(self, words: str) -> bool:
        """Whether the words before half a post code are a cue or the name of a place."""
        last = words.strip(" ,:").split()[-1].lower()
        return last in _CUES or last in self._last_words


def _whole(text: str, best: Found, found: Sequence[Found]) -> Found:
    """ "at home in Leeds" as a whole, and the words of "Team Valley, Gateshead LS1" together."""
    rest = [item for item in found if not overlaps(item, best) or item.end > best.end or item.start < best.start]  # fmt: skip
    for _ in rest:
        for other in rest:
            start, end = min(best.start, other.start), max(best.end, other.end)
            between = text[min(best.end, other.end) : max(best.start, other.start)]
            if (start, end) == (best.start, best.end) or not _JOINT.fullmatch(between):
                continue
            if best.confidence < NAMED and other.confidence < NAMED:
                continue
            said = text[start:end]
            named = start < best.start and (not between or bool(_WITHIN.fullmatch(between)))
            best = replace(best, start=start, end=end, verbatim=said, value=said if named else best.value)  # fmt: skip
    return best


def _listed_name(name: str, listed: str, said: str) -> str:
    """The list's spelling, unless more was said than the list has: "Stoke Bruerne"."""
    return name if listed == said else said


def _works(text: str, start: int, end: int) -> bool:
    return bool(_WORKS_THERE.search(text[max(0, start - 40) : start]) or _IS_WELL.match(text, end))


def _elsewhere(text: str, start: int, end: int) -> bool:
    return bool(_ELSEWHERE.search(text[max(0, start - 40) : start]) or _works(text, start, end))


def _delivered(text: str, position: int) -> bool:
    return bool(_DELIVERY.search(text[max(0, position - 45) : position]))


def _words(rows: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(word.lower() for row in rows for word in row)


def _key(tokens: Iterable[object]) -> str:
    return " ".join(token.lower_ for token in tokens if not token.is_space)  # type: ignore[attr-defined]
