"""HTTP/1.1 as small as the measurement needs: it runs on the same cores as what is measured, so a
full client library would measure itself.

One request at a time on a kept connection, answers with Content-Length (RFC 9112, 6.2), and a
stream of Server-Sent Events in chunks (RFC 9112, 7.1).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

HOST = "127.0.0.1"
TIMEOUT = 60.0


class Refused(Exception):
    """The server answered with another status than 2xx."""


class Connection:
    """A kept connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """The decoded answer to `body` sent as JSON. Raises `Refused`, `OSError`, `TimeoutError`."""
        content = json.dumps(body).encode()
        more = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        async with asyncio.timeout(TIMEOUT):
            kept = self._reader is not None
            try:
                reader = await self._send("POST", path, {**(headers or {}), **more}, content)
                status, fields = await _head(reader)
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                begun = isinstance(error, asyncio.IncompleteReadError) and error.partial
                if not kept or begun:
                    raise ConnectionError("the server closed the connection") from error
                # A kept connection may be closed by the server at any time (RFC 9112, 9.5).
                await self.close()
                return await self.post(path, body, headers)
            answer = await reader.readexactly(int(fields.get("content-length", "0")))
        if not 200 <= status < 300:
            raise Refused(f"{status} {answer.decode(errors='replace')[:300]}")
        return json.loads(answer)

    async def events(self, path: str, headers: Mapping[str, str]) -> AsyncIterator[dict[str, Any]]:
        """The data of each Server-Sent Event, decoded, until the connection is closed."""
        wanted = {**headers, "Accept": "text/event-stream"}
        reader = await self._send("GET", path, wanted, b"")
        status, _ = await _head(reader)
        if status != 200:
            raise Refused(f"{status} for the stream")
        pending = b""
        while size := int((await reader.readline()).strip() or b"0", 16):
            pending += (await reader.readexactly(size + 2))[:size]
            *whole, pending = pending.split(b"\n\n")
            for frame in whole:
                for line in frame.split(b"\n"):
                    if line.startswith(b"data: "):
                        yield json.loads(line[6:])

    async def close(self) -> None:
        """Closes the connection."""
        if self._writer is not None:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()
            self._reader = self._writer = None

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes
    ) -> asyncio.StreamReader:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(HOST, self._port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + content)
        return self._reader


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in lines[1:] if line)
    return int(lines[0].split(" ")[1]), {name.lower(): text.strip() for name, _, text in fields}
