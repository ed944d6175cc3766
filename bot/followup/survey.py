"""The survey after a case: signed links that anybody can read and nobody can make, and the answer.

A link's token is the signed name `<conversation>.<when>` (`bot/signing.py`): `when` (ms since 1970) says
which survey it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

import msgspec

from bot.case.filing import rfc3339
from bot.case.model import Resolution
from bot.case.view import customer_view
from bot.clock.times import from_ms
from bot.content import Content
from bot.content.follow_up import Answer, SurveyWords, follow_up
from bot.conversation.change import Change, Place
from bot.conversation.events import SYSTEM, Event, case_event, message, note_event, owner_event
from bot.conversation.keys import BY_MAIL
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation
from bot.desk.figures import SURVEYED
from bot.followup.escalation import NOT_SOLVED_AT
from bot.followup.filed import anew
from bot.followup.kinds import COMPLAINT, ESCALATION, NEWS, PROMISE, UNANSWERED
from bot.signing import Signer

ANSWERS: tuple[Answer, ...] = get_args(Answer)
PURPOSE = b"firstline survey"
SURVEY = "survey"
SURVEY_OF = "survey_of"  # which one the answer was given to
DAY = 86_400_000


@dataclass(frozen=True)
class Asked:
    """A survey as its link names it; `at` is when it was sent, in ms since 1970."""

    conversation: str
    at: int


class SurveyLinks:
    """Makes and reads survey links. base_url: where the edge is reached, without a slash at the end."""

    def __init__(self, base_url: str, secret: str) -> None:
        self._base_url = base_url
        self._signer = Signer(secret, PURPOSE)

    def link(self, asked: Asked, answer: Answer) -> str:
        """The address of the page on which `answer` is given."""
        return f"{self._base_url}/survey/{self.token(asked)}?answer={answer}"

    def token(self, asked: Asked) -> str:
        """What stands in the link for the survey."""
        return self._signer.sign(f"{asked.conversation}.{asked.at}")

    def read(self, token: str) -> Asked | None:
        """The survey of a token that we made; None for any other."""
        named = self._signer.read(token)
        if named is None:
            return None
        conversation, _, at = named.rpartition(".")
        return Asked(conversation, int(at))


def survey_words() -> SurveyWords:
    """What the survey says."""
    return follow_up().survey.words


def open_until(asked: Asked, open_days: int) -> int:
    """Until when it can be answered, ms since 1970."""
    return asked.at + open_days * DAY


def answered(
    conversation: Conversation, asked: Asked, answer: Answer, now: int, content: Content
) -> Change:
    """The customer's answer, once for each survey; what it says of the case is done at once.

    Not solved: the case is open again, staff see it and it rises. Solved: it is done, if nobody has
    it just now.
    """
    note = note_event(SURVEY, f"Survey: {survey_words().answers.of(answer)}", survey=answer)
    meta: dict[str, str | int] = {SURVEY: answer, SURVEY_OF: asked.at}
    once = f"survey:{asked.at}"
    change = Change(events=[note], meta=meta, once=once)
    if answer == "not_solved":
        opened = meta | anew(now) | {NOT_SOLVED_AT: now}
        change = _opened_again(conversation, note, opened, once, now, content)
    elif (
        answer == "solved" and conversation.owner is Owner.BOT and not conversation.case.resolution
    ):
        change = _done(conversation, note, meta, once, now, content)
    return replace(change, counts={f"{SURVEYED}:{answer}": 1})


def _opened_again(
    conversation: Conversation, note: Event, meta: dict[str, str | int], once: str, now: int,
    content: Content,
) -> Change:  # fmt: skip
    closed = conversation.owner is Owner.CLOSED
    case = msgspec.structs.replace(conversation.case, resolution=None)
    told = message(SYSTEM, survey_words().opened_again)
    events = [note, told, case_event(customer_view(case, content), SYSTEM)]
    if closed:
        events.insert(0, owner_event(Owner.BOT.value))
    timers = {ESCALATION: now, PROMISE: now}
    if case.category == "complaint":
        timers[COMPLAINT] = now
    return Change(
        owner=Owner.BOT if closed else None, case=case, events=events, meta=meta, timers=timers,
        place=Place(BY_MAIL, now) if closed or not conversation.queue else None, once=once,
    )  # fmt: skip


def _done(
    conversation: Conversation, note: Event, meta: dict[str, str | int], once: str, now: int,
    content: Content,
) -> Change:  # fmt: skip
    at = rfc3339(from_ms(now))
    case = msgspec.structs.replace(conversation.case, resolution=Resolution("solved", at))
    # The customer has just said so: no mail about it.
    told = {"told": f"resolved:{at}"}
    return Change(
        owner=Owner.CLOSED, case=case, meta=meta | told, once=once, place=Place(""),
        events=[note, case_event(customer_view(case, content), SYSTEM),
                owner_event(Owner.CLOSED.value)],
        timers=dict.fromkeys((PROMISE, COMPLAINT, ESCALATION, UNANSWERED, NEWS)),
    )  # fmt: skip
