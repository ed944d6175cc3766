"""Taking in what a customer says: pure, from a case and a message to the next case.

A message is read once, whole. Everything in it that belongs to the case is taken, whatever was
asked; what was said before is only replaced by a correction or by an answer to the question about
it, and never by a value that does not fit.
"""

from __future__ import annotations

from bot.case import fields as names
from bot.case.answering import take_answer, take_named
from bot.case.asking import COMMANDS, CONFIRMATION, DOUBT, REPORTS, SHOWN
from bot.case.described import described, with_more
from bot.case.doubt import after_doubt, doubted_field
from bot.case.heard import Heard, fields_in
from bot.case.model import Case, Field, State
from bot.case.sibling import sibling
from bot.case.taking import Note, Taken, take_field
from bot.case.tried import answered_steps, at_the_device
from bot.content import Content
from bot.nlu.leftover import is_question, other_words

FAIR = 0.85
LONGEST_MODEL = 12
# A message with fewer words of its own tells nothing that an agent would miss.
FEWEST_UNREAD = 2
TELLING = frozenset({"inform", "report_problem"})
KEPT_FOR_NEXT_CASE = (
    names.ACCOUNT_NUMBER, names.CONTACT_EMAIL, names.CONTACT_PHONE, names.PREFERRED_REPLY,
)  # fmt: skip


def take_in(case: Case, heard: Heard, asking: str | None, content: Content) -> Taken:
    """The case after `heard`, when the bot has just asked for `asking` (a field, or nothing)."""
    if asking == DOUBT and heard.intent not in COMMANDS:
        return _take_in_after_doubt(case, heard, content)
    case = _next_case(case, heard)
    if heard.file is not None:
        case = case.with_file(heard.file)
    told = described(case, heard, asking, content)
    taken = Taken(told)
    found = fields_in(case, heard, asking) | answered_steps(asking, heard)
    found = _corrected_model(case, heard, asking, content) | found
    if names.STEPS_TRIED in found:
        found[names.STEPS_TRIED] = at_the_device(found[names.STEPS_TRIED], case, heard, content)
    for name, field in found.items():
        taken = take_field(taken, name, field, asking, heard, content)
    if not found and _names_a_change(heard, asking):
        return take_named(taken, heard, content)
    if asking in names.FIELD_NAMES and asking not in found:
        taken = take_answer(taken, asking, heard, content, taken.case != told)
    return _with_the_unread(taken, case, heard, asking)


def _with_the_unread(taken: Taken, before: Case, heard: Heard, asking: str | None) -> Taken:
    """`taken` with a statement of which nothing could be used beside what is wrong: no words are lost."""
    unread = taken.case == before and all(note.kind == "lost" for note in taken.notes)
    known = before.field(names.DESCRIPTION)
    if not unread or before.filed or not known.settled or not _tells_more(heard, known):
        return taken
    noted = (Note("added", names.DESCRIPTION, None, heard.text),) if asking in SHOWN else ()
    return taken.add(with_more(before, heard), *noted)


def _tells_more(heard: Heard, known: Field) -> bool:
    if heard.clicked or heard.intent not in TELLING or is_question(heard.text):
        return False
    words = other_words(heard.text, heard.entities, telling=())
    return len(words) >= FEWEST_UNREAD and heard.text not in str(known.value)


def _names_a_change(heard: Heard, asking: str | None) -> bool:
    """Whether a message changes a field by its name, though no value was found that fits."""
    tells = asking == CONFIRMATION and heard.intent in ("inform", "deny")
    return heard.intent == "change_field" or (tells and "@" in heard.text)


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
