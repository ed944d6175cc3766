"""A customer's message as understood, and the fields of a case that were found in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.case import fields as names
from bot.case.model import Case, Field, State, Step, Value
from bot.nlu.answers import completed
from bot.nlu.leftover import is_question

SURE, FAIR = 0.9, 0.8
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}.*")
SAID_IN_QUESTIONS = (
    names.ACCOUNT_NUMBER, names.CONTACT_EMAIL, names.CONTACT_PHONE, names.DEVICE, names.OS_VERSION,
)  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """A customer's message as understood: its log event, intent, entities and kind of problem.

    nothing: the fields of which it says that there is nothing; error_code: of a known error among
    its words; kinds: the likeliest kinds of problem; confidence: in the intent; steps_named: steps among its words, done or not; clicked: a quick reply rather than words; file: the id of a file that was sent.
    """

    text: str
    event: str
    intent: str
    entities: Sequence[Mapping[str, Any]] = ()
    problem: str | None = None
    problem_confidence: float = 0.0
    kinds: Sequence[Mapping[str, Any]] = ()
    confidence: float = 1.0
    nothing: Sequence[str] = ()
    error_code: str | None = None
    steps_named: Sequence[Mapping[str, Any]] = ()
    clicked: bool = False
    file: str | None = None


def fields_in(case: Case, heard: Heard, asking: str | None = None) -> dict[str, Field]:
    """The fields of `case` that the message speaks of, each as the message has it; asking: what was asked for."""
    return _worth_taking(_denied_fields(heard) | _found_fields(case, heard), heard, asking)


def _worth_taking(found: dict[str, Field], heard: Heard, asking: str | None) -> dict[str, Field]:
    """Of what a question mentions, only what says who asks and with which device is the case's.

    Of a question that has nothing to do with us only what was asked for.
    """
    if heard.intent == "out_of_scope" and is_question(heard.text):
        wanted = found.get(asking) if asking in SAID_IN_QUESTIONS else None
        return {asking: wanted} if asking and wanted else {}
    if heard.intent == "faq":
        return {name: field for name, field in found.items() if name in SAID_IN_QUESTIONS}
    return found


def steps_answered(heard: Heard) -> Field | None:
    """The steps that a message tells if it is the answer to "what have you tried?"; None for none."""
    if not heard.steps_named:
        return None
    steps = msgspec.convert(list(heard.steps_named), list[Step])
    said = "; ".join(step.verbatim for step in steps)
    return Field(steps, State.STATED, said, (heard.event,), FAIR)


def _denied_fields(heard: Heard) -> dict[str, Field]:
    """The fields of which the customer says that there is nothing: no error, nothing tried."""
    fields: dict[str, Field] = {}
    for name in heard.nothing:
        tried = name == names.STEPS_TRIED
        fields[name] = Field(
            value=[] if tried else None, state=State.STATED if tried else State.UNKNOWN,
            verbatim=heard.text, events=(heard.event,), confidence=SURE,
        )  # fmt: skip
    return fields


def _found_fields(case: Case, heard: Heard) -> dict[str, Field]:
    """The fields that the extractor found; of several values a correction, else the surest."""
    found: dict[str, Field] = {}
    steps: list[Step] = []
    for entity in heard.entities:
        name = entity["entity"]
        if name == "step":
            steps.append(msgspec.convert(entity["value"], Step))
        elif name in names.FIELD_NAMES and not _is_another_fact(entity, heard):
            field = _entity_field(case, entity, heard)
            if name not in found or _rank(name, field) > _rank(name, found[name]):
                found[name] = field
    if steps:
        found[names.STEPS_TRIED] = Field(
            value=steps, state=State.STATED, verbatim="; ".join(step.verbatim for step in steps),
            events=(heard.event,), confidence=_lowest_confidence(heard, "step"),
        )  # fmt: skip
    return found


def _is_another_fact(entity: Mapping[str, Any], heard: Heard) -> bool:
    """Whether what was found as an error is a device or a number: "he says it's a Samsung"."""
    if entity["entity"] != names.ERROR_MESSAGE or entity.get("code") or "start" not in entity:
        return False
    others = (it for it in heard.entities if it["entity"] in SAID_IN_QUESTIONS and "start" in it)
    return any(it["start"] < entity["end"] and entity["start"] < it["end"] for it in others)


def has_number(model: str) -> bool:
    """Whether a device is named as closely as by a number: "iPhone 14", not "iPhone"."""
    return any(character.isdigit() for character in model)


def is_date(value: Value) -> bool:
    """Whether it is known to the day when something began: "2026-11-20", not "since the storm"."""
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


def _entity_field(case: Case, entity: Mapping[str, Any], heard: Heard) -> Field:
    verbatim = entity.get("verbatim") or heard.text[entity["start"] : entity["end"]]
    return Field(
        value=_whole_value(case, entity),
        state=State.CORRECTED if entity.get("correction") else State.STATED,
        verbatim=verbatim,
        events=(heard.event,),
        confidence=entity.get("confidence"),
        code=entity.get("code"),
    )


def _rank(name: str, field: Field) -> tuple[bool, bool, float]:
    close = name == names.DEVICE and has_number(str(field.value))
    close = close or (name == names.STARTED and is_date(field.value))
    return field.state is State.CORRECTED, close, field.confidence or 0.0


def _whole_value(case: Case, entity: Mapping[str, Any]) -> str:
    """An entity's value; one that is only an ending ("it ends in 39") is put on what is known."""
    value, known = str(entity["value"]), case.field(entity["entity"]).value
    if entity.get("partial") and isinstance(known, str):
        return completed(known, entity) or value
    return value


def _lowest_confidence(heard: Heard, kind: str) -> float | None:
    known = [e["confidence"] for e in heard.entities if e["entity"] == kind and "confidence" in e]
    return min(known, default=None)
