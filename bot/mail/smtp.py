"""Handing a mail to the SMTP server, and what its answer, or its silence, means."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from bot.errors import SettingError

IDLE = 20.0  # seconds an open connection may wait for the next mail; servers hang up after minutes
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SIGN_IN_REFUSED = frozenset({530, 534, 535, 538})  # RFC 4954 section 6


class Outcome(str, Enum):
    """What became of an attempt.

    SENT: the server answered 250. DEFERRED: surely not taken, worth another try. UNKNOWN: the
    answer after the text was lost, so it may have been taken. REFUSED: another try is useless.
    """

    SENT = "sent"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class Stage(str, Enum):
    """How far an attempt had come; up to SENDER nothing depends on the mail at hand."""

    CONNECT = "connecting"
    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    TEXT = "DATA"


@dataclass(frozen=True)
class Delivery:
    """The outcome with its reason; `alarm` when only a person can mend the cause."""

    outcome: Outcome
    reason: str = ""
    alarm: bool = False


SENT = Delivery(Outcome.SENT)


@dataclass(frozen=True)
class Envelope:
    """A mail as it is handed over; `message` is 7-bit clean."""

    sender: str
    recipient: str
    message: bytes


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait for a connection, for the answer to a command, and for that to the text.

    The last is long because a mail given up there may arrive twice (RFC 5321 section 4.5.3.2.6).
    """

    connect: float = 15
    command: float = 60
    text: float = 300


TIMEOUTS = Timeouts()


@dataclass(frozen=True)
class Server:
    """Where mail is handed over, from `FIRSTLINE_SMTP_URL`."""

    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def verified(self) -> bool:
        """Whether its certificate has to be right.

        Without a password STARTTLS is opportunistic (RFC 7435): an attacker could as well take it
        out of the greeting, so a wrong certificate still beats clear text.
        """
        return self.tls or self.user is not None


def parse_server(url: str) -> Server:
    """The server of an `smtp://` or `smtps://` address. Raises `SettingError`."""
    parts = urlsplit(url)
    tls = parts.scheme == "smtps"
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == 0:
        raise SettingError("FIRSTLINE_SMTP_URL", "not a usable address",
                           "Write smtp://user:password@host:port or smtps://…")  # fmt: skip
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password or "") if user else None
    return Server(
        parts.hostname, port or (465 if tls else 587 if user else 25), tls, user, password
    )


def classify(stage: Stage, code: int, text: str) -> Delivery:
    """What the server's refusal `code` at `stage` means.

    A refusal of the recipient or of the text is about this mail and final. A refusal of the
    connection, of the sender or of the sign-in is about how we are set up: the mail waits, people
    are told. Size (552, RFC 1870) is about the mail wherever it is said.
    """
    reason = f"{stage.value}: {code} {' '.join(text.split())}"[:500]
    if not 400 <= code <= 599:
        return Delivery(Outcome.UNKNOWN if stage is Stage.TEXT else Outcome.DEFERRED, reason)
    if code < 500:
        return Delivery(Outcome.DEFERRED, reason)
    ours = stage in (Stage.CONNECT, Stage.SENDER) and code != 552
    if ours or code in SIGN_IN_REFUSED:
        return Delivery(Outcome.DEFERRED, reason, alarm=True)
    return Delivery(Outcome.REFUSED, reason, alarm=True)


def lost(stage: Stage, error: Exception) -> Delivery:
    """What a time-out or a broken connection at `stage` means."""
    kind = "no answer in time" if isinstance(error, TimeoutError) else "the connection broke"
    outcome = Outcome.UNKNOWN if stage is Stage.TEXT else Outcome.DEFERRED
    return Delivery(outcome, f"{stage.value}: {kind}")


