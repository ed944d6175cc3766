"""A case that was closed as done, and a customer who writes again."""

from __future__ import annotations

import msgspec
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, ask, begin_anew, keep_case
from bot.case.asking import REOPEN
from bot.case.model import Handover

AGAIN = Handover("email", "not solved: the customer came back")
# What may be about the case again; anything else is answered as it is.
MAY_BE_ABOUT_IT = frozenset({"inform", "frustration", "out_of_scope", "deny", "change_field"})


def look_at_closed_case(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """Opens the case again, or asks whether it should; None when neither is called for."""
    if turn.case.resolution is None:
        return None
    if turn.intent == "not_solved" or (turn.asking == REOPEN and turn.intent == "affirm"):
        case = msgspec.structs.replace(turn.case, resolution=None, changed=True, handover=AGAIN)
        return [*keep_case(case), *ask(None), FollowupAction("action_file_case")]
    if turn.asking == REOPEN and turn.intent == "deny":
        dispatcher.utter_message(response="utter_not_reopened")
        return begin_anew(turn.case)
    if turn.asking == REOPEN or turn.intent not in MAY_BE_ABOUT_IT:
        return None
    dispatcher.utter_message(response="utter_ask_reopen", number=turn.case.number)
    return ask(REOPEN)
