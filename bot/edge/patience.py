"""How long the edge listens to a client that sends slowly: no byte of its own lengthens it."""

from __future__ import annotations

from sanic.http.constants import Stage
from sanic.server.protocols.http_protocol import HttpProtocol


class LimitedPatience(HttpProtocol):
    """Sanic's protocol, whose time-outs begin anew with each byte that comes in.

    Here the head of a request must be whole within the time-out of a request, counted from its
    first byte, and the rest of a body that has been refused within the time-out of an idle
    connection. While a handler reads a body, it counts by itself.
    """

    __slots__ = ()

    def data_received(self, data: bytes) -> None:
        """Takes bytes in."""
        since, http = self._time, self.http
        late = http is not None and (
            http.stage is Stage.REQUEST or (http.stage is Stage.IDLE and bool(http.request_body))
        )
        super().data_received(data)
        if late:
            self._time = since
