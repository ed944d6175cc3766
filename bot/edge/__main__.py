"""`python -m bot.edge`: serves until it is told to stop."""

from __future__ import annotations

import contextlib
import resource
import socket
import sys

import structlog

from bot.edge.app import make_app
from bot.edge.patience import LimitedPatience
from bot.errors import FirstlineError, SettingError
from bot.logs import configure_logging
from bot.settings import Settings, load_settings

HOST = "127.0.0.1"
BACKLOG = 2_048


def main() -> int:
    """Serves until SIGTERM; returns the exit status."""
    configure_logging("edge")
    try:
        settings = load_settings()
        listening = listen(settings)
        app = make_app(settings)
    except FirstlineError as error:
        structlog.get_logger(__name__).error("cannot start", error=str(error))
        return 1
    _allow_many_connections()
    app.run(
        sock=listening, single_process=True, access_log=False, motd=False,
        protocol=LimitedPatience,
    )  # fmt: skip
    return 0


def listen(settings: Settings) -> socket.socket:
    """The listening socket, on loopback only. Raises `SettingError`."""
    if not settings.redis_url:
        raise SettingError("FIRSTLINE_REDIS_URL", "the edge needs a Redis",
                           "Start the edge by `bin/firstline up`, or set the address")  # fmt: skip
    try:
        return socket.create_server((HOST, settings.port), backlog=BACKLOG)
    except OSError as error:
        raise SettingError("FIRSTLINE_PORT", f"{settings.port} cannot be used ({error.strerror})",
                           "Stop what listens there, or choose another port") from error  # fmt: skip


def _allow_many_connections() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
