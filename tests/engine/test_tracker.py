"""The tracker is a working copy: bounded, expendable, rebuilt."""

from __future__ import annotations

import msgspec
import pytest

from actions.turn import ASKING
from bot.case.model import Case
from bot.engine.dialogue import Dialogue
from bot.engine.tracker import NOTHING, TURNS_KEPT, Snapshot, rebuild_tracker
from tests.engine.talk import Talk, whole_case

# A round of what leaves traces in a tracker: answers, commands, a question in between.
ROUND = ("/dont_know", "/why_ask", "/help", "/thanks", "/deny", "/ask_human", "/refuse")


async def test_turn_250_carries_no_more_than_turn_10(talk: Talk) -> None:
    sizes = []
    while talk.turns < 250:
        await talk.send(ROUND[talk.turns % len(ROUND)])
        sizes.append(len(talk.tracker))
        talk.case = whole_case()  # what grows in the case is the record's business
    assert max(sizes[10:]) <= max(sizes[:10])
    snapshot = msgspec.json.decode(talk.tracker, type=Snapshot)
    assert sum(event["event"] == "user" for event in snapshot.events) == TURNS_KEPT


async def test_nothing_of_what_was_said_stays_in_it(talk: Talk) -> None:
    await talk.say("my mobile data isn't working, account 8847201193, jo@mail.example")
    for secret in (b"8847201193", b"jo@", b"mobile data"):
        assert secret not in talk.tracker


async def test_rules_decide_the_same_after_it_is_rebuilt(talk: Talk) -> None:
    await talk.say("my mobile data isn't working")
    asked = talk.said[-1].text
    assert asked in await talk.say("what can you do?")
    assert asked in await talk.say("why do you need that?")


@pytest.mark.parametrize("lost", [b"", NOTHING, b"{", b"[]", b'{"events": [{"event": "gone"}]}'])
async def test_a_lost_tracker_costs_nothing_of_the_case(talk: Talk, lost: bytes) -> None:
    talk.case = whole_case()
    talk.tracker = lost
    before = talk.case
    await talk.say("thanks")
    assert {n: f.value for n, f in talk.case.fields.items()} == {
        n: f.value for n, f in before.fields.items()
    }
    assert "Shall I send it" in talk.said[-1].text


def test_the_case_comes_from_the_record_and_not_from_the_snapshot(dialogue: Dialogue) -> None:
    stored = msgspec.json.encode(Snapshot([], {ASKING: "device"}))
    domain = dialogue._processor.domain
    tracker = rebuild_tracker("c1", stored, whole_case(device="Pixel 9"), domain)
    assert tracker.get_slot("device")["value"] == "Pixel 9"
    assert tracker.get_slot(ASKING) == "device"
    assert rebuild_tracker("c1", stored, Case(), domain).get_slot("device") is None
