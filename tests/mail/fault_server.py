"""An SMTP server that misbehaves as told: at a stage it refuses, hangs up, stalls or talks nonsense."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, TEXT, DOT = (
    "greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "TEXT", "DOT",
)  # fmt: skip
# TEXT is between the 354 and the final dot; DOT is after it, with the mail stored unless refused.
DROP = "drop"
STALL = "stall"
NONSENSE = "nonsense"


@dataclass
class Faults:
    """What goes wrong next: (stage, what), each once, what being DROP, STALL, NONSENSE or a reply."""

    planned: list[tuple[str, str]] = field(default_factory=list)

    def take(self, stage: str) -> str | None:
        """The fault planned for this stage, taken off the plan."""
        for fault in self.planned:
            if fault[0] == stage:
                self.planned.remove(fault)
                return fault[1]
        return None


class FaultServer:
    """The server, on a free loopback port, and all it has stored.

    before_reply is awaited after a mail is stored and before its 250.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, password: str | None = None) -> None:
        self.faults = Faults()
        self.stored: list[tuple[str, Message]] = []
        self.connections = 0
        self.encrypted: list[bool] = []
        self.before_reply: Callable[[], Awaitable[None]] | None = None
        self.tls = tls
        self.password = password
        self._over = asyncio.Event()
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of all that was stored, in order."""
        return [str(message["Message-ID"]) for _, message in self.stored]

    async def start(self, port: int = 0) -> None:
        """Listens; the port stays the same when started again after `stop`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Faulty(self), "127.0.0.1", port or self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuses connections from now on and drops those there are."""
        self._over.set()
        if self._server is not None:
            self._server.close()
            self._server.close_clients()
            self._server = None
        self._over = asyncio.Event()

    async def stall(self) -> None:
        """Says nothing until the server is stopped."""
        await self._over.wait()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook at the final dot."""
        fault = self.faults.take(DOT)
        if fault not in (None, DROP, STALL):
            return str(fault)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        self.stored.append((envelope.rcpt_tos[0], message))
        self.encrypted.append(session.ssl is not None)
        if self.before_reply is not None:
            await self.before_reply()
        if fault == DROP:
            server.transport.abort()
        if fault == STALL:
            await self.stall()
        return "250 OK"

    def authenticate(self, *args: object) -> AuthResult:
        """Takes the one password there is."""
        given = args[-1]
        assert isinstance(given, LoginPassword)
        right = given.password.decode() == self.password
        return AuthResult(success=right, handled=right)


class _Faulty(SMTP):  # type: ignore[misc]
    def __init__(self, owner: FaultServer) -> None:
        self._owner = owner
        owner.connections += 1
        super().__init__(
            owner, hostname="localhost", tls_context=owner.tls, enable_SMTPUTF8=True,
            authenticator=owner.authenticate if owner.password else None,
            auth_require_tls=False, auth_required=owner.password is not None,
        )  # fmt: skip

    async def _fails(self, stage: str) -> bool:
        fault = self._owner.faults.take(stage)
        if fault == DROP:
            self.transport.abort()
        elif fault == STALL:
            await self._owner.stall()
        elif fault == NONSENSE:
            await self.push("220 ready")
            self.transport.write(b"this is no TLS at all\r\n")
            self.transport.close()
        elif fault is not None:
            await self.push(fault)
            if fault.startswith(("421", "554 5.3")):
                self.transport.close()
        return fault is not None

    async def _handle_client(self) -> None:
        if not await self._fails(GREETING):
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._fails(EHLO):
            await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._fails(STARTTLS):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._fails(AUTH):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str) -> None:
        if not await self._fails(MAIL):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        if not await self._fails(RCPT):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._fails(DATA):
            return
        if ("TEXT", DROP) in self._owner.faults.planned:
            self._owner.faults.take(TEXT)
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)
