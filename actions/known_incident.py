"""Faults that the operator knows of: told at once, and cases tied to them."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from bot.case.incident import tied
from bot.case.model import Case
from bot.content.incidents import goes_on


def tie(dispatcher: CollectingDispatcher, turn: Turn, case: Case) -> Case:
    """The case with the incident it is part of; the customer is told once, when it is found, and
    when what is said afterwards does not fit it.
    """
    after = tied(case, turn.content, turn.at)
    if after.incident == case.incident:
        return after
    now = {one.name: one for one in turn.content.incidents if goes_on(one, turn.at)}
    if found := now.get(after.incident or ""):
        dispatcher.utter_message(response="utter_incident", title=found.title, words=found.text)
    elif former := now.get(case.incident or ""):
        dispatcher.utter_message(response="utter_no_incident", title=former.title)
    return after


def tell_all(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    """Tells every incident that goes on."""
    for one in turn.content.incidents:
        if goes_on(one, turn.at):
            dispatcher.utter_message(
                response="utter_incident_told", title=one.title, words=one.text
            )
