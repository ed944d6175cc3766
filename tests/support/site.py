"""Firstline as several machines run it: its processes one by one, nobody to start them again."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from bot.mail.mailbox import FOLDER
from bot.settings import Settings
from bot.supervisor.private import with_private
from bot.supervisor.stack import EDGE, ENGINE, process_environment, python_of
from tests.edge.servers import Server
from tests.support.ports import free_port

# Three engines that start at once on a busy machine take their time.
START_SECONDS = 300.0
READY = '"event": "ready"'
# The first letters of a process's name say what it is: `engine-2` is an engine.
MODULES = {
    "mailbox": (EDGE, "bot.mail.mailbox"),
    "edge": (EDGE, "bot.edge"),
    "courier": (EDGE, "bot.mail"),
    "engine": (ENGINE, "bot.engine"),
}


class Site:
    """Processes that share a Redis and a state directory.

    `urls` are the addresses of the edges; mail goes to a development mailbox in the state directory.
    """

    def __init__(self, state_dir: Path, redis_url: str) -> None:
        own = Settings(state_dir=state_dir, redis_url=redis_url)
        self._settings = with_private(own, {"mailbox": free_port()})
        self.mailbox = state_dir / FOLDER
        self.urls: list[str] = []
        self._processes: dict[str, Server] = {}

    def start(self, names: Iterable[str]) -> None:
        """Starts the mailbox and these processes; returns when all are ready."""
        self._run("mailbox", self._settings)
        with ThreadPoolExecutor() as starting:
            list(starting.map(self._start, names))

    def kill(self, name: str) -> None:
        """kill -9, for good."""
        self._processes.pop(name).stop(signal.SIGKILL)

    def stop(self) -> None:
        """Ends every process."""
        for name in list(self._processes):
            self.kill(name)

    def _start(self, name: str) -> None:
        settings = replace(self._settings, port=free_port())
        self._run(name, settings)
        if name.startswith("edge"):
            self.urls.append(settings.base_url)

    def _run(self, name: str, settings: Settings) -> None:
        side, module = MODULES[name.partition("-")[0]]
        command = [str(python_of(side)), "-m", module]
        self._processes[name] = Server(command, READY, process_environment(settings), START_SECONDS)
