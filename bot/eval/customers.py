"""Simulated customers: what each knows and how they put it, and a dialogue's worth of behaviour.

The customers are data (`tests/dialogues/customers.yml`); which words they choose is drawn with a
seed, so that a run can be repeated. Pure.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from bot.case import fields as names
from bot.content.files import read_file
from bot.settings import ROOT

FILE = ROOT / "tests" / "dialogues" / "customers.yml"
RICH, BARE = "rich", "bare"
MANNERS = (RICH, BARE)
QUIRKS = (
    "none", "digression", "why", "unknown", "correction", "greeting",
    "angry", "bot", "chatter", "ahead", "mistyped", "second_thoughts",
)  # fmt: skip
# What interrupts the bot's questions, once a dialogue; the words are those of `Replies`.
ASIDES = frozenset({"digression", "why", "angry", "bot"})
JOINTS = (". ", "\n", ", ")
MAY_BE_UNKNOWN = (names.DEVICE, names.ERROR_MESSAGE)


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a case must hold of one field, and how the customer tells it.

    value: None for none there is, a list of known steps for steps_tried; code: of an error.
    """

    value: str | list[str] | None
    said: list[str]
    answers: list[str] = []
    code: str | None = None


class Customer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One customer with one trouble."""

    problem: str
    category: str
    trouble: list[str]
    fields: dict[str, Fact]


class Replies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What any customer says to questions that are not about a fact, or of their own accord."""

    confirmation: list[str]
    doubt_yes: list[str]
    doubt_no: list[str]
    solved: list[str]
    unknown: list[str]
    why: list[str]
    digression: list[str]
    correction: list[str]
    greeting: list[str]
    angry: list[str]
    bot: list[str]
    chatter: list[str]
    second_thoughts: list[str]


class Customers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file; `at` is when they write."""

    at: datetime
    customers: list[Customer]
    replies: Replies


@dataclass
class Script:
    """One dialogue to be: a customer, how much the first message tells, and one quirk.

    `told` are the fields that the customer has stated so far, `wanted` what a case must hold of them.
    """

    customer: Customer
    replies: Replies
    manner: str
    quirk: str
    chance: random.Random

    def __post_init__(self) -> None:
        self.trouble = self.chance.choice(self.customer.trouble)
        self.told: set[str] = set()
        self.wanted = dict(self.customer.fields)
        self.unknown: str | None = None
        self._pending: str | None = None
        self._quirk_done = self.quirk == "none"

    @property
    def name(self) -> str:
        """For people to read."""
        return f"{self.customer.problem}, {self.manner}, {self.quirk}"

    def opening(self) -> str:
        """The first message: the trouble alone, or with all facts but at most one."""
        if self.quirk == "greeting" and self.manner == BARE:
            self._quirk_done = True
            return self.chance.choice(self.replies.greeting)
        if self.manner == BARE:
            return self.trouble
        facts = list(self.customer.fields)
        self.chance.shuffle(facts)
        left_out = self.chance.choice([None, *facts])
        parts = [self.trouble]
        for name in facts:
            if name != left_out:
                self.told.add(name)
                parts.append(self.chance.choice(self.customer.fields[name].said))
        text = self.chance.choice(JOINTS).join(parts)
        return text.lower() if self.chance.random() < 1 / 3 and "shows" not in text else text

    def reply(self, asking: str | None, shown: str) -> str:
        """What the customer answers; `asking` is what the bot waits for, `shown` what it said."""
        if self._pending:
            said, self._pending = self._pending, None
            return said
        if asking in self.customer.fields:
            return self._quirky(asking) or self._answer(asking)
        if asking in names.FIELD_NAMES:
            if asking == names.DESCRIPTION:
                return self.trouble
            return self.chance.choice(self.replies.unknown)
        if asking == "doubt":
            right = any(isinstance(fact.value, str) and fact.value in shown
                        for fact in self.customer.fields.values())  # fmt: skip
            return self.chance.choice(self.replies.doubt_yes if right else self.replies.doubt_no)
        if asking == "solved":
            return self.chance.choice(self.replies.solved)
        if asking == "confirmation":
            return self._late_change() or self.chance.choice(self.replies.confirmation)
        return self.trouble if asking is None else self.replies.doubt_no[0]

    def _answer(self, asking: str) -> str:
        self.told.add(asking)
        answer = self._words_for(asking)
        if asking == names.ACCOUNT_NUMBER and not self._quirk_done:
            right = str(self.customer.fields[asking].value)
            if self.quirk == "correction":
                self._quirk_done = True
                self._pending = self.chance.choice(self.replies.correction).format(value=right)
                return right[:-2] + right[-1] + right[-2]
            if self.quirk == "mistyped":
                self._quirk_done = True
                return right[:5]
        if self.quirk == "chatter":
            return self.chance.choice(self.replies.chatter).format(answer=answer)
        return self._with_what_was_not_asked(answer) if self.quirk == "ahead" else answer

    def _words_for(self, name: str) -> str:
        fact = self.customer.fields[name]
        return self.chance.choice(fact.answers or fact.said)

    def _with_what_was_not_asked(self, answer: str) -> str:
        """The answer together with another fact that the customer has not told yet."""
        untold = [name for name in self.customer.fields if name not in self.told]
        if not untold:
            return answer
        self.told.add(untold[0])
        return f"{answer}. {self.chance.choice(self.customer.fields[untold[0]].said)}"

    def _late_change(self) -> str | None:
        """Another e-mail address, given when the case is about to be sent."""
        if self.quirk != "second_thoughts" or self._quirk_done:
            return None
        self._quirk_done = True
        fact = self.customer.fields[names.CONTACT_EMAIL]
        self.wanted[names.CONTACT_EMAIL] = msgspec.structs.replace(fact, value=f"new.{fact.value}")
        change = self.chance.choice(self.replies.second_thoughts)
        return change.format(value=self.wanted[names.CONTACT_EMAIL].value)

    def _quirky(self, asking: str) -> str | None:
        """Something else than the answer, once a dialogue."""
        if self._quirk_done:
            return None
        if self.quirk in ASIDES:
            self._quirk_done = True
            asides: list[str] = getattr(self.replies, self.quirk)
            return self.chance.choice(asides)
        if self.quirk == "unknown" and asking in MAY_BE_UNKNOWN:
            self._quirk_done = True
            self.unknown = asking
            return self.chance.choice(self.replies.unknown)
        return None


def read_customers(path: Path = FILE) -> Customers:
    """The customers. Raises `ContentError`."""
    return read_file(path, Customers)


def scripts(customers: Customers, seed: int = 0) -> list[Script]:
    """A dialogue for each customer, manner and quirk."""
    return [
        Script(customer, customers.replies, manner, quirk, random.Random(f"{seed} {n} {manner} {quirk}"))
        for n, customer in enumerate(customers.customers)
        for manner in MANNERS
        for quirk in QUIRKS
    ]  # fmt: skip
