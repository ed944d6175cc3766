"""Says that a complaint is recorded as one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from actions.which_kind import kinds_to_ask_about


class ActionRecordComplaint(Action):
    """Promises nothing while it is open whether the message is a complaint."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_record_complaint"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing but words."""
        if not kinds_to_ask_about(Turn(tracker)):
            dispatcher.utter_message(response="utter_complaint")
        return []
