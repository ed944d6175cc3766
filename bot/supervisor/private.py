"""The private servers' share of the settings: what was left empty, as the processes see it."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import replace
from pathlib import Path

from bot.settings import Settings, ensure_secret
from bot.supervisor.ports import LOOPBACK, kept_ports

_REDIS_CONF = """\
# Written by `firstline up` at every start; changes here are lost.
bind {host}
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync always
aof-use-rdb-preamble yes
save ""
maxmemory-policy noeviction
daemonize no
logfile ""
set-proc-title no
"""


def private_names(settings: Settings) -> tuple[str, ...]:
    """Which private servers these settings ask for."""
    names = ("redis",) if not settings.redis_url else ()
    return names if settings.smtp_url else (*names, "mailbox")


def with_private(settings: Settings, ports: dict[str, int] | None = None) -> Settings:
    """`settings` with the private servers filled in; `ports` are last start's when not given."""
    ports = kept_ports(settings.state_dir) if ports is None else ports
    secret = ensure_secret(settings)
    redis_url, smtp_url, mailbox_port = settings.redis_url, settings.smtp_url, 0
    if not redis_url and "redis" in ports:
        redis_url = f"redis://:{_redis_password(secret)}@{LOOPBACK}:{ports['redis']}/0"
    if not smtp_url and "mailbox" in ports:
        mailbox_port = ports["mailbox"]
        smtp_url = f"smtp://{LOOPBACK}:{mailbox_port}"
    return replace(settings, secret=secret, redis_url=redis_url, smtp_url=smtp_url,
                   mailbox_port=mailbox_port)  # fmt: skip


def write_redis_conf(settings: Settings, port: int) -> Path:
    """The private Redis's configuration, readable by its owner alone: it holds the password."""
    folder = settings.state_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "redis.conf"
    text = _REDIS_CONF.format(
        host=LOOPBACK,
        port=port,
        password=_redis_password(ensure_secret(settings)),
        folder=str(folder).replace("\\", "\\\\").replace('"', '\\"'),
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    return path


def _redis_password(secret: str) -> str:
    return hmac.new(secret.encode(), b"private redis", hashlib.sha256).hexdigest()[:40]
