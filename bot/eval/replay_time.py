"""`python -m bot.eval.replay_time`: how long it takes to compare two models on 500 recorded conversations.

The conversations are those of simulated customers, recorded as a desk would have recorded them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.case.model import Case
from bot.conversation.events import CUSTOMER, MESSAGE, Event
from bot.engine.compare import PARTS, REPLAY, compare
from bot.engine.models import MODELS, fingerprint
from bot.errors import FirstlineError
from bot.eval.customers import read_customers
from bot.eval.dialogues import MOST_MESSAGES, NUMBER
from bot.eval.script import Script, scripts
from bot.settings import ROOT
from bot.training.versions import Versions

if TYPE_CHECKING:  # this imports Rasa, which must be prepared for first
    from bot.engine.dialogue import Dialogue

CONVERSATIONS = 500
SECONDS_BETWEEN = 20
KEPT = ROOT / "results" / "replay"
Log = tuple[str, list[Event]]


def recorded(said: Sequence[Sequence[str]], at: datetime) -> list[Log]:
    """Logs of conversations in which customers said these lines."""
    return [
        (f"replay-{number}", [_event(text, at, place) for place, text in enumerate(lines)])
        for number, lines in enumerate(said)
    ]


def _event(text: str, at: datetime, place: int) -> Event:
    when = at + timedelta(seconds=place * SECONDS_BETWEEN)
    body = {"from": CUSTOMER, "text": text}
    return Event(MESSAGE, body, {}, f"{int(when.timestamp() * 1000)}-0")


def simulated(model: Path, wanted: int) -> list[list[str]]:
    """What simulated customers say to `model`, a list a conversation."""
    from bot.engine.rasa import prepare

    prepare()
    from bot.engine import rasa_patches
    from bot.engine.dialogue import Dialogue

    rasa_patches.apply()
    customers = read_customers()
    dialogue, at = Dialogue(model), customers.at.isoformat()
    all = (script for seed in count() for script in scripts(customers, seed))
    return [asyncio.run(_said(dialogue, script, at)) for script in islice(all, wanted)]


async def _said(dialogue: Dialogue, script: Script, at: str) -> list[str]:
    """What one customer says until the case is filed, or there is nothing more to say."""
    from bot.engine.dialogue import Incoming

    case, tracker, said = Case(), b"", [script.opening()]
    while len(said) < MOST_MESSAGES:
        facts = {"event": f"{len(said)}-0", "at": at, "number": NUMBER, "clicked": False}
        outcome = await dialogue.turn("simulated", tracker, case, Incoming(said[-1], "", facts))
        case, tracker = outcome.case, outcome.tracker
        if case.filed:
            break
        asking = msgspec.json.decode(tracker)["slots"].get("asking")
        said.append(script.reply(asking, "\n".join(it.text for it in outcome.said)))
    return said


def _tell(stage: str, part: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{stage} {part:4.0%}", end="", file=sys.stderr, flush=True)


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.eval.replay_time", description=__doc__)
    parser.add_argument("--was", default="", help="a model (that of the present data)")
    parser.add_argument("--now", default="", help="the model compared with it (the same)")
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--all", action="store_true", help="held-out messages and tests too")
    options = parser.parse_args()
    try:
        versions = Versions(MODELS, ROOT)
        was = versions.path(options.was or fingerprint())
        now = versions.path(options.now or was.name.split(".")[0])
    except FirstlineError as error:
        print(error, file=sys.stderr)
        return 1
    said = _kept(was, options.conversations)
    logs = recorded(said, datetime(2026, 11, 22, 11, tzinfo=timezone.utc))
    began, before = time.perf_counter(), _processor()
    found = compare(was, now, logs, _tell, PARTS if options.all else (REPLAY,))
    seconds, processor = time.perf_counter() - began, _processor() - before
    print(f"{found.conversations} conversations, {found.turns} turns: {seconds:.1f} s by the clock, "
          f"{processor:.1f} s of processor time; {len(found.differences)} turns differ; "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    return 0


def _kept(model: Path, wanted: int) -> list[list[str]]:
    """What the customers say, recorded once for a model."""
    file = KEPT / f"{model.name.split('.')[0]}-{wanted}.json"
    if not file.is_file():
        KEPT.mkdir(parents=True, exist_ok=True)
        print(f"Recording {wanted} conversations of simulated customers …", file=sys.stderr)
        file.write_bytes(msgspec.json.encode(simulated(model, wanted)))
    return msgspec.json.decode(file.read_bytes(), type=list[list[str]])


def _processor() -> float:
    """Seconds of processor time of this process and of those that it has ended."""
    used = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(it.ru_utime + it.ru_stime for it in used)


if __name__ == "__main__":
    sys.exit(main())
