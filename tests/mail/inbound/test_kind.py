"""Persons, machines, bounces and our own mails that come back."""

from __future__ import annotations

import pytest

from bot.mail.inbound.bounce import Bounce, read_bounce
from bot.mail.inbound.kind import Kind, kind_of
from bot.mail.inbound.message import read_mail
from tests.mail.inbound.mails import CUSTOMER, bounce, raw

OURS = "<fl-7k3m2q.1.0123456789ab@meadow.example>"


def test_a_person() -> None:
    assert kind_of(read_mail(raw())) is Kind.PERSON
    assert kind_of(read_mail(raw(Auto_Submitted="no"))) is Kind.PERSON


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto_Submitted", "auto-replied"), ("Auto_Submitted", "auto-generated; type=x"),
        ("Precedence", "bulk"), ("Precedence", "auto_reply"), ("X_Autoreply", "yes"),
        ("X_Autorespond", "1"), ("List_Id", "<news.shop.example>"), ("Return_Path", "<>"),
        ("List_Unsubscribe", "<mailto:x@shop.example>"),
    ],
)  # fmt: skip
def test_a_machine_by_its_headers(header: str, value: str) -> None:
    assert kind_of(read_mail(raw(**{header: value}))) is Kind.AUTOMATIC


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "no-reply@shop.example",
                                    "noreply+a@shop.example", "bounces-7@list.example"])  # fmt: skip
def test_a_machine_by_its_address(sender: str) -> None:
    assert kind_of(read_mail(raw(sender=sender))) is Kind.AUTOMATIC


def test_nobody_is_no_person() -> None:
    assert kind_of(read_mail(raw(sender="undisclosed"))) is Kind.AUTOMATIC


@pytest.mark.parametrize("header", ["X_Firstline_Case", "X_Firstline"])
def test_our_own(header: str) -> None:
    assert kind_of(read_mail(raw(**{header: "FL-7K3M2Q"}))) is Kind.OWN


def test_a_bounce_says_which_mail_did_not_reach_whom() -> None:
    report = read_mail(bounce(OURS))
    assert kind_of(report) is Kind.BOUNCE
    assert read_bounce(report) == Bounce(
        OURS, CUSTOMER, "5.1.1",
        f"smtp; 550 5.1.1 <{CUSTOMER}>: Recipient address rejected: User unknown", final=True,
    )  # fmt: skip


def test_a_delay_is_not_final() -> None:
    delayed = read_bounce(read_mail(bounce(OURS, action="delayed", status="4.4.1")))
    assert delayed is not None
    assert not delayed.final


def test_a_receipt_is_no_failure() -> None:
    assert read_bounce(read_mail(bounce(OURS, action="delivered", status="2.0.0"))) is None


def test_only_the_headers_of_the_mail_come_back() -> None:
    report = bounce(OURS).replace(b"message/rfc822", b"text/rfc822-headers")
    read = read_bounce(read_mail(report))
    assert read is not None
    assert read.returned == OURS


def test_a_broken_report_is_no_failure_of_ours() -> None:
    report = bounce(OURS).replace(b"message/delivery-status", b"text/x-nothing")
    assert read_bounce(read_mail(report)) is None
