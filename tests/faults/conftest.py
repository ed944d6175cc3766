"""A stack that things are done to, and its customers' way in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from tests.support.stack import Stack


@pytest.fixture(scope="package")
def faulty_stack(start_stack: Callable[..., Stack]) -> Stack:
    """A stack of these tests' own: a process that dies often is started again more slowly."""
    return start_stack()


@pytest.fixture
async def client(faulty_stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=faulty_stack.url, timeout=30) as client:
        yield client
