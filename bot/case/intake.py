"""Taking in what a customer says: pure, from a case and a message to the next case.

A message is read once, whole. Everything in it that belongs to the case is taken, whatever was
asked; what was said before is only replaced by a correction or by an answer to the question about
it, and never by a value that does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from bot.case import fields as names
from bot.case.dialogue import named_field
from bot.case.doubt import after_doubt, doubted_field
from bot.case.heard import Heard, fields_in, has_number, is_date, steps_answered
from bot.case.model import Case, Field, State, Step, Value
from bot.case.sibling import sibling
from bot.content import Content
from bot.errors import InvalidValue
from bot.nlu.answers import read_answer
from bot.nlu.leftover import is_question, other_words

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
_LETTER = re.compile(r"[^\W\d_]")

CONFIRMATION = "confirmation"
CHANGE = "change"
CANCEL = "cancel"
SOLVED = "solved"
START_OVER = "start_over"
DOUBT = "doubt"
SECOND = "second"
NEXT = "next"
# Whether a case that was closed is to be opened again.
REOPEN = "reopen"
# Whether to be put through to a person.
PERSON = "person"
# Which kind of problem it is.
KIND = "kind"

A_FEW_WORDS = 3
SURELY = 0.85
SURE, FAIR = 0.9, 0.85
LONGEST_MODEL = 12
# A report of fewer words, of a problem less likely, is asked about before it is taken for a description.
TOO_FEW_WORDS, LIKELY = 3, 0.5
# Fewer than these are an answer rather than more of the report.
SHORT_ANSWER = 5

REPORTS = frozenset({"report_problem", "complaint"})
# Intents that are never an answer to a question about a field.
COMMANDS = frozenset({
    "ask_human", "cancel", "start_over", "help", "faq", "why_ask", "change_field", "skip_to_end",
    "bot_challenge", "greet", "goodbye", "thanks", "frustration", "choose_field", "choose_kind", "case_edited",
    "skip_question", "solved", "not_solved", "file_sent",
})  # fmt: skip
NO_ANSWERS = {"dont_know": State.UNKNOWN, "refuse": State.REFUSED}
CHECKED = (names.ACCOUNT_NUMBER, names.CONTACT_EMAIL, names.CONTACT_PHONE)
# What reads like many other things: said in passing, it replaces nothing.
LOOSE = frozenset({names.ERROR_MESSAGE, names.STARTED, names.LOCATION, names.PREVIOUS_CONTACT})
KEPT_FOR_NEXT_CASE = (
    names.ACCOUNT_NUMBER, names.CONTACT_EMAIL, names.CONTACT_PHONE, names.PREFERRED_REPLY,
)  # fmt: skip


@dataclass(frozen=True)
class Note:
    """Something the customer should hear about what was taken in.

    changed: `new` has replaced `old`; kept: `new` does not fit and `old` stands; invalid: `new`
    does not fit and there is no old value; lost: the answer to the question could not be read.
    """

    kind: Literal["changed", "kept", "invalid", "lost"]
    field: str
    old: Value = None
    new: Value = None
    reason: str = ""


@dataclass(frozen=True)
class Taken:
    """The case after a message, and what to tell the customer about it."""

    case: Case
    notes: tuple[Note, ...] = ()

    def add(self, case: Case, *notes: Note) -> Taken:
        """This with the case moved on and more notes."""
        return Taken(case, self.notes + notes)


def take_in(case: Case, heard: Heard, asking: str | None, content: Content) -> Taken:
    """The case after `heard`, when the bot has just asked for `asking` (a field, or nothing)."""
    if asking == DOUBT and heard.intent not in COMMANDS:
        return _take_in_after_doubt(case, heard, content)
    case = _next_case(case, heard)
    if heard.file is not None:
        case = case.with_file(heard.file)
    described = _described(case, heard, asking, content)
    taken = Taken(described)
    found = fields_in(case, heard) | _answered_steps(asking, heard)
    found = _corrected_model(case, heard, asking, content) | found
    for name, field in found.items():
        taken = _take_field(taken, name, field, asking, heard, content)
    if not found and _names_a_change(heard, asking):
        return _take_named(taken, heard, content)
    if asking in names.FIELD_NAMES and asking not in found:
        taken = _take_answer(taken, asking, heard, content, taken.case != described)
    return taken


def _names_a_change(heard: Heard, asking: str | None) -> bool:
    """Whether a message changes a field by its name, though no value was found that fits."""
    tells = asking == CONFIRMATION and heard.intent in ("inform", "deny")
    return heard.intent == "change_field" or (tells and "@" in heard.text)


def _answered_steps(asking: str | None, heard: Heard) -> dict[str, Field]:
    """What was tried, where that is the question: a bare list of steps is an answer."""
    steps = steps_answered(heard) if asking == names.STEPS_TRIED else None
    told = heard.intent not in COMMANDS | NO_ANSWERS.keys()
    return {names.STEPS_TRIED: steps} if steps and told else {}


def _corrected_model(
    case: Case, heard: Heard, asking: str | None, content: Content
) -> dict[str, Field]:
    """The device, where a few words correct its model: "no, it's the Plus"."""
    if heard.clicked or asking == names.STARTED or len(heard.text.split()) > LONGEST_MODEL:
        return {}
    model = sibling(heard.text, case.field(names.DEVICE).value, content)
    if model is None:
        return {}
    return {names.DEVICE: Field(model, State.CORRECTED, heard.text, (heard.event,), FAIR)}


def _take_in_after_doubt(case: Case, heard: Heard, content: Content) -> Taken:
    """A yes or no to "Did you mean …?", and whatever else the message says; no answer is no failure."""
    doubted = doubted_field(case, content)
    asking = doubted if heard.intent == "inform" else None
    taken = take_in(after_doubt(case, heard, content), heard, asking, content)
    return Taken(taken.case, tuple(note for note in taken.notes if note.kind != "lost"))


def _next_case(case: Case, heard: Heard) -> Case:
    """A new report after a case was filed begins a new case; who the customer is stays known.

    When it is of the same problem, the new case names the one before.
    """
    if not (case.filed and heard.intent in REPORTS):
        return case
    kept = {name: case.fields[name] for name in KEPT_FOR_NEXT_CASE if name in case.fields}
    again = heard.problem == case.problem or (heard.intent == "complaint" and heard.problem is None)
    if again and case.problem is not None:
        earlier = Field(in_words(case), State.INFERRED, None, (heard.event,), 1.0)
        kept[names.PREVIOUS_CONTACT] = earlier
    return Case(locale=case.locale, fields=kept)


def in_words(earlier: Case) -> str:
    """How a case names an earlier one of the same customer."""
    return f"case {earlier.number}"


def _described(case: Case, heard: Heard, asking: str | None, content: Content) -> Case:
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
    whole = f"{said.value}\n{heard.text}" if isinstance(said.value, str) else heard.text
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
    unlikely = heard.problem_confidence < LIKELY and len(words) < TOO_FEW_WORDS
    return not heard.entities and (unlikely or not words)


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


def _take_field(
    taken: Taken, name: str, field: Field, asking: str | None, heard: Heard, content: Content
) -> Taken:
    """`taken` with a field that was found; the old value stands unless it was meant to change."""
    old = taken.case.field(name)
    if field.value is None and old.value is not None:
        return taken
    if name == names.STEPS_TRIED and asking != name:
        return taken.add(taken.case.with_field(name, _joined_steps(old, field)))
    field = _checked(name, field, content)
    if asking == name and name in CHECKED and field.confidence is not None:
        field = msgspec.structs.replace(field, confidence=max(field.confidence, SURE))
    if field.invalid:
        return _refused_value(taken, name, field, field.invalid)
    if old.value is None or old.invalid:
        return taken.add(taken.case.with_field(name, field))
    if old.value == field.value or _is_vaguer(name, field, old):
        return taken
    recognised = name == names.ERROR_MESSAGE and field.code and not old.code
    if recognised or (name == names.STARTED and is_date(field.value) and not is_date(old.value)):
        return taken.add(taken.case.with_field(name, field))
    if not _may_replace(name, field, asking, heard):
        return taken
    corrected = msgspec.structs.replace(field, state=State.CORRECTED)
    note = Note("changed", name, old.value, field.value)
    return taken.add(taken.case.with_field(name, corrected), note)


def _is_vaguer(name: str, new: Field, old: Field) -> bool:
    """Whether a device is only named in passing: "the hub" after "Hub 3" is the same."""
    if name != names.DEVICE or new.state is State.CORRECTED:
        return False
    said, known = str(new.value), str(old.value)
    same_brand = said.split()[:1] == known.split()[:1]
    return same_brand and has_number(known) and not has_number(said)


def _may_replace(name: str, field: Field, asking: str | None, heard: Heard) -> bool:
    if field.state is State.CORRECTED or asking in (name, CONFIRMATION, CHANGE):
        return True
    if name in LOOSE:
        return False
    return heard.intent in ("inform", "deny", "change_field")


def _joined_steps(old: Field, new: Field) -> Field:
    if not isinstance(old.value, list) or not isinstance(new.value, list):
        return new
    known = {(step.step, step.verbatim) for step in old.value}
    more = [step for step in new.value if (step.step, step.verbatim) not in known]
    if not more:
        return old
    steps = [*old.value, *more]
    return msgspec.structs.replace(
        old, value=steps, verbatim="; ".join(step.verbatim for step in steps),
        events=tuple(dict.fromkeys(old.events + new.events)),
    )  # fmt: skip


def _checked(name: str, field: Field, content: Content) -> Field:
    """`field` with its value as it is stored, or with the reason why the value does not fit."""
    if name not in CHECKED or field.invalid or not isinstance(field.value, str):
        return field
    try:
        value = names.checked_value(name, field.value, content.account_number)
    except InvalidValue as error:
        return msgspec.structs.replace(field, invalid=error.reason)
    return msgspec.structs.replace(field, value=value)


def _refused_value(taken: Taken, name: str, field: Field, reason: str) -> Taken:
    """A value that does not fit: the old one stands; without one it is kept as said, and asked."""
    old = taken.case.field(name)
    if old.value is not None and old.invalid is None:
        return taken.add(taken.case, Note("kept", name, old.value, field.verbatim, reason))
    note = Note("invalid", name, None, field.verbatim, reason)
    return taken.add(taken.case.with_field(name, field), note)


def _take_answer(
    taken: Taken, asking: str, heard: Heard, content: Content, told_more: bool
) -> Taken:
    """`taken` with the message read as the answer to the question about `asking`.

    told_more: the message has told something new, so one without an answer is no failure.
    """
    declined = asking in CHECKED and _NO.fullmatch(heard.text)
    if heard.intent in NO_ANSWERS or declined or _does_not_know(heard, asking):
        state = NO_ANSWERS.get(heard.intent, State.REFUSED if declined else State.UNKNOWN)
        return taken.add(_without_value(taken.case, asking, state, heard))
    stale_click = heard.clicked and heard.intent != "inform"
    if stale_click or heard.intent in COMMANDS or asking == names.DESCRIPTION:
        return taken
    if heard.intent in REPORTS and (told_more or _of_another_problem(taken.case, heard)):
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
    return _take_field(taken, asking, field, asking, direct, content)


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


def _take_named(taken: Taken, heard: Heard, content: Content) -> Taken:
    """`taken` with a field changed by name, as in "the account number should be 99"."""
    name = named_field(heard.text, content)
    answer = _read(name, heard) if name in CHECKED else None
    digits = re.search(r"\d[\d -]*", heard.text)
    if answer is None and name == names.ACCOUNT_NUMBER and digits:
        answer = {"value": digits.group().strip(), "verbatim": digits.group().strip()}
    if name is None or answer is None:
        return taken
    return _take_field(taken, name, _answer_field(answer, heard), name, heard, content)


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
