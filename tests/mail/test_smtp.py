"""What a server's answers mean, and signing in and encrypting against a real one."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator

import pytest

from bot.errors import SettingError
from bot.mail import smtp
from bot.mail.smtp import (
    Delivery,
    Envelope,
    Outcome,
    Post,
    Server,
    Stage,
    Timeouts,
    classify,
    lost,
    parse_server,
)
from tests.mail import fault_server as at
from tests.mail.fault_server import FaultServer

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")

ENVELOPE = Envelope(
    "us@meadow.example", "you@customer.example", b"Message-ID: <1@x>\r\n\r\nHello\r\n"
)
PATIENT = Timeouts(connect=30, command=30, text=30)


@pytest.mark.parametrize(
    ("stage", "code", "outcome", "alarm"),
    [
        (Stage.CONNECT, 421, Outcome.DEFERRED, False),
        (Stage.CONNECT, 554, Outcome.DEFERRED, True),
        (Stage.CONNECT, 535, Outcome.DEFERRED, True),
        (Stage.SENDER, 450, Outcome.DEFERRED, False),
        (Stage.SENDER, 550, Outcome.DEFERRED, True),
        (Stage.SENDER, 552, Outcome.REFUSED, True),
        (Stage.RECIPIENT, 451, Outcome.DEFERRED, False),
        (Stage.RECIPIENT, 550, Outcome.REFUSED, True),
        (Stage.RECIPIENT, 530, Outcome.DEFERRED, True),
        (Stage.TEXT, 452, Outcome.DEFERRED, False),
        (Stage.TEXT, 554, Outcome.REFUSED, True),
        (Stage.RECIPIENT, -1, Outcome.DEFERRED, False),
        (Stage.TEXT, -1, Outcome.UNKNOWN, False),
        (Stage.TEXT, 354, Outcome.UNKNOWN, False),
    ],
)
def test_what_a_reply_means(stage: Stage, code: int, outcome: Outcome, alarm: bool) -> None:
    delivery = classify(stage, code, "5.1.1 No\r\nreally")
    assert (delivery.outcome, delivery.alarm) == (outcome, alarm)
    assert delivery.reason == f"{stage.value}: {code} 5.1.1 No really"


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError()])
def test_silence_is_unknown_only_after_the_text(error: Exception) -> None:
    outcomes = {stage: lost(stage, error).outcome for stage in Stage}
    assert outcomes.pop(Stage.TEXT) is Outcome.UNKNOWN
    assert set(outcomes.values()) == {Outcome.DEFERRED}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, False)),
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, False)),
        ("smtp://jo:p%40ss@mail.example", Server("mail.example", 587, False, "jo", "p@ss")),
        (
            "smtps://jo%40x.example:s@mail.example",
            Server("mail.example", 465, True, "jo@x.example", "s"),
        ),
    ],
)
def test_reading_the_setting(url: str, server: Server) -> None:
    assert parse_server(url) == server
    assert "p@ss" not in repr(parse_server(url))


@pytest.mark.parametrize(
    "url", ["http://mail.example", "smtp://", "smtp://host:port", "smtp://h:0"]
)
def test_a_setting_that_cannot_be_used_names_itself(url: str) -> None:
    with pytest.raises(SettingError, match="FIRSTLINE_SMTP_URL"):
        parse_server(url)


@pytest.fixture
async def guarded() -> AsyncIterator[FaultServer]:
    """A server that asks for a password."""
    server = FaultServer(password="right")
    await server.start()
    yield server
    await server.stop()


async def test_it_signs_in(guarded: FaultServer) -> None:
    delivery = await _send(Server("127.0.0.1", guarded.port, False, "us", "right"))
    assert delivery.outcome is Outcome.SENT
    assert guarded.message_ids == ["<1@x>"]


@pytest.mark.parametrize("password", ["wrong", None])
async def test_a_refused_sign_in_is_ours_to_mend(
    guarded: FaultServer, password: str | None
) -> None:
    user = "us" if password else None
    delivery = await _send(Server("127.0.0.1", guarded.port, False, user, password))
    assert delivery.outcome is Outcome.DEFERRED
    assert delivery.alarm
    assert not guarded.stored


async def test_no_password_crosses_a_network_in_clear(
    guarded: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "LOOPBACK", frozenset())  # as if the server were elsewhere
    guarded.faults.planned = [(at.AUTH, "535 5.7.8 should never be asked")]
    delivery = await _send(Server("127.0.0.1", guarded.port, False, "us", "right"))
    assert delivery.outcome is Outcome.DEFERRED
    assert "no encryption" in delivery.reason
    assert guarded.faults.planned


async def test_starttls_is_used_where_offered(server: FaultServer, tls: ssl.SSLContext) -> None:
    server.tls = tls
    delivery = await _send(Server("127.0.0.1", server.port, False))
    assert delivery.outcome is Outcome.SENT
    assert server.encrypted == [True]


async def test_a_password_is_not_given_to_a_server_that_cannot_prove_its_name(
    guarded: FaultServer, tls: ssl.SSLContext
) -> None:
    guarded.tls = tls
    delivery = await _send(Server("127.0.0.1", guarded.port, False, "us", "right"))
    assert delivery.outcome is Outcome.DEFERRED
    assert delivery.alarm
    assert "certificate" in delivery.reason.lower()


async def test_an_idle_connection_the_server_has_left_is_replaced_unnoticed(
    server: FaultServer,
) -> None:
    post = Post(Server("127.0.0.1", server.port, False), PATIENT)
    assert (await post.send(ENVELOPE)).outcome is Outcome.SENT
    server.faults.planned = [(at.MAIL, at.DROP)]
    assert (await post.send(ENVELOPE)).outcome is Outcome.SENT
    await post.close()
    assert server.connections == 2


async def test_a_refused_mail_does_not_spoil_the_connection(server: FaultServer) -> None:
    post = Post(Server("127.0.0.1", server.port, False), PATIENT)
    server.faults.planned = [(at.RCPT, "550 5.1.1 Nobody")]
    assert (await post.send(ENVELOPE)).outcome is Outcome.REFUSED
    assert (await post.send(ENVELOPE)).outcome is Outcome.SENT
    await post.close()
    assert server.connections == 1


async def _send(to: Server) -> Delivery:
    post = Post(to, PATIENT)
    try:
        return await post.send(ENVELOPE)
    finally:
        await post.close()
