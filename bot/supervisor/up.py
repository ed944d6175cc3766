"""The stack in the foreground: start in order, say when all is ready, stop on a signal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby

from redis.exceptions import RedisError

from bot.redis_link import connect
from bot.settings import ROOT, Settings, ensure_secret, make_state_dir
from bot.setup.places import WEB
from bot.staff.development import (
    LOGIN,
    close_development_account,
    open_development_account,
)
from bot.supervisor.checks import require_startable
from bot.supervisor.keeper import Keeper, StartFailed
from bot.supervisor.line import Line
from bot.supervisor.lock import end_leftovers, take_lock
from bot.supervisor.output import Output
from bot.supervisor.ports import choose_ports
from bot.supervisor.private import private_names, with_private
from bot.supervisor.program import Program
from bot.supervisor.stack import programs

UP = "Firstline is up."
PATIENCE_SECONDS = 10.0
ANSWER_SECONDS = 5.0


def up(settings: Settings) -> None:
    """Run the stack until SIGINT, SIGTERM or SIGHUP.

    Raises a `FirstlineError` in plain words when it cannot start.
    """
    run_folder = settings.state_dir / "run"
    make_state_dir(settings)
    run_folder.mkdir(exist_ok=True)
    with take_lock(run_folder):
        end_leftovers(run_folder, settings.state_dir)
        require_startable(settings)
        ensure_secret(settings)
        ports = choose_ports(settings.state_dir, private_names(settings))
        output = Output(settings.state_dir / "logs")
        made = programs(settings, ports)
        try:
            asyncio.run(Stack(made, output, settings, with_private(settings, ports)).run())
        finally:
            output.close()


class Stack:
    """The keepers of all programs and the order in which they begin and end."""

    def __init__(
        self, made: Iterable[Program], output: Output, settings: Settings, private: Settings
    ) -> None:
        run_folder = settings.state_dir / "run"
        self._settings = settings
        self._private = private
        self._output = output
        self._keepers = {it.name: Keeper(it, output, run_folder) for it in made}
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Start everything, wait for a signal, stop everything; raises `StartFailed`."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._on_signal)
        self._tell(f"starting {', '.join(self._keepers)}")
        lives = [asyncio.create_task(self._live(keeper)) for keeper in self._keepers.values()]
        announcing = asyncio.create_task(self._announce())
        stopped = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([*lives, stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            announcing.cancel()
            stopped.cancel()
            await self._stop_all()
        failures = [it for it in await asyncio.gather(*lives, return_exceptions=True) if it]
        for failure in failures:
            if isinstance(failure, StartFailed):
                raise StartFailed(f"{failure}. The log is in {self._settings.state_dir / 'logs'}")
            if isinstance(failure, Exception):
                raise failure

    async def _live(self, keeper: Keeper) -> None:
        for need in keeper.program.needs:
            await self._ready_or_stopped(self._keepers[need])
        if not self._stop.is_set():
            await keeper.keep()

    async def _ready_or_stopped(self, keeper: Keeper) -> None:
        waits = [asyncio.create_task(it.wait()) for it in (keeper.ready, self._stop)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _announce(self) -> None:
        for keeper in self._keepers.values():
            while not keeper.ready.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(keeper.ready.wait(), PATIENCE_SECONDS)
                if not keeper.ready.is_set():
                    self._tell(f"still waiting for {keeper.program.name} to be ready")
        password = await self._development_password()
        for text in addresses(self._settings, password):
            self._output.say(text)

    async def _development_password(self) -> str:
        try:
            async with connect(self._private.redis_url, ANSWER_SECONDS) as redis:
                if not self._settings.smtp_url:
                    return await open_development_account(redis)
                await close_development_account(redis)
        except RedisError as error:
            self._tell(f"no look at the accounts of staff: {type(error).__name__}")
        return ""

    def _on_signal(self) -> None:
        if self._stop.is_set():
            for keeper in self._keepers.values():
                keeper.kill()
            return
        self._tell("stopping (once more stops at once)")
        self._stop.set()

    async def _stop_all(self) -> None:
        self._stop.set()
        by_level = sorted(self._keepers.values(), key=lambda it: it.program.stop_level)
        for _, level in groupby(by_level, key=lambda it: it.program.stop_level):
            await asyncio.gather(*(keeper.stop() for keeper in level))
        self._tell("all stopped")

    def _tell(self, text: str) -> None:
        self._output.line("up", Line(text))


def addresses(settings: Settings, password: str = "") -> list[str]:
    """What a person may open now, line by line; `password` is the development account's, if new."""
    base = settings.base_url
    lines = ["", UP, f"  Demo shop with the widget  {base}/"]
    if (WEB / "dist" / "desk" / "index.html").exists():
        lines.append(f"  Agent desk                 {base}/desk")
    if (WEB / "dist" / "train" / "index.html").exists():
        lines.append(f"  Trainer's workbench        {base}/train")
    if not settings.smtp_url:
        lines.append(f"  Development mailbox        {base}/mailbox")
    if password:
        lines += [
            f"  Sign in as {LOGIN:15} {password}",
            "  (shown this once; bin/firstline staff password developer sets another)",
        ]
    state = settings.state_dir
    shown = state.relative_to(ROOT) if state.is_relative_to(ROOT) else state
    return [*lines, f"  Logs in {shown}/logs; Ctrl-C stops everything.", ""]
