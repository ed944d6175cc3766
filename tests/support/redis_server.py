"""A real Redis of the tests' own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.setup.system import find_redis
from tests.support.ports import free_port
from tests.support.processes import end


@contextmanager
def running_redis(folder: Path, *options: str) -> Iterator[str]:
    """The address of a redis-server that keeps its files in `folder`; `options` as on its command line."""
    server = find_redis()
    assert server, "no redis-server; run bin/setup redis"
    port = free_port()
    command = [str(server), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder),
               "--save", "", "--maxmemory-policy", "noeviction", *options]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if "Ready to accept connections" in line:
                    break
            else:
                raise AssertionError("redis-server ended before it was ready")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            end(process)
