"""Has files looked at by ClamAV's daemon, over its own protocol (clamd(8), command INSTREAM)."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from urllib.parse import urlsplit

from bot.errors import StoreUnavailable
from bot.files.gate import RefusedFile

CHUNK = 64 * 1024
LONGEST_ANSWER = 4_096
SECONDS = 30.0


class ScannerUnavailable(StoreUnavailable):
    """The scanner does not answer, or cannot look at the file: nothing was taken in."""


class Scanner:
    """The daemon at `address`: `tcp://host:port` or `unix:///path`; "" is a scanner that sees nothing.

    Calls take up to seconds: run them in a thread.
    """

    def __init__(self, address: str = "", seconds: float = SECONDS) -> None:
        self._address = urlsplit(address)
        self._seconds = seconds

    def look_at(self, body: bytes) -> None:
        """Raises `RefusedFile` when something bad is found, `ScannerUnavailable` without an answer."""
        if not self._address.scheme:
            return
        try:
            answer = self._answer_to(body)
        except OSError as error:
            raise ScannerUnavailable(f"the virus scanner does not answer: {error}") from error
        if answer == "stream: OK":
            return
        if answer.endswith(" FOUND"):
            raise RefusedFile("Our virus scanner does not let this file pass.")
        raise ScannerUnavailable(f"the virus scanner gave no verdict: {answer[:200]!r}")

    def _answer_to(self, body: bytes) -> str:
        with closing(self._connection()) as link:
            link.sendall(b"zINSTREAM\0")
            for at in range(0, len(body), CHUNK):
                part = body[at : at + CHUNK]
                link.sendall(struct.pack(">I", len(part)) + part)
            link.sendall(struct.pack(">I", 0))
            return _line(link)

    def _connection(self) -> socket.socket:
        if self._address.scheme == "tcp":
            place = (self._address.hostname or "", self._address.port or 3310)
            return socket.create_connection(place, self._seconds)
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(self._seconds)
        try:
            link.connect(self._address.path)
        except OSError:
            link.close()
            raise
        return link


def _line(link: socket.socket) -> str:
    """The daemon's answer, which ends with a zero byte."""
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        part = link.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.partition(b"\0")[0].decode("utf-8", "replace")
