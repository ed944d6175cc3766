"""When the problem began: "since Friday", "two days ago", "3rd of November", "since the update".

Values are ISO dates where the words name a day, counted from the day of the message; else the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.dates import ABOUT, CLOCK, COUNT, UNIT, WHEN, ago, resolve
from bot.nlu.found import Found
from bot.nlu.lengths import REACH, Candidate, lengths
from bot.nlu.occasions import occasions
from bot.nlu.trouble import ELSEWHERE, REPORTING

STARTED = "started"
_ISO = re.compile(r"20\d\d-\d\d-\d\d")
_PLAIN = re.compile(rf"(?<!\w)(?P<when>{WHEN}){CLOCK}", re.IGNORECASE)
# "Tuesday's storm" is an occasion and no day.
_OWNS = re.compile(r"['’]?s\b(?! (?:been|got|gone|no)\b)", re.IGNORECASE)
# "Third Saturday running" counts them and names none.
_IN_A_ROW = re.compile(r"s? (?:running|in a row|on the trot)\b", re.IGNORECASE)
_BEFORE_DAY = r"(?:about |bout |say |like |around |roughly |approx(?:imately)? |maybe |at least |at |in |the |late |early |on |the (?:evening|morning|afternoon|night) of |sometime |(?:around )?(?:\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|o'?clock)?|lunch(?: ?time)?|tea ?time|dinner(?: ?time)?|midday|noon|midnight|four o clock|quarter past \w+|half (?:past )?\w+|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'? ?clock) (?:on )?)*"
_SINCE = re.compile(rf"\b(?P<lead>(?:(?:ever )?(?:since|sinc|snce|sins|sinse)|from|frm|as of|starting|as from)\s+(?:[:–-]\s+)?{_BEFORE_DAY})\Z", re.IGNORECASE)  # fmt: skip
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

# Where a run-on sentence goes over to something else.
_TURN = re.compile(
    r"\s(?:and(?! (?:again|on))|so|then|because|cos|coz|which|where|though)\s", re.IGNORECASE
)
_ASKS = re.compile(
    r"\W*(?:who|what|which|how|do|does|did|can|could|are|is|was|should|would|will)\b", re.IGNORECASE
)
# What a customer has and has had, which is not what goes wrong.
_HAS_HAD = re.compile(r"\b(?:customer|loyal|been with|with (?:you|ye|yous|meadow)|lived?|(?:i|we|i'?ve|we'?ve) (?:have |only |just )*(?:had|have|owned) (?:the|this|an?|my|our) (?:[\w-]+ ){0,2}(?:plan|contract|sim|number|phone|account|handset|deal|line|tariff)|on (?:the|this|a) \w+ (?:plan|contract)|owned|member)\b[^,.]*\Z", re.IGNORECASE)  # fmt: skip
_CONTACTS = re.compile(r"\b(?:rung|rang|called|phoned|ringing|calling|e-?mailed|contacted|complained|spoken|chased|chasing|messaged|asked)\b[^,.]*\Z", re.IGNORECASE)  # fmt: skip
_PAPERS = re.compile(r"\b(?:bill|charge\w*|invoice|payment|order|e-?mail|letter|message|reply|text)\b", re.IGNORECASE)  # fmt: skip
_PARCEL = re.compile(
    r"\b(?:out for delivery|delivered|dispatched|shipped|in transit|in rice)\b", re.IGNORECASE
)
_GOT_IT = re.compile(r"\b(?:got|have|had|purchased|swapped to|switched to|moved (?:in|to|over)|came)\b(?! (?:no|nothing|an error))", re.IGNORECASE)  # fmt: skip
_CLOCK = re.compile(r"\b(?:about|at|around)\s+\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|o'?clock)\b(?!\s+(?:on|yesterday|last|today|this|every|each)\b)", re.IGNORECASE)  # fmt: skip
_TIME = re.compile(r"\d{1,2}\.\d\d")
_AT = re.compile(r"\b(?:at|about|around|from|since) \Z", re.IGNORECASE)
# Who has just come somewhere has had the problem since then, perhaps.
_ARRIVED = re.compile(r"(?:\A\W*|\b(?:i|we|i'?ve|we'?ve|just|only)\s+)(?:only |just )?(?:landed|arrived|flew|got (?:here|back|in)|came (?:back|off|over|here))\b", re.IGNORECASE)  # fmt: skip
_TOLD_AFTER = re.compile(rf"[\s,(]+(?:about |around |on |so |that was |i think )*(?P<when>{WHEN})", re.IGNORECASE)  # fmt: skip


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


def _best(found: list[Candidate]) -> Candidate | None:
    """The surest, as wide as it is told: "since she dropped it at the weekend" is one value."""
    if not found:
        return None
    # "Since forever, well, since Wednesday": the day says more.
    best = min(found, key=lambda item: (-item.score, not _ISO.fullmatch(item.value), item.start))
    for wider in found:
        if best.within(wider) and wider.end - wider.start > best.end - best.start:
            value = best.value if _ISO.fullmatch(best.value) else wider.value
            best = replace(wider, value=value, score=best.score)
    return best


def _candidates(text: str, today: date, bare: bool = False) -> Iterator[Candidate]:
    spans = clauses(text)
    yield from _days(text, spans, today, bare)
    yield from _clocks(text)
    yield from lengths(text, spans, today)
    yield from _occasions(text, spans, today)
    yield from _back_to(text, today)


def _days(text: str, spans: list[tuple[int, int]], today: date, bare: bool) -> Iterator[Candidate]:
    for match in _PLAIN.finditer(text):
        start = match.start()
        if (
            _OWNS.match(text, match.end())
            or _IN_A_ROW.match(text, match.end())
            or _is_time(text, match)
        ):
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


def _clocks(text: str) -> Iterator[Candidate]:
    """ "It went off about 2am": a time of day, of which nobody says the day."""
    for match in _CLOCK.finditer(text):
        if _BEGAN.search(text, max(0, match.start() - REACH), match.start()):
            yield Candidate(*match.span(), match.group(), 0.6)


def _is_time(text: str, match: re.Match[str]) -> bool:
    """Whether "5.40" is a time of day, for a day stands behind it."""
    return bool(_TIME.fullmatch(match.group()) and _AT.search(text[: match.start()]))


def _worked(text: str, before: str, match: re.Match[str], today: date) -> Candidate | None:
    led = _WORKED.search(before)
    followed = _WAS_WORKING.match(text, match.end())
    if not (led or followed) or (led and _NOT.search(before[: led.start()])):
        return None
    start = match.start() - (len(led.group()) if led else 0)
    end = followed.end() if followed else match.end()
    day = resolve(match, today)
    value = day if day == today.isoformat() else text[start:end]  # what worked today began today
    return Candidate(start, end, value, 0.58)


def _is_about_it(lead: str, clause: str) -> bool:
    """Whether "since" or "from" tells of the problem, not of a bill or of what the customer has."""
    if _PARCEL.search(clause):
        return False
    if lead.lower().startswith("f"):
        return not _PAPERS.search(clause)
    if _CONTACTS.search(clause):
        return False
    return not _HAS_HAD.search(clause) or bool(REPORTING.search(clause))


def _plain_score(
    text: str, match: re.Match[str], spans: list[tuple[int, int]], today: date, bare: bool
) -> float:
    """How surely a date without "since" is the beginning; 0 when it is of something else."""
    month, number = match.group("month"), match.group("num")
    clause = _clause(text, match, spans)
    if bare:
        return 0.75 if REPORTING.search(clause) or match.group("ago") else 0.6
    if month and not re.match(r"\w+ |mid", month, re.IGNORECASE):
        return 0.0
    if number and ("/" not in number or not resolve(match, today)):
        return 0.0
    if match.group("day") and _TODAY_IS.search(text[: match.start()]):
        return 0.0
    if _ARRIVED.search(clause) and not month:
        return 0.5
    reports = REPORTING.search(clause)
    if ELSEWHERE.search(clause.replace(match.group(), "")):
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


def _occasions(text: str, spans: list[tuple[int, int]], today: date) -> Iterator[Candidate]:
    """What happened when it began; its day, where the words name one."""
    for start, end, score in occasions(text):
        clause = text[around(spans, start)[0] : start]
        if _HAS_HAD.search(clause) and not REPORTING.search(clause):
            continue
        day = [plain for plain in _PLAIN.finditer(text, start, end) if _is_day(plain)]
        told = _TOLD_AFTER.match(text, end)  # "when I updated it, 3 days ago"
        if told and not day:
            day, end = [told], told.end()
        value = (resolve(day[-1], today) if day else None) or text[start:end]
        yield Candidate(start, end, value, score)


def _is_day(match: re.Match[str]) -> bool:
    """Whether a date in an occasion is one: neither a mere month nor the version of a system."""
    return not match.group("month") and "." not in (match.group("num") or "")


def _back_to(text: str, today: date) -> Iterator[Candidate]:
    """ "I put it in on Tuesday and ever since it …": the day that was told before."""
    for match in _ANAPHORA.finditer(text):
        told = list(_PLAIN.finditer(text, max(0, match.start() - 2 * REACH), match.start()))
        if told:
            yield _at(told[-1], told[-1].start(), today, 0.92)


def _in_a_question(text: str, position: int) -> bool:
    start, end = around(sentences(text), position)
    return text[end:].startswith("?") or bool(_ASKS.match(text[start:end]))


def _at(match: re.Match[str], start: int, today: date, score: float) -> Candidate:
    said = match.string[start : match.end()]
    return Candidate(start, match.end(), resolve(match, today) or said, score)
