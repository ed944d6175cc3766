"""Simulated customers: what each knows and how they put it (`tests/dialogues/customers.yml`). Pure."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from bot.content.files import read_file
from bot.settings import ROOT

FILE = ROOT / "tests" / "dialogues" / "customers.yml"


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
    duration: list[str]
    already_told: list[str]
    same_as_before: list[str]
    refusal: list[str]
    three_minds: list[str]
    agreeing: list[str]
    no_and_correction: list[str]
    yes_and_more: list[str]
    sloppy_yes: list[str]
    thanks: list[str]
    a_moment: list[str]
    bare_yes: list[str]
    gives_up: list[str]
    asks_back: list[str]
    echoing: list[str]
    in_one_breath: list[str]
    half_an_address: list[str]
    told_all_again: list[str]
    goes_on: list[str]
    kind: list[str]
    no_kind: list[str]
    unsure: list[str]
    cursing: list[str]
    quoting: list[str]
    not_at_hand: list[str]
    found_later: list[str]
    half_said: list[str]
    tried_more: list[str]
    question_too: list[str]


class Customers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file; `at` is when they write."""

    at: datetime
    customers: list[Customer]
    replies: Replies


def read_customers(path: Path = FILE) -> Customers:
    """The customers. Raises `ContentError`."""
    return read_file(path, Customers)
