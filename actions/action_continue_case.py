"""Goes on with the case: the next question, the summary, or the filing."""

from __future__ import annotations

from typing import Any

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.action_change_field import ask_which_field
from actions.action_get_person import get_person
from actions.reopening import look_at_closed_case
from actions.second_matter import ask_about_second, settle_second
from actions.triggers_met import look_for_person
from actions.turn import ASKING, HAND_OVER, PERSON, REQUESTED, Turn, ask, begin_anew, keep_case
from actions.which_kind import ask_kind, kinds_to_ask_about
from bot.case.asking import CANCEL, CONFIRMATION, DOUBT, KIND, REPORTS, SOLVED, START_OVER
from bot.case.dialogue import new_advice, next_question, suggestion, summary, value_in_words
from bot.case.doubt import doubted_field
from bot.case.fields import DESCRIPTION, LOCATION
from bot.case.incident import depends_on_place

OPENS_A_CASE = REPORTS | {"not_solved", "ask_human", "frustration"}
FIRST_REPEAT = 1
FETCHED = "the bot has got what the agent asked for"


class ActionContinueCase(Action):
    """Every rule ends here, so that a question once asked is never forgotten."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_continue_case"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """What comes next, unless another action has just asked something."""
        turn = Turn(tracker)
        if turn.asked or turn.handing_over:
            return []
        if turn.asking == PERSON and turn.intent == "affirm":
            return await _to_a_person(dispatcher, turn)
        answered = _answered_yes_or_no(dispatcher, turn)
        if answered is not None:
            return answered
        if turn.requested:
            return _for_the_agent(dispatcher, turn)
        met, to_person = await look_for_person(dispatcher, turn)
        if to_person:
            return [*met, *to_person]
        return [*met, *self._go_on(dispatcher, turn)]

    @staticmethod
    def _go_on(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
        closed = look_at_closed_case(dispatcher, turn)
        if closed is not None:
            return closed
        settled = settle_second(dispatcher, turn)
        if settled is not None:
            return settled if turn.case.filed else [*settled, *_next(dispatcher, turn)]
        if turn.later and not turn.later.get("asked"):
            return ask_about_second(dispatcher, turn)
        if turn.case.filed:
            return _after_filing(dispatcher, turn)
        if not (turn.case.begun or turn.intent in OPENS_A_CASE or _said_no_to_solved(turn)):
            return _nothing_to_go_on_with(dispatcher, turn)
        return _next(dispatcher, turn)


def _answered_yes_or_no(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType] | None:
    """What a yes or no leads to, where one was asked for; None when the message was neither."""
    yes, no = turn.intent == "affirm", turn.intent == "deny"
    if turn.asking == CONFIRMATION and yes:
        return [FollowupAction("action_file_case")]
    if turn.asking == CONFIRMATION and no and not turn.spoken:
        return ask_which_field(dispatcher, turn)
    if turn.asking == CANCEL and yes:
        dispatcher.utter_message(response="utter_cancelled")
        return begin_anew(turn.case)
    if turn.asking == START_OVER and yes:
        dispatcher.utter_message(response="utter_start_over")
        return begin_anew(turn.case)
    if turn.asking == SOLVED and yes:
        return [FollowupAction("action_solved")]
    return None


async def _to_a_person(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """The person who was offered; when nobody is there any more, the case goes on by mail."""
    events = await get_person(dispatcher, turn)
    passed_on = any(event.get("name") == HAND_OVER for event in events)
    if passed_on or turn.case.filed:
        return [*ask(None), *events]
    return [*events, *_next(dispatcher, turn)]


def _for_the_agent(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    """The next of the fields an agent has asked for; when none is left, back to the agent."""
    field = next((name for name in turn.requested if not turn.case.field(name).settled), None)
    if field is None:
        dispatcher.utter_message(response="utter_back_to_agent")
        return [SlotSet(REQUESTED, None), *ask(None), SlotSet(HAND_OVER, FETCHED)]
    return _question(dispatcher, turn, field)


def _said_no_to_solved(turn: Turn) -> bool:
    return turn.asking == SOLVED and turn.intent == "deny"


def _after_filing(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    if turn.case.changed:
        return [FollowupAction("action_file_case")]
    return _nothing_to_go_on_with(dispatcher, turn)


def _nothing_to_go_on_with(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    if not turn.spoken:
        greeted = turn.intent == "greet"
        dispatcher.utter_message(response="utter_greet" if greeted else "utter_clarify")
    return [SlotSet(ASKING, None)] if turn.intent in ("affirm", "deny") else []


def _next(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    kinds = kinds_to_ask_about(turn)
    if kinds and not turn.hurry:
        return ask_kind(dispatcher, turn, kinds)
    if turn.asking == KIND and turn.case.problem is None:
        dispatcher.utter_message(response="utter_ask_other_words")
        return ask(DESCRIPTION)
    advice = new_advice(turn.case, turn.heard.event, turn.content, settled=turn.asking == KIND)
    if advice:
        dispatcher.utter_message(text=advice)
    doubted = None if turn.hurry else doubted_field(turn.case, turn.content)
    if doubted is not None:
        value = value_in_words(turn.case.field(doubted).value)
        dispatcher.utter_message(
            response="utter_did_you_mean", label=turn.label(doubted), value=value
        )
        return ask(DOUBT)
    question = next_question(turn.case, turn.content, turn.hurry)
    if not turn.hurry and depends_on_place(turn.case, turn.content, turn.at):
        question = LOCATION
    if question is None:
        return _sum_up(dispatcher, turn)
    return _question(dispatcher, turn, question)


def _question(dispatcher: CollectingDispatcher, turn: Turn, question: str) -> list[EventType]:
    if question == turn.asking and turn.tries:
        if turn.tries == FIRST_REPEAT or not turn.spoken:
            dispatcher.utter_message(response=f"utter_ask_{question}")
        return [SlotSet(ASKING, question)]
    dispatcher.utter_message(response=f"utter_ask_{question}")
    return ask(question)


def _sum_up(dispatcher: CollectingDispatcher, turn: Turn) -> list[EventType]:
    words = summary(turn.case, turn.content)
    step = None if turn.hurry else suggestion(turn.case, turn.content)
    if step is None:
        dispatcher.utter_message(response="utter_summary", summary=words)
        return ask(CONFIRMATION)
    dispatcher.utter_message(response="utter_suggestion", step=step.text)
    dispatcher.utter_message(response="utter_summary_or_solved", summary=words)
    case = msgspec.structs.replace(turn.case, suggested=step.step)
    return [*keep_case(case), *ask(CONFIRMATION)]
