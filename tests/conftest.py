"""Real servers for the tests: a Redis, the whole stack, the browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from redis.asyncio import Redis

from bot.settings import ROOT
from bot.setup.system import find_browser
from tests.support.checkout import open_checkout
from tests.support.redis_server import running_redis
from tests.support.stack import Stack
from tests.support.watched import pytest_runtest_teardown

__all__ = ["pytest_runtest_teardown"]  # hooks of pytest are found by their names here

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("firstline", deadline=None)
hypothesis.settings.load_profile("firstline")


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real Redis of this test run; without AOF, for speed."""
    with running_redis(tmp_path_factory.mktemp("redis"), "--appendonly", "no") as url:
        yield url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of that Redis, which is emptied before each test."""
    client = Redis.from_url(redis_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def start_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Stack]]:
    """Starts a whole stack with the settings given by their environment names; stops it at the end."""
    with ExitStack() as ends:  # one that does not end keeps none of the others from ending

        def start(root: Path = ROOT, **settings: str) -> Stack:
            stack = Stack(tmp_path_factory.mktemp("state"), root, **settings)
            ends.callback(lambda: None if stack.ended else stack.stop())
            stack.start()
            return stack

        yield start


@pytest.fixture(scope="session")
def stack(start_stack: Callable[..., Stack], tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The whole stack as `bin/firstline up` starts it, at any hour, shared by all tests of the run."""
    return start_stack(open_checkout(tmp_path_factory.mktemp("open") / "checkout"))


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """A Chromium or Chrome."""
    found = find_browser()
    assert found, "no browser; run bin/setup browser"
    return found
