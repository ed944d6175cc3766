"""Customers of a running stack who write down what was promised to them."""

from __future__ import annotations

import asyncio
import os
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

# FIRSTLINE_FAULT_ROUNDS: how often each process is killed at work (1, so that the test is quick).
ROUNDS = int(os.environ.get("FIRSTLINE_FAULT_ROUNDS", "1"))
# Seconds until something that must come is given up: a customer may live through every kill, and
# the engine takes its time to start on a busy machine.
PATIENCE = 90.0 + 60.0 * ROUNDS
PAUSE = 0.1
CASE_NUMBER = re.compile(r"\bFL-[0-9A-Z]{6}\b")
WORDS = "My mobile data isn't working on my Google Pixel 8, account 8847201193"
SUMMARY = "Shall I send it?"
LONGEST_CONVERSATION = 12


@dataclass
class Ledger:
    """What the edge has acknowledged and the bot has promised; only ever added to.

    acknowledged: words by event id, per conversation. filed: case number by conversation.
    waits: seconds from each sending to its answer. waiting: what was sent and is not answered yet.
    """

    acknowledged: dict[str, dict[str, str]] = field(default_factory=dict)
    filed: dict[str, str] = field(default_factory=dict)
    heard: asyncio.Condition = field(default_factory=asyncio.Condition)
    count: int = 0
    waits: list[float] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)

    async def note(self, conversation: str, event: str, words: str) -> None:
        """The edge has acknowledged `words`."""
        async with self.heard:
            self.acknowledged.setdefault(conversation, {})[event] = words
            self.count += 1
            self.heard.notify_all()

    async def note_filed(self, conversation: str, number: str) -> None:
        """The bot has said that the case is filed."""
        async with self.heard:
            self.filed[conversation] = number
            self.heard.notify_all()

    async def note_answered(self, sent: str, seconds: float) -> None:
        """The message with this id has been answered after so long."""
        async with self.heard:
            self.waiting.discard(sent)
            self.waits.append(seconds)
            self.heard.notify_all()

    async def wait(self, condition: Callable[[], bool]) -> None:
        """Returns when something written down fulfils `condition`."""
        async with self.heard:
            await asyncio.wait_for(self.heard.wait_for(condition), PATIENCE)


class Customer:
    """Reports one problem and sees it through, however often something has to be sent again."""

    def __init__(self, client: httpx.AsyncClient, ledger: Ledger) -> None:
        self.client = client
        self._ledger = ledger
        self.id = ""
        self.headers: dict[str, str] = {}
        self._words: list[dict[str, Any]] = []

    async def open(self) -> None:
        opened = await self._ask("POST", "/api/v1/conversations", json={})
        self.id = opened["conversation"]
        self.headers = {"Authorization": f"Bearer {opened['token']}", "Accept": "application/json"}

    async def report(self) -> str:
        """From the first word to the number of the filed case."""
        await self.to_summary()
        return await self.confirm()

    async def to_summary(self) -> None:
        """Says what is wrong and answers until the bot sums it up."""
        await self.open()
        words = await self.say(f"{WORDS}, {uuid.uuid4().hex}@customer.example")
        for _ in range(LONGEST_CONVERSATION):
            if SUMMARY in words:
                return
            words = await self.say("I don't know")
        raise AssertionError(f"no summary after {LONGEST_CONVERSATION} answers: {words}")

    async def confirm(self) -> str:
        """Confirms the summary; returns the number of the case."""
        words = await self.click("Yes, send it")
        number = CASE_NUMBER.search(words)
        assert number, words
        await self._ledger.note_filed(self.id, number.group())
        return number.group()

    async def say(self, text: str) -> str:
        """The bot's answer to these words."""
        return await self._send({"text": text}, text)

    async def click(self, label: str) -> str:
        """The bot's answer to a click on a quick reply that it has offered last."""
        choices = [choice for event in self._words for choice in event.get("choices", ())]
        id = next((it["id"] for it in reversed(choices) if it["label"] == label), None)
        assert id, f"{label!r} is not among {choices}"
        return await self._send({"choice": id}, label)

    async def _send(self, what: dict[str, str], words: str) -> str:
        body, sent = {"id": str(uuid.uuid4()), **what}, time.monotonic()
        self._ledger.waiting.add(body["id"])
        event = await self.post(body)
        await self._ledger.note(self.id, event, words)
        answer = await self.answer(event)
        await self._ledger.note_answered(body["id"], time.monotonic() - sent)
        if "Try again" in [c["label"] for e in self._words for c in e.get("choices", ())]:
            return await self.click("Try again")
        return answer

    async def post(self, body: dict[str, str]) -> str:
        """Sends a message; returns the id of its event."""
        return str((await self._ask("POST", f"{self.path}/messages", json=body))["event"])

    async def answer(self, event: str) -> str:
        """Waits for the turn that answers `event`; returns the bot's words since it was sent."""
        self._words, cursor, until = [], event, time.monotonic() + PATIENCE
        while time.monotonic() < until:
            page = await self.events(cursor, wait=5)
            for entry in page["events"]:
                if entry["type"] == "turn" and entry["answers"] == event:
                    return "\n".join(it["text"] for it in self._words)
                if entry.get("from") == "bot":
                    self._words.append(entry)
            cursor = page["cursor"]
        raise AssertionError(f"{event} was acknowledged and never answered")

    async def events(self, after: str = "0-0", wait: int = 0) -> dict[str, Any]:
        """A page of the log after the cursor `after`."""
        return await self._ask("GET", f"{self.path}/events", params={"after": after, "wait": wait})

    @property
    def path(self) -> str:
        """Where this conversation is."""
        return f"/api/v1/conversations/{self.id}"

    async def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Asks again and again until there is an answer, as the widget does."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = await self.client.request(method, path, headers=self.headers, **more)
            except httpx.TransportError:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status_code < 500:
                assert answer.is_success, answer.text
                found: dict[str, Any] = answer.json()
                return found
            await asyncio.sleep(PAUSE)
        raise AssertionError(f"no answer to {method} {path} within {PATIENCE:g} s")
