"""`firstline eval dialogues`: simulated customers talk to the bot until their case is filed."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from bot.case.fields import ERROR_MESSAGE, FIELD_NAMES, STEPS_TRIED
from bot.case.model import Case, State
from bot.eval.conversations import load_dialogue
from bot.eval.customers import Customers, Fact, read_customers
from bot.eval.heldout import matches
from bot.eval.script import BARE, RICH, Script, scripts

if TYPE_CHECKING:  # these import Rasa, which must be prepared for first
    from bot.engine.dialogue import Dialogue, Said

NUMBER = "FL-TEST01"
# A customer who has said this much without a case being filed has given up.
MOST_MESSAGES = 15
# What stands before the values of a click that chooses a kind of problem.
CHOOSES_KIND = "/choose_kind"


class Played(msgspec.Struct, frozen=True):
    """How one dialogue went: messages of the customer, questions about fields, faults of the case."""

    name: str
    manner: str
    quirk: str
    filed: bool
    messages: int
    questions: int
    faults: list[str]
    lines: list[str]


class Summary(msgspec.Struct, frozen=True):
    """Figures over dialogues of one manner; complete: share filed with a complete and correct case."""

    dialogues: int
    complete: float
    messages: float
    questions: float


class Dialogues(msgspec.Struct, frozen=True):
    """All that was played, and figures by manner."""

    rich: Summary
    bare: Summary
    complete: float
    faults: dict[str, list[str]]


def measure_dialogues(customers: Customers | None = None, seed: int = 0) -> Dialogues:
    """Plays every customer on the model of the present data. Raises `FirstlineError`."""
    return figures(asyncio.run(play_all(customers or read_customers(), seed)))


async def play_all(customers: Customers, seed: int = 0, every: int = 1) -> list[Played]:
    """The dialogues, one after the other: each, or `every` second, third …"""
    dialogue = load_dialogue()
    at = customers.at.isoformat()
    return [await _play(dialogue, script, at) for script in scripts(customers, seed)[::every]]


def figures(played: Sequence[Played]) -> Dialogues:
    """The figures over dialogues that were played."""
    return Dialogues(
        rich=_summary([one for one in played if one.manner == RICH]),
        bare=_summary([one for one in played if one.manner == BARE]),
        complete=_share(played),
        faults={one.name: one.faults for one in played if one.faults},
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "part", nargs="?", default="", help="show dialogues with this in their name"
    )
    parser.add_argument("--seed", type=int, default=0, help="other words of the same customers")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(options: argparse.Namespace) -> int:
    """Plays and prints."""
    played = asyncio.run(play_all(read_customers(), options.seed))
    found = figures(played)
    if options.json:
        print(json.dumps(msgspec.to_builtins(found), indent=2))
        return 0
    for one in played:
        if options.part and options.part in one.name:
            print("\n".join([one.name, *one.lines, *(f"  ✗ {fault}" for fault in one.faults)]))
    for name, faults in found.faults.items():
        print(f"{name}: {'; '.join(faults)}")
    print(in_words(found))
    return 0


def in_words(found: Dialogues) -> str:
    """The figures, a line a manner."""
    parts = [("first message rich", found.rich), ("first message bare", found.bare)]
    lines = [
        f"{name}: {one.complete:.1%} of {one.dialogues} dialogues end with a complete and correct case; "
        f"median {one.messages:g} customer messages, {one.questions:g} questions"
        for name, one in parts
    ]
    return "\n".join([f"simulated dialogues: {found.complete:.1%} complete and correct", *lines])


async def _play(dialogue: Dialogue, script: Script, at: str) -> Played:
    from bot.engine.dialogue import Incoming

    case, tracker = Case(), b""
    lines: list[str] = []
    questions = messages = 0
    text = script.opening()
    while messages < MOST_MESSAGES:
        messages += 1
        facts = {"event": f"{messages}-0", "at": at, "number": NUMBER, "clicked": False}
        outcome = await dialogue.turn("simulated", tracker, case, Incoming(text, "", facts))
        case, tracker = outcome.case, outcome.tracker
        shown = "\n".join(said.text for said in outcome.said)
        lines += [f"  customer: {text}", *(f"    bot: {said.text}" for said in outcome.said)]
        if case.filed:
            break
        asking = msgspec.json.decode(tracker)["slots"].get("asking")
        questions += asking in FIELD_NAMES
        text = script.reply(asking, shown, _kinds(outcome.said))
    faults = list(_faults(script, case))
    return Played(
        script.name, script.manner, script.quirk, case.filed, messages, questions, faults, lines
    )


def _kinds(said: Sequence[Said]) -> dict[str, str]:
    """The kinds of problem that are offered, by what they are called."""
    clicks = [choice for message in said for choice in message.choices]
    return {
        title: json.loads(payload[len(CHOOSES_KIND) :])["problem"]
        for title, payload in clicks if payload.startswith(CHOOSES_KIND)
    }  # fmt: skip


def _faults(script: Script, case: Case) -> Iterable[str]:
    """What the case lacks or has wrong of what the customer has told."""
    if not case.filed:
        yield "not filed"
    if case.category != script.customer.category:
        yield f"category is {case.category}"
    for name, fact in script.wanted.items():
        field = case.field(name)
        if name in script.unanswered:
            if field.state is not script.unanswered[name]:
                yield f"{name} is {field.value!r}, not {script.unanswered[name].value}"
        elif name in script.told and not _holds(name, fact, msgspec.to_builtins(field)):
            yield f"{name} is {msgspec.to_builtins(field.value)!r}, not {fact.value!r}"


def _holds(name: str, fact: Fact, field: dict[str, Any]) -> bool:
    if fact.value is None:
        return field["value"] is None and field["state"] == State.UNKNOWN.value
    if name == STEPS_TRIED:
        return {step["step"] for step in field["value"] or ()} == set(fact.value)
    if name == ERROR_MESSAGE and fact.code and field["code"] != fact.code:
        return False
    return field["value"] is not None and matches(name, str(fact.value), field)


def _summary(played: Sequence[Played]) -> Summary:
    filed = [one for one in played if one.filed]
    return Summary(
        dialogues=len(played), complete=_share(played),
        messages=statistics.median(one.messages for one in filed) if filed else 0.0,
        questions=statistics.median(one.questions for one in filed) if filed else 0.0,
    )  # fmt: skip


def _share(played: Sequence[Played]) -> float:
    return round(sum(not one.faults for one in played) / len(played), 4) if played else 0.0
