"""What a message means where a yes or no was asked for: a yes, a no, or what is said instead. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.case.asking import (
    CANCEL,
    CHANGE,
    CONFIRMATION,
    DOUBT,
    NEXT,
    PERSON,
    REOPEN,
    SECOND,
    SOLVED,
    START_OVER,
)
from bot.nlu.leftover import is_question, other_words

Parsed = dict[str, Any]

YES_OR_NO = (CONFIRMATION, CANCEL, SOLVED, CHANGE, START_OVER, DOUBT, SECOND, NEXT, PERSON, REOPEN)
UNSURE = 0.5
SURE_OF_A_YES = 0.95
FIRMLY = 0.9
A_FEW_WORDS = 3
GRUMBLES = ("faq", "inform", "out_of_scope")

_YES = re.compile(
    r"\W*(?:yes|yep|yeah|yup|ok(?:ay)?|sure|correct|right|exactly|fine|perfect|confirm(?:ed)?|submit|"
    r"go (?:on|ahead)|send (?:it|that|this|the)|file (?:it|that)|(?:please )?do(?: so| it| that)?|"
    r"send\W*\Z|(?:that|it|this|all)?(?:'s| is)? ?(?:looks?|all)? ?(?:good|right|correct|fine|ok))\b",
    re.IGNORECASE,
)
_NO = re.compile(r"\W*(?:no|nope|nah|not (?:quite|yet|right|correct|really)|don'?t|wait|hang on|stop)\b", re.IGNORECASE)  # fmt: skip
_SEND = re.compile(r"\b(?:send|file|submit|pass) (?:it|that|this|everything|(?:the|my) \w+)\b", re.IGNORECASE)  # fmt: skip
_DOUBT = re.compile(r"\b(?:think|maybe|hm+|not sure|later|perhaps|wait|moment|second|hold)\b", re.IGNORECASE)  # fmt: skip
_PLAIN = re.compile(r"[\w\s',.!?’-]+")
_RESERVE = re.compile(r"\b(?:but|except|however|change|wrong|instead|not|isn'?t|wait)\b", re.IGNORECASE)  # fmt: skip
# "No, that's all" after an answer: nothing more is wanted.
_HAS_ENOUGH = re.compile(
    r"\W*(?:(?:no|nope|nah|ok(?:ay)?|yes|yeah|thanks?|thank you|cheers|ta|great)\W+)*(?:(?:that'?s|thats|that is|this is|that will be|that'?ll be) (?:all|it|everything|enough)|nothing (?:else|more)|all good|i'?m (?:good|done|all set|sorted)|no more questions)"
    r"(?: (?:for (?:now|today)|i (?:needed|wanted)(?: to know)?|from me|then|thanks|thank you|cheers))*\W*",
    re.IGNORECASE,
)
# "Both in one, please": not one after the other.
_TOGETHER = re.compile(
    r"\b(?:together|(?:all |both )?in (?:the )?(?:one|same)(?: case| go)?|(?:the )?same case|as one)\b", re.IGNORECASE
)  # fmt: skip


def yes_or_no(parsed: Parsed, asking: str) -> str | None:
    """The intent that the question `asking`, one of YES_OR_NO, makes certain; None where the classifier's stands."""
    text: str = parsed["text"]
    name, confidence = parsed["intent"].get("name"), parsed["intent"].get("confidence", 0.0)
    if name == "ask_human" and confidence > FIRMLY and asking != PERSON and _NO.match(text):
        return None  # "no, give me a person": the wish says more than the no
    if asking == SOLVED and _HAS_ENOUGH.fullmatch(text):
        return "affirm"
    if asking == SOLVED and _says_why_not(parsed):
        return "complaint" if name == "complaint" else "report_problem"
    if asking == SECOND and _TOGETHER.search(text):
        return "deny"
    return _plainly(text) or _unclear_yes(parsed, asking) or _grumble(parsed, asking)


def _plainly(text: str) -> str | None:
    if _NO.match(text):
        return "deny"
    yes = _YES.match(text) or _SEND.search(text)
    return "affirm" if yes and not _RESERVE.search(text[yes.end() :]) else None


def _unclear_yes(parsed: Parsed, asking: str) -> str | None:
    """Nothing is filed or thrown away on a guess: an unsure yes is not understood."""
    name, confidence = parsed["intent"].get("name"), parsed["intent"].get("confidence", 0.0)
    if name in ("affirm", "skip_to_end") and not _PLAIN.fullmatch(parsed["text"]):
        return "out_of_scope"
    if name == "skip_to_end" and asking == CONFIRMATION:
        return "affirm" if confidence > UNSURE else "out_of_scope"
    if name == "affirm" and (confidence < SURE_OF_A_YES or _DOUBT.search(parsed["text"])):
        return "out_of_scope"
    return None


def _grumble(parsed: Parsed, asking: str) -> str | None:
    """What is said of an answer instead of yes or no: it was not one, and with facts what is wrong."""
    name, confidence = parsed["intent"].get("name"), parsed["intent"].get("confidence", 0.0)
    surely_asks = name == "faq" and confidence >= FIRMLY
    if asking != SOLVED or name not in GRUMBLES or surely_asks or is_question(parsed["text"]):
        return None
    return "report_problem" if parsed["entities"] else "not_solved"


def _says_why_not(parsed: Parsed) -> bool:
    """Whether a message tells what is still wrong, with or without a no before it."""
    text, name = parsed["text"], parsed["intent"].get("name")
    told = name in ("report_problem", "complaint") or (name == "inform" and _NO.match(text))
    if not told or is_question(text):
        return False
    return len(other_words(text, parsed["entities"])) >= A_FEW_WORDS
