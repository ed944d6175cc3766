"""Virus scanners for the tests: ClamAV's own daemon, and a stand-in that speaks its protocol."""

from __future__ import annotations

import shutil
import socketserver
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LARGEST = 12 * 1024 * 1024
CLAMD = shutil.which("clamd") or "/usr/sbin/clamd"


class _Scan(socketserver.StreamRequestHandler):
    """One INSTREAM as clamd(8) has it: chunks with their length, an empty one, a verdict."""

    server: StandIn

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        body = _stream(self.rfile)
        self.server.seen.append(body)
        self.wfile.write(self.server.verdict or _verdict(body))


class StandIn(socketserver.ThreadingTCPServer):
    """Finds EICAR and nothing else; says `verdict` instead when that is set."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Scan)
        self.seen: list[bytes] = []
        self.verdict = b""

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


def _stream(chunks: BufferedIOBase) -> bytes:
    body = b""
    while size := struct.unpack(">I", chunks.read(4))[0]:
        body += chunks.read(size)
    return body


def _verdict(body: bytes) -> bytes:
    if len(body) > LARGEST:
        return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Eicar-Signature FOUND\0" if EICAR in body else b"stream: OK\0"


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """A stand-in that answers until the end of the block."""
    with StandIn() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def real_clamd(folder: Path) -> Iterator[str]:
    """ClamAV's daemon on a socket in `folder`, with a database that knows EICAR alone."""
    (folder / "db").mkdir()
    (folder / "db" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    socket, config = folder / "clamd.ctl", folder / "clamd.conf"
    config.write_text(
        f"LocalSocket {socket}\nDatabaseDirectory {folder / 'db'}\nForeground yes\n"
        f"StreamMaxLength {LARGEST}\nMaxThreads 2\nConcurrentDatabaseReload no\n"
    )
    process = subprocess.Popen(
        [CLAMD, "--config-file", str(config)], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = ""
        while "Self checking" not in said:
            line = process.stdout.readline()
            assert line, f"clamd did not start:\n{said}"
            said += line
        yield f"unix://{socket}"
    finally:
        process.terminate()
        process.communicate(timeout=30)
