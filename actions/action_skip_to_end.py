"""Goes straight to the summary."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import HURRY, Turn


class ActionSkipToEnd(Action):
    """Only what is needed to answer the customer at all is still asked."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_skip_to_end"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The case in a hurry."""
        if not Turn(tracker).case.begun:
            dispatcher.utter_message(response="utter_nothing_to_send")
        return [SlotSet(HURRY, True)]
