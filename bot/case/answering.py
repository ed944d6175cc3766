"""A message as the answer to the question that was asked, or as the change of a field by its name. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from bot.case import fields as names
from bot.case.asking import COMMANDS, NO_ANSWERS, REPORTS
from bot.case.dialogue import named_field
from bot.case.heard import Heard
from bot.case.model import Case, Field, State, Step, Value
from bot.case.taking import CHECKED, Note, Taken, take_field
from bot.content import Content
from bot.nlu.absence import says_none
from bot.nlu.answers import read_answer
from bot.nlu.leftover import is_question, other_words, without_quoted

_DOES_NOT_KNOW = re.compile(
    r"\W*(?:(?:oh|well|um+|er+|sorry|hm+|honestly|ah)\W+)*(?:(?:i )?(?:really )?(?:don'?t|do not|wouldn'?t) (?:know|remember)|(?:i )?(?:don'?t|do not|haven'?t|have not|not) (?:have|got)|"
    r"(?:i(?:'ve| have) )?no (?:idea|clue)|(?:i'm )?not sure|(?:i )?(?:can'?t|cannot|couldn'?t) (?:find|remember|recall|see)|dunno)\b",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"\W*(?:no,? )?(?:wait|hang on|hold on|actually|scratch that|sorry,? i (?:mean|meant))\b",
    re.IGNORECASE,
)
_NO = re.compile(r"\W*(?:no(?:pe)?|nah|no thanks?|no thank you|no way)\W*", re.IGNORECASE)
A_FEW_WORDS = 3
SURELY = 0.85
# A report of more words than these is no name of a device.
LONGEST_NAME = 5


def take_answer(
    taken: Taken, asking: str, heard: Heard, content: Content, told_more: bool
) -> Taken:
    """`taken` with the message read as the answer to the question about `asking`.

    told_more: the message has told something new, so one without an answer is no failure.
    """
    heard = replace(heard, text=without_quoted(heard.text))
    if _has_none(asking, heard):
        return taken.add(_without_value(taken.case, asking, State.UNKNOWN, heard))
    declined = asking in CHECKED and _NO.fullmatch(heard.text)
    nothing_tried = asking == names.STEPS_TRIED and says_none(asking, heard.text)
    no_answer = heard.intent in NO_ANSWERS or declined or _does_not_know(heard, asking)
    if no_answer and not nothing_tried:
        state = NO_ANSWERS.get(heard.intent, State.REFUSED if declined else State.UNKNOWN)
        return taken.add(_without_value(taken.case, asking, state, heard))
    stale_click = heard.clicked and heard.intent != "inform"
    if stale_click or heard.intent in COMMANDS or asking == names.DESCRIPTION:
        return taken
    if heard.intent in REPORTS and (told_more or _of_another_problem(taken.case, heard)):
        return taken
    if (
        asking == names.DEVICE
        and heard.intent in REPORTS
        and len(heard.text.split()) > LONGEST_NAME
    ):
        return taken
    if heard.intent == "out_of_scope" and is_question(heard.text) and not heard.clicked:
        return taken
    answer = None if _says_something_else(heard) else _read(asking, heard)
    if answer is None:
        return taken if told_more else taken.add(taken.case, Note("lost", asking))
    field = _answer_field(answer, heard)
    if asking == names.ERROR_MESSAGE and field.value is not None and field.code is None:
        field = msgspec.structs.replace(field, code=heard.error_code)
    direct = replace(heard, intent="inform")
    return take_field(taken, asking, field, asking, direct, content)


def _has_none(asking: str, heard: Heard) -> bool:
    """Whether the answer is that no error is shown, however it sounds: "I don't get one"."""
    if heard.clicked or asking != names.ERROR_MESSAGE:
        return False
    answer = _read(asking, heard)
    return answer is not None and answer["value"] is None


def _does_not_know(heard: Heard, asking: str) -> bool:
    """Whether a message begins with "I don't know" and gives no answer after that."""
    opening = _DOES_NOT_KNOW.match(heard.text)
    if opening is None:
        return False
    if asking in CHECKED and not re.search(r"\d{2}|@", heard.text):
        return True
    return bool(heard.entities) or len(heard.text[opening.end() :].split()) < A_FEW_WORDS


def _of_another_problem(case: Case, heard: Heard) -> bool:
    """Whether a report is surely of more trouble, not what the device says or what was tried."""
    surely = heard.problem_confidence >= SURELY and heard.error_code is None
    return surely and heard.problem != case.problem


def take_named(taken: Taken, heard: Heard, content: Content) -> Taken:
    """`taken` with a field changed by name, as in "the account number should be 99"."""
    name = named_field(heard.text, content)
    answer = _read(name, heard) if name in CHECKED else None
    digits = re.search(r"\d[\d -]*", heard.text)
    if answer is None and name == names.ACCOUNT_NUMBER and digits:
        answer = {"value": digits.group().strip(), "verbatim": digits.group().strip()}
    if name is None or answer is None:
        return taken
    return take_field(taken, name, _answer_field(answer, heard), name, heard, content)


def _says_something_else(heard: Heard) -> bool:
    """Whether the message is about other facts, or asks back, so that its words are no answer."""
    if heard.clicked:
        return False
    if heard.text.rstrip().endswith("?") or _TAKES_BACK.match(heard.text):
        return True
    rest = other_words(heard.text, heard.entities, telling=())
    return bool(heard.entities) and len(rest) < A_FEW_WORDS


def _read(name: str, heard: Heard) -> Mapping[str, Any] | None:
    return read_answer(name, heard.text, list(heard.entities))


def _without_value(case: Case, name: str, state: State, heard: Heard) -> Case:
    """The case with the question about `name` answered by "I don't know" or a refusal."""
    old = case.field(name)
    if old.value is not None and old.invalid is None:
        return case
    said = "; ".join(part for part in (old.verbatim, heard.text) if part)
    return case.with_field(
        name, Field(state=state, verbatim=said, events=(*old.events, heard.event), confidence=1.0)
    )


def _answer_field(answer: Mapping[str, Any], heard: Heard) -> Field:
    value: Value = answer.get("value")
    if isinstance(value, list):
        value = msgspec.convert(value, list[Step])
    return Field(
        value=value,
        state=State(answer.get("state", State.STATED.value)),
        verbatim=answer.get("verbatim", heard.text),
        events=(heard.event,),
        confidence=answer.get("confidence"),
        code=answer.get("code"),
        invalid=answer.get("invalid"),
    )


def without_answer(case: Case, name: str, event: str) -> Case:
    """The case with the question about `name` closed without an answer; what was said stays."""
    said = case.field(name).verbatim
    return case.with_field(name, Field(state=State.UNKNOWN, verbatim=said, events=(event,)))
