"""What an operator writes in `data/`: one frozen record per kind of content."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

DeviceKind = Literal["phone", "tablet", "router", "watch", "sim", "computer"]
Category = Literal["technical", "billing", "account", "order", "complaint", "other"]
Priority = Literal["P1", "P2", "P3", "P4"]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all content: frozen, and a misspelt key is an error rather than ignored."""


class Brand(Record, frozen=True, kw_only=True):
    """Who the operator is; `colours` are CSS colours by role (`primary`, `on_primary`, …).

    chat_page: the page with the widget that e-mailed links open; empty for Firstline's own.
    """

    name: str
    bot_name: str
    greeting: str
    privacy_notice: str
    privacy_link: str
    colours: dict[str, str]
    chat_page: str = ""
    support_email: str
    support_phone: str


class CaseField(Record, frozen=True, kw_only=True):
    """A field of the case in words: its label, why it is asked for, an example of a good answer.

    asked_for: the categories in which the bot asks for it when it is missing.
    """

    label: str
    why: str = ""
    example: str = ""
    asked_for: list[Category] = []


class ResponseTime(Record, frozen=True, kw_only=True):
    """When a customer can expect an answer: in words, and in hours of opening time."""

    text: str
    business_hours: int


class Suggestion(Record, frozen=True, kw_only=True):
    """A step worth trying before a case is filed; `step` is a slug of `data/steps.yml`.

    not_for: kinds of device that cannot do it.
    """

    step: str
    text: str
    not_for: list[DeviceKind] = []


class Problem(Record, frozen=True, kw_only=True):
    """A kind of problem; `title` stands in the case's subject line, so it is short.

    advice: what cannot wait until the case is read, said as soon as the problem is known.
    """

    title: str
    category: Category
    priority: Priority
    advice: str = ""
    examples: list[str]
    suggestions: list[Suggestion] = []
    evidence: str = ""


class Article(Record, frozen=True, kw_only=True):
    """One answer of the knowledge base; `next` names articles worth offering afterwards.

    incidents: the known faults that go on are told before the answer.
    """

    title: str
    category: str
    questions: list[str]
    answer: str
    steps: list[str] = []
    link: str = ""
    next: list[str] = []
    incidents: bool = False


class Model(Record, frozen=True, kw_only=True):
    """A device as customers name it; `aliases` are further spellings of `name`."""

    name: str
    aliases: list[str] = []


class Devices(Record, frozen=True, kw_only=True):
    """The models of one brand and kind.

    `bare` models are recognised without the brand's name. `generic` is what a mention of the brand
    alone is called; without it such a mention says nothing.
    """

    brand: str
    generic: str = ""
    kind: DeviceKind
    system: str = ""
    brand_aliases: list[str] = []
    bare: bool = True
    models: list[Model]


class Step(Record, frozen=True, kw_only=True):
    """Something a customer may already have tried; `phrases` are ways to say it."""

    label: str
    phrases: list[str]


class KnownError(Record, frozen=True, kw_only=True):
    """An error text as a device shows it, with the code that agents search for.

    plain: texts that are plain words too, so that something must say that they were shown.
    """

    code: str
    texts: list[str]
    plain: list[str] = []
    platform: Literal["ios", "android", "any", "router"] = "any"


class Places(Record, frozen=True, kw_only=True):
    """Places known by name, in rows for the eye; the kinds make no difference to understanding.

    also_words: places whose names are ordinary words too; no_places: names that are no places;
    ordinary: words after "in" in small letters that are no names.
    """

    towns: list[list[str]]
    countries: list[list[str]]
    abroad: list[list[str]]
    also_words: list[list[str]] = []
    no_places: list[list[str]] = []
    ordinary: list[list[str]] = []

    def names(self) -> list[str]:
        """All of them."""
        return [
            name
            for kind in (self.towns, self.countries, self.abroad)
            for row in kind
            for name in row
        ]


class Incident(Record, frozen=True, kw_only=True):
    """A known fault: told to customers at once, and cases are tied to it by `name`."""

    name: str
    title: str
    text: str
    problems: list[str]
    since: datetime
    areas: list[str] = []
    until: datetime | None = None
