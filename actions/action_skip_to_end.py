"""Goes straight to the summary."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import HURRY, Turn, ask, keep_case
from bot.case.answering import without_answer
from bot.case.fields import DESCRIPTION, FIELD_NAMES


class ActionSkipToEnd(Action):
    """Only what is needed to answer the customer at all is still asked; said again, not even that."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_skip_to_end"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The case in a hurry."""
        turn = Turn(tracker)
        if not turn.case.begun:
            dispatcher.utter_message(response="utter_nothing_to_send")
        if turn.hurry and turn.asking in FIELD_NAMES and turn.asking != DESCRIPTION:
            dispatcher.utter_message(response="utter_left_out", label=turn.label(turn.asking))
            case = without_answer(turn.case, turn.asking, turn.heard.event)
            return [*keep_case(case), *ask(None)]
        return [SlotSet(HURRY, True)]
