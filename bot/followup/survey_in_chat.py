"""The survey as quick replies at the end of a conversation with a person."""

from __future__ import annotations

import secrets
from dataclasses import replace

from bot.content import Content
from bot.content.follow_up import Answer
from bot.conversation.change import Change
from bot.conversation.events import SYSTEM, Choice, Event, message
from bot.conversation.store import Conversation
from bot.followup.survey import ANSWERS, Asked, answered, survey_words

PAYLOAD = "/survey"
CHOICE_BYTES = 9


def question(now: int) -> tuple[Event, list[Choice]]:
    """What is asked at `now` (ms since 1970), and the replies to choose from."""
    words = survey_words()
    offered = [
        Choice(
            secrets.token_urlsafe(CHOICE_BYTES), words.answers.of(one), f"{PAYLOAD} {now} {one}"
        )
        for one in ANSWERS
    ]  # fmt: skip
    shown = [{"id": choice.id, "label": choice.label} for choice in offered]
    return message(SYSTEM, words.question, choices=shown), offered


def is_answer(payload: str) -> bool:
    """Whether a clicked choice answers a survey."""
    return payload.startswith(f"{PAYLOAD} ")


def answer_change(
    conversation: Conversation, said: Event, payload: str, now: int, content: Content
) -> Change:
    """What the click `said` changes: the same as the link in a mail, and it stands in the log."""
    _, at, word = payload.split()
    answer: Answer = next(one for one in ANSWERS if one == word)
    change = answered(conversation, Asked(conversation.id, int(at)), answer, now, content)
    thanks = [] if change.owner is not None else [message(SYSTEM, f"{survey_words().thanks}.")]
    return replace(change, events=[said, *change.events, *thanks])
