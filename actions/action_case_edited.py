"""Acknowledges a field that the customer has changed in the case card."""

from __future__ import annotations

from typing import Any

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, keep_case


class ActionCaseEdited(Action):
    """The change itself is in the case already."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_case_edited"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The case with the event that the change came from."""
        turn = Turn(tracker)
        edit = turn.metadata["edit"]
        response = "utter_changed" if edit["old"] else "utter_added"
        dispatcher.utter_message(response=response, **edit, label=turn.label(edit["field"]))
        field = msgspec.structs.replace(turn.case.field(edit["field"]), events=(turn.heard.event,))
        return keep_case(turn.case.with_field(edit["field"], field))
