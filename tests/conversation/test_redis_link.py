"""Reaching Redis: one, or the master that Sentinels know, before and after it has died."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from bot.errors import FirstlineError
from bot.redis_link import Sentinels, connect, sentinels_of
from tests.conversation.support import opened, texts, told
from tests.support.sentinel import Group

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


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    group = Group(tmp_path)
    try:
        group.wait_known()
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
