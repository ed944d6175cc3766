"""`python -m bot.edge`: the only process with an open port."""

from __future__ import annotations

import contextlib
import resource
import sys

import structlog

from bot.edge.app import make_app
from bot.errors import FirstlineError
from bot.logs import configure_logging
from bot.settings import load_settings

HOST = "127.0.0.1"
BACKLOG = 2_048


def main() -> int:
    """Serves until SIGTERM; returns the exit status."""
    configure_logging("edge")
    log = structlog.get_logger(__name__)
    try:
        settings = load_settings()
        app = make_app(settings)
    except FirstlineError as error:
        log.error("cannot start", error=str(error))
        return 1
    _allow_many_connections()
    app.run(HOST, settings.port, single_process=True, access_log=False, motd=False, backlog=BACKLOG)
    return 0


def _allow_many_connections() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
