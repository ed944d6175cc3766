"""Leaves a question out."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, ask, keep_case
from bot.case.answering import without_answer
from bot.case.fields import FIELD_NAMES


class ActionSkipQuestion(Action):
    """What was asked is recorded as not known."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_skip_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The case with the question closed."""
        turn = Turn(tracker)
        if turn.asking not in FIELD_NAMES:
            return []
        dispatcher.utter_message(response="utter_left_out", label=turn.label(turn.asking))
        return [*keep_case(without_answer(turn.case, turn.asking, turn.heard.event)), *ask(None)]
