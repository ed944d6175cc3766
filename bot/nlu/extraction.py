"""All that a message says about the case: every finder in one pass, and what they take from another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import msgspec
from spacy.tokens import Doc, Span

from bot.content import Content
from bot.content.records import Devices, KnownError, Places, Step
from bot.nlu.contacts import emails, preferred_replies, previous_contacts
from bot.nlu.corrections import corrects, marked, settled
from bot.nlu.devices import DeviceFinder
from bot.nlu.error_messages import ERROR_MESSAGE, ErrorFinder, says_no_error
from bot.nlu.fields import STEP, STEPS_TRIED
from bot.nlu.found import Found, overlaps
from bot.nlu.identifiers import account_numbers, phone_numbers
from bot.nlu.places import PlaceFinder
from bot.nlu.started import started
from bot.nlu.step_phrases import Hit
from bot.nlu.steps import StepFinder, says_nothing_tried
from bot.nlu.steps_told import ToldSteps
from bot.nlu.systems import os_versions
from bot.nlu.tokens import blank_language

FIELD = "field"
_FIELDS = (
    ("account_number", r"account|acct|customer number"), ("contact_email", r"e-?mail(?: address)?"),
    ("contact_phone", r"(?:tele)?phone number|mobile number|contact number|my number|(?:the|that) number"),
    ("device", r"device|model|handset|phone(?! number)|tablet|router"), ("os_version", r"(?:ios|android|software|os|system) ?version|version"),
    ("error_message", r"error(?: message)?|message"), ("steps_tried", r"steps?(?: (?:i )?tried)?|what i(?:'ve| have)? tried|troubleshooting"),
    ("started", r"(?:start )?date|when it (?:started|began)|start|the day"), ("location", r"location|place|address|post ?code|where"),
    ("preferred_reply", r"(?:preferred )?(?:reply|contact) (?:method|preference)|how you (?:reply|contact)"),
    ("description", r"description|problem|issue|what(?:'s| is) wrong|summary"),
)  # fmt: skip
_FIELD_PATTERNS = tuple(
    (name, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for name, pattern in _FIELDS
)
_CHANGE = re.compile(
    r"\b(?:change|edit|correct|fix|amend|alter|update|modify|wrong|incorrect|mistake|mistyped|typo|not right|isn'?t right|go back to|redo|re-?enter)\b",
    re.IGNORECASE,
)
LONGEST_CHANGE = 80


class Catalogue(msgspec.Struct, frozen=True):
    """What the finders know: the part of the operator's content that a model is trained with."""

    devices: dict[str, Devices]
    errors: list[KnownError]
    steps: dict[str, Step]
    places: Places

    @classmethod
    def of(cls, content: Content) -> Catalogue:
        """The finders' part of all content."""
        return cls(content.devices, content.errors, content.steps, content.places)


class Reading(msgspec.Struct, frozen=True):
    """What a message says.

    found: the values in the order said; nothing: fields of which it says that there is none;
    steps_named: the steps, if it is the answer to "what have you tried?"; error_code: the code of a
    known error anywhere in it, whether or not it reads as a quotation.
    """

    found: list[Found]
    nothing: list[str]
    steps_named: list[dict[str, str | None]]
    error_code: str | None


class Extraction:
    """Finds every entity of a message; built once, without any state between messages.

    told: what finds steps that the catalogue has no words for; None where nothing was learnt.
    """

    def __init__(
        self, catalogue: Catalogue, language: str = "en", told: ToldSteps | None = None
    ) -> None:
        self._told = told
        self._language = blank_language(language)
        self._devices = DeviceFinder(self._language, catalogue.devices)
        self._errors = ErrorFinder(self._language, catalogue.errors)
        self._steps = StepFinder(catalogue.steps)
        self._places = PlaceFinder(self._language, catalogue.places)

    def read(self, text: str, today: date) -> Reading:
        """All of a message in one pass; `today` is the day on which it was written."""
        doc = self._language(text)
        known = self._errors.known(doc)
        values, taken, router = self._values(text, doc, today, known)
        hits = self._hits(text, values)
        found = values + _clear_of(self._steps.found(text, hits, router=router), taken)
        nothing = _nothing(text)
        if ERROR_MESSAGE in nothing:  # "no internet" beside "no error message" is what is wrong
            found = [it for it in found if it.entity != ERROR_MESSAGE or _is_read_out(it, text)]
        if corrects(text):
            found = [item if item.entity == STEP else marked([item])[0] for item in found]
            found += _fields_to_change(text)
        named = {STEPS_TRIED if item.entity == STEP else item.entity for item in found}
        answers: list[dict[str, str | None]] = [
            item.value for item in self._steps.found(text, hits, answering=True)
        ]
        return Reading(
            found=sorted(found, key=lambda item: (item.start, item.end)),
            nothing=[name for name in nothing if name not in named],
            steps_named=answers,
            error_code=self._errors.code(known),
        )

    def find(self, text: str, today: date) -> list[Found]:
        """The values of a message in the order said."""
        return self.read(text, today).found

    def _values(
        self, text: str, doc: Doc, today: date, known: Sequence[Span]
    ) -> tuple[list[Found], list[Found], bool]:
        """All but the steps; what no other value may lie in; whether the device is a router."""
        addresses = emails(text)
        errors = self._errors.find(doc, known)
        taken = [*addresses, *[item for item in errors if item.confidence >= QUOTED]]
        devices = self._devices.find(doc)
        found: list[Found] = []
        for values in (
            addresses, account_numbers(text), phone_numbers(text), devices, os_versions(text), errors,
            started(text, today), self._places.find(doc, devices), previous_contacts(text),
            preferred_replies(text),
        ):  # fmt: skip
            found += _best(settled(text, _clear_of(values, taken)))
        router = any(self._devices.is_router(item.value) for item in _best(devices))
        return found, taken, router

    def _hits(self, text: str, values: Sequence[Found]) -> list[Hit]:
        """The steps that are named, by the rules and by what was learnt."""
        hits = self._steps.hits(text)
        if self._told is None:
            return hits
        return self._told.hits(text, hits, values)


def _nothing(text: str) -> list[str]:
    """The fields of which the customer says, unasked, that there is nothing: "no error message"."""
    return [name for name, says_so in (("error_message", says_no_error), (STEPS_TRIED, says_nothing_tried))
            if says_so(text)]  # fmt: skip


QUOTED = 0.95
_SAYING = re.compile(r"\b(?:say|said|read|show|display)\w*\W+(?:\w+\W+)?\Z", re.IGNORECASE)


def _is_read_out(error: Found, text: str) -> bool:
    """Whether what was found as an error stands in quotation marks, or behind "it says"."""
    return error.confidence >= QUOTED or bool(_SAYING.search(text[: error.start]))


def _best(values: Sequence[Found]) -> list[Found]:
    """The one value of a field: what corrects, then what is surest, then what was said first."""
    return sorted(
        values, key=lambda item: (not item.extra.get("correction"), -item.confidence, item.start)
    )[:1]


def _clear_of(values: Sequence[Found], taken: Sequence[Found]) -> list[Found]:
    """The values that are not merely words inside an address or a quotation."""
    return [
        item
        for item in values
        if not any(overlaps(item, other) and item.entity != other.entity for other in taken)
    ]


def _fields_to_change(text: str) -> list[Found]:
    if len(text) > LONGEST_CHANGE or not _CHANGE.search(text):
        return []
    for name, pattern in _FIELD_PATTERNS:
        match = pattern.search(text)
        if match:
            return [Found(FIELD, match.start(), match.end(), name, match.group(), 0.8)]
    return []
