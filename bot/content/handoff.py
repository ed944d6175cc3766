"""When a person takes over, how long a customer waits at most, and what the customer is told."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from bot.content.records import Category, Priority, Record

Positive = Annotated[int, Meta(gt=0)]


class HandoffTrigger(Record, frozen=True, kw_only=True):
    """Leads to a person when all that it names is so; of each list one is enough.

    intents: what the message means; phrases: words in it; times: how many messages it takes.
    at_once: the customer is put through without being asked whether they want it. reason: for the
    agent; said: for the customer.
    """

    name: str
    reason: str
    said: str
    problems: list[str] = []
    categories: list[Category] = []
    priorities: list[Priority] = []
    intents: list[str] = []
    phrases: list[str] = []
    times: Positive = 1
    at_once: bool = False

    def named_in(self, text: str) -> bool:
        """Whether one of the phrases stands in `text`, however it is spaced and capitalised."""
        words = " ".join(text.casefold().replace("’", "'").split())
        return any(phrase.casefold() in words for phrase in self.phrases)


class HandoffTexts(Record, frozen=True, kw_only=True):
    """What a customer reads when nobody but the system can say it; `{…}` is filled in.

    assigned, ended: {agent}. timed_out, timed_out_without_copy: {number}, {response_time}. passed_on,
    passed_on_without_copy: all three.
    """

    stop_waiting: str
    assigned: str
    put_back: str
    back_with_bot: str
    timed_out: str
    timed_out_without_copy: str
    passed_on: str
    passed_on_without_copy: str
    ended: str


class Handoff(Record, frozen=True, kw_only=True):
    """All about passing a conversation to a person.

    places_per_agent: how many conversations an agent has at once. longest_queue: beyond so many
    waiting for each agent nobody else is let in. minutes_per_conversation: for the expected wait,
    until enough conversations have been counted. agent_silence_minutes: after so long without a
    word of the agent who has it, a waiting customer's conversation goes back to the queue.
    """

    places_per_agent: Positive
    longest_queue: int
    longest_wait_minutes: Positive
    agent_silence_minutes: Positive
    minutes_per_conversation: Positive
    triggers: list[HandoffTrigger]
    texts: HandoffTexts
