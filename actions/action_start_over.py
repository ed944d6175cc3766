"""Starts over with an empty case."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, ask, begin_anew
from bot.case.asking import START_OVER


class ActionStartOver(Action):
    """Asks before a case that was begun is thrown away; what is filed stays filed."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_start_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """An empty case, or the question whether to throw this one away."""
        turn = Turn(tracker)
        if turn.case.begun and not turn.case.filed and turn.asking != START_OVER:
            dispatcher.utter_message(response="utter_confirm_start_over")
            return ask(START_OVER)
        dispatcher.utter_message(response="utter_start_over")
        return begin_anew(turn.case)
