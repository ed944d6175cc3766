"""Export and erasure by the command line, on the whole product while it runs."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from bot.conversation.keys import conversation_keys
from bot.settings import Settings
from bot.supervisor.private import with_private
from tests.faults.customer import Customer, Ledger
from tests.privacy.support import everything, left, on_disk
from tests.support.stack import Stack

PATIENCE = 60.0


def firstline(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FIRSTLINE_")},
        "FIRSTLINE_STATE_DIR": str(stack.state_dir),
        "FIRSTLINE_PORT": str(stack.port),
    }
    command = [str(stack.root / "bin" / "firstline"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


async def mailed(stack: Stack, number: str) -> None:
    """Returns when both mails about the case are in the development mailbox."""
    box = stack.state_dir / "mailbox" / "new"
    async with asyncio.timeout(PATIENCE):
        while sum(number.encode() in path.read_bytes() for path in box.glob("*")) < 2:
            await asyncio.sleep(0.1)


async def promised(redis: Redis, conversation: str) -> None:
    """Wait until the clock has seen that the case was filed and watches its promise."""
    async with asyncio.timeout(PATIENCE):
        timers = conversation_keys(conversation).timers
        while await redis.zscore(timers, f"promise:{conversation}") is None:
            await asyncio.sleep(0.1)


@pytest.mark.stack
async def test_a_customer_gets_all_that_is_kept_and_can_have_it_erased(
    stack: Stack, tmp_path: Path
) -> None:
    redis = Redis.from_url(
        with_private(Settings(state_dir=stack.state_dir, port=stack.port)).redis_url
    )
    async with httpx.AsyncClient(base_url=stack.url, timeout=35) as client:
        customer = Customer(client, Ledger())
        number = await customer.report()
        await mailed(stack, number)
        await promised(redis, customer.id)
        out = tmp_path / "export.zip"
        done = firstline(stack, "privacy", "export", "--case", number, str(out))
        assert done.returncode == 0, done.stderr
        [kept] = _exported(out)
        address = kept["case"]["fields"]["contact_email"]["value"]
        assert (kept["conversation"], kept["case"]["number"]) == (customer.id, number)
        assert "token" not in kept["about"]
        assert {mail["to"] for mail in kept["mails"]} >= {address}
        assert any(event.get("text", "").endswith(address) for event in kept["events"])
        assert "promise" in kept["timers"]

        done = firstline(stack, "privacy", "erase", "--address", address.upper(), "--yes")
        assert done.returncode == 0, done.stderr
        assert "Erased 1 conversation" in done.stdout
        assert left(await everything(redis), [address.encode(), number.encode()]) == []
        assert left(on_disk(stack.state_dir), [address.encode()]) == []
        assert (
            await redis.zscore(conversation_keys(customer.id).timers, f"promise:{customer.id}")
            is None
        )
        answer = await client.post(
            f"/api/v1/conversations/{customer.id}/messages", headers=customer.headers,
            json={"id": "3f0f6b3e-5c1c-4c5e-9df2-111111111111", "text": "still there?"},
        )  # fmt: skip
        assert answer.status_code in (401, 404)
        again = firstline(stack, "privacy", "erase", "--case", number, "--yes")
        assert (again.returncode, again.stderr) == (1, "Error: No such case\n")
    await redis.aclose()


def _exported(path: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        found: list[dict[str, Any]] = json.loads(archive.read("export.json"))
    assert path.stat().st_mode & 0o077 == 0
    return found
