"""`python -m bot.setup <part> …`: install the parts named, or all that `run` or `test` needs."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.setup.environments import ensure_environment, ensure_uv
from bot.setup.places import VENVS
from bot.setup.system import (
    ensure_browser,
    ensure_imap_server,
    ensure_mail_servers,
    ensure_redis,
)
from bot.setup.terminal import Trouble, say
from bot.setup.web import ensure_packages, ensure_web

PARTS: dict[str, Callable[[], object]] = {
    "uv": ensure_uv,
    "edge": lambda: ensure_environment("edge"),
    "engine": lambda: ensure_environment("engine"),
    "stock": lambda: ensure_environment("stock"),
    "redis": ensure_redis,
    "web": ensure_web,
    "web-packages": ensure_packages,
    "browser": ensure_browser,
    "imap-server": ensure_imap_server,
    "mail-servers": ensure_mail_servers,
}
GROUPS: dict[str, tuple[str, ...]] = {
    "run": ("edge", "engine", "redis", "web"),
    "test": ("edge", "engine", "redis", "web", "browser", "imap-server"),
    "check": ("edge", "engine", "web-packages"),
}


def main(arguments: list[str]) -> int:
    """Exit code 0 when everything asked for is there, 1 after one line that says what is not."""
    unknown = [name for name in arguments if name not in PARTS and name not in GROUPS]
    if unknown or not arguments:
        print(f"usage: bin/setup {' | '.join([*GROUPS, *PARTS])} …", file=sys.stderr)
        return 2
    try:
        with _alone():
            for name in arguments:
                for part in GROUPS.get(name, (name,)):
                    PARTS[part]()
    except Trouble as trouble:
        print(f"[setup] {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


@contextmanager
def _alone() -> Iterator[None]:
    """Two set-ups of one checkout take turns."""
    VENVS.mkdir(parents=True, exist_ok=True)
    with (VENVS / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up of this checkout is running; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
