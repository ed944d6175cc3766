"""The one way to a Redis: by its address, or by those of Sentinels that know where the master is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError

SENTINEL = "redis+sentinel"
SENTINEL_PORT = 26379
CONNECT_TIMEOUT = 1.0
ANSWER_TIMEOUT = 2.0
WAIT_FOR_CONNECTION = 2.0
CONNECTIONS = 64


@dataclass(frozen=True)
class Sentinels:
    """Where Sentinels are, the name they know the master by, and how one signs in to the master."""

    hosts: tuple[tuple[str, int], ...]
    master: str
    username: str | None
    password: str | None
    database: int


def sentinels_of(url: str) -> Sentinels | None:
    """What `redis+sentinel://user:password@host:port,host:port/master?db=0` names; else None.

    Raises `ValueError`, saying what is wrong with it.
    """
    parts = urlsplit(url)
    if parts.scheme != SENTINEL:
        return None
    who, _, where = parts.netloc.rpartition("@")
    username, _, password = who.partition(":")
    master = parts.path.strip("/")
    if not where or not master:
        raise ValueError("it is redis+sentinel://host:port,host:port/name-of-the-master")
    database = parse_qs(parts.query).get("db", ["0"])[-1]
    return Sentinels(
        tuple(_host(one) for one in where.split(",")), master,
        unquote(username) or None, unquote(password) or None, int(database),
    )  # fmt: skip


def connect(url: str, answer: float | None = ANSWER_TIMEOUT) -> Redis:
    """A client for the Redis that `url` names; it connects when first used.

    answer: seconds to wait for an answer, None for a subscriber, who waits as long as it takes. A
    frozen Redis so costs a request that time, not the customer's patience. A connection that Redis
    has closed (a restart, another master) is replaced once without telling anybody; a time-out is
    not repeated, for what was asked may have happened. Raises `ValueError` for an unusable address.
    """
    sentinels = sentinels_of(url)
    retry = Retry(NoBackoff(), 1, supported_errors=(ConnectionError,))
    if sentinels is not None:
        return _master(sentinels, answer, retry)
    pool = BlockingConnectionPool.from_url(
        url, max_connections=CONNECTIONS, timeout=WAIT_FOR_CONNECTION, socket_timeout=answer,
        socket_connect_timeout=CONNECT_TIMEOUT, socket_keepalive=True, retry=retry, protocol=2,
    )  # fmt: skip
    return Redis.from_pool(pool)


def _master(named: Sentinels, answer: float | None, retry: Retry) -> Redis:
    timeouts = {"socket_connect_timeout": CONNECT_TIMEOUT, "socket_keepalive": True, "protocol": 2}
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        list(named.hosts), sentinel_kwargs={"socket_timeout": ANSWER_TIMEOUT, **timeouts},
        socket_timeout=answer, username=named.username, password=named.password,
        db=named.database, retry=retry, **timeouts,
    )  # fmt: skip
    master: Redis = sentinel.master_for(named.master, redis_class=Redis)
    return master


def _host(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host:
        return text, SENTINEL_PORT
    if not port.isdecimal():
        raise ValueError(f"{port!r} is not a port")
    return host, int(port)
