"""A second matter beside the case: asked about, put off, and offered again when the first is done."""

from __future__ import annotations

import msgspec
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.known_incident import tie
from actions.turn import LATER, Turn, ask, keep_case
from bot.case.asking import NEXT, REPORTS, SECOND
from bot.case.doubt import CERTAIN
from bot.case.heard import Heard
from bot.case.intake import take_in
from bot.case.kind import SENTENCE, SURE, of_kind

ASKED = "asked"


def ask_about_second(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """The question whether the two are to be taken down one after the other."""
    assert turn.later is not None
    titles = {"first": turn.title(turn.case.problem), "second": turn.title(turn.later["problem"])}
    dispatcher.utter_message(response="utter_second_matter", **titles)
    return [SlotSet(LATER, turn.later | {ASKED: True}), *ask(SECOND)]


def offer_second(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """The offer to take the second matter down now, where there is one."""
    if not turn.later:
        return []
    second = turn.title(turn.later["problem"])
    dispatcher.utter_message(response="utter_next_matter", second=second)
    return [SlotSet(LATER, turn.later), *ask(NEXT)]


def settle_second(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """What an answer about the second matter leads to; `turn.case` is then the case to go on with.

    None when nothing was asked about it, or when the message is about neither yes nor no.
    """
    yes, no = turn.intent == "affirm", turn.intent == "deny"
    if turn.asking == SECOND:
        kind = _named_as_one(turn)
        if kind and not yes:
            turn.case = of_kind(turn.case, kind, turn.content)
        return _take_down(dispatcher, turn) if turn.later and (no or kind) and not yes else []
    if turn.asking == NEXT and yes and turn.later:
        return _take_down(dispatcher, turn)
    if turn.asking == NEXT and no:
        dispatcher.utter_message(response="utter_no_next_matter")
        return [SlotSet(LATER, None), *ask(None)]
    return None


def _named_as_one(turn: Turn) -> str | None:
    """Which of the two problems it is, where the answer says so: "it's one thing, no signal at home"."""
    heard, later = turn.heard, turn.later or {}
    sure = heard.problem_confidence >= SURE and len(heard.text.split()) >= SENTENCE
    one_of_them = heard.problem in (turn.case.problem, later.get("problem"))
    return heard.problem if heard.intent in REPORTS and sure and one_of_them else None


def _take_down(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """The second matter in the case at hand or, when that is filed, in a case of its own."""
    said = msgspec.convert(
        {key: value for key, value in (turn.later or {}).items() if key != ASKED}
        | {"intent": "report_problem", "problem_confidence": CERTAIN},
        Heard,
    )
    turn.case = tie(dispatcher, turn, take_in(turn.case, said, None, turn.content).case)
    return [*keep_case(turn.case), SlotSet(LATER, None)]
