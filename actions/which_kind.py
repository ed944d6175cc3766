"""Which kind of problem a report is of: asked where its words leave the category open."""

from __future__ import annotations

import json

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import DECLINED, KINDS, Turn, ask
from bot.case.asking import COMMANDS, KIND, REPORTS
from bot.case.fields import DESCRIPTION
from bot.case.kind import chosen_kind, kinds_in_doubt, of_kind
from bot.case.model import Case

CHOOSES = "choose_kind"
NONE_OF_THESE = "Something else"


def kinds_to_ask_about(turn: Turn) -> list[str]:
    """The kinds that the customer is to choose from: those asked about already, or those just in doubt."""
    case, heard = turn.case, turn.heard
    reports = heard.intent in REPORTS or turn.asking == DESCRIPTION
    if turn.kinds or turn.hurry or case.incident or heard.clicked or not reports:
        return turn.kinds
    just_told = case.field(DESCRIPTION).events == (heard.event,)
    return kinds_in_doubt(heard, turn.content) if just_told else []


def ask_kind(dispatcher: CollectingDispatcher, turn: Turn, kinds: list[str]) -> list[EventType]:
    """The question, with the kinds to choose from."""
    titles = [(turn.title(kind), kind) for kind in kinds] + [(NONE_OF_THESE, "")]
    buttons = [
        {"title": title, "payload": f"/{CHOOSES}" + json.dumps({"problem": kind})}
        for title, kind in titles
    ]
    dispatcher.utter_message(response="utter_ask_kind", buttons=buttons)
    return [SlotSet(KINDS, kinds), *ask(KIND)]


def settle_kind(turn: Turn, case: Case) -> tuple[Case, list[EventType]]:
    """`case` as one of the kind that the message chooses; as it is when that was not asked or not answered."""
    clicked = turn.intent == CHOOSES
    if not turn.kinds or case.filed or (turn.heard.intent in COMMANDS and not clicked):
        return case, []
    if clicked:
        kind = turn.clicked_on("problem")
        kind = kind if kind in turn.content.problems else None
    else:
        kind = chosen_kind(turn.heard, turn.kinds, turn.content)
    declined = turn.kinds if kind is None else None
    return of_kind(case, kind, turn.content), [SlotSet(KINDS, None), SlotSet(DECLINED, declined)]
