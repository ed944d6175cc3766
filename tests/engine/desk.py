"""Workers on a real Redis, a customer who writes to them, and what became of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from bot.conversation.events import CUSTOMER, Event, message, owner_event
from bot.conversation.keys import READY_CHANNEL
from bot.conversation.store import Conversation, Conversations
from bot.conversation.work import Wake, WorkQueue
from bot.engine.worker import Worker
from bot.handoff.people import People
from bot.mail.destinations import Destinations
from tests.engine.talk import CONTENT

PATIENCE = 60.0
QUEUE = "cases@meadow.example"
LEASE = 500  # ms: so that work of a dead worker comes back soon


class Desk:
    """One Redis with a customer in front of it; `working` puts workers behind it.

    people: who is there to take a conversation.
    """

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.conversations = Conversations(redis)
        self._ids = itertools.count(1)
        self.people = People(open=True)

    @asynccontextmanager
    async def working(
        self,
        *dialogues: Any,
        conversations: Conversations | None = None,
        queue: WorkQueue | None = None,
    ) -> AsyncIterator[None]:
        """A worker for each of the `dialogues`, stopped at the end of the block."""
        async with AsyncExitStack() as stack:
            for dialogue in dialogues:
                await stack.enter_async_context(self._worker(dialogue, conversations, queue))
            yield

    @asynccontextmanager
    async def _worker(
        self, dialogue: Any, conversations: Conversations | None, queue: WorkQueue | None
    ) -> AsyncIterator[None]:
        wake = Wake(self.redis, READY_CHANNEL)
        listening = asyncio.create_task(wake.listen())
        worker = self.worker(dialogue, wake, conversations, queue)
        working = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            worker.stop()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await asyncio.wait_for(working, PATIENCE)

    def worker(
        self,
        dialogue: Any,
        wake: Wake | None = None,
        conversations: Conversations | None = None,
        queue: WorkQueue | None = None,
    ) -> Worker:
        """A worker that has not begun; without a `wake` that listens it only sweeps."""
        return Worker(
            conversations or Conversations(self.redis),
            queue or WorkQueue(self.redis, "ready", LEASE),
            wake or Wake(self.redis, READY_CHANNEL), dialogue, CONTENT, Destinations({}, QUEUE),
            self._people,
        )  # fmt: skip

    async def _people(self) -> People:
        return self.people

    async def open(self, id: str = "c1") -> str:
        await self.conversations.open(id, "hash", "en", [owner_event("bot")])
        return id

    async def say(self, text: str, id: str = "c1") -> str:
        """Says something; returns the event's id."""
        event = message(CUSTOMER, text)
        return (await self.conversations.say(id, str(next(self._ids)), event))[0]

    async def click(self, label: str, id: str = "c1") -> str:
        """Clicks the last quick reply with this label."""
        offered = [c for e in await self.log(id) for c in e.body.get("choices", ())]
        choice_id = [it["id"] for it in offered if it["label"] == label][-1]
        choice = await self.conversations.choice(id, choice_id)
        event = Event("message", {"from": CUSTOMER, "text": label}, {"payload": choice.payload})
        return (await self.conversations.say(id, str(next(self._ids)), event))[0]

    async def ask(self, text: str, id: str = "c1") -> str:
        """Says something and waits for the answer, whose words it returns."""
        return await self.answer_to(await self.say(text, id), id)

    async def answer_to(self, event: str, id: str = "c1") -> str:
        """The bot's words in the turn that answers `event`, once there is one."""
        await until(lambda: self._is_answered(event, id))
        words: list[str] = []
        for entry in await self.log(id):
            if entry.type == "turn":
                if entry.body["answers"] == event:
                    return "\n".join(words)
                words = []
            elif entry.body.get("from") == "bot":
                words.append(entry.body["text"])
        raise AssertionError(f"no turn answers {event}")

    async def _is_answered(self, event: str, id: str) -> bool:
        return event in await self.answered(id)

    async def answered(self, id: str = "c1") -> list[str]:
        """The customer's events that turns have answered, in the order of the turns."""
        return [e.body["answers"] for e in await self.log(id) if e.type == "turn"]

    async def log(self, id: str = "c1") -> list[Event]:
        return await self.conversations.all_events(id)

    async def read(self, id: str = "c1") -> Conversation:
        return await self.conversations.read(id)

    async def words(self, id: str = "c1") -> str:
        """Everything the bot has said."""
        return "\n".join(e.body["text"] for e in await self.log(id) if e.body.get("from") == "bot")

    async def keys(self, pattern: str) -> list[str]:
        return sorted([key.decode() async for key in self.redis.scan_iter(match=pattern)])


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Returns when `condition` holds; fails when it does not within `PATIENCE` seconds."""

    async def wait() -> None:
        while not await condition():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), PATIENCE)
