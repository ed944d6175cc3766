"""Changes one field of the case, leaving all others as they are."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, ask
from bot.case.asking import CHANGE
from bot.case.dialogue import named_field
from bot.case.fields import FIELD_NAMES


class ActionChangeField(Action):
    """Asks which field when the customer has not named one."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_change_field"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The question about the field to change."""
        turn = Turn(tracker)
        if turn.spoken:
            return []
        field = turn.clicked_on("field") or named_field(turn.heard.text, turn.content)
        if field in FIELD_NAMES:
            dispatcher.utter_message(response=f"utter_ask_{field}")
            return ask(field)
        if not turn.case.begun:
            dispatcher.utter_message(response="utter_nothing_to_send")
            return []
        return ask_which_field(dispatcher, turn)


def ask_which_field(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """The question which field of the case to change."""
    dispatcher.utter_message(response="utter_which_field", buttons=_choices(turn))
    return ask(CHANGE)


def _choices(turn: Turn) -> list[dict[str, str]]:
    known = [name for name in turn.content.fields if name in turn.case.fields]
    payload = "/choose_field" + '{{"field": "{}"}}'
    return [{"title": turn.label(name), "payload": payload.format(name)} for name in known]
