"""The measuring parts on real sockets and real processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bench.http import Connection, Refused
from bench.processes import can_measure, family, installed_size, processor_seconds, usage

needs_proc = pytest.mark.skipif(not can_measure(), reason="needs Linux's /proc")
Serve = Callable[[bytes], Awaitable[int]]
BUSY = "import time\nwhile time.process_time() < 0.3: pass\nprint('done', flush=True)\ninput()"


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server that answers every request with the bytes given; returns its port."""
    servers = []

    async def start(answer: bytes) -> int:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = [it for it in head.split(b"\r\n") if it.startswith(b"Content-Length")]
                await reader.readexactly(int(length[0].split()[1]) if length else 0)
                writer.write(answer)

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    yield start
    for server in servers:
        server.close()


async def test_answers_are_read_by_their_length_on_one_connection(serve: Serve) -> None:
    port = await serve(b'HTTP/1.1 202 Accepted\r\nContent-Length: 13\r\n\r\n{"event":"1"}')
    connection = Connection(port)
    assert await connection.post("/", {"text": "hello"}) == {"event": "1"}
    assert await connection.post("/", {"text": "again"}) == {"event": "1"}
    await connection.close()


async def test_a_refusal_is_told_with_its_reason(serve: Serve) -> None:
    port = await serve(b"HTTP/1.1 429 Too Many\r\nContent-Length: 4\r\n\r\nwait")
    connection = Connection(port)
    with pytest.raises(Refused, match="429 wait"):
        await connection.post("/", {})
    await connection.close()


async def test_events_are_found_whatever_the_chunks(serve: Serve) -> None:
    frames = b'retry: 1000\n\nid: 1-0\nevent: turn\ndata: {"answers":"a"}\n\n:\n\ndata: {"answers":"b"}\n\n'
    chunks = [frames[:20], frames[20:45], frames[45:]]
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    port = await serve(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
    connection = Connection(port)
    assert [event["answers"] async for event in connection.events("/", {})] == ["a", "b"]
    await connection.close()


@needs_proc
def test_the_cost_of_a_process_includes_what_it_starts() -> None:
    nested = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}])"
    process = subprocess.Popen(
        [sys.executable, "-c", nested], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"done\n"
        assert len(family([process.pid])) == 2
        cost = usage([process.pid])
        assert cost.processes == 2
        assert cost.resident > cost.proportional > 1
        assert processor_seconds([process.pid]) >= 0.3
    finally:
        process.communicate(b"\n")


def test_bytecode_does_not_count_as_installed(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_bytes(b"#" * 1_000_000)
    before = installed_size(tmp_path)
    (tmp_path / "module.pyc").write_bytes(b"#" * 1_000_000)
    assert installed_size(tmp_path) == before > 0.9


async def test_a_kept_connection_that_the_server_has_closed_is_replaced() -> None:
    served = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(2)
        served += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d" % served)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    connection = Connection(int(server.sockets[0].getsockname()[1]))
    assert [await connection.post("/", {}) for _ in range(3)] == [1, 2, 3]
    await connection.close()
    server.close()
