"""An HTTP server on loopback that keeps what it is sent, answers as told, and can break off."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BREAK_OFF = 0  # instead of a status: the connection is cut without an answer


@dataclass(frozen=True)
class Call:
    """A request as it came; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = tuple[int, object]


@dataclass
class Server:
    """The server: all calls, and what answers them. faults are answered first, one each, before
    (`True`) or after the call has had its effect."""

    answer: Callable[[Call], Answer]
    calls: list[Call] = field(default_factory=list)
    faults: list[tuple[int, bool]] = field(default_factory=list)
    url: str = ""

    def respond(self, call: Call) -> Answer:
        """What to answer; takes a fault off the plan."""
        self.calls.append(call)
        fault, before = self.faults.pop(0) if self.faults else (200, False)
        if before:
            return fault, {}
        answered = self.answer(call)
        return answered if fault == 200 else (fault, {})


@contextmanager
def running(answer: Callable[[Call], Answer]) -> Iterator[Server]:
    """The server, within the block."""
    server = Server(answer)

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.command, self.path, headers, self.rfile.read(length))
            status, body = server.respond(call)
            if status == BREAK_OFF:
                self.close_connection = True
                self.connection.close()
                return
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _handle

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
