"""Customers who only listen: what thousands of idle event streams cost, and whether others notice."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from dataclasses import dataclass

from bench.http import Connection, Refused
from bench.measure import Block, converse
from bench.processes import running, usage
from bench.scripts import Scripts
from bench.sides import CONVERSATIONS, Firstline, SideFailed

OPEN_IN_ONE = 38  # the edge lets 40 listen to one conversation
AT_ONCE = 100
SPARE_FILES = 200


@dataclass(frozen=True)
class Idle:
    """What `streams` idle streams cost an edge: its memory without and with them, in megabytes of
    RSS, and the seconds of others' turns without and meanwhile."""

    streams: int
    memory_before: float
    memory: float
    seconds_before: list[float]
    seconds: list[float]


async def measure_idle(
    side: Firstline, scripts: Scripts, streams: int, turns: int, tell: Callable[[str], None]
) -> Idle:
    """Opens so many streams, beside which others take at least `turns` turns. Raises `SideFailed`."""
    _allow_files(streams)
    before = await _others(side, scripts, turns)
    edge = running(side.pids, "bot.edge")
    memory_before = usage(edge).resident
    held = await _open(side.port, streams)
    tell(f"{len(held)} idle streams are open")
    try:
        meanwhile = await _others(side, scripts, turns)
        return Idle(len(held), memory_before, usage(edge).resident, before, meanwhile)
    finally:
        await asyncio.gather(*(connection.close() for connection in held))


async def _others(side: Firstline, scripts: Scripts, turns: int) -> list[float]:
    block, number = Block(), 0
    while block.turns < turns:
        await converse(side, scripts.everything(number), block)
        number += 1
    return block.all_seconds


async def _open(port: int, streams: int) -> list[Connection]:
    held: list[Connection] = []
    whole, rest = divmod(streams, OPEN_IN_ONE)
    shares = iter([OPEN_IN_ONE] * whole + [rest] * bool(rest))

    async def customers() -> None:
        for share in shares:
            first = Connection(port)
            opened = await first.post(CONVERSATIONS, {})
            await first.close()
            path = f"{CONVERSATIONS}/{opened['conversation']}/events"
            headers = {"Authorization": f"Bearer {opened['token']}"}
            for _ in range(share):
                connection = Connection(port)
                held.append(connection)
                await anext(connection.events(path, headers))

    try:
        await asyncio.gather(*(customers() for _ in range(min(AT_ONCE, streams))))
    except (OSError, Refused, asyncio.IncompleteReadError) as error:
        raise SideFailed(f"{len(held)} streams opened, then: {error}") from error
    return held


def _allow_files(streams: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = streams + SPARE_FILES
    if most != resource.RLIM_INFINITY and most < wanted:
        raise SideFailed(f"{wanted} open files are needed, {most} are allowed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