class Post:
    """Hands mails to one server over up to `connections` connections, kept open between mails."""

    def __init__(self, server: Server, timeouts: Timeouts = TIMEOUTS, connections: int = 4) -> None:
        self._server = server
        self._timeouts = timeouts
        self._tls = _tls_context(server)
        self._free = asyncio.Semaphore(connections)
        self._idle: list[tuple[float, SMTP]] = []

    async def send(self, envelope: Envelope) -> Delivery:
        """Hands one mail over; failures are outcomes, never exceptions."""
        async with self._free:
            connection = self._take_idle()
            if connection is not None:
                delivery = await self._over(connection, envelope)
                if delivery is not None:
                    return delivery
            connected = await self._connect()
            if isinstance(connected, Delivery):
                return connected
            return await self._over(connected, envelope) or lost(Stage.SENDER, ConnectionError())

    async def close(self) -> None:
        """Takes leave of the server."""
        while self._idle:
            _, connection = self._idle.pop()
            try:
                await connection.quit(timeout=1)
            except (SMTPException, OSError):
                connection.close()

    def _take_idle(self) -> SMTP | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            since, connection = self._idle.pop()
            if connection.is_connected and now - since < IDLE:
                return connection
            connection.close()
        return None

    async def _connect(self) -> SMTP | Delivery:
        server = self._server
        connection = SMTP(
            hostname=server.host, port=server.port, timeout=self._timeouts.connect,
            use_tls=server.tls, start_tls=False, tls_context=self._tls,
            local_hostname=_own_name(),
        )  # fmt: skip
        try:
            await connection.connect()
            await self._secure(connection)
        except BaseException as error:
            connection.close()
            if isinstance(error, (SMTPException, OSError)):
                return _not_connected(error)
            raise
        return connection

    async def _secure(self, connection: SMTP) -> None:
        """STARTTLS where offered, then signs in; a password never crosses a network in clear."""
        server, timeout = self._server, self._timeouts.command
        await connection.ehlo(timeout=timeout)
        encrypted = server.tls
        if not server.tls and connection.supports_extension("starttls"):
            await connection.starttls(tls_context=self._tls, timeout=timeout)
            encrypted = True
        if server.user is None:
            return
        if not encrypted and server.host not in LOOPBACK:
            raise SMTPAuthenticationError(538, "the server offers no encryption for the password")
        await connection.login(server.user, server.password or "", timeout=timeout)

    async def _over(self, connection: SMTP, envelope: Envelope) -> Delivery | None:
        """Sends over an open connection; None when it turned out dead before anything was said."""
        stage = Stage.SENDER
        command = self._timeouts.command
        try:
            await connection.mail(envelope.sender, timeout=command)
            stage = Stage.RECIPIENT
            await connection.rcpt(envelope.recipient, timeout=command)
            stage = Stage.TEXT
            await connection.data(envelope.message, timeout=self._timeouts.text)
        except SMTPResponseException as error:
            await self._start_over(connection, error.code)
            return classify(stage, error.code, error.message)
        except (SMTPTimeoutError, SMTPServerDisconnected, OSError) as error:
            connection.close()
            broke = isinstance(error, SMTPServerDisconnected)
            return None if broke and stage is Stage.SENDER else lost(stage, error)
        except (SMTPException, ValueError) as error:
            connection.close()
            return Delivery(Outcome.REFUSED, f"{stage.value}: {error}"[:500], alarm=True)
        except BaseException:
            connection.close()
            raise
        self._keep(connection)
        return SENT

    async def _start_over(self, connection: SMTP, code: int) -> None:
        """Makes the connection fit for the next mail after a refusal, or drops it."""
        try:
            if code == 421:
                raise SMTPServerDisconnected("the server is closing")
            await connection.rset(timeout=self._timeouts.command)
        except (SMTPException, OSError):
            connection.close()
        else:
            self._keep(connection)

    def _keep(self, connection: SMTP) -> None:
        self._idle.append((asyncio.get_running_loop().time(), connection))


def _not_connected(error: SMTPException | OSError) -> Delivery:
    if isinstance(error, SMTPResponseException):
        return classify(Stage.CONNECT, error.code, str(error.message))
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Delivery(Outcome.DEFERRED, f"{Stage.CONNECT.value}: TLS: {error}"[:500], alarm=True)
    if isinstance(error, (TimeoutError, SMTPServerDisconnected)):
        return lost(Stage.CONNECT, error)
    return Delivery(Outcome.DEFERRED, f"{Stage.CONNECT.value}: {error}"[:500])


def _tls_context(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not server.verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _own_name() -> str:
    name = socket.gethostname()
    return (
        name if name.isascii() and name.replace("-", "").replace(".", "").isalnum() else "localhost"
    )
