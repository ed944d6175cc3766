"""How a filed case stands: when it came, what was promised, who spoke last. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case.fields import CONTACT_EMAIL
from bot.case.filing import moment
from bot.case.model import Case
from bot.clock.times import from_ms
from bot.content import Content
from bot.conversation.events import AGENT, BOT, CUSTOMER, MESSAGE, Event
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation

OPENED_AGAIN_AT = "opened_again_at"  # ms since 1970, in the conversation's own notes


@dataclass(frozen=True)
class Standing:
    """What the handlers of timers ask about a filed case.

    received: never changes. since: from when the answer counts: when it was received, or opened
    again. promised: when the answer is due; None when that is too far off. answered: whether a
    person has answered since then. last: the last message of the customer, the
    bot or an agent.
    """

    conversation: Conversation
    received: datetime
    since: datetime
    promised: datetime | None
    answered: bool
    last: Event | None
    last_of_customer: Event | None

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self.conversation.case

    @property
    def meta(self) -> dict[str, str]:
        """The conversation's own notes."""
        return dict(self.conversation.meta)

    @property
    def done(self) -> bool:
        """Whether the case counts as done; a customer who writes again opens the conversation."""
        return self.case.resolution is not None and self.conversation.owner is Owner.CLOSED

    @property
    def is_complaint(self) -> bool:
        """Whether the dispute rules apply."""
        return self.case.category == "complaint"

    @property
    def waits_for_customer(self) -> Event | None:
        """The agent's message that the customer has not answered, if that is how it stands."""
        last = self.last
        return last if last is not None and last.body["from"] == AGENT and not self.done else None

    @property
    def email(self) -> str:
        """Where the customer can be written to; empty when nowhere."""
        stated = self.case.field(CONTACT_EMAIL)
        return stated.value if isinstance(stated.value, str) and not stated.invalid else ""


def standing(conversation: Conversation, log: Sequence[Event], content: Content) -> Standing | None:
    """How the case of this conversation stands; None when it has not been filed."""
    case = conversation.case
    if not case.filed or case.received_at is None:
        return None
    received = moment(case.received_at)
    opened_again = conversation.meta.get(OPENED_AGAIN_AT)
    since = from_ms(int(opened_again)) if opened_again else received
    said = [it for it in log if it.type == MESSAGE and it.body["from"] in (CUSTOMER, BOT, AGENT)]
    theirs = [it for it in said if it.body["from"] == CUSTOMER]
    return Standing(
        conversation=conversation,
        received=received,
        since=since,
        promised=content.hours.due(since, content.response_times[case.category].business_hours),
        answered=any(it.body["from"] == AGENT and it.at >= since for it in said),
        last=said[-1] if said else None,
        last_of_customer=theirs[-1] if theirs else None,
    )
