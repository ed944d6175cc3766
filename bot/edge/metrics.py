"""What operators watch, in Prometheus' text format; a registry of its own for each edge."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sanic import HTTPResponse, Request
from sanic.response import BaseHTTPResponse

Depth = Callable[[], Awaitable[int]]  # how many there are in a queue

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one edge process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "firstline_requests", "Requests by route and status",
            ["route", "status"], registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "firstline_request_seconds", "Time to the first byte of the answer, by route",
            ["route"], buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.messages = Counter(
            "firstline_messages", "Customer messages accepted, repeated or refused",
            ["outcome"], registry=self.registry,
        )  # fmt: skip
        self.readers = Gauge(
            "firstline_readers", "Event streams and long polls open", registry=self.registry
        )
        self.waiting = Gauge(
            "firstline_waiting", "Work due or claimed, by queue", ["queue"], registry=self.registry
        )

    def count(self, request: Request, response: BaseHTTPResponse) -> None:
        """Counts an answer."""
        route = request.route.name.rpartition(".")[2] if request.route else "none"
        self.requests.labels(route, str(response.status)).inc()
        started = getattr(request.stream, "perft0", None)
        if started is not None:
            self.seconds.labels(route).observe(time.perf_counter() - started)
        if route == "say":
            outcome = {202: "accepted", 200: "repeated"}.get(response.status, "refused")
            self.messages.labels(outcome).inc()


class MetricsApi:
    """`/metrics`, for this machine only."""

    def __init__(self, metrics: Metrics, depths: Mapping[str, Depth]) -> None:
        self._metrics = metrics
        self._depths = depths

    async def metrics(self, request: Request) -> HTTPResponse:
        """GET /metrics"""
        for name, depth in self._depths.items():
            self._metrics.waiting.labels(name).set(await self._of(depth))
        body = generate_latest(self._metrics.registry)
        return HTTPResponse(body, content_type=CONTENT_TYPE_LATEST)

    async def _of(self, depth: Depth) -> float:
        try:
            return await depth()
        except Exception:  # metrics are wanted most when Redis is away
            return float("nan")
