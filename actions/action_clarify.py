"""Admits not having understood, unless the message was the answer to a question."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from bot.case.fields import FIELD_NAMES

# The trigger of data/handoff.yml that counts messages nobody could place.
NOT_UNDERSTOOD = "not_understood"


class ActionClarify(Action):
    """Always leaves a way to a person."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing; an open question is asked again afterwards."""
        turn = Turn(tracker)
        if turn.asking not in FIELD_NAMES and not turn.spoken:
            again = turn.triggers_met.get(NOT_UNDERSTOOD, 0) > 0
            dispatcher.utter_message(response="utter_clarify_again" if again else "utter_clarify")
        return []
