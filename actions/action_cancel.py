"""Throws away what was taken down, after asking."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, ask
from bot.case.asking import CANCEL


class ActionCancel(Action):
    """Nothing is thrown away by a misunderstanding; what is filed stays filed."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_cancel"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The question whether to throw it away."""
        turn = Turn(tracker)
        if turn.case.begun and not turn.case.filed:
            dispatcher.utter_message(response="utter_confirm_cancel")
            return ask(CANCEL)
        dispatcher.utter_message(response="utter_nothing_to_cancel")
        return []
