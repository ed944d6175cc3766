"""Opens the way to a person."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import HURRY, Turn, keep_case
from bot.case.model import Handover


class ActionGetPerson(Action):
    """Says plainly how and when a person answers; nothing has to be said twice."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_get_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The case marked for a person, on the short way to filing."""
        turn = Turn(tracker)
        words = {
            "response_time": turn.content.response_times[turn.case.category].text,
            "phone": turn.content.brand.support_phone,
        }
        dispatcher.utter_message(response="utter_person", **words)
        if turn.content.hours.is_open(datetime.now(timezone.utc)):
            dispatcher.utter_message(response="utter_person_telephone", **words)
        if turn.case.filed:
            return []
        handover = Handover("email", "the customer asked for a person")
        case = msgspec.structs.replace(turn.case, handover=handover)
        return [*keep_case(case), SlotSet(HURRY, True)]
