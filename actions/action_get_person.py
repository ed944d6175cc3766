"""Opens the way to a person."""

from __future__ import annotations

from typing import Any

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import HAND_OVER, HURRY, Turn, keep_case, people_there
from bot.case.model import Handover
from bot.handoff.people import People

WISH = "the customer asked for a person"


class ActionGetPerson(Action):
    """Puts the customer through when somebody is there; else says plainly how a person answers."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_get_person"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The conversation passed on, or the case on the short way to filing."""
        return await get_person(dispatcher, Turn(tracker))


async def get_person(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """The conversation passed on, or the case on the short way to filing, which `turn` then knows."""
    people = await people_there()
    if people.can_take(turn.content.handoff):
        return put_through(dispatcher, turn, WISH)
    _tell_by_mail(dispatcher, turn, people)
    if turn.case.filed:
        return []
    turn.case = msgspec.structs.replace(turn.case, handover=Handover("email", WISH))
    turn.hurry = True
    return [*keep_case(turn.case), SlotSet(HURRY, True)]


def put_through(dispatcher: CollectingDispatcher, turn: Turn, reason: str) -> list[EventType]:
    """The customer told, and the events after which the engine passes the conversation on."""
    dispatcher.utter_message(response="utter_person_comes")
    case = msgspec.structs.replace(turn.case, handover=Handover("agent", reason))
    return [*keep_case(case), SlotSet(HAND_OVER, reason)]


def _tell_by_mail(dispatcher: CollectingDispatcher, turn: Turn, people: People) -> None:
    words = {
        "response_time": turn.content.response_times[turn.case.category].text,
        "phone": turn.content.brand.support_phone,
        "opening": f"{people.next_opening:%A, %H:%M}" if people.next_opening else "",
    }
    if people.open:
        dispatcher.utter_message(response="utter_person", **words)
        dispatcher.utter_message(response="utter_person_telephone", **words)
    else:
        known = "utter_person_closed" if words["opening"] else "utter_person"
        dispatcher.utter_message(response=known, **words)
