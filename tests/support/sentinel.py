"""A Redis that survives the death of its master: master, replica and three Sentinels."""

from __future__ import annotations

import subprocess
import time
from contextlib import suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from bot.setup.system import find_redis
from tests.support.ports import free_port
from tests.support.processes import kill

SENTINELS = 3
KNOWN_WITHIN = 60.0
MASTER = "desk"
DURABLE = ("--appendonly", "yes", "--appendfsync", "always", "--save", "")


class Group:
    """The servers, each a process; the Sentinels call the master `desk`.

    A master that says nothing for a second is given up, so that tests need not wait long.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.master_port, self.replica_port = free_port(), free_port()
        self.master = self._start("master", self.master_port)
        of = f"127.0.0.1 {self.master_port}"
        self.replica = self._start("replica", self.replica_port, "--replicaof", of)
        self.sentinel_ports = [free_port() for _ in range(SENTINELS)]
        self.sentinels = [self._sentinel(port) for port in self.sentinel_ports]

    @property
    def url(self) -> str:
        """The setting that finds the master."""
        where = ",".join(f"127.0.0.1:{port}" for port in self.sentinel_ports)
        return f"redis+sentinel://{where}/{MASTER}"

    def wait_known(self) -> None:
        """Returns when every Sentinel knows the replica and the others, without which none acts."""
        until = time.monotonic() + KNOWN_WITHIN
        while not all(map(_knows_all, self.sentinel_ports)):
            assert time.monotonic() < until, "the Sentinels do not know each other"
            time.sleep(0.1)

    def stop(self) -> None:
        """Ends every process."""
        for process in (*self.sentinels, self.replica, self.master):
            kill(process)

    def _sentinel(self, port: int) -> subprocess.Popen[bytes]:
        conf = self._folder / f"sentinel-{port}.conf"
        conf.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {self._folder}\n"
            f"sentinel monitor {MASTER} 127.0.0.1 {self.master_port} 2\n"
            f"sentinel down-after-milliseconds {MASTER} 1000\n"
            f"sentinel failover-timeout {MASTER} 5000\n"
        )
        return self._run(str(conf), "--sentinel")

    def _start(self, name: str, port: int, *more: str) -> subprocess.Popen[bytes]:
        folder = self._folder / name
        folder.mkdir(parents=True)
        where = ("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder))
        return self._run(*where, *DURABLE, *more)

    @staticmethod
    def _run(*arguments: str) -> subprocess.Popen[bytes]:
        server = find_redis()
        assert server is not None, "no redis-server; run bin/setup redis"
        return subprocess.Popen([str(server), *arguments], stdout=subprocess.DEVNULL)


def _knows_all(port: int) -> bool:
    with suppress(RedisError), Redis(port=port, socket_timeout=2) as sentinel:
        found = sentinel.sentinel_master(MASTER)
        others, replicas = int(found["num-other-sentinels"]), int(found["num-slaves"])
        return others == SENTINELS - 1 and replicas == 1
    return False
