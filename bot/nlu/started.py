"""When the problem began: "since Friday", "two days ago", "3rd of November", "since the update".

Values are ISO dates where the words name a day, counted from the day of the message; else the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.found import Found

STARTED = "started"
SHORTEST_EVENT = 9
_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "a couple": 2, "a couple of": 2, "couple of": 2, "the last couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "half a": 0, "half an": 0, "half": 0, "cpl": 2, "cpl of": 2,
    "a good": 1, "fourteen": 14, "twenty": 20,
}  # fmt: skip
_UNITS = {
    "hour": 0,
    "hr": 0,
    "minute": 0,
    "min": 0,
    "day": 1,
    "night": 1,
    "week": 7,
    "wk": 7,
    "fortnight": 14,
    "month": 30,
    "year": 365,
}

_DAY = r"(?:mon(?:day)?|tues?(?:day)?|wed(?:s|nesday|ensday)?|thur?s?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_TIME = r"(?:(?:about |around |roughly )?(?:\d{1,2}[:.]\d\d ?(?:am|pm)?|\d{1,2} ?(?:am|pm|ish|o'?clock)|midday|noon|midnight|(?:lunch|dinner|tea|breakfast|bed|supper) ?(?:time)?|(?:half|quarter) (?:past |to )?\w+)(?: ?ish)?)"
_PART = r"(?:\s+(?:morning|afternoon|evening|night|lunch ?time|tea ?time|midday|noon))?"
_CLOCK = r"(?:\s+(?:at|around|about|from)\s+(?:about |around )?\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|o'?clock)?)?"
_COUNT = r"(?:\d{1,3}|half(?: an?)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|twenty|a couple(?: of)?|couple(?: of)?|cpl(?: of)?|a few|few|several|many|some)"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|years?)"
_ABOUT = r"(?:about |around |roughly |approx(?:imately)? |maybe |nearly |almost |over |at least |more than |like |some |a good |the best part of |getting on for |going on(?: for)? |coming up (?:to|for) |upwards of |well over |just over |just under |close to |bout |past |last |good |solid |whole |full |past the )*"

_ABSOLUTE = (
    rf"(?P<iso>20\d\d-\d\d-\d\d)|(?P<num>\d{{1,2}}[/.]\d{{1,2}}(?:[/.](?:20)?\d\d)?)(?![\d.]*\d)"
    rf"|(?:(?:the )?(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<mon>{_MONTH})|(?P<mon2>{_MONTH})\s+(?:the )?(?P<dom2>\d{{1,2}})(?:st|nd|rd|th)?)\b(?:,?\s+(?P<year>20\d\d))?"
    rf"|the (?P<only>\d{{1,2}})(?:st|nd|rd|th)\b(?!\s+(?:time|one|party|line|phone|attempt|person|letter|call|day|week|month|year|bill|floor|engineer|agent|replacement|sim)\b)"
)
_RELATIVE = (
    rf"(?P<today>today|2day|2nite|this (?:very )?(?:morning|mornin|morn|afternoon|aft|arvo|evening|eve)|tonight|earlier(?: today)?|just now|an hour ago|(?:the )?early hours|first thing|during the night|in the night|(?:(?<=since )|(?<=since about )|(?<=since around )|(?<=since like )){_TIME}(?! (?:yesterday|on|last|this|the)))"
    rf"|(?P<yesterday>(?:yesterday|yest|yday|ystrday|yesturday|yesteday|yesterdays?){_PART}|(?:last|lst|las) (?:night|nite|nyt|evening))|(?P<nights>the other (?:night|evening|morning))|(?P<before>(?:the )?day before (?:yesterday|yest|yday))"
    rf"|(?P<day>(?P<week>a week (?:ago )?|week )?(?:last |lst |this |this past |on |the )?{_DAY}){_PART}(?: (?P<back>gone|just gone|week|week ago|before last))?(?!\w)"
    rf"|(?P<ago>{_ABOUT}(?P<n>{_COUNT})\s+(?P<u>{_UNIT})(?: or (?:so|two|three|more|thereabouts)| maybe)?\s+(?:ago|ago now|back|now|prior|earlier))"
    rf"|(?P<vague>donkey'?s(?: years)?|yonks|forever|(?:the )?(?:last|start of the|beginning of the|end of last|start of last|middle of last) (?:week|month|year|weekend|summer|winter|spring|autumn)|the weekend|last weekend|this weekend|(?:the )?other day|a while(?: ago| back)?|ages(?: ago)?|recently|christmas(?: eve| day)?|boxing day|easter|new year(?:'?s (?:eve|day))?|bonfire night|halloween|(?:the )?bank holiday|black friday|good friday|earlier this (?:week|month|year)|this week|last (?:spring|summer|autumn|winter))"
    rf"|(?P<month>(?:(?:the )?(?:first|second|third|last) (?:week|weekend|half|days) (?:of|in) |(?:the )?(?:start|beginning|middle|end) of |half ?way through |last |mid-?|early |late )?{_MONTH})(?!\w)"
)
_WHEN = rf"(?:{_ABSOLUTE}|{_RELATIVE})"
_SINCE = re.compile(
    rf"\b(?:ever )?(?:since|sinc|snce|sins|from|frm|as of|starting|as from)\s+(?:about |bout |like |say |like |roughly |around |roughly |approximately |maybe |at least |late |early |on |the evening of |the morning of |sometime |(?:around )?(?:\d{{1,2}}(?:[:.]\d\d)? ?(?:am|pm|o'?clock)?|lunch(?: ?time)?|tea ?time|dinner(?: ?time)?|midday|noon|midnight|four o clock|quarter past \w+|half (?:past )?\w+|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'? ?clock) (?:on )?)*(?P<when>{_WHEN})(?!['’]?s\b){_CLOCK}",
    re.IGNORECASE,
)
_BEGAN = re.compile(
    rf"\b(?:start(?:ed|s|ing)?|begins?|began|begun|happened|happening|went (?:down|off|dead|wrong|blank)|stopped(?: \w+)?|broke|died|dropped|lost (?:\w+ ){{0,3}}|disappeared|cut (?:\w+ )?(?:out|off)|failed|came up|appeared|first (?:noticed|saw|happened|time)|noticed (?:it|this)|been (?:like this|down|out|off|going on))\b[^.!?;\n]{{0,30}}?\b(?:on |about |around |roughly |at |in |the |late |early )*(?P<when>{_WHEN}){_CLOCK}",
    re.IGNORECASE,
)
_UNTIL = re.compile(rf"\b(?:fine|ok|okay|perfectly|well|normally|worked|working|great|grand|brilliant|perfect|fast|signal)\b[^.!?,;]{{0,20}}\b(?:until|untill|till|til|up to|before) (?:about |around |the |this |last )?(?P<when>{_WHEN}){_CLOCK}", re.IGNORECASE)  # fmt: skip
_ALL = re.compile(r"\b(?:been|out|down|off|dead|like this|no|zero|nothing|lost|without|gone|stuck|slow|happening|doing (?:it|this)|playing up)\b[\w ]{0,25}?(?P<said>all (?P<all>day|night|morning|afternoon|evening|week|weekend|month)(?: long)?)\b", re.IGNORECASE)  # fmt: skip
_FOR = re.compile(
    rf"\b(?:for|over|during|in|within|the|these|from|since|every day|all)\s+(?:about |around |roughly |nearly |almost |over |at least |more than |the )*(?:last|past|previous)\s+(?P<n>{_COUNT} )?(?P<u>{_UNIT})\b(?!\s+(?:update|upgrade|storm|power|maintenance|outage|match))"
    rf"|\b(?:since|from)\s+{_ABOUT}(?P<n4>{_COUNT})\s+(?P<u4>{_UNIT})\b(?!\s+ago)"
    rf"|\b(?:for|been|(?:been|has|is|was|were|'s) (?:\w+ ){{1,3}}?(?:for )?|doing (?:this|it|that) (?:for )?|had (?:\w+ ){{1,4}}?for)\s*\b{_ABOUT}(?P<n2>{_COUNT})\s+(?P<u2>{_UNIT})(?: or (?:so|two|more))?(?: now| already| straight)?\b"
    rf"|\b(?P<said>(?:for|been|in) (?:{_ABOUT})?(?P<many>days|weeks|months|ages|yonks|donkey'?s(?: years)?)(?: (?:and|on end) (?:days|weeks|months|ages)?| now| on end)?)\b"
    rf"|(?:[.!?]\s+)(?P<n6>{_COUNT})\s+(?P<u6>{_UNIT})\s*(?=[.!?]|\Z)"
    rf"|(?:\A|[.!?,;(]\s*)(?:about |bout |around |maybe |roughly |nearly |almost |over |a good )?(?P<n5>{_COUNT})\s+(?P<u5>{_UNIT})(?: or so)? (?:it|this|that)(?:'s| has| is)\b"
    rf"|\b{_ABOUT}(?P<n3>{_COUNT})\s+(?P<u3>{_UNIT})\s+(?:now|already|without|running|in a row|and counting|straight)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"(?<!\w)(?P<when>{_WHEN}){_CLOCK}", re.IGNORECASE)
_TOLD_AFTER = re.compile(rf"[\s,(]+(?:about |around |on |so |that was |i think )*(?P<when>{_WHEN})", re.IGNORECASE)  # fmt: skip
_EVENT = re.compile(
    r"\b(?:(?:ever )?since|(?:right|straight|just|shortly|immediately|soon) after|(?:start(?:ed|s)?|begins?|began|begun|happens?|happened|stopped|noticed|came on|went(?: \w+)?|broke|died|this is)(?: \w+){0,2}? (?:after|when|once|the (?:day|minute|moment|second|week)(?: that)?)|from (?:the )?(?:day|moment|minute|second)(?: that)?|as soon as(?= \w+ (?:\w+ed|got|went|put|took|came|left|swapped|set|began)\b))\s+(?P<event>(?:(?:the|my|your|our|an?|that|this|last(?:est)?|I|i|we|you|it|they|he|she|there|installing|updating|upgrading|switching|moving|changing|getting|joining|swapping|transferring|buying|coming|landing|arriving|day|android|ios|windows|one ui|freshers|school|lockdown|new|yous?|spring|summer|autumn|winter|lunch|breakfast|half term|covid|watchos|ipados|(?-i:[A-Z][a-z]+))\b)[^.,;!?\n()–—\"“]{0,60})",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?P<whole>after (?:the |an? |my |your |i (?:did |installed |ran |had )(?:the |an? )?|installing (?:the |an? )?)?(?:last |latest |recent |new |software |ios |android |system |big |night'?s? )*(?:update|upgrade|storm|power cut|sim swap|software update|contract change|outage|move|swap|switch|drop|fall|crash|restart|reset|port|transfer|maintenance|works?)(?: to [\w. ]{2,20}| (?:last|yesterday|on) \w+)?)\b", re.IGNORECASE)  # fmt: skip
_UNTIL_EVENT = re.compile(r"\b(?:fine|ok|okay|perfectly|well|normally|worked|working|great|grand|perfect|fast)\b[^.!?,;]{0,20}\b(?:until|untill|till|til) (?P<event>(?:the|my|i|we|you|it|they|windows|ios|android|one ui)\b[^.,;!?\n()]{2,60})", re.IGNORECASE)  # fmt: skip
# Who has just come somewhere has had the problem since then, perhaps.
_ARRIVED = re.compile(r"(?:\A\W*|\b(?:i|we|i'?ve|we'?ve|just|only)\s+)(?:only |just )?(?:landed|arrived|flew|got (?:here|back|in)|came (?:back|off|over|here))\b", re.IGNORECASE)  # fmt: skip
_MISHAP = re.compile(r"\b(?P<whole>after (?:(?:i|we|it|he|she|you|(?:my|the|your|our) \w+) (?:\w+ )?(?:dropped|fell|sat|broke|ported|upgraded|updated|joined|came|got|landed|spil[tl]ed|spilt|renewed|left|was|ended|expired|changed hands)|being)\b[^.,;!?\n()]{0,40})", re.IGNORECASE)  # fmt: skip
_EVENT_END = re.compile(r"\s+(?:and|but|so|which|(?:the|my) (?:phone|internet|signal|data|wifi|esim|sim|calls|texts|app) (?:is|has|won'?t|keeps|does|doesn'?t|just|stopped|are|aren'?t|isn'?t|went|cuts|drops)|nothing|no signal|it(?:'s| is| has| keeps| just| won'?t)|i (?:can'?t|get|have no|haven'?t|am|keep)|there(?:'s| is))\b", re.IGNORECASE)  # fmt: skip
# Dates of something else: contacts, orders, bills, contracts, promises, what was tried.
_ELSEWHERE = re.compile(
    r"\b(?:called|rang|phoned|spoke|spoken|contacted|e-?mail(?:ed)?|letter|chatted|reported|complained|wrote|told|promised|said|gave|given|sent|taken|topped|did|done|installed|exp|land(?:ed)?|took|order(?:ed)?|deliver\w*|dispatch\w*|arriv\w*|bought|purchas\w*|paid|pay|payment|bill(?:ed)?|charged?|invoice|contract|renew\w*|expir\w*|due|"
    r"should|supposed|meant to|expected|return\w*|refund\w*|upgrad\w*|join\w*|customer|wait(?:ed|ing)?|visited|visit|went in|try again|call me|ring me|text me|contact me|reply|within|until|by|every(?! (?:day|night|time|single))|per|between|before|after|free|available|at work|holiday|travel\w*|flying|leaving|born|appointment|booked|engineer|cancel\w*|closed|opened|(?:was|were|been|got) (?:made|raised|logged)|switch\w* to|port\w*|tried|restart\w*|each|loyal|been with)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\W*(?:who|what|which|how|do|does|did|can|could|are|is|was|should|would|will)\b", re.IGNORECASE
)
_REPORTING = re.compile(r"\b(?:start|began|stop|since|happen|not work|n'?t work|no signal|no service|no data|no internet|down|lost|drop|broke|fail|gone|died|problem|issue|slow|can'?t|dreadful|terrible|awful|appalling|shocking|useless|patchy|poor)", re.IGNORECASE)  # fmt: skip
_CUSTOMER_FOR = re.compile(r"\b(?:customer|complaint|ticket|case has|been with|with (?:you|meadow)|contract|loyal|paying|paid|using|used|lived?|owned|had (?:it|the|this|my)|on hold|hold|wait\w*|queue|charged?|unplugged|left it|off|works?|worked|helps?|helped|fine|switched off|away|abroad|here|come|came|gone|staying|trip|visiting|holiday)\b[^,.]*\Z", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True)
class _Candidate:
    start: int
    end: int
    value: str
    score: float


def started(text: str, today: date) -> list[Found]:
    """At most one value: the best candidate for when the problem began."""
    found = sorted(_candidates(text, today), key=lambda item: (-item.score, item.start))
    if not found:
        return []
    best = found[0]
    return [
        Found(STARTED, best.start, best.end, best.value, text[best.start : best.end], best.score)
    ]


def read_date(text: str, today: date) -> str | None:
    """The ISO date (or the words) of a bare answer such as "last Tuesday" or "two weeks"."""
    items = sorted(_candidates(text, today, bare=True), key=lambda item: (-item.score, item.start))
    if items:
        return items[0].value
    count = re.fullmatch(rf"\W*{_ABOUT}(?P<n>{_COUNT})\s+(?P<u>{_UNIT})\W*", text, re.IGNORECASE)
    return _ago(count.group("n"), count.group("u"), today) if count else None


def _candidates(text: str, today: date, bare: bool = False) -> Iterator[_Candidate]:
    spans = clauses(text)
    for match in _SINCE.finditer(text):
        clause = text[around(spans, match.start())[0] : match.start()]
        if match.group().lower().startswith("from") and re.search(r"\b(?:bill|charge\w*|invoice|payment|order|e-?mail|letter|message|reply|text)\b", clause, re.IGNORECASE):  # fmt: skip
            continue
        yield _at(match, match.start(), today, 0.95)
    for match in _BEGAN.finditer(text):
        yield _at(match, match.start("when"), today, 0.9)
    for match in _UNTIL.finditer(text):
        yield _at(match, match.start("when"), today, 0.85)
    for match in _ALL.finditer(text):
        value = (
            today.isoformat()
            if match.group("all").lower() in ("day", "morning", "afternoon", "evening")
            else match.group("said")
        )
        yield _Candidate(match.start("said"), match.end(), value, 0.65)
    for match in _FOR.finditer(text):
        counted = next(
            (name for name in ("n", "n2", "n3", "n4", "n5", "n6", "many") if match.group(name)), "u"
        )
        before = text[around(spans, match.start())[0] : match.start(counted)]
        of_another = _CUSTOMER_FOR.search(before) or _ELSEWHERE.search(text[match.start() : match.start(counted)])  # fmt: skip
        if of_another and not _REPORTING.search(before):
            continue
        if match.group("many"):
            yield _Candidate(match.start("said"), match.end("said"), match.group("said"), 0.7)
            continue
        count = next((value for name in ("n", "n2", "n3", "n4", "n5", "n6") if (value := match.group(name))), "a")  # fmt: skip
        unit = next(
            value for name in ("u", "u2", "u3", "u4", "u5", "u6") if (value := match.group(name))
        )
        if unit.lower().startswith("year"):
            continue
        value = _ago(count.strip(), unit, today) or match.group().strip()
        yield _Candidate(match.start(), match.end(), value, 0.85)
    for pattern in (_EVENT, _UNTIL_EVENT):
        yield from _events(text, pattern, today)
    for pattern in (_AFTER, _MISHAP):
        for match in pattern.finditer(text):
            yield _Candidate(match.start(), match.end(), match.group().strip(), 0.7)
    for match in _PLAIN.finditer(text):
        start, end = around(spans, match.start())
        clause = text[start:end]
        if text[max(0, start - 1) : start] == ")":  # what stands before a bracket goes on after it
            clause = text[around(sentences(text), start)[0] : end]
        if (
            match.group("month")
            and not bare
            and not re.match(r"last|early|late|mid", match.group("month"), re.IGNORECASE)
        ):
            continue
        if (
            match.group("num")
            and not bare
            and ("/" not in match.group("num") or not _resolve(match, today))
        ):
            continue
        if not bare and _ARRIVED.search(clause) and match.group("month") is None:
            yield _at(match, match.start("when"), today, 0.5)
            continue
        if not bare and (
            _ELSEWHERE.search(clause.replace(match.group(), ""))
            or (match.group("vague") and not _REPORTING.search(clause))
            or (_in_a_question(text, match.start()) and not _REPORTING.search(clause))
        ):
            continue
        yield _at(
            match,
            match.start("when"),
            today,
            0.75 if _REPORTING.search(clause) or match.group("ago") else 0.6,
        )


def _events(text: str, pattern: re.Pattern[str], today: date) -> Iterator[_Candidate]:
    """What happened when it began; its day, where the words name one."""
    for match in pattern.finditer(text):
        if _SINCE.match(text, match.start()):
            continue
        start = match.start() if pattern is _EVENT else match.start("event")
        cut = _EVENT_END.search(match.group("event"))
        end = match.start("event") + (cut.start() if cut else len(match.group("event").rstrip()))
        if end - start > SHORTEST_EVENT:
            said = text[start:end]
            day = [plain for plain in _PLAIN.finditer(said) if not plain.group("month")]
            told = _TOLD_AFTER.match(text, end)  # "when I updated it, 3 days ago"
            if told and not day:
                day, end = [told], told.end()
            value = (_resolve(day[-1], today) if day else None) or said
            yield _Candidate(start, end, value, 0.8)


def _in_a_question(text: str, position: int) -> bool:
    start, end = around(sentences(text), position)
    return text[end:].startswith("?") or bool(_ASKS.match(text[start:end]))


def _at(match: re.Match[str], start: int, today: date, score: float) -> _Candidate:
    said = match.string[start : match.end()]
    return _Candidate(start, match.end(), _resolve(match, today) or said, score)


def _resolve(match: re.Match[str], today: date) -> str | None:
    groups = match.groupdict()
    if groups["iso"]:
        return str(groups["iso"])
    if groups["num"]:
        parts = [int(part) for part in re.split(r"[/.]", groups["num"])]
        return _date(parts[0], parts[1], parts[2] if len(parts) > 2 else None, today)
    if groups["dom"] or groups["dom2"]:
        month = _MONTHS[(groups["mon"] or groups["mon2"])[:3].lower()]
        return _date(
            int(groups["dom"] or groups["dom2"]),
            month,
            int(groups["year"]) if groups["year"] else None,
            today,
        )
    if groups["only"]:
        return _only_day(int(groups["only"]), today)
    if groups["today"]:
        return today.isoformat()
    if groups["yesterday"] or groups["before"]:
        return (today - timedelta(days=2 if groups["before"] else 1)).isoformat()
    if groups["day"]:
        last = _last_weekday(groups["day"].split()[-1], today)
        week_before = bool(groups["week"]) or (groups["back"] or "").startswith(("week", "before"))
        return (date.fromisoformat(last) - timedelta(days=7 * week_before)).isoformat()
    if groups["ago"]:
        return _ago(groups["n"], groups["u"], today)
    if groups["month"] and " " not in groups["month"] and "-" not in groups["month"]:
        return _date(1, _MONTHS[groups["month"][:3].lower()], None, today)
    return None


def _last_weekday(word: str, today: date) -> str:
    behind = (today.weekday() - _DAYS[word[:3].lower()]) % 7 or 7
    return (today - timedelta(days=behind)).isoformat()


def _ago(count: str, unit: str, today: date) -> str | None:
    count = count.lower().strip()
    number = int(count) if count.isdigit() else _COUNTS.get(count)
    days = _UNITS.get(unit.lower().rstrip("s"))
    if number is None or days is None:
        return None
    if days == 30:
        return _months_back(number, today)
    return (today - timedelta(days=number * days)).isoformat()


def _months_back(number: int, today: date) -> str:
    month = today.month - 1 - number
    year, month = today.year + month // 12, month % 12 + 1
    for day in range(today.day, 0, -1):
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def _date(day: int, month: int, year: int | None, today: date) -> str | None:
    if year is not None and year < 100:
        year += 2000
    try:
        found = date(year or today.year, month, day)
        if year is None and found > today:
            found = date(today.year - 1, month, day)
    except ValueError:
        return None
    return found.isoformat()


def _only_day(day: int, today: date) -> str | None:
    if day <= today.day:
        return _date(day, today.month, today.year, today)
    back = today.replace(day=1) - timedelta(days=1)
    return _date(day, back.month, back.year, today)
