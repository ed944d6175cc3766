"""The two sides of the benchmark: how each is started, talked to and stopped."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.http import HOST, TIMEOUT, Connection, Refused
from bot.settings import ROOT
from bot.setup.places import venv

CONVERSATIONS = "/api/v1/conversations"
START_SECONDS = 900.0
STOP_SECONDS = 20.0
POLL = 0.05


class SideFailed(Exception):
    """One side could not be started or stopped answering; its log says why."""


@dataclass(frozen=True)
class Answer:
    """What came back to a message: after how many seconds, and the texts of the bot."""

    seconds: float
    texts: tuple[str, ...]


class Talk(ABC):
    """One conversation with one side."""

    @abstractmethod
    async def say(self, text: str) -> Answer:
        """The side's whole answer to `text`. Raises `Refused`, `OSError` or `TimeoutError`."""

    @abstractmethod
    async def close(self) -> None:
        """Closes its connections."""


class Side(ABC):
    """A product that can be started, talked to and stopped. `name` stands in the report."""

    name: str

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._starts = 0
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def pids(self) -> list[int]:
        """The processes that were started; what they started themselves belongs to them."""
        return [process.pid for process in self._processes]

    @abstractmethod
    async def open(self) -> Talk:
        """A new conversation."""

    @abstractmethod
    def launch(self) -> None:
        """Starts the processes."""

    async def start(self, greeting: str) -> float:
        """Starts the side; returns the seconds until it has answered `greeting`.

        Raises `SideFailed` when it does not, and then it is stopped.
        """
        began = time.perf_counter()
        self._starts += 1
        self.launch()
        while time.perf_counter() - began < START_SECONDS:
            if any(process.poll() is not None for process in self._processes):
                break
            with suppress(OSError, Refused, asyncio.IncompleteReadError):
                talk = await self.open()
                try:
                    if (await talk.say(greeting)).texts:
                        return time.perf_counter() - began
                finally:
                    await talk.close()
            await asyncio.sleep(POLL)
        self.stop()
        raise SideFailed(f"{self.name} did not start. Its last words:\n{self._last_words()}")

    def stop(self) -> None:
        """Stops everything that was started."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._processes = []

    def _last_words(self) -> str:
        logs = sorted(self._folder.glob(f"*-{self._starts}.log"))
        lines = (
            line for log in logs for line in log.read_text(errors="replace").splitlines()[-10:]
        )
        return "\n".join(lines)

    def _run(self, name: str, command: list[object], cwd: Path, env: dict[str, str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{name}-{self._starts}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(
                    [str(word) for word in command], cwd=cwd, env={**clean_environment(), **env},
                    stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )  # fmt: skip


class Firstline(Side):
    """The whole product as `bin/firstline up` starts it, in a state directory of its own."""

    name = "Firstline"

    def __init__(self, folder: Path, workers: int = 1) -> None:
        super().__init__(folder)
        self._workers = workers
        self._port = 0

    @property
    def port(self) -> int:
        """Where its edge listens."""
        return self._port

    def launch(self) -> None:
        """Starts edge, engine, courier, development mailbox and Redis under their supervisor."""
        self._port = free_port()
        state = self._folder / f"state-{self._starts}"
        shutil.rmtree(state, ignore_errors=True)
        settings = {
            "FIRSTLINE_PORT": str(self._port), "FIRSTLINE_STATE_DIR": str(state),
            "FIRSTLINE_ENGINE_WORKERS": str(self._workers),
        }  # fmt: skip
        self._run("firstline", [ROOT / "bin" / "firstline", "up"], ROOT, settings)

    async def open(self) -> Talk:
        """A conversation with its stream open, as the widget has it."""
        connection = Connection(self._port)
        opened = await connection.post(CONVERSATIONS, {})
        talk = _Stream(self._port, connection, opened)
        await talk.listen()
        return talk


class _Stream(Talk):
    """Says by POST; the answer is whole when the stream brings its `turn` event."""

    def __init__(self, port: int, connection: Connection, opened: dict[str, str]) -> None:
        self._connection = connection
        self._stream = Connection(port)
        self._path = f"{CONVERSATIONS}/{opened['conversation']}"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        self._answered: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._news = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        """Reads the stream from now on; the first events are there when this returns."""
        self._reading = asyncio.create_task(self._read())
        await asyncio.wait_for(self._news.wait(), TIMEOUT)

    async def _read(self) -> None:
        texts: list[str] = []
        async for event in self._stream.events(f"{self._path}/events", self._headers):
            if event["type"] == "message" and event["from"] == "bot":
                texts.append(event["text"])
            elif event["type"] == "turn":
                self._answered[event["answers"]] = (time.perf_counter(), tuple(texts))
                texts = []
            self._news.set()

    async def say(self, text: str) -> Answer:
        began = time.perf_counter()
        body = {"id": str(uuid.uuid4()), "text": text}
        accepted = await self._connection.post(f"{self._path}/messages", body, self._headers)
        async with asyncio.timeout(TIMEOUT):
            while accepted["event"] not in self._answered:
                self._news.clear()
                await self._news.wait()
        ended, texts = self._answered.pop(accepted["event"])
        return Answer(ended - began, texts)

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
                await self._reading
        await self._stream.close()
        await self._connection.close()


class Stock(Side):
    """Rasa as `rasa init` proposes it: REST channel and an action server of its own.

    bot: the folder of the built bot (`bench.build`); model: the trained model.
    """

    name = "Stock Rasa"

    def __init__(self, folder: Path, bot: Path, model: Path) -> None:
        super().__init__(folder)
        self._bot = bot
        self._model = model
        self._port = 0

    def launch(self) -> None:
        """Starts the action server and the Rasa server at once."""
        self._port, actions = free_port(), free_port()
        endpoints = self._folder / "endpoints.yml"
        self._folder.mkdir(parents=True, exist_ok=True)
        endpoints.write_text(f'action_endpoint:\n  url: "http://{HOST}:{actions}/webhook"\n')
        rasa: list[object] = [venv("stock") / "bin" / "python", "-m", "rasa", "run"]
        quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SANIC_HOST": HOST}
        self._run("actions", [*rasa, "actions", "--port", actions], self._bot, quiet)
        server = [*rasa, "--model", self._model, "--interface", HOST, "--port", self._port,
                  "--credentials", self._bot / "credentials.yml", "--endpoints", endpoints]  # fmt: skip
        self._run("rasa", server, self._bot, quiet)

    async def open(self) -> Talk:
        """A conversation over a kept connection."""
        return _Rest(Connection(self._port))


class _Rest(Talk):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sender = str(uuid.uuid4())

    async def say(self, text: str) -> Answer:
        began = time.perf_counter()
        body = {"sender": self._sender, "message": text}
        messages: list[dict[str, Any]] = await self._connection.post("/webhooks/rest/webhook", body)
        ended = time.perf_counter()
        return Answer(ended - began, tuple(message.get("text", "") for message in messages))

    async def close(self) -> None:
        await self._connection.close()


def free_port() -> int:
    """A port on the loopback address that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """This process's environment without settings of its own, and with bytecode allowed."""
    left_out = ("FIRSTLINE_", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV")
    return {name: text for name, text in os.environ.items() if not name.startswith(left_out)}
