"""Two edges, three engines, two couriers and a Redis with Sentinels: one of everything dies for good,
the others go on, and nothing is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from tests.faults.customer import Ledger
from tests.faults.oracle import settle
from tests.faults.traffic import reporting_while, something_begins
from tests.support.sentinel import Group
from tests.support.site import Site

pytestmark = pytest.mark.stack

SITE = ("edge-1", "edge-2", "engine-1", "engine-2", "engine-3", "courier-1", "courier-2")
KILLED = ("edge-1", "engine-1", "courier-1", "sentinel", "master")


class Balancer(httpx.AsyncBaseTransport):
    """What stands in front of several edges: asks the next one when one does not answer."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._edges = [httpx.URL(url) for url in urls]
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for edge in self._edges:
            request.url = request.url.copy_with(host=edge.host, port=edge.port)
            try:
                return await self._transport.handle_async_request(request)
            except httpx.ConnectError:
                continue
        raise httpx.ConnectError("no edge answers")

    async def aclose(self) -> None:
        await self._transport.aclose()


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    group = Group(tmp_path / "redis")
    try:
        group.wait_known()
        yield group
    finally:
        group.stop()


@pytest.fixture
def site(group: Group, tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "state", group.url)
    try:
        site.start(SITE)
        yield site
    finally:
        site.stop()


async def test_one_of_everything_dies(
    site: Site, group: Group, record_property: Callable[[str, object], None]
) -> None:
    ledger = Ledger()

    async def killing() -> None:
        for name in KILLED:
            await something_begins(ledger, mail=True)
            await asyncio.to_thread(kill, site, group, name)
        await something_begins(ledger, mail=True)

    transport, url = Balancer(site.urls), site.urls[0]
    async with httpx.AsyncClient(transport=transport, base_url=url, timeout=30) as client:
        served = await reporting_while(killing, client, ledger)
        await settle(len(KILLED), site.mailbox, ledger, served, record_property)


def kill(site: Site, group: Group, name: str) -> None:
    """kill -9, and nobody starts it again."""
    if name == "master":
        group.master.kill()
    elif name == "sentinel":
        group.sentinels[0].kill()
    else:
        site.kill(name)
