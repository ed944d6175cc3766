"""The edge and a Redis as processes, for tests that stop and start them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from bot.logs import READY
from bot.settings import ROOT
from bot.setup.system import find_redis
from tests.support.ports import free_port
from tests.support.processes import end

START_SECONDS = 60.0


class Server:
    """A process that says on its output when it is ready; its lines so far are in `output`."""

    def __init__(
        self, command: list[str], ready: str, environ: dict[str, str], within: float = START_SECONDS
    ) -> None:
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environ, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.output: list[str] = []
        self._heard = threading.Event()
        self._reader = threading.Thread(target=self._read, args=[ready], daemon=True)
        self._reader.start()
        self._heard.wait(within)
        if not self._heard.is_set():
            self.stop(signal.SIGKILL)
            raise AssertionError("not ready:\n" + "".join(self.output))
        assert self._process.poll() is None, "ended before it was ready:\n" + "".join(self.output)

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM, within: float = 10) -> int:
        """Ends the process; returns its exit status."""
        status = end(self._process, number, within)
        self._reader.join(timeout=within)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status

    def _read(self, ready: str) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.output.append(line)
            if ready in line:
                self._heard.set()
        self._process.wait()
        self._heard.set()


def start_redis(folder: Path, port: int) -> Server:
    """A redis-server on `port` that loses nothing when killed."""
    server = find_redis()
    assert server, "no redis-server; run bin/setup redis"
    command = [
        str(server), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder),
        "--save", "", "--appendonly", "yes", "--appendfsync", "always",
    ]  # fmt: skip
    return Server(command, "Ready to accept connections", dict(os.environ))


def start_edge(state_dir: Path, redis_url: str, **settings: str) -> tuple[Server, str]:
    """An edge with a free port; returns it with its address."""
    port = free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTLINE_")}
    environ = own | {
        "FIRSTLINE_PORT": str(port),
        "FIRSTLINE_STATE_DIR": str(state_dir),
        "FIRSTLINE_REDIS_URL": redis_url,
    }
    ready = json.dumps({"event": READY})[1:-1]
    edge = Server([sys.executable, "-m", "bot.edge"], ready, environ | settings)
    return edge, f"http://127.0.0.1:{port}"
