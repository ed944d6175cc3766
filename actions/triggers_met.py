"""The operator's triggers that lead to a person (data/handoff.yml), as they are met in a conversation."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.action_get_person import put_through
from actions.turn import PERSON, TRIGGERS_MET, Turn, ask, somebody_is_free
from bot.content.handoff import HandoffTrigger
from bot.handoff.triggers import counted, due


async def look_for_person(
    dispatcher: CollectingDispatcher, turn: Turn
) -> tuple[list[EventType], list[EventType]]:
    """Which triggers the message has met, and what follows: put through, asked, or nothing.

    Nobody is offered who is not there; what they tell stands in the case's priority anyway.
    """
    met = counted(turn.triggers_met, turn.case, turn.intent, turn.heard.text, turn.content)
    trigger = due(turn.triggers_met, met, turn.content)
    remembered: list[EventType] = [SlotSet(TRIGGERS_MET, met)] if met != turn.triggers_met else []
    if trigger is None:
        return remembered, []
    if not await somebody_is_free(turn.content):
        _tell_whom_to_call(dispatcher, turn, trigger)
        return remembered, []
    if trigger.at_once:
        dispatcher.utter_message(text=trigger.said)
        return remembered, put_through(dispatcher, turn, trigger.reason)
    dispatcher.utter_message(response="utter_offer_person", said=trigger.said)
    return remembered, ask(PERSON)


def _tell_whom_to_call(
    dispatcher: CollectingDispatcher, turn: Turn, trigger: HandoffTrigger
) -> None:
    """What cannot wait and has no advice of its own: nobody is here, so others are named."""
    problem = turn.content.problems.get(turn.case.problem or "")
    if trigger.at_once and not (problem and problem.advice):
        dispatcher.utter_message(
            response="utter_cannot_wait", phone=turn.content.brand.support_phone
        )
