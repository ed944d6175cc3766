"""`make soak`: an hour of mixed traffic with random restarts; memory and latency over time.

`FIRSTLINE_SOAK_MINUTES` makes it shorter; `FIRSTLINE_SOAK_PAUSE`, seconds, lets each customer wait
before the next, on average. At the end the oracle checks every promise made.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bench.processes import usage
from bench.soak_page import page
from bot.mail.mailbox import FOLDER
from bot.settings import ROOT
from tests.faults.customer import Customer, Ledger
from tests.faults.oracle import settle
from tests.support.stack import Stack

MINUTES = float(os.environ.get("FIRSTLINE_SOAK_MINUTES", "60"))
PAUSE = float(os.environ.get("FIRSTLINE_SOAK_PAUSE", "0"))
CUSTOMERS = 3
SAMPLE_EVERY = 5.0
BETWEEN_RESTARTS = (20.0, 60.0)
PROCESSES = ("edge", "engine", "courier", "redis")
QUESTIONS = (
    "how do I activate my eSIM", "what are your opening hours", "are you a bot",
    "where can I see my bill", "how much does roaming cost", "thanks",
)  # fmt: skip


@dataclass
class Record:
    """What was seen: times in seconds from the start, memory in MB, waits in seconds.

    load: the machine's load average over a minute, all its work counted.
    """

    began: float = field(default_factory=time.monotonic)
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    median: list[tuple[float, float]] = field(default_factory=list)
    slowest: list[tuple[float, float]] = field(default_factory=list)
    load: list[tuple[float, float]] = field(default_factory=list)
    restarts: list[tuple[float, str]] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> float:
        """Seconds since the start."""
        return round(time.monotonic() - self.began, 1)


async def report(customer: Customer, chance: random.Random) -> None:
    await customer.report()


async def ask(customer: Customer, chance: random.Random) -> None:
    await customer.open()
    for question in chance.sample(QUESTIONS, 3):
        await customer.say(question)


async def leave(customer: Customer, chance: random.Random) -> None:
    await customer.to_summary()


async def person(customer: Customer, chance: random.Random) -> None:
    await customer.open()
    await customer.say("I want to talk to a person")


Visit = Callable[[Customer, random.Random], Awaitable[None]]
VISITS: Sequence[Visit] = (report, report, ask, leave, person)


async def traffic(
    client: httpx.AsyncClient,
    ledger: Ledger,
    served: list[Customer],
    stop: asyncio.Event,
    seed: int,
) -> None:
    """One customer after another, until stopped."""
    chance = random.Random(seed)
    while not stop.is_set():
        customer = Customer(client, ledger)
        served.append(customer)
        await chance.choice(VISITS)(customer, chance)
        if PAUSE:
            await happens(stop, chance.expovariate(1 / PAUSE))


async def restarts(stack: Stack, record: Record, stop: asyncio.Event) -> None:
    """Ends a process now and then, in the hard way or the soft, and waits until it is back."""
    chance = random.Random(3)
    while not await happens(stop, chance.uniform(*BETWEEN_RESTARTS)):
        name = chance.choice(PROCESSES)
        record.restarts.append((record.now, name))
        stack.kill(name, chance.choice((signal.SIGKILL, signal.SIGTERM)))
        await asyncio.to_thread(stack.wait_ready)


async def samples(stack: Stack, ledger: Ledger, record: Record, stop: asyncio.Event) -> None:
    """Writes down memory and the waits since the last look."""
    seen = 0
    while not await happens(stop, SAMPLE_EVERY):
        for name in PROCESSES:
            megabytes = memory_of(stack, name)
            if megabytes:
                record.memory.setdefault(name, []).append((record.now, megabytes))
        record.load.append((record.now, round(os.getloadavg()[0], 2)))
        waits, seen = ledger.waits[seen:], len(ledger.waits)
        if waits:
            record.median.append((record.now, round(statistics.median(waits), 3)))
            record.slowest.append((record.now, round(max(waits), 3)))


def memory_of(stack: Stack, name: str) -> float:
    """Memory of a process and its workers in MB, shared pages divided; 0 while there is none."""
    try:
        return round(usage([stack.pid(name)]).proportional, 1)
    except (OSError, ValueError):
        return 0.0


async def happens(event: asyncio.Event, within: float) -> bool:
    """Whether the event happens within so many seconds."""
    try:
        await asyncio.wait_for(event.wait(), within)
    except TimeoutError:
        return False
    return True


async def soak(stack: Stack, record: Record) -> None:
    """The whole run; the figures of the oracle end in the record. Raises when a promise is broken."""
    ledger, served, stop = Ledger(), list[Customer](), asyncio.Event()
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        async with asyncio.TaskGroup() as tasks:
            for seed in range(CUSTOMERS):
                tasks.create_task(traffic(client, ledger, served, stop, seed))
            tasks.create_task(restarts(stack, record, stop))
            tasks.create_task(samples(stack, ledger, record, stop))
            await asyncio.sleep(MINUTES * 60)
            stop.set()
        record.figures["conversations"] = len(served)
        mailbox = stack.state_dir / FOLDER
        note = record.figures.__setitem__
        await settle(len(record.restarts), mailbox, ledger, served, note)


def main() -> int:
    """Runs the soak; results/soak.json and soak.html hold what was seen. Returns the exit code."""
    began = f"{datetime.now(UTC):%d %B %Y, %H:%M UTC}"
    about = f"{began}, {MINUTES:g} minutes, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    record, kept = Record(), True
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        stack = Stack(Path(folder))
        try:
            stack.start()
            record.began = time.monotonic()
            asyncio.run(soak(stack, record))
        except Exception:  # whatever broke, what was seen until then is written down
            traceback.print_exc()
            kept = False
        finally:
            if not stack.ended:
                stack.stop()
    write(ROOT / "results", about, record, kept)
    return 0 if kept else 1


def write(folder: Path, about: str, record: Record, kept: bool) -> None:
    """The record as JSON and as a page."""
    folder.mkdir(exist_ok=True)
    seen = {
        "about": about, "kept": kept, "figures": record.figures, "restarts": record.restarts,
        "memory": record.memory, "median": record.median, "slowest": record.slowest,
        "load": record.load,
    }  # fmt: skip
    (folder / "soak.json").write_text(json.dumps(seen) + "\n")
    (folder / "soak.html").write_text(page(seen))
    print(about, json.dumps(record.figures), "all kept" if kept else "PROMISES BROKEN", sep="\n")


if __name__ == "__main__":
    sys.exit(main())
