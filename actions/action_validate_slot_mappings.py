"""Takes everything out of a message that belongs to the case, before anything is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.known_incident import tie
from actions.second_matter import ASKED
from actions.turn import LATER, TRIES, Turn, keep_case, somebody_is_free
from actions.which_kind import settle_kind
from bot.case.answering import without_answer
from bot.case.asking import COMMANDS, SECOND
from bot.case.dialogue import value_in_words
from bot.case.fields import FIELD_NAMES, PREVIOUS_CONTACT
from bot.case.intake import in_words, take_in
from bot.case.model import Case
from bot.case.second import is_second_matter
from bot.case.taking import CHECKED, Note, Taken

EXAMPLE_AFTER = 2
OFFER_AFTER = 3


class ActionTakeIn(Action):
    """Says what was changed or cannot be used.

    Under this name Rasa runs it on every message, before it decides what to do next, and passes on
    what it says (a custom mapping's own action may set slots but not speak).
    """

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_validate_slot_mappings"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The slots after the message."""
        turn = Turn(tracker)
        asked_which = turn.kinds or turn.asking == SECOND
        if not asked_which and is_second_matter(turn.case, turn.heard, turn.content):
            return _put_off(turn)
        taken = take_in(turn.case, turn.heard, turn.asking, turn.content)
        failed = any(_is_failure(note, turn.asking) for note in taken.notes)
        tries = turn.tries + 1 if failed or _passed_over(turn, taken) else 0
        if tries > OFFER_AFTER and turn.asking:
            dispatcher.utter_message(response="utter_left_out", label=turn.label(turn.asking))
            case = without_answer(taken.case, turn.asking, turn.heard.event)
            return [*keep_case(case), SlotSet(TRIES, 0)]
        for note in taken.notes:
            if tries < OFFER_AFTER or not _is_failure(note, turn.asking):
                _tell(dispatcher, turn, note, tries)
        if tries == OFFER_AFTER and turn.asking:
            await _offer_skip(dispatcher, turn)
        _tell_of_earlier_case(dispatcher, turn, taken.case)
        case, settled = settle_kind(turn, taken.case)
        case = tie(dispatcher, turn, case)
        return [*keep_case(case), SlotSet(TRIES, tries), *settled, *_with_a_second(turn)]


async def _offer_skip(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    """The way out of a question; nobody is offered who is not there."""
    assert turn.asking is not None
    there = await somebody_is_free(turn.content)
    response = "utter_offer_skip" if there else "utter_offer_skip_by_mail"
    dispatcher.utter_message(response=response, label=turn.label(turn.asking))


def _with_a_second(turn: Turn) -> list[EventType]:
    """A second matter in the first message: its words are put off until the first is done."""
    if turn.second is None:
        return []
    problem = turn.second["problem"]["name"]
    later = {"text": turn.second["text"], "event": turn.heard.event, "problem": problem}
    return [SlotSet(LATER, later)]


def _put_off(turn: Turn) -> list[EventType]:
    """Of a second matter only who the customer is belongs to the case at hand."""
    heard = turn.heard
    own = [entity for entity in heard.entities if entity["entity"] in CHECKED]
    taken = take_in(turn.case, replace(heard, intent="inform", entities=own), None, turn.content)
    later: dict[str, Any] = {
        "text": heard.text, "event": heard.event, "problem": heard.problem,
        "entities": list(heard.entities), "nothing": list(heard.nothing),
    }  # fmt: skip
    before = turn.later or {}
    if before.get(ASKED) and before["problem"] == heard.problem:  # more of what is put off already
        more = [*before.get("entities", ()), *heard.entities]
        later |= {"text": f"{before['text']}\n{heard.text}", "entities": more, ASKED: True}
    return [*keep_case(taken.case), SlotSet(LATER, later)]


def _passed_over(turn: Turn, taken: Taken) -> bool:
    """Whether the customer has said something else than was asked.

    An aside is not meant as an answer, nor is a correction.
    """
    if turn.asking not in FIELD_NAMES or turn.heard.clicked or turn.intent in COMMANDS:
        return False
    corrected = any(note.kind == "changed" for note in taken.notes)
    return not corrected and not taken.case.field(turn.asking).settled


def _tell_of_earlier_case(dispatcher: CollectingDispatcher, turn: Turn, case: Case) -> None:
    earlier = case.field(PREVIOUS_CONTACT)
    if turn.case.filed and not case.filed and earlier.value == in_words(turn.case):
        dispatcher.utter_message(response="utter_earlier_case", number=turn.case.number)


def _is_failure(note: Note, asking: str | None) -> bool:
    return note.field == asking and note.kind in ("invalid", "lost")


def _tell(dispatcher: CollectingDispatcher, turn: Turn, note: Note, tries: int) -> None:
    words = {
        "label": turn.label(note.field),
        "old": value_in_words(note.old),
        "new": value_in_words(note.new),
        "reason": note.reason,
        "example": turn.content.fields[note.field].example,
    }
    dispatcher.utter_message(response=_response(note, turn.asking, tries), **words)


def _response(note: Note, asking: str | None, tries: int) -> str:
    if _is_failure(note, asking):
        return f"utter_{note.kind}_example" if tries >= EXAMPLE_AFTER else f"utter_{note.kind}"
    return f"utter_{note.kind}"
