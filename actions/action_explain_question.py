"""Says why the bot asks for what it has just asked."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from bot.case.asking import KIND


class ActionExplainQuestion(Action):
    """The reasons stand in data/fields.yml."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_explain_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing; the question is asked again afterwards."""
        turn = Turn(tracker)
        if turn.asking == KIND:
            dispatcher.utter_message(response="utter_why_kind")
        field = turn.content.fields.get(turn.asking or "")
        if field is not None and field.why:
            dispatcher.utter_message(response="utter_why", why=field.why)
        return []
