"""The edge's connections to Redis: few, shared, and quick to say that Redis does not answer."""

from __future__ import annotations

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError

CONNECT_TIMEOUT = 1.0
ANSWER_TIMEOUT = 2.0
WAIT_FOR_CONNECTION = 2.0
CONNECTIONS = 64


def connect(url: str) -> Redis:
    """A client for the Redis at `url`; it connects when first used.

    A frozen Redis costs a request `ANSWER_TIMEOUT`, not the customer's patience. A connection that
    Redis has closed (a restart) is replaced once without telling anybody; a time-out is not
    repeated, for what was asked may have happened.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=WAIT_FOR_CONNECTION,
        socket_timeout=ANSWER_TIMEOUT,
        socket_connect_timeout=CONNECT_TIMEOUT,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        protocol=2,
    )
    return Redis(connection_pool=pool)
