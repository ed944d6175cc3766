"""Changes one field of the case, leaving all others as they are."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, ask
from bot.case.fields import FIELD_NAMES
from bot.case.intake import CHANGE

# First words of labels that say too little on their own ("Since when", "What is wrong").
NOT_NAMES = {"what", "where", "since", "already"}


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
        field = turn.clicked_on("field") or _named_field(turn)
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


def _named_field(turn: Turn) -> str | None:
    """The field whose label, or the first word of it, stands in the message."""
    text = _plain(turn.heard.text)
    words = set(re.findall(r"\w+", text)) - NOT_NAMES
    labels = {name: _plain(rule.label) for name, rule in turn.content.fields.items()}
    whole = [name for name, label in labels.items() if label in text and " " in label]
    first = [name for name, label in labels.items() if label.split()[0] in words]
    return next(iter(whole + first), None)


def _plain(text: str) -> str:
    return text.casefold().replace("-", "")


def _choices(turn: Turn) -> list[dict[str, str]]:
    known = [name for name in turn.content.fields if name in turn.case.fields]
    payload = "/choose_field" + '{{"field": "{}"}}'
    return [{"title": turn.label(name), "payload": payload.format(name)} for name in known]
