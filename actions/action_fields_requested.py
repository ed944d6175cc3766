"""Takes on what an agent wants the bot to find out."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import REQUESTED, Turn, ask, keep_case
from bot.case.model import Field


class ActionFieldsRequested(Action):
    """What the customer would not or could not say before is asked for again, since a person needs it."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_fields_requested"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The fields to ask for; without any the conversation simply goes on with the bot."""
        turn = Turn(tracker)
        asked_for: list[str] = turn.metadata.get("asks") or []
        dispatcher.utter_message(text=turn.metadata["said"])
        case = turn.case
        for name in asked_for:
            if case.field(name).value is None:
                case = case.with_field(name, Field())
        return [*keep_case(case), *ask(None), SlotSet(REQUESTED, asked_for or None)]
