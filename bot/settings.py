"""The one module that reads settings: from the environment, or from a `.env` file beside it."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.errors import SettingError
from bot.files.limits import FileLimits

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "FIRSTLINE_"
SECRET_BYTES = 32
STAFF_ROLES = ("agent", "trainer", "manager", "admin")

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """Everything a process may be told from outside; operator content lives in `data/` instead.

    `redis_url`, `smtp_url` and `imap_url` may carry credentials and, like `secret`, are kept out
    of `repr`. `mailbox_port` is set for the processes by the supervisor: where the development
    mailbox takes mail on 127.0.0.1; 0 when mail really goes out (`smtp_url` was given).
    `encoder_dir` is a folder with the sentence encoder's weights; empty means the installed ones.
    `proxies` is how many reverse proxies in front add to `X-Forwarded-For`; what they say of the
    caller's address is believed, and nothing else. `reply_address` is where mail to us is read, when
    that is not the address in `mail_from`. `destination_secrets` are what destinations other than
    mail are signed in to or signed with, as `name=secret`, separated by spaces. `clamd` is where ClamAV's
    daemon looks at files; nothing does when it is empty.
    """

    port: int = 8080
    state_dir: Path = ROOT / ".firstline"
    redis_url: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    case_mailbox: str = "cases@meadow.example"
    imap_url: str = field(default="", repr=False)
    mail_from: str = "Meadow Mobile Support <support@meadow.example>"
    public_url: str = ""
    allowed_origins: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)
    engine_workers: int = 1
    mailbox_port: int = 0
    files_per_conversation: int = 5
    file_megabytes: int = 10
    encoder_dir: str = ""
    proxies: int = 0
    identity_key: str = field(default="", repr=False)
    identity_issuer: str = ""
    identity_audience: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_role_claim: str = "roles"
    oidc_roles: tuple[str, ...] = ()
    reply_address: str = ""
    destination_secrets: str = field(default="", repr=False)
    clamd: str = ""

    @property
    def own_origins(self) -> frozenset[str]:
        """Origins of our own pages."""
        local = {f"http://127.0.0.1:{self.port}", f"http://localhost:{self.port}"}
        return frozenset(local | {self.base_url})

    @property
    def origins(self) -> frozenset[str]:
        """Origins that may use the customer API from a browser; our own pages always may."""
        return self.own_origins | set(self.allowed_origins)

    @property
    def file_limits(self) -> FileLimits:
        """What customers may send."""
        return FileLimits(self.files_per_conversation, self.file_megabytes)

    @property
    def base_url(self) -> str:
        """Where the outside reaches the edge, without a trailing slash."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def reads_mail(self) -> bool:
        """Whether mail that answers ours is read, so that replies may be asked for."""
        return bool(self.imap_url or self.mailbox_port or self.reply_address)

    def shown(self) -> dict[str, str]:
        """The settings by their environment names, secrets hidden, for people to read."""
        hidden = {f.name for f in fields(self) if not f.repr}
        return {PREFIX + f.name.upper(): _shown(f.name, getattr(self, f.name), hidden)
                for f in fields(self)}  # fmt: skip

    def environment(self) -> dict[str, str]:
        """The environment variables that `load_settings` reads these very settings from."""
        return {PREFIX + f.name.upper(): _text(getattr(self, f.name)) for f in fields(self)}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environ` (the process environment and `.env` when not given).

    Raises `SettingError`, naming the setting and the fix, when a value cannot be used.
    """
    if environ is None:
        file_values = {k: v for k, v in dotenv_values(ROOT / ".env").items() if v is not None}
        environ = {**file_values, **os.environ}
    given = {f.name: environ[PREFIX + f.name.upper()].strip()
             for f in fields(Settings) if environ.get(PREFIX + f.name.upper(), "").strip()}  # fmt: skip
    return Settings(**{name: _read(name, text) for name, text in given.items()})  # type: ignore[arg-type]


def ensure_secret(settings: Settings) -> str:
    """The signing secret: the one given, else one made once and kept in the state directory."""
    if settings.secret:
        return settings.secret
    path = settings.state_dir / "secret"
    if not path.exists():
        make_state_dir(settings)
        # Linked into place whole: whoever comes second reads it whole too.
        descriptor, name = tempfile.mkstemp(dir=settings.state_dir)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(SECRET_BYTES))
        with suppress(FileExistsError):
            os.link(name, path)
        Path(name).unlink()
    return path.read_text()


def make_state_dir(settings: Settings) -> None:
    """The state directory, closed to other users: it holds what customers said.

    Raises `SettingError` when it cannot be made.
    """
    try:
        settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _setting_error("state_dir", f"{settings.state_dir} cannot be made ({error.strerror})",
                             "Set it to a folder that can be written") from error  # fmt: skip


def _shown(name: str, value: object, hidden: set[str]) -> str:
    text = _text(value)
    if name not in hidden or not text:
        return text
    if not re.match(r"[a-z]+://", text):
        return "(hidden)"
    return f"{text.split('://', 1)[0]}://(hidden)@{text.rsplit('@', 1)[1]}" if "@" in text else text


def _text(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _read(name: str, text: str) -> object:
    reader = _READERS.get(name)
    return reader(name, text) if reader else text


def _setting_error(name: str, problem: str, fix: str) -> SettingError:
    return SettingError(PREFIX + name.upper(), problem, fix)


def _whole_number(low: int, high: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise _setting_error(name, f"{text!r} is not a number from {low} to {high}",
                                 f"Set it to a number from {low} to {high}")  # fmt: skip
        return int(text)

    return read


def _url(*schemes: str) -> Callable[[str, str], str]:
    def read(name: str, text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            wanted = " or ".join(f"{scheme}://" for scheme in schemes)
            raise _setting_error(name, "not a usable address", f"It begins with {wanted}host")
        return text

    return read


def _origins(name: str, text: str) -> tuple[str, ...]:
    origins = tuple(part.rstrip("/") for part in text.replace(",", " ").split())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            raise _setting_error(name, f"{origin!r} is not an origin",
                                 "Give each as https://shop.example, separated by spaces")  # fmt: skip
    return origins


def _oidc_issuer(name: str, text: str) -> str:
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if not (parts.scheme == "https" or local) or not parts.netloc or parts.query or parts.fragment:
        raise _setting_error(name, "not an issuer that can be trusted",
                             "It begins with https:// and is written as the provider writes it")  # fmt: skip
    return text


def _oidc_roles(name: str, text: str) -> tuple[str, ...]:
    entries = tuple(text.replace(",", " ").split())
    for entry in entries:
        value, _, role = entry.rpartition("=")
        if not value or role not in STAFF_ROLES:
            raise _setting_error(name, f"{entry!r} gives no role",
                                 f"Give each as value=role, the role one of {', '.join(STAFF_ROLES)}")  # fmt: skip
    return entries


_READERS: dict[str, Callable[[str, str], object]] = {
    "port": _whole_number(1, 65535),
    "engine_workers": _whole_number(1, 64),
    "proxies": _whole_number(0, 9),
    "mailbox_port": _whole_number(0, 65535),
    "files_per_conversation": _whole_number(0, 50),
    "file_megabytes": _whole_number(1, 25),
    "state_dir": lambda _, text: Path(text).expanduser().resolve(),
    "redis_url": _url("redis", "rediss", "unix", "redis+sentinel"),
    "smtp_url": _url("smtp", "smtps"),
    "clamd": _url("tcp", "unix"),
    "imap_url": _url("imap", "imaps"),
    "public_url": _url("http", "https"),
    "allowed_origins": _origins,
    "oidc_issuer": _oidc_issuer,
    "oidc_roles": _oidc_roles,
}
