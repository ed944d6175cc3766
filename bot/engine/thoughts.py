"""What the bot made of a message, kept beside the turn for those who train it. No words of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.turn import ASKING

RANKED = 3


def thoughts(
    raw: dict[str, Any], parsed: dict[str, Any], asked: str | None, after: DialogueStateTracker
) -> dict[str, Any]:
    """How a message was understood, what was done, and what was asked before and after it.

    raw: as understood on its own; parsed: in the light of what was asked.
    """
    return understood(raw, parsed) | {
        "did": _actions(after),
        "asked": asked,
        "asks": after.get_slot(ASKING),
    }


def understood(raw: Mapping[str, Any], parsed: Mapping[str, Any]) -> dict[str, Any]:
    """How a message was understood, whatever was done then; of a mail there is nothing more."""
    entities = raw.get("entities") or []
    return {
        "intent": parsed["intent"].get("name"),
        "alone": raw["intent"].get("name"),
        "confidence": round(float(raw["intent"].get("confidence") or 0.0), 3),
        "ranking": [
            [it["name"], it["confidence"]] for it in raw.get("intent_ranking", [])[:RANKED]
        ],
        "problem": (raw.get("problem") or {}).get("name"),
        "articles": [it["name"] for it in raw.get("articles") or []],
        "found": sorted({str(it["entity"]) for it in entities}),
        "corrects": sorted({str(it["entity"]) for it in entities if it.get("correction")}),
    }


def _actions(tracker: DialogueStateTracker) -> list[str]:
    """The actions run since the last message."""
    events = list(tracker.events)
    last = max((n for n, event in enumerate(events) if isinstance(event, UserUttered)), default=-1)
    return [
        str(event.action_name)
        for event in events[last + 1 :]
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME
    ]
