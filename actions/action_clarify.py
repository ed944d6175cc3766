"""Admits not having understood, unless the message was the answer to a question."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, ask
from bot.case.fields import DESCRIPTION, FIELD_NAMES

# The trigger of data/handoff.yml that counts messages nobody could place.
NOT_UNDERSTOOD = "not_understood"


class ActionClarify(Action):
    """Always leaves a way to a person; the second time it takes what comes next for what is wrong."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing, or that the next message is what is wrong; an open question is asked again."""
        turn = Turn(tracker)
        if turn.asking in FIELD_NAMES or turn.spoken:
            return []
        if not turn.triggers_met.get(NOT_UNDERSTOOD):
            dispatcher.utter_message(response="utter_clarify")
            return []
        dispatcher.utter_message(response="utter_clarify_again")
        known = turn.case.begun or turn.asking is not None
        return [] if known else ask(DESCRIPTION)
