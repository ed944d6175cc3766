"""Any sequence of saying, claiming, answering, editing and passing on, against a model of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis.asyncio import Redis

from bot.conversation.change import Turn
from bot.conversation.events import CUSTOMER, bot_message, case_event, message, owner_event
from bot.conversation.keys import conversation_keys
from bot.conversation.owner import TRANSITIONS, Owner
from bot.conversation.scripts import CaseChanged
from bot.conversation.store import Conversation, Conversations
from bot.conversation.work import Claim, WorkQueue
from bot.errors import ClaimLost, NotOwner
from tests.conversation.support import LONG, opened, with_device

T = TypeVar("T")


class Machine(RuleBasedStateMachine):
    """One conversation, a customer, persons, and workers that may be late.

    log: what must be in the log. taken: what a worker has read, under which claim, not committed.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.redis = Redis.from_url(url)
        self.conversations = Conversations(self.redis)
        self.ready = WorkQueue(self.redis, "ready", LONG)
        self.do(self.redis.flushall())
        self.do(opened(self.redis))
        self.log = ["owner bot", "bot Hello"]
        self.owner, self.epoch = Owner.BOT, 1
        self.unread: list[str] = []
        self.taken: list[tuple[Conversation, Claim]] = []
        self.versions = 0
        self.last_claim: Claim | None = None

    def do(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.do(self.redis.aclose())
        self.loop.close()

    @rule(client_id=st.integers(0, 6))
    def say(self, client_id: int) -> None:
        text = f"said {client_id}"
        event, new = self.do(self.conversations.say("c1", str(client_id), message(CUSTOMER, text)))
        assert new is (f"customer {text}" not in self.log)
        if not new:
            return
        if self.owner is Owner.CLOSED:  # opened again by it
            self.owner, self.epoch = Owner.BOT, self.epoch + 1
            self.log.append("owner bot")
            self.unread.clear()
        self.log.append(f"customer {text}")
        self.unread.append(event)

    @rule(taken_over=st.booleans())
    def claim(self, taken_over: bool) -> None:
        if taken_over:
            keys = conversation_keys("c1")
            self.do(self.redis.zadd(keys.ready, {"c1": 0}, xx=True))
        claim = self.do(self.ready.claim("c1"))
        if claim is not None:
            self.last_claim = claim
            self.taken.append((self.do(self.conversations.read("c1")), claim))

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        read, claim = self.taken.pop(data.draw(st.integers(0, len(self.taken) - 1)))
        if not self.unread:
            return
        text = f"answer {len(self.log)}"
        allowed = (
            claim == self.last_claim and self.owner is Owner.BOT and read.epoch == self.epoch
            and read.case_version == self.versions and read.cursor == self.cursor
        )  # fmt: skip
        turn = Turn(answers=self.unread[0], events=[bot_message(text)], tracker=b"{}")
        try:
            more = self.do(self.conversations.commit(read, claim, turn))
        except (ClaimLost, NotOwner, CaseChanged):
            assert not allowed
            return
        assert allowed
        self.log.append(f"bot {text}")
        self.unread.pop(0)
        assert more is bool(self.unread)
        if not more:
            self.last_claim = None

    @rule(to=st.sampled_from(list(Owner)))
    def pass_on(self, to: Owner) -> None:
        if to not in TRANSITIONS[self.owner]:
            return
        read = self.do(self.conversations.read("c1"))
        self.epoch = self.do(self.conversations.change_owner(read, to, owner_event(to.value)))
        self.owner = to
        self.log.append(f"owner {to.value}")
        if to is Owner.BOT:
            self.unread.clear()

    @rule()
    def edit(self) -> None:
        read = self.do(self.conversations.read("c1"))
        self.versions += 1
        case = with_device(read.case, f"Pixel {self.versions}")
        self.do(self.conversations.edit_case(read, case, case_event({}, "agent"), answer=False))
        self.log.append("case")

    @property
    def cursor(self) -> str:
        return self.do(self.conversations.read("c1")).cursor

    @invariant()
    def the_log_is_as_it_should_be(self) -> None:
        events = self.do(self.conversations.all_events("c1"))
        kinds = {"message": ("from", "text"), "owner": ("owner",), "case": ()}
        seen = []
        for event in events:
            words = [str(event.body[key]) for key in kinds[event.type]]
            seen.append(" ".join(words if event.type == "message" else [event.type, *words]))
        assert seen == self.log

    @invariant()
    def what_the_bot_owes_is_waiting_for_it(self) -> None:
        due = self.do(self.redis.zscore(conversation_keys("c1").ready, "c1")) is not None
        if self.owner is Owner.BOT and self.unread:
            assert due
        if self.owner is not Owner.BOT:
            assert not due


def test_any_sequence_of_events(redis_url: str) -> None:
    class OnThisRedis(Machine):
        def __init__(self) -> None:
            super().__init__(redis_url)

    run_state_machine_as_test(
        OnThisRedis,
        settings=settings(max_examples=60, stateful_step_count=30, deadline=None),
    )
