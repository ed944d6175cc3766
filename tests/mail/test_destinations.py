"""Where a case goes, and what an operator may write in the file that says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.mail.destinations import Destinations, load_destinations
from bot.mail.order import ACKNOWLEDGEMENT, CASE_MAIL
from bot.settings import ROOT

QUEUE = "cases@meadow.example"


def _load(folder: Path, text: str) -> Destinations:
    path = folder / "destinations.yml"
    path.write_text(text)
    return load_destinations(path, QUEUE)


SEVERAL = """
queue: {}
complaints: {address: complaints@meadow.example, categories: [complaint], auto_submitted: true}
night: {address: night@meadow.example, priorities: [P1], headers: {X-Zammad-Group: Night}}
"""


@pytest.mark.parametrize(
    ("category", "priority", "addresses"),
    [
        ("technical", "P3", [QUEUE]),
        ("complaint", "P2", [QUEUE, "complaints@meadow.example"]),
        ("technical", "P1", [QUEUE, "night@meadow.example"]),
        ("complaint", "P1", [QUEUE, "complaints@meadow.example", "night@meadow.example"]),
    ],
)
def test_a_case_goes_wherever_it_fits(
    tmp_path: Path, category: str, priority: str, addresses: list[str]
) -> None:
    assert _load(tmp_path, SEVERAL).addresses(category, priority) == addresses


def test_a_case_that_fits_nowhere_goes_to_the_case_mailbox(tmp_path: Path) -> None:
    only = _load(tmp_path, "bills: {address: bills@meadow.example, categories: [billing]}")
    assert only.addresses("technical", "P1") == [QUEUE]
    assert only.of(QUEUE).reply_to == "customer"


def test_one_order_a_destination_and_one_for_the_customer(tmp_path: Path) -> None:
    destinations = _load(tmp_path, SEVERAL)
    orders = destinations.orders("c", "FL-7K3M2Q", 1, "technical", "P1", "jo@customer.example")
    assert [(order.kind, order.to) for order in orders] == [
        (CASE_MAIL, QUEUE), (CASE_MAIL, "night@meadow.example"),
        (ACKNOWLEDGEMENT, "jo@customer.example"),
    ]  # fmt: skip
    assert len({order.id for order in orders}) == 3
    unknown = destinations.orders("c", "FL-7K3M2Q", 1, "technical", "P1", None)
    assert [order.kind for order in unknown] == [CASE_MAIL, CASE_MAIL]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("queue: {adress: x@y.example}", "adress"),
        ("queue: {address: not an address}", "Write name@host"),
        ("queue: {address: 'a@x.example, b@x.example'}", "Write name@host"),
        ("queue: {categories: [urgent]}", "urgent"),
        ("queue: {headers: {Bcc: a@x.example}}", "begins with X-"),
        ("queue: {headers: {X-Firstline-Case: none}}", "begins with X-"),
        ('queue: {headers: {X-Group: "a\\r\\nBcc: b@x.example"}}', "one line"),
        ("a: {}\nb: {}", "Merge"),
        ("a: {webhook: 'http://crm.example'}", "https://"),
        ("a: {zammad: help.example}", "https://"),
        ("a: {webhook: 'https://a.example', address: a@b.example}", "exclude each other"),
        ("'a b': {webhook: 'https://a.example'}", "not fit for a name"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ContentError, match=r"destinations\.yml") as raised:
        _load(tmp_path, text)
    assert complaint in str(raised.value)


def test_a_destination_that_is_no_mailbox_goes_by_its_name(tmp_path: Path) -> None:
    both = _load(tmp_path, "queue: {}\ncrm: {webhook: 'https://crm.example/x', priorities: [P1]}")
    assert both.addresses("technical", "P1") == [QUEUE, "crm"]
    assert not both.of("crm").is_mail
    assert both.addresses("technical", "P2") == [QUEUE]


def test_the_file_in_use_can_be_read() -> None:
    destinations = load_destinations(ROOT / "data" / "destinations.yml", QUEUE)
    assert destinations.addresses("technical", "P3") == [QUEUE]
