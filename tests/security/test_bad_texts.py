"""Bad texts through the whole product: it goes on, no card is kept, no account number is lost."""

from __future__ import annotations

import asyncio
import os
import re
import time
import unicodedata
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.security.bad_texts import BadText, bad_texts
from tests.support.stack import Stack

pytestmark = pytest.mark.stack

# A long run makes it 2,000.
COUNT = int(os.environ.get("FIRSTLINE_TEST_BAD_TEXTS", "66"))
OF_ONE = 22
PATIENCE = 120.0
PROCESSES = ("redis", "mailbox", "edge", "engine", "courier")
OPEN = "/api/v1/conversations"


class Nuisance:
    """Somebody who sends bad texts and reads what has become of them."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._path = ""
        self._headers: dict[str, str] = {}

    async def open(self) -> None:
        opened = (await self._client.post(OPEN, json={})).json()
        self._path = f"{OPEN}/{opened['conversation']}"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    async def send(self, text: BadText) -> int:
        headers = self._headers | {"Content-Type": "application/json"}
        answer = await self._client.post(
            f"{self._path}/messages", content=text.body, headers=headers
        )
        return answer.status_code

    async def answered(self) -> None:
        """Says something plain and waits for the turn that answers it."""
        body = {"id": str(uuid.uuid4()), "text": "hello"}
        answer = await self._client.post(f"{self._path}/messages", json=body, headers=self._headers)
        event, until = answer.json()["event"], time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for one in await self.log(wait=5):
                if one["type"] == "turn" and one["answers"] == event:
                    return
        raise AssertionError("a plain message after bad ones was never answered")

    async def log(self, wait: int = 0) -> list[dict[str, Any]]:
        """The whole log."""
        events: list[dict[str, Any]] = []
        cursor = "0-0"
        while True:
            answer = await self._client.get(
                f"{self._path}/events", params={"after": cursor, "wait": wait if not events else 0},
                headers=self._headers | {"Accept": "application/json"},
            )  # fmt: skip
            page = answer.json()
            if not page["events"]:
                return events
            events += page["events"]
            cursor = page["cursor"]


async def bother(client: httpx.AsyncClient, texts: list[BadText]) -> tuple[str, list[str]]:
    """Sends the texts in a conversation of their own: its log as text, and what went wrong."""
    wrong = []
    nuisance = Nuisance(client)
    await nuisance.open()
    for text in texts:
        status = await nuisance.send(text)
        if status >= 500 or (status == 202) > text.fits:
            wrong.append(f"{status} to {text.body[:300]!r}")
    await nuisance.answered()
    said = [it["text"] for it in await nuisance.log() if it.get("from") == "customer"]
    log = "\n".join(said)
    wrong += [f"card {card} in the log" for it in texts for card in it.cards if card in digits(log)]
    wrong += [f"{it} is not in the log" for one in texts for it in one.accounts if it not in log]
    return log, wrong


def digits(text: str) -> str:
    """The text's digits, whatever unseen or plain thing stands between them."""
    kept = "".join(it for it in text if unicodedata.category(it) not in ("Cf", "Cc", "Zs", "Pd"))
    return re.sub(r"[._/]", "", kept)


def kept_by(stack: Stack) -> str:
    """Everything that the stack has written down: Redis, mails, files, what was printed."""
    files = (it for it in Path(stack.state_dir).rglob("*") if it.is_file())
    whole = b"\n".join(it.read_bytes() for it in files).decode("utf-8", "replace")
    return whole + "\n".join(stack.output)


async def test_bad_texts_do_no_harm(stack: Stack) -> None:
    texts = bad_texts(20_261_122, COUNT)
    pids, workers = {name: stack.pid(name) for name in PROCESSES}, stack.workers()
    groups = [texts[at : at + OF_ONE] for at in range(0, COUNT, OF_ONE)]
    turns = asyncio.Semaphore(6)
    async with httpx.AsyncClient(base_url=stack.url, timeout=60) as client:

        async def in_turn(group: list[BadText]) -> list[str]:
            async with turns:
                return (await bother(client, group))[1]

        wrong = await asyncio.gather(*(in_turn(group) for group in groups))
    assert [it for one in wrong for it in one] == []
    assert {name: stack.pid(name) for name in PROCESSES} == pids
    assert stack.workers() == workers
    everything = kept_by(stack)
    assert [card for it in texts for card in it.cards if card in everything] == []
    assert "Traceback" not in "\n".join(stack.output)
