"""A turn as the actions see it: Rasa's slots on one side, the case on the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot.case.asking import PERSON as PERSON
from bot.case.fields import FIELD_NAMES
from bot.case.filing import moment
from bot.case.heard import Heard
from bot.case.kind import weighed
from bot.case.model import Case, Field
from bot.content import Content, load_content
from bot.content.incidents import Incidents
from bot.content.records import Incident
from bot.handoff.people import People, nobody
from bot.nlu.several import ALSO, SECOND
from bot.settings import ROOT

CASE_RECORD = "case_record"
ASKING = "asking"
TRIES = "tries"
HURRY = "hurry"
HAND_OVER = "hand_over"
TRIGGERS_MET = "triggers_met"
REQUESTED = "requested"
LATER = "later"
KINDS = "kinds"
DECLINED = "declined"
SLOT_NAMES = (
    *FIELD_NAMES, CASE_RECORD, ASKING, TRIES, HURRY, HAND_OVER, TRIGGERS_MET, REQUESTED, LATER, KINDS,
    DECLINED,
)  # fmt: skip


# Asks how things stand at the desk; at the command line nobody is there.
PEOPLE: ContextVar[Callable[[], Awaitable[People]] | None] = ContextVar("people", default=None)
# The content that belongs to the model in use; None where only the checkout's is known.
CONTENT: ContextVar[Content | None] = ContextVar("content", default=None)


# The incidents to go by; None where those of the checkout are followed.
INCIDENTS: ContextVar[list[Incident] | None] = ContextVar("incidents", default=None)


def operator_content() -> Content:
    """The operator's content as the model in use knows it, else as it stands in the checkout.

    Its incidents are those of this moment: they come and go while models stay.
    """
    content = CONTENT.get() or _content_of_checkout()
    known = INCIDENTS.get()
    if known is None:
        _incidents().look()
        known = _incidents().known
    return msgspec.structs.replace(content, incidents=known)


@lru_cache(maxsize=1)
def _incidents() -> Incidents:
    return Incidents(ROOT / "data" / "incidents.yml")


@lru_cache(maxsize=1)
def _content_of_checkout() -> Content:
    return load_content(ROOT / "data")


async def people_there() -> People:
    """How things stand at the desk right now."""
    asking = PEOPLE.get()
    return await asking() if asking else nobody(operator_content())


async def somebody_is_free(content: Content) -> bool:
    """Whether a person can take the conversation right now; asked before one is offered."""
    return (await people_there()).can_take(content.handoff)


def slots_of(case: Case) -> dict[str, Any]:
    """The case as slot values: one slot a field, and the rest in `case_record`."""
    record = msgspec.to_builtins(case)
    fields = record.pop("fields")
    return {name: fields.get(name) for name in FIELD_NAMES} | {CASE_RECORD: record}


def case_of(slots: dict[str, Any]) -> Case:
    """The case that the slots hold."""
    fields = {name: msgspec.convert(slots[name], Field) for name in FIELD_NAMES if slots.get(name)}
    case = msgspec.convert(slots.get(CASE_RECORD) or {}, Case)
    return msgspec.structs.replace(case, fields=fields)


class Turn:
    """What an action needs to know of a turn, read from Rasa's tracker."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self.message: dict[str, Any] = tracker.latest_message
        self.metadata: dict[str, Any] = self.message.get("metadata") or {}
        self.intent: str = (self.message.get("intent") or {}).get("name") or ""
        self.case = case_of(tracker.slots)
        self.asking: str | None = tracker.get_slot(ASKING)
        self.tries: int = tracker.get_slot(TRIES) or 0
        self.later: dict[str, Any] | None = tracker.get_slot(LATER)
        self.kinds: list[str] = tracker.get_slot(KINDS) or []
        self.declined: list[str] = tracker.get_slot(DECLINED) or []
        self.hurry: bool = bool(tracker.get_slot(HURRY))
        self.requested: list[str] = tracker.get_slot(REQUESTED) or []
        self.triggers_met: dict[str, int] = tracker.get_slot(TRIGGERS_MET) or {}
        self.content = operator_content()
        self.at: datetime = moment(self.metadata.get("at"))

    @property
    def heard(self) -> Heard:
        """The customer's message as understood."""
        problem: dict[str, Any] = self.message.get("problem") or {}
        entities = self.message.get("entities") or []
        said = [problem, *problem.get("others", ())] if problem else []
        said = [kind for kind in said if kind["name"] not in self.declined]
        kinds = weighed(said, entities, self.content)
        return Heard(
            text=self.message.get("text") or "",
            event=str(self.metadata.get("event", "")),
            intent=self.message.get(ALSO) or self.intent,
            entities=entities,
            problem=kinds[0]["name"] if kinds else None,
            problem_confidence=kinds[0]["confidence"] if kinds else 0.0,
            kinds=kinds,
            confidence=(self.message.get("intent") or {}).get("confidence", 1.0),
            nothing=self.message.get("nothing") or (),
            error_code=self.message.get("error_code"),
            steps_named=self.message.get("steps_named") or (),
            clicked=bool(self.metadata.get("clicked")),
            file=self.metadata.get("file"),
        )

    @property
    def second(self) -> dict[str, Any] | None:
        """A second problem that the message reports, if it is of another category than the first."""
        found: dict[str, Any] | None = self.message.get(SECOND)
        if not found or self.case.begun:
            return None
        first = self.content.problems.get(self.heard.problem or "")
        other = self.content.problems.get(found["problem"]["name"])
        apart = first is not None and other is not None and first.category != other.category
        return found if apart else None

    @property
    def spoken(self) -> bool:
        """Whether the bot has said anything in this turn."""
        return any(event["event"] == "bot" for event in self._since_the_message())

    @property
    def asked(self) -> bool:
        """Whether an action has already asked the customer something in this turn."""
        return self._set_in_this_turn(ASKING)

    @property
    def handing_over(self) -> bool:
        """Whether an action has already passed the conversation on in this turn."""
        return self._set_in_this_turn(HAND_OVER)

    def clicked_on(self, entity: str) -> str | None:
        """The value that a clicked choice names, such as a field or an article."""
        values = (e["value"] for e in self.heard.entities if e["entity"] == entity)
        return next(values, None)

    def title(self, problem: str | None) -> str:
        """What a kind of problem is called."""
        known = self.content.problems.get(problem or "")
        return known.title if known else "your problem"

    def label(self, field: str) -> str:
        """What a field is called."""
        return self.content.fields[field].label

    def _set_in_this_turn(self, slot: str) -> bool:
        return any(
            event["event"] == "slot" and event["name"] == slot and event["value"]
            for event in self._since_the_message()
        )

    def _since_the_message(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = self._tracker.events
        last = max((n for n, event in enumerate(events) if event["event"] == "user"), default=-1)
        return events[last + 1 :]


def keep_case(case: Case) -> list[EventType]:
    """The events that put the case into the slots."""
    return [SlotSet(name, value) for name, value in slots_of(case).items()]


def begin_anew(case: Case) -> list[EventType]:
    """The events after which nothing is left of `case` but the customer: language, and what the
    host site vouches for."""
    empty = [
        SlotSet(name, None) for name in (HURRY, REQUESTED, TRIGGERS_MET, LATER, KINDS, DECLINED)
    ]
    return [*keep_case(case.anew()), *ask(None), *empty]


def ask(what: str | None) -> list[EventType]:
    """The events that remember what has been asked, for the first time."""
    return [SlotSet(ASKING, what), SlotSet(TRIES, 0)]
