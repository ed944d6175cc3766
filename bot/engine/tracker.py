"""Rasa's tracker as a working copy: bounded, expendable, rebuilt from the record when lost.

Kept are the last few turns as far as policies look back (with rules alone, none), and the values of
the dialogue's own slots; the fields of the case come from the case itself at each turn. So turn 250 costs what turn 10
costs.
"""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    PREVIOUS_ACTION,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    FollowupAction,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME

from actions.turn import (
    ASKING,
    HURRY,
    KINDS,
    LATER,
    REQUESTED,
    SLOT_NAMES,
    TRIES,
    TRIGGERS_MET,
    slots_of,
)
from bot.case.model import Case
from bot.engine.runner import DirectGraphRunner

log = structlog.get_logger(__name__)

# AugmentedMemoizationPolicy looks at six states (config.yml, max_history), and a turn makes two at least.
TURNS_OF_STORIES = 3
UNUSED = ("timestamp", "metadata")
DIALOGUE_SLOTS = (ASKING, TRIES, HURRY, TRIGGERS_MET, REQUESTED, LATER, KINDS)


class Snapshot(msgspec.Struct, frozen=True):
    """What is kept of a tracker between turns: recent events, and the dialogue's own slots.

    model: the model that the conversation goes on with.
    """

    events: list[dict[str, Any]] = []
    slots: dict[str, Any] = {}
    model: str = ""


NOTHING = msgspec.json.encode(Snapshot())


class _Begun(msgspec.Struct, frozen=True):
    model: str = ""


def model_of(stored: bytes) -> str:
    """The model that a conversation with this snapshot goes on with; empty when it has none."""
    try:
        return msgspec.json.decode(stored or NOTHING, type=_Begun).model
    except msgspec.DecodeError:
        return ""


def turns_looked_back(runner: DirectGraphRunner) -> int:
    """How many turns before the present one the policies of a model look at.

    Rules that begin with a message look at none; one that holds at the beginning only must be able
    to tell that it is over.
    """
    policies = runner.components(MemoizationPolicy)
    by_rules = [policy for policy in policies if isinstance(policy, RulePolicy)]
    if any(policy.lookup for policy in policies if policy not in by_rules):
        return TURNS_OF_STORIES
    rules = (rule for policy in by_rules for rule in policy.lookup.get(RULES, {}))
    return max((0, *map(_turns_before, rules)))


def _turns_before(rule: str) -> int:
    before = [state.get(PREVIOUS_ACTION, {}) for state in RulePolicy._rule_key_to_state(rule)]
    messages = [action.get(ACTION_NAME) for action in before].count(ACTION_LISTEN_NAME)
    return messages - 1 if before[0] else messages


def take_snapshot(
    tracker: DialogueStateTracker, model: str = "", turns: int = TURNS_OF_STORIES
) -> bytes:
    """The snapshot to be stored after a turn of `model`, with so many turns."""
    slots = {name: tracker.get_slot(name) for name in DIALOGUE_SLOTS}
    events = [_slim(event.as_dict()) for event in _last(turns, tracker) if _is_kept(event)]
    return msgspec.json.encode(Snapshot(events, slots, model))


def _last(turns: int, tracker: DialogueStateTracker) -> list[Event]:
    """The events of the last turns."""
    events = list(tracker.events)
    starts = [n for n, event in enumerate(events) if isinstance(event, UserUttered)]
    if not turns:
        return []
    return events[starts[-turns] :] if len(starts) > turns else events


def rebuild_tracker(
    conversation: str, stored: bytes, case: Case, domain: Domain
) -> DialogueStateTracker:
    """The tracker of a conversation before its next turn; `stored` may be empty.

    One that cannot be read, of another version perhaps, counts as empty: the case is the record.
    """
    try:
        snapshot = msgspec.json.decode(stored or NOTHING, type=Snapshot)
        recent = deserialise_events(snapshot.events)
    except Exception as error:
        log.error("tracker_unreadable", conversation=conversation, exc_info=error)
        snapshot, recent = Snapshot(), []
    events = [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        ActionExecuted(ACTION_LISTEN_NAME),
        *recent,
    ]
    values = slots_of(case) | snapshot.slots
    events += [SlotSet(name, value) for name, value in values.items() if value is not None]
    tracker = DialogueStateTracker(conversation, domain.slots)
    for event in events:
        tracker.update(event, domain)
    return tracker


def _is_kept(event: Event) -> bool:
    if isinstance(event, (BotUttered, FollowupAction, SessionStarted)):
        return False
    if isinstance(event, ActionExecuted) and event.action_name == ACTION_SESSION_START_NAME:
        return False
    return not (isinstance(event, SlotSet) and event.key in SLOT_NAMES)


def _slim(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what policies do not look at; the log has the whole."""
    if event["event"] != "user":
        return {
            key: value for key, value in event.items() if value is not None and key not in UNUSED
        }
    parsed = event["parse_data"]
    intent = {"name": parsed["intent"].get("name"), "confidence": 1.0}
    entities = [{"entity": e["entity"], "value": None} for e in parsed.get("entities") or []]
    return {
        "event": "user",
        "text": "",
        "parse_data": {"text": "", "intent": intent, "entities": entities},
    }


class OneTracker(TrackerStore):
    """The tracker store of a turn: it holds the one tracker that the turn is about."""

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self.tracker: DialogueStateTracker | None = None

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the turn."""
        return self.tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps the tracker until the turn is committed."""
        self.tracker = tracker
