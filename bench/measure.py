"""The measurements: each side's share of a round directly after the other's, A B A B.

The speed of a shared machine drifts; two measurements a second apart share it, so their ratio holds
where milliseconds do not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.processes import can_measure, processor_seconds, usage
from bench.scripts import Scripts, Turn
from bench.sides import Side

EARLY = range(6, 16)
LATE_TURN = 250


@dataclass
class Block:
    """What one side did in one kind of load: `seconds` by kind of turn, and what that cost."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    as_meant: list[bool] = field(default_factory=list)
    lasted: float = 0.0
    processor: float = 0.0
    intakes: int = 0

    @property
    def turns(self) -> int:
        """How many turns were taken."""
        return sum(len(values) for values in self.seconds.values())

    @property
    def all_seconds(self) -> list[float]:
        """The times of all turns, whatever their kind."""
        return [value for values in self.seconds.values() for value in values]


@dataclass(frozen=True)
class Sizes:
    """How much is measured; rounds are interleaved."""

    starts: int
    latency_rounds: int
    load_rounds: int
    loads: tuple[tuple[int, int], ...]
    ageing_rounds: int
    streams: int
    cases: int


QUICK = Sizes(starts=1, latency_rounds=10, load_rounds=1, loads=((1, 4), (8, 16), (32, 32)),
              ageing_rounds=1, streams=10_000, cases=150)  # fmt: skip
FULL = Sizes(starts=3, latency_rounds=60, load_rounds=3, loads=((1, 6), (8, 24), (32, 64)),
             ageing_rounds=2, streams=10_000, cases=500)  # fmt: skip


async def measure_latency(
    sides: Sequence[Side], scripts: Scripts, rounds: int, tell: Callable[[str], None]
) -> dict[str, Block]:
    """One conversation at a time, with every kind of turn; the first is for warming up."""
    blocks = {side.name: Block() for side in sides}
    for number in range(-1, rounds):
        for side in sides:
            block = blocks[side.name] if number >= 0 else Block()
            with _costs(side, block):
                await converse(side, scripts.everything(number), block)
        if number % 10 == 0:
            tell(f"latency: round {number + 1} of {rounds}")
    return blocks


async def measure_load(
    sides: Sequence[Side], scripts: Scripts, sizes: Sizes, tell: Callable[[str], None]
) -> dict[str, dict[int, Block]]:
    """Seven-turn intakes by 1, 8, 32 customers at once, each beginning the next when one is done."""
    blocks = {side.name: {at_once: Block() for at_once, _ in sizes.loads} for side in sides}
    for round_number in range(sizes.load_rounds):
        for at_once, intakes in sizes.loads:
            for side in sides:
                block = blocks[side.name][at_once]
                with _costs(side, block):
                    await _crowd(side, scripts, at_once, intakes, block)
            tell(f"load: {at_once} at once, round {round_number + 1} of {sizes.load_rounds}")
    return blocks


async def measure_ageing(
    sides: Sequence[Side], scripts: Scripts, rounds: int, tell: Callable[[str], None]
) -> dict[str, list[list[float]]]:
    """Seconds of each turn of long conversations, one list a conversation, by side.

    Both sides have their conversation open and take its turns alternately.
    """
    found: dict[str, list[list[float]]] = {side.name: [] for side in sides}
    length = LATE_TURN + len(EARLY) // 2
    for round_number in range(rounds):
        talks = {side.name: await side.open() for side in sides}
        for name in talks:
            found[name].append([])
        for number in range(length):
            for name, talk in talks.items():
                answer = await talk.say(scripts.question(number).text)
                found[name][-1].append(answer.seconds)
        for talk in talks.values():
            await talk.close()
        tell(f"long conversations: {round_number + 1} of {rounds}")
    return found


async def _crowd(side: Side, scripts: Scripts, at_once: int, intakes: int, block: Block) -> None:
    numbers = iter(range(intakes))

    async def customer() -> None:
        for number in numbers:
            await converse(side, scripts.intake(number), block)
            block.intakes += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(customer())


async def converse(side: Side, turns: Sequence[Turn], block: Block) -> None:
    """One conversation, its times and answers added to `block`."""
    talk = await side.open()
    try:
        for turn in turns:
            answer = await talk.say(turn.text)
            block.seconds.setdefault(turn.kind, []).append(answer.seconds)
            block.as_meant.append(turn.answered(answer.texts))
    finally:
        await talk.close()


class _costs:
    """Adds to a block how long its body lasts and the processor time that the side takes for it."""

    def __init__(self, side: Side, block: Block) -> None:
        self._side = side
        self._block = block

    def __enter__(self) -> None:
        self._processor = processor_seconds(self._side.pids) if can_measure() else 0.0
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._block.lasted += time.perf_counter() - self._began
        if can_measure():
            self._block.processor += processor_seconds(self._side.pids) - self._processor


def memory(side: Side) -> dict[str, float]:
    """Megabytes of all processes of a running side, and how many they are."""
    now = usage(side.pids)
    return {
        "resident": now.resident,
        "proportional": now.proportional,
        "processes": float(now.processes),
    }
