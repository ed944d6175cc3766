"""Reaching Redis: one, or the master that Sentinels know, before and after it has died."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from bot.errors import FirstlineError
from bot.redis_link import Sentinels, connect, sentinels_of
from bot.setup.system import find_redis
from tests.conversation.support import opened, texts, told
from tests.support.ports import free_port

PATIENCE = 60.0


def test_an_address_of_one_redis_names_no_sentinels() -> None:
    assert sentinels_of("redis://127.0.0.1:6379/0") is None


def test_the_address_of_sentinels_is_read_whole() -> None:
    assert sentinels_of("redis+sentinel://us%40er:pw@a.example:1,b.example/desk?db=2") == Sentinels(
        (("a.example", 1), ("b.example", 26379)), "desk", "us@er", "pw", 2
    )


@pytest.mark.parametrize("url", ["redis+sentinel://host:1", "redis+sentinel:///desk"])
def test_an_address_that_lacks_something_says_how_it_should_be(url: str) -> None:
    with pytest.raises(ValueError, match="name-of-the-master"):
        connect(url)


class Group:
    """A master, its replica and three Sentinels."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.master_port, self.replica_port = free_port(), free_port()
        self.master = self._start("master", self.master_port, "--appendonly", "yes")
        self.replica = self._start(
            "replica", self.replica_port, "--replicaof", f"127.0.0.1 {self.master_port}"
        )
        self.sentinel_ports = [free_port() for _ in range(3)]
        self.sentinels = [self._sentinel(port) for port in self.sentinel_ports]

    @property
    def url(self) -> str:
        where = ",".join(f"127.0.0.1:{port}" for port in self.sentinel_ports)
        return f"redis+sentinel://{where}/desk"

    def stop(self) -> None:
        for process in (*self.sentinels, self.replica, self.master):
            process.kill()
            process.wait()

    def _sentinel(self, port: int) -> subprocess.Popen[bytes]:
        conf = self._folder / f"sentinel-{port}.conf"
        conf.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {self._folder}\n"
            f"sentinel monitor desk 127.0.0.1 {self.master_port} 2\n"
            "sentinel down-after-milliseconds desk 1000\nsentinel failover-timeout desk 5000\n"
        )
        return self._run(str(conf), "--sentinel")

    def _start(self, name: str, port: int, *more: str) -> subprocess.Popen[bytes]:
        folder = self._folder / name
        folder.mkdir()
        return self._run("--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), *more)

    @staticmethod
    def _run(*arguments: str) -> subprocess.Popen[bytes]:
        server = find_redis()
        assert server is not None
        return subprocess.Popen([str(server), *arguments], stdout=subprocess.DEVNULL)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    group = Group(tmp_path)
    try:
        yield group
    finally:
        group.stop()


async def test_what_was_said_is_there_after_the_master_has_died(group: Group) -> None:
    async with connect(group.url) as redis:
        await _until_it_answers(redis.ping)
        await opened(redis)
        await told(redis, "before")
        await _until_it_answers(lambda: redis.wait(1, 5_000))
        group.master.kill()
        await _until_it_answers(lambda: told(redis, "after"))
        assert await texts(redis, sender="customer") == ["before", "after"]


async def _until_it_answers(work: Callable[[], Awaitable[object]]) -> None:
    async def trying() -> None:
        while True:
            try:
                await work()
                return
            except (RedisError, FirstlineError):
                await asyncio.sleep(0.1)

    await asyncio.wait_for(trying(), PATIENCE)
