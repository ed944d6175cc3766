"""Logs as they would be after conversations, without anyone having had them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from bot.conversation.events import (
    BOT,
    CUSTOMER,
    Event,
    case_event,
    message,
    owner_event,
    turn_event,
)

BEGAN = datetime(2026, 11, 22, 9, tzinfo=timezone.utc)


class Log:
    """Events in order, a second apart."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.add(owner_event("bot"))

    def add(self, event: Event) -> Event:
        at = BEGAN + timedelta(seconds=len(self.events))
        made = Event(event.type, event.body, event.private, f"{int(at.timestamp() * 1000)}-0")
        self.events.append(made)
        return made

    def turn(self, text: str, answer: str = "Which device is it?", **thought: Any) -> Event:
        """The customer says something, the bot answers; `thought` over a sure understanding."""
        said = self.add(message(CUSTOMER, text))
        sure = {"intent": "inform", "alone": "inform", "confidence": 0.97, "found": [],
                "corrects": [], "did": ["action_continue_case"], "asked": None, "asks": None}  # fmt: skip
        self.add(message(BOT, answer))
        self.add(turn_event(said.id, {**sure, "alone": thought.get("intent", "inform"), **thought}))
        return said

    def case(self, by: str = BOT, status: str = "draft", **private: Any) -> Event:
        event = case_event({"status": status}, by)
        return self.add(Event(event.type, event.body, {**event.private, **private}))

    @property
    def end(self) -> datetime:
        return self.events[-1].at
