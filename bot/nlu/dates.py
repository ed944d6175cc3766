"""Points in time as people word them, and the days that they mean, counted from the day of the message."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "a couple": 2, "a couple of": 2, "couple of": 2, "the last couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "half a": 0, "half an": 0, "half": 0, "cpl": 2, "cpl of": 2,
    "a good": 1, "thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30,
}  # fmt: skip
_UNITS = {
    "hour": 0, "hr": 0, "minute": 0, "min": 0, "day": 1, "night": 1, "week": 7, "wk": 7, "fortnight": 14, "month": 30, "mth": 30, "year": 365, "yr": 365,
}  # fmt: skip
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
    "twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()  # fmt: skip

DAY = r"(?:mon(?:day)?|tues?(?:day)?|wed(?:s|nesday|ensday|nsday)?|thur?s?(?:day)?|fri(?:day)?|sat(?:urday)?(?! ?nav)|sun(?:day)?)"
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_TIME = r"(?:(?:about |around |roughly )?(?:\d{1,2}[:.]\d\d ?(?:am|pm)?|\d{1,2} ?(?:am|pm|ish|o'?clock)|midday|noon|midnight|(?:lunch|dinner|tea|breakfast|bed|supper) ?(?:time)?|(?:half|quarter) (?:past |to )?\w+)(?: ?ish)?)"
_PART = r"(?:\s+(?:morning|afternoon|evening|night|lunch ?time|tea ?time|dinner ?time|midday|noon|am|pm))?"
CLOCK = r"(?:\s+(?:at|around|about|from)\s+(?:about |around )?\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|o'?clock)?)?"
_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|thirty)"
COUNT = rf"(?:\d{{1,3}}(?: ?(?:-|–|to|or) ?\d{{1,2}})?|half(?: an?)?|an?|{_NUMBER}(?: (?:or|to) {_NUMBER})?|a couple(?: of)?|couple(?: of)?|cpl(?: of)?|a few|few|several|many|some)"
UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|mths?|years?|yrs?)"
_AND_MORE = (
    r"(?: (?:or (?:so|two|three|more|thereabouts)|and a (?:half|bit)|maybe|roughly|give or take))?"
)
ABOUT = r"(?:about |around |roughly |approx(?:imately)? |maybe |nearly |almost |over |at least |more than |like |some |a good |the best part of |getting on for |going on(?: for)? |coming up (?:to|for) |upwards of |well over |just over |just under |close to |bout |past |last |good |solid |whole |full |past the )*"
_DATE = rf"(?:(?:the )?(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<mon>{_MONTH})|(?P<mon2>{_MONTH})\s+(?:the )?(?P<dom2>\d{{1,2}})(?:st|nd|rd|th)?)\b(?:,?\s+(?P<year>20\d\d))?"
# "the first time", "the 3rd SIM": no days of a month.
_NO_DAY = r"(?!\s+(?:time|one|party|line|phone|attempt|person|letter|call|day|week|month|year|bill|floor|engineer|agent|replacement|sim|generation|gen|hand|thing|message|router|handset|account|of (?:the|my|your|these))\b)"
_ABSOLUTE = (
    rf"(?P<iso>20\d\d-\d\d-\d\d)|(?P<num>\d{{1,2}}[/.]\d{{1,2}}(?:[/.](?:20)?\d\d)?)(?![\d.]*\d)"
    rf"|(?:{DAY},? (?:the )?)?{_DATE}"
    rf"|(?:{DAY},? )?the (?P<only>\d{{1,2}})(?:st|nd|rd|th)\b{_NO_DAY}|{DAY},? (?P<only2>\d{{1,2}})(?:st|nd|rd|th)\b"
    rf"|(?:(?<=on )|(?<=since )|(?<=from )|(?<=about )|(?<=around )|(?<=by )|(?<=until ))the (?P<ordinal>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})\b{_NO_DAY}"
)
_SEASON = r"(?:spring|summer|autumn|winter)"
_RELATIVE = (
    rf"(?P<today>today|2day|2nite|this (?:very )?(?:morning|mornin|morn|afternoon|aft|arvo|evening|eve)|tonight|earlier(?: today)?|just now|an hour ago|(?:the )?early hours|first thing|during the night|in the night|overnight|(?:(?<=since )|(?<=since about )|(?<=since around )|(?<=since like ))(?:{_TIME}|\d{{1,2}}(?= ?[,;!?)]|\.?\s*\Z|\. ))(?!\w|[:.]\d| ?(?:time|am|pm|yesterday|on|last|this|the)\b))"
    rf"|(?P<yesterday>(?:yesterday|yest|yday|ystrday|yesturday|yesteday|yesterdays?){_PART}|(?:last|lst|las) (?:night|nite|nyt|evening))|(?P<nights>the other (?:night|evening|morning))|(?P<before>(?:the )?day before (?:yesterday|yest|yday))"
    rf"|(?P<day>(?P<week>a week (?:ago |past )?(?:on )?|week )?(?:last |lst |this |this past |on |the )?{DAY}){_PART}(?:,? (?P<back>gone|just gone|week|week ago|before last|(?:of )?last week))?(?!\w)"
    rf"|(?P<weekday>last week (?:on )?(?P<weekdays>{DAY}))\b"
    rf"|(?P<ago>{ABOUT}(?P<n>{COUNT})\s+(?P<u>{UNIT})(?P<half>{_AND_MORE})\s+(?:ago|ago now|back|now|prior|earlier))"
    rf"|(?P<past>before (?P<n2>{COUNT}) (?P<u2>{UNIT}))|(?P<vague>donkey'?s(?: years)?|yonks|forever|(?:the )?(?:(?:very )?(?:start|beginning|end|middle|back end|backend) of (?:the |this |last )?(?:week|month|year|weekend|{_SEASON})|last (?:week|month|year|weekend|summer|winter|spring|autumn))|(?:early|late|earlier|mid|later) (?:in the|this|last) (?:week|month|year|{_SEASON})|(?:the )?(?:week|weekend|month|night) before last|the weekend|last weekend|this weekend|(?:the )?other day|a while(?: ago| back)?|ages(?: ago)?|recently|christmas(?: eve| day)?|xmas|boxing day|easter|new year(?:'?s (?:eve|day))?|bonfire night|halloween|diwali|eid|(?:the )?bank holiday|black friday|good friday|earlier this (?:week|month|year)|this week|(?:last|this|the) {_SEASON})"
    rf"|(?P<month>(?:(?:the )?(?:first|second|third|last) (?:week|weekend|half|days) (?:of|in) |(?:the )?(?:start|beginning|middle|end|back end) of |half ?way through |last |mid-?|early |late )?{_MONTH})(?!\w)"
)
WHEN = rf"(?:{_ABSOLUTE}|{_RELATIVE})"


def resolve(match: re.Match[str], today: date) -> str | None:
    """The ISO date that a match of `WHEN` names; None when its words name no single day."""
    groups = match.groupdict()
    if groups["iso"]:
        return str(groups["iso"])
    if groups["num"]:
        parts = [int(part) for part in re.split(r"[/.]", groups["num"])]
        return _date(parts[0], parts[1], parts[2] if len(parts) > 2 else None, today)
    if groups["dom"] or groups["dom2"]:
        month = _MONTHS[(groups["mon"] or groups["mon2"])[:3].lower()]
        year = int(groups["year"]) if groups["year"] else None
        return _date(int(groups["dom"] or groups["dom2"]), month, year, today)
    if groups["only"] or groups["only2"]:
        return _only_day(int(groups["only"] or groups["only2"]), today)
    if groups["ordinal"]:
        return _only_day(_ORDINALS.index(groups["ordinal"].lower()) + 1, today)
    return _resolve_relative(groups, today)


def ago(count: str, unit: str, today: date) -> str | None:
    """The ISO date so many units back ("two", "weeks"); None when the count is no single number."""
    count = count.lower().strip()
    number = int(count) if count.isdigit() else _COUNTS.get(count)
    days = _UNITS.get(unit.lower().rstrip("s"))
    if number is None or days is None:
        return None
    if days == 30:
        return _months_back(number, today)
    return (today - timedelta(days=number * days)).isoformat()


def _resolve_relative(groups: dict[str, str], today: date) -> str | None:
    if groups["today"]:
        return today.isoformat()
    if groups["yesterday"] or groups["before"]:
        return (today - timedelta(days=2 if groups["before"] else 1)).isoformat()
    if groups["weekday"]:
        return _in_last_week(groups["weekdays"], today)
    if groups["day"]:
        back = (groups["back"] or "").lower()
        if back.endswith("last week"):
            return _in_last_week(groups["day"].split()[-1], today)
        last = date.fromisoformat(_last_weekday(groups["day"].split()[-1], today))
        week_before = bool(groups["week"]) or back.startswith(("week", "before"))
        return (last - timedelta(days=7 * week_before)).isoformat()
    if groups["ago"]:
        half = (groups["half"] or "").strip().startswith("and")
        return None if half else ago(groups["n"], groups["u"], today)
    if groups["past"]:
        return ago(groups["n2"], groups["u2"], today)
    if groups["month"] and " " not in groups["month"] and "-" not in groups["month"]:
        return _date(1, _MONTHS[groups["month"][:3].lower()], None, today)
    return None


def _last_weekday(word: str, today: date) -> str:
    behind = (today.weekday() - _DAYS[word[:3].lower()]) % 7 or 7
    return (today - timedelta(days=behind)).isoformat()


def _in_last_week(word: str, today: date) -> str:
    monday = today - timedelta(days=today.weekday() + 7)
    return (monday + timedelta(days=_DAYS[word[:3].lower()])).isoformat()


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
