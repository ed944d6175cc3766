"""Recorded conversations taken again by two models."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.case.model import Case
from bot.conversation.events import (
    BOT,
    CUSTOMER,
    Event,
    case_event,
    message,
    owner_event,
    turn_event,
)
from bot.engine.dialogue import Dialogue, Incoming, Outcome, Said, TurnFailed
from bot.engine.replay import FAILED, replay
from bot.engine.similar import Near, Similar, grouped, teaches_nothing
from bot.nlu.encoder import sentence_encoder
from bot.training.corpus import Example
from bot.training.inbox import Line, Misread
from bot.training.nodes import Place
from tests.engine.talk import CONTENT


class Scripted:
    """Answers by a table; the tracker counts its turns, and notes who took them."""

    def __init__(self, name: str, answers: dict[str, str]) -> None:
        self.name = name
        self.answers = answers
        self.seen: list[tuple[str, str]] = []

    async def turn(self, _: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        self.seen.append((heard.text, stored.decode()))
        if heard.text == "boom" and self.name == "now":
            raise TurnFailed("it raised")
        said = self.answers.get(heard.text, "Which device is it?")
        return Outcome([Said(said)], case, stored + self.name[0].encode(), {"intent": "x"})


def log(*said: str) -> list[Event]:
    events = [owner_event("bot"), *(message(CUSTOMER, text) for text in said)]
    return [Event(it.type, it.body, it.private, f"{n}-0") for n, it in enumerate(events, start=1)]


async def played(now: dict[str, str], events: list[Event]) -> tuple[Any, Any, Any]:
    old: Any = Scripted("was", {"hello": "Hello."})
    new: Any = Scripted("now", {"hello": "Hello.", **now})
    return await replay(old, new, CONTENT, "c1", events), old, new


async def test_only_turns_that_differ_are_told_each_by_itself() -> None:
    events = log("hello", "it's jo@post.example", "and then")
    found, _, new = await played({"it's jo@post.example": "Thank you."}, events)
    assert found.turns == 3
    [row] = found.differences
    assert (row.text, row.was, row.now) == (
        "it's ••@post.example", "Which device is it?", "Thank you.",
    )  # fmt: skip
    assert [stored for _, stored in new.seen] == ["", "w", "ww"], "both start where the old one was"


async def test_an_answer_that_fails_now_is_a_difference() -> None:
    found, _, _ = await played({}, log("boom", "hello"))
    assert [(row.now, row.event) for row in found.differences] == [(FAILED, "2-0")]


async def test_what_people_said_to_each_other_is_not_replayed() -> None:
    events = [*log("hello"), owner_event("agent"), message(CUSTOMER, "thanks, agent")]
    found, old, _ = await played({}, events)
    assert (found.turns, [text for text, _ in old.seen]) == (1, ["hello"])


async def test_edits_by_hand_are_made_again(dialogue: Dialogue) -> None:
    edit = {"field": "contact_email", "old": "", "new": "jo@post.example"}
    events = [
        *log("my phone has no signal", "it is an iPhone 14"),
        Event("case", {"case": {}}, {"by": CUSTOMER, "edit": edit}, "9-0"),
    ]
    found = await replay(dialogue, dialogue, CONTENT, "c1", events)
    assert (found.turns, found.differences) == (3, [])


def test_a_log_as_the_worker_writes_it_is_read() -> None:
    """Turns and the bot's own messages are passed over."""
    from bot.engine.replay import _by_customer

    others = [message(BOT, "x"), turn_event("1-0"), case_event({}, BOT), owner_event("bot")]
    assert not any(_by_customer(event) for event in others)


@pytest.fixture
def similar(tmp_path: Path) -> Similar:
    place = Place("data/x.yml", 1)
    pairs = [("how do I listen to my voicemail", "faq/voicemail"), ("thank you", "thanks"),
             ("my screen is cracked", "report_problem/device_fault")]  # fmt: skip
    return Similar(
        sentence_encoder(), [Example(text, label, place) for text, label in pairs], tmp_path
    )


def test_nearest_examples_and_groups(similar: Similar, tmp_path: Path) -> None:
    [near, other] = similar.nearest(["where can I hear my voicemail", "thank you"])
    assert near[0].label == "faq/voicemail"
    assert (other[0].label, other[0].score) == ("thanks", 1.0)
    assert (tmp_path / "examples.npz").is_file()
    said = ["sell me a boat", "I want to buy a boat", "why is the sky blue"]
    assert similar.groups(said) == [0, 0, 1]


def test_the_inbox_in_groups_largest_first(similar: Similar) -> None:
    texts = ["why is the sky blue", "sell me a boat", "I want to buy a boat"]
    at = datetime(2026, 11, 22, 10, tzinfo=timezone.utc)
    found = [
        Misread(text, at, text, ["unsure"], {}, [Line("customer", text, True)]) for text in texts
    ]
    groups = grouped(similar, found)
    assert [len(group["messages"]) for group in groups] == [2, 1]
    assert groups[0]["like"] == "sell me a boat"
    assert grouped(similar, []) == []


def test_what_teaches_nothing() -> None:
    near = [Near("thank you", "thanks", 0.97)]
    assert "an example already" in teaches_nothing(near, "thanks", {})
    assert teaches_nothing(near, "greet", {}) == ""
    sure = {"alone": "faq", "confidence": 0.95, "articles": ["puk_code", "sim_pin"]}
    assert "understood it so already" in teaches_nothing([], "faq/puk_code", sure)
    assert teaches_nothing([], "faq/sim_pin", sure) == ""
