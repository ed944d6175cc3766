"""Files the case: from here on it belongs to the operator's team."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.second_matter import offer_second
from actions.turn import HURRY, Turn, ask, keep_case
from bot.case.fields import CONTACT_EMAIL
from bot.case.filing import filed
from bot.case.model import Case


class ActionFileCase(Action):
    """The engine stores the case, its document and its mails together with what is said here."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_file_case"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The case as filed; a case filed before gets a new revision."""
        turn = Turn(tracker)
        case = filed(turn.case, turn.metadata.get("number"), turn.metadata.get("at"))
        _tell(dispatcher, turn, case)
        then = offer_second(dispatcher, turn) or ask(None)
        listen = FollowupAction("action_listen")
        return [*keep_case(case), *then, SlotSet(HURRY, None), listen]


def _tell(dispatcher: CollectingDispatcher, turn: Turn, case: Case) -> None:
    email = case.field(CONTACT_EMAIL)
    words = {
        "number": case.number,
        "response_time": turn.content.response_times[case.category].text,
        "email": email.value if email.invalid is None else None,
    }
    if case.revision > 1:
        dispatcher.utter_message(response="utter_revised", **words)
    elif words["email"]:
        dispatcher.utter_message(response="utter_filed", **words)
    else:
        dispatcher.utter_message(response="utter_filed_without_copy", **words)
