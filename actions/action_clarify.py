"""Admits not having understood, unless the message was the answer to a question."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.triggers_met import look_for_person
from actions.turn import Turn, ask, somebody_is_free
from bot.case.fields import DESCRIPTION, FIELD_NAMES
from bot.nlu.leftover import is_question

# The trigger of data/handoff.yml that counts messages nobody could place.
NOT_UNDERSTOOD = "not_understood"


class ActionClarify(Action):
    """Always leaves a way to a person; the second time it takes what comes next for what is wrong."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """A person, or that the next message is what is wrong; an open question is asked again."""
        turn = Turn(tracker)
        answers = turn.asking in FIELD_NAMES and turn.asking != DESCRIPTION
        if answers and is_question(turn.heard.text) and not turn.spoken:
            dispatcher.utter_message(response="utter_for_the_team")
        if answers or turn.spoken:
            return []
        if not turn.triggers_met.get(NOT_UNDERSTOOD):
            dispatcher.utter_message(response="utter_clarify")
            return []
        if turn.case.begun or turn.asking is not None:
            await _say_again(dispatcher, turn)
            return []
        met, to_person = await look_for_person(dispatcher, turn)
        if to_person:
            return [*met, *to_person]
        await _say_again(dispatcher, turn)
        return [*met, *ask(DESCRIPTION)]


async def _say_again(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    there = await somebody_is_free(turn.content)
    response = "utter_clarify_again" if there else "utter_clarify_again_by_mail"
    dispatcher.utter_message(response=response)
