"""Is everything there that Firstline needs? Each check ends in one line, and the fix."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis
from redis.sentinel import Sentinel

from bot.content import load_content
from bot.engine.models import model_path
from bot.errors import ContentError, FirstlineError, SettingError
from bot.mail.destinations import load_destinations
from bot.redis_link import sentinels_of
from bot.settings import ROOT, Settings, make_state_dir
from bot.setup.places import is_current
from bot.setup.pythons import version_of
from bot.setup.system import find_browser, find_node, find_redis
from bot.setup.web import is_built
from bot.supervisor.lock import holder
from bot.supervisor.ports import is_free
from bot.supervisor.stack import python_of

MEGABYTE = 1 << 20
LEAST_ROOM = 100
SECONDS = 3.0
OK, NOTE, FAILED = "ok", "note", "failed"


@dataclass(frozen=True)
class Finding:
    """What a check found: `ok`, `note` (works without it) or `failed` (does not start)."""

    name: str
    state: str
    text: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.text}. {self.fix}" if self.fix else self.text


class NotReady(FirstlineError):
    """Something that is needed is missing; the text is one line with the fix."""


def look_at(settings: Settings) -> Iterator[Finding]:
    """Every check in turn, for `firstline doctor`."""
    for check in (_engine_environment, _edge_environment, _state_dir, _port, _redis, _mail,
                  _content, _web, _model, _node, _browser, _running):  # fmt: skip
        yield check(settings)


def require_startable(settings: Settings) -> None:
    """Raises `NotReady` for the first thing that keeps the stack from starting."""
    blocking: tuple[Callable[[Settings], Finding], ...] = (
        _engine_environment, _state_dir, _port, _redis, _content, _web, _model,
    )  # fmt: skip
    for check in blocking:
        finding = check(settings)
        if finding.state == FAILED:
            raise NotReady(str(finding))


def _environment(side: str, versions: tuple[str, ...]) -> Finding:
    name = f"Python of the {side}"
    version = version_of(python_of(side))
    if not version:
        return Finding(name, FAILED, f"the {side} environment is missing", f"Run bin/setup {side}")
    if not version.startswith(versions):
        return Finding(name, FAILED, f"it is {version}, wanted {versions[0]}x",
                       f"Remove .venv/{side} and run bin/setup {side}")  # fmt: skip
    if not is_current(side):
        return Finding(name, FAILED, f"the {side} environment is older than its lock",
                       f"Run bin/setup {side}")  # fmt: skip
    return Finding(name, OK, version)


def _engine_environment(_: Settings) -> Finding:
    return _environment("engine", ("3.10.",))


def _edge_environment(_: Settings) -> Finding:
    return _environment("edge", ("3.13.", "3.12.", "3.14."))


def _state_dir(settings: Settings) -> Finding:
    folder = settings.state_dir
    name = "State directory"
    try:
        make_state_dir(settings)
        probe = folder / ".probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except SettingError as error:
        return Finding(name, FAILED, str(error))
    except OSError as error:
        return Finding(name, FAILED, f"{folder} cannot be written ({error.strerror})",
                       "Set FIRSTLINE_STATE_DIR to a folder that can")  # fmt: skip
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < LEAST_ROOM:
        return Finding(name, FAILED, f"{free} MB free on the disk of {folder}, {LEAST_ROOM} MB needed",
                       "Make room, or set FIRSTLINE_STATE_DIR to another disk")  # fmt: skip
    return Finding(name, OK, f"{folder}, {free} MB free")


def _port(settings: Settings) -> Finding:
    port = settings.port
    if is_free(port):
        return Finding("Port", OK, f"{port} is free")
    running = holder(settings.state_dir / "run")
    if running and running != os.getpid():
        return Finding("Port", OK, f"{port} is used by Firstline itself (process {running})")
    return Finding("Port", FAILED, f"Port {port} is in use by another program",
                   "Stop that program, or set FIRSTLINE_PORT to a free port")  # fmt: skip


def _redis(settings: Settings) -> Finding:
    if settings.redis_url:
        return _redis_by_url(settings.redis_url)
    server = find_redis()
    if server is None:
        return Finding("Redis", FAILED, "No redis-server 6.2 or newer found",
                       "Run bin/setup redis, or set FIRSTLINE_REDIS_URL")  # fmt: skip
    return Finding("Redis", OK, f"a private one is started from {server}")


def _redis_by_url(url: str) -> Finding:
    where = url.rsplit("@", 1)[-1]
    try:
        with _client(url) as client:
            info = client.info()
            lossy = _lossy_settings(client)
    except (redis.RedisError, OSError, ValueError) as error:
        return Finding("Redis", FAILED, f"FIRSTLINE_REDIS_URL: Redis at {where} does not answer "
                       f"({_first_line(error)})", "Start it, or correct the address")  # fmt: skip
    version = str(info["redis_version"])
    if tuple(int(part) for part in version.split(".")[:2]) < (6, 2):
        return Finding("Redis", FAILED, f"Redis at {where} is {version}", "6.2 or newer is needed")
    if lossy:
        return Finding("Redis", NOTE, f"Redis {version} at {where} may lose what was promised: "
                       f"{', '.join(lossy)}", "Change it in the configuration of that Redis")  # fmt: skip
    return Finding("Redis", OK, f"{version} at {where}")


def _client(url: str) -> redis.Redis:
    timeouts = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    named = sentinels_of(url)
    if named is None:
        return redis.Redis.from_url(url, **timeouts)
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        list(named.hosts), sentinel_kwargs=timeouts, username=named.username,
        password=named.password, db=named.database, **timeouts,
    )  # fmt: skip
    master: redis.Redis = sentinel.master_for(named.master)  # type: ignore[no-untyped-call]
    return master


def _lossy_settings(client: redis.Redis) -> list[str]:
    wanted = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"}
    lossy = []
    for name, value in wanted.items():
        try:
            found = client.config_get(name)
        except redis.ResponseError:
            return []
        text = {_plain(key): _plain(it) for key, it in found.items()}.get(name)
        if text != value:
            lossy.append(f"{name} is {text}, not {value}")
    return lossy


def _mail(settings: Settings) -> Finding:
    if not settings.smtp_url:
        return Finding("Mail", OK, "development mailbox (FIRSTLINE_SMTP_URL is empty)")
    parts = urlsplit(settings.smtp_url)
    secure = parts.scheme == "smtps"
    client = smtplib.SMTP_SSL if secure else smtplib.SMTP
    host, port = parts.hostname or "", parts.port or (465 if secure else 587)
    try:
        with client(host, port, timeout=SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        return Finding("Mail", NOTE, f"FIRSTLINE_SMTP_URL: {host}:{port} does not answer "
                       f"({_first_line(error)}); mail waits until it does",
                       "Start it, or correct the address")  # fmt: skip
    return Finding("Mail", OK, f"{host}:{port} answers")


def _content(settings: Settings) -> Finding:
    try:
        content = load_content(ROOT / "data")
        load_destinations(ROOT / "data" / "destinations.yml", settings.case_mailbox)
    except ContentError as error:
        return Finding("Operator content", FAILED, str(error))
    return Finding("Operator content", OK, f"that of {content.brand.name} is sound")


def _web(_: Settings) -> Finding:
    if is_built():
        return Finding("Pages", OK, "built from the present sources")
    return Finding("Pages", FAILED, "The widget and the pages are not built", "Run bin/setup web")


def _model(_: Settings) -> Finding:
    path = model_path()
    if path.is_file():
        return Finding("Model", OK, f"models/{path.name} fits the training data")
    return Finding("Model", FAILED, "No model fits the training data", "Run bin/firstline train")


def _node(_: Settings) -> Finding:
    found = find_node()
    if found is None:
        return Finding("Node.js", NOTE, "none of 20.19 or newer",
                       "bin/setup web fetches one when the pages must be built")  # fmt: skip
    return Finding("Node.js", OK, str(found / "node"))


def _browser(_: Settings) -> Finding:
    found: Path | None = find_browser()
    if found is None:
        return Finding("Browser", NOTE, "none; only the tests need one", "Run bin/setup browser")
    return Finding("Browser", OK, f"{found} (for the tests)")


def _running(settings: Settings) -> Finding:
    process = holder(settings.state_dir / "run")
    if process is None:
        return Finding("Firstline", NOTE, "not running with this state directory")
    url = f"http://127.0.0.1:{settings.port}/readyz"
    try:
        with urllib.request.urlopen(url, timeout=SECONDS):
            return Finding("Firstline", OK, f"running and ready (process {process})")
    except OSError as error:
        return Finding("Firstline", NOTE, f"running (process {process}), but {url} says: "
                       f"{_first_line(error)}", "The log tells why")  # fmt: skip


def _plain(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
