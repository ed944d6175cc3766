"""Runs the current model over held-out messages and gathers what a report needs."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from bot.engine.models import current_model
from bot.engine.rasa import prepare
from bot.engine.understand import understanding
from bot.errors import FirstlineError
from bot.eval.heldout import FieldScore, Message, Tally, read_messages


class Verdict(msgspec.Struct, frozen=True):
    """One message: the family wanted and understood, and how sure the bot was."""

    text: str
    wanted: str
    got: str
    confidence: float


class Understanding(msgspec.Struct, frozen=True):
    """The result: shares from 0 to 1, time per message in milliseconds.

    kinds: of the messages whose kind was noted, how many are of the right family and kind.
    """

    model: str
    accuracy: float
    median_ms: float
    fields: dict[str, FieldScore]
    verdicts: list[Verdict]
    faults: list[str]
    kinds: float | None = None


def understand_held_out(paths: Sequence[Path]) -> Understanding:
    """Measures the model of the present data. Raises `FirstlineError`, also for faulty files."""
    return asyncio.run(_measure(read_messages(paths)))


async def _measure(messages: Sequence[tuple[datetime, Message]]) -> Understanding:
    model = current_model()
    prepare()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    processor = Agent.load(str(model)).processor
    if processor is None:
        raise FirstlineError(f"{model.name} cannot be read. Delete it and run `make train`")
    tally, verdicts, times, kinds = Tally(), [], [], []
    for at, message in messages:
        said = UserMessage(message.text, metadata={"at": at.isoformat()})
        began = time.perf_counter()
        parsed = await processor.parse_message(said)
        times.append((time.perf_counter() - began) * 1000)
        got = understanding(dict(parsed))
        verdicts.append(Verdict(message.text, message.family, got["family"], got["confidence"]))
        tally.add(message, got["fields"])
        if message.kind:
            kinds.append(got["family"] == message.family and _kind(got) in message.kind)
    right = sum(verdict.wanted == verdict.got for verdict in verdicts)
    return Understanding(
        model=model.name, accuracy=round(right / len(verdicts), 4), median_ms=round(statistics.median(times), 2),
        fields=tally.scores(), verdicts=verdicts, faults=tally.faults,
        kinds=round(sum(kinds) / len(kinds), 4) if kinds else None,
    )  # fmt: skip


def _kind(got: dict[str, Any]) -> str | None:
    """The article that a question is answered with, else the kind of problem."""
    if got["family"] == "faq":
        return got["articles"][0]["name"] if got["articles"] else None
    return got["problem"]["name"] if got["problem"] else None
