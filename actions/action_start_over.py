"""Starts over with an empty case."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, begin_anew


class ActionStartOver(Action):
    """What is filed stays filed."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_start_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """An empty case."""
        turn = Turn(tracker)
        dispatcher.utter_message(response="utter_start_over")
        return begin_anew(turn.case)
