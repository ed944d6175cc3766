"""Closes a question that an answer of the knowledge base has solved."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import ask


class ActionSolved(Action):
    """A case that was begun goes on."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_solved"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing is asked any more."""
        dispatcher.utter_message(response="utter_solved")
        return [*ask(None), FollowupAction("action_listen")]
