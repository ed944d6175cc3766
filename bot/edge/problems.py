"""What goes wrong, told as RFC 9457 problem details in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus

import msgspec
import structlog
from redis.exceptions import RedisError
from sanic import HTTPResponse, Request
from sanic.exceptions import MethodNotAllowed, SanicException

from bot.errors import NotFound, StoreUnavailable

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER = 2
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

log = structlog.get_logger(__name__)

_DETAILS = {
    400: "The request could not be understood.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    408: "The request took too long to arrive.",
    413: "That is more than may be sent at once.",
    417: "The expectation in the Expect header cannot be met.",
    503: "We cannot answer right now. Please try again in a moment.",
}
_INTERNAL = "Something went wrong on our side. Nothing was recorded; please try again."
# Not "nothing was recorded": a frozen Redis may yet do what it was asked, hence the same-id rule.
_STORE = "We cannot take this in right now. Please send it again in a moment."


class ProblemDetails(msgspec.Struct, frozen=True):
    """The body of every error answer (RFC 9457, section 3)."""

    type: str
    title: str
    status: int
    detail: str


class Problem(Exception):
    """An answer that refuses the request.

    `kind` is a short stable name for programs, the end of the type's URI `urn:firstline:<kind>`;
    `detail` is a sentence for people.
    """

    def __init__(
        self, status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})

    def response(self) -> HTTPResponse:
        """The problem as an answer."""
        details = ProblemDetails(
            type=f"urn:firstline:{self.kind}" if self.kind else "about:blank",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
        )
        return HTTPResponse(
            msgspec.json.encode(details), self.status, self.headers, content_type=PROBLEM_JSON
        )


def answer_to(request: Request, error: Exception) -> HTTPResponse:
    """The answer to a request that ended in `error`; unforeseen errors are logged."""
    if isinstance(error, Problem):
        return error.response()
    if isinstance(error, (StoreUnavailable, RedisError)):
        # One line a request would bury the cause in an outage; the metrics count the answers.
        log.debug("store unavailable", path=request.path, error=str(error))
        return Problem(503, "unavailable", _STORE, {"Retry-After": str(RETRY_AFTER)}).response()
    if isinstance(error, NotFound):
        return Problem(404, "", _DETAILS[404]).response()
    if isinstance(error, SanicException):
        return _of_sanic(request, error).response()
    log.error("request failed", path=request.path, exc_info=error)
    return Problem(500, "", _INTERNAL).response()


def _of_sanic(request: Request, error: SanicException) -> Problem:
    status = error.status_code
    if status not in _DETAILS:
        status = 500 if status >= 500 else 400
    headers: dict[str, str] = {}
    if isinstance(error, MethodNotAllowed):
        headers = {"Allow": ", ".join(_allowed(request))}
    if status == 503:
        headers = {"Retry-After": str(RETRY_AFTER)}
    return Problem(status, "", _DETAILS.get(status, _INTERNAL), headers)


def _allowed(request: Request) -> Iterator[str]:
    # Sanic's router knows the methods of a path only by being asked for each.
    for method in METHODS:
        with suppress(SanicException):
            request.app.router.get(request.path, method, None)
            yield method
