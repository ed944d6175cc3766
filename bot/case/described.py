"""What is wrong, in the customer's words, and which kind of problem that is. Pure."""

from __future__ import annotations

import re

import msgspec

from bot.case import fields as names
from bot.case.asking import COMMANDS, NO_ANSWERS, REPORTS
from bot.case.heard import Heard
from bot.case.model import Case, Field, State
from bot.case.taking import CHECKED
from bot.content import Content
from bot.nlu.leftover import other_words, without_quoted

_LETTER = re.compile(r"[^\W\d_]")
# A report of fewer words, of a problem less likely, is asked about before it is taken for a description.
TOO_FEW_WORDS = 3
LIKELY = 0.5
# From which on the likeliest kinds together leave little to any other.
OF_SOME_KIND = 0.75
# Fewer than these are an answer rather than more of the report.
SHORT_ANSWER = 5


def described(case: Case, heard: Heard, asking: str | None, content: Content) -> Case:
    """The case with its description and its kind of problem, where the message gives them."""
    if heard.clicked or not (heard.intent in REPORTS or asking == names.DESCRIPTION):
        return case
    if asking == names.DESCRIPTION and heard.intent in COMMANDS | NO_ANSWERS.keys():
        return case
    if _says_too_little(case, heard, asking):
        return case
    case = _with_kind(case, heard, content)
    said = case.field(names.DESCRIPTION)
    if isinstance(said.value, str) and (heard.text in said.value or _is_an_aside(heard, asking)):
        return case
    return with_more(case, heard)


def with_more(case: Case, heard: Heard) -> Case:
    """The case with the message at the end of what is wrong, or as what is wrong."""
    said = case.field(names.DESCRIPTION)
    told = without_quoted(heard.text).strip() or heard.text
    whole = f"{said.value}\n{told}" if isinstance(said.value, str) else heard.text
    description = Field(
        value=whole, state=State.STATED, verbatim=whole, events=(*said.events, heard.event),
        confidence=1.0,
    )  # fmt: skip
    return case.with_field(names.DESCRIPTION, description)


def _says_too_little(case: Case, heard: Heard, asking: str | None) -> bool:
    """Whether a message tells nothing that could be looked into: "I have a problem", or facts alone."""
    if case.field(names.DESCRIPTION).settled or heard.intent == "complaint":
        return False
    words = other_words(heard.text, heard.entities)
    if asking == names.DESCRIPTION:
        facts_alone = bool(heard.entities) and not words
        return heard.intent in ("affirm", "deny") or facts_alone or not _LETTER.search(heard.text)
    of_some_kind = sum(kind["confidence"] for kind in heard.kinds) >= OF_SOME_KIND
    likely = heard.problem_confidence >= LIKELY or of_some_kind
    return not heard.entities and (not words or (not likely and len(words) < TOO_FEW_WORDS))


def _is_an_aside(heard: Heard, asking: str | None) -> bool:
    """Whether a few words that sound like a report rather answer what was asked."""
    answers = asking in names.FIELD_NAMES and asking not in CHECKED
    words = len(heard.text.split())
    tells_nothing = words < TOO_FEW_WORDS and heard.problem_confidence < LIKELY
    return tells_nothing or (answers and words < SHORT_ANSWER)


def _with_kind(case: Case, heard: Heard, content: Content) -> Case:
    problem = case.problem or heard.problem
    category = content.problems[problem].category if problem in content.problems else case.category
    if heard.intent == "complaint" or case.category == "complaint":
        category = "complaint"
    return msgspec.structs.replace(case, problem=problem, category=category)
