"""What the bot asks next, and how a case reads in words. Pure."""

from __future__ import annotations

import re
from datetime import date

from bot.case import fields as names
from bot.case.completeness import asked_fields, questions
from bot.case.doubt import is_doubtful
from bot.case.heard import is_date
from bot.case.model import Case, Field, State, Value
from bot.content import Content
from bot.content.records import DeviceKind, Suggestion

ENOUGH_IN_A_HURRY = (names.DESCRIPTION, names.CONTACT_EMAIL)
LONGEST_IN_SUMMARY = 160
# First words of labels that say too little on their own ("Since when", "What is wrong").
NOT_NAMES = {"what", "where", "since", "already"}


def next_question(case: Case, content: Content, hurry: bool = False) -> str | None:
    """The most useful field still to be asked for; None when there is nothing left to ask.

    In a hurry only what is needed to answer the customer at all is asked for.
    """
    open_questions = questions(case, content)
    if hurry:
        open_questions = [name for name in open_questions if name in ENOUGH_IN_A_HURRY]
    return open_questions[0] if open_questions else None


def suggestion(case: Case, content: Content) -> Suggestion | None:
    """A step worth trying that the customer has not tried; one a case, and only where it can help."""
    problem = content.problems.get(case.problem or "")
    tried = case.field(names.STEPS_TRIED).value
    settled = case.category == "complaint" or case.incident or case.suggested
    if problem is None or settled or not isinstance(tried, list):
        return None
    done = {step.step for step in tried}
    kinds = kinds_of(case.field(names.DEVICE).value, content)
    return next(
        (one for one in problem.suggestions
         if one.step not in done and not (kinds and kinds <= set(one.not_for))), None
    )  # fmt: skip


def kinds_of(device: object, content: Content) -> set[DeviceKind]:
    """The kinds of device that a device's name may stand for; empty where that is not known."""
    exact: set[DeviceKind] = set()
    alike: set[DeviceKind] = set()
    for family in content.devices.values():
        known = {family.generic, *(f"{family.brand} {model.name}" for model in family.models)}
        if device in known:
            exact.add(family.kind)
        if family.brand and str(device).startswith(f"{family.brand} "):
            alike.add(family.kind)
    return exact or alike


def new_advice(case: Case, event: str, content: Content, settled: bool = False) -> str:
    """What cannot wait, where the customer has told of such a problem in this very message.

    settled: the message has said which kind of problem it is.
    """
    problem = content.problems.get(case.problem or "")
    just_told = settled or case.field(names.DESCRIPTION).events == (event,)
    return problem.advice if problem is not None and just_told else ""


def summary(case: Case, content: Content) -> str:
    """The case for the customer to confirm, a line a field; what is doubtful is marked."""
    wanted = set(asked_fields(case, content))
    lines = [
        f"• {rule.label}: {field_in_words(case.field(name))}{_mark(case.field(name))}"
        for name, rule in content.fields.items()
        if name in wanted or case.field(name).value is not None
    ]
    return "\n".join(lines)


def _mark(field: Field) -> str:
    return " (is that right?)" if is_doubtful(field) else ""


def field_in_words(field: Field) -> str:
    """A field's value, or why there is none, in a few words."""
    if field.value is not None:
        return _shortened(value_in_words(field.value))
    if field.state is State.REFUSED:
        return "you'd rather not say"
    return "none known" if field.state is State.UNKNOWN else "not asked"


def edit_in_words(field: str, before: Case, after: Case) -> dict[str, str]:
    """The field with its old (empty when there was none) and its new value, for one to be told."""
    old, new = (case.field(field).value for case in (before, after))
    return {"field": field, "old": value_in_words(old) if old else "", "new": value_in_words(new)}


def named_field(text: str, content: Content) -> str | None:
    """The field whose label, or the first word of it, stands in `text`."""
    plain = _plain(text)
    words = set(re.findall(r"\w+", plain)) - NOT_NAMES
    labels = {name: _plain(rule.label) for name, rule in content.fields.items()}
    whole = [name for name, label in labels.items() if label in plain and " " in label]
    first = [name for name, label in labels.items() if label.split()[0] in words]
    return next(iter(whole + first), None)


def _plain(text: str) -> str:
    return text.casefold().replace("-", "")


def value_in_words(value: Value) -> str:
    """A value as one would write it in a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return date_in_words(value)
    if not value:
        return "nothing yet"
    return "; ".join(
        f"{step.verbatim} ({step.result})" if step.result else step.verbatim for step in value
    )


def date_in_words(value: str) -> str:
    """The day that `value` is in ISO 8601, as people write it; whatever is none stays as it is."""
    try:
        return f"{date.fromisoformat(value):%A %-d %B %Y}" if is_date(value) else value
    except ValueError:
        return value


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    if len(flat) <= LONGEST_IN_SUMMARY:
        return flat
    return flat[: LONGEST_IN_SUMMARY - 1].rstrip() + "…"
