"""How long the trouble has lasted: "for three days", "two weeks now", "all morning"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.nlu.clauses import around, sentences
from bot.nlu.dates import ABOUT, COUNT, UNIT, ago
from bot.nlu.trouble import ELSEWHERE, REPORTING

# How far back a word may stand that says what a length of time is about, in characters.
REACH = 90
_ALL = re.compile(r"\b(?:been|out|down|(?<!it )off|dead|like this|no|zero|nothing|lost|without|gone|stuck|slow|happening|doing (?:it|this)|playing up)\b[\w ]{0,25}?(?P<said>all (?P<all>day|night|morning|afternoon|evening|week|weekend|month)(?: long)?)\b", re.IGNORECASE)  # fmt: skip
_LENGTH = re.compile(rf"\b(?P<about>{ABOUT})(?P<n>{COUNT})(?P<halves> and a half)?\s+(?P<u>{UNIT})\b(?P<half> and a (?:half|bit))?(?: or (?:so|two|three|more))?(?! ago\b| back\b| later\b| old\b)", re.IGNORECASE)  # fmt: skip
_FOR = re.compile(r"(?:\bfor )?\Z", re.IGNORECASE)
_LENGTH_LEADS = re.compile(
    r"\b(?:for|since|from|over|(?:the|these|this|in the) (?:last|past|previous)|been|(?:must|would|i?t?'?d|going to) (?:have )?be(?:en)?|(?:been|has|is|was|were|'s) (?:\w+ ){1,3}?(?:for )?|doing (?:this|it|that) (?:for )?|had (?:\w+ ){1,4}?for)\s*\Z",
    re.IGNORECASE,
)
_LENGTH_ALONE = re.compile(r"(?:\A(?:@\w+\W+)*|[.!?,;(\n]\s*|\b(?:this|that|it)(?:'?s| is| makes| has been) (?:now )?)\Z", re.IGNORECASE)  # fmt: skip
_LENGTH_TAILS = re.compile(
    r"\s+(?:(?:it|this|that)(?:'?s| has| is)|now|actually|already|without|running|in a row|and counting|straight|on the trot|since(?: (?:it|i|my|the|we|this)\b|\s*[.,!]|\s*\Z)|of (?:no|nothing|this|hell|misery|zero|poor|bad|rubbish|dropped|slow))\b|\s+since\s*(?:[.,!]|\Z)",
    re.IGNORECASE,
)
_LENGTH_STARTS = re.compile(r"(?:[ -]?ish)?\s*(?:[.!?,]|\Z)|\s+(?:(?:it|this|that)(?:'s| has| is)|in|with|without|with no|of no|and (?:still|no|nothing)|no|nothing|i'?ve|we'?ve)\b", re.IGNORECASE)  # fmt: skip
_LAST = re.compile(
    rf"\b(?:for|over|during|in|within|the|these|this|from|since|every day|all)\s+(?:about |around |roughly |nearly |almost |over |at least |more than |the )*(?:last|past|previous)\s+(?P<n>{COUNT} )?(?P<u>{UNIT})\b(?! (?:update|upgrade|storm|power|maintenance|outage|match))",
    re.IGNORECASE,
)
_MANY = re.compile(
    rf"\b(?:for|been|been that way|been like (?:this|that)|in) {ABOUT}(?:days|weeks|months|years|ages|yonks|donkey'?s(?: years)?)(?: (?:and|on end) (?:days|weeks|months|years|ages)?| now| on end)?\b"
    r"|\bon and off (?:for |since )?ages\b|\b(?:for )?ages now\b|\b(?:day (?:two|three|four|five|six|seven|\d{1,2})(?= (?:of|without|with|now)\b)|(?:second|third|fourth|fifth|sixth|\d(?:nd|rd|th)) (?:day|night|week|month)(?: (?:running|in a row|on the trot)\b|(?= (?:now|without|of|with no|straight)\b)))",
    re.IGNORECASE,
)
# How often, how long it was well, or how long one waited, whatever else is told beside it.
_OF_SOMETHING_ELSE = re.compile(r"\bevery\s+\Z|\b(?:fine|ok|okay|perfect|great|grand|brilliant|no (?:problems?|issues?|bother))(?: with it)? (?:for )?\Z|\b(?:on hold|waiting|waited|queue|dried|drying|rice|cupboard|charging|charged)\b[^,.]{0,25}\Z", re.IGNORECASE)  # fmt: skip
_ON_HOLD = re.compile(r"\s+(?:now )?(?:on hold|in (?:a|the|your) queue)\b", re.IGNORECASE)
_MINUTES_IN = re.compile(r"\s+in\s*[,.!]", re.IGNORECASE)
_CUSTOMER_FOR = re.compile(r"\b(?:customer|complaint|ticket|case has|been with|with (?:you|meadow)|contract|loyal|paying|paid|using|used|lived?|owned|had (?:it|the|this|my)|on hold|hold|wait\w*|queue|charged?|unplugged|left it|off|works?|worked|helps?|helped|fine|switched off|left (?:it )?off|put (?:it|the phone|them) (?:down|away)|rice|re(?:start|boot|set)\w*|away|abroad|here|come|came|gone|staying|trip|visiting|holiday)\b[^,.]*\Z", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """text[start:end] may say when it began: the value, and how sure that is, from 0 to 1."""

    start: int
    end: int
    value: str
    score: float

    def within(self, other: Candidate) -> bool:
        """Whether its words are among those of the other."""
        return other.start <= self.start and self.end <= other.end


def lengths(text: str, spans: list[tuple[int, int]], today: date) -> Iterator[Candidate]:
    """How long it has lasted, as the day on which it began where the words name one; spans: the clauses."""
    for match in _LAST.finditer(text):
        if _of_it(text, spans, match.start(), match.end(), match.group("u")):
            value = ago((match.group("n") or "a").strip(), match.group("u"), today)
            yield Candidate(match.start(), match.end(), value or match.group(), 0.85)
    for match in _LENGTH.finditer(text):
        if _is_told(text, match) and _of_it(text, spans, match.start(), match.end(), match.group("u")):  # fmt: skip
            start = match.start() - len(_FOR.search(text[: match.start()])[0])  # type: ignore[index]
            value = (
                None
                if match.group("half") or match.group("halves")
                else ago(match.group("n"), match.group("u"), today)
            )
            yield Candidate(start, match.end(), value or text[start : match.end()].strip(), 0.85)
    for match in _MANY.finditer(text):
        if _of_it(text, spans, match.start(), match.end()):
            yield Candidate(match.start(), match.end(), match.group(), 0.7)
    for match in _ALL.finditer(text):
        short = match.group("all").lower() in ("day", "morning", "afternoon", "evening")
        value = today.isoformat() if short else match.group("said")
        yield Candidate(match.start("said"), match.end(), value, 0.65)


def _is_told(text: str, match: re.Match[str]) -> bool:
    """Whether the words round a length of time, or its place in the sentence, say that it lasts."""
    before = text[max(0, match.start() - REACH) : match.start()]
    if _LENGTH_LEADS.search(before) or _LENGTH_TAILS.match(text, match.end()):
        return True
    if not (_LENGTH_ALONE.search(before) and _LENGTH_STARTS.match(text, match.end())):
        return False
    ends = re.match(r"(?:[ -]?ish)?\s*(?:[.!?]|\Z)", text[match.end() :])
    long = not match.group("u").lower().startswith(("min", "h"))
    return bool((ends and long) or REPORTING.search(_sentence(text, match.end())))


def _of_it(text: str, spans: list[tuple[int, int]], start: int, end: int, unit: str = "") -> bool:
    """Whether a length of time is that of the problem, not of a contract, a call or a stay."""
    before = text[around(spans, start)[0] : start]
    if _OF_SOMETHING_ELSE.search(before) or _ON_HOLD.match(text, end) or (unit.lower().startswith("m") and "o" not in unit and _MINUTES_IN.match(text, end)):  # fmt: skip
        return False
    if REPORTING.search(before):
        return True
    years = unit.lower().startswith("y")
    return not (years or _CUSTOMER_FOR.search(before) or _waited(text, start, end))


def _waited(text: str, start: int, end: int) -> bool:
    after = text[end : end + 30]
    return bool(ELSEWHERE.search(text[start:end]) or re.match(r"\s+(?:(?:i'?ve|we'?ve|i|we|on|in) )(?:been )?(?:(?:wait|hold|queue|a queue|the queue)\w*)", after, re.IGNORECASE))  # fmt: skip


def _sentence(text: str, position: int) -> str:
    start, end = around(sentences(text), position)
    return text[start:end]
