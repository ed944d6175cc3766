"""Which programs make up Firstline under given settings, each in its environment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bot.settings import ROOT, Settings
from bot.setup.places import venv
from bot.setup.system import find_redis
from bot.supervisor.line import parse_redis
from bot.supervisor.private import private_names, with_private, write_redis_conf
from bot.supervisor.program import Program

EDGE, ENGINE = "edge", "engine"
# name: (environment, module, what it needs ready, when it is stopped)
_PROCESSES: dict[str, tuple[str, str, tuple[str, ...], int]] = {
    "mailbox": (EDGE, "bot.mail.mailbox", (), 2),
    "edge": (EDGE, "bot.edge", ("redis",), 0),
    "engine": (ENGINE, "bot.engine", ("redis",), 1),
    "courier": (EDGE, "bot.mail", ("redis", "mailbox"), 1),
    "trainer": (ENGINE, "bot.engine.trainer", ("redis",), 1),
}


def programs(settings: Settings, ports: dict[str, int]) -> list[Program]:
    """The programs of the stack, in the order in which they are started."""
    private = private_names(settings)
    environment = process_environment(with_private(settings, ports))
    made = [_redis(settings, ports["redis"])] if "redis" in private else []
    for name, (side, module, needs, level) in _PROCESSES.items():
        if name == "mailbox" and "mailbox" not in private:
            continue
        missing = {"redis", "mailbox"} - set(private)
        made.append(
            Program(
                name=name,
                command=(str(python_of(side)), "-m", module),
                environment=environment,
                needs=tuple(need for need in needs if need not in missing),
                stop_level=level,
            )
        )
    return made


def process_environment(settings: Settings) -> dict[str, str]:
    """The environment of our own processes: this one's, with every setting spelled out."""
    return {
        **os.environ,
        **settings.environment(),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


def python_of(side: str) -> Path:
    """The interpreter of an environment."""
    return venv(side) / "bin" / "python"


def _redis(settings: Settings, port: int) -> Program:
    server = find_redis() or Path(shutil.which("redis-server") or "redis-server")
    conf = write_redis_conf(settings, port)
    return Program(
        name="redis",
        command=(str(server), str(conf)),
        environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        stop_level=3,
        parse=parse_redis,
    )
