"""A bare answer to a direct question, read in the light of what was asked.

"8847201193", "S23 ultra" or "none" says little on its own; after a question it says all. Pure, and
free of spaCy and Rasa, so that both sides can call it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any

from bot.nlu.absence import has_only_begun, says_none
from bot.nlu.contacts import emails, preferred_replies
from bot.nlu.numbers import numbers
from bot.nlu.started import read_date

Answer = dict[str, Any]

SURE, FAIR = 0.95, 0.7
LONGEST_NAME = 60
LONGEST_PLACE = 120
# Fewer digits than these, among more words than these, are no attempt at an account number.
FEWEST_DIGITS, MANY_WORDS = 6, 4

_NO = re.compile(
    r"\W*(?:no+(?:pe)?|nah|none|nothing|n/?a|not? (?:really|yet|so far|that i (?:know|saw|can see)|any|one)|neither|zero|nil|no,? (?:none|nothing|there (?:is|was|isn'?t)(?: one| any)?)|"
    r"(?:there (?:is|was|are|'s) )?(?:no|not an?|none|nothing)(?: such)?(?: error| message| code)*(?: at all| shown| displayed| whatsoever| of any (?:sort|kind|description)| on (?:the |my )?(?:screen|display))?|not a (?:thing|word|peep)|there(?:'s| is| was| isn'?t| wasn'?t) (?:no|not|none|any|one|nothing)[\w ]{0,30}|"
    r"(?:no(?:pe)?,? )?(?:there (?:is|'s) )?nothing (?:pops?|comes?|came|shows?|appears?)(?: up)?[\w ]*|(?:it )?never (?:says?|shows?|gives?)[\w ]*|(?:i )?not? (?:have|get|see) (?:any )?(?:message|error)\w*|"
    r"(?:it )?(?:does ?n[o']?t|did ?n[o']?t) (?:say|show|give|display)(?: me)? (?:anything|any[\w ]*|an error)|no error[\w ,']*|(?:(?:no|well|oh|dear|love|mate|sir|madam),? )*(?:it )?(?:says|shows|tells me|gives) nothing|(?:i |we )?(?:don'?t|didn'?t) (?:see|get|have) (?:one|any|an error)[\w ]*)\W*",
    re.IGNORECASE,
)
_NOTHING_TRIED = re.compile(
    r"\W*(?:i |we |i've |no,? (?:i )?)*(?:have ?n[o']?t|have not|haven'?t|not|did ?n[o']?t|never|nothing|none|no(?:pe)?|nah)\b(?: (?:tried|done|try|do|did|yet|so far|really|anything|a thing|much|any(?: of (?:that|it))?|steps?|at all|have|i|be honest|to|been))*\W*",
    re.IGNORECASE,
)
_NEVER_BEFORE = re.compile(r"\W*(?:no|nope|nah|never|none|not (?:yet|before)|first time|this is the first(?: time)?|no,? (?:this is )?(?:the |my )?first(?: time)?|(?:i )?haven'?t)\b[\w ']*\W*", re.IGNORECASE)  # fmt: skip
_NONE_THERE = re.compile(
    r"\W*(?:no,? it(?:'s)? (?:just|only|simply)\b|(?:no,? )?(?:there (?:isn'?t|wasn'?t|is no|was no|aren'?t|is none)|there'?s (?:no|none|nothing)|nothing|none|no (?:error|message|code|text|warning)s?)\b)",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"\W*(?:(?:yes|yeah|yep|ok(?:ay)?|sure|right|correct|fine|good|great|please|thanks?|thank you|hi|hello)\b\W*)+",
    re.IGNORECASE,
)
_WARM_UP = re.compile(
    r"\A\W*(?:(?:well|now|let me (?:see|look|think)|hm+|um+|er+|so|oh|ok(?:ay)?|sure|right|yes|yep|yeah|of course|here you (?:go|are)|you asked(?: for it| me)?|(?:my|the) answer(?: to (?:your|that) question)? is)\b\W*)+",
    re.IGNORECASE,
)
# A no before the answer itself: "nah, doesn't say anything. I restarted it".
_NAY = re.compile(r"\A\W*(?:(?:no+(?:pe)?|nah|na)\b\W*)+(?=\w)", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.,;!?]\s|\n|\s-\s")
_OPENING = re.compile(
    r"\A\W*(?:(?:well|now|let me (?:see|look|think)|hm+|um+|er+|so|oh|ok|yes|yeah|sorry|hi|hello|sure|i think|i believe|i guess|maybe|probably)[,.]?\s+)*"
    r"(?:(?:it'?s|it is|that'?s|that is|that would be|this is|i'?ve got|i have(?: got)?|i'?m (?:using|on|in|at)|i use|i am (?:using|on|in|at)|mine is|my (?:\w+ ){1,3}is|we have|using|it says|it said|says|the (?:error |)message (?:is|was|says)|error(?: is|:)|i tried(?: to)?|i(?:'ve| have) tried(?: to)?|tried|the)\b:?\s+)?(?:(?:an?|the|my)\s+(?=\w))?",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"(?<![\w@])(?:[A-Z]{1,4}[ \-]?|[a-z]{1,3})?\d[\dA-Za-z]*(?:[ \-]\d[\dA-Z]*)*(?:-?[A-Z]{1,2})?(?![\w@])"
)
_VERSION = re.compile(
    r"\b(?:[a-z]+ ?(?:os|ui)? ?)?\d{1,2}(?:\.\d{1,2}){0,3}\b|\blatest\b|\bnewest\b|\bup to date\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z']{2,}")
_NO_NAME = re.compile(
    r"\b(?:s?he|he'?s|she'?s|they|him|her|is|was|are|am|want|need|report|problem|help|alone|please|told|because|don'?t|can'?t|won'?t)\b",
    re.IGNORECASE,
)
_STEP_END = re.compile(
    r"\s*(?:[,;\n]|\.(?=\s|\Z)|\band then\b|\bthen\b|\band also\b|\band\b|&|\+)\s*", re.IGNORECASE
)
_WAYS = (
    ("email", r"e-?mail|mail"), ("sms", r"text|sms|txt|message"), ("whatsapp", r"whats ?app"),
    ("phone", r"call|ring|phone|mobile|landline|bell"), ("post", r"post|letter|writing"), ("chat", r"chat|here"),
)  # fmt: skip


def read_answer(
    field: str, text: str, entities: Sequence[Mapping[str, Any]], today: date | None = None
) -> Answer | None:
    """What `text` answers to a question about `field`, when the entities alone did not say it.

    The answer has `value`, `verbatim` and `confidence`; `state` "unknown" with no value where the
    customer says that there is none; `invalid`, in plain words, where the value cannot be right
    whatever the operator. None: the text does not answer the question. `today` (UTC when not
    given) is what dates are counted from.
    """
    said = text.strip()
    found = [
        entity for entity in entities if entity.get("entity") == field and not entity.get("partial")
    ]
    if found:
        return _entity_answer(found[-1], said)
    if (
        field not in _READERS
        or not said
        or (_AGREES.fullmatch(said) and field not in ("description", "previous_contact"))
        or has_only_begun(said)
    ):
        return None
    return _READERS[field](said, today or datetime.now(timezone.utc).date())


def completed(number: str, part: Mapping[str, Any]) -> str | None:
    """`number` corrected by a partial entity, as in "it ends in 39, not 93"; None if it does not fit.

    `part` is an entity with `partial`: its `value` replaces what `replaces` names, or as many last
    digits as it has itself.
    """
    end = str(part["value"])
    old = str(part.get("replaces") or number[-len(end) :])
    if not number.endswith(old) or len(number) <= len(old):
        return None
    return number[: -len(old)] + end


def _entity_answer(entity: Mapping[str, Any], said: str) -> Answer:
    answer = {
        key: entity[key] for key in ("value", "verbatim", "confidence", "code") if key in entity
    }
    return {"verbatim": said, **answer}


def _account_number(said: str) -> Answer | None:
    written = numbers(said, fewest=3)
    spoken = [number for number in written if number.spoken]
    if spoken:
        return _answer(spoken[0].digits, said[spoken[0].start : spoken[0].end], FAIR)
    mixed = [
        match.group()
        for match in _MIXED.finditer(said)
        if sum(c.isdigit() for c in match.group()) >= 3
    ]
    if mixed:
        best = max(mixed, key=len)
        if len(best) < FEWEST_DIGITS and len(_WORD.findall(said)) > MANY_WORDS:
            return None
        return _answer(re.sub(r"[\s\-]", "", best).upper(), best, SURE)
    return None


def _device(said: str) -> Answer | None:
    name = _OPENING.sub("", said).strip(" .!?")
    if not name or len(name) > LONGEST_NAME or _NO.fullmatch(said) or _NO_NAME.search(name):
        return None
    return _answer(name, name, FAIR)


def _os_version(said: str) -> Answer | None:
    match = _VERSION.search(said)
    return (
        _answer(match.group().strip(), said, FAIR) if match and len(said) <= LONGEST_NAME else None
    )


def _error_message(said: str) -> Answer | None:
    said = _WARM_UP.sub("", said)
    first = _NAY.sub("", _CLAUSE_END.split(said)[0])
    denied = len(first.split()) > 1 or first.lower() in ("nothing", "none")
    none = _NO.fullmatch(said) or _NONE_THERE.match(said) or says_none("error_message", said)
    if none or (denied and _NO.fullmatch(first)):
        return {"value": None, "state": "unknown", "verbatim": said, "confidence": SURE}
    message = _OPENING.sub("", said).strip().strip("\"'“”‘’ ").rstrip(".")
    return {**_answer(message or said, said, FAIR), "code": None}


def _steps_tried(said: str) -> Answer:
    first = _CLAUSE_END.split(_WARM_UP.sub("", said))[0]
    denied = len(first.split()) > 1 and _NOTHING_TRIED.fullmatch(first)
    none = _NOTHING_TRIED.fullmatch(said) or _NO.fullmatch(said) or says_none("steps_tried", said)
    if denied or none:
        return {"value": [], "verbatim": said, "confidence": SURE}
    parts = [_OPENING.sub("", part).strip(" .!") for part in _STEP_END.split(said)]
    steps = [{"step": "other", "verbatim": part, "result": None} for part in parts if len(part) > 2]
    return {
        "value": steps or [{"step": "other", "verbatim": said, "result": None}],
        "verbatim": said,
        "confidence": FAIR,
    }


def _started(said: str, today: date) -> Answer | None:
    value = read_date(said, today)
    if value is None and (len(said) > LONGEST_NAME or _NO.fullmatch(said)):
        return None
    return _answer(value or _OPENING.sub("", said).strip(" ."), said, SURE if value else FAIR)


def _location(said: str) -> Answer | None:
    place = _OPENING.sub("", said).strip(" .!")
    return (
        _answer(place, said, FAIR)
        if 1 < len(place) <= LONGEST_PLACE and not _NO.fullmatch(said)
        else None
    )


def _previous_contact(said: str) -> Answer:
    return _answer("none" if _NEVER_BEFORE.fullmatch(said) else said, said, FAIR)


def _contact_email(said: str) -> Answer | None:
    # Asked for, an address in words ("lee at mail dot com") needs no word that names it.
    found = emails(said) or (emails(f"e-mail {said}") if "@" not in said else [])
    if found:
        return _answer(found[-1].value, found[-1].verbatim, found[-1].confidence)
    if "@" not in said:
        return None
    return {**_answer(said, said, FAIR), "invalid": "that does not look like an e-mail address"}


def _contact_phone(said: str) -> Answer | None:
    found = numbers(said, fewest=5)
    if not found:
        return None
    number = max(found, key=lambda number: len(number.digits))
    value = ("+" if number.plus else "") + number.digits
    answer = _answer(value, said[number.start : number.end], SURE)
    if not 9 <= len(number.digits) <= 15:
        answer["invalid"] = "that does not look like a telephone number"
    return answer


def _preferred_reply(said: str) -> Answer | None:
    found = preferred_replies(said)
    if found:
        return _answer(found[0].value, said, found[0].confidence)
    for way, pattern in _WAYS:
        if re.search(rf"\b(?:{pattern})", said, re.IGNORECASE):
            return _answer(way, said, FAIR)
    return None


def _description(said: str) -> Answer:
    return _answer(said, said, SURE)


def _answer(value: str, verbatim: str, confidence: float) -> Answer:
    return {"value": value, "verbatim": verbatim.strip(), "confidence": confidence}


_READERS: dict[str, Callable[[str, date], Answer | None]] = {
    "account_number": lambda said, _: _account_number(said),
    "device": lambda said, _: _device(said),
    "os_version": lambda said, _: _os_version(said),
    "error_message": lambda said, _: _error_message(said),
    "steps_tried": lambda said, _: _steps_tried(said),
    "started": _started,
    "location": lambda said, _: _location(said),
    "previous_contact": lambda said, _: _previous_contact(said),
    "contact_email": lambda said, _: _contact_email(said),
    "contact_phone": lambda said, _: _contact_phone(said),
    "preferred_reply": lambda said, _: _preferred_reply(said),
    "description": lambda said, _: _description(said),
}
