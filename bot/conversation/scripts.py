"""The Lua scripts that change a conversation: each touches one slot and happens whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ConnectionError, OutOfMemoryError, ReadOnlyError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import ClaimLost, FirstlineError, NotFound, NotOwner, StoreUnavailable

SCRIPTS = Path(__file__).parent / "scripts"

Argument = str | bytes | int


class CaseChanged(FirstlineError):
    """The case has changed since it was read; read it again and repeat the work."""


class AlreadyThere(FirstlineError):
    """What was to be made exists already."""


_ERRORS: dict[str, type[FirstlineError]] = {
    "NOTFOUND": NotFound,
    "NOTOWNER": NotOwner,
    "CLAIMLOST": ClaimLost,
    "CASECHANGED": CaseChanged,
    "TAKEN": AlreadyThere,
    "FILED": AlreadyThere,
}
_REFUSALS = ("MISCONF", "READONLY", "OOM", "LOADING", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS")


@cache
def _source(folder: Path, name: str) -> str:
    return (SCRIPTS / "common.lua").read_text() + (folder / f"{name}.lua").read_text()


def unavailable(error: Exception) -> StoreUnavailable:
    """The error to raise when Redis does not answer or refuses writes."""
    return StoreUnavailable(f"Redis cannot take this now ({type(error).__name__})")


class Scripts:
    """Runs the scripts of a folder by name on one Redis; their error codes become Firstline's errors."""

    def __init__(self, redis: Redis, folder: Path = SCRIPTS) -> None:
        self._redis = redis
        self._folder = folder
        self._loaded: dict[str, Any] = {}

    async def run(self, name: str, keys: Sequence[str], *args: Argument) -> Any:
        """The script's answer. Raises the error its code names, or `StoreUnavailable`."""
        script = self._loaded.get(name)
        if script is None:
            script = self._loaded[name] = self._redis.register_script(_source(self._folder, name))
        try:
            return await script(keys=list(keys), args=list(args))
        except (ConnectionError, RedisTimeoutError, OutOfMemoryError, ReadOnlyError) as error:
            raise unavailable(error) from error
        except ResponseError as error:
            raise _translated(error) from error


def _translated(error: ResponseError) -> Exception:
    text = str(error)
    code, _, detail = text.partition(" ")
    if code in _ERRORS:
        return _ERRORS[code](detail)
    if any(refusal in text for refusal in _REFUSALS):
        return unavailable(error)
    return error
