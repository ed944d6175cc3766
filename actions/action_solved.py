"""Ends what an answer or a step has solved: nothing is sent to anyone."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.second_matter import offer_second
from actions.turn import Turn, ask, begin_anew
from bot.case.asking import CONFIRMATION, SOLVED


class ActionSolved(Action):
    """In the middle of a case it asks first, so that no misunderstanding throws a case away."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_solved"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """An empty case, or the question whether it is really solved."""
        turn = Turn(tracker)
        if turn.case.filed:
            dispatcher.utter_message(response="utter_solved_after_filing", number=turn.case.number)
            return [FollowupAction("action_listen")]
        if turn.case.begun and turn.asking not in (SOLVED, CONFIRMATION):
            dispatcher.utter_message(response="utter_is_it_solved")
            return [*ask(SOLVED), FollowupAction("action_listen")]
        dispatcher.utter_message(response="utter_solved")
        offered = offer_second(dispatcher, turn)
        return [*begin_anew(turn.case), *offered, FollowupAction("action_listen")]
