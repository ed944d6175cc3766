"""The tracker is a working copy: bounded, expendable, rebuilt."""

from __future__ import annotations

import json
from typing import Any, cast

import msgspec
import pytest
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.events import ActionExecuted, UserUttered

from actions.turn import ASKING
from bot.case.model import Case
from bot.engine.dialogue import Dialogue
from bot.engine.runner import DirectGraphRunner
from bot.engine.tracker import (
    NOTHING,
    TURNS_OF_STORIES,
    Snapshot,
    rebuild_tracker,
    take_snapshot,
    turns_looked_back,
)
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
    assert msgspec.json.decode(talk.tracker, type=Snapshot).events == []


HEARD = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}
ANSWERED = {"prev_action": {"action_name": "utter_greet"}, "user": {"intent": "greet"}}


class _Graph:
    """As much of a graph runner as is asked for policies."""

    def __init__(self, *policies: Any) -> None:
        self._policies = policies

    def components(self, kind: type[Any]) -> list[Any]:
        return [policy for policy in self._policies if isinstance(policy, kind)]


def policy(kind: type[Any], lookup: dict[str, Any]) -> Any:
    made = object.__new__(kind)
    made.lookup = lookup
    return made


@pytest.mark.parametrize(
    ("rule", "turns"),
    [
        ([HEARD], 0),
        ([HEARD, ANSWERED], 0),
        ([ANSWERED], 0),
        ([HEARD, ANSWERED, HEARD], 1),
        ([{}, HEARD], 1),  # holds at the beginning only
    ],
)
def test_rules_say_how_many_turns_are_looked_back_on(rule: list[Any], turns: int) -> None:
    lookup = {RULES: {json.dumps([HEARD]): "utter_greet", json.dumps(rule): "action_listen"}}
    graph = _Graph(policy(AugmentedMemoizationPolicy, {}), policy(RulePolicy, lookup))
    assert turns_looked_back(cast(DirectGraphRunner, graph)) == turns


def test_stories_are_looked_back_on_as_far_as_their_policy_does() -> None:
    stories = policy(AugmentedMemoizationPolicy, {"states": "action_listen"})
    graph = _Graph(stories, policy(RulePolicy, {RULES: {}}))
    assert turns_looked_back(cast(DirectGraphRunner, graph)) == TURNS_OF_STORIES


def test_a_snapshot_keeps_the_turns_that_are_looked_back_on(dialogue: Dialogue) -> None:
    domain = dialogue._processor.domain
    tracker = rebuild_tracker("c1", b"", Case(), domain)
    for intent in ("greet", "thanks", "help"):
        tracker.update(UserUttered("words", {"name": intent}), domain)
        tracker.update(ActionExecuted("action_listen"), domain)
    kept = msgspec.json.decode(take_snapshot(tracker, turns=2), type=Snapshot).events
    intents = [e["parse_data"]["intent"]["name"] for e in kept if e["event"] == "user"]
    assert intents == ["thanks", "help"]
    again = rebuild_tracker("c1", take_snapshot(tracker, turns=2), Case(), domain)
    assert again.latest_message is not None
    assert again.latest_message.intent["name"] == "help"


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
