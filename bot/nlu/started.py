"""When the problem began: "since Friday", "two days ago", "3rd of November", "since the update".

Values are ISO dates where the words name a day, counted from the day of the message; else the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.dates import ABOUT, CLOCK, COUNT, UNIT, WHEN, ago, resolve
from bot.nlu.found import Found
from bot.nlu.occasions import occasions

STARTED = "started"
# How far back a word may stand that says what a date is about, in characters.
REACH = 90
_ISO = re.compile(r"20\d\d-\d\d-\d\d")
_PLAIN = re.compile(rf"(?<!\w)(?P<when>{WHEN}){CLOCK}", re.IGNORECASE)
# "Tuesday's storm" is an occasion and no day.
_OWNS = re.compile(r"['’]?s\b(?! (?:been|got|gone|no)\b)", re.IGNORECASE)
_BEFORE_DAY = r"(?:about |bout |say |like |around |roughly |approx(?:imately)? |maybe |at least |at |in |the |late |early |on |the (?:evening|morning|afternoon|night) of |sometime |(?:around )?(?:\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|o'?clock)?|lunch(?: ?time)?|tea ?time|dinner(?: ?time)?|midday|noon|midnight|four o clock|quarter past \w+|half (?:past )?\w+|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'? ?clock) (?:on )?)*"
_SINCE = re.compile(rf"\b(?P<lead>(?:(?:ever )?(?:since|sinc|snce|sins|sinse)|from|frm|as of|starting|as from)\s+{_BEFORE_DAY})\Z", re.IGNORECASE)  # fmt: skip
_BEGAN = re.compile(
    r"\b(?:start(?:ed|s|ing)?|begins?|began|begun|happened|happening|went (?:down|off|dead|wrong|blank)|packed (?:in|up)|stopped(?: \w+)?|broke|died|dropped|lost (?:\w+ ){0,3}|disappeared|cut (?:\w+ )?(?:out|off)|failed|came (?:up|on)|appeared|first (?:noticed|saw|happened|time)|noticed (?:it|this)|been (?:like this|down|out|off|going on))\b"
    rf"[^.!?;\n]{{0,30}}?(?<!\w){_BEFORE_DAY}\Z",
    re.IGNORECASE,
)
_WELL = r"(?:fine|ok|okay|perfectly|well|normally|worked|working|great|grand|brilliant|brill|perfect|fast|good|sound|al(?:l )?right|signal|no (?:problems?|issues?|bother|trouble)|(?:a|any) (?:problem|issue)s?)"
_UNTIL = re.compile(rf"\b{_WELL}\b[^.!?;]{{0,20}}\b(?:until|untill|till|til|up to|before) (?:about |around |the |this |last |roughly )*\Z", re.IGNORECASE)  # fmt: skip
_ADVERBS = r"(?: (?:all|absolutely|perfectly|totally|still|just|completely|working))*"
# The day on which it still worked: told as that, since nobody knows when it stopped.
_WORKED = re.compile(
    rf"\b(?:(?:was|were|been){_ADVERBS} {_WELL}|worked(?: {_WELL})?|had (?:signal|service|data|internet|[45]g|bars))(?: at home| here)?\s+(?:on |at |in |just |only )*\Z",
    re.IGNORECASE,
)
_WAS_WORKING = re.compile(rf"(?: (?:it|this|that|everything|all|they|the \w+|my \w+))? (?:was|were|worked){_ADVERBS}(?: {_WELL})\b", re.IGNORECASE)  # fmt: skip
_NOT = re.compile(r"(?:n[o']?t|\bnot|\bnever)\s+\Z", re.IGNORECASE)
_ANAPHORA = re.compile(r"\b(?:(?:ever|since) (?:since|then)|from then|since then|from that (?:minute|moment|day|point|second|night)|since(?=\s*[.!;)]|\s*\Z))\b", re.IGNORECASE)  # fmt: skip
_TODAY_IS = re.compile(r"\b(?:it'?s|it is|today is|now|by) (?:now |already |nearly )?\Z", re.IGNORECASE)  # fmt: skip
_ALL = re.compile(r"\b(?:been|out|down|(?<!it )off|dead|like this|no|zero|nothing|lost|without|gone|stuck|slow|happening|doing (?:it|this)|playing up)\b[\w ]{0,25}?(?P<said>all (?P<all>day|night|morning|afternoon|evening|week|weekend|month)(?: long)?)\b", re.IGNORECASE)  # fmt: skip

_LENGTH = re.compile(rf"\b(?P<about>{ABOUT})(?P<n>{COUNT})\s+(?P<u>{UNIT})\b(?P<half> and a (?:half|bit))?(?: or (?:so|two|three|more))?(?! ago\b| back\b| later\b| old\b)", re.IGNORECASE)  # fmt: skip
_FOR = re.compile(r"(?:\bfor )?\Z", re.IGNORECASE)
_LENGTH_LEADS = re.compile(
    r"\b(?:for|since|from|over|(?:the|these|this|in the) (?:last|past|previous)|been|(?:must|would|i?t?'?d|going to) (?:have )?be(?:en)?|(?:been|has|is|was|were|'s) (?:\w+ ){1,3}?(?:for )?|doing (?:this|it|that) (?:for )?|had (?:\w+ ){1,4}?for)\s*\Z",
    re.IGNORECASE,
)
_LENGTH_ALONE = re.compile(r"(?:\A|[.!?,;(\n]\s*|\b(?:this|that|it)(?:'?s| is| makes| has been) (?:now )?)\Z", re.IGNORECASE)  # fmt: skip
_LENGTH_TAILS = re.compile(
    r"\s+(?:(?:it|this|that)(?:'?s| has| is)|now|already|without|running|in a row|and counting|straight|on the trot|since(?: (?:it|i|my|the|we|this)\b|\s*[.,!]|\s*\Z)|of (?:no|nothing|this|hell|misery|zero|poor|bad|rubbish|dropped|slow))\b|\s+since\s*(?:[.,!]|\Z)",
    re.IGNORECASE,
)
_LENGTH_STARTS = re.compile(r"(?:[ -]?ish)?\s*(?:[.!?,]|\Z)|\s+(?:(?:it|this|that)(?:'s| has| is)|in|with|without|with no|of no|and (?:still|no|nothing)|no|nothing|i'?ve|we'?ve)\b", re.IGNORECASE)  # fmt: skip
_LAST = re.compile(
    rf"\b(?:for|over|during|in|within|the|these|this|from|since|every day|all)\s+(?:about |around |roughly |nearly |almost |over |at least |more than |the )*(?:last|past|previous)\s+(?P<n>{COUNT} )?(?P<u>{UNIT})\b(?! (?:update|upgrade|storm|power|maintenance|outage|match))",
    re.IGNORECASE,
)
_MANY = re.compile(
    rf"\b(?:for|been|been that way|been like (?:this|that)|in) {ABOUT}(?:days|weeks|months|years|ages|yonks|donkey'?s(?: years)?)(?: (?:and|on end) (?:days|weeks|months|years|ages)?| now| on end)?\b"
    r"|\bon and off (?:for |since )?ages\b|\b(?:for )?ages now\b|\b(?:day (?:two|three|four|five|six|seven|\d{1,2})(?= (?:of|without|with|now)\b)|(?:second|third|fourth|fifth|sixth|\d(?:nd|rd|th)) (?:day|night|week|month)(?= (?:running|in a row|now|without|of|with no|straight|on the trot)\b))",
    re.IGNORECASE,
)
# Dates of something else: contacts, orders, bills, contracts, promises, what was tried.
_ELSEWHERE = re.compile(
    r"\b(?:called|rang|phoned|spoke|spoken|contacted|e-?mail(?:ed)?|letter|chatted|reported|complained|wrote|told|promised|said|gave|given|sent|taken|topped|did|done|installed|exp|land(?:ed)?|took|order(?:ed)?|deliver\w*|dispatch\w*|arriv\w*|bought|purchas\w*|paid|pay|payment|bill(?:ed)?|charged?|invoice|contract|renew\w*|expir\w*|due|"
    r"should|supposed|meant to|expected|return\w*|refund\w*|upgrad\w*|join\w*|customer|wait(?:ed|ing)?|visited|visit|went in|try again|call me|ring me|text me|contact me|reply|within|until|by|every(?! (?:day|night|time|single))|per|between|before|after|free|available|at work|holiday|travel\w*|flying|leaving|born|appointment|booked|engineer|shop|cancel\w*|closed|opened|(?:was|were|been|got) (?:made|raised|logged)|switch\w* to|port\w*|tried|restart\w*|reset|reboot\w*|advice|instructions|dated|put (?:in|on)|swapped|powered|each|loyal|been with|open|close[sd]?)\b",
    re.IGNORECASE,
)
# Where a run-on sentence goes over to something else.
_TURN = re.compile(
    r"\s(?:and(?! (?:again|on))|so|then|because|cos|coz|which|where|though)\s", re.IGNORECASE
)
_ASKS = re.compile(
    r"\W*(?:who|what|which|how|do|does|did|can|could|are|is|was|should|would|will)\b", re.IGNORECASE
)
_REPORTING = re.compile(r"\b(?:start|began|stop|since|happen|not work|n'?t work|no signal|no service|no data|no internet|nothing|zero|down|lost|drop|broke|fail|gone|died|problem|issue|slow|can'?t|cant|dreadful|terrible|awful|appalling|shocking|useless|patchy|poor|crawl|dead|intermittent|(?:like|doing) (?:this|it|that)|never worked|still|keeps|every (?:single )?(?:day|night|morning|evening))", re.IGNORECASE)  # fmt: skip
_CUSTOMER_FOR = re.compile(r"\b(?:customer|complaint|ticket|case has|been with|with (?:you|meadow)|contract|loyal|paying|paid|using|used|lived?|owned|had (?:it|the|this|my)|on hold|hold|wait\w*|queue|charged?|unplugged|left it|off|works?|worked|helps?|helped|fine|switched off|left (?:it )?off|put (?:it|the phone|them) (?:down|away)|rice|re(?:start|boot|set)\w*|away|abroad|here|come|came|gone|staying|trip|visiting|holiday)\b[^,.]*\Z", re.IGNORECASE)  # fmt: skip
# What a customer has and has had, which is not what goes wrong.
_HAS_HAD = re.compile(r"\b(?:customer|loyal|been with|with (?:you|ye|yous|meadow)|lived?|(?:i|we|i'?ve|we'?ve) (?:have |only |just )*(?:had|have|owned) (?:the|this|an?|my|our) (?:[\w-]+ ){0,2}(?:plan|contract|sim|number|phone|account|handset|deal|line|tariff)|on (?:the|this|a) \w+ (?:plan|contract)|owned|member)\b[^,.]*\Z", re.IGNORECASE)  # fmt: skip
_CONTACTS = re.compile(r"\b(?:rung|rang|called|phoned|ringing|calling|e-?mailed|contacted|complained|spoken|chased|chasing|messaged|asked)\b[^,.]*\Z", re.IGNORECASE)  # fmt: skip
_PAPERS = re.compile(r"\b(?:bill|charge\w*|invoice|payment|order|e-?mail|letter|message|reply|text)\b", re.IGNORECASE)  # fmt: skip
_PARCEL = re.compile(
    r"\b(?:out for delivery|delivered|dispatched|shipped|in transit|in rice)\b", re.IGNORECASE
)
_GOT_IT = re.compile(r"\b(?:got|have|had|purchased|swapped to|switched to|moved (?:in|to|over)|came)\b(?! (?:no|nothing|an error))", re.IGNORECASE)  # fmt: skip
_TIME = re.compile(r"\d{1,2}\.\d\d")
_AT = re.compile(r"\b(?:at|about|around|from|since) \Z", re.IGNORECASE)
# Who has just come somewhere has had the problem since then, perhaps.
_ARRIVED = re.compile(r"(?:\A\W*|\b(?:i|we|i'?ve|we'?ve|just|only)\s+)(?:only |just )?(?:landed|arrived|flew|got (?:here|back|in)|came (?:back|off|over|here))\b", re.IGNORECASE)  # fmt: skip
_TOLD_AFTER = re.compile(rf"[\s,(]+(?:about |around |on |so |that was |i think )*(?P<when>{WHEN})", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class _Candidate:
    start: int
    end: int
    value: str
    score: float

    def within(self, other: _Candidate) -> bool:
        return other.start <= self.start and self.end <= other.end


def started(text: str, today: date) -> list[Found]:
    """At most one value: the best candidate for when the problem began."""
    best = _best(list(_candidates(text, today)))
    if best is None:
        return []
    said = text[best.start : best.end]
    return [Found(STARTED, best.start, best.end, best.value, said, best.score)]


def read_date(text: str, today: date) -> str | None:
    """The ISO date (or the words) of a bare answer such as "last Tuesday" or "two weeks"."""
    best = _best(list(_candidates(text, today, bare=True)))
    if best:
        return best.value
    count = re.fullmatch(rf"\W*{ABOUT}(?P<n>{COUNT})\s+(?P<u>{UNIT})\W*", text, re.IGNORECASE)
    return ago(count.group("n"), count.group("u"), today) if count else None


def _best(found: list[_Candidate]) -> _Candidate | None:
    """The surest, as wide as it is told: "since she dropped it at the weekend" is one value."""
    if not found:
        return None
    best = min(found, key=lambda item: (-item.score, item.start))
    for wider in found:
        if best.within(wider) and wider.end - wider.start > best.end - best.start:
            value = best.value if _ISO.fullmatch(best.value) else wider.value
            best = replace(wider, value=value, score=best.score)
    return best


def _candidates(text: str, today: date, bare: bool = False) -> Iterator[_Candidate]:
    spans = clauses(text)
    yield from _days(text, spans, today, bare)
    yield from _lengths(text, spans, today)
    yield from _occasions(text, spans, today)
    yield from _back_to(text, today)


def _days(text: str, spans: list[tuple[int, int]], today: date, bare: bool) -> Iterator[_Candidate]:
    for match in _PLAIN.finditer(text):
        start = match.start()
        if _OWNS.match(text, match.end()) or _is_time(text, match):
            continue
        before = text[max(0, start - REACH) : start]
        clause_before = text[around(spans, start)[0] : start]
        since = _SINCE.search(before)
        if since and _is_about_it(since.group(), clause_before[: -len(since.group())]):
            lead = start - len(since.group("lead"))
            yield _at(match, lead, today, 0.95)
        elif _BEGAN.search(before):
            yield _at(match, start, today, 0.9)
        elif _UNTIL.search(before):
            yield _at(match, start, today, 0.85)
        elif worked := _worked(text, before, match, today):
            yield worked
        elif not since and (score := _plain_score(text, match, spans, today, bare)):
            yield _at(match, start, today, score)


def _is_time(text: str, match: re.Match[str]) -> bool:
    """Whether "5.40" is a time of day, for a day stands behind it."""
    return bool(_TIME.fullmatch(match.group()) and _AT.search(text[: match.start()]))


def _worked(text: str, before: str, match: re.Match[str], today: date) -> _Candidate | None:
    led = _WORKED.search(before)
    followed = _WAS_WORKING.match(text, match.end())
    if not (led or followed) or (led and _NOT.search(before[: led.start()])):
        return None
    start = match.start() - (len(led.group()) if led else 0)
    end = followed.end() if followed else match.end()
    day = resolve(match, today)
    value = day if day == today.isoformat() else text[start:end]  # what worked today began today
    return _Candidate(start, end, value, 0.58)


def _is_about_it(lead: str, clause: str) -> bool:
    """Whether "since" or "from" tells of the problem, not of a bill or of what the customer has."""
    if _PARCEL.search(clause):
        return False
    if lead.lower().startswith("f"):
        return not _PAPERS.search(clause)
    if _CONTACTS.search(clause):
        return False
    return not _HAS_HAD.search(clause) or bool(_REPORTING.search(clause))


def _plain_score(
    text: str, match: re.Match[str], spans: list[tuple[int, int]], today: date, bare: bool
) -> float:
    """How surely a date without "since" is the beginning; 0 when it is of something else."""
    month, number = match.group("month"), match.group("num")
    clause = _clause(text, match, spans)
    if bare:
        return 0.75 if _REPORTING.search(clause) or match.group("ago") else 0.6
    if month and not re.match(r"\w+ |mid", month, re.IGNORECASE):
        return 0.0
    if number and ("/" not in number or not resolve(match, today)):
        return 0.0
    if match.group("day") and _TODAY_IS.search(text[: match.start()]):
        return 0.0
    if _ARRIVED.search(clause) and not month:
        return 0.5
    reports = _REPORTING.search(clause)
    if _ELSEWHERE.search(clause.replace(match.group(), "")):
        return 0.0
    unsure = match.group("vague") or match.group().lower() == "overnight"
    if not reports and (unsure or _in_a_question(text, match.start())):
        return 0.0
    if match.group("ago") and _GOT_IT.search(clause):
        return 0.4
    return 0.75 if reports or match.group("ago") else 0.6


def _clause(text: str, match: re.Match[str], spans: list[tuple[int, int]]) -> str:
    start, end = around(spans, match.start())
    if text[max(0, start - 1) : start] == ")":  # what stands before a bracket goes on after it
        start = around(sentences(text), start)[0]
    before = text[start : match.start()]
    turns = list(_TURN.finditer(before))
    if turns:
        start += turns[-1].start()
    turn = _TURN.search(text, match.end(), end)
    return text[start : turn.start() if turn else end]


def _lengths(text: str, spans: list[tuple[int, int]], today: date) -> Iterator[_Candidate]:
    for match in _LAST.finditer(text):
        if _of_it(text, spans, match.start(), match.end(), match.group("u")):
            value = ago((match.group("n") or "a").strip(), match.group("u"), today)
            yield _Candidate(match.start(), match.end(), value or match.group(), 0.85)
    for match in _LENGTH.finditer(text):
        if _is_told(text, match) and _of_it(text, spans, match.start(), match.end(), match.group("u")):  # fmt: skip
            start = match.start() - len(_FOR.search(text[: match.start()])[0])  # type: ignore[index]
            value = None if match.group("half") else ago(match.group("n"), match.group("u"), today)
            yield _Candidate(start, match.end(), value or text[start : match.end()].strip(), 0.85)
    for match in _MANY.finditer(text):
        if _of_it(text, spans, match.start(), match.end()):
            yield _Candidate(match.start(), match.end(), match.group(), 0.7)
    for match in _ALL.finditer(text):
        short = match.group("all").lower() in ("day", "morning", "afternoon", "evening")
        value = today.isoformat() if short else match.group("said")
        yield _Candidate(match.start("said"), match.end(), value, 0.65)


def _is_told(text: str, match: re.Match[str]) -> bool:
    """Whether the words round a length of time, or its place in the sentence, say that it lasts."""
    before = text[max(0, match.start() - REACH) : match.start()]
    if _LENGTH_LEADS.search(before) or _LENGTH_TAILS.match(text, match.end()):
        return True
    if not (_LENGTH_ALONE.search(before) and _LENGTH_STARTS.match(text, match.end())):
        return False
    ends = re.match(r"(?:[ -]?ish)?\s*(?:[.!?]|\Z)", text[match.end() :])
    long = not match.group("u").lower().startswith(("min", "h"))
    return bool((ends and long) or _REPORTING.search(_sentence(text, match.end())))


def _of_it(text: str, spans: list[tuple[int, int]], start: int, end: int, unit: str = "") -> bool:
    """Whether a length of time is that of the problem, not of a contract, a call or a stay."""
    before = text[around(spans, start)[0] : start]
    if _REPORTING.search(before):
        return True
    years = unit.lower().startswith("y")
    return not (years or _CUSTOMER_FOR.search(before) or _waited(text, start, end))


def _waited(text: str, start: int, end: int) -> bool:
    after = text[end : end + 30]
    return bool(_ELSEWHERE.search(text[start:end]) or re.match(r"\s+(?:(?:i'?ve|we'?ve|i|we|on|in) )(?:been )?(?:(?:wait|hold|queue|a queue|the queue)\w*)", after, re.IGNORECASE))  # fmt: skip


def _sentence(text: str, position: int) -> str:
    start, end = around(sentences(text), position)
    return text[start:end]


def _occasions(text: str, spans: list[tuple[int, int]], today: date) -> Iterator[_Candidate]:
    """What happened when it began; its day, where the words name one."""
    for start, end, score in occasions(text):
        clause = text[around(spans, start)[0] : start]
        if _HAS_HAD.search(clause) and not _REPORTING.search(clause):
            continue
        day = [plain for plain in _PLAIN.finditer(text, start, end) if _is_day(plain)]
        told = _TOLD_AFTER.match(text, end)  # "when I updated it, 3 days ago"
        if told and not day:
            day, end = [told], told.end()
        value = (resolve(day[-1], today) if day else None) or text[start:end]
        yield _Candidate(start, end, value, score)


def _is_day(match: re.Match[str]) -> bool:
    """Whether a date in an occasion is one: neither a mere month nor the version of a system."""
    return not match.group("month") and "." not in (match.group("num") or "")


def _back_to(text: str, today: date) -> Iterator[_Candidate]:
    """ "I put it in on Tuesday and ever since it …": the day that was told before."""
    for match in _ANAPHORA.finditer(text):
        told = list(_PLAIN.finditer(text, max(0, match.start() - 2 * REACH), match.start()))
        if told:
            yield _at(told[-1], told[-1].start(), today, 0.92)


def _in_a_question(text: str, position: int) -> bool:
    start, end = around(sentences(text), position)
    return text[end:].startswith("?") or bool(_ASKS.match(text[start:end]))


def _at(match: re.Match[str], start: int, today: date, score: float) -> _Candidate:
    said = match.string[start : match.end()]
    return _Candidate(start, match.end(), resolve(match, today) or said, score)
