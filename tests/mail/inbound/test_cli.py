"""`bin/firstline mail ingest` at the end of a mail server's pipe: its exit codes say what to do next."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.conversation.store import Conversations
from tests.mail.inbound.mails import raw
from tests.support.ports import free_port


async def _ingest(mail: bytes, folder: Path, **settings: str) -> tuple[int, str, str]:
    """Exit code, output and errors of one call."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTLINE_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "mail", "ingest",
        env={**own, "FIRSTLINE_STATE_DIR": str(folder), **settings},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate(mail)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_a_mail_is_taken_in(redis: Redis, redis_url: str, tmp_path: Path) -> None:
    code, out, _ = await _ingest(raw("It stopped."), tmp_path, FIRSTLINE_REDIS_URL=redis_url)
    assert code == 0
    outcome, conversation = out.split()
    assert outcome == "opened"
    (_, said) = await Conversations(redis).all_events(conversation)
    assert said.body["text"].endswith("It stopped.")


@pytest.mark.parametrize(
    ("mail", "settings", "code"),
    [
        (b"no mail at all", {}, 65),
        (raw(), {"FIRSTLINE_REDIS_URL": f"redis://127.0.0.1:{free_port()}"}, 75),
        (raw(), {"FIRSTLINE_REDIS_URL": ""}, 75),
        (raw(), {"FIRSTLINE_PORT": "none"}, 75),
    ],
)
async def test_what_cannot_be_taken_in(
    redis_url: str, tmp_path: Path, mail: bytes, settings: dict[str, str], code: int
) -> None:
    left, out, err = await _ingest(mail, tmp_path, **{"FIRSTLINE_REDIS_URL": redis_url, **settings})
    assert (left, out) == (code, "")
    assert len(err.strip().split("\n")) == 1
