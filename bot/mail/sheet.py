"""The case as people read it in a mail: labels, values, where each came from, what is missing. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.case.account_number import masked
from bot.case.dialogue import date_in_words
from bot.case.document import CaseDocument
from bot.case.fields import ACCOUNT_NUMBER, STEPS_TRIED
from bot.case.model import Field, State
from bot.content import Content

WHY = {
    "refused": "the customer prefers not to say",
    "unknown": "the customer does not know",
    "not_asked": "not asked yet",
}
MARKS = {
    State.STATED: "as stated",
    State.INFERRED: "worked out by the bot",
    State.VERIFIED: "checked",
    State.CORRECTED: "corrected by the customer",
}
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls but tab and newline, surrogates, and what reorders text so that it reads as another.
_UNSHOWN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Wording:
    """The operator's words that stand in mails."""

    brand: str
    bot: str
    phone: str
    primary: str
    on_primary: str
    labels: Mapping[str, str]
    steps: Mapping[str, str]
    response_times: Mapping[str, str]


def wording(content: Content) -> Wording:
    """The words of this content."""
    brand = content.brand
    return Wording(
        brand=brand.name,
        bot=brand.bot_name,
        phone=brand.support_phone,
        primary=brand.colours.get("primary", "#1f4f8f"),
        on_primary=brand.colours.get("on_primary", "#ffffff"),
        labels={name: field.label for name, field in content.fields.items()},
        steps={name: step.label for name, step in content.steps.items()},
        response_times={name: time.text for name, time in content.response_times.items()},
    )


@dataclass(frozen=True)
class Row:
    """A field with a value: `mark` says how sure it is, `verbatim` what the customer wrote."""

    name: str
    label: str
    value: str
    mark: str
    sure: bool
    verbatim: str = ""
    code: str = ""
    invalid: str = ""


@dataclass(frozen=True)
class StepRow:
    """Something that was tried and what came of it."""

    label: str
    result: str
    verbatim: str = ""


@dataclass(frozen=True)
class MissingRow:
    """A field without a value, and why."""

    label: str
    why: str


@dataclass(frozen=True)
class Sheet:
    """All that a mail tells of a case, every text fit to be shown."""

    number: str
    revision: int
    category: str
    problem: str
    priority: str
    reasons: tuple[str, ...]
    received: str
    response_time: str
    confirmed: bool
    handover: str
    incident: str
    rows: tuple[Row, ...]
    steps: tuple[StepRow, ...]
    missing: tuple[MissingRow, ...]
    articles: tuple[str, ...]
    transcript: tuple[str, ...]


def sheet(document: CaseDocument, words: Wording) -> Sheet:
    """The case of `document` in the operator's words."""
    return Sheet(
        number=document.case,
        revision=document.revision,
        category=document.category.capitalize(),
        problem=_capital(line(document.problem_title)),
        priority=document.priority,
        reasons=tuple(line(reason) for reason in document.priority_reasons),
        received=_time(document.received_at),
        response_time=line(words.response_times.get(document.category, "")),
        confirmed=document.confirmed_by_customer,
        handover=line(document.handover.reason) if document.handover else "",
        incident=line(document.incident or ""),
        rows=tuple(
            _row(name, field, words)
            for name, field in document.fields.items()
            if isinstance(field.value, str) and field.value
        ),
        steps=_steps(document.fields.get(STEPS_TRIED, Field()), words),
        missing=tuple(
            MissingRow(_label(gap.field, words), WHY[gap.why]) for gap in document.missing
        ),
        articles=tuple(line(article) for article in document.articles_shown),
        transcript=tuple(text(said) for said in document.transcript),
    )


def text(value: str) -> str:
    """`value` as it may be shown over several lines."""
    return _UNSHOWN.sub("", _NEWLINES.sub("\n", value)).strip()


def line(value: str) -> str:
    """`value` as it may be shown within a line."""
    return " ".join(text(value).split())


def for_customer(sheet: Sheet) -> Sheet:
    """The sheet as it goes to the customer: the account number only by its end, wherever it stands."""
    number = next((row.value for row in sheet.rows if row.name == ACCOUNT_NUMBER), "")
    hide = _hiding(number)
    return replace(
        sheet,
        rows=tuple(replace(row, value=hide(row.value), verbatim="") for row in sheet.rows),
        steps=tuple(replace(step, label=hide(step.label), result=hide(step.result), verbatim="")
                    for step in sheet.steps),
        missing=tuple(gap for gap in sheet.missing if gap.why != WHY["refused"]),
        transcript=(),
    )  # fmt: skip


def _hiding(number: str) -> Callable[[str], str]:
    """Puts `••` and the end of `number` in its place, also where it is written with separators."""
    if not number:
        return lambda value: value
    written = re.compile(r"[\s.\-–/]*".join(re.escape(char) for char in number), re.IGNORECASE)
    # A function: a text would be read as a template, and numbers are whatever customers write.
    return lambda value: written.sub(lambda _: masked(number), value)


def _row(name: str, field: Field, words: Wording) -> Row:
    value = date_in_words(text(str(field.value)))
    verbatim = text(field.verbatim or "")
    mark = MARKS.get(field.state, field.state.value)
    if field.state is State.INFERRED and field.confidence is not None:
        mark += f", {field.confidence:.0%} sure"
    return Row(
        name=name,
        label=_label(name, words),
        value=value,
        mark=mark,
        sure=field.state is not State.INFERRED,
        verbatim="" if verbatim.casefold() == value.casefold() else verbatim,
        code=line(field.code or ""),
        invalid=line(field.invalid or ""),
    )


def _steps(field: Field, words: Wording) -> tuple[StepRow, ...]:
    steps = field.value if isinstance(field.value, list) else []
    return tuple(_step(step.step, step.verbatim, step.result, words) for step in steps)


def _step(slug: str, verbatim: str, result: str | None, words: Wording) -> StepRow:
    said = line(verbatim)
    label = words.steps.get(slug)
    if label is None:
        return StepRow(said or line(slug), line(result or ""))
    return StepRow(label, line(result or ""), "" if said.casefold() == label.casefold() else said)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _label(name: str, words: Wording) -> str:
    return words.labels.get(name, name.replace("_", " ").capitalize())


def _time(stamp: str) -> str:
    try:
        return f"{datetime.fromisoformat(stamp):%-d %B %Y, %H:%M %Z}"
    except ValueError:
        return line(stamp)
