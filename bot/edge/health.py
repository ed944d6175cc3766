"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sanic import HTTPResponse, Request

from bot.edge.answers import json_answer
from bot.edge.problems import RETRY_AFTER, Problem

READY_WITHIN = 2.0
PROBE_KEY = "{s00}:probe"


class HealthApi:
    """`/healthz` asks nobody; `/readyz` asks Redis to take a write."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def healthz(self, request: Request) -> HTTPResponse:
        """GET /healthz"""
        return json_answer({"status": "alive"}, headers={"Cache-Control": "no-store"})

    async def readyz(self, request: Request) -> HTTPResponse:
        """GET /readyz"""
        try:
            async with asyncio.timeout(READY_WITHIN):
                await self._redis.set(PROBE_KEY, "1", px=1_000)
        except (RedisError, OSError, TimeoutError) as error:
            raise Problem(503, "not-ready", "Redis does not take writes right now.",
                          {"Retry-After": str(RETRY_AFTER)}) from error  # fmt: skip
        return json_answer({"status": "ready"}, headers={"Cache-Control": "no-store"})
